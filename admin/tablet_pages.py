"""The office's page of tablets: who is there, with what unsent and how much battery; pairing new ones, revoking a lost one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import segno
from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin import desk
from admin.judges import id_or_none
from scoring.verdict import Words
from server.access import office, organiser
from server.competitions.flow import event_named, events_listed
from server.errors import Refusal
from server.marks import devices
from server.marks.device_state import state_of
from server.marks.tablet import build
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, page, spoken

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
CODES = {"registration", "drawn", "marking", "sealed", "reviewed", "published"}
NO_EVENT = Refusal("tablets.event", Words("请先选一个赛项。", "Choose an event first."), status=422)


@get("/office/{slug:str}/tablets", opt={"access": office}, include_in_schema=False)
async def tablets_page(request: Web) -> Response[str]:
    """Every tablet of the competition, those that need a hand first."""
    return await _page(request)


@post("/office/{slug:str}/tablets", opt={"access": organiser}, include_in_schema=False)
async def act(request: Web, data: Form) -> Response[Any]:
    """Make a pairing code (`act` code, `event`), or revoke a tablet (`act` revoke, `device`)."""
    competition, now = request.state.scope.competition, datetime.now(UTC)
    try:
        if data.get("act") == "revoke":
            device = id_or_none(data.get("device", ""))
            if device is not None:
                for session in await devices.revoke(competition["id"], device, request.user, now):
                    request.app.state.actors.forget(session)
            return Redirect(f"/office/{competition['slug']}/tablets", status_code=303)
        if not data.get("event"):
            raise NO_EVENT
        event = await event_named(competition, data["event"])
        return await _page(request, code=await devices.make_code(event, request.user, now), event=event)
    except Refusal as refusal:
        return await _page(request, refusal=refusal)


async def _page(
    request: Web, refusal: Refusal | None = None, code: str = "", event: Mapping[str, Any] | None = None
) -> Response[str]:
    competition, lang, now = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    events = await events_listed(competition)
    rows = [_row(row, now) for row in await devices.devices_of(competition["id"])]
    return page(
        request,
        "office/tablets.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "tablets", len(events), lang, desk.sets_up(competition, request.user)),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        tablets=sorted(rows, key=lambda row: (row["revoked"], not row["worry"], row["number"])),
        events=[{"code": one["code"], "name": said_in(one, "name", lang)} for one in events if one["state"] in CODES],
        pairing=_pairing(request, code, said_in(event, "name", lang), now) if event else None,
        may=competition["organiser"] in request.user.organisers,
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


def _row(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    state = state_of(row, now)
    return {
        "id": str(row["id"]),
        "number": row["number"],
        "event": row["event_code"],
        "seen": row["seen"] or "",
        "away": state.away,
        "holder": row["holder"] or "",
        "unsent": row["unsent"],
        "waits": state.waits,
        "battery": row["battery"],
        "charging": bool(row["charging"]),
        "low": state.low,
        "old": bool(row["version"]) and row["version"] != build().version,
        "revoked": row["revoked"] is not None,
        "worries": list(state.worries),
        "worry": bool(state.worries),
    }


def _pairing(request: Web, code: str, event: str, now: datetime) -> dict[str, Any]:
    venue = request.app.state.venue
    base = next(iter(venue.sites()), "") if venue else ""
    address = f"{base or request.app.state.settings.base_url}/tablet#/pair/{code}"
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=8, border=2, dark="#111")
    until = now + devices.PAIRING
    return {"code": f"{code[:4]} {code[4:]}", "picture": picture, "address": address, "event": event, "until": until}


ROUTES = Router("/", route_handlers=[tablets_page, act])
