"""Changing an event whose registration is open: where its hall has become larger, whoever waits comes in at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from server.access import Actor
from server.competitions.editing import edit_event
from server.competitions.facts import EventEdit
from server.database.piccolo_conf import DB
from server.database.tables import ReviewAct
from server.registration.naming import entry_id
from server.registration.waiting import ADMITTED, admit

WHO = """SELECT a.number, v.code, array_agg(p.name ORDER BY m.id) AS names FROM review_act a
JOIN event v ON v.id = a.event JOIN member m ON m.entry = a.entry JOIN person p ON p.id = m.person
WHERE a.competition = {} AND a.batch = {} AND a.act = {} GROUP BY a.event, v.code, a.number ORDER BY v.code, a.number"""


async def resize(
    competition: Mapping[str, Any], event: Mapping[str, Any], edit: EventEdit, actor: Actor, at: datetime
) -> tuple[int, UUID | None, list[str]]:
    """Change the facts of an event and admit who waits, in the order of the waiting list and in one transaction.

    Its version, and where anybody was admitted the batch and their numbers (`M01-007`). Raises Refusal as `edit_event` does.
    """
    async with DB.transaction():
        version = await edit_event(competition, event, edit, actor, at)
        batch, admitted = await admit(competition, actor, at)
    return version, batch if admitted else None, admitted


async def admitted_in(competition: UUID, batch: UUID) -> list[str]:
    """Who was admitted from the waiting list in one batch, as `M01-007 张三`."""
    rows = await ReviewAct.raw(WHO, competition, batch, ADMITTED)
    return [f"{entry_id(row, row['number'])} {'、'.join(row['names'])}" for row in rows]
