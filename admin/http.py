"""The desk's JSON API: workbooks in, steps along the corridor, printing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Router, get, post
from litestar.datastructures import UploadFile
from litestar.params import JSONBody

from admin.sheets.registration import RegistrationSheet, read_registration
from admin.sheets.scheme import read_scheme
from admin.sheets.worker import in_worker_async
from scoring.scheme import Scheme
from scoring.schemes import load_scheme, shipped_schemes
from scoring.verdict import Words
from server import pipeline
from server.access import anyone_in_event, office, organiser, signed_in
from server.competitions.flow import choose_scheme
from server.errors import Refusal
from server.jobs import how_far
from server.marks.flow import progress
from server.registration.flow import Form, enter
from server.uploads import OneFile
from server.wire import EventProgress, FormEntered, NextDoor, SchemeChosen, said
from server.wire import Printing as Progress

LARGEST_WORKBOOK = 10_000_000


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """The next step of an event; a draw brings commitments and the public string."""

    into: str
    reason: str = ""
    commitments: list[str] = []
    public: str = ""
    knows: list[int] = []
    """Before a seal: the numbers of the tablets whose unsent marks it leaves out, which `marks.unsent` names."""


class ShippedScheme(msgspec.Struct, forbid_unknown_fields=True):
    """A marking scheme that comes with Podium."""

    id: str


async def read_upload(file: UploadFile) -> bytes:
    """The bytes of an upload. Raises Refusal `workbook.too-large`."""
    data = await file.read(LARGEST_WORKBOOK + 1)
    if len(data) > LARGEST_WORKBOOK:
        raise Refusal(
            "workbook.too-large",
            Words("文件超过 10 MB。", "The file is larger than 10 MB."),
            Words("请上传原始电子表，不要嵌入图片。", "Send the original workbook, without pictures in it."),
            status=413,
        )
    return data


@post("/api/competitions/{slug:str}/forms", opt={"access": organiser})
async def post_form(request: Request[Any, Any, Any], data: OneFile) -> FormEntered:
    """Enter a delegation's registration workbook whole, or refuse it with every problem."""
    return said(await enter_workbook(request, data.data), FormEntered)


async def enter_workbook(request: Request[Any, Any, Any], file: UploadFile) -> dict[str, Any]:
    """Read a workbook in a process of its own and enter it whole; what went in, and what was mended on the way."""
    content, filename = await read_upload(file), file.filename
    sheet: RegistrationSheet = await in_worker_async(read_registration, content, filename)
    if sheet.problems:
        raise Refusal(
            "registration.refused",
            Words(
                f"有 {len(sheet.problems)} 处问题，整份表都没有录入。",
                f"{len(sheet.problems)} problem{'s' if len(sheet.problems) > 1 else ''}; nothing of this form was entered.",
            ),
            Words("请逐条改好后重新上传。", "Mend each of them, then upload it again."),
            problems=sheet.problems,
            status=422,
        )
    form = Form(sheet.delegation, filename, content, sheet.rows)
    entered = await enter(
        request.state.scope.competition, form, request.app.state.sealer, request.user, datetime.now(UTC)
    )
    mended = [
        {"row": one.place.row, "column": one.place.column, "before": one.before, "after": one.after}
        for one in sheet.mended
    ]
    return {
        "delegation": entered.delegation,
        "persons": entered.persons,
        "entries": entered.entries,
        "unchanged": entered.unchanged,
        "mended": mended,
    }


@post("/api/competitions/{slug:str}/events/{code:str}/scheme", opt={"access": organiser})
async def post_scheme(request: Request[Any, Any, Any], data: OneFile) -> SchemeChosen:
    """Bind the marking scheme of a workbook to an event."""
    scheme = await in_worker_async(read_scheme, await read_upload(data.data), data.data.filename)
    return await choose(request, scheme)


@post("/api/competitions/{slug:str}/events/{code:str}/shipped-scheme", opt={"access": organiser})
async def post_shipped_scheme(request: Request[Any, Any, Any], data: JSONBody[ShippedScheme]) -> SchemeChosen:
    """Bind a marking scheme that comes with Podium to an event."""
    if data.id not in shipped_schemes():
        raise Refusal(
            "scheme.unknown", Words(f"没有评分方案 {data.id}。", f"There is no scheme {data.id}."), status=422
        )
    return await choose(request, load_scheme(data.id))


async def choose(request: Request[Any, Any, Any], scheme: Scheme, seen: str | None = None) -> SchemeChosen:
    """Bind a scheme to the event of the address; `seen` is the fingerprint of the one that a page showed."""
    fingerprint = await choose_scheme(request.state.scope.event, scheme, request.user, datetime.now(UTC), seen)
    return SchemeChosen(scheme.name, len(scheme.aspects), fingerprint)


@post("/api/competitions/{slug:str}/events/{code:str}/steps", opt={"access": signed_in})
async def post_step(request: Request[Any, Any, Any], data: JSONBody[Step]) -> dict[str, Any]:
    """Take an event through its next door; who may is decided by the door."""
    scope = request.state.scope
    step = pipeline.Step(
        competition=scope.competition,
        event=scope.event,
        actor=request.user,
        at=datetime.now(UTC),
        reason=data.reason,
        commitments=data.commitments,
        public=data.public,
        base_url=request.app.state.settings.base_url,
        sealer=request.app.state.sealer,
        knows=data.knows,
    )
    return dict(await pipeline.take(step, data.into))


@get("/api/competitions/{slug:str}/events/{code:str}", opt={"access": anyone_in_event, "scope": "progress:read"})
async def get_event(request: Request[Any, Any, Any]) -> EventProgress:
    """Where an event stands, how far its marking is, and whether its next door would open."""
    event = request.state.scope.event
    now = await progress(event)
    verdict = await pipeline.closed(event, datetime.now(UTC))
    door = NextDoor(verdict.rule, verdict.reason.zh, verdict.reason.en)
    counts = (now.owed, now.stored, now.conflicts, now.alarms)
    return EventProgress(event["code"], event["id"], event["state"], *counts, door)


@post("/api/competitions/{slug:str}/printing", opt={"access": organiser}, status_code=202)
async def post_printing(request: Request[Any, Any, Any]) -> Progress:
    """Print what was issued and has no file yet, or has lost it, in the background."""
    competition = request.state.scope.competition
    await request.app.state.printing.begin_with_lost(competition["id"])
    request.app.state.printing.begin(competition)
    return said(await how_far(request.app.state, competition["id"]), Progress)


@get("/api/competitions/{slug:str}/printing", opt={"access": office, "scope": "progress:read"})
async def get_printing(request: Request[Any, Any, Any]) -> Progress:
    """How far the printing is, and for what it waits."""
    return said(await how_far(request.app.state, request.state.scope.competition["id"]), Progress)


ROUTES = Router(
    "/",
    route_handlers=[post_form, post_scheme, post_shipped_scheme, post_step, get_event, post_printing, get_printing],
)
