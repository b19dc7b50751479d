"""Evening out severe and lenient judges before their marks are joined; off unless a policy turns it on.

For every aspect that all judges mark, a judge's marks over all entries are moved and stretched to the middle and the
spread of the whole panel: z-score with mean and standard deviation, mad with median and median absolute deviation.
A judge whose marks do not spread gives everybody the middle of the panel; a panel that does not spread by the chosen
measure is left as it is. Middle and spread are those of the entries that count: whoever is not ranked, and a guest, is
measured by them and does not move them. The outcome is kept inside the range of the aspect.
Square roots and outcomes are exact to a millionth of a hundredth of a mark (the whole root of the value times 10^12,
rounded down; the outcome half up), so that they are the same numbers on every machine.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from math import isqrt

from scoring import joining
from scoring.cells import Sheets
from scoring.joining import Number
from scoring.marks import ALL, Aspect, Scheme
from scoring.rounding import rounded

Numbers = Sequence[Fraction]


def mean(values: Numbers) -> Fraction:
    """The arithmetic mean, as marks are joined by it, in one number."""
    return Fraction(*joining.mean(values))


def median(values: Numbers) -> Fraction:
    """The median, as marks are joined by it, in one number."""
    return Fraction(*joining.median(values))


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


def levelled(scheme: Scheme, method: str, sheets: Sheets, counting: Collection[str]) -> dict[str, list[Number | None]]:
    """The sheets with what counts instead of every mark that all judges give; aspects that are recorded once stay."""
    even: dict[str, list[Number | None]] = {entry: list(sheet) for entry, sheet in sheets.of.items()}
    for aspect in (aspect for aspect in scheme.aspects if aspect.recorded == ALL):
        begin = sheets.rows[aspect.id]
        columns = [
            {entry: given for entry, sheet in sheets.of.items() if (given := sheet[place]) is not None}
            for place in range(begin, begin + len(sheets.judges))
        ]
        for place, column in enumerate(_even(aspect, method, columns, counting), begin):
            for entry, value in column.items():
                even[entry][place] = value
    return even


def _even(
    aspect: Aspect, method: str, columns: Sequence[Mapping[str, int]], counting: Collection[str]
) -> Iterator[dict[str, Number]]:
    """The judges' columns (by entry) of one aspect, each brought to the middle and the spread of them all."""
    middle_of, spread_of = MEASURES[method]
    owns = [[Fraction(value) for entry, value in column.items() if entry in counting] for column in columns]
    everybody = [value for own in owns for value in own]
    spread = spread_of(everybody) if everybody else Fraction(0)
    middle = middle_of(everybody) if everybody else Fraction(0)
    for column, own in zip(columns, owns, strict=True):
        if not spread or not own:
            yield dict(column)
            continue
        own_middle, own_spread = middle_of(own), spread_of(own)
        stretch = spread / own_spread if own_spread else Fraction(0)
        moved = {entry: middle + (value - own_middle) * stretch for entry, value in column.items()}
        yield {
            entry: Fraction(rounded(min(max(value, Fraction(0)), Fraction(aspect.top)) * 10**6, "half_up"), 10**6)
            for entry, value in moved.items()
        }
