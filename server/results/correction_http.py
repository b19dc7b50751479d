"""The JSON API of corrections after the seal: proposed by the chief judge, approved or turned down by somebody of the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, delete, get, post
from litestar.params import JSONBody
from litestar.response import Response

from server.access import approves, chief_judge, reads_corrections
from server.marks.correcting import MOST_REASON
from server.paging import USUAL, Limit, Offset, State, matching, part
from server.paging import Words as Sought
from server.people.flow import prove
from server.results.correcting import (
    correction_of,
    corrections_of,
    decide,
    effects_of,
    mark_at,
    propose_alone,
    propose_status_alone,
    take_back,
)
from server.wire import CorrectionEffects, Corrections, CorrectionShown, said
from server.wire.marks import Short

API = "/api/competitions/{slug:str}/events/{code:str}/corrections"
ONE = f"{API}/{{correction:str}}"
Hundredths = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
Words = Annotated[str, msgspec.Meta(max_length=MOST_REASON, pattern=r"^[^\x00]*$")]


class NewCorrection(msgspec.Struct, forbid_unknown_fields=True):
    """Another value for the mark that a judge (J1 …) gave a work code for an aspect; `before` is what it says now, in hundredths."""

    entry: Short
    aspect: Short
    judge: Short
    before: Hundredths
    value: Hundredths
    reason: Words


class NewStatusCorrection(msgspec.Struct, forbid_unknown_fields=True):
    """Another status for a work code than the floor wrote down; `before` is what counts now (“competed” where nothing is written)."""

    entry: Short
    before: Short
    status: Short
    reason: Words


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Approved with the effects that were `seen`, or turned down with an `answer`; the password of whoever decides, again."""

    approved: bool
    password: Annotated[str, msgspec.Meta(max_length=1000)]
    seen: str = ""
    answer: Words = ""


@get(API, opt={"access": reads_corrections})
async def get_corrections(
    request: Request[Any, Any, Any],
    q: Sought = "",
    stands: State = "",
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response[Corrections]:
    """The corrections of an event's marks and of what its floor wrote down, also those of appeals, in work codes: who, when, why, before
    and after."""
    every = await corrections_of(request.state.scope.event)
    here = matching(every, q, ("entry", "aspect", "label", "reason"), state=stands)
    rows, headers = part(request, here, limit, offset)
    return Response(Corrections([shown(one) for one in rows]), headers=headers)


@post(API, opt={"access": chief_judge})
async def post_correction(request: Request[Any, Any, Any], data: JSONBody[NewCorrection]) -> CorrectionShown:
    """Propose another value for a mark of a sealed event; nothing changes before somebody else approves it."""
    event = request.state.scope.event
    mark = await mark_at(event, data.entry, data.aspect, data.judge, data.before)
    now = datetime.now(UTC)
    return shown(await propose_alone(event, data.entry, mark, data.value, data.reason, request.user, now))


@post(f"{API}/status", opt={"access": chief_judge})
async def post_status_correction(
    request: Request[Any, Any, Any], data: JSONBody[NewStatusCorrection]
) -> CorrectionShown:
    """Propose another status for an entry of a sealed event; nothing changes before somebody else approves it."""
    event, said = request.state.scope.event, (data.entry, data.before, data.status, data.reason)
    return shown(await propose_status_alone(event, *said, request.user, datetime.now(UTC)))


@get(ONE, opt={"access": approves})
async def get_effects(request: Request[Any, Any, Any]) -> CorrectionEffects:
    """What approving it would do to ranks, totals and awards now, in work codes."""
    event = request.state.scope.event
    one = await correction_of(event, request.path_params["correction"])
    effects = await effects_of(event, one)
    moved = [{"code": new["code"], "before": old, "after": new} for old, new in effects.moved]
    return said({"correction": shown(one), "standings": moved, "seen": effects.seen}, CorrectionEffects)


@post(f"{ONE}/decision", opt={"access": approves}, status_code=200)
async def post_decision(request: Request[Any, Any, Any], data: JSONBody[Decision]) -> CorrectionShown:
    """Approve it, which adds a mark to the ledger or writes the status down, or turn it down; whoever proposed it does neither."""
    event, id, now = request.state.scope.event, request.path_params["correction"], datetime.now(UTC)
    await prove(request.user, data.password, now)
    await decide(event, id, data.approved, data.answer, data.seen, request.user, now)
    return shown(await correction_of(event, id))


@delete(ONE, opt={"access": chief_judge}, status_code=200)
async def delete_correction(request: Request[Any, Any, Any]) -> CorrectionShown:
    """Take a correction back that waits; it stays readable."""
    event, id = request.state.scope.event, request.path_params["correction"]
    await take_back(event, id, request.user, datetime.now(UTC))
    return shown(await correction_of(event, id))


def shown(one: Mapping[str, Any]) -> CorrectionShown:
    """A correction as the API tells it."""
    return said({**one, "judge": one["label"]}, CorrectionShown)


ROUTES = Router(
    "/",
    route_handlers=[
        get_corrections,
        post_correction,
        post_status_correction,
        get_effects,
        post_decision,
        delete_correction,
    ],
)
