"""Asks the database for the part of a list that is shown: narrowed, ordered and cut into pages there, never here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from admin.lists.asked import Asked
from admin.lists.listing import Column, Listing
from server.database.tables import Competition

PAGE = 50
MOST_CHOICES = 500
MOST_WRITTEN = 100_000
"""Rows that a workbook takes; an .xlsx can hold a million, a spreadsheet program on an office machine cannot."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list and how many rows the filters find."""

    rows: list[dict[str, Any]]
    found: int
    page: int


def columns_of(listing: Listing, asked: Asked) -> tuple[Column, ...]:
    """The columns that are shown, in the listing's order."""
    wanted = asked.columns or listing.usual
    return tuple(column for column in listing.columns if column.id in wanted)


async def page_of(listing: Listing, asked: Asked, competition: UUID, lang: str, size: int = PAGE) -> Rows:
    """The page that was asked for; the last one where there are not so many."""
    where, values = _where(listing, asked)
    counted = await Competition.raw(f"SELECT count(*) AS n FROM {listing.source}{where}", competition, *values)
    found = counted[0]["n"]
    number = min(asked.page, max(1, -(-found // size)))
    rows = await _rows(listing, asked, competition, lang, size, (number - 1) * size) if found else []
    return Rows(rows, found, number)


async def all_of(listing: Listing, asked: Asked, competition: UUID, lang: str) -> list[dict[str, Any]]:
    """Every row that the filters find, in order."""
    return await _rows(listing, asked, competition, lang, MOST_WRITTEN, 0)


async def ids_of(listing: Listing, asked: Asked, competition: UUID, beside: Column) -> list[tuple[UUID, Any]]:
    """The id of every row that the filters find, in the listing's order, with what one column says."""
    where, values = _where(listing, asked)
    told = f"{dict(listing.needs)['id']} AS id, {beside.sql} AS beside"
    query = f"SELECT {told} FROM {listing.source}{where} ORDER BY {listing.order}"
    return [(row["id"], row["beside"]) for row in await Competition.raw(query, competition, *values)]


async def cells_of(
    listing: Listing, columns: Sequence[Column], competition: UUID, ids: Sequence[UUID], lang: str
) -> dict[UUID, dict[str, Any]]:
    """What these columns say of rows that were found already, by their `id` (which the listing names under `needs`)."""
    if not columns or not ids:
        return {}
    id = dict(listing.needs)["id"]
    told = ", ".join([f"{id} AS row_id", *(f"{_sql(one, lang)} AS {one.id}" for one in columns)])
    rows = await Competition.raw(f"SELECT {told} FROM {listing.source} AND {id} = ANY({{}})", competition, list(ids))
    return {row["row_id"]: row for row in rows}


async def choices_of(listing: Listing, competition: UUID) -> dict[str, list[tuple[str, str]]]:
    """Filter → the values that occur, each with what it is called; only for filters whose choices are not known."""
    found = {}
    for one in listing.filters:
        if one.words is None:
            label = one.label or one.sql
            query = (
                f"SELECT DISTINCT ({one.sql})::text AS value, {label} AS label FROM {listing.source}"
                f" AND ({one.sql})::text <> '' ORDER BY 2 LIMIT {MOST_CHOICES}"
            )
            found[one.id] = [(row["value"], row["label"]) for row in await Competition.raw(query, competition)]
    return found


async def _rows(
    listing: Listing, asked: Asked, competition: UUID, lang: str, size: int, skipped: int
) -> list[dict[str, Any]]:
    shown = columns_of(listing, asked)
    wanted = {column.id for column in shown} | {column.below for column in shown if column.below}
    told = [f"{_sql(one, lang)} AS {one.id}" for one in listing.columns if one.id in wanted]
    told += [f"{sql} AS {name}" for name, sql in listing.needs]
    where, values = _where(listing, asked)
    query = f"SELECT {', '.join(told)} FROM {listing.source}{where} ORDER BY {order_of(listing, asked, lang)}"
    rows = await Competition.raw(f"{query} LIMIT {size} OFFSET {skipped}", competition, *values)
    return [dict(row) for row in rows]


def _where(listing: Listing, asked: Asked) -> tuple[str, list[Any]]:
    """The conditions, and their values in the order of the gaps; the source ends with a condition of its own."""
    text, values = "", []
    for one in listing.filters:
        if value := asked.value(one.id):
            text += f" AND ({one.sql})::text = {{}}"
            values.append(value)
    if asked.find:
        pattern = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in asked.find)
        text += f" AND ({listing.find})"
        values += [f"%{pattern}%"] * listing.find.count("{}")
    return text, values


def order_of(listing: Listing, asked: Asked, lang: str) -> str:
    """The order that was asked for, as SQL; it ends with something unique."""
    column = listing.column(asked.sort.removeprefix("-"))
    if column is None:
        return listing.order
    return f"{_sql(column, lang)}{' DESC' if asked.sort.startswith('-') else ''} NULLS LAST, {listing.order}"


def _sql(column: Column, lang: str) -> str:
    return column.sql_en if lang == "en" and column.sql_en else column.sql


def told(value: Any, column: Column, lang: str) -> Any:
    """A value as a person reads it: what has a name is called by it, everything else stays what it is."""
    if column.words is not None and isinstance(value, str) and value in column.words:
        words: Mapping[str, str] = {"zh": column.words[value].zh, "en": column.words[value].en}
        return words[lang]
    return value
