"""Registration: the rows of a delegation's workbook become persons, entries and members, all of them or none.

What a workbook alone can tell was checked when it was read (admin/sheets). Here it is checked against the competition:
is there such an event, is it open, is the occupation the event's, are teams complete, has anybody entered already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from scoring.identity import birth_date
from scoring.ladder import Level
from scoring.verdict import No, Place, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Delegation, Entry, Event, Intake, Member, Person
from server.errors import Refusal, refuse
from server.ledger import hold, record
from server.registration.places import Wanted, place_problems
from server.registration.window import window
from server.sealing import Sealer


class Row(Protocol):
    """One line of a registration form, read and cleaned."""

    @property
    def row(self) -> int: ...
    @property
    def event(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def ethnicity(self) -> str: ...
    @property
    def document_kind(self) -> str: ...
    @property
    def document_number(self) -> str: ...
    @property
    def education(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def occupation(self) -> str: ...
    @property
    def occupation_code(self) -> str: ...
    @property
    def level(self) -> Level | None: ...
    @property
    def level_certificate(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def birth(self) -> date | None: ...
    @property
    def sheet(self) -> str: ...


Line = tuple[str, int]
"""Where a row stands: its sheet and its number there; a workbook may have several sheets."""
People = Mapping[Line, Mapping[str, Any]]
"""The person of each row: id and name."""


@dataclass(frozen=True, slots=True)
class Form:
    """A delegation's whole form: who sends it, the file it came in, its rows."""

    delegation: str
    filename: str
    data: bytes
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Entered:
    """What an intake added; `unchanged` when this very file is in already."""

    delegation: str
    persons: int
    entries: int
    unchanged: bool = False


async def enter(competition: Mapping[str, Any], form: Form, sealer: Sealer, actor: Actor, at: datetime) -> Entered:
    """Enter a delegation's form whole.

    Raises Refusal `registration.refused` with every problem, `registration.already` when the delegation has entered, or
    the window's own no.
    """
    if isinstance(closed := window(competition, actor, at), No):
        raise refuse(closed, Words("请联系主办方。", "Ask the organiser."))
    sha256 = hashlib.sha256(form.data).digest()
    async with DB.transaction():
        await hold(competition["id"])
        delegation = await _delegation(competition["id"], form.delegation)
        before = await Intake.select().where(Intake.delegation == delegation).first()
        if before and before["sha256"] == sha256:
            return Entered(form.delegation, before["rows"], 0, unchanged=True)
        if before:
            raise _already(form.delegation)
        events = {
            (row["name"], row["division"]): dict(row)
            for row in await Event.select().where(Event.competition == competition["id"])
        }
        intake = Intake(
            id=uuid4(), delegation=delegation, filename=form.filename, sha256=sha256, rows=len(form.rows), at=at
        )
        people = await _persons(form.rows, sealer)
        problems = [*_against_events(form.rows, events), *await _against_people(form.rows, people, competition["id"])]
        problems += await place_problems(delegation, _places(form.rows, events))
        if problems or not form.rows:
            raise _refused(problems)
        await Intake.insert(intake)
        entries = await _add_entries(form.rows, events, people, delegation, intake.id)
        data = {"delegation": form.delegation, "sha256": sha256.hex(), "rows": len(form.rows), "entries": entries}
        await record(competition["id"], "entries.imported", actor, at, data=data)
    return Entered(form.delegation, len(form.rows), entries)


async def _delegation(competition: UUID, name: str) -> UUID:
    found = (
        await Delegation.select(Delegation.id)
        .where((Delegation.competition == competition) & (Delegation.name == name))
        .first()
    )
    if found:
        return UUID(str(found["id"]))
    delegation = Delegation(id=uuid4(), competition=competition, name=name, name_en="")
    await Delegation.insert(delegation)
    return UUID(str(delegation.id))


async def _persons(rows: Sequence[Row], sealer: Sealer) -> People:
    """The person of each row: known by the document's blind index, or added now. Forms of two competitions that bring
    the same new person at once meet here: one waits, and both have the same person.
    """
    indexes = {_line(row): sealer.index("document", row.document_kind, row.document_number) for row in rows}
    known = await _known(indexes.values())
    new = {indexes[_line(row)]: row for row in reversed(rows) if indexes[_line(row)] not in known}
    if new:
        added = [_person(new[index], index, sealer) for index in sorted(new)]
        await Person.insert(*added).on_conflict(target=Person.document_index, action="DO NOTHING")
        known = await _known(indexes.values())
    return {line: known[index] for line, index in indexes.items()}


async def _known(indexes: Iterable[bytes]) -> dict[bytes, Mapping[str, Any]]:
    query = Person.select(Person.id, Person.name, Person.document_index)
    asked = list(dict.fromkeys(indexes))
    found = await query.where(Person.document_index.is_in(asked)) if asked else []
    return {bytes(row["document_index"]): row for row in found}


def _line(row: Row) -> Line:
    return row.sheet, row.row


def _person(row: Row, index: bytes, sealer: Sealer) -> Person:
    id = uuid4()
    born = row.birth or (birth_date(row.document_number) if row.document_kind == "resident-id" else None)
    return Person(
        id=id,
        name=row.name,
        sex=row.sex,
        birth_date=born,
        ethnicity=row.ethnicity,
        education=row.education,
        phone_sealed=sealer.seal(row.phone, f"phone:{id}"),
        document_kind=row.document_kind,
        document_sealed=sealer.seal(row.document_number, f"document:{id}"),
        document_index=index,
        document_masked=masked(row.document_number),
        lookup_index=lookup_index(sealer, row.name, row.document_number),
    )


def masked(number: str) -> str:
    """An identity number as pages show it: the first three characters and the last two."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:] if len(number) > 7 else "*" * len(number)


def lookup_index(sealer: Sealer, name: str, number: str) -> bytes:
    """Under what a winner is found: the name and the last six characters of the document."""
    return sealer.index("lookup", name, number[-6:])


def _against_events(rows: Sequence[Row], events: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterable[Problem]:
    names = "、".join(sorted({name for name, _ in events}))
    for row in rows:
        event = events.get((row.event, row.group))
        if event is None:
            yield _problem(
                "registration.no-event",
                row,
                "赛项名称",
                f"本次竞赛没有“{row.event}（{row.group}）”这个赛项",
                f'This competition has no event "{row.event}" ({row.group})',
                f"请从这些赛项里选：{names}",
                f"Choose one of: {names}",
            )
        elif event["state"] != "registration":
            yield _problem(
                "registration.closed",
                row,
                "赛项名称",
                f"“{row.event}”现在不接受报名",
                f'"{row.event}" does not take entries now',
                "请联系主办方",
                "Ask the organiser",
            )
        elif row.occupation_code != event["occupation_code"]:
            yield _problem(
                "registration.occupation",
                row,
                "职业编码",
                f"职业编码 {row.occupation_code} 不是该赛项的职业",
                f"Occupation {row.occupation_code} is not the event's",
                f"应为 {event['occupation']} {event['occupation_code']}",
                f"It is {event['occupation_code']} {event['occupation']}",
            )
        elif (event["team_size"] > 1) != bool(row.team):
            yield _problem(
                "registration.team",
                row,
                "队号",
                "该赛项按队参赛，缺队号" if event["team_size"] > 1 else "该赛项是个人赛，不应有队号",
                "This event is for teams, the team's number is missing"
                if event["team_size"] > 1
                else "This event is for one person, a team's number does not belong here",
                "请补上或删去队号",
                "Add it or take it away",
            )
    yield from _team_sizes(rows, events)


def _team_sizes(rows: Sequence[Row], events: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterable[Problem]:
    for (event_key, team), members in _teams(rows).items():
        event = events.get(event_key)
        if event and members[0].team and event["team_size"] > 1 and len(members) != event["team_size"]:
            yield _problem(
                "registration.team-size",
                members[0],
                "队号",
                f"{team} 号队有 {len(members)} 人，该赛项每队 {event['team_size']} 人",
                f"Team {team} has {len(members)} members; this event wants {event['team_size']}",
                "请补齐或拆开这一队",
                "Complete the team or divide it",
            )


def _teams(rows: Sequence[Row]) -> dict[tuple[tuple[str, str], str], list[Row]]:
    teams: dict[tuple[tuple[str, str], str], list[Row]] = {}
    for row in rows:
        teams.setdefault(((row.event, row.group), row.team or f"{row.sheet} row {row.row}"), []).append(row)
    return teams


def _places(rows: Sequence[Row], events: Mapping[tuple[str, str], Mapping[str, Any]]) -> Wanted:
    """Each entry that the form asks for, at its first row."""
    firsts = ((members[0], events.get(key)) for (key, _), members in _teams(rows).items())
    return [(Place(row.sheet, row.row, "赛项名称"), event) for row, event in firsts if event]


async def _against_people(rows: Sequence[Row], people: People, competition: UUID) -> list[Problem]:
    problems: list[Problem] = []
    first: dict[UUID, Row] = {}
    for row in rows:
        person = people[_line(row)]
        earlier = first.setdefault(person["id"], row)
        if earlier is not row:
            problems.append(
                _problem(
                    "registration.id-twice",
                    row,
                    "身份证号",
                    f"这个证件号码在第 {earlier.row} 行已经有了",
                    f"Row {earlier.row} has this document already",
                    "请核对号码，或删去重复的一行",
                    "Check the number, or take one of the rows out",
                )
            )
        elif person["name"] != row.name:
            problems.append(
                _problem(
                    "registration.name-differs",
                    row,
                    "姓名",
                    "这个证件号码以前登记的是另一个姓名",
                    "This document was registered under another name before",
                    "请核对姓名与号码；确已改名的请联系主办方",
                    "Check both; if the name was changed, tell the organiser",
                )
            )
    query = Member.select(Member.person, Member.event.name.as_alias("event"))
    where = Member.event.competition == competition
    for member in await query.where(where & Member.person.is_in(list(first))) if first else []:
        problems.append(
            _problem(
                "registration.entered",
                first[member["person"]],
                "身份证号",
                f"此人已报名“{member['event']}”，每人限报一项",
                f'This person has entered "{member["event"]}"; one event each',
                "请删去其中一项",
                "Take one of them out",
            )
        )
    return problems


async def _add_entries(
    rows: Sequence[Row],
    events: Mapping[tuple[str, str], Mapping[str, Any]],
    people: People,
    delegation: UUID,
    intake: UUID,
) -> int:
    count: dict[UUID, int] = {}
    entries, members = [], []
    for (key, _), team in _teams(rows).items():
        event = events[key]["id"]
        if event not in count:
            count[event] = await Entry.count().where(Entry.event == event)
        count[event] += 1
        entry = Entry(
            id=uuid4(), event=event, delegation=delegation, intake=intake, number=count[event], team=team[0].team
        )
        entries.append(entry)
        for position, row in enumerate(team, 1):
            members.append(_member(row, entry, people[_line(row)]["id"], position))
    await Entry.insert(*entries)
    await Member.insert(*members)
    return len(entries)


def _member(row: Row, entry: Entry, person: UUID, position: int) -> Member:
    return Member(
        id=uuid4(),
        entry=entry.id,
        event=entry.event,
        person=person,
        position=position,
        unit=row.unit,
        occupation=row.occupation,
        occupation_code=row.occupation_code,
        level=row.level.id if row.level else "",
        level_certificate=row.level_certificate,
        identity=row.identity,
    )


def _problem(code: str, row: Row, column: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Problem:
    return Problem(
        code,
        Place(sheet=row.sheet, row=row.row, column=column),
        Words(f"{zh}。", f"{en}."),
        Words(f"{mend_zh}。", f"{mend_en}."),
    )


def _already(delegation: str) -> Refusal:
    return Refusal(
        "registration.already",
        Words(f"{delegation}已经报过名。", f"{delegation} has entered already."),
        Words("请核对是否传错了文件；名单没有改动。", "Check whether this is the right file; nothing was changed."),
    )


def _refused(problems: Sequence[Problem]) -> Refusal:
    if not problems:
        return Refusal("registration.no-people", Words("表里没有人。", "There is nobody in this form."), status=422)
    return Refusal(
        "registration.refused",
        Words(
            f"有 {len(problems)} 处问题，整份表都没有录入。",
            f"{len(problems)} problems; nothing of this form was entered.",
        ),
        Words("请逐条改好后重新上传。", "Mend each of them, then upload it again."),
        problems=tuple(problems),
        status=422,
    )
