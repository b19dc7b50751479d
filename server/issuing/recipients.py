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


Papers = tuple[list[Recipient], list[Barred]]


async def results_of(
    kind: Kind,
    competition: Mapping[str, Any],
    published: Sequence[tuple[Mapping[str, Any], Mapping[str, Any], UUID | None]],
    levels: Mapping[UUID, str],
    at: datetime,
) -> list[Result]:
    """What a kind of certificate has to know of results: of each its event, its content, and its snapshot where there is one."""
    if not published:
        return []
    events = [event["id"] for event, _, _ in published]
    titles = await titles_in(competition, [one[:2] for one in published], at) if kind == "title" else {}
    named = Entry.select(Entry.id, Entry.team).where(Entry.event.is_in(events))
    together = any(event["team_size"] > 1 for event, _, _ in published)
    teams = {row["id"]: row["team"] for row in await named} if together else {}
    listed = Member.select(Member.id, Member.person).where(Member.event.is_in(events))
    persons = {row["id"]: row["person"] for row in await listed}
    return [Result(event, content, levels, titles, teams, persons, snapshot) for event, content, snapshot in published]


async def by_results(
    terms: Terms, competition: Mapping[str, Any], results: Sequence[Result], sealer: Sealer | None, today: date
) -> Papers:
    """Everybody whom a kind means by these results. `sealer` opens what only a skill level shows."""
    found: list[Recipient] = []
    barred: list[Barred] = []
    for result in results:
        event = result.event
        good, others = claims(terms.kind, result, terms.per_team, terms.skills.get(event["code"]))
        plain = _common(terms, competition, event, today)
        found += [
            Recipient(
                one.subject, _saying(plain, one.name, one.said), one.delegation, event["code"], event["id"], result.snapshot,
                one.member, result.persons.get(one.member) if one.member else None, document=one.document,
            )
            for one in good
        ]  # fmt: skip
        barred += others
    if terms.kind == "level" and sealer:
        events = {result.event["id"]: result.event for result in results}
        return await _with_documents(found, barred, competition, events, sealer)
    return found, barred


def _common(terms: Terms, competition: Mapping[str, Any], event: Mapping[str, Any] | None, today: date) -> Paper:
    """What all papers of a kind say. A skill level is made whole by `_with_documents`, so it begins as another kind."""
    return Paper(
        number="",
        kind="award" if terms.kind == "level" else terms.kind,
        language=terms.language,
        title=wording.title(wording.data(), terms.kind, "zh"),
        title_en=wording.title(wording.data(), terms.kind, "en"),
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


async def _with_documents(
    found: Sequence[Recipient],
    barred: list[Barred],
    competition: Mapping[str, Any],
    events: Mapping[UUID, Mapping[str, Any]],
    sealer: Sealer,
) -> Papers:
    """What 人社鉴发〔2021〕1号 二（一） wants on the paper besides: document, occupation, work type, photo."""
    people = [one.person for one in found if one.person]
    query = Person.select(Person.id, Person.document_kind, Person.document_sealed)
    documents = {row["id"]: row for row in await query.where(Person.id.is_in(people))} if people else {}
    photos = await photos_of(competition["id"], people, sealer)
    whole = []
    for one in found:
        assert one.person is not None and one.event is not None  # a level is one person's, by a result
        row, event = documents[one.person], events[one.event]
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
            occupation=event["occupation"],
            work_type=event["work_type"],
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
