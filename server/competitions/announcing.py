"""When the public learns of a competition: with the first event whose registration opens. Until then only those who work
in its office see it, so that an organiser can prepare in peace, and no other organiser reads along.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from scoring.verdict import Words, Yes
from server.access import Actor, Scope, office
from server.database.tables import Competition, Event
from server.errors import missing

LISTED = (
    Competition.slug, Competition.edition, Competition.name, Competition.name_en, Competition.tier, Competition.starts, Competition.ends,
)  # fmt: skip


async def announced() -> frozenset[UUID]:
    """The competitions that the public knows of."""
    rows = await Event.select(Event.competition).where(Event.state != "setup")
    return frozenset(row["competition"] for row in rows)


async def known_competitions() -> list[dict[str, Any]]:
    """The competitions that the public knows of, newest first."""
    known = list(await announced())
    if not known:
        return []
    query = Competition.select(*LISTED).where(Competition.id.is_in(known))
    return [dict(row) for row in await query.order_by(Competition.starts, Competition.edition, ascending=False)]


async def show(scope: Scope, actor: Actor) -> None:
    """Raises Refusal `not-found` for a competition that is still being prepared, unless its office asks."""
    assert scope.competition is not None  # the address names one
    if isinstance(office(actor, scope), Yes):
        return
    if not await Event.exists().where((Event.competition == scope.competition["id"]) & (Event.state != "setup")):
        raise missing(Words("这项竞赛", "competition"))
