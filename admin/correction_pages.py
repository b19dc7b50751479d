"""Corrections after the seal at the desk: what one does to the standings, in work codes, before somebody of the office who does not
judge approves it with their password or turns it down; and the record of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.appeal_effects import standing_shown
from admin.setup import Form, refusal_of
from scoring.verdict import No, Words
from server.access import Actor, Scope, approves
from server.errors import Refusal
from server.marks.correcting import waiting_each
from server.people.flow import has_password, prove
from server.results.correcting import CORRECTED, closed, correction_of, corrections_of, decide, effects_of
from server.results.correction_pages import told
from server.results.pages import said_in
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/events/{code:str}/corrections"
DECIDE = Words("批准或不批准更正", "Approve a correction or turn it down")
DONE = {
    "approved": Words("已批准：账本里多了一个分数，原来的还在。", "Approved: the ledger has another mark, the old one stays."),
    "approved-status": Words("已批准：现场登记多了一行，原来的还在。", "Approved: the floor's record has another line, the old one stays."),
    "refused": Words("没有批准；裁判长看得到理由。", "Turned down; the chief judge reads why."),
}  # fmt: skip


@get(HERE, opt={"access": approves}, include_in_schema=False)
async def corrections(request: Web) -> Response[str]:
    """The correction that waits, or the one that the address names, with its effects; then the record."""
    return await _shown(request)


@post(f"{HERE}/{{correction:str}}", opt={"access": approves}, include_in_schema=False)
async def take_decision(request: Web, data: Form) -> Response[Any]:
    """Approve it with the effects that were shown, or turn it down."""
    scope, now, id = request.state.scope, datetime.now(UTC), request.path_params["correction"]
    approved, answer = data.get("decision") == "approved", data.get("answer", "").replace("\x00", "")
    try:
        await prove(request.user, data.get("password", ""), now)
        await decide(scope.event, id, approved, answer, data.get("seen", ""), request.user, now)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _shown(request, refusal, id, answer)
    of_mark = (await correction_of(scope.event, id))["corrects"]
    done = ("approved" if of_mark else "approved-status") if approved else "refused"
    return Redirect(f"{_url(scope.competition, scope.event)}?done={done}", status_code=303)


async def _shown(request: Web, refusal: Refusal | None = None, asked: str = "", answer: str = "") -> Response[str]:
    scope, lang, me = request.state.scope, lang_of(request), request.user.account
    competition, event = scope.competition, scope.event
    every = await corrections_of(event)
    waiting = [one for one in every if one["state"] == "proposed" and one["appeal"] is None][::-1]
    asked = asked or request.query_params.get("correction", "")
    mine = [one for one in waiting if one["proposed"] != me]
    named = [one for one in waiting if str(one["id"]) == asked]
    one = next(iter([*named, *mine, *waiting]), None)
    done = DONE.get(request.query_params.get("done", ""))
    why = closed(event)
    return page(
        request,
        "office/corrections.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "corridor", None, lang, sets_up=scope.organiser in request.user.organisers),
        competition={"name": said_in(competition, "name", lang), "url": f"/office/{competition['slug']}"},
        event={"code": event["code"], "name": said_in(event, "name", lang)},
        action=_url(competition, event),
        closed=None if event["state"] in CORRECTED else {"what": spoken(why.words, lang), "mend": spoken(why.mend, lang)},
        one={**told(one, lang), **await _effects(event, one, lang), "mine": one["proposed"] != me} if one else None,
        waiting=[told(other, lang) for other in waiting if other is not one],
        past=[told(other, lang) for other in every if other["state"] != "proposed"],
        has_password=await has_password(me),
        typed=answer,
        said={"what": spoken(done, lang)} if done else None,
        problem=refusal_of(refusal, lang),
    )  # fmt: skip


async def _effects(event: Mapping[str, Any], one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    effects = await effects_of(event, one)
    moved = [{"code": new["code"], **standing_shown(old, new, lang)} for old, new in effects.moved]
    return {"seen": effects.seen, "standings": moved}


async def needing(
    competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], actor: Actor, lang: str
) -> list[dict[str, Any]]:
    """The events whose corrections wait for this person, who proposed none of them and sits on no panel there."""
    asked = [event for event in events if event["state"] in CORRECTED and _approves(competition, event, actor)]
    waits = await waiting_each([event["id"] for event in asked], actor.account)
    return [
        {
            "event": said_in(event, "name", lang),
            "what": spoken(DECIDE, lang),
            "detail": spoken(Words(f"{waits[event['id']]} 项", f"{waits[event['id']]} waiting"), lang),
            "due": "",
            "url": _url(competition, event),
        }
        for event in asked
        if waits[event["id"]]
    ]


def _approves(competition: Mapping[str, Any], event: Mapping[str, Any], actor: Actor) -> bool:
    return not isinstance(approves(actor, Scope(competition, competition["organiser"], event)), No)


def _url(competition: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    return f"/office/{competition['slug']}/events/{event['code']}/corrections"


ROUTES = Router("/", route_handlers=[corrections, take_decision])
