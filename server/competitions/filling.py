"""Which seats are filled by whom: a mixed-integer program that knows no rules, only what may be combined.

An *option* is one person on one seat; `seats` says how many of an event are open. Goals follow one another, and what
one has reached the next must keep: most seats filled, the lightest largest load, even loads, seats that are held,
years, low ids. The same options give the same answer in any order, unless the time is up before the last goal.

SciPy's HiGHS, not OR-tools: both free, exact and kept up, but SciPy brings NumPy alone, OR-tools pandas and protobuf.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Goal = Literal["seats", "load", "even", "held", "years", "ids"]


@dataclass(frozen=True, slots=True)
class Option:
    """One judge on one seat of an event; of those with the same `shared` in an event (unless empty) one may be chosen.

    `load` is what the judge carries before, `room` how many more panels they take; two options of a judge that have a
    day in common exclude one another.
    """

    judge: str
    event: str
    shared: str
    days: frozenset[date]
    load: int
    room: int
    held: bool
    years: int


@dataclass(frozen=True, slots=True)
class Filling:
    """Pairs of judge and event; `reached` is the goal that the time ended at, empty when all were met."""

    seats: frozenset[tuple[str, str]]
    reached: Goal | Literal[""]


@dataclass(frozen=True, slots=True)
class Model:
    """The program: a column per option, then one per step of a judge's load.

    A judge with load 2 and two options has the steps 3 and 4, and takes as many steps as seats.
    """

    options: tuple[Option, ...]
    steps: tuple[tuple[str, int], ...]
    rows: LinearConstraint

    def whole(self, chosen: Collection[int]) -> Any:
        """A choice of options with the steps that follow from it."""
        loads = {one.judge: one.load for one in self.options}
        for place in chosen:
            loads[self.options[place].judge] += 1
        steps = [level <= loads[judge] for judge, level in self.steps]
        return np.array([*(place in chosen for place in range(len(self.options))), *steps], dtype=np.int64)

    def height(self, chosen: Collection[int]) -> int:
        """The largest load that a choice gives to anybody."""
        used = self.whole(chosen)[len(self.options) :]
        return _highest(step for step, taken in zip(self.steps, used, strict=True) if taken)


class Row(NamedTuple):
    """How many of the columns that count, less those against, may be one."""

    counts: list[int]
    against: list[int]
    least: int
    most: int


def fill(options: Collection[Option], seats: Mapping[str, int], seconds: float) -> Filling:
    """The best choice of options; when `seconds` are over, the best that was found, to which no seat can be added.

    HiGHS looks at the clock now and then only: a large program may take a little longer.
    """
    until = monotonic() + seconds
    model = _model(sorted(options, key=lambda one: (one.judge, one.event)), seats)
    goals = _goals(model) if options else {}
    chosen, kept, ceiling = _added(model.options, seats, ()), [model.rows], _highest(model.steps)
    for name, goal in goals.items():
        if name == "load":
            found, proven = _lowest(model, goal, chosen, until)
            ceiling = model.height(found)
        else:
            found, proven = _solved(model, goal, kept, ceiling, until)
        # What was there before may be better in goals to come, and is when nothing was found in time.
        chosen = min(_added(model.options, seats, found), chosen, key=lambda some: _worth(model, goals, some))
        if not proven:
            return Filling(_pairs(model, chosen), name)
        # HiGHS sees the structure of a sum of seats, and is three times slower with all its signs turned.
        row, reached = abs(goal).reshape(1, -1), int(abs(goal) @ model.whole(chosen))
        kept.append(LinearConstraint(row, reached, reached))
    return Filling(_pairs(model, chosen), "")


def _worth(model: Model, goals: Mapping[Goal, Any], chosen: Collection[int]) -> tuple[int, ...]:
    """How far a choice is from each goal, the first difference decides."""
    whole = model.whole(chosen)
    return tuple(model.height(chosen) if name == "load" else int(goal @ whole) for name, goal in goals.items())


def _goals(model: Model) -> dict[Goal, Any]:
    """What is made as small as possible, one after the other: a weight per column, all of one sign."""
    judges, events = (
        {name: place for place, name in enumerate(sorted(names, reverse=True), 1)}
        for names in ({one.judge for one in model.options}, {one.event for one in model.options})
    )
    none, flat = [0] * len(model.options), [0] * len(model.steps)
    most = np.array([-1 for _ in none] + flat)
    return {
        "seats": most,
        # As many, under a lower ceiling.
        "load": most,
        # The sum of squares grows by 2·level − 1 with each step, and the number of steps is settled.
        "even": np.array(none + [level for _, level in model.steps]),
        "held": np.array([-one.held for one in model.options] + flat),
        "years": np.array([-one.years for one in model.options] + flat),
        # Low ids sit, on the first events, the lowest on the first: of two who swap, one order has the larger sum.
        "ids": np.array([-judges[one.judge] * events[one.event] for one in model.options] + flat),
    }


def _model(options: Sequence[Option], seats: Mapping[str, int]) -> Model:
    of_judge: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(options):
        of_judge[one.judge].append(place)
    steps = [
        (judge, options[places[0]].load + more)
        for judge, places in of_judge.items()
        for more in range(1, _most([options[place] for place in places]) + 1)
    ]
    of_step: dict[str, list[int]] = defaultdict(list)
    for place, (judge, _) in enumerate(steps, len(options)):
        of_step[judge].append(place)
    rows = [Row(places, [], 0, most) for places, most in _limits(options, seats)]
    rows += [Row(places, of_step[judge], 0, 0) for judge, places in of_judge.items()]
    return Model(tuple(options), tuple(steps), _constraint(rows, len(options) + len(steps)))


def _limits(options: Sequence[Option], seats: Mapping[str, int]) -> Iterator[tuple[list[int], int]]:
    """At most so many of these options: the seats of an event, one of a unit, one of a judge on a day."""
    at_most: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(options):
        at_most["seats", one.event].append(place)
        if one.shared:
            at_most["shared", one.event, one.shared].append(place)
        for day in sorted(one.days):
            at_most["day", one.judge, day.isoformat()].append(place)
    told = set()
    for (kind, name, *_), places in at_most.items():
        most = seats[name] if kind == "seats" else 1
        if most < len(places) and (*places, most) not in told:
            told.add((*places, most))
            yield places, most


def _most(options: Sequence[Option]) -> int:
    """How many of a judge's options could be chosen together, at most."""
    days = {day for one in options for day in one.days}
    return min(options[0].room, len(options), len(days) + sum(not one.days for one in options))


def _constraint(rows: Sequence[Row], width: int) -> LinearConstraint:
    cells = [
        (number, place, sign)
        for number, row in enumerate(rows)
        for sign, places in ((1, row.counts), (-1, row.against))
        for place in places
    ]
    where_row, where_column, signs = zip(*cells, strict=True) if cells else ((), (), ())
    matrix = csr_array((signs, (where_row, where_column)), shape=(len(rows), width))
    return LinearConstraint(matrix, [row.least for row in rows], [row.most for row in rows])


def _highest(steps: Iterable[tuple[str, int]]) -> int:
    return max((level for _, level in steps), default=0)


def _lowest(model: Model, goal: Any, chosen: frozenset[int], until: float) -> tuple[frozenset[int], bool]:
    """As many seats as `chosen` under the lowest ceiling for loads that allows it; and whether that is proven."""
    heights = sorted({level for _, level in model.steps})
    enough = [height for height in heights if sum(level <= height for _, level in model.steps) >= len(chosen)]
    while enough and enough[0] < model.height(chosen):
        tried = enough[(len(enough) - 1) // 2]
        found, proven = _solved(model, goal, [model.rows], tried, until)
        if len(found) == len(chosen):
            chosen = found
            enough = [height for height in enough if height < model.height(chosen)]
        elif proven:
            enough = [height for height in enough if height > tried]
        else:
            return chosen, False
    return chosen, True


def _solved(
    model: Model, goal: Any, kept: Sequence[LinearConstraint], ceiling: int, until: float
) -> tuple[frozenset[int], bool]:
    """The options that make the goal smallest with no load above the ceiling; and whether that is proven.

    Nothing is chosen when nothing was found in time.
    """
    seconds = until - monotonic()
    if seconds <= 0:
        return frozenset(), False
    whole = [1] * len(model.options) + [0] * len(model.steps)
    upper = [1] * len(model.options) + [int(level <= ceiling) for _, level in model.steps]
    limits = {"time_limit": seconds, "mip_rel_gap": 0}
    answer = milp(goal, integrality=whole, bounds=Bounds(0, upper), constraints=kept, options=limits)
    chosen = () if answer.x is None else np.flatnonzero(answer.x[: len(model.options)] > 0.5)
    return frozenset(int(place) for place in chosen), answer.status == 0


def _added(options: Sequence[Option], seats: Mapping[str, int], chosen: Collection[int]) -> frozenset[int]:
    """A choice with every option that can join it without sending one away: light loads, held seats and years first."""
    used: Counter[tuple[str, ...]] = Counter()
    taken = set(chosen)
    wished = sorted(set(range(len(options))) - taken, key=lambda place: _wish(options[place]))
    for place in [*sorted(taken), *wished]:
        one = options[place]
        limits: dict[tuple[str, ...], int] = {("seats", one.event): seats[one.event], ("load", one.judge): one.room}
        limits |= {("shared", one.event, one.shared): 1} if one.shared else {}
        limits |= {("day", one.judge, day.isoformat()): 1 for day in one.days}
        if place in taken or all(used[limit] < most for limit, most in limits.items()):
            taken.add(place)
            used.update(limits.keys())
    return frozenset(taken)


def _wish(one: Option) -> tuple[int, bool, int, str, str]:
    return one.load, not one.held, -one.years, one.event, one.judge


def _pairs(model: Model, chosen: Collection[int]) -> frozenset[tuple[str, str]]:
    return frozenset((model.options[place].judge, model.options[place].event) for place in chosen)
