"""What goes on in a hall besides marks, as flows: a judge signals a problem, the chief judge or a supervisor answers it, nudges
a judge's tablet, and says until when the shift lasts. Work codes and seats only; nothing names a competitor.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import HallHead, Nudge, ShiftEnd, Signal, SignalAnswer
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.marks.flow import panel_of

MOST_WORDS = 300
MOST_UNSEEN = 5
"""Nudges that may wait on one tablet."""
LONGEST_SHIFT = timedelta(hours=24)
NUDGES = ("go-on", "come", "connect", "words")
"""What a nudge may say; `words` says only what was typed."""
CHANGED = """INSERT INTO hall_head (id, board, tablets) VALUES ({}, 1, {})
ON CONFLICT (id) DO UPDATE SET board = hall_head.board + 1, tablets = hall_head.tablets + EXCLUDED.tablets"""
ANSWERS = "SELECT signal, sequence, text, closes, role, at FROM signal_answer WHERE signal = ANY({}) ORDER BY sequence"


async def changed(event: UUID, tablets: bool) -> None:
    """Let the board look again, and the panel's tablets where there is something for them; in the caller's transaction."""
    await HallHead.raw(CHANGED, event, int(tablets))


def role_in(event: UUID, actor: Actor) -> str:
    """As whom somebody speaks who leads this hall."""
    seat = actor.seats.get(event)
    return "chief" if seat is not None and seat.chief else "supervisor"


async def answers_to(signals: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Signal → its answers in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await SignalAnswer.raw(ANSWERS, list(signals)) if signals else ():
        found.setdefault(row["signal"], []).append(dict(row))
    return found


async def open_problems(event: UUID) -> int:
    """How many signalled problems of an event nobody has closed."""
    closed = SignalAnswer.select(SignalAnswer.signal).where(SignalAnswer.closes.eq(True))
    return await Signal.count().where((Signal.event == event) & Signal.id.not_in(closed))


async def answer(event: Mapping[str, Any], signal: str, text: str, closes: bool, actor: Actor, at: datetime) -> None:
    """Answer a signal, close it, or both. Whoever calls has asked for who leads the hall.

    Raises Refusal: `not-found`, `signal.answer` for nothing said or too much, `signal.closed`.
    """
    text = text.strip()
    if len(text) > MOST_WORDS or not (text or closes):
        words = Words(f"请写一句答复，最多 {MOST_WORDS} 字。", f"Write an answer of at most {MOST_WORDS} characters.")
        raise Refusal("signal.answer", words, status=422)
    async with DB.transaction():
        await hold(event["competition"])
        if not await Signal.exists().where((Signal.id == signal) & (Signal.event == event["id"])):
            raise missing(Words("这个问题", "problem"))
        if any(one["closes"] for one in (await answers_to([signal])).get(signal, ())):
            raise Refusal("signal.closed", Words("这个问题已经办结。", "This problem is closed already."))
        row = {
            "id": uuid4(), "signal": signal, "text": text, "closes": closes, "role": role_in(event["id"], actor),
            "account": actor.account, "at": at,
        }  # fmt: skip
        await insert_rows(SignalAnswer, [row])
        data = {"signal": signal, "closes": closes}
        await record(event["competition"], "signal.answered", actor, at, event=event["id"], reason=text, data=data)
        await changed(event["id"], tablets=True)


async def nudge(event: Mapping[str, Any], seat: str, kind: str, words: str, actor: Actor, at: datetime) -> None:
    """Send a short message to the tablet of the judge in a seat (J1 …).

    Raises Refusal: `not-found` for an empty seat, `nudge.words`, `nudge.enough` while too many wait there unseen.
    """
    words = words.strip()
    if kind not in NUDGES or len(words) > MOST_WORDS or (kind == "words" and not words):
        said = Words(f"请写一句话，最多 {MOST_WORDS} 字。", f"Write a sentence of at most {MOST_WORDS} characters.")
        raise Refusal("nudge.words", said, status=422)
    judge = next((account for account, label in (await panel_of(event["id"])).labels.items() if label == seat), None)
    if judge is None:
        raise missing(Words("这个席位", "seat"))
    async with DB.transaction():
        await hold(event["competition"])
        waiting = (Nudge.event == event["id"]) & (Nudge.judge == judge) & Nudge.seen.is_null()
        if await Nudge.count().where(waiting) >= MOST_UNSEEN:
            raise Refusal(
                "nudge.enough",
                Words("这台平板上还有几条提醒没看。", "Several messages wait on that tablet unseen."),
                Words("请派人过去。", "Send somebody there."),
            )
        row = {
            "id": uuid4(), "event": event["id"], "judge": judge, "kind": kind, "words": words,
            "role": role_in(event["id"], actor), "account": actor.account, "at": at,
        }  # fmt: skip
        await insert_rows(Nudge, [row])
        await changed(event["id"], tablets=True)


async def saw(ids: Collection[UUID], actor: Actor, at: datetime) -> None:
    """A judge says to have seen these nudges; those of others, and those seen before, stay as they are."""
    if not ids:
        return
    async with DB.transaction():
        mine = Nudge.id.is_in(list(ids)) & (Nudge.judge == actor.account) & Nudge.seen.is_null()
        rows = await Nudge.update({Nudge.seen: at}).where(mine).returning(Nudge.event)
        for event in sorted({row["event"] for row in rows}):
            await changed(event, tablets=False)


async def end_shift(event: Mapping[str, Any], ends: datetime | None, actor: Actor, at: datetime) -> None:
    """Say until when this shift lasts; None takes it back. Raises Refusal `shift.ends` for a time that is no end of a shift."""
    if ends is not None and not at < ends <= at + LONGEST_SHIFT:
        words = Words("交班时间要在此后 24 小时之内。", "A shift ends within the 24 hours that follow.")
        raise Refusal("shift.ends", words, status=422)
    async with DB.transaction():
        await hold(event["competition"])
        row = {"id": uuid4(), "event": event["id"], "ends": ends, "account": actor.account, "at": at}
        await insert_rows(ShiftEnd, [row])
        data = {"ends": ends.isoformat() if ends else ""}
        await record(event["competition"], "shift.ends", actor, at, event=event["id"], data=data)
        await changed(event["id"], tablets=True)


async def ends_of(events: Collection[UUID]) -> dict[UUID, datetime]:
    """Event → until when its shift lasts, where somebody has said so."""
    query = "SELECT DISTINCT ON (event) event, ends FROM shift_end WHERE event = ANY({}) ORDER BY event, sequence DESC"
    rows = await ShiftEnd.raw(query, list(events)) if events else []
    return {row["event"]: row["ends"] for row in rows if row["ends"]}


async def hall_of(me: Actor) -> dict[str, Any]:
    """What a judge's tablet shows besides marks: nudges not yet seen, this judge's signals, until when the shifts last."""
    seated = list(me.seats)
    nudges = await Nudge.select().where((Nudge.judge == me.account) & Nudge.seen.is_null()).order_by(Nudge.at)
    mine = (Signal.account == me.account) & Signal.event.is_in(seated)
    signals = (
        await Signal.select(Signal.id).where(mine).order_by(Signal.at, ascending=False).limit(50) if seated else []
    )
    answers = await answers_to([row["id"] for row in signals])
    return {
        "account": str(me.account),
        "nudges": [
            {"id": str(one["id"]), "at": one["at"].isoformat(), **{k: one[k] for k in ("kind", "words", "role")}}
            for one in nudges
        ],
        "signals": {
            id: [{**{k: one[k] for k in ("text", "closes", "role")}, "at": one["at"].isoformat()} for one in given]
            for id, given in answers.items()
        },
        "ends": {str(event): ends.isoformat() for event, ends in (await ends_of(seated)).items()},
    }
