"""Answers about sessions, competitions, their events and what these name."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from server.wire.core import Both


class SessionHeld(msgspec.Struct, frozen=True):
    """Who asks: a name, the organisers they work for, their seats (event → J1 …); empty for nobody."""

    name: str
    organisers: list[UUID]
    seats: dict[str, str]


class Done(msgspec.Struct, frozen=True):
    """That something was done."""

    status: str


class Removed(msgspec.Struct, frozen=True):
    """What was taken out: its code, id or name."""

    removed: str


class Invited(msgspec.Struct, frozen=True):
    """An account that was made, and the token of the link that signs it in once."""

    account: UUID
    token: str
    seat: str = ""


class EditionAdded(msgspec.Struct, frozen=True):
    """An edition that was made; `slug` stands in addresses."""

    id: UUID
    slug: str
    edition: int
    name: str
    name_en: str


class Uncopied(msgspec.Struct, frozen=True):
    """An event whose policy could not be taken along, and why."""

    code: str
    name: str
    name_en: str
    why: Any


class EditionCopied(EditionAdded, frozen=True):
    """An edition that was made from the one before, and what came along."""

    events: int
    delegations: int
    quotas: int
    without_policy: list[Uncopied]


class EventShown(msgspec.Struct, frozen=True):
    """An event as everybody may know it."""

    code: str
    name: str
    name_en: str
    category: str
    division: str
    state: str
    team_size: int


class CompetitionListed(msgspec.Struct, frozen=True):
    """A competition in a list; `slug` stands in addresses."""

    slug: str
    edition: int
    name: str
    name_en: str
    tier: str
    starts: date
    ends: date


class CompetitionShown(msgspec.Struct, frozen=True):
    """A competition as everybody may know it."""

    slug: str
    edition: int
    name: str
    name_en: str
    tier: str
    rank: str
    venue: str
    venue_en: str
    starts: date
    ends: date
    events: list[EventShown]


class EventAdded(msgspec.Struct, frozen=True):
    """An event that was made."""

    id: UUID
    code: str


class EventChanged(msgspec.Struct, frozen=True):
    """An event's version after a change, and who came in from the waiting list by it (`M01-007`)."""

    code: str
    version: int
    admitted: list[str]


class NextDoor(msgspec.Struct, frozen=True):
    """Whether an event's next step would be let through, or which rule keeps it and why."""

    rule: str
    zh: str
    en: str


class EventProgress(msgspec.Struct, frozen=True):
    """Where an event stands; numbers of marks that are owed, stored, in conflict, too far apart."""

    code: str
    id: UUID
    state: str
    owed: int
    marks: int
    conflicts: int
    alarms: int
    next: NextDoor


class SchemeChosen(msgspec.Struct, frozen=True):
    """A marking scheme that was bound to an event, with the SHA-256 of its content."""

    name: str
    aspects: int
    fingerprint: str


class OccupationCode(msgspec.Struct, frozen=True):
    """The code of an occupation in another edition of the classification."""

    edition: int
    code: str


class OccupationFound(msgspec.Struct, frozen=True):
    """An occupation as one chooses it; what is not known is empty. `top` is the highest level of its standard."""

    name: str
    name_en: str
    code: str
    edition: int
    work_types: list[str]
    also: list[OccupationCode]
    top: str
    own: bool


class OccupationOwn(msgspec.Struct, frozen=True):
    """An occupation that an organiser added."""

    id: UUID
    organiser: UUID
    name: str
    name_en: str
    code: str
    edition: int
    work_types: list[str]


class OccupationAdded(msgspec.Struct, frozen=True):
    """The id of an occupation that was added."""

    id: UUID


class InForce(msgspec.Struct, frozen=True):
    """The first and the last day of a policy; none where it is open."""

    first: date | None = msgspec.field(name="from")
    until: date | None


class PolicyShown(msgspec.Struct, frozen=True):
    """A policy as one chooses it; `why` says what keeps it from being used."""

    id: str
    title: Both
    authority: Both
    document: str
    status: str
    in_force: InForce
    usable: bool
    why: Both | None
