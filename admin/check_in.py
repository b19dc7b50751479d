"""The door: a page that scans badges and goes on without a connection, and what it loads and sends.

The page itself holds no name; names, faces and the last signs of documents come as data, which the page keeps on the
device until somebody signs out there.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import JSONBody
from litestar.response import Response

from admin import desk
from admin.photos.portrait import face
from server.access import organiser
from server.competitions.flow import events_listed
from server.registration.arriving import (
    Arrived,
    NewCheckIn,
    arrivals,
    door_list,
    photos_by_id,
    take_arrivals,
    take_back,
)
from server.registration.badges import mark_of
from server.results.pages import name_of
from server.web.jinja import STATIC
from server.web.page import Web, lang_of, page

PAGE, API = "/office/{slug:str}/check-in", "/api/competitions/{slug:str}/check-in"
MOST_FACES = 40
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FRESH = {"cache-control": "no-store"}


class Answers(msgspec.Struct):
    """One answer for each check-in, in the order in which they were sent."""

    answers: list[Arrived]


class Mistaken(msgspec.Struct):
    """Whose check-in is to be taken back."""

    token: str


@get(PAGE, opt={"access": organiser}, include_in_schema=False)
async def check_in(request: Web) -> Response[str]:
    """The page of the door."""
    competition, lang = request.state.scope.competition, lang_of(request)
    url = f"/office/{competition['slug']}"
    return page(
        request,
        "office/check_in.html",
        desk=desk.rail(competition, "check-in", len(await events_listed(competition)), lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": url},
        door={
            "account": str(request.user.account),
            "by": request.user.name,
            "slug": competition["slug"],
            "mark": mark_of(competition["id"], request.app.state.sealer),
            "page": f"{url}/check-in",
            "api": f"/api/competitions/{competition['slug']}/check-in",
        },
    )


@get(f"{PAGE}/worker.js", opt={"access": organiser}, include_in_schema=False)
async def worker(request: Web) -> Response[bytes]:
    """The service worker of the door: it keeps this one page, and may keep no other."""
    allowed = f"/office/{request.state.scope.competition['slug']}/check-in"
    headers = {"service-worker-allowed": allowed, "cache-control": "no-cache"}
    return Response((STATIC / "page_worker.js").read_bytes(), media_type="text/javascript", headers=headers)


@get(API, opt={"access": organiser}, include_in_schema=False)
async def get_list(request: Web) -> Response[dict[str, Any]]:
    """Who is to come and who is here; with `version` of the list, only who is here unless the list has changed."""
    competition, sealer = request.state.scope.competition, request.app.state.sealer
    people = await door_list(competition, request.user, sealer)
    version = hashlib.sha256(json.dumps(people, ensure_ascii=False).encode()).hexdigest()[:16]
    here = await arrivals(competition, request.user, sealer)
    known = request.query_params.get("version") == version
    return Response({"version": version, "here": here, **({} if known else {"people": people})}, headers=FRESH)


@get(f"{API}/faces", opt={"access": organiser}, include_in_schema=False)
async def faces(request: Web) -> Response[dict[str, str]]:
    """Small photos by the id that the list gives them, as JPEG in base64; at most MOST_FACES at a time."""
    asked = UUIDS.findall(request.query_params.get("ids", ""))[:MOST_FACES]
    competition, sealer = request.state.scope.competition, request.app.state.sealer
    photos = await photos_by_id(competition["id"], {UUID(one) for one in asked}, sealer)
    made = await asyncio.to_thread(
        lambda: {str(id): base64.b64encode(face(jpeg)).decode() for id, jpeg in photos.items()}
    )
    return Response(made, headers=FRESH)


@post(API, opt={"access": organiser}, status_code=200, include_in_schema=False)
async def post_check_ins(request: Web, data: JSONBody[list[NewCheckIn]]) -> Answers:
    """Keep 1 to 200 check-ins. One is safe once its answer says stored or already."""
    competition, sealer = request.state.scope.competition, request.app.state.sealer
    return Answers(await take_arrivals(competition, data, sealer, request.user, datetime.now(UTC)))


@post(f"{API}/back", opt={"access": organiser}, status_code=204, include_in_schema=False)
async def post_back(request: Web, data: JSONBody[Mistaken]) -> None:
    """Take a mistaken check-in back."""
    competition, sealer = request.state.scope.competition, request.app.state.sealer
    await take_back(competition, data.token, sealer, request.user, datetime.now(UTC))


ROUTES = Router("/", route_handlers=[check_in, worker, get_list, faces, post_check_ins, post_back])
