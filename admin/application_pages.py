"""Applications at a delegation's desk: links to be opened and closed, who has applied, and each one's decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import entry_fields, registering
from admin.entry_pages import event_of, form_page, read_entry
from admin.intake import packed
from admin.pages import Form
from admin.register_tabs import tabs
from scoring.verdict import No, Words
from server.access import clerk
from server.competitions.flow import events_listed
from server.errors import Refusal, missing
from server.registration.application_links import UNTIL, close_link, link_of, links_of, open_link
from server.registration.applications import application_of, applications_of, decline, take_in
from server.registration.attachments import wanted_of_application
from server.registration.persons import masked
from server.registration.single import Sent
from server.registration.window import window
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/register/{slug:str}/{delegation:str}/applications"
USUAL = timedelta(days=14)


@get(HERE, opt={"access": clerk}, include_in_schema=False)
async def applications_page(request: Web) -> Response[str]:
    """Who has applied, and the links that are open."""
    return await _page(request)


@post(f"{HERE}/links", opt={"access": clerk}, include_in_schema=False)
async def open_one(request: Web, data: Form) -> Response[Any]:
    """Open a link and show it with its code."""
    scope, now = request.state.scope, datetime.now(UTC)
    event = await event_of(request, data.get("event", ""))
    try:
        until = _moment(data.get("until", ""), scope.competition["time_zone"])
        made = await open_link(
            scope.competition, scope.delegation, event, until, request.app.state.sealer, request.user, now
        )
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(f"{_url(request)}/applications/links/{made}", status_code=303)


@get(f"{HERE}/links/{{link:str}}", opt={"access": clerk}, include_in_schema=False)
async def link_page(request: Web) -> Response[str]:
    """One link as it is printed or shown: its code, its address, its end."""
    scope, lang = request.state.scope, lang_of(request)
    link = await link_of(scope.delegation["id"], _id(request, "link"), request.app.state.sealer)
    address = f"{request.app.state.settings.base_url}/apply/{link['token']}"
    return page(
        request,
        "register/application_link.html",
        **_shared(request),
        link={**_link(link, lang, _url(request)), "address": address, "code": qr(address)},
        competition=registering.competition_line(scope.competition, lang),
    )


@post(f"{HERE}/links/{{link:str}}/close", opt={"access": clerk}, include_in_schema=False)
async def close_one(request: Web) -> Response[Any]:
    """Close a link; nobody applies by it any more."""
    scope = request.state.scope
    await close_link(scope.competition, scope.delegation, _id(request, "link"), request.user, datetime.now(UTC))
    return Redirect(f"{_url(request)}/applications", status_code=303)


@get(f"{HERE}/{{application:str}}", opt={"access": clerk}, include_in_schema=False)
async def review(request: Web) -> Response[Any]:
    """An application in the form of an entry, with everything that stands against it."""
    found = await _application(request)
    if found["state"] != "waiting":
        return Redirect(f"{_url(request)}/applications", status_code=303)
    event = await event_of(request, found["code"])
    read = read_entry(event or {}, found["values"]) if event else None
    return await form_page(request, event, found["values"], read=read, application=await _told(request, found))


@post(f"{HERE}/{{application:str}}", opt={"access": clerk}, include_in_schema=False)
async def accept(request: Web, data: Form) -> Response[Any]:
    """Take an application in as the clerk has it before them."""
    found, scope = await _application(request), request.state.scope
    event = await event_of(request, data.get("event", ""))
    if event is None or event["team_size"] > 1:
        raise missing(Words("这个赛项", "event"))
    read = read_entry(event, data)
    ticked = entry_fields.ticked(read, data)
    sent = Sent(read, packed(read), ticked=ticked, reason=data.get("reason", "")[:500])
    try:
        await take_in(
            *(scope.competition, scope.delegation, found["id"], sent),
            *(request.app.state.sealer, request.user, datetime.now(UTC)),
        )
    except Refusal as refusal:
        return await form_page(
            request, event, data, refusal=refusal, read=read, application=await _told(request, found)
        )
    return Redirect(f"{_url(request)}/applications?accepted=1", status_code=303)


@post(f"{HERE}/{{application:str}}/decline", opt={"access": clerk}, include_in_schema=False)
async def turn_down(request: Web, data: Form) -> Response[Any]:
    """Decline an application with words for the applicant."""
    found, scope = await _application(request), request.state.scope
    try:
        await decline(
            *(scope.competition, scope.delegation, found["id"], data.get("why", "")),
            *(request.app.state.sealer, request.user, datetime.now(UTC)),
        )
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(f"{_url(request)}/applications?declined=1", status_code=303)


async def _page(request: Web, refusal: Refusal | None = None) -> Response[str]:
    scope, lang, now = request.state.scope, lang_of(request), datetime.now(UTC)
    competition, when = scope.competition, window(scope.competition, request.user, now)
    found = await applications_of(scope.delegation["id"], request.app.state.sealer)
    closes = competition["registration_closes"]
    until = min(closes, now + USUAL) if closes and closes > now else now + USUAL
    asked = request.query_params
    said = Words("已接受，写入名单。", "Accepted; it is on the list.") if asked.get("accepted") else None
    said = Words("已谢绝，申请人能看到理由。", "Declined; the applicant reads why.") if asked.get("declined") else said
    return page(
        request,
        "register/applications.html",
        refusal.status if refusal else 200,
        **_shared(request),
        competition=registering.competition_line(competition, lang),
        tabs=await tabs(request, "applications"),
        waiting=[_line(one, lang, _url(request)) for one in found if one["state"] == "waiting"],
        decided=[_line(one, lang, _url(request)) for one in found if one["state"] != "waiting"],
        links=[_link(one, lang, _url(request)) for one in await links_of(scope.delegation["id"])],
        events=[
            {"code": one["code"], "name": name_of({**one, "edition": 1}, lang)}
            for one in await events_listed(competition)
            if one["state"] == "registration" and one["team_size"] == 1
        ],
        until=until.astimezone(ZoneInfo(competition["time_zone"])).strftime("%Y-%m-%dT%H:%M"),
        closed=spoken(when.reason, lang) if isinstance(when, No) else "",
        said=spoken(said, lang) if said else "",
        problem=registering.said_of(refusal, lang),
    )


def _shared(request: Web) -> dict[str, Any]:
    scope, lang = request.state.scope, lang_of(request)
    return {
        "desk": registering.rail(scope.competition, request.user, _url(request), lang),
        "delegation": {"name": registering.named(scope.delegation, lang), "url": _url(request)},
    }


def _line(one: Mapping[str, Any], lang: str, url: str) -> dict[str, Any]:
    values = one["values"]
    return {
        "url": f"{url}/applications/{one['id']}",
        "state": one["state"],
        "at": one["at"],
        "decided": one["decided"],
        "by": one["by_name"],
        "name": values.get("name-1", ""),
        "unit": values.get("unit-1", ""),
        "document": masked(values.get("document_number-1", "")),
        "event": one["event_en"] if lang == "en" and one["event_en"] else one["event"],
        "times": one["times"],
    }


def _link(one: Mapping[str, Any], lang: str, url: str) -> dict[str, Any]:
    over = one["until"] < datetime.now(UTC)
    event = one["event_name_en"] if lang == "en" and one["event_name_en"] else one["event_name"]
    return {
        "url": f"{url}/applications/links/{one['id']}",
        "event": event or "",
        "until": one["until"],
        "state": "closed" if one["closed"] else "over" if over else "open",
        "by": one["by_name"],
        "sent": one["sent"],
    }


async def _told(request: Web, found: Mapping[str, Any]) -> dict[str, Any]:
    """An application as its review shows it, with the photo and the papers that came with it."""
    english, url = lang_of(request) == "en", f"{_url(request)}/applications/{found['id']}"
    papers = [
        {
            "name": (one["kind_name_en"] if english else "") or one["kind_name"],
            "required": one["required"],
            "url": f"{url}/{one['kind']}" if one["at"] else "",
        }
        for one in await wanted_of_application(found["id"])
    ]
    photo = f"{url}/photo" if found["photographed"] else ""
    return {"id": str(found["id"]), "at": found["at"], "times": found["times"], "photo": photo, "papers": papers}


async def _application(request: Web) -> dict[str, Any]:
    delegation, sealer = request.state.scope.delegation["id"], request.app.state.sealer
    return await application_of(delegation, _id(request, "application"), sealer)


def qr(address: str) -> str:
    """The code of an address as a picture in the page itself."""
    return str(segno.make_qr(address, error="m").svg_data_uri(scale=8, border=2, dark="#111"))


def _moment(text: str, zone: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise UNTIL from None


def _id(request: Web, name: str) -> UUID:
    try:
        return UUID(str(request.path_params[name]))
    except ValueError:
        raise missing(Words("这份申请或链接", "application or link")) from None


def _url(request: Web) -> str:
    scope = request.state.scope
    return registering.url_of(scope.competition["slug"], scope.delegation["id"])


ROUTES = Router(
    "/",
    route_handlers=[applications_page, open_one, link_page, close_one, review, accept, turn_down],
)
