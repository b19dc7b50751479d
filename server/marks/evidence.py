"""Photos beside a mark. The picture that is kept was made anew from what the tablet sent, and is sealed; its SHA-256 stands in
the ledger of decisions, so that a photo that was changed or exchanged afterwards shows.

A photo may come after the seal, when its tablet was without a network: it was taken before, it changes no mark, and the ledger
says when it came. Once results are published none is taken any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec

from scoring.verdict import Words
from server.access import Actor
from server.competitions.flow import scheme_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, Evidence
from server.draw.flow import codes_of
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.marks.hall import changed
from server.marks.signals import OTHER_EVENT
from server.sealing import Sealer
from server.wire.marks import Short, Ulid, told_everywhere

MOST = 6
"""Photos of one judge beside one mark."""
TAKEN_IN = ("marking", "sealed", "reviewed")
ALTERED = Refusal(
    "evidence.altered",
    Words("这张照片与台账里的指纹不符。", "This photo is not the one that the ledger knows."),
    Words("请从备份恢复。", "Restore it from a backup."),
    status=500,
)
NO_PHOTO = missing(Words("这张照片", "photo"))


class Picture(Protocol):
    """A picture that was made anew, without anything but the picture in it."""

    @property
    def jpeg(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


class About(msgspec.Struct, frozen=True):
    """What a photo belongs to, as the tablet says it."""

    id: Ulid
    event: UUID
    entry: Short
    aspect: Short
    device: Short
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]

    def __post_init__(self) -> None:
        """A time is one that can be told in every time zone."""
        told_everywhere(self.made_at)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a photo: stored or duplicate, and the hash that the ledger has."""

    status: str
    sha256: str


async def known(about: About, sent: bytes, actor: Actor) -> Kept | None:
    """What became of this photo when it came before.

    Raises Refusal: `signal.other-event`, which tells nothing of another panel's photos, or `evidence.id-reused` when it is another one.
    """
    if about.event not in actor.seats:
        raise Refusal(OTHER_EVENT.rule, OTHER_EVENT.reason, status=403)
    row = await Evidence.select().where(Evidence.id == about.id).first()
    if row is None:
        return None
    cell = (row["event"], row["entry"], row["aspect"], row["judge"], bytes(row["sent"]))
    if cell != (about.event, about.entry, about.aspect, actor.account, hashlib.sha256(sent).digest()):
        words = Words("这个编号已经用在另一张照片上。", "This id already belongs to another photo.")
        raise Refusal("evidence.id-reused", words)
    return Kept("duplicate", bytes(row["sha256"]).hex())


async def may_take(about: About, actor: Actor) -> Mapping[str, Any]:
    """The event of a photo, whose panel `known` has asked for, when its cell is this judge's.

    Raises Refusal: `evidence.closed`, `evidence.place`, `evidence.enough`.
    """
    event = await the_row(Event.select().where(Event.id == about.event).first().output(load_json=True))
    if event["state"] not in TAKEN_IN:
        raise Refusal("evidence.closed", Words("这个赛项现在不收照片。", "This event takes no photos now."))
    scheme = scheme_of(event)
    if scheme is None or about.aspect not in scheme.by_id or about.entry not in await codes_of(about.event):
        words = Words("这个赛项没有这个作品或评分项。", "This event has no such piece or aspect.")
        raise Refusal("evidence.place", words, status=422)
    here = (Evidence.event == about.event) & (Evidence.entry == about.entry) & (Evidence.aspect == about.aspect)
    if await Evidence.count().where(here & (Evidence.judge == actor.account)) >= MOST:
        words = Words(f"一个分数最多 {MOST} 张照片。", f"At most {MOST} photos beside one mark.")
        raise Refusal("evidence.enough", words)
    return event


async def keep(about: About, sent: bytes, picture: Picture, sealer: Sealer, actor: Actor, at: datetime) -> Kept:
    """Keep a photo and write its hash into the ledger, once. Raises what `known` and `may_take` raise."""
    async with DB.transaction():
        row = await the_row(Event.select(Event.competition).where(Event.id == about.event).first())
        await hold(row["competition"])
        if before := await known(about, sent, actor):
            return before
        event = await may_take(about, actor)
        digest = hashlib.sha256(picture.jpeg).digest()
        kept = Evidence(
            **msgspec.structs.asdict(about), judge=actor.account, sha256=digest, sent=hashlib.sha256(sent).digest(),
            sealed=sealer.seal_bytes(picture.jpeg, f"evidence:{about.id}"), width=picture.width, height=picture.height, at=at,
        )  # fmt: skip
        await Evidence.insert(kept)
        data = {
            "photo": about.id, "entry": about.entry, "aspect": about.aspect, "sha256": digest.hex(), "state": event["state"],
        }  # fmt: skip
        await record(event["competition"], "evidence.taken", actor, at, event=about.event, data=data)
        await changed(about.event, tablets=False)
    return Kept("stored", digest.hex())


async def photo(event: UUID, id: str, sealer: Sealer, entry: str | None = None) -> bytes:
    """The JPEG of a photo of this event, or of one entry of it. Raises Refusal `not-found`."""
    row = await Evidence.select().where((Evidence.id == id) & (Evidence.event == event)).first()
    if row is None or (entry is not None and row["entry"] != entry):
        raise NO_PHOTO
    jpeg = sealer.open_bytes(bytes(row["sealed"]), f"evidence:{row['id']}")
    if hashlib.sha256(jpeg).digest() != bytes(row["sha256"]):
        raise ALTERED
    return jpeg


async def own_photo(id: str, actor: Actor, sealer: Sealer) -> bytes:
    """The JPEG of a photo that this judge took. Raises Refusal `not-found`."""
    row = await Evidence.select(Evidence.event, Evidence.judge).where(Evidence.id == id).first()
    if row is None or row["judge"] != actor.account or row["event"] not in actor.seats:
        raise NO_PHOTO
    return await photo(row["event"], id, sealer)


async def own_photos(actor: Actor) -> list[dict[str, str]]:
    """The photos that this judge took in the events of their panels, without the pictures, in the order they were taken."""
    names = (Evidence.id, Evidence.event, Evidence.entry, Evidence.aspect, Evidence.device, Evidence.made_at)
    mine = (Evidence.judge == actor.account) & Evidence.event.is_in(list(actor.seats))
    rows = await Evidence.select(*names).where(mine).order_by(Evidence.id) if actor.seats else []
    return [{**row, "event": str(row["event"]), "made_at": row["made_at"].isoformat()} for row in rows]


async def photos_of(event: UUID, entry: str) -> list[dict[str, Any]]:
    """The photos of one entry, without the pictures, by aspect and time."""
    names = (Evidence.id, Evidence.aspect, Evidence.judge, Evidence.at, Evidence.sha256)
    rows = await Evidence.select(*names).where((Evidence.event == event) & (Evidence.entry == entry))
    return sorted((dict(row) for row in rows), key=lambda row: (row["aspect"], row["at"]))
