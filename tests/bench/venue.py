"""A venue for `podium bench marks`: 32 events, each with a panel of eight, 30 work codes and 100 aspects, all of it open.

The tables are Podium's own. Beside them stand the two tables that a program without Podium's rules would look aspects
and work codes up in, so that the peers ask what their own documentation would have them ask.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from scoring.marks import Aspect, Criterion, Module, Scheme, SubCriterion
from server.database.piccolo_conf import DB
from server.marks.flow import seat
from server.people.flow import open_session
from tests.server.small import account, add_welding, founded

EVENTS, PANEL, CODES, CRITERIA = 32, 8, 30, 10
SECRET = "a secret of the measurement, of 32 letters and more"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

PLAIN_TABLES = """
CREATE TABLE plain_aspect (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event uuid NOT NULL REFERENCES event, code text NOT NULL,
    top integer NOT NULL, steps jsonb NOT NULL, UNIQUE (event, code)
);
CREATE TABLE plain_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event uuid NOT NULL REFERENCES event, code text NOT NULL,
    UNIQUE (event, code)
);
"""
OPEN = "UPDATE event SET state = 'marking', version = version + 1"
OPEN_BOARDS = (
    "INSERT INTO board (id, event, shows, version, at) SELECT gen_random_uuid(), id, 'standings', 1, now() FROM event"
)
DRAW = """
INSERT INTO draw (id, event, algorithm, commitments, public, seed, stations, entries, at, codes)
SELECT gen_random_uuid(), id, 'measurement', '[]', '', '', 30, '[]', now(), $1::jsonb FROM event WHERE id = $2
"""


@dataclass(frozen=True)
class Tablet:
    """One judge's tablet: the session that it holds and the event that it marks."""

    name: str
    judge: UUID
    session: str
    event: UUID
    entries: int = CODES

    def marks(self, after: int = 0) -> Iterator[bytes]:
        """Posts of one mark each, as JSON, for ever: cell by cell, and when all are full once more with other values. With
        `after` the first so many cells have their marks already (`given`).
        """
        cells = list(itertools.product(codes(self.entries), SCHEME.aspects))
        last = {(code, aspect.id): _ulid(self.name, n) for n, (code, aspect) in enumerate(cells[:after])}
        for counter in itertools.count(after or 1):
            entry, aspect = cells[counter % len(cells)]
            id, cell = _ulid(self.name, counter), (entry, aspect.id)
            yield json.dumps([{
                "id": id, "event": str(self.event), "entry": entry, "aspect": aspect.id, "value": 100 * (counter % 4),
                "device": self.name, "counter": counter, "made_at": "2026-10-16T01:00:00.000000Z",
                "replaces": last.get(cell, ""),
            }]).encode()  # fmt: skip
            last[cell] = id

    def given(self, after: int) -> list[tuple[str, str, str, int]]:
        """The first so many marks of this tablet: id, work code, aspect, hundredths."""
        cells = itertools.islice(itertools.product(codes(), SCHEME.aspects), after)
        return [(_ulid(self.name, n), code, aspect.id, 100 * (n % 4)) for n, (code, aspect) in enumerate(cells)]


def codes(entries: int = CODES) -> list[str]:
    """The work codes of an event."""
    return [f"W-{number:02}" for number in range(1, entries + 1)]


def _ulid(tablet: str, counter: int) -> str:
    number, text = int(tablet.removeprefix("tablet-")) << 60 | counter, ""
    for _ in range(24):
        text = DIGITS[number & 31] + text
        number >>= 5
    return f"01{text}"


def _scheme() -> Scheme:
    """Half measured, half judged; every judge gives each of them."""
    judged = ("missing", "acceptable", "good", "excellent")
    criteria = []
    for letter in "ABCDEFGHIJ"[:CRITERIA]:
        aspects = tuple(
            Aspect(f"{letter}1.{n:02}", "measured", f"measured {n}", 1000, "all")
            if n % 2
            else Aspect(f"{letter}1.{n:02}", "judged", f"judged {n}", 1000, "all", anchors=judged)
            for n in range(1, 11)
        )
        criteria.append(
            Criterion(letter, letter, 10_000, "practice", (SubCriterion(f"{letter}1", f"{letter}1", aspects),))
        )
    return Scheme("measurement", (Module("practice", "practice", 100),), tuple(criteria))


SCHEME = _scheme()


async def built(dsn: str, entries: Sequence[int] = (CODES,) * EVENTS, panel: int = PANEL) -> list[Tablet]:
    """Fill a migrated database with an event for each number of `entries`; the tablets of all judges, signed in."""
    await DB.connect(dsn, 4)
    try:
        small = await founded("measured", code="E00", scheme=SCHEME)
        for number in range(1, len(entries)):
            await add_welding(small, f"E{number:02}", SCHEME)
        tablets = []
        for number, size in enumerate(entries):
            event = await small.event(f"E{number:02}")
            for place in range(panel):
                judge = await account(f"judge {number}-{place}")
                await seat(event, judge, place == 0, small.staff, datetime.now(UTC))
                session = await open_session(judge, datetime.now(UTC))
                tablets.append(Tablet(f"tablet-{len(tablets)}", judge, session, event["id"], size))
    finally:
        await DB.disconnect()
    await _opened(dsn, {tablet.event: tablet.entries for tablet in tablets})
    return tablets


async def _opened(dsn: str, sizes: Mapping[UUID, int]) -> None:
    """Open every event as the draw and the door to marking do, and write down what the peers look up."""
    connection = await asyncpg.connect(dsn)
    try:
        for event, size in sizes.items():
            await connection.execute(DRAW, json.dumps(codes(size)), event)
        await connection.execute(OPEN)
        await connection.execute("UPDATE mark_head SET open = true")
        await connection.execute(PLAIN_TABLES)
        events = [row["id"] for row in await connection.fetch("SELECT id FROM event")]
        aspects = [
            (event, one.id, 300 if one.kind == "judged" else one.maximum, "[0, 100, 200, 300]" if one.kind == "judged" else "[]")
            for event in events
            for one in SCHEME.aspects
        ]  # fmt: skip
        await connection.executemany("INSERT INTO plain_aspect (event, code, top, steps) VALUES ($1, $2, $3, $4)", aspects)  # fmt: skip
        entries = [(event, code) for event, size in sizes.items() for code in codes(size)]
        await connection.executemany("INSERT INTO plain_entry (event, code) VALUES ($1, $2)", entries)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
