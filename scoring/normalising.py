"""Evening out severe and lenient judges before their marks are joined; off unless a policy turns it on.

For every aspect that all judges mark, a judge's marks over all entries are moved and stretched to the middle and the
spread of the whole panel: z-score with mean and standard deviation, mad with median and median absolute deviation.
A judge whose marks do not spread gives everybody the middle of the panel; a panel that does not spread by the chosen
measure is left as it is. The outcome is kept inside the range of the
aspect and rounded half up to a hundredth of a mark, so that it is the same number on every machine.
Square roots are exact to a millionth: the whole root of the value times 10^12, rounded down.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isqrt

from scoring.marks import ALL, JUDGED, JUDGED_TOP, Aspect, Mark, Scheme
from scoring.rounding import rounded

Cells = Mapping[str, Mapping[str, Mapping[str, Mark]]]
"""Entry → aspect → judge → mark."""
Levelled = dict[tuple[str, str, str], int]
"""(entry, aspect, judge) → the mark that counts instead, in hundredths."""
Numbers = Sequence[Fraction]


def mean(values: Numbers) -> Fraction:
    """The arithmetic mean."""
    return sum(values, Fraction(0)) / len(values)


def median(values: Numbers) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    row, half = sorted(values), len(values) // 2
    return row[half] if len(row) % 2 else (row[half - 1] + row[half]) / 2


def deviation(values: Numbers) -> Fraction:
    """The standard deviation of the whole group (divided by n, not n − 1), to a millionth, rounded down."""
    middle = mean(values)
    return root(mean([(value - middle) ** 2 for value in values]))


def mad(values: Numbers) -> Fraction:
    """The median absolute deviation from the median."""
    middle = median(values)
    return median([abs(value - middle) for value in values])


def root(value: Fraction) -> Fraction:
    """The square root to a millionth, rounded down."""
    return Fraction(isqrt(value.numerator * 10**12 // value.denominator), 10**6)


MEASURES: Mapping[str, tuple[Callable[[Numbers], Fraction], Callable[[Numbers], Fraction]]] = {
    "z-score": (mean, deviation),
    "mad": (median, mad),
}


def levelled(scheme: Scheme, method: str, cells: Cells) -> Levelled:
    """What counts instead of every mark that all judges give; aspects that are recorded once stay as they are."""
    even: Levelled = {}
    for aspect in (aspect for aspect in scheme.aspects if aspect.recorded == ALL):
        marks = [mark for aspects in cells.values() for mark in aspects.get(aspect.id, {}).values()]
        if marks:
            even |= _level_aspect(aspect, method, marks)
    return even


def _level_aspect(aspect: Aspect, method: str, marks: Sequence[Mark]) -> Levelled:
    middle_of, spread_of = MEASURES[method]
    top = JUDGED_TOP if aspect.kind == JUDGED else aspect.maximum
    everybody = [Fraction(mark.value) for mark in marks]
    middle, spread = middle_of(everybody), spread_of(everybody)
    even: Levelled = {}
    if not spread:
        return even
    for judge in sorted({mark.judge for mark in marks}):
        own = [mark for mark in marks if mark.judge == judge]
        values = [Fraction(mark.value) for mark in own]
        own_middle, own_spread = middle_of(values), spread_of(values)
        stretch = spread / own_spread if own_spread else Fraction(0)
        for mark in own:
            moved = rounded(middle + (mark.value - own_middle) * stretch, "half_up")
            even[mark.entry, aspect.id, judge] = min(max(moved, 0), top)
    return even
