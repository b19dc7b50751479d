"""How judges and aspects behave: for the console and for trainers, never to change a result.

Severity is how far a judge is from the panel on average (below zero: stricter), deviation the mean distance without the
sign, consistency the standard deviation of the distances: a judge who is always one lower is severe and consistent.
Marks count as shares of what could be given, in hundredths of a percent (10 000 is everything), so that aspects of
different size can be put together. Agreement is Kendall's W over the entries that the whole panel marked, corrected for
ties: 10 000 is one mind, 0 is none. Square roots are exact to a millionth, see `scoring.normalising`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.marks import ALL, Mark, Scheme, latest
from scoring.normalising import deviation, mean, root
from scoring.results import Results
from scoring.rounding import rounded

WHOLE = 10000


@dataclass(frozen=True, slots=True)
class JudgeStatistics:
    """How one judge marks, in hundredths of a percent."""

    judge: str
    marks: int
    severity: int
    deviation: int
    consistency: int


@dataclass(frozen=True, slots=True)
class AspectStatistics:
    """Difficulty: the mean share reached (low is difficult). Discrimination: its correlation with the rest of the
    result, −10 000 … 10 000; None when either does not vary."""

    aspect: str
    difficulty: int
    discrimination: int | None


def judge_statistics(scheme: Scheme, marks: Iterable[Mark]) -> tuple[JudgeStatistics, ...]:
    """One line for each judge, over the aspects that every judge marks."""
    distances: dict[str, list[Fraction]] = {}
    for (_, aspect), given in sorted(latest(marks).items()):
        shares = _shares(scheme, aspect, given)
        if len(shares) > 1:
            middle = mean(list(shares.values()))
            for judge, share in sorted(shares.items()):
                distances.setdefault(judge, []).append(share - middle)
    return tuple(
        JudgeStatistics(
            judge,
            len(own),
            rounded(mean(own), "half_up"),
            rounded(mean([abs(distance) for distance in own]), "half_up"),
            rounded(deviation(own), "half_up"),
        )
        for judge, own in sorted(distances.items())
    )


def agreement(scheme: Scheme, panel: Collection[str], marks: Iterable[Mark]) -> int | None:
    """Kendall's W of the panel over entries, by each judge's sum of shares; None with fewer than two of either."""
    sums: dict[str, dict[str, Fraction]] = {judge: {} for judge in sorted(panel)}
    for (entry, aspect), given in latest(marks).items():
        for judge, share in _shares(scheme, aspect, given).items():
            if judge in sums:
                sums[judge][entry] = sums[judge].get(entry, Fraction(0)) + share
    common = sorted(set.intersection(*(set(own) for own in sums.values()))) if sums else []
    judges, n = len(sums), len(common)
    if judges < 2 or n < 2:
        return None
    ranks = [_ranks([own[entry] for entry in common]) for own in sums.values()]
    totals = [sum((row[at] for row in ranks), Fraction(0)) for at in range(n)]
    spread = sum(((total - mean(totals)) ** 2 for total in totals), Fraction(0))
    ties = sum(row.count(rank) ** 3 - row.count(rank) for row in ranks for rank in set(row))
    possible = Fraction(judges**2 * (n**3 - n) - judges * ties, 12)
    return rounded(spread / possible * WHOLE, "half_up") if possible else None


def aspect_statistics(scheme: Scheme, results: Results) -> tuple[AspectStatistics, ...]:
    """Difficulty and discrimination of every aspect, over the entries that competed."""
    rows = [
        {cell.aspect: cell.value for cell in result.trace} for result in results if result.facts.status == "competed"
    ]
    found = []
    for aspect in scheme.aspects:
        marked = [row for row in rows if aspect.id in row]
        got = [row[aspect.id] for row in marked]
        if got:
            rest = [sum(row.values(), Fraction(0)) - row[aspect.id] for row in marked]
            difficulty = rounded(mean(got) * WHOLE / aspect.maximum, "half_up")
            found.append(AspectStatistics(aspect.id, difficulty, _correlation(got, rest)))
    return tuple(found)


def _shares(scheme: Scheme, aspect_id: str, given: Mapping[str, Mark]) -> dict[str, Fraction]:
    aspect = scheme.aspect(aspect_id)
    if aspect.recorded != ALL:
        return {}
    return {judge: Fraction(mark.value * WHOLE, aspect.top) for judge, mark in given.items()}


def _ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """Ranks from the lowest, equals sharing the mean of theirs."""
    return [Fraction(2 * sum(other < value for other in values) + values.count(value) + 1, 2) for value in values]


def _correlation(left: Sequence[Fraction], right: Sequence[Fraction]) -> int | None:
    """Pearson's correlation, to a ten-thousandth."""
    a, b = mean(left), mean(right)
    together = sum(((x - a) * (y - b) for x, y in zip(left, right, strict=True)), Fraction(0))
    spread = root(sum(((x - a) ** 2 for x in left), Fraction(0)) * sum(((y - b) ** 2 for y in right), Fraction(0)))
    return max(-WHOLE, min(WHOLE, rounded(together / spread * WHOLE, "half_up"))) if spread else None
