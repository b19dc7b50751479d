"""Who may take part, asked of the event's policy for every row: a no refuses the row with its clause, silence needs a person.

What no rule of the policy mentions at all and somebody should still look at (a child, a title in the notes) is a doubt
as well: nobody is turned away by a rule that is not written, and nobody slips through unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scoring.eligibility import Applicant, age, eligible, over_quota
from scoring.language.eligibility import EligibilityRule
from scoring.policy import Policy
from scoring.verdict import NO_WORDS, No, Problem, Silent, Words
from server.competitions.flow import policy_of
from server.registration.form import Line, Row, line_of, problem
from server.registration.persons import born

CHILD = 16
"""Below this age nobody may be employed (劳动法 §15): where a policy names no age, a person looks at it."""
TITLES = {"全国技术能手": "national-expert", "中华技能大奖": "skills-award"}
"""Titles that notes mention, and what policies call them."""
HONOURS = (*TITLES, "技术能手", "技能大师", "工匠")
COLUMNS = {
    "age": "身份证号",
    "identity": "身份类别",
    "level-at-least": "等级",
    "level-below": "等级",
    "titles-barred": "备注",
    "one-event": "赛项名称",
    "quota": "赛项名称",
}
"""Where the cell stands that decides, by the test of the rule; all others are about the person."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person has to decide about a row, and the clause that leaves it open."""

    problem: Problem
    clause: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class History:
    """What the records say about a person: titles held, and earlier places by occupation code."""

    titles: frozenset[str] = frozenset()
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that wants to enter an event, with the person's record and all their events in this competition."""

    row: Row
    event: Mapping[str, Any]
    delegation: str
    history: History = History()
    events: tuple[str, ...] = ()


Found = tuple[Line, Problem | Doubt]


def eligibility(asked: Sequence[Asked], staying: Iterable[Applicant], on: date) -> Iterable[Found]:
    """Everything that stands against the rows, each with its line. `staying` are those who are in already and stay."""
    rest = list(staying)
    by_event: dict[Any, list[Asked]] = {}
    for one in asked:
        by_event.setdefault(one.event["id"], []).append(one)
    for together in by_event.values():
        policy = policy_of(together[0].event)
        for one in together:
            yield from _unwritten_doubts(one, policy, on)
        if not policy.eligibility:
            continue
        applicants = [_applicant(one) for one in together]
        for one, applicant in zip(together, applicants, strict=True):
            yield from _against(one, applicant, policy, on)
        if any(rule.test == "quota" for rule in policy.eligibility):
            name = together[0].event["name"]
            there = [applicant for applicant in rest if applicant.event == name]
            yield from _too_many(together, applicants, there, policy)


def _against(one: Asked, applicant: Applicant, policy: Policy, on: date) -> Iterable[Found]:
    line = line_of(one.row)
    rules = {f"eligibility.{rule.id}": rule for rule in policy.eligibility}
    for verdict in eligible(applicant, policy, on).verdicts:
        yield line, _found(verdict, rules[verdict.rule], one.row, policy)


def _unwritten_doubts(one: Asked, policy: Policy, on: date) -> Iterable[Found]:
    line, day = line_of(one.row), born(one.row)
    tests = {rule.test for rule in policy.eligibility}
    years = age(day, on) if day else CHILD
    if "age" not in tests and years < CHILD:
        yield line, Doubt(_child(one.row, years), _unwritten(policy))
    if "titles-barred" not in tests and any(honour in one.row.note for honour in HONOURS):
        yield line, Doubt(_honoured(one.row), _unwritten(policy))


def _applicant(one: Asked) -> Applicant:
    row, event = one.row, one.event
    noted = frozenset(id for name, id in TITLES.items() if name in row.note)
    return Applicant(
        id=row.name,
        event=event["name"],
        group=event["division"],
        identity=row.identity,
        born=born(row),
        level=row.level.id if row.level else "",
        titles=one.history.titles | noted,
        earlier_places=one.history.places.get(event["occupation_code"], ()),
        events=one.events,
        unit=row.unit,
        delegation=one.delegation,
    )


def _too_many(
    together: Sequence[Asked], applicants: Sequence[Applicant], there: Sequence[Applicant], policy: Policy
) -> Iterable[Found]:
    """A quota turns nobody away by name: every new row of the sender is shown, and they say who stays at home."""
    for rule in (rule for rule in policy.eligibility if rule.test == "quota"):
        for sender in {_sender(applicant, rule) for applicant in applicants}:
            everybody = [one for one in (*there, *applicants) if _sender(one, rule) == sender]
            for verdict in over_quota(everybody, policy):
                if verdict.rule == f"eligibility.{rule.id}":
                    theirs = [
                        one for one, own in zip(together, applicants, strict=True) if _sender(own, rule) == sender
                    ]
                    yield from ((line_of(one.row), _found(verdict, rule, one.row, policy)) for one in theirs)


def _found(verdict: No | Silent, rule: EligibilityRule, row: Row, policy: Policy) -> Problem | Doubt:
    if isinstance(verdict, No):
        return _refused(verdict, rule, row, policy)
    return Doubt(_silent(verdict.rule, verdict.reason, rule, row), _clause(rule, policy))


def _sender(applicant: Applicant, rule: EligibilityRule) -> str:
    return (applicant.unit if rule.per == "unit" else applicant.delegation).strip()


def _clause(rule: EligibilityRule, policy: Policy) -> Words:
    cited = policy.cited(rule.source)
    if not cited:
        return rule.clause
    return Words(f"{rule.clause.zh}（{cited}）", f"{rule.clause.en} ({cited})")


def _unwritten(policy: Policy) -> Words:
    return Words(f"{policy.title.zh}：没有写。", f"{policy.title.en}: nothing is written about it.")


def _refused(no: No, rule: EligibilityRule, row: Row, policy: Policy) -> Problem:
    clause = _clause(rule, policy)
    more = Words("", "") if no.reason == rule.clause else Words(f"{no.reason.zh}；", f"{no.reason.en}; ")
    return problem(
        no.rule,
        row,
        COLUMNS.get(rule.test, "姓名"),
        f"不符合参赛条件：{more.zh}{clause.zh}",
        f"Not eligible: {more.en}{clause.en}",
        "换人，或删去这一行；内容写错的，按证件改正",
        "Send somebody else or take the row out; correct the cell if it is wrong",
    )


def _silent(code: str, reason: Words, rule: EligibilityRule, row: Row) -> Problem:
    return problem(
        code,
        row,
        COLUMNS.get(rule.test, "姓名"),
        f"需要人来定：{reason.zh}",
        f"A person has to decide: {reason.en}",
        "核对材料后写明理由，或不录这一行",
        "Look at the papers and give a reason, or leave the row out",
    )


def _child(row: Row, years: int) -> Problem:
    return problem(
        "registration.child",
        row,
        "身份证号",
        f"开赛那天只有 {years} 周岁，规则没有写年龄",
        f"Only {years} years old on the first day; the policy names no age",
        "核对证件；确实参赛的写明理由",
        "Check the document; give a reason if they do take part",
    )


def _honoured(row: Row) -> Problem:
    return problem(
        "registration.title-noted",
        row,
        "备注",
        f"备注写着“{row.note}”，规则没有写有称号的人能不能参赛",
        f'The note says "{row.note}"; the policy does not say whether holders of titles may take part',
        "核对称号；可以参赛的写明理由",
        "Check the title; give a reason if they may take part",
    )
