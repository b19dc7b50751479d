"""Attachments of entries: kept sealed, of people whom a delegation has entered or of an application that waits.

A file belongs to a kind that the person's event asks for. It is only ever added and the newest counts, so that nobody
loses what was reviewed. The name under which it was sent is not kept: it may be a number or a name. An application's
files become the person's when it is accepted, and go with it when it is withdrawn or swept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from scoring.verdict import Place, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Application, Attachment, Member
from server.errors import missing
from server.ledger import hold, record
from server.registration.photos import photos_by_person
from server.sealing import Sealer

WANTED = """SELECT m.person, p.name, v.name AS event, v.name_en AS event_en, e.number, v.code, e.id AS entry, k.id AS kind,
    k.name AS kind_name, k.name_en AS kind_name_en, k.required,
    a.id AS attachment, a.media, a.pages, a.at
FROM member m JOIN entry e ON e.id = m.entry JOIN event v ON v.id = m.event JOIN person p ON p.id = m.person
    JOIN attachment_kind k ON k.competition = v.competition AND k.asked AND (k.event IS NULL OR k.event = v.id)
    LEFT JOIN LATERAL (SELECT id, media, pages, at FROM attachment
        WHERE person = m.person AND kind = k.id ORDER BY at DESC LIMIT 1) a ON true
WHERE e.delegation = {} ORDER BY v.code, e.number, m.position, k.event NULLS FIRST, k.name"""
OF_APPLICATION = """SELECT k.id AS kind, k.name AS kind_name, k.name_en AS kind_name_en, k.required, x.at
FROM application a JOIN event v ON v.id = a.event
    JOIN attachment_kind k ON k.competition = v.competition AND k.asked AND (k.event IS NULL OR k.event = v.id)
    LEFT JOIN LATERAL (SELECT at FROM attachment WHERE application = a.id AND kind = k.id ORDER BY at DESC LIMIT 1) x
        ON true
WHERE a.id = {} ORDER BY k.event NULLS FIRST, k.name"""
NO_KIND = Words("这种材料", "kind of attachment")


class Paper(Protocol):
    """A file that was checked."""

    @property
    def data(self) -> bytes: ...
    @property
    def media(self) -> str: ...
    @property
    def pages(self) -> int: ...


async def wanted_of(delegation: UUID) -> list[dict[str, Any]]:
    """What is asked of everybody whom a delegation has entered, a row for each person and kind, with what there is."""
    return [dict(row) for row in await Member.raw(WANTED, delegation)]


async def wanted_of_application(application: UUID) -> list[dict[str, Any]]:
    """What is asked of an applicant, kind by kind, and when it was sent."""
    return [dict(row) for row in await Attachment.raw(OF_APPLICATION, application)]


async def attach(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    person: UUID,
    kind: UUID,
    paper: Paper,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep a file of somebody whom this delegation has entered. Raises Refusal `not-found`; the same file again is kept once."""
    async with DB.transaction():
        await hold(competition["id"])
        asked = await wanted_of(delegation["id"])
        if not any((one["person"], one["kind"]) == (person, kind) for one in asked):
            raise missing(NO_KIND)
        digest = hashlib.sha256(paper.data).digest()
        newest = await _newest(person, kind)
        if newest and bytes(newest["sha256"]) == digest:
            return
        await Attachment.insert(_row(kind, paper, digest, sealer, at, person=person, by_name=actor.name))
        data = {"person": str(person), "kind": str(kind), "sha256": digest.hex()}
        await record(competition["id"], "attachment.taken", actor, at, data=data)


async def attach_to_application(application: UUID, kind: UUID, paper: Paper, sealer: Sealer, at: datetime) -> None:
    """Keep a file of an applicant; a newer one takes its place. Raises Refusal `not-found`."""
    async with DB.transaction():
        row = await Application.select(Application.state).where(Application.id == application).lock_rows().first()
        if not row or row["state"] != "waiting":
            raise missing(Words("这份申请", "application"))
        if not any(one["kind"] == kind for one in await wanted_of_application(application)):
            raise missing(NO_KIND)
        await Attachment.delete().where((Attachment.application == application) & (Attachment.kind == kind))
        digest = hashlib.sha256(paper.data).digest()
        await Attachment.insert(_row(kind, paper, digest, sealer, at, application=application))


async def attachment_of(delegation: UUID, person: UUID, kind: UUID, sealer: Sealer) -> tuple[bytes, str]:
    """The newest file of a kind and what it is, of somebody whom this delegation has entered. Raises Refusal `not-found`."""
    asked = await wanted_of(delegation)
    row = await _newest(person, kind) if any((o["person"], o["kind"]) == (person, kind) for o in asked) else None
    if row is None:
        raise missing(Words("这份材料", "attachment"))
    return sealer.open_bytes(bytes(row["sealed"]), f"attachment:{row['id']}"), str(row["media"])


async def attachment_of_application(application: UUID, kind: UUID, sealer: Sealer) -> tuple[bytes, str]:
    """A file of an application that waits. Raises Refusal `not-found`."""
    row = await Attachment.select().where((Attachment.application == application) & (Attachment.kind == kind)).first()
    if not row:
        raise missing(Words("这份材料", "attachment"))
    return sealer.open_bytes(bytes(row["sealed"]), f"attachment:{row['id']}"), str(row["media"])


async def incomplete(competition: UUID, delegation: UUID) -> dict[UUID, list[Problem]]:
    """What each person of a delegation still lacks: the photo, and every attachment that is required."""
    found: dict[UUID, list[Problem]] = {}
    for one in await photos_by_person(competition, delegation):
        if not one["has"]:
            found.setdefault(one["person"], []).append(_lacks("photo.missing", Words("照片", "photo")))
    for one in await wanted_of(delegation):
        if one["required"] and one["attachment"] is None:
            name = Words(one["kind_name"], one["kind_name_en"] or one["kind_name"])
            found.setdefault(one["person"], []).append(_lacks("attachment.missing", name))
    return found


def _lacks(code: str, what: Words) -> Problem:
    words = Words(f"缺{what.zh}。", f"{what.en} is missing.")
    return Problem(code, Place(key=what.zh), words, Words("请上传。", "Send it."))


async def become_persons(application: UUID, person: UUID) -> None:
    """An accepted application's files are the person's from now on."""
    changes: dict[Any, Any] = {Attachment.person: person, Attachment.application: None}
    await Attachment.update(changes).where(Attachment.application == application)


async def forget(applications: Sequence[UUID]) -> None:
    """Files of applications that were withdrawn or swept are gone."""
    if applications:
        await Attachment.delete().where(Attachment.application.is_in(list(applications)))


async def _newest(person: UUID, kind: UUID) -> Mapping[str, Any] | None:
    where = (Attachment.person == person) & (Attachment.kind == kind)
    row = await Attachment.select().where(where).order_by(Attachment.at, ascending=False).first()
    return dict(row) if row else None


def _row(
    kind: UUID,
    paper: Paper,
    digest: bytes,
    sealer: Sealer,
    at: datetime,
    person: UUID | None = None,
    application: UUID | None = None,
    by_name: str = "",
) -> Attachment:
    id = uuid4()
    return Attachment(
        id=id,
        kind=kind,
        person=person,
        application=application,
        sealed=sealer.seal_bytes(paper.data, f"attachment:{id}"),
        sha256=digest,
        media=paper.media,
        pages=paper.pages,
        at=at,
        by_name=by_name,
    )
