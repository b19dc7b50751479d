"""Papers of those who have a claim: a claim and the competition's own words become a certificate without a number.

Here too are those whom no result speaks of: judges, by their seat on a panel, and the crew. What only a certificate of
a skill level shows, the document and the photo, is opened here and leaves the database sealed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from certificates import wording
from certificates.certificate import Certificate as Paper
from certificates.certificate import Kind
from certificates.photo import UnusablePhoto, prepared
from scoring import identity
from scoring.verdict import Words
from server.competitions.pool import phone_of
from server.database.tables import Crew, Entry, Judge, JudgeAccount, Member, Person, Seat
from server.issuing.claims import Barred, Result, claims
from server.issuing.terms import Terms
from server.promotion.titles import titles_in
from server.registration.photos import photos_of
from server.sealing import Sealer

LAST = 6
"""Signs that a holder types beside their name: of a document, or of a judge's telephone."""
CHIEF, JUDGE = Words("裁判长", "Chief Judge"), Words("裁判员", "Judge")
NO_PHOTO = Words("没有照片（等级证书必须有）", "no photo, without which there is no such certificate")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, or a team, and the paper they are to have: without number and address."""

    subject: UUID
    paper: Paper
    delegation: str = ""
    code: str = ""
    """Of the event."""
    event: UUID | None = None
    snapshot: UUID | None = None
    member: UUID | None = None
    person: UUID | None = None
    lookup: bytes = b""
    """Under what it is found, where there is no person."""
    six: str = ""
    document: bool = False
    """It waits for an authority's document."""


DOCUMENTS = "SELECT id, document_kind, document_sealed FROM person WHERE id = ANY({})"
Papers = tuple[list[Recipient], list[Barred]]


async def result_of(
    kind: Kind,
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    levels: Mapping[UUID, str],
    at: datetime,
) -> Result:
    """What a kind of certificate has to know of a result."""
    titles = await titles_in(competition, event, content, at) if kind == "title" else {}
    return Result(event, content, levels, titles, await teams_of([event]))


async def teams_of(events: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """Entry → the team's own name, in the events that are for teams."""
    ids = [event["id"] for event in events if event["team_size"] > 1]
    query = Entry.select(Entry.id, Entry.team).where(Entry.event.is_in(ids)) if ids else None
    return {row["id"]: row["team"] for row in await query} if query else {}


async def persons_of(events: Sequence[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Member → the person, in these events."""
    ids = [event["id"] for event in events]
    query = Member.select(Member.id, Member.person).where(Member.event.is_in(ids)) if ids else None
    return {row["id"]: row["person"] for row in await query} if query else {}


def by_result(
    terms: Terms,
    competition: Mapping[str, Any],
    result: Result,
    snapshot: UUID | None,
    persons: Mapping[UUID, UUID],
    today: date,
) -> Papers:
    """Everybody whom a kind means by a result; `persons` says who each member is. What only a skill level shows is not there yet,
    see `with_documents`."""
    event = result.event
    good, barred = claims(terms.kind, result, terms.per_team, terms.skills.get(event["code"]))
    plain = _common(terms, competition, event, today)
    found = [
        Recipient(
            one.subject, _saying(plain, one.name, one.said), one.delegation, event["code"], event["id"], snapshot,
            one.member, persons.get(one.member) if one.member else None, document=one.document,
        )
        for one in good
    ]  # fmt: skip
    return found, barred


def _common(terms: Terms, competition: Mapping[str, Any], event: Mapping[str, Any] | None, today: date) -> Paper:
    """What all papers of a kind say. A skill level is made whole by `with_documents`, so it begins as another kind."""
    return Paper(
        number="",
        kind="award" if terms.kind == "level" else terms.kind,
        language=terms.language,
        title=wording.title(terms.kind, "zh"),
        title_en=wording.title(terms.kind, "en"),
        name="",
        competition=competition["name"],
        competition_en=competition["name_en"],
        event=event["name"] if event else "",
        event_en=event["name_en"] if event else "",
        year=str(competition["starts"].year),
        organisations=terms.signers(competition),
        date=today,
        verify_url="",
    )


def _saying(plain: Paper, name: str, said: Mapping[str, Any]) -> Paper:
    return replace(plain, name=name, **said)


async def with_documents(
    found: Sequence[Recipient],
    barred: list[Barred],
    competition: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    sealer: Sealer,
) -> Papers:
    """What 人社鉴发〔2021〕1号 二（一） wants on the paper besides: document, occupation, work type, photo; of these events."""
    people, by_id = list({one.person for one in found if one.person}), {event["id"]: event for event in events}
    rows = await Person.raw(DOCUMENTS, people) if people else []
    documents = {row["id"]: row for row in rows}
    photos = await photos_of(competition["id"], people, sealer)
    whole = []
    for one in found:
        assert one.person is not None  # a level is one person's
        row = documents[one.person]
        try:
            photo = prepared(photos[one.person])
        except (KeyError, UnusablePhoto) as error:
            why = Words(error.words.zh, error.words.en) if isinstance(error, UnusablePhoto) else NO_PHOTO
            barred.append(Barred(one.paper.name, one.delegation, one.code, why, one.subject))
            continue
        kind = identity.KINDS[row["document_kind"]]
        paper = replace(
            one.paper,
            kind="level",
            id_type=kind.zh,
            id_type_en=kind.en,
            id_number=sealer.open(bytes(row["document_sealed"]), f"document:{one.person}"),
            occupation=by_id[one.event]["occupation"],
            work_type=by_id[one.event]["work_type"],
            photo=photo,
        )
        whole.append(replace(one, paper=paper))
    return whole, barred


async def judges(
    terms: Terms, competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], sealer: Sealer, today: date
) -> list[Recipient]:
    """Everybody who sat on a panel of these events, once for each."""
    by_id = {event["id"]: event for event in events}
    if not by_id:
        return []
    query = Seat.select(Seat.id, Seat.event, Seat.chief, Seat.account, Seat.account.name.as_alias("name"))
    seats = await query.where(Seat.event.is_in(list(by_id))).order_by(Seat.number)
    known = await _in_the_pool(list(by_id))
    found = []
    for seat in seats:
        judge, event = known.get(seat["account"]), by_id[seat["event"]]
        name, role = judge["name"] if judge else seat["name"], CHIEF if seat["chief"] else JUDGE
        paper = replace(_common(terms, competition, event, today), name=name, role=role.zh, role_en=role.en)
        six = phone_of(judge, sealer)[-LAST:] if judge else ""
        found.append(
            Recipient(
                seat["id"], paper, judge["delegation"] if judge else "", event["code"], event["id"],
                lookup=sealer.index("lookup", name, six) if six else b"", six=six,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.code, one.paper.role != CHIEF.zh))


async def _in_the_pool(events: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Account → the judge of the pool who marks with it, for everybody on a panel of these events."""
    seated = Seat.select(Seat.account).where(Seat.event.is_in(list(events)))
    held = JudgeAccount.select(JudgeAccount.account, JudgeAccount.judge).where(JudgeAccount.account.is_in(seated))
    judges = {row["account"]: row["judge"] for row in await held}
    among = JudgeAccount.select(JudgeAccount.judge).where(JudgeAccount.account.is_in(seated))
    known = {row["id"]: dict(row) for row in await Judge.select().where(Judge.id.is_in(among))}
    return {account: known[judge] for account, judge in judges.items()}


async def crew(terms: Terms, competition: Mapping[str, Any], sealer: Sealer, today: date) -> list[Recipient]:
    """Everybody whom the organiser has named as one who helped."""
    found = []
    for row in await Crew.select().where(Crew.competition == competition["id"]).order_by(Crew.at, Crew.name):
        six = sealer.open(bytes(row["six_sealed"]), f"crew:{row['id']}")
        plain = _common(terms, competition, None, today)
        paper = replace(plain, name=row["name"], role=row["role"], role_en=row["role_en"])
        lookup = sealer.index("lookup", row["name"], six) if six else b""
        found.append(Recipient(row["id"], paper, lookup=lookup, six=six))
    return found
