"""A long list on a page: a hundred lines at a time, found by words and by delegation, or all of them, to be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from server.paging import matching
from server.web.page import Web

AT_ONCE = 100
"""Lines of a page: some ten kilobytes squeezed."""
MOST_CHOICES = 60
"""Delegations in the choice; where there are more they are found by their words."""
LONGEST = 100
T = TypeVar("T", bound=Mapping[str, Any])


def portion(request: Web, rows: Sequence[T], within: Sequence[str]) -> tuple[Sequence[T], dict[str, Any] | None]:
    """The lines that the address asks for, and what the finder beside them says; no finder where all are one page.

    `find` looks into these columns, `delegation` is exact, `page` counts from 1 and never runs past the end, `all=1` is everybody.
    """
    if len(rows) <= AT_ONCE:
        return rows, None
    asked = request.query_params
    find, of = asked.get("find", "")[:LONGEST].strip(), asked.get("delegation", "")
    names = sorted({row["delegation"] for row in rows}) if "delegation" in within else []
    found: Any = matching(rows, find, within, **({"delegation": of} if names else {}))
    last, page = max(1, -(-len(found) // AT_ONCE)), asked.get("page", "1")
    number = min(max(int(page), 1), last) if page.isdecimal() and len(page) < 6 else 1
    every = asked.get("all") == "1" or last == 1
    first = 0 if every else (number - 1) * AT_ONCE
    shown = found if every else found[first : first + AT_ONCE]

    def address(**more: object) -> str:
        kept = {"find": find, "delegation": of, "lang": asked.get("lang", ""), **more}
        return f"?{urlencode({name: value for name, value in kept.items() if value})}"

    return shown, {
        "find": find,
        "delegation": of,
        "delegations": names if len(names) <= MOST_CHOICES else [],
        "lang": asked.get("lang", ""),
        "narrowed": bool(find or of),
        "from": first + 1 if shown else 0,
        "to": first + len(shown),
        "found": len(found),
        "whole": len(rows),
        "before": address(page=number - 1) if not every and number > 1 else "",
        "after": address(page=number + 1) if not every and number < last else "",
        "every": "" if every else address(all=1),
    }
