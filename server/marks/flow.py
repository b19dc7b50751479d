"""Panels, what is owed, and the current marks of an event as the rules want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.cells import owed
from scoring.marks import Facts, Mark, Scheme
from scoring.rounds import Round, in_time, open_rounds
from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.competitions.api_keys import machines_of
from server.competitions.flow import policy_of, scheme_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Custodian, Event, MarkHead, Seat
from server.errors import Refusal
from server.ledger import hold, record
from server.marks.floor import facts_of_entries

CURRENT = """
SELECT DISTINCT ON (m.entry, m.aspect, m.judge)
    m.id, m.entry, m.aspect, m.judge, m.value, m.round, m.conflict, m.stored_at, m.sequence
FROM mark m WHERE m.event = {} ORDER BY m.entry, m.aspect, m.judge, m.sequence DESC
"""
HISTORY = """
SELECT m.entry, m.aspect, m.judge, m.value, m.round
FROM mark m JOIN unnest({}::text[], {}::text[]) AS c (entry, aspect) ON m.entry = c.entry AND m.aspect = c.aspect
WHERE m.event = {} ORDER BY m.sequence
"""
HEADS = "SELECT e.id, e.version, h.hash FROM event e JOIN mark_head h ON h.id = e.id WHERE e.id = ANY({})"
COUNTED = """SELECT event, count(*) AS n FROM (SELECT DISTINCT event, entry, aspect, judge FROM mark WHERE event = ANY({})) cells
GROUP BY event"""


@dataclass(frozen=True, slots=True)
class Panel:
    """Who marks an event: accounts and their labels J1, J2 …, the chief judge first; machines by the names of their keys."""

    labels: Mapping[UUID, str]
    machines: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels in order."""
        return tuple(self.labels.values())

    def seat_of(self, account: UUID) -> str:
        """Under which label the rules see a mark; what a machine gave is the panel's, and stands under the first seat."""
        return min(self.names) if account in self.machines else self.labels[account]

    def name_of(self, account: UUID) -> str:
        """Who gave a mark, for people: J1, J2 …, or the name of a machine's key."""
        return self.machines.get(account) or self.labels.get(account, "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the marking of an event is; numbers of cells."""

    owed: int
    stored: int
    conflicts: int
    alarms: int
    marked_absent: tuple[str, ...] = ()
    """Work codes of entries that did not come and have marks all the same."""

    @property
    def total(self) -> int:
        """Every cell that the scheme, the panel and the entries ask for."""
        return self.owed + self.stored


async def seat(event: Mapping[str, Any], account: UUID, chief: bool, actor: Actor, at: datetime) -> str:
    """Give a judge the next place on the panel, until the event is sealed; the label (J1 …).

    Raises Refusal `panel.sealed`, `panel.chief`, `panel.seated` or `panel.custodian`.
    """
    async with DB.transaction():
        await hold(event["competition"])
        now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
        if now["state"] not in ("setup", "registration", "drawn", "marking"):
            raise Refusal(
                "panel.sealed", Words("赛项已封存，裁判组不能再变。", "The event is sealed; its panel stays as it is.")
            )
        seats = await Seat.select().where(Seat.event == event["id"])
        if chief and any(row["chief"] for row in seats):
            raise Refusal("panel.chief", Words("这个赛项已有裁判长。", "This event has a chief judge already."))
        if any(row["account"] == account for row in seats):
            raise Refusal("panel.seated", Words("这位裁判已在裁判组里。", "This judge is on the panel already."))
        kept = (Custodian.ceremony.event == event["id"]) & (Custodian.ceremony.outcome != "withdrawn")
        if await Custodian.exists().where(kept & (Custodian.account == account)):
            raise Refusal(
                "panel.custodian",
                Words(
                    "此人保管本赛项抽签的一层，不能作裁判。",
                    "This person keeps a layer of this event's draw and cannot judge it.",
                ),
            )
        taken = {row["number"] for row in seats}
        number = next(number for number in range(1, len(seats) + 2) if number not in taken)
        await Seat.insert(Seat(id=uuid4(), event=event["id"], account=account, number=number, chief=chief))
        await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
        data = {"account": str(account), "seat": f"J{number}", "chief": chief}
        await record(event["competition"], "judge.seated", actor, at, event=event["id"], data=data)
    return f"J{number}"


async def panel_of(event: UUID) -> Panel:
    """The panel of an event in the order of its seats."""
    rows = await Seat.select(Seat.account, Seat.number).where(Seat.event == event).order_by(Seat.number)
    return Panel({row["account"]: f"J{row['number']}" for row in rows}, await machines_of(event))


async def current_rows(event: UUID) -> list[dict[str, Any]]:
    """The last row of every (entry, aspect, judge) of an event."""
    return [dict(row) for row in await MarkHead.raw(CURRENT, event)]


def current_marks(rows: Sequence[Mapping[str, Any]], panel: Panel, scheme: Scheme) -> list[Mark]:
    """Rows as the rules want them; of what the panel records once, only the last row counts, whoever sent it."""
    once = {aspect.id for aspect in scheme.aspects if aspect.recorded == "one"}
    newest: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["sequence"]):
        judge = "" if row["aspect"] in once else panel.seat_of(row["judge"])
        newest[row["entry"], row["aspect"], judge] = row
    return [
        Mark(panel.seat_of(row["judge"]), row["entry"], row["aspect"], row["value"], row["round"])
        for row in newest.values()
    ]


async def rounds_of(
    event: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    panel: Panel,
    scheme: Scheme,
    entries: Mapping[str, Facts],
) -> tuple[Round, ...]:
    """The cells that are scored again. `rows` are the current ones; of a cell in conflict everything is looked at, for a score
    that came late is no part of what the panel talks about.
    """
    spread, marks = policy_of(event).marking.spread, current_marks(rows, panel, scheme)
    doubtful = sorted({(row["entry"], row["aspect"]) for row in rows if row["conflict"]})
    if doubtful:
        told = await MarkHead.raw(HISTORY, [one for one, _ in doubtful], [one for _, one in doubtful], event["id"])
        history = [
            Mark(panel.seat_of(row["judge"]), row["entry"], row["aspect"], row["value"], row["round"])
            for row in told
            if row["judge"] in panel.labels
        ]
        marks = [mark for mark in marks if (mark.entry, mark.aspect) not in doubtful]
        marks += in_time(scheme, panel.names, history, spread, entries)
    return open_rounds(scheme, panel.names, marks, spread, entries)


def given_by_machines(rows: Sequence[Mapping[str, Any]], panel: Panel) -> dict[tuple[str, str], str]:
    """Entry and aspect → the key's name, where the mark that counts is a machine's."""
    newest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["sequence"]) if panel.machines else ():
        newest[row["entry"], row["aspect"]] = row
    return {cell: panel.machines[row["judge"]] for cell, row in newest.items() if row["judge"] in panel.machines}


def conflicts(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> list[Mapping[str, Any]]:
    """The cells whose last row was sent by somebody who did not know the row before it."""
    once = {aspect.id for aspect in scheme.aspects if aspect.recorded == "one"}
    newest: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row["sequence"]):
        newest[row["entry"], row["aspect"], "" if row["aspect"] in once else str(row["judge"])] = row
    return [row for row in newest.values() if row["conflict"]]


_progress: dict[UUID, tuple[tuple[int, bytes, str], Progress]] = {}
_counted: dict[UUID, tuple[bytes, int]] = {}
"""What was found out, with the event's version, the head of its ledger and the policy: as long as they are the same, so is this."""


async def progress(event: Mapping[str, Any]) -> Progress:
    """How far an event is, from the ledger. Computed once for each version of an event and each head of its ledger; anew
    within a transaction, which sees what may never come to be.
    """
    if DB.current_transaction.get() is not None:
        return await _computed(event)
    return (await progress_each([event]))[event["id"]]


async def progress_each(events: Sequence[Mapping[str, Any]]) -> dict[UUID, Progress]:
    """The same of many events; those whose ledger has not moved are asked about in one look. Not within a transaction."""
    ids = [event["id"] for event in events]
    heads = {row["id"]: (row["version"], row["hash"]) for row in (await MarkHead.raw(HEADS, ids) if ids else ())}
    found = {}
    for event in events:
        key = (*heads[event["id"]], event["policy_fingerprint"])
        known = _progress.get(event["id"])
        if known is None or known[0] != key:
            known = _progress[event["id"]] = (key, await _computed(event))
        found[event["id"]] = known[1]
    return found


async def counted_in(events: Sequence[UUID]) -> dict[UUID, int]:
    """Event → the marks that count, of events whose marks are complete; each is counted once for each head of its ledger."""
    heads = {
        row["id"]: row["hash"]
        for row in await MarkHead.select(MarkHead.id, MarkHead.hash).where(
            MarkHead.id.is_in(list(events) or [UUID(int=0)])
        )
    }
    fresh = [event for event, hash in heads.items() if _counted.get(event, (b"", 0))[0] != hash]
    found = {row["event"]: row["n"] for row in await MarkHead.raw(COUNTED, fresh)} if fresh else {}
    for event in fresh:
        _counted[event] = (heads[event], found.get(event, 0))
    return {event: _counted[event][1] for event in heads}


async def _computed(event: Mapping[str, Any]) -> Progress:
    scheme, panel, entries = scheme_of(event), await panel_of(event["id"]), await facts_of_entries(event["id"])
    if scheme is None or not entries:
        return Progress(0, 0, 0, 0)
    rows = await current_rows(event["id"])
    marks = current_marks(rows, panel, scheme)
    missing = len(owed(scheme, panel.names, entries, marks))
    absent = {entry for entry, facts in entries.items() if facts.status == "absent"}
    return Progress(
        missing,
        len(marks),
        len(conflicts(rows, scheme)),
        len(await rounds_of(event, rows, panel, scheme, entries)),
        tuple(sorted({mark.entry for mark in marks if mark.entry in absent})),
    )


async def may_seal(event: Mapping[str, Any]) -> Yes | No:
    """Whether every mark is there and none is in doubt."""
    return sealable(await progress(event))


def sealable(now: Progress) -> Yes | No:
    """The same of a progress that is known."""
    if now.owed:
        return No("marks.owed", Words(f"还差 {now.owed} 个分数。", f"{now.owed} marks are still owed."))
    if now.conflicts:
        return No(
            "marks.conflict",
            Words(f"有 {now.conflicts} 处冲突要先选定。", f"{now.conflicts} conflicts have to be settled first."),
        )
    if now.alarms:
        return No(
            "marks.spread",
            Words(
                f"有 {now.alarms} 项裁判分差过大，要合议后重打。",
                f"Judges are too far apart on {now.alarms} aspects; discuss and mark again.",
            ),
        )
    if now.marked_absent:
        codes = "、".join(now.marked_absent)
        words = Words(f"{codes} 登记为缺席，却有分数。", f"{codes}: written down as absent, and marked all the same.")
        return No("marks.absent", words)
    return Yes("marks.complete")


async def open_marks(event: UUID, taking: bool) -> dict[str, Any]:
    """Begin or end the taking of marks within the caller's transaction; the chain's head at that moment.

    Waits for a batch that is being stored; after a seal no mark can slip in.
    """
    head = await the_row(MarkHead.select().where(MarkHead.id == event).lock_rows().first())
    await MarkHead.update({MarkHead.open: taking}).where(MarkHead.id == event)
    return {"sequence": head["sequence"], "hash": head["hash"].hex()}
