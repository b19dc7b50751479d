"""What is stored that a form has to do with: its people, its delegation's entries, their entries elsewhere, their records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from server.competitions.flow import policy_of
from server.database.tables import Event, Member, SkillRecord
from server.registration.comparing import Facts, Stored
from server.registration.eligibility import History
from server.registration.form import Row, line_of
from server.registration.persons import identified, index_of, known
from server.registration.places import Room, rooms_of
from server.sealing import Sealer

MEMBERS = """SELECT m.id, m.entry, m.event, m.person, m.position, m.unit, m.occupation, m.occupation_code, m.level,
    m.level_certificate, m.identity, e.number, e.team, e.intake, e.state AS entry_state, e.step, e.version, p.name, p.phone_sealed, p.education, p.ethnicity,
    p.document_masked, v.name AS event_name, v.name_en AS event_name_en, v.division, v.code, v.state
FROM member m JOIN entry e ON e.id = m.entry JOIN person p ON p.id = m.person JOIN event v ON v.id = m.event
WHERE e.delegation = {} ORDER BY v.code, e.number, m.position"""
ELSEWHERE = """SELECT m.person, v.name AS event, d.name AS delegation, c.id = {} AS here, c.name AS competition, s.organiser
FROM member m JOIN entry e ON e.id = m.entry JOIN event v ON v.id = m.event JOIN delegation d ON d.id = e.delegation
    JOIN competition c ON c.id = v.competition JOIN series s ON s.id = c.series
WHERE m.person = ANY({}) AND e.delegation <> {} AND (c.id = {} OR (c.starts <= {} AND c.ends >= {}))
ORDER BY c.starts, d.name"""
PLACES = """SELECT m.person, v.occupation_code, (line ->> 'rank')::int AS rank
FROM member m JOIN event v ON v.id = m.event
    JOIN LATERAL (SELECT content FROM snapshot WHERE event = v.id ORDER BY version DESC LIMIT 1) f ON true
    CROSS JOIN LATERAL jsonb_array_elements(f.content::jsonb -> 'rows') line
WHERE m.person = ANY({}) AND line ->> 'entry' = m.entry::text AND v.state IN ('final', 'certified')"""


async def facts_for(
    competition: Mapping[str, Any], delegation: Mapping[str, Any], rows: Sequence[Row], sealer: Sealer
) -> Facts:
    """Everything that a comparison of these rows needs, as it is now."""
    query = Event.select().where(Event.competition == competition["id"]).output(load_json=True)
    events = {(row["name"], row["division"]): dict(row) for row in await query}
    indexes = {line_of(row): index_of(row, sealer) for row in rows if identified(row)}
    there = await known(indexes.values())
    people = {line: there[index] for line, index in indexes.items() if index in there}
    ids = list({person["id"] for person in people.values()})
    members = await members_of(delegation["id"])
    elsewhere = await _elsewhere(competition, delegation["id"], ids) if ids else {}
    rooms = await rooms_of(delegation["id"], [event["id"] for event in events.values()])
    return Facts(
        delegation=delegation["name"],
        events=events,
        starts=competition["starts"],
        indexes=indexes,
        people=people,
        members=members,
        elsewhere=elsewhere,
        histories=await _histories(ids, list(events.values())) if ids else {},
        rooms=rooms,
        basis=_basis(events, people, members, elsewhere, rooms),
    )


async def members_of(delegation: UUID) -> list[Stored]:
    """Everybody whom a delegation has entered, by event, entry and position."""
    return list(await Member.raw(MEMBERS, delegation))


async def _elsewhere(competition: Mapping[str, Any], delegation: UUID, ids: list[UUID]) -> dict[UUID, list[Any]]:
    here, starts, ends = competition["id"], competition["starts"], competition["ends"]
    found: dict[UUID, list[Any]] = {}
    for row in await Member.raw(ELSEWHERE, here, ids, delegation, here, ends, starts):
        found.setdefault(row["person"], []).append(row)
    return found


async def _histories(ids: list[UUID], events: Sequence[Mapping[str, Any]]) -> dict[UUID, History]:
    """Titles and places of these people, where a policy of this competition asks for them."""
    tests = {rule.test for event in events for rule in policy_of(event).eligibility}
    titles: dict[UUID, set[str]] = {}
    places: dict[UUID, dict[str, list[int]]] = {}
    if "titles-barred" in tests:
        query = SkillRecord.raw("SELECT person, title FROM skill_record WHERE title <> '' AND person = ANY({})", ids)
        for row in await query:
            titles.setdefault(row["person"], set()).add(row["title"])
    if "earlier-places-barred" in tests:
        for row in await Member.raw(PLACES, ids):
            places.setdefault(row["person"], {}).setdefault(row["occupation_code"], []).append(row["rank"])
    return {
        person: History(
            frozenset(titles.get(person, ())),
            {code: tuple(ranks) for code, ranks in places.get(person, {}).items()},
        )
        for person in {*titles, *places}
    }


def _basis(
    events: Mapping[Any, Mapping[str, Any]],
    people: Mapping[Any, Mapping[str, Any]],
    members: Sequence[Stored],
    elsewhere: Mapping[UUID, Sequence[Mapping[str, Any]]],
    rooms: Mapping[UUID, Room],
) -> str:
    """A fingerprint of all that a preview was made from: when it differs later, the preview is old."""
    names = (
        "id",
        "entry",
        "team",
        "unit",
        "level",
        "level_certificate",
        "identity",
        "education",
        "ethnicity",
        "name",
        "version",
    )
    told = [
        sorted((str(event["id"]), event["state"], event["policy_fingerprint"]) for event in events.values()),
        sorted(
            (str(event["id"]), str(rooms[event["id"]].quota), event["capacity"], rooms[event["id"]].full)
            for event in events.values()
            if event["capacity"] or rooms[event["id"]].quota is not None
        ),
        sorted({(str(person["id"]), person["name"]) for person in people.values()}),
        sorted([*(str(row[name]) for name in names), row["phone_sealed"].hex()] for row in members),
        sorted((str(person), row["event"], row["delegation"]) for person, rows in elsewhere.items() for row in rows),
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
