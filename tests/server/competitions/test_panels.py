"""Panels: every rule alone, what is proposed and why, what is short, and that nothing better was to be had."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.verdict import No, Words, Yes
from server.competitions import filling
from server.competitions.judges import Away, Competitor, Demand, Event, Held, Judge, Recusal, Rules
from server.competitions.panels import FULL, GOALS, Proposal, propose
from server.competitions.sitting import ORDER, against, may_join, may_sit, ties

MAY = [date(2026, 5, day) for day in (1, 2, 3, 4)]
RULES = Rules(Demand(years=5))
STUDENT = Words("选手是其学生", "the competitor is their student")


def judge(id: str, unit: str = "", **more: Any) -> Judge:
    """A technician with ten years in the welders' occupation, free on every day."""
    return replace(Judge(id, unit, frozenset({"6-18-02-04"}), "technician", years=10), **more)


def event(id: str, seats: int = 1, day: int = 0, **more: Any) -> Event:
    """An event for welders, on one day of May."""
    return replace(Event(id, "6-18-02-04", seats, frozenset({MAY[day]})), **more)


def seated(proposal: Proposal) -> dict[str, list[str]]:
    return {panel.event: [seat.judge for seat in panel.seats] for panel in proposal.panels}


def out(proposal: Proposal) -> dict[tuple[str, str], str]:
    return {(panel.event, one.judge): one.verdict.rule for panel in proposal.panels for one in panel.out}


def refused(verdict: Yes | No) -> No:
    assert isinstance(verdict, No)
    return verdict


# --- who may sit -----------------------------------------------------------------------------------------------------

COMPETITORS = frozenset({Competitor("p1", "河钢"), Competitor("p2", "河钢"), Competitor("p3", "唐钢")})


@pytest.mark.parametrize(
    ("candidate", "rules", "rule", "words"),
    [
        (
            judge("a", skills=frozenset({"6-31-01-03"})),
            RULES,
            "panel.skill",
            Words("不能裁判本赛项", "judges neither this event nor its occupation"),
        ),
        (
            judge(
                "a", away=(Away("M02", Words("别的", "another")), Away("M01", Words("已谢绝邀请：出差", "declined")))
            ),
            RULES,
            "panel.away",
            Words("已谢绝邀请：出差", "declined"),
        ),
        (
            judge("a", level="senior", title="junior"),
            RULES,
            "panel.level",
            Words(
                "要求二级/技师或中级职称及以上，现为三级/高级工、初级职称",
                "asked for: Grade 2 / Technician or a middle title; has: Grade 3 / Senior worker, a junior title",
            ),
        ),
        (
            judge("a", level=""),
            Rules(Demand(5, title="")),
            "panel.level",
            Words("要求二级/技师及以上，现为无", "asked for: Grade 2 / Technician; has: none"),
        ),
        (
            judge("a", years=4),
            RULES,
            "panel.years",
            Words("从业 4 年，要求满 5 年", "years in the occupation: 4; asked for: 5"),
        ),
        (
            judge("a", years=None),
            RULES,
            "panel.years",
            Words("从业年限不详，要求满 5 年", "years unknown; asked for: 5"),
        ),
        (
            judge("a", "河钢"),
            RULES,
            "panel.own-unit",
            Words("本单位“河钢”有 2 名选手参加本赛项", "competitors of the same unit, 河钢, in this event: 2"),
        ),
        (
            judge("a", recusals=(Recusal(Words("参与命题", "wrote the task"), event="M01"),)),
            RULES,
            "panel.recused",
            Words("回避：参与命题", "recused: wrote the task"),
        ),
        (
            judge("a", recusals=(Recusal(STUDENT, person="p3"),)),
            RULES,
            "panel.recused",
            Words("回避：选手是其学生", "recused: the competitor is their student"),
        ),
        (
            judge("a", recusals=(Recusal(Words("合作企业", "a partner firm"), unit="唐钢"),)),
            RULES,
            "panel.recused",
            Words("回避：合作企业", "recused: a partner firm"),
        ),
        (
            judge("a", days=frozenset(MAY[1:])),
            RULES,
            "panel.days",
            Words("2026年5月1日不能到场", "is not there on 1 May 2026"),
        ),
        (
            judge("a", load=2),
            replace(RULES, most=2),
            "panel.load",
            Words("已担任 2 个裁判组，上限 2 个", "panels so far: 2; allowed: 2"),
        ),
    ],
)
def test_each_rule_alone_keeps_a_judge_off(candidate: Judge, rules: Rules, rule: str, words: Words) -> None:
    """One thing is wrong, one rule says no, and its words say what is asked and what there is."""
    asked = event("M01", competitors=COMPETITORS)
    assert may_sit(candidate, asked, rules) == No(rule, words)
    assert len(against(candidate, asked, rules, (), ())) == 1


@pytest.mark.parametrize(
    "candidate",
    [
        judge("a", "邯钢"),
        judge("a", level="", title="middle"),
        judge("a", level="senior", title="associate-senior"),
        judge("a", level="chief-technician"),
        judge("a", skills=frozenset({"M01"})),
        judge("a", years=5),
        judge("a", days=frozenset({MAY[0]})),
        judge("a", recusals=(Recusal(STUDENT, person="p9"), Recusal(STUDENT, event="M02"))),
        judge("a", load=7),
    ],
)
def test_who_meets_the_rules_may_sit(candidate: Judge) -> None:
    """A title stands in for a level, an event for its occupation; other recusals and a load without limit bar nobody."""
    assert may_sit(candidate, event("M01", competitors=COMPETITORS), RULES) == Yes("panel.may-sit")


def test_the_demand_of_an_event_stands_before_that_of_the_competition() -> None:
    """An event may ask for more and for less."""
    strict = event("M01", least=Demand(15, "senior-technician", ""))
    lax = event("M02", least=Demand(0, "", ""))
    assert [one.rule for one in against(judge("a"), strict, RULES, (), ())] == ["panel.level", "panel.years"]
    assert may_sit(judge("a", level="", years=None), lax, RULES) == Yes("panel.may-sit")


def test_everything_that_stands_against_a_judge_is_told_in_the_order_of_the_rules() -> None:
    """Who asks learns all of it at once."""
    recusal = Recusal(STUDENT, person="p3")
    bad = judge("a", "河钢", skills=frozenset(), level="", years=1, load=3, days=frozenset(), recusals=(recusal,))
    found = against(
        bad, event("M01", competitors=COMPETITORS), replace(RULES, most=3), [judge("b", "河钢")], [event("M02")]
    )
    words = ("skill", "level", "years", "own-unit", "recused", "days", "load", "unit", "busy")
    assert [one.rule for one in found] == [f"panel.{word}" for word in words]


def test_a_tie_may_keep_a_judge_from_one_entry_only() -> None:
    """Where the competition says so, the own unit or a declared tie leaves the seat and names what not to mark."""
    asked = event("M01", competitors=COMPETITORS)
    candidate = judge("a", "河钢", recusals=(Recusal(STUDENT, person="p3"), Recusal(STUDENT, person="p1")))
    assert refused(may_sit(candidate, asked, replace(RULES, own_unit="stands-back"))).rule == "panel.recused"
    assert refused(may_sit(candidate, asked, replace(RULES, related="stands-back"))).rule == "panel.own-unit"
    lax = replace(RULES, own_unit="stands-back", related="stands-back")
    seat = propose([candidate], [asked], [], lax).panels[0].seats[0]
    assert seat.against == () and seat.stands_back == ties(candidate, asked)
    assert [(tie.competitor, tie.reason.zh) for tie in seat.stands_back] == [
        ("p1", "选手是其学生"),
        ("p2", "同属“河钢”"),
        ("p3", "选手是其学生"),
    ]


def test_a_recusal_from_the_whole_event_always_bars() -> None:
    """There is no entry of an event that is not part of it."""
    candidate = judge("a", recusals=(Recusal(STUDENT, event="M01"),))
    lax = replace(RULES, own_unit="stands-back", related="stands-back")
    assert refused(may_sit(candidate, event("M01"), lax)).rule == "panel.recused"


def test_a_seat_that_is_changed_by_hand_is_asked_about_those_who_sit() -> None:
    """The same rules with the panel and the judge's other events: unit, delegation, day, load."""
    one, other = judge("a", "河钢", delegation="唐山"), judge("b", "河钢", delegation="唐山")
    unit = refused(may_join(one, event("M01"), RULES, [other], []))
    assert (unit.rule, unit.reason.zh) == ("panel.unit", "“河钢”已有 b 在裁判组，同一单位限 1 人")
    delegation = refused(may_join(one, event("M01", one_per="delegation"), RULES, [other], []))
    assert delegation.reason.en == "b of 唐山 is on the panel; one judge per delegation is allowed"
    assert may_join(one, event("M01", one_per=""), RULES, [other], []) == Yes("panel.may-join")
    assert may_join(judge("c"), event("M01"), RULES, [judge("d")], []) == Yes("panel.may-join")
    busy = refused(may_join(one, event("M01"), RULES, [], [event("M02")]))
    assert (busy.rule, busy.reason.en) == ("panel.busy", "judges M02 on the same day")
    assert may_join(one, event("M01"), RULES, [], [event("M02", day=1)]) == Yes("panel.may-join")
    assert refused(may_join(one, event("M01"), replace(RULES, most=1), [], [event("M02", day=1)])).rule == "panel.load"


# --- what is proposed ------------------------------------------------------------------------------------------------


def test_two_of_one_unit_do_not_sit_together() -> None:
    """The second is told who sits; where units do not matter both sit."""
    people = [judge("a", "河钢"), judge("b", "河钢"), judge("c", "唐钢")]
    made = propose(people, [event("M01", 2)], [], RULES)
    assert seated(made) == {"M01": ["a", "c"]} and out(made) == {("M01", "b"): "panel.unit"}
    assert seated(propose(people, [event("M01", 3, one_per="")], [], RULES)) == {"M01": ["a", "b", "c"]}


def test_nobody_is_in_two_places_on_one_day() -> None:
    """Events of one day take two people, events of different days may take the same."""
    people = [judge("a", years=30), judge("b", load=5)]
    assert seated(propose(people, [event("M01"), event("M02")], [], RULES)) == {"M01": ["a"], "M02": ["b"]}
    made = propose(people, [event("M01"), event("M02", day=1)], [], RULES)
    assert seated(made) == {"M01": ["a"], "M02": ["a"]} and made.loads == {"a": 2}
    long = event("M03", days=frozenset(MAY[:2]))
    assert out(propose([judge("a")], [long, event("M04", 1, 1)], [], RULES)) == {("M04", "a"): "panel.busy"}


def test_seats_come_before_light_loads() -> None:
    """A seat is filled even if that makes the largest load larger, up to the limit."""
    events = [event("M01"), event("M02", day=1), event("M03", day=2)]
    assert propose([judge("a", load=4)], events, [], RULES).loads == {"a": 7}
    made = propose([judge("a", load=4)], events, [], replace(RULES, most=6))
    assert made.loads == {"a": 6} and out(made) == {("M03", "a"): "panel.load"}


def test_the_largest_load_is_the_least_there_is_then_loads_are_even() -> None:
    """Earlier panels count: who carried much sits out while anybody carries less."""
    events = [event(f"M0{day}", day=day) for day in range(4)]
    assert propose([judge("a", load=3), judge("b")], events, [], RULES).loads == {"a": 4, "b": 3}
    assert propose([judge("a", load=2), judge("b"), judge("c")], events, [], RULES).loads == {"b": 2, "c": 2}
    few = [event("M01"), event("M02", day=1)]
    assert propose([judge("a"), judge("b"), judge("c", load=2)], few, [], RULES).loads == {"a": 1, "b": 1}


def test_a_held_seat_is_kept_before_experience_and_after_even_loads() -> None:
    """Who was proposed before stays for as long as the loads allow."""
    people = [judge("a", years=40), judge("b")]
    assert seated(propose(people, [event("M01")], [], RULES)) == {"M01": ["a"]}
    held = [Held("b", "M01")]
    made = propose(people, [event("M01")], held, RULES)
    assert seated(made) == {"M01": ["b"]} and made.panels[0].seats[0].held and out(made) == {("M01", "a"): FULL.rule}
    assert seated(propose([people[0], judge("b", load=1)], [event("M01")], held, RULES)) == {"M01": ["a"]}


def test_a_held_seat_goes_when_its_judge_may_no_longer_sit() -> None:
    """Only a fixed seat stands against the rules."""
    made = propose([judge("a"), judge("b", years=1)], [event("M01")], [Held("b", "M01")], RULES)
    assert seated(made) == {"M01": ["a"]} and out(made) == {("M01", "b"): "panel.years"}


def test_equals_go_by_id() -> None:
    """The lowest ids sit, and the lowest for the first event."""
    people = [judge(name) for name in "dcba"]
    assert seated(propose(people, [event("M02"), event("M01")], [], RULES)) == {"M01": ["a"], "M02": ["b"]}


def test_a_fixed_seat_stays_and_what_stands_against_it_is_told() -> None:
    """The chief decides; the proposal fills the rest around it."""
    people = [judge("a", "河钢", level="junior"), judge("b", "河钢", years=40), judge("c"), judge("d")]
    events = [event("M01", 2), event("M02")]
    made = propose(people, events, [Held("a", "M01", fixed=True), Held("a", "M02", fixed=True)], RULES)
    assert seated(made) == {"M01": ["a", "c"], "M02": ["a"]}
    assert [one.rule for one in made.panels[0].seats[0].against] == ["panel.level", "panel.busy"]
    assert made.panels[0].seats[1].against == () and made.short == () and made.loads == {"a": 2, "c": 1}
    assert out(made) == {
        ("M01", "b"): "panel.unit",
        ("M01", "d"): FULL.rule,
        ("M02", "b"): "panel.unit",
        ("M02", "c"): "panel.busy",
        ("M02", "d"): FULL.rule,
    }


def test_a_fixed_seat_may_be_anybodys_and_one_too_many() -> None:
    """A stranger takes a seat like everybody; seats in events that are not asked about are nobody's business here."""
    held = [Held(name, "M01", fixed=True) for name in ("x", "a")] + [Held("a", "M09", fixed=True)]
    made = propose([judge("a"), judge("b")], [event("M01")], held, RULES)
    assert seated(made) == {"M01": ["a", "x"]} and made.short == () and out(made) == {("M01", "b"): FULL.rule}
    assert [one.rule for one in made.panels[0].seats[1].against] == ["panel.unknown"]


def test_a_fixed_seat_counts_in_the_load() -> None:
    """Whom the chief chose is chosen less for the rest, and not at all beyond the limit."""
    events, held = [event("M01"), event("M02", day=1)], [Held("a", "M01", fixed=True)]
    people = [judge("a", years=40), judge("b")]
    assert seated(propose(people, events, held, RULES)) == {"M01": ["a"], "M02": ["b"]}
    assert out(propose(people[:1], events, held, replace(RULES, most=1))) == {("M02", "a"): "panel.load"}


def test_every_candidate_is_told_why_they_do_not_sit() -> None:
    """A panel names everybody once, seated or with a rule and words in both languages."""
    people = [*(judge(name) for name in "abc"), judge("d", level=""), judge("e", skills=frozenset())]
    for panel in propose(people, [event("M01", 2), event("M02", 2)], [], RULES).panels:
        assert sorted([*(seat.judge for seat in panel.seats), *(one.judge for one in panel.out)]) == list("abcde")
        assert all(one.verdict.reason.zh and one.verdict.reason.en for one in panel.out)


# --- what is short ---------------------------------------------------------------------------------------------------


def short(
    people: list[Judge], *events: Event, rules: Rules = RULES, held: tuple[Held, ...] = ()
) -> tuple[int, str, str, str]:
    found = propose(people, events, held, rules).short[0]
    return found.lacking, found.verdict.rule, found.verdict.reason.zh, found.verdict.reason.en


def test_a_shortage_of_units_counts_who_comes_from_one() -> None:
    """Five are qualified, three of them come from one unit: two seats stay open."""
    people = [judge(name, "河钢") for name in "abc"] + [judge("d", "唐钢"), judge("e"), judge("f", years=2)]
    assert short(people, event("M01", 5)) == (
        2,
        "panel.unit",
        "需要 5 名裁判，还缺 2 名。能裁判本赛项的有 6 人，其中从业年限不够或不详的 1 人，余 5 人。"
        "这些人中 3 人来自“河钢”，同一单位限 1 人，最多坐 3 席。卡在：同一单位限 1 人。",
        "Judges needed: 5, lacking: 2. People who judge this event: 6; of these, years too few or unknown: 1; left: 5. "
        "Of these, 3 come from 河钢; one judge per unit may sit, 3 in all. The bottleneck: one judge per unit.",
    )


def test_a_shortage_of_delegations_is_called_so() -> None:
    """Where one judge per delegation sits, that is what is said."""
    people = [judge(name, delegation="唐山") for name in "ab"]
    assert short(people, event("M01", 2, one_per="delegation"))[2].endswith("最多坐 1 席。卡在：同一代表队限 1 人。")


@pytest.mark.parametrize(
    ("spoilt", "rule"),
    [
        ({"skills": frozenset()}, "panel.skill"),
        ({"level": ""}, "panel.level"),
        ({"years": 1}, "panel.years"),
        ({"unit": "河钢"}, "panel.own-unit"),
        ({"recusals": (Recusal(STUDENT, person="p3"),)}, "panel.recused"),
        ({"days": frozenset({MAY[3]})}, "panel.days"),
        ({"load": 3}, "panel.load"),
    ],
)
def test_the_bottleneck_is_the_rule_that_costs_most_seats(spoilt: dict[str, Any], rule: str) -> None:
    """Three of five fail one rule and one fails another: the first is named."""
    people = [judge("a"), judge("b", level="", years=None), *(judge(name, **spoilt) for name in "cde")]
    found = short(people, event("M01", 5, competitors=COMPETITORS), rules=replace(RULES, most=3))
    assert found[:2] == (4, rule)


def test_bottlenecks_that_cost_the_same_are_all_told() -> None:
    """One fails by level and one by years: neither is more to blame."""
    found = short([judge("a"), judge("b", level=""), judge("c", years=1)], event("M01", 3))
    assert found[:2] == (2, "panel.level")
    assert found[2].endswith("余 1 人。卡在：等级或职称不够、从业年限不够或不详。")


def test_nobody_at_all_is_a_shortage_too() -> None:
    """No candidates, no events: an answer, not an error."""
    assert short([], event("M01", 2)) == (
        2,
        "panel.skill",
        "需要 2 名裁判，还缺 2 名。能裁判本赛项的有 0 人。卡在：能裁判本赛项的人太少。",
        "Judges needed: 2, lacking: 2. People who judge this event: 0. "
        "The bottleneck: too few people judge this event.",
    )
    assert propose([], [], [], RULES) == Proposal((), (), {}, Yes("panel.best"))


def test_events_of_one_day_that_share_people_are_named() -> None:
    """Each event has enough people for itself; together they have not, and the sum says so."""
    people = [judge(name) for name in "abc"]
    assert short(people, event("M01", 2), event("M02", 2), event("M03", 1, 1)) == (
        1,
        "panel.busy",
        "需要 2 名裁判，还缺 1 名。能裁判本赛项的有 3 人。同日担任其他赛项裁判的 2 人（M01）。"
        "2026年5月1日，赛项 M01、M02，共需 4 名裁判，可用的只有 3 人。卡在：同日担任其他赛项裁判。",
        "Judges needed: 2, lacking: 1. People who judge this event: 3. Judging on the same day (M01): 2. "
        "On 1 May 2026, M01, M02 ask for 4 judges; available: 3. "
        "The bottleneck: judging another event on the same day.",
    )


def test_a_limit_of_load_that_the_proposal_itself_reaches_is_named() -> None:
    """Two days, one judge, one panel each: the limit is what holds the second up."""
    found = short([judge("a")], event("M01"), event("M02", day=1), rules=replace(RULES, most=1))
    assert found[:2] == (1, "panel.load")
    assert found[3].endswith("On as many panels as are allowed: 1. The bottleneck: on as many panels as are allowed.")


def test_many_names_are_cut_short() -> None:
    """A sentence names six events and counts the rest."""
    events = [event(f"M{number:02}") for number in range(9)]
    words = propose([judge(name) for name in "abcdefgh"], events, [], RULES).short[0].verdict.reason
    assert "赛项 M00、M01、M02、M03、M04、M05 等 9 项，共需 9 名裁判，可用的只有 8 人" in words.zh
    assert "On 1 May 2026, M00, M01, M02, M03, M04, M05 and 3 more ask for 9 judges; available: 8." in words.en


# --- nothing better is to be had -------------------------------------------------------------------------------------

MOST = st.sampled_from([None, 2, 3])
UNITS = st.sampled_from(["", "河钢", "唐钢"])


@st.composite
def competitions(draw: st.DrawFn) -> tuple[list[Judge], list[Event], list[Held], Rules]:
    """Up to four judges and three events, with everything that can stand in the way."""
    names, codes = "abcd"[: draw(st.integers(1, 4))], ["M01", "M02", "M03"][: draw(st.integers(1, 3))]
    judges = [
        judge(
            name,
            draw(UNITS),
            skills=frozenset(draw(st.sets(st.sampled_from(codes), min_size=1))),
            years=draw(st.integers(4, 7)),
            load=draw(st.integers(0, 3)),
            days=draw(st.sampled_from([None, None, frozenset(MAY[:2])])),
        )
        for name in names
    ]
    events = [
        replace(
            event(code, draw(st.integers(0, 3)), one_per=draw(st.sampled_from(["unit", "unit", ""]))),
            days=frozenset(draw(st.sets(st.sampled_from(MAY[:3]), max_size=2))),
            competitors=frozenset({Competitor("p", draw(UNITS))}),
        )
        for code in codes
    ]
    seats = st.builds(Held, st.sampled_from(names), st.sampled_from(codes), st.sampled_from([False, False, True]))
    rules = st.builds(Rules, st.just(RULES.least), st.sampled_from(["barred", "stands-back"]), most=MOST)
    return judges, events, draw(st.lists(seats, max_size=3)), draw(rules)


Pairs = frozenset[tuple[str, str]]


def allowed(chosen: Pairs, fixed: Pairs, judges: dict[str, Judge], events: dict[str, Event], rules: Rules) -> bool:
    """Whether these may sit beside the fixed ones, said once more in other words."""
    for one, code in chosen:
        beside = [judges[other] for other, where in chosen | fixed if where == code and other != one]
        elsewhere = [events[where] for other, where in chosen | fixed if other == one and where != code]
        unit = judges[one].unit
        if events[code].one_per and unit and any(other.unit == unit for other in beside):
            return False
        if any(other.days & events[code].days for other in elsewhere):
            return False
        if rules.most is not None and judges[one].load + len(elsewhere) + 1 > rules.most:
            return False
    full = Counter(code for _, code in chosen | fixed)
    return all(full[code] <= events[code].seats for _, code in chosen)


def worth(chosen: Pairs, fixed: Pairs, before: Pairs, judges: dict[str, Judge], places: Pairs) -> tuple[int, ...]:
    """What is compared, the first difference decides, smaller is better."""
    load = Counter({name: one.load for name, one in judges.items()})
    load.update(one for one, _ in chosen | fixed)
    ones, codes = sorted({one for one, _ in places}, reverse=True), sorted({code for _, code in places}, reverse=True)
    return (
        -len(chosen),
        max((load[one] for one, _ in chosen), default=0),
        sum(count**2 for count in load.values()),
        -len(chosen & before),
        -sum(judges[one].years or 0 for one, _ in chosen),
        -sum((ones.index(one) + 1) * (codes.index(code) + 1) for one, code in chosen),
    )


def choices(places: Pairs) -> Iterator[Pairs]:
    for size in range(len(places) + 1):
        yield from map(frozenset, itertools.combinations(sorted(places), size))


@settings(max_examples=150, deadline=None)
@given(competitions())
def test_no_choice_of_seats_is_better(made: tuple[list[Judge], list[Event], list[Held], Rules]) -> None:
    """Against every other choice there is: seats, then the largest load, then even, then held, then years, then ids."""
    people, contests, held, rules = made
    judges, events = {one.id: one for one in people}, {one.id: one for one in contests}
    before = frozenset((one.judge, one.event) for one in held)
    fixed = frozenset((one.judge, one.event) for one in held if one.fixed)
    places = frozenset(
        (one.id, other.id)
        for one in people
        for other in contests
        if (one.id, other.id) not in fixed
        and may_sit(one, other, rules) == Yes("panel.may-sit")
        and allowed(frozenset({(one.id, other.id)}), fixed, judges, events, rules)
    )
    best = min(
        worth(chosen, fixed, before, judges, places)
        for chosen in choices(places)
        if allowed(chosen, fixed, judges, events, rules)
    )
    proposal = propose(people, contests, held, rules)
    found = frozenset((seat.judge, panel.event) for panel in proposal.panels for seat in panel.seats)
    assert fixed <= found and allowed(found - fixed, fixed, judges, events, rules)
    assert worth(found - fixed, fixed, before, judges, places) == best


@settings(max_examples=60, deadline=None)
@given(competitions(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(
    made: tuple[list[Judge], list[Event], list[Held], Rules], dice: random.Random
) -> None:
    """Any order of judges, events and held seats gives the same proposal, words and all."""
    judges, events, held, rules = made
    first = propose(judges, events, held, rules)
    for some in (judges, events, held):
        dice.shuffle(some)
    assert propose(judges, events, held, rules) == first


@settings(max_examples=60, deadline=None)
@given(competitions())
def test_what_is_lacking_adds_up(made: tuple[list[Judge], list[Event], list[Held], Rules]) -> None:
    """Seats and shortages together are what was asked for; where a seat is open nobody was merely passed over."""
    judges, events, held, rules = made
    proposal = propose(judges, events, held, rules)
    sits = {panel.event: len(panel.seats) for panel in proposal.panels}
    lacking = {one.event: one.lacking for one in proposal.short}
    assert {one.id: max(0, one.seats - sits[one.id]) for one in events if one.seats > sits[one.id]} == lacking
    for one in proposal.short:
        panel = next(panel for panel in proposal.panels if panel.event == one.event)
        assert FULL.rule not in {other.verdict.rule for other in panel.out}
        assert one.verdict.rule in ORDER and f"还缺 {one.lacking} 名" in one.verdict.reason.zh


# --- time and size ---------------------------------------------------------------------------------------------------


def crowd(seed: str, candidates: int, count: int = 113) -> tuple[list[Judge], list[Event]]:
    """A provincial competition: events on two of four days with five judges each; everybody knows three of them."""
    dice = random.Random(seed)
    days = [date(2026, 5, 1) + timedelta(day) for day in range(4)]
    events = []
    for number in range(count):
        start = dice.randrange(3)
        units = frozenset(Competitor(f"p{number}-{one}", f"u{dice.randrange(80)}") for one in range(12))
        events.append(Event(f"M{number:03}", f"o{number}", 5, frozenset(days[start : start + 2]), units))
    judges = [
        judge(
            f"j{number:03}",
            f"u{dice.randrange(80)}",
            skills=frozenset({f"o{number % count}", *(f"o{dice.randrange(count)}" for _ in range(2))}),
            years=dice.randrange(5, 35),
            load=dice.randrange(3),
        )
        for number in range(candidates)
    ]
    return judges, events


def test_a_provincial_competition_is_seated_completely() -> None:
    """113 events with five judges each out of 650 candidates: every seat is filled, nothing better was to be had."""
    judges, events = crowd("hebei", 650)
    made = propose(judges, events, [], RULES, seconds=300)
    assert made.short == () and made.best == Yes("panel.best")
    assert {len(panel.seats) for panel in made.panels} == {5} and sum(made.loads.values()) >= 565
    assert not any(seat.against for panel in made.panels for seat in panel.seats)
    judges.reverse()
    assert propose(judges, events[::-1], [], RULES, seconds=300) == made


def test_another_process_proposes_the_same() -> None:
    """Sets come in another order in every process; equals go by id all the same."""
    program = """
import hashlib
from tests.server.competitions import test_panels as here
made = here.propose(*here.crowd("hebei", 66, 12), [], here.RULES, seconds=300)
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parents[3],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_without_time_a_good_proposal_comes_with_a_warning() -> None:
    """No second at all: rules are kept, no seat can simply be added, and the answer says what it is."""
    people = [judge(name, years=years) for name, years in (("a", 9), ("b", 7), ("c", 8))]
    made = propose(people, [event("M01", 2)], [], RULES, seconds=0)
    assert seated(made) == {"M01": ["a", "c"]}
    assert refused(made.best).rule == "panel.time"
    assert refused(made.best).reason.en.startswith("not finished in time; it ended while filling the seats:")


def test_when_the_time_is_up_earlier_goals_are_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """However far it came, what came before is as good as it gets, and each goal is one at which it can end."""
    only = frozenset({"M03"})
    people = [
        judge("a", skills=frozenset({"M01", "M02"})),  # sits twice, although four people could sit once
        judge("b", skills=only),
        judge("c", skills=only, load=1),
        judge("d", skills=only, years=12),
    ]
    events, held = [event("M01"), event("M02", day=1), event("M03", occupation="")], [Held("c", "M03")]
    places = frozenset((one.id, code) for one in people for code in one.skills)

    def value(made: Proposal) -> tuple[int, ...]:
        found = frozenset((one, code) for code, panel in seated(made).items() for one in panel)
        return worth(found, frozenset(), frozenset({("c", "M03")}), {one.id: one for one in people}, places)

    best = value(propose(people, events, held, RULES))
    met = []
    for looks in range(20):
        ticks = itertools.chain([0.0] * (1 + looks), itertools.repeat(99.0))
        monkeypatch.setattr(filling, "monotonic", ticks.__next__)
        made = propose(people, events, held, RULES, seconds=9)
        if isinstance(made.best, Yes):
            break
        ended = next(number for number, goal in enumerate(GOALS.values()) if f"“{goal.zh}”" in made.best.reason.zh)
        assert value(made)[:ended] == best[:ended] and made.short == ()
        met.append(ended)
    assert sorted(set(met)) == list(range(len(GOALS))) and value(made) == best


@pytest.mark.parametrize("answers", [True, False])
def test_what_the_solver_found_before_the_time_was_up_is_used(monkeypatch: pytest.MonkeyPatch, answers: bool) -> None:
    """An answer that is not proven is completed and compared with what was there; no answer changes nothing."""
    solve = filling.milp

    def stopped(*args: Any, **options: Any) -> Any:
        return SimpleNamespace(x=solve(*args, **options).x if answers else None, status=1)

    monkeypatch.setattr(filling, "milp", stopped)
    people = [judge("a", skills=frozenset({"M01", "M02"}), years=30), judge("b", skills=frozenset({"M01"}))]
    made = propose(people, [event("M01"), event("M02")], [], RULES)
    assert refused(made.best).rule == "panel.time"
    assert seated(made) == ({"M01": ["b"], "M02": ["a"]} if answers else {"M01": ["a"], "M02": []})
