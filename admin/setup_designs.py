"""The page on which the organiser chooses a design for each kind of certificate, from pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from admin.setup import Form, setup_page
from certificates.certificate import Kind
from certificates.designs import DESIGNS, suitable
from server.access import organiser
from server.errors import Refusal
from server.issuing.choosing import KINDS, NAMES, choose, design_of, kind_named
from server.web.page import Web, lang_of, spoken


@get("/office/{slug:str}/setup/designs", opt={"access": organiser}, include_in_schema=False)
async def designs_page(request: Web) -> Response[str]:
    """The designs of awards, which everybody has."""
    return await _page(request, "award")


@get("/office/{slug:str}/setup/designs/{kind:str}", opt={"access": organiser}, include_in_schema=False)
async def designs_of_kind(request: Web, kind: FromPath[str]) -> Response[str]:
    """The designs of another kind."""
    return await _page(request, kind_named(kind))


@post("/office/{slug:str}/setup/designs/{kind:str}", opt={"access": organiser}, include_in_schema=False)
async def choose_design(request: Web, kind: FromPath[str], data: Form) -> Response[Any]:
    """Choose one; what is issued already stays as it is."""
    competition, of_kind = request.state.scope.competition, kind_named(kind)
    try:
        await choose(competition, of_kind, data.get("design", ""), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, of_kind, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/designs/{of_kind}?done=design", status_code=303)


async def _page(request: Web, kind: Kind, refusal: Refusal | None = None) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url, chosen = f"/office/{competition['slug']}/setup/designs", design_of(competition, kind)
    return await setup_page(
        request,
        "office/setup_designs.html",
        "designs",
        refusal,
        action=f"{url}/{kind}",
        kind=spoken(KINDS[kind], lang),
        kinds=[
            {
                "name": spoken(words, lang),
                "url": f"{url}/{id}",
                "here": id == kind,
                "design": spoken(NAMES[design_of(competition, id)], lang),
            }
            for id, words in KINDS.items()
        ],
        designs=[
            {
                "id": name,
                "name": spoken(NAMES[name], lang),
                "picture": f"designs/{name}.webp",
                "standing": DESIGNS[name].height > DESIGNS[name].width,
                "chosen": name == chosen,
            }
            for name in suitable(kind)
        ],
    )


ROUTES = Router("/", route_handlers=[designs_page, designs_of_kind, choose_design])
