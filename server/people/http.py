"""The JSON API of sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody
from litestar.response import Response

from server.access import everyone, signed_in
from server.people import flow
from server.wire import Done, SessionHeld

COOKIE = "podium"


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """A name and a password, or the token of a one-time link."""

    login: str = ""
    password: str = ""
    token: str = ""


def session_cookie(request: Request[Any, Any, Any], token: str) -> Cookie:
    """The cookie of a session: not for scripts, not for other sites."""
    secure = request.app.state.settings.base_url.startswith("https")
    return Cookie(
        COOKIE,
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
    return Response(Done("signed-out"), cookies=[Cookie(COOKIE, value="", path="/", max_age=0)])


ROUTES = Router("/", route_handlers=[get_session, post_session, delete_session])
