"""The JSON API of live boards: what stands on them now, for programs that ask again with the ETag that they were given."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get
from litestar.response import Response

from server import wire
from server.access import everyone
from server.paging import USUAL, Exactly, Limit, Offset, Words, matching, part
from server.results.board_pages import room_of
from server.web.keeping import SQUEEZED, has_it

Asked = Request[Any, Any, Any]


@get("/api/competitions/{slug:str}/board", opt={"access": everyone}, middleware=[SQUEEZED])
async def get_board(request: Asked, q: Words = "", limit: Limit = USUAL, offset: Offset = 0) -> Response[wire.Boards]:
    """The open boards of a competition in pages, each with the whole medal table; 304 when nothing has changed since that ETag."""
    room = await room_of(request)
    if has_it(request, tag := f'"{room.tag}"'):
        return _answer(None, tag)
    medals = room.parts[""].content["lines"] if "" in room.parts else []
    every = [board.content for code, board in room.parts.items() if code]
    events, links = part(request, matching(every, q, ("code", "name", "name_en", "category")), limit, offset)
    return _answer({"version": room.tag, "events": events, "delegations": medals}, tag, **links)


@get("/api/competitions/{slug:str}/events/{code:str}/board", opt={"access": everyone}, middleware=[SQUEEZED])
async def get_event_board(
    request: Asked, q: Words = "", delegation: Exactly = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[wire.EventBoard]:
    """The board of one event with a page of its standings; `event` is null while it is not open."""
    room, code = await room_of(request), request.state.scope.event["code"]
    if has_it(request, tag := f'"{room.tag}"'):
        return _answer(None, tag)
    board: Any = room.parts[code].content if code in room.parts else None
    lines = [{"code": "", "name": "", "delegation": "", **line} for line in board["standings"]] if board else []
    standings, links = part(request, matching(lines, q, ("code", "name"), delegation=delegation), limit, offset)
    shown = {**board, "standings": standings} if board else None
    return _answer({"version": room.tag, "event": shown}, tag, **links)


def _answer(content: dict[str, Any] | None, tag: str, **links: str) -> Response[Any]:
    headers = {"etag": f"W/{tag}", "cache-control": "no-cache", **links}
    return Response(content, status_code=200 if content else 304, headers=headers)


ROUTES = Router("/", route_handlers=[get_board, get_event_board])
