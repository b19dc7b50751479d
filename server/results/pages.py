"""The public pages of a competition: front page, index of events, one event's results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Router, get
from litestar.response import Response

from scoring.clauses import sentence_of
from scoring.ladder import LADDER
from scoring.language.checking import HOURS
from scoring.policy import Policy, number_of
from scoring.scheme import names_of
from scoring.verdict import Words
from server.access import everyone
from server.calendar import day_of
from server.competitions.announcing import show
from server.competitions.facts import hosts
from server.competitions.flow import policy_of, scheme_of
from server.competitions.news import announcements
from server.competitions.programme import programme
from server.database.tables import Decision, SkillRecord, SkillWithdrawal
from server.marks.floor import STATUSES
from server.registration.flags import flags_of, with_flags
from server.results.boards import boards_of
from server.results.flow import snapshot_named, snapshot_of
from server.results.public import (
    counts,
    medal_table,
    newest_competition,
    other_competitions,
    public_events,
    state_for_all,
)
from server.web.keeping import SQUEEZED, public
from server.web.page import Web, lang_of, spoken
from server.web.portions import portion

MOST_ON_FRONT, MOST_NEWS = 8, 4
FRONT_ORDER = ("published", "final", "under-way", "upcoming")


@get("/", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def front(request: Web) -> Response[str]:
    """The newest edition."""
    return await _front(request, await newest_competition())


@get("/c/{slug:str}", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def competition_front(request: Web) -> Response[str]:
    """One edition."""
    await show(request.state.scope, request.user)
    return await _front(request, request.state.scope.competition)


async def _front(request: Web, competition: Mapping[str, Any] | None) -> Response[str]:
    if competition is None:
        return public(
            request, "public/home.html", competition=None, events=[], medals=[], others=[], news=[], programme=""
        )
    lang = lang_of(request)
    events = await public_events(competition)
    shown = sorted(events, key=lambda event: (FRONT_ORDER.index(event["public"]), event["code"]))[:MOST_ON_FRONT]
    about = {
        "title": name_of(competition, lang),
        "first": competition["starts"],
        "last": competition["ends"],
        "place": said_in(competition, "venue", lang),
        "state": _whole_state(events),
        "events": len(events),
        **await counts(competition["id"]),
        **_published(events),
    }
    others = [
        {"name": name_of(row, lang), "url": f"/c/{row['slug']}"}
        for row in await other_competitions(competition["slug"])
    ]
    return public(
        request,
        "public/home.html",
        site=site_of(competition, lang),
        competition=about,
        events=[_listed(competition, event, lang) for event in shown],
        medals=with_flags(medal_table(events), await flags_of(competition)),
        others=others,
        board=await _board(competition),
        news=[
            {
                "title": said_in(row, "title", lang),
                "at": row["at"],
                "url": f"/c/{competition['slug']}/news#a-{row['id']}",
            }
            for row in (await announcements(competition["id"]))[:MOST_NEWS]
        ],
        programme=f"/c/{competition['slug']}/programme" if await programme(competition["id"]) else "",
    )


async def _board(competition: Mapping[str, Any]) -> str:
    boards = await boards_of(competition["id"])
    return f"/c/{competition['slug']}/board" if any(one["shows"] != "nothing" for one in boards.values()) else ""


@get("/c/{slug:str}/results", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def results_index(request: Web) -> Response[str]:
    """Every event of an edition."""
    await show(request.state.scope, request.user)
    competition, lang = request.state.scope.competition, lang_of(request)
    events = await public_events(competition)
    categories: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        categories.setdefault(said_in(event, "category", lang), []).append(_listed(competition, event, lang))
    return public(
        request,
        "public/results.html",
        site=site_of(competition, lang),
        competition={"title": name_of(competition, lang), "events": len(events), **_published(events)},
        board=await _board(competition),
        categories=[{"name": name, "events": listed} for name, listed in categories.items()],
        data=f"/c/{competition['slug']}/data",
    )


@get("/c/{slug:str}/results/{code:str}", opt={"access": everyone}, include_in_schema=False, middleware=[SQUEEZED])
async def event_results(request: Web) -> Response[str]:
    """The published results of one event."""
    await show(request.state.scope, request.user)
    competition, event, lang = request.state.scope.competition, request.state.scope.event, lang_of(request)
    state = await state_for_all(event)
    snapshot = await snapshot_of(event["id"]) if state in ("published", "final") else None
    hidden: dict[str, Any] = {"rows": [], "field": {"entries": 0}, "awarded": {"yes": True}}
    content = snapshot["content"] if snapshot else hidden
    lines = await _standings(competition, event, snapshot, lang) if snapshot else []
    standings, part = portion(request, lines, ("name", "delegation"))
    return public(
        request,
        "public/event.html",
        site=site_of(competition, lang),
        event={
            "name": name_of(event, lang),
            "code": event["code"],
            "category": said_in(event, "category", lang),
            "size": content["field"]["entries"],
            "teams": event["team_size"] > 1,
            "demonstration": not content["awarded"]["yes"],
            "state": state,
        },
        publication=await _publication(event, snapshot, lang) if snapshot else None,
        standings=standings,
        portion=part,
        how=await _how(event, snapshot, lang) if snapshot else None,
        draw=f"/c/{competition['slug']}/draw/{event['code']}",
        table=f"/c/{competition['slug']}/results/{event['code']}/table.xlsx" if snapshot else "",
    )


async def _publication(event: Mapping[str, Any], snapshot: Mapping[str, Any], lang: str) -> dict[str, Any]:
    before = await snapshot_named(snapshot["supersedes"]) if snapshot["supersedes"] else None
    return {
        "from": snapshot["at"],
        "until": snapshot["notice_until"] if snapshot["notice_until"] > snapshot["at"] else "",
        "version": snapshot["version"],
        "fingerprint": snapshot["sha256"],
        "objection": spoken(objection_of(event), lang),
        "supersedes": {"version": before["version"], "at": before["at"], "fingerprint": before["sha256"]}
        if before
        else None,
    }


def objection_of(event: Mapping[str, Any]) -> Words:
    """How to object, as far as the policy says it; where it names no time, nothing is promised."""
    rule = policy_of(event).appeals
    if rule is None:
        return Words("", "")
    if rule.unit == HOURS:
        return Words(
            f"对成绩有异议的，由代表队在公布后 {rule.within} 小时内提出申诉。",
            f"A delegation may appeal within {rule.within} hours of the publication.",
        )
    return Words(
        f"对成绩有异议的，由代表队在公布后 {rule.within} 个工作日内提出申诉。",
        f"A delegation may appeal within {rule.within} working days of the publication.",
    )


async def _standings(
    competition: Mapping[str, Any], event: Mapping[str, Any], snapshot: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
    query = SkillRecord.select(SkillRecord.promotion.member.as_alias("member"), SkillRecord.level)
    withdrawn = SkillWithdrawal.select(SkillWithdrawal.record)
    rows = await query.where((SkillRecord.promotion.snapshot == snapshot["id"]) & SkillRecord.id.not_in(withdrawn))
    promoted = {str(row["member"]): row["level"] for row in rows}
    modules = scheme_of(event).modules  # type: ignore[union-attr]
    lines = []
    for row in snapshot["content"]["rows"]:
        names = [member["name"] for member in row["members"]]
        levels = {promoted[member["member"]] for member in row["members"] if member["member"] in promoted}
        lines.append(
            {
                "rank": row["rank"],
                "status": _status(row, lang),
                "tied": bool(row["tied"]),
                "name": "、".join(names),
                "members": names if len(names) > 1 else [],
                "delegation": row["delegation"],
                "total": row["total"],
                "award": {"id": row["award"]["id"], "name": row["award"][lang]} if row["award"] else None,
                "promotion": _promotion_words(levels, lang),
                "modules": [
                    {
                        "name": spoken(names_of(one), lang),
                        "weight": one.weight,
                        "got": hundredths(row["modules"][one.id]),
                    }
                    for one in modules
                ],
                "tie": row["broken_by"],
            }
        )
    return with_flags(lines, await flags_of(competition))


def _status(row: Mapping[str, Any], lang: str) -> str:
    """Why somebody is not ranked; "" for everybody else. Snapshots from before there was a status have none."""
    return "" if row["rank"] else spoken(STATUSES.get(row.get("status", ""), STATUSES["withdrawn"]), lang)


def _promotion_words(levels: set[str], lang: str) -> str:
    if not levels:
        return ""
    names = [spoken(level.name, lang) for level in LADDER if level.id in levels]
    return f"Promoted to {' / '.join(names)}" if lang == "en" else f"晋升{'、'.join(names)}"


def hundredths(ratio: str) -> int:
    """A fraction as the snapshot keeps it ("18235/2") to whole hundredths, halves up."""
    numerator, _, denominator = ratio.partition("/")
    return (2 * int(numerator) + int(denominator or 1)) // (2 * int(denominator or 1))


def how_joined(policy: Policy) -> Words:
    """How the marks of several judges become one under this policy, in its own words, as they go on in a sentence."""
    said = sentence_of(policy, f"aggregation.judged.{policy.aggregation.judged.use}")
    assert said is not None  # every policy says how judges join
    return Words(said.zh.rstrip("。"), said.en[:1].lower() + said.en[1:].rstrip("."))


async def _how(event: Mapping[str, Any], snapshot: Mapping[str, Any], lang: str) -> dict[str, Any]:
    policy, content = policy_of(event), snapshot["content"]
    when = {
        row["kind"].rsplit("-", 1)[-1]: row["at"]
        for row in await Decision.select(Decision.kind, Decision.at).where(Decision.event == event["id"])
        if row["kind"].startswith("event.") and "-" in row["kind"]
    }
    reviewed = Words("监督复核并解码", "Reviewed and decoded by a supervisor")
    return {
        "finished": content["field"]["entries"],
        "modules": len(scheme_of(event).modules),  # type: ignore[union-attr]
        "panel": content["judges"],
        "method": spoken(how_joined(policy), lang),
        "sealed": when.get("sealed", snapshot["at"]),
        "reviewed": spoken(reviewed, lang),
        "policy": {
            "title": spoken(policy.title, lang),
            "document": number_of(policy.document),
        },
    }


def _listed(competition: Mapping[str, Any], event: Mapping[str, Any], lang: str) -> dict[str, Any]:
    snapshot = event["snapshot"]
    return {
        "name": name_of(event, lang),
        "code": event["code"],
        "category": said_in(event, "category", lang),
        "size": event["size"],
        "teams": event["team_size"] > 1,
        "state": event["public"],
        "until": snapshot["notice_until"] if snapshot and event["public"] == "published" else "",
        "demonstration": bool(snapshot) and not snapshot["content"]["awarded"]["yes"],
        "url": f"/c/{competition['slug']}/results/{event['code']}",
    }


def _published(events: list[dict[str, Any]]) -> dict[str, int]:
    return {state: sum(event["public"] == state for event in events) for state in ("published", "final")}


def _whole_state(events: list[dict[str, Any]]) -> str:
    states = {event["public"] for event in events}
    if states == {"final"}:
        return "final"
    for state in ("published", "under-way"):
        if state in states or (state == "published" and "final" in states):
            return state
    return "upcoming"


def name_of(row: Mapping[str, Any], lang: str) -> str:
    """The name of a competition or an event in the page's language; an edition says which one it is."""
    name = said_in(row, "name", lang)
    edition = row.get("edition", 1)
    if edition == 1:
        return name
    return f"{name}, edition {edition}" if lang == "en" else f"{name}·第{edition}届"


def edition_day(competition: Mapping[str, Any], now: datetime) -> int:
    """The how manieth day of an edition this is; 0 before and after it."""
    day = (day_of(now) - competition["starts"]).days + 1
    return day if day > 0 and day_of(now) <= competition["ends"] else 0


def said_in(row: Mapping[str, Any], field: str, lang: str) -> str:
    """A field that exists in both languages, Chinese where there is no English."""
    return str((row[f"{field}_en"] if lang == "en" else "") or row[field])


def site_of(competition: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The head and foot of the public pages of one edition."""
    home = f"/c/{competition['slug']}"
    return {
        "name": name_of(competition, lang),
        "home": home,
        "results": f"{home}/results",
        "organiser": said_in(hosts(competition)[0], "name", lang),
    }


ROUTES = Router("/", route_handlers=[front, competition_front, results_index, event_results])
