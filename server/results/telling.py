"""The public pages of what a competition tells beside its results: announcements with their feed, the programme with its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Router, get
from litestar.response import Response

from server.access import everyone
from server.competitions.announcing import show
from server.competitions.news import announcements
from server.competitions.programme import calendar, programme
from server.results.pages import name_of, said_in, site_of
from server.web.keeping import SQUEEZED, public
from server.web.page import Web, lang_of

A_WHILE = {"cache-control": "public, max-age=60", "vary": "accept-language, cookie"}


@get("/c/{slug:str}/news", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def news(request: Web) -> Response[str]:
    """Every announcement, the newest first."""
    competition, lang, rows = await _asked(request)
    return public(
        request,
        "public/news.html",
        site=site_of(competition, lang),
        competition={"title": name_of(competition, lang), "url": f"/c/{competition['slug']}"},
        rows=[told(row, lang) for row in rows],
        feed=f"/c/{competition['slug']}/news.atom",
    )


@get("/c/{slug:str}/news.atom", opt={"access": everyone}, include_in_schema=False)
async def feed(request: Web) -> Response[bytes]:
    """The same for readers of feeds (Atom, RFC 4287)."""
    competition, lang, rows = await _asked(request)
    base = f"{request.app.state.settings.base_url}/c/{competition['slug']}/news"
    template = request.app.state.templates.get_template("public/news.atom")
    content = template.render(
        lang=lang,
        title=name_of(competition, lang),
        base=base,
        updated=max((row["changed"] or row["at"] for row in rows), default=datetime.now(ZoneInfo("UTC"))),
        rows=[told(row, lang) for row in rows[:50]],
    )
    return Response(content.encode(), media_type="application/atom+xml; charset=utf-8", headers=A_WHILE)


@get("/c/{slug:str}/programme", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def programme_page(request: Web) -> Response[str]:
    """What happens, day by day."""
    await show(request.state.scope, request.user)
    competition, lang = request.state.scope.competition, lang_of(request)
    zone = ZoneInfo(competition["time_zone"])
    items = [_item(row, lang, zone) for row in await programme(competition["id"])]
    return public(
        request,
        "public/programme.html",
        site=site_of(competition, lang),
        competition={"title": name_of(competition, lang), "url": f"/c/{competition['slug']}"},
        days=[{"day": day, "items": list(some)} for day, some in groupby(items, key=lambda one: one["day"])],
        calendar=f"/c/{competition['slug']}/programme.ics",
    )


@get("/c/{slug:str}/programme.ics", opt={"access": everyone}, include_in_schema=False)
async def programme_calendar(request: Web) -> Response[bytes]:
    """The programme for a telephone's calendar."""
    await show(request.state.scope, request.user)
    competition, lang = request.state.scope.competition, lang_of(request)
    zone = competition["time_zone"]
    items = [{**row, **_item(row, lang, ZoneInfo(zone))} for row in await programme(competition["id"])]
    address = f"{request.app.state.settings.base_url}/c/{competition['slug']}/programme"
    content = calendar(name_of(competition, lang), zone, [{**one, **_moments(one)} for one in items], address)
    headers = {**A_WHILE, "content-disposition": f'inline; filename="{competition["slug"]}.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)


async def _asked(request: Web) -> tuple[Mapping[str, Any], str, list[dict[str, Any]]]:
    await show(request.state.scope, request.user)
    competition = request.state.scope.competition
    return competition, lang_of(request), await announcements(competition["id"])


def told(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """An announcement as a page shows it; what has no English is shown in Chinese, and says so to a screen reader."""
    english = lang == "en" and row["title_en"] and row["body_en"]
    text = row["body_en"] if english else row["body"]
    return {
        "id": str(row["id"]),
        "title": row["title_en"] if english else row["title"],
        "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
        "lang": "en" if english else "zh-CN",
        "at": row["at"],
        "changed": row["changed"] or "",
    }


def _item(row: Mapping[str, Any], lang: str, zone: ZoneInfo) -> dict[str, Any]:
    starts, ends = row["starts"].astimezone(zone), row["ends"].astimezone(zone)
    days = (ends.date() - starts.date()).days
    return {
        "title": said_in(row, "title", lang),
        "place": said_in(row, "place", lang),
        "of": said_in(row, "event_name", lang) if row["code"] else "",
        "day": starts.date(),
        "from": f"{starts:%H:%M}",
        "to": f"{ends:%H:%M}" + (f" +{days}" if days else ""),
    }


def _moments(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("starts", "ends", "changed", "id")}


ROUTES = Router("/", route_handlers=[news, feed, programme_page, programme_calendar])
