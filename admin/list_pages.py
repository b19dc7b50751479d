"""The lists of a competition, each with search, filters, columns, views and a workbook; and the search over everything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.lists.asked import Asked, read
from admin.lists.finding import found
from admin.lists.listing import Listing
from admin.lists.listings import KEPT, LISTINGS
from admin.lists.loading import all_of, columns_of
from admin.lists.showing import may_open, shown
from admin.lists.views import drop, keep
from admin.lists.writing import write_rows
from admin.pages import Form
from admin.setup import refusal_of
from admin.tables import WORKBOOK
from scoring.verdict import Words
from server.access import office, signed_in
from server.errors import Refusal, missing
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken
from server.web.words import N_, translator, written

HERE = "/office/{slug:str}/lists/{list:str}"
WHENCE: Mapping[str, tuple[Words, str, str]] = {
    "entries": (
        Words(
            "参赛单元来自代表队的报名：报名员在自己的页面上填写，或由您收下报名电子表。",
            "Entries come from the delegations: their clerks enter them, or you take their workbooks in.",
        ),
        "registration",
        N_("Registration desk"),
    ),
    "delegations": (
        Words(
            "代表队由您添加，或随报名电子表一起进来。",
            "You add the delegations, or they come with their registration workbooks.",
        ),
        "registration",
        N_("Registration desk"),
    ),
    "judges": (
        Words(
            "裁判先进裁判库：收下一份电子表，或逐个添加；再编入各赛项的裁判组。",
            "Judges come into the pool by a workbook or one by one; then they are seated on panels.",
        ),
        "judges",
        N_("Judges"),
    ),
}
"""Where the rows of an empty list will come from: what is said, the room of the office, and its name in the rail."""


@get(HERE, opt={"access": office}, include_in_schema=False)
async def list_page(request: Web) -> Response[str]:
    """A page of a list."""
    return await _page(request)


@get(f"{HERE}/workbook.xlsx", opt={"access": office}, include_in_schema=False)
async def workbook(request: Web) -> Response[bytes]:
    """The same columns, filters and order as a workbook, every page of it."""
    return await as_workbook(request, listing_of(request))


@post(f"{HERE}/views", opt={"access": office}, include_in_schema=False)
async def keep_view(request: Web, data: Form) -> Response[Any]:
    """Keep the list as it is shown under a name."""
    listing, competition = listing_of(request), request.state.scope.competition
    asked = read(listing, dict(parse_qsl(data.get("query", "")[:2000])))
    try:
        await keep(listing, competition, data.get("name", ""), asked, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(f"{_url(request, listing)}?{asked.query()}", status_code=303)


@post(f"{HERE}/views/{{view:str}}/drop", opt={"access": office}, include_in_schema=False)
async def drop_view(request: Web) -> Response[Any]:
    """Forget a view."""
    listing = listing_of(request)
    try:
        view = UUID(request.path_params["view"])
    except ValueError:
        raise missing(Words("这个视图", "view")) from None
    await drop(listing, request.state.scope.competition["id"], view, request.user)
    return Redirect(_url(request, listing), status_code=303)


@get("/office/find", opt={"access": signed_in}, include_in_schema=False)
async def find(request: Web) -> Response[str]:
    """People, entries, events and certificates of the competitions that this person may see."""
    lang, sought = lang_of(request), request.query_params.get("q", "").replace("\x00", "").strip()[:60]
    competitions = await desk.competitions_for(request.user)
    groups = await found(sought, competitions, request.user, lang) if sought else []
    return page(
        request,
        "office/find.html",
        desk=desk.rail(None, "find", None, lang),
        sought=sought,
        groups=groups,
        any=bool(competitions),
    )


def listing_of(request: Web) -> Listing:
    """The list that the address names. Raises Refusal `missing`."""
    listing = {**LISTINGS, **KEPT}.get(request.path_params["list"])
    if listing is None:
        raise missing(Words("这张列表", "list"))
    return listing


async def as_workbook(request: Web, listing: Listing, note: str = "") -> Response[bytes]:
    """A list as the address asks for it, as a download."""
    competition, lang = request.state.scope.competition, lang_of(request)
    asked = read(listing, request.query_params)
    rows = await all_of(listing, asked, competition["id"], lang)
    title = f"{name_of(competition, lang)} {spoken(listing.title, lang)}"
    said = "　".join(one for one in (written(datetime.now(UTC), "moment", lang), _narrowed(asked), note) if one)
    content = await asyncio.to_thread(write_rows, title, columns_of(listing, asked), rows, said, lang)
    return attached(content, f"{spoken(listing.title, lang)}-{competition['slug']}.xlsx")


def attached(content: bytes, name: str, media: str = WORKBOOK) -> Response[bytes]:
    """A file to be saved, that nobody else keeps."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, media_type=media, headers=headers)


def _narrowed(asked: Asked) -> str:
    return " · ".join([*([f"“{asked.find}”"] if asked.find else []), *(value for _, value in asked.filters)])


def _url(request: Web, listing: Listing) -> str:
    return f"/office/{request.state.scope.competition['slug']}/{listing.desk or f'lists/{listing.id}'}"


async def desk_list(request: Web, list: str, desk_url: str) -> dict[str, Any]:
    """The values of office/list.html for a desk that is a list: it stands at `desk_url`; its workbook and views are the list's."""
    competition, lang, listing = request.state.scope.competition, lang_of(request), LISTINGS[list]
    office_url = f"/office/{competition['slug']}"
    return {
        "competition": {"name": name_of(competition, lang), "url": office_url},
        **dict.fromkeys(("over", "figure", "waiting", "problem")),
        **dict.fromkeys(("tabs", "legend", "notes"), ()),
        "list": await shown(request, listing, desk_url, office_url, f"{office_url}/lists/{list}"),
    }


def _whence(list: str, office_url: str, lang: str) -> dict[str, str] | None:
    if list not in WHENCE:
        return None
    told, room, name = WHENCE[list]
    return {"told": spoken(told, lang), "url": f"{office_url}/{room}", "name": translator(lang).gettext(name)}


async def _page(request: Web, refusal: Refusal | None = None) -> Response[str]:
    competition, lang, listing = request.state.scope.competition, lang_of(request), listing_of(request)
    office_url = f"/office/{competition['slug']}"
    staff = competition["organiser"] in request.user.organisers
    values = await shown(request, listing, _url(request, listing), may_open(request.user, competition))
    return page(
        request,
        "office/list.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "lists", None, lang, sets_up=staff),
        competition={"name": name_of(competition, lang), "url": office_url},
        over=None,
        tabs=[_tab(one, office_url, listing.id, lang) for one in LISTINGS.values()],
        figure=None,
        legend=[],
        waiting=None,
        notes=[],
        whence=_whence(listing.id, office_url, lang),
        problem=refusal_of(refusal, lang),
        list=values,
    )


def _tab(one: Listing, url: str, here: str, lang: str) -> Mapping[str, Any]:
    return {"name": spoken(one.title, lang), "url": f"{url}/lists/{one.id}", "count": None, "here": one.id == here}


ROUTES = Router("/", route_handlers=[list_page, workbook, keep_view, drop_view, find])
