"""Who asks: a person by the session in a cookie, or a program by the key in its `Authorization` header.

A request with a key is a program's, whatever cookies it has besides. Browsers send cookies by themselves, which is why a
person's posts have to echo a token of the page; they never send a key by themselves, so that a program's posts need none.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import HTTPSendMessage, Receive, Send
from litestar.types import Scope as Asked

from scoring.verdict import Words
from server.access import NOBODY, Actor, everyone
from server.competitions.api_keys import PREFIX, holder_of
from server.errors import Refusal
from server.people.flow import actor_of, digest
from server.people.http import token_of

MEMORY = 5.0
"""Seconds for which a process remembers who holds a session or a key at most; a lost place, a sign-out or a withdrawal
elsewhere shows after that. Each is remembered for a time of its own, so that tablets that began together are not all
looked up together."""
MOST = 10_000
BEARER = "bearer "
NO_KEY = Refusal(
    "key.refused",
    Words("这个密钥不能用：没有这个密钥、已到期或已作废。", "This key is not in force: unknown, expired or withdrawn."),
    Words("请向主办方要一个新的密钥。", "Ask the organiser for a new one."),
    status=401,
)


def key_in(headers: Headers) -> str:
    """The key that a request shows, or ""; what others put into this header, such as a proxy's password, is no key."""
    shown = headers.get("authorization", "")
    token = shown[len(BEARER) :].strip() if shown[: len(BEARER)].lower() == BEARER else ""
    return token if token.startswith(PREFIX) else ""


class Authentication(AbstractAuthenticationMiddleware):
    """Says who asks."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """The actor of the key or of the session, or nobody. Raises Refusal `key.refused` for a key that opens nothing."""
        actors: Actors = connection.app.state.actors
        if key := key_in(connection.headers):
            actor = await actors.of(key)
            if actor is NOBODY:
                raise NO_KEY
            return AuthenticationResult(user=actor, auth=None)
        token = token_of(connection.cookies)
        actor = await actors.of(token) if token else NOBODY
        return AuthenticationResult(user=actor, auth=token)


class Csrf(CSRFMiddleware):
    """Asks for the page's token, except of programs."""

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        """As Litestar does it; a request with a key passes, and sets no cookie.

        So does a program without key or cookie, where nobody without either may do anything: it is told to show who it is.
        """
        headers = Headers.from_scope(scope)
        if scope["type"] == ScopeType.HTTP and (key_in(headers) or _forgot_its_key(scope, headers)):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def _set_cookie_if_needed(self, message: HTTPSendMessage, token: str) -> None:
        """What everybody may keep goes without: a cache would hand one visitor's token to all others, or keep nothing at all."""
        if b"public" not in dict(message["headers"]).get(b"cache-control", b""):  # type: ignore[typeddict-item]
            super()._set_cookie_if_needed(message, token)


def _forgot_its_key(scope: Asked, headers: Headers) -> bool:
    """Whether nobody asks for what is not for everybody, in a way that only a program does."""
    handler: Any = scope.get("route_handler")
    opt = handler.opt if handler else {"access": everyone}
    return "cookie" not in headers and scope["path"].startswith("/api/") and opt.get("access") is not everyone


class Actors:
    """Remembers for a moment who holds which session or key, so that a mark does not cost a look-up."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[float, Actor]] = {}

    async def of(self, token: str) -> Actor:
        """Who holds this session or key; nobody when it has ended."""
        now, id = time.monotonic(), digest(token)
        until, actor = self._known.get(id, (0.0, NOBODY))
        if until > now:
            return actor
        look_up = holder_of if token.startswith(PREFIX) else actor_of
        actor = await look_up(token, datetime.now(UTC)) or NOBODY
        if len(self._known) > MOST:
            self._known = {known: held for known, held in self._known.items() if held[0] > now}
        self._known[id] = (now + random.uniform(MEMORY / 2, MEMORY), actor)
        return actor

    def forget(self, id: bytes) -> None:
        """A session or key (its digest) that ended here is over at once here."""
        self._known.pop(id, None)
