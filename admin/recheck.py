"""The re-check at a supervisor's desk: the sample, each sheet beside what the ledger says, how many are wrong."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.setup import Form, refusal_of
from scoring.marks import in_marks
from scoring.scheme import names_of
from scoring.verdict import No, Words
from server.access import office, supervisor
from server.competitions.flow import policy_of, scheme_of
from server.errors import Refusal
from server.marks.flow import current_rows, panel_of
from server.results.pages import name_of
from server.results.rechecking import Progress, draw_sample, find, progress_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/events/{code:str}/recheck"
NOT_SEALED = Refusal("recheck.state", Words("复核在封存之后。", "Sheets are checked after the seal."))


@get(HERE, opt={"access": office}, include_in_schema=False)
async def recheck(request: Web) -> Response[str]:
    """The sample, the sheet that comes next, and what was found so far."""
    return await _page(request)


@post(f"{HERE}/sample", opt={"access": supervisor}, include_in_schema=False)
async def draw(request: Web) -> Response[Any]:
    """Draw the sample; the program throws the seed."""
    try:
        await draw_sample(request.state.scope.event, secrets.token_hex(16), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(_url(request), status_code=303)


@post(f"{HERE}/sheet", opt={"access": supervisor}, include_in_schema=False)
async def sheet(request: Web, data: Form) -> Response[Any]:
    """What was found on one sheet."""
    agreed, code, words = data.get("found") == "agreed", data.get("sheet", ""), data.get("words", "")
    try:
        if data.get("found") not in ("agreed", "error"):
            raise Refusal("recheck.words", Words("请选一致或有误。", "Choose agreed or error."), status=422)
        await find(request.state.scope.event, code, agreed, words, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, refusal, words)
    return Redirect(_url(request), status_code=303)


async def _page(request: Web, refusal: Refusal | None = None, typed: str = "") -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    competition, event = scope.competition, scope.event
    if event["state"] not in desk.RECHECKED:
        raise NOT_SEALED
    progress, rule = await progress_of(event), policy_of(event).review
    waiting = [code for code in progress.codes if code not in progress.found] if progress else []
    asked = request.query_params.get("sheet", "")
    code = asked if asked in waiting else waiting[0] if waiting else ""
    return page(
        request,
        "office/recheck.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "corridor", None, lang, sets_up=scope.organiser in request.user.organisers),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        event={"code": event["code"], "name": name_of({**event, "edition": 1}, lang), "state": event["state"]},
        action=_url(request),
        said=None,
        problem=refusal_of(refusal, lang),
        typed=typed,
        acts=competition["id"] in request.user.supervises and event["state"] == "sealed",
        rule={
            "top": rule.top,
            "percent": _plain(rule.percent),
            "wrong": _plain(rule.wrong_percent),
            "before": rule.before_decoding,
        }
        if rule
        else None,
        progress=_told(progress, lang) if progress else None,
        sheet={"code": code, "lines": await _lines(event, code, lang)} if code else None,
    )


def _told(progress: Progress, lang: str) -> dict[str, Any]:
    return {
        "seed": progress.seed,
        "by": progress.by,
        "at": progress.at,
        "checked": len(progress.found),
        "all": len(progress.codes),
        "wrong": progress.wrong,
        "widened": isinstance(progress.verdict, No),
        "verdict": spoken(progress.verdict.reason, lang) if progress.verdict else "",
        "done": progress.done,
        "sheets": [
            {
                "code": code,
                "top": code in progress.top,
                "drawn": code not in progress.top and at < progress.sampled,
                "found": "" if code not in progress.found else "agreed" if progress.found[code]["agreed"] else "error",
                "words": progress.found.get(code, {}).get("words", ""),
                "by": progress.found.get(code, {}).get("by_name", ""),
            }
            for at, code in enumerate(progress.codes)
        ],
    }


async def _lines(event: Mapping[str, Any], code: str, lang: str) -> list[dict[str, Any]]:
    """Every mark of a work code as the ledger has it, aspect by aspect, judges by their seats."""
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    assert scheme is not None  # nothing is sealed without one
    rows = [row for row in await current_rows(event["id"]) if row["entry"] == code]
    return [
        {
            "aspect": aspect.id,
            "name": spoken(names_of(aspect), lang),
            "marks": sorted(
                (panel.labels.get(row["judge"], "?"), in_marks(row["value"]))
                for row in rows
                if row["aspect"] == aspect.id
            ),
        }
        for aspect in scheme.aspects
    ]


def _plain(number: Any) -> str:
    return f"{float(number):g}"


def _url(request: Web) -> str:
    scope = request.state.scope
    return f"/office/{scope.competition['slug']}/events/{scope.event['code']}/recheck"


ROUTES = Router("/", route_handlers=[recheck, draw, sheet])
