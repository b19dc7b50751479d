"""How several marks become one: the functions that a policy names in `aggregation`.

Every function takes at least one number and answers with an exact *ratio* (numerator, denominator). Ratios are
not reduced here: adding up many of them is quick when equal denominators are kept together, which `Sum` does.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

from scoring.language.marking import Join

Number = int | Fraction
"""A mark in hundredths; a fraction where a policy evens out judges or fills up what is missing."""
Ratio = tuple[Number, int]
AS_IT_IS = Join("")
"""For the functions that read nothing of the rule."""


def mean(values: Sequence[Number], rule: Join = AS_IT_IS) -> Ratio:
    """The sum of all, divided by how many there are."""
    return sum(values), len(values)


def median(values: Sequence[Number], rule: Join = AS_IT_IS) -> Ratio:
    """The middle one; of an even number, the mean of the two in the middle."""
    row, half = sorted(values), len(values) // 2
    return (row[half], 1) if len(row) % 2 else (row[half - 1] + row[half], 2)


def drop(values: Sequence[Number], rule: Join) -> Ratio:
    """The mean without the `high` highest and `low` lowest; nothing is dropped when nothing would stay.

    85 90 78 92 88 without the highest and the lowest is 87.67.
    """
    row = sorted(values)
    kept = row[rule.low : len(row) - rule.high]
    return mean(kept or row)


def best(values: Sequence[Number], rule: Join) -> Ratio:
    """The mean of the `best` highest; of fewer marks, the mean of all."""
    return mean(sorted(values, reverse=True)[: rule.best])


def total(values: Sequence[Number], rule: Join) -> Ratio:
    """The plain sum."""
    return sum(values), 1


JOINS: dict[str, Callable[[Sequence[Number], Join], Ratio]] = {
    "mean": mean,
    "median": median,
    "drop": drop,
    "best": best,
    "sum": total,
}


class Sum(defaultdict[int, Number]):
    """An exact sum of ratios: one numerator for each denominator, joined when the sum is asked for."""

    def __init__(self) -> None:
        super().__init__(int)

    def add(self, value: Fraction) -> None:
        """Adds a fraction."""
        self[value.denominator] += value.numerator

    def exact(self) -> Fraction:
        """The sum of everything that was added."""
        whole = lcm(*self)
        return Fraction(sum(top * (whole // bottom) for bottom, top in self.items()), whole)
