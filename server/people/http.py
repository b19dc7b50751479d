"""The JSON API of sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody
from litestar.response import Response

from server.access import everyone, signed_in
from server.people import flow
from server.web.page import over_tls
from server.wire import Done, SessionHeld

COOKIE = "podium"
TLS_COOKIE = "__Host-podium"
"""Over HTTPS; a browser takes it from nowhere else (RFC 6265bis, 4.1.3.2), and it stands beside the other in a hall
where both ways are open."""


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """A name and a password, or the token of a one-time link."""

    login: str = ""
    password: str = ""
    token: str = ""


def token_of(cookies: Mapping[str, str]) -> str:
    """The session's token, or nothing."""
    return cookies.get(TLS_COOKIE) or cookies.get(COOKIE, "")


def session_cookie(request: Request[Any, Any, Any], token: str) -> Cookie:
    """The cookie of a session: not for scripts, not for other sites."""
    secure = over_tls(request)
    return Cookie(
        TLS_COOKIE if secure else COOKIE,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
        max_age=int(flow.SESSION.total_seconds()),
    )


@get("/api/session", opt={"access": everyone})
async def get_session(request: Request[Any, Any, Any]) -> SessionHeld:
    """Who is signed in; also hands out the cookie that every later post has to echo."""
    actor = request.user
    seats = {str(event): f"J{seat.number}" for event, seat in actor.seats.items()}
    return SessionHeld(actor.name, sorted(actor.organisers), seats)


@post("/api/session", opt={"access": everyone})
async def post_session(request: Request[Any, Any, Any], data: JSONBody[SignIn]) -> Response[Done]:
    """Sign in."""
    now = datetime.now(UTC)
    if data.token:
        token = await flow.sign_in_once(data.token, now)
    else:
        token = await flow.sign_in(data.login, data.password, now)
    return Response(Done("signed-in"), cookies=[session_cookie(request, token)])


@delete("/api/session", opt={"access": signed_in}, status_code=200)
async def delete_session(request: Request[Any, Any, Any]) -> Response[Done]:
    """Sign out."""
    await flow.sign_out(request.user.session)
    request.app.state.actors.forget(request.user.session)
    return Response(Done("signed-out"), cookies=ended())


def ended() -> list[Cookie]:
    """What takes the session out of the browser."""
    return [Cookie(name, value="", path="/", max_age=0, secure=name == TLS_COOKIE) for name in (COOKIE, TLS_COOKIE)]


ROUTES = Router("/", route_handlers=[get_session, post_session, delete_session])
