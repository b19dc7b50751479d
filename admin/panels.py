"""The office's pages of panels: what is needed and who sits, the proposal beside it, and the links that ask judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin import desk
from admin.judges import id_or_none, several, whole
from admin.seats import event_row, proposal_rows, totals
from scoring.ladder import LADDER
from scoring.verdict import Words
from server.access import office, organiser
from server.calendar import day_of
from server.competitions import pool
from server.competitions.judges import TITLES, Demand, Rules
from server.competitions.proposing import begin, newest, proposal_of
from server.competitions.wanted import choose_rules, rules_as_known, rules_of
from server.errors import Refusal
from server.marks.gathering import situation
from server.marks.inviting import Link, TakenOver, make_links, take_over, waiting
from server.marks.planning import Situation
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, page, spoken
from server.web.words import written

Fields = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
TO_ANSWER = timedelta(days=7)


@get("/office/{slug:str}/panels", opt={"access": office}, include_in_schema=False)
async def overview(request: Web) -> Response[str]:
    """Every event: judges needed, who sits, and what is next."""
    return await _overview(request)


async def _overview(
    request: Web,
    refusal: Refusal | None = None,
    said: Words | None = None,
    left_out: Sequence[Mapping[str, Any]] = (),
    typed: Mapping[str, Any] | None = None,
) -> Response[str]:
    competition, lang, at = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    now, proposal = await situation(competition), await newest(competition["id"], at)
    rules, one_per = await rules_of(competition["id"])
    lines = [event_row(now, competition, code, at, lang) for code in now.events]
    only = request.query_params.get("only", "")
    narrowed = {
        "open": [line for line in lines if line["open"]],
        "waiting": [line for line in lines if any(one["waiting"] for one in line["sitters"])],
        "declined": [line for line in lines if line["declined"] and line["open"]],
    }
    chosen = {
        "years": rules.least.years,
        "level": rules.least.level,
        "title": rules.least.title,
        "most": rules.most or "",
        "one_per": one_per,
    }
    known = rules_as_known(rules, one_per)
    if typed and "known" in typed and not (refusal and refusal.code == "changed.meanwhile"):
        known = str(typed["known"])  # what is there now has not been told yet
    return page(
        request,
        "office/panels.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "panels", len(lines), lang, desk.sets_up(competition, request.user)),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        events=narrowed.get(only, lines),
        shown={"only": only if only in narrowed else "", "all": len(lines), **{k: len(v) for k, v in narrowed.items()}},
        totals=totals(now),
        rules={**chosen, **{name: typed[name] for name in chosen if typed and name in typed}, "known": known},
        levels=[{"id": one.id, "name": spoken(one.name, lang)} for one in LADDER],
        titles=[{"id": one, "name": spoken(words, lang)} for one, words in TITLES.items()],
        proposal={"state": proposal["state"], "asked": proposal["asked"], "by": proposal["asked_by"]}
        if proposal
        else None,
        until=answer_by(competition, at).isoformat(),
        today=day_of(at).isoformat(),
        may=competition["organiser"] in request.user.organisers,
        said=spoken(said, lang) if said else "",
        left_out=left_out,
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


def answer_by(competition: Mapping[str, Any], at: datetime) -> date:
    """The day until which judges are asked to answer, unless a person names another: a week, or the last day before."""
    return max(day_of(at), min(day_of(at + TO_ANSWER), competition["starts"] - timedelta(days=1)))


@post("/office/{slug:str}/panels/rules", opt={"access": organiser}, include_in_schema=False)
async def change_rules(request: Web, data: Fields) -> Response[Any]:
    """Choose what is asked of judges."""
    competition = request.state.scope.competition
    least = Demand(whole(str(data.get("years", ""))) or 0, str(data.get("level", "")), str(data.get("title", "")))
    rules = Rules(least, most=whole(str(data.get("most", "")).strip()))
    try:
        known = data.get("known")
        said = str(data.get("one_per", "")), request.user, datetime.now(UTC)
        await choose_rules(competition, rules, *said, known if known is None else str(known))
    except Refusal as refusal:
        return await _overview(request, refusal, typed=data)
    return Redirect(f"/office/{competition['slug']}/panels", status_code=303)


@post("/office/{slug:str}/panels/proposal", opt={"access": organiser}, include_in_schema=False)
async def propose(request: Web) -> Redirect:
    """Have panels computed for all events, beside the program."""
    competition = request.state.scope.competition
    now = await situation(competition)
    if proposal := await begin(competition["id"], request.user, datetime.now(UTC)):
        request.app.state.proposing.begin(proposal, now.question())
    return Redirect(f"/office/{competition['slug']}/panels/proposal", status_code=303)


@get("/office/{slug:str}/panels/proposal", opt={"access": office}, include_in_schema=False)
async def proposal_page(request: Web) -> Response[Any]:
    """The newest proposal beside what is."""
    competition, lang, at = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    proposal = await newest(competition["id"], at)
    if proposal is None:
        return Redirect(f"/office/{competition['slug']}/panels", status_code=303)
    now, content = await situation(competition), proposal["content"]
    ready = proposal["state"] == "ready"
    loads = sorted(content["loads"].values()) if ready else []
    return page(
        request,
        "office/proposal.html",
        desk=desk.rail(competition, "panels", len(now.events), lang, desk.sets_up(competition, request.user)),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        proposal={
            "id": str(proposal["id"]),
            "state": proposal["state"],
            "asked": proposal["asked"],
            "by": proposal["asked_by"],
            "unproven": content["unproven"][lang] if ready else "",
            "judges": len(loads),
            "most": loads[-1] if loads else 0,
        },
        events=proposal_rows(now, competition, content, lang) if ready else [],
        may=competition["organiser"] in request.user.organisers,
    )


@post("/office/{slug:str}/panels/proposal/take", opt={"access": organiser}, include_in_schema=False)
async def take(request: Web, data: Fields) -> Response[Any]:
    """Take a proposal over, whole or for the events that were ticked."""
    competition, lang, at = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    proposal = await proposal_of(competition["id"], id_or_none(str(data.get("proposal", ""))) or UUID(int=0), at)
    if proposal["state"] != "ready":
        return Redirect(f"/office/{competition['slug']}/panels/proposal", status_code=303)
    codes = list(proposal["content"]["panels"]) if data.get("all") else several(data, "events")
    done: TakenOver = await take_over(competition, proposal, codes, request.user, at)
    words = Words(
        f"已采用 {len(codes)} 个赛项的方案：新增 {done.added} 席，撤下 {done.gone} 席。",
        f"Taken over for {len(codes)} events: {done.added} seats new, {done.gone} given up.",
    )
    left_out = [{"event": one.event, "name": one.name, "why": spoken(one.why, lang)} for one in done.left_out]
    return await _overview(request, said=words, left_out=left_out)


@post("/office/{slug:str}/panels/links", opt={"access": organiser}, include_in_schema=False)
async def links(request: Web, data: Fields) -> Response[Any]:
    """Make links for everybody who is wanted and has none yet, or a new one for one judge; they are shown once."""
    competition, lang, at = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    now = await situation(competition)
    one = id_or_none(str(data.get("judge", "")))
    wanted = {one} if one else {sitter.judge for _, sitter in waiting(now) if sitter.state == "proposed"}
    try:
        day = date.fromisoformat(str(data.get("until", "")) or answer_by(competition, at).isoformat())
        until = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(competition["time_zone"]))
        made = await make_links(competition, {judge for judge in wanted if judge}, until, request.user, at)
    except ValueError:
        wrong = Words("答复期限不是日期。", "The last day to answer is no date.")
        return await _overview(request, Refusal("invitation.until", wrong, status=422))
    except Refusal as refusal:
        return await _overview(request, refusal)
    if not made:
        return await _overview(request, said=Words("没有待邀请的人。", "Nobody is waiting to be invited."))
    return page(
        request,
        "office/links.html",
        desk=desk.rail(competition, "panels", len(now.events), lang, desk.sets_up(competition, request.user)),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        until=until - timedelta(minutes=1),
        links=[_letter(request, now, competition, one, lang) for one in made],
    )


def _letter(request: Web, now: Situation, competition: Mapping[str, Any], one: Link, lang: str) -> dict[str, Any]:
    """What a judge is sent, in Chinese and in the language of the page when that is another."""
    address = f"{request.app.state.settings.base_url}/invitation/{one.token}"
    names = [said_in(now.events[code], "name", lang) for code in one.events]
    last = written(one.expires - timedelta(minutes=1), "day", lang)
    text = Words(
        f"{one.judge['name']}老师：{name_of(competition, 'zh')}邀请您担任“{'、'.join(names)}”裁判，"
        f"请于{last}前打开链接答复：{address}",
        f"{one.judge['name']}: {name_of(competition, 'en')} asks you to judge {', '.join(names)}. "
        f"Please answer by {last}: {address}",
    )
    return {
        "name": one.judge["name"],
        "unit": one.judge["unit"],
        "phone": pool.phone_of(one.judge, request.app.state.sealer),
        "events": names,
        "address": address,
        "text": spoken(text, lang),
    }


ROUTES = Router("/", route_handlers=[overview, change_rules, propose, proposal_page, take, links])
