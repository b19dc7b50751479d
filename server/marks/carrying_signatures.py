"""Signatures that come as codes from another judge's tablet, when that tablet cannot send them any more.

A signature names every mark of a sheet and is drawn by hand, which is more than one code holds: it travels in parts, as
`PODIUM3:seal:part/parts:…`, the content packed (RFC 1950) where the tablet can, in base64url. The seal is over the whole, with
the key that only its judge's shift carries; the PIN is in its box, as ever. Its marks are read in before it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Account, Event, Signature
from server.ledger import record
from server.marks.carrying import NO_CODE, NOT_CHIEF, SPOILT, key_of
from server.marks.flow import panel_of
from server.marks.signature_ledger import NewSignature, store_signatures
from server.sealing import Sealer
from server.settings import Settings
from server.wire import Answer

PART = re.compile(r"PODIUM3:([0-9a-f]{64}):(\d{1,3})/(\d{1,3}):([\w-]+)", re.ASCII)
MOST_PARTS = 400
LARGEST = 400_000
"""Bytes of a signature unpacked: a thousand marks and the longest drawing are some 150 000."""


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the codes of one signature say together."""

    judge: UUID
    signature: NewSignature


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one signature."""

    content: Content
    seat: str
    answers: list[Answer]


def joined(texts: Sequence[str], settings: Settings) -> Content:
    """What the codes of one signature say, in whatever order they were read. Raises Refusal `carried.code` or `carried.seal`."""
    found = [PART.fullmatch(text) for text in texts]
    if not found or not all(found):
        raise NO_CODE
    parts = {int(one[2]): one[4] for one in found if one}
    seals, counts = {one[1] for one in found if one}, {int(one[3]) for one in found if one}
    if len(seals) != 1 or len(counts) != 1 or sorted(parts) != list(range(1, counts.pop() + 1)):
        raise NO_CODE
    body = _unpacked("".join(parts[part] for part in sorted(parts)))
    try:
        content = msgspec.json.decode(body, type=Content)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise NO_CODE from error
    key = bytes.fromhex(key_of(settings, content.judge))
    if not hmac.compare_digest(hmac.new(key, body, hashlib.sha256).hexdigest(), seals.pop()):
        raise SPOILT
    return content


def _unpacked(text: str) -> bytes:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if packed[:1] == b"{":
            return packed
        unpack = zlib.decompressobj()
        body = unpack.decompress(packed, LARGEST)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise NO_CODE from error
    if unpack.unconsumed_tail or not unpack.eof:
        raise NO_CODE
    return body


async def carry_signature(
    texts: Sequence[str], actor: Actor, settings: Settings, sealer: Sealer, at: datetime
) -> Carried:
    """Store a signature that was read from codes as one of the judge who gave it; who brought it is written down first.

    Raises Refusal `carried.code`, `carried.seal`, `carried.chief`, or `sign-in.wait` after too many wrong PINs.
    """
    content = joined(texts, settings)
    event = content.signature.event
    if event not in actor.seats or not actor.seats[event].chief:
        raise NOT_CHIEF
    seat = (await panel_of(event)).labels.get(content.judge, "")
    await _written_down(content, seat, actor, at)
    judge = await the_row(Account.select(Account.id, Account.name).where(Account.id == content.judge).first())
    answers = await store_signatures([content.signature], Actor(judge["id"], judge["name"]), settings, sealer, at)
    return Carried(content, seat, answers)


async def _written_down(content: Content, seat: str, actor: Actor, at: datetime) -> None:
    """A decision of the ledger: who passed on whose signature. One that is there already was not passed on."""
    signature = content.signature
    row = await Event.select(Event.competition).where(Event.id == signature.event).first()
    if row is None or await Signature.exists().where(Signature.id == signature.id):
        return
    async with DB.transaction():
        data = {"judge": str(content.judge), "seat": seat, "signature": signature.id, "entry": signature.entry}
        await record(row["competition"], "signature.carried", actor, at, event=signature.event, data=data)
