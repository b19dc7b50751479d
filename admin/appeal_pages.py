"""Appeals in the office: all of them with where they stand, and one with what this person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.appealing import called, number_in, shown
from admin.attachment_pages import served
from admin.pages import Form
from admin.setup import refusal_of
from scoring.verdict import Words, Yes
from server.access import office, supervisor
from server.appeals.flow import OPEN, acts_of, admit, appeal_of, appeals_of, attached_to, not_party
from server.errors import Refusal
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/appeals"
SAID = {
    "admitted": Words("已准许受理。", "It is admitted."),
    "refused": Words("已记为不予受理。", "It is not admitted."),
}


@get(HERE, opt={"access": office}, include_in_schema=False)
async def appeals(request: Web) -> Response[str]:
    """Every appeal, those that wait for somebody first."""
    competition, lang = request.state.scope.competition, lang_of(request)
    rows = sorted(await appeals_of(competition["id"]), key=lambda row: row["state"] not in OPEN)
    url = f"/office/{competition['slug']}"
    return page(
        request,
        "office/appeals.html",
        desk=rail(request, lang),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/appeals",
        appeals=[shown(row, (), lang) for row in rows],
        waiting=sum(row["state"] in OPEN for row in rows),
    )


@get(f"{HERE}/{{number:str}}", opt={"access": office}, include_in_schema=False)
async def appeal(request: Web) -> Response[str]:
    """One appeal."""
    return await _one(request)


@get(f"{HERE}/{{number:str}}/attachment", opt={"access": office}, include_in_schema=False)
async def attachment(request: Web) -> Response[bytes]:
    """What it brought along."""
    found = await appeal_of(request.state.scope.competition["id"], number_in(request))
    data, media = await attached_to(found["id"], request.app.state.sealer)
    return served(data, media, called(found["number"]))


@post(f"{HERE}/{{number:str}}/admission", opt={"access": supervisor}, include_in_schema=False)
async def take_admission(request: Web, data: Form) -> Response[Any]:
    """A supervisor admits it where the policy is silent, or does not."""
    yes = data.get("answer") == "admit"

    async def act(number: int, version: int) -> None:
        await admit(
            request.state.scope.competition, number, version, yes, data.get("reason", ""), request.user, datetime.now(UTC)
        )  # fmt: skip

    return await _act(request, data, act, "admitted" if yes else "refused")


async def _act(request: Web, data: Mapping[str, str], act: Any, done: str) -> Response[Any]:
    number, version = number_in(request), data.get("version", "")
    try:
        await act(number, int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _one(request, refusal, data)
    url = f"/office/{request.state.scope.competition['slug']}/appeals/{number}"
    return Redirect(f"{url}?done={done}", status_code=303)


async def _one(request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None) -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    row = await appeal_of(scope.competition["id"], number_in(request))
    url = f"/office/{scope.competition['slug']}"
    party = await not_party(row, request.user)
    done = SAID.get(request.query_params.get("done", ""))
    return page(
        request,
        "office/appeal.html",
        refusal.status if refusal else 200,
        desk=rail(request, lang),
        competition={"name": name_of(scope.competition, lang), "url": url},
        action=f"{url}/appeals/{row['number']}",
        one=shown(row, await acts_of(row["id"]), lang),
        party="" if isinstance(party, Yes) else spoken(party.reason, lang),
        admits=row["state"] == "asked" and isinstance(supervisor(request.user, scope), Yes),
        typed={"reason": "", **(typed or {})},
        said={"what": spoken(done, lang)} if done else None,
        problem=refusal_of(refusal, lang),
    )


def rail(request: Web, lang: str) -> dict[str, Any]:
    """The office's rail with appeals as where we are."""
    competition = request.state.scope.competition
    staff = competition["organiser"] in request.user.organisers
    return desk.rail(competition, "appeals", None, lang, sets_up=staff)


ROUTES = Router("/", route_handlers=[appeals, appeal, attachment, take_admission])
