"""At the draw whoever was not approved leaves the list: what they entered is sealed beside the act, and nobody after the draw meets them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import Actor
from server.database.bulk import delete_rows, insert_rows
from server.database.tables import Entry, Member, ReviewAct
from server.ledger import record
from server.registration.arriving import nobody_arrived
from server.registration.naming import entry_id
from server.sealing import Sealer


async def depart(event: Mapping[str, Any], sealer: Sealer | None, actor: Actor, at: datetime) -> list[str]:
    """Take out of an event who waits or was rejected, within the caller's transaction; their numbers, as `M01-007`.

    Raises Refusal `check-in.arrived` for somebody who was seen at the door already.
    """
    query = Entry.select().where((Entry.event == event["id"]) & (Entry.state != "approved")).order_by(Entry.number)
    entries = await query
    if not entries:
        return []
    if sealer is None:
        raise ValueError("what departs is sealed: a draw with people who wait needs the installation's key")
    members = await Member.select().where(Member.entry.is_in([row["id"] for row in entries]))
    await nobody_arrived([row["id"] for row in members])
    batch = uuid4()
    own: dict[UUID, list[dict[str, Any]]] = {}
    for one in members:
        own.setdefault(one["entry"], []).append(dict(one))
    acts = [_act(event, row, own.get(row["id"], []), batch, sealer, actor, at) for row in entries]
    await insert_rows(ReviewAct, acts)
    await delete_rows(Member, [row["id"] for row in members])
    await delete_rows(Entry, [row["id"] for row in entries])
    numbers = [entry_id(event, row["number"]) for row in entries]
    data = {"batch": str(batch), "entries": numbers, "states": [row["state"] for row in entries]}
    await record(event["competition"], "entries.departed", actor, at, event=event["id"], data=data)
    return numbers


def _act(
    event: Mapping[str, Any],
    row: Mapping[str, Any],
    own: Sequence[Mapping[str, Any]],
    batch: UUID,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    id = uuid4()
    rows = json.dumps({"entry": dict(row), "members": own}, ensure_ascii=False, default=str)
    return {
        "id": id, "competition": event["competition"], "event": event["id"], "delegation": row["delegation"], "entry": row["id"],
        "number": row["number"], "batch": batch, "act": "departed", "state_before": row["state"], "step_before": row["step"],
        "state_after": "departed", "step_after": row["step"], "version": row["version"] + 1, "reason": "", "by_name": actor.name, "at": at,
        "sealed": sealer.seal(rows, f"departed:{id}"),
    }  # fmt: skip
