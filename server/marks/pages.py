"""The judge's pages on a tablet: what there is to do, and one entry's sheet. Work codes only; nothing names a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Response

from scoring.marks import Aspect, Scheme
from scoring.verdict import Words, Yes
from server.access import Actor, any_judge, judge
from server.competitions.flow import scheme_of
from server.database.tables import Event
from server.draw.flow import codes_of
from server.errors import missing
from server.marks.flow import Panel, current_rows, may_seal, panel_of
from server.web.page import Web, lang_of, page, spoken
from server.web.words import STATE_NAMES, translator

Rows = Sequence[Mapping[str, Any]]
Cells = Mapping[tuple[str, str], Rows]


def by_cell(rows: Rows) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """The last row of every judge, by entry and aspect, in the order they were stored."""
    cells: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["sequence"]):
        cells.setdefault((row["entry"], row["aspect"]), []).append(row)
    return cells


def mine(rows: Rows, aspect: Aspect, me: UUID) -> Mapping[str, Any] | None:
    """The row that this judge's sheet shows: their own, or the panel's where it is recorded once."""
    shown = [row for row in rows if aspect.recorded == "one" or row["judge"] == me]
    return shown[-1] if shown else None


@get("/sheets", opt={"access": any_judge}, include_in_schema=False)
async def work(request: Web) -> Response[str]:
    """Everything this judge still owes, panel by panel."""
    me, lang = request.user, lang_of(request)
    query = Event.select(*Event.all_columns(), Event.competition.slug.as_alias("slug")).where(
        Event.id.is_in(list(me.seats))
    )
    events, stored = [], 0
    for event in await query.order_by(Event.code).output(load_json=True):
        rows = await current_rows(event["id"])
        stored += sum(row["judge"] == me.account for row in rows)
        events.append(await _work_of(event, rows, me, lang))
    first = events[0]
    return page(
        request,
        "marks/work.html",
        judge={"id": str(me.account), "code": first["code"], "event": first["name"], "back": ""},
        stored=stored,
        events=sorted(events, key=lambda event: not event["open"]),
    )


async def _seal(event: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What the chief judge needs to seal: where, and what is still in the way."""
    verdict = await may_seal(event)
    why = "" if isinstance(verdict, Yes) else spoken(verdict.reason, lang)
    return {"action": f"/sheets/{event['slug']}/{event['code']}/seal", "why": why}


async def _work_of(event: Mapping[str, Any], rows: Rows, me: Actor, lang: str) -> dict[str, Any]:
    scheme, panel, codes = scheme_of(event), await panel_of(event["id"]), await codes_of(event["id"])
    assert me.account  # who holds a seat is signed in
    cells = by_cell(rows)
    groups = _groups(scheme)
    entries = [_entry_line(event, code, groups, cells, me.account) for code in codes]
    owed = sum(cell["total"] - cell["done"] for entry in entries for cell in entry["cells"])
    following = next(
        (
            {"entry": entry["code"], "group": f"{id} {name}", "owed": cell["total"] - cell["done"], "url": cell["url"]}
            for entry in entries
            for (id, name, _), cell in zip(groups, entry["cells"], strict=True)
            if cell["done"] < cell["total"]
        ),
        None,
    )
    marking = event["state"] == "marking"
    return {
        "name": event["name_en"] if lang == "en" and event["name_en"] else event["name"],
        "code": panel.labels[me.account],
        "state": translator(lang).gettext(STATE_NAMES[event["state"]]),
        "open": marking,
        "owed": owed,
        "total": sum(cell["total"] for entry in entries for cell in entry["cells"]),
        "next": following if marking else None,
        "panel": _panel_lines(scheme, panel, codes, cells, me.account),
        "seal": await _seal(event, lang) if marking and me.seats[event["id"]].chief else None,
        "groups": [{"id": id, "name": name} for id, name, _ in groups],
        "entries": entries,
    }


def _groups(scheme: Scheme | None) -> list[tuple[str, str, tuple[Aspect, ...]]]:
    """Sub-criteria as the tablet lists them: id, name without the id, aspects."""
    if scheme is None:
        return []
    return [
        (sub.id, sub.name.removeprefix(sub.id).strip(), sub.aspects)
        for criterion in scheme.criteria
        for sub in criterion.subcriteria
    ]


def _entry_line(event: Mapping[str, Any], code: str, groups: Sequence[Any], cells: Cells, me: UUID) -> dict[str, Any]:
    url = sheet_url(event, code)
    line = []
    for id, _, aspects in groups:
        shown = [mine(cells.get((code, aspect.id), ()), aspect, me) for aspect in aspects]
        done = sum(row is not None for row in shown)
        conflict = any(row is not None and row["conflict"] for row in shown)
        line.append({"done": done, "total": len(aspects), "conflict": conflict, "url": f"{url}#{id}"})
    return {"code": code, "url": url, "cells": line}


def _panel_lines(
    scheme: Scheme | None, panel: Panel, codes: Sequence[str], cells: Cells, me: UUID
) -> list[dict[str, Any]]:
    """How far every judge is, counting only what each of them marks alone; never what they gave."""
    alone = [aspect.id for aspect in scheme.aspects if aspect.recorded == "all"] if scheme else []
    total = len(alone) * len(codes)
    lines = []
    for account, label in panel.labels.items():
        done = sum(
            row["judge"] == account for code in codes for aspect in alone for row in cells.get((code, aspect), ())
        )
        lines.append({"code": label, "me": account == me, "done": done, "total": total})
    return lines


def sheet_url(event: Mapping[str, Any], code: str) -> str:
    """The address of one entry's sheet."""
    return f"/sheets/{event['slug']}/{event['code']}/{code}"


@get("/sheets/{slug:str}/{code:str}/{entry:str}", opt={"access": judge}, include_in_schema=False)
async def sheet(request: Web, entry: FromPath[str]) -> Response[str]:
    """One entry's sheet with this judge's marks."""
    scope, me, lang = request.state.scope, request.user, lang_of(request)
    event = {**scope.event, "slug": scope.competition["slug"]}
    codes = await codes_of(event["id"])
    if entry not in codes:
        raise missing(Words("这个作品", "piece"))
    rows, panel, scheme = await current_rows(event["id"]), await panel_of(event["id"]), scheme_of(event)
    cells, place = by_cell(rows), codes.index(entry)
    neighbours = [codes[n] if 0 <= n < len(codes) else None for n in (place - 1, place + 1)]
    previous, following = ({"entry": code, "url": sheet_url(event, code)} if code else None for code in neighbours)
    return page(
        request,
        "marks/sheet.html",
        judge={
            "id": str(me.account),
            "code": panel.labels[me.account],
            "event": event["name_en"] if lang == "en" and event["name_en"] else event["name"],
            "back": "/sheets",
        },
        stored=sum(row["judge"] == me.account for row in rows),
        sheet={
            "event": str(event["id"]),
            "entry": entry,
            "place": place + 1,
            "of": len(codes),
            "open": event["state"] == "marking",
            "panel": list(panel.names),
            "previous": previous,
            "next": following,
            "groups": [
                {
                    "id": id,
                    "name": name,
                    "aspects": [_aspect(one, cells.get((entry, one.id), ()), panel, me.account) for one in aspects],
                }
                for id, name, aspects in _groups(scheme)
            ],
        },
    )


def _aspect(aspect: Aspect, rows: Rows, panel: Panel, me: UUID) -> dict[str, Any]:
    shown = mine(rows, aspect, me)
    conflict = shown is not None and shown["conflict"]
    return {
        "id": aspect.id,
        "kind": aspect.kind,
        "name": aspect.name,
        "maximum": aspect.maximum,
        "requirement": aspect.requirement,
        "description": aspect.description,
        "anchors": list(aspect.anchors),
        "value": shown["value"] if shown else None,
        "mark": shown["id"] if shown else "",
        "state": "conflict" if conflict else "stored" if shown else "none",
        "by": panel.labels[shown["judge"]] if shown and aspect.recorded == "one" else "",
        "marked_by": [panel.labels[row["judge"]] for row in rows],
        "candidates": [
            {"value": row["value"], "by": panel.labels[row["judge"]], "device": row["device"], "made": row["stored_at"]}
            for row in rows
            if conflict and (aspect.recorded == "one" or row["judge"] == me)
        ],
    }


ROUTES = Router("/", route_handlers=[work, sheet])
