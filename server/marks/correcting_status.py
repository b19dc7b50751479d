"""Corrections after the seal of what the floor wrote down about an entry: that it was absent, gave up, was put out.

As with marks (`correcting`), one person proposes another status with a reason and another approves. What is approved becomes
a new row of `floor_status`, which only grows; `status_correction` says who wanted it, who agreed, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Problems, Words
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.tables import FloorStatus, StatusCorrection
from server.draw.flow import codes_of
from server.errors import Refusal, explained, missing
from server.ledger import record
from server.marks.correcting import MOST_REASON, NO_REASON, SAME_PERSON
from server.marks.floor import COMPETED, STATUSES, floor_of

PENDING = """SELECT c.id, c.entry, c.before, c.after, c.reason, c.proposed, c.at, a.name AS proposed_by
FROM status_correction c JOIN account a ON a.id = c.proposed
WHERE c.event = {} AND c.state = 'proposed' AND c.occasion = {} ORDER BY c.at, c.id"""
STALE = Refusal(
    "correction.stale-status",
    Words("要更正的登记已有变化。", "What the floor wrote down has changed since."),
    Words("请撤下这项更正，重新提出。", "Take the correction back and propose it anew."),
)


async def status_proposed_for(event: UUID, occasion: UUID) -> list[dict[str, Any]]:
    """What was proposed on an occasion and is not settled."""
    return [dict(row) for row in await StatusCorrection.raw(PENDING, event, occasion)]


async def status_of(event: UUID, entry: str) -> str:
    """What counts for an entry (its work code) now."""
    return str((await floor_of(event)).get(entry, {}).get("status", COMPETED))


async def propose_status(
    event: Mapping[str, Any],
    entry: str,
    status: str,
    reason: str,
    occasion: UUID | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Propose another status for an entry, within the caller's transaction, which holds the ledger.

    `occasion` is what asks for it; a correction without one is its own, and is decided alone. Returns its id.

    Raises Refusal: `floor.status`, `correction.reason`, `not-found` for an unknown work code, `correction.same-status`, or
    `correction.status-proposed` while another one waits.
    """
    if status not in STATUSES:
        raise Refusal("floor.status", Words("没有这种情况。", "There is no such status."), status=422)
    reason = explained(reason, MOST_REASON, NO_REASON)
    if entry not in await codes_of(event["id"]):
        raise missing(Words("这个作品", "piece"))
    before = await status_of(event["id"], entry)
    if before == status:
        words = Words("登记的情况没有变。", "This is what is written down already.")
        raise Refusal("correction.same-status", words, status=422)
    id = uuid4()
    new = StatusCorrection(
        id=id, event=event["id"], occasion=occasion or id, entry=entry, before=before, after=status, reason=reason,
        state="proposed", proposed=actor.account, at=at, decided=None, settled=None, status=None,
    )  # fmt: skip
    if not await StatusCorrection.insert(new).on_conflict(action="DO NOTHING").returning(StatusCorrection.id):
        words = Words("这个参赛单元已有一项待批准的更正。", "A correction of this entry's status waits already.")
        raise Refusal("correction.status-proposed", words)
    data = {"correction": str(id), "entry": entry, "from": before, "to": status}
    await record(event["competition"], "status.proposed", actor, at, event=event["id"], reason=reason, data=data)
    return id


async def approve_status(event: Mapping[str, Any], occasion: UUID, actor: Actor, at: datetime) -> int:
    """Write down everything proposed on an occasion, within the caller's transaction, which holds the ledger; how many.

    Raises Refusal: `correction.same-person` for who proposed one, `correction.stale-status` when the status has changed since.
    """
    waiting = await status_proposed_for(event["id"], occasion)
    for one in waiting:
        if one["proposed"] == actor.account:
            raise SAME_PERSON
        if await status_of(event["id"], one["entry"]) != one["before"]:
            raise STALE
        row = {
            "id": uuid4(), "event": event["id"], "entry": one["entry"], "status": one["after"], "reason": one["reason"],
            "account": actor.account, "at": at,
        }  # fmt: skip
        await insert_rows(FloorStatus, [row])
        changes: dict[Any, Any] = {
            StatusCorrection.state: "approved",
            StatusCorrection.decided: actor.account,
            StatusCorrection.settled: at,
            StatusCorrection.status: row["id"],
        }
        await StatusCorrection.update(changes).where(StatusCorrection.id == one["id"])
        data = {"entry": one["entry"], "from": one["before"], "to": one["after"], "correction": str(one["id"])}
        said = {"event": event["id"], "reason": one["reason"], "data": data}
        await record(event["competition"], "entry.status", actor, at, **said)
    return len(waiting)


def marks_owed(owed: Problems) -> Refusal:
    """Why a status cannot be corrected with which the results could not be computed, with what is missing."""
    words = Words(
        "这样更正就缺分，算不出成绩；没有记下。",
        "Marks would be missing then, and there is no result; nothing was noted.",
    )
    mend = Words("没有分数的参赛单元不能改为参赛。", "An entry without marks cannot be made one that competed.")
    return Refusal("correction.marks-owed", words, mend, problems=owed.problems, status=422)
