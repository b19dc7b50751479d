"""The plan's indicators: new certificates of skill levels, and those at 高级工 or above, target against actual.

The targets are those of Hebei Province's training plan for the 14th five-year period (2022-04-06): at least 1.5 million
new certificates, of them at least 0.4 million at 高级工 or above. Actual is the skill record: every level granted through
competitions and not withdrawn, in the year in which it was granted; each is a line of the filing list from which the
entitled body issues the level's certificate. The plan sets its targets for the province and the whole period. It names
none for a city or a year, so that none is shown here; an organiser's own are in targets.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scoring.ladder import LADDER, LEVELS
from scoring.verdict import Words
from server.database.tables import Competition

FIRST, YEARS = 2021, 5
TARGETS = {"new": 1_500_000, "high": 400_000}
PLAN = Words(
    "河北省“十四五”职业技能培训规划（2022-04-06）：新增取证 150 万人次以上，其中高级工以上 40 万人次以上",
    "Hebei Province, plan of vocational skills training for the 14th five-year period (2022-04-06): at least 1.5 million new certificates, of them at least 0.4 million at 高级工 (grade 3) or above",
)
HIGH = [level.id for level in LADDER if level.rank >= LEVELS["senior"].rank]
YEAR = "date_part('year', r.at AT TIME ZONE 'Asia/Shanghai')::int"
SOURCE = """skill_record r JOIN promotion p ON p.id = r.promotion JOIN member m ON m.id = p.member JOIN entry e ON e.id = m.entry
JOIN delegation d ON d.id = e.delegation JOIN competition c ON c.id = d.competition JOIN series z ON z.id = c.series
LEFT JOIN skill_withdrawal w ON w.record = r.id
WHERE w.id IS NULL AND r.level <> '' AND (z.organiser = {} OR c.id = {})"""
COUNTS = "count(*) AS new, count(*) FILTER (WHERE r.level = ANY({})) AS high"


@dataclass(frozen=True, slots=True)
class Indicators:
    """What was granted in one five-year period: by year (every year of it), by city, by level, and in all."""

    first: int
    years: list[dict[str, Any]]
    cities: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    total: Mapping[str, int]
    periods: tuple[int, ...]
    """First years of the periods in which anything was granted, and of the plan's own."""


def period_of(year: int) -> int:
    """The first year of the five-year period of a year: 2021, 2026 …"""
    return year - (year - FIRST) % YEARS


def period_asked(asked: str, competition: Mapping[str, Any]) -> int:
    """The first year of the period that an address asks for, by any year of it; else of the competition's own."""
    plain = asked.isascii() and asked.isdigit() and 1900 < int(asked) < 3000
    return period_of(int(asked) if plain else competition["starts"].year)


async def indicators(competition: Mapping[str, Any], all_of_organiser: bool, first: int) -> Indicators:
    """The indicators of a period: over all competitions of the organiser for its staff, over this one for anybody else."""
    scope = (competition["organiser"] if all_of_organiser else UUID(int=0), competition["id"])
    within = f"{SOURCE} AND {YEAR} BETWEEN {{}} AND {{}}"
    span = (first, first + YEARS - 1)

    async def by(key: str, order: str) -> list[dict[str, Any]]:
        query = f"SELECT {key} AS key, {COUNTS} FROM {within} GROUP BY 1 ORDER BY {order}"
        return [dict(row) for row in await Competition.raw(query, HIGH, *scope, *span)]

    found = {row["key"]: row for row in await by(YEAR, "1")}
    years, so_far = [], {"new": 0, "high": 0}
    for year in range(first, first + YEARS):
        row = found.get(year, {"new": 0, "high": 0})
        so_far = {name: so_far[name] + row[name] for name in so_far}
        years.append(
            {"year": year, "new": row["new"], "high": row["high"], "new_sum": so_far["new"], "high_sum": so_far["high"]}
        )
    known = await Competition.raw(f"SELECT DISTINCT {YEAR} AS year FROM {SOURCE}", *scope)
    periods = sorted({FIRST, first, *(period_of(row["year"]) for row in known)})
    levels = {row["key"]: row for row in await by("r.level", "1")}
    ladder = [levels[level.id] for level in LADDER if level.id in levels]
    return Indicators(first, years, await by("d.name", "2 DESC, 1"), ladder, so_far, tuple(periods))
