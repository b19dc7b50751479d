"""The JSON API of the review: every entry with where it stands, deciding on many at once, and taking that back; and of
changing an event, which may let in who waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from scoring.verdict import Words as Sentence
from server.access import office, organiser, reviewer
from server.competitions.facts import EventEdit
from server.competitions.http import delete_event, get_event_setup
from server.errors import missing
from server.paging import USUAL, Exactly, Limit, Offset, State, Words, matching, part
from server.registration.naming import entry_id
from server.registration.resizing import resize
from server.registration.review import Seen, decide, entries_in, undo
from server.wire import Decided, EntryReviewed, EventChanged, Review, TakenBack, said

Asked = Request[Any, Any, Any]
SEARCHED = ("team", "event_name", "delegation_name", "names", "units")


class OnEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An entry, in the version that was seen."""

    id: UUID
    version: int


class Act(msgspec.Struct, forbid_unknown_fields=True):
    """approve, return, reject or send, for these entries together; returning and rejecting need a reason."""

    act: str
    entries: list[OnEntry]
    reason: str = ""


@get("/api/competitions/{slug:str}/review", opt={"access": office, "scope": "entries:read"})
async def get_review(
    request: Asked,
    q: Words = "",
    event: Exactly = "",
    delegation: Exactly = "",
    stands: State = "",
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response[Review]:
    """The steps of the review, and every entry with where it stands, by event and number."""
    competition = request.state.scope.competition
    every = [
        {**row, "number": entry_id(row, row["number"]), "state": row["entry_state"], "reason": row["reason"] or ""}
        for row in await entries_in(competition["id"])
    ]
    here = matching(every, q, ("number", *SEARCHED), code=event, delegation=delegation, state=stands)
    rows, headers = part(request, here, limit, offset)
    return Response(Review(competition["review_steps"], [said(row, EntryReviewed) for row in rows]), headers=headers)


@post("/api/competitions/{slug:str}/review", opt={"access": reviewer}, status_code=200)
async def post_act(request: Asked, data: JSONBody[Act]) -> Decided:
    """Decide on entries, all or none; the batch under which it can be taken back."""
    seen = [Seen(one.id, one.version) for one in data.entries]
    competition, now = request.state.scope.competition, datetime.now(UTC)
    return Decided(await decide(competition, data.act, seen, data.reason, request.user, now))


@post("/api/competitions/{slug:str}/review/{batch:str}/undo", opt={"access": reviewer}, status_code=200)
async def post_undo(request: Asked, batch: FromPath[str]) -> TakenBack:
    """Take a batch back as a whole."""
    try:
        id = UUID(batch)
    except ValueError:
        raise missing(Sentence("这次处理", "decision")) from None
    return TakenBack(await undo(request.state.scope.competition, id, request.user, datetime.now(UTC)))


@put("/api/competitions/{slug:str}/events/{code:str}/setup", opt={"access": organiser})
async def put_event(request: Asked, data: JSONBody[EventEdit]) -> EventChanged:
    """Change the facts of an event before its draw; its version after that, and who came in from the waiting list by it."""
    scope = request.state.scope
    version, _, admitted = await resize(scope.competition, scope.event, data, request.user, datetime.now(UTC))
    return EventChanged(data.code, version, admitted)


ROUTES = Router("/", route_handlers=[get_review, post_act, post_undo, get_event_setup, put_event, delete_event])
"""Litestar wants every method of one address in one router."""
