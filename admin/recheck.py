"""The re-check at a supervisor's desk: the sample, each sheet beside what the ledger says, how many are wrong."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.setup import Form, refusal_of
from scoring.verdict import No, Words, Yes
from server.access import chief_judge, office, supervisor
from server.competitions.flow import policy_of
from server.errors import Refusal
from server.marks.correcting import marks_of
from server.results.correcting import CORRECTED, STATES, corrections_of
from server.results.pages import name_of
from server.results.rechecking import Progress, draw_sample, errors_of, find, progress_of
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
    agreed, code, words, mark = (
        data.get("found") == "agreed",
        *(data.get(name, "") for name in ("sheet", "words", "mark")),
    )
    try:
        if data.get("found") not in ("agreed", "error"):
            raise Refusal("recheck.words", Words("请选一致或有误。", "Choose agreed or error."), status=422)
        await find(request.state.scope.event, code, agreed, words, mark, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, refusal, words, mark)
    return Redirect(_url(request), status_code=303)


async def _page(request: Web, refusal: Refusal | None = None, typed: str = "", mark: str = "") -> Response[str]:
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
        progress={**_told(progress, lang), "errors": await _errors(request, lang)} if progress else None,
        sheet={"code": code, "lines": await _lines(event, code, lang), "wrong": mark} if code else None,
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
    lines: dict[str, dict[str, Any]] = {}
    for row in await marks_of(event, code):
        line = lines.setdefault(
            row["aspect"], {"aspect": row["aspect"], "name": spoken(row["name"], lang), "marks": []}
        )
        line["marks"].append({"id": row["id"], "judge": row["label"], "value": row["written"]})
    return list(lines.values())


async def _errors(request: Web, lang: str) -> dict[str, dict[str, str]]:
    """Sheet → what became of the error on it: the correction that mends it, or where the chief judge proposes one."""
    scope = request.state.scope
    leads = scope.event["state"] in CORRECTED and isinstance(chief_judge(request.user, scope), Yes)
    desk_page, own = (
        _url(request).replace("/recheck", "/corrections"),
        f"/tablet/{scope.competition['slug']}/{scope.event['code']}/corrections",
    )
    found = {}
    for one in await errors_of(scope.event["id"], await corrections_of(scope.event)):
        mended, query = (
            one["mended"],
            urlencode({"entry": one["code"], **({"mark": one["mark"]} if one["mark"] else {})}),
        )
        state = spoken(STATES[mended["state"]], lang) if mended else ""
        url = f"{desk_page}?correction={mended['id']}" if mended else f"{own}?{query}" if leads else ""
        found[one["code"]] = {"state": state, "url": url}
    return found


def _plain(number: Any) -> str:
    return f"{float(number):g}"


def _url(request: Web) -> str:
    scope = request.state.scope
    return f"/office/{scope.competition['slug']}/events/{scope.event['code']}/recheck"


ROUTES = Router("/", route_handlers=[recheck, draw, sheet])
