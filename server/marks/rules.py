"""What a mark is checked against, kept per process and loaded anew when the event's version has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import asyncpg

from scoring.marks import Scheme, scheme_from_data
from server.competitions.flow import policy_of

SCHEMES = "SELECT id, version, scheme, policy, policy_text, policy_fingerprint FROM event WHERE id = ANY($1::uuid[])"
SEATS = "SELECT event, account, number FROM seat WHERE event = ANY($1::uuid[])"
PLACES = """
SELECT event, code FROM place WHERE event = ANY($1::uuid[])
UNION SELECT event, jsonb_array_elements_text(codes) FROM draw WHERE event = ANY($1::uuid[]) AND NOT withdrawn
"""
"""Work codes; while custodians keep the layers of a draw, only the draw itself knows them."""

Cell = tuple[UUID, str, str, UUID | None]


@dataclass(frozen=True, slots=True)
class EventRules:
    """One event as its marks see it: nothing in here names a person."""

    version: int
    scheme: Scheme
    labels: dict[UUID, str]
    """Account of a judge → J1, J2 …"""
    panel: frozenset[str]
    entries: frozenset[str]
    once: frozenset[str]
    """Aspects that the panel records once."""
    spread: int
    """How far apart judged scores may be, in hundredths of one."""


class Rules:
    """The rules of every event that marks have come for."""

    def __init__(self) -> None:
        self._events: dict[UUID, EventRules] = {}

    def of(self, event: UUID) -> EventRules:
        """The rules of an event that `renewed` was asked about."""
        return self._events[event]

    def cell(self, event: UUID, entry: str, aspect: str, judge: UUID) -> Cell:
        """The cell that a mark belongs to; without a judge where the panel records once."""
        known = self._events.get(event)
        return (event, entry, aspect, None if known and aspect in known.once else judge)

    async def renewed(self, connection: asyncpg.Connection, versions: Mapping[UUID, int]) -> bool:
        """Load the events whose version is not the one at hand; whether there were any."""
        old = [event for event, version in versions.items() if not self._is_current(event, version)]
        if old:
            await self._load(connection, old)
        return bool(old)

    def _is_current(self, event: UUID, version: int) -> bool:
        return event in self._events and self._events[event].version == version

    async def _load(self, connection: asyncpg.Connection, events: list[UUID]) -> None:
        schemes = await connection.fetch(
            SCHEMES, events
        )  # first: what changes after it has a newer version, and is loaded again
        seats = await connection.fetch(SEATS, events)
        places = await connection.fetch(PLACES, events)
        for row in schemes:
            labels = {seat["account"]: f"J{seat['number']}" for seat in seats if seat["event"] == row["id"]}
            scheme = _scheme(row["scheme"])
            self._events[row["id"]] = EventRules(
                version=row["version"],
                scheme=scheme,
                labels=labels,
                panel=frozenset(labels.values()),
                entries=frozenset(place["code"] for place in places if place["event"] == row["id"]),
                once=frozenset(aspect.id for aspect in scheme.aspects if aspect.recorded == "one"),
                spread=policy_of(row).marking.spread if row["policy"] else 0,
            )


@lru_cache(maxsize=256)
def _scheme(text: str) -> Scheme:
    """Read and checked once for what it says: eight milliseconds in which nobody else's mark is stored."""
    data = json.loads(text)
    return scheme_from_data(data) if data else Scheme(name="", modules=(), criteria=())
