"""The mark ledger: what a mark is on the wire and in the chain, and how a batch of marks is stored.

A mark is a row that is never changed. The current mark of a cell is its last row. A *cell* is (entry, aspect) for what
the panel records once, and (entry, aspect, judge) for what every judge marks. A mark says which mark of its cell it
replaces; when the cell holds another one by then, the mark is stored all the same and wears `conflict`, and the cell
stays in conflict until a person sends a mark that replaces the last one. A machine's mark over somebody else's always
wears it: a machine never overrules a person.

`store` is the one hand-tuned piece of SQL (design §4 item 3): a batch locks the heads of its events in the order of
their ids, so that writers on several machines neither fork a chain nor deadlock, and is committed in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from scoring.marks import Mark, check_mark
from scoring.rounds import open_rounds
from scoring.verdict import No, Words, Yes
from server.ledger import link
from server.marks.rules import Cell, Rules
from server.wire import Answer, NewMark

MOST = 200
"""Marks in one post."""


@dataclass(frozen=True, slots=True)
class Post:
    """A mark and the account of the judge who sent it, or of the machine: then with the aspects that its key is bound to."""

    mark: NewMark
    judge: UUID
    bound: Mapping[UUID, frozenset[str]] | None = None
    rescued: bool = False
    """Read from codes under the tablet's seal: whatever its clock said, there is no other way to save the mark."""


@dataclass(slots=True)
class Head:
    """The newest row of an event's chain while a batch is being added."""

    sequence: int
    hash: bytes
    open: bool


SAME = ("event", "entry", "aspect", "value", "round", "device", "counter")
"""What a mark that is sent again has in common with the one that is stored."""
NOT_OPEN = No(
    "marks.not-open",
    Words(
        "这个赛项现在不收分：还没开始打分，或已经封存。封存后请告诉裁判长。",
        "This event takes no marks now: marking has not begun, or it is sealed. After a seal, tell the chief judge.",
    ),
)
ID_REUSED = No(
    "mark.id-reused", Words("这个编号已经用在另一个分数上。", "This id already belongs to a different mark.")
)
ROUND_OVER = No(
    "mark.round-over",
    Words("这一轮已经打完，你已在下一轮打过分。", "That round is over; you have scored in a later one."),
)
ROUND_NOT_OPEN = No(
    "mark.round-not-open",
    Words("这一项现在没有开放这一轮重打。", "This aspect is not being scored again in that round."),
)
OUTSIDE_KEY = No(
    "key.outside",
    Words("这个密钥不能给这个赛项的这一项打分。", "This key may not mark this aspect of this event."),
)
NO_SEAT = No("mark.not-on-panel", Words("你不在这个赛项的裁判组里。", "You are not on the panel of this event."))
"""Said before anything else of an event: who does not sit on its panel learns neither its work codes nor its aspects."""
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=366)
BAD_CLOCK = No(
    "mark.clock",
    Words(
        "这台平板的时间不对，分数没有收。请把平板的日期和时间设好，再打一次。",
        "The clock of this tablet is wrong; the mark was not taken. Set its date and time, then mark again.",
    ),
)
"""No program of this kind ran before `FIRST`, and no clock that is merely fast is a year `AHEAD`. Nothing else is decided by a
tablet's clock, and Podium's own app asks the server's first."""
NO_EVENT = No("mark.unknown-event", Words("没有这个赛项。", "There is no such event."))

HEADS = "SELECT id, sequence, hash, open FROM mark_head WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
FACTS = """
SELECT e.id AS of, e.version, k.id, k.event, k.entry, k.aspect, k.judge, k.value, k.round, k.device, k.counter, k.sequence, k.hash,
    k.conflict, last.id AS last, last.round AS last_round, last.judge AS author
FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::uuid[]) WITH ORDINALITY AS c (id, event, entry, aspect, judge, place)
LEFT JOIN event e ON e.id = c.event
LEFT JOIN mark k ON k.id = c.id
LEFT JOIN LATERAL (
    SELECT id, round, judge FROM mark m
    WHERE m.event = c.event AND m.entry = c.entry AND m.aspect = c.aspect AND (c.judge IS NULL OR m.judge = c.judge)
    ORDER BY sequence DESC LIMIT 1
) AS last ON true
ORDER BY c.place
"""
"""For each post in its order: its event's version, the mark that has its id already, and the last mark of its cell."""
GIVEN = """
SELECT DISTINCT ON (m.event, m.entry, m.aspect, m.judge) m.event, m.entry, m.aspect, m.judge, m.value, m.round
FROM mark m JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS c (event, entry, aspect)
    ON m.event = c.event AND m.entry = c.entry AND m.aspect = c.aspect
ORDER BY m.event, m.entry, m.aspect, m.judge, m.sequence DESC
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


def mark_fields(row: Any) -> list[Any]:
    """What the hash of a mark covers, in this order; fixed for ever under this name."""
    names = ("id", "event", "sequence", "entry", "aspect", "judge", "value", "round", "device", "counter")
    return ["podium-mark-1", *(row[name] for name in (*names, "made_at", "stored_at", "replaces", "conflict"))]


async def store(connection: asyncpg.Connection, posts: Sequence[Post], rules: Rules, now: datetime) -> list[Answer]:
    """Store a batch in one transaction, in the order it came; an answer for each post in the same order.

    An answer may be given to a judge only after this returned. Storing the same posts again changes nothing.
    """
    async with connection.transaction():
        events = sorted({post.mark.event for post in posts if not _outside(post)})
        heads = {
            row["id"]: Head(row["sequence"], row["hash"], row["open"]) for row in await connection.fetch(HEADS, events)
        }
        batch = Batch(heads, rules, now)
        batch.take(posts, await _facts(connection, posts, rules, heads))
        if again := [post.mark for post in posts if post.mark.round > 1 and post.mark.event in heads]:
            batch.rounds = await _open_rounds(connection, again, rules)
        answers = [batch.add(post) for post in posts]
        if batch.rows:
            await grow(connection, batch.rows, heads)
    return answers


async def grow(connection: asyncpg.Connection, rows: Sequence[Mapping[str, Any]], heads: Mapping[UUID, Head]) -> None:
    """Put rows at the end of their chains, whose heads are known and locked."""
    moved = sorted({row["event"] for row in rows})
    columns = [[row[name] for row in rows] for name, _ in COLUMNS]
    await connection.execute(GROW, *columns, moved, [heads[e].sequence for e in moved], [heads[e].hash for e in moved])


async def _facts(
    connection: asyncpg.Connection, posts: Sequence[Post], rules: Rules, heads: Mapping[UUID, Head]
) -> list[asyncpg.Record]:
    """What the ledger has for these posts. Which cell is meant follows from the rules of their events; where those have
    changed they are loaded, and it is asked once more.
    """
    while True:
        marks = [post.mark for post in posts]
        cells = [rules.cell(post.mark.event, post.mark.entry, post.mark.aspect, post.judge) for post in posts]
        rows = await connection.fetch(
            FACTS, [mark.id for mark in marks], *([cell[n] for cell in cells] for n in range(4))
        )
        versions = {row["of"]: row["version"] for row in rows if row["of"] in heads}
        if not await rules.renewed(connection, versions):
            return rows


async def _open_rounds(
    connection: asyncpg.Connection, marks: Sequence[NewMark], rules: Rules
) -> dict[tuple[UUID, str, str], int]:
    """The rounds that are open for these cells, by what the panel has given so far."""
    cells = sorted({(mark.event, mark.entry, mark.aspect) for mark in marks}, key=str)
    given: dict[UUID, list[Mark]] = {}
    for row in await connection.fetch(GIVEN, *([cell[n] for cell in cells] for n in range(3))):
        judge = rules.of(row["event"]).labels.get(row["judge"], "")
        given.setdefault(row["event"], []).append(Mark(judge, row["entry"], row["aspect"], row["value"], row["round"]))
    found = {}
    for event, last in given.items():
        known = rules.of(event)
        for one in open_rounds(known.scheme, known.panel, last, known.spread):
            found[event, one.entry, one.aspect] = one.number
    return found


Last = tuple[str, int, UUID | None]
"""The last mark of a cell: its id, its round, the account of whoever gave it."""
NO_MARK: Last = ("", 1, None)


class Batch:
    """The rows that a batch adds, decided one post after the other."""

    def __init__(self, heads: dict[UUID, Head], rules: Rules, now: datetime) -> None:
        self.heads, self.rules, self.now = heads, rules, now
        self.known: dict[str, Mapping[str, Any]] = {}
        """The marks that have the id of a post, in the ledger or earlier in the batch."""
        self.last: dict[Cell, Last] = {}
        self.rounds: dict[tuple[UUID, str, str], int] = {}
        """The round that is open for a cell, where it is not the first; asked for only when a mark says that it is of one."""
        self.rows: list[dict[str, Any]] = []

    def take(self, posts: Sequence[Post], facts: Sequence[Mapping[str, Any]]) -> None:
        """What the ledger has for the posts, before any of them is added."""
        for post, fact in zip(posts, facts, strict=True):
            if fact["id"]:
                self.known[post.mark.id] = fact
            if fact["last"]:
                cell = self.rules.cell(post.mark.event, post.mark.entry, post.mark.aspect, post.judge)
                self.last[cell] = fact["last"], fact["last_round"], fact["author"]

    def add(self, post: Post) -> Answer:
        """Decide one post: a row of the ledger, or a refusal that stores nothing."""
        mark = post.mark
        if before := self.known.get(mark.id):
            return _again(post, before)
        head = self.heads.get(mark.event)
        verdict = self._allowed(post, head)
        if head is None or isinstance(verdict, No):
            return Answer(mark.id, "refused", verdict.rule, verdict.reason.zh, verdict.reason.en)
        cell = self.rules.cell(mark.event, mark.entry, mark.aspect, post.judge)
        last, _, author = self.last.get(cell, NO_MARK)
        conflict = last != mark.replaces or (post.bound is not None and author not in (None, post.judge))
        row = self._row(post, head, conflict)
        self.last[cell] = mark.id, mark.round, post.judge
        self.known[mark.id] = row
        self.rows.append(row)
        head.sequence, head.hash = row["sequence"], row["hash"]
        return _stored(row, "conflict" if conflict else "stored")

    def _allowed(self, post: Post, head: Head | None) -> Yes | No:
        """A machine learns of no event but its own; its mark is the panel's, so that the rules see it under the first seat."""
        mark = post.mark
        if _outside(post):
            return OUTSIDE_KEY
        if head is None:
            return NO_EVENT
        event = self.rules.of(mark.event)
        if post.bound is None and post.judge not in event.labels:
            return NO_SEAT
        if not head.open:
            return NOT_OPEN
        if not post.rescued and not FIRST <= mark.made_at <= self.now + AHEAD:
            return BAD_CLOCK
        if post.bound is not None and mark.aspect in event.scheme.by_id and mark.aspect not in event.once:
            return OUTSIDE_KEY
        judge = event.labels.get(post.judge, "") if post.bound is None else min(event.panel, default="")
        said = Mark(judge=judge, entry=mark.entry, aspect=mark.aspect, value=mark.value, round=mark.round)
        verdict = check_mark(event.scheme, event.panel, event.entries, said)
        return verdict if isinstance(verdict, No) else self._in_round(post)

    def _in_round(self, post: Post) -> Yes | No:
        """A mark is of the round that its judge is in, or of the next one when that is open."""
        mark = post.mark
        _, own, _ = self.last.get(self.rules.cell(mark.event, mark.entry, mark.aspect, post.judge), NO_MARK)
        if mark.round < own:
            return ROUND_OVER
        if mark.round > max(own, self.rounds.get((mark.event, mark.entry, mark.aspect), 1)):
            return ROUND_NOT_OPEN
        return Yes()

    def _row(self, post: Post, head: Head, conflict: bool) -> dict[str, Any]:
        row = {
            **msgspec.structs.asdict(post.mark),
            "judge": post.judge,
            "sequence": head.sequence + 1,
            "stored_at": self.now,
            "conflict": conflict,
            "previous": head.hash,
        }
        row["hash"] = link(head.hash, mark_fields(row))
        return row


def _outside(post: Post) -> bool:
    """Whether a machine marks what its key is not bound to; then no event is touched."""
    return post.bound is not None and post.mark.aspect not in post.bound.get(post.mark.event, ())


def _again(post: Post, before: Mapping[str, Any]) -> Answer:
    """A post whose id is in the ledger already: the same mark is a duplicate; another one, or one of another tablet, is refused."""
    same = all(getattr(post.mark, name) == before[name] for name in SAME)
    if not same or before["judge"] != post.judge:
        return Answer(post.mark.id, "refused", ID_REUSED.rule, ID_REUSED.reason.zh, ID_REUSED.reason.en)
    return _stored(before, "duplicate", before["conflict"])


def _stored(row: Mapping[str, Any], status: str, conflict: bool = False) -> Answer:
    return Answer(row["id"], status, sequence=row["sequence"], hash=row["hash"].hex(), conflict=conflict)
