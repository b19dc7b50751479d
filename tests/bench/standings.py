"""From a million marks to standings: Podium beside pandas, polars and plain Decimal, on the same marks, on one core.

Everybody joins five judges by their mean, brings judged aspects to their maximum, adds up and ranks. Podium also checks
every mark (range, judge, twice, owed) and works in exact fractions; pandas and polars add binary fractions unchecked,
and their totals are held against ours before any figure is printed. Marks stand in a random order.
"""

from __future__ import annotations

import gc
import os
import random
import time
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeVar

os.environ["POLARS_MAX_THREADS"] = "1"

import pandas
import polars

from scoring import policy
from scoring.marks import STEPS, Aspect, Criterion, Mark, Module, Scheme, SubCriterion
from scoring.results import results
from scoring.standings import Standing, standings

POLICY = policy.load("worldskills")
PANEL = tuple(f"j{number}" for number in range(5))
ASPECTS, CRITERIA = 200, 10
GROWTH = (10, 30, 100, 300, 1000, 3000)
TINY = Fraction(1, 10**6)
"""How far a sum of binary fractions may be from the exact one, in hundredths of a mark."""
Row = dict[str, str | int | float]
Done = TypeVar("Done")


def measure() -> list[Row]:
    """A million marks with everybody, the growth of Podium alone, and one changed mark."""
    scheme, entries = _scheme(), _entries(1000)
    marks = _marks(scheme, entries)
    rows = list(_beside(scheme, entries, marks))
    rows.append(_one_changed_mark(scheme, entries, marks))
    return [*rows, *_growth(scheme)]


def _beside(scheme: Scheme, entries: tuple[str, ...], marks: list[Mark]) -> Iterable[Row]:
    ours, table = _best(lambda: _podium(scheme, entries, marks, traces=False))
    yield _row("Podium, no traces", len(marks), ours, ours)
    traced, same = _best(lambda: _podium(scheme, entries, marks, traces=True))
    assert table == same
    exact = {result.entry: result.exact for result in results(scheme, POLICY, PANEL, entries, marks)}
    yield _row("Podium, traces kept", len(marks), traced, ours)
    columns = {name: [getattr(mark, name) for mark in marks] for name in ("entry", "aspect", "judge", "value")}
    frame, other = pandas.DataFrame(columns), polars.DataFrame(columns)
    for name, peer in (
        ("pandas, frame ready", lambda: _pandas(scheme, frame)),
        ("pandas, from the marks", lambda: _pandas(scheme, pandas.DataFrame(_columns(marks)))),
        ("polars, frame ready", lambda: _polars(scheme, other)),
        ("polars, from the marks", lambda: _polars(scheme, polars.DataFrame(_columns(marks)))),
        ("Decimal, plain", lambda: _decimal(scheme, marks)),
    ):
        seconds, theirs = _best(peer, times=1 if name.startswith("Decimal") else 3)
        assert all(abs(Fraction(theirs[entry]) - total) < TINY for entry, total in exact.items()), name
        yield _row(name, len(marks), seconds, ours)


def _growth(scheme: Scheme) -> Iterable[Row]:
    for count in GROWTH:
        entries = _entries(count)
        marks = _marks(scheme, entries)
        seconds, _ = _best(lambda marks=marks, entries=entries: _podium(scheme, entries, marks, traces=False))
        yield {"what": "growth", "marks": len(marks), "seconds": seconds, "µs a mark": _each(seconds, len(marks))}


def _one_changed_mark(scheme: Scheme, entries: tuple[str, ...], marks: list[Mark]) -> Row:
    """The sheet of the entry that changed is added up again; everybody is ranked again."""
    before = results(scheme, POLICY, PANEL, entries, marks)
    own = [mark for mark in marks if mark.entry == entries[7]]
    changed = [Mark(own[0].judge, own[0].entry, own[0].aspect, 0), *own[1:]]

    def again() -> tuple[Standing, ...]:
        return standings(before.revised(results(scheme, POLICY, PANEL, entries[7:8], changed)), POLICY)

    seconds, table = _best(again)
    everything = [mark for mark in marks if mark.entry != entries[7]] + changed
    assert table == _podium(scheme, entries, everything, traces=False)
    return {"what": "one changed mark of a million: ranked again", "marks": len(marks), "seconds": seconds}


def _podium(scheme: Scheme, entries: tuple[str, ...], marks: list[Mark], *, traces: bool) -> tuple[Standing, ...]:
    return standings(results(scheme, POLICY, PANEL, entries, marks, traces=traces), POLICY)


def _pandas(scheme: Scheme, frame: pandas.DataFrame) -> dict[str, float]:
    cells = frame.groupby(["entry", "aspect"], sort=False)["value"].mean()
    worth = pandas.Series({aspect.id: _worth(aspect) for aspect in scheme.aspects})
    cells = cells.reset_index()
    cells["value"] *= worth.reindex(cells["aspect"]).to_numpy()
    totals = cells.groupby("entry")["value"].sum() * 10000 / scheme.total
    totals.round().rank(method="min", ascending=False)
    return totals.to_dict()


def _polars(scheme: Scheme, frame: polars.DataFrame) -> dict[str, float]:
    worth = polars.DataFrame({"aspect": [a.id for a in scheme.aspects], "worth": [_worth(a) for a in scheme.aspects]})
    cells = frame.group_by("entry", "aspect").agg(polars.col("value").mean()).join(worth, on="aspect")
    totals = cells.group_by("entry").agg((polars.col("value") * polars.col("worth")).sum() * 10000 / scheme.total)
    totals = totals.with_columns(rank=polars.col("value").round().rank("min", descending=True))
    return dict(totals.select("entry", "value").iter_rows())


def _decimal(scheme: Scheme, marks: list[Mark]) -> dict[str, Decimal]:
    cells: dict[tuple[str, str], list[Decimal]] = {}
    for mark in marks:
        cells.setdefault((mark.entry, mark.aspect), []).append(Decimal(mark.value) / 100)
    worth = {aspect.id: Decimal(aspect.maximum) / 300 if aspect.kind == "judged" else 1 for aspect in scheme.aspects}
    totals: dict[str, Decimal] = {}
    for (entry, aspect), values in cells.items():
        totals[entry] = totals.get(entry, Decimal(0)) + sum(values) / len(values) * worth[aspect]
    ready = {entry: total * 10000 / scheme.total for entry, total in totals.items()}
    rounded = {entry: total.quantize(Decimal("0.01"), ROUND_HALF_UP) for entry, total in ready.items()}
    sorted(rounded, key=rounded.__getitem__, reverse=True)
    return {entry: total * 100 for entry, total in ready.items()}


def _worth(aspect: Aspect) -> float:
    return aspect.maximum / 300 if aspect.kind == "judged" else 1.0


def _columns(marks: list[Mark]) -> dict[str, list[object]]:
    return {name: [getattr(mark, name) for mark in marks] for name in ("entry", "aspect", "judge", "value")}


def _best(work: Callable[[], Done], times: int = 3) -> tuple[float, Done]:
    took = []
    for _ in range(times):
        gc.collect()
        begin = time.perf_counter()
        done = work()
        took.append(time.perf_counter() - begin)
    return round(min(took), 4), done


def _row(what: str, marks: int, seconds: float, ours: float) -> Row:
    times = round(seconds / ours, 2)
    return {"what": what, "marks": marks, "seconds": seconds, "µs a mark": _each(seconds, marks), "× Podium": times}


def _each(seconds: float, marks: int) -> float:
    return round(seconds * 10**6 / marks, 3)


def _scheme() -> Scheme:
    """Ten criteria of twenty aspects, every fourth of them judged, all marked by every judge."""
    size = ASPECTS // CRITERIA
    criteria = tuple(
        Criterion(f"C{part}", f"C{part}", 100 * size, "all", (SubCriterion(f"C{part}.1", "", _aspects(part, size)),))
        for part in range(CRITERIA)
    )
    return Scheme("bench", (Module("all", "all", 100),), criteria)


def _aspects(part: int, size: int) -> tuple[Aspect, ...]:
    kinds = ("judged", "measured", "measured", "measured")
    return tuple(Aspect(f"C{part}.{number:02}", kinds[number % 4], "", 100, "all") for number in range(size))


def _entries(count: int) -> tuple[str, ...]:
    return tuple(f"e{number:04}" for number in range(count))


def _marks(scheme: Scheme, entries: tuple[str, ...]) -> list[Mark]:
    dice = random.Random(7)
    marks = [
        Mark(judge, entry, aspect.id, dice.choice(STEPS) if aspect.kind == "judged" else dice.randrange(101))
        for entry in entries
        for aspect in scheme.aspects
        for judge in PANEL
    ]
    dice.shuffle(marks)
    return marks
