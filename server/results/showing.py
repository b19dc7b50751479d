"""What a live board says of one event, as data in both languages: computed once for everybody who looks.

Before the publication there are work codes and nothing else; when it is public the board says what was published. While
a board is frozen it says what was so at that moment, whatever happened since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from server.database.rows import the_row
from server.database.tables import Event
from server.registration.flags import flags_of, with_flags
from server.results.flow import snapshot_of
from server.results.public import STATES
from server.results.running import Running, running

SEEN = """SELECT e.id, e.code, e.version, e.state, h.sequence, b.version AS board, b.shows, b.freezes, b.revealed,
    (SELECT max(s.version) FROM snapshot s WHERE s.event = e.id) AS snapshot,
    b.revealed IS NULL AND b.freezes <= (SELECT s.at FROM snapshot s WHERE s.event = e.id AND s.version = 1) AS held, g.flags
FROM event e JOIN mark_head h ON h.id = e.id LEFT JOIN board b ON b.event = e.id
    CROSS JOIN (SELECT count(*) || ' ' || coalesce(max(f.at)::text, '') AS flags
        FROM flag f JOIN delegation d ON d.id = f.delegation WHERE d.competition = {}) g
WHERE e.competition = {} ORDER BY e.code"""
"""Everything that tells whether a board says the same as before, for all events of a competition in one look."""
Seen = Mapping[str, Any]


async def look(competition: UUID) -> list[dict[str, Any]]:
    """How every event of a competition stands now."""
    return [dict(row) for row in await Event.raw(SEEN, competition, competition)]


def frozen_since(seen: Seen, now: datetime) -> datetime | None:
    """When the board froze, while it is frozen."""
    freezes = seen["freezes"]
    if not freezes or freezes > now or seen["revealed"] or (_is_public(seen) and not seen["held"]):
        return None
    return freezes if isinstance(freezes, datetime) else None


def _is_public(seen: Seen) -> bool:
    return STATES[seen["state"]] in ("published", "final")


class Shown:
    """One event on a board, with what it was computed from."""

    def __init__(self) -> None:
        self._running: Running | None = None
        self._known: tuple[Any, ...] = ()
        self._sequence = -1
        self.content: dict[str, Any] = {}

    def gaining(self, seen: Seen, now: datetime) -> Running | None:
        """What has to read on in the ledger, where nothing else has changed."""
        since = frozen_since(seen, now)
        gained = seen["sequence"] != self._sequence and since is None
        return self._running if gained and not self.is_old(seen, now) else None

    def is_old(self, seen: Seen, now: datetime) -> bool:
        """Whether anything else has changed."""
        return self._known != _known(seen, frozen_since(seen, now))

    async def renew(self, competition: Mapping[str, Any], seen: Seen, now: datetime) -> bool:
        """Say what is so now, after `gaining` has read on; whether that is something else than before."""
        since = frozen_since(seen, now)
        if self.is_old(seen, now):
            event = await the_row(Event.select().where(Event.id == seen["id"]).output(load_json=True).first())
            published = _is_public(seen) and not seen["held"]
            until = None if seen["revealed"] else seen["freezes"]  # said beforehand, so that not one mark slips in
            self._running = None if published else await running(event, until)
            content = (
                await _published(competition, event) if published else _under_way(event, seen, self._running, since)
            )
        elif self._running:
            content = {**self.content, **_figures(self._running, seen["shows"])}
        else:
            return False
        self._known, self._sequence = _known(seen, since), seen["sequence"]
        changed, self.content = content != self.content, content
        return changed


def _known(seen: Seen, since: datetime | None) -> tuple[Any, ...]:
    """What else than new marks makes a board say something else."""
    return seen["version"], seen["board"], seen["snapshot"], seen["flags"], since


def _named(event: Mapping[str, Any]) -> dict[str, Any]:
    names = ("code", "name", "name_en", "category", "category_en", "team_size")
    return {name: event[name] for name in names}


def _under_way(event: Mapping[str, Any], seen: Seen, now: Running | None, since: datetime | None) -> dict[str, Any]:
    state = STATES[event["state"]]
    told = {
        **_named(event),
        "state": "under-way" if state in ("published", "final") else state,
        "marking": event["state"] == "marking" or bool(since),
        "frozen": since.isoformat() if since else None,
    }
    nothing = {"entries": 0, "finished": 0, "percent": 0, "standings": [], "shows": seen["shows"]}
    return {**told, **(_figures(now, seen["shows"]) if now else nothing)}


def _figures(now: Running, shows: str) -> dict[str, Any]:
    lines = now.standings() if shows == "standings" else ()
    return {
        "shows": shows,
        "entries": now.entries,
        "finished": now.finished,
        "percent": now.percent,
        "standings": [
            {"rank": one.rank, "code": one.entry, "total": one.total, "tied": bool(one.tied)} for one in lines
        ],
    }


async def _published(competition: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    snapshot = await the_row(snapshot_of(event["id"]))
    rows = snapshot["content"]["rows"]
    return {
        **_named(event),
        "state": STATES[event["state"]],
        "marking": False,
        "frozen": None,
        "shows": "results",
        "entries": len(rows),
        "finished": len(rows),
        "percent": 100,
        "until": snapshot["notice_until"].isoformat(),
        "standings": with_flags(
            [
                {
                    "rank": row["rank"],
                    "name": "、".join(member["name"] for member in row["members"]),
                    "delegation": row["delegation"],
                    "total": row["total"],
                    "tied": bool(row["tied"]),
                    "award": row["award"],
                }
                for row in rows
                if row["rank"]
            ],
            await flags_of(competition),
        ),
    }
