"""Promotions: from what a person holds, once, and only where the text says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from scoring.ladder import LEVELS
from scoring.promotion import Achievement, Promoted, Silent, Unchanged
from scoring.selecting import Occupation
from scoring.verdict import Words
from server.database.tables import Decision, Promotion, SkillRecord
from server.draw.flow import codes_of
from server.promotion import flow
from server.promotion.flow import grant, propose
from server.results.flow import snapshot_of
from tests.server.small import AT, Small, brought, entered, founded, level, opened

SAID = Words("依据条文", "as the text says")


async def outcomes() -> dict[str, tuple[str, str, str]]:
    """Name → outcome, level held, level granted, of the newest event."""
    query = Promotion.select(
        Promotion.outcome, Promotion.held, Promotion.level, Promotion.person.name.as_alias("name")
    ).order_by(Promotion.snapshot.at)
    return {row["name"]: (row["outcome"], row["held"], row["level"]) for row in await query}


async def winners(small: Small) -> list[str]:
    """Names in the order of the standings."""
    snapshot = await snapshot_of((await small.event())["id"])
    assert snapshot
    return [row["members"][0]["name"] for row in snapshot["content"]["rows"]]


async def test_automatic_promotions_enter_the_skill_record_once(database: str) -> None:
    """Medallists without a level become technicians when the results are final; granting again is impossible."""
    small = await brought(await founded(), "final")
    decided, ranked = await outcomes(), await winners(small)
    assert [decided[name] for name in ranked[:3]] == [("promoted", "", "technician")] * 3
    assert [decided[name][0] for name in ranked[3:]] == ["unchanged"] * 3
    records = await SkillRecord.select(SkillRecord.level, SkillRecord.occupation_code, SkillRecord.at)
    assert [tuple(row.values()) for row in records] == [("technician", "6-18-02-04", AT)] * 3
    snapshot = await snapshot_of((await small.event())["id"])
    assert snapshot
    with pytest.raises(asyncpg.UniqueViolationError):
        await grant(await small.event(), snapshot["id"], small.staff, AT)
    with pytest.raises(asyncpg.UniqueViolationError):
        await propose(await small.competition(), await small.event(), snapshot, small.staff, AT)


async def test_the_skill_record_of_an_earlier_edition_counts(database: str) -> None:
    """Who became a technician last year is one this year, although the clerk still writes the old level: next is senior technician."""
    first = await brought(replace(await founded(), at=AT - timedelta(days=365)), "final")
    second = await founded("second")
    await brought(second, "registration")
    await entered(second, level=level("senior"))
    second = await brought_on(second)
    decided = await outcomes()
    assert await winners(first) == await winners(second)
    assert {decided[name] for name in (await winners(second))[:3]} == {("promoted", "technician", "senior-technician")}


async def brought_on(small: Small) -> Small:
    """From a filled registration to the end of the notice."""
    await opened(small, "drawn")
    small.codes = await codes_of((await small.event())["id"])
    return await brought(small, "final")


async def test_nobody_is_moved_down_by_an_older_record(database: str) -> None:
    """Who has a higher certificate than the record shows keeps it: a senior technician stays one."""
    await brought(replace(await founded(), at=AT - timedelta(days=365)), "final")
    member = {"person": (await SkillRecord.select(SkillRecord.person).first())["person"], "identity": "worker"}
    held = {"occupation_code": "6-18-02-04", "level": "senior-technician"}
    record = await flow.record_of({**member, **held}, AT)
    assert record.levels == {"6-18-02-04": "senior-technician"} and record.promotions_this_year == 0
    assert (await flow.record_of({**member, **held, "level": "junior"}, AT)).levels["6-18-02-04"] == "technician"


async def test_tier_class_group_and_papers_reach_the_policy(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that asks for a provincial competition of class 1, for the edition of a code, or for who passed theory and
    practice, is told what this competition is and what the marks were."""
    asked: list[Achievement] = []
    jobs: set[Occupation] = set()

    def promote(record: Any, achievement: Achievement, job: Occupation, *more: Any) -> Unchanged:
        asked.append(achievement)
        jobs.add(job)
        return Unchanged("test", SAID)

    monkeypatch.setattr(flow, "promote", promote)
    await brought(await founded(standard_level="senior"), "final")
    first = min(asked, key=lambda one: one.rank)
    assert (first.tier, first.class_, first.group, first.papers) == ("provincial", "1", "职工组", "senior")
    assert (first.rank, first.award_id, first.team_size) == (1, "gold", 1)
    assert (first.field.entries, first.field.teams) == (6, 6)
    assert (first.counted, first.passed) == (1, {"theory", "practice", "total"})
    assert jobs == {Occupation("6-18-02-04", "焊工", "2022")}


@pytest.mark.parametrize(
    ("decided", "outcome", "mode"),
    [
        (Silent("promotion.x", SAID), "silent", ""),
        (Promoted(LEVELS["technician"], "promotion.x", SAID, "approval"), "promoted", "approval"),
        (Promoted(LEVELS["technician"], "promotion.x", SAID, "application"), "promoted", "application"),
    ],
)
async def test_what_is_not_automatic_waits_for_a_person(
    database: str, monkeypatch: pytest.MonkeyPatch, decided: Any, outcome: str, mode: str
) -> None:
    """Silent cases, and promotions on approval or application, are listed with their reason and granted to nobody."""
    monkeypatch.setattr(flow, "promote", lambda *given: decided)
    await brought(await founded(), "final")
    rows = await Promotion.select(Promotion.outcome, Promotion.mode, Promotion.rule, Promotion.reason_zh)
    assert [tuple(row.values()) for row in rows] == [(outcome, mode, "promotion.x", SAID.zh)] * 6
    assert not await SkillRecord.exists()
    (counted,) = (
        await Decision.select(Decision.data).where(Decision.kind == "promotions.granted").output(load_json=True)
    )
    assert counted["data"]["granted"] == 0
