"""The photo of an applicant: sealed beside the application, the person's own once it is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from scoring.verdict import Words
from server.access import Actor
from server.database.tables import Application
from server.errors import missing
from server.registration.photos import Portrait, take_photos
from server.sealing import Sealer

NO_PHOTO = Words("这张照片", "photo")


class Kept(msgspec.Struct):
    """A photo that was checked, as it is kept until the decision; its file has no name."""

    jpeg: bytes
    width: int
    height: int
    name: str = ""


async def keep_photo(application: UUID, portrait: Portrait, sealer: Sealer) -> None:
    """Keep an applicant's photo while the application waits; a newer one takes its place. Raises Refusal `not-found`."""
    content = msgspec.msgpack.encode(Kept(portrait.jpeg, portrait.width, portrait.height))
    changes: dict[Any, Any] = {Application.photo: sealer.seal_bytes(content, f"application-photo:{application}")}
    mine = (Application.id == application) & (Application.state == "waiting")
    if not await Application.update(changes).where(mine).returning(Application.id):
        raise missing(Words("这份申请", "application"))


async def kept_photo(application: UUID, sealer: Sealer) -> Kept:
    """The photo of an application that waits. Raises Refusal `not-found`."""
    row = await Application.select(Application.photo).where(Application.id == application).first()
    if not row or not row["photo"]:
        raise missing(NO_PHOTO)
    content = sealer.open_bytes(bytes(row["photo"]), f"application-photo:{application}")
    return msgspec.msgpack.decode(content, type=Kept)


async def becomes_theirs(
    competition: Mapping[str, Any],
    delegation: UUID,
    application: Mapping[str, Any],
    person: UUID,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> None:
    """The photo that came with an accepted application is the person's, where one came."""
    if application["photo"]:
        photo = await kept_photo(application["id"], sealer)
        await take_photos(competition, delegation, [photo], sealer, actor, at, person=person)
