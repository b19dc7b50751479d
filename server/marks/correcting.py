"""Corrections after the seal: another value for a mark, proposed by one person with a reason and approved by another.

The ledger only grows: what is approved becomes a new mark of the same cell, judge and round, which says which mark it
replaces; `mark_correction` says who wanted it, who agreed, and why. Until then it changes nothing. What a sheet's signature
names is then no longer what the sheet consists of, so that it is signed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from ulid import ULID

from scoring.marks import Mark as Said
from scoring.marks import check_mark
from scoring.scheme import names_of
from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.competitions.flow import scheme_of
from server.database.rows import the_row
from server.database.tables import Mark, MarkCorrection, MarkHead, StatusCorrection
from server.errors import Refusal, explained, missing, refuse
from server.ledger import link, record
from server.marks.batch import mark_fields
from server.marks.floor import facts_of_entries
from server.marks.flow import current_rows, panel_of

DEVICE = "correction"
MOST_REASON = 500
NO_REASON = Refusal(
    "correction.reason", Words("请写明更正理由，最多 500 字。", "Say why, in at most 500 characters."), status=422
)
PENDING = """SELECT c.id, c.corrects, c.before, c.after, c.reason, c.proposed, c.at, a.name AS proposed_by, m.entry, m.aspect, m.judge
FROM mark_correction c JOIN mark m ON m.id = c.corrects JOIN account a ON a.id = c.proposed
WHERE c.event = {} AND c.state = 'proposed' AND c.occasion = {} ORDER BY c.at, c.id"""

WAITING = """SELECT event FROM mark_correction WHERE event = ANY({}) AND state = 'proposed' AND proposed IS DISTINCT FROM {}
UNION ALL SELECT event FROM status_correction WHERE event = ANY({}) AND state = 'proposed' AND proposed IS DISTINCT FROM {}"""


async def marks_of(event: Mapping[str, Any], entry: str) -> list[dict[str, Any]]:
    """The marks of an entry (its work code) that count now, in the order of the scheme, each with `label` (J1 …), `name` (Words) and its
    value as people write it (`written`).
    """
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    assert scheme is not None  # no event is marked without a scheme
    order = {aspect.id: place for place, aspect in enumerate(scheme.aspects)}
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(await current_rows(event["id"]), key=lambda row: row["sequence"]):
        if row["entry"] == entry:
            aspect = scheme.aspect(row["aspect"])
            judge = "" if aspect.recorded == "one" else panel.seat_of(row["judge"])
            said = {
                "label": panel.name_of(row["judge"]),
                "name": names_of(aspect),
                "written": aspect.written(row["value"]),
            }
            newest[row["aspect"], judge] = {**row, **said}
    return sorted(newest.values(), key=lambda row: (order[row["aspect"]], row["label"]))


async def proposed_for(event: UUID, occasion: UUID) -> list[dict[str, Any]]:
    """What was proposed on an occasion and is not settled."""
    return [dict(row) for row in await MarkCorrection.raw(PENDING, event, occasion)]


async def propose(
    event: Mapping[str, Any],
    entry: str,
    mark: str,
    value: int,
    reason: str,
    occasion: UUID | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Propose another value (hundredths) for a mark of this entry, within the caller's transaction, which holds the ledger.

    `occasion` is what asks for it; a correction without one is its own, and is decided alone. Returns its id.

    Raises Refusal: `correction.reason`, `not-found` for a mark that is not this entry's or counts no longer, `correction.same`,
    `correction.proposed` while another waits, or why the value cannot be given (`mark.out-of-range`, `mark.not-a-step`).
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    row = next((row for row in await marks_of(event, entry) if row["id"] == mark), None)
    if row is None:
        raise missing(Words("这个分数", "mark"))
    if row["value"] == value:
        raise Refusal("correction.same", Words("分数没有变。", "This is the value it has."), status=422)
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    assert scheme is not None  # as in marks_of
    said = Said(panel.seat_of(row["judge"]), entry, row["aspect"], value, row["round"])
    verdict = check_mark(scheme, panel.names, await facts_of_entries(event["id"]), said)
    if isinstance(verdict, No):
        raise refuse(verdict, status=422)
    waits = (MarkCorrection.corrects == mark) & (MarkCorrection.state == "proposed")
    if await MarkCorrection.exists().where(waits):
        words = Words("这个分数已有一项待批准的更正。", "A correction of this mark waits already.")
        raise Refusal("correction.proposed", words)
    id = uuid4()
    new = MarkCorrection(
        id=id, event=event["id"], occasion=occasion or id, corrects=mark, before=row["value"], after=value, reason=reason,
        state="proposed", proposed=actor.account, at=at, decided=None, settled=None, mark=None,
    )  # fmt: skip
    await MarkCorrection.insert(new)
    data = {
        "correction": str(id),
        "mark": mark,
        "entry": entry,
        "aspect": row["aspect"],
        "judge": row["label"],
        "from": row["value"],
        "to": value,
    }
    await record(event["competition"], "correction.proposed", actor, at, event=event["id"], reason=reason, data=data)
    return id


async def drop(
    event: Mapping[str, Any], corrections: Collection[UUID], actor: Actor, at: datetime, answer: str = ""
) -> None:
    """Let proposals go, of marks or of what the floor wrote down, within the caller's transaction; they stay readable.

    With an `answer` they are turned down by somebody other than who proposed them.
    """
    state = "refused" if answer else "dropped"
    for table, kind in ((MarkCorrection, "correction"), (StatusCorrection, "status")):
        waits = table.id.is_in(list(corrections)) & (table.state == "proposed")
        changes: dict[Any, Any] = {table.state: state, table.settled: at, table.answer: answer}
        if answer:
            changes[table.decided] = actor.account
        for row in await table.update(changes).where(waits).returning(table.id):
            said = {"event": event["id"], "reason": answer, "data": {"correction": str(row["id"])}}
            await record(event["competition"], f"{kind}.{state}", actor, at, **said)


async def approve(event: Mapping[str, Any], occasion: UUID, actor: Actor, at: datetime) -> int:
    """Make marks of everything proposed on an occasion, within the caller's transaction, which holds the ledger; how many.

    Raises Refusal: `correction.same-person` for who proposed one of them, `correction.stale` when a mark has changed since.
    """
    waiting = await proposed_for(event["id"], occasion)
    if not waiting:
        return 0
    head = await the_row(MarkHead.select().where(MarkHead.id == event["id"]).lock_rows().first())
    sequence, hash = head["sequence"], bytes(head["hash"])
    current = {row["id"]: row for row in await current_rows(event["id"])}
    for one in waiting:
        if one["proposed"] == actor.account:
            raise SAME_PERSON
        before = current.get(one["corrects"])
        if before is None:
            raise STALE
        sequence += 1
        row: dict[str, Any] = {
            "id": str(ULID()), "event": event["id"], "sequence": sequence, "entry": before["entry"], "aspect": before["aspect"],
            "judge": before["judge"], "value": one["after"], "round": before["round"], "device": DEVICE, "counter": 0,
            "made_at": at, "stored_at": at, "replaces": one["corrects"], "conflict": False, "previous": hash,
        }  # fmt: skip
        row["hash"] = hash = link(hash, mark_fields(row))
        await Mark.insert(Mark(**row))
        changes: dict[Any, Any] = {
            MarkCorrection.state: "approved",
            MarkCorrection.decided: actor.account,
            MarkCorrection.settled: at,
            MarkCorrection.mark: row["id"],
        }
        await MarkCorrection.update(changes).where(MarkCorrection.id == one["id"])
        data = {"correction": str(one["id"]), "mark": row["id"], "from": one["before"], "to": one["after"]}
        said = {"event": event["id"], "reason": one["reason"], "data": {**data, "hash": hash.hex()}}
        await record(event["competition"], "correction.approved", actor, at, **said)
    await MarkHead.update({MarkHead.sequence: sequence, MarkHead.hash: hash}).where(MarkHead.id == event["id"])
    return len(waiting)


async def waiting_each(events: Collection[UUID], but: UUID | None = None) -> Counter[UUID]:
    """Event → how many corrections of its marks, and of what its floor wrote down, wait, without those that `but` proposed."""
    return Counter(row["event"] for row in await MarkCorrection.raw(WAITING, *(list(events), but) * 2))


async def none_waiting_each(events: Collection[UUID]) -> dict[UUID, Yes | No]:
    """Whether every correction of each event is settled: it is decoded and published with all of them or none."""
    counts = await waiting_each(events)
    return {event: _none(counts[event]) for event in events}


def _none(count: int) -> Yes | No:
    if count:
        words = Words(f"还有 {count} 项更正待批准。", f"{count} corrections wait to be approved or turned down.")
        return No("pipeline.corrections", words)
    return Yes("correction.none-waiting")


def hundredths(text: str) -> int:
    """A mark as somebody types it (“87.5”) in hundredths. Raises Refusal `correction.value`."""
    whole, _, rest = text.strip().partition(".")
    if (
        not (whole.isascii() and whole.isdecimal() and len(whole) < 6)
        or len(rest) > 2
        or (rest and not rest.isdecimal())
    ):
        words = Words(
            "分数写成数字，最多两位小数，如 87.5。",
            "Give the mark as a number with at most two decimals, such as 87.5.",
        )
        raise Refusal("correction.value", words, status=422)
    return int(whole) * 100 + int(rest.ljust(2, "0") if rest else 0)


SAME_PERSON = Refusal(
    "correction.same-person",
    Words("提出更正的人不能批准它。", "Whoever proposed a correction cannot approve it."),
    Words("请另一人决定。", "Somebody else decides."),
    status=403,
)
STALE = Refusal(
    "correction.stale",
    Words("要更正的分数已有变化。", "A mark that was to be corrected has changed since."),
    Words("请撤下这项更正，重新提出。", "Take the correction back and propose it anew."),
)
