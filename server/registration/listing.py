"""The review as a list of any length: narrowed, counted and cut into pages by the database.

What a person may do to an entry follows from its state, its step and its delegation alone (`review.may_act`). So entries are
counted by these three, and what waits for somebody is asked for by them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.database.tables import Entry
from server.registration.review import ENTRIES, ORDER, STATES, Seen

Kind = tuple[str, int, UUID]
"""State, step and delegation."""
OPEN = "e.event = v.id AND v.competition = {} AND v.state = 'registration' AND ({}::uuid IS NULL OR e.delegation = {})"
COUNTED = f"""SELECT e.state AS entry_state, e.step, e.delegation, d.name AS delegation_name, count(*) AS n
FROM entry e, event v, delegation d WHERE d.id = e.delegation AND {OPEN} GROUP BY e.state, e.step, e.delegation, d.name"""
EVENTS = f"""SELECT v.code, v.name AS event_name, v.name_en AS event_name_en FROM event v
WHERE EXISTS (SELECT FROM entry e WHERE {OPEN})"""
FOUND = "v.code || '-' || lpad(e.number::text, 3, '0') ILIKE {} OR e.team ILIKE {} OR EXISTS (SELECT FROM member m JOIN person p ON p.id = m.person WHERE m.entry = e.id AND (p.name ILIKE {} OR m.unit ILIKE {}))"  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of a review are asked for; `kinds` None for all of them."""

    delegation: UUID | None = None
    """At whose desk it is asked; None in the office."""
    state: str = ""
    code: str = ""
    of: str = ""
    """A delegation's id, as an address says it."""
    find: str = ""
    kinds: Sequence[Kind] | None = None


async def counted(competition: UUID, delegation: UUID | None) -> list[dict[str, Any]]:
    """How many entries stand in the review, by state, step and delegation."""
    return [dict(row) for row in await Entry.raw(COUNTED, competition, delegation, delegation)]


async def events_in(competition: UUID, delegation: UUID | None) -> list[dict[str, Any]]:
    """The events that have an entry in the review."""
    return [dict(row) for row in await Entry.raw(EVENTS, competition, delegation, delegation)]


async def page_of(
    competition: UUID, wanted: Wanted, page: int, size: int, order: str = ORDER
) -> tuple[list[dict[str, Any]], list[Seen], int]:
    """The entries of a page (the last one where there are not so many), all that are found as they are now, and the page's number.

    `order` is SQL over entries e, events v and delegations d; whoever gives it has written it.
    """
    where, values = _where(competition, wanted)
    of_it = f"FROM entry e JOIN event v ON v.id = e.event JOIN delegation d ON d.id = e.delegation WHERE {where}"
    found = [
        Seen(row["id"], row["version"]) for row in await Entry.raw(f"SELECT e.id, e.version {of_it} {order}", *values)
    ]
    number = min(page, max(1, -(-len(found) // size)))
    ids = [one.entry for one in found[(number - 1) * size : number * size]]
    rows = await Entry.raw(f"{ENTRIES} AND e.id = ANY({{}}) {order}", competition, ids) if ids else []
    return [dict(row) for row in rows], found, number


async def kinds_of(competition: UUID, entries: Sequence[UUID]) -> dict[UUID, Kind]:
    """Entry → its state, step and delegation."""
    query = Entry.select(Entry.id, Entry.state, Entry.step, Entry.delegation)
    rows = (
        await query.where((Entry.event.competition == competition) & Entry.id.is_in(list(entries))) if entries else []
    )
    return {row["id"]: (row["state"], row["step"], row["delegation"]) for row in rows}


def fingerprint(found: Sequence[Seen]) -> str:
    """What somebody saw who decides on everything that is found: another one when an entry comes, goes or changes."""
    return hashlib.sha256("\n".join(sorted(f"{one.entry} {one.version}" for one in found)).encode()).hexdigest()


def _where(competition: UUID, wanted: Wanted) -> tuple[str, list[Any]]:
    where = OPEN
    values: list[Any] = [competition, wanted.delegation, wanted.delegation]
    if wanted.state in STATES:
        where, values = f"{where} AND e.state = {{}}", [*values, wanted.state]
    if wanted.code:
        where, values = f"{where} AND v.code = {{}}", [*values, wanted.code]
    if wanted.of:
        where, values = f"{where} AND e.delegation::text = {{}}", [*values, wanted.of]
    if find := wanted.find.replace("\x00", "").strip():
        pattern = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in find)
        where, values = f"{where} AND ({FOUND})", [*values, *[f"%{pattern}%"] * 4]
    if wanted.kinds is not None:
        each = [list(one) for one in zip(*wanted.kinds, strict=True)] or [[], [], []]
        among = "SELECT * FROM unnest({}::text[], {}::int[], {}::uuid[])"
        where, values = f"{where} AND (e.state, e.step, e.delegation) IN ({among})", [*values, *each]
    return where, values
