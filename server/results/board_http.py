"""The JSON API of live boards: what stands on them now, for programs that ask again with the ETag that they were given."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get
from litestar.response import Response

from server import wire
from server.access import everyone
from server.results.board_pages import room_of
from server.web.keeping import has_it

Asked = Request[Any, Any, Any]


@get("/api/competitions/{slug:str}/board", opt={"access": everyone})
async def get_board(request: Asked) -> Response[wire.Boards]:
    """Every open board of a competition and the medal table; 304 when nothing has changed since that ETag."""
    room = await room_of(request)
    medals = room.parts[""].content["lines"] if "" in room.parts else []
    return _answer(request, room.tag, {
        "version": room.tag, "events": [part.content for code, part in room.parts.items() if code], "delegations": medals,
    })  # fmt: skip


@get("/api/competitions/{slug:str}/events/{code:str}/board", opt={"access": everyone})
async def get_event_board(request: Asked) -> Response[wire.EventBoard]:
    """The board of one event; `event` is null while it is not open."""
    room, code = await room_of(request), request.state.scope.event["code"]
    part = room.parts.get(code)
    return _answer(request, room.tag, {"version": room.tag, "event": part.content if part else None})


def _answer(request: Asked, tag: str, content: dict[str, Any]) -> Response[Any]:
    headers = {"etag": f'"{tag}"', "cache-control": "no-cache"}
    if has_it(request, f'"{tag}"'):
        return Response(None, status_code=304, headers=headers)
    return Response(content, headers=headers)


ROUTES = Router("/", route_handlers=[get_board, get_event_board])
