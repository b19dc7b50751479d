"""Promotions that the policy leaves to people.

Two kinds. On a *silent* case a supervisor decides, with a reason, because the cited text does not say; the decision
binds this case only. A promotion that needs *approval* (核准) or an *application* (可申报) waits for an authority, whose
answer the organiser's staff write down with the number of its document. Each is decided once, unless it is taken back
(`undoing`). What is granted enters
the skill record in the same transaction as its row in the ledger of decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.ladder import LADDER, LEVELS, Level
from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Member, Promotion, PromotionDecision, PromotionTakenBack, SkillRecord
from server.errors import missing, refuse
from server.ledger import hold, record
from server.promotion.flow import holds, record_of

MOST_REASON, MOST_DOCUMENT = 500, 100
STATE = """CASE WHEN d.at IS NOT NULL THEN CASE WHEN d.level <> '' THEN 'granted' ELSE 'refused' END
    WHEN p.outcome = 'silent' THEN 'silent' WHEN p.mode = 'automatic' THEN 'automatic' ELSE 'waiting' END"""
CASES = f"""SELECT {STATE} AS state, p.id, p.person, p.member, p.outcome, p.held, p.level, p.mode, p.rule, p.reason_zh, p.reason_en,
    n.name, n.document_masked, e.id AS event, e.code, e.name AS event_name, e.name_en AS event_name_en, e.division,
    e.occupation, e.occupation_code, e.policy, e.policy_text, e.policy_fingerprint, s.id AS snapshot,
    d.level AS granted, d.reason AS decided_reason, d.document, d.at AS decided_at, a.name AS decided_by
FROM promotion p JOIN person n ON n.id = p.person JOIN snapshot s ON s.id = p.snapshot JOIN event e ON e.id = s.event
LEFT JOIN promotion_decision d ON d.promotion = p.id LEFT JOIN account a ON a.id = d.account
WHERE e.competition = {{}} AND p.outcome <> 'unchanged'
    AND NOT EXISTS (SELECT 1 FROM snapshot later WHERE later.supersedes = s.id)"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided of one promotion: the level granted (its id) or "" for none, why, and by which document."""

    promotion: UUID
    level: str
    reason: str = ""
    document: str = ""


async def cases_of(competition: UUID) -> list[dict[str, Any]]:
    """Every promotion of a competition that is more than “unchanged”, each with `state`: automatic, silent, waiting, granted or refused."""
    return [dict(row) for row in await Promotion.raw(f"{CASES} ORDER BY e.code, n.name, p.id", competition)]


async def these_of(competition: UUID, promotions: Sequence[UUID]) -> list[dict[str, Any]]:
    """Some of them, in the order in which they are named."""
    rows = await Promotion.raw(f"{CASES} AND p.id = ANY({{}})", competition, list(promotions)) if promotions else []
    by_id = {row["id"]: dict(row) for row in rows}
    return [by_id[one] for one in promotions if one in by_id]


def choices(held: str) -> tuple[Level, ...]:
    """The levels that a person who holds `held` ("" for none) may be granted: nobody is moved down, or to where they are."""
    least = LEVELS[held].rank + 1 if held else 0
    return LADDER[least:]


async def decide(
    competition: Mapping[str, Any], rulings: Sequence[Ruling], actor: Actor, at: datetime
) -> dict[str, int]:
    """Decide these promotions, all or none; how many were granted and how many not.

    Raises Refusal: `not-found`, `access.role`, `promotion.decided` with who was first, `promotion.reason`,
    `promotion.document`, `promotion.level`, `promotion.not-higher` when the person has risen meanwhile, `promotion.twice`.
    """
    counts = {"granted": 0, "refused": 0}
    async with DB.transaction():
        await hold(competition["id"])
        known = {row["id"]: row for row in await cases_of(competition["id"])}
        if len({ruling.promotion for ruling in rulings}) < len(rulings):
            words = Words("同一个人有两个结论。", "One person has two answers.")
            raise refuse(No("promotion.twice", words))
        for ruling in rulings:
            row = known.get(ruling.promotion)
            if row is None:
                raise missing(Words("这项晋升", "promotion"))
            held = await _held(row, at)
            for verdict in (may_decide(row, competition, actor), allowed(row, ruling, held)):
                if isinstance(verdict, No):
                    raise refuse(verdict, status=403 if verdict.rule.startswith("access.") else 409)
            await _store(competition, row, ruling, actor, at)
            counts["granted" if ruling.level else "refused"] += 1
    return counts


def may_decide(row: Mapping[str, Any], competition: Mapping[str, Any], actor: Actor) -> Yes | No:
    """Who decides: a supervisor where the text is silent, the organiser's staff where they pass an authority's answer on."""
    if row["outcome"] == "silent":
        if competition["id"] in actor.supervises:
            return Yes("access.role")
        return No(
            "access.role", Words("规则未规定的，由监督裁定。", "Where the rules are silent, a supervisor decides.")
        )
    if competition["organiser"] in actor.organisers:
        return Yes("access.role")
    return No(
        "access.role", Words("主管部门的答复由主办方录入。", "The organiser's staff write an authority's answer down.")
    )


def allowed(row: Mapping[str, Any], ruling: Ruling, held: str) -> Yes | No:
    """Whether this can be the answer to this case; `held` is the level in the skill record now, "" for none."""
    who = row["name"]
    if row["state"] in ("granted", "refused"):
        words = Words(
            f"{who} 的晋升已由{row['decided_by']}办结。", f"{row['decided_by']} has decided on {who} already."
        )
        return No("promotion.decided", words)
    if row["state"] == "automatic":
        return No("promotion.decided", Words(f"{who} 已按规则自动晋升。", f"{who} is promoted by the policy itself."))
    if not ruling.reason.strip() and (row["outcome"] == "silent" or not ruling.level):
        return No("promotion.reason", Words(f"请写明对 {who} 的理由。", f"Say why, for {who}."))
    if row["outcome"] != "silent" and not ruling.document.strip():
        words = Words("请填写主管部门文件的文号。", "Give the number of the authority's document.")
        return No("promotion.document", words)
    if max(len(ruling.reason) - MOST_REASON, len(ruling.document) - MOST_DOCUMENT) > 0:
        words = Words(
            "理由最多 500 字，文号最多 100 字。", "At most 500 characters of reason and 100 of a document's number."
        )
        return No("promotion.reason", words)
    return _level(row, ruling, held)


def _level(row: Mapping[str, Any], ruling: Ruling, held: str) -> Yes | No:
    if not ruling.level:
        return Yes("promotion.refused")
    if ruling.level not in LEVELS or (row["outcome"] != "silent" and ruling.level != row["level"]):
        words = Words(f"{row['name']} 不能晋升为这个等级。", f"{row['name']} cannot be promoted to this level.")
        return No("promotion.level", words)
    if ruling.level not in (level.id for level in choices(held)):
        words = Words(
            f"{row['name']} 现在已是{LEVELS[held].printed}，不能再定为{LEVELS[ruling.level].printed}。",
            f"{row['name']} holds {LEVELS[held].name.en} by now and cannot be granted {LEVELS[ruling.level].name.en}.",
        )
        return No("promotion.not-higher", words)
    return Yes("promotion.granted")


async def _held(row: Mapping[str, Any], at: datetime) -> str:
    """The level that the person holds now in the occupation of the event."""
    query = Member.select(Member.person, Member.occupation_code, Member.level, Member.identity)
    member = await the_row(query.where(Member.id == row["member"]).first())
    return (await record_of(member, at)).levels.get(row["occupation_code"], "")


async def _store(
    competition: Mapping[str, Any], row: Mapping[str, Any], ruling: Ruling, actor: Actor, at: datetime
) -> None:
    decided = PromotionDecision(
        id=uuid4(), promotion=row["id"], level=ruling.level, reason=ruling.reason.strip(), document=ruling.document.strip(),
        account=actor.account, at=at,
    )  # fmt: skip
    await PromotionDecision.insert(decided)
    if ruling.level:
        again = await PromotionTakenBack.count().where(PromotionTakenBack.promotion == row["id"])
        grown = SkillRecord(
            id=uuid4(), person=row["person"], promotion=row["id"], again=again, occupation_code=row["occupation_code"],
            level=ruling.level, title="", at=at,
        )  # fmt: skip
        await SkillRecord.insert(grown)
    data = {
        "promotion": str(row["id"]),
        "outcome": row["outcome"],
        "rule": row["rule"],
        "held": row["held"],
        "level": ruling.level,
        "document": ruling.document.strip(),
    }
    kind = "promotion.granted" if ruling.level else "promotion.refused"
    await record(competition["id"], kind, actor, at, event=row["event"], reason=ruling.reason.strip(), data=data)


async def granted_in(*snapshots: UUID) -> dict[UUID, str]:
    """Member → the level that these snapshots have brought them so far: by the policy itself, or by a decision."""
    query = SkillRecord.select(SkillRecord.promotion.member.as_alias("member"), SkillRecord.level)
    if not snapshots:
        return {}
    found = await query.where((SkillRecord.promotion.snapshot.is_in(list(snapshots))) & holds())
    return {row["member"]: row["level"] for row in found}
