"""Tablets that the server knows: paired with an event, named by a number, seen every minute, revoked when one is lost.

The office makes a code that pairs any number of tablets for half an hour; each gets the next number of its competition and
a secret of its own. A judge signs in on a paired tablet with the badge or the seat's code (J3) and a PIN; a tablet that
was not paired takes a link or a password as before. Whoever revokes a tablet ends the sessions that were opened on it:
what lies on it unsent stays there, and the chief judge's tablet can still read it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Account, Device, DevicePairing, Event, Seat, Session
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.people.flow import count_a_try, digest, open_session
from server.people.pins import WRONG, check_pin
from server.registration.badges import JUDGE, token
from server.sealing import Sealer

PAIRING = timedelta(minutes=30)
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a pairing code: those that nobody takes for another."""
CODE = 8

NO_CODE = Refusal(
    "device.code",
    Words("配对码不对，或已过期。", "The pairing code is wrong or has expired."),
    Words("请在办公室的“平板”页上看现在的配对码。", "Look at the office's page “Tablets” for a new one."),
    status=422,
)
UNKNOWN = Refusal(
    "device.unknown",
    Words("服务器不认识这台平板，或它已停用。", "The server does not know this tablet, or it was revoked."),
    Words("请重新配对。没发出去的分数还在平板上。", "Pair it again. Marks that were not sent are still on it."),
    status=403,
)


@dataclass(frozen=True, slots=True)
class Paired:
    """What a tablet is told when it has been paired: who it is, and the secret that shows it."""

    id: UUID
    secret: str
    number: int
    event: Mapping[str, Any]


async def make_code(event: Mapping[str, Any], actor: Actor, at: datetime) -> str:
    """A code that pairs tablets with an event until it expires."""
    code = "".join(secrets.choice(SIGNS) for _ in range(CODE))
    await DevicePairing.delete().where(DevicePairing.expires <= at)
    new = DevicePairing(id=digest(code), event=event["id"], account=actor.account, expires=at + PAIRING)
    await DevicePairing.insert(new)
    return code


async def pair(code: str, before: str, at: datetime) -> Paired:
    """Pair a tablet; `before` is how it was known, so that it keeps its number within a competition.

    Raises Refusal `device.code`.
    """
    asked = "".join(sign for sign in code.upper() if sign in SIGNS)
    found = await DevicePairing.select().where(DevicePairing.id == digest(asked)).first()
    if not found or found["expires"] <= at:
        raise NO_CODE
    event = await the_row(Event.select().where(Event.id == found["event"]).output(load_json=True).first())
    secret = secrets.token_urlsafe(24)
    async with DB.transaction():
        await hold(event["competition"])
        old = await _known(before)
        same = old is not None and old["competition"] == event["competition"]
        id, number = (old["id"], old["number"]) if old and same else (uuid4(), await _next_number(event["competition"]))
        values: dict[Any, Any] = {
            Device.event: event["id"], Device.secret: digest(secret), Device.paired: at, Device.paired_by: found["account"],
        }  # fmt: skip
        if same:
            await Device.update(values).where(Device.id == id)
        else:
            told = {column._meta.name: value for column, value in values.items()}
            new = Device(id=id, competition=event["competition"], number=number, version="", unsent=0, **told)
            await Device.insert(new)
        by = await the_row(Account.select(Account.id, Account.name).where(Account.id == found["account"]).first())
        data = {"device": str(id), "number": number}
        await record(
            event["competition"], "device.paired", Actor(by["id"], by["name"]), at, event=event["id"], data=data
        )
    return Paired(id, f"{id}.{secret}", number, event)


async def _next_number(competition: UUID) -> int:
    row = (
        await Device.select(Device.number)
        .where(Device.competition == competition)
        .order_by(Device.number, ascending=False)
        .first()
    )
    return int(row["number"]) + 1 if row else 1


async def _known(shown: str) -> dict[str, Any] | None:
    """The tablet that shows this secret; None for one that is not known or was revoked."""
    id, _, secret = shown.partition(".")
    try:
        row = await Device.select().where(Device.id == UUID(id)).first()
    except ValueError:
        return None
    known = row is not None and row["revoked"] is None and hmac.compare_digest(bytes(row["secret"]), digest(secret))
    return dict(row) if row is not None and known else None


async def device_of(shown: str) -> dict[str, Any]:
    """The tablet that shows this secret. Raises Refusal `device.unknown`."""
    row = await _known(shown)
    if row is None:
        raise UNKNOWN
    return row


@dataclass(frozen=True, slots=True)
class Told:
    """What a tablet tells of itself."""

    version: str
    unsent: int
    battery: int | None
    charging: bool | None = None
    oldest: str = ""


async def seen(shown: str, told: Told, account: UUID | None, at: datetime) -> dict[str, Any]:
    """Write down that a tablet is there; its row as it was before. Raises Refusal `device.unknown`."""
    device = await device_of(shown)
    oldest = told.oldest if told.unsent else ""
    changes: dict[Any, Any] = {
        Device.seen: at, Device.version: told.version, Device.unsent: told.unsent, Device.battery: told.battery,
        Device.charging: told.charging, Device.account: account, Device.oldest: oldest,
        Device.waits: (device["waits"] if oldest == device["oldest"] else at) if oldest else None,
    }  # fmt: skip
    await Device.update(changes).where(Device.id == device["id"])
    return device


async def sign_in_here(shown: str, who: str, pin: str, sealer: Sealer, at: datetime) -> str:
    """A session's token for the judge whose badge or seat (`who`: PJ…, or J3 of the tablet's event) this is, and the right PIN.

    Raises Refusal: `device.unknown`, `pin.wrong`, `pin.none`, or `sign-in.wait` after too many wrong ones.
    """
    device = await device_of(shown)
    account = await _judge(device, who.strip().upper(), sealer)
    if account is None:  # counted all the same: which seats there are is not to be had by trying
        await count_a_try(f"pin {device['id']} {who}", at)
        raise WRONG
    await check_pin(account, pin, at)
    return await open_session(account, at, device["id"])


async def _judge(device: Mapping[str, Any], who: str, sealer: Sealer) -> UUID | None:
    query = Seat.select(Seat.account, Seat.number, Seat.event).where(Seat.account.active.eq(True))
    rows = await query.where(Seat.event.competition == device["competition"])
    if who.startswith(JUDGE):
        accounts = {row["account"] for row in rows}
        return next((one for one in accounts if token(JUDGE, device["competition"], one, sealer) == who), None)
    return next(
        (row["account"] for row in rows if row["event"] == device["event"] and f"J{row['number']}" == who), None
    )


async def devices_of(competition: UUID) -> list[dict[str, Any]]:
    """Every tablet of a competition by number, with `event_code` and `holder`, who was signed in when it was last seen."""
    names = (Device.event.code.as_alias("event_code"), Device.account.name.as_alias("holder"))
    query = Device.select(*Device.all_columns(), *names).where(Device.competition == competition)
    return [dict(row) for row in await query.order_by(Device.number)]


async def revoke(competition: UUID, id: UUID, actor: Actor, at: datetime) -> list[bytes]:
    """End a tablet and every session that was opened on it; their digests. Raises Refusal `not-found`."""
    async with DB.transaction():
        await hold(competition)
        here = (Device.id == id) & (Device.competition == competition) & Device.revoked.is_null()
        changes: dict[Any, Any] = {Device.revoked: at, Device.revoked_by: actor.account}
        gone = await Device.update(changes).where(here).returning(Device.number, Device.event)
        if not gone:
            raise missing(Words("这台平板", "tablet"))
        ended = await Session.delete().where(Session.device == id).returning(Session.id)
        data = {"device": str(id), "number": gone[0]["number"]}
        await record(competition, "device.revoked", actor, at, event=gone[0]["event"], data=data)
    return [bytes(row["id"]) for row in ended]
