"""Certificates when a publication is replaced: those that say something else now are replaced, revoked or issued.

A certificate is never edited. One whose words stay true keeps its number, although a later snapshot says the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from certificates.certificate import Certificate as Paper
from certificates.certificate import Kind
from server.access import Actor
from server.calendar import day_of
from server.database.bulk import insert_rows
from server.database.rows import the_row
from server.database.tables import Certificate, Refused, Revocation
from server.issuing.choosing import design_of
from server.issuing.claims import SAYS
from server.issuing.closing import whole
from server.issuing.flow import numbered, printable, refused
from server.issuing.recipients import Recipient, by_results, results_of
from server.issuing.terms import terms_of
from server.ledger import record
from server.sealing import Sealer

RESULTS: tuple[Kind, ...] = ("award", "level", "title", "ability", "participation")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one certificate: replaced, revoked (no recipient), or issued (no number before; awards only)."""

    of: Kind
    subject: UUID
    name: str
    number: str
    certificate: UUID | None
    before: Mapping[str, str]
    recipient: Recipient | None

    @property
    def kind(self) -> str:
        """replaced, revoked or issued."""
        return "revoked" if self.recipient is None else "replaced" if self.certificate else "issued"

    @property
    def after(self) -> Mapping[str, str]:
        """What the new one says; nothing where there is none."""
        return self.recipient.paper.as_data() if self.recipient else {}


async def changes(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    levels: Mapping[UUID, str],
    at: datetime,
) -> list[Change]:
    """What another result does to the certificates of an event; `levels` is member → level that they have by it, "" for none.

    Whoever has a claim to a certificate of another kind than an award only now is found at the desk, like everybody else.
    """
    gone = Revocation.select(Revocation.certificate)
    of_it = (Certificate.event == event["id"]) & Certificate.kind.is_in(list(RESULTS))
    query = Certificate.select().where(of_it & Certificate.id.not_in(gone)).order_by(Certificate.number)
    held: dict[Kind, dict[UUID, dict[str, Any]]] = {kind: {} for kind in RESULTS}
    for row in await query:
        held[row["kind"]][row["subject"]] = dict(row)
    found = []
    for kind, some in held.items():
        if some or kind == "award":
            found += await _of_kind(kind, competition, event, content, levels, some, at)
    return found


async def _of_kind(
    kind: Kind,
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    levels: Mapping[UUID, str],
    held: dict[UUID, dict[str, Any]],
    at: datetime,
) -> list[Change]:
    terms = await terms_of(competition, kind)
    results = await results_of(kind, competition, [(event, content, None)], levels, at)
    found = []
    for new in (await by_results(terms, competition, results, None, day_of(at)))[0]:
        row = held.pop(new.subject, None)
        if row is None:
            if kind == "award":
                found.append(Change(kind, new.subject, new.paper.name, "", None, {}, new))
            continue
        said = json.loads(row["content"])
        if any(said.get(name, "") != getattr(new.paper, name) for name in SAYS):
            paper = replace(
                new.paper, name=said["name"], name_en=said.get("name_en", "")
            )  # as it was corrected by hand
            found.append(_change(kind, row, said, replace(new, paper=paper)))
    return [*found, *(_change(kind, row, json.loads(row["content"]), None) for row in held.values())]


def _change(kind: Kind, row: Mapping[str, Any], said: Mapping[str, str], new: Recipient | None) -> Change:
    return Change(kind, row["subject"], said["name"], row["number"], row["id"], said, new)


async def supersede(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    snapshot: UUID,
    what: Sequence[Change],
    reason: str,
    base_url: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> dict[str, int]:
    """Do what `changes` says within the caller's transaction; how many of each kind, and how many cannot be printed."""
    counts = dict.fromkeys(("replaced", "revoked", "issued", "refused"), 0)
    for kind in RESULTS:
        some = [one for one in what if one.of == kind]
        new = [await _whole(one, snapshot, sealer) for one in some if one.recipient]
        good, bad = await printable(new, design_of(competition, kind))
        rows = await numbered(good, await terms_of(competition, kind), competition, base_url, sealer, at)
        fresh = {row.subject: row for row in rows}
        await insert_rows(Refused, [row.to_dict() for winner, missing in bad for row in refused(winner, missing)])
        for one in some:
            number = await _replaced(one, fresh.get(one.subject), reason, at)
            unfit = one.recipient is not None and not number
            counts["refused" if unfit else one.kind] += 1
            data = {"number": one.number, "replaced_by": number}
            await record(
                competition["id"], f"certificate.{one.kind}", actor, at, event=event["id"], reason=reason, data=data
            )
    return counts


async def _replaced(one: Change, fresh: Certificate | None, reason: str, at: datetime) -> str:
    """Keep the new certificate, if there is one, and put the old one out of force; the new number."""
    number = str(fresh.number) if fresh else ""
    if fresh:
        if one.certificate:
            columns = (Certificate.basis, Certificate.design, Certificate.design_version)
            old = await the_row(Certificate.select(*columns).where(Certificate.id == one.certificate).first())
            fresh.basis = fresh.basis if one.of == "award" else old["basis"]
            if old["design_version"]:  # it looks like the one before it
                fresh.design, fresh.design_version = old["design"], old["design_version"]
        await Certificate.insert(fresh)
    if one.certificate:
        row = Revocation(
            id=uuid4(), certificate=one.certificate, ground="result", reason=reason, replaced_by=number, at=at
        )
        await Revocation.insert(row)
    return number


async def _whole(one: Change, snapshot: UUID, sealer: Sealer) -> Recipient:
    """The new recipient under the new snapshot. A skill level keeps document, occupation and photo of the one before it."""
    assert one.recipient is not None  # whoever asks has looked
    new = replace(one.recipient, snapshot=snapshot)
    if one.of != "level":
        return new
    row = await the_row(Certificate.select().where(Certificate.id == one.certificate).first())
    kept = {
        **whole(row, sealer),
        "level": new.paper.level,
        "level_en": new.paper.level_en,
        "date": f"{new.paper.date:%Y-%m-%d}",
    }
    return replace(new, paper=Paper.from_data(kept))
