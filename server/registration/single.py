"""One entry, typed into a form: added, or put in the place of the one that was opened.

It goes the way of a workbook: the same comparison, the same decision under the competition's lock, the same journal, so
that it can be undone like one. It is an intake whose file has no name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import No, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Intake, Member
from server.errors import Refusal, missing, refuse
from server.ledger import hold
from server.registration.comparing import Plan
from server.registration.form import Line, Read, Row, line_of
from server.registration.persons import phone_of
from server.registration.staging import Accepted, Choice, accept, preview, stage, staged
from server.registration.undoing import gone_further
from server.sealing import Sealer

ENTRY = """SELECT m.id, m.person, m.unit, m.level, m.level_certificate, m.identity, e.id AS entry, e.team, e.number,
    v.id AS event, v.code, v.state, p.name, p.sex, p.birth_date, p.ethnicity, p.education, p.document_kind, p.document_sealed,
    p.phone_sealed
FROM member m JOIN entry e ON e.id = m.entry JOIN event v ON v.id = m.event JOIN person p ON p.id = m.person
WHERE e.id = {} AND e.delegation = {} ORDER BY m.position"""
TELLING = ("id", "person", "unit", "level", "level_certificate", "identity", "team", "code", "ethnicity", "education")


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored entry as a form shows it; `seen` is its fingerprint."""

    id: UUID
    members: Sequence[Mapping[str, Any]]
    """With `document_number` and `phone` opened."""
    seen: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends by the form: what was read, the bytes of it that are kept, the entry that it replaces, and
    which doubts of each row were ticked."""

    read: Read
    reading: bytes
    replaces: UUID | None = None
    seen: str = ""
    ticked: Mapping[Line, frozenset[str]] = field(default_factory=dict)
    reason: str = ""


async def opened(delegation: Mapping[str, Any], id: UUID, sealer: Sealer) -> Opened:
    """An entry of this delegation, opened to be changed. Raises Refusal `not-found`."""
    rows = [dict(row) for row in await Member.raw(ENTRY, id, delegation["id"])]
    if not rows:
        raise missing(Words("这份报名", "entry"))
    for row in rows:
        row["phone"] = phone_of(row["person"], row["phone_sealed"], sealer)
        row["document_number"] = sealer.open(row["document_sealed"], f"document:{row['person']}")
    told = [[*(str(row[name]) for name in TELLING), row["phone_sealed"].hex()] for row in rows]
    seen = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    return Opened(id, rows, seen)


async def enter_one(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    sent: Sent,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> Accepted:
    """Take one entry in, whole, in one transaction; what it did.

    Raises Refusal: `entry.changed` when the entry is no longer what the person opened, `entry.substitute-reason`, or what `staging.accept` raises.
    """
    async with DB.transaction():
        await hold(competition["id"])
        if sent.replaces and (await opened(delegation, sent.replaces, sealer)).seen != sent.seen:
            raise CHANGED
        plan, _ = await preview(competition, delegation, sent.read, sealer, actor, replaces=sent.replaces)
        if sent.replaces and any(team.substitutes for team in plan.teams) and not sent.reason.strip():
            raise NO_SUBSTITUTE
        choice = Choice(seen=plan.basis, reasons=_reasons(plan, sent), replaces=sent.replaces, why=sent.reason.strip())
        count = len(sent.read.rows)
        id = await stage(competition, delegation, "", sent.reading, sent.reading, count, sealer, actor, at)
        waiting = await staged(delegation, id, sealer)
        done = await accept(competition, delegation, waiting, sent.read, choice, sealer, actor, at)
        await Intake.delete().where((Intake.id == id) & (Intake.state == "previewed"))
    return done


async def withdraw_one(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    held: Opened,
    reason: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> None:
    """Take one entry out of the list, with a reason that the ledger keeps; it can be undone like a workbook.

    Raises Refusal: `entry.no-reason`, `entry.changed` when it is no longer what the person opened, `intake.gone-on` once
    its event is past registration, or `check-in.arrived`.
    """
    if not reason.strip():
        raise NO_REASON
    async with DB.transaction():
        await hold(competition["id"])
        if (await opened(delegation, held.id, sealer)).seen != held.seen:
            raise CHANGED
        plan, _ = await preview(competition, delegation, NOTHING, sealer, actor, replaces=held.id)
        if isinstance(drawn := await gone_further([held.members[0]["event"]]), No):
            raise refuse(drawn)
        choice = Choice(seen=plan.basis, reason=reason.strip(), replaces=held.id)
        kept = json.dumps({"withdrawn": str(held.id), "at": at.isoformat()}).encode()
        id = await stage(competition, delegation, "", kept, b"", 0, sealer, actor, at)
        await accept(competition, delegation, await staged(delegation, id, sealer), NOTHING, choice, sealer, actor, at)


@dataclass(frozen=True, slots=True)
class Empty:
    """A form without people: whoever it replaces goes, and nobody comes."""

    rows: Sequence[Row] = ()
    problems: Sequence[Problem] = ()
    fields: frozenset[str] = frozenset()


NOTHING = Empty()
NO_REASON = Refusal(
    "entry.no-reason",
    Words("撤下一份报名要写明理由。", "Withdrawing an entry needs a reason."),
    Words("理由会记入操作记录。", "It is kept in the ledger."),
    status=422,
)
NO_SUBSTITUTE = Refusal(
    "entry.substitute-reason",
    Words("换人要写明理由，什么都没有写入。", "Substituting somebody needs a reason; nothing was stored."),
    Words("把理由写在“原因”里再保存。", "Write it under “Reason” and save again."),
    status=422,
)
CHANGED = Refusal(
    "entry.changed",
    Words("这份报名刚被别人改过，什么都没有写入。", "Somebody has just changed this entry; nothing was stored."),
    Words("看过现在的内容再提交一次。", "Look at what is there now, then send yours again."),
)
NO_WORDS = "已核对"
"""What the ledger keeps of a tick without words."""


def _reasons(plan: Plan, sent: Sent) -> dict[Line, str]:
    """A row whose doubts were all ticked may come in; one that has another doubt since then may not."""
    reason = sent.reason.strip() or NO_WORDS
    return {
        line_of(line.row): reason
        for line in plan.lines
        if {doubt.problem.code for doubt in line.doubts} <= sent.ticked.get(line_of(line.row), frozenset())
    }
