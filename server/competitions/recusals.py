"""What judges stand back from (回避): the bank of reasons, and what was declared, by the judge or for them.

A *recusal* names an event, a unit, or a person by name: judges are not shown who competes, so that they say a name, and
everybody of that name counts. That a competitor comes from the judge's own unit needs no declaration; it is found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.competitions.pool import judge_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, Recusal
from server.errors import Refusal, missing
from server.ledger import hold, record

BANK = {
    "own-unit": Words("本单位有人参赛", "somebody of my own unit competes"),
    "own-student": Words("选手是我的学生", "a competitor is my student"),
    "relative": Words("选手是我的亲属", "a competitor is my relative"),
    "partner-firm": Words("合作企业有人参赛", "somebody of a partner firm competes"),
    "other": Words("其他", "another reason"),
}
"""The reasons that announcements of competitions name, and room for those that they do not."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A recusal as it was declared; exactly one of event, unit and person is given."""

    reason: str
    event: UUID | None = None
    unit: str = ""
    person: str = ""
    words: str = ""


def plain(text: str) -> str:
    """A name or unit without what differs between typists: spaces and the width of signs."""
    return "".join(unicodedata.normalize("NFKC", text).split())


async def declare(judge: Mapping[str, Any], one: Declared, actor: Actor, at: datetime) -> None:
    """Keep a recusal; what is there already is not added twice. One from an event is a decision of its competition.

    Raises Refusal `recusal.invalid`.
    """
    _check(one)
    async with DB.transaction():
        event = await _event(judge, one.event) if one.event else None
        if event:
            await hold(event["competition"])
        values: dict[str, Any] = {"event": one.event, "unit": one.unit.strip(), "person": one.person.strip()}
        known = await Recusal.select().where((Recusal.judge == judge["id"]) & Recusal.withdrawn.is_null())
        if any(all(row[name] == value for name, value in values.items()) for row in known):
            return
        row = Recusal(
            id=uuid4(),
            judge=judge["id"],
            reason=one.reason,
            words=one.words.strip(),
            by_name=actor.name,
            at=at,
            withdrawn=None,
            **values,
        )
        await Recusal.insert(row)
        if event:
            data = {"judge": str(judge["id"]), "name": judge["name"], "reason": one.reason}
            await record(
                event["competition"], "judge.recused", actor, at, event=event["id"], reason=one.words, data=data
            )


async def withdraw(organiser: UUID, judge: UUID, recusal: UUID, actor: Actor, at: datetime) -> None:
    """A recusal that no longer holds, or never did; the row stays."""
    about = await judge_of(organiser, judge)
    async with DB.transaction():
        mine = (Recusal.id == recusal) & (Recusal.judge == judge) & Recusal.withdrawn.is_null()
        changed = await Recusal.update({Recusal.withdrawn: at}).where(mine).returning(Recusal.event)
        if changed and changed[0]["event"]:
            event = await _event(about, changed[0]["event"])
            data = {"judge": str(judge), "name": about["name"]}
            await record(event["competition"], "judge.recusal-withdrawn", actor, at, event=event["id"], data=data)


async def recusals_of(organiser: UUID) -> dict[UUID, list[dict[str, Any]]]:
    """Judge → the recusals that hold, in the order in which they were declared."""
    where = (Recusal.judge.organiser == organiser) & Recusal.withdrawn.is_null()
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await Recusal.select().where(where).order_by(Recusal.at, Recusal.id):
        found.setdefault(row["judge"], []).append(dict(row))
    return found


def said(row: Mapping[str, Any], events: Mapping[UUID, Words]) -> Words:
    """A recusal as a sentence: from whom, and why."""
    reason, words = BANK[row["reason"]], row["words"]
    why = Words(words, words) if row["reason"] == "other" and words else reason
    if row["event"]:
        event = events.get(row["event"], Words("另一赛项", "another event"))
        return Words(f"整个赛项“{event.zh}”：{why.zh}", f"the whole event {event.en}: {why.en}")
    if row["unit"]:
        return Words(f"单位“{row['unit']}”：{why.zh}", f"everybody of {row['unit']}: {why.en}")
    return Words(f"选手“{row['person']}”：{why.zh}", f"{row['person']}: {why.en}")


def why_of(row: Mapping[str, Any]) -> Words:
    """The reason of a recusal alone."""
    words = row["words"]
    return Words(words, words) if row["reason"] == "other" and words else BANK[row["reason"]]


def _check(one: Declared) -> None:
    targets = [one.event is not None, bool(one.unit.strip()), bool(one.person.strip())]
    wrong = [
        (one.reason not in BANK, Words("请选择回避理由。", "Choose the reason for standing back.")),
        (
            sum(targets) != 1,
            Words(
                "请写明回避的单位或选手姓名，一条只写一个。",
                "Say the unit or the competitor's name; one of them in each line.",
            ),
        ),
        (
            one.reason == "other" and not one.words.strip(),
            Words("选“其他”时请写明理由。", "Write the reason in words when none of the list fits."),
        ),
    ]
    if words := next((words for found, words in wrong if found), None):
        raise Refusal("recusal.invalid", words, status=422)


async def _event(judge: Mapping[str, Any], event: UUID) -> dict[str, Any]:
    where = (Event.id == event) & (Event.competition.series.organiser == judge["organiser"])
    if not await Event.exists().where(where):
        raise missing(Words("这个赛项", "event"))
    return await the_row(Event.select().where(Event.id == event).first())
