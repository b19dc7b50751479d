"""The page of those who supervise a competition and those who register for its delegations, and their links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Response

from admin.setup import Form, setup_page
from server.access import organiser
from server.competitions.flow import invite_supervisor, remove_supervisor
from server.database.tables import Supervisor
from server.errors import Refusal
from server.ledger import record
from server.people.flow import one_time_login
from server.registration.sending import account_of, add_clerk, clerks_of, delegations_of, remove_clerk
from server.results.pages import said_in
from server.web.page import Web, lang_of


@get("/office/{slug:str}/setup/people", opt={"access": organiser}, include_in_schema=False)
async def people_page(request: Web) -> Response[str]:
    """Who supervises, and who registers for whom."""
    return await _people_page(request)


@post("/office/{slug:str}/setup/supervisors", opt={"access": organiser}, include_in_schema=False)
async def name_supervisor(request: Web, data: Form) -> Response[str]:
    """Make an account for a supervisor, and show its link once."""
    competition, name = request.state.scope.competition, data.get("name", "").strip()
    try:
        _, token = await invite_supervisor(competition, name, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _people_page(request, refusal)
    return await _people_page(request, link=_link(request, name, token))


@post("/office/{slug:str}/setup/clerks", opt={"access": organiser}, include_in_schema=False)
async def invite_clerk(request: Web, data: Form) -> Response[str]:
    """Make an account for a delegation's clerk, and show its link once."""
    competition, name = request.state.scope.competition, data.get("name", "").strip()
    try:
        _, token = await add_clerk(competition, data.get("delegation", ""), name, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _people_page(request, refusal)
    return await _people_page(request, link=_link(request, name, token))


@post("/office/{slug:str}/setup/links", opt={"access": organiser}, include_in_schema=False)
async def another_link(request: Web, data: Form) -> Response[str]:
    """Another link for somebody who lost theirs."""
    competition, now = request.state.scope.competition, datetime.now(UTC)
    everybody = [*await _supervisors(competition), *await clerks_of(competition)]
    account = account_of(data.get("account", ""), everybody)
    name = next(one["name"] for one in everybody if one["account"] == account)
    token = await one_time_login(account, now)
    await record(competition["id"], "link.given", request.user, now, data={"account": str(account)})
    return await _people_page(request, link=_link(request, name, token))


@post("/office/{slug:str}/setup/people/remove", opt={"access": organiser}, include_in_schema=False)
async def remove(request: Web, data: Form) -> Response[str]:
    """Take a supervisor or a clerk out who was named by mistake or has left."""
    competition, now = request.state.scope.competition, datetime.now(UTC)
    supervisors, clerks = await _supervisors(competition), await clerks_of(competition)
    account = account_of(data.get("account", ""), [*supervisors, *clerks])
    try:
        if any(one["account"] == account for one in supervisors):
            await remove_supervisor(competition, account, request.user, now)
        if any(one["account"] == account for one in clerks):
            await remove_clerk(competition, account, request.user, now)
    except Refusal as refusal:
        return await _people_page(request, refusal)
    return await _people_page(request)


def _link(request: Web, name: str, token: str) -> dict[str, str]:
    return {"name": name, "url": f"{request.app.state.settings.base_url}/sign-in/{token}"}


async def _supervisors(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    query = Supervisor.select(Supervisor.account, Supervisor.account.name.as_alias("name"))
    return [dict(row) for row in await query.where(Supervisor.competition == competition["id"])]


async def _people_page(
    request: Web, refusal: Refusal | None = None, link: dict[str, str] | None = None
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url = f"/office/{competition['slug']}/setup"
    delegations = await delegations_of(competition)
    return await setup_page(
        request,
        "office/setup_people.html",
        "people",
        refusal,
        link=link,
        actions={name: f"{url}/{name}" for name in ("supervisors", "clerks", "links", "places", "people/remove")},
        supervisors=[{"id": str(one["account"]), "name": one["name"]} for one in await _supervisors(competition)],
        clerks=[
            {"id": str(one["account"]), "name": one["name"], "delegation": one["delegation"]}
            for one in await clerks_of(competition)
        ],
        delegations=[{"id": str(one["id"]), "name": said_in(one, "name", lang)} for one in delegations],
    )


ROUTES = Router("/", route_handlers=[people_page, name_supervisor, invite_clerk, another_link, remove])
