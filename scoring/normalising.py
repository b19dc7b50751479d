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

from scoring.cells import Sheet, Sheets
from scoring.marks import ALL, JUDGED, JUDGED_TOP, Aspect, Scheme
from scoring.rounding import rounded

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


def levelled(scheme: Scheme, method: str, sheets: Sheets) -> Mapping[str, Sheet]:
    """The sheets with what counts instead of every mark that all judges give; aspects that are recorded once stay."""
    even = {entry: list(sheet) for entry, sheet in sheets.of.items()}
    for aspect in (aspect for aspect in scheme.aspects if aspect.recorded == ALL):
        begin = sheets.rows[aspect.id]
        columns = [
            {entry: value for entry, sheet in sheets.of.items() if (value := sheet[place]) is not None}
            for place in range(begin, begin + len(sheets.judges))
        ]
        for place, column in enumerate(_even(aspect, method, columns), begin):
            for entry, value in column.items():
                even[entry][place] = value
    return even


def _even(aspect: Aspect, method: str, columns: Sequence[Mapping[str, int]]) -> list[dict[str, int]]:
    """The judges' columns (by entry) of one aspect, each brought to the middle and the spread of them all."""
    middle_of, spread_of = MEASURES[method]
    top = JUDGED_TOP if aspect.kind == JUDGED else aspect.maximum
    everybody = [Fraction(value) for column in columns for value in column.values()]
    spread = spread_of(everybody) if everybody else Fraction(0)
    if not spread:
        return [dict(column) for column in columns]
    middle, even = middle_of(everybody), []
    for column in columns:
        own = [Fraction(value) for value in column.values()]
        own_middle, own_spread = (middle_of(own), spread_of(own)) if own else (middle, Fraction(0))
        stretch = spread / own_spread if own_spread else Fraction(0)
        moved = {entry: rounded(middle + (value - own_middle) * stretch, "half_up") for entry, value in column.items()}
        even.append({entry: min(max(value, 0), top) for entry, value in moved.items()})
    return even
