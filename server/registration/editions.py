"""The next edition from the last one: its events with their schemes and policies, its delegations with their flags, and their quotas.

What belongs to a day is said anew (the days, registration's window, the document that announces it), and people are
not taken along: judges, supervisors and clerks are asked again. A policy that cannot be used on the new days is not
taken along either; the event waits in setup until one is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring import policy as policies
from scoring.verdict import No, Words
from server.access import Actor
from server.competitions.facts import Moment, NewCompetition, NewEvent, Organisation, with_roles
from server.competitions.flow import (
    add_competition,
    add_event,
    choose_scheme,
    competition_named,
    event_named,
    events_of,
    policy_of,
    scheme_of,
)
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Delegation, Event, Flag, Quota, Series
from server.ledger import record
from server.registration.attachment_kinds import add_kind, kinds_of
from server.registration.places import places_of

KEPT = (
    "tier",
    "rank",
    "province",
    "venue",
    "venue_en",
    "notice_days",
    "design",
    "regions",
    "time_zone",
    "review_steps",
)


class NextEdition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be said anew; a name that is left out stays."""

    starts: date
    ends: date
    name: str = ""
    name_en: str = ""
    document: str = ""
    registration_opens: Moment | None = None
    registration_closes: Moment | None = None


async def next_edition(last: Mapping[str, Any], new: NextEdition, actor: Actor, at: datetime) -> dict[str, Any]:
    """Make it; its address, what was taken along, and which events need a policy again.

    Raises Refusal `competition.…`.
    """
    async with DB.transaction():
        made = await add_competition(await _facts(last, new), last["organiser"], actor, at)
        edition = await competition_named(made["slug"])
        events = await events_of(last)
        without = [one for event in events if (one := await _copy_event(edition, event, actor, at))]
        delegations = await _copy_delegations(last, edition)
        await _copy_flags(last, edition, at)
        quotas = await _copy_quotas(last, edition)
        await _copy_kinds(last, edition, actor, at)
        counts = {"events": len(events), "delegations": delegations, "quotas": quotas}
        data = {"from": last["slug"], **counts, "without_policy": [one["code"] for one in without]}
        await record(edition["id"], "competition.cloned", actor, at, data=data)
    return {**made, **counts, "without_policy": without}


async def _facts(last: Mapping[str, Any], new: NextEdition) -> NewCompetition:
    series = await the_row(Series.select().where(Series.id == last["series"]).first())
    slug = last["slug"].removesuffix(f"-{last['edition']}") if last["edition"] > 1 else last["slug"]
    return NewCompetition(
        series=series["name"],
        series_en=series["name_en"],
        slug=slug,
        name=new.name.strip() or last["name"],
        name_en=new.name_en.strip() or last["name_en"],
        document=new.document,
        starts=new.starts,
        ends=new.ends,
        registration_opens=new.registration_opens,
        registration_closes=new.registration_closes,
        organisations=msgspec.convert(with_roles(last["organisations"]), list[Organisation]),
        **{name: last[name] for name in KEPT},
    )


async def _copy_event(edition: Mapping[str, Any], event: Mapping[str, Any], actor: Actor, at: datetime) -> Any:
    """Copy an event with its scheme; what says that its policy has to be chosen again, or None."""
    why = _unusable(event, edition["starts"])
    facts = {name: event[name] for name in NewEvent.__struct_fields__}
    await add_event(edition, NewEvent(**{**facts, "policy": "" if why else event["policy"]}), actor, at)
    scheme = scheme_of(event)
    if scheme:
        await choose_scheme(await event_named(edition, event["code"]), scheme, actor, at)
    if not why:
        return None
    told = {"zh": why.zh, "en": why.en}
    return {"code": event["code"], "name": event["name"], "name_en": event["name_en"], "why": told}


def _unusable(event: Mapping[str, Any], on: date) -> Words | None:
    if not event["policy"]:
        return Words("还没有选定规则。", "No policy has been chosen yet.")
    if "@" not in event["policy"] and event["policy"] not in policies.shipped():
        return Words("这一版程序里没有这个规则。", "This program does not have that policy.")
    usable = policy_of(event).usable(on)
    return usable.reason if isinstance(usable, No) else None


async def _copy_delegations(last: Mapping[str, Any], edition: Mapping[str, Any]) -> int:
    there = await Delegation.select().where(Delegation.competition == last["id"])
    rows = [
        Delegation(id=uuid4(), competition=edition["id"], name=row["name"], name_en=row["name_en"]) for row in there
    ]
    if rows:
        await Delegation.insert(*rows)
    return len(rows)


async def _copy_flags(last: Mapping[str, Any], edition: Mapping[str, Any], at: datetime) -> None:
    """Each flag to the delegation of the same name."""
    now = {row["name"]: row["id"] for row in await Delegation.select().where(Delegation.competition == edition["id"])}
    pictures = Flag.select(Flag.delegation.name.as_alias("name"), Flag.small, Flag.large, Flag.sha256)
    there = await pictures.where(Flag.delegation.competition == last["id"])
    rows = [Flag(id=uuid4(), delegation=now[row.pop("name")], at=at, **row) for row in there]
    if rows:
        await Flag.insert(*rows)


async def _copy_kinds(last: Mapping[str, Any], edition: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Ask for the same papers again."""
    events = {one["code"]: one for one in await events_of(edition)}
    for kind in await kinds_of(last["id"]):
        event = events[kind["code"]] if kind["code"] else None
        await add_kind(edition, event, kind["name"], kind["name_en"], kind["required"], actor, at)


async def _copy_quotas(last: Mapping[str, Any], edition: Mapping[str, Any]) -> int:
    before = {row["id"]: row["name"] for row in await Delegation.select().where(Delegation.competition == last["id"])}
    now = {row["name"]: row["id"] for row in await Delegation.select().where(Delegation.competition == edition["id"])}
    events: dict[str, UUID] = {
        row["code"]: row["id"]
        for row in await Event.select(Event.id, Event.code).where(Event.competition == edition["id"])
    }
    rows = [
        {
            "id": uuid4(),
            "delegation": now[before[row["delegation"]]],
            "event": events[row["event"]],
            "places": row["places"],
        }
        for row in await places_of(last)
    ]
    await insert_rows(Quota, rows)
    return len(rows)
