"""Issuing: from a final snapshot to numbered certificates, in one transaction; printing follows after the commit.

Who cannot be printed (a character that no font draws) is refused and listed, and takes no number. Numbers of one series
follow each other without a gap, because the series' row is locked until the certificates that use them are committed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from certificates.certificate import Certificate as Paper
from certificates.fonts import Missing, unprintable
from certificates.numbering import compose, series
from server.access import Actor
from server.calendar import day_of
from server.database.bulk import insert_rows
from server.database.rows import the_row
from server.database.tables import Certificate, Refused, Serial
from server.issuing.choosing import design_of
from server.issuing.claims import GRADES
from server.issuing.closing import closed
from server.issuing.credentials import STATUSES, Attestor, attestor
from server.issuing.recipients import Recipient, by_results, results_of
from server.issuing.terms import Terms, parts_of, terms_of
from server.issuing.versions import kept
from server.ledger import record
from server.promotion.deciding import granted_in
from server.sealing import Sealer

TOKEN_DIGITS = 16
"""Of a certificate's code: too many to try. Digits only, because they are all equally wide on the paper, so that one
layout serves everybody; and because they can be read out over the telephone."""


async def issue(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    snapshot: Mapping[str, Any],
    base_url: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> dict[str, int]:
    """Number and record a certificate for everybody who takes an award in a snapshot; issued, and refused."""
    terms, levels = await terms_of(competition, "award"), await granted_in(snapshot["id"])
    results = await results_of("award", competition, [(event, snapshot["content"], snapshot["id"])], levels, at)
    winners, _ = await by_results(terms, competition, results, None, day_of(at))
    good, bad = await printable(winners, design_of(competition, "award"))
    await insert_rows(Refused, [one.to_dict() for winner, missing in bad for one in refused(winner, missing)])
    await insert_rows(
        Certificate, [row.to_dict() for row in await numbered(good, terms, competition, base_url, sealer, at)]
    )
    data = {"issued": len(good), "refused": len(bad), "snapshot": str(snapshot["id"])}
    await record(competition["id"], "certificates.issued", actor, at, event=event["id"], data=data)
    return {"issued": len(good), "refused": len(bad)}


async def printable(
    recipients: Sequence[Recipient], design: str
) -> tuple[list[Recipient], list[tuple[Recipient, Sequence[Missing]]]]:
    """Those whose papers a design's fonts can draw, and the others with what is missing."""
    missing = await asyncio.to_thread(lambda: [unprintable(one.paper, design) for one in recipients])
    found = list(zip(recipients, missing, strict=True))
    return [one for one, bad in found if not bad], [(one, bad) for one, bad in found if bad]


async def serials(series: str, count: int) -> range:
    """The next `count` numbers of a series; it stays locked until the caller's transaction ends."""
    await Serial.insert(Serial(id=series, following=1)).on_conflict(action="DO NOTHING")
    row = await the_row(Serial.select().where(Serial.id == series).lock_rows().first())
    first = int(row["following"])
    await Serial.update({Serial.following: first + count}).where(Serial.id == series)
    return range(first, first + count)


async def numbered(
    recipients: Sequence[Recipient],
    terms: Terms,
    competition: Mapping[str, Any],
    base_url: str,
    sealer: Sealer,
    at: datetime,
    document: str = "",
) -> list[Certificate]:
    """Certificates under the next numbers of their series, each with a code that nobody can guess and its credential.

    A series is a format with its year and level in it, so that each issuer's run without a gap. It stays locked until the
    caller's transaction ends. `document` is the authority's, for those who wait for one.
    """
    if not recipients:
        return []
    year, design = day_of(at).year, design_of(competition, terms.kind)
    version = await kept(design, at)
    shared = [_parts(one.paper, terms, year) for one in recipients]
    common = [_series(terms, parts) for parts in shared]
    taken = {name: iter(await serials(name, common.count(name))) for name in sorted(set(common))}
    places = await serials(STATUSES, len(recipients))
    by = await attestor(recipients[0].paper, base_url, sealer, at)
    numbers = [
        compose(terms.format, serial=next(taken[name]), **parts) for name, parts in zip(common, shared, strict=True)
    ]
    return await asyncio.to_thread(
        lambda: [
            _certificate(
                one, number, place - 1, (design, version), document if one.document else terms.basis, competition, base_url, sealer, by
            )
            for one, number, place in zip(recipients, numbers, places, strict=True)
        ]
    )  # fmt: skip


def _parts(paper: Paper, terms: Terms, year: int) -> dict[str, str | int]:
    """Everything in a number but its serial. The digit of a level is its grade: 5 for 初级工 to 1 for 高级技师."""
    parts = parts_of(terms.format, year)
    if terms.kind == "level":
        parts["level"] = GRADES[paper.level]
    return parts


def _series(terms: Terms, parts: Mapping[str, str | int]) -> str:
    if not terms.pattern:
        return f"{terms.kind}:{parts['year']}"
    return f"number:{series(terms.format, **parts)}"


def _certificate(
    recipient: Recipient,
    number: str,
    place: int,
    design: tuple[str, str],
    basis: str,
    competition: Mapping[str, Any],
    base_url: str,
    sealer: Sealer,
    by: Attestor,
) -> Certificate:
    token = f"{secrets.randbelow(10**TOKEN_DIGITS):0{TOKEN_DIGITS}}"
    paper, id = replace(recipient.paper, number=number, verify_url=f"{base_url}/v/{token}"), uuid4()
    paper = replace(paper, code=by.code(paper))
    content, sealed = closed(paper, recipient.six, id, sealer)
    return Certificate(
        id=id,
        number=number,
        token=token,
        competition=competition["id"],
        event=recipient.event,
        subject=recipient.subject,
        snapshot=recipient.snapshot,
        member=recipient.member,
        person=recipient.person,
        lookup_index=recipient.lookup,
        kind=paper.kind,
        content=content,
        sealed=sealed,
        basis=basis,
        credential=by.credential(paper, place),
        status_index=place,
        design=design[0],
        design_version=design[1],
        issued=by.at,
        printed=None,
        pdf_sha256="",
        credential_key=by.key.multikey,
    )


def refused(winner: Recipient, missing: Sequence[Missing]) -> list[Refused]:
    """What stands in place of a certificate that no font can print; a team is told of on its page only."""
    characters = ", ".join(f"{one.char} {one.codepoint}" for one in missing)
    if winner.member is None:
        return []
    return [
        Refused(
            id=uuid4(), snapshot=winner.snapshot, member=winner.member, field=missing[0].field, characters=characters
        )
    ]
