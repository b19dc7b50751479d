"""The JSON API of issuing: what the desk does, a program can do. Who gets one, how it looks, issue; revoke, issue anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from admin.issue_pages import specimen_of
from server.access import organiser, supervisor
from server.issuing.choosing import kind_named
from server.issuing.claims import Barred
from server.issuing.kinds import issue_kind, plan_of
from server.issuing.recipients import Recipient
from server.issuing.saying import distinction
from server.issuing.withdrawing import reissue, revoke
from server.wire import Both, Claimant, Excluded, IssuedNow, IssuingPlan, Reissued

HERE = "/api/competitions/{slug:str}/issuing/{kind:str}"
ONE = "/api/competitions/{slug:str}/certificates/{number:str}"
ISSUES: dict[str, Any] = {"access": organiser, "scope": "certificates:issue"}


class Issue(msgspec.Struct, forbid_unknown_fields=True):
    """Whom of a plan to issue to; `seen` is the plan's, `document` the authority's where somebody waits for one."""

    subjects: list[UUID]
    seen: str
    document: str = ""


class Revoke(msgspec.Struct, forbid_unknown_fields=True):
    """Why a certificate is taken out of force: `ground` is read by whoever verifies it, `reason` by the office alone."""

    ground: Literal["error", "result", "withdrawn"]
    reason: str


class Reissue(msgspec.Struct, forbid_unknown_fields=True):
    """The corrected name, and why; the office alone reads that."""

    name: str
    reason: str
    name_en: str = ""


@get(HERE, opt=ISSUES)
async def get_issuing(request: Request[Any, Any, Any], kind: FromPath[str]) -> IssuingPlan:
    """Who would get a certificate of this kind now, who none and why; nothing is issued by asking."""
    of_kind, state = kind_named(kind), request.app.state
    plan = await plan_of(request.state.scope.competition, of_kind, state.sealer, datetime.now(UTC))
    claimants, excluded = [_claimant(one) for one in plan.recipients], [_excluded(one) for one in plan.barred]
    return IssuingPlan(of_kind, plan.issued, plan.seen, claimants, excluded, list(plan.waiting))


@get(f"{HERE}/{{subject:str}}", opt=ISSUES, media_type="application/pdf")
async def get_specimen(request: Request[Any, Any, Any], kind: FromPath[str], subject: FromPath[str]) -> Response[bytes]:
    """How the certificate of one of them would look: a specimen without number and signature."""
    return Response(await specimen_of(request, kind_named(kind), subject), media_type="application/pdf")


@post(HERE, opt=ISSUES, status_code=201)
async def post_issuing(request: Request[Any, Any, Any], kind: FromPath[str], data: JSONBody[Issue]) -> IssuedNow:
    """Issue to some of the plan, all or nobody; numbers follow each other without a gap, and printing begins."""
    competition, state = request.state.scope.competition, request.app.state
    count = await issue_kind(
        competition, kind_named(kind), set(data.subjects), data.seen, data.document, state.settings.base_url, state.sealer,
        request.user, datetime.now(UTC),
    )  # fmt: skip
    state.printing.begin(competition)
    return IssuedNow(count)


@post(f"{ONE}/revoke", opt={"access": supervisor}, status_code=200)
async def post_revoke(request: Request[Any, Any, Any], number: FromPath[str], data: JSONBody[Revoke]) -> Reissued:
    """Take a certificate out of force, on a ground that whoever verifies it reads."""
    await revoke(request.state.scope.competition, number, data.ground, data.reason, request.user, datetime.now(UTC))
    return Reissued(number, None)


@post(f"{ONE}/reissue", opt={"access": supervisor}, status_code=201)
async def post_reissue(request: Request[Any, Any, Any], number: FromPath[str], data: JSONBody[Reissue]) -> Reissued:
    """Put a certificate with the corrected name in place of this one, and print it."""
    competition, state = request.state.scope.competition, request.app.state
    names = {"name": data.name, "name_en": data.name_en}
    new = await reissue(
        competition, number, names, data.reason, state.settings.base_url, state.sealer, request.user, datetime.now(UTC)
    )
    state.printing.begin(competition)
    return Reissued(number, new)


def _claimant(one: Recipient) -> Claimant:
    says = distinction(one.paper.as_data(), "zh")
    return Claimant(one.subject, one.paper.name, one.paper.members, one.delegation, one.code, says, one.document)


def _excluded(one: Barred) -> Excluded:
    return Excluded(one.name, one.delegation, one.event, Both(one.why.zh, one.why.en))


ROUTES = Router("/", route_handlers=[get_issuing, get_specimen, post_issuing, post_revoke, post_reissue])
