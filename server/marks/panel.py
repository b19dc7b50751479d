"""Who leaves a panel before it marks, and who leads it: named by a person, never computed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import Words
from server.access import Actor
from server.database.tables import Event, Invitation, Seat
from server.errors import Refusal
from server.ledger import record
from server.marks.planning import LIVE, OPEN, Sitter

CLOSED = Refusal(
    "panel.closed",
    Words("打分已经开始，裁判组不能再这样改。", "Marking has begun; the panel can no longer be changed like this."),
)


async def unseat(event: Mapping[str, Any], account: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """Free a seat within the caller's transaction, which holds the competition. Raises Refusal `panel.closed`."""
    if event["state"] not in OPEN:
        raise CLOSED
    mine = (Seat.event == event["id"]) & (Seat.account == account)
    gone = await Seat.delete().where(mine).returning(Seat.number)
    for row in gone:
        data = {"account": str(account), "seat": f"J{row['number']}"}
        await record(event["competition"], "judge.unseated", actor, at, event=event["id"], reason=reason, data=data)
    await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])


async def make_chief(event: Mapping[str, Any], sitter: Sitter, reason: str, actor: Actor, at: datetime) -> None:
    """Let somebody of the panel lead it, in the place of whoever did, within the caller's transaction.

    The chief is J1: who was J1 takes the number that becomes free. Raises Refusal `panel.closed`.
    """
    if event["state"] not in OPEN:
        raise CLOSED
    live = (Invitation.event == event["id"]) & Invitation.state.is_in(list(LIVE))
    await Invitation.update({Invitation.chief: False}).where(live)
    await Seat.update({Seat.chief: False}).where(Seat.event == event["id"])
    if sitter.invitation:
        await Invitation.update({Invitation.chief: True}).where(Invitation.id == sitter.invitation)
    if sitter.account:
        await lead(event["id"], sitter.account)
    data = {"name": sitter.label, "judge": str(sitter.judge or "")}
    await record(event["competition"], "panel.chief", actor, at, event=event["id"], reason=reason, data=data)
    await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])


async def lead(event: UUID, account: UUID) -> None:
    """Make a seat the chief's and give it the first number, within the caller's transaction."""
    of_event = Seat.event == event
    numbers = {row["account"]: row["number"] for row in await Seat.select().where(of_event)}
    first = next((who for who, number in numbers.items() if number == 1), None)
    changes: dict[Any, Any] = {Seat.chief: True, Seat.number: 0}
    await Seat.update(changes).where(of_event & (Seat.account == account))
    if first and first != account:
        await Seat.update({Seat.number: numbers[account]}).where(of_event & (Seat.account == first))
    await Seat.update({Seat.number: 1}).where(of_event & (Seat.account == account))
