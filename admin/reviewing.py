"""What the review's list shows: its chips and filters, and each entry with what this person may do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from admin.lists.asked import Asked
from admin.registering import url_of
from scoring.verdict import Words, Yes
from server.access import Actor
from server.competitions.facts import STEPS
from server.registration.listing import Kind
from server.registration.naming import entry_id
from server.registration.review import ACTS, STATES, may_act, waiting_for
from server.results.pages import name_of
from server.web.page import spoken

DRAWN = ("number", "names", "event", "delegation", "state")
"""Columns that the review draws in its own way; all others stand as they do in every list."""


def acts(row: Mapping[str, Any], competition: Mapping[str, Any], actor: Actor) -> tuple[str, ...]:
    """What this person may do to an entry now."""
    return tuple(act for act in ACTS if isinstance(may_act(row, act, competition, actor), Yes))


def acts_by_kind(kinds: Sequence[Kind], competition: Mapping[str, Any], actor: Actor) -> Mapping[Kind, tuple[str, ...]]:
    """What this person may do to entries of a state, step and delegation."""
    blank = {"number": 0, "code": ""}
    rows = {one: {**blank, "entry_state": one[0], "step": one[1], "delegation": one[2]} for one in kinds}
    return {one: acts(row, competition, actor) for one, row in rows.items()}


def waiting_of(mine: Mapping[Kind, Sequence[str]], desk: bool) -> list[Kind]:
    """The kinds that wait for whoever looks: to approve, and at a delegation's desk to send again what was returned."""
    theirs = {"approve", "send"} if desk else {"approve"}
    return [kind for kind, acts in mine.items() if theirs & set(acts)]


def kind_of(row: Mapping[str, Any]) -> Kind:
    """State, step and delegation of an entry."""
    return row["entry_state"], row["step"], row["delegation"]


def states(
    groups: Sequence[Mapping[str, Any]], waiting: Sequence[Kind], asked: Asked, lang: str
) -> list[dict[str, Any]]:
    """The chips: all, what waits for this person, and each state that somebody is in."""
    others = tuple(one for one in asked.filters if one[0] != "state")
    chips = [
        ("", Words("全部", "All"), sum(row["n"] for row in groups)),
        ("mine", Words("等我处理", "Wait for me"), sum(row["n"] for row in groups if kind_of(row) in waiting)),
        *(
            (state, words, sum(row["n"] for row in groups if row["entry_state"] == state))
            for state, words in STATES.items()
        ),
    ]
    return [
        {
            "name": spoken(words, lang),
            "count": count,
            "url": f"?{asked.query(filters=(*([('state', state)] if state else []), *others))}",
            "here": asked.value("state") == state,
        }
        for state, words, count in chips
        if count or state in ("", "mine")
    ]


def choices(rows: Sequence[Mapping[str, Any]], key: str, name: str, lang: str) -> list[dict[str, str]]:
    """What a filter offers: every event or delegation that has an entry, by name."""
    found = {str(row[key]): row[f"{name}_en"] if lang == "en" and row.get(f"{name}_en") else row[name] for row in rows}
    return [{"value": value, "label": label} for value, label in sorted(found.items(), key=lambda one: one[1])]


def line(
    row: Mapping[str, Any], acts: Sequence[str], competition: Mapping[str, Any], picked: frozenset[str], lang: str
) -> dict[str, Any]:
    """An entry as the list shows it."""
    steps, state = competition["review_steps"], row["entry_state"]
    return {
        "id": str(row["id"]),
        "version": row["version"],
        "picked": str(row["id"]) in picked,
        "number": entry_id(row, row["number"]),
        "names": row["names"] or "",
        "team": row["team"],
        "units": row["units"] or "",
        "event": row["event_name_en"] if lang == "en" and row["event_name_en"] else row["event_name"],
        "division": row["division"],
        "delegation": row["delegation_name"],
        "url": f"{url_of(competition['slug'], row['delegation'])}/entry/{row['id']}",
        "state": state,
        "said": spoken(STATES[state], lang),
        "step": spoken(STEPS[steps[row["step"]]], lang) if state == "review" else "",
        "acts": acts,
        "reason": row["reason"] or "" if row["act"] in ("returned", "rejected") else "",
        "by": row["by_name"] or "",
        "at": row["at"],
    }


async def needing(competition: Mapping[str, Any], actor: Actor, lang: str) -> list[dict[str, Any]]:
    """The review as it waits for somebody of the office on their first page."""
    count = await waiting_for(competition, actor)
    many = Words(f"{count} 份报名等你审核", f"{count} {'entry waits' if count == 1 else 'entries wait'} for you")
    line = {
        "event": name_of(competition, lang),
        "what": spoken(Words("报名审核", "Review of entries"), lang),
        "detail": spoken(many, lang),
        "due": "",
        "url": f"/office/{competition['slug']}/review?state=mine",
    }
    return [line] if count else []
