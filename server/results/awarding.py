"""The award ceremony of published events: who is called, from bronze to gold, out of the snapshot and nothing else.

A photo goes along only of people who agreed to be shown in the hall and have one. What is called last is the best award.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Member, PhotoConsent
from server.ledger import hold, record
from server.registration.photos import photos_of
from server.results.flow import snapshots_of
from server.sealing import Sealer

CALLED = ("bronze", "silver", "gold")
"""The order in which awards are called; any other is called before them."""


@dataclass(frozen=True, slots=True)
class Winner:
    """One entry that has an award; `photos` are JPEGs of those of its people who agreed."""

    names: tuple[str, ...]
    delegation: str
    unit: str
    total: int
    people: tuple[UUID, ...] = ()
    photos: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One award and everybody who gets it, in the order of their ranks."""

    award: str
    name: Words
    winners: tuple[Winner, ...] = field(default=())


async def calls_of(event: Mapping[str, Any], sealer: Sealer, with_photos: bool = True) -> list[Call]:
    """What is called for an event by its newest snapshot; [] where nothing is published or no award given."""
    return (await calls_in(event["competition"], [event], sealer, with_photos))[event["id"]]


async def calls_in(
    competition: UUID, events: Sequence[Mapping[str, Any]], sealer: Sealer, with_photos: bool = True
) -> dict[UUID, list[Call]]:
    """The same of many events of a competition, in one look."""
    snapshots = await snapshots_of([event["id"] for event in events])
    called = {id: [row for row in one["content"]["rows"] if row["award"]] for id, one in snapshots.items()}
    people = await _people([member["member"] for rows in called.values() for row in rows for member in row["members"]])
    agreed = await consented(competition, list(people.values())) if with_photos else frozenset()
    photos = await photos_of(competition, agreed, sealer)
    return {event["id"]: _calls(called.get(event["id"], ()), people, photos) for event in events}


def _calls(rows: Sequence[Mapping[str, Any]], people: Mapping[str, UUID], photos: Mapping[UUID, bytes]) -> list[Call]:
    calls: dict[str, Call] = {}
    for row in rows:
        own = tuple(people[member["member"]] for member in row["members"])
        winner = Winner(
            names=tuple(member["name"] for member in row["members"]),
            delegation=row["delegation"],
            unit="、".join(dict.fromkeys(member["unit"] for member in row["members"] if member["unit"])),
            total=row["total"],
            people=own,
            photos=tuple(photos[person] for person in own if person in photos),
        )
        award = row["award"]
        before = calls.get(award["id"], Call(award["id"], Words(award["zh"], award["en"])))
        calls[award["id"]] = Call(before.award, before.name, (*before.winners, winner))
    return sorted(calls.values(), key=lambda call: CALLED.index(call.award) if call.award in CALLED else -1)


async def _people(members: Sequence[str]) -> dict[str, UUID]:
    query = Member.select(Member.id, Member.person)
    rows = await query.where(Member.id.is_in([UUID(one) for one in members])) if members else []
    return {str(row["id"]): row["person"] for row in rows}


async def consented(competition: UUID, people: Collection[UUID]) -> frozenset[UUID]:
    """Those of these people who agreed to have their photo shown in this competition's hall."""
    query = PhotoConsent.select(PhotoConsent.person).where(PhotoConsent.competition == competition)
    rows = await query.where(PhotoConsent.person.is_in(list(people))) if people else []
    return frozenset(row["person"] for row in rows)


async def agree(
    event: Mapping[str, Any],
    asked: Collection[UUID],
    agreed: Collection[UUID],
    actor: Actor,
    at: datetime,
    known: Collection[UUID] | None = None,
) -> None:
    """Write down who of the people asked agreed to be shown, and who did not or no longer does. `known` are those who stood
    as agreed on the page: only who differs from it is changed, so that an older page takes back nobody's word.
    """
    async with DB.transaction():
        await hold(event["competition"])
        before = await consented(event["competition"], asked)
        now = frozenset(asked) & frozenset(agreed)
        if known is not None:
            shown = frozenset(known)
            now = (before | (now - shown)) - (shown - now)
        gone, new = before - now, now - before
        here = PhotoConsent.competition == event["competition"]
        if gone:
            await PhotoConsent.delete().where(here & PhotoConsent.person.is_in(list(gone)))
        rows = [
            PhotoConsent(id=uuid4(), competition=event["competition"], person=one, account=actor.account, at=at)
            for one in sorted(new)
        ]
        if rows:
            await PhotoConsent.insert(*rows)
        if gone or new:
            data = {"agreed": sorted(map(str, new)), "withdrawn": sorted(map(str, gone))}
            await record(event["competition"], "photos.consent", actor, at, event=event["id"], data=data)
