"""The chief's board: the page, its stream, and what the chief judge or a supervisor does on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, get, post
from litestar.params import JSONBody
from litestar.response import Response, Stream

from scoring.verdict import No
from server.access import leads_hall
from server.competitions.flow import competition_named, event_named
from server.marks.board import board_of
from server.marks.hall import NUDGES, answer, end_shift, nudge
from server.marks.signals import KINDS
from server.marks.watch import BEAT, EVENT_STREAM, HEADERS, Watch, only_the_first
from server.web.page import Web, lang_of, page, zone_of
from server.web.words import translator

EVENT = "/api/competitions/{slug:str}/events/{code:str}"
PAGE = "/tablet/{slug:str}/{code:str}/board"
PARTS = "marks/board_parts.html"


class NewAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """What is answered to a signalled problem."""

    words: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")] = ""
    closes: bool = False


class NewNudge(msgspec.Struct, forbid_unknown_fields=True):
    """A short message to the tablet of a seat (J1 …): go-on, come, connect, or words alone."""

    seat: str
    kind: str
    words: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")] = ""


class Ends(msgspec.Struct, forbid_unknown_fields=True):
    """Until when the shift lasts; null takes it back."""

    ends: Annotated[datetime, msgspec.Meta(tz=True)] | None


@get(f"{EVENT}/hall", opt={"access": leads_hall})
async def get_board(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The board as data."""
    return await board_of(request.state.scope.event, datetime.now(UTC))


@post(f"{EVENT}/signals/{{signal:str}}/answers", opt={"access": leads_hall}, status_code=200)
async def post_answer(request: Request[Any, Any, Any], data: JSONBody[NewAnswer]) -> dict[str, bool]:
    """Answer a problem; the judge's tablet shows it."""
    event, signal = request.state.scope.event, request.path_params["signal"]
    await answer(event, signal, data.words, data.closes, request.user, datetime.now(UTC))
    return {"closed": data.closes}


@post(f"{EVENT}/nudges", opt={"access": leads_hall}, status_code=200)
async def post_nudge(request: Request[Any, Any, Any], data: JSONBody[NewNudge]) -> dict[str, str]:
    """Send a short message to a judge's tablet."""
    event = request.state.scope.event
    await nudge(event, data.seat, data.kind, data.words, request.user, datetime.now(UTC))
    return {"seat": data.seat}


@post(f"{EVENT}/shift-end", opt={"access": leads_hall}, status_code=200)
async def post_end(request: Request[Any, Any, Any], data: JSONBody[Ends]) -> dict[str, Any]:
    """Say until when this shift lasts."""
    await end_shift(request.state.scope.event, data.ends, request.user, datetime.now(UTC))
    return {"ends": data.ends}


@get(PAGE, opt={"access": leads_hall}, include_in_schema=False)
async def board(request: Web) -> Response[str]:
    """The page."""
    scope, lang = request.state.scope, lang_of(request)
    event, now = scope.event, datetime.now(UTC)
    names = {name: event[name] for name in ("code", "name", "name_en")}
    api = f"/api/competitions/{scope.competition['slug']}/events/{event['code']}"
    return page(
        request,
        "marks/board.html",
        event={**names, "said": event["name_en"] if lang == "en" and event["name_en"] else event["name"]},
        api=api,
        stream=f"{request.url.path}/stream?lang={lang}",
        corrections=f"/tablet/{scope.competition['slug']}/{event['code']}/corrections",
        back="/tablet" if event["id"] in request.user.seats else f"/office/{scope.competition['slug']}",
        board=await board_of(event, now),
        kinds=KINDS,
        nudges=NUDGES,
    )


@get(f"{PAGE}/stream", opt={"access": leads_hall}, include_in_schema=False)
async def stream(request: Web) -> Response[bytes] | Stream:
    """Server-sent events: the board whenever something has changed, and as time passes."""
    watch: Watch = request.app.state.watch
    slug, code, lang = request.state.scope.competition["slug"], request.state.scope.event["code"], lang_of(request)
    id, scope = request.state.scope.event["id"], request.state.scope
    shown: list[Any] = [None]

    async def tell() -> bytes | None:
        if isinstance(leads_hall(await request.app.state.actors.of(request.auth), scope), No):
            return None
        seen = (watch.head(id), int(datetime.now(UTC).timestamp() // BEAT))
        if seen == shown[0]:
            return b""
        shown[0] = seen
        return await watch.once((id, lang), seen, made)

    async def made() -> bytes:
        event = await event_named(await competition_named(slug), code)
        html = drawn(request, await board_of(event, datetime.now(UTC)), lang, slug)
        return f"event: board\ndata: {msgspec.json.encode(html).decode()}\n\n".encode()

    frames = watch.frames([id], tell)
    if EVENT_STREAM not in request.headers.get("accept", ""):
        return Response(await only_the_first(frames), media_type=EVENT_STREAM, headers=HEADERS)
    return Stream(frames, media_type=EVENT_STREAM, headers=HEADERS)


def drawn(request: Web, values: dict[str, Any], lang: str, slug: str) -> str:
    """The part of the page that changes."""
    parts = request.app.state.templates.get_template(PARTS).make_module({"lang": lang, "zone": zone_of(request)})
    api = f"/api/competitions/{slug}/events/{values['code']}"
    kinds = {kind: translator(lang).gettext(name) for kind, name in KINDS.items()}
    return str(parts.board(values, api, kinds, f"/tablet/{slug}/{values['code']}/corrections"))


ROUTES = Router("/", route_handlers=[get_board, post_answer, post_nudge, post_end, board, stream])
