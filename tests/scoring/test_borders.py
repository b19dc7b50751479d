"""Borders at which a rule turns, each looked at alone: neighbouring rules of a policy would hide them."""

import hashlib
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from scoring import policy
from scoring.awards import Field, field_of
from scoring.language.selecting import Gates, Selector
from scoring.marks import Facts
from scoring.promotion import Achievement, Occupation, Record, promote
from scoring.results import Results
from scoring.selecting import passes, selects
from scoring.standings import standings
from scoring.ties import breaker, told_apart, words_for
from scoring.titles import Title, titles
from scoring.verdict import No, Problems, Silent, Yes
from tests.scoring.test_standings import HEBEI, made

NATIONAL = policy.load("national-skills-2023")
FIFTY = Field(50, 10)


def band(low: int, high: int, rank: int, **more: int) -> type:
    """What a selector of this band of 50 alone says about a rank."""
    select = Selector(percent=(Fraction(low), Fraction(high)))
    return type(selects(select, Achievement(rank, "", FIFTY, **more), "down"))


def test_a_band_of_the_field_begins_after_its_lower_end() -> None:
    """“21–40 %” of 50 are ranks 11 to 20; where equals are counted through, the number of better ones decides."""
    assert [band(20, 40, rank) for rank in (10, 11, 20, 21)] == [No, Yes, Yes, No]
    assert band(20, 40, 6, counted=11) is Yes
    assert band(20, 40, 11, counted=10) is No


def test_a_criterion_breaks_a_tie() -> None:
    """The higher mark in the named criterion stands first; another criterion is not asked."""
    rows = [
        replace(made(id, 5), criteria={"A": Fraction(a), "B": Fraction(b)}) for id, a, b in (("x", 1, 9), ("y", 2, 0))
    ]
    chain = replace(HEBEI, standing=replace(HEBEI.standing, ties=("criterion:A",)))
    assert [line.entry for line in standings(Results(tuple(rows), "p"), chain)] == ["y", "x"]
    assert words_for("criterion:A").zh == "评分标准得分高者列前（A）"


@pytest.mark.parametrize("name", ["younger", "older", "chief-judge", "time", "module:oral", "criterion:Z"])
def test_what_was_never_written_down_breaks_nothing(name: str) -> None:
    """A breaker whose fact nobody has gives no value, and leaves equals together."""
    rows = [made("a", 5), made("b", 5)]
    assert breaker(name)(rows[0]) is None
    assert told_apart(rows, name) == [rows]


def test_a_fact_that_some_lack_is_told_with_its_mend() -> None:
    """The refusal names the rule, everybody who lacks the fact, and what to do, in both languages."""
    born = replace(made("a", 5), facts=Facts(born=date(2000, 1, 1)))
    with pytest.raises(Problems) as refused:
        told_apart([born, made("b", 5), made("c", 5)], "younger")
    (problem,) = refused.value.problems
    assert (problem.code, problem.place.key) == ("ties.fact-missing", "younger")
    assert problem.words.en == "what “the younger” needs is missing for b, c"
    assert problem.words.zh == "“年轻者列前”所需的数据缺少：b, c"
    assert (problem.mend.zh, problem.mend.en) == ("补录该数据", "record it")


def test_a_lot_is_replayed_for_ever_and_never_drawn_without_a_seed() -> None:
    """The throws of a seed are part of what was published: they may never change."""
    assert breaker("lot", "2026-12-01")(made("a", 5)) == GOLDEN_THROW
    assert breaker("lot")(made("a", 5)) is None
    assert told_apart([made("a", 5), made("b", 5)], "lot") == [[made("a", 5), made("b", 5)]]


GOLDEN_THROW = Fraction(
    int.from_bytes(hashlib.sha256(b"podium-draw-1\n2026-12-01\nlot a\n0").digest()[:8], "big") % 2**62
)
"""By hand, from what the algorithm says it does."""


def test_the_field_counts_who_is_ranked() -> None:
    """Absent entries, guests and blank delegations are nobody; one entry is one person unless the event says more."""
    facts = {
        "a": Facts(delegation="唐山"),
        "b": Facts(delegation="唐山"),
        "c": Facts(delegation=""),
        "d": Facts(delegation="邯郸", status="absent"),
        "e": Facts(delegation="衡水", eligible=False),
    }
    table = standings(Results(tuple(made(id, 5) for id in facts), "p"), HEBEI, facts)
    assert field_of(table, HEBEI) == Field(3, 1, "full", 1)
    assert field_of(table, HEBEI, "selection", 2) == Field(3, 1, "selection", 2)
    welcome = replace(HEBEI, awards=replace(HEBEI.awards, ineligible="take-place"))
    assert field_of(table, welcome) == Field(4, 2)


def test_gates_of_identity_and_papers() -> None:
    """A gate says no with its own rule, and is silent where what it asks for is not known."""
    gold = Achievement(1, "gold", FIFTY)
    workers = Gates(identities=("worker", "teacher"))
    assert passes(workers, gold, Occupation("6"), "teacher") == Yes()
    refused = passes(workers, gold, Occupation("6"), "student")
    assert isinstance(refused, No) and refused.rule == "gate.identity"
    assert (refused.reason.zh, refused.reason.en) == ("限职工、教师", "for workers, teachers only")
    unknown = passes(workers, gold, Occupation("6"), "")
    assert isinstance(unknown, Silent) and unknown.rule == "gate.identity"
    papers = Gates(papers_at_least="senior")
    assert passes(papers, replace(gold, papers="senior"), Occupation("6"), "") == Yes()
    lower = passes(papers, replace(gold, papers="intermediate"), Occupation("6"), "")
    assert isinstance(lower, No) and lower.rule == "gate.papers"
    missing = passes(papers, gold, Occupation("6"), "")
    assert isinstance(missing, Silent) and missing.rule == "gate.papers"


def test_titles_take_a_code_for_an_occupation_and_cite() -> None:
    """The code of an occupation will do, as for promotions; what is won is cited."""
    first = Achievement(1, "gold", Field(20, 10))
    (won,) = titles(Record(), first, "6-18-02-04", NATIONAL)
    assert won == titles(Record(), first, Occupation("6-18-02-04"), NATIONAL)[0]
    assert isinstance(won, Title) and won.citation == NATIONAL.cites["report"]


def test_a_silent_cell_names_who_falls_into_it() -> None:
    """The words of silence name the level that is held, or that there is none."""
    gold = Achievement(1, "gold", Field(20, 10))
    held = promote(Record({"6": "senior-technician"}), gold, "6", HEBEI)
    assert isinstance(held, Silent) and "一级/高级技师" in held.reason.zh and "Senior technician" in held.reason.en
    shijiazhuang = policy.load("shijiazhuang-workers-2010")
    passed = Achievement(20, "", Field(40, 10), passed=frozenset({"theory", "practice"}))
    nothing = promote(Record(), passed, "6", shijiazhuang)
    assert isinstance(nothing, Silent), nothing
    assert "没有等级的人" in nothing.reason.zh and "somebody without a level" in nothing.reason.en
