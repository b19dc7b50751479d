"""Taking a certificate out of force: revoked with a reason, or replaced by a new one with a corrected name.

A certificate is never edited: a wrong name is put right by a new number, and the old one says which replaces it. A
supervisor does both. The new certificate is of the same result, and is printed like any other.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from certificates.certificate import Certificate as Paper
from certificates.fonts import unprintable
from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Certificate, Person, Revocation
from server.errors import Refusal, explained, missing
from server.issuing.closing import SIX, sealed_of, whole
from server.issuing.flow import numbered
from server.issuing.recipients import LAST, Recipient
from server.issuing.saying import CHOSEN
from server.issuing.terms import terms_of
from server.issuing.versions import kept
from server.ledger import hold, record
from server.sealing import Sealer

MOST_REASON, MOST_NAME = 300, 60
NO_REASON = Refusal(
    "certificate.reason", Words("请写明理由，最多 300 字。", "Say why, in at most 300 characters."), status=422
)
LIST = """SELECT c.id, c.number, c.token, c.kind, c.content, c.sealed, c.design, c.design_version, c.issued, c.printed, c.pdf_sha256, c.basis,
    c.member IS NULL AND c.snapshot IS NOT NULL AS team, coalesce(e.code, '') AS code, coalesce(e.name, '') AS event_name,
    coalesce(e.name_en, '') AS event_name_en, coalesce(d.name, '') AS delegation, p.name AS person, r.ground, r.reason, r.replaced_by, r.at AS revoked
FROM certificate c LEFT JOIN event e ON e.id = c.event LEFT JOIN member m ON m.id = c.member
LEFT JOIN entry n ON n.id = coalesce(m.entry, c.subject) LEFT JOIN delegation d ON d.id = n.delegation
LEFT JOIN person p ON p.id = c.person LEFT JOIN revocation r ON r.certificate = c.id WHERE c.competition = {} AND ({}::text IS NULL OR c.number = {}) ORDER BY c.number"""


async def certificates_of(competition: UUID) -> list[dict[str, Any]]:
    """Everything issued in a competition, by number, with what it says and whether it still holds."""
    return [
        {**row, "content": json.loads(row["content"])} for row in await Certificate.raw(LIST, competition, None, None)
    ]


async def certificate_of(competition: UUID, number: str) -> dict[str, Any] | None:
    """One of them, with the number that it replaces as `replaces`."""
    rows = await Certificate.raw(LIST, competition, number, number)
    query = Revocation.select(Revocation.certificate.number.as_alias("number"))
    of_it = (Revocation.replaced_by == number) & (Revocation.certificate.competition == competition)
    before = await query.where(of_it).first()
    replaces = before["number"] if before else ""
    return {**rows[0], "content": json.loads(rows[0]["content"]), "replaces": replaces} if rows else None


async def counted_in(competition: UUID) -> tuple[int, int]:
    """How many certificates a competition has, and how many of those in force are still being printed."""
    unprinted = "SELECT count(*) AS n, count(*) FILTER (WHERE c.printed IS NULL AND r.at IS NULL) AS unprinted"
    of_it = "FROM certificate c LEFT JOIN revocation r ON r.certificate = c.id WHERE c.competition = {}"
    (row,) = await Certificate.raw(f"{unprinted} {of_it}", competition)
    return row["n"], row["unprinted"]


async def revoke(
    competition: Mapping[str, Any], number: str, ground: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Take a certificate out of force, on a ground that everybody reads and for a reason that the office keeps. Whoever calls has
    asked for a supervisor.

    Raises Refusal: `not-found`, `certificate.ground`, `certificate.reason`, or `certificate.revoked` when it is out of force already.
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    if ground not in CHOSEN:
        words = Words("请选公开的作废原因。", "Choose the ground that everybody reads.")
        raise Refusal("certificate.ground", words, Words("、".join(CHOSEN), ", ".join(CHOSEN)), status=422)
    async with DB.transaction():
        await hold(competition["id"])
        row = await _in_force(competition, number)
        await _withdraw(competition, row, ground, reason, "", actor, at)


async def reissue(
    competition: Mapping[str, Any],
    number: str,
    names: Mapping[str, str],
    reason: str,
    base_url: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> str:
    """Replace a certificate by one with another name (`name`, `name_en`); the new number.

    Where the name was the person's own, the person is called like that from now on and is looked up under the new name.
    Raises Refusal as `revoke` does, `certificate.name` for a name that is empty, too long or the same, or
    `certificate.unprintable` with the characters.
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        await hold(competition["id"])
        row = await _in_force(competition, number)
        before = json.loads(row["content"])
        after = _corrected(before, names)
        said = {
            name: value for name, value in whole({**row, "content": after}, sealer).items() if value not in ("", None)
        }
        paper = Paper.from_data(said)
        if bad := await asyncio.to_thread(unprintable, paper, row["design"]):
            listed = ", ".join(f"{one.char} {one.codepoint}" for one in bad)
            words = Words(f"没有字体能印：{listed}", f"No font can print: {listed}")
            raise Refusal("certificate.unprintable", words, status=422)
        new = await _renamed(row, paper, sealer)
        terms = await terms_of(competition, row["kind"])
        (fresh,) = await numbered([new], terms, competition, base_url, sealer, at)
        fresh.design, fresh.basis = row["design"], row["basis"]
        fresh.design_version = row["design_version"] or await kept(row["design"], at)  # it looks like the one before it
        await Certificate.insert(fresh)
        await _withdraw(competition, row, "superseded", reason, str(fresh.number), actor, at)
        if row["person"]:
            await _rename(row["person"], before["name"], after["name"], sealer)
    return str(fresh.number)


def _corrected(before: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    after = {**before, "name": names.get("name", "").strip(), "name_en": names.get("name_en", "").strip()}
    same = all(after[field] == before.get(field, "") for field in ("name", "name_en"))
    if not after["name"] or len(after["name"]) > MOST_NAME or len(after["name_en"]) > MOST_NAME or same:
        words = Words(
            "请写更正后的姓名，最多 60 字，与原来不同。",
            "Give the corrected name: another one, of at most 60 characters.",
        )
        raise Refusal("certificate.name", words, status=422)
    return after


async def _in_force(competition: Mapping[str, Any], number: str) -> dict[str, Any]:
    query = Certificate.select().where((Certificate.number == number) & (Certificate.competition == competition["id"]))
    row = await query.first()
    if row is None:
        raise missing(Words("这份证书", "certificate"))
    if await Revocation.exists().where(Revocation.certificate == row["id"]):
        raise Refusal("certificate.revoked", Words("这份证书已经作废。", "This certificate is out of force already."))
    return dict(row)


async def _withdraw(
    competition: Mapping[str, Any],
    row: Mapping[str, Any],
    ground: str,
    reason: str,
    replaced_by: str,
    actor: Actor,
    at: datetime,
) -> None:
    gone = Revocation(id=uuid4(), certificate=row["id"], ground=ground, reason=reason, replaced_by=replaced_by, at=at)
    await Revocation.insert(gone)
    kind = "certificate.replaced" if replaced_by else "certificate.revoked"
    data = {"number": row["number"], "replaced_by": replaced_by, "ground": ground}
    await record(competition["id"], kind, actor, at, reason=reason, data=data)


async def _renamed(row: Mapping[str, Any], paper: Paper, sealer: Sealer) -> Recipient:
    """Who gets the paper with the corrected name: as before, and found under that name where there is no person."""
    six = sealed_of(row, sealer).get(SIX, "")
    lookup = sealer.index("lookup", paper.name, six) if six else b""
    return Recipient(
        row["subject"], paper, event=row["event"], snapshot=row["snapshot"], member=row["member"], person=row["person"],
        lookup=lookup, six=six,
    )  # fmt: skip


async def _rename(person: UUID, before: str, after: str, sealer: Sealer) -> None:
    """The person's own name, where that is what was wrong, with the index by which they find their certificates."""
    row = await the_row(Person.select().where(Person.id == person).lock_rows().first())
    if row["name"] != before or before == after:
        return
    document = sealer.open(bytes(row["document_sealed"]), f"document:{person}")
    index = sealer.index("lookup", after, document[-LAST:].upper())
    changes: dict[Any, Any] = {Person.name: after, Person.lookup_index: index}
    await Person.update(changes).where(Person.id == person)
