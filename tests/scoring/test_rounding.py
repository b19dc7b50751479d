"""Rounding: every mode at its border, on both sides of zero."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.normalising import root
from scoring.rounding import MODES, rounded, share
from scoring.scales import worldskills_700


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", [2, 3, 4, -3]),
        ("half_even", [2, 2, 4, -2]),
        ("half_down", [2, 2, 3, -2]),
        ("down", [2, 2, 3, -2]),
        ("up", [3, 3, 4, -3]),
    ],
)
def test_modes(mode: str, expected: list[int]) -> None:
    """2.4, 2.5, 3.5 and −2.5 in every mode."""
    assert expected == [rounded(Fraction(value, 10), mode) for value in (24, 25, 35, -25)]


@given(st.fractions(), st.sampled_from(MODES), st.sampled_from([1, 10, 100]))
def test_rounding_stays_near(value: Fraction, mode: str, step: int) -> None:
    """A rounded value is a multiple of the step and less than one step away; rounding again changes nothing."""
    near = rounded(value, mode, step)
    assert near % step == 0
    assert abs(near - value) < step
    assert rounded(Fraction(near), mode, step) == near


def test_shares() -> None:
    """20 % of 13 is 2.6: three half up, two down; 20 % of 50 is ten in every mode."""
    assert [share(13, Fraction(20), mode) for mode in ("half_up", "down")] == [3, 2]
    assert {share(50, Fraction(20), mode) for mode in MODES} == {10}


@given(st.fractions(min_value=0, max_value=10**6))
def test_roots(value: Fraction) -> None:
    """A root is exact to a millionth, rounded down."""
    low = root(value)
    assert low * low <= value < (low + Fraction(1, 10**6)) ** 2


def test_the_700_scale() -> None:
    """The median is at 700; 30 points are 1.4826 MADs; nothing below zero; an empty or flat field says nothing."""
    assert [worldskills_700([5000, 6000, 7000])(total) for total in (5000, 6000, 7000)] == [680, 700, 720]
    assert worldskills_700([0, 6000, 6001, 6002, 6003])(0) == 0
    assert worldskills_700([])(5000) == 700
    level = worldskills_700([5000, 5000, 9000])
    assert [level(total) for total in (4000, 5000, 9000)] == [682, 700, 772]
    assert worldskills_700([5000, 5000])(9000) == 700
