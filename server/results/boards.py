"""What the organiser opens of an event to everybody before its publication: nothing, its progress, or its standings.

A board *freezes* at a time that was said beforehand: from then on it stays as it is, and what comes after is held back
from everybody but the office and the panel, a publication as well, until the organiser *reveals* it. So the hall can be
kept in suspense until the ceremony. Where a publication was held back, its notice and the time for appeals begin when it
is revealed: nobody can object to what nobody could read. An event whose results are public already cannot be frozen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Board, Competition, Event, Snapshot
from server.errors import Refusal, unchanged
from server.ledger import hold, record
from server.results.publishing import notice_of
from server.web.words import both

SHOWS = {
    "nothing": Words("不公开", "Nothing"),
    "progress": Words("只有进度", "Progress only"),
    "standings": Words("进度和名次（只有加密号）", "Progress and standings (blind codes only)"),
}
HELD = """SELECT b.event FROM board b JOIN snapshot s ON s.event = b.event AND s.version = 1
WHERE b.event = ANY({}) AND b.revealed IS NULL AND b.freezes <= s.at"""

HELD_BACK = No(
    "board.held",
    Words("成绩还没有揭晓：封榜后公示从揭晓时算起。", "The results are held back until the board is revealed."),
)


async def boards_of(competition: UUID) -> dict[UUID, dict[str, Any]]:
    """Event → its board, where somebody ever opened one."""
    rows = await Board.select().where(Board.event.competition == competition)
    return {row["event"]: dict(row) for row in rows}


async def held_back(events: Collection[UUID]) -> frozenset[UUID]:
    """Those of these events whose publication is held back until their board is revealed."""
    rows = await Board.raw(HELD, list(events)) if events else []
    return frozenset(row["event"] for row in rows)


async def revealed_at(events: Collection[UUID]) -> dict[UUID, datetime]:
    """Event → when its board was revealed."""
    query = Board.select(Board.event, Board.revealed).where(Board.revealed.is_not_null())
    rows = await query.where(Board.event.is_in(list(events))) if events else []
    return {row["event"]: row["revealed"] for row in rows}


async def not_held_each(events: Collection[UUID]) -> dict[UUID, Yes | No]:
    """Of each event, whether everybody can read what is published of it: it becomes final after that only."""
    held = await held_back(events)
    return {event: HELD_BACK if event in held else Yes("board.open") for event in events}


async def open_board(
    event: Mapping[str, Any],
    shows: str,
    freezes: datetime | None,
    actor: Actor,
    at: datetime,
    known: str | None = None,
) -> None:
    """Say what everybody sees of an event, and when that freezes; `known` is the version of the board that the page showed.

    Raises Refusal `board.shows`, `board.too-soon` before registration opens, `board.frozen` when it is frozen already and
    would be thawed by another time than `reveal`, `board.public` or `board.past` for a freeze that comes too late, `changed.meanwhile`.
    """
    if shows not in SHOWS:
        raise Refusal("board.shows", Words("没有这种显示方式。", "A board cannot show this."), status=422)
    async with DB.transaction():
        await hold(event["competition"])
        now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
        before = await Board.select().where(Board.event == event["id"]).first()
        unchanged(known, str(before["version"]) if before else "0", await _told(event, before))
        _refuse_freeze(now["state"], before, freezes, at)
        facts: dict[Any, Any] = {
            "shows": shows, "freezes": freezes, "account": actor.account, "at": at,
        }  # fmt: skip
        if before is None:
            await Board.insert(Board(id=uuid4(), event=event["id"], version=1, **facts))
        else:
            if freezes != before["freezes"]:
                facts["revealed"] = None
            await Board.update({**facts, "version": before["version"] + 1}).where(Board.id == before["id"])
        data = {"shows": shows, "freezes": freezes.isoformat() if freezes else ""}
        await record(event["competition"], "board.set", actor, at, event=event["id"], data=data)


async def _told(event: Mapping[str, Any], board: Mapping[str, Any] | None) -> Words:
    shown = SHOWS[board["shows"] if board else "nothing"]
    until = board["freezes"] if board else None
    if until is None:
        return shown
    zone = await the_row(
        Competition.select(Competition.time_zone).where(Competition.id == event["competition"]).first()
    )
    local = both(until, zone["time_zone"])
    return Words(f"{shown.zh}，{local.zh} 封榜", f"{shown.en}, frozen at {local.en}")


def _refuse_freeze(state: str, before: Mapping[str, Any] | None, freezes: datetime | None, at: datetime) -> None:
    if state == "setup":
        words = Words("赛项还在筹备，不能公开。", "The event is being set up; nothing of it can be shown.")
        raise Refusal("board.too-soon", words)
    kept = before["freezes"] if before else None
    if kept and before and not before["revealed"] and kept <= at and freezes != kept:
        raise FROZEN
    if freezes == kept or freezes is None:
        return
    if state in ("published", "final", "certified"):
        words = Words("成绩已经公布，不能再封榜。", "The results are public; they cannot be frozen any more.")
        raise Refusal("board.public", words)
    if freezes < at:
        words = Words("封榜时间已经过去。", "This time to freeze is over.")
        raise Refusal("board.past", words, Words("请填以后的时间。", "Give one that is still to come."), status=422)


async def reveal(event: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """End the freeze: the board goes on, and a publication that was held back is read by everybody from now.

    Its notice begins now. Raises Refusal `board.not-frozen`.
    """
    async with DB.transaction():
        await hold(event["competition"])
        board = await Board.select().where(Board.event == event["id"]).first()
        if not board or board["revealed"] or not board["freezes"] or board["freezes"] > at:
            raise Refusal("board.not-frozen", Words("这个榜没有封。", "This board is not frozen."))
        until = await _begin_notice(event, at) if await held_back([event["id"]]) else None
        changes: dict[Any, Any] = {Board.revealed: at, Board.version: board["version"] + 1}
        await Board.update(changes).where(Board.id == board["id"])
        await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
        data = {"notice_until": until.isoformat()} if until else {}
        await record(event["competition"], "board.revealed", actor, at, event=event["id"], data=data)


async def _begin_notice(event: Mapping[str, Any], at: datetime) -> datetime:
    facts = Competition.select(Competition.notice_days, Competition.days_off)
    edition = await the_row(facts.where(Competition.id == event["competition"]).output(load_json=True).first())
    until = notice_of(edition, at)
    await Snapshot.update({Snapshot.notice_until: until}).where(Snapshot.event == event["id"])
    return until


FROZEN = Refusal(
    "board.frozen",
    Words("这个榜已经封了，封榜时间不能再改。", "This board is frozen; the time cannot be changed any more."),
    Words("要让大家看到，请揭晓。", "Reveal it to let everybody see."),
)
