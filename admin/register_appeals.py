"""Appeals at a delegation's desk: its published results with the time there is, writing one, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response

from admin import registering
from admin.appealing import called, number_in, shown
from admin.attachment_pages import id_in, read_paper, served
from admin.pages import Upload
from admin.register_tabs import tabs
from scoring.verdict import NOWHERE, No, Problem, Problems, Silent, Words, Yes
from server.access import clerk, own_clerk
from server.appeals.flow import OPEN, acts_of_each, appeal_of, appeals_of, attached_to
from server.appeals.writing import results_open_to, write
from server.errors import Refusal, missing
from server.registration.naming import entry_id
from server.results.pages import said_in
from server.web.page import Web, lang_of, page, spoken

HERE = "/register/{slug:str}/{delegation:str}/appeals"
DONE = Words("申诉已提交，编号 {number}。", "The appeal is filed as number {number}.")


@get(HERE, opt={"access": clerk}, include_in_schema=False)
async def appeals(request: Web) -> Response[str]:
    """The delegation's own appeals, and the results against which one may be written."""
    scope, lang, url = request.state.scope, lang_of(request), _url(request)
    own = [one for one in await appeals_of(scope.competition["id"]) if one["delegation"] == scope.delegation["id"]]
    acts = await acts_of_each([one["id"] for one in own])
    open_ones = {str(one["entry"]) for one in own if one["state"] in OPEN}
    results = await results_open_to(scope.delegation, datetime.now(UTC))
    done = request.query_params.get("filed", "")
    return page(
        request,
        "register/appeals.html",
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url},
        competition=registering.competition_line(scope.competition, lang),
        tabs=await tabs(request, "appeals"),
        appeals=[
            {**shown(one, acts[one["id"]], lang), "file": f"{url}/appeals/{one['number']}/attachment"} for one in own
        ],
        results=[_result(one, url, str(one["row"]["entry"]) in open_ones, lang) for one in results],
        mine=isinstance(own_clerk(request.user, scope), Yes),
        said=spoken(DONE, lang).format(number=called(int(done))) if done.isdecimal() and len(done) < 6 else "",
    )


@get(f"{HERE}/new/{{entry:str}}", opt={"access": own_clerk}, include_in_schema=False)
async def blank(request: Web) -> Response[str]:
    """The form of an appeal about one result."""
    return await _form(request)


@post(f"{HERE}/new/{{entry:str}}", opt={"access": own_clerk}, include_in_schema=False)
async def file(request: Web, data: Upload) -> Response[Any]:
    """File it; or say what is wrong, with everything that was typed."""
    scope, sent = request.state.scope, data.get("file")
    reason = str(data.get("reason", "")).replace("\r\n", "\n")
    try:
        paper = await read_paper(data) if isinstance(sent, UploadFile) and sent.filename else None
        number = await write(
            *(scope.competition, scope.delegation, id_in(request, "entry"), reason, paper),
            *(request.app.state.sealer, request.user, datetime.now(UTC)),
        )
    except Problems as problems:
        return await _form(request, problems.problems[0], reason)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _form(request, Problem(refusal.code, NOWHERE, refusal.words, refusal.mend), reason)
    return Redirect(f"{_url(request)}/appeals?filed={number}", status_code=303)


@get(f"{HERE}/{{number:str}}/attachment", opt={"access": clerk}, include_in_schema=False)
async def attachment(request: Web) -> Response[bytes]:
    """What an appeal of this delegation brought along."""
    scope = request.state.scope
    found = await appeal_of(scope.competition["id"], number_in(request))
    if found["delegation"] != scope.delegation["id"]:
        raise missing(Words("这件申诉", "appeal"))
    data, media = await attached_to(found["id"], request.app.state.sealer)
    return served(data, media, called(found["number"]))


async def _form(request: Web, problem: Problem | None = None, typed: str = "") -> Response[str]:
    scope, lang, url = request.state.scope, lang_of(request), _url(request)
    one = next(iter(await results_open_to(scope.delegation, datetime.now(UTC), id_in(request, "entry"))), None)
    if one is None:
        raise missing(Words("这项已公布的成绩", "published result"))
    return page(
        request,
        "register/appeal.html",
        422 if problem else 200,
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url},
        result=_result(one, url, False, lang),
        typed=typed,
        problem={"what": spoken(problem.words, lang), "mend": spoken(problem.mend, lang)} if problem else None,
    )


def _result(one: Mapping[str, Any], url: str, taken: bool, lang: str) -> dict[str, Any]:
    row, verdict = one["row"], one["verdict"]
    return {
        "number": entry_id(one["event"], row["number"]),
        "names": "、".join(member["name"] for member in row["members"]),
        "event": said_in(one["event"], "name", lang),
        "rank": row["rank"],
        "total": row["total"],
        "award": row["award"][lang] if row["award"] else "",
        "published": one["snapshot"]["at"],
        "ends": one["ends"],
        "late": isinstance(verdict, No),
        "silent": isinstance(verdict, Silent),
        "taken": taken,
        "url": f"{url}/appeals/new/{row['entry']}",
    }


def _url(request: Web) -> str:
    scope = request.state.scope
    return registering.url_of(scope.competition["slug"], scope.delegation["id"])


ROUTES = Router("/", route_handlers=[appeals, blank, file, attachment])
