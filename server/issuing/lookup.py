"""Finding a winner: the name and the last six characters of the document, and never more than a few tries.

Wrong tries are counted by name and by address; a venue's tablets share one address, so its limit is wide. A try for a
name counts before anything is looked up, so that many at once get no more looks than one after the other. A wrong name
and a wrong number have the same answer.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.database.tables import LookUpAttempt, Person
from server.errors import Refusal
from server.sealing import Sealer

WINDOW = timedelta(minutes=10)
TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 60

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
)


async def find(name: str, last_six: str, address: str, sealer: Sealer, at: datetime) -> Mapping[str, Any]:
    """The person. Raises Refusal `lookup.nobody` or `lookup.wait`."""
    by_name, by_address = sealer.index("tries-name", name), hashlib.sha256(address.encode()).digest()
    if await _tries(by_address, at) >= TRIES_PER_ADDRESS:
        raise TOO_MANY
    mine = LookUpAttempt(id=uuid4(), key=by_name, at=at)
    await LookUpAttempt.insert(mine)
    if await _tries(by_name, at) > TRIES_PER_NAME:
        await LookUpAttempt.delete().where(LookUpAttempt.id == mine.id)
        raise TOO_MANY
    person = await Person.select().where(Person.lookup_index == sealer.index("lookup", name, last_six.upper())).first()
    if person is None:
        await LookUpAttempt.delete().where(LookUpAttempt.at < at - WINDOW)
        await LookUpAttempt.insert(LookUpAttempt(id=uuid4(), key=by_address, at=at))
        raise NOBODY_FOUND
    await LookUpAttempt.delete().where(LookUpAttempt.id == mine.id)
    return dict(person)


async def _tries(key: bytes, at: datetime) -> int:
    return int(await LookUpAttempt.count().where((LookUpAttempt.key == key) & (LookUpAttempt.at > at - WINDOW)))


def pass_for(person: UUID, sealer: Sealer, until: datetime) -> str:
    """What lets a found person download for a while: their id and an end, with a seal over both."""
    body = f"{person}.{int(until.timestamp())}"
    return f"{body}.{sealer.index('winner-pass', body).hex()[:32]}"


def holder_of(given: str, sealer: Sealer, at: datetime) -> UUID | None:
    """Whose pass this is; None when it is not one of ours or is over."""
    body, _, seal = given.rpartition(".")
    person, _, until = body.partition(".")
    if not hmac.compare_digest(sealer.index("winner-pass", body).hex()[:32].encode(), seal.encode()):
        return None
    return UUID(person) if int(until) > at.timestamp() else None
