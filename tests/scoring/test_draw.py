"""The draw: replayable by anybody, even, and keeping people of one unit apart."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.draw import ALGORITHM, MOST, Dice, DrawEntry, commitment, draw, replays, seed
from scoring.verdict import Problems

FIELDS = st.lists(st.integers(0, 4), max_size=30).map(
    lambda units: [DrawEntry(f"e{number:02}", f"unit {unit}") for number, unit in enumerate(units)]
)


@given(FIELDS, st.integers(1, 12), st.text(max_size=5), st.randoms(use_true_random=False))
def test_a_draw_replays_from_its_seed(field: list[DrawEntry], stations: int, salt: str, random: object) -> None:
    """Same seed and entries, in any order of input: exactly the same draw; everybody is drawn once."""
    drawn = draw(field, stations, seed([salt], "public"))
    random.shuffle(field)  # type: ignore[attr-defined]
    assert replays(drawn, field, stations)
    assert sorted(entry.id for entry in field) == sorted(place.entry for place in drawn.places)
    assert len({place.code for place in drawn.places}) == len(field)
    assert len({(place.shift, place.station) for place in drawn.places}) == len(field)
    assert all(1 <= place.station <= stations for place in drawn.places)


@given(FIELDS, st.integers(1, 12), st.text(max_size=5))
def test_units_are_kept_apart(field: list[DrawEntry], stations: int, salt: str) -> None:
    """Within a shift people of one unit sit side by side only as often as their number forces them to."""
    unit = {entry.id: entry.unit for entry in field}
    drawn = draw(field, stations, seed([salt], ""))
    for shift in {place.shift for place in drawn.places}:
        row = [unit[place.entry] for place in drawn.places if place.shift == shift]
        meetings = sum(left == right for left, right in itertools.pairwise(row))
        largest = max(Counter(row).values())
        assert meetings == max(0, 2 * largest - len(row) - 1)


@given(FIELDS, st.integers(1, 12))
def test_shifts_are_even(field: list[DrawEntry], stations: int) -> None:
    """No shift, and no unit in a shift, has two more than another."""
    unit = {entry.id: entry.unit for entry in field}
    drawn = draw(field, stations, "s")
    shifts = {place.shift for place in drawn.places}
    for group in (None, *sorted(set(unit.values()))):
        counts = [
            sum(1 for place in drawn.places if place.shift == shift and group in (None, unit[place.entry]))
            for shift in shifts
        ]
        assert not counts or max(counts) - min(counts) <= 1


def test_the_algorithm_never_changes() -> None:
    """A golden draw: whoever changes the procedure has to give it a new name and keep this one."""
    field = [DrawEntry(id, unit) for id, unit in zip("abcdef", "xxyyzz", strict=True)]
    drawn = draw(field, 4, seed(["red", "blue"], "2025-04-16 3276.00"))
    assert ALGORITHM == "podium-draw-1"
    assert [(place.entry, place.order, place.shift, place.station, place.code) for place in drawn.places] == GOLDEN


GOLDEN = [
    ("a", 1, 1, 1, "W-05"),
    ("c", 2, 1, 2, "W-01"),
    ("e", 3, 1, 3, "W-02"),
    ("b", 4, 2, 1, "W-03"),
    ("d", 5, 2, 2, "W-04"),
    ("f", 6, 2, 3, "W-06"),
]


def test_the_order_of_envelopes_does_not_matter() -> None:
    """The seed depends on what was said, not on who opens first; words cannot move between envelopes."""
    assert seed(["a", "b"], "x") == seed(["b", "a"], "x")
    assert seed(["ab", ""], "x") != seed(["a", "b"], "x")
    assert commitment("secret", "salt") != commitment("secret", "pepper")


def test_every_side_of_the_dice_comes_up() -> None:
    """600 throws of a die with six sides: each side between 60 and 140 times."""
    dice = Dice("seed", "even")
    throws = Counter(dice.below(6) for _ in range(600))
    assert set(throws) == set(range(6))
    assert all(60 < count < 140 for count in throws.values())


@pytest.mark.parametrize(
    ("ids", "stations", "shifts", "code"),
    [
        ("aab", 4, None, "draw.entry-twice"),
        ("abc", 1, 2, "draw.too-few-stations"),
        ("abc", 0, None, "draw.too-few-stations"),
    ],
)
def test_refusals(ids: str, stations: int, shifts: int | None, code: str) -> None:
    """An entry given twice, or a hall that is too small, is refused with a code and a mend."""
    with pytest.raises(Problems) as refused:
        draw([DrawEntry(id, "u") for id in ids], stations, "s", shifts)
    assert code in [problem.code for problem in refused.value.problems]
    assert all(problem.mend.zh for problem in refused.value.problems)


@pytest.mark.parametrize("sides", [0, -1, 2**64 + 1, 10**30])
def test_dice_have_a_highest_side(sides: int) -> None:
    """A die with no sides, or with more than a throw has values, is refused instead of thrown for ever."""
    with pytest.raises(ValueError):
        Dice("seed", "sides").below(sides)
    assert 0 <= Dice("seed", "sides").below(2**64) < 2**64


def test_a_large_field_is_drawn_while_one_waits() -> None:
    """Five thousand entries of five thousand units, or of one, in one shift: seconds, not hours; one more than the most is refused."""
    for units in (1, 5000):
        field = [DrawEntry(str(number), str(number % units)) for number in range(5000)]
        assert len(draw(field, 5000, "s").places) == 5000
    with pytest.raises(Problems) as refused:
        draw([], MOST + 1, "s", 1)
    assert [problem.code for problem in refused.value.problems] == ["draw.too-many"]
