"""A workbook between its upload and its place in the competition: previewed, accepted, undone.

A *staged* intake holds the workbook and what was read from it, sealed. Accepting one compares it anew with what is
stored at that moment, under the competition's lock; when that is no longer what the person saw, it is refused and
nothing happens. How one is taken back is told in `undoing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring.verdict import No, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Intake
from server.errors import Refusal, missing, refuse
from server.ledger import hold, record
from server.registration.comparing import Compared, Facts, Plan, Stored, Team, View, compare
from server.registration.facts import facts_for
from server.registration.form import Read, line_of
from server.registration.late import may_enter
from server.registration.persons import masked, phone_of
from server.registration.storing import store
from server.registration.waiting import settle
from server.sealing import Sealer

KEPT_FOR = timedelta(days=7)
"""A preview that nobody accepts is gone after so long, with the personal data in it."""
SENSITIVE = frozenset({"phone"})
FORM = Words("这份报名表", "registration form")


@dataclass(frozen=True, slots=True)
class Staged:
    """A workbook that waits for a person, or has been decided."""

    id: UUID
    delegation: UUID
    filename: str
    state: str
    at: datetime
    by_name: str
    decided: datetime | None
    data: bytes
    reading: bytes
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says when they accept: what they saw, what may stay out, and why doubtful rows may come in."""

    seen: str
    leave_out: bool = False
    withdraw: bool = False
    reasons: Mapping[tuple[str, int], str] = field(default_factory=dict)
    reason: str = ""
    """For every doubtful row that has none of its own."""
    replaces: UUID | None = None
    """The one entry in whose place the form is put."""
    why: str = ""
    """Why somebody is substituted; it answers no doubt."""

    def reason_for(self, line: Compared) -> str:
        """Why this doubtful row may come in."""
        return (self.reasons.get(line_of(line.row), "") or self.reason).strip()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an accepted intake did, in rows and entries."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    left_out: int = 0


async def stage(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    filename: str,
    data: bytes,
    reading: bytes,
    rows: int,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Keep a workbook that was read, for its preview; nothing else is stored. Raises the window's own no."""
    if rows:
        await _in_time(competition, delegation, actor, at)
    id = uuid4()
    old = (Intake.delegation == delegation["id"]) & (Intake.state == "previewed") & (Intake.at < at - KEPT_FOR)
    await Intake.delete().where(old)
    await Intake.insert(
        Intake(
            id=id,
            delegation=delegation["id"],
            filename=filename,
            sha256=hashlib.sha256(data).digest(),
            rows=rows,
            at=at,
            state="previewed",
            sealed=sealer.seal_bytes(data, f"workbook:{id}"),
            reading=sealer.seal_bytes(reading, f"reading:{id}"),
            journal=b"",
            by_name=actor.name,
            decided=None,
        )
    )
    return id


async def read_again(staged: Staged, reading: bytes, rows: int, sealer: Sealer) -> None:
    """Another reading of the same workbook, after its headings were explained."""
    changes: dict[Any, Any] = {
        Intake.reading: sealer.seal_bytes(reading, f"reading:{staged.id}"),
        Intake.rows: rows,
    }
    await Intake.update(changes).where((Intake.id == staged.id) & (Intake.state == "previewed"))


async def staged(delegation: Mapping[str, Any], id: UUID, sealer: Sealer) -> Staged:
    """An intake of this delegation with its workbook. Raises Refusal `not-found`."""
    row = await Intake.select().where((Intake.id == id) & (Intake.delegation == delegation["id"])).first()
    if not row or not row["sealed"]:
        raise missing(FORM)
    names = ("delegation", "filename", "state", "at", "by_name", "decided", "sha256")
    return Staged(
        id=id,
        data=sealer.open_bytes(row["sealed"], f"workbook:{id}"),
        reading=sealer.open_bytes(row["reading"], f"reading:{id}"),
        **{name: row[name] for name in names},
    )


async def intakes_of(delegation: UUID) -> list[dict[str, Any]]:
    """A delegation's workbooks, newest first, without their contents."""
    columns = (Intake.id, Intake.filename, Intake.rows, Intake.at, Intake.state, Intake.by_name, Intake.decided)
    query = Intake.select(*columns).where(Intake.delegation == delegation)
    return [dict(row) for row in await query.order_by(Intake.at, ascending=False)]


async def preview(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    read: Read,
    sealer: Sealer,
    actor: Actor,
    withdraw: bool = False,
    replaces: UUID | None = None,
) -> tuple[Plan, Facts]:
    """What taking this form in would do now, told to this person."""
    facts = await facts_for(competition, delegation, read.rows, sealer)
    view = View(
        phone=lambda stored: phone_of(stored["person"], stored["phone_sealed"], sealer),
        told=lambda other: other["organiser"] in actor.organisers,
        withdraw=withdraw,
        replaces=replaces,
    )
    return compare(read, facts, view), facts


async def accept(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    intake: Staged,
    read: Read,
    choice: Choice,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> Accepted:
    """Take a staged form in, in one transaction.

    Raises Refusal: the window's own no, `intake.decided`, `intake.stale` when what is stored is not what the person saw, `intake.gone-on` when
    something is to be withdrawn that was drawn, `registration.refused` with every problem unless those rows may stay out.
    """
    if read.rows:
        await _in_time(competition, delegation, actor, at)
    async with DB.transaction():
        await hold(competition["id"])
        await _lock_previewed(intake.id)
        plan, facts = await preview(competition, delegation, read, sealer, actor, choice.withdraw, choice.replaces)
        if plan.basis != choice.seen:
            raise _stale()
        teams, out = _chosen(plan, choice)
        if plan.whole or (out and not choice.leave_out):
            raise _refused([*plan.whole, *(one for line in out for one in _against(line, choice))])
        gone = plan.leaving
        work = [team for team in teams if team.does != "unchanged"]
        done = _counted(teams, gone, out)
        if not work and not gone:
            if out:
                raise _refused([one for line in out for one in _against(line, choice)])
            return done
        journal = await store(delegation["id"], intake.id, work, gone, facts.indexes, sealer)
        changes: dict[Any, Any] = {
            Intake.state: "accepted",
            Intake.decided: at,
            Intake.journal: sealer.seal_bytes(msgspec.msgpack.encode(journal), f"journal:{intake.id}"),
        }
        await Intake.update(changes).where(Intake.id == intake.id)
        data = _decision(delegation, intake, work, gone, out, choice)
        await record(competition["id"], _kind(work, choice), actor, at, reason=choice.reason or choice.why, data=data)
        await settle(competition, actor, at)
    return done


async def discard(delegation: Mapping[str, Any], id: UUID) -> None:
    """Throw a form away that nobody has accepted; nothing was stored of it. Raises Refusal `not-found` or `intake.decided`."""
    here = (Intake.id == id) & (Intake.delegation == delegation["id"])
    if not await Intake.delete().where(here & (Intake.state == "previewed")).returning(Intake.id):
        raise DECIDED if await Intake.exists().where(here) else missing(FORM)


async def _in_time(competition: Mapping[str, Any], delegation: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Nobody comes in late unheard; who only leaves may do so until the draw."""
    if isinstance(closed := await may_enter(competition, delegation["id"], actor, at), No):
        raise refuse(closed, Words("请联系主办方。", "Ask the organiser."))


async def _lock_previewed(id: UUID) -> None:
    row = await Intake.select(Intake.state).where(Intake.id == id).lock_rows().first()
    if not row or row["state"] != "previewed":
        raise DECIDED


def _chosen(plan: Plan, choice: Choice) -> tuple[list[Team], list[Compared]]:
    """The teams that go in, and the rows that stay out; a team goes in whole or not at all."""
    teams, out = [], []
    for team in plan.teams:
        if any(line.refusals or (line.doubts and not choice.reason_for(line)) for line in team.lines):
            out += team.lines
        else:
            teams.append(team)
    return teams, out


def _against(line: Compared, choice: Choice) -> Iterable[Problem]:
    yield from line.refusals
    if not choice.reason_for(line):
        yield from (doubt.problem for doubt in line.doubts)


def _counted(teams: Sequence[Team], gone: Sequence[Sequence[Stored]], out: Sequence[Compared]) -> Accepted:
    does = [line.does for team in teams for line in team.lines]
    return Accepted(
        added=does.count("new"),
        changed=does.count("changed"),
        unchanged=does.count("unchanged"),
        withdrawn=len(gone),
        left_out=len(out),
    )


def _kind(teams: Sequence[Team], choice: Choice) -> str:
    """What the ledger calls it: one entry withdrawn, or its people substituted, by hand; else a form taken in."""
    if choice.replaces and not teams:
        return "entries.withdrawn"
    by_hand = choice.replaces and any(team.substitutes for team in teams)
    return "entries.substituted" if by_hand else "entries.imported"


def _decision(
    delegation: Mapping[str, Any],
    intake: Staged,
    teams: Sequence[Team],
    gone: Sequence[Sequence[Stored]],
    out: Sequence[Compared],
    choice: Choice,
) -> dict[str, Any]:
    """What the ledger keeps: how much, what was before, who stayed out, and whose doubt was answered with which reason."""
    lines = [line for team in teams for line in team.lines]
    return {
        "delegation": delegation["name"],
        "intake": str(intake.id),
        "sha256": intake.sha256.hex(),
        "rows": len(lines),
        "entries": sum(team.entry is None for team in teams),
        "changed": [
            {"member": str(line.stored["id"]), "field": change.field, **_values(change.field, change.before, change.after)}
            for line in lines
            if line.stored
            for change in line.changes
        ],
        "dropped": [str(stored["person"]) for team in teams for stored in team.dropped],
        "withdrawn": [
            {"event": str(entry[0]["event"]), "number": entry[0]["number"], "persons": [str(one["person"]) for one in entry]}
            for entry in gone
        ],
        "left_out": [{"row": line.row.row, "codes": [one.code for one in _against(line, choice)]} for line in out],
        "doubts": [
            {"row": line.row.row, "rule": doubt.problem.code, "reason": choice.reason_for(line)}
            for line in lines
            for doubt in line.doubts
        ],
    }  # fmt: skip


def _values(field: str, before: str, after: str) -> dict[str, str]:
    """Old and new, as far as a ledger that everybody in the office reads may hold them."""
    if field == "member":
        return {}
    show = masked if field in SENSITIVE else str
    return {"before": show(before), "after": show(after)}


def _stale() -> Refusal:
    return Refusal(
        "intake.stale",
        Words(
            "你看预览的时候，名单已经被别人改过。什么都没有写入。",
            "Somebody has changed the list since you looked. Nothing was stored.",
        ),
        Words(
            "下面是按现在的名单重新比对的结果，请看过再确认。", "Here it is compared anew; look at it and accept again."
        ),
    )


def _refused(problems: Sequence[Problem]) -> Refusal:
    return Refusal(
        "registration.refused",
        Words(
            f"有 {len(problems)} 处问题，整份表都没有录入。",
            f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing of this form was entered.",
        ),
        Words(
            "请逐条改好后重新上传，或明确选择这些行先不录。",
            "Mend each of them and upload it again, or say that these rows stay out.",
        ),
        problems=tuple(problems),
        status=422,
    )


DECIDED = Refusal(
    "intake.decided",
    Words("这份表已经处理过了。", "This form has been decided already."),
    Words("要改名单，请再上传一份。", "Upload another one to change the list."),
)
