"""What a delegation's own headings mean: explained once by a person, remembered for every later workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import HeadingMapping
from server.ledger import hold, record


async def headings_of(delegation: UUID) -> dict[str, str]:
    """Heading → field, as people of this delegation explained them; an empty field is to be ignored."""
    rows = await HeadingMapping.select(HeadingMapping.heading, HeadingMapping.field).where(
        HeadingMapping.delegation == delegation
    )
    return {row["heading"]: row["field"] for row in rows}


async def explain_headings(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    meanings: Mapping[str, str | None],
    actor: Actor,
    at: datetime,
) -> None:
    """Remember what headings mean, for every later workbook of this delegation; None forgets one."""
    async with DB.transaction():
        await hold(competition["id"])
        for heading, field in sorted(meanings.items()):
            mine = (HeadingMapping.delegation == delegation["id"]) & (HeadingMapping.heading == heading)
            await HeadingMapping.delete().where(mine)
            if field is not None:
                row = HeadingMapping(id=uuid4(), delegation=delegation["id"], heading=heading, field=field)
                await HeadingMapping.insert(row)
        data = {"delegation": delegation["name"], "headings": dict(meanings)}
        await record(competition["id"], "headings.explained", actor, at, data=data)
