"""Competitors' photos: whose is it, and is there one for everybody.

A photo is matched by the name of its file: the number of somebody's document, or a name that one person alone has in
the delegation. Two people of one name are told apart by number or not at all. Photos are sealed at rest, are only ever
added, and the newest of a person in a competition counts. The file's name is not kept: it may be the number itself.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from scoring.verdict import Place, Problem, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Member, Photo
from server.errors import missing
from server.ledger import hold, record
from server.sealing import Sealer


class Portrait(Protocol):
    """A photo that was checked and made like the others, and the name of the file that it came in."""

    @property
    def name(self) -> str: ...
    @property
    def jpeg(self) -> bytes: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of some photos: whose were kept, whose were there already, which belong to nobody."""

    kept: tuple[str, ...]
    known: tuple[str, ...]
    problems: tuple[Problem, ...]


People = Sequence[Mapping[str, Any]]
"""Members with `person`, `name`, `kind` and `index` of their document."""
NUMBER = re.compile(r"[0-9A-Za-z]{8,}")
NEWEST = """SELECT DISTINCT ON (person) id, person, sealed FROM photo
WHERE competition = {} AND person = ANY({}) ORDER BY person, at DESC"""


async def take_photos(
    competition: Mapping[str, Any],
    delegation: UUID | None,
    portraits: Sequence[Portrait],
    sealer: Sealer,
    actor: Actor,
    at: datetime,
    person: UUID | None = None,
) -> Taken:
    """Keep the photos of a delegation's people (None: of everybody in the competition); what nobody is behind is told.

    With `person` the photos are theirs, whatever the files are called. Raises Refusal `not-found` when they are not
    among these people.
    """
    async with DB.transaction():
        await hold(competition["id"])
        people = await _people(competition["id"], delegation)
        chosen = _among(people, person) if person else None
        there = await _digests(competition["id"], [one["person"] for one in people])
        kept, known, problems, rows = [], [], [], []
        for portrait in portraits:
            owner = chosen or owner_of(portrait.name, people, sealer)
            if isinstance(owner, Problem):
                problems.append(owner)
                continue
            digest = hashlib.sha256(portrait.jpeg).digest()
            if (owner["person"], digest) in there:
                known.append(owner["name"])
                continue
            there.add((owner["person"], digest))
            kept.append(owner["name"])
            rows.append(_row(competition["id"], owner["person"], portrait, digest, sealer, at))
        if rows:
            await Photo.insert(*rows)
            data = {"photos": {str(row.person): row.sha256.hex() for row in rows}}
            await record(competition["id"], "photos.taken", actor, at, data=data)
    return Taken(tuple(kept), tuple(known), tuple(problems))


def owner_of(filename: str, people: People, sealer: Sealer) -> Mapping[str, Any] | Problem:
    """Whose photo a file of this name is; a problem when it is nobody's, or could be two people's."""
    stem = unicodedata.normalize("NFKC", filename.rpartition(".")[0] or filename)
    documents = {one["index"]: one for one in people}
    for number in NUMBER.findall(stem):
        for kind in sorted({one["kind"] for one in people}):
            if found := documents.get(sealer.index("document", kind, number)):
                return found
    name = "".join(sign for sign in stem if sign == "·" or sign.isalpha())
    named = [one for one in people if "".join(one["name"].split()) in (name, "".join(stem.split()))]
    if len({one["person"] for one in named}) == 1:
        return named[0]
    if named:
        words = Words(f"有 {len(named)} 位“{name}”", f"{len(named)} people are called {name}")
        mend = Words("用证件号码作文件名", "name the file by the number of the document")
        return Problem("photo.two-people", Place(sheet=filename), _stop(words), _stop(mend))
    words = Words("名单里没有这个人", "nobody on the list has this name or number")
    mend = Words(
        "文件名写证件号码或姓名，与报名表一致", "name the file by document number or name, as on the registration form"
    )
    return Problem("photo.nobody", Place(sheet=filename), _stop(words), _stop(mend))


def _among(people: People, person: UUID) -> Mapping[str, Any]:
    for one in people:
        if one["person"] == person:
            return one
    raise missing(Words("这个人", "person"))


async def photo_of(competition: UUID, person: UUID, sealer: Sealer) -> bytes | None:
    """The JPEG of somebody's newest photo in a competition."""
    where = (Photo.competition == competition) & (Photo.person == person)
    row = await Photo.select(Photo.id, Photo.sealed).where(where).order_by(Photo.at, ascending=False).first()
    return sealer.open_bytes(bytes(row["sealed"]), f"photo:{row['id']}") if row else None


async def photos_of(competition: UUID, people: Collection[UUID], sealer: Sealer) -> dict[UUID, bytes]:
    """The newest JPEG of each of these people who has one."""
    rows = await Photo.raw(NEWEST, competition, list(people)) if people else []
    return {row["person"]: sealer.open_bytes(bytes(row["sealed"]), f"photo:{row['id']}") for row in rows}


async def photos_by_person(competition: UUID, delegation: UUID | None = None) -> list[dict[str, Any]]:
    """Everybody who takes part, or whom one delegation has entered, by delegation: name, event, and whether there is a
    photo.
    """
    query = Member.select(
        Member.person,
        Member.person.name.as_alias("name"),
        Member.event.name.as_alias("event"),
        Member.event.name_en.as_alias("event_en"),
        Member.entry.delegation.name.as_alias("delegation"),
    ).order_by(Member.entry.delegation.name)
    have = {row["person"] for row in await Photo.select(Photo.person).where(Photo.competition == competition)}
    where = Member.event.competition == competition
    if delegation is not None:
        where = where & (Member.entry.delegation == delegation)
    rows = await query.where(where)
    return [{**row, "has": row["person"] in have} for row in rows]


def _row(competition: UUID, person: UUID, portrait: Portrait, digest: bytes, sealer: Sealer, at: datetime) -> Photo:
    id = uuid4()
    return Photo(
        id=id,
        competition=competition,
        person=person,
        sealed=sealer.seal_bytes(portrait.jpeg, f"photo:{id}"),
        sha256=digest,
        width=portrait.width,
        height=portrait.height,
        at=at,
    )


async def _people(competition: UUID, delegation: UUID | None) -> People:
    query = Member.select(
        Member.person,
        Member.person.name.as_alias("name"),
        Member.person.document_kind.as_alias("kind"),
        Member.person.document_index.as_alias("index"),
    )
    where = Member.event.competition == competition
    if delegation is not None:
        where = where & (Member.entry.delegation == delegation)
    return [{**row, "index": bytes(row["index"])} for row in await query.where(where).order_by(Member.id)]


async def _digests(competition: UUID, people: Collection[UUID]) -> set[tuple[UUID, bytes]]:
    """The photos that somebody has had so far: sent again, they are not kept again."""
    query = Photo.select(Photo.person, Photo.sha256)
    asked = list(people)
    rows = await query.where((Photo.competition == competition) & Photo.person.is_in(asked)) if asked else []
    return {(row["person"], bytes(row["sha256"])) for row in rows}


def _stop(words: Words) -> Words:
    return Words(f"{words.zh}。", f"{words.en}.")
