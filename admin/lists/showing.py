"""Turns a list into what its page draws: chips, choices, headings that order, cells, pages, views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from admin.lists.asked import Asked, read
from admin.lists.listing import Column, Filter, Listing
from admin.lists.loading import PAGE, Rows, choices_of, columns_of, page_of, told
from admin.lists.views import views_of
from server.access import Actor
from server.web.page import Web, lang_of, spoken
from server.web.words import number, written

RIGHT = ("whole", "share", "marks")
SHORT = 10  # characters of a cell that is not broken over two lines: a number, a code, a name of two to five characters


async def shown(request: Web, listing: Listing, url: str, office: str = "", kept: str = "") -> dict[str, Any]:
    """Everything that a list's template is given; `office` is where a row's own page is, "" when this person may not go there;
    `kept` is where its workbook and views are, when that is not `url`.
    """
    competition, lang = request.state.scope.competition, lang_of(request)
    asked = read(listing, request.query_params)
    found = await page_of(listing, asked, competition["id"], lang)
    columns = columns_of(listing, asked)
    choices = await choices_of(listing, competition["id"])
    views = await views_of(listing, competition["id"], request.user)
    return {
        "title": spoken(listing.title, lang),
        "told": spoken(listing.told, lang),
        "hint": spoken(listing.hint, lang),
        "url": url,
        "kept": kept or url,
        "workbook": f"{kept or url}/workbook.xlsx?{asked.query()}",
        "query": asked.query(),
        "asked": {"find": asked.find, "sort": asked.sort, "columns": ",".join(asked.columns), "narrowed": asked.narrowed},
        "filters": [filter_line(one, asked, choices.get(one.id, []), lang) for one in listing.filters],
        "columns": [heading(one, asked, lang) for one in columns],
        "choose": choose(listing, columns, lang),
        "rows": [_row(row, listing, columns, office, lang) for row in found.rows],
        "pages": pages(asked, found),
        "views": [view_line(one, listing, asked) for one in views],
    }  # fmt: skip


def choose(listing: Listing, columns: Sequence[Column], lang: str) -> list[dict[str, Any]]:
    """Every column there is, and whether it is shown."""
    return [{"id": one.id, "name": spoken(one.heading, lang), "shown": one in columns} for one in listing.columns]


def pages(asked: Asked, found: Rows) -> dict[str, Any]:
    """Where in the list this page is, and the ways to its neighbours."""
    first = (found.page - 1) * PAGE + 1 if found.found else 0
    last = first + len(found.rows) - 1 if found.found else 0
    return {
        "from": first,
        "to": last,
        "found": found.found,
        "before": f"?{asked.query(page=found.page - 1)}" if found.page > 1 else "",
        "after": f"?{asked.query(page=found.page + 1)}" if last < found.found else "",
    }


def filter_line(one: Filter, asked: Asked, found: Sequence[tuple[str, str]], lang: str) -> dict[str, Any]:
    """A filter, what it is set to, and what it offers."""
    options = [(value, spoken(words, lang)) for value, words in one.words.items()] if one.words else found
    name = spoken(one.heading, lang)
    return {"id": one.id, "name": name, "value": asked.value(one.id), "options": list(options)}


def heading(column: Column, asked: Asked, lang: str) -> dict[str, Any]:
    """A column's name, and the address that orders by it: up, down, and as usual again."""
    down = asked.sort == f"-{column.id}"
    up = asked.sort == column.id
    return {
        "id": column.id,
        "name": spoken(column.heading, lang),
        "right": column.kind in RIGHT,
        "sorted": "descending" if down else "ascending" if up else "",
        "url": f"?{asked.query(sort=f'-{column.id}' if up else '' if down else column.id)}",
    }


def _row(row: Mapping[str, Any], listing: Listing, columns: Sequence[Column], office: str, lang: str) -> dict[str, Any]:
    beside = {one.id for one in columns}
    cells = []
    for column in columns:
        under = listing.column(column.below) if column.below and column.below not in beside else None
        below = text(row[under.id], under, lang) if under else ""
        look = (column.looks or {}).get(row[column.id]) if isinstance(row[column.id], str) else None
        said = text(row[column.id], column, lang)
        whole = column.kind == "moment" or max(len(said), len(below)) <= SHORT
        cells.append({"text": said, "below": below, "right": column.kind in RIGHT, "whole": whole, "look": look})
    return {"cells": cells, "url": listing.address(row, office) if listing.address and office else ""}


def text(value: Any, column: Column, lang: str) -> str:
    """A value as the page writes it; a dash where there is none."""
    if value is None or value == "":
        return "–"
    if column.kind == "moment":
        moment: datetime = value
        return written(moment, "moment", lang)
    if column.kind == "share":
        return f"{value / 100:.2f} %"
    if column.kind == "marks":
        return f"{value / 100:.2f}"
    if column.kind == "whole":
        return number(int(value), lang)
    return str(told(value, column, lang))


def view_line(one: Mapping[str, Any], listing: Listing, asked: Asked) -> dict[str, Any]:
    """A view that is kept, and whether the page shows it."""
    kept = read(listing, dict(parse_qsl(one["query"])))
    return {"id": str(one["id"]), "name": one["name"], "url": f"?{kept.query()}", "here": kept.query() == asked.query()}


def may_open(actor: Actor, competition: Mapping[str, Any]) -> str:
    """The office under which a row's page is, for the organiser's staff; "" for a supervisor, who has not all of those pages."""
    return f"/office/{competition['slug']}" if competition["organiser"] in actor.organisers else ""
