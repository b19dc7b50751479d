"""Scales that show how far an entry is from the middle of its field. They show; nobody is ranked by them.

The WorldSkills scale puts the median competitor at 700. The formula of the official program is not public; what fits
the one real export that was found is 700 + 30 · (x − median) ÷ (1.4826 · MAD), rounded half up to whole points. That is
what `worldskills_700` gives: an approximation, and to be labelled as one wherever it is shown.
Edges: when more than half of a field are level, the MAD is 0; the mean absolute deviation then stands in for it, with
the factor that is usual for it (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). When all are level,
everybody is at 700. A scale never goes below 0.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from scoring.normalising import mad, mean, median
from scoring.rounding import rounded

MIDDLE = 700
WIDTH = 30
MAD_TO_SIGMA = Fraction(14826, 10000)
"""The usual factor that makes the MAD of a normal distribution its standard deviation."""
MEAN_TO_SIGMA = Fraction(12533, 10000)
"""The factor that does the same for the mean absolute deviation."""


def worldskills_700(totals: Sequence[int]) -> Callable[[int], int]:
    """The scale of a field: the function from a total to its points. A guest is measured by it and does not move it."""
    values = [Fraction(total) for total in totals] or [Fraction(0)]
    middle = median(values)
    sigma = MAD_TO_SIGMA * mad(values) or MEAN_TO_SIGMA * mean([abs(value - middle) for value in values])

    def points(total: int) -> int:
        if not sigma:
            return MIDDLE
        return max(rounded(MIDDLE + WIDTH * (total - middle) / sigma, "half_up"), 0)

    return points
