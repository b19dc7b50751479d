"""The review of entries, as a list with boxes: in the office for staff and supervisors, at a delegation's desk for its clerks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk, registering, reviewing
from admin.lists.asked import Asked, read
from admin.lists.listings import REVIEW
from admin.lists.loading import cells_of, columns_of, order_of
from admin.lists.showing import choose, heading, text, view_line
from admin.lists.views import views_of
from admin.pages import Form
from admin.register_tabs import tabs
from admin.setup import refusal_of
from scoring.verdict import Words
from server.access import clerk, office
from server.competitions.facts import STEPS
from server.errors import Refusal, missing
from server.registration.listing import Kind, Wanted, counted, events_in, fingerprint, kinds_of, page_of
from server.registration.review import ACTS, Seen, decide, undo
from server.results.pages import name_of
from server.signs import number_in
from server.web.page import Web, lang_of, page, spoken

OFFICE = "/office/{slug:str}/review"
DESK = "/register/{slug:str}/{delegation:str}/review"
MOST_SHOWN = 100
CHANGED = Refusal(
    "review.changed",
    Words("你看过之后名单有变化；一份都没有处理。", "The list changed after you looked; nothing was decided."),
    Words("请看过现在的内容再处理。", "Look at them as they are now, then decide."),
)
DONE = {
    "approve": Words("已通过 {count} 份。", "{count} approved."),
    "return": Words("已退回 {count} 份。", "{count} returned."),
    "reject": Words("{count} 份不予通过。", "{count} rejected."),
    "send": Words("已重新送审 {count} 份。", "{count} sent again."),
    "undo": Words("已撤回，{count} 份回到原来的状态。", "Taken back; {count} stand where they stood."),
}


@get(OFFICE, opt={"access": office}, include_in_schema=False)
async def review(request: Web) -> Response[str]:
    """Every entry of the competition."""
    return await _page(request)


@post(OFFICE, opt={"access": office}, include_in_schema=False)
async def act(request: Web, data: Form) -> Response[Any]:
    """Decide on the entries that are ticked."""
    return await _act(request, data)


@post(f"{OFFICE}/undo", opt={"access": office}, include_in_schema=False)
async def take_back(request: Web, data: Form) -> Response[Any]:
    """Take a decision back as a whole."""
    return await _undo(request, data)


@get(DESK, opt={"access": clerk}, include_in_schema=False)
async def own_review(request: Web) -> Response[str]:
    """The entries of a delegation."""
    return await _page(request)


@post(DESK, opt={"access": clerk}, include_in_schema=False)
async def own_act(request: Web, data: Form) -> Response[Any]:
    """A clerk's own step, or sending again what was returned."""
    return await _act(request, data)


@post(f"{DESK}/undo", opt={"access": clerk}, include_in_schema=False)
async def own_take_back(request: Web, data: Form) -> Response[Any]:
    """Take an own decision back as a whole."""
    return await _undo(request, data)


async def _act(request: Web, data: Mapping[str, str]) -> Response[Any]:
    scope, kind = request.state.scope, data.get("act", "")
    picked = {name.removeprefix("pick-"): value for name, value in data.items() if name.startswith("pick-")}
    try:
        if data.get("every"):
            seen = await _every(request, kind, data["every"])
        else:
            numbers = {entry: number_in(version) for entry, version in picked.items()}
            seen = [Seen(_id(entry), number) for entry, number in numbers.items() if number is not None]
        await _own_only(request, seen)
        batch = await decide(scope.competition, kind, seen, data.get("reason", ""), request.user, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _page(request, refusal, picked=frozenset(picked), reason=data.get("reason", ""))
    return Redirect(
        f"{_here(request)}?{_asked(request, done=kind, count=str(len(seen)), batch=str(batch))}", status_code=303
    )


async def _undo(request: Web, data: Mapping[str, str]) -> Response[Any]:
    try:
        count = await undo(request.state.scope.competition, _id(data.get("batch", "")), request.user, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _page(request, refusal)
    return Redirect(f"{_here(request)}?{_asked(request, done='undo', count=str(count))}", status_code=303)


async def _own_only(request: Web, seen: Sequence[Seen]) -> None:
    """At a delegation's desk only its own entries are decided on."""
    delegation = request.state.scope.delegation
    if delegation is None:
        return
    kinds = await kinds_of(request.state.scope.competition["id"], [one.entry for one in seen])
    own = {entry for entry, kind in kinds.items() if kind[2] == delegation["id"]}
    if any(one.entry not in own for one in seen):
        raise missing(Words("其中一份报名", "entry"))


def _here(request: Web) -> str:
    scope = request.state.scope
    if scope.delegation is None:
        return f"/office/{scope.competition['slug']}/review"
    return f"{registering.url_of(scope.competition['slug'], scope.delegation['id'])}/review"


def _asked(request: Web, **more: str) -> str:
    """The filters, columns and order of the address, and what else it is to say."""
    return "&".join(one for one in (read(REVIEW, request.query_params).query(), urlencode(more)) if one)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise missing(Words("这份报名", "entry")) from None


async def _page(
    request: Web, refusal: Refusal | None = None, picked: frozenset[str] = frozenset(), reason: str = ""
) -> Response[str]:
    scope, lang, here = request.state.scope, lang_of(request), _here(request)
    id, own = scope.competition["id"], scope.delegation["id"] if scope.delegation else None
    groups = await counted(id, own)
    mine = reviewing.acts_by_kind([reviewing.kind_of(row) for row in groups], scope.competition, request.user)
    waiting = reviewing.waiting_of(mine, own is not None)
    asked = read(REVIEW, request.query_params)
    order = f"ORDER BY {order_of(REVIEW, asked, lang)}"
    rows, found, number = await page_of(id, _wanted(asked, own, waiting), asked.page, MOST_SHOWN, order)
    columns = [one for one in columns_of(REVIEW, asked) if own is None or one.id != "delegation"]
    more = [one for one in columns if one.id not in reviewing.DRAWN]
    cells = await cells_of(REVIEW, more, id, [row["id"] for row in rows], lang)
    views = await views_of(REVIEW, id, request.user) if own is None else []
    last = max(1, -(-len(found) // MOST_SHOWN))
    acts = {act for row in rows for act in mine.get(reviewing.kind_of(row), ())}
    return page(
        request,
        "office/review.html",
        refusal.status if refusal else 200,
        desk=_rail(request, lang),
        tabs=await tabs(request, "review") if scope.delegation is not None else [],
        over=_over(request, lang),
        here_url=here,
        action=f"{here}?{_asked(request)}",
        steps=[spoken(STEPS[step], lang) for step in scope.competition["review_steps"]],
        states=reviewing.states(groups, waiting, asked, lang),
        columns=[heading(one, asked, lang) for one in columns],
        choose=[one for one in choose(REVIEW, columns, lang) if own is None or one["id"] != "delegation"],
        kept=f"/office/{scope.competition['slug']}/lists/review" if own is None else "",
        views=[view_line(one, REVIEW, asked) for one in views],
        events=reviewing.choices(await events_in(id, own), "code", "event_name", lang),
        delegations=reviewing.choices(groups, "delegation", "delegation_name", lang) if own is None else [],
        asked={name: asked.value(name) for name in ("state", "event", "delegation")}
        | {"find": asked.find, "columns": ",".join(asked.columns), "sort": asked.sort, "query": asked.query()},
        acts=[act for act in ACTS if act in acts],
        entries=[
            reviewing.line(row, mine.get(reviewing.kind_of(row), ()), scope.competition, picked, lang)
            | {"cells": {one.id: text(cells[row["id"]][one.id], one, lang) for one in more}}
            for row in rows
        ],
        every=fingerprint(found) if last > 1 else "",
        workbook=_workbook(request, asked) if own is None and asked.value("state") != "mine" else "",
        pages={
            "from": (number - 1) * MOST_SHOWN + 1,
            "to": (number - 1) * MOST_SHOWN + len(rows),
            "before": f"?{_asked(request, page=str(number - 1))}" if number > 1 else "",
            "after": f"?{_asked(request, page=str(number + 1))}" if number < last else "",
        },
        found=len(found),
        all=sum(row["n"] for row in groups),
        reason=reason,
        said=_said(request, lang),
        batch=request.query_params.get("batch", ""),
        problem=refusal_of(refusal, lang),
    )


def _wanted(asked: Asked, own: UUID | None, waiting: Sequence[Kind]) -> Wanted:
    kinds = waiting if asked.value("state") == "mine" else None
    return Wanted(own, asked.value("state"), asked.value("event"), asked.value("delegation"), asked.find, kinds)


def _workbook(request: Web, asked: Asked) -> str:
    """The same entries as a workbook, with the columns and in the order that are shown."""
    return f"/office/{request.state.scope.competition['slug']}/lists/review/workbook.xlsx?{asked.query()}"


async def _every(request: Web, act: str, seen: str) -> list[Seen]:
    """Everything that the filters find and that this act may be done to. Raises Refusal `review.changed` when that is not what
    was seen.
    """
    scope = request.state.scope
    id, own = scope.competition["id"], scope.delegation["id"] if scope.delegation else None
    groups = [reviewing.kind_of(row) for row in await counted(id, own)]
    mine = reviewing.acts_by_kind(groups, scope.competition, request.user)
    asked = read(REVIEW, request.query_params)
    _, found, _ = await page_of(id, _wanted(asked, own, reviewing.waiting_of(mine, own is not None)), 1, MOST_SHOWN)
    if fingerprint(found) != seen:
        raise CHANGED
    kinds = await kinds_of(id, [one.entry for one in found])
    return [one for one in found if act in mine.get(kinds[one.entry], ())]


def _rail(request: Web, lang: str) -> dict[str, Any]:
    scope = request.state.scope
    if scope.delegation is not None:
        url = registering.url_of(scope.competition["slug"], scope.delegation["id"])
        return registering.rail(scope.competition, request.user, url, lang)
    staff = scope.competition["organiser"] in request.user.organisers
    return desk.rail(scope.competition, "review", None, lang, sets_up=staff)


def _over(request: Web, lang: str) -> dict[str, str]:
    """What stands over the page's name, and the way back to it."""
    scope = request.state.scope
    if scope.delegation is None:
        return {"name": name_of(scope.competition, lang), "url": f"/office/{scope.competition['slug']}"}
    url = registering.url_of(scope.competition["slug"], scope.delegation["id"])
    return {"name": registering.named(scope.delegation, lang), "url": url}


def _said(request: Web, lang: str) -> dict[str, str] | None:
    words, count = DONE.get(request.query_params.get("done", "")), request.query_params.get("count", "")
    return {"what": spoken(words, lang).format(count=count)} if words and count.isdecimal() else None


ROUTES = Router("/", route_handlers=[review, act, take_back, own_review, own_act, own_take_back])
