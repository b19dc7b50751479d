"""The review of entries, as a list with boxes: in the office for staff and supervisors, at a delegation's desk for its clerks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk, registering
from admin.pages import Form
from admin.register_tabs import tabs
from admin.setup import refusal_of
from scoring.verdict import Words, Yes
from server.access import clerk, office
from server.competitions.facts import STEPS
from server.errors import Refusal, missing
from server.registration.naming import entry_id
from server.registration.review import ACTS, STATES, Seen, decide, entries_in, may_act, undo
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

OFFICE = "/office/{slug:str}/review"
DESK = "/register/{slug:str}/{delegation:str}/review"
MOST_SHOWN = 200
ASKED = ("state", "event", "delegation", "find")
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
        seen = [Seen(_id(entry), int(version)) for entry, version in picked.items() if version.isdecimal()]
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
    own = {
        row["id"]
        for row in await entries_in(request.state.scope.competition["id"])
        if row["delegation"] == delegation["id"]
    }
    if any(one.entry not in own for one in seen):
        raise missing(Words("其中一份报名", "entry"))


def _here(request: Web) -> str:
    scope = request.state.scope
    if scope.delegation is None:
        return f"/office/{scope.competition['slug']}/review"
    return f"{registering.url_of(scope.competition['slug'], scope.delegation['id'])}/review"


def _asked(request: Web, **more: str) -> str:
    """The filters of the address, and what else it is to say."""
    kept = {name: request.query_params[name] for name in ASKED if request.query_params.get(name)}
    return urlencode({**kept, **more})


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise missing(Words("这份报名", "entry")) from None


async def _page(
    request: Web, refusal: Refusal | None = None, picked: frozenset[str] = frozenset(), reason: str = ""
) -> Response[str]:
    scope, lang, here = request.state.scope, lang_of(request), _here(request)
    rows = [row for row in await entries_in(scope.competition["id"]) if row["state"] == "registration"]
    if scope.delegation is not None:
        rows = [row for row in rows if row["delegation"] == scope.delegation["id"]]
    mine = {row["id"]: _acts(row, scope.competition, request) for row in rows}
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    shown = [row for row in rows if _wanted(row, asked, mine)]
    acts = {act for row in shown[:MOST_SHOWN] for act in mine[row["id"]]}
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
        states=_states(rows, mine, asked, lang),
        events=_choices(rows, "code", "event_name", lang),
        delegations=_choices(rows, "delegation", "delegation_name", lang) if scope.delegation is None else [],
        asked=asked,
        acts=[act for act in ACTS if act in acts],
        entries=[_line(row, mine[row["id"]], scope.competition, picked, lang) for row in shown[:MOST_SHOWN]],
        found=len(shown),
        all=len(rows),
        reason=reason,
        said=_said(request, lang),
        batch=request.query_params.get("batch", ""),
        problem=refusal_of(refusal, lang),
    )


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


def _acts(row: Mapping[str, Any], competition: Mapping[str, Any], request: Web) -> tuple[str, ...]:
    """What this person may do to an entry now."""
    return tuple(act for act in ACTS if isinstance(may_act(row, act, competition, request.user), Yes))


def _wanted(row: Mapping[str, Any], asked: Mapping[str, str], mine: Mapping[UUID, Sequence[str]]) -> bool:
    state, find = asked["state"], asked["find"].strip().casefold()
    if state == "mine" and "approve" not in mine[row["id"]] and "send" not in mine[row["id"]]:
        return False
    if state in STATES and row["entry_state"] != state:
        return False
    if asked["event"] and row["code"] != asked["event"]:
        return False
    if asked["delegation"] and str(row["delegation"]) != asked["delegation"]:
        return False
    told = f"{entry_id(row, row['number'])} {row['names']} {row['units']} {row['team']}".casefold()
    return find in told


def _states(
    rows: Sequence[Mapping[str, Any]], mine: Mapping[UUID, Sequence[str]], asked: Mapping[str, str], lang: str
) -> list[dict[str, Any]]:
    """The chips: all, what waits for this person, and each state that somebody is in."""
    kept = {name: value for name, value in asked.items() if value and name != "state"}
    waiting = sum(bool({"approve", "send"} & set(mine[row["id"]])) for row in rows)
    chips = [
        ("", Words("全部", "All"), len(rows)),
        ("mine", Words("等我处理", "Wait for me"), waiting),
        *((state, words, sum(row["entry_state"] == state for row in rows)) for state, words in STATES.items()),
    ]
    return [
        {
            "name": spoken(words, lang),
            "count": count,
            "url": f"?{urlencode({**kept, **({'state': state} if state else {})})}",
            "here": asked["state"] == state,
        }
        for state, words, count in chips
        if count or state in ("", "mine")
    ]


def _choices(rows: Sequence[Mapping[str, Any]], key: str, name: str, lang: str) -> list[dict[str, str]]:
    found = {str(row[key]): row[f"{name}_en"] if lang == "en" and row.get(f"{name}_en") else row[name] for row in rows}
    return [{"value": value, "label": label} for value, label in sorted(found.items(), key=lambda one: one[1])]


def _line(
    row: Mapping[str, Any], acts: Sequence[str], competition: Mapping[str, Any], picked: frozenset[str], lang: str
) -> dict[str, Any]:
    steps, state = competition["review_steps"], row["entry_state"]
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "picked": str(row["id"]) in picked,
        "number": entry_id(row, row["number"]),
        "names": row["names"] or "",
        "team": row["team"],
        "units": row["units"] or "",
        "event": row["event_name_en"] if lang == "en" and row["event_name_en"] else row["event_name"],
        "division": row["division"],
        "delegation": row["delegation_name"],
        "url": f"{registering.url_of(competition['slug'], row['delegation'])}/entry/{row['id']}",
        "state": state,
        "said": spoken(STATES[state], lang),
        "step": spoken(STEPS[steps[row["step"]]], lang) if state == "review" else "",
        "acts": acts,
        "reason": row["reason"] or "" if row["act"] in ("returned", "rejected") else "",
        "by": row["by_name"] or "",
        "at": row["at"],
    }


def _said(request: Web, lang: str) -> dict[str, str] | None:
    words, count = DONE.get(request.query_params.get("done", "")), request.query_params.get("count", "")
    return {"what": spoken(words, lang).format(count=count)} if words and count.isdecimal() else None


ROUTES = Router("/", route_handlers=[review, act, take_back, own_review, own_act, own_take_back])
