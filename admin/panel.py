"""The office's page of one panel: its seats, who could take one and why others cannot, and every change by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin import desk
from admin.judges import id_or_none, several
from admin.panels import answer_by
from admin.seats import candidate_row, day_ticks, event_row, sitter_row
from scoring.verdict import Words
from server.access import Actor, office, organiser
from server.calendar import day_of
from server.competitions.wanted import choose_days, days_as_known
from server.database.piccolo_conf import DB
from server.errors import Refusal
from server.ledger import record
from server.marks.answering import answer_for
from server.marks.chief_changes import changes_of
from server.marks.gathering import situation
from server.marks.inviting import name_chief, put, take_off
from server.people.flow import has_password, one_time_login
from server.people.pins import forget_pin
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

Fields = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
SHOWN = 60
"""Candidates with something against them that are shown at once; who may join is always shown."""


@get("/office/{slug:str}/panels/{code:str}", opt={"access": office}, include_in_schema=False)
async def panel_page(request: Web) -> Response[str]:
    """One event: seats, and the candidates for an open seat or for somebody's place."""
    return await _panel(request)


async def _panel(
    request: Web, refusal: Refusal | None = None, typed: Mapping[str, Any] | None = None, link: str = ""
) -> Response[str]:
    scope, lang, at = request.state.scope, lang_of(request), datetime.now(UTC)
    competition, code = scope.competition, scope.event["code"]
    now = await situation(competition)
    key = str((typed or {}).get("instead") or request.query_params.get("instead", ""))
    leaving = next((one for one in now.sitting[code] if one.key == key), None)
    found = now.candidates(code, leaving.label if leaving else "")
    wide = request.query_params.get("all") == "yes"
    may_join = [pair for pair in found if not pair[1]]
    cannot = [pair for pair in found if pair[1]]
    event = event_row(now, competition, code, at, lang)
    return page(
        request,
        "office/panel.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "panels", len(now.events), lang, desk.sets_up(competition, request.user)),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        event={
            **event,
            "ticks": day_ticks(now.asked[code], competition, lang),
            "known": days_as_known(now.asked[code].days),
        },
        instead=sitter_row(now, code, leaving, at, lang) if leaving else None,
        candidates=[candidate_row(now, judge, nos, lang) for judge, nos in may_join],
        others=[candidate_row(now, judge, nos, lang) for judge, nos in (cannot if wide else cannot[:SHOWN])],
        hidden=0 if wide else max(0, len(cannot) - SHOWN),
        form={"reason": str((typed or {}).get("reason", "")), "judge": str((typed or {}).get("judge", ""))},
        until=answer_by(competition, at).isoformat(),
        today=day_of(at).isoformat(),
        may=competition["organiser"] in request.user.organisers,
        link=link,
        by_chief=[
            {"came": one.came, "went": one.went, "reason": one.reason, "by": one.by, "at": one.at}
            for one in await changes_of(competition["id"], scope.event["id"])
        ],
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


@post("/office/{slug:str}/panels/{code:str}", opt={"access": organiser}, include_in_schema=False)
async def change(request: Web, data: Fields) -> Response[Any]:
    """Whatever is changed by hand on a panel."""
    competition, code = request.state.scope.competition, request.state.scope.event["code"]
    try:
        link = await _done(request, data, datetime.now(UTC))
    except Refusal as refusal:
        return await _panel(request, refusal, data)
    if link:
        return await _panel(request, link=link)
    back = f"/office/{competition['slug']}/panels"
    return Redirect(f"{back}#event-{code}" if data.get("back") else f"{back}/{code}", status_code=303)


async def _done(request: Web, data: Mapping[str, Any], at: datetime) -> str:
    """Do what was asked; a link, where the answer is one."""
    competition, event, actor = request.state.scope.competition, request.state.scope.event, request.user
    code = event["code"]
    act, key, reason = (str(data.get(name, "")) for name in ("act", "key", "reason"))
    if act == "put":
        judge = id_or_none(str(data.get("judge", "")))
        if judge is None:
            raise Refusal("panel.nobody", Words("请先选一位候选人。", "Choose a candidate first."), status=422)
        await put(competition, code, judge, actor, at, str(data.get("instead", "")), reason)
    elif act == "off":
        await take_off(competition, code, key, reason, actor, at)
    elif act == "chief":
        await name_chief(competition, code, key, reason, actor, at)
    elif act in ("yes", "no"):
        await answer_for(competition, code, key, act == "yes", reason, actor, at)
    elif act == "days":
        days = [_day(one) for one in several(data, "days")]
        await choose_days(competition, event, days, actor, at, data.get("known"))
    elif act == "sign-in":
        return await _sign_in(request, str(data.get("key", "")), actor, at)
    return ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("panel.days", Words("不是日期。", "This is no date."), status=422) from None


async def _sign_in(request: Web, key: str, actor: Actor, at: datetime) -> str:
    """A link that signs a seated judge in once, to choose a PIN anew; not for an account that has a password of its own."""
    competition, event = request.state.scope.competition, request.state.scope.event
    now = await situation(competition)
    sitter = next((one for one in now.sitting[event["code"]] if one.key == key), None)
    account: UUID | None = sitter.account if sitter else None
    if account is None or await has_password(account):
        words = Words("这位裁判现在不能用链接登录。", "This judge cannot be signed in by a link now.")
        raise Refusal("judge.no-link", words)
    async with DB.transaction():
        token = await one_time_login(account, at)
        await forget_pin(account)
        data = {"account": str(account)}
        await record(competition["id"], "judge.sign-in-link", actor, at, event=event["id"], data=data)
    return f"{request.app.state.settings.base_url}/sign-in/{token}"


ROUTES = Router("/", route_handlers=[panel_page, change])
