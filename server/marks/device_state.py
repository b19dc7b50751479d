"""How a tablet is doing, and what about it asks for somebody, from what it last told of itself.

A tablet tells every minute that it is there. One that is silent for QUIET is *away*; for GONE with nothing unsent on it, it has
been put away, which asks for nobody. What waits is counted from when the server heard of that very mark first, so that a judge
who marks all the time does not look stuck, and a tablet's wrong clock changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from scoring.verdict import Words
from server.database.tables import Device, Seat
from server.errors import Refusal

QUIET = timedelta(minutes=3)
GONE = timedelta(hours=2)
LOW = 20
"""Per cent of battery at which a tablet that is not charged should be."""
LONG = timedelta(minutes=5)
"""How long something may wait on a tablet that answers."""
BATTERY, AWAY, UNSENT = "battery", "away", "unsent"


@dataclass(frozen=True, slots=True)
class State:
    """Minutes since it was seen (None: never), whether it is away, minutes that its oldest mark waits, and what worries."""

    silent: int | None
    away: bool
    low: bool
    waits: int | None
    worries: tuple[str, ...]


def state_of(row: Mapping[str, Any], now: datetime) -> State:
    """How the tablet of this row is doing; one that was revoked worries nobody."""
    silent = now - row["seen"] if row["seen"] else None
    away = silent is None or silent > QUIET
    low = row["battery"] is not None and row["battery"] <= LOW and not row["charging"]
    waits = now - row["waits"] if row["waits"] and row["unsent"] else None
    gone = silent is None or silent > GONE
    worries = [
        name
        for name, here in (
            (AWAY, away and (row["unsent"] or (row["account"] and not gone))),
            (UNSENT, not away and waits is not None and waits >= LONG),
            (BATTERY, low and not gone),
        )
        if here
    ]
    return State(_minutes(silent), away, low, _minutes(waits), () if row["revoked"] else tuple(worries))


async def tablets_of(event: Mapping[str, Any], labels: Mapping[UUID, str], now: datetime) -> list[dict[str, Any]]:
    """The tablets of an event's hall as plain values: paired with it, or in the hands of its panel; those that worry first."""
    here = (Device.event == event["id"]) | Device.account.is_in(list(labels) or [event["id"]])
    query = Device.select().where((Device.competition == event["competition"]) & here & Device.revoked.is_null())
    return _sorted([_told(dict(row), labels, now) for row in await query.order_by(Device.number)])


async def unsent_each(events: Sequence[Mapping[str, Any]]) -> dict[UUID, list[dict[str, Any]]]:
    """Of each event the tablets of its hall that said last that they hold what the server has no answer for: how much, when they said so,
    in whose hands. One that was revoked is among them: it sends nothing any more, and its codes can still be read.
    """
    found: dict[UUID, list[dict[str, Any]]] = {event["id"]: [] for event in events}
    if not events:
        return found
    here = Device.competition.is_in(list({event["competition"] for event in events})) & (Device.unsent > 0)
    rows = await Device.select().where(here).order_by(Device.number)
    if not rows:
        return found
    held = Seat.event.is_in(list(found))
    seats = {(seat["event"], seat["account"]): f"J{seat['number']}" for seat in await Seat.select().where(held)}
    for row in rows:
        told = {**{name: row[name] for name in ("number", "unsent", "seen")}, "revoked": row["revoked"] is not None}
        for event in found:
            seat = seats.get((event, row["account"]), "")
            if seat or row["event"] == event:
                found[event].append({**told, "seat": seat})
    return found


def not_all_sent(tablets: Sequence[Mapping[str, Any]]) -> Refusal:
    """What whoever seals has to know first; `knows` with the numbers of these tablets says that they do."""
    zh = "、".join(f"{one['number']} 号平板 {one['unsent']} 条" for one in tablets)
    en = ", ".join(f"{one['unsent']} on tablet {one['number']}" for one in tablets)
    return Refusal(
        "marks.unsent",
        Words(f"还有没发出的分数：{zh}。", f"Some marks have not come in: {en}."),
        Words(
            "把平板拿到有网络的地方，或读取它的救援码；确实要现在封存，就勾选已知晓。",
            "Bring the tablet to where it has a network, or read its rescue codes; to seal all the same, tick that you know.",
        ),
        status=409,
    )


def _told(row: Mapping[str, Any], labels: Mapping[UUID, str], now: datetime) -> dict[str, Any]:
    state = state_of(row, now)
    return {
        **{name: row[name] for name in ("number", "seen", "unsent", "battery", "charging")},
        "seat": labels.get(row["account"], ""),
        **{name: getattr(state, name) for name in ("silent", "away", "low", "waits")},
        "worries": list(state.worries),
    }


def _sorted(tablets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(tablets, key=lambda one: (not one["worries"], one["number"]))


def _minutes(span: timedelta | None) -> int | None:
    return None if span is None else max(0, int(span.total_seconds()) // 60)
