"""What is done about an appeal in the office: given to somebody, answered, marks to correct proposed, ruled on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, post
from litestar.response import Redirect, Response

from admin.appeal_pages import HERE, one_appeal
from admin.appealing import number_in
from admin.pages import Form
from scoring.verdict import Words
from server.access import office, supervisor
from server.appeals.flow import admit
from server.appeals.ruling import answer, assign, correct, correct_status, rule, uncorrect
from server.errors import Refusal, missing
from server.marks.correcting import hundredths
from server.web.page import Web

Act = Callable[[Mapping[str, Any], int, int, datetime], Awaitable[Any]]


@post(f"{HERE}/{{number:str}}/admission", opt={"access": supervisor}, include_in_schema=False)
async def take_admission(request: Web, data: Form) -> Response[Any]:
    """A supervisor admits it where the policy is silent, or does not."""
    yes, reason = data.get("answer") == "admit", data.get("reason", "")

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        await admit(competition, number, version, yes, reason, request.user, at)

    return await _act(request, data, act, "admitted" if yes else "refused")


@post(f"{HERE}/{{number:str}}/assignment", opt={"access": office}, include_in_schema=False)
async def take_assignment(request: Web, data: Form) -> Response[Any]:
    """Give it to somebody who is not party."""

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        await assign(competition, number, version, data.get("account", ""), request.user, at)

    return await _act(request, data, act, "assigned")


@post(f"{HERE}/{{number:str}}/answer", opt={"access": office}, include_in_schema=False)
async def take_answer(request: Web, data: Form) -> Response[Any]:
    """Answer it in writing."""

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        await answer(competition, number, version, data.get("text", ""), request.user, at)

    return await _act(request, data, act, "answered")


@post(f"{HERE}/{{number:str}}/corrections", opt={"access": office}, include_in_schema=False)
async def take_correction(request: Web, data: Form) -> Response[Any]:
    """Propose another value for a mark; nothing changes before a ruling."""

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        value = hundredths(data.get("value", ""))
        said = data.get("mark", ""), value, data.get("why", "")
        await correct(competition, number, version, *said, request.user, at)

    return await _act(request, data, act, "proposed")


@post(f"{HERE}/{{number:str}}/status", opt={"access": office}, include_in_schema=False)
async def take_status(request: Web, data: Form) -> Response[Any]:
    """Propose another status than the floor wrote down; nothing changes before a ruling."""

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        said = data.get("status", ""), data.get("why_status", "")
        await correct_status(competition, number, version, *said, request.user, at)

    return await _act(request, data, act, "proposed")


@post(f"{HERE}/{{number:str}}/corrections/{{correction:str}}/drop", opt={"access": office}, include_in_schema=False)
async def drop_correction(request: Web, data: Form) -> Response[Any]:
    """Take a proposed correction back."""
    try:
        correction = UUID(str(request.path_params["correction"]))
    except ValueError:
        raise missing(Words("这项更正", "correction")) from None

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        await uncorrect(competition, number, version, correction, request.user, at)

    return await _act(request, data, act, "dropped")


@post(f"{HERE}/{{number:str}}/ruling", opt={"access": office}, include_in_schema=False)
async def take_ruling(request: Web, data: Form) -> Response[Any]:
    """Uphold it with the effects that were shown, or reject it; new certificates are printed."""
    upheld, state = data.get("ruling") == "upheld", request.app.state
    said = data.get("reason", ""), data.get("seen", ""), state.settings.base_url, state.sealer

    async def act(competition: Mapping[str, Any], number: int, version: int, at: datetime) -> None:
        followed = await rule(competition, number, version, upheld, *said, request.user, at)
        if followed.get("replaced") or followed.get("issued"):
            state.printing.begin(competition)

    return await _act(request, data, act, "upheld" if upheld else "rejected")


async def _act(request: Web, data: Mapping[str, str], act: Act, done: str) -> Response[Any]:
    competition, number, version = request.state.scope.competition, number_in(request), data.get("version", "")
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1
    try:
        await act(competition, number, seen, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await one_appeal(request, refusal, data)
    return Redirect(f"/office/{competition['slug']}/appeals/{number}?done={done}", status_code=303)


ROUTES = Router(
    "/",
    route_handlers=[
        *(take_admission, take_assignment, take_answer),
        *(take_correction, take_status, drop_correction, take_ruling),
    ],
)
