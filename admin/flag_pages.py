"""The office's page of delegations' flags, and the pictures themselves, which everybody may see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.pages import Upload
from admin.photo_pages import LARGEST_UPLOAD, pictures_in, problem_line
from admin.photos.flag import Flag, flags
from admin.registering import named
from admin.setup import refusal_of
from admin.sheets.worker import in_worker_async
from scoring.verdict import Problem, Problems, Words
from server.access import everyone, organiser
from server.competitions.announcing import show
from server.competitions.flow import events_listed
from server.errors import Refusal
from server.registration.desks import desks_in
from server.registration.flags import NOBODY, Taken, flag_named, flags_of, remove_flag, take_flags
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/flags"
PICTURE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{12})\.png")


@get(HERE, opt={"access": organiser}, include_in_schema=False)
async def flags_page(request: Web) -> Response[str]:
    """Every delegation with its flag, or without."""
    return await _page(request)


@post(HERE, opt={"access": organiser}, include_in_schema=False, request_max_body_size=LARGEST_UPLOAD)
async def take(request: Web, data: Upload) -> Response[str]:
    """Keep every flag that can be used and has a delegation; tell what is wrong with the others, file by file."""
    good: list[Flag] = []
    problems: list[Problem] = []
    async for sent in pictures_in(data):
        read = sent.problems if isinstance(sent, Problems) else await in_worker_async(flags, sent)
        good += [one for one in read if isinstance(one, Flag)]
        problems += [one for one in read if isinstance(one, Problem)]
    chosen = str(data.get("delegation") or "")
    try:
        owner = _id(chosen) if chosen else None
        taken = await take_flags(request.state.scope.competition, good, request.user, datetime.now(UTC), owner)
    except Refusal as refusal:
        return await _page(request, refusal=refusal)
    return await _page(request, taken, (*problems, *taken.problems))


@post(f"{HERE}/{{delegation:str}}/remove", opt={"access": organiser}, include_in_schema=False)
async def remove(request: Web) -> Redirect:
    """Take one flag away."""
    delegation = _id(str(request.path_params["delegation"]))
    await remove_flag(request.state.scope.competition, delegation, request.user, datetime.now(UTC))
    return Redirect(f"/office/{request.state.scope.competition['slug']}/flags", status_code=303)


@get("/c/{slug:str}/flags/{file:str}", opt={"access": everyone}, include_in_schema=False)
async def picture(request: Web) -> Response[bytes]:
    """A flag beside a name; its address changes with it, so that it is kept for ever. Raises Refusal `not-found`."""
    scope = request.state.scope
    await show(scope, request.user)
    asked = PICTURE.fullmatch(str(request.path_params["file"]))
    if asked is None:
        raise NOBODY
    flag = await flag_named(scope.competition["id"], UUID(asked[1]))
    current = flag["sha256"].hex().startswith(asked[2])
    kept = "public, max-age=31536000, immutable" if current else "no-cache"
    return Response(bytes(flag["small"]), media_type="image/png", headers={"cache-control": kept})


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NOBODY from None


async def _page(
    request: Web, taken: Taken | None = None, problems: Sequence[Problem] = (), refusal: Refusal | None = None
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url = f"/office/{competition['slug']}"
    shown = await flags_of(competition)
    return page(
        request,
        "office/flags.html",
        refusal.status if refusal else 422 if problems else 200,
        desk=desk.rail(competition, "photos", len(await events_listed(competition)), lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/flags",
        said={"what": _said(taken, lang)} if taken and (taken.kept or taken.known) else None,
        problem=refusal_of(refusal, lang),
        problems=[problem_line(one, lang) for one in problems],
        delegations=[_delegation(one, shown, lang) for one in await desks_in(competition)],
    )


def _said(taken: Taken, lang: str) -> str:
    kept, known = len(taken.kept), len(taken.known)
    zh, en = f"收下 {kept} 张，{known} 张原来就有。", f"{kept} kept; {known} were there already."
    return spoken(Words(zh, en), lang)


def _delegation(one: Mapping[str, Any], shown: Mapping[str, str], lang: str) -> dict[str, str]:
    return {"id": str(one["id"]), "name": named(one, lang), "flag": shown.get(one["name"], "")}


ROUTES = Router("/", route_handlers=[flags_page, take, remove, picture])
