"""The set-up's page of API keys: what each may do and until when, making one, withdrawing one.

The form has two steps without script: the events are chosen first, then the page offers the aspects of these. What was
filled in before stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin.setup import Form, setup_page
from scoring.verdict import Words
from server.access import SCOPES, organiser
from server.competitions.api_keys import NewKey, keys_of, make_key, markable, withdraw_key
from server.competitions.flow import events_of
from server.errors import Refusal, missing
from server.results.pages import said_in
from server.web.page import Web, lang_of, spoken

HERE = "/office/{slug:str}/setup/keys"
USUAL_LIFE = timedelta(days=30)


@get(HERE, opt={"access": organiser}, include_in_schema=False)
async def keys_page(request: Web) -> Response[str]:
    """The keys, and the form for another."""
    return await _page(request, {})


@post(HERE, opt={"access": organiser}, include_in_schema=False)
async def make(request: Web, data: Form) -> Response[str]:
    """Make a key, and show its token this once; or show the aspects of the events that were chosen."""
    if "show" in data:
        return await _page(request, data)
    competition, now = request.state.scope.competition, datetime.now(UTC)
    try:
        token = await make_key(competition, _asked(competition, data), request.user, now)
    except Refusal as refusal:
        return await _page(request, data, refusal)
    return await _page(request, {}, made={"name": data["name"].strip(), "token": token})


@post(f"{HERE}/{{key:str}}/withdraw", opt={"access": organiser}, include_in_schema=False)
async def withdraw(request: Web) -> Response[Any]:
    """Take a key out of force."""
    competition = request.state.scope.competition
    try:
        key = UUID(str(request.path_params["key"]))
    except ValueError:
        raise missing(Words("这个密钥", "key in force")) from None
    request.app.state.actors.forget(await withdraw_key(competition, key, request.user, datetime.now(UTC)))
    return Redirect(f"/office/{competition['slug']}/setup/keys?done=key", status_code=303)


def _asked(competition: Mapping[str, Any], data: Mapping[str, str]) -> NewKey:
    """What the form says; the last day is valid to its end, where the competition is held."""
    try:
        day = date.fromisoformat(data.get("expires", ""))
        end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(competition["time_zone"]))
    except (ValueError, OverflowError):
        end = datetime.min.replace(tzinfo=UTC)
    aspects: dict[str, set[str]] = {}
    for name in data:
        if name.startswith("aspect/") and name.count("/") == 2:
            _, code, aspect = name.split("/")
            aspects.setdefault(code, set()).add(aspect)
    scopes = frozenset(name.removeprefix("scope/") for name in data if name.startswith("scope/"))
    bound = {code: frozenset(ids) for code, ids in aspects.items()}
    return NewKey(data.get("name", "").strip(), scopes, end, bound)


async def _page(
    request: Web, typed: Mapping[str, str], refusal: Refusal | None = None, made: dict[str, str] | None = None
) -> Response[str]:
    competition, lang, now = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    url = f"/office/{competition['slug']}/setup/keys"
    events = [{**event, "aspects": markable(event)} for event in await events_of(competition)]
    marked = [event for event in events if event["aspects"]]
    return await setup_page(
        request,
        "office/setup_keys.html",
        "keys",
        refusal,
        action=url,
        made=made,
        api="/api",
        keys=[_key(row, url, now, lang) for row in await keys_of(competition["id"])],
        form={
            "name": typed.get("name", ""),
            "expires": typed.get("expires") or (now + USUAL_LIFE).date().isoformat(),
            "scopes": [
                {"id": id, "name": spoken(words, lang), "on": f"scope/{id}" in typed} for id, words in SCOPES.items()
            ],
            "events": [
                {"code": one["code"], "name": said_in(one, "name", lang), "on": f"event/{one['code']}" in typed}
                for one in marked
            ],
            "aspects": [
                {
                    "event": f"{one['code']} {said_in(one, 'name', lang)}",
                    "aspects": [
                        {
                            "id": aspect["id"],
                            "name": spoken(aspect["name"], lang),
                            "field": f"aspect/{one['code']}/{aspect['id']}",
                        }
                        | {"on": f"aspect/{one['code']}/{aspect['id']}" in typed}
                        for aspect in one["aspects"]
                    ],
                }
                for one in marked
                if f"event/{one['code']}" in typed
            ],
        },
    )


def _key(row: Mapping[str, Any], url: str, now: datetime, lang: str) -> dict[str, Any]:
    state = "withdrawn" if row["withdrawn"] else "expired" if row["expires"] <= now else "valid"
    return {
        "name": row["name"],
        "hint": row["hint"],
        "state": state,
        "scopes": [spoken(SCOPES[id], lang) for id in SCOPES if id in row["scopes"]],
        "aspects": [{"event": code, "ids": ids} for code, ids in row["aspects"].items()],
        "maker": row["maker"],
        "made": row["made"],
        "expires": row["expires"],
        "last_used": row["last_used"],
        "withdraw": f"{url}/{row['id']}/withdraw" if state == "valid" else "",
    }


ROUTES = Router("/", route_handlers=[keys_page, make, withdraw])
