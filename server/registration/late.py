"""Late entries: once registration has closed, a delegation enters only where a supervisor let it, for a reason, until a moment.

That holds for the organiser's staff as well: whoever types a late form in needs the same permission. It stands in the
ledger of decisions and nowhere else; the newest of a delegation counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Decision, Delegation
from server.errors import Refusal, explained, missing
from server.ledger import hold, record
from server.registration.window import window
from server.web.words import both

LET = "registration.late"
MOST_REASON = 500
NO_REASON = Refusal(
    "late.reason",
    Words("请写明理由，最多 500 字。", "Say why, in at most 500 characters."),
    Words("理由会记入操作记录。", "It is kept in the ledger."),
    status=422,
)
NEWEST = """SELECT DISTINCT ON (data ->> 'delegation') data ->> 'delegation' AS delegation, data ->> 'until' AS until,
    reason, actor_name, at
FROM decision WHERE competition = {} AND kind = {} ORDER BY data ->> 'delegation', sequence DESC"""


@dataclass(frozen=True, slots=True)
class Late:
    """A delegation that may enter after the close: until when, why, and who said so when."""

    until: datetime
    reason: str
    by: str
    at: datetime


async def late_of(competition: Mapping[str, Any]) -> dict[UUID, Late]:
    """The newest permission of every delegation that was ever given one."""
    rows = await Decision.raw(NEWEST, competition["id"], LET)
    return {
        UUID(row["delegation"]): Late(datetime.fromisoformat(row["until"]), row["reason"], row["actor_name"], row["at"])
        for row in rows
    }


async def let_late(
    competition: Mapping[str, Any], delegation: UUID, until: datetime | None, reason: str, actor: Actor, at: datetime
) -> None:
    """Let a delegation enter until a moment although registration has closed. Whoever calls has asked for a supervisor.

    Raises Refusal `not-found`, `late.reason`, `late.until` for a moment that is not to come, `late.open` before the close.
    """
    closes = competition["registration_closes"]
    if not closes or at <= closes:
        raise Refusal(
            "late.open", Words("报名还没有截止，不用放行。", "Registration is open; there is nothing to permit.")
        )
    reason = explained(reason, MOST_REASON, NO_REASON)
    if until is None or until <= at:
        words = Words("请写明放行到什么时候。", "Say until when they may enter.")
        raise Refusal("late.until", words, Words("要晚于现在。", "It has to be later than now."), status=422)
    async with DB.transaction():
        await hold(competition["id"])
        here = (Delegation.id == delegation) & (Delegation.competition == competition["id"])
        row = await Delegation.select(Delegation.name).where(here).first()
        if not row:
            raise missing(Words("这个代表队", "delegation"))
        data = {"delegation": str(delegation), "name": row["name"], "until": until.isoformat()}
        await record(competition["id"], LET, actor, at, reason=reason, data=data)


async def may_enter(competition: Mapping[str, Any], delegation: UUID, actor: Actor, at: datetime) -> Yes | No:
    """Whether somebody may enter for this delegation at that moment: within the window, or by a supervisor's permission."""
    closes = competition["registration_closes"]
    if not closes or at <= closes:
        return window(competition, actor, at)
    late = (await late_of(competition)).get(delegation)
    if late and at <= late.until:
        return Yes(LET)
    when = both(closes, competition["time_zone"])
    return No(
        "registration.over",
        Words(
            f"报名已于 {when.zh} 截止；之后要监督写明理由放行。",
            f"Registration closed at {when.en}; after that a supervisor has to permit it with a reason.",
        ),
    )


async def may_bring(competition: Mapping[str, Any], delegation: UUID, actor: Actor, at: datetime) -> Yes | No:
    """Whether photos and papers may be brought: by staff at any time, by clerks for as long as they may enter somebody."""
    now = window(competition, actor, at)
    return now if isinstance(now, Yes) else await may_enter(competition, delegation, actor, at)
