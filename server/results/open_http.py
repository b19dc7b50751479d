"""Open data over HTTP: three sets that may be kept, whole as CSV and in pages as JSON, and the page that explains every column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Response

from scoring.verdict import Words as Sentence
from server.access import everyone
from server.competitions.announcing import show
from server.errors import missing
from server.paging import USUAL, Exactly, Limit, Offset, Words, matching, part
from server.registration.flags import public_flags
from server.results.open_data import SETS, as_csv, tag_of
from server.results.pages import name_of, site_of
from server.results.public import public_events
from server.web.keeping import SQUEEZED, has_it, public
from server.web.page import Web, lang_of
from server.web.words import N_, translator
from server.wire import Both, DelegationData, EntryData, ResultData

T = TypeVar("T", ResultData, EntryData, DelegationData)
OPEN = "/api/competitions/{slug:str}/open"
KEPT = {
    "cache-control": "public, max-age=60",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "etag, link, x-total-count",
}
SEARCHED = {
    "results": ("event_name", "event_name_en", "code", "names", "units", "delegation"),
    "entries": ("event_name", "event_name_en", "code", "name", "unit", "delegation"),
    "delegations": ("delegation",),
}
TITLES = {"results": N_("Results"), "entries": N_("Entry lists"), "delegations": N_("Delegations")}
ABOUT = {
    "results": N_("A row for each line of published standings."),
    "entries": N_("A row for each person of an entry that stands in a publication."),
    "delegations": N_("A row for each delegation that stands in a publication."),
}
COLUMNS = {
    "event": N_("code of the event"),
    "event_name": N_("name of the event in Chinese"),
    "event_name_en": N_("name of the event in English"),
    "version": N_("which publication of this event; a ruling on an appeal makes the next one"),
    "rank": N_("rank; empty where the policy does not rank"),
    "code": N_("work code of the entry in its event"),
    "names": N_("names of the entry's people, as they are printed"),
    "units": N_("their units"),
    "name": N_("name, as it is printed"),
    "unit": N_("unit"),
    "delegation": N_("delegation"),
    "total": N_("total mark with two decimals"),
    "status": N_("competed, absent, withdrawn, did-not-finish or disqualified"),
    "award": N_("award: gold, silver, bronze, excellence or another word of the policy; empty for none"),
    "award_name": N_("name of the award in Chinese"),
    "award_name_en": N_("name of the award in English"),
    "entries": N_("number of entries in the publications"),
    "people": N_("number of people in them"),
    "gold": N_("gold medals"),
    "silver": N_("silver medals"),
    "bronze": N_("bronze medals"),
    "flag": N_("address of its flag or emblem, which changes with the picture; empty for none"),
}


async def _events(request: Request[Any, Any, Any]) -> list[dict[str, Any]]:
    await show(request.state.scope, request.user)
    return await public_events(request.state.scope.competition)


async def _flags(request: Request[Any, Any, Any], set: str) -> dict[str, str]:
    """The flags that a set tells of."""
    if set != "delegations":
        return {}
    return await public_flags(request.state.scope.competition, request.app.state.settings.base_url)


def _headers(request: Request[Any, Any, Any], tag: str) -> tuple[dict[str, str], bool]:
    """The headers of a file, and whether the asker has it already."""
    return {**KEPT, "etag": f"W/{tag}"}, has_it(request, tag)


def _named(request: Request[Any, Any, Any]) -> dict[str, Any]:
    competition = request.state.scope.competition
    url = f"{request.app.state.settings.base_url}/c/{competition['slug']}/data"
    return {"competition": Both(competition["name"], competition["name_en"]), "explained": url}


async def _set(
    request: Request[Any, Any, Any], kind: type[T], id: str, q: str, limit: int, offset: int, **exactly: str
) -> Response[T]:
    """The page of a set as JSON; 304 when the asker has it already."""
    events, flags = await _events(request), await _flags(request, id)
    headers, known = _headers(request, tag_of(events, flags, f"{id}.json"))
    if known:
        return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
    every: Sequence[Any] = list(SETS[id][1](events, flags))
    if q or any(exactly.values()):
        told = [{**msgspec.structs.asdict(row), "row": row} for row in every]
        every = [one["row"] for one in matching(told, q, SEARCHED[id], **exactly)]
    rows, links = part(request, every, limit, offset)
    return Response(kind(**_named(request), rows=list(rows)), headers={**headers, **links})


@get(f"{OPEN}/results", opt={"access": everyone}, middleware=[SQUEEZED])
async def open_results(
    request: Request[Any, Any, Any],
    q: Words = "",
    event: Exactly = "",
    delegation: Exactly = "",
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response[ResultData]:
    """The lines of every published standings of a competition, by event and as they stand; 304 when the asker has them already."""
    return await _set(request, ResultData, "results", q, limit, offset, event=event, delegation=delegation)


@get(f"{OPEN}/entries", opt={"access": everyone}, middleware=[SQUEEZED])
async def open_entries(
    request: Request[Any, Any, Any],
    q: Words = "",
    event: Exactly = "",
    delegation: Exactly = "",
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response[EntryData]:
    """Everybody who stands in a publication of a competition; 304 when the asker has them already."""
    return await _set(request, EntryData, "entries", q, limit, offset, event=event, delegation=delegation)


@get(f"{OPEN}/delegations", opt={"access": everyone}, middleware=[SQUEEZED])
async def open_delegations(
    request: Request[Any, Any, Any], q: Words = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[DelegationData]:
    """The delegations that stand in a publication of a competition, most gold first; 304 when the asker has them already."""
    return await _set(request, DelegationData, "delegations", q, limit, offset)


@get("/c/{slug:str}/data/{file:str}", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def open_csv(request: Request[Any, Any, Any], file: FromPath[str]) -> Response[bytes]:
    """A set as CSV: results.csv, entries.csv, delegations.csv."""
    events = await _events(request)
    set = file.removesuffix(".csv")
    if set not in SETS or file != f"{set}.csv":
        raise missing(Sentence("这份数据", "data set"))
    flags = await _flags(request, set)
    headers, known = _headers(request, tag_of(events, flags, file))
    if known:
        return Response(b"", status_code=304, headers=headers)
    kind, rows_in = SETS[set]
    name = f"{request.state.scope.competition['slug']}-{file}"
    headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(as_csv(kind, rows_in(events, flags)), media_type="text/csv", headers=headers)


@get("/c/{slug:str}/data", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def data_page(request: Web) -> Response[str]:
    """What there is, and what every column means."""
    events, competition, lang = await _events(request), request.state.scope.competition, lang_of(request)
    say, url = translator(lang).gettext, f"/c/{competition['slug']}/data"
    return public(
        request,
        "public/data.html",
        site=site_of(competition, lang),
        competition={"title": name_of(competition, lang), "published": sum(bool(one["snapshot"]) for one in events)},
        api="/api#open-data",
        sets=[
            {
                "id": id,
                "name": say(TITLES[id]),
                "about": say(ABOUT[id]),
                "rows": sum(1 for _ in rows_in(events, {})),
                "csv": f"{url}/{id}.csv",
                "json": f"/api/competitions/{competition['slug']}/open/{id}",
                "columns": [{"name": name, "means": say(COLUMNS[name])} for name in kind.__struct_fields__],
            }
            for id, (kind, rows_in) in SETS.items()
        ],
    )


ROUTES = Router("/", route_handlers=[open_results, open_entries, open_delegations, open_csv, data_page])
