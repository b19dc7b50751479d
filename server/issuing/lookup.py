"""Finding a winner: the name and the last six characters of the document, and never more than a few tries.

Wrong tries are counted by name and by address; a venue's tablets share one address, so its limit is wide. A try for a
name counts before anything is looked up, so that many at once get no more looks than one after the other. A wrong name
and a wrong number have the same answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.tables import Account, Certificate, LookUpAttempt, Member, Person, Seat
from server.errors import Refusal
from server.issuing.recipients import LAST
from server.registration.badge_codes import Standing
from server.registration.persons import phone_of
from server.sealing import Sealer

KEY_DIGITS = 64
"""Of what somebody is found under who is no person; a person's id is shorter."""
ACCOUNT = "account:"
WINDOW = timedelta(minutes=10)
TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 60

DOTS = "·•・‧∙⋅."
"""What stands between the parts of a name such as 阿依古丽·买买提: one sign on the document, whatever a telephone has at hand here."""

NOBODY_FOUND = Refusal(
    "lookup.nobody",
    Words(
        "没有查到。姓名或证件号后六位不对，或者还没有发证。",
        "Nobody was found: the name or the last six are wrong, or nothing is issued yet.",
    ),
    Words("请照证件上的写法再核对一遍。", "Check both against the document."),
    status=404,
)
TOO_MANY = Refusal(
    "lookup.wait",
    Words("查询次数过多。", "Too many tries."),
    Words("请十分钟后再试。", "Try again in ten minutes."),
    status=429,
    wait=int(WINDOW.total_seconds()),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who was found, or who is signed in, and everything that is theirs as a condition on certificates."""

    whose: str
    """A person's id, what a judge or one of the crew is found under, or an account."""
    name: str
    masked: str
    theirs: Any
    person: UUID | None = None
    badge: Standing = "none"

    @property
    def whole(self) -> bool:
        """Whether they are known well enough for what nobody else may see (`server.registration.badge_codes`)."""
        return self.badge in ("none", "read")


async def find(name: str, last_six: str, address: str, sealer: Sealer, at: datetime) -> Mapping[str, Any]:
    """The person, or the judge or one of the crew, whose `id` is then what they are found under. Raises Refusal `lookup.nobody` or `lookup.wait`."""
    by_name, by_address = sealer.index("tries-name", dotted(name)[0]), hashlib.sha256(address.encode()).digest()
    if await _tries(by_address, at) >= TRIES_PER_ADDRESS:
        raise TOO_MANY
    mine = LookUpAttempt(id=uuid4(), key=by_name, at=at)
    await LookUpAttempt.insert(mine)
    if await _tries(by_name, at) > TRIES_PER_NAME:
        await LookUpAttempt.delete().where(LookUpAttempt.id == mine.id)
        raise TOO_MANY
    keys = {sealer.index("lookup", one, last_six.upper()): one for one in dotted(name)}
    person = await Person.select().where(Person.lookup_index.is_in(list(keys))).first()
    if person is None:
        row = (
            await Certificate.select(Certificate.lookup_index).where(Certificate.lookup_index.is_in(list(keys))).first()
        )
        person = {"id": bytes(row["lookup_index"]).hex(), "name": keys[bytes(row["lookup_index"])]} if row else None
    if person is None:
        await LookUpAttempt.delete().where(LookUpAttempt.at < at - WINDOW)
        await LookUpAttempt.insert(LookUpAttempt(id=uuid4(), key=by_address, at=at))
        raise NOBODY_FOUND
    await LookUpAttempt.delete().where(LookUpAttempt.id == mine.id)
    return dict(person)


def dotted(name: str) -> tuple[str, ...]:
    """A name with each of the dots that may stand in it; the first is the same however it was typed."""
    plain = unicodedata.normalize("NFKC", name)
    parts = re.split(f"[{re.escape(DOTS)}]", plain)
    return tuple(dict.fromkeys(dot.join(parts) for dot in DOTS))


async def _tries(key: bytes, at: datetime) -> int:
    return int(await LookUpAttempt.count().where((LookUpAttempt.key == key) & (LookUpAttempt.at > at - WINDOW)))


async def holder_named(whose: str, sealer: Sealer) -> Holder | None:
    """Who it is that a pass was given to, and what is theirs: as a person, in a team, and by name and telephone or document
    as a judge or one of the crew.
    """
    if len(whose) == KEY_DIGITS:
        theirs = Certificate.lookup_index == bytes.fromhex(whose)
        row = await Certificate.select(Certificate.content).where(theirs).first()
        return Holder(whose, json.loads(row["content"])["name"], "", theirs) if row else None
    if whose.startswith(ACCOUNT):
        account = await Account.select(Account.name).where(Account.id == UUID(whose.removeprefix(ACCOUNT))).first()
        return Holder(whose, account["name"], "", _seats(whose)) if account else None
    person = await Person.select().where(Person.id == UUID(whose)).first()
    if person is None:
        return None
    phone = phone_of(person["id"], bytes(person["phone_sealed"]), sealer)[-LAST:]
    keys = [bytes(person["lookup_index"]), *([sealer.index("lookup", person["name"], phone)] if phone else [])]
    entries = Member.select(Member.entry).where(Member.person == person["id"])
    theirs = (Certificate.person == person["id"]) | Certificate.subject.is_in(entries)
    theirs = theirs | Certificate.lookup_index.is_in(keys)
    return Holder(whose, person["name"], person["document_masked"][-4:], theirs, person["id"])


async def holder_signed_in(actor: Actor) -> Holder | None:
    """A judge who is signed in has their certificates without looking themselves up."""
    if not actor.account:
        return None
    whose = f"{ACCOUNT}{actor.account}"
    theirs = _seats(whose)
    return Holder(whose, actor.name, "", theirs) if await Certificate.exists().where(theirs) else None


def _seats(whose: str) -> Any:
    account = UUID(whose.removeprefix(ACCOUNT))
    return Certificate.subject.is_in(Seat.select(Seat.id).where(Seat.account == account))


def pass_for(person: UUID | str, sealer: Sealer, until: datetime) -> str:
    """What lets a found person download for a while: their id and an end, with a seal over both."""
    body = f"{person}.{int(until.timestamp())}"
    return f"{body}.{sealer.index('winner-pass', body).hex()[:32]}"


def holder_of(given: str, sealer: Sealer, at: datetime) -> str | None:
    """Whose pass this is; None when it is not one of ours or is over."""
    body, _, seal = given.rpartition(".")
    person, _, until = body.partition(".")
    if not hmac.compare_digest(sealer.index("winner-pass", body).hex()[:32].encode(), seal.encode()):
        return None
    return person if int(until) > at.timestamp() else None
