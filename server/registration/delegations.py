"""The desks of delegations: how far each has come, whose they are, and what a delegation's own headings mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Competition, Delegation, HeadingMapping
from server.ledger import hold, record

COUNTS = """SELECT d.id, d.name, d.name_en,
    (SELECT count(*) FROM entry e WHERE e.delegation = d.id) AS entries,
    (SELECT count(*) FROM member m JOIN entry e ON e.id = m.entry WHERE e.delegation = d.id) AS people,
    (SELECT count(*) FROM intake i WHERE i.delegation = d.id AND i.state = 'previewed') AS waiting,
    (SELECT max(decided) FROM intake i WHERE i.delegation = d.id AND i.state = 'accepted') AS newest
FROM delegation d WHERE d.competition = {} ORDER BY d.name"""


async def with_counts(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every delegation of a competition, how many it has entered, and whether a workbook waits."""
    return [dict(row) for row in await Delegation.raw(COUNTS, competition["id"])]


async def desks_of(actor: Actor) -> list[dict[str, Any]]:
    """The delegations for which this person registers, the newest competition first."""
    if not actor.delegations:
        return []
    query = Delegation.select(
        Delegation.id, Delegation.name, Delegation.name_en, Delegation.competition.as_alias("competition")
    )
    rows = await query.where(Delegation.id.is_in(list(actor.delegations)))
    held = {row["competition"] for row in rows}
    competitions = {row["id"]: row for row in await Competition.select().where(Competition.id.is_in(list(held)))}
    made = [{**row, "competition": dict(competitions[row["competition"]])} for row in rows]
    return sorted(made, key=lambda desk: desk["competition"]["starts"], reverse=True)


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
