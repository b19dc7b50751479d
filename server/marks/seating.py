"""The JSON API of panels and supervisors: accounts for those who work in a competition, entered by one-time links."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Router, post
from litestar.params import JSONBody

from server.access import organiser
from server.competitions.flow import invite_supervisor
from server.marks.flow import seat
from server.people.flow import add_account, one_time_login
from server.wire import Invited


class NewJudge(msgspec.Struct, forbid_unknown_fields=True):
    """A judge to be seated; the first of a panel is usually its chief."""

    name: str
    chief: bool = False


class NewSupervisor(msgspec.Struct, forbid_unknown_fields=True):
    """A supervisor of a competition."""

    name: str


@post("/api/competitions/{slug:str}/events/{code:str}/judges", opt={"access": organiser})
async def post_judge(request: Request[Any, Any, Any], data: JSONBody[NewJudge]) -> Invited:
    """Seat a judge on the panel of an event."""
    now = datetime.now(UTC)
    account = await add_account(f"judge-{secrets.token_hex(6)}", data.name)
    label = await seat(request.state.scope.event, account, data.chief, request.user, now)
    return Invited(account, await one_time_login(account, now), label)


@post("/api/competitions/{slug:str}/supervisors", opt={"access": organiser})
async def post_supervisor(request: Request[Any, Any, Any], data: JSONBody[NewSupervisor]) -> Invited:
    """Appoint a supervisor."""
    competition = request.state.scope.competition
    return Invited(*await invite_supervisor(competition, data.name, request.user, datetime.now(UTC)))


ROUTES = Router("/", route_handlers=[post_judge, post_supervisor])
