"""Rows that must be there."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any


async def the_row(first: Awaitable[Any]) -> dict[str, Any]:
    """The row of a query that cannot be empty: a head, a counter, an event that was found a moment ago."""
    row = await first
    if row is None:
        raise LookupError("a row that must be there is missing: the database is damaged")
    return dict(row)
