"""Publication: when it happens, how long its notice runs, and who may see what of it.

An event may be set to be published at a moment: until then it stays where it is, decoded and public nowhere, and the
program itself opens the door when the moment has come, also when it was stopped meanwhile. The end of a running notice can
be moved, with a reason that stays in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from scoring.verdict import Words, days_said
from server.access import Actor
from server.calendar import notice_end
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Competition, Decision, Event, PlannedPublication, Snapshot
from server.errors import Refusal, explained, unchanged
from server.ledger import hold, record
from server.web.words import both

LATEST = timedelta(days=366)
MOST_REASON = 500
NO_REASON = Refusal("publication.reason", Words("请写明理由。", "Give a reason."), status=422)
MOST_DAYS = 60


def notice_of(competition: Mapping[str, Any], begin: datetime) -> datetime:
    """When a notice that begins then ends: the competition's working days, without its own days off."""
    own = {date.fromisoformat(day) for day in competition["days_off"]}
    return notice_end(begin, competition["notice_days"], own)


async def plan(event: Mapping[str, Any], at: datetime, actor: Actor, now: datetime, known: str | None = None) -> None:
    """Publish an event at a moment that is to come; another moment replaces the one that was set. `known` is the one that
    the page showed, as `as_known` writes it.

    Raises Refusal `publication.state` for an event that does not wait for its publication, `publication.moment` for one that
    is over or more than a year ahead.
    """
    if not now < at <= now + LATEST:
        words = Words("发布时间要在今后一年之内。", "The moment lies in the next year.")
        raise Refusal("publication.moment", words, Words("请另选时间。", "Choose another one."), status=422)
    async with DB.transaction():
        await _reviewed(event)
        await _still_planned(event["id"], known)
        await PlannedPublication.delete().where(PlannedPublication.event == event["id"])
        await PlannedPublication.insert(
            PlannedPublication(event=event["id"], at=at, set_by=actor.name, set_at=now, stopped="")
        )
        data = {"at": at.isoformat()}
        await record(event["competition"], "publication.planned", actor, now, event=event["id"], data=data)


async def drop_plan(event: Mapping[str, Any], actor: Actor, now: datetime, known: str | None = None) -> None:
    """Publish by hand after all. Raises Refusal `publication.state`, or `changed.meanwhile` for another moment than the one
    that the page showed.
    """
    async with DB.transaction():
        await _reviewed(event)
        await _still_planned(event["id"], known)
        if await unplan(event["id"]):
            await record(event["competition"], "publication.unplanned", actor, now, event=event["id"])


def as_known(moment: datetime | None) -> str:
    """How a page carries the moment that it shows."""
    return moment.astimezone(UTC).isoformat() if moment else ""


async def _still_planned(event: UUID, known: str | None) -> None:
    row = await planned(event)
    if row is None:
        unchanged(known, "", Words("没有设定时间", "no moment is set"))
    else:
        unchanged(known, as_known(row["at"]), await _told(event, row["at"], row["set_by"]))


async def _told(event: UUID, moment: datetime, who: str = "") -> Words:
    zone = await the_row(Event.select(Event.competition.time_zone.as_alias("named")).where(Event.id == event).first())
    local = both(moment, zone["named"])
    return Words(f"{local.zh}（{who}）", f"{local.en} ({who})") if who else local


async def unplan(event: UUID) -> bool:
    """Forget the moment within the caller's transaction; whether there was one."""
    gone = (
        await PlannedPublication.delete().where(PlannedPublication.event == event).returning(PlannedPublication.event)
    )
    return bool(gone)


async def planned(event: UUID) -> dict[str, Any] | None:
    """The moment that is set, who set it, and why it could not be kept, if so."""
    row = await PlannedPublication.select().where(PlannedPublication.event == event).first()
    return dict(row) if row else None


async def due(now: datetime) -> list[dict[str, Any]]:
    """What is to be published by now, earliest first."""
    where = (PlannedPublication.at <= now) & (PlannedPublication.stopped == "")
    rows = await PlannedPublication.select().where(where).order_by(PlannedPublication.at)
    return [dict(row) for row in rows]


async def stop(event: UUID, why: str) -> None:
    """Remember why a publication did not happen when its time had come; a person looks at it."""
    await PlannedPublication.update({PlannedPublication.stopped: why[:MOST_REASON]}).where(
        PlannedPublication.event == event
    )


async def move_end(
    event: Mapping[str, Any], until: datetime, reason: str, actor: Actor, now: datetime, known: str | None = None
) -> None:
    """Let the notice of an event end at another moment that is to come; `known` is the end that the page showed.

    Raises Refusal `publication.state` when no notice runs, `publication.moment`, `publication.reason` without one, or
    `changed.meanwhile`.
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    if not now < until <= now + LATEST:
        words = Words("截止时间要在今后一年之内。", "The end lies in the next year.")
        raise Refusal("publication.moment", words, Words("请另选时间。", "Choose another one."), status=422)
    async with DB.transaction():
        await hold(event["competition"])
        state = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
        newest = Snapshot.select(Snapshot.id, Snapshot.notice_until).where(Snapshot.event == event["id"])
        last = await newest.order_by(Snapshot.version, ascending=False).first()
        if state["state"] != "published" or last is None:
            raise Refusal("publication.state", Words("现在没有公示在进行。", "No notice is running."))
        unchanged(known, as_known(last["notice_until"]), await _told(event["id"], last["notice_until"]))
        await Snapshot.update({Snapshot.notice_until: until}).where(Snapshot.id == last["id"])
        data = {"from": last["notice_until"].isoformat(), "to": until.isoformat()}
        await record(event["competition"], "notice.moved", actor, now, event=event["id"], reason=reason, data=data)


async def moves_of(event: UUID) -> list[dict[str, Any]]:
    """How the end of an event's notice was moved, in order: by whom, when, why, from when to when."""
    columns = (Decision.at, Decision.actor_name, Decision.reason, Decision.data)
    query = Decision.select(*columns).where((Decision.event == event) & (Decision.kind == "notice.moved"))
    return [dict(row) for row in await query.order_by(Decision.sequence).output(load_json=True)]


async def set_days_off(
    competition: Mapping[str, Any],
    days: list[date],
    reason: str,
    actor: Actor,
    now: datetime,
    known: str | None = None,
) -> None:
    """The days of a competition on which no notice runs, besides the country's. Notices that run already keep their end.

    Raises Refusal `publication.days` for too many, `publication.reason` without one, `changed.meanwhile` for another list than
    the one that the page showed.
    """
    if len(set(days)) > MOST_DAYS:
        raise Refusal("publication.days", Words(f"最多 {MOST_DAYS} 天。", f"{MOST_DAYS} days at most."), status=422)
    reason = explained(reason, MOST_REASON, NO_REASON)
    listed = sorted({day.isoformat() for day in days})
    async with DB.transaction():
        await hold(competition["id"])
        row = Competition.select(Competition.days_off).where(Competition.id == competition["id"])
        before = (await the_row(row.output(load_json=True).first()))["days_off"]
        there = ", ".join(before)
        said = days_said(date.fromisoformat(day) for day in before)
        unchanged(known, there, Words(said.zh or "没有", said.en or "none"))
        changes: dict[Any, Any] = {Competition.days_off: listed, Competition.version: Competition.version + 1}
        await Competition.update(changes).where(Competition.id == competition["id"])
        data = {"from": before, "to": listed}
        await record(competition["id"], "days-off.set", actor, now, reason=reason, data=data)


async def _reviewed(event: Mapping[str, Any]) -> None:
    await hold(event["competition"])
    now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
    if now["state"] != "reviewed":
        words = Words("这个赛项不在等待公示。", "This event does not wait for its publication.")
        raise Refusal(
            "publication.state", words, Words("公示在复核并解码之后。", "It comes after review and decoding.")
        )
