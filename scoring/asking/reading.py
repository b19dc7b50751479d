"""Reads the parts of a question about people: strict like a policy, so that a mistyped key is refused, not ignored."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from scoring import policy as policies
from scoring.asking.strict import day, level, listed, names, no_doubles, once, optional
from scoring.awards import Field
from scoring.eligibility import Applicant
from scoring.ladder import LEVELS
from scoring.language.promotion import KINDS_OF_EVENT
from scoring.language.selecting import IDENTITIES
from scoring.language.table import Table
from scoring.policy import Policy
from scoring.promotion import Record
from scoring.selecting import Achievement, Occupation
from scoring.verdict import No, Place, Problem, Problems, Words


def read_policy(table: Table) -> Callable[[], Policy]:
    """A shipped policy by its id, or one that is given as a text; parsed when it is called."""
    if isinstance(table.raw.get("policy"), str):
        id = table.text("policy")
        return lambda: policies.load(id)
    inner = table.table("policy")
    text, name = inner.text("toml"), inner.text("name", "policy.toml")
    inner.close()
    return lambda: policies.parse(text, name)


def usable(policy: Policy, on: date) -> Policy:
    """The policy, when it may decide something on that day; refused otherwise."""
    verdict = policy.usable(on)
    if isinstance(verdict, No):
        mend = Words("选用当日有效的规则", "choose a policy that is in force on that day")
        place = Place(policy.id, key="status" if policy.status == "template" else "in_force")
        raise Problems((Problem(verdict.rule, place, verdict.reason, mend),))
    return policy


def read_field(table: Table) -> Field:
    """Who took part, in entries and in delegations; an event is held in full unless its kind is named."""
    field = Field(
        table.whole("entries"),
        table.whole("teams"),
        table.choice("kind", ("full", *KINDS_OF_EVENT), "full"),
        table.whole("team_size", 1, least=1),
    )
    table.close()
    return field


def read_record(table: Table) -> Record:
    """What a person has so far: levels by occupation, titles by the ids of the policy. The identity has to be said."""
    levels = optional(table, "levels")
    record = Record(
        {code: levels.choice(code, LEVELS) for code in names(levels)},
        frozenset(once(table, "titles", default=())),
        table.whole("promotions_this_year", 0),
        table.choice("identity", IDENTITIES),
    )
    table.close()
    return record


def read_achievement(table: Table) -> Achievement:
    """What one person did in one event: rank, award and what was passed, with the circumstances."""
    achievement = read_circumstances(
        table,
        Achievement(
            rank=table.whole("rank"),
            award_id=table.text("award", ""),
            field=read_field(table.table("field")),
            passed=frozenset(once(table, "passed", default=())),
            counted=table.whole("counted", 0),
        ),
    )
    table.close()
    return achievement


def read_circumstances(table: Table, reached: Achievement) -> Achievement:
    """What was reached, with what no mark can tell: group, tier, class …"""
    return replace(
        reached,
        team_size=table.whole("team_size", 1, least=1),
        group=table.text("group", ""),
        tier=table.text("tier", ""),
        class_=table.text("class", ""),
        stage=table.text("stage", "final"),
        papers=level(table, "papers"),
        squad=table.text("squad", ""),
    )


def read_occupation(table: Table) -> Occupation:
    """The occupation of the event. Without a `top` its ladder ends at 高级技师: no known rule promotes further."""
    occupation = Occupation(
        code=table.text("code"),
        name=table.text("name", ""),
        edition=table.text("edition", ""),
        top=table.choice("top", LEVELS, "senior-technician"),
        national_standard=table.flag("national_standard", True),
        recognised=table.flag("recognised", True),
        also=table.texts("also", default=()),
    )
    table.close()
    return occupation


def _read_applicant(table: Table) -> Applicant:
    applicant = Applicant(
        id=table.text("id"),
        event=table.text("event"),
        group=table.text("group", ""),
        identity=table.choice("identity", IDENTITIES, "worker"),
        born=day(table, "born") if table.has("born") else None,
        years=table.whole("years") if table.has("years") else None,
        level=level(table, "level"),
        titles=frozenset(once(table, "titles", default=())),
        earlier_places=table.wholes("earlier_places", ()),
        events=once(table, "events", default=()),
        unit=table.text("unit", ""),
        delegation=table.text("delegation", ""),
        related_firm=table.flag("related_firm", False),
        declared=table.flag("declared", False),
    )
    table.close()
    return applicant


def read_applicants(table: Table) -> list[Applicant]:
    """Everybody once: the answer is given by id, and a second one would take the place of the first."""
    applicants = [_read_applicant(one) for one in listed(table, "applicants")]
    no_doubles(table, "applicants", [one.id for one in applicants])
    return applicants
