"""Registration: the rows of a delegation's workbook become persons, entries and members, all of them or none.

What a workbook alone can tell was checked when it was read (admin/sheets). Here it is checked against the competition:
is there such an event, is it open, is the occupation the event's, are teams complete, has anybody entered already.
`enter` takes a form in at once, whole, or refuses it with everything; `staging` shows it to a person first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring.verdict import No, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Delegation, Intake
from server.errors import Refusal, refuse
from server.ledger import hold, record
from server.registration.comparing import Plan, View, compare
from server.registration.eligibility import Doubt
from server.registration.facts import facts_for
from server.registration.form import Form, Row
from server.registration.late import may_enter
from server.registration.persons import masked
from server.registration.storing import store
from server.sealing import Sealer

__all__ = ["Entered", "Form", "Row", "delegation_of", "enter", "masked"]


@dataclass(frozen=True, slots=True)
class Entered:
    """What an intake added; `unchanged` when this very file is in already."""

    delegation: str
    persons: int
    entries: int
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A form whose reader found nothing wrong."""

    rows: Sequence[Row]
    problems: Sequence[Problem] = ()
    fields: frozenset[str] = frozenset()


async def enter(competition: Mapping[str, Any], form: Form, sealer: Sealer, actor: Actor, at: datetime) -> Entered:
    """Enter a delegation's form whole; the organiser's staff answers for people who take part elsewhere at that time.

    Raises Refusal `registration.refused` with every problem, `registration.already` when the delegation has entered, or
    the window's own no.
    """
    sha256 = hashlib.sha256(form.data).digest()
    async with DB.transaction():
        await hold(competition["id"])
        delegation = await delegation_of(competition["id"], form.delegation)
        if isinstance(closed := await may_enter(competition, delegation, actor, at), No):
            raise refuse(closed, Words("请联系监督。", "Ask a supervisor."))
        before = await Intake.select().where((Intake.delegation == delegation) & (Intake.state == "accepted")).first()
        if before and before["sha256"] == sha256:
            return Entered(form.delegation, before["rows"], 0, unchanged=True)
        if before:
            raise _already(form.delegation)
        sender = {"id": delegation, "name": form.delegation}
        facts = await facts_for(competition, sender, form.rows, sealer)
        plan = compare(Whole(form.rows), facts, View(phone=lambda stored: "", told=lambda other: True))
        problems = list(_against(plan))
        if problems or not form.rows:
            raise _refused(problems)
        intake = uuid4()
        await Intake.insert(_intake(intake, delegation, form, sha256, sealer, actor, at))
        journal = await store(delegation, intake, plan.teams, (), facts.indexes, sealer)
        sealed = sealer.seal_bytes(msgspec.msgpack.encode(journal), f"journal:{intake}")
        await Intake.update({Intake.journal: sealed}).where(Intake.id == intake)
        entries = len(journal.entries)
        data = {"delegation": form.delegation, "sha256": sha256.hex(), "rows": len(form.rows), "entries": entries}
        await record(competition["id"], "entries.imported", actor, at, data=data)
    return Entered(form.delegation, len(form.rows), entries)


def _intake(
    id: UUID, delegation: UUID, form: Form, sha256: bytes, sealer: Sealer, actor: Actor, at: datetime
) -> Intake:
    return Intake(
        id=id,
        delegation=delegation,
        filename=form.filename,
        sha256=sha256,
        rows=len(form.rows),
        at=at,
        state="accepted",
        sealed=sealer.seal_bytes(form.data, f"workbook:{id}"),
        reading=b"",
        journal=b"",
        by_name=actor.name,
        decided=at,
    )


def _against(plan: Plan) -> Iterable[Problem]:
    """Everything that keeps a form out; whether somebody can be in two places is for the organiser to know."""
    for line in plan.lines:
        yield from line.refusals
        yield from (doubt.problem for doubt in line.doubts if _holds(doubt))


def _holds(doubt: Doubt) -> bool:
    return doubt.problem.code not in ("registration.elsewhere", "registration.same-name")


async def delegation_of(competition: UUID, name: str) -> UUID:
    """The delegation of that name, made when there is none yet."""
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
            f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing of this form was entered.",
        ),
        Words("请逐条改好后重新上传。", "Mend each of them, then upload it again."),
        problems=tuple(problems),
        status=422,
    )
