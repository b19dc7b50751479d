"""Where judges have judged: the *load* that is spread evenly, and the *history* that speaks for somebody.

The load is counted by the calendar year of a competition: panels of that year in the organiser's other competitions.
The history goes back further, and holds what a person has typed in as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.competitions.pool import judge_of
from server.database.tables import Judge, JudgeHistory
from server.errors import Refusal

LOADS = """
SELECT a.judge, count(*) AS panels FROM judge_account a JOIN seat s ON s.account = a.account
JOIN event e ON e.id = s.event JOIN competition c ON c.id = e.competition JOIN series r ON r.id = c.series
JOIN judge j ON j.id = a.judge AND j.organiser = r.organiser
WHERE r.organiser = {} AND c.id <> {} AND extract(year FROM c.starts) = {} GROUP BY a.judge
"""
SEATS = """
SELECT a.judge, extract(year FROM c.starts)::int AS year, c.name, c.name_en, e.name AS event, e.name_en AS event_en, s.chief
FROM judge_account a JOIN seat s ON s.account = a.account
JOIN event e ON e.id = s.event JOIN competition c ON c.id = e.competition JOIN series r ON r.id = c.series
JOIN judge j ON j.id = a.judge AND j.organiser = r.organiser
WHERE r.organiser = {} AND c.id <> {} ORDER BY c.starts DESC, e.code
"""


@dataclass(frozen=True, slots=True)
class Officiated:
    """A panel on which somebody sat; `typed` is the id of what a person has typed in."""

    year: int
    competition: Words
    event: Words
    chief: bool
    typed: UUID | None = None


async def loads(organiser: UUID, competition: Mapping[str, Any]) -> dict[UUID, int]:
    """Judge → panels of the same year in the organiser's other competitions."""
    rows = await Judge.raw(LOADS, organiser, competition["id"], competition["starts"].year)
    return {row["judge"]: row["panels"] for row in rows}


async def histories(organiser: UUID, competition: UUID) -> dict[UUID, list[Officiated]]:
    """Judge → where they have judged, the newest first: their seats in other competitions, and what was typed in."""
    found: dict[UUID, list[Officiated]] = {}
    for row in await Judge.raw(SEATS, organiser, competition):
        one = Officiated(
            row["year"], Words(row["name"], row["name_en"]), Words(row["event"], row["event_en"]), row["chief"]
        )
        found.setdefault(row["judge"], []).append(one)
    for row in await JudgeHistory.select().where(JudgeHistory.judge.organiser == organiser):
        competition_name, event = Words(row["competition"], row["competition"]), Words(row["event"], row["event"])
        one = Officiated(row["year"], competition_name, event, row["chief"], row["id"])
        found.setdefault(row["judge"], []).append(one)
    return {judge: sorted(panels, key=lambda one: -one.year) for judge, panels in found.items()}


async def add_history(organiser: UUID, judge: UUID, one: Officiated) -> None:
    """Keep a panel of which only a person knows. Raises Refusal `judge.history`."""
    await judge_of(organiser, judge)
    if not 1950 <= one.year <= 2100 or not one.competition.zh.strip():
        words = Words("请填写年份和竞赛名称。", "Give the year and the name of the competition.")
        raise Refusal("judge.history", words, status=422)
    row = JudgeHistory(
        id=uuid4(), judge=judge, year=one.year, competition=one.competition.zh, event=one.event.zh, chief=one.chief
    )
    await JudgeHistory.insert(row)


async def drop_history(organiser: UUID, judge: UUID, typed: UUID) -> None:
    """Take out what was typed in by mistake."""
    await judge_of(organiser, judge)
    await JudgeHistory.delete().where((JudgeHistory.id == typed) & (JudgeHistory.judge == judge))
