"""Taking back what a person decided of a promotion, as long as nothing rests on it.

Whoever may decide a case may take its decision back, with a reason, until a certificate has been issued on it or a later
promotion has grown out of it. The case is open again; the decision stays readable beside the reason, the skill record gets a
withdrawal, and the ledger of decisions says who and why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import (
    Certificate,
    PromotionDecision,
    PromotionTakenBack,
    Revocation,
    SkillRecord,
    SkillWithdrawal,
)
from server.errors import Refusal, missing, refuse
from server.ledger import hold, record
from server.promotion.deciding import MOST_REASON, cases_of, may_decide
from server.promotion.flow import holds

BACK = """SELECT b.promotion, b.level, b.reason, b.document, b.why, b.at, a.name AS by_name FROM promotion_taken_back b
JOIN account a ON a.id = b.account JOIN promotion p ON p.id = b.promotion JOIN snapshot s ON s.id = p.snapshot
JOIN event e ON e.id = s.event WHERE e.competition = {} ORDER BY b.at"""


async def taken_back_in(competition: UUID) -> dict[UUID, dict[str, Any]]:
    """Promotion → the last decision on it that was taken back."""
    return {row["promotion"]: dict(row) for row in await PromotionTakenBack.raw(BACK, competition)}


async def take_back(
    competition: Mapping[str, Any], promotion: UUID, seen: str, why: str, actor: Actor, at: datetime
) -> None:
    """Open a decided case again; `seen` is the moment of the decision that was looked at, as ISO text.

    Raises Refusal: `not-found`, `access.role`, `promotion.not-decided`, `promotion.changed` when it was decided anew meanwhile,
    `promotion.reason`, `promotion.issued`, `promotion.built-upon`.
    """
    if not 0 < len(why.strip()) <= MOST_REASON:
        words = Words("请写明撤回的理由，最多 500 字。", "Say why it is taken back, in at most 500 characters.")
        raise Refusal("promotion.reason", words, status=422)
    async with DB.transaction():
        await hold(competition["id"])
        row = next((one for one in await cases_of(competition["id"]) if one["id"] == promotion), None)
        if row is None:
            raise missing(Words("这项晋升", "promotion"))
        if isinstance(verdict := may_decide(row, competition, actor), No):
            raise refuse(verdict, status=403)
        if row["state"] not in ("granted", "refused"):
            raise Refusal("promotion.not-decided", Words("这项晋升还没有结论。", "This promotion is not decided."))
        if row["decided_at"].isoformat() != seen:
            words = Words("你打开之后，这项晋升又有变化。", "This promotion changed after you looked.")
            raise Refusal("promotion.changed", words, Words("请看过现在的结论。", "Look at it as it is now."))
        if isinstance(free := await nothing_rests_on(row), No):
            raise refuse(free)
        await _undo(competition, row, why.strip(), actor, at)


async def nothing_rests_on(row: Mapping[str, Any]) -> Yes | No:
    """Whether a decision may still be taken back: no certificate in force says its level, no later promotion rests on it."""
    gone = Revocation.select(Revocation.certificate)
    mine = (Certificate.subject == row["member"]) & (Certificate.event == row["event"]) & Certificate.id.not_in(gone)
    issued = await Certificate.select(Certificate.kind, Certificate.content).where(mine)
    if any(one["kind"] == "level" or json.loads(one["content"]).get("promotion") for one in issued):
        words = Words(
            f"{row['name']} 已按这个结论发证；要改，先作废证书。",
            f"A certificate was issued to {row['name']} on it; take that out of force first.",
        )
        return No("promotion.issued", words)
    own = await SkillRecord.select(SkillRecord.at).where((SkillRecord.promotion == row["id"]) & holds()).first()
    later = (SkillRecord.person == row["person"]) & (SkillRecord.occupation_code == row["occupation_code"]) & holds()
    if own and await SkillRecord.exists().where(later & (SkillRecord.at > own["at"])):
        words = Words(
            f"{row['name']} 之后又在这个等级上晋升过，不能再撤回。",
            f"{row['name']} has risen from this level since, so it stays.",
        )
        return No("promotion.built-upon", words)
    return Yes("promotion.free")


async def _undo(competition: Mapping[str, Any], row: Mapping[str, Any], why: str, actor: Actor, at: datetime) -> None:
    decision = await the_row(PromotionDecision.select().where(PromotionDecision.promotion == row["id"]).first())
    kept = PromotionTakenBack(
        id=uuid4(), promotion=row["id"], level=decision["level"], reason=decision["reason"], document=decision["document"],
        decided_by=decision["account"], decided_at=decision["at"], why=why, account=actor.account, at=at,
    )  # fmt: skip
    await PromotionTakenBack.insert(kept)
    await PromotionDecision.delete().where(PromotionDecision.id == decision["id"])
    records = await SkillRecord.select(SkillRecord.id).where((SkillRecord.promotion == row["id"]) & holds())
    if records:
        await SkillWithdrawal.insert(
            *(SkillWithdrawal(id=uuid4(), record=one["id"], reason=why, at=at) for one in records)
        )
    data = {"promotion": str(row["id"]), "level": decision["level"], "document": decision["document"]}
    await record(competition["id"], "promotion.taken-back", actor, at, event=row["event"], reason=why, data=data)
