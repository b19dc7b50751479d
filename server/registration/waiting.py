"""The waiting list: who enters an event that is full waits, and comes in by number as soon as there is room.

Room is the event's capacity less everybody who takes a place. Who waits or was rejected takes none. Whatever may have
made room (a rejection, a withdrawal, a larger hall) is settled in the transaction in which it happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import PROGRAM, Actor
from server.database.tables import Entry, ReviewAct
from server.ledger import record
from server.registration.naming import entry_id

ADMITTED = "admitted"
PLACELESS = ("waiting", "rejected")
"""States that take no place."""
ROOM = """SELECT v.id, v.code, v.name, v.capacity,
    count(e.id) FILTER (WHERE e.state NOT IN ('waiting', 'rejected')) AS taken
FROM event v LEFT JOIN entry e ON e.event = v.id WHERE v.competition = {} AND v.state = 'registration' GROUP BY v.id"""
QUEUE = """SELECT e.id, e.number, e.delegation, e.step, e.version, e.event FROM entry e JOIN event v ON v.id = e.event
WHERE v.competition = {} AND v.state = 'registration' AND e.state = 'waiting' ORDER BY e.event, e.number"""


async def settle(competition: Mapping[str, Any], actor: Actor, at: datetime) -> list[str]:
    """Admit whoever waits first wherever there is room, within the caller's transaction; their numbers, as `M01-007`."""
    return (await admit(competition, actor, at))[1]


async def admit(competition: Mapping[str, Any], actor: Actor, at: datetime) -> tuple[UUID, list[str]]:
    """The same, with the batch under which the acts were noted."""
    admitted: list[str] = []
    batch = uuid4()
    queue = await Entry.raw(QUEUE, competition["id"])
    if not queue:
        return batch, admitted
    room = {row["id"]: row for row in await Entry.raw(ROOM, competition["id"])}
    left = {id: row["capacity"] - row["taken"] if row["capacity"] else len(queue) for id, row in room.items()}
    for row in queue:
        if left[row["event"]] <= 0:
            continue
        left[row["event"]] -= 1
        changes: dict[Any, Any] = {Entry.state: "review", Entry.step: 0, Entry.version: row["version"] + 1}
        await Entry.update(changes).where(Entry.id == row["id"])
        act = ReviewAct(
            id=uuid4(), competition=competition["id"], event=row["event"], delegation=row["delegation"], entry=row["id"],
            number=row["number"], batch=batch, act=ADMITTED, state_before="waiting", step_before=row["step"],
            state_after="review", step_after=0, version=row["version"] + 1, reason="", by_name=PROGRAM.name, at=at,
            sealed=b"",
        )  # fmt: skip
        await ReviewAct.insert(act)
        admitted.append(entry_id(room[row["event"]], row["number"]))
    if admitted:
        await record(
            competition["id"], "entries.admitted", PROGRAM, at, data={"entries": admitted, "after": actor.name}
        )
    return batch, admitted


async def over_full(competition: UUID) -> list[str]:
    """Names of events in which more take a place than there are."""
    rows = await Entry.raw(ROOM, competition)
    return [row["name"] for row in rows if row["capacity"] and row["taken"] > row["capacity"]]
