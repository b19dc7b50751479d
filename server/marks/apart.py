"""Panels that have come apart: cells that everybody on the panel has scored, further apart than the policy's `marking.spread`.

What follows from it is for scoring.rounds to say, and the shift says it; this is only asked so that nobody waits for the next look.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from scoring.marks import ALL, JUDGED
from server.marks.rules import Rules

APART = """
SELECT c.event
FROM (
    SELECT m.event, m.entry, m.aspect, moved.spread, bool_or(m.conflict) AS doubtful
    FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS moved (event, seen, spread)
    JOIN mark m ON m.event = moved.event AND m.sequence > moved.seen
    JOIN unnest($4::uuid[], $5::text[]) AS judged (event, aspect) ON judged.event = m.event AND judged.aspect = m.aspect
    GROUP BY m.event, m.entry, m.aspect, moved.spread
) AS c
JOIN seat s ON s.event = c.event
LEFT JOIN LATERAL (
    SELECT value, round FROM mark m
    WHERE m.event = c.event AND m.entry = c.entry AND m.aspect = c.aspect AND m.judge = s.account
    ORDER BY sequence DESC LIMIT 1
) AS last ON true
GROUP BY c.event, c.entry, c.aspect, c.spread, c.doubtful
HAVING count(last.value) = count(*)
    AND (c.doubtful OR min(last.round) = max(last.round) AND max(last.value) - min(last.value) > c.spread)
"""
"""The cells with a mark after `seen` in which all have given a score of the same round, too far apart; and those with one in doubt,
which may have come late and hide how far apart they are."""


async def came_apart(connection: asyncpg.Connection, seen: Mapping[UUID, int], rules: Rules) -> list[UUID]:
    """The event of each cell that came apart by the marks after the sequences in `seen`; `rules` has these events."""
    judged = [
        (event, aspect.id)
        for event in seen
        for aspect in rules.of(event).scheme.aspects
        if aspect.kind == JUDGED and aspect.recorded == ALL
    ]
    if not judged:
        return []
    spreads, cells = [rules.of(event).spread for event in seen], [list(column) for column in zip(*judged, strict=True)]
    rows = await connection.fetch(APART, list(seen), list(seen.values()), spreads, *cells)
    return [row["event"] for row in rows]
