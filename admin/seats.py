"""How a panel is shown: its events, seats, candidates and proposals as the templates want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from scoring.ladder import LEVELS
from scoring.verdict import No, Words
from server.access import Actor
from server.competitions.judges import TITLES, Event, Judge
from server.competitions.wanted import days_between
from server.marks.chief_changes import not_asked_yet
from server.marks.planning import NEVER, WAITING, Sitter, Situation
from server.results.pages import said_in
from server.web.page import spoken
from server.web.words import STATE_NAMES, translator, written


def event_row(now: Situation, competition: Mapping[str, Any], code: str, at: datetime, lang: str) -> dict[str, Any]:
    """One event of the overview: who is needed, who sits, and what to do next."""
    row, event = now.events[code], now.asked[code]
    following = now.following(code) if now.changes(code) and now.declined[code] and now.open_seats(code) else None
    return {
        "code": code,
        "name": said_in(row, "name", lang),
        "state": translator(lang).gettext(STATE_NAMES[row["state"]]),
        "changes": now.changes(code),
        "days": days(event, competition, lang),
        "needed": event.seats,
        "open": now.open_seats(code) if now.changes(code) else 0,
        "sitters": [sitter_row(now, code, one, at, lang) for one in now.sitting[code]],
        "chief": any(one.chief for one in now.sitting[code]),
        "declined": said_no(now, code, lang),
        "following": candidate_row(now, following, (), lang) if following else None,
        "url": f"/office/{competition['slug']}/panels/{code}",
    }


def sitter_row(now: Situation, code: str, one: Sitter, at: datetime, lang: str) -> dict[str, Any]:
    """One place on a panel: who, how far, and what stands against them as things are now."""
    row = now.pool.get(one.label)
    link = now.links.get(one.judge) if one.judge else None
    late = link is not None and one.state == "invited" and (link["withdrawn"] or at >= link["expires"])
    ties = sorted({no.rule: spoken(no.reason, lang) for no in now.against(code, one)}.values())
    return {
        "key": one.key,
        "judge": str(one.judge or ""),
        "name": one.label,
        "unit": row["unit"] if row else "",
        "grade": grade(now.known[one.label], lang) if one.label in now.known else "",
        "state": "late" if late else one.state,
        "until": link["expires"] if link and one.state == "invited" else "",
        "chief": one.chief,
        "by_hand": one.by_hand,
        "reason": one.reason,
        "seat": one.seat,
        "waiting": one.state in WAITING,
        "account": str(one.account or ""),
        "against": ties,
    }


def said_no(now: Situation, code: str, lang: str) -> list[dict[str, Any]]:
    """Who declined, or accepted and has to stand back, the newest last; not those who were asked again since."""
    sits = {one.judge for one in now.sitting[code]}
    recused = Words("须回避：", "has to stand back: ")
    return [
        {
            "name": now.labels[row["judge"]],
            "why": (spoken(recused, lang) if row["state"] == "recused" else "") + row["answer"],
            "at": row["answered"],
        }
        for row in now.declined[code]
        if row["judge"] not in sits
    ]


def candidate_row(now: Situation, judge: Judge, nos: Sequence[No], lang: str) -> dict[str, Any]:
    """Somebody who could be asked: what speaks for them, and what against, in words."""
    row = now.pool[judge.id]
    return {
        "id": str(row["id"]),
        "name": judge.id,
        "unit": row["unit"],
        "grade": grade(judge, lang),
        "years": judge.years,
        "load": judge.load + len(now.plan.sits.get(judge.id, ())),
        "nos": [spoken(no.reason, lang) for no in nos],
        "never": any(no.rule in NEVER for no in nos),
    }


def grade(judge: Judge, lang: str) -> str:
    """Level and title of a judge in one line."""
    level = [LEVELS[judge.level].name] if judge.level else []
    title = [TITLES[judge.title]] if judge.title else []
    return " · ".join(spoken(words, lang) for words in level + title)


def days(event: Event, competition: Mapping[str, Any], lang: str) -> str:
    """The days of an event: a span where they follow one another, a list where they do not."""
    return said_days(sorted(event.days), lang)


def said_days(found: Sequence[date], lang: str) -> str:
    """Days in order as a person reads them."""
    names = [written(day, "day", lang) for day in found]
    if len(found) > 2 and (found[-1] - found[0]).days == len(found) - 1:
        return f"{names[0]} – {names[-1]}"
    return ("、" if lang == "zh" else ", ").join(names)


def day_ticks(event: Event, competition: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """Every day of the competition, with those of the event marked."""
    return [
        {"id": day.isoformat(), "name": written(day, "day", lang), "on": day in event.days}
        for day in days_between(competition)
    ]


async def changed_by_chiefs(
    competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], actor: Actor, lang: str
) -> list[dict[str, Any]]:
    """What chief judges changed, on the first page of the staff who have to ask the newcomer."""
    if competition["organiser"] not in actor.organisers:
        return []
    named = {event["id"]: event for event in events}
    what = spoken(Words("裁判长改了裁判组", "The chief judge changed the panel"), lang)
    return [
        {
            "event": said_in(named[one.event], "name", lang),
            "what": what,
            "detail": f"{one.went} → {one.came}: {one.reason}" if one.went else f"+ {one.came}: {one.reason}",
            "due": "",
            "url": f"/office/{competition['slug']}/panels/{named[one.event]['code']}",
        }
        for one in await not_asked_yet(competition["id"])
        if one.event in named
    ]


def totals(now: Situation) -> dict[str, int]:
    """Seats of all panels that may still change: needed, and how far each is."""
    codes = [code for code in now.events if now.changes(code)]
    states = [one.state for code in codes for one in now.sitting[code]]
    return {
        "needed": sum(now.asked[code].seats for code in codes),
        "sitting": sum(state in ("accepted", "seated") for state in states),
        "invited": states.count("invited"),
        "proposed": states.count("proposed"),
        "open": sum(now.open_seats(code) for code in codes),
        "chiefs": sum(not any(one.chief for one in now.sitting[code]) for code in codes),
        "judges": sum(row["active"] for row in now.pool.values()),
    }


def proposal_rows(
    now: Situation, competition: Mapping[str, Any], content: Mapping[str, Any], lang: str
) -> list[dict[str, Any]]:
    """A proposal beside what is, event by event: who stays, who is new, who goes, and what is short."""
    labels = {str(id): label for id, label in now.labels.items()}
    short = {one["event"]: one for one in content["short"]}
    rows = []
    for code, names in content["panels"].items():
        if code not in now.events or not now.changes(code):
            continue
        wanted = [labels.get(content["ids"].get(name, ""), name) for name in names]
        sits = {one.label: one for one in now.sitting[code]}
        stays = [one for one in now.sitting[code] if one.label in wanted or one.by_hand or one.state != "proposed"]
        rows.append(
            {
                "code": code,
                "name": said_in(now.events[code], "name", lang),
                "days": days(now.asked[code], competition, lang),
                "needed": now.asked[code].seats,
                "stays": [_person(now, one.label) for one in stays],
                "new": [_person(now, name) for name in wanted if name not in sits],
                "goes": [_person(now, one.label) for one in now.sitting[code] if one not in stays],
                "short": short[code][lang] if code in short else "",
                "lacking": short[code]["lacking"] if code in short else 0,
            }
        )
    return rows


def _person(now: Situation, label: str) -> dict[str, str]:
    row = now.pool.get(label)
    return {"name": label, "unit": row["unit"] if row else ""}
