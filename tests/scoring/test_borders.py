"""Borders at which a rule turns, each looked at alone: neighbouring rules of a policy would hide them."""

import hashlib
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from scoring import policy
from scoring.awards import Field, awards, field_of, field_verdict
from scoring.language.promotion import Effect
from scoring.language.selecting import FieldBand, Gates, Selector
from scoring.marks import Facts
from scoring.promotion import Achievement, Occupation, Promoted, Record, Unchanged, promote
from scoring.results import Result, Results
from scoring.selecting import passes, selects
from scoring.standings import open_ties, standings
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
    for entry in "abcdefgh":
        assert breaker("lot", "2026-12-01")(made(entry, 5)) == thrown(entry)
    assert breaker("lot")(made("a", 5)) is None
    assert told_apart([made("a", 5), made("b", 5)], "lot") == [[made("a", 5), made("b", 5)]]


def thrown(entry: str) -> Fraction:
    """By hand, from what the algorithm says it does."""
    block = hashlib.sha256(f"podium-draw-1\n2026-12-01\nlot {entry}\n0".encode()).digest()
    return Fraction(int.from_bytes(block[:8], "big") % 2**62)


def exhausted(how: str, *ties: str, **more: str) -> policy.Policy:
    """Hebei's policy with another chain of breakers."""
    return replace(HEBEI, standing=replace(HEBEI.standing, ties=ties, exhausted=how, **more))


def lines(rules: policy.Policy, *rows: Result, lot: str = "") -> list[tuple[str, int, str]]:
    """Entry, rank and what broke its tie."""
    return [(line.entry, line.rank, line.broken_by) for line in standings(Results(rows, "p"), rules, lot=lot)]


def test_what_is_compared_is_what_the_policy_says() -> None:
    """Totals that differ only behind the second place are level where rounded ones are compared, and not where exact."""
    rows = (made("a", 8000), replace(made("b", 8000), exact=Fraction(16001, 2)))
    assert lines(exhausted("shared"), *rows) == [("a", 1, ""), ("b", 1, "")]
    assert lines(exhausted("shared", by="exact"), *rows) == [("b", 1, ""), ("a", 2, "")]


def test_a_ruling_counts_only_where_ranks_may_not_be_shared() -> None:
    """Where equals share a rank, nobody has asked the chief judge, and no ruling moves them."""
    rows = tuple(replace(made(id, 5), facts=Facts(ruling=place)) for id, place in (("a", 2), ("b", 1)))
    assert lines(exhausted("shared"), *rows) == [("a", 1, ""), ("b", 1, "")]
    assert lines(exhausted("chief-judge"), *rows) == [("b", 1, "chief-judge"), ("a", 2, "chief-judge")]


def test_a_breaker_that_broke_nothing_is_not_named() -> None:
    """Whoever stays level after a breaker was not told apart by it; the lot behind it still draws with its seed."""
    rows = (made("a", 5, practice=3), made("b", 5, practice=3))
    assert lines(exhausted("shared", "module:practice"), *rows) == [("a", 1, ""), ("b", 1, "")]
    by_lot = lines(exhausted("shared", "module:practice", "lot"), *rows, lot="2026-12-01")
    assert sorted(by_lot) == sorted((entry, rank, "lot") for entry, rank, _ in by_lot)
    assert {rank for _, rank, _ in by_lot} == {1, 2}
    first = max("ab", key=lambda entry: breaker("lot", "2026-12-01")(made(entry, 5)) or 0)
    assert by_lot[0][0] == first


def test_an_open_tie_is_a_task_in_words() -> None:
    """The chief judge reads which rank and which entries wait, in both languages."""
    rules = exhausted("chief-judge")
    (task,) = open_ties(standings(Results((made("a", 5), made("b", 5)), "p"), rules), rules)
    assert (task.rank, task.entries) == (1, ("a", "b"))
    assert task.words.zh == "第 1 名并列：a、b，名次不得并列，请裁判长裁定"
    assert task.words.en == "rank 1 is tied (a, b) and ranks may not be shared: the chief judge has to rule"


def test_who_is_not_ranked_stands_at_the_end_by_name() -> None:
    """Absent entries keep what they have, in the order of their ids, with no rank and nothing broken."""
    gone = [replace(made(id, 3), facts=Facts(status="absent")) for id in ("z", "y")]
    table = standings(Results((*gone, made("a", 5)), "p"), HEBEI)
    assert [(line.entry, line.rank, line.total, line.broken_by) for line in table[1:]] == [
        ("y", 0, 3, ""),
        ("z", 0, 3, ""),
    ]


def test_an_event_without_awards_still_has_places() -> None:
    """A demonstration gives nothing away and keeps the places and the field that show why."""
    table = standings(Results((made("a", 5), made("b", 4)), "p"), HEBEI)
    none = awards(table, HEBEI, Field(2, 2))
    assert (none.places, none.counted, none.scale, none.field) == ({"a": 1, "b": 2}, {"a": 1, "b": 2}, {}, Field(2, 2))
    assert field_verdict(HEBEI, Field(2, 6)) == Yes("field.full")


def test_only_a_plain_squad_names_who_is_not_ranked() -> None:
    """A squad that is also bound to ranks, to a share or to a size of the field means ranked people only."""
    away = Achievement(0, "", FIFTY, squad="A")
    plain = Selector(squad="A")
    assert selects(plain, away, "down") == Yes()
    bands = (FieldBand(size=(1, 99), ranks=(0, 5)),)
    for bound in (
        replace(plain, ranks={0: (0, 5)}),
        replace(plain, percent=(Fraction(0), Fraction(20))),
        replace(plain, by_field=bands),
    ):
        assert isinstance(selects(bound, away, "down"), No)


def titled(**gates: object) -> policy.Policy:
    """The national policy whose title has these gates."""
    rule = NATIONAL.titles[0]
    gated = replace(rule.selections[0], gates=Gates(**gates))  # type: ignore[arg-type]
    return replace(NATIONAL, titles=(replace(rule, selections=(gated,)),))


def test_gates_of_titles_look_at_the_occupation_and_the_person() -> None:
    """A title for recognised occupations, or for workers, asks for both; the code alone is a recognised occupation."""
    first = Achievement(1, "gold", Field(20, 10))
    assert isinstance(titles(Record(), first, "6", titled(recognised=True))[0], Title)
    assert isinstance(titles(Record(), first, Occupation("6", recognised=False), titled(recognised=True))[0], No)
    workers = titled(identities=("worker",))
    assert isinstance(titles(Record(identity="worker"), first, "6", workers)[0], Title)
    assert isinstance(titles(Record(identity="student"), first, "6", workers)[0], No)


def test_groups_may_be_written_as_policies_write_them() -> None:
    """“workers” is the workers' group as much as 职工组; two things missing are told in one sentence."""
    tianjin = policy.load("tianjin-2024")
    literal = Achievement(1, "", Field(40, 10), group="workers", tier="city", class_="1")
    promoted = promote(Record(), literal, "6", tianjin)
    assert isinstance(promoted, Promoted)
    assert promoted == promote(Record(), replace(literal, group="职工组"), "6", tianjin)
    nowhere = promote(Record(), replace(literal, tier="", class_="", group=""), "6", tianjin)
    assert isinstance(nowhere, Silent)
    assert "；" in nowhere.reason.zh and "; " in nowhere.reason.en and "XX" not in nowhere.reason.en


def test_the_limit_of_a_year_is_in_the_words() -> None:
    """Somebody refused a second promotion reads how many there may be."""
    tianjin = policy.load("tianjin-2024")
    first = Achievement(1, "", Field(40, 10), group="职工组", tier="city", class_="1")
    stopped = promote(Record(promotions_this_year=1), first, "6", tianjin)
    assert isinstance(stopped, Unchanged) and stopped.rule == "promotion.per-year"
    assert stopped.reason.zh == "一个自然年度内只能晋升 1 次"


def test_the_standard_s_level_and_so_many_more() -> None:
    """Papers at 高级工 and two levels more are 高级技师; with none more, 高级工; never beyond the occupation's top."""
    rule = replace(NATIONAL.promotion.rules[0], gates=Gates())
    first = Achievement(1, "gold", Field(20, 10), papers="senior")
    for steps, top, reached in (
        (2, "senior-technician", "senior-technician"),
        (0, "senior-technician", "senior"),
        (2, "technician", "technician"),
    ):
        effect = Effect("standard", steps=steps)
        rules = replace(NATIONAL, promotion=replace(NATIONAL.promotion, rules=(replace(rule, effect=effect),)))
        promoted = promote(Record(), first, Occupation("6", top=top), rules)
        assert isinstance(promoted, Promoted) and promoted.level.id == reached


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
