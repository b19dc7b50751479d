"""What everybody may see of a competition: names of events, how far they are, and published results. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.competitions.announcing import announced, known_competitions
from server.competitions.flow import events_listed
from server.database.tables import Competition, Delegation, Entry, Member, Snapshot
from server.registration.waiting import PLACELESS
from server.results.boards import held_back
from server.results.flow import snapshots_of

STATES = {
    **dict.fromkeys(("setup", "registration", "drawn"), "upcoming"),
    **dict.fromkeys(("marking", "sealed", "reviewed"), "under-way"),
    "published": "published",
    **dict.fromkeys(("final", "certified"), "final"),
}
"""What the public is told of an event's state."""
PUBLISHED = frozenset(state for state, public in STATES.items() if public in ("published", "final"))
"""States in which there is something that everybody may see."""


SIZES = """SELECT e.event, count(*) AS n FROM entry e JOIN event v ON v.id = e.event
WHERE v.competition = {} AND e.state <> ALL({}) GROUP BY e.event"""
HELD = "under-way"
"""What the public is told of an event whose publication is held back until its board is revealed."""


async def state_for_all(event: Mapping[str, Any]) -> str:
    """What the public is told of one event's state."""
    return HELD if await held_back([event["id"]]) else STATES[event["state"]]


async def is_public(event: Mapping[str, Any]) -> bool:
    """Whether everybody may read the results of an event."""
    return event["state"] in PUBLISHED and not await held_back([event["id"]])


async def newest_competition() -> dict[str, Any] | None:
    """The edition that the front page shows: the last one with published results, or simply the last one that is known."""
    rows = await Snapshot.select(Snapshot.event, Snapshot.event.competition.as_alias("competition"))
    held = await held_back({row["event"] for row in rows})
    published = {row["competition"] for row in rows if row["event"] not in held}
    known = published or await announced()
    if not known:
        return None
    row = (
        await Competition.select()
        .where(Competition.id.is_in(list(known)))
        .order_by(Competition.starts, Competition.edition, ascending=False)
        .output(load_json=True)
        .first()
    )
    return dict(row) if row else None


async def other_competitions(slug: str) -> list[dict[str, Any]]:
    """Every other edition that is known, newest first."""
    return [row for row in await known_competitions() if row["slug"] != slug]


async def public_events(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events of a competition with their size, their public state, and their snapshot when it is public."""
    events = await events_listed(competition)
    held = await held_back([event["id"] for event in events])
    public = {event["id"]: HELD if event["id"] in held else STATES[event["state"]] for event in events}
    snapshots = await snapshots_of([id for id, state in public.items() if state in ("published", "final")])
    sizes = {row["event"]: row["n"] for row in await Entry.raw(SIZES, competition["id"], list(PLACELESS))}
    return [
        {
            **event,
            "size": sizes.get(event["id"], 0),
            "public": public[event["id"]],
            "snapshot": snapshots.get(event["id"]),
        }
        for event in events
    ]


async def counts(competition: UUID) -> dict[str, int]:
    """How many delegations and competitors there are."""
    delegations = await Delegation.count().where(Delegation.competition == competition)
    here = (Member.event.competition == competition) & Member.entry.state.not_in(list(PLACELESS))
    competitors = await Member.count(distinct=[Member.person]).where(here)
    return {"delegations": delegations, "competitors": competitors}


def medal_table(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Gold, silver and bronze by delegation, from what is public; most gold first, then silver, then bronze."""
    table: dict[str, dict[str, Any]] = {}
    for event in events:
        for row in event["snapshot"]["content"]["rows"] if event["snapshot"] else ():
            if row["award"] and row["award"]["id"] in ("gold", "silver", "bronze"):
                line = table.setdefault(
                    row["delegation"], {"delegation": row["delegation"], "gold": 0, "silver": 0, "bronze": 0}
                )
                line[row["award"]["id"]] += 1
    return sorted(
        table.values(), key=lambda line: (-line["gold"], -line["silver"], -line["bronze"], line["delegation"])
    )
