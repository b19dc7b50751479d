"""Writes what a comparison found, and takes it back: many rows in few statements, within the caller's transaction.

The *journal* is what it takes to undo an intake: which rows were added, and what the changed and the withdrawn ones
were before. It holds personal data and is sealed with the intake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import msgspec

from server.database.bulk import delete_rows, insert_rows, update_rows
from server.database.tables import Entry, Member, Person
from server.registration.arriving import nobody_arrived
from server.registration.checks import occupation_of
from server.registration.comparing import Compared, Stored, Team
from server.registration.form import Line, Row, line_of
from server.registration.persons import persons, phone_of
from server.sealing import Sealer

Columns = dict[str, Any]
OF_MEMBER = ("entry", "position", "unit", "level", "level_certificate", "identity")
TEXTS = ("education", "ethnicity")
REVIEWED = frozenset({"unit", "level", "level_certificate", "identity", "team", "member"})
"""What a review has looked at: a change in one of these begins it anew. A new telephone number does not."""
OF_PERSON = ("phone_sealed", *TEXTS)
IDS = frozenset({"id", "entry", "event", "delegation", "intake", "person"})


class Journal(msgspec.Struct):
    """What an intake did."""

    entries: list[UUID] = []
    members: list[UUID] = []
    persons: list[UUID] = []
    changed_members: list[dict[str, Any]] = []
    changed_entries: list[dict[str, Any]] = []
    changed_phones: list[tuple[UUID, bytes, bytes]] = []
    """Person, before, after: taken back only where nobody has changed it since. So are the texts."""
    changed_texts: list[tuple[UUID, str, str, str]] = []
    """Person, column, before, after."""
    gone_entries: list[dict[str, Any]] = []
    gone_members: list[dict[str, Any]] = []
    events: list[UUID] = []
    """Every event that it touched."""
    left: list[tuple[UUID, int]] = []
    """Every entry that it added or changed, with the version that it left it at."""


@dataclass(slots=True)
class Batch:
    """What is to be written, gathered before the first statement."""

    delegation: UUID
    intake: UUID
    journal: Journal = field(default_factory=Journal)
    entries: list[Columns] = field(default_factory=list)
    entry_changes: list[Columns] = field(default_factory=list)
    members: list[Columns] = field(default_factory=list)
    member_changes: list[Columns] = field(default_factory=list)
    person_changes: list[Columns] = field(default_factory=list)
    added: frozenset[UUID] = frozenset()
    """People whom this form brings for the first time anywhere."""


async def store(
    delegation: UUID,
    intake: UUID,
    teams: Sequence[Team],
    gone: Sequence[Sequence[Stored]],
    indexes: Mapping[Line, bytes],
    sealer: Sealer,
) -> Journal:
    """Take these teams in, withdraw those entries; the journal."""
    batch = Batch(delegation, intake)
    fresh = [line.row for team in teams for line in team.lines if line.stored is None]
    people, batch.journal.persons = await persons(fresh, indexes, sealer) if fresh else ({}, [])
    batch.added = frozenset(batch.journal.persons)
    numbers = await _numbers([team.event["id"] for team in teams if team.event and team.entry is None])
    for team in teams:
        _gather(batch, team, people, numbers, sealer)
    await insert_rows(Entry, batch.entries)
    await update_rows(Entry, batch.entry_changes)
    await update_rows(Member, batch.member_changes)
    await _withdraw(batch, teams, gone)
    await insert_rows(Member, batch.members)
    await _lock([change["id"] for change in batch.person_changes])
    await update_rows(Person, batch.person_changes)
    return batch.journal


async def touched(journal: Journal) -> list[str]:
    """Teams or numbers of entries that something has happened to since this intake: a review, or a place that came free."""
    versions = dict(journal.left)
    rows = await Entry.select(Entry.id, Entry.number, Entry.version).where(
        Entry.id.is_in(list(versions) or [UUID(int=0)])
    )
    return [str(row["number"]) for row in rows if row["version"] != versions[row["id"]]]


async def _numbers(events: Sequence[UUID]) -> dict[UUID, int]:
    """The highest entry number of each event."""
    if not events:
        return {}
    query = 'SELECT event, max(number) AS highest FROM "entry" WHERE event = ANY({}) GROUP BY event'
    return {row["event"]: row["highest"] for row in await Entry.raw(query, list(set(events)))}


def _gather(
    batch: Batch, team: Team, people: Mapping[Any, Mapping[str, Any]], numbers: dict[UUID, int], sealer: Sealer
) -> None:
    assert team.event is not None  # a row without an event is refused
    event, entry = team.event["id"], team.entry
    if event not in batch.journal.events:
        batch.journal.events.append(event)
    if entry is None:
        numbers[event] = numbers.get(event, 0) + 1
        entry = uuid4()
        batch.entries.append(
            {
                "id": entry,
                "event": event,
                "delegation": batch.delegation,
                "intake": batch.intake,
                "number": numbers[event],
                "team": team.name,
                "state": "waiting" if team.waits else "review",
            }
        )
        batch.journal.entries.append(entry)
        batch.journal.left.append((entry, 0))
    else:
        _gather_entry(batch, team, entry)
    for position, line in enumerate(team.lines, 1):
        if line.stored is None:
            member = member_columns(line.row, entry, team.event, people[line_of(line.row)]["id"], position)
            batch.members.append(member)
            batch.journal.members.append(member["id"])
            _gather_known(batch, line.row, people[line_of(line.row)], sealer)
        else:
            _gather_changes(batch, line, line.stored, entry, position, sealer)


def _gather_entry(batch: Batch, team: Team, entry: UUID) -> None:
    """What becomes of an entry that is there: its team's name, and its review from the beginning where that is due."""
    stored = next((line.stored for line in team.lines if line.stored and line.stored["entry"] == entry), None)
    stored = stored or team.dropped[0]  # of a single person who is substituted
    before = {"team": stored["team"], "state": stored["entry_state"], "step": stored["step"]}
    changed = {change.field for line in team.lines for change in line.changes}
    changed |= {"member"} if any(line.stored is None for line in team.lines) else set()
    after = {**before, "team": team.name}
    if changed & REVIEWED and before["state"] != "waiting":
        after |= {"state": "review", "step": 0}
    if changed & REVIEWED or after != before:
        batch.entry_changes.append({"id": entry, **after, "version": stored["version"] + 1})
        batch.journal.changed_entries.append({"id": entry, **before})
        batch.journal.left.append((entry, stored["version"] + 1))


def _gather_changes(batch: Batch, line: Compared, stored: Stored, entry: UUID, position: int, sealer: Sealer) -> None:
    before = {name: stored[name] for name in OF_MEMBER}
    changed = {change.field: change.after for change in line.changes}
    after = {**before, "entry": entry, "position": position}
    after |= {name: value for name, value in changed.items() if name in OF_MEMBER}
    if after != before:
        batch.member_changes.append({"id": stored["id"], **after})
        batch.journal.changed_members.append({"id": stored["id"], **before})
    said = {name: value for name, value in changed.items() if name in TEXTS}
    _gather_person(batch, {**stored, "id": stored["person"]}, said, changed.get("phone", ""), sealer)


def _gather_known(batch: Batch, row: Row, person: Mapping[str, Any], sealer: Sealer) -> None:
    """Somebody whom another competition knows already is reached as the newest form says."""
    if person["id"] in batch.added:
        return
    said = {name: getattr(row, name) for name in TEXTS if getattr(row, name)}
    same = not row.phone or phone_of(person["id"], person["phone_sealed"], sealer) == row.phone
    _gather_person(batch, person, said, "" if same else row.phone, sealer)


def _gather_person(
    batch: Batch, person: Mapping[str, Any], said: Mapping[str, str], phone: str, sealer: Sealer
) -> None:
    id, journal = person["id"], batch.journal
    before = {name: person[name] for name in OF_PERSON}
    after = {**before, **said}
    if phone:
        after["phone_sealed"] = sealer.seal(phone, f"phone:{id}")
        journal.changed_phones.append((id, before["phone_sealed"], after["phone_sealed"]))
    if after != before:
        batch.person_changes.append({"id": id, **after})
        journal.changed_texts += [
            (id, name, before[name], after[name]) for name in TEXTS if after[name] != before[name]
        ]


async def _withdraw(batch: Batch, teams: Sequence[Team], gone: Sequence[Sequence[Stored]]) -> None:
    """Take out who left a team, and whole entries; who moved from a withdrawn entry to another one has moved already."""
    moved = {line.stored["id"] for team in teams for line in team.lines if line.stored}
    entries = [entry[0]["entry"] for entry in gone]
    members = [stored["id"] for team in teams for stored in team.dropped]
    members += [stored["id"] for entry in gone for stored in entry if stored["id"] not in moved]
    journal = batch.journal
    journal.gone_entries = await _rows_of(Entry, entries)
    journal.events += {row["event"] for row in journal.gone_entries} - set(journal.events)
    journal.gone_members = await _rows_of(Member, members)
    await nobody_arrived(members)
    await delete_rows(Member, members)
    await delete_rows(Entry, entries)


async def _rows_of(table: type[Entry] | type[Member], ids: Sequence[UUID]) -> list[Columns]:
    if not ids:
        return []
    return [
        dict(row) for row in await table.raw(f'SELECT * FROM "{table._meta.tablename}" WHERE id = ANY({{}})', list(ids))
    ]


def member_columns(row: Row, entry: UUID, event: Mapping[str, Any], person: UUID, position: int) -> Columns:
    """A new member, as the form has them."""
    occupation, code = occupation_of(row, event)
    return {
        "id": uuid4(),
        "entry": entry,
        "event": event["id"],
        "person": person,
        "position": position,
        "unit": row.unit,
        "occupation": occupation,
        "occupation_code": code,
        "level": row.level.id if row.level else "",
        "level_certificate": row.level_certificate,
        "identity": row.identity,
    }


async def take_back(journal: Journal) -> None:
    """Everything as it was before: added rows go, changed ones get their values back, withdrawn entries return."""
    await nobody_arrived(journal.members)
    await _return_entries(journal.gone_entries)
    await update_rows(Entry, _typed(journal.changed_entries))
    ids = [one["id"] for one in _typed(journal.changed_entries)]
    await Entry.raw('UPDATE "entry" SET version = version + 1 WHERE id = ANY({})', ids)
    await delete_rows(Member, journal.members)
    await update_rows(Member, _typed(journal.changed_members))
    await insert_rows(Member, _typed(journal.gone_members))
    await delete_rows(Entry, journal.entries)
    await _lock([*(one[0] for one in journal.changed_phones), *(one[0] for one in journal.changed_texts)])
    await _unsay("phone_sealed", "bytea", journal.changed_phones)
    for column in TEXTS:
        changes = [(id, before, after) for id, name, before, after in journal.changed_texts if name == column]
        await _unsay(column, "text", changes)
    await _forget(journal.persons)


async def _unsay(column: str, kind: str, changes: Sequence[tuple[UUID, Any, Any]]) -> None:
    """Give people back what was said of them before, where nobody has said anything else since."""
    if changes:
        query = (
            f'UPDATE person SET "{column}" = was.before FROM unnest({{}}::uuid[], {{}}::{kind}[], {{}}::{kind}[])'
            f' AS was (id, before, after) WHERE person.id = was.id AND person."{column}" = was.after'
        )
        await Person.raw(query, *([one[n] for one in changes] for n in range(3)))


async def _lock(persons: Sequence[UUID]) -> None:
    """People are changed in one order everywhere, so that two competitions do not wait for each other in a circle."""
    if persons:
        query = "SELECT id FROM person WHERE id = ANY({}) ORDER BY id FOR NO KEY UPDATE"
        await Person.raw(query, list(set(persons)))


async def _return_entries(rows: Sequence[dict[str, Any]]) -> None:
    """Withdrawn entries under their old numbers; under the next one where somebody else has the number now."""
    entries = _typed(rows)
    if not entries:
        return
    events = list({row["event"] for row in entries})
    there = await Entry.raw('SELECT event, number FROM "entry" WHERE event = ANY({})', events)
    taken = {(row["event"], row["number"]) for row in there}
    for row in entries:
        while (row["event"], row["number"]) in taken:
            row["number"] = 1 + max(number for event, number in taken if event == row["event"])
        taken.add((row["event"], row["number"]))
    await insert_rows(Entry, entries)


async def _forget(ids: Sequence[UUID]) -> None:
    """Nobody stays on record who was added by mistake; unless somebody else has entered them meanwhile, or is about
    to, or their photo or an attachment is kept already."""
    if not ids:
        return
    query = "SELECT id FROM person WHERE id = ANY({}) ORDER BY id FOR UPDATE SKIP LOCKED"
    ours = [row["id"] for row in await Person.raw(query, list(ids))]
    await Person.raw(
        "DELETE FROM person p WHERE id = ANY({}) AND NOT EXISTS (SELECT FROM member m WHERE m.person = p.id)"
        " AND NOT EXISTS (SELECT FROM photo f WHERE f.person = p.id)"
        " AND NOT EXISTS (SELECT FROM attachment a WHERE a.person = p.id)",
        ours,
    )


def _typed(rows: Sequence[Mapping[str, Any]]) -> list[Columns]:
    """Rows out of a journal, which keeps ids as text."""
    return [{name: UUID(value) if name in IDS else value for name, value in row.items()} for row in rows]
