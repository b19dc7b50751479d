"""Photos beside marks: a tablet sends one and is shown its judge's own, whoever leads the hall looks at it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Router, get, post
from litestar.response import Response

from admin.photos.archive import LIMITS, Sent
from admin.photos.evidence import evidence
from admin.sheets.worker import in_worker_async
from scoring.verdict import Words
from server.access import any_judge, leads_hall
from server.errors import Refusal
from server.marks.evidence import About, keep, known, may_take, own_photo, own_photos, photo
from server.marks.http import OTHER_JUDGE
from server.uploads import OneFile

Asked = Request[Any, Any, Any]


@post("/api/evidence/{photo:str}", opt={"access": any_judge}, status_code=200)
async def post_evidence(request: Asked, data: OneFile) -> dict[str, str]:
    """Keep a photo beside a mark: its ULID in the address; event, entry, aspect, device and made_at in the query."""
    if request.headers.get("x-podium-judge", str(request.user.account)) != str(request.user.account):
        raise OTHER_JUDGE
    about, sent = _about(request), await data.data.read(LIMITS.picture + 1)
    kept = await known(about, sent, request.user)
    if kept is None:
        await may_take(about, request.user)
        picture = await in_worker_async(evidence, Sent(about.id, sent))
        kept = await keep(about, sent, picture, request.app.state.sealer, request.user, datetime.now(UTC))
    return {"id": about.id, "status": kept.status, "sha256": kept.sha256}


@get("/api/evidence", opt={"access": any_judge})
async def get_own(request: Asked) -> Response[dict[str, Any]]:
    """The photos that this judge took, without the pictures: what a tablet shows again whose disk was emptied."""
    told = {"account": str(request.user.account), "photos": await own_photos(request.user)}
    return Response(told, headers={"cache-control": "no-store"})


@get("/api/evidence/{photo:str}", opt={"access": any_judge})
async def get_own_photo(request: Asked) -> Response[bytes]:
    """A photo, for the judge who took it."""
    return shown(await own_photo(request.path_params["photo"], request.user, request.app.state.sealer))


@get("/api/competitions/{slug:str}/events/{code:str}/evidence/{photo:str}", opt={"access": leads_hall})
async def get_evidence(request: Asked) -> Response[bytes]:
    """The photo, for whoever leads the hall."""
    return shown(await photo(request.state.scope.event["id"], request.path_params["photo"], request.app.state.sealer))


def shown(jpeg: bytes) -> Response[bytes]:
    """A picture that Podium made itself, kept by no cache on the way."""
    headers = {"cache-control": "private, no-store", "content-disposition": "inline"}
    return Response(jpeg, media_type="image/jpeg", headers=headers)


def _about(request: Asked) -> About:
    told = {name: request.query_params.get(name, "") for name in ("event", "entry", "aspect", "device", "made_at")}
    try:
        return msgspec.convert({"id": request.path_params["photo"], **told}, About)
    except msgspec.ValidationError as error:
        words = Words("这张照片的说明读不懂。", "What this photo says of itself cannot be read.")
        raise Refusal("evidence.about", words, status=422) from error


ROUTES = Router("/", route_handlers=[post_evidence, get_own, get_own_photo, get_evidence])
