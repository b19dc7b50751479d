"""Papers of registration: confirmations to be signed, sign-in sheets, and whether a signed paper still holds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.datastructures import State
from litestar.response import Response

from admin import desk
from admin.pages import Form
from admin.registering import named, url_of
from admin.setup import refusal_of
from scoring.ladder import LEVELS
from scoring.verdict import Words
from server.access import clerk, organiser
from server.competitions.flow import events_listed
from server.database.tables import Place, Seat
from server.errors import Refusal
from server.issuing.pressing import paper_in_a_press
from server.registration.confirming import Compared, compare, confirm, present_at, present_in, written
from server.registration.desks import desks_in
from server.registration.naming import entry_id
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken
from server.web.portions import portion
from server.web.words import written as dated

OFFICE = "/office/{slug:str}"
DESK = "/register/{slug:str}/{delegation:str}"
LONGEST_CODE = 40


@get(f"{OFFICE}/papers", opt={"access": organiser}, include_in_schema=False)
async def papers(request: Web) -> Response[str]:
    """What can be printed; with a code in the address, whether that paper still says what is entered."""
    return await papers_page(request)


async def papers_page(
    request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Response[str]:
    """The page; with what was typed of a lost badge, and why it was not replaced."""
    competition, lang = request.state.scope.competition, lang_of(request)
    events = await events_listed(competition)
    code = request.query_params.get("paper", "").strip()[:LONGEST_CODE]
    found = await compare(competition["id"], code, request.app.state.sealer) if code else None
    url = f"/office/{competition['slug']}"
    delegations, part = portion(request, await desks_in(competition), ("name", "name_en"))
    return page(
        request,
        "office/papers.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "papers", len(events), lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": url},
        asked=written(code) or code,
        people=sum((await present_in([event["id"] for event in events])).values()),
        typed={"number": "", "name": "", **(typed or {})},
        problem=refusal_of(refusal, lang),
        found=_found(found),
        delegations=[
            {
                "name": named(one, lang),
                "people": one["people"],
                "print": f"{url_of(competition['slug'], one['id'])}/confirmation.pdf",
                "badges": f"{url}/delegations/{one['id']}/badges.pdf",
            }
            for one in delegations
        ],
        portion=part,
        events=await _events(events, url, lang),
    )


@post(f"{DESK}/confirmation.pdf", opt={"access": clerk}, status_code=200, include_in_schema=False)
async def confirmation(request: Web, data: Form) -> Response[bytes]:
    """The paper that this delegation signs and stamps, as its entries are now."""
    scope, lang, now = request.state.scope, lang_of(request), datetime.now(UTC)
    said = await confirm(scope.competition, scope.delegation, request.app.state.sealer, request.user, now)
    lines = [_line(row, lang) for row in said.members]
    facts = [
        ("entries", str(len({row["entry"] for row in said.members}))),
        ("people", str(len(said.members))),
        ("printed", dated(now, "moment", lang, ZoneInfo(scope.competition["time_zone"]))),
    ]
    over, of = name_of(scope.competition, lang), named(scope.delegation, lang)
    name = f"报名确认表-{scope.delegation['name']}.pdf"
    return await printed(request, name, "papers", "confirmation", over, of, facts, lines, said.code, lang)


@get(f"{OFFICE}/events/{{code:str}}/sign-in.pdf", opt={"access": organiser}, include_in_schema=False)
async def attendance(request: Web) -> Response[bytes]:
    """The sign-in sheet of an event. Raises Refusal `attendance.nobody`."""
    scope, lang = request.state.scope, lang_of(request)
    members = await present_at(scope.event)
    if not members:
        raise Refusal("attendance.nobody", Words("这个赛项还没有人报名。", "Nobody has entered this event yet."))
    lines = [
        {**row, "name": _with_team(row["name"], row["team"], lang), "document": row["document_masked"]}
        for row in members
    ]
    facts = [("entries", str(len({row["number"] for row in members}))), ("people", str(len(members)))]
    over, of = name_of(scope.competition, lang), f"{name_of(scope.event, lang)} · {scope.event['code']}"
    name = f"签到表-{scope.event['code']}.pdf"
    return await printed(request, name, "papers", "attendance", over, of, facts, lines, lang)


async def _events(events: Sequence[Mapping[str, Any]], url: str, lang: str) -> list[dict[str, Any]]:
    ids = [event["id"] for event in events]
    people = await present_in(ids)
    seats = await Seat.select(Seat.event).where(Seat.event.is_in(ids)) if ids else []
    places = await Place.select(Place.event).where(Place.event.is_in(ids)) if ids else []
    judged, placed = {row["event"] for row in seats}, {row["event"] for row in places}
    return [
        {
            "code": event["code"],
            "name": name_of({**event, "edition": 1}, lang),
            "people": people.get(event["id"], 0),
            "print": f"{url}/events/{event['code']}/sign-in.pdf",
            "badges": f"{url}/events/{event['code']}/badges.pdf",
            "judges": f"{url}/events/{event['code']}/judge-badges.pdf" if event["id"] in judged else "",
            "plan": f"{url}/events/{event['code']}/stations.pdf" if event["id"] in placed else "",
        }
        for event in events
    ]


def _found(found: Compared | None) -> dict[str, Any] | None:
    if found is None:
        return None
    lists = {name: "、".join(getattr(found, name)) for name in ("changed", "added", "gone")}
    return {"delegation": found.delegation, "at": found.printed, "by": found.by, "same": found.same, **lists}


def _line(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    level = spoken(LEVELS[row["level"]].name, lang) if row["level"] else "--"
    event = row["event_name_en"] if lang == "en" and row["event_name_en"] else row["event_name"]
    return {
        "number": entry_id(row, row["number"]),
        "name": _with_team(row["name"], row["team"], lang),
        "document": row["document_masked"],
        "event": f"{event} · {row['division']}" if row["division"] else event,
        "unit": row["unit"],
        "level": level,
    }


def _with_team(name: str, team: str, lang: str) -> str:
    return spoken(Words(f"{name}（{team} 队）", f"{name} (team {team})"), lang) if team else name


async def printed(request: Web, name: str, module: str, paper: str, *given: Any) -> Response[bytes]:
    """A paper as a download. Raises Refusal `paper.unprintable`, which names the characters."""
    return attached(await pressed(request.app.state, module, paper, *given), name)


async def pressed(state: State, module: str, paper: str, *given: Any) -> bytes:
    """A paper from a press. Raises Refusal `paper.unprintable`, which names the characters."""
    running = asyncio.get_running_loop()
    try:
        pdf: bytes = await running.run_in_executor(state.presses, paper_in_a_press, module, paper, *given)
    except ValueError as missing:
        words = Words(f"名单里有印不出的字：{missing}", f"The list has characters that cannot be printed: {missing}")
        mend = Words("请改正这些字，或联系主办方添加字体。", "Correct them, or ask the organiser for a font.")
        raise Refusal("paper.unprintable", words, mend, status=422) from None
    return pdf


def attached(pdf: bytes, name: str) -> Response[bytes]:
    """A PDF to be kept under this name."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


ROUTES = Router("/", route_handlers=[papers, confirmation, attendance])
