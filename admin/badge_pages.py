"""Badges of an event or a delegation, judges' badges, and station plans, as PDFs.

A plan of an event shows the organiser's staff what the call list shows them: which entry works where. Work codes on
stations are for whoever may read that layer of the draw, and that they were read is kept in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Response

from admin.desk import edition
from admin.draw import shown
from admin.pages import Form
from admin.paper_pages import printed
from admin.registering import named
from certificates.badge import Badge
from scoring.verdict import Words
from server.access import office, organiser
from server.database.tables import Place
from server.draw.layers import layers_of, pairs_for_supervisor, read_layer
from server.errors import Refusal
from server.registration.badges import judges_with_badges, members_with_badges
from server.registration.naming import entry_id
from server.registration.photos import photos_of
from server.results.pages import name_of
from server.web.page import Web, lang_of, spoken

EVENT = "/office/{slug:str}/events/{code:str}"
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
async def of_event(request: Web) -> Response[bytes]:
    """A badge for everybody in an event."""
    event = request.state.scope.event
    return await _badges(request, f"参赛证-{event['code']}.pdf", event=event["id"])


@get("/office/{slug:str}/delegations/{delegation:str}/badges.pdf", opt={"access": organiser}, include_in_schema=False)
async def of_delegation(request: Web) -> Response[bytes]:
    """A badge for everybody whom a delegation sends, event by event."""
    delegation = request.state.scope.delegation
    return await _badges(request, f"参赛证-{delegation['name']}.pdf", delegation=delegation["id"])


@get(f"{EVENT}/judge-badges.pdf", opt={"access": organiser}, include_in_schema=False)
async def of_judges(request: Web) -> Response[bytes]:
    """A badge for everybody on the panel. Raises Refusal `badges.no-panel`."""
    scope, lang = request.state.scope, lang_of(request)
    panel = await judges_with_badges(scope.event, request.app.state.sealer)
    if not panel:
        raise NO_PANEL
    event = _event_name(scope.event, lang)
    badges = [
        Badge(
            one["name"], f"{scope.event['code']} · J{one['number']}", event, "", one["token"], role=spoken(ROLES[one["chief"]], lang)
        )
        for one in panel
    ]  # fmt: skip
    return await _cards(request, f"裁判证-{scope.event['code']}.pdf", "judges", badges)


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


async def _badges(request: Web, name: str, **of: Any) -> Response[bytes]:
    """Raises Refusal `badges.nobody`."""
    competition, sealer, lang = request.state.scope.competition, request.app.state.sealer, lang_of(request)
    members = await members_with_badges(competition["id"], sealer, **of)
    if not members:
        raise NOBODY
    photos = await photos_of(competition["id"], {row["person"] for row in members}, sealer)
    badges = [_badge(row, photos.get(row["person"], b""), lang) for row in members]
    return await _cards(request, name, "competitors", badges)


def _badge(row: Mapping[str, Any], photo: bytes, lang: str) -> Badge:
    event = {"name": row["event_name"], "name_en": row["event_name_en"], "division": row["division"]}
    delegation = named({"name": row["delegation_name"], "name_en": row["delegation_name_en"]}, lang)
    whence = " · ".join(dict.fromkeys(text for text in (delegation, row["team"], row["unit"]) if text))
    return Badge(row["name"], row["number"], _event_name(event, lang), whence, row["token"], photo)


def _event_name(event: Mapping[str, Any], lang: str) -> str:
    name = name_of({**event, "edition": 1}, lang)
    return f"{name} · {event['division']}" if event["division"] and lang == "zh" else name


async def _cards(request: Web, name: str, kind: str, badges: Sequence[Badge]) -> Response[bytes]:
    competition, lang = request.state.scope.competition, lang_of(request)
    venue = competition["venue_en"] or competition["venue"] if lang == "en" else competition["venue"]
    when = " · ".join(text for text in (edition(competition, lang)["when"], venue) if text)
    return await printed(request, name, "badges", kind, name_of(competition, lang), when, badges, lang)


ROUTES = Router("/", route_handlers=[of_event, of_delegation, of_judges, stations, plan])
