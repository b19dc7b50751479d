"""The desk of a delegation: its template, its workbooks, the preview with its decision, and what is in.

Clerks and the organiser's staff work at the same desk; staff reach it through the office, where all desks are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Response

from admin import registering
from admin.intake import Looked, bring, explain, intake_id, look, marked_up, take_back, take_in, template_for
from admin.pages import Form, Upload
from admin.register_tabs import tabs
from admin.registering import said_of, url_of
from admin.sheets.registration import RegistrationSheet
from admin.tables import WORKBOOK
from scoring.verdict import No, Problem, Problems, Words, Yes
from server.access import clerk
from server.competitions.flow import events_listed
from server.errors import Refusal
from server.registration.attachments import incomplete
from server.registration.facts import members_of
from server.registration.form import line_of
from server.registration.late import LET, late_of, may_enter
from server.registration.staging import Choice, discard, intakes_of
from server.registration.undoing import may_undo, newest_accepted
from server.registration.window import deadline
from server.web.page import Web, lang_of, page, spoken
from server.web.words import in_zone

DESK = "/register/{slug:str}/{delegation:str}"
FORM = f"{DESK}/forms/{{intake:str}}"
DONE = ("added", "changed", "unchanged", "withdrawn", "left_out")
LISTED = 500
"""People whom the desk lists; a preview shows the others, page by page."""
SHOWS = ("refused", "doubtful", "changed", "mended", "new", "unchanged")


@get(DESK, opt={"access": clerk}, include_in_schema=False)
async def delegation_desk(request: Web) -> Response[str]:
    """A delegation's desk."""
    return await _desk(request, said=_done(request))


@get(f"{DESK}/template.xlsx", opt={"access": clerk}, include_in_schema=False)
async def template(request: Web) -> Response[bytes]:
    """The empty form of this delegation."""
    scope = request.state.scope
    return _workbook(await template_for(scope.competition, scope.delegation), f"报名表-{scope.delegation['name']}.xlsx")


@post(f"{DESK}/forms", opt={"access": clerk}, include_in_schema=False)
async def upload(request: Web, data: Upload) -> Response[Any]:
    """Read a workbook and go on to its preview; nothing is entered."""
    file = data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        words = Words("没有选文件。", "No file was chosen.")
        return await _desk(request, refusal=Refusal("workbook.none", words, status=422))
    try:
        made = await bring(request, file)
    except Problems as problems:
        return await _desk(request, problems=problems.problems, file=file.filename)
    except Refusal as refusal:
        return await _desk(request, refusal=refusal)
    return Redirect(f"{_here(request)}/forms/{made}", status_code=303)


async def _desk(
    request: Web,
    refusal: Refusal | None = None,
    problems: tuple[Problem, ...] = (),
    file: str = "",
    said: str = "",
) -> Response[str]:
    scope, lang, url = request.state.scope, lang_of(request), _here(request)
    status = refusal.status if refusal else 422 if problems else 200
    newest = await newest_accepted(scope.delegation["id"])
    may = await may_undo(newest, request.app.state.sealer)
    open_events = sum(event["state"] == "registration" for event in await events_listed(scope.competition))
    now = datetime.now(UTC)
    when = await may_enter(scope.competition, scope.delegation["id"], request.user, now)
    ends = deadline(scope.competition, now)
    late = (await late_of(scope.competition)).get(scope.delegation["id"]) if when.rule == LET else None
    members = await members_of(scope.delegation["id"])
    lacking = await incomplete(scope.competition["id"], scope.delegation["id"])
    return page(
        request,
        "register/desk.html",
        status,
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url, "people": len(members)},
        competition=registering.competition_line(scope.competition, lang),
        tabs=await tabs(request, "list"),
        open_events=open_events,
        ends={"when": in_zone(ends[0], scope.competition["time_zone"], lang), "left": ends[1]} if ends else None,
        entries=registering.entries(members[:LISTED], lacking, url, lang),
        intakes=[
            {
                **{name: one[name] for name in ("filename", "rows", "at", "state", "by_name", "decided")},
                "url": f"{url}/forms/{one['id']}",
                "undo": bool(newest and newest["id"] == one["id"] and isinstance(may, Yes)),
            }
            for one in await intakes_of(scope.delegation["id"])
        ],
        closed=spoken(when.reason, lang) if isinstance(when, No) else "",
        late={"until": late.until, "reason": late.reason, "by": late.by} if late else None,
        said=said,
        problem=said_of(refusal, lang),
        problems=[
            {"file": file, "sheet": one.place.sheet, "what": spoken(one.words, lang), "mend": spoken(one.mend, lang)}
            for one in problems
        ],
    )


@get(FORM, opt={"access": clerk}, include_in_schema=False)
async def preview(request: Web, intake: FromPath[str]) -> Response[str]:
    """What taking a workbook in would do."""
    return await _preview(request, intake)


@get(f"{FORM}/returned.xlsx", opt={"access": clerk}, include_in_schema=False)
async def returned(request: Web, intake: FromPath[str]) -> Response[bytes]:
    """Their own workbook with the cells coloured and commented."""
    looked = await look(request, intake)
    stem = looked.staged.filename.rpartition(".")[0] or looked.staged.filename
    return _workbook(await marked_up(looked), f"{stem}-批注.xlsx")


@post(f"{FORM}/headings", opt={"access": clerk}, include_in_schema=False)
async def explain_columns(request: Web, intake: FromPath[str], data: Form) -> Response[Any]:
    """Remember what headings mean, and read the workbook anew."""

    def said(read: RegistrationSheet) -> dict[str, str]:
        asked = ((f"field-{number}", column.place.key) for number, column in enumerate(read.columns))
        return {heading: data[name] for name, heading in asked if name in data}

    try:
        await explain(request, intake, said)
    except Refusal as refusal:
        return await _preview(request, intake, refusal)
    return Redirect(f"{_here(request)}/forms/{intake}", status_code=303)


@post(f"{FORM}/accept", opt={"access": clerk}, include_in_schema=False)
async def accept(request: Web, intake: FromPath[str], data: Form) -> Response[Any]:
    """Take a workbook in; or show it compared anew, with what was typed, when it cannot be taken in."""

    def chosen(read: RegistrationSheet) -> Choice:
        typed = ((line_of(row), data.get(f"reason-{number}", "")) for number, row in enumerate(read.rows))
        return Choice(
            seen=data.get("seen", ""),
            leave_out=data.get("leave_out") == "1",
            withdraw=data.get("withdraw") == "1",
            reasons={line: reason[:500] for line, reason in typed if reason},
            reason=data.get("reason", "")[:500],
        )

    try:
        done = await take_in(request, intake, chosen)
    except Refusal as refusal:
        return await _preview(request, intake, refusal, data)
    counted = urlencode({name: getattr(done, name) for name in DONE})
    return Redirect(f"{_here(request)}?{counted}", status_code=303)


@post(f"{FORM}/undo", opt={"access": clerk}, include_in_schema=False)
async def undo(request: Web, intake: FromPath[str]) -> Response[Any]:
    """Take an accepted workbook back as a whole."""
    try:
        await take_back(request, intake)
    except Refusal as refusal:
        return await _desk(request, refusal=refusal)
    return Redirect(f"{_here(request)}?undone=1", status_code=303)


@post(f"{FORM}/discard", opt={"access": clerk}, include_in_schema=False)
async def throw_away(request: Web, intake: FromPath[str]) -> Response[Any]:
    """Throw a workbook away that nobody has accepted."""
    try:
        await discard(request.state.scope.delegation, intake_id(intake))
    except Refusal as refusal:
        return await _desk(request, refusal=refusal)
    return Redirect(f"{_here(request)}?discarded=1", status_code=303)


async def _preview(
    request: Web, intake: str, refusal: Refusal | None = None, given: Mapping[str, str] | None = None
) -> Response[str]:
    scope, lang, url = request.state.scope, lang_of(request), _here(request)
    given, asked = given or {}, request.query_params
    withdraw = asked.get("withdraw") == "1" or given.get("withdraw") == "1"
    looked = await look(request, intake, withdraw)
    found, show = registering.counts(looked), asked.get("show", "")
    number = asked.get("page", "1")
    return page(
        request,
        "register/preview.html",
        refusal.status if refusal else 200,
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url},
        form=await _form(request, looked, url),
        other=_other_sender(looked, scope.delegation, lang),
        counts=found,
        bar=registering.bar(found),
        shown={"show": show if show in SHOWS else "", "withdraw": withdraw},
        lines=registering.rows(looked, show, int(number) if number.isdecimal() and len(number) < 6 else 1, lang),
        doubts=registering.doubts(looked, given, lang),
        gone=registering.gone(looked, lang),
        headings=registering.headings(looked, lang),
        whole=registering.whole(looked, lang),
        given={"reason": given.get("reason", ""), "leave_out": given.get("leave_out") == "1"},
        seen=looked.plan.basis,
        problem=said_of(refusal, lang),
    )


async def _form(request: Web, looked: Looked, url: str) -> dict[str, Any]:
    staged, plan = looked.staged, looked.plan
    newest = await newest_accepted(request.state.scope.delegation["id"])
    undo = newest is not None and newest["id"] == staged.id
    may = await may_undo(newest, request.app.state.sealer) if undo else None
    return {
        "filename": staged.filename,
        "state": staged.state,
        "at": staged.at,
        "by": staged.by_name,
        "decided": staged.decided,
        "url": f"{url}/forms/{staged.id}",
        "nothing": plan.changes_nothing and not plan.leaving,
        "undo": isinstance(may, Yes),
        "why": spoken(may.reason, lang_of(request)) if isinstance(may, No) else "",
        "work": sum(line.outcome in ("new", "changed") for line in plan.lines),
    }


def _other_sender(looked: Looked, delegation: Mapping[str, Any], lang: str) -> str:
    """Who the workbook says that it is from, when that is somebody else."""
    told, name = looked.read.delegation, delegation["name"]
    return "" if not told or told in name or name in told else told


def _done(request: Web) -> str:
    """What the last step did, as its redirect says it."""
    lang, asked = lang_of(request), request.query_params
    if asked.get("undone"):
        return spoken(Words("已整批撤销，名单恢复原样。", "Undone as a whole; the list is as it was."), lang)
    if asked.get("discarded"):
        return spoken(Words("已丢弃，名单没有变化。", "Thrown away; the list is as it was."), lang)
    told = {name: asked.get(name, "") for name in DONE}
    if not all(value.isdecimal() and len(value) < 7 for value in told.values()):
        return ""
    n = {name: int(value) for name, value in told.items()}
    if not any(n[name] for name in ("added", "changed", "withdrawn", "left_out")):
        return spoken(Words("没有任何变化，名单照旧。", "Nothing changes; the list is as it was."), lang)
    zh = [f"新增 {n['added']} 人", f"更新 {n['changed']} 人", f"不变 {n['unchanged']} 人"]
    en = [f"{n['added']} new", f"{n['changed']} changed", f"{n['unchanged']} unchanged"]
    if n["withdrawn"]:
        zh, en = [*zh, f"撤下 {n['withdrawn']} 份报名"], [*en, f"{n['withdrawn']} entries withdrawn"]
    if n["left_out"]:
        zh, en = [*zh, f"{n['left_out']} 行没有录"], [*en, f"{n['left_out']} rows stayed out"]
    return spoken(Words(f"已录入：{'，'.join(zh)}。", f"Taken in: {', '.join(en)}."), lang)


def _here(request: Web) -> str:
    scope = request.state.scope
    return url_of(scope.competition["slug"], scope.delegation["id"])


def _workbook(content: bytes, name: str) -> Response[bytes]:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, media_type=WORKBOOK, headers=headers)


ROUTES = Router(
    "/",
    route_handlers=[
        *(delegation_desk, template, upload),
        *(preview, returned, explain_columns, accept, undo, throw_away),
    ],
)
