"""Marks on paper, at the desk: sheets to print, and sheets to type, each by two people who do not see each other's."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.pages import Form
from admin.paper_pages import printed
from scoring.marks import JUDGED, Scheme
from scoring.scheme import anchors_of, in_both, names_of
from scoring.verdict import Words
from server.access import Actor, office
from server.competitions.flow import scheme_of
from server.database.tables import Account
from server.errors import Refusal, missing
from server.marks import paper
from server.marks.correcting import hundredths
from server.marks.flow import panel_of
from server.marks.paper import JUDGES_IT, NO_SHEET, PANEL, Cell, Sheet, sheet_of, sheets_of
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/events/{code:str}/paper"
ONE = f"{HERE}/{{entry:str}}/{{label:str}}"


@get(HERE, opt={"access": office}, include_in_schema=False)
async def sheets(request: Web) -> Response[str] | Redirect:
    """Every sheet of the event and how far it is; with a sheet's code in the address, straight to that sheet."""
    event, lang = _event(request), lang_of(request)
    asked = unicodedata.normalize("NFKC", request.query_params.get("sheet", "")).strip()[:80]
    found = await sheets_of(event)
    there = next((one for one in found if _code(event, one).lower() == asked.lower()), None)
    if there:
        return Redirect(_url(request, there), status_code=303)
    me = request.user.account
    return page(
        request,
        "office/paper.html",
        **_frame(request, lang),
        said=request.query_params.get("said", ""),
        asked=asked,
        labels=list(dict.fromkeys(one.label for one in found)),
        rows=[
            {
                "entry": entry,
                "sheets": [
                    {
                        "label": one.label,
                        "state": one.state,
                        "owed": len(one.cells),
                        "mine": any(row["typist"] == me for row in one.typings),
                        "by": "、".join(row["typist_name"] for row in one.typings),
                        "url": _url(request, one),
                    }
                    for one in group
                ],
            }
            for entry, group in groupby(found, key=lambda one: one.entry)
        ],
        print=f"{_here(request)}/sheets.pdf",
    )


@get(f"{HERE}/sheets.pdf", opt={"access": office}, include_in_schema=False)
async def print_sheets(request: Web) -> Response[bytes]:
    """What is owed, on paper: of everybody, or of one piece or one judge. Raises Refusal `not-found` where nothing is."""
    event, lang = _event(request), lang_of(request)
    entry, label = (request.query_params.get(name, "") for name in ("entry", "judge"))
    chosen = [
        one for one in await sheets_of(event) if one.cells and entry in ("", one.entry) and label in ("", one.label)
    ]
    scheme = scheme_of(event)
    if not chosen or scheme is None:
        raise NO_SHEET
    panel = await panel_of(event["id"])
    names, seats = await _names(list(panel.labels)), {str(account): label for account, label in panel.labels.items()}
    told = [
        {
            **_printable(event, scheme, one, "" if one.label == PANEL else names[one.judge], lang),
            "signers": [seats.get(who, who) for who in paper.may_sign(event, one, panel)],
        }
        for one in chosen
    ]
    over, of = name_of(request.state.scope.competition, lang), f"{name_of(event, lang)} · {event['code']}"
    return await printed(request, f"评分表-{event['code']}.pdf", "sheets", "marking", over, of, told, lang)


@get(ONE, opt={"access": office}, include_in_schema=False)
async def type_sheet(request: Web) -> Response[str]:
    """One sheet to be typed, or to be compared once two people have typed it."""
    sheet = await _sheet(request)
    me = request.user.account
    mine: dict[str, int] = next((row["values"] for row in sheet.typings if row["typist"] == me), {})
    signed: list[str] = next((row["signers"] for row in sheet.typings if row["typist"] == me), [])
    aspects = [cell.aspect for cell in sheet.cells if cell.aspect.id in mine]
    return await _shown(request, sheet, {one.id: one.written(mine[one.id]) for one in aspects}, signed=signed)


@post(ONE, opt={"access": office}, include_in_schema=False)
async def keep_sheet(request: Web, data: Form) -> Response[str] | Redirect:
    """Keep what was typed; where two agree, store it."""
    event, now = _event(request), datetime.now(UTC)
    entry, label = _named(request)
    typed = {name.removeprefix("cell-"): text for name, text in data.items() if name.startswith("cell-")}
    signed = [name.removeprefix("signed-") for name in data if name.startswith("signed-")]
    try:
        sheet = await paper.type_in(event, entry, label, dict(_values(typed)), request.user, now, signed)
        if sheet.state == "agreed":
            await _store(request, sheet)
            return Redirect(f"{_here(request)}?said=stored", status_code=303)
        if sheet.state == "differs":
            return await _shown(request, sheet, typed, signed=signed)
    except Refusal as refusal:
        return await _shown(request, await _sheet(request), typed, refusal, signed)
    return Redirect(f"{_here(request)}?said=typed", status_code=303)


@post(f"{ONE}/store", opt={"access": office}, include_in_schema=False)
async def store_sheet(request: Web, data: Form) -> Response[str] | Redirect:
    """Store a sheet that two people agree on and that was not stored when they did."""
    sheet = await _sheet(request)
    try:
        await _store(request, sheet)
    except Refusal as refusal:
        return await _shown(request, sheet, {}, refusal)
    return Redirect(f"{_here(request)}?said=stored", status_code=303)


@post(f"{ONE}/drop", opt={"access": office}, include_in_schema=False)
async def drop_sheet(request: Web, data: Form) -> Response[str] | Redirect:
    """Put aside what was typed from a sheet and begin anew."""
    entry, label = _named(request)
    try:
        await paper.drop(_event(request), entry, label, data.get("reason", ""), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _shown(request, await _sheet(request), {}, refusal)
    return Redirect(f"{_here(request)}?said=dropped", status_code=303)


async def _store(request: Web, sheet: Sheet) -> None:
    answers = await paper.store(_event(request), sheet, request.app.state.writer, datetime.now(UTC))
    refused = next((answer for answer in answers if answer.status == "refused"), None)
    if refused:
        raise Refusal(refused.code, Words(refused.zh, refused.en))


# ---------- what the templates want ----------


def _event(request: Web) -> Mapping[str, Any]:
    """The event; whoever judges it is turned away. Raises Refusal `paper.judge`."""
    event: Mapping[str, Any] = request.state.scope.event
    actor: Actor = request.user
    if event["id"] in actor.seats:
        raise JUDGES_IT
    return event


async def _names(accounts: Sequence[UUID]) -> dict[UUID, str]:
    rows = await Account.select(Account.id, Account.name).where(Account.id.is_in(list(accounts)))
    return {row["id"]: row["name"] for row in rows}


def _named(request: Web) -> tuple[str, str]:
    return str(request.path_params["entry"]), str(request.path_params["label"])


async def _sheet(request: Web) -> Sheet:
    return await sheet_of(_event(request), *_named(request))


def _here(request: Web) -> str:
    scope = request.state.scope
    return f"/office/{scope.competition['slug']}/events/{scope.event['code']}/paper"


def _url(request: Web, sheet: Sheet) -> str:
    return f"{_here(request)}/{quote(sheet.entry, safe='')}/{sheet.label}"


def _code(event: Mapping[str, Any], sheet: Sheet) -> str:
    return f"{event['code']}/{sheet.entry}/{sheet.label}"


def _values(typed: Mapping[str, str]) -> Iterator[tuple[str, int | None]]:
    for aspect, text in typed.items():
        try:
            yield aspect, hundredths(unicodedata.normalize("NFKC", text))
        except Refusal:
            yield aspect, None


def _frame(request: Web, lang: str) -> dict[str, Any]:
    scope = request.state.scope
    competition, event = scope.competition, scope.event
    staff = competition["organiser"] in request.user.organisers
    return {
        "desk": desk.rail(competition, "corridor", None, lang, sets_up=staff),
        "competition": {"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        "event": {"code": event["code"], "name": name_of(event, lang), "open": event["state"] == "marking"},
        "action": _here(request),
    }


async def _shown(
    request: Web,
    sheet: Sheet,
    typed: Mapping[str, str],
    refusal: Refusal | None = None,
    signed: Sequence[str] = (),
) -> Response[str]:
    lang, me = lang_of(request), request.user.account
    wrong = {one.place.key: spoken(one.words, lang) for one in refusal.problems} if refusal else {}
    differs = paper.differing(sheet, me)
    names = await _names([sheet.judge])
    return page(
        request,
        "office/paper_sheet.html",
        refusal.status if refusal else 200,
        **_frame(request, lang),
        sheet={
            "entry": sheet.entry,
            "label": sheet.label,
            "judge": names.get(sheet.judge, ""),
            "state": sheet.state,
            "url": _url(request, sheet),
            "by": [row["typist_name"] for row in sheet.typings if row["typist"] != me],
            "mine": any(row["typist"] == me for row in sheet.typings),
            "closed": sum(row["typist"] != me for row in sheet.typings) > 1,
        },
        groups=_grouped(scheme_of(request.state.scope.event), sheet.cells, typed, wrong, differs, lang),
        differs=len(differs),
        look=next((cell.aspect.id for cell in sheet.cells if cell.aspect.id in {*wrong, *differs}), ""),
        signers=await _signers(request.state.scope.event, sheet, signed, me),
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


async def _signers(event: Mapping[str, Any], sheet: Sheet, signed: Sequence[str], me: UUID) -> list[dict[str, Any]]:
    """Whose signature may stand on the paper, and whether this person has ticked it."""
    panel = await panel_of(event["id"])
    names, apart = await _names(list(panel.labels)), paper.signing_differs(sheet, me)
    labels = {str(account): (label, names.get(account, "")) for account, label in panel.labels.items()}
    return [
        {"id": who, "label": labels.get(who, ("", ""))[0], "name": labels.get(who, ("", ""))[1], "ticked": who in signed, "differs": who in apart}
        for who in paper.may_sign(event, sheet, panel)
    ]  # fmt: skip


def _grouped(
    scheme: Scheme | None,
    cells: Sequence[Cell],
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    differs: Mapping[str, tuple[int | None, int | None]],
    lang: str,
) -> list[dict[str, Any]]:
    def row(cell: Cell) -> dict[str, Any]:
        aspect = cell.aspect
        mine, theirs = differs.get(aspect.id, (None, None))
        return {
            "id": aspect.id,
            "name": spoken(names_of(aspect), lang),
            "judged": aspect.kind == JUDGED,
            "maximum": aspect.written(aspect.top),
            "round": cell.round,
            "value": typed.get(aspect.id, ""),
            "wrong": wrong.get(aspect.id, ""),
            "mine": "" if mine is None else aspect.written(mine),
            "theirs": "" if theirs is None else aspect.written(theirs),
            "differs": aspect.id in differs,
        }

    return [{"name": name, "cells": [row(cell) for cell in group]} for name, group in _in_groups(scheme, cells, lang)]


def _in_groups(scheme: Scheme | None, cells: Iterable[Cell], lang: str) -> Iterator[tuple[str, list[Cell]]]:
    """The cells under the names of their sub-criteria, in the order of the scheme."""
    if scheme is None:
        raise missing(NO_SHEET.words)
    subs = [sub for part in scheme.criteria for sub in part.subcriteria]
    of = {aspect.id: spoken(names_of(sub), lang) for sub in subs for aspect in sub.aspects}
    for name, group in groupby(cells, key=lambda cell: of[cell.aspect.id]):
        yield name, list(group)


def _printable(event: Mapping[str, Any], scheme: Scheme, sheet: Sheet, name: str, lang: str) -> dict[str, Any]:
    def row(cell: Cell) -> dict[str, Any]:
        aspect = cell.aspect
        judged = aspect.kind == JUDGED
        anchors = [f"{score}  {spoken(text, lang)}" for score, text in enumerate(anchors_of(aspect))] if judged else []
        required = in_both(aspect.requirement, aspect.requirement_en)
        described = in_both(aspect.description, aspect.description_en)
        asked = spoken(required, lang) or spoken(described, lang)
        return {
            "id": aspect.id,
            "name": spoken(names_of(aspect), lang),
            "asks": anchors or [text for text in (asked,) if text],
            "maximum": aspect.top,
            "steps": list(aspect.steps),
            "round": cell.round,
        }

    groups = [
        {"name": title, "aspects": [row(cell) for cell in group]}
        for title, group in _in_groups(scheme, sheet.cells, lang)
    ]
    return {"entry": sheet.entry, "label": sheet.label, "name": name, "code": _code(event, sheet), "groups": groups}


ROUTES = Router("/", route_handlers=[sheets, print_sheets, type_sheet, keep_sheet, store_sheet, drop_sheet])
