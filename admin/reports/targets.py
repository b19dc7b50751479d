"""An organiser's own targets for the plan's indicators, by city and year: kept, changed, compared with what was granted.

The published plan has totals for the province and five years alone (indicators.py). What each city is to reach in each
year is the organiser's own and typed in by its staff; nothing here divides the plan's total. A city is called as its
delegation is, so that what was granted to that delegation is its actual. What the targets add up to is shown beside the
plan's total and never forced to equal it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from admin.reports.indicators import COUNTS, HIGH, SOURCE, TARGETS, YEAR, YEARS
from scoring.verdict import Place, Problem, Words
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Competition, Delegation, IndicatorTarget, Organiser
from server.errors import Refusal
from server.ledger import record

Cell = tuple[str, int, str]
"""A city, a year, and an indicator: `new` or `high`."""


@dataclass(frozen=True, slots=True)
class Change:
    """The target of one cell from now on; None is no target. `was` is what its maker saw."""

    cell: Cell
    number: int | None
    was: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A target and what was granted; there may be no target."""

    target: int | None
    actual: int

    @property
    def difference(self) -> int | None:
        """How far the actual is above the target; below it is negative."""
        return None if self.target is None else self.actual - self.target

    @property
    def share(self) -> int | None:
        """Of the target, in hundredths of a percent; of a target of 0 there is no share."""
        return self.actual * 10_000 // self.target if self.target else None


async def targets_of(organiser: UUID, first: int) -> dict[Cell, int]:
    """Every target of a five-year period."""
    query = IndicatorTarget.select().where(IndicatorTarget.organiser == organiser)
    rows = await query.where((IndicatorTarget.year >= first) & (IndicatorTarget.year < first + YEARS))
    return {(row["city"], row["year"], row["indicator"]): row["number"] for row in rows}


async def granted_in(organiser: UUID, first: int) -> dict[Cell, int]:
    """What was granted in a five-year period over all competitions of an organiser, by city and year."""
    query = (
        f"SELECT d.name AS city, {YEAR} AS year, {COUNTS} FROM {SOURCE} AND {YEAR} BETWEEN {{}} AND {{}} GROUP BY 1, 2"
    )
    rows = await Competition.raw(query, HIGH, organiser, UUID(int=0), first, first + YEARS - 1)
    return {(row["city"], row["year"], measure): row[measure] for row in rows for measure in TARGETS}


async def cities_of(organiser: UUID) -> list[str]:
    """The names of all delegations that an organiser's competitions have had."""
    query = Delegation.select(Delegation.name).where(Delegation.competition.series.organiser == organiser)
    return sorted({row["name"] for row in await query})


async def periods_of(organiser: UUID) -> set[int]:
    """The years that have a target."""
    query = IndicatorTarget.select(IndicatorTarget.year).where(IndicatorTarget.organiser == organiser)
    return {row["year"] for row in await query}


def compared(targets: Mapping[Cell, int], granted: Mapping[Cell, int], measure: str) -> dict[tuple[str, int], Line]:
    """Each city and year that has a target or an actual, in the order of the names; then of the years."""
    cells = sorted({(city, year) for city, year, _ in (*targets, *granted)})
    return {
        (city, year): Line(targets.get((city, year, measure)), granted.get((city, year, measure), 0))
        for city, year in cells
    }


def together(lines: Iterable[Line]) -> Line:
    """The sum of lines; their target is the sum of those that there are."""
    found = list(lines)
    targets = [line.target for line in found if line.target is not None]
    return Line(sum(targets) if targets else None, sum(line.actual for line in found))


async def set_targets(
    competition: Mapping[str, Any], changes: Iterable[Change], actor: Actor, at: datetime
) -> dict[Cell, int | None]:
    """Set the targets of the competition's organiser, all of them or none; what was changed, and to what.

    The ledger of the competition from whose desk they were set tells it, each with what was there before. Raises Refusal
    `setup.changed` when a cell is not as its maker saw it.
    """
    organiser = competition["organiser"]
    async with DB.transaction():
        await Organiser.select(Organiser.id).where(Organiser.id == organiser).lock_rows().first()
        rows = await IndicatorTarget.select().where(IndicatorTarget.organiser == organiser)
        there = {(row["city"], row["year"], row["indicator"]): row for row in rows}
        wanted = [one for one in changes if one.number != _number(there.get(one.cell))]
        problems = [
            _meanwhile(one.cell, now) for one in wanted if (now := _number(there.get(one.cell))) != one.was
        ]  # fmt: skip
        if problems:
            words = Words(
                f"有 {len(problems)} 格别人刚改过，目标都没有保存。",
                f"Somebody changed {len(problems)} cells meanwhile; no target was stored.",
            )
            raise Refusal(
                "setup.changed", words, Words("请逐格看过再保存。", "Look at each, then save."), tuple(problems)
            )
        gone = [there[one.cell]["id"] for one in wanted if one.cell in there]
        if gone:
            await IndicatorTarget.delete().where(IndicatorTarget.id.is_in(gone))
        made = [
            {"id": uuid4(), "organiser": organiser, **dict(zip(("city", "year", "indicator"), one.cell, strict=True)), "number": one.number}
            for one in wanted
            if one.number is not None
        ]  # fmt: skip
        await insert_rows(IndicatorTarget, made)
        told = sorted(([*one.cell, one.was, one.number] for one in wanted), key=lambda one: one[:3])
        if told:
            await record(competition["id"], "targets.set", actor, at, data={"targets": told})
    return {one.cell: one.number for one in wanted}


def _number(row: Mapping[str, Any] | None) -> int | None:
    return row["number"] if row else None


def _meanwhile(cell: Cell, now: int | None) -> Problem:
    city, year, measure = cell
    zh, en = NAMES[measure].zh, NAMES[measure].en
    there_zh, there_en = ("没有目标", "no target") if now is None else (f"{now:,}", f"{now:,}")
    return Problem(
        "setup.changed",
        Place(key=f"{city} {year} {measure}"),
        Words(f"{city} {year} 年·{zh}现在是：{there_zh}。", f"{city} {year} · {en}: it is {there_en} now."),
        Words("请看过再改一次。", "Look at it, then change it again."),
    )


NAMES = {
    "new": Words("新增取证", "New certificates"),
    "high": Words("高级工及以上", "Grade 3 (senior worker) and above"),
}
