"""The JSON API of appeals: every appeal of a competition with what was done about it, and writing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import JSONBody
from litestar.response import Response

from server.access import office, own_clerk
from server.appeals.flow import MOST_REASON, acts_of, acts_of_each, appeal_of, appeals_of
from server.appeals.writing import write
from server.paging import USUAL, Exactly, Limit, Offset, State, Words, matching, part
from server.registration.naming import entry_id
from server.wire import Appeals, AppealShown, said

API = "/api/competitions/{slug:str}"


class NewAppeal(msgspec.Struct, forbid_unknown_fields=True):
    """An appeal about the published result of an entry; a file can be sent at the desk only."""

    entry: UUID
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_REASON)]


@get(f"{API}/appeals", opt={"access": office, "scope": "appeals:read"})
async def get_appeals(
    request: Request[Any, Any, Any],
    q: Words = "",
    event: Exactly = "",
    stands: State = "",
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response[Appeals]:
    """Every appeal, newest first: against which version, where it stands, each act, and the version that a ruling made."""
    every = await appeals_of(request.state.scope.competition["id"])
    here = matching(every, q, ("number", "names", "delegation_name", "reason"), code=event, state=stands)
    rows, headers = part(request, here, limit, offset)
    acts = await acts_of_each([row["id"] for row in rows])
    return Response(Appeals([_appeal(row, acts[row["id"]]) for row in rows]), headers=headers)


@post(f"{API}/delegations/{{delegation:str}}/appeals", opt={"access": own_clerk})
async def post_appeal(request: Request[Any, Any, Any], data: JSONBody[NewAppeal]) -> AppealShown:
    """File an appeal; `asked` waits for a supervisor because the policy names no time, `open` is looked into."""
    scope, sealer = request.state.scope, request.app.state.sealer
    number = await write(
        scope.competition, scope.delegation, data.entry, data.reason, None, sealer, request.user, datetime.now(UTC)
    )
    row = await appeal_of(scope.competition["id"], number)
    return _appeal(row, await acts_of(row["id"]))


def _appeal(row: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> AppealShown:
    told = {
        "number": row["number"],
        "entry": entry_id(row, row["entry_number"]),
        "event": row["code"],
        "delegation": row["delegation_name"],
        "state": row["state"],
        "rule": row["rule"],
        "reason": row["reason"],
        "at": row["at"],
        "against": row["snapshot_version"],
        "republished": row["republished_version"],
        "acts": [{"act": act["act"], "text": act["text"], "by": act["by_name"], "at": act["at"]} for act in acts],
    }
    return said(told, AppealShown)


ROUTES = Router("/", route_handlers=[get_appeals, post_appeal])
