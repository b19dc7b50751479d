"""Live boards for everybody: one competition's, one event's, and the screen of the hall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import segno
from litestar import Request, Router, get
from litestar.response import Response
from litestar.types import ASGIApp

from server.access import everyone
from server.competitions.announcing import show
from server.results.live import Room
from server.results.pages import edition_day, name_of, said_in, site_of
from server.results.watching import Watching
from server.web.keeping import has_it
from server.web.page import Web, lang_of, page

Asked = Request[Any, Any, Any]
STREAM = "text/event-stream"
SCREENFUL, PODIUM = 6, 10
"""Events on one screen of progress; lines on one screen of standings."""
SHORTEST, USUAL, LONGEST = 4, 12, 120
"""Seconds that a screen stays."""


async def room_of(request: Asked) -> Room:
    """The room of the competition that the address names, renewed. Raises Refusal `not-found` while it is not announced."""
    await show(request.state.scope, request.user)
    room: Room = await request.app.state.live.room(request.state.scope.competition)
    return room


@get("/c/{slug:str}/board", opt={"access": everyone}, include_in_schema=False)
async def competition_board(request: Web) -> Response[str]:
    """Every board of a competition that is open, and the medals of the delegations."""
    return await _board(request, "", "public/board.html")


@get("/c/{slug:str}/board/{code:str}", opt={"access": everyone}, include_in_schema=False)
async def event_board(request: Web) -> Response[str]:
    """One event's board."""
    return await _board(request, request.state.scope.event["code"], "public/board_event.html")


async def _board(request: Web, code: str, template: str) -> Response[str]:
    room, lang, scope = await room_of(request), lang_of(request), request.state.scope
    return page(
        request,
        template,
        site=site_of(scope.competition, lang),
        title=name_of({**scope.event, "edition": 1}, lang) if code else name_of(scope.competition, lang),
        pieces=room.pieces(lang, code, -1),
        boards=[name for name in room.parts if name],
        live=_live(room, lang, code),
        home=f"{room.home}/board",
        hall=f"{room.home}/hall",
        results=f"{room.home}/results/{code}" if code else f"{room.home}/results",
    )


def _live(room: Room, lang: str, code: str) -> dict[str, str]:
    path = f"{room.home}/live/{code}" if code else f"{room.home}/live"
    return {"url": f"{path}?lang={lang}", "since": room.tag}


@get("/c/{slug:str}/live", opt={"access": everyone}, include_in_schema=False)
async def competition_live(request: Asked) -> ASGIApp:
    """What changes on a competition's boards: server-sent events, or one answer with an ETag."""
    return await _changes(request, "")


@get("/c/{slug:str}/live/{code:str}", opt={"access": everyone}, include_in_schema=False)
async def event_live(request: Asked) -> ASGIApp:
    """The same of one event's board."""
    return await _changes(request, request.state.scope.event["code"])


async def _changes(request: Asked, code: str) -> ASGIApp:
    room, lang = await room_of(request), lang_of(request)
    if STREAM in request.headers.get("accept", ""):
        seen = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return Watching(room, lang, code, str(seen))
    tag = f'"{room.tag}-{lang}-{code}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "accept, accept-language, cookie"}
    if has_it(request, tag):
        return Response(b"", status_code=304, headers=headers, media_type="application/json").to_asgi_response(
            app=None, request=request
        )
    content = {"tag": room.tag, "pieces": room.pieces(lang, code, -1)}
    return Response(content, headers=headers).to_asgi_response(app=None, request=request)


@get("/c/{slug:str}/hall", opt={"access": everyone}, include_in_schema=False)
async def hall(request: Web) -> Response[str]:
    """The screen of a hall: all screens at once, shown one after the other."""
    room, lang, competition = await room_of(request), lang_of(request), request.state.scope.competition
    wanted = [one for one in request.query_params.get("events", "").split(",") if one]
    asked = request.query_params.get("seconds", "")
    seconds = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else USUAL
    home = f"{request.app.state.settings.base_url}{room.home}/board"
    contents = {code: part.content for code, part in room.parts.items() if code and (not wanted or code in wanted)}
    return page(
        request,
        "public/hall.html",
        title=name_of(competition, lang),
        day=edition_day(competition, datetime.now(UTC)),
        now=datetime.now(UTC),
        screens=_screens(contents, room.parts[""].content["lines"] if "" in room.parts else [], lang),
        seconds=min(max(seconds, SHORTEST), LONGEST),
        live={
            **_live(room, lang, ""),
            "page": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        },
        home=home,
        code=segno.make_qr(home, error="m").svg_data_uri(scale=8, border=4, dark="#000", light="#fff"),
    )


def _screens(contents: Mapping[str, Mapping[str, Any]], medals: list[Any], lang: str) -> list[dict[str, Any]]:
    """Progress of what is under way, six events at a time; then each event's standings, ten lines at a time; then medals."""
    named = [
        {**one, "name": said_in(one, "name", lang), "category": said_in(one, "category", lang)}
        for one in contents.values()
    ]
    going = [one for one in named if one["shows"] != "results"]
    newest = sorted((one for one in named if one["shows"] == "results"), key=lambda one: one["until"], reverse=True)[:1]
    screens = [
        {
            "kind": "progress",
            "events": going[at : at + SCREENFUL],
            "count": len(going),
            "newest": newest[0] if newest else None,
            "medals": medals[:5],
        }
        for at in range(0, len(going), SCREENFUL)
    ]
    screens += [
        {"kind": "standings", "event": one, "lines": one["standings"][at : at + PODIUM], "first": at == 0}
        for one in named
        for at in range(0, min(len(one["standings"]), 2 * PODIUM), PODIUM)
    ]
    screens += [{"kind": "medals", "lines": medals[:PODIUM]}] if medals else []
    return screens


ROUTES = Router("/", route_handlers=[competition_board, event_board, competition_live, event_live, hall])
