"""Scales that show how far an entry is from the middle of its field. They show; nobody is ranked by them.

The WorldSkills scale puts the median competitor at 700. The formula of the official program is not public; what fits
the one real export that was found is 700 + 30 · (x − median) ÷ (1.4826 · MAD), rounded half up to whole points. That is
what `worldskills_700` gives: an approximation, and to be labelled as one wherever it is shown.
Edges: a field whose median absolute deviation is 0 has no spread to measure by; everybody at the median gets 700, and
whoever is above or below it gets 700 as well, because no distance can be stated. A scale never goes below 0.
"""

from collections.abc import Sequence
from fractions import Fraction

from scoring.normalising import mad, median
from scoring.rounding import rounded

MIDDLE = 700
WIDTH = 30
MAD_TO_SIGMA = Fraction(14826, 10000)
"""The usual factor that makes the MAD of a normal distribution its standard deviation."""


def worldskills_700(totals: Sequence[int]) -> dict[int, int]:
    """The scale point of every total in the field."""
    if not totals:
        return {}
    values = [Fraction(total) for total in totals]
    middle, spread = median(values), mad(values)
    if not spread:
        return dict.fromkeys(totals, MIDDLE)
    return {
        total: max(rounded(MIDDLE + WIDTH * (total - middle) / (MAD_TO_SIGMA * spread), "half_up"), 0)
        for total in totals
    }
