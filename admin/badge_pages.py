"""Badges of everybody, an event or a delegation, judges' badges, and station plans, as PDFs.

A few badges come at once; more are made beside the program, and whoever asked may leave meanwhile. Making them again changes
nothing about those that were handed out; only one that was lost is replaced, by its entry number.

A plan of an event shows the organiser's staff what the call list shows them: which entry works where. Work codes on
stations are for whoever may read that layer of the draw, and that they were read is kept in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from litestar import Router, get, post
from litestar.response import File, Redirect, Response

from admin.badge_files import Cards, cards_of, event_name, make_cards, set_cards, when_and_where
from admin.draw import shown
from admin.making import making, taken
from admin.pages import Form
from admin.paper_pages import attached, papers_page, printed
from certificates.badge import Badge
from scoring.verdict import Words
from server.access import office, organiser
from server.binding import Make
from server.competitions.flow import event_named
from server.database.tables import Place
from server.draw.layers import layers_of, pairs_for_supervisor, read_layer
from server.errors import Refusal
from server.registration.badge_codes import replace
from server.registration.badges import judges_with_badges
from server.registration.naming import entry_id
from server.registration.sending import delegation_of
from server.results.pages import name_of
from server.web.page import Web, lang_of, spoken

EVENT, ALL = "/office/{slug:str}/events/{code:str}", "/office/{slug:str}/badges"
AT_ONCE = 30
"""Badges that are made while one waits for them: some seconds."""
LONGEST = 60
NOBODY = Refusal("badges.nobody", Words("这里还没有人报名。", "Nobody has entered here yet."))
NO_PANEL = Refusal("badges.no-panel", Words("这个赛项还没有裁判。", "This event has no panel yet."))
NO_PLAN = Refusal(
    "stations.sealed",
    Words("这个赛项还没有公开的赛位。", "The stations of this event are not known yet."),
    Words(
        "抽签之后可以打印；有保管人时，由保管人在抽签页打印。",
        "They are there after the draw; where custodians keep them, the custodian prints the plan on the draw's page.",
    ),
)
JUDGES_IT = Refusal(
    "stations.judge",
    Words("本赛项的裁判不能看赛位图。", "Whoever judges this event does not see its station plan."),
    status=403,
)
ROLES = {True: Words("裁判长", "Chief judge"), False: Words("裁判员", "Judge")}


@get(f"{EVENT}/badges.pdf", opt={"access": organiser}, include_in_schema=False)
async def of_event(request: Web) -> Response[bytes] | Redirect:
    """A badge for everybody in an event."""
    event = request.state.scope.event
    some = urlencode({"event": event["code"]})
    return await _at_once(request, f"参赛证-{event['code']}.pdf", some, event=event["id"])


@get("/office/{slug:str}/delegations/{delegation:str}/badges.pdf", opt={"access": organiser}, include_in_schema=False)
async def of_delegation(request: Web) -> Response[bytes] | Redirect:
    """A badge for everybody whom a delegation sends, event by event."""
    delegation = request.state.scope.delegation
    some = urlencode({"delegation": delegation["id"]})
    return await _at_once(request, f"参赛证-{delegation['name']}.pdf", some, delegation=delegation["id"])


@get(ALL, opt={"access": organiser}, include_in_schema=False)
async def badges(request: Web) -> Response[str]:
    """The badges of everybody, or of one event or delegation, in the making."""
    cards, some = await _asked(request)
    place, make = _file_of(request, cards)
    url = f"/office/{request.state.scope.competition['slug']}"
    return making(
        request, "office/badges.html", "papers", place, make, len(cards.members), f"{url}/papers", f"{url}/badges{some}"
    )


@post(ALL, opt={"access": organiser}, include_in_schema=False)
async def badges_again(request: Web) -> Redirect:
    """Begin anew after it failed."""
    cards, some = await _asked(request)
    request.app.state.binding.begin(*_file_of(request, cards))
    return Redirect(f"{request.url.path}{some}", status_code=303)


@get(f"{ALL}.pdf", opt={"access": organiser}, include_in_schema=False)
async def badges_file(request: Web) -> File | Redirect:
    """The file itself."""
    cards, some = await _asked(request)
    here = f"{request.url.path.removesuffix('.pdf')}{some}"
    name = f"参赛证-{request.state.scope.competition['slug']}-{len(cards.members)}.pdf"
    return taken(request, _file_of(request, cards)[0], name, here)


@post(f"{ALL}/lost", opt={"access": organiser}, status_code=200, include_in_schema=False)
async def lost(request: Web, data: Form) -> Response[Any]:
    """A new badge for somebody who lost theirs; the old one opens no certificates from now on."""
    competition, state = request.state.scope.competition, request.app.state
    number, name = data.get("number", "")[:LONGEST], data.get("name", "")[:LONGEST]
    try:
        gone = await replace(competition["id"], number, name, state.sealer, request.user, datetime.now(UTC))
        cards = await cards_of(state, competition, lang_of(request), event=gone[0]["event"])
        new = [row for row in cards.members if row["id"] in {one["id"] for one in gone}]
        return attached(await set_cards(state, cards, new), f"参赛证-{gone[0]['number']}.pdf")
    except Refusal as refusal:
        return await papers_page(request, refusal, {"number": number, "name": name})


@get(f"{EVENT}/judge-badges.pdf", opt={"access": organiser}, include_in_schema=False)
async def of_judges(request: Web) -> Response[bytes]:
    """A badge for everybody on the panel. Raises Refusal `badges.no-panel`."""
    scope, lang = request.state.scope, lang_of(request)
    panel = await judges_with_badges(scope.event, request.app.state.sealer)
    if not panel:
        raise NO_PANEL
    event = event_name(scope.event, lang)
    badges = [
        Badge(
            one["name"], f"{scope.event['code']} · J{one['number']}", event, "", one["token"], role=spoken(ROLES[one["chief"]], lang)
        )
        for one in panel
    ]  # fmt: skip
    over, when = name_of(scope.competition, lang), when_and_where(scope.competition, lang)
    return await printed(request, f"裁判证-{scope.event['code']}.pdf", "badges", "judges", over, when, badges, lang)


@get(f"{EVENT}/stations.pdf", opt={"access": organiser}, include_in_schema=False)
async def stations(request: Web) -> Response[bytes]:
    """Which entry works at which station, shift by shift. Raises Refusal `stations.judge` or `stations.sealed`."""
    event = request.state.scope.event
    if event["id"] in request.user.seats:
        raise JUDGES_IT
    query = Place.select(Place.shift, Place.station, Place.entry.number.as_alias("number"))
    rows = await query.where(Place.event == event["id"])
    if not rows:
        raise NO_PLAN
    placed = [((row["shift"], row["station"]), entry_id(event, row["number"])) for row in rows]
    return await _plan(request, "entry", placed)


@post(f"{EVENT}/draw/plan", opt={"access": office}, include_in_schema=False)
async def plan(request: Web, data: Form) -> Response[Any]:
    """The plan of one layer for whoever may read it: its custodian, or a supervisor where no custodian keeps it."""
    scope, layer, now = request.state.scope, data.get("layer", ""), datetime.now(UTC)
    try:
        kept = bool(await layers_of(scope.event["id"]))
        drawn = kept or await Place.exists().where(Place.event == scope.event["id"])
        if not drawn or layer not in ("station", "code"):
            raise NO_PLAN
        if kept:
            pairs = await read_layer(scope.event, layer, data.get("passphrase", ""), request.user, now)
        else:
            pairs = await pairs_for_supervisor(scope.event, layer, request.user, now)
    except Refusal as refusal:
        lang = lang_of(request)
        said = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang), "bad": True}
        return await shown(request, refusal.status, said)
    what = "code" if layer == "code" else "number" if kept else "entry"
    return await _plan(request, what, [_spot_first(pair, layer) for pair in pairs])


def _spot_first(pair: Sequence[str], layer: str) -> tuple[tuple[int, int], str]:
    spot, text = pair if layer == "code" else reversed(pair)
    shift, station = spot.split("-")
    return (int(shift), int(station)), text


async def _plan(request: Web, what: str, placed: Iterable[tuple[tuple[int, int], str]]) -> Response[bytes]:
    scope, lang = request.state.scope, lang_of(request)
    shifts: dict[int, dict[int, str]] = {}
    for (shift, station), text in placed:
        shifts.setdefault(shift, {})[station] = text
    over, of = name_of(scope.competition, lang), f"{name_of(scope.event, lang)} · {scope.event['code']}"
    name = f"赛位图-{scope.event['code']}-{what}.pdf"
    return await printed(request, name, "stations", "plan", over, of, what, shifts, scope.event["stations"], lang)


def _file_of(request: Web, cards: Cards) -> tuple[Path, Make]:
    """Where the file of these cards stands, and what makes it. Raises Refusal `badges.nobody`."""
    if not cards.members:
        raise NOBODY
    state = request.app.state
    return state.binding.place_of(cards.within()), lambda file, told: make_cards(state, cards, file, told)


async def _asked(request: Web) -> tuple[Cards, str]:
    """The cards of the whole competition, or of the event or delegation that the address names, and the end of that address."""
    competition, of, some = request.state.scope.competition, {}, {}
    if code := request.query_params.get("event", ""):
        some["event"], of["event"] = code, (await event_named(competition, code))["id"]
    if id := request.query_params.get("delegation", ""):
        some["delegation"], of["delegation"] = id, (await delegation_of(competition, id))["id"]
    cards = await cards_of(request.app.state, competition, lang_of(request), **of)
    return cards, f"?{urlencode(some)}" if some else ""


async def _at_once(request: Web, name: str, some: str, **of: Any) -> Response[bytes] | Redirect:
    """A few badges as a download, more on the page where they are made. Raises Refusal `badges.nobody`."""
    competition, state = request.state.scope.competition, request.app.state
    cards = await cards_of(state, competition, lang_of(request), **of)
    if not cards.members:
        raise NOBODY
    if len(cards.members) > AT_ONCE:
        return Redirect(f"/office/{competition['slug']}/badges?{some}", status_code=303)
    return attached(await set_cards(state, cards, cards.members), name)


ROUTES = Router(
    "/", route_handlers=[of_event, of_delegation, badges, badges_again, badges_file, lost, of_judges, stations, plan]
)
