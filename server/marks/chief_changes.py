"""What chief judges changed on their own panels, and why: for the office, and for the chief.

A change is told to the office until the judge who was taken in has been asked, which only the office can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.database.tables import Decision, Invitation


@dataclass(frozen=True, slots=True)
class Change:
    """One change: who came, instead of whom ("" for an open seat), why, by whom and when."""

    event: UUID
    came: str
    judge: UUID
    went: str
    reason: str
    by: str
    at: datetime


async def changes_of(competition: UUID, event: UUID | None = None) -> list[Change]:
    """Every change by a chief judge, the newest first; of one event, or of all."""
    where = (Decision.competition == competition) & (Decision.kind == "panel.changed")
    if event:
        where = where & (Decision.event == event)
    rows = await Decision.select().where(where).order_by(Decision.sequence, ascending=False).output(load_json=True)
    return [_change(row) for row in rows if row["data"].get("by") == "chief"]


async def not_asked_yet(competition: UUID) -> list[Change]:
    """The changes whose newcomer is still to be sent a link."""
    changes = await changes_of(competition)
    if not changes:
        return []
    still = (Invitation.state == "proposed") & Invitation.event.is_in(list({one.event for one in changes}))
    waiting = {(row["event"], row["judge"]) for row in await Invitation.select().where(still)}
    newest = {(one.event, one.judge): one for one in reversed(changes)}
    return [one for pair, one in newest.items() if pair in waiting]


def _change(row: Mapping[str, Any]) -> Change:
    data = row["data"]
    return Change(
        row["event"], data["in"], UUID(data["judge"]), data["out"], row["reason"], row["actor_name"], row["at"]
    )
