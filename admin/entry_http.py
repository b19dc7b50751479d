"""The JSON API of single entries: what stands against one, and taking it in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.params import JSONBody

from admin.entry_fields import PERSON, typed
from admin.entry_pages import event_of
from admin.intake import Asked, packed
from admin.sheets.registration import RegistrationSheet
from admin.sheets.typed import read_typed
from scoring.verdict import Words
from server.access import clerk
from server.answers import problem_as_data
from server.errors import missing
from server.registration.single import Sent, enter_one, opened
from server.registration.staging import preview
from server.wire import EntryChecked, EntryTaken, said

ENTRIES = "/api/competitions/{slug:str}/delegations/{delegation:str}/entries"
Text = Annotated[str, msgspec.Meta(max_length=500)]
NAMES = frozenset(field.name for field in PERSON)


class Ticked(msgspec.Struct, forbid_unknown_fields=True):
    """A doubt that was looked at: the member's number from 1, and its code."""

    member: int
    code: str


class NewEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An entry as it is typed: the event's code, its people by the workbook's columns, the entry in whose place it is put."""

    event: str
    people: Annotated[list[dict[str, Text]], msgspec.Meta(min_length=1, max_length=100)]
    team: Text = ""
    replaces: UUID | None = None
    ticked: list[Ticked] = []
    reason: Text = ""


@post(f"{ENTRIES}/check", opt={"access": clerk}, status_code=200)
async def post_check(request: Asked, data: JSONBody[NewEntry]) -> EntryChecked:
    """What stands against an entry; nothing is stored."""
    scope, read = request.state.scope, await _read(request, data)
    if data.replaces:
        await opened(scope.delegation, data.replaces, request.app.state.sealer)  # or it is not theirs
    plan, _ = await preview(
        *(scope.competition, scope.delegation, read, request.app.state.sealer, request.user), replaces=data.replaces
    )
    told = {
        "problems": [problem_as_data(one) for line in plan.lines for one in line.refusals],
        "doubts": [problem_as_data(doubt.problem) for line in plan.lines for doubt in line.doubts],
        "does": [line.does for line in plan.lines],
    }
    return said(told, EntryChecked)


@post(ENTRIES, opt={"access": clerk})
async def post_entry(request: Asked, data: JSONBody[NewEntry]) -> EntryTaken:
    """Take one entry in, whole, or refuse it with everything that stands against it."""
    scope, sealer, read = request.state.scope, request.app.state.sealer, await _read(request, data)
    ticked: dict[tuple[str, int], frozenset[str]] = {
        (row.sheet, row.row): frozenset(one.code for one in data.ticked if one.member == row.row) for row in read.rows
    }
    seen = (await opened(scope.delegation, data.replaces, sealer)).seen if data.replaces else ""
    sent = Sent(read, packed(read), data.replaces, seen, ticked, data.reason)
    done = await enter_one(scope.competition, scope.delegation, sent, sealer, request.user, datetime.now(UTC))
    return EntryTaken(done.added, done.changed, done.unchanged, done.withdrawn)


async def _read(request: Asked, data: NewEntry) -> RegistrationSheet:
    event = await event_of(request, data.event)
    if event is None:
        raise missing(Words("这个赛项", "event"))
    values = {
        f"{name}-{number}": value
        for number, one in enumerate(data.people, 1)
        for name, value in one.items()
        if name in NAMES
    }
    return read_typed(typed(event, {**values, "team": data.team}, len(data.people)))


ROUTES = Router("/", route_handlers=[post_check, post_entry])
