"""Marks that come as codes from another judge's tablet, when that tablet cannot send them any more.

The tablet shows what it has not sent as QR codes; the chief judge's tablet reads them and passes them on. A code is sealed
on the tablet with a key that only its judge's shift carries, so that whoever reads it can neither add a mark nor change
one. The marks keep their ids: when the tablet does come back, it is told that they are stored, and nothing is double.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Event, Mark
from server.errors import Refusal
from server.ledger import record
from server.marks.batch import Post
from server.marks.flow import panel_of
from server.marks.naming import of_two
from server.marks.writer import Writer
from server.settings import Settings
from server.wire import Answer, NewMark

VERSION = "PODIUM2"
LONGEST = 4000
"""Characters of one code; a QR code holds 2 953 bytes (ISO/IEC 18004, table 7)."""

MOST_CODES = 20_000
"""Of one tablet: as many as there may be marks on it, for a code of few marks is read at every size (`codes.js`)."""

NO_CODE = Refusal(
    "carried.code",
    Words("这不是打分平板的二维码。", "This is no code of a marking tablet."),
    Words("请在那台平板上打开“显示为二维码”。", "On the other tablet, open “Show as QR codes”."),
    status=422,
)
SPOILT = Refusal(
    "carried.seal",
    Words("二维码的内容与封签不符，没有收下。", "The code does not match its seal; nothing of it was taken."),
    Words("请让那位裁判重新登录后再显示。", "Let that judge sign in again and show the codes once more."),
    status=422,
)
NOT_CHIEF = Refusal(
    "carried.chief",
    Words("只有这个赛项的裁判长可以代收。", "Only the chief judge of that event may read them in."),
    Words("请交给该赛项的裁判长。", "Give the tablet to the chief judge of that event."),
    status=403,
)


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a code says: whose marks, which of how many codes that were shown together (`set`) it is, and up to a handful of marks."""

    judge: UUID
    part: Annotated[int, msgspec.Meta(ge=1, le=MOST_CODES)]
    parts: Annotated[int, msgspec.Meta(ge=1, le=MOST_CODES)]
    marks: Annotated[list[NewMark], msgspec.Meta(min_length=1, max_length=20)]
    set: Annotated[str, msgspec.Meta(max_length=8)] = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one code."""

    content: Content
    seat: str
    answers: list[Answer]


def key_of(settings: Settings, judge: UUID) -> str:
    """The key with which a judge's tablet seals its codes, in hexadecimal digits; another one for every judge."""
    return hmac.new(settings.key("carried-marks"), judge.bytes, hashlib.sha256).hexdigest()


def opened(text: str, settings: Settings) -> Content:
    """What a code says, once its seal has been found good. Raises Refusal `carried.code` or `carried.seal`."""
    version, _, rest = text.partition(":")
    seal, _, body = rest.partition(":")
    if version != VERSION or len(text) > LONGEST or not seal.isascii():
        raise NO_CODE
    try:
        content = msgspec.json.decode(body, type=Content)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise NO_CODE from error
    key = bytes.fromhex(key_of(settings, content.judge))
    if not hmac.compare_digest(hmac.new(key, body.encode(), hashlib.sha256).hexdigest(), seal):
        raise SPOILT
    return content


async def carry(text: str, actor: Actor, settings: Settings, writer: Writer, at: datetime) -> Carried:
    """Store the marks of one code as marks of the judge who made them; who brought them is written down first.

    Raises Refusal `carried.code`, `carried.seal`, `carried.chief` or `marks.busy`; then nothing of the code was stored
    for certain, and it may be read again.
    """
    content = opened(text, settings)
    events = sorted({mark.event for mark in content.marks})
    if not all(event in actor.seats and actor.seats[event].chief for event in events):
        raise NOT_CHIEF
    refused = {mark.id: answer for mark in content.marks if (answer := of_two(mark))}
    good = [mark for mark in content.marks if mark.id not in refused]
    seats = {event: (await panel_of(event)).labels.get(content.judge, "") for event in events}
    for event in events:
        await _written_down(event, seats[event], content, [mark.id for mark in good if mark.event == event], actor, at)
    stored = iter(await writer.write([Post(mark, content.judge, rescued=True) for mark in good]) if good else [])
    answers = [refused.get(mark.id) or next(stored) for mark in content.marks]
    return Carried(content, next(iter(seats.values())), answers)


async def _written_down(event: UUID, seat: str, content: Content, asked: list[str], actor: Actor, at: datetime) -> None:
    """A decision of the ledger: who passed on which marks of whom. Marks that are there already were not passed on."""
    if not asked:
        return
    there: Sequence[Mapping[str, Any]] = await Mark.select(Mark.id).where(Mark.id.is_in(asked))
    new = sorted(set(asked) - {row["id"] for row in there})
    row = await Event.select(Event.competition).where(Event.id == event).first()
    if not new or row is None:
        return
    async with DB.transaction():
        data = {"judge": str(content.judge), "seat": seat, "marks": new, "part": f"{content.part}/{content.parts}"}
        await record(row["competition"], "marks.carried", actor, at, event=event, data=data)
