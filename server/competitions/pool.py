"""An organiser's pool of judges: who could be asked, and what they bring.

Other organisers see nothing of it. Telephone numbers are sealed; two rows are about one person when name and telephone
number are the same. The same name and unit with another number may be one person or two: only somebody who knows them
can tell, so that a workbook with such a row comes back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from scoring.ladder import LEVELS
from scoring.verdict import Place, Problem, Words
from server.competitions.judges import TITLES
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, Judge, JudgeEvent, Organiser
from server.errors import Refusal, missing
from server.sealing import Sealer

CODE = re.compile(r"[1-8]-\d{2}-\d{2}-\d{2}")
YEARS = range(71)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a judge brings, as it was typed into a form or a workbook."""

    name: str
    unit: str
    phone: str
    delegation: str = ""
    level: str = ""
    title: str = ""
    occupations: tuple[str, ...] = ()
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a workbook and where it stands."""

    place: Place
    profile: Profile


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a workbook changed in the pool."""

    added: int
    changed: int
    same: int


async def add_judge(organiser: UUID, profile: Profile, sealer: Sealer) -> UUID:
    """A new judge of the pool. Raises Refusal `judge.invalid`, or `judge.there` when the pool has this person."""
    _check(profile)
    async with DB.transaction():
        await _hold(organiser)
        if isinstance(_same(profile, await _named(organiser, [profile.name]), sealer), dict):
            raise Refusal(
                "judge.there",
                Words("裁判库里已有这个人。", "The pool has this person already."),
                Words("请在库里找到后修改。", "Find them in the pool and change what is there."),
            )
        row = _row(organiser, profile, sealer)
        await Judge.insert(row)
    return UUID(str(row.id))


async def save_judge(organiser: UUID, judge: UUID, profile: Profile, version: int, sealer: Sealer) -> None:
    """Change a judge; an empty telephone number keeps the one that is there.

    Raises Refusal `judge.invalid`, or `judge.changed` when somebody else was faster.
    """
    before = await judge_of(organiser, judge)
    _check(profile, phone=bool(profile.phone))
    changes = {**_values(profile), "version": before["version"] + 1}
    if profile.phone:
        changes |= _phone(judge, profile.phone, sealer)
    mine = (Judge.id == judge) & (Judge.version == version)
    if not await Judge.update(changes).where(mine).returning(Judge.id):
        raise Refusal(
            "judge.changed",
            Words("这位裁判刚被别人改过。", "Somebody else has just changed this judge."),
            Words("请看看现在的样子，再改一次。", "Look at it as it is now, then change it again."),
        )


async def set_active(organiser: UUID, judge: UUID, active: bool) -> None:
    """Ask a judge no more, or again; what they did stays."""
    await judge_of(organiser, judge)
    await Judge.update({Judge.active: active, Judge.version: Judge.version + 1}).where(Judge.id == judge)


async def take_in(organiser: UUID, lines: Sequence[Line], sealer: Sealer) -> TakenIn:
    """Take a workbook into the pool whole: new judges are added, known ones brought up to date.

    Raises Refusal `pool.refused` with every problem.
    """
    added: list[Judge] = []
    changed: list[tuple[UUID, Profile]] = []
    problems: list[Problem] = []
    same = 0
    async with DB.transaction():
        await _hold(organiser)
        known = await _named(organiser, [line.profile.name for line in lines])
        for line in lines:
            profile, found = line.profile, _same(line.profile, known, sealer)
            if isinstance(found, Words):
                problems.append(_doubtful(line.place, found))
            elif found is None:
                row = _row(organiser, profile, sealer)
                added.append(row)
                known.setdefault(profile.name, []).append(row.to_dict())
            elif found["id"] in {row.id for row in added} | {id for id, _ in changed}:
                problems.append(_twice(line.place, profile))
            elif _differs(found, profile, sealer):
                changed.append((found["id"], profile))
            else:
                same += 1
        if problems:
            raise _refused(problems)
        if added:
            await Judge.insert(*added)
        for id, profile in changed:
            values: dict[Any, Any] = {**_values(profile), **_phone(id, profile.phone, sealer)}
            await Judge.update({**values, Judge.version: Judge.version + 1, Judge.active: True}).where(Judge.id == id)
    return TakenIn(len(added), len(changed), same)


async def pool_of(organiser: UUID) -> list[dict[str, Any]]:
    """Every judge of the pool by name, also those who are no longer asked."""
    query = Judge.select().where(Judge.organiser == organiser).order_by(Judge.name, Judge.unit, Judge.id)
    return [dict(row) for row in await query.output(load_json=True)]


async def judge_of(organiser: UUID, judge: UUID) -> dict[str, Any]:
    """One judge of the pool. Raises Refusal `not-found`, also for somebody in another organiser's."""
    where = (Judge.organiser == organiser) & (Judge.id == judge)
    row = await Judge.select().where(where).output(load_json=True).first()
    if not row:
        raise missing(Words("这位裁判", "judge"))
    return dict(row)


def phone_of(judge: Mapping[str, Any], sealer: Sealer) -> str:
    """A judge's telephone number in full, for whoever is about to call or write to them."""
    return sealer.open(bytes(judge["phone_sealed"]), f"judge-phone:{judge['id']}")


async def set_events(organiser: UUID, judge: UUID, events: Sequence[UUID]) -> None:
    """The events that a judge may judge whatever their occupations; those of other organisers are left out."""
    await judge_of(organiser, judge)
    async with DB.transaction():
        await JudgeEvent.delete().where(JudgeEvent.judge == judge)
        mine = Event.select(Event.id).where(Event.competition.series.organiser == organiser)
        own = await mine.where(Event.id.is_in(list(events))) if events else []
        if own:
            await JudgeEvent.insert(*(JudgeEvent(id=uuid4(), judge=judge, event=row["id"]) for row in own))


def masked(phone: str) -> str:
    """A telephone number as pages show it."""
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:] if len(phone) > 8 else "*" * len(phone)


def _check(profile: Profile, phone: bool = True) -> None:
    wrong = [
        (not profile.name.strip(), Words("姓名没有填。", "The name is missing.")),
        (not profile.unit.strip(), Words("单位没有填。", "The unit is missing.")),
        (phone and not profile.phone.strip(), Words("电话没有填。", "The telephone number is missing.")),
        (bool(profile.level) and profile.level not in LEVELS, Words("没有这个等级。", "There is no such level.")),
        (bool(profile.title) and profile.title not in TITLES, Words("没有这个职称。", "There is no such title.")),
        (
            any(not CODE.fullmatch(code) for code in profile.occupations),
            Words("职业编码写成 6-18-02-04 的样子。", "An occupation's code is written like 6-18-02-04."),
        ),
        (
            profile.years is not None and profile.years not in YEARS,
            Words("从业年限是 0 到 70 的整数。", "Years are a whole number from 0 to 70."),
        ),
    ]
    if said := next((words for found, words in wrong if found), None):
        raise Refusal("judge.invalid", said, status=422)


def _values(profile: Profile) -> dict[Any, Any]:
    return {
        "name": profile.name,
        "unit": profile.unit,
        "delegation": profile.delegation,
        "level": profile.level,
        "title": profile.title,
        "occupations": list(profile.occupations),
        "years": profile.years,
    }


def _phone(judge: UUID, phone: str, sealer: Sealer) -> dict[Any, Any]:
    return {
        "phone_sealed": sealer.seal(phone, f"judge-phone:{judge}"),
        "phone_masked": masked(phone),
        "phone_index": sealer.index("judge-phone", phone),
    }


def _row(organiser: UUID, profile: Profile, sealer: Sealer) -> Judge:
    id = uuid4()
    values = {**_values(profile), **_phone(id, profile.phone, sealer)}
    return Judge(id=id, organiser=organiser, active=True, version=0, **values)


async def _hold(organiser: UUID) -> None:
    """Let nobody else bring judges into this pool until the caller's transaction ends."""
    await the_row(Organiser.select(Organiser.id).where(Organiser.id == organiser).lock_rows().first())


async def _named(organiser: UUID, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    if names:
        where = (Judge.organiser == organiser) & Judge.name.is_in(sorted(set(names)))
        for row in await Judge.select().where(where).output(load_json=True):
            found.setdefault(row["name"], []).append(dict(row))
    return found


def _same(
    profile: Profile, known: Mapping[str, Sequence[dict[str, Any]]], sealer: Sealer
) -> dict[str, Any] | Words | None:
    """Who of the pool this is; nobody; or, where only a person can tell, why."""
    index = sealer.index("judge-phone", profile.phone)
    named = known.get(profile.name, ())
    if by_phone := next((row for row in named if bytes(row["phone_index"]) == index), None):
        return by_phone
    if in_unit := next((row for row in named if row["unit"] == profile.unit), None):
        phone = in_unit["phone_masked"]
        return Words(
            f"“{profile.unit}”的{profile.name}已在库里，电话是 {phone}，与这里的不同",
            f"{profile.name} of {profile.unit} is in the pool with another telephone number, {phone}",
        )
    return None


def _differs(row: Mapping[str, Any], profile: Profile, sealer: Sealer) -> bool:
    return not row["active"] or any(row[name] != value for name, value in _values(profile).items())


def _doubtful(place: Place, words: Words) -> Problem:
    mend = Words(
        "如是同一人，先在库里改电话；如是另一个人，请用“新增裁判”添加",
        "If it is the same person, change the number in the pool first; if not, add them with the form",
    )
    return Problem("pool.other-phone", place, words, mend)


def _twice(place: Place, profile: Profile) -> Problem:
    words = Words(f"{profile.name}在这份表里出现了两次", f"{profile.name} stands in this workbook twice")
    return Problem("pool.twice", place, words, Words("请留下一行", "Leave one of the rows"))


def _refused(problems: Sequence[Problem]) -> Refusal:
    count = len(problems)
    words = Words(
        f"有 {count} 处问题，整份表都没有收下。",
        f"{count} problem{'s' if count > 1 else ''}; nothing of this workbook was taken in.",
    )
    mend = Words("请逐条改好后重新上传。", "Mend each of them, then upload it again.")
    return Refusal("pool.refused", words, mend, tuple(problems), status=422)
