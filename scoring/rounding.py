"""Where a number loses its tail, and in which direction.

Rounding is never implied: a policy names the mode and the number of places. Values are in hundredths of a mark, so two
places mean whole hundredths and no place means whole marks (100 hundredths).
"""

from fractions import Fraction

MODES = ("half_up", "half_even", "half_down", "down", "up")
PLACES = {0: 100, 1: 10, 2: 1}
"""Decimal places of a mark → the step in hundredths."""


def rounded(value: Fraction, mode: str, step: int = 1) -> int:
    """The multiple of `step` that `mode` chooses for `value`; halves and directions are mirrored below zero."""
    size, remainder = divmod(abs(value), step)
    away = {
        "half_up": 2 * remainder >= step,
        "half_even": 2 * remainder > step or (2 * remainder == step and size % 2 == 1),
        "half_down": 2 * remainder > step,
        "down": False,
        "up": remainder > 0,
    }[mode]
    magnitude = (int(size) + away) * step
    return magnitude if value >= 0 else -magnitude


def share(of: int, percent: Fraction, mode: str) -> int:
    """How many of `of` people `percent` percent are, rounded as `mode` says: 20 % of 13 is 3 `half_up`, 2 `down`."""
    return rounded(of * percent / 100, mode)
