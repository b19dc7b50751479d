"""Certificates when a publication is replaced: those that say something else now are replaced, revoked or issued.

A certificate is never edited. One whose words stay true keeps its number, although a later snapshot says the same.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from certificates.certificate import Certificate as Paper
from certificates.fonts import unprintable
from server.access import Actor
from server.calendar import day_of
from server.database.tables import Certificate, Refused, Revocation
from server.issuing.choosing import design_of
from server.issuing.flow import Winner, numbered, papers_of, refused
from server.ledger import record
from server.sealing import Sealer

SAYS = ("award", "rank", "score", "promotion")
"""What a result makes a certificate say."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one member's certificate: replaced, revoked (no paper), or issued (no number before)."""

    member: UUID
    person: UUID
    name: str
    number: str
    certificate: UUID | None
    before: Mapping[str, str]
    paper: Paper | None

    @property
    def kind(self) -> str:
        """replaced, revoked or issued."""
        return "revoked" if self.paper is None else "replaced" if self.certificate else "issued"


async def changes(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    levels: Mapping[UUID, str],
    at: datetime,
) -> list[Change]:
    """What another result does to the certificates of an event; `levels` is member → level that they have by it, "" for none."""
    gone = Revocation.select(Revocation.certificate)
    of_it = (Certificate.snapshot.event == event["id"]) & (Certificate.kind == "award")
    query = Certificate.select().where(of_it & Certificate.id.not_in(gone)).order_by(Certificate.number)
    held = {row["member"]: dict(row) for row in await query}
    found = []
    for winner in await papers_of(competition, event, content, levels, day_of(at)):
        row, paper = held.pop(winner.member, None), winner.paper
        if row is None:
            found.append(Change(winner.member, winner.person, paper.name, "", None, {}, paper))
            continue
        said = json.loads(row["content"])
        paper = replace(paper, name=said["name"], name_en=said.get("name_en", ""))  # as it was corrected by hand
        if any(said.get(name, "") != getattr(paper, name) for name in SAYS):
            found.append(Change(row["member"], row["person"], paper.name, row["number"], row["id"], said, paper))
    for row in held.values():
        said = json.loads(row["content"])
        found.append(Change(row["member"], row["person"], said["name"], row["number"], row["id"], said, None))
    return found


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
    design = design_of(competition, "award")
    missing = await asyncio.to_thread(lambda: [unprintable(one.paper, design) if one.paper else () for one in what])
    found = list(zip(what, missing, strict=True))
    winners = [Winner(one.member, one.person, one.paper) for one, bad in found if one.paper and not bad]
    rows = iter(await numbered(winners, design, snapshot, base_url, sealer, at))
    counts = dict.fromkeys(("replaced", "revoked", "issued", "refused"), 0)
    for one, bad in found:
        new = ""
        if one.paper and bad:
            await Refused.insert(refused(snapshot, Winner(one.member, one.person, one.paper), bad))
            counts["refused"] += 1
        elif one.paper:
            fresh = next(rows)
            await Certificate.insert(fresh)
            new = str(fresh.number)
        if one.certificate:
            await Revocation.insert(
                Revocation(id=uuid4(), certificate=one.certificate, reason=reason, replaced_by=new, at=at)
            )
        if not bad:
            counts[one.kind] += 1
        data = {"number": one.number, "replaced_by": new}
        kind = f"certificate.{one.kind}"
        await record(competition["id"], kind, actor, at, event=event["id"], reason=reason, data=data)
    return counts
