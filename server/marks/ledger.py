"""The mark ledger: what a mark is on the wire and in the chain, and how a batch of marks is stored.

A mark is a row that is never changed. The current mark of a cell is its last row. A *cell* is (entry, aspect) for what
the panel records once, and (entry, aspect, judge) for what every judge marks. A mark says which mark of its cell it
replaces; when the cell holds another one by then, the mark is stored all the same and wears `conflict`, and the cell
stays in conflict until a person sends a mark that replaces the last one. A score of a round that is over for its judge
(scoring.rounds) wears it too, and is settled by the score of the open round. A machine's mark over somebody else's always
wears it: a machine never overrules a person.

`store` is the one hand-tuned piece of SQL. A batch is read, decided, and put at the ends of its chains in
one statement, which does nothing when one of the chains has grown in between: two questions to the database, and nobody waits
for a lock meanwhile. Where somebody else did add to one, the batch locks the heads of its events first, in the order of their
ids, so that writers on several machines neither fork a chain nor deadlock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from scoring.marks import Mark
from scoring.rounds import Round, in_time, open_rounds
from server.marks.batch import Batch, Head, Post, outside
from server.marks.rules import Rules
from server.wire import Answer, NewMark

MOST = 200
"""Marks in one post."""


HEADS = "SELECT id, sequence, hash, open FROM mark_head WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
FACTS = """
SELECT e.id AS of, e.version, k.id, k.event, k.entry, k.aspect, k.judge, k.value, k.round, k.device, k.counter, k.sequence, k.hash,
    k.conflict, last.id AS last, last.round AS last_round, last.judge AS author, h.sequence AS at, h.hash AS tip, h.open AS taking
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::uuid[]) WITH ORDINALITY AS c (id, event, entry, aspect, judge, place)
LEFT JOIN event e ON e.id = c.event
LEFT JOIN mark_head h ON h.id = c.event
LEFT JOIN mark k ON k.id = c.id
LEFT JOIN LATERAL (
    SELECT id, round, judge FROM mark m
    WHERE m.event = c.event AND m.entry = c.entry AND m.aspect = c.aspect AND (c.judge IS NULL OR m.judge = c.judge)
    ORDER BY sequence DESC LIMIT 1
) AS last ON true
ORDER BY c.place
"""
"""For each post in its order: its event's version and head, the mark that has its id already, and the last mark of its cell."""
GIVEN = """
SELECT c.event, c.entry, c.aspect, s.account AS judge, last.value, last.round, last.conflict
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS c (event, entry, aspect) JOIN seat s ON s.event = c.event
CROSS JOIN LATERAL (
    SELECT value, round, conflict FROM mark m
    WHERE m.event = c.event AND m.entry = c.entry AND m.aspect = c.aspect AND m.judge = s.account
    ORDER BY sequence DESC LIMIT 1
) AS last
"""
HISTORY = """
SELECT m.event, m.entry, m.aspect, m.judge, m.value, m.round
FROM mark m JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS c (event, entry, aspect)
    ON m.event = c.event AND m.entry = c.entry AND m.aspect = c.aspect
ORDER BY m.event, m.sequence
"""
COLUMNS = (
    ("id", "text"),
    ("event", "uuid"),
    ("sequence", "bigint"),
    ("entry", "text"),
    ("aspect", "text"),
    ("judge", "uuid"),
    ("value", "integer"),
    ("round", "integer"),
    ("device", "text"),
    ("counter", "bigint"),
    ("made_at", "timestamptz"),
    ("stored_at", "timestamptz"),
    ("replaces", "text"),
    ("conflict", "boolean"),
    ("previous", "bytea"),
    ("hash", "bytea"),
)
ADD = "INSERT INTO mark ({}) SELECT * FROM unnest({})".format(
    ", ".join(name for name, _ in COLUMNS), ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(COLUMNS, 1))
)
MOVE = """
UPDATE mark_head SET sequence = new.sequence, hash = new.hash
FROM unnest(${}::uuid[], ${}::bigint[], ${}::bytea[]) AS new (id, sequence, hash) WHERE mark_head.id = new.id
""".format(*range(len(COLUMNS) + 1, len(COLUMNS) + 4))
GROW = f"WITH added AS ({ADD}) {MOVE}"
"""The rows of a batch and the new heads of their chains, in one statement."""
GROW_WHERE_IT_ENDED = """
WITH held AS (
    SELECT h.id FROM unnest(${0}::uuid[], ${3}::bigint[]) AS read (id, sequence)
    JOIN mark_head h ON h.id = read.id AND h.sequence = read.sequence AND h.open ORDER BY h.id FOR UPDATE OF h
), added AS ({add} WHERE (SELECT count(*) FROM held) = cardinality(${0})
), moved AS ({move} AND (SELECT count(*) FROM held) = cardinality(${0}) RETURNING mark_head.id)
SELECT count(*) > 0 FROM moved
""".format(*range(len(COLUMNS) + 1, len(COLUMNS) + 5), add=ADD, move=MOVE)
"""The same where all of these chains still take marks and end where they were read; otherwise nothing. Who waits here for another
writer's lock reads the head once more when it is free (PostgreSQL, Read Committed)."""


async def store(connection: asyncpg.Connection, posts: Sequence[Post], rules: Rules, now: datetime) -> list[Answer]:
    """Store a batch at once, in the order it came; an answer for each post in the same order.

    An answer may be given to a judge only after this returned. Storing the same posts again changes nothing.
    """
    answers = await store_unlocked(connection, posts, rules, now)
    return await store_locked(connection, posts, rules, now) if answers is None else answers


async def store_unlocked(
    connection: asyncpg.Connection, posts: Sequence[Post], rules: Rules, now: datetime
) -> list[Answer] | None:
    """The same where nobody else adds to these chains meanwhile; None where somebody did, and nothing is stored."""
    facts = await _facts(connection, posts, rules)
    inside = [(post, fact) for post, fact in zip(posts, facts, strict=True) if not outside(post)]
    heads = {
        post.mark.event: Head(fact["at"], fact["tip"], fact["taking"])
        for post, fact in inside
        if fact["tip"] is not None
    }
    read = {event: head.sequence for event, head in heads.items()}
    batch = await _decided(connection, posts, facts, Batch(heads, rules, now))
    if not batch.rows:
        return batch.answers
    columns, moved = _columns(batch.rows)
    ends = [heads[event].sequence for event in moved], [heads[event].hash for event in moved]
    grown = await connection.fetchval(GROW_WHERE_IT_ENDED, *columns, moved, *ends, [read[event] for event in moved])
    return batch.answers if grown else None


async def store_locked(
    connection: asyncpg.Connection, posts: Sequence[Post], rules: Rules, now: datetime
) -> list[Answer]:
    """The same whoever else adds to these chains: one after the other."""
    async with connection.transaction():
        events = sorted({post.mark.event for post in posts if not outside(post)})
        heads = {
            row["id"]: Head(row["sequence"], row["hash"], row["open"]) for row in await connection.fetch(HEADS, events)
        }
        facts = await _facts(connection, posts, rules)
        batch = await _decided(connection, posts, facts, Batch(heads, rules, now))
        if batch.rows:
            await grow(connection, batch.rows, heads)
    return batch.answers


async def _decided(
    connection: asyncpg.Connection, posts: Sequence[Post], facts: Sequence[Mapping[str, Any]], batch: Batch
) -> Batch:
    """A batch with all its posts decided."""
    batch.take(posts, facts)
    if again := [post.mark for post in posts if post.mark.event in batch.heads and batch.in_a_round(post)]:
        batch.rounds = await _open_rounds(connection, again, batch.rules)
    batch.answers = [batch.add(post) for post in posts]
    return batch


async def grow(connection: asyncpg.Connection, rows: Sequence[Mapping[str, Any]], heads: Mapping[UUID, Head]) -> None:
    """Put rows at the end of their chains, whose heads are known and locked."""
    columns, moved = _columns(rows)
    await connection.execute(GROW, *columns, moved, [heads[e].sequence for e in moved], [heads[e].hash for e in moved])


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[list[list[Any]], list[UUID]]:
    """Rows as the arrays that the statements take, and the events whose chains they lengthen."""
    return [[row[name] for row in rows] for name, _ in COLUMNS], sorted({row["event"] for row in rows})


async def _facts(connection: asyncpg.Connection, posts: Sequence[Post], rules: Rules) -> list[asyncpg.Record]:
    """What the ledger has for these posts. Which cell is meant follows from the rules of their events; where those have
    changed they are loaded, and it is asked once more.
    """
    while True:
        marks = [post.mark for post in posts]
        cells = [rules.cell(post.mark.event, post.mark.entry, post.mark.aspect, post.judge) for post in posts]
        rows = await connection.fetch(
            FACTS, [mark.id for mark in marks], *([cell[n] for cell in cells] for n in range(4))
        )
        versions = {row["of"]: row["version"] for row in rows if row["tip"] is not None}
        if not await rules.renewed(connection, versions):
            return rows


async def _open_rounds(
    connection: asyncpg.Connection, marks: Sequence[NewMark], rules: Rules
) -> dict[tuple[UUID, str, str], Round]:
    """The rounds that are open for these cells, by what the panel has given so far; where one is in conflict, by all of it."""
    cells = sorted({(mark.event, mark.entry, mark.aspect) for mark in marks}, key=str)
    last = await connection.fetch(GIVEN, *([cell[n] for cell in cells] for n in range(3)))
    doubtful = sorted({(row["event"], row["entry"], row["aspect"]) for row in last if row["conflict"]}, key=str)
    whole = await connection.fetch(HISTORY, *([cell[n] for cell in doubtful] for n in range(3))) if doubtful else []
    given: dict[UUID, list[Mark]] = {}
    for row in (*(row for row in last if (row["event"], row["entry"], row["aspect"]) not in doubtful), *whole):
        judge = rules.of(row["event"]).labels.get(row["judge"], "")
        given.setdefault(row["event"], []).append(Mark(judge, row["entry"], row["aspect"], row["value"], row["round"]))
    found = {}
    for event, marks_ in given.items():
        known = rules.of(event)
        counted = in_time(known.scheme, known.panel, marks_, known.spread)
        for one in open_rounds(known.scheme, known.panel, counted, known.spread):
            found[event, one.entry, one.aspect] = one
    return found
