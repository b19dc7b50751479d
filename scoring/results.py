"""From marks to results: what every entry reached, and how.

All numbers are in hundredths of a mark. A judged aspect is worth the joined score ÷ 3 × its maximum; a measured aspect
is worth its mark. A *module mark* is what was got, brought to 100.00 (10 000); the total is the weighted sum of the
module marks. Exact fractions all the way: a number is rounded only where the policy names a step for it.
A result carries its *trace*: for each aspect the marks that counted and what they became. What a result does not know
is its rank; that is a comparison, see `scoring.standings`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from scoring.cells import Sheets, collected, missing, owed_problems
from scoring.joining import JOINS, Number, Ratio, Sum, mean, median
from scoring.language.marking import Join, Step
from scoring.marks import ALL, JUDGED, JUDGED_TOP, MEASURED, Aspect, Facts, Mark, Scheme, facts_of
from scoring.normalising import levelled
from scoring.policy import Policy
from scoring.rounding import rounded
from scoring.verdict import Problems

NOTHING = Fraction(0)
NO_WORTH: Ratio = (0, 1)
FIRST: Mapping[str, int] = {}
"""Every mark is of the first round."""


class Cell(NamedTuple):
    """One aspect of one entry in a trace: what each of `judges` gave (None: nothing), and what it is worth.

    `rounds` names the judges whose mark is of a later round than the first. `counted` are the values that were joined:
    those that were given, evened out and filled up where the policy says so. `filled` tells when marks were missing:
    "average", "replace", or "zero" when nobody gave one. `ratio` is the worth in hundredths, below zero for a penalty.
    """

    aspect: str
    judges: tuple[str, ...]
    given: tuple[int | None, ...]
    rounds: Mapping[str, int]
    counted: tuple[Number, ...]
    ratio: Ratio
    filled: str

    @property
    def value(self) -> Fraction:
        """What the aspect counts, exactly."""
        return Fraction(*self.ratio)


@dataclass(frozen=True, slots=True)
class Result:
    """What one entry reached, in hundredths. `total` is rounded as the policy says, `exact` is not.

    `judged_total` and `best_aspect` are for the breakers of ties; `trace` is empty when it was not asked for.
    """

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
    scheme: Scheme,
    policy: Policy,
    panel: Collection[str],
    entries: Collection[str],
    marks: Iterable[Mark],
    *,
    traces: bool = True,
) -> Results:
    """The result of every entry, in the order of their ids; the order of the marks does not matter.

    `entries` is a list of ids, or a mapping from ids to `Facts`. Raises `Problems` when a mark does not fit, comes
    twice, or is owed (`results.marks-owed`) and the policy waits for it. Where the policy replaces or averages what is
    missing, a mark is owed only when nobody marked that aspect at all. Without `traces`, the same numbers sooner.
    """
    sheets = collected(scheme, panel, entries, marks)
    waiting = missing(scheme, entries, sheets)
    if policy.marking.missing != "wait":
        waiting = tuple(one for one in waiting if set(sheets.row(one.entry, one.aspect)) == {None})
    if waiting:
        raise Problems(owed_problems(waiting))
    even = None
    if policy.aggregation.normalise != "none":
        facts = {entry: facts_of(entries, entry) for entry in sheets.of}
        counting = {e for e, one in facts.items() if one.eligible and one.status not in policy.standing.unranked}
        even = levelled(scheme, policy.aggregation.normalise, sheets, counting)
    sums = _Sums(scheme, policy, sheets, even, traces)
    return Results(tuple(sums.result(entry, facts_of(entries, entry)) for entry in sheets.of), policy.fingerprint)


def passed(scheme: Scheme, result: Result, policy: Policy) -> frozenset[str]:
    """The parts of an event that this result passes: module ids, and “total”.

    A mark that the policy rounds up to the pass mark passes, because the rounded one is what the competitor reads. A
    void module counts for nobody and is failed by nobody.
    """
    marks = {**result.modules, "total": Fraction(result.total)}
    least = policy.passing.marks if policy.passing else {}
    void = {module.id for module in scheme.modules if module.void}
    return frozenset(part for part, mark in marks.items() if mark >= least.get(part, 0)) | void


_Line = tuple[Aspect, int, int, Callable[[Sequence[Number], Join], Ratio], Join, int, int]
"""An aspect, where its row begins and ends, the function that joins its marks and the rule for it; then two whole
numbers: what is joined, times the first, over the second, is what the aspect is worth in hundredths."""


@dataclass(slots=True)
class _Adding:
    """Whether marks are missing on the sheet, and what is added up over all its criteria for the breakers of ties."""

    gaps: bool
    judged: Sum = field(default_factory=Sum)
    best: Ratio = NO_WORTH


class _Sums:
    """What is the same for every entry of an event, looked up once."""

    def __init__(
        self,
        scheme: Scheme,
        policy: Policy,
        sheets: Sheets,
        even: Mapping[str, list[Number | None]] | None,
        traces: bool,
    ) -> None:
        self.scheme = scheme
        self.policy = policy
        self.sheets = sheets
        self.traces = traces
        self.even = sheets.of if even is None else even
        counted = {module.id for module in scheme.counted}
        self.plan = [
            (criterion, [self._line(aspect) for aspect in criterion.aspects])
            for criterion in scheme.criteria
            if criterion.module in counted
        ]

    def _line(self, aspect: Aspect) -> _Line:
        """A judged aspect is worth the joined score, times its maximum, over 3.00; a penalty is taken off."""
        rules, begin = self.policy.aggregation, self.sheets.rows[aspect.id]
        rule = rules.judged if aspect.kind == JUDGED else rules.measured
        times, over = (aspect.maximum, JUDGED_TOP) if aspect.kind == JUDGED else (1, 1)
        sign = -1 if aspect.penalty else 1
        return aspect, begin, begin + len(self.sheets.judges), JOINS[rule.use], rule, sign * times, over

    def result(self, entry: str, facts: Facts) -> Result:
        """Adds up one entry."""
        modules = {module.id: Sum() for module in self.scheme.counted}
        criteria: dict[str, Fraction] = {}
        sums, trace = _Adding(None in self.even[entry]), list[Cell]()
        judges = len(set(self.sheets.judges).difference(facts.recused))
        for criterion, lines in self.plan:
            if facts.modules and criterion.module not in facts.modules:
                continue
            exact = self._criterion(entry, judges, lines, sums, trace)
            criteria[criterion.id] = exact if exact.numerator > 0 else NOTHING
            modules[criterion.module].add(criteria[criterion.id])
        marks = {id: self._module_mark(id, got.exact(), judges) for id, got in modules.items()}
        extra = self._time(facts)
        exact = max(self._joined(marks, modules) + extra, NOTHING)
        total = self.policy.rounding.total
        return Result(
            entry=entry,
            total=rounded(exact, total.mode, total.step),
            exact=exact,
            modules=marks,
            criteria=criteria,
            judged_total=sums.judged.exact(),
            best_aspect=Fraction(*sums.best),
            time_adjustment=extra,
            facts=facts,
            trace=tuple(trace),
        )

    def _criterion(
        self, entry: str, judges: int, lines: Sequence[_Line], sums: "_Adding", trace: list[Cell]
    ) -> Fraction:
        """What a criterion's aspects add up to. This loop runs once for every aspect of every entry."""
        sheet, step, got = self.even[entry], self.policy.rounding.aspect, Sum()
        gaps, judged, best = sums.gaps, sums.judged, sums.best
        for line in lines:
            aspect, begin, end, join, rule, times, over = line
            row, filled = sheet[begin:end], ""
            values: list[Number] = row  # type: ignore[assignment]  # a row with gaps is filled below
            if gaps and None in row:
                values, filled = self._filled(aspect, row, judges)
            top, bottom = join(values, rule) if values else NO_WORTH
            top, bottom = top * times, bottom * over
            if step is not None:
                top, bottom = rounded(Fraction(top, bottom), step.mode, step.step), 1
            got[bottom] += top
            if over == JUDGED_TOP:  # as for judged aspects only; quicker than to ask the aspect
                judged[bottom] += top
            if top * best[1] > best[0] * bottom:
                best = top, bottom
            if self.traces:
                trace.append(self._cell(entry, line, (top, bottom), values, filled))
        sums.best = best
        return got.exact()

    def _filled(self, aspect: Aspect, row: Sequence[Number | None], judges: int) -> tuple[list[Number], str]:
        """The values that count where not every judge gave one, and what was done about those that are missing."""
        values = [value for value in row if value is not None]
        if not values:
            return [], "zero"
        if aspect.recorded != ALL:
            return values[:1], ""
        lacking = judges - len(values)
        if lacking <= 0:
            return values, ""
        if self.policy.marking.missing == "replace":
            return [*values, *[Fraction(*median(values))] * lacking], "replace"
        # The average of fewer judges is an average; their sum would be less than what could be got.
        summed = self.policy.aggregation.judged if aspect.kind == JUDGED else self.policy.aggregation.measured
        return [*values, *[Fraction(*mean(values))] * (lacking if summed.use == "sum" else 0)], "average"

    def _cell(self, entry: str, line: _Line, ratio: Ratio, counted: Sequence[Number], filled: str) -> Cell:
        aspect, begin, end = line[:3]
        given = tuple(self.sheets.of[entry][begin:end])
        rounds = self.sheets.rounds_of(entry, aspect.id) if self.sheets.rounds else FIRST
        return Cell(aspect.id, self.sheets.judges, given, rounds, tuple(counted), ratio, filled)

    def _module_mark(self, module: str, got: Fraction, judges: int) -> Fraction:
        """What was got in a module, brought to 100.00."""
        most = maximum(self.scheme, self.policy, module, judges)
        return _stepped(got * 10000 / most if most else NOTHING, self.policy.rounding.module)

    def _joined(self, marks: Mapping[str, Fraction], modules: Mapping[str, Sum]) -> Fraction:
        """The weighted or the plain sum of the modules that count."""
        if self.policy.aggregation.modules == "weighted":
            return weighted(self.scheme, marks)
        return sum((got.exact() for got in modules.values()), Fraction(0))

    def _time(self, facts: Facts) -> int:
        """Bonus for every full step of time below par, penalty above it, never more than the cap.

        Who did not finish has no time.
        """
        rule = self.policy.aggregation.time
        if rule is None or facts.seconds is None or facts.status != "competed":
            return 0
        early = rule.par - facts.seconds
        size = abs(early) // rule.per * (rule.bonus if early > 0 else rule.penalty)
        return min(size, rule.cap) if early > 0 else -min(size, rule.cap)


def maximum(scheme: Scheme, policy: Policy, module: str, judges: int) -> int:
    """What can be got in a module; where a policy sums the judges, an aspect that all of them mark counts for each."""
    sums = {JUDGED: policy.aggregation.judged.use == "sum", MEASURED: policy.aggregation.measured.use == "sum"}
    if not any(sums.values()):
        return scheme.module_maximum(module)
    aspects = [aspect for part in scheme.criteria if part.module == module for aspect in part.aspects]
    added = [aspect for aspect in aspects if not aspect.penalty]
    return sum(aspect.maximum * (judges if aspect.recorded == ALL and sums[aspect.kind] else 1) for aspect in added)


def weighted(scheme: Scheme, marks: Mapping[str, Fraction]) -> Fraction:
    """The weighted sum of module marks; the weights of void modules fall to the others."""
    weights = sum(module.weight for module in scheme.counted)
    return sum((marks[module.id] * module.weight for module in scheme.counted), Fraction(0)) / weights


def _stepped(value: Fraction, step: Step | None) -> Fraction:
    return value if step is None else Fraction(rounded(value, step.mode, step.step))
