"""The page of photos at a delegation's desk: who has none yet, one upload for many, and one for each of them.

The checks are those of the office's page; what differs is who may be reached: people whom this delegation has entered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Response

from admin import registering
from admin.pages import Upload
from admin.photo_pages import LARGEST_UPLOAD, LEFT_TO_DO, person_in, problem_line, read_photos, said_of, shown
from admin.register_tabs import tabs
from scoring.verdict import No, Problem, Words
from server.access import clerk
from server.errors import Refusal, missing, refuse
from server.registration.late import may_bring
from server.registration.photos import Taken, photos_by_person, take_photos
from server.results.pages import said_in
from server.web.page import Web, lang_of, page, spoken
from server.web.portions import portion

PHOTOS = "/register/{slug:str}/{delegation:str}/photos"
NOTHING_SENT = Refusal("photo.none", Words("没有选文件。", "No file was chosen."), status=422)


@get(PHOTOS, opt={"access": clerk}, include_in_schema=False)
async def photos_page(request: Web) -> Response[str]:
    """Who of this delegation still lacks a photo, and the photos that there are."""
    return await _page(request)


@post(PHOTOS, opt={"access": clerk}, include_in_schema=False, request_max_body_size=LARGEST_UPLOAD)
async def take(request: Web, data: Upload) -> Response[str]:
    """Keep every photo that can be used and belongs to somebody here; tell what is wrong with the others."""
    return await _take(request, data, None)


@get(f"{PHOTOS}/{{person:str}}", opt={"access": clerk}, include_in_schema=False)
async def photo(request: Web) -> Response[bytes]:
    """The photo of somebody whom this delegation has entered; kept by no cache on the way."""
    return await shown(request, await _own(request))


@post(f"{PHOTOS}/{{person:str}}", opt={"access": clerk}, include_in_schema=False)
async def take_one(request: Web, data: Upload) -> Response[str]:
    """Keep one person's photo, whatever the file is called. Raises Refusal `not-found`."""
    return await _take(request, data, await _own(request))


async def _own(request: Web) -> UUID:
    """The person that the address names, whom this delegation has entered. Raises Refusal `not-found`."""
    scope, person = request.state.scope, person_in(request)
    people = await photos_by_person(scope.competition["id"], scope.delegation["id"])
    if not any(one["person"] == person for one in people):
        raise missing(Words("这张照片", "photo"))
    return person


async def _take(request: Web, data: Mapping[str, Any], person: UUID | None) -> Response[str]:
    scope, state, now = request.state.scope, request.app.state, datetime.now(UTC)
    if isinstance(closed := await may_bring(scope.competition, scope.delegation["id"], request.user, now), No):
        return await _page(request, refusal=refuse(closed, Words("请联系主办方。", "Ask the organiser.")))
    good, problems = await read_photos(data)
    if not good and not problems:
        return await _page(request, refusal=NOTHING_SENT)
    taken = await take_photos(
        scope.competition, scope.delegation["id"], good, state.sealer, request.user, now, person=person
    )
    return await _page(request, taken, (*problems, *taken.problems))


async def _page(
    request: Web,
    taken: Taken | None = None,
    problems: Sequence[Problem] = (),
    refusal: Refusal | None = None,
) -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    url = registering.url_of(scope.competition["slug"], scope.delegation["id"])
    when = await may_bring(scope.competition, scope.delegation["id"], request.user, datetime.now(UTC))
    rows = await photos_by_person(scope.competition["id"], scope.delegation["id"])
    people = sorted(rows, key=LEFT_TO_DO)
    here, part = portion(request, people, ("name", "event", "event_en"))
    return page(
        request,
        "register/photos.html",
        refusal.status if refusal else 422 if problems else 200,
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url, "people": len(people)},
        competition=registering.competition_line(scope.competition, lang),
        tabs=await tabs(request, "photos"),
        have=sum(one["has"] for one in people),
        portion=part,
        missing=[_line(one, url, lang) for one in here if not one["has"]],
        faces=[_line(one, url, lang) for one in here if one["has"]],
        closed=spoken(when.reason, lang) if isinstance(when, No) else "",
        said=said_of(taken, lang) or "",
        problem=registering.said_of(refusal, lang),
        problems=[problem_line(one, lang) for one in problems],
    )


def _line(one: Mapping[str, Any], url: str, lang: str) -> dict[str, str]:
    return {"name": one["name"], "event": said_in(one, "event", lang), "photo": f"{url}/photos/{one['person']}"}


ROUTES = Router("/", route_handlers=[photos_page, take, photo, take_one])
