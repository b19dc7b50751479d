"""The ways to the desks of delegations: a clerk's own, and the office's list of all of them."""

from __future__ import annotations

from typing import Any

from litestar import Router, get
from litestar.response import Redirect, Response

from admin import desk, registering
from admin.registering import url_of
from scoring.verdict import Yes
from server.access import office, organiser, signed_in
from server.registration.desks import desks_in, desks_of
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
    scope, lang = request.state.scope, lang_of(request)
    staff = isinstance(organiser(request.user, scope), Yes)
    found = await desks_in(scope.competition)
    return page(
        request,
        "office/registration.html",
        desk=desk.rail(scope.competition, "registration", None, lang, staff),
        competition=registering.competition_line(scope.competition, lang),
        delegations=[
            {
                "name": registering.named(one, lang),
                "url": url_of(scope.competition["slug"], one["id"]) if staff else "",
                **{name: one[name] for name in ("entries", "people", "waiting", "applications", "papers", "newest")},
            }
            for one in found
        ],
        setup=f"/office/{scope.competition['slug']}/setup" if staff else "",
    )


ROUTES = Router("/", route_handlers=[home, delegations])
