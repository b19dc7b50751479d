"""The page of an organiser's own occupations, beside the ones that come with the program."""

from __future__ import annotations

from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.setup import SAVED, Form, refusal_of
from admin.setup_fields import OPTIONS
from server.access import any_organiser
from server.competitions.facts import EDITIONS
from server.competitions.http import the_organiser
from server.competitions.occupations import shipped
from server.competitions.own import NewOccupation, add_occupation, own_occupations, remove_occupation
from server.database.tables import Organiser
from server.errors import Refusal
from server.web.page import Web, lang_of, page, spoken


@get("/office/occupations", opt={"access": any_organiser}, include_in_schema=False)
async def occupations_page(request: Web) -> Response[str]:
    """What was added, and a form for more."""
    return await _occupations_page(request, {"edition": str(EDITIONS[0])})


@post("/office/occupations", opt={"access": any_organiser}, include_in_schema=False)
async def add(request: Web, data: Form) -> Response[Any]:
    """Add one."""
    names = await _organisers(request)
    wanted = next((one["id"] for one in names if str(one["id"]) == data.get("organiser", "")), None)
    edition = data.get("edition", "")
    new = NewOccupation(
        name=data.get("name", "").strip(),
        name_en=data.get("name_en", "").strip(),
        code=data.get("code", "").strip(),
        edition=int(edition) if edition in map(str, EDITIONS) else 0,
        work_types=[line.strip() for line in data.get("work_types", "").splitlines() if line.strip()],
    )
    try:
        await add_occupation(the_organiser(request.user, wanted), new)
    except Refusal as refusal:
        return await _occupations_page(request, data, refusal)
    return Redirect("/office/occupations?done=occupation", status_code=303)


@post("/office/occupations/remove", opt={"access": any_organiser}, include_in_schema=False)
async def remove(request: Web, data: Form) -> Redirect:
    """Take one out."""
    await remove_occupation(request.user.organisers, data.get("occupation", ""))
    return Redirect("/office/occupations?done=forgotten", status_code=303)


async def _organisers(request: Web) -> list[dict[str, Any]]:
    return [dict(row) for row in await Organiser.select().where(Organiser.id.is_in(list(request.user.organisers)))]


async def _occupations_page(request: Web, values: Any, refusal: Refusal | None = None) -> Response[str]:
    lang = lang_of(request)
    done = SAVED.get(request.query_params.get("done", "")) if request.method == "GET" else None
    names = ("name", "name_en", "code", "edition", "work_types", "organiser")
    return page(
        request,
        "office/setup_occupations.html",
        refusal.status if refusal else 200,
        desk=desk.rail(None, "occupations", 0, lang),
        problem=refusal_of(refusal, lang),
        said={"what": spoken(done, lang)} if done else None,
        values={name: values.get(name, "") for name in names},
        editions=[{"value": id, "label": spoken(words, lang)} for id, words in OPTIONS["occupation_edition"]],
        organisers=[{"id": str(one["id"]), "name": one["name"]} for one in await _organisers(request)],
        shipped=len(shipped()),
        own=[{**one, "id": str(one["id"])} for one in await own_occupations(request.user.organisers)],
    )


ROUTES = Router("/", route_handlers=[occupations_page, add, remove])
