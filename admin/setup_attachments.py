"""The set-up's page of what has to be attached to an entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin.setup import Form, setup_page
from scoring.verdict import Words
from server.access import organiser
from server.competitions.flow import events_listed
from server.errors import Refusal, missing
from server.registration.attachment_kinds import USUAL, add_kind, kinds_of, remove_kind
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, spoken

HERE = "/office/{slug:str}/setup/attachments"


@get(HERE, opt={"access": organiser}, include_in_schema=False)
async def attachments_page(request: Web) -> Response[str]:
    """What is asked for."""
    return await _page(request)


@post(HERE, opt={"access": organiser}, include_in_schema=False)
async def ask(request: Web, data: Form) -> Response[Any]:
    """Ask for another kind of file."""
    competition = request.state.scope.competition
    events = {one["code"]: one for one in await events_listed(competition)}
    name = data.get("name", "")
    english = data.get("name_en", "") or next((one.en for one in USUAL if one.zh == name.strip()), "")
    try:
        await add_kind(
            *(competition, events.get(data.get("event", "")), name, english, data.get("required") == "1"),
            *(request.user, datetime.now(UTC)),
        )
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/attachments?done=asked", status_code=303)


@post(f"{HERE}/{{kind:str}}/remove", opt={"access": organiser}, include_in_schema=False)
async def ask_no_more(request: Web) -> Response[Any]:
    """Ask for it no longer."""
    competition = request.state.scope.competition
    try:
        kind = UUID(str(request.path_params["kind"]))
    except ValueError:
        raise missing(Words("这种材料", "kind of attachment")) from None
    await remove_kind(competition, kind, request.user, datetime.now(UTC))
    return Redirect(f"/office/{competition['slug']}/setup/attachments?done=unasked", status_code=303)


async def _page(request: Web, refusal: Refusal | None = None) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url = f"/office/{competition['slug']}/setup/attachments"
    return await setup_page(
        request,
        "office/setup_attachments.html",
        "attachments",
        refusal,
        action=url,
        kinds=[
            {
                "name": said_in(one, "name", lang),
                "event": (one["event_name_en"] if lang == "en" else "") or one["event_name"] or "",
                "required": one["required"],
                "remove": f"{url}/{one['id']}/remove",
            }
            for one in await kinds_of(competition["id"])
        ],
        events=[
            {"code": one["code"], "name": name_of({**one, "edition": 1}, lang)}
            for one in await events_listed(competition)
        ],
        usual=[spoken(one, "zh") for one in USUAL],
    )


ROUTES = Router("/", route_handlers=[attachments_page, ask, ask_no_more])
