"""The ways to the desks of delegations: a clerk's own, and the office's list of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk, registering
from admin.pages import Form
from admin.registering import url_of
from scoring.verdict import Words, Yes
from server.access import office, organiser, signed_in, supervisor
from server.errors import Refusal, missing
from server.registration.desks import desks_in, desks_of
from server.registration.late import Late, late_of, let_late
from server.web.page import Web, lang_of, page
from server.web.words import N_, translator


@get("/register", opt={"access": signed_in}, include_in_schema=False)
async def home(request: Web) -> Response[Any]:
    """The desks at which this person registers; straight to the only one."""
    desks = await desks_of(request.user)
    if len(desks) == 1:
        return Redirect(url_of(desks[0]["competition"]["slug"], desks[0]["id"]), status_code=303)
    lang = lang_of(request)
    lines = [
        {
            "name": registering.named(one, lang),
            "url": url_of(one["competition"]["slug"], one["id"]),
            "competition": registering.competition_line(one["competition"], lang),
        }
        for one in desks
    ]
    link = {"id": "registration", "icon": "clipboard-check", "name": translator(lang).gettext(N_("Registration desk"))}
    links = [{**link, "url": "/register", "count": None}]
    return page(
        request,
        "register/home.html",
        desk={"competition": None, "here": "registration", "links": links},
        desks=lines,
    )


@get("/office/{slug:str}/registration", opt={"access": office}, include_in_schema=False)
async def delegations(request: Web) -> Response[str]:
    """Every delegation of a competition, with the way to its desk."""
    return await _delegations(request)


@post("/office/{slug:str}/registration/late", opt={"access": supervisor}, include_in_schema=False)
async def let_one_late(request: Web, data: Form) -> Response[Any]:
    """Let a delegation enter after the close."""
    competition = request.state.scope.competition
    try:
        until = datetime.fromisoformat(data.get("until", "")).replace(tzinfo=ZoneInfo(competition["time_zone"]))
    except ValueError:
        until = None
    try:
        await let_late(
            competition, _id(data.get("delegation", "")), until, data.get("reason", ""), request.user, datetime.now(UTC)
        )
    except Refusal as refusal:
        return await _delegations(request, refusal, data)
    return Redirect(f"/office/{competition['slug']}/registration", status_code=303)


async def _delegations(
    request: Web, refusal: Refusal | None = None, given: Mapping[str, str] | None = None
) -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    staff = isinstance(organiser(request.user, scope), Yes)
    found, late, now = await desks_in(scope.competition), await late_of(scope.competition), datetime.now(UTC)
    closes = scope.competition["registration_closes"]
    return page(
        request,
        "office/registration.html",
        refusal.status if refusal else 200,
        desk=desk.rail(scope.competition, "registration", None, lang, staff),
        competition=registering.competition_line(scope.competition, lang),
        delegations=[
            {
                "name": registering.named(one, lang),
                "url": url_of(scope.competition["slug"], one["id"]) if staff else "",
                "id": str(one["id"]),
                "late": _late(late.get(one["id"]), now),
                **{name: one[name] for name in ("entries", "people", "waiting", "applications", "papers", "newest")},
            }
            for one in found
        ],
        closed=bool(closes and now > closes),
        permits=isinstance(supervisor(request.user, scope), Yes),
        given=given or {},
        problem=registering.said_of(refusal, lang),
        setup=f"/office/{scope.competition['slug']}/setup" if staff else "",
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise missing(Words("这个代表队", "delegation")) from None


def _late(late: Late | None, now: datetime) -> dict[str, Any] | None:
    return {"until": late.until, "reason": late.reason, "by": late.by, "over": now > late.until} if late else None


ROUTES = Router("/", route_handlers=[home, delegations, let_one_late])
