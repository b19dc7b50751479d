"""The JSON API of the next edition, of delegations, their clerks and their places."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from server.access import organiser
from server.paging import USUAL, Exactly, Limit, Offset, Words, matching, part
from server.registration.editions import NextEdition, next_edition
from server.registration.flags import public_flags
from server.registration.places import Change, places_of, set_places
from server.registration.sending import add_clerk, add_delegations, delegations_of, remove_delegation
from server.wire import Added, DelegationShown, EditionCopied, Invited, QuotaSet, Removed, said

Asked = Request[Any, Any, Any]


class Names(msgspec.Struct, forbid_unknown_fields=True):
    """Delegations to be added."""

    names: list[str]


class NewClerk(msgspec.Struct, forbid_unknown_fields=True):
    """A clerk to be invited."""

    name: str


@post("/api/competitions/{slug:str}/editions", opt={"access": organiser})
async def post_edition(request: Asked, data: JSONBody[NextEdition]) -> EditionCopied:
    """Make the next edition from this one; people are not taken along."""
    made = await next_edition(request.state.scope.competition, data, request.user, datetime.now(UTC))
    return said(made, EditionCopied)


@get("/api/competitions/{slug:str}/delegations", opt={"access": organiser, "scope": "setup:read"})
async def get_delegations(
    request: Asked, q: Words = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[list[DelegationShown]]:
    """The delegations of a competition."""
    competition = request.state.scope.competition
    flags = await public_flags(competition, request.app.state.settings.base_url)
    every = matching(await delegations_of(competition), q, ("name", "name_en"))
    rows, headers = part(request, every, limit, offset)
    shown = [said({**row, "flag": flags.get(row["name"], "")}, DelegationShown) for row in rows]
    return Response(shown, headers=headers)


@post("/api/competitions/{slug:str}/delegations", opt={"access": organiser})
async def post_delegations(request: Asked, data: JSONBody[Names]) -> Added:
    """Add delegations; those that are there already stay as they are."""
    added = await add_delegations(request.state.scope.competition, data.names, request.user, datetime.now(UTC))
    return Added(added)


@delete("/api/competitions/{slug:str}/delegations/{delegation:str}", opt={"access": organiser}, status_code=200)
async def delete_delegation(request: Asked, delegation: FromPath[str]) -> Removed:
    """Take a delegation out that nobody has entered for."""
    await remove_delegation(request.state.scope.competition, delegation, request.user, datetime.now(UTC))
    return Removed(delegation)


@post("/api/competitions/{slug:str}/delegations/{delegation:str}/clerks", opt={"access": organiser})
async def post_clerk(request: Asked, delegation: FromPath[str], data: JSONBody[NewClerk]) -> Invited:
    """Make an account for a delegation's clerk."""
    competition = request.state.scope.competition
    account, token = await add_clerk(competition, delegation, data.name, request.user, datetime.now(UTC))
    return Invited(account, token)


@get("/api/competitions/{slug:str}/quotas", opt={"access": organiser, "scope": "setup:read"})
async def get_quotas(
    request: Asked, event: Exactly = "", delegation: Exactly = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[list[QuotaSet]]:
    """How many places each delegation has in each event; without a row no limit is set."""
    places = matching(await places_of(request.state.scope.competition), "", (), event=event, delegation=delegation)
    rows, headers = part(request, places, limit, offset)
    return Response([said(row, QuotaSet) for row in rows], headers=headers)


@put("/api/competitions/{slug:str}/quotas", opt={"access": organiser})
async def put_quotas(request: Asked, data: JSONBody[list[Change]]) -> list[QuotaSet]:
    """Set quotas, all of them or none."""
    places = await set_places(request.state.scope.competition, data, request.user, datetime.now(UTC))
    return [said(row, QuotaSet) for row in places]


ROUTES = Router(
    "/",
    route_handlers=[
        *(post_edition, get_delegations, post_delegations, delete_delegation, post_clerk, get_quotas, put_quotas),
    ],
)
