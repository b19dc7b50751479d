"""The page of the delegations and their places: a grid of delegations by events."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from admin.setup import Form, setup_page
from admin.setup_fields import Typed, kept
from scoring.verdict import Place, Problem, Words
from server.access import organiser
from server.competitions.flow import events_listed
from server.errors import Refusal
from server.registration.places import MOST_PLACES, Change, entered_of, places_of, set_places
from server.registration.sending import add_delegations, delegations_of, remove_delegation
from server.results.pages import name_of, said_in
from server.signs import number_in
from server.web.page import Web, lang_of, spoken


@get("/office/{slug:str}/setup/places", opt={"access": organiser}, include_in_schema=False)
async def places_page(request: Web) -> Response[str]:
    """The grid."""
    return await _places_page(request)


@post("/office/{slug:str}/setup/places", opt={"access": organiser}, include_in_schema=False)
async def save_places(request: Web, data: Form) -> Response[Any]:
    """Save the cells that were changed, all of them or none; a cell that somebody else changed shows both."""
    competition = request.state.scope.competition
    changes, problems = read_cells(data)
    try:
        if problems:
            words = Words(
                f"有 {len(problems)} 个格子读不懂，名额都没有改。",
                f"{len(problems)} cells cannot be read; no quota was changed.",
            )
            raise Refusal("quota.invalid", words, problems=tuple(problems), status=422)
        await set_places(competition, changes, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _places_page(request, data, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/places?done=places", status_code=303)


def read_cells(form: Typed) -> tuple[list[Change], list[Problem]]:
    """The cells that differ from what their maker saw, and those that are no number of places."""
    changes, problems = [], []
    for name, text in form.items():
        kind, _, rest = name.partition(" ")
        id, _, code = rest.partition(" ")
        was = form.get(f"was {rest}", "")
        if kind != "places" or text.strip() == was:
            continue
        number = unicodedata.normalize("NFKC", text).strip()
        if number and number_in(number, 8) is None:
            words = Words(f"“{number[:20]}”不是名额。", f'"{number[:20]}" is no number of places.')
            mend = Words(
                f"写 0 到 {MOST_PLACES} 的整数，留空表示不限。",
                f"A number from 0 to {MOST_PLACES}; empty sets no limit.",
            )
            problems.append(Problem("quota.invalid", Place(key=rest), words, mend))
        elif _is_id(id):
            changes.append(Change(UUID(id), code, number_in(number), number_in(was)))
    return changes, problems


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@post("/office/{slug:str}/setup/delegations", opt={"access": organiser}, include_in_schema=False)
async def add(request: Web, data: Form) -> Response[Any]:
    """Add delegations, one a line."""
    competition = request.state.scope.competition
    try:
        await add_delegations(competition, data.get("names", "").splitlines(), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _places_page(request, {"names": data.get("names", "")}, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/places?done=delegations", status_code=303)


@post(
    "/office/{slug:str}/setup/delegations/{delegation:str}/remove",
    opt={"access": organiser},
    include_in_schema=False,
)
async def remove(request: Web, delegation: FromPath[str]) -> Response[Any]:
    """Take a delegation out that nobody has entered for."""
    competition = request.state.scope.competition
    try:
        await remove_delegation(competition, delegation, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _places_page(request, {}, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/places?done=gone", status_code=303)


async def _places_page(request: Web, typed: Typed | None = None, refusal: Refusal | None = None) -> Response[str]:
    competition, lang, form = request.state.scope.competition, lang_of(request), typed or {}
    events, delegations = await events_listed(competition), await delegations_of(competition)
    now = {f"{row['delegation']} {row['event']}": row["places"] for row in await places_of(competition)}
    entered = await entered_of(competition)
    wrong = {problem.place.key: spoken(problem.words, lang) for problem in refusal.problems} if refusal else {}

    def cell(delegation: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
        key = f"{delegation['id']} {event['code']}"
        was = "" if now.get(key) is None else str(now[key])
        return {
            "name": f"places {key}",
            "was": was,
            "was_name": f"was {key}",
            "value": kept(form, f"places {key}", f"was {key}", was),
            "entered": entered[delegation["id"], event["code"]],
            "wrong": wrong.get(key, ""),
            "open": event["state"] in ("setup", "registration"),
        }

    rows = [
        {
            "id": str(one["id"]),
            "name": said_in(one, "name", lang),
            "cells": [cell(one, event) for event in events],
            "remove": f"/office/{competition['slug']}/setup/delegations/{one['id']}/remove",
        }
        for one in delegations
    ]
    return await setup_page(
        request,
        "office/setup_places.html",
        "places",
        refusal,
        action=f"/office/{competition['slug']}/setup/places",
        add=f"/office/{competition['slug']}/setup/delegations",
        names=form.get("names", ""),
        events=[_column(event, rows, number, lang) for number, event in enumerate(events)],
        rows=rows,
    )


def _column(event: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], number: int, lang: str) -> dict[str, Any]:
    values = [row["cells"][number]["value"].strip() for row in rows]
    limited = [places for value in values if (places := number_in(value)) is not None]
    return {
        "code": event["code"],
        "name": name_of({**event, "edition": 1}, lang),
        "capacity": event["capacity"],
        "total": sum(limited),
        "unlimited": len(values) - len(limited),
        "entered": sum(row["cells"][number]["entered"] for row in rows),
    }


ROUTES = Router("/", route_handlers=[places_page, save_places, add, remove])
