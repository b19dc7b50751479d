"""A form held against what is stored: for every row what it would do, and what stands against it. Nothing is stored here.

*New*, *changed* and *unchanged* say what a row would do. *Refused* cannot be taken in, *doubtful* needs a person's
reason. An entry is compared whole: one refused member holds a whole team back. *Gone* entries are stored and no longer
in the form; they stay unless somebody says that they are to be withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from scoring.eligibility import Applicant
from scoring.identity import normalise
from scoring.verdict import Place, Problem
from server.registration.checks import Events, closed_problem, competition_problems
from server.registration.eligibility import Asked, Doubt, History, eligibility
from server.registration.form import Line, Read, Row, line_of, teams_of
from server.registration.objections import (
    at_the_same_time,
    entered,
    entered_by_others,
    id_twice,
    name_differs,
    rejected,
    same_name,
    still_in,
)
from server.registration.places import Room, find_places

Stored = Mapping[str, Any]
"""A member that is stored, with its entry, event and person."""
KEPT = ("unit", "level", "level_certificate", "identity", "phone", "education", "ethnicity")
"""What may still change before the review, in the order of the form."""
FIELDS = {"level": "level_text"}
"""Where the form's name of a column is another one."""
DECIDING = frozenset({"unit", "level", "identity", "team"})
"""A change in one of these is put to the rules anew; a new telephone number is not."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that would be another one."""

    field: str
    before: str
    after: str


@dataclass(slots=True)
class Compared:
    """One row, what it would do, and what stands against it."""

    row: Row
    stored: Stored | None = None
    changes: list[Change] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    held: bool = False
    """Its team is held back by somebody else's row."""
    waits: bool = False
    """It is new and its event is full: it goes on the waiting list."""

    @property
    def does(self) -> str:
        """new, changed or unchanged."""
        return "new" if self.stored is None else "changed" if self.changes else "unchanged"

    @property
    def outcome(self) -> str:
        """What a page says first of it."""
        return "refused" if self.refusals else "held" if self.held else "doubtful" if self.doubts else self.does


@dataclass(slots=True)
class Team:
    """The rows that are one entry, and the stored entry that they are, if there is one."""

    event: Mapping[str, Any] | None
    name: str
    lines: list[Compared]
    entry: UUID | None = None
    dropped: list[Stored] = field(default_factory=list)
    """Members of the stored entry whom the form no longer names in it."""

    @property
    def waits(self) -> bool:
        """Whether it is new and its event is full."""
        return any(line.waits for line in self.lines)

    @property
    def substitutes(self) -> bool:
        """Whether somebody takes the place of somebody else in an entry that is there."""
        return bool(self.entry and self.dropped and any(line.stored is None for line in self.lines))

    @property
    def does(self) -> str:
        """What it would do as a whole."""
        whats = {line.does for line in self.lines}
        return "unchanged" if whats == {"unchanged"} else "new" if self.entry is None else "changed"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored that a form has to do with."""

    delegation: str
    events: Events
    starts: date
    indexes: Mapping[Line, bytes] = field(default_factory=dict)
    """Under what the person of each row is known, where a document is named."""
    people: Mapping[Line, Mapping[str, Any]] = field(default_factory=dict)
    members: Sequence[Stored] = ()
    elsewhere: Mapping[UUID, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Entries of the same people by other delegations, here and in competitions at the same time."""
    histories: Mapping[UUID, History] = field(default_factory=dict)
    rooms: Mapping[UUID, Room] = field(default_factory=dict)
    """How full every event is."""
    basis: str = ""


@dataclass(slots=True)
class Plan:
    """What taking a form in would do."""

    teams: list[Team]
    lines: list[Compared]
    whole: list[Problem]
    gone: list[list[Stored]]
    stuck: list[list[Stored]]
    """Entries that are gone from the form and cannot be withdrawn any more: their event has gone on."""
    leaving: list[list[Stored]]
    """Entries that are gone from the form and will be withdrawn with it."""
    basis: str

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the form is stored like this already."""
        return not self.whole and all(team.does == "unchanged" for team in self.teams) and not self.refused

    @property
    def refused(self) -> list[Compared]:
        """The rows that cannot be taken in."""
        return [line for line in self.lines if line.refusals]


@dataclass(frozen=True, slots=True)
class View:
    """How a form is held against what is stored: who looks, and whether what is gone is to be withdrawn."""

    phone: Callable[[Stored], str]
    """Opens a stored telephone number."""
    told: Callable[[Mapping[str, Any]], bool]
    """Whether whoever looks may be told who holds an entry elsewhere."""
    withdraw: bool = False
    replaces: UUID | None = None
    """The one entry in whose place the form is put."""


def compare(read: Read, facts: Facts, view: View) -> Plan:
    """What the form would do to what is stored, and everything that stands against it."""
    lines = {line_of(row): Compared(row) for row in read.rows}
    teams = [
        Team(facts.events.get(key), rows[0].team, [lines[line_of(row)] for row in rows])
        for (key, _), rows in teams_of(read.rows).items()
    ]
    gone = _match(teams, facts, view.replaces)
    stuck = [entry for entry in gone if entry[0]["state"] != "registration"]
    leaving = [entry for entry in gone if entry not in stuck and _leaves(entry, view)]
    stay = [stored for entry in gone if entry not in leaving for stored in entry]
    staying = {stored["person"]: stored["event_name"] for stored in stay}
    fields = read.fields
    for team in teams:
        _changes(team, fields, view.phone)
    whole = _share_out(read.problems, lines)
    _against_competition(read.rows, teams, lines, facts)
    for line in lines.values():
        _against_person(line, facts, view, staying)
    _twice(lines.values())
    _eligible(teams, lines, facts, stay)
    _find_places(teams, leaving, facts)
    for team in teams:
        bad = any(line.refusals for line in team.lines)
        for line in team.lines:
            line.held = bad and not line.refusals
    return Plan(teams, list(lines.values()), whole, gone, stuck, leaving, facts.basis)


def _leaves(entry: Sequence[Stored], view: View) -> bool:
    return view.withdraw or entry[0]["entry"] == view.replaces


def _match(teams: Sequence[Team], facts: Facts, replaces: UUID | None) -> list[list[Stored]]:
    """Give every team the stored entry that it is, by the people in both; what is left over is gone from the form.

    A form that is put in the place of one entry with nobody of it substitutes all its people: it stays that entry, under
    its number.
    """
    entries: dict[UUID, list[Stored]] = {}
    for stored in facts.members:
        entries.setdefault(stored["entry"], []).append(stored)
    of = {(stored["event"], stored["person"]): stored for stored in facts.members}
    for team in teams:
        if team.event is None:
            continue
        common: dict[UUID, int] = {}
        for line in team.lines:
            person = facts.people.get(line_of(line.row))
            line.stored = of.get((team.event["id"], person["id"])) if person else None
            if line.stored and line.stored["entry"] in entries:
                common[line.stored["entry"]] = common.get(line.stored["entry"], 0) + 1
        if common:
            team.entry = max(common, key=lambda id: (common[id], entries[id][0]["team"] == team.name))
            here = {line.stored["id"] for line in team.lines if line.stored}
            team.dropped = [stored for stored in entries.pop(team.entry) if stored["id"] not in here]
        elif len(teams) == 1 and replaces in entries and entries[replaces][0]["event"] == team.event["id"]:
            team.entry, team.dropped = replaces, entries.pop(replaces)
    named = {line.stored["id"] for team in teams for line in team.lines if line.stored}
    for team in teams:  # who moved to another team of the form was not dropped
        team.dropped = [stored for stored in team.dropped if stored["id"] not in named]
    return list(entries.values())


def _changes(team: Team, fields: frozenset[str], phone: Callable[[Stored], str]) -> None:
    for line in team.lines:
        stored, row = line.stored, line.row
        if stored is None:
            continue
        after = {name: str(getattr(row, name) or "") for name in KEPT if name != "level"}
        after["level"] = row.level.id if row.level else ""
        for name in KEPT:
            before = phone(stored) if name == "phone" else stored[name]
            given = after[name] or name in ("level", "level_certificate")
            if FIELDS.get(name, name) in fields and given and after[name] != before:
                line.changes.append(Change(name, before, after[name]))
        if stored["entry"] != team.entry or stored["team"] != team.name:
            line.changes.append(Change("team", stored["team"], team.name))
    if team.dropped:
        names = "、".join(stored["name"] for stored in team.dropped)
        first = next((line for line in team.lines if line.stored), team.lines[0])
        first.changes.append(Change("member", names, ""))


def _share_out(problems: Iterable[Problem], lines: Mapping[Line, Compared]) -> list[Problem]:
    """The reader's problems to their rows; what belongs to no row concerns the form as a whole."""
    whole = []
    for one in problems:
        line = lines.get((one.place.sheet, one.place.row))
        if line:
            line.refusals.append(one)
        else:
            whole.append(one)
    return whole


def _against_competition(
    rows: Sequence[Row], teams: Sequence[Team], lines: Mapping[Line, Compared], facts: Facts
) -> None:
    """Events, occupations and teams, for whatever would change; what is in unchanged was looked at when it came in."""
    same = {line_of(line.row) for team in teams if team.does == "unchanged" for line in team.lines}
    for one in competition_problems(rows, facts.events):
        if (one.place.sheet, one.place.row) not in same:
            _add(lines[one.place.sheet, one.place.row], one)
    for team in teams:
        if team.event and team.event["state"] != "registration" and team.does != "unchanged":
            for line in team.lines:
                if line.does != "unchanged":
                    line.refusals.append(closed_problem(line.row))
        elif team.does == "changed" and any(_rejected(line, team) for line in team.lines):
            for line in team.lines:
                line.refusals.append(rejected(line.row))


def _rejected(line: Compared, team: Team) -> bool:
    stored = line.stored
    return stored is not None and stored["entry"] == team.entry and stored["entry_state"] == "rejected"


def _add(line: Compared, one: Problem) -> None:
    """A team that the workbook already shows to be incomplete is not called so twice."""
    told = {problem.code for problem in line.refusals}
    if one.code.startswith("registration.team") and any(code.startswith("registration.team") for code in told):
        return
    line.refusals.append(one)


def _against_person(line: Compared, facts: Facts, view: View, staying: Mapping[UUID, str]) -> None:
    """Whether this person may enter here, by what is stored of them."""
    row, person = line.row, facts.people.get(line_of(line.row))
    if person is None:
        return
    if row.name and person["name"] != row.name:  # a name is never changed by a form, so nobody may read "unchanged"
        line.refusals.append(name_differs(row))
    if line.does == "unchanged":
        return
    if person["id"] in staying:
        line.refusals.append(still_in(row, staying[person["id"]]))
    for other in facts.elsewhere.get(person["id"], ()):
        if other["here"]:
            line.refusals.append(entered(row, other) if view.told(other) else entered_by_others(row))
        elif line.stored is None:
            line.doubts.append(Doubt(at_the_same_time(row, other if view.told(other) else None)))


def _twice(lines: Iterable[Compared]) -> None:
    """One document in two rows, where the reader did not see it; and one name and unit with two documents."""
    first: dict[tuple[str, str], Compared] = {}
    named: dict[tuple[str, str], Compared] = {}
    for line in lines:
        row = line.row
        document = (row.document_kind, normalise(row.document_number))
        same = first.setdefault(document, line)
        if row.document_number and same is not line and not _has(line, "registration.id-twice"):
            line.refusals.append(id_twice(row, same.row))
        earlier = named.setdefault((row.name, row.unit), line)
        other = earlier is not line and earlier.row.document_number != row.document_number
        if other and row.name and row.unit and line.stored is None:
            line.doubts.append(Doubt(same_name(row, earlier.row)))


def _has(line: Compared, code: str) -> bool:
    return any(one.code == code for one in line.refusals)


def _eligible(teams: Sequence[Team], lines: Mapping[Line, Compared], facts: Facts, stay: Sequence[Stored]) -> None:
    """Ask the policy about everybody who would come in, or whose standing would change."""
    asked, there = [], []
    for team in teams:
        for line in team.lines:
            if team.event is None:
                continue
            if line.does == "new" or any(change.field in DECIDING for change in line.changes):
                person = facts.people.get(line_of(line.row))
                history = facts.histories.get(person["id"], History()) if person else History()
                others = facts.elsewhere.get(person["id"], ()) if person else ()
                events = (team.event["name"], *(other["event"] for other in others if other["here"]))
                asked.append(Asked(line.row, team.event, facts.delegation, history, events))
            else:
                there.append(_stays(team.event["name"], team.event["division"], line.row.unit, facts.delegation))
    there += [_stays(stored["event_name"], stored["division"], stored["unit"], facts.delegation) for stored in stay]
    for where, found in eligibility(asked, there, facts.starts):
        if isinstance(found, Doubt):
            lines[where].doubts.append(found)
        else:
            lines[where].refusals.append(found)


def _find_places(teams: Sequence[Team], leaving: Sequence[Sequence[Stored]], facts: Facts) -> None:
    """Give the places that there are to new entries, in the order of the form; what cannot go in takes none."""
    new = [team for team in teams if team.event and team.entry is None and not any(one.refusals for one in team.lines)]
    first = {line_of(team.lines[0].row): team.lines[0] for team in new}
    wanted = [(Place(*line_of(team.lines[0].row), "赛项名称"), team.event) for team in new if team.event]
    problems, waiting = find_places(facts.rooms, wanted, [entry[0] for entry in leaving])
    for one in problems:
        first[one.place.sheet, one.place.row].refusals.append(one)
    late = {(place.sheet, place.row) for place in waiting}
    for team in new:
        for line in team.lines:
            line.waits = line_of(team.lines[0].row) in late


def _stays(event: str, group: str, unit: str, delegation: str) -> Applicant:
    return Applicant("", event, group, unit=unit, delegation=delegation)
