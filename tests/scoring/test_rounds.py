"""Rounds of judged scores: too far apart, everybody scores again, and until all have, nobody's new score is told."""

import pytest

from scoring.marks import Aspect, Criterion, Facts, Mark, Module, Scheme, SubCriterion
from scoring.rounds import Round, in_time, open_rounds

SCHEME = Scheme(
    "one",
    (Module("practice", "实操", 100),),
    (
        Criterion(
            "A",
            "A",
            400,
            "practice",
            (
                SubCriterion(
                    "A1",
                    "A1",
                    (
                        Aspect("A1.01", "judged", "外观", 300, "all", anchors=("差", "可", "良", "优")),
                        Aspect("A1.02", "measured", "尺寸", 100, "all"),
                    ),
                ),
            ),
        ),
    ),
)
PANEL = ("J1", "J2", "J3")


def given(*scores: tuple[str, int, int], aspect: str = "A1.01") -> list[Mark]:
    """Judge, score, round."""
    return [Mark(judge, "W-01", aspect, value, round) for judge, value, round in scores]


FIRST = [("J1", 0, 1), ("J2", 200, 1), ("J3", 100, 1)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (FIRST[:2], None),  # J3 has not scored: nobody is told anything
        ([("J1", 100, 1), ("J2", 200, 1), ("J3", 100, 1)], None),  # one apart is allowed
        (FIRST, (2, PANEL)),
        ([*FIRST, ("J2", 100, 2)], (2, ("J1", "J3"))),  # close enough by now, and still everybody says so
        ([*FIRST, *((judge, 100, 2) for judge in PANEL)], None),
        ([*FIRST, ("J1", 0, 2), ("J2", 300, 2), ("J3", 100, 2)], (3, PANEL)),  # and again
    ],
)
def test_a_round_opens_and_ends(
    scores: list[tuple[str, int, int]], expected: tuple[int, tuple[str, ...]] | None
) -> None:
    """It opens for all when all have scored too far apart, and ends when all have scored again, moved or not."""
    rounds = open_rounds(SCHEME, PANEL, given(*scores), 100)
    assert [(one.number, one.waiting) for one in rounds] == ([expected] if expected else [])


def test_who_has_scored_again_stays_hidden() -> None:
    """The scores that are told are those of the round before, of the judges who still have to decide."""
    (one,) = open_rounds(SCHEME, PANEL, given(*FIRST, ("J2", 100, 2)), 100)
    assert one == Round("W-01", "A1.01", 2, ("J1", "J3"), (("J1", 0), ("J3", 100)))


def test_measured_aspects_and_empty_places_have_no_rounds() -> None:
    """What is measured is not talked about; neither is who gave up. A recused judge is not waited for."""
    assert open_rounds(SCHEME, PANEL, given(*FIRST, aspect="A1.02"), 50) == ()
    assert open_rounds(SCHEME, PANEL, given(*FIRST), 100, {"W-01": Facts(status="withdrawn")}) == ()
    (one,) = open_rounds(SCHEME, PANEL, given(*FIRST[:2]), 100, {"W-01": Facts(recused=("J3",))})
    assert one.waiting == ("J1", "J2")


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ((("J1", 200, 1),), 0),  # round 2 was open: what J1 brings from before changes nothing
        ((("J1", 200, 1), ("J1", 100, 1)), 0),
        ((("J1", 200, 1), ("J1", 100, 2)), 100),  # J1's score of the open round settles it
        ((("J2", 100, 2), ("J1", 200, 1)), 0),  # also when another judge has scored again
        ((("J1", 100, 2), ("J1", 200, 2)), 200),  # within the open round a judge may think again
    ],
)
def test_a_score_of_a_round_that_is_over_comes_late(more: tuple[tuple[str, int, int], ...], counted: int) -> None:
    """It is no part of what counts, whoever sends it and how often; before the round has opened the last score counts."""
    found = {mark.judge: mark.value for mark in in_time(SCHEME, PANEL, given(*FIRST, *more), 100)}
    assert found["J1"] == counted
    before = in_time(SCHEME, PANEL, given(("J1", 0, 1), ("J1", 200, 1), *FIRST[1:]), 100)
    assert {mark.judge: mark.value for mark in before}["J1"] == 200
