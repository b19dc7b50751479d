"""Laws of the table, for any field."""

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import policy
from scoring.marks import Facts
from scoring.results import Result, Results
from scoring.standings import advancing, standings
from scoring.verdict import Problems

HEBEI = policy.load("hebei-skills-2025")


def made(entry: str, total: int, practice: int = 0, seconds: int | None = None) -> Result:
    return Result(
        entry, total, Fraction(total), {"practice": Fraction(practice)}, {}, Fraction(0), Fraction(0), 0,
        Facts(seconds=seconds), (),
    )  # fmt: skip


FIELDS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 3)), max_size=12).map(
    lambda rows: [made(f"e{n:02}", *row) for n, row in enumerate(rows)]
)


def table(field: list[Result]) -> list[tuple[str, int]]:
    return [(line.entry, line.rank) for line in standings(Results(tuple(field), "p"), HEBEI)]


@given(FIELDS)
def test_a_rank_is_one_more_than_the_number_of_strictly_better(field: list[Result]) -> None:
    """For everybody: rank − 1 entries are better by total, then practice, then time."""
    worth = {row.entry: (row.total, row.modules["practice"], -(row.facts.seconds or 0)) for row in field}
    for entry, rank in table(field):
        assert rank == 1 + sum(other > worth[entry] for other in worth.values())


@given(FIELDS, st.tuples(st.integers(0, 6), st.integers(0, 3), st.integers(0, 3)))
def test_adding_an_entry_never_reorders_the_others(field: list[Result], late: tuple[int, int, int]) -> None:
    """Whoever was ahead stays ahead, and whoever was level stays level."""
    before = table(field)
    after = dict(table([*field, made("late", *late)]))
    for (one, rank), (other, other_rank) in itertools.pairwise(before):
        assert (rank < other_rank) == (after[one] < after[other])
    assert [entry for entry, _ in before] == [entry for entry in after if entry != "late"]


@given(FIELDS, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(field: list[Result], random: object) -> None:
    """Any order of input gives the same table, byte for byte."""
    first = repr(standings(Results(tuple(field), "p"), HEBEI))
    random.shuffle(field)  # type: ignore[attr-defined]
    assert first == repr(standings(Results(tuple(field), "p"), HEBEI))


def test_a_gap_in_the_records_decides_nothing() -> None:
    """A tie that only a time could break is refused while one of the times is missing, and shared when all are."""
    with pytest.raises(Problems) as refused:
        table([made("a", 5, seconds=60), made("b", 5)])
    assert refused.value.problems[0].code == "ties.fact-missing"
    assert refused.value.problems[0].words.en.endswith("missing for b")
    assert table([made("a", 5), made("b", 5)]) == [("a", 1), ("b", 1)]


def test_everyone_tied_at_the_cut_line_advances() -> None:
    """Two places, three entries level on the second: all four go on."""
    field = [made("a", 9), made("b", 8), made("c", 8), made("d", 8), made("e", 7)]
    assert advancing(standings(Results(tuple(field), "p"), HEBEI), 2) == ("a", "b", "c", "d")
    dense = replace(HEBEI, standing=replace(HEBEI.standing, ties=(), numbering="1-2-2-3"))
    pairs = [made("a", 9), made("b", 9), made("c", 8), made("d", 8), made("e", 7)]
    assert advancing(standings(Results(tuple(pairs), "p"), dense), 2) == ("a", "b")
    away = {"e": Facts(status="absent")}
    assert advancing(standings(Results(tuple(field), "p"), HEBEI, away), 9) == ("a", "b", "c", "d")


def test_facts_may_be_given_later() -> None:
    """Facts passed to the standings replace those that the results carry: a ruling comes after the marks."""
    field = Results((made("a", 5), made("b", 5)), "p")
    judge = replace(HEBEI, standing=replace(HEBEI.standing, exhausted="chief-judge"))
    ruled = standings(field, judge, {"a": Facts(ruling=2), "b": Facts(ruling=1)})
    assert [(line.entry, line.rank, line.broken_by) for line in ruled] == [
        ("b", 1, "chief-judge"),
        ("a", 2, "chief-judge"),
    ]
