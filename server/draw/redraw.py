"""Holding a draw again: before anybody marks, for a reason that a supervisor gives and a second person grants.

The draw that was held stays as it was, with everything that is needed to repeat it; it is only no longer the one that
counts. The event goes back before its draw, which is then announced and held as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Draw, Event, Place, Redraw
from server.draw.ceremony import NO_REASON
from server.errors import Refusal
from server.ledger import hold, record


async def ask_again(event: Mapping[str, Any], reason: str, actor: Actor, at: datetime) -> None:
    """A supervisor wants the draw to be held again. Raises Refusal `draw.reason`, `redraw.too-late` or `redraw.asked`."""
    if not reason.strip():
        raise NO_REASON
    async with DB.transaction():
        drawn = await _drawn(event)
        row = Redraw(id=uuid4(), draw=drawn["id"], asked_by=actor.account, reason=reason.strip(), asked_at=at)
        if await waiting(drawn["id"]):
            raise Refusal("redraw.asked", Words("已经有人提出重抽。", "A redraw has been asked for already."))
        await Redraw.insert(row)
        data = {"draw": drawn["version"]}
        await record(
            event["competition"], "draw.again-asked", actor, at, event=event["id"], reason=row.reason, data=data
        )


async def answer(event: Mapping[str, Any], grant: bool, actor: Actor, at: datetime) -> None:
    """A second person grants or refuses it; when granted, the event stands before its draw again.

    Raises Refusal `redraw.too-late`, `redraw.nobody-asked` or `redraw.same-person`.
    """
    async with DB.transaction():
        drawn = await _drawn(event)
        asked = await waiting(drawn["id"])
        if asked is None:
            raise Refusal("redraw.nobody-asked", Words("没有人提出重抽。", "Nobody has asked for a redraw."))
        if asked["asked_by"] == actor.account:
            raise Refusal(
                "redraw.same-person",
                Words("提出的人不能自己同意。", "Whoever asked cannot answer it."),
                Words("请另一名监督或主办方人员决定。", "Another supervisor or the organiser's staff decides."),
                status=403,
            )
        said = "granted" if grant else "refused"
        changes: dict[Any, Any] = {Redraw.answer: said, Redraw.answered_by: actor.account, Redraw.answered_at: at}
        await Redraw.update(changes).where(Redraw.id == asked["id"])
        if grant:
            await _back(event, drawn["id"], at)
        data = {"draw": drawn["version"]}
        await record(
            event["competition"], f"draw.again-{said}", actor, at, event=event["id"], reason=asked["reason"], data=data
        )


async def _back(event: Mapping[str, Any], drawn: UUID, at: datetime) -> None:
    await Draw.update({Draw.withdrawn: True}).where(Draw.id == drawn)
    await Place.delete().where(Place.event == event["id"])
    changes: dict[Any, Any] = {Event.state: "registration", Event.entered_state: at, Event.version: Event.version + 1}
    await Event.update(changes).where(Event.id == event["id"])


async def _drawn(event: Mapping[str, Any]) -> dict[str, Any]:
    """The draw that counts, held until the caller's transaction ends."""
    await hold(event["competition"])
    now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
    if now["state"] != "drawn":
        raise Refusal(
            "redraw.too-late",
            Words(
                "只有抽签之后、打分开始之前才能重抽。",
                "A draw is held again after it was held and before marking begins.",
            ),
        )
    where = (Draw.event == event["id"]) & Draw.withdrawn.eq(False)
    return await the_row(Draw.select(Draw.id, Draw.version).where(where).first())


async def waiting(drawn: UUID) -> dict[str, Any] | None:
    """The wish to hold this draw again that nobody answered yet."""
    row = await Redraw.select().where((Redraw.draw == drawn) & (Redraw.answer == "")).first()
    return dict(row) if row else None


async def redraws_of(event: UUID) -> list[dict[str, Any]]:
    """Every wish to hold a draw of this event again, with who asked, the oldest first."""
    query = Redraw.select(
        *Redraw.all_columns(), Redraw.asked_by.name.as_alias("name"), Redraw.draw.version.as_alias("version")
    )
    return [dict(row) for row in await query.where(Redraw.draw.event == event).order_by(Redraw.asked_at)]
