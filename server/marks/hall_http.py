"""The JSON API of a hall for a judge's tablet: signalling problems, what the chief judge answers and says, and a stream that
tells when there is something new.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import JSONBody
from litestar.response import Response, Stream

from server.access import any_judge
from server.marks.hall import hall_of, saw
from server.marks.http import OTHER_JUDGE, Answers
from server.marks.remarks import MOST, NewRemark
from server.marks.remarks import take as take_remarks
from server.marks.signals import NewSignal, take
from server.marks.watch import EVENT_STREAM, HEADERS, Watch, only_the_first

NEWS = b"event: hall\ndata: 1\n\n"
SHIFT = b"event: shift\ndata: 1\n\n"


class Signals(msgspec.Struct, forbid_unknown_fields=True):
    """What a tablet has queued."""

    signals: Annotated[list[NewSignal], msgspec.Meta(min_length=1, max_length=50)]


class Remarks(msgspec.Struct, forbid_unknown_fields=True):
    """What a tablet has queued."""

    remarks: Annotated[list[NewRemark], msgspec.Meta(min_length=1, max_length=MOST)]


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """The nudges that a judge has seen."""

    nudges: Annotated[list[UUID], msgspec.Meta(max_length=100)]


@post("/api/signals", opt={"access": any_judge}, status_code=200)
async def post_signals(request: Request[Any, Any, Any], data: JSONBody[Signals]) -> Answers:
    """Store problems that a judge signals; one answer each: stored, duplicate or refused."""
    if request.headers.get("x-podium-judge", str(request.user.account)) != str(request.user.account):
        raise OTHER_JUDGE
    return Answers(await take(data.signals, request.user, datetime.now(UTC)))


@post("/api/remarks", opt={"access": any_judge}, status_code=200)
async def post_remarks(request: Request[Any, Any, Any], data: JSONBody[Remarks]) -> Answers:
    """Store what a judge notes beside marks; one answer each: stored, duplicate or refused."""
    if request.headers.get("x-podium-judge", str(request.user.account)) != str(request.user.account):
        raise OTHER_JUDGE
    return Answers(await take_remarks(data.remarks, request.user, datetime.now(UTC)))


@get("/api/hall", opt={"access": any_judge})
async def get_hall(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Nudges that wait, answers to this judge's signals, and until when the shifts last."""
    return Response(await hall_of(request.user), headers={"cache-control": "no-store"})


@post("/api/hall/seen", opt={"access": any_judge}, status_code=200)
async def post_seen(request: Request[Any, Any, Any], data: JSONBody[Seen]) -> dict[str, Any]:
    """Say that nudges were seen; what is left then."""
    await saw(data.nudges, request.user, datetime.now(UTC))
    return await hall_of(request.user)


def news(watch: Watch, events: Collection[UUID]) -> AsyncIterator[bytes]:
    """What a tablet is told: that `/api/hall` has something new, that its shift has something that a judge must not wait for."""
    hall: int | None = None
    shift: object = None

    async def tell() -> bytes:
        nonlocal hall, shift
        before, hall = hall, sum(watch.tablets(event) for event in events)
        known, shift = shift, [watch.shift(event) for event in events]
        return (NEWS if hall != before else b"") + (SHIFT if shift != known else b"")

    return watch.frames(events, tell)


@get("/api/hall/stream", opt={"access": any_judge}, media_type=EVENT_STREAM)
async def get_stream(request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
    """Server-sent events: `hall` whenever `/api/hall` has something new, `shift` when a panel has come apart or an event is another
    one than before. It carries nothing itself.
    """
    frames = news(request.app.state.watch, sorted(request.user.seats))
    if EVENT_STREAM not in request.headers.get("accept", ""):
        return Response(await only_the_first(frames), media_type=EVENT_STREAM, headers=HEADERS)
    return Stream(frames, media_type=EVENT_STREAM, headers=HEADERS)


ROUTES = Router("/", route_handlers=[post_signals, post_remarks, get_hall, post_seen, get_stream])
