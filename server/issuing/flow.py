"""Issuing: from a final snapshot to numbered certificates, in one transaction; printing follows after the commit.

Who cannot be printed (a character that no font draws) is refused and listed, and takes no number. Numbers of one series
follow each other without a gap, because the series' row is locked until the certificates that use them are committed.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from certificates.certificate import Certificate as Paper
from certificates.certificate import Organisation
from certificates.fonts import Missing, unprintable
from certificates.numbering import Format, compose
from scoring.ladder import LEVELS
from server.access import Actor
from server.calendar import day_of
from server.competitions.facts import hosts
from server.database.bulk import insert_rows
from server.database.rows import the_row
from server.database.tables import Certificate, Member, Refused, Serial
from server.issuing.choosing import design_of
from server.issuing.credentials import STATUSES, Attestor, attestor
from server.ledger import record
from server.promotion.deciding import granted_in
from server.results.flow import canonical
from server.sealing import Sealer

AWARD_NUMBER = Format("PD{year}-{serial:06}")
TOKEN_DIGITS = 16
"""Of a certificate's code: too many to try. Digits only, because they are all equally wide on the paper, so that one
layout serves everybody; and because they can be read out over the telephone."""


@dataclass(frozen=True, slots=True)
class Winner:
    """One member of an awarded entry."""

    member: UUID
    person: UUID
    paper: Paper
    """Without number and address."""


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
    levels = await granted_in(snapshot["id"])
    winners = await papers_of(competition, event, snapshot["content"], levels, day_of(at))
    design = design_of(competition, "award")
    missing = await asyncio.to_thread(lambda: [unprintable(winner.paper, design) for winner in winners])
    found = list(zip(winners, missing, strict=True))
    good = [winner for winner, missing in found if not missing]
    bad = [(winner, missing) for winner, missing in found if missing]
    if bad:
        await Refused.insert(*(refused(snapshot["id"], winner, missing) for winner, missing in bad))
    rows = await numbered(good, design, snapshot["id"], base_url, sealer, at)
    await insert_rows(Certificate, [row.to_dict() for row in rows])
    data = {"issued": len(good), "refused": len(bad), "snapshot": str(snapshot["id"])}
    await record(competition["id"], "certificates.issued", actor, at, event=event["id"], data=data)
    return {"issued": len(good), "refused": len(bad)}


async def papers_of(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    levels: Mapping[UUID, str],
    today: date,
) -> list[Winner]:
    """Everybody who takes an award in a snapshot's content; `levels` is member → the level that it brought them."""
    query = Member.select(Member.id, Member.person)
    persons = {row["id"]: row["person"] for row in await query.where(Member.event == event["id"])}
    winners = []
    for standing in content["rows"]:
        for listed in standing["members"] if standing["award"] else ():
            member = UUID(listed["member"])
            paper = _paper(competition, event, standing, listed["name"], levels.get(member, ""), today)
            winners.append(Winner(member, persons[member], paper))
    return winners


def _paper(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    standing: Mapping[str, Any],
    name: str,
    level: str,
    today: date,
) -> Paper:
    return Paper(
        number="",
        title="获奖证书",
        title_en="Certificate of Award",
        name=name,
        competition=competition["name"],
        competition_en=competition["name_en"],
        event=event["name"],
        event_en=event["name_en"],
        year=str(competition["starts"].year),
        score=f"{standing['total'] // 100}.{standing['total'] % 100:02}",
        rank=str(standing["rank"]),
        award=standing["award"]["zh"],
        award_en=standing["award"]["en"],
        promotion=f"根据竞赛规程，晋升为{LEVELS[level].printed}。" if level else "",
        organisations=tuple(Organisation(one["name"], one["seal"]) for one in hosts(competition)),
        date=today,
        verify_url="",
    )


async def serials(series: str, count: int) -> range:
    """The next `count` numbers of a series; it stays locked until the caller's transaction ends."""
    await Serial.insert(Serial(id=series, following=1)).on_conflict(action="DO NOTHING")
    row = await the_row(Serial.select().where(Serial.id == series).lock_rows().first())
    first = int(row["following"])
    await Serial.update({Serial.following: first + count}).where(Serial.id == series)
    return range(first, first + count)


async def numbered(
    winners: Sequence[Winner], design: str, snapshot: UUID, base_url: str, sealer: Sealer, at: datetime
) -> list[Certificate]:
    """Certificates under the next numbers of their series, each with a code that nobody can guess and its credential.

    The series stay locked until the caller's transaction ends.
    """
    if not winners:
        return []
    taken = await serials(f"award:{day_of(at).year}", len(winners))
    places = await serials(STATUSES, len(winners))
    by = await attestor(winners[0].paper, base_url, sealer, at)
    return await asyncio.to_thread(
        lambda: [
            _certificate(winner, design, snapshot, serial, place - 1, base_url, by)
            for winner, serial, place in zip(winners, taken, places, strict=True)
        ]
    )


def _certificate(
    winner: Winner, design: str, snapshot: UUID, serial: int, place: int, base_url: str, by: Attestor
) -> Certificate:
    number = compose(AWARD_NUMBER, year=day_of(by.at).year, serial=serial)
    token = f"{secrets.randbelow(10**TOKEN_DIGITS):0{TOKEN_DIGITS}}"
    paper = replace(winner.paper, number=number, verify_url=f"{base_url}/v/{token}")
    return Certificate(
        id=uuid4(),
        number=number,
        token=token,
        snapshot=snapshot,
        member=winner.member,
        person=winner.person,
        kind="award",
        content=canonical(paper.as_data()),
        credential=by.credential(paper, place),
        status_index=place,
        design=design,
        issued=by.at,
        printed=None,
        pdf_sha256="",
    )


def refused(snapshot: UUID, winner: Winner, missing: Sequence[Missing]) -> Refused:
    """What stands in place of a certificate that no font can print."""
    characters = ", ".join(f"{one.char} {one.codepoint}" for one in missing)
    return Refused(id=uuid4(), snapshot=snapshot, member=winner.member, field=missing[0].field, characters=characters)
