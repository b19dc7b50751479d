"""A batch of marks while it is decided: what was sent, where the chains end, and for each post a row of the ledger or a refusal.

Nothing here asks the database: `ledger` reads what is known of the posts, and writes the rows.

What makes a mark one is its id. Its device and counter are held to it: another pair under the same id is a forgery and refused. The same
pair under another id is stored. A machine's program that was started anew counts from the beginning, as do a tablet whose disk was
put back and two tablets from one image; to refuse would lose the mark of a judge who did nothing wrong, and protects nothing, for whoever
marks under their own name may as well take the next counter. `podium audit verify` names each device that counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from scoring.marks import JUDGED, Mark, check_mark
from scoring.rounds import Round
from scoring.verdict import No, Words, Yes
from server.ledger import link
from server.marks.rules import Cell, Rules
from server.wire import Answer, NewMark


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
ROUND_LATE = No(
    "mark.round-late",
    Words(
        "这个分数到的时候，下一轮已经开始。它留底备查，合议用的仍是原来的分；请在新一轮里打分。",
        "The next round had begun when this mark came. It stays on record, the panel talks about the marks before it; score in the new round.",
    ),
)
"""Said beside `conflict`: the mark is in the ledger."""
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


def mark_fields(row: Any) -> list[Any]:
    """What the hash of a mark covers, in this order; fixed for ever under this name."""
    names = ("id", "event", "sequence", "entry", "aspect", "judge", "value", "round", "device", "counter")
    return ["podium-mark-1", *(row[name] for name in (*names, "made_at", "stored_at", "replaces", "conflict"))]


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
        self.rounds: dict[tuple[UUID, str, str], Round] = {}
        """The round that is open for a cell, where it is not the first; asked for only where a mark may meet one."""
        self.rows: list[dict[str, Any]] = []
        self.answers: list[Answer] = []

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
        late = self._late(post)
        conflict = late or last != mark.replaces or (post.bound is not None and author not in (None, post.judge))
        row = self._row(post, head, conflict)
        self.last[cell] = mark.id, mark.round, post.judge
        self.known[mark.id] = row
        self.rows.append(row)
        head.sequence, head.hash = row["sequence"], row["hash"]
        answer = _stored(row, "conflict" if conflict else "stored")
        if not late:
            return answer
        return msgspec.structs.replace(answer, code=ROUND_LATE.rule, zh=ROUND_LATE.reason.zh, en=ROUND_LATE.reason.en)

    def in_a_round(self, post: Post) -> bool:
        """Whether a mark may meet a round that is not the first: it says so, or its judge has scored this cell before."""
        mark = post.mark
        if mark.round > 1:
            return True
        event = self.rules.of(mark.event)
        known = self.rules.cell(mark.event, mark.entry, mark.aspect, post.judge) in self.last
        return (
            known
            and mark.aspect in event.scheme.by_id
            and event.scheme.aspect(mark.aspect).kind == JUDGED
            and mark.aspect not in event.once
        )

    def _late(self, post: Post) -> bool:
        """Whether a mark is of a round that is over for its judge, who has not scored in the open one."""
        mark = post.mark
        now = self.rounds.get((mark.event, mark.entry, mark.aspect))
        judge = self.rules.of(mark.event).labels.get(post.judge, "")
        return now is not None and judge in now.waiting and mark.round < now.number

    def _allowed(self, post: Post, head: Head | None) -> Yes | No:
        """A machine learns of no event but its own, and a judge hears of another panel's event what they hear of none; a machine's
        mark is the panel's, so that the rules see it under the first seat."""
        mark = post.mark
        if outside(post):
            return OUTSIDE_KEY
        if head is None:
            return NO_SEAT if post.bound is None else NO_EVENT
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
        now = self.rounds.get((mark.event, mark.entry, mark.aspect))
        if mark.round > max(own, now.number if now else 1):
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


def outside(post: Post) -> bool:
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
