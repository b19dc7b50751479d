"""Promotions when a publication is replaced: asked anew, carried over where nothing changed, withdrawn where it did.

The skill record only grows: a level that a replaced publication had brought gets a withdrawal beside it, and what the
new one brings is granted anew. What a person had decided stands as long as the case is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import Actor
from server.database.bulk import insert_rows
from server.database.tables import Promotion, PromotionDecision, SkillRecord, SkillWithdrawal
from server.ledger import record
from server.promotion.flow import asked, grant, holds

SAME = ("outcome", "rule", "held", "level", "mode")
"""What a case is: while all of these are as they were, what was decided of it still stands."""


async def before_of(snapshot: UUID) -> dict[UUID, dict[str, Any]]:
    """Member → their promotion of a snapshot, with what was decided of it under `decision` and the level `granted`."""
    rows = await Promotion.select().where(Promotion.snapshot == snapshot)
    query = PromotionDecision.select().where(PromotionDecision.promotion.snapshot == snapshot)
    decided = {row["promotion"]: dict(row) for row in await query}
    records = await SkillRecord.select(SkillRecord.promotion, SkillRecord.level).where(
        (SkillRecord.promotion.snapshot == snapshot) & holds()
    )
    granted = {row["promotion"]: row["level"] for row in records}
    return {
        row["member"]: {**row, "decision": decided.get(row["id"]), "granted": granted.get(row["id"], "")}
        for row in rows
    }


def level_after(new: Promotion, before: Mapping[str, Any] | None) -> str:
    """The level that somebody has by a new publication at once: by the policy itself, or because a decision still stands."""
    if new.outcome == "promoted" and new.mode == "automatic":
        return str(new.level)
    return str(before["decision"]["level"]) if before and before["decision"] and same(new, before) else ""


def same(new: Promotion, before: Mapping[str, Any]) -> bool:
    """Whether this is the case that it was before."""
    return all(getattr(new, name) == before[name] for name in SAME)


async def supersede(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    old: UUID,
    snapshot: Mapping[str, Any],
    reason: str,
    actor: Actor,
    at: datetime,
) -> dict[str, int]:
    """Replace the promotions of a snapshot by those of a newer one within the caller's transaction; how many of each."""
    before = await before_of(old)
    rows = await asked(competition, event, snapshot["id"], snapshot["content"], at, replaces=old)
    await insert_rows(Promotion, [row.to_dict() for row in rows])
    records = await SkillRecord.select(SkillRecord.id).where((SkillRecord.promotion.snapshot == old) & holds())
    withdrawn = [{"id": uuid4(), "record": row["id"], "reason": reason, "at": at} for row in records]
    await insert_rows(SkillWithdrawal, withdrawn)
    carried = 0
    for new in rows:
        known = before.get(new.member)
        if known and known["decision"] and same(new, known):
            carried += 1
            await _carry(event, new, known["decision"], at)
    counts = {"withdrawn": len(records), "carried": carried, "snapshot": str(snapshot["id"])}
    await record(
        event["competition"], "promotions.superseded", actor, at, event=event["id"], reason=reason, data=counts
    )
    return {"withdrawn": len(records), "granted": await grant(event, snapshot["id"], actor, at)}


async def _carry(event: Mapping[str, Any], new: Promotion, decision: Mapping[str, Any], at: datetime) -> None:
    again = {name: decision[name] for name in ("level", "reason", "document", "account", "at")}
    await PromotionDecision.insert(PromotionDecision(id=uuid4(), promotion=new.id, **again))
    if decision["level"]:
        grown = SkillRecord(
            id=uuid4(), person=new.person, promotion=new.id, occupation_code=event["occupation_code"],
            level=decision["level"], title="", at=at,
        )  # fmt: skip
        await SkillRecord.insert(grown)
