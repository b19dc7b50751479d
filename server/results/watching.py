"""An answer that does not end: server-sent events for one viewer of a live board.

Each viewer is two tasks, one that waits for the next version and one that hears when they leave. Whoever leaves, or reads
too slowly for what is sent, costs nobody else anything.
"""

from __future__ import annotations

import asyncio
from typing import Any

from litestar.types import Receive, Scope, Send

from server.results.live import Room

STILL_HERE = b": here\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Watching:
    """One viewer of one view of a room: `code` of an event, or "" for all; `tag` is what they have seen."""

    def __init__(self, room: Room, lang: str, code: str, tag: str) -> None:
        self._room, self._lang, self._code, self._since = room, lang, code, room.since(tag)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until they leave or the program ends."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        telling = asyncio.create_task(self._tell(send))
        self._room.viewers += 1
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._room.viewers -= 1
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, send: Any) -> None:
        """The newest there is, then whatever changes; the wait is taken before the look, so that nothing is missed."""
        body = b"retry: 3000\n\n"
        while not self._room.over:
            changed = self._room.waiting(self._code)
            frame = self._room.frame(self._lang, self._code, self._since)
            self._since = self._room.version
            await send({"type": "http.response.body", "body": body + frame or STILL_HERE, "more_body": True})
            body = b""
            await changed.wait()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
