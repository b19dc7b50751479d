"""Standings in the office, and the story of any line of them: how its total came about, its rank, its award.

While marks are given only a supervisor sees them: nobody else could do anything with a half of them but talk. Before
decoding a line is a work code, and so is its story.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Router, get
from litestar.params import FromPath
from litestar.response import Response

from admin import desk
from scoring.clauses import SCHEME, sentence_of
from scoring.explain import Event, explain
from scoring.policy import Policy, number_of
from scoring.scheme import names_of
from scoring.verdict import Problems, Words, Yes
from scoring.workings import SETTING, Line
from server import pipeline
from server.access import office, supervisor
from server.competitions.flow import policy_of, scheme_of
from server.errors import Refusal, missing
from server.marks.floor import STATUSES
from server.results.flow import Outcome, entrants_of, outcome_of
from server.results.pages import hundredths, name_of
from server.web.page import Web, lang_of, page, spoken
from server.web.portions import portion
from server.web.words import mark

MOST_OWED = 20
HERE = "/office/{slug:str}/events/{code:str}/standings"
MARKING, SEALED, DECODED = (pipeline.STATES.index(state) for state in ("marking", "sealed", "reviewed"))


@get(HERE, opt={"access": office}, include_in_schema=False)
async def standings(request: Web) -> Response[str]:
    """Everybody of an event in the order of now, or what is still owed before there is one."""
    event, lang = request.state.scope.event, lang_of(request)
    _may_look(request)
    outcome, owed = await _outcome(event)
    named = await entrants_of(event["id"]) if _decoded(event) else {}
    modules = (
        [(one.id, spoken(names_of(one), lang)) for one in scheme_of(event).modules]
        if outcome and scheme_of(event)
        else []
    )
    every = [_row(outcome, one, named, modules, lang) for one in outcome.standings] if outcome else []
    rows, part = portion(request, every, ("code", "who", "delegation") if named else ("code",))
    return page(
        request,
        "office/standings.html",
        **_frame(request, lang),
        rows=rows,
        portion=part,
        modules=[name for _, name in modules],
        owed=[spoken(one.words, lang) for one in owed[:MOST_OWED]],
        more=max(0, len(owed) - MOST_OWED),
        decoded=bool(named),
        verdict=_verdict(outcome, lang),
    )


@get(f"{HERE}/{{entry:str}}", opt={"access": office}, include_in_schema=False)
async def story(request: Web, entry: FromPath[str]) -> Response[str]:
    """One line, told from the marks to the award, each step with its rule and what the rule rests on."""
    event, lang = request.state.scope.event, lang_of(request)
    _may_look(request)
    outcome, _ = await _outcome(event)
    standing = next((one for one in outcome.standings if one.entry == entry), None) if outcome else None
    scheme = scheme_of(event)
    if outcome is None or standing is None or scheme is None:
        raise missing(Words("这个加密号的成绩", "result of this work code"))
    policy = policy_of(event)
    told = explain(Event(scheme, policy, outcome.results, outcome.standings, outcome.awards), entry)
    named = await entrants_of(event["id"]) if _decoded(event) else {}
    return page(
        request,
        "office/story.html",
        **_frame(request, lang),
        row=_row(outcome, standing, named, [], lang),
        lines=[_line(policy, one, lang) for one in told],
        policy={
            "title": spoken(policy.title, lang),
            "document": number_of(policy.document),
            "url": f"{desk.POLICIES}/{quote(str(event['policy']), safe='@')}",
        },
    )


def _line(policy: Policy, line: Line, lang: str) -> dict[str, Any]:
    said = sentence_of(policy, line.rule)
    return {
        "step": line.step,
        "rule": line.rule,
        "words": spoken(line.words, lang),
        "sentence": spoken(said, lang) if said else "",
        "rests_on": "" if line.rests_on == SETTING else spoken(line.rests_on, lang),
        "scheme": line.rule in SCHEME,
    }


def _may_look(request: Web) -> None:
    scope = request.state.scope
    place = pipeline.STATES.index(scope.event["state"])
    if place < MARKING:
        raise Refusal(
            "standings.none", Words("这个赛项还没有开始打分。", "No marks are given in this event yet."), status=404
        )
    if place < SEALED and not isinstance(supervisor(request.user, scope), Yes):
        words = Words("打分期间，只有监督可以看名次。", "While marks are given, only a supervisor sees the standings.")
        mend = Words("封存以后再来看。", "Come back when the event is sealed.")
        raise Refusal("standings.open", words, mend, status=403)


def _decoded(event: Mapping[str, Any]) -> bool:
    return pipeline.STATES.index(event["state"]) >= DECODED


async def _outcome(event: Mapping[str, Any]) -> tuple[Outcome | None, tuple[Any, ...]]:
    try:
        return await outcome_of(event), ()
    except Problems as problems:
        return None, tuple(problems.problems)


def _frame(request: Web, lang: str) -> dict[str, Any]:
    scope = request.state.scope
    competition, event = scope.competition, scope.event
    url = f"/office/{competition['slug']}"
    staff = competition["organiser"] in request.user.organisers
    name = event["name_en"] if lang == "en" and event["name_en"] else event["name"]
    return {
        "desk": desk.rail(competition, "corridor", None, lang, sets_up=staff),
        "competition": {"name": name_of(competition, lang), "url": url},
        "event": {"code": event["code"], "name": name, "state": event["state"]},
        "action": f"{url}/events/{event['code']}/standings",
    }


def _row(
    outcome: Outcome, one: Any, named: Mapping[str, Any], modules: list[tuple[str, Any]], lang: str
) -> dict[str, Any]:
    award, result, who = outcome.awards.of.get(one.entry), outcome.results.of[one.entry], named.get(one.entry)
    return {
        "rank": one.rank,
        "code": one.entry,
        "who": "、".join(member["name"] for member in who["members"]) if who else "",
        "delegation": who["delegation"] if who else "",
        "status": "" if one.rank else spoken(STATUSES[result.facts.status], lang),
        "total": mark(one.total),
        "modules": [mark(hundredths(str(result.modules[id]))) if id in result.modules else "" for id, _ in modules],
        "tied": bool(one.tied),
        "award": spoken(award.name, lang) if award else "",
    }


def _verdict(outcome: Outcome | None, lang: str) -> str:
    return (
        ""
        if outcome is None or isinstance(outcome.awards.verdict, Yes)
        else spoken(outcome.awards.verdict.reason, lang)
    )


ROUTES = Router("/", route_handlers=[standings, story])
