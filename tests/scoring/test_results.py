"""From marks to results: weights, joins, refusals, and no dependence on the order of the input."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import policy
from scoring.joining import JOINS
from scoring.language.marking import Join, Step, TimeRule
from scoring.marks import Facts, Mark, scheme_problems
from scoring.policy import Policy
from scoring.results import passed, results
from scoring.schemes import load_scheme
from scoring.standings import standings
from scoring.verdict import Problems
from tests.scoring.test_marks import GOOD, PANEL, SCHEME

HEBEI = policy.load("hebei-skills-2025")
PLAIN = load_scheme("theory-practice")


def full(entry: str, theory: int, practice: int, judges: tuple[str, ...] = ("j1",)) -> list[Mark]:
    """Marks of one entry: so many percent of theory and of every practice aspect."""
    return [
        Mark(judge, entry, aspect.id, aspect.maximum * (theory if aspect.id == "T1.01" else practice) // 100)
        for aspect in PLAIN.aspects
        for judge in (judges if aspect.recorded == "all" else judges[:1])
    ]


def marking(**changes: object) -> Policy:
    return replace(HEBEI, marking=replace(HEBEI.marking, **changes))  # type: ignore[arg-type]


def aggregation(**changes: object) -> Policy:
    return replace(HEBEI, aggregation=replace(HEBEI.aggregation, **changes))  # type: ignore[arg-type]


def test_theory_30_practice_70() -> None:
    """80 in theory and 90 in practice are 87.00; module marks are brought to 100."""
    result = results(PLAIN, HEBEI, ["j1"], ["e"], full("e", 80, 90))["e"]
    assert result.total == 8700
    assert result.exact == 8700
    assert result.modules == {"theory": 8000, "practice": 9000}


def test_judged_aspects_are_thirds_of_their_maximum() -> None:
    """2, 2 and 1 of 3 for an aspect worth 3.00 are 5/9 of it, kept exactly until the total is rounded."""
    marks = [*GOOD[:3], Mark("j3", "e", "A1.02", 100)]
    result = results(SCHEME, HEBEI, PANEL, ["e"], marks)["e"]
    assert result.judged_total == Fraction(500, 3)
    assert result.exact == (200 + Fraction(500, 3)) * 20
    assert result.total == 7333
    assert [cell.value for cell in result.trace] == [200, Fraction(500, 3)]


def test_a_second_round_replaces_the_first() -> None:
    """A judge's mark of the last round counts; the first one stays in the books and counts nothing."""
    again = [*GOOD, Mark("j3", "e", "A1.02", 300, 2)]
    assert results(SCHEME, HEBEI, PANEL, ["e"], again)["e"].judged_total == Fraction(700, 3)
    record = [*GOOD, Mark("j2", "e", "A1.01", 0, 2)]
    assert results(SCHEME, HEBEI, PANEL, ["e"], record)["e"].trace[0].value == 0


@given(st.permutations([1, 1, 2, 3]))
def test_a_round_given_twice_is_found_in_any_order(rounds: list[int]) -> None:
    """A doubled mark of an earlier round is refused wherever it stands; three rounds in any order are none."""
    marks = [Mark("j1", "e", "A1.02", 100, turn) for turn in rounds]
    with pytest.raises(Problems) as refused:
        results(SCHEME, HEBEI, PANEL, ["e"], [*GOOD[:1], *GOOD[2:], *marks])
    assert [problem.code for problem in refused.value.problems] == ["mark.twice"]
    once = [mark for n, mark in enumerate(marks) if rounds.index(rounds[n]) == n]
    assert results(SCHEME, HEBEI, PANEL, ["e"], [*GOOD[:1], *GOOD[2:], *once])["e"].trace[1].rounds["j1"] == 3


@given(st.integers(0, 2**32), st.lists(st.integers(0, 100), min_size=14, max_size=14))
def test_the_order_of_marks_changes_nothing(shuffle: int, percents: list[int]) -> None:
    """Whatever order marks arrive in: the same results, the same table."""
    marks = [m for n, p in enumerate(percents) for m in full(f"e{n:02}", p, 100 - p, ("j1", "j2"))]
    entries = [f"e{n:02}" for n in range(len(percents))]
    first = results(PLAIN, HEBEI, ["j1", "j2"], entries, marks)
    random = Random(shuffle)
    random.shuffle(marks)
    random.shuffle(entries)
    second = results(PLAIN, HEBEI, ["j2", "j1"], entries, marks)
    assert first == second
    assert repr(standings(first, HEBEI)) == repr(standings(second, HEBEI))


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        (GOOD[:-1], "results.marks-owed"),
        ([*GOOD, GOOD[0]], "mark.twice"),
        ([*GOOD, Mark("j2", "e", "A1.01", 0)], "mark.two-records"),
        ([*GOOD, Mark("j1", "e", "A1.02", 500)], "mark.out-of-range"),
        ([*GOOD, Mark("j9", "e", "A1.02", 100)], "mark.not-on-panel"),
        ([*GOOD, Mark("j1", "x", "A1.02", 100)], "mark.unknown-entry"),
        ([*GOOD, Mark("j1", "e", "Q", 100)], "mark.unknown-aspect"),
        ([*GOOD, Mark("j1", "e", "A1.02", 100, 0)], "mark.round"),
    ],
)
def test_refused(marks: list[Mark], code: str) -> None:
    """Marks that are owed, doubled, contradictory or impossible: no result, and a list that says why."""
    with pytest.raises(Problems) as refused:
        results(SCHEME, HEBEI, PANEL, ["e"], marks)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_missing_marks_are_filled_only_where_the_policy_says() -> None:
    """average: over those who marked; replace: the median of the others; and the trace shows it."""
    marks = [GOOD[0], Mark("j1", "e", "A1.02", 300), Mark("j2", "e", "A1.02", 200)]
    averaged = results(SCHEME, marking(missing="average"), PANEL, ["e"], marks)["e"]
    replaced = results(SCHEME, marking(missing="replace"), PANEL, ["e"], marks)["e"]
    assert (averaged.trace[1].value, averaged.trace[1].filled) == (250, "average")
    assert (replaced.trace[1].value, replaced.trace[1].filled) == (250, "replace")
    middle = results(SCHEME, marking(missing="replace"), PANEL, ["e"], [GOOD[0], *marks[1:2]])["e"]
    assert middle.trace[1].counted == (300, 300, 300)
    with pytest.raises(Problems):
        results(SCHEME, marking(missing="average"), PANEL, ["e"], marks[:1])


def test_statuses() -> None:
    """Who did not finish keeps what was marked, the rest is zero; who was absent has nothing and is not ranked."""
    entries = {"a": Facts(status="did-not-finish"), "b": Facts(status="absent"), "c": Facts()}
    marks = [Mark("j1", "a", "A1.01", 200), *(replace(mark, entry="c") for mark in GOOD)]
    found = results(SCHEME, HEBEI, PANEL, entries, marks)
    assert found["a"].total == 4000
    assert found["a"].trace[1].filled == "zero"
    assert [(line.entry, line.rank) for line in standings(found, HEBEI)] == [("c", 1), ("a", 2), ("b", 0)]


def test_a_void_module_leaves_its_weight_to_the_others() -> None:
    """When a module is void for everybody, the rest counts as 100 %."""
    void = replace(PLAIN, modules=(replace(PLAIN.modules[0], void=True), PLAIN.modules[1]))
    assert results(void, HEBEI, ["j1"], ["e"], full("e", 10, 90))["e"].total == 9000


def test_penalties_are_taken_off_but_not_below_zero() -> None:
    """A penalty aspect reduces its criterion; a criterion never counts less than nothing."""
    aspects = SCHEME.criteria[0].subcriteria[0].aspects
    fined = replace(aspects[0], id="A1.03", allowed=(), maximum=900, penalty=True)
    sub = replace(SCHEME.criteria[0].subcriteria[0], aspects=(*aspects, fined))
    scheme = replace(SCHEME, criteria=(replace(SCHEME.criteria[0], subcriteria=(sub,)),))
    for fine, total in ((100, 6000), (900, 0)):
        assert results(scheme, HEBEI, PANEL, ["e"], [*GOOD, Mark("j1", "e", "A1.03", fine)])["e"].total == total


def test_one_changed_mark() -> None:
    """Results revised by the entry that changed are the results of everything computed again."""
    marks = [*full("a", 80, 90), *full("b", 70, 70)]
    changed = [*full("a", 80, 90), *full("b", 90, 95)]
    before = results(PLAIN, HEBEI, ["j1"], ["a", "b"], marks)
    part = results(PLAIN, HEBEI, ["j1"], ["b"], full("b", 90, 95))
    assert before.revised(part) == results(PLAIN, HEBEI, ["j1"], ["a", "b"], changed)


def test_recusal() -> None:
    """A recused judge owes nothing, is not filled in, and may not mark; the others are joined without them."""
    entries = {"e": Facts(recused=("j3",))}
    for rules in (HEBEI, marking(missing="replace")):
        found = results(SCHEME, rules, PANEL, entries, [*GOOD[:2], Mark("j2", "e", "A1.02", 300)])["e"]
        assert (found.trace[1].value, found.trace[1].filled) == (250, "")
    with pytest.raises(Problems) as refused:
        results(SCHEME, HEBEI, PANEL, entries, GOOD)
    assert refused.value.problems[0].code == "mark.recused"


def test_passing() -> None:
    """60 of 100 passes and 59.99 does not; a part that the policy does not name is passed by everybody."""
    rules = policy.load("shijiazhuang-workers-2010")
    found = results(PLAIN, rules, ["j1"], ["a", "b"], [*full("a", 60, 59), *full("b", 59, 60)])
    assert passed(PLAIN, found["a"], rules) == {"theory", "total"}
    assert passed(PLAIN, found["b"], rules) == {"practice", "total"}
    assert passed(PLAIN, found["b"], HEBEI) == {"theory", "practice", "total"}


def test_rounding_at_every_step() -> None:
    """Rounding each aspect, then each module, then the total gives what a clerk gets who rounds on the way."""
    marks = [*GOOD[:3], Mark("j3", "e", "A1.02", 100)]
    stepwise = replace(HEBEI, rounding=replace(HEBEI.rounding, aspect=Step(10, "down"), module=Step(100, "half_up")))
    result = results(SCHEME, stepwise, PANEL, ["e"], marks)["e"]
    assert result.trace[1].value == 160
    assert result.modules == {"practice": 7200}


@pytest.mark.parametrize(
    ("join", "values", "expected"),
    [
        (Join("mean"), [85, 90, 78], Fraction(253, 3)),
        (Join("median"), [85, 90, 78], 85),
        (Join("median"), [85, 90, 78, 86], Fraction(171, 2)),
        (Join("drop", high=1, low=1), [85, 90, 78, 92, 88], Fraction(263, 3)),
        (Join("drop", high=1, low=1), [85, 90], Fraction(175, 2)),
        (Join("best", best=2), [85, 90, 78], Fraction(175, 2)),
        (Join("sum"), [85, 90], 175),
    ],
)
def test_joins(join: Join, values: list[int], expected: Fraction) -> None:
    """Each named function, on a case that can be done by hand (without the highest and the lowest: 87.67)."""
    assert expected == Fraction(*JOINS[join.use](values, join))
    assert expected == Fraction(*JOINS[join.use](values[::-1], join))


@pytest.mark.parametrize(("seconds", "extra"), [(3600, 0), (3541, 0), (3540, 50), (0, 500), (3661, -100), (9999, -500)])
def test_time(seconds: int, extra: int) -> None:
    """Every full minute before par adds, every full minute after it costs, and the cap holds on both sides."""
    timed = aggregation(time=TimeRule(par=3600, per=60, bonus=50, penalty=100, cap=500))
    found = results(SCHEME, timed, PANEL, {"e": Facts(seconds=seconds)}, GOOD)["e"]
    assert extra == found.time_adjustment
    assert found.total == 8000 + extra


def test_who_gave_up_has_no_time() -> None:
    """Giving up early earns no bonus, and loses a tie that is broken by the shorter time."""
    timed = aggregation(time=TimeRule(par=3600, per=60, bonus=100, penalty=0, cap=9000))
    gave_up = {"a": Facts("did-not-finish", seconds=60), "b": Facts(seconds=3600)}
    marks = [replace(mark, entry=entry) for entry in "ab" for mark in GOOD]
    assert [result.total for result in results(SCHEME, timed, PANEL, gave_up, marks)] == [8000, 8000]
    table = standings(results(SCHEME, HEBEI, PANEL, gave_up, marks), HEBEI)
    assert [(line.entry, line.rank, line.broken_by) for line in table] == [("b", 1, "time"), ("a", 2, "time")]


def test_a_sum_of_judges_is_out_of_what_all_of_them_could_give() -> None:
    """Three judges at full marks are 100.00, whoever is recused or missing among them."""
    added = aggregation(judged=Join("sum"))
    top = [GOOD[0], *(Mark(judge, "e", "A1.02", 300) for judge in PANEL)]
    assert results(SCHEME, added, PANEL, ["e"], top)["e"].total == 10000
    assert results(SCHEME, added, PANEL, {"e": Facts(recused=("j3",))}, top[:3])["e"].total == 10000
    lenient = replace(added, marking=replace(HEBEI.marking, missing="average"))
    assert results(SCHEME, lenient, PANEL, ["e"], top[:3])["e"].total == 10000


def test_penalties_do_not_win_a_tie() -> None:
    """The sum of judged aspects that breaks a tie is less by what judges took off."""
    aspects = SCHEME.criteria[0].subcriteria[0].aspects
    fined = replace(aspects[1], id="A1.03", penalty=True)
    sub = replace(SCHEME.criteria[0].subcriteria[0], aspects=(*aspects, fined))
    scheme = replace(SCHEME, criteria=(replace(SCHEME.criteria[0], subcriteria=(sub,)),))
    fine = [Mark(judge, "e", "A1.03", 100) for judge in PANEL]
    assert results(scheme, HEBEI, PANEL, ["e"], [*GOOD, *fine])["e"].judged_total == 100


def test_a_void_module_decides_nothing() -> None:
    """A void module owes no marks, breaks no tie, is failed by nobody and is in no sum."""
    void = replace(PLAIN, modules=(replace(PLAIN.modules[0], void=True), PLAIN.modules[1]))
    marks = [mark for mark in full("e", 0, 90) if mark.aspect != "T1.01"]
    result = results(void, HEBEI, ["j1"], ["e"], marks)["e"]
    assert result.modules == {"practice": 9000}
    assert "T" not in result.criteria
    strict = policy.load("shijiazhuang-workers-2010")
    assert passed(void, result, strict) == {"theory", "practice", "total"}
    nothing = replace(PLAIN, modules=tuple(replace(module, void=True) for module in PLAIN.modules))
    assert "scheme.void" in [problem.code for problem in scheme_problems(nothing)]


def test_criterion_marks_may_simply_be_added() -> None:
    """modules = "sum": no weights, the marks themselves."""
    assert results(SCHEME, aggregation(modules="sum"), PANEL, ["e"], GOOD)["e"].total == 400


EVEN = (Fraction(233333333, 10**6), Fraction(233333333, 10**6), Fraction(133333333, 10**6))


def test_levelling_judges() -> None:
    """A judge who is one lower everywhere moves nobody once judges are evened out; a flat judge gives the middle.

    By hand: the panel has the mean 133.33; all nine scores have the median absolute deviation 0, so mad leaves them.
    Somebody who is disqualified, and a guest, are evened out with the others and move nobody.
    """
    scores = {"j1": [300, 200, 100], "j2": [200, 100, 0], "j3": [100, 100, 100]}
    marks = [Mark(j, f"e{n}", "A1.02", v) for j, row in scores.items() for n, v in enumerate(row)]
    marks += [Mark("j1", f"e{n}", "A1.01", 200) for n in range(3)]
    for method, counted in (("z-score", EVEN), ("mad", (300, 200, 100))):
        found = results(SCHEME, aggregation(normalise=method), PANEL, [f"e{n}" for n in range(3)], marks)
        totals = [found[f"e{n}"].exact for n in range(3)]
        assert totals == sorted(totals, reverse=True)
        assert len(set(totals)) == 3
        assert found["e0"].trace[1].given == (300, 200, 100)
        assert counted == found["e0"].trace[1].counted
        crowd = [*marks, *(replace(mark, entry=other) for mark in marks[:1] + marks[9:10] for other in ("x", "g"))]
        crowd += [Mark(judge, other, "A1.02", 0) for judge in ("j2", "j3") for other in ("x", "g")]
        facts = {**{f"e{n}": Facts() for n in range(3)}, "x": Facts(status="disqualified"), "g": Facts(eligible=False)}
        more = results(SCHEME, aggregation(normalise=method), PANEL, facts, crowd)
        assert [more[f"e{n}"].exact for n in range(3)] == totals
