"""From a reading to a mark: what a measured aspect is worth when somebody measures instead of judging.

A *formula* is written into the scheme and says how far a reading may be off:
  all-or-nothing 0.5        the maximum up to 0.5 off, nothing beyond
  steps 0.5:2.00 1:1.00     2.00 marks up to 0.5 off, 1.00 up to 1, nothing beyond
  linear 0.5 2              the maximum up to 0.5 off, nothing from 2 on, evenly less between them
Readings are exact decimals in the unit that the requirement names. Between two marks of a line the lower hundredth
counts, so that nobody is given a mark that they did not reach.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from scoring.numerals import exact
from scoring.rounding import rounded


@dataclass(frozen=True, slots=True)
class Formula:
    """Points (distance, mark in hundredths), nearest first; `even` joins them by straight lines."""

    points: tuple[tuple[Fraction, int], ...]
    even: bool = False

    def mark(self, off: Fraction) -> int:
        """The mark for a reading that is this far off, in either direction."""
        distance = abs(off)
        if not self.even:
            return next((mark for limit, mark in self.points if distance <= limit), 0)
        (near, top), (far, bottom) = self.points
        if distance <= near:
            return top
        if distance >= far:
            return bottom
        return rounded(top + (bottom - top) * (distance - near) / (far - near), "down")


def read_formula(text: str, maximum: int) -> Formula:
    """The formula in a scheme, for an aspect of this maximum; ValueError, in words, when it is none."""
    kind, *parts = text.split() or [""]
    if kind == "all-or-nothing" and len(parts) == 1:
        return Formula(((_distance(parts[0]), maximum),))
    if kind == "linear" and len(parts) == 2:
        near, far = _distance(parts[0]), _distance(parts[1])
        if near < far:
            return Formula(((near, maximum), (far, 0)), even=True)
    if kind == "steps" and parts:
        points = tuple(_step(part) for part in parts)
        falling = all(a[0] < b[0] and a[1] > b[1] for a, b in pairwise(points))
        if falling and points[0][1] <= maximum:
            return Formula(points)
    raise ValueError(f"this is no formula for {maximum} hundredths: {text}")


def _step(part: str) -> tuple[Fraction, int]:
    limit, _, mark = part.partition(":")
    hundredths = exact(mark) * 100
    if hundredths.denominator != 1:
        raise ValueError(f"marks have two decimals: {mark}")
    return _distance(limit), int(hundredths)


def _distance(text: str) -> Fraction:
    distance = exact(text)
    if distance < 0:
        raise ValueError(f"a distance is not below zero: {text}")
    return distance
