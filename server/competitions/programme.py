"""The programme: what happens when and where, of one event or of the whole competition; also as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import icalendar

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import ProgrammeItem
from server.errors import Refusal
from server.ledger import hold, record
from server.web.words import both

LONGEST = 120
MOST = 1000
AROUND = timedelta(days=60)
"""A programme lies around the competition's days; farther away it is a slip of the pen."""
GONE = Refusal(
    "not-found",
    Words("这项日程已经删去。", "This is off the programme already."),
    Words("下面列出的是现在有的。", "What is listed below is what there is now."),
    status=404,
)


async def programme(competition: UUID) -> list[dict[str, Any]]:
    """Everything in the order of its begin, with `code`, `event_name` and `event_name_en` of the event it is of."""
    event = ProgrammeItem.event
    named = (
        event.code.as_alias("code"),
        event.name.as_alias("event_name"),
        event.name_en.as_alias("event_name_en"),
    )
    query = ProgrammeItem.select(*ProgrammeItem.all_columns(), *named).where(ProgrammeItem.competition == competition)
    return [dict(row) for row in await query.order_by(ProgrammeItem.starts, ProgrammeItem.ends, ProgrammeItem.title)]


async def add(
    competition: Mapping[str, Any],
    event: Mapping[str, Any] | None,
    texts: Mapping[str, str],
    starts: datetime | None,
    ends: datetime | None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Put something on the programme; what stands there already with every word and time was sent twice and is there once.

    Raises Refusal `programme.…`.
    """
    said = checked(competition, event, texts, starts, ends)
    async with DB.transaction():
        await hold(competition["id"])
        for there in await programme(competition["id"]):
            if said == {name: there[name] for name in said}:
                return UUID(str(there["id"]))
        if await ProgrammeItem.count().where(ProgrammeItem.competition == competition["id"]) >= MOST:
            raise Refusal("programme.full", Words(f"日程最多 {MOST} 项。", f"A programme has at most {MOST} items."))
        id = uuid4()
        await ProgrammeItem.insert(ProgrammeItem(id=id, competition=competition["id"], changed=at, **said))
        await record(competition["id"], "programme.added", actor, at, event=said["event"], data=_kept(id, said))
    return id


async def correct(
    competition: Mapping[str, Any],
    id: UUID,
    seen: str,
    event: Mapping[str, Any] | None,
    texts: Mapping[str, str],
    starts: datetime | None,
    ends: datetime | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Say it differently; it stays the same entry of everybody's calendar. `seen` is when it was changed last, as the form was made.
    Raises Refusal `programme.…`, `programme.changed` where somebody else was faster, `not-found`."""
    said = checked(competition, event, texts, starts, ends)
    async with DB.transaction():
        await hold(competition["id"])
        where = (ProgrammeItem.id == id) & (ProgrammeItem.competition == competition["id"])
        now = await ProgrammeItem.select().where(where).first()
        if now is None:
            raise GONE
        if said == {name: now[name] for name in said}:
            return
        _as_seen(competition, now, seen)
        changes: dict[Any, Any] = {**said, "changed": at}
        await ProgrammeItem.update(changes).where(where)
        await record(competition["id"], "programme.corrected", actor, at, event=said["event"], data=_kept(id, said))


def checked(
    competition: Mapping[str, Any],
    event: Mapping[str, Any] | None,
    texts: Mapping[str, str],
    starts: datetime | None,
    ends: datetime | None,
) -> dict[str, Any]:
    """What is said of one item, by column. Raises Refusal `programme.…`."""
    said: dict[str, Any] = {name: texts.get(name, "").strip() for name in ("title", "title_en", "place", "place_en")}
    if not said["title"] or max(map(len, said.values())) > LONGEST:
        words = Words(f"请写名称，每项最多 {LONGEST} 字。", f"Say what it is; at most {LONGEST} characters each.")
        raise Refusal("programme.text", words, status=422)
    if starts is None or ends is None or ends <= starts:
        words = Words("请填开始和结束时间，结束在开始之后。", "Give begin and end, the end after the begin.")
        raise Refusal("programme.times", words, status=422)
    if not competition["starts"] - AROUND <= starts.date() <= competition["ends"] + AROUND:
        words = Words("时间离竞赛日期太远。", "That is far from the days of the competition.")
        mend = Words("请核对年份和月份。", "Look at the year and the month.")
        raise Refusal("programme.far", words, mend, status=422)
    return {**said, "event": event["id"] if event else None, "starts": starts, "ends": ends}


def _kept(id: UUID, said: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    return {"item": str(id), **texts, **{name: said[name].isoformat() for name in ("starts", "ends")}}


def _as_seen(competition: Mapping[str, Any], now: Mapping[str, Any], seen: str) -> None:
    if now["changed"].isoformat() == seen:
        return
    first, last = (both(now[name], competition["time_zone"]) for name in ("starts", "ends"))
    zh, en = (
        " · ".join(filter(None, (now["title"], now["title_en"], when, now["place"], now["place_en"])))
        for when in (f"{first.zh} – {last.zh}", f"{first.en} – {last.en}")
    )
    words = Words(
        f"这项日程已被改为：{zh}。您的修改没有保存。",
        f"Somebody has changed it to: {en}. Yours was not saved.",
    )
    raise Refusal("programme.changed", words, Words("请核对后再保存一次。", "Compare, then save once more."))


async def remove(competition: Mapping[str, Any], id: UUID, seen: str, actor: Actor, at: datetime) -> None:
    """Take something off the programme. Raises Refusal `not-found`, or `programme.changed` where it is no longer as it was `seen`."""
    async with DB.transaction():
        await hold(competition["id"])
        where = (ProgrammeItem.id == id) & (ProgrammeItem.competition == competition["id"])
        now = await ProgrammeItem.select().where(where).first()
        if now is None:
            raise GONE
        _as_seen(competition, now, seen)
        await ProgrammeItem.delete().where(where)
        data = {"item": str(id), "title": now["title"], "starts": now["starts"].isoformat()}
        await record(competition["id"], "programme.removed", actor, at, data=data)


def local(text: str, zone: str) -> datetime | None:
    """A moment as a form sends it, in the competition's time zone; None where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def calendar(name: str, zone: str, items: Iterable[Mapping[str, Any]], address: str) -> bytes:
    """The programme as a file that a telephone's calendar subscribes to; items have `title`, `place`, `of`, `starts`, `ends`, `id`, `changed`."""
    made = icalendar.Calendar.new(name=name, prodid="-//Podium//programme//ZH", method="PUBLISH")
    for item in items:
        made.add_component(
            icalendar.Event.new(
                uid=f"{item['id']}@podium",
                summary=f"{item['of']} · {item['title']}" if item["of"] else item["title"],
                location=item["place"] or None,
                start=item["starts"].astimezone(ZoneInfo(zone)),
                end=item["ends"].astimezone(ZoneInfo(zone)),
                stamp=item["changed"],
                url=address,
            )
        )
    made.add_missing_timezones()
    return bytes(made.to_ical())
