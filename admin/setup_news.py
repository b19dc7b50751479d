"""The set-up's pages of what the public is told: announcements, and the programme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin.setup import Form, setup_page
from server.access import organiser
from server.competitions import news, programme
from server.competitions.flow import events_listed
from server.errors import Refusal
from server.results.pages import name_of, said_in
from server.signs import number_in
from server.web.page import Web, lang_of

SETUP = "/office/{slug:str}/setup"


@get(f"{SETUP}/news", opt={"access": organiser}, include_in_schema=False)
async def news_page(request: Web) -> Response[str]:
    """What was announced; with `edit` in the address, one announcement to be corrected."""
    return await _news(request)


@post(f"{SETUP}/news", opt={"access": organiser}, include_in_schema=False)
async def make_news(request: Web, data: Form) -> Response[Any]:
    """Announce something, or correct what was announced."""
    competition, now = request.state.scope.competition, datetime.now(UTC)
    try:
        if data.get("id"):
            await news.correct(
                competition,
                _id(data["id"], news.GONE),
                number_in(data.get("version", "")) or 0,
                data,
                request.user,
                now,
            )
        else:
            await news.announce(competition, data, request.user, now)
    except Refusal as refusal:
        return await _news(request, refusal, data)
    return Redirect(f"/office/{competition['slug']}/setup/news?done=announced", status_code=303)


@post(f"{SETUP}/news/withdraw", opt={"access": organiser}, include_in_schema=False)
async def withdraw_news(request: Web, data: Form) -> Response[Any]:
    """Take an announcement back."""
    competition = request.state.scope.competition
    try:
        id = _id(data.get("id", ""), news.GONE)
        await news.withdraw(competition, id, number_in(data.get("version", "")) or 0, request.user, datetime.now(UTC))
    except Refusal as refusal:  # pressed twice, or in a tab from before
        return await _news(request, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/news?done=withdrawn", status_code=303)


@get(f"{SETUP}/programme", opt={"access": organiser}, include_in_schema=False)
async def programme_page(request: Web) -> Response[str]:
    """What happens when; with `edit` in the address, one item to be corrected."""
    return await _programme(request)


@post(f"{SETUP}/programme", opt={"access": organiser}, include_in_schema=False)
async def make_item(request: Web, data: Form) -> Response[Any]:
    """Put something on the programme, or correct what is there."""
    competition, now = request.state.scope.competition, datetime.now(UTC)
    events = {one["code"]: one for one in await events_listed(competition)}
    starts, ends = (programme.local(data.get(name, ""), competition["time_zone"]) for name in ("starts", "ends"))
    try:
        said = (events.get(data.get("event", "")), data, starts, ends, request.user, now)
        if data.get("id"):
            await programme.correct(competition, _id(data["id"], programme.GONE), data.get("seen", ""), *said)
        else:
            await programme.add(competition, *said)
    except Refusal as refusal:
        return await _programme(request, refusal, data)
    return Redirect(f"/office/{competition['slug']}/setup/programme?done=programmed", status_code=303)


@post(f"{SETUP}/programme/remove", opt={"access": organiser}, include_in_schema=False)
async def remove_item(request: Web, data: Form) -> Response[Any]:
    """Take something off the programme."""
    competition = request.state.scope.competition
    try:
        id = _id(data.get("id", ""), programme.GONE)
        await programme.remove(competition, id, data.get("seen", ""), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _programme(request, refusal)
    return Redirect(f"/office/{competition['slug']}/setup/programme?done=unprogrammed", status_code=303)


def _id(text: str, what: Refusal) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise what from None


async def _news(request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Response[str]:
    competition = request.state.scope.competition
    url = f"/office/{competition['slug']}/setup/news"
    rows = await news.announcements(competition["id"])
    editing = request.query_params.get("edit", "") or (typed or {}).get("id", "")
    one = next((row for row in rows if str(row["id"]) == editing), None)
    values = dict.fromkeys(news.TEXTS, "") | ({name: one[name] for name in news.TEXTS} if one else {})
    values |= {name: (typed or {}).get(name, values[name]) for name in news.TEXTS}
    return await setup_page(
        request,
        "office/setup_news.html",
        "news",
        refusal,
        action=url,
        public=f"/c/{competition['slug']}/news",
        values=values,
        one={"id": str(one["id"]), "version": one["version"]} if one else None,
        rows=[
            {
                "id": str(row["id"]),
                "version": row["version"],
                "title": row["title"],
                "english": bool(row["title_en"] and row["body_en"]),
                "at": row["at"],
                "changed": row["changed"] or "",
            }
            for row in rows
        ],
    )


async def _programme(
    request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    fields = ("title", "title_en", "place", "place_en", "event", "starts", "ends")
    first = f"{competition['starts'].isoformat()}T09:00"
    values = {**dict.fromkeys(fields, ""), "starts": first, "ends": f"{first[:-5]}10:00"}
    rows = await programme.programme(competition["id"])
    editing = request.query_params.get("edit", "") or (typed or {}).get("id", "")
    one = next((row for row in rows if str(row["id"]) == editing), None)
    if one:
        zone = ZoneInfo(competition["time_zone"])
        times = {name: one[name].astimezone(zone).strftime("%Y-%m-%dT%H:%M") for name in ("starts", "ends")}
        values = {**{name: one[name] for name in fields[:4]}, "event": one["code"] or "", **times}
    return await setup_page(
        request,
        "office/setup_programme.html",
        "programme",
        refusal,
        action=f"/office/{competition['slug']}/setup/programme",
        public=f"/c/{competition['slug']}/programme",
        values={**values, **(typed or {})},
        one={"id": str(one["id"]), "seen": one["changed"].isoformat()} if one else None,
        events=[
            {"code": one["code"], "name": name_of({**one, "edition": 1}, lang)}
            for one in await events_listed(competition)
        ],
        rows=[
            {
                "id": str(row["id"]),
                "seen": row["changed"].isoformat(),
                "title": said_in(row, "title", lang),
                "place": said_in(row, "place", lang),
                "of": said_in(row, "event_name", lang) if row["code"] else "",
                "starts": row["starts"],
                "ends": row["ends"],
            }
            for row in rows
        ],
    )


ROUTES = Router("/", route_handlers=[news_page, make_news, withdraw_news, programme_page, make_item, remove_item])
