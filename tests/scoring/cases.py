"""Reads the cases that judges write (tests/cases/*.toml) and turns their short words into values."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring import policy as policies
from scoring.awards import Field
from scoring.eligibility import Applicant
from scoring.marks import Facts
from scoring.policy import Policy
from scoring.promotion import Achievement, Record
from scoring.results import Result, Results
from scoring.selecting import Occupation

FOLDER = Path(__file__).parent.parent / "cases"
JOB = "6-18-02-04"


def cases(kind: str) -> list[Any]:
    """Every case of a kind, named by its file and its promise."""
    return list(_cases(kind))


def _cases(kind: str) -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"), parse_float=Fraction)
        for case in content.get(kind, []):
            yield pytest.param({**content, **case}, id=f"{file.stem}: {case['promise']}")


def policy_of(case: Mapping[str, Any]) -> Policy:
    """The shipped policy that the case names, with what `change` holds put into it: tables key by key, lists whole."""
    text = (Path(policies.__file__).parent / "policies" / f"{case['policy']}.toml").read_text("utf-8")
    data = tomllib.loads(text, parse_float=Fraction)
    for name, table in case.get("change", {}).items():
        data[name] = {**data.get(name, {}), **table} if isinstance(table, dict) else table
    return policies.from_data(data, case["policy"])


def field_of(case: Mapping[str, Any]) -> Field:
    return Field(case.get("entries", 40), case.get("teams", 12), case.get("kind", "full"), case.get("team_size", 1))


def record_of(case: Mapping[str, Any]) -> Record:
    held = {case.get("in_occupation", JOB): case["holds"]} if case.get("holds") else {}
    held |= case.get("holds_in", {})
    return Record(
        held, frozenset(case.get("titles_held", [])), case.get("this_year", 0), case.get("identity", "worker")
    )


def achievement_of(case: Mapping[str, Any]) -> Achievement:
    return Achievement(
        rank=case.get("rank", 1),
        award_id=case.get("award", ""),
        field=field_of(case),
        team_size=case.get("team_size", 1),
        group=case.get("group", "职工组"),
        tier=case.get("tier", ""),
        class_=case.get("class", ""),
        stage=case.get("stage", "final"),
        passed=frozenset(case.get("passed", [])),
        papers=case.get("papers", ""),
        squad=case.get("squad", ""),
    )


def occupation_of(case: Mapping[str, Any]) -> Occupation:
    return Occupation(
        JOB,
        edition=case.get("edition", ""),
        also=tuple(case.get("also", [])),
        top=case.get("top", "senior-technician"),
        national_standard=case.get("national_standard", True),
        recognised=case.get("recognised", True),
    )


def applicant_of(case: Mapping[str, Any]) -> Applicant:
    return Applicant(
        id="p1",
        event=case.get("event", "welding"),
        group=case.get("group", "职工组"),
        identity=case.get("identity", "worker"),
        born=_day(case.get("born")),
        years=case.get("years"),
        level=case.get("holds", ""),
        titles=frozenset(case.get("titles_held", [])),
        earlier_places=tuple(case.get("earlier_places", [])),
        events=tuple(case.get("events", ["welding"])),
        related_firm=case.get("related_firm", False),
        declared=case.get("declared", False),
    )


def applicants_of(case: Mapping[str, Any]) -> list[Applicant]:
    """Everybody in one event: [unit, delegation, group] for each, the group if it matters."""
    return [
        Applicant(f"p{number}", "welding", unit=unit, delegation=delegation, group=(*group, "职工组")[0])
        for number, (unit, delegation, *group) in enumerate(case["people"])
    ]


def results_of(case: Mapping[str, Any]) -> Results:
    """Results with the totals (in marks) and the facts that a case states."""
    return Results(tuple(_result(case, entry) for entry in sorted(case["totals"])), "case")


def _result(case: Mapping[str, Any], entry: str) -> Result:
    total = Fraction(case["totals"][entry]) * 100
    known = {module: case[module][entry] for module in ("theory", "practice", "oral") if entry in case.get(module, {})}
    return Result(
        entry=entry,
        total=int(total),
        exact=total,
        modules={module: Fraction(mark) * 100 for module, mark in known.items()},
        criteria={},
        judged_total=Fraction(case.get("judged", {}).get(entry, 0)) * 100,
        best_aspect=Fraction(case.get("best", {}).get(entry, 0)) * 100,
        time_adjustment=0,
        facts=Facts(
            status=case.get("status", {}).get(entry, "competed"),
            seconds=case.get("seconds", {}).get(entry),
            born=_day(case.get("born", {}).get(entry)),
            eligible=entry not in case.get("guests", []),
            ruling=case.get("ruling", {}).get(entry, 0),
        ),
        trace=(),
    )


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None
