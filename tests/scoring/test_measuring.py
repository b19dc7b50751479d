"""Part marks from readings: the stated formula, at every border."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.measuring import read_formula
from scoring.scheme import scheme_problems
from tests.scoring.test_marks import SCHEME


@pytest.mark.parametrize(
    ("formula", "off", "mark"),
    [
        ("all-or-nothing 0.5", "0.5", 250),
        ("all-or-nothing 0.5", "-0.5", 250),
        ("all-or-nothing 0.5", "0.51", 0),
        ("steps 0.5:2.50 1:1.25 2:0.5", "0.5", 250),
        ("steps 0.5:2.50 1:1.25 2:0.5", "0.501", 125),
        ("steps 0.5:2.50 1:1.25 2:0.5", "-2", 50),
        ("steps 0.5:2.50 1:1.25 2:0.5", "2.001", 0),
        ("linear 0.5 2", "0.4", 250),
        ("linear 0.5 2", "1.25", 125),
        ("linear 0.5 2", "1", 166),
        ("linear 0.5 2", "2", 0),
        ("linear 0.5 2", "9", 0),
    ],
)
def test_marks_from_readings(formula: str, off: str, mark: int) -> None:
    """A reading so far off is worth exactly so many hundredths of 2.50 marks."""
    assert mark == read_formula(formula, 250).mark(Fraction(off))


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "guess 1",
        "steps",
        "steps 1:1 0.5:2",
        "steps 0.5:9",
        "steps 0.5:0.125",
        "linear 2 0.5",
        "linear 1",
        "steps -1:1",
    ],
)
def test_no_formula(formula: str) -> None:
    """Rising steps, more than the maximum, thousandths and other nonsense are refused with the scheme."""
    with pytest.raises(ValueError):
        read_formula(formula, 250)
    sub = SCHEME.criteria[0].subcriteria[0]
    aspects = (replace(sub.aspects[0], formula=formula or "?"), *sub.aspects[1:])
    scheme = replace(SCHEME, criteria=(replace(SCHEME.criteria[0], subcriteria=(replace(sub, aspects=aspects),)),))
    assert [problem.code for problem in scheme_problems(scheme)] == ["scheme.formula"]
