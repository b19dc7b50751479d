"""What somebody asks of a list, as the address of the page says it. Whatever an address cannot mean is left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from admin.lists.listing import Listing

LONGEST = 100
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Words to find, a value for each filter, the columns to show, the order, and the page."""

    find: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    """Empty for the usual ones."""
    sort: str = ""
    """A column's id, with a minus before it when it goes down."""
    page: int = 1

    def value(self, filter: str) -> str:
        """What a filter is set to; "" when it is not."""
        return dict(self.filters).get(filter, "")

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.find or self.filters)

    def query(self, **other: Any) -> str:
        """The address of this, or of this with something else; the page is 1 unless it is named."""
        one = replace(self, **{"page": 1, **other})
        parts = [("find", one.find), *one.filters, ("columns", ",".join(one.columns)), ("sort", one.sort)]
        parts.append(("page", str(one.page) if one.page > 1 else ""))
        return urlencode([(name, value) for name, value in parts if value])


def read(listing: Listing, given: Mapping[str, Any]) -> Asked:
    """The question that an address asks. `columns` may come once, with commas, or once for every ticked box."""
    known = {column.id for column in listing.columns}
    several = given.getall("columns", []) if hasattr(given, "getall") else [given.get("columns", "")]
    named = {one for part in several for one in part.split(",")}
    chosen = tuple(column.id for column in listing.columns if column.id in named)
    sort, number = given.get("sort", ""), given.get("page", "1")
    return Asked(
        find=_clean(given.get("find", "")),
        filters=tuple((one.id, _clean(given[one.id])) for one in listing.filters if _clean(given.get(one.id, ""))),
        columns=() if chosen == listing.usual else chosen,
        sort=sort if sort.removeprefix("-") in known else "",
        page=min(int(number), MOST_PAGES) if number.isascii() and number.isdigit() and int(number) else 1,
    )


def _clean(text: str) -> str:
    """Without signs that PostgreSQL keeps no text with."""
    return text.replace("\x00", "").strip()[:LONGEST]
