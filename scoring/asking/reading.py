"""Reads the data of a question: strict like a policy, so that a mistyped key is refused instead of ignored."""

from collections.abc import Callable, Mapping
from datetime import date

from scoring import policy as policies
from scoring.awards import Field, awards
from scoring.blind_draw import LAYERS, BlindEntry, Secrets, promise
from scoring.eligibility import Applicant
from scoring.explain import Event
from scoring.ladder import LEVELS
from scoring.language.table import Table
from scoring.marks import Facts, Mark
from scoring.policy import Policy
from scoring.promotion import Record
from scoring.results import results
from scoring.scheme import Scheme, scheme_from_data
from scoring.schemes import load_scheme, shipped_schemes
from scoring.selecting import Achievement, Occupation
from scoring.standings import standings
from scoring.teams import team_results
from scoring.verdict import NOWHERE, No, Problem, Problems, Words

STATUSES = ("competed", "absent", "withdrawn", "did-not-finish", "disqualified")


def read_event(table: Table) -> Callable[[], Event]:
    policy, scheme, on = read_policy(table), read_scheme(table), read_day(table, "on")
    panel = table.texts("panel")
    entries = read_entries(table)
    marks = [read_mark(mark) for mark in table.tables("marks")]
    field = read_field(table.table("field")) if table.has("field") else None
    lot = table.text("lot", "")
    teams = read_teams(table.table("teams", required=False), entries)
    table.close()

    def computed() -> Event:
        rules, plan = usable(policy(), on), scheme()
        found, members = results(plan, rules, panel, entries, marks), {}
        if teams:
            found, people = team_results(plan, rules, found, teams)
            members = dict(people.of)
        ranked = standings(found, rules, lot=lot)
        counted = field or Field(
            sum(1 for line in ranked if line.rank), len({facts.delegation for facts in entries.values()})
        )
        return Event(plan, rules, found, ranked, awards(ranked, rules, counted), teams=teams, members=members)

    return computed


def read_policy(table: Table) -> Callable[[], Policy]:
    if isinstance(table.raw.get("policy"), str):
        id = table.text("policy")
        return lambda: policies.load(id)
    inner = table.table("policy")
    text, name = inner.text("toml"), inner.text("name", "policy.toml")
    inner.close()
    return lambda: policies.parse(text, name)


def usable(policy: Policy, on: date) -> Policy:
    verdict = policy.usable(on)
    if isinstance(verdict, No):
        mend = Words("选用当日有效的规则", "choose a policy that is in force on that day")
        raise Problems((Problem(verdict.rule, NOWHERE, verdict.reason, mend),))
    return policy


def read_scheme(table: Table) -> Callable[[], Scheme]:
    if isinstance(table.raw.get("scheme"), str):
        id = table.choice("scheme", shipped_schemes())
        return lambda: load_scheme(id)
    inner = table.table("scheme")
    inner.names()
    return lambda: scheme_from_data(inner.raw)


def read_entries(table: Table) -> dict[str, Facts]:
    if isinstance(table.raw.get("entries"), list):
        return dict.fromkeys(table.texts("entries"), Facts())
    inner = table.table("entries")
    return {id: read_facts(inner.table(id)) for id in inner.names()}


def read_teams(table: Table, entries: Mapping[str, Facts]) -> dict[str, tuple[str, ...]]:
    """Teams whose members are marked each for themselves: the entry of the team → the entries of its people."""
    teams = {team: table.texts(team) for team in table.names()}
    for team, people in teams.items():
        unknown = [entry for entry in (team, *people) if entry not in entries]
        if unknown or not people:
            words = Words(
                f"队 {team} 中的 {'、'.join(unknown) or '成员'} 不在 entries 中",
                f"team {team}: {', '.join(unknown) or 'nobody'} is not among the entries",
            )
            table.refuse(
                "team", team, words, Words("队和队员都列入 entries", "list the team and its people as entries")
            )
    return teams


def read_facts(table: Table) -> Facts:
    facts = Facts(
        status=table.choice("status", STATUSES, "competed"),
        seconds=table.whole("seconds") if table.has("seconds") else None,
        born=read_day(table, "born") if table.has("born") else None,
        eligible=table.flag("eligible", True),
        delegation=table.text("delegation", ""),
        ruling=table.whole("ruling", 0),
        modules=table.texts("modules", default=()),
        recused=table.texts("recused", default=()),
    )
    table.close()
    return facts


def read_mark(table: Table) -> Mark:
    mark = Mark(
        table.text("judge"), table.text("entry"), table.text("aspect"), table.whole("value"), table.whole("round", 1)
    )
    table.close()
    return mark


def read_field(table: Table) -> Field:
    kinds = ("full", "demonstration", "exhibition", "selection")
    field = Field(table.whole("entries"), table.whole("teams"), table.choice("kind", kinds, "full"))
    table.close()
    return field


def read_record(table: Table) -> Record:
    levels = table.table("levels", required=False)
    record = Record(
        {code: levels.choice(code, LEVELS) for code in levels.names()},
        frozenset(table.texts("titles", default=())),
        table.whole("promotions_this_year", 0),
        table.choice("identity", ("worker", "teacher", "student", "other")),
    )
    table.close()
    return record


def read_achievement(table: Table) -> Achievement:
    achievement = Achievement(
        rank=table.whole("rank"),
        award_id=table.text("award", ""),
        field=read_field(table.table("field")),
        team_size=table.whole("team_size", 1),
        group=table.text("group", ""),
        tier=table.text("tier", ""),
        class_=table.text("class", ""),
        stage=table.text("stage", "final"),
        passed=frozenset(table.texts("passed", ("theory", "practice", "total"), ())),
        papers=table.choice("papers", LEVELS, ""),
        squad=table.text("squad", ""),
    )
    table.close()
    return achievement


def read_occupation(table: Table) -> Occupation:
    occupation = Occupation(
        code=table.text("code"),
        name=table.text("name", ""),
        edition=table.text("edition", ""),
        top=table.choice("top", LEVELS, "senior-technician"),
        national_standard=table.flag("national_standard", True),
        recognised=table.flag("recognised", True),
    )
    table.close()
    return occupation


def read_applicant(table: Table) -> Applicant:
    applicant = Applicant(
        id=table.text("id"),
        event=table.text("event"),
        group=table.text("group", ""),
        identity=table.choice("identity", ("worker", "teacher", "student", "other"), "worker"),
        born=read_day(table, "born") if table.has("born") else None,
        years=table.whole("years") if table.has("years") else None,
        level=table.choice("level", LEVELS, ""),
        titles=frozenset(table.texts("titles", default=())),
        earlier_places=table.wholes("earlier_places", ()),
        events=table.texts("events", default=()),
        unit=table.text("unit", ""),
        delegation=table.text("delegation", ""),
        related_firm=table.flag("related_firm", False),
        declared=table.flag("declared", False),
    )
    table.close()
    return applicant


def read_draw_entry(table: Table) -> BlindEntry:
    entry = BlindEntry(table.text("id"), table.text("unit", ""), table.text("related", ""))
    table.close()
    return entry


def read_secrets(table: Table) -> Secrets:
    """The secrets of a draw's layers, each held against what was promised of it; a promise alone is a sealed layer."""
    promised, opened = table.table("promises", required=False), table.table("secrets", required=False)
    found = {}
    for layer in LAYERS:
        given, said = opened.text(layer, ""), promised.text(layer, "")
        if given and said and promise(given) != said:
            words = Words("与事先公布的承诺不符", "this is not what was promised beforehand")
            opened.refuse("broken-promise", layer, words, Words("核对记录是否完整", "check that the record is whole"))
        if given or said:
            found[layer] = given or None
    promised.close()
    opened.close()
    return Secrets(**found)


def read_day(table: Table, key: str) -> date:
    text = table.text(key)
    try:
        return date.fromisoformat(text)
    except ValueError:
        if text:
            words = Words(f"{text} 不是日期", f"{text} is no date")
            table.refuse("no-date", key, words, Words("写成 2025-06-01", "write it like 2025-06-01"))
        return date.min
