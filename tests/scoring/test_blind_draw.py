"""The draw whose layers stay sealed: related firms in one shift, everybody else even and apart, each layer by its own secret."""

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.__main__ import run
from scoring.blind_draw import ALGORITHM, BEFORE, BlindDraw, Secrets, draw, promise
from scoring.seating import BlindEntry
from scoring.verdict import Problems

CASES = Path(__file__).parents[1] / "cases" / "draws"
RECORD, PLACES = CASES / "employers.json", CASES / "employers.places.json"
OPEN = Secrets(number="one", station="two", code="three")


def field_of(units: list[int], related: list[int]) -> list[BlindEntry]:
    """Entries of these units; some of them in a group of related firms."""
    groups = [*related, *[0] * len(units)]
    return [
        BlindEntry(f"e{place:02}", f"unit {unit}", f"group {group}" if group else "")
        for place, (unit, group) in enumerate(zip(units, groups, strict=False))
    ]


UNITS = st.lists(st.integers(0, 4), min_size=1, max_size=30)
FIELDS = st.builds(field_of, UNITS, st.just([]))
WITH_RELATED = st.builds(field_of, UNITS, st.lists(st.integers(0, 3), max_size=8))


def by_shift(field: list[BlindEntry], drawn: BlindDraw) -> dict[int, list[BlindEntry]]:
    """The entries of each shift, in the order of the stations."""
    entries = {entry.id: entry for entry in field}
    shifts: dict[int, list[BlindEntry]] = {}
    for place in drawn.places:
        shifts.setdefault(place.shift, []).append(entries[place.entry])
    return shifts


@given(WITH_RELATED, st.integers(8, 12), st.text(max_size=5), st.randoms(use_true_random=False))
def test_a_draw_replays_from_its_seed_and_secrets(
    field: list[BlindEntry], stations: int, seed: str, random: object
) -> None:
    """The same entries in any order of input give the same draw, in which every number, spot and code is held once."""
    drawn = draw(field, stations, seed, OPEN)
    random.shuffle(field)  # type: ignore[attr-defined]
    assert drawn == draw(field, stations, seed, OPEN)
    count = len(field)
    assert sorted(place.entry for place in drawn.places) == sorted(entry.id for entry in field)
    assert sorted(place.number for place in drawn.places) == list(range(1, count + 1))
    assert len({place.code for place in drawn.places}) == count
    assert len({(place.shift, place.station) for place in drawn.places}) == count
    assert all(1 <= place.station <= stations for place in drawn.places)


@given(FIELDS, st.integers(1, 12))
def test_without_related_firms_shifts_are_even(field: list[BlindEntry], stations: int) -> None:
    """No shift, and no unit in a shift, has two more than another."""
    shifts = by_shift(field, draw(field, stations, "s", OPEN)).values()
    for unit in {None, *(entry.unit for entry in field)}:
        counts = [sum(unit in (None, entry.unit) for entry in shift) for shift in shifts]
        assert max(counts) - min(counts) <= 1


@given(WITH_RELATED, st.integers(8, 12))
def test_related_firms_work_in_one_shift(field: list[BlindEntry], stations: int) -> None:
    """Every declared group is in one shift only; shifts differ by no more than the groups force them to."""
    shifts = by_shift(field, draw(field, stations, "s", OPEN))
    where: dict[str, set[int]] = {}
    for shift, entries in shifts.items():
        for entry in entries:
            where.setdefault(entry.related, set()).add(shift)
    assert all(len(found) == 1 for group, found in where.items() if group)
    sizes = [len(entries) for entries in shifts.values()]
    free = [sum(not entry.related for entry in entries) for entries in shifts.values()]
    assert all(size <= min(sizes) + 1 or not spare for size, spare in zip(sizes, free, strict=True))


@given(WITH_RELATED, st.integers(8, 12))
def test_units_are_kept_apart(field: list[BlindEntry], stations: int) -> None:
    """Within a shift people of one unit sit side by side only as often as their number forces them to."""
    for row in by_shift(field, draw(field, stations, "s", OPEN)).values():
        meetings = sum(one.unit == other.unit for one, other in itertools.pairwise(row))
        largest = max(Counter(entry.unit for entry in row).values())
        assert meetings == max(0, 2 * largest - len(row) - 1)


def test_each_layer_is_thrown_by_its_own_secret() -> None:
    """Another secret changes its own layer and no other; a sealed layer tells nothing; another seed changes them all."""
    field = field_of([0, 0, 1, 1, 2, 2, 3, 3], [])

    def layers(secrets: Secrets, seed: str = "seed") -> tuple[dict[str, int], dict[str, tuple[int, int]], list[str]]:
        places = draw(field, 4, seed, secrets).places
        spots = {place.entry: (place.shift, place.station) for place in places}
        return {place.entry: place.number for place in places}, spots, [place.code for place in places]

    number, spots, codes = layers(OPEN)
    assert layers(Secrets("other", "two", "three"))[1:] == (spots, codes)
    assert layers(Secrets("one", "two", "other"))[:2] == (number, spots)
    assert layers(Secrets("one", "other", "three"))[0] == number
    assert layers(Secrets("one", "other", "three"))[1] != spots
    assert layers(Secrets(None, "two", None)) == (dict.fromkeys(number, 0), spots, [""] * 8)
    assert all(one != other for one, other in zip(layers(OPEN, "another"), (number, spots, codes), strict=True))


GOLDEN = [
    ("d", 3, 1, 1, 1, "W-02"),
    ("a", 2, 2, 1, 2, "W-03"),
    ("f", 1, 3, 1, 3, "W-06"),
    ("e", 6, 4, 2, 1, "W-05"),
    ("b", 5, 5, 2, 2, "W-04"),
    ("c", 4, 6, 2, 3, "W-01"),
]


def test_the_algorithm_never_changes() -> None:
    """A golden draw: whoever changes the procedure has to give it a new name and keep this one."""
    field = [
        BlindEntry(id, unit, related)
        for id, unit, related in zip("abcdef", "xxyyzz", ["", "r", "r", "", "", ""], strict=True)
    ]
    drawn = draw(field, 4, "seed", OPEN, algorithm=BEFORE)
    assert BEFORE == "podium-draw-2"
    found = [(one.entry, one.number, one.order, one.shift, one.station, one.code) for one in drawn.places]
    assert found == GOLDEN


EMPLOYERS = st.lists(st.sets(st.sampled_from(["1", "2", "3"]), max_size=2), max_size=30)


def employed(field: list[BlindEntry], firms: list[set[str]]) -> list[BlindEntry]:
    """The same entries, whose people work for these."""
    return [
        BlindEntry(one.id, one.unit, one.related, frozenset(each))
        for one, each in itertools.zip_longest(field, firms[: len(field)], fillvalue=set[str]())
        if isinstance(one, BlindEntry)
    ]


@given(WITH_RELATED, EMPLOYERS, st.integers(8, 12))
def test_employers_never_cost_a_delegation(field: list[BlindEntry], firms: list[set[str]], stations: int) -> None:
    """With employers shifts are as even, and delegations sit side by side as rarely, as without; the draw still replays."""
    pool = employed(field, firms)
    drawn = draw(pool, stations, "s", OPEN)
    assert drawn == draw(reversed(pool), stations, "s", OPEN)
    for row in by_shift(pool, drawn).values():
        meetings = sum(one.unit == other.unit for one, other in itertools.pairwise(row))
        assert meetings == max(0, 2 * max(Counter(entry.unit for entry in row).values()) - len(row) - 1)
    assert Counter(one.shift for one in drawn.places) == Counter(
        one.shift for one in draw(field, stations, "s", OPEN).places
    )


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.text(max_size=3))
def test_colleagues_of_different_delegations_are_kept_apart(firms: list[int], seed: str) -> None:
    """Where every delegation has one entry, people of one employer meet only as often as their number forces them to."""
    pool = [BlindEntry(f"e{place:02}", f"u{place}", "", frozenset([str(firm)])) for place, firm in enumerate(firms)]
    (row,) = by_shift(pool, draw(pool, 12, seed, OPEN)).values()
    meetings = sum(one.employers == other.employers for one, other in itertools.pairwise(row))
    assert meetings == max(0, 2 * max(Counter(firms).values()) - len(firms) - 1)


def test_a_record_with_employers_replays_for_ever() -> None:
    """The case file of `podium-draw-3`, asked on the command line as anybody would; `podium-draw-2` refuses employers."""
    record, places = json.loads(RECORD.read_text("utf-8")), json.loads(PLACES.read_text("utf-8"))
    assert json.loads(run(["draw"], lambda: json.dumps(record).encode())[1]) == places
    order = sorted(places["places"], key=lambda one: one["order"])
    of = {one["id"]: one for one in record["entries"]}
    for one, other in itertools.pairwise(order):
        if one["shift"] == other["shift"]:
            first, second = of[one["entry"]], of[other["entry"]]
            assert first["unit"] != second["unit"]
            assert not set(first.get("employers", "").split()) & set(second.get("employers", "").split())
    code, text = run(["draw"], lambda: json.dumps({**record, "algorithm": BEFORE}).encode())
    assert (code, json.loads(text)["problems"][0]["code"]) == (1, "question.other-algorithm")


@pytest.mark.parametrize(
    ("field", "stations", "shifts", "secrets", "code"),
    [
        ([BlindEntry("a", "u"), BlindEntry("a", "u")], 4, None, OPEN, "draw.entry-twice"),
        (field_of([1, 2, 3], []), 1, 2, OPEN, "draw.too-few-stations"),
        (field_of([1], []), 0, None, OPEN, "draw.too-few-stations"),
        (field_of([1, 2, 3], []), 2, 4, OPEN, "draw.empty-shift"),
        (field_of([1, 2, 3, 4], [1, 1, 1]), 2, None, OPEN, "draw.related-too-many"),
        (field_of([1, 2], []), 2, None, Secrets(station=None), "draw.sealed"),
    ],
)
def test_refusals(field: list[BlindEntry], stations: int, shifts: int | None, secrets: Secrets, code: str) -> None:
    """What cannot be drawn is refused with a code and a mend."""
    with pytest.raises(Problems) as refused:
        draw(field, stations, "s", secrets, shifts)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert all(problem.mend.zh for problem in refused.value.problems)


QUESTION = {
    "algorithm": ALGORITHM,
    "entries": [{"id": str(n), "unit": str(n % 3)} for n in range(6)],
    "stations": 3,
    "commitments": ["red", "blue"],
    "public": "2026",
    "promises": {"code": promise("three")},
}


def test_a_sealed_layer_is_opened_by_what_was_promised() -> None:
    """On the command line: no codes before the secret is there, the codes with it, a refusal for any other secret."""
    before = json.loads(run(["draw"], lambda: json.dumps(QUESTION).encode())[1])
    assert before["algorithm"] == ALGORITHM and not any("code" in place for place in before["places"])
    after = json.loads(run(["draw"], lambda: json.dumps({**QUESTION, "secrets": {"code": "three"}}).encode())[1])
    assert [{**place, "code": ""} for place in after["places"]] == [{**place, "code": ""} for place in before["places"]]
    assert {place["code"] for place in after["places"]} == {f"W-0{n}" for n in range(1, 7)}
    code, text = run(["draw"], lambda: json.dumps({**QUESTION, "secrets": {"code": "four"}}).encode())
    assert (code, json.loads(text)["problems"][0]["code"]) == (1, "question.broken-promise")
