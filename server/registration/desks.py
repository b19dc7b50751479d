"""The desks of delegations: all of a competition, and those at which somebody works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.access import Actor
from server.database.tables import Competition, Delegation

COUNTS = """SELECT d.id, d.name, d.name_en,
    (SELECT count(*) FROM entry e WHERE e.delegation = d.id) AS entries,
    (SELECT count(*) FROM member m JOIN entry e ON e.id = m.entry WHERE e.delegation = d.id) AS people,
    (SELECT count(*) FROM intake i WHERE i.delegation = d.id AND i.state = 'previewed') AS waiting,
    (SELECT count(*) FROM application a JOIN application_link l ON l.id = a.link
        WHERE l.delegation = d.id AND a.state = 'waiting') AS applications,
    (SELECT count(*) FROM member m JOIN entry e ON e.id = m.entry JOIN attachment_kind k ON k.competition = d.competition
        AND k.asked AND k.required AND (k.event IS NULL OR k.event = m.event)
        WHERE e.delegation = d.id AND NOT EXISTS
            (SELECT FROM attachment t WHERE t.person = m.person AND t.kind = k.id)) AS papers,
    (SELECT max(decided) FROM intake i WHERE i.delegation = d.id AND i.state = 'accepted') AS newest
FROM delegation d WHERE d.competition = {} ORDER BY d.name"""


async def desks_in(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every delegation of a competition, how many it has entered, what waits, and how many papers are missing."""
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
