"""Issuing certificates of any kind from the desk: first everybody who gets one, saying what, and who gets none, and why;
then those who were looked at, in one transaction.

Awards are issued behind an event's last door; here they are those whom that left over, once their name can be printed.
Whoever has a certificate of the kind in force gets no second one, and one that was revoked is not issued again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from certificates.certificate import Kind
from scoring.verdict import No, Words
from server.access import Actor
from server.calendar import day_of
from server.competitions.flow import events_listed
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, Refused, Revocation
from server.errors import Refusal, refuse
from server.issuing.choosing import design_of
from server.issuing.claims import Barred, Result
from server.issuing.flow import numbered, printable
from server.issuing.recipients import Papers, Recipient, by_result, crew, judges, persons_of, teams_of, with_documents
from server.issuing.terms import Terms, entitled, terms_of
from server.ledger import hold, record
from server.promotion.deciding import granted_in
from server.promotion.titles import titles_in
from server.results.flow import canonical, snapshots_of
from server.sealing import Sealer

SERVED = ("published", "final", "certified")
"""States of an event in which its judges have done their work."""
MOST_DOCUMENT = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What issuing a kind would do now. `waiting` are the codes of the events whose time has not come."""

    terms: Terms
    recipients: Sequence[Recipient]
    barred: Sequence[Barred]
    issued: int
    waiting: Sequence[str]

    @property
    def seen(self) -> str:
        """A fingerprint of everything that would be issued: whoever issues says what they looked at."""
        said = [[str(one.subject), {**one.paper.as_data(), "date": ""}] for one in self.recipients]
        return hashlib.sha256(canonical(said).encode()).hexdigest()


async def plan_of(competition: Mapping[str, Any], kind: Kind, sealer: Sealer, at: datetime) -> Plan:
    """Who gets a certificate of a kind and who does not, as things stand."""
    terms, events = await terms_of(competition, kind), await events_listed(competition)
    states = SERVED if kind == "judge" else ("certified",)
    ready = [event for event in events if event["state"] in states]
    waiting = [] if kind == "organiser" else [event["code"] for event in events if event["state"] not in states]
    found, barred = await _everybody(terms, competition, ready, sealer, at)
    in_force, revoked = await _issued(competition, kind)
    new = [one for one in found if one.subject not in in_force]
    barred = [one for one in barred if one.subject not in in_force]
    barred += [
        _told(one, Words("已作废，不再发", "was revoked, and is not issued again"))
        for one in new
        if one.subject in revoked
    ]
    new, bad = await printable([one for one in new if one.subject not in revoked], design_of(competition, kind))
    for one, missing in bad:
        listed = "、".join(f"{sign.char} {sign.codepoint}" for sign in missing)
        barred.append(_told(one, Words(f"没有字体能印：{listed}", f"no font can print {listed}")))
    return Plan(terms, new, barred, len(in_force), waiting)


async def _everybody(
    terms: Terms, competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], sealer: Sealer, at: datetime
) -> Papers:
    today = day_of(at)
    if terms.kind == "judge":
        return await judges(terms, competition, events, sealer, today), []
    if terms.kind == "organiser":
        return await crew(terms, competition, sealer, today), []
    found, barred = [], []
    # Nothing is asked event by event: a province has more than a hundred of them. Titles are the exception, for what each person
    # held before decides.
    snapshots = await snapshots_of([event["id"] for event in events])  # no event is certified without one
    of_levels = [snapshots[event["id"]]["id"] for event in events] if terms.kind in ("award", "level") else []
    levels, persons, teams = await granted_in(*of_levels), await persons_of(events), await teams_of(events)
    for event in events:
        snapshot = snapshots[event["id"]]
        titles = await titles_in(competition, event, snapshot["content"], at) if terms.kind == "title" else {}
        result = Result(event, snapshot["content"], levels, titles, teams)
        some, others = by_result(terms, competition, result, snapshot["id"], persons, today)
        found += some
        barred += others
    if terms.kind == "level":
        return await with_documents(found, barred, competition, events, sealer)
    return found, barred


async def _issued(competition: Mapping[str, Any], kind: Kind) -> tuple[set[UUID], set[UUID]]:
    """For whom there is a certificate in force, and for whom there are only revoked ones."""
    where = (Certificate.competition == competition["id"]) & (Certificate.kind == kind)
    rows = await Certificate.select(Certificate.id, Certificate.subject).where(where)
    gone = {row["certificate"] for row in await Revocation.select(Revocation.certificate).where(
        (Revocation.certificate.competition == competition["id"]) & (Revocation.certificate.kind == kind)
    )}  # fmt: skip
    in_force = {row["subject"] for row in rows if row["id"] not in gone}
    return in_force, {row["subject"] for row in rows} - in_force


def _told(one: Recipient, why: Words) -> Barred:
    return Barred(one.paper.name, one.delegation, one.code, why, one.subject)


async def issue_kind(
    competition: Mapping[str, Any],
    kind: Kind,
    chosen: Collection[UUID],
    seen: str,
    document: str,
    base_url: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> int:
    """Issue a kind to those of the plan who are `chosen`; how many. `seen` is the fingerprint of the plan that was looked at.

    Raises Refusal: `terms.entitled`, `terms.pattern`, `issuing.changed` when the plan is another by now,
    `issuing.nobody`, `issuing.document` where somebody waits for an authority's document, `issuing.numbers`.
    """
    try:
        async with DB.transaction():
            await hold(competition["id"])
            plan = await plan_of(competition, kind, sealer, at)
            if isinstance(shut := entitled(plan.terms), No):
                raise refuse(shut)
            some = [one for one in plan.recipients if one.subject in set(chosen)]
            _check(plan, some, seen, document)
            rows = await numbered(some, plan.terms, competition, base_url, sealer, at, document.strip())
            await insert_rows(Certificate, [row.to_dict() for row in rows])
            members = [one.member for one in some if one.member]
            if kind == "award" and members:
                await Refused.delete().where(Refused.member.is_in(members))
            data = {"kind": kind, "issued": len(rows), "document": document.strip(), "basis": plan.terms.basis}
            await record(competition["id"], "certificates.issued", actor, at, data=data)
    except asyncpg.UniqueViolationError as error:
        words = Words(
            "这些编号已经有证书用了；一张也没有发。", "Other certificates have these numbers; none was issued."
        )
        mend = Words("请在编号格式里加上自己的代码。", "Put a code of your own into the format of the numbers.")
        raise Refusal("issuing.numbers", words, mend) from error
    return len(rows)


def _check(plan: Plan, some: Sequence[Recipient], seen: str, document: str) -> None:
    if seen != plan.seen:
        words = Words("名单刚有变化，还没有发。", "The list has just changed; nothing was issued.")
        raise Refusal("issuing.changed", words, Words("请看过新的名单再发。", "Look at the new one, then issue."))
    if not some:
        raise Refusal("issuing.nobody", Words("没有选中任何人。", "Nobody is chosen."), status=422)
    if any(one.document for one in some) and not 0 < len(document.strip()) <= MOST_DOCUMENT:
        words = Words("这些称号须经核准：请填写批准文件的文号，最多 100 字。", "These titles need approval: give the number of the authority's document, at most 100 characters.")  # fmt: skip
        raise Refusal("issuing.document", words, status=422)
