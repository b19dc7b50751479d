"""HEAD wherever there is GET, as RFC 9110 (9.3.2) wants it: the same status and headers, and no body. Probes of operators and
caches ask like that. Litestar answers HEAD only where a route names it, so this stands before its routes.
"""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send
from litestar.types.asgi_types import WebSocketReceiveMessage


class Heads:
    """Asks the routes as GET does. An answer that would not end is over with its head: whoever makes it is told that the
    asker has left.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything else through."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        told = False

        async def head(message: Message) -> None:
            nonlocal told
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                told = True

        async def gone() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            return {"type": "http.disconnect"} if told else await receive()

        asked: Scope = {**scope, "method": "GET"}  # type: ignore[typeddict-item, assignment]
        await self._app(asked, gone, head)
