"""How many may enter: a delegation's *quota* in an event, and the event's *capacity*. Both count entries, not people.

No quota and a capacity of 0 set no limit; a quota of 0 lets nobody of that delegation enter. Whoever asks holds the
competition, so that the last place is given once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring.verdict import Place, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Delegation, Entry, Event, Quota
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.registration.waiting import PLACELESS

MOST_PLACES = 10_000
COUNTED = """SELECT event, count(*) FILTER (WHERE state NOT IN ('waiting', 'rejected')) AS taken,
    count(*) FILTER (WHERE delegation = {} AND state <> 'rejected') AS own
FROM "entry" WHERE event = ANY({}) GROUP BY event"""
Wanted = Sequence[tuple[Place, Mapping[str, Any]]]
"""Every entry that a form asks for: where it stands there, and its event."""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A delegation's places in the event of that code from now on; None sets no limit. `was` is what its maker saw."""

    delegation: UUID
    event: str
    places: int | None
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What is taken of an event: its quota for one delegation (None: no limit), their entries in it, and all that take a place.

    Who was rejected counts nowhere; who waits counts towards the quota of their delegation and takes no place.
    """

    quota: int | None
    own: int
    full: int


async def rooms_of(delegation: UUID, events: Sequence[UUID]) -> dict[UUID, Room]:
    """How full these events are for a delegation now."""
    quotas = {
        row["event"]: row["places"]
        for row in await Quota.select(Quota.event, Quota.places).where(Quota.delegation == delegation)
    }
    counted = await Entry.raw(COUNTED, delegation, list(events))
    taken = {row["event"]: (row["own"], row["taken"]) for row in counted}
    return {event: Room(quotas.get(event), *taken.get(event, (0, 0))) for event in events}


def find_places(
    rooms: Mapping[UUID, Room], wanted: Wanted, leaving: Iterable[Mapping[str, Any]] = ()
) -> tuple[list[Problem], list[Place]]:
    """One problem for every entry that is over its delegation's quota, and the rows of those that wait because the event is
    full. `leaving` are members of own entries that go, one of each.
    """
    own = Counter({event: room.own for event, room in rooms.items()})
    full = Counter({event: room.full for event, room in rooms.items()})
    gone = list(leaving)
    own.subtract(one["event"] for one in gone if one["entry_state"] != "rejected")
    full.subtract(one["event"] for one in gone if one["entry_state"] not in PLACELESS)
    problems, waiting = [], []
    for place, event in wanted:
        id, quota, capacity = event["id"], rooms[event["id"]].quota, event["capacity"]
        if quota is not None and own[id] >= quota:
            problems.append(_over_quota(place, event, quota))
            continue
        own[id] += 1
        if capacity and full[id] >= capacity:
            waiting.append(place)
        else:
            full[id] += 1
    return problems, waiting


async def places_of(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every quota that is set in a competition: delegation, event (its code), places."""
    query = Quota.select(Quota.delegation, Quota.event.code.as_alias("event"), Quota.places)
    return [dict(row) for row in await query.where(Quota.event.competition == competition["id"])]


async def entered_of(competition: Mapping[str, Any]) -> Counter[tuple[UUID, str]]:
    """How many entries there are, by delegation and the event's code."""
    query = Entry.select(Entry.delegation, Entry.event.code.as_alias("event"))
    rows = await query.where(Entry.event.competition == competition["id"])
    return Counter((row["delegation"], row["event"]) for row in rows)


async def set_places(
    competition: Mapping[str, Any], changes: Iterable[Change], actor: Actor, at: datetime
) -> list[dict[str, Any]]:
    """Set quotas, all of them or none; every quota after that.

    Raises Refusal `not-found`, `quota.invalid`, `quota.in-use` below what has entered, or `setup.changed`.
    """
    async with DB.transaction():
        await hold(competition["id"])
        there = {(row["delegation"], row["event"]): row["places"] for row in await places_of(competition)}
        delegations, events = await _named(competition["id"])
        entered = await entered_of(competition)
        told, problems = [], []
        for change in changes:
            key = (change.delegation, change.event)
            if change.delegation not in delegations or change.event not in events:
                raise missing(Words("这个代表队或赛项", "delegation or event"))
            if change.places == there.get(key):
                continue
            who = (delegations[change.delegation], events[change.event]["name"])
            problem = _cannot(change, there.get(key), entered[key], events[change.event]["state"], who)
            if problem:
                problems.append(problem)
            else:
                told.append([delegations[change.delegation], change.event, there.get(key), change.places])
                await _set(change, events[change.event]["id"])
        if problems:
            raise _refused(problems)
        if told:
            await record(
                competition["id"], "quotas.set", actor, at, data={"places": sorted(told, key=lambda one: one[:2])}
            )
    return await places_of(competition)


async def _named(competition: UUID) -> tuple[dict[UUID, str], dict[str, dict[str, Any]]]:
    delegations = await Delegation.select(Delegation.id, Delegation.name).where(Delegation.competition == competition)
    events = await Event.select(Event.id, Event.code, Event.name, Event.state).where(Event.competition == competition)
    return {row["id"]: row["name"] for row in delegations}, {row["code"]: dict(row) for row in events}


async def _set(change: Change, event: UUID) -> None:
    where = (Quota.delegation == change.delegation) & (Quota.event == event)
    if change.places is None:
        await Quota.delete().where(where)
    elif not await Quota.update({Quota.places: change.places}).where(where).returning(Quota.id):
        await Quota.insert(Quota(id=uuid4(), delegation=change.delegation, event=event, places=change.places))


def _cannot(change: Change, now: int | None, entered: int, state: str, who: tuple[str, str]) -> Problem | None:
    place, (delegation, event) = Place(key=f"{change.delegation} {change.event}"), who
    if now != change.was:
        there_zh, there_en = (f"{now} 个", str(now)) if now is not None else ("不限", "no limit")
        return Problem(
            "setup.changed",
            place,
            Words(f"{delegation}·{event}现在是{there_zh}。", f"{delegation} · {event}: it is {there_en} now."),
            Words("请看过再改一次。", "Look at it, then change it again."),
        )
    if state not in ("setup", "registration"):
        return Problem(
            "quota.in-use",
            place,
            Words(f"“{event}”已经抽签。", f'"{event}" has been drawn.'),
            Words("名额不能再改。", "Its quotas can no longer be changed."),
        )
    if change.places is None:
        return None
    if not 0 <= change.places <= MOST_PLACES:
        return Problem(
            "quota.invalid",
            place,
            Words(f"{delegation}·{event}的名额写错了。", f"{delegation} · {event}: this is no number of places."),
            Words(
                f"写 0 到 {MOST_PLACES} 的整数，留空表示不限。",
                f"A number from 0 to {MOST_PLACES}; empty sets no limit.",
            ),
        )
    if change.places < entered:
        return Problem(
            "quota.in-use",
            place,
            Words(
                f"{delegation}·{event}已经报了 {entered} 个。",
                f"{delegation} · {event}: {entered} have entered already.",
            ),
            Words("名额不能比这少。", "There cannot be fewer places than that."),
        )
    return None


def _refused(problems: Sequence[Problem]) -> Refusal:
    codes = {problem.code for problem in problems}
    code = "setup.changed" if "setup.changed" in codes else sorted(codes)[0]
    words = Words(
        f"有 {len(problems)} 处问题，名额都没有改。",
        f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; no quota was changed.",
    )
    status = 422 if codes == {"quota.invalid"} else 409
    return Refusal(code, words, Words("请逐条看过再保存。", "Look at each, then save."), tuple(problems), status)


def _over_quota(place: Place, event: Mapping[str, Any], quota: int) -> Problem:
    name = event["name"]
    words = Words(
        f"“{name}”给本代表队 {quota} 个名额，已经用完。",
        f'This delegation has {quota} places in "{name}"; they are taken.',
    )
    mend = Words("请删去多报的，或请主办方增加名额。", "Take one out, or ask the organiser for more places.")
    return Problem("registration.quota", place, words, mend)
