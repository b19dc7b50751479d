"""Promotion: what the policy says about every member of every entry of a published snapshot, person by person.

A promotion that the policy makes automatic grows the person's skill record when the results are final. One that needs
approval or an application waits for it, and a silent case waits for a person who decides with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.awards import Field
from scoring.ladder import LEVELS
from scoring.promotion import Achievement, Promoted, Record, Silent, Unchanged, promote
from scoring.selecting import Occupation
from server.access import Actor
from server.calendar import day_of
from server.competitions.flow import policy_of
from server.database.bulk import insert_rows
from server.database.tables import Member, Promotion, SkillRecord, SkillWithdrawal
from server.ledger import record

Decided = Promoted | Unchanged | Silent
OUTCOMES = ("promoted", "unchanged", "silent")


async def propose(
    competition: Mapping[str, Any], event: Mapping[str, Any], snapshot: Mapping[str, Any], actor: Actor, at: datetime
) -> dict[str, int]:
    """Ask the policy about everybody in a snapshot within the caller's transaction; how many of each outcome."""
    rows = await asked(competition, event, snapshot["id"], snapshot["content"], at)
    counts = {outcome: sum(row.outcome == outcome for row in rows) for outcome in OUTCOMES}
    await insert_rows(Promotion, [row.to_dict() for row in rows])
    await record(event["competition"], "promotions.proposed", actor, at, event=event["id"], data=counts)
    return counts


async def asked(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    snapshot: UUID,
    content: Mapping[str, Any],
    at: datetime,
    replaces: UUID | None = None,
) -> list[Promotion]:
    """What the policy says about everybody in a snapshot's content, as rows that are not stored.

    What a snapshot that this one `replaces` had brought is not held.
    """
    policy = policy_of(event)
    listed_here = await Member.select().where(Member.event == event["id"])
    members = {str(row["id"]): row for row in listed_here}
    records = dict(zip(members, await records_of(listed_here, at, replaces), strict=True))
    rows = []
    for standing in content["rows"]:
        for listed in standing["members"]:
            member = members[listed["member"]]
            achievement = achievement_of(competition, event, standing, Field(**content["field"]))
            held = records[listed["member"]]
            decided = promote(held, achievement, job_of(event), policy)
            rows.append(_row(snapshot, member, held.levels.get(event["occupation_code"], ""), decided))
    return rows


async def grant(event: Mapping[str, Any], snapshot: UUID, actor: Actor, at: datetime) -> int:
    """Write the automatic promotions of a snapshot into the skill records, once the results are final; how many."""
    query = Promotion.select(Promotion.id, Promotion.person, Promotion.level, Promotion.title)
    where = (Promotion.snapshot == snapshot) & (Promotion.outcome == "promoted") & (Promotion.mode == "automatic")
    granted = [
        {
            "id": uuid4(), "person": row["person"], "promotion": row["id"], "again": 0, "occupation_code": event["occupation_code"],
            "level": row["level"], "title": "", "at": at,
        }
        for row in await query.where(where)
    ]  # fmt: skip
    await insert_rows(SkillRecord, granted)
    data = {"granted": len(granted), "snapshot": str(snapshot)}
    await record(event["competition"], "promotions.granted", actor, at, event=event["id"], data=data)
    return len(granted)


def holds() -> Any:
    """The rows of skill records that were not withdrawn, as a condition."""
    return SkillRecord.id.not_in(SkillWithdrawal.select(SkillWithdrawal.record))


async def record_of(member: Mapping[str, Any], at: datetime, without: UUID | None = None) -> Record:
    """What a person holds in each occupation: the level they registered with or the one in their skill record, whichever
    is higher, because nobody is ever moved down. What was withdrawn, and what the snapshot `without` had brought, is left out.
    """
    return (await records_of([member], at, without))[0]


async def records_of(members: Sequence[Mapping[str, Any]], at: datetime, without: UUID | None = None) -> list[Record]:
    """The same of many members in one look, in their order."""
    people = list({member["person"] for member in members})
    if not people:
        return []
    where = SkillRecord.person.is_in(people) & holds()
    if without:
        where &= SkillRecord.promotion.snapshot != without
    grown: dict[UUID, list[dict[str, Any]]] = {}
    for row in await SkillRecord.select().where(where).order_by(SkillRecord.at):
        grown.setdefault(row["person"], []).append(row)
    return [_record(member, grown.get(member["person"], ()), at) for member in members]


def _record(member: Mapping[str, Any], grown: Sequence[Mapping[str, Any]], at: datetime) -> Record:
    levels = {member["occupation_code"]: member["level"]} if member["level"] else {}
    titles: set[str] = set()
    this_year = 0
    for row in grown:
        if row["level"]:
            before = levels.get(row["occupation_code"], row["level"])
            levels[row["occupation_code"]] = max(before, row["level"], key=lambda id: LEVELS[id].rank)
            this_year += day_of(row["at"]).year == day_of(at).year
        if row["title"]:
            titles.add(row["title"])
    return Record(levels, frozenset(titles), this_year, member["identity"])


def job_of(event: Mapping[str, Any]) -> Occupation:
    """The occupation of an event as the rules know it."""
    return Occupation(event["occupation_code"], event["occupation"], str(event["occupation_edition"]))


def achievement_of(
    competition: Mapping[str, Any], event: Mapping[str, Any], standing: Mapping[str, Any], field: Field
) -> Achievement:
    """What a line of a snapshot is to the rules."""
    award = standing["award"]
    return Achievement(
        rank=standing["place"],
        award_id=award["id"] if award else "",
        field=field,
        team_size=event["team_size"],
        group=event["division"],
        tier=competition["tier"],
        class_=competition["rank"],
        papers=event["standard_level"],
        counted=standing.get("counted", 0),
        passed=frozenset(standing.get("passed", ())),
    )


def _row(snapshot: UUID, member: Mapping[str, Any], held: str, decided: Decided) -> Promotion:
    row = Promotion(
        id=uuid4(),
        snapshot=snapshot,
        member=member["id"],
        person=member["person"],
        held=held,
        outcome="unchanged",
        level="",
        mode="",
        title="",
    )
    row.rule, row.reason_zh, row.reason_en = decided.rule, decided.reason.zh, decided.reason.en
    if isinstance(decided, Silent):
        row.outcome = "silent"
    elif isinstance(decided, Promoted):
        row.outcome, row.level, row.mode = "promoted", decided.level.id, decided.mode
    return row
