"""From marks to results: what every entry reached, and how.

All numbers are in hundredths of a mark. A judged aspect is worth the joined score ÷ 3 × its maximum; a measured aspect
is worth its mark. A *module mark* is what was got, brought to 100.00 (10 000); the total is the weighted sum of the
module marks. Exact fractions all the way: a number is rounded only where the policy names a step for it.
A result carries its *trace*: for each aspect the marks that counted and what they became. What a result does not know
is its rank; that is a comparison, see `scoring.standings`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from scoring.cells import Given, collected, owed_problems
from scoring.joining import JOINS, Adder, Ratio
from scoring.language.marking import Step
from scoring.marks import ALL, JUDGED, JUDGED_TOP, Aspect, Facts, Mark, Scheme, facts_of, missing
from scoring.normalising import Levelled, levelled
from scoring.policy import Policy
from scoring.rounding import rounded
from scoring.verdict import Problems


class Cell(NamedTuple):
    """One aspect of one entry in a trace: the marks that counted, and their worth as a ratio of hundredths.

    `filled` tells when marks were missing: "average", "replace", or "zero" for an entry that did not finish.
    """

    aspect: str
    given: Given
    ratio: Ratio
    filled: str

    @property
    def value(self) -> Fraction:
        """What the aspect counts, exactly."""
        return Fraction(*self.ratio)


@dataclass(frozen=True, slots=True)
class Result:
    """What one entry reached. `total` is rounded as the policy says, `exact` is not."""

    entry: str
    total: int
    exact: Fraction
    modules: Mapping[str, Fraction]
    criteria: Mapping[str, Fraction]
    judged_total: Fraction
    best_aspect: Fraction
    time_adjustment: int
    facts: Facts
    trace: tuple[Cell, ...]


@dataclass(frozen=True)
class Results:
    """The results of an event, by entry id, with the fingerprint of the policy that they were computed with."""

    entries: tuple[Result, ...]
    policy: str

    @cached_property
    def of(self) -> Mapping[str, Result]:
        """The results by entry."""
        return {result.entry: result for result in self.entries}

    def revised(self, part: "Results") -> "Results":
        """These results with those of `part` in place of their own: what one changed mark needs to be computed again.

        `part` is `results` of the changed entries alone. Not for a policy that evens out judges, where every mark
        touches every entry.
        """
        changed = {**self.of, **part.of}
        return Results(tuple(changed[entry] for entry in sorted(changed)), self.policy)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.entries)

    def __getitem__(self, entry: str) -> Result:
        return self.of[entry]


def results(
    scheme: Scheme, policy: Policy, panel: Collection[str], entries: Collection[str], marks: Iterable[Mark]
) -> Results:
    """The result of every entry, in the order of their ids; the order of the marks does not matter.

    `entries` is a list of ids, or a mapping from ids to `Facts`. Raises `Problems` when a mark does not fit, comes
    twice, or is owed (`results.marks-owed`) and the policy waits for it. Where the policy replaces or averages what is
    missing, a mark is owed only when nobody marked that aspect at all.
    """
    cells = collected(scheme, panel, entries, marks)
    waiting = missing(scheme, frozenset(panel), entries, cells)
    if policy.marking.missing != "wait":
        waiting = tuple(one for one in waiting if one.aspect not in cells[one.entry])
    if waiting:
        raise Problems(owed_problems(waiting))
    normalise = policy.aggregation.normalise
    even = {} if normalise == "none" else levelled(scheme, normalise, cells)
    sums = _Sums(scheme, policy, frozenset(panel), even)
    return Results(
        tuple(sums.result(entry, facts_of(entries, entry), cells.get(entry, {})) for entry in sorted(entries)),
        policy.fingerprint,
    )


def passed(result: Result, policy: Policy) -> frozenset[str]:
    """The parts of an event that this result passes: module ids, and “total”.

    A mark that is rounded up to the pass mark passes, because the rounded one is what the competitor reads.
    """
    marks = {**result.modules, "total": Fraction(result.total)}
    least = policy.passing.marks if policy.passing else {}
    step = policy.rounding.total
    return frozenset(part for part, mark in marks.items() if rounded(mark, step.mode, step.step) >= least.get(part, 0))


class _Sums:
    """What is the same for every entry of an event, looked up once."""

    def __init__(self, scheme: Scheme, policy: Policy, judges: frozenset[str], even: Levelled) -> None:
        self.scheme = scheme
        self.even = even
        self.policy = policy
        self.judges = judges
        self.plan = [(criterion, criterion.aspects) for criterion in scheme.criteria]
        self.maxima = {module.id: scheme.module_maximum(module.id) for module in scheme.modules}

    def result(self, entry: str, facts: Facts, given: Mapping[str, Given]) -> Result:
        """Adds up one entry."""
        modules = {module.id: Adder() for module in self.scheme.modules}
        criteria: dict[str, Fraction] = {}
        judges = len(self.judges.difference(facts.recused))
        judged, best, trace = Adder(), (0, 1), []
        for criterion, aspects in self.plan:
            if facts.modules and criterion.module not in facts.modules:
                continue
            adder = Adder()
            for aspect in aspects:
                cell = self._cell(aspect, given.get(aspect.id, {}), judges)
                trace.append(cell)
                top, bottom = cell.ratio
                adder.add(-top if aspect.penalty else top, bottom)
                if aspect.kind == JUDGED:
                    judged.add(top, bottom)
                if top * best[1] > best[0] * bottom and not aspect.penalty:
                    best = top, bottom
            criteria[criterion.id] = max(adder.sum(), Fraction(0))
            modules[criterion.module].add(*criteria[criterion.id].as_integer_ratio())
        marks = {id: self._module_mark(id, adder.sum()) for id, adder in modules.items()}
        extra = self._time(facts)
        exact = max(self._joined(marks, modules) + extra, Fraction(0))
        total = self.policy.rounding.total
        return Result(
            entry=entry,
            total=rounded(exact, total.mode, total.step),
            exact=exact,
            modules=marks,
            criteria=criteria,
            judged_total=judged.sum(),
            best_aspect=Fraction(*best),
            time_adjustment=extra,
            facts=facts,
            trace=tuple(trace),
        )

    def _cell(self, aspect: Aspect, given: Given, judges: int) -> Cell:
        """One aspect: the joined marks, times maximum ÷ 3 when it is judged."""
        if not given:
            return Cell(aspect.id, given, (0, 1), "zero")
        values = [mark.value for mark in given.values()]
        if self.even:
            values = [self.even.get((mark.entry, aspect.id, mark.judge), mark.value) for mark in given.values()]
        filled = ""
        if aspect.recorded != ALL:
            values = [max(given.values(), key=lambda mark: mark.round).value]
        elif len(values) < judges:
            filled = "replace" if self.policy.marking.missing == "replace" else "average"
            if filled == "replace":
                values += [sorted(values)[(len(values) - 1) // 2]] * (judges - len(values))
        rule = self.policy.aggregation.judged if aspect.kind == JUDGED else self.policy.aggregation.measured
        top, bottom = JOINS[rule.use](values, rule)
        if aspect.kind == JUDGED:
            top, bottom = top * aspect.maximum, bottom * JUDGED_TOP
        step = self.policy.rounding.aspect
        if step is not None:
            top, bottom = rounded(Fraction(top, bottom), step.mode, step.step), 1
        return Cell(aspect.id, given, (top, bottom), filled)

    def _module_mark(self, module: str, got: Fraction) -> Fraction:
        """What was got in a module, brought to 100.00."""
        mark = got * 10000 / self.maxima[module] if self.maxima[module] else Fraction(0)
        return _stepped(mark, self.policy.rounding.module)

    def _joined(self, marks: Mapping[str, Fraction], modules: Mapping[str, Adder]) -> Fraction:
        """The weighted or the plain sum of the modules that count."""
        if self.policy.aggregation.modules == "weighted":
            return weighted(self.scheme, marks)
        counted = [module for module in self.scheme.modules if not module.void]
        return sum((modules[module.id].sum() for module in counted), Fraction(0))

    def _time(self, facts: Facts) -> int:
        """Bonus for every full step of time below par, penalty above it, never more than the cap."""
        rule = self.policy.aggregation.time
        if rule is None or facts.seconds is None:
            return 0
        early = rule.par - facts.seconds
        size = abs(early) // rule.per * (rule.bonus if early > 0 else rule.penalty)
        return min(size, rule.cap) if early > 0 else -min(size, rule.cap)


def weighted(scheme: Scheme, marks: Mapping[str, Fraction]) -> Fraction:
    """The weighted sum of module marks; the weights of void modules fall to the others."""
    counted = [module for module in scheme.modules if not module.void]
    weights = sum(module.weight for module in counted)
    if not weights:
        return Fraction(0)
    return sum((marks[module.id] * module.weight for module in counted), Fraction(0)) / weights


def _stepped(value: Fraction, step: Step | None) -> Fraction:
    return value if step is None else Fraction(rounded(value, step.mode, step.step))
