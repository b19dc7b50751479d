"""A report that counts: a value that says what is counted, by what, and which of it is drawn as bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin.lists.listing import Column
from scoring.verdict import Words
from server.database.tables import Competition

NOTHING_SAID = Words("（未填）", "(not given)")


@dataclass(frozen=True, slots=True)
class Dimension:
    """By what a report counts. `order` sorts the rows; empty for the most first."""

    id: str
    heading: Words
    sql: str
    sql_en: str = ""
    words: Mapping[str, Words] | None = None
    order: str = ""


@dataclass(frozen=True, slots=True)
class Counting:
    """A report. Each measure is a column whose SQL counts; `drawn` are those that a bar is made of, one after the other."""

    id: str
    title: Words
    told: Words
    source: str
    by: tuple[Dimension, ...]
    measures: tuple[Column, ...]
    drawn: tuple[str, ...]
    notes: tuple[Words, ...] = ()

    def dimension(self, id: str) -> Dimension:
        """The dimension of this id; the first when there is none."""
        return next((one for one in self.by if one.id == id), self.by[0])


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows by one dimension, and everything together, which is not the sum where people enter twice."""

    by: Dimension
    rows: list[dict[str, Any]]
    total: dict[str, Any]


async def counted(report: Counting, by: Dimension, competition: UUID, lang: str) -> Counted:
    """What a report says by one dimension."""
    key = by.sql_en if lang == "en" and by.sql_en else by.sql
    measures = ", ".join(f"{one.sql} AS {one.id}" for one in report.measures)
    order = by.order or f"{report.measures[0].id} DESC"
    query = f"SELECT {key} AS key, {measures} FROM {report.source} GROUP BY 1 ORDER BY {order}, 1"
    rows = [dict(row) for row in await Competition.raw(query, competition)]
    (total,) = await Competition.raw(f"SELECT {measures} FROM {report.source}", competition)
    return Counted(by, [{**row, "key": _named(row["key"], by, lang)} for row in rows], dict(total))


def columns_of(report: Counting, by: Dimension) -> tuple[Column, ...]:
    """The columns of the table: what is counted by, then every measure."""
    return (Column("key", by.heading, by.sql), *report.measures)


def _named(key: Any, by: Dimension, lang: str) -> str:
    words = (by.words or {}).get(key)
    if words is None:
        words = Words(str(key), str(key)) if key not in (None, "") else NOTHING_SAID
    return words.en if lang == "en" else words.zh
