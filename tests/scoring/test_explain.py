"""An explanation names every number, every tie and every decision, with rule and foundation."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from scoring import policy as policies
from scoring.awards import Field, awards, field_of
from scoring.clauses import SCHEME as IN_THE_SCHEME
from scoring.clauses import sentence_of
from scoring.explain import Event, as_data, as_text, explain
from scoring.language.marking import Join, Step, TimeRule
from scoring.marks import PLAIN as PLAIN_FACTS
from scoring.marks import Aspect, Facts, Mark, Module, Scheme, SpreadAlarm
from scoring.policy import Policy
from scoring.promotion import Achievement, Record, promote
from scoring.results import results
from scoring.sentences import sentences
from scoring.standings import standings
from scoring.teams import team_results
from scoring.titles import titles
from scoring.verdict import Words
from scoring.workings import shown
from tests.scoring.cases import policy_of, results_of
from tests.scoring.test_marks import GOOD, PANEL, SCHEME
from tests.scoring.test_results import HEBEI, PLAIN, aggregation, full, marking

FIELD = Field(4, 8)


def story(entry: str, field: Field = FIELD) -> str:
    """Four entries: a and b level and told apart by practice, c and d level for good, e absent."""
    marks = [*full("a", 70, 90), *full("b", 84, 84), *full("c", 60, 60), *full("d", 60, 60)]
    entries = {**{entry: Facts() for entry in "abcd"}, "e": Facts(status="absent")}
    found = results(PLAIN, HEBEI, ["j1"], entries, marks)
    table = standings(found, HEBEI)
    given = awards(table, HEBEI, field)
    gold = promote(Record(), Achievement(1, "gold", field), "6-18-02-04", HEBEI)
    silent = promote(Record({"6": "senior-technician"}), Achievement(1, "gold", field), "6", HEBEI)
    nothing = promote(Record(), Achievement(4, "", field), "6", HEBEI)
    people = {"a": {"张三": gold, "李四": silent, "王五": nothing}}
    lines = explain(Event(PLAIN, HEBEI, found, table, given, people), entry)
    assert len(as_data(lines)) == len(as_text(lines, "zh").splitlines()) == len(as_text(lines, "en").splitlines())
    assert all(line.rule and line.words.zh and line.words.en and line.rests_on.zh for line in lines)
    return as_text(lines, "en")


def test_the_winner() -> None:
    """Marks, weights, rounding, the tie and what broke it, the medal, and one line for each person."""
    text = story("a")
    assert "T1.01 理论试卷得分 Mark of the theory paper: j1 70.00 → 70.00 of 100.00 [aggregation.measured.mean;" in text
    assert "× 30%" in text
    assert "A 工艺与质量 Workmanship and quality: the aspects add up to 54.00 of 60.00" in text
    assert (
        "total = (70.00 × 30 + 90.00 × 70) ÷ 100 = 84.00, rounded to 0.01 (half up): 84.00 [rounding.half_up;" in text
    )
    assert "rank 1: 0 entries are better" in text
    assert "the same total as b" in text
    assert "told apart by “higher mark in the module (practice)”: a 90.00; b 84.00 [standing.module:practice;" in text
    assert "Gold medal: place 1; for places 1–1 [awards.gold; 衡水日报" in text
    assert "张三: Grade 2 / Technician (takes effect at once)." in text
    assert "李四: silent, a person decides." in text
    assert "王五: unchanged." in text


def test_shared_unranked_and_demonstration() -> None:
    """A rank shared for good, an entry without a rank, and an event too small for awards are all told."""
    assert "every tie rule is exhausted: shared with d" in story("c")
    assert "not ranked (absent)" in story("e")
    assert "no award: not ranked [awards.ineligible;" in story("e")
    assert "fewer than 6 teams" in story("a", Field(4, 5))


def table_told(case: dict[str, Any], entry: str) -> str:
    """The part of a story after the total, for totals and facts that are simply stated."""
    policy = policy_of({"policy": "hebei-skills-2025", **case})
    found = results_of({"practice": case["totals"], **case})
    table = standings(found, policy, lot="seed")
    given = awards(table, policy, field_of(table, policy))
    lines = explain(Event(SCHEME, policy, found, table, given, lot="seed"), entry)
    return as_text([line for line in lines if line.step in ("rank", "tie", "award")], "en")


def test_what_told_equals_apart_is_told() -> None:
    """Times in seconds, birthdays, throws and rulings stand beside the rule; an open tie waits for the chief judge."""
    chain = ("time", "younger", "lot")
    level = {"totals": {"a": 80, "b": 80}}
    for breaker, facts, words in (
        ("time", {"seconds": {"a": 60, "b": 90}}, "a 60 s; b 90 s"),
        ("younger", {"born": {"a": date(2001, 1, 1), "b": date(2000, 1, 1)}}, "a 2001-01-01; b 2000-01-01"),
        ("older", {"born": {"a": date(2001, 1, 1), "b": date(2002, 1, 1)}}, "a 2001-01-01; b 2002-01-01"),
    ):
        text = table_told({**level, **facts, "change": {"standing": {"ties": [breaker]}}}, "a")
        assert f": {words} [standing.{breaker};" in text
    lots = table_told({**level, "change": {"standing": {"ties": ["lot"]}}}, "a")
    assert re.search(r"“by lot”: a \d+; b \d+ \[standing.lot;", lots)
    ruled = {"standing": {"ties": [], "exhausted": "chief-judge"}}
    assert "a 1; b 2 [standing.chief-judge;" in table_told({**level, "ruling": {"a": 1, "b": 2}, "change": ruled}, "a")
    assert "the chief judge has to rule [standing.exhausted;" in table_told({**level, "change": ruled}, "a")
    gave_up = {"seconds": {"a": 60}, "status": {"b": "did-not-finish"}, "change": {"standing": {"ties": list(chain)}}}
    assert "a 60 s; b – [standing.time;" in table_told({**level, **gave_up}, "a")


@pytest.mark.parametrize("id", policies.shipped())
def test_every_line_has_a_sentence_that_is_the_policys_own(id: str) -> None:
    """Whatever a line's rule is, a reader finds what it says, in both languages; for a rule of the policy it is a sentence that
    stands on the policy's own page, the one of that very key."""
    policy = policies.load(id)
    own = {one.words: one.says for one in sentences(policy)}
    marks = [*full("a", 70, 90), *full("b", 84, 84), *full("c", 60, 60), *full("d", 60, 60)]
    entries = {**{entry: Facts() for entry in "abcd"}, "e": Facts(status="absent")}
    found = results(PLAIN, policy, ["j1"], entries, marks)
    table = standings(found, policy)
    for field in (Field(4, 1), Field(90, 90)):
        for entry in "abcde":
            for line in explain(Event(PLAIN, policy, found, table, awards(table, policy, field)), entry):
                said = sentence_of(policy, line.rule)
                assert said and said.zh and said.en, line.rule
                assert line.rule in (*IN_THE_SCHEME, "awards.none") or said in own, line.rule
    keys = {f"standing.{policy.standing.numbering}": "numbering", "standing.exhausted": "ties"}
    keys |= {f"awards.{prize.id}": f"prize.{prize.id}" for prize in policy.awards.prizes}
    keys |= {f"promotion.{rule.id}": f"rule.{rule.id}" for rule in policy.promotion.rules}
    keys |= {f"title.{title.id}": title.id for title in policy.titles}
    for rule, key in keys.items():
        assert own[sentence_of(policy, rule) or Words("", "")] == key


def test_every_key_cites_its_own_source() -> None:
    """Where a text says one key of a table and the organiser the others, each line cites the right one."""
    level = {"totals": {"a": 80, "b": 80}, "policy": "national-skills-2023"}
    text = table_told({**level, "change": {"standing": {"ties": []}}}, "a")
    assert "[standing.exhausted; 陕西日报" in text
    assert "[standing.1-2-2-4; the organiser's setting]" in text


def test_titles_and_scores_that_are_too_far_apart_are_told() -> None:
    """A title that is won, withheld or left to a person has its line; so have scores that have to be given again."""
    policy = policy_of({"policy": "national-skills-2023"})
    case = {"totals": {"a": 90, "b": 80}, "practice": {"a": 90, "b": 80}}
    found = results_of(case)
    table = standings(found, policy)
    given = awards(table, policy, field_of(table, policy))
    reached = [Achievement(1, "gold", FIELD, team_size=size) for size in (1, 9)]
    holder = Record(titles=frozenset({"national-expert"}))
    won = {
        "张三": titles(Record(), reached[0], "6", policy),
        "李四": titles(Record(), reached[1], "6", policy),
        "王五": titles(holder, reached[0], "6", policy),
    }
    spread = (SpreadAlarm("a", "A1.02", (("j1", 0), ("j2", 300))),)
    event = Event(SCHEME, policy, found, table, given, titles={"a": won}, spread=spread)
    text = as_text(explain(event, "a"), "en")
    assert "张三: National technical expert (takes effect when approved) [title.national-expert; 陕西日报" in text
    assert "李四: silent. the text names no team of 9" in text
    assert "王五: withheld. holds this title already" in text
    assert "A1.02: scores too far apart (j1 0.00, j2 3.00), to be discussed and given again [marking.spread;" in text
    assert "too far apart" not in as_text(explain(event, "b"), "en")


def test_why_an_award_was_given_or_not_is_told() -> None:
    """The place without guests, the share of the field, the points of the scale; a guest is told that guests take none."""
    six = {"field": {"smallest": 0}}
    case = {"totals": {"g": 95, "a": 90, "b": 88, "c": 85, "d": 80, "e": 70, "f": 60, "h": 50}, "guests": ["g"]}
    assert "a guest takes none [awards.ineligible;" in table_told({**case, "change": six}, "g")
    assert "Gold medal: place 1; for places 1–1" in table_told({**case, "change": six}, "a")
    assert "no award: place 4 [awards.none;" in table_told({**case, "change": six}, "d")
    more = {"totals": {**case["totals"], "i": 40}, "guests": ["g"], "change": six}
    assert "Award of excellence: place 4; for 50 % of 8 entries, 4 (rounded down), being number 4" in table_told(
        more, "d"
    )
    scaled = table_told({**case, "policy": "worldskills"}, "d")
    assert "Medallion for Excellence: place 4, about 700 on the 700 scale; from 700 on the scale [" in scaled
    lowest = {"awards": {"prize": [{**FIRST, "from_total": 8000, "percent": 100, "rounding": "up"}]}}
    told_first = table_told({**case, "policy": "national-workers-2021", "change": lowest}, "d")
    assert "; from 80.00 on [awards.first;" in told_first


FIRST = {"id": "first", "name": {"zh": "一等奖", "en": "First prize"}, "source": "organiser"}


def test_what_was_filled_in_is_told() -> None:
    """A missing mark never disappears: the line says what stood in for it, and a second round is marked."""
    marks = [*GOOD[:3], Mark("j1", "e", "A1.02", 300, 2)]
    found = results(SCHEME, marking(missing="replace"), PANEL, ["e"], marks)
    table = standings(found, HEBEI)
    text = as_text(explain(Event(SCHEME, HEBEI, found, table, awards(table, HEBEI, FIELD)), "e"), "en")
    stood_in = "a mark is missing: the median of the other judges, 2.50, stands in"
    assert f"A1.02 Finish: j1 3.00 (#2), j2 2.00; {stood_in}; mean 2.50 → 2.50 of 3.00" in text


def told(policy: Policy, marks: list[Mark], scheme: Scheme = SCHEME, facts: Facts = PLAIN_FACTS) -> str:
    """The story of one entry by this policy, in English."""
    found = results(scheme, policy, PANEL, {"e": facts}, marks)
    table = standings(found, policy)
    return as_text(explain(Event(scheme, policy, found, table, awards(table, policy, FIELD)), "e"), "en")


SCORES = [GOOD[0], *(Mark(judge, "e", "A1.02", score) for judge, score in zip(PANEL, (300, 200, 0), strict=True))]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"judged": Join("drop", high=1, low=1)}, "without the highest 1 and the lowest 1 (3.00, 0.00), the mean of the rest 2.00 →"),
        ({"judged": Join("best", best=2)}, "the mean of the best 2 (2.00, 3.00) 2.50 →"),
        ({"judged": Join("median")}, "median 2.00 → 2.00 of 3.00"),
        ({"judged": Join("sum")}, "sum 5.00 → 5.00 of 3.00"),
        ({"modules": "sum"}, "Practice: 3.6666… (11/3)"),
    ],
)  # fmt: skip
def test_how_marks_were_joined_is_told(changes: dict[str, object], words: str) -> None:
    """Every join names what it left out and what came of the rest; a plain sum of modules has no weights."""
    assert words in told(aggregation(**changes), SCORES)


def test_a_judged_aspect_names_its_share() -> None:
    """A score of 3 is brought to the maximum of the aspect, and rounding on the way is told where it happens."""
    worth_ten = replace(SCHEME.criteria[0].subcriteria[0].aspects[1], maximum=1000)
    scheme = with_aspects(SCHEME.criteria[0].subcriteria[0].aspects[0], worth_ten, total=1200)
    steps = replace(HEBEI.rounding, aspect=Step(10, "down"), module=Step(100, "half_up"))
    text = told(replace(HEBEI, rounding=steps), SCORES, scheme)
    assert "mean 1.6666… (5/3); × 10.00 ÷ 3.00; rounded to 0.10 (rounded down) → 5.50 of 10.00" in text
    assert "Practice: 7.50 of 12.00, out of 100 63.00, rounded to 1.00 (half up) × 100%" in text


def test_penalties_void_modules_and_missing_marks_are_told() -> None:
    """What is taken off, what counts nothing and what nobody gave can be read, and how a sum below zero counts."""
    fine = Aspect("A1.03", "measured", "Fine", 900, "one", penalty=True)
    scheme = with_aspects(*SCHEME.criteria[0].subcriteria[0].aspects, fine)
    text = told(HEBEI, [*SCORES, Mark("j2", "e", "A1.03", 800)], scheme)
    assert "Fine: j2 8.00 → taken off: -8.00 of 9.00" in text
    assert "Coupons: -4.3333… (-13/3) after penalties, counts 0.00 of 5.00" in text
    void = replace(SCHEME, modules=(Module("practice", "Practice", 50, void=True), Module("oral", "Oral", 50)))
    told_void = told(HEBEI, SCORES[:0], void)
    assert "Practice: void, counts for nobody" in told_void and "Leak" not in told_void
    gone = told(HEBEI, SCORES[:1], facts=Facts(status="did-not-finish"))
    assert "A1.02 Finish: no mark; counts zero → 0.00 of 3.00" in gone
    assert "joined from those that were given; mean 2.50 →" in told(marking(missing="average"), SCORES[:3])


def test_evened_out_judges_are_told() -> None:
    """Where a policy evens out judges, the marks that were given and those that counted instead both stand there."""
    scores = {"j1": [300, 200, 100], "j2": [200, 100, 0], "j3": [100, 100, 100]}
    marks = [Mark(j, f"e{n}", "A1.02", v) for j, row in scores.items() for n, v in enumerate(row)]
    marks += [Mark("j1", f"e{n}", "A1.01", 200) for n in range(3)]
    even = aggregation(normalise="z-score")
    found = results(SCHEME, even, PANEL, ["e0", "e1", "e2"], marks)
    table = standings(found, even)
    text = as_text(explain(Event(SCHEME, even, found, table, awards(table, even, FIELD)), "e0"), "en")
    assert (
        "j1 3.00, j2 2.00, j3 1.00; evened out to 2.33333333, 2.33333333, 1.33333333; mean 1.9999… (599999999/300000000)"
        in text
    )


def test_a_team_is_told_member_by_member() -> None:
    """Each member's own total first, then the team as their sum."""
    marks = [mark for mark in full("t", 0, 80) if mark.aspect != "T1.01"]
    marks += [Mark("j1", "p", "T1.01", 9000), Mark("j1", "q", "T1.01", 7000)]
    pair = aggregation(team="sum", shared_modules=("practice",))
    entries = {"t": Facts(modules=("practice",)), "p": Facts(modules=("theory",)), "q": Facts(modules=("theory",))}
    teams = {"t": ("p", "q")}
    ranked, members = team_results(PLAIN, pair, results(PLAIN, pair, ["j1"], entries, marks), teams)
    table = standings(ranked, pair)
    event = Event(PLAIN, pair, ranked, table, awards(table, pair, FIELD), teams=teams, members=members.of)
    text = as_text(explain(event, "t"), "en")
    assert "member p [" in text
    assert "(90.00 × 30 + 80.00 × 70) ÷ 100 = 83.00" in text
    assert "the team: 83.00 + 77.00 = 160.00 [aggregation.team.sum;" in text
    assert text.count("Mark of the theory paper") == 2


def with_aspects(*aspects: Aspect, total: int = 500) -> Scheme:
    sub = replace(SCHEME.criteria[0].subcriteria[0], aspects=aspects)
    return replace(SCHEME, criteria=(replace(SCHEME.criteria[0], total=total, subcriteria=(sub,)),))


def test_time_is_told() -> None:
    """A bonus for time has a line of its own."""
    timed = aggregation(time=TimeRule(3600, 60, 50, 0, 500))
    found = results(SCHEME, timed, PANEL, {"e": Facts(seconds=3000)}, GOOD)
    table = standings(found, timed)
    told = "time 3000 s against 3600 s: 10 full steps of 60 s at 0.50, no more than 5.00: 5.00"
    assert told in as_text(explain(Event(SCHEME, timed, found, table, awards(table, timed, FIELD)), "e"), "en")


def test_shown() -> None:
    """Finite numbers have two places or as many as they need; endless ones four, dots, and the fraction itself."""
    assert shown(Fraction(8750)) == "87.50"
    assert shown(Fraction(25, 2)) == "0.125"
    assert shown(Fraction(22000, 3)) == "73.3333… (220/3)"
    assert shown(Fraction(-1, 3)) == "-0.0033… (-1/300)"
