"""The office's page of competitors' photos: send a ZIP or pictures, see whose they are, and who has none yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Response

from admin import desk
from admin.pages import Upload
from admin.photos.archive import Sent, sent_pictures
from admin.photos.portrait import Portrait, portraits
from admin.sheets.worker import in_worker_async
from scoring.verdict import Problem, Problems, Words
from server.access import organiser
from server.competitions.flow import events_listed
from server.errors import Refusal, missing
from server.registration.photos import Taken, photo_of, photos_by_person, take_photos
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, page, spoken
from server.web.portions import portion

LARGEST_UPLOAD = 250_000_000
TOO_LARGE = Refusal(
    "photo.upload-too-large",
    Words("一次上传超过 250 MB。", "The upload is larger than 250 MB."),
    Words("分几个 ZIP 上传。", "Send it as several ZIPs."),
    status=413,
)


@get("/office/{slug:str}/photos", opt={"access": organiser}, include_in_schema=False)
async def photos_page(request: Web) -> Response[str]:
    """Who has a photo, by delegation, and who has none."""
    return await _page(request)


@post(
    "/office/{slug:str}/photos",
    opt={"access": organiser},
    include_in_schema=False,
    request_max_body_size=LARGEST_UPLOAD,
)
async def take(request: Web, data: Upload) -> Response[str]:
    """Keep every photo that can be used and has an owner; tell what is wrong with the others, file by file."""
    good, problems = await read_photos(data)
    scope, state = request.state.scope, request.app.state
    taken = await take_photos(scope.competition, None, good, state.sealer, request.user, datetime.now(UTC))
    return await _page(request, taken, (*problems, *taken.problems))


async def read_photos(data: Mapping[str, Any]) -> tuple[list[Portrait], list[Problem]]:
    """The photos of a form's field `file` that can be used, made alike; and what is wrong with the others, file by file."""
    good: list[Portrait] = []
    problems: list[Problem] = []
    async for sent in pictures_in(data):
        read = sent.problems if isinstance(sent, Problems) else await in_worker_async(portraits, sent)
        good += [one for one in read if isinstance(one, Portrait)]
        problems += [one for one in read if isinstance(one, Problem)]
    return good, problems


async def pictures_in(data: Mapping[str, Any]) -> AsyncIterator[tuple[Sent, ...] | Problems]:
    """The pictures of a form's field `file`, also those in ZIPs, as many as a worker takes; or why a file is refused whole."""
    files = data.get("file") or []
    for file in files if isinstance(files, list) else [files]:
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        try:
            sent = await in_worker_async(sent_pictures, await file.read(LARGEST_UPLOAD), file.filename)
        except Problems as refused:
            yield refused
            continue
        for start in range(0, len(sent), AT_ONCE):
            yield sent[start : start + AT_ONCE]


AT_ONCE = 40
"""Photos that a worker makes alike in one job: far below its seconds and its memory."""


@get("/office/{slug:str}/photos/{person:str}", opt={"access": organiser}, include_in_schema=False)
async def photo(request: Web) -> Response[bytes]:
    """One photo, for those who may see it; kept by no cache on the way."""
    return await shown(request, person_in(request))


def person_in(request: Web) -> UUID:
    """The person that an address names; somebody who is nobody when it names none."""
    person = str(request.path_params["person"])
    return UUID(person) if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", person) else UUID(int=0)


async def shown(request: Web, person: UUID) -> Response[bytes]:
    """A photo as an answer. Raises Refusal `not-found`."""
    jpeg = await photo_of(request.state.scope.competition["id"], person, request.app.state.sealer)
    if jpeg is None:
        raise missing(Words("这张照片", "photo"))
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


async def _page(request: Web, taken: Taken | None = None, problems: Sequence[Problem] = ()) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    people = sorted(await photos_by_person(competition["id"]), key=LEFT_TO_DO)
    shown, part = portion(request, people, ("name", "event", "event_en", "delegation"))
    url = f"/office/{competition['slug']}"
    return page(
        request,
        "office/photos.html",
        422 if problems else 200,
        desk=desk.rail(competition, "photos", len(await events_listed(competition)), lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/photos",
        said=said_of(taken, lang),
        problems=[problem_line(one, lang) for one in problems],
        people=len(people),
        have=sum(one["has"] for one in people),
        portion=part,
        delegations=_by_delegation(shown, people, url, lang),
    )


def said_of(taken: Taken | None, lang: str) -> str | None:
    """What came of an upload, in one sentence."""
    if taken is None or not (taken.kept or taken.known):
        return None
    kept, known = len(taken.kept), len(taken.known)
    return spoken(
        Words(f"收下 {kept} 张，{known} 张原来就有。", f"{kept} photos kept; {known} were there already."), lang
    )


LEFT_TO_DO = itemgetter("delegation", "has", "event", "name")
"""Delegations in the order of their names; in each the people without a photo first, because they are what is left to do."""


def _by_delegation(
    shown: Sequence[Mapping[str, Any]], people: Sequence[Mapping[str, Any]], url: str, lang: str
) -> list[dict[str, Any]]:
    """Those of the people who are shown, under their delegations, with how many each has and how many of them have a photo."""
    every, have = (
        Counter(one["delegation"] for one in people),
        Counter(one["delegation"] for one in people if one["has"]),
    )
    return [
        {
            "name": name,
            "every": every[name],
            "have": have[name],
            "people": [
                {
                    "name": one["name"],
                    "event": said_in(one, "event", lang),
                    "photo": f"{url}/photos/{one['person']}" if one["has"] else "",
                }
                for one in some
            ],
        }
        for name, some in groupby(shown, key=itemgetter("delegation"))
    ]


def problem_line(problem: Problem, lang: str) -> dict[str, str]:
    """One photo that was not kept, as a page lists it."""
    return {"file": problem.place.sheet, "what": spoken(problem.words, lang), "mend": spoken(problem.mend, lang)}


ROUTES = Router("/", route_handlers=[photos_page, take, photo])
