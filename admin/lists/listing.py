"""What a list is: a value that says where its rows come from, which columns it has, and by what they are found.

Every piece of SQL in a listing was written here or beside it, never by a visitor; what a visitor asks travels as a
parameter. A listing knows one competition, whose id is the first parameter of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.verdict import Words


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` says how its value is written: text, whole, share (hundredths of a percent), marks (hundredths), moment
    or words."""

    id: str
    heading: Words
    sql: str
    kind: str = "text"
    sql_en: str = ""
    """Where the English page reads something else."""
    words: Mapping[str, Words] | None = None
    """What the values are called; a value that is not there stands as it is."""
    below: str = ""
    """The column whose value stands under this one on the page; in a workbook it has a column of its own."""
    plain: bool = False
    """Not shown until somebody chooses it."""
    looks: Mapping[str, tuple[str, str]] | None = None
    """How a value stands out on the page: the class of its pill and its icon."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice over the list. With `words` the choices are known; otherwise they are whatever occurs."""

    id: str
    heading: Words
    sql: str
    label: str = ""
    words: Mapping[str, Words] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. `find` is a condition with one gap for every place that is searched; `order` ends with something unique."""

    id: str
    title: Words
    told: Words
    source: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    find: str
    hint: Words
    order: str
    address: Callable[[Mapping[str, Any], str], str] | None = None
    """The way from a row to its own page; its second argument is the office of the competition."""
    needs: tuple[tuple[str, str], ...] = ()
    """What the address needs besides the columns: name and SQL."""
    desk: str = ""
    """The page of the office where this list is worked on, where that is not a page of lists."""

    def column(self, id: str) -> Column | None:
        """The column of this id."""
        return next((column for column in self.columns if column.id == id), None)

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns that are shown when nobody chose."""
        return tuple(column.id for column in self.columns if not column.plain)
