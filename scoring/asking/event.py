"""Reads an event: policy, scheme, panel, entries, marks and teams, and computes it once all of them fit together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from scoring.asking.reading import read_field, read_policy, usable
from scoring.asking.strict import day, listed, names, no_doubles, nobody, once, optional
from scoring.awards import Field, awards, field_of
from scoring.explain import Event
from scoring.fitting import misfits, team_misfits
from scoring.language import standing
from scoring.language.table import Table
from scoring.marks import Facts, Mark, spread_alarms
from scoring.results import results
from scoring.scheme import Scheme, scheme_from_data
from scoring.schemes import load_scheme, shipped_schemes
from scoring.standings import Standing, standings
from scoring.teams import team_results
from scoring.verdict import Place, Problem, Problems, Words

STATUSES = ("competed", *standing.STATUSES)


def read_event(table: Table) -> Callable[[], Event]:
    """The event in a question; computed when it is called, after everything was read without a problem."""
    policy, scheme, on = read_policy(table), _read_scheme(table), day(table, "on")
    panel = once(table, "panel")
    entries = _read_entries(table)
    marks = [_read_mark(mark) for mark in listed(table, "marks")]
    field = read_field(table.table("field")) if table.has("field") else None
    lot = table.text("lot", "")
    teams = _read_teams(optional(table, "teams"), entries)
    table.close()

    def computed() -> Event:
        rules, plan = usable(policy(), on), scheme()
        _refuse((*misfits(rules, plan, panel, entries, marks), *team_misfits(rules, teams)))
        found, members = results(plan, rules, panel, entries, marks), {}
        if teams:
            found, people = team_results(plan, rules, found, teams)
            members = dict(people.of)
        ranked = standings(found, rules, lot=lot)
        if field:
            _refuse(_too_small(field, ranked))
        size = max((len(people) for people in teams.values()), default=1)
        counted = field or field_of(ranked, rules, team_size=size)
        given = awards(ranked, rules, counted)
        spread = spread_alarms(plan, marks, rules.marking.spread)
        return Event(plan, rules, found, ranked, given, teams=teams, members=members, lot=lot, spread=spread)

    return computed


def _read_scheme(table: Table) -> Callable[[], Scheme]:
    if isinstance(table.raw.get("scheme"), str):
        id = table.choice("scheme", shipped_schemes())
        return lambda: load_scheme(id)
    inner = table.table("scheme")
    inner.names()
    return lambda: _whole(inner)


def _whole(table: Table) -> Scheme:
    """The scheme in a question, whose problems say that they are in it."""
    try:
        return scheme_from_data(table.raw)
    except Problems as found:
        raise Problems(
            tuple(replace(one, place=replace(one.place, sheet=one.place.sheet or "scheme")) for one in found.problems)
        ) from None


def _read_entries(table: Table) -> dict[str, Facts]:
    """A list of ids, or facts by id."""
    if table.raw.get("entries") in ([], {}):
        table.has("entries")
        nobody(table, "entries")
        return {}
    if isinstance(table.raw.get("entries"), list):
        return dict.fromkeys(once(table, "entries"), Facts())
    inner = table.table("entries")
    return {id: _read_facts(inner.table(id)) for id in names(inner)}


def _read_facts(table: Table) -> Facts:
    facts = Facts(
        status=table.choice("status", STATUSES, "competed"),
        seconds=table.whole("seconds") if table.has("seconds") else None,
        born=day(table, "born") if table.has("born") else None,
        eligible=table.flag("eligible", True),
        delegation=table.text("delegation", ""),
        ruling=table.whole("ruling", 0),
        modules=once(table, "modules", default=()),
        recused=once(table, "recused", default=()),
    )
    table.close()
    return facts


def _read_mark(table: Table) -> Mark:
    mark = Mark(
        table.text("judge"),
        table.text("entry"),
        table.text("aspect"),
        table.whole("value"),
        table.whole("round", 1, least=1),
    )
    table.close()
    return mark


def _read_teams(table: Table, entries: Mapping[str, Facts]) -> dict[str, tuple[str, ...]]:
    """Teams whose members are marked each for themselves: the entry of the team → the entries of its people.

    Everybody who is entered is a team or is in one team: who is in none would not be ranked at all, and who is in two
    would be counted twice.
    """
    teams = {team: once(table, team) for team in names(table)}
    for team, people in teams.items():
        unknown = [entry for entry in (team, *people) if entry not in entries]
        if unknown or not people:
            _no_team(
                table, team, f"{'、'.join(unknown) or '成员'} 不在 entries 中", "is not among the entries", unknown
            )
        inside = [person for person in people if person in teams]
        if inside:
            _no_team(table, team, f"成员 {'、'.join(inside)} 本身是队", "is a team, not a member", inside)
    everybody = list(chain.from_iterable(map(set, teams.values())))
    no_doubles(table, "", everybody)
    left_out = sorted(set(entries) - set(everybody) - set(teams)) if teams else []
    if left_out:
        _no_team(table, "", f"{'、'.join(left_out)} 不在任何队中", "is in no team", left_out)
    return teams


def _no_team(table: Table, team: str, zh: str, en: str, who: Sequence[str]) -> None:
    words = Words(f"队 {team}：{zh}", f"team {team}: {', '.join(who) or 'nobody'} {en}")
    mend = Words("队和队员都列入 entries，每人只属一队", "list teams and people as entries, everybody in one team")
    table.refuse("team", team, words, mend)


def _too_small(field: Field, ranked: Sequence[Standing]) -> tuple[Problem, ...]:
    """A field that is smaller than what is ranked: awards would be counted from people who are not there."""
    lines = [line for line in ranked if line.rank]
    senders = {line.facts.delegation for line in lines} - {""}
    found = []
    for key, given, zh, en, least in (
        ("entries", field.entries, "个参赛单元", "entries", len(lines)),
        ("teams", field.teams, "支代表队", "delegations", len(senders)),
    ):
        if given < least:
            words = Words(
                f"写明 {given} {zh}，而有名次的有 {least} {zh}", f"{given} {en} are given, {least} are ranked"
            )
            mend = Words("填写实际参赛规模", "give the field as it was, or leave it out")
            found.append(Problem("question.field", Place("question", key=f"field.{key}"), words, mend))
    return tuple(found)


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Problems(problems)
