"""Applications: what somebody sent by a link waits, sealed, until a clerk takes it in as an entry or declines it.

A stranger is told what their own form and the event's rules say. What is stored of other people, even that a document
is known, is told to the clerk alone. Accepting goes the way of every entry (`single`). What an application says of a
person is *swept*, its text, its index and the reason, as soon as it is an entry, and of every other one when the
competition's registration has been over for a week.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring.verdict import No, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Application, LookUpAttempt, Member
from server.errors import Refusal, explained, missing, refuse
from server.ledger import hold, record
from server.people.flow import digest
from server.registration.application_links import takes
from server.registration.application_photos import becomes_theirs
from server.registration.attachments import become_persons, forget
from server.registration.comparing import Facts, Plan, View, compare
from server.registration.form import Read, Row
from server.registration.persons import index_of
from server.registration.places import rooms_of
from server.registration.single import Sent, enter_one
from server.registration.staging import Accepted
from server.sealing import Sealer

CONSENT = "2026-11"
"""The words that applicants agree to (register/consent.html) by the month they were written."""
SWEPT_AFTER = timedelta(days=7)
LIMIT_WINDOW = timedelta(minutes=10)
LIMITS = {"apply": (60, 200), "paper": (300, 60), "check": (1500, 5000)}
"""What strangers do in ten minutes from one address, and by one link: a school's pupils share an address, a city a link."""
MOST_WAITING = 1000
"""Applications of one link that may wait: a flood is not kept."""
WAITING = """SELECT a.id, a.at, a.photo <> '' AS photographed, a.state, a.decided, a.by_name, a.sealed, a.who, a.entry, v.code, v.name AS event,
    v.name_en AS event_en,
    count(*) FILTER (WHERE a.state = 'waiting' AND a.who <> '') OVER (PARTITION BY a.who) AS times
FROM application a JOIN application_link l ON l.id = a.link JOIN event v ON v.id = a.event
WHERE l.delegation = {} ORDER BY a.state <> 'waiting', a.at DESC LIMIT 500"""
OWN = """SELECT a.*, l.delegation, v.name AS event_name, v.name_en AS event_name_en, v.code, c.slug,
    c.name AS competition, c.name_en AS competition_en, d.name AS delegation_name, d.name_en AS delegation_name_en,
    e.number, e.state AS entry_state
FROM application a JOIN application_link l ON l.id = a.link JOIN event v ON v.id = a.event
    JOIN delegation d ON d.id = l.delegation JOIN competition c ON c.id = d.competition
    LEFT JOIN entry e ON e.id = a.entry
WHERE a.digest = {}"""
SWEEP = """UPDATE application a SET sealed = '', photo = '', who = '', reason = '' FROM application_link l, delegation d, competition c
WHERE l.id = a.link AND d.id = l.delegation AND c.id = d.competition AND (a.sealed <> '' OR a.reason <> '')
    AND coalesce(c.registration_closes, c.starts::timestamptz) < {} RETURNING a.id"""


def told_to_applicants(
    competition: Mapping[str, Any], delegation: str, event: Mapping[str, Any], rooms: Mapping[UUID, Any], read: Read
) -> Plan:
    """What the form and the event's rules say of an applicant, without anything that is stored of anybody."""
    events = {(event["name"], event["division"]): event}
    facts = Facts(delegation=delegation, events=events, starts=competition["starts"], rooms=rooms)
    return compare(read, facts, View(phone=lambda stored: "", told=lambda other: False))


async def judged(link: Mapping[str, Any], event: Mapping[str, Any], read: Read) -> Plan:
    """The same for a link, with the places that there are now."""
    rooms = await rooms_of(link["delegation"]["id"], [event["id"]])
    return told_to_applicants(link["competition"], link["delegation"]["name"], event, rooms, read)


async def apply(
    link: Mapping[str, Any],
    event: Mapping[str, Any],
    read: Read,
    values: Mapping[str, str],
    agreed: bool,
    address: str,
    sealer: Sealer,
    at: datetime,
) -> str:
    """Keep an application; the token of the applicant's own link.

    Raises Refusal: the link's own no, `application.wait` or `application.full` after too many, `application.consent`, or
    `registration.refused` with what is wrong. Doubts are for the clerk.
    """
    if isinstance(closed := takes(link, at), No):
        raise refuse(closed, Words("请联系发链接的人。", "Ask whoever sent you the link."))
    await count("apply", link["id"], address, sealer, at)
    waits = (Application.link == link["id"]) & (Application.state == "waiting")
    if await Application.count().where(waits) >= MOST_WAITING:
        raise FULL
    if not agreed:
        raise NO_CONSENT
    plan = await judged(link, event, read)
    problems = (*plan.whole, *(one for line in plan.lines for one in line.refusals))
    if problems or len(read.rows) != 1:
        raise Refusal("registration.refused", WRONG, problems=problems, status=422)
    id, token, row = uuid4(), secrets.token_urlsafe(16), read.rows[0]
    await Application.insert(
        Application(
            id=id,
            link=link["id"],
            event=event["id"],
            digest=digest(token),
            sealed=sealer.seal_bytes(msgspec.json.encode(dict(values)), f"application:{id}"),
            photo=b"",
            who=index_of(row, sealer),
            consent=CONSENT,
            state="waiting",
            at=at,
            decided=None,
            by_name="",
            reason=b"",
            entry=None,
        )
    )
    return token


async def count(what: str, link: UUID, address: str, sealer: Sealer, at: datetime) -> None:
    """Count one thing that a stranger does by a link. Raises Refusal `application.wait` after too many."""
    keys = {
        sealer.index(f"applies-{what}", address): LIMITS[what][0],
        hashlib.sha256(f"applies-{what}-{link}".encode()).digest(): LIMITS[what][1],
    }
    await LookUpAttempt.delete().where(LookUpAttempt.at < at - LIMIT_WINDOW)
    for key, most in keys.items():
        mine = (LookUpAttempt.key == key) & (LookUpAttempt.at > at - LIMIT_WINDOW)
        if await LookUpAttempt.count().where(mine) >= most:
            raise WAIT
    await LookUpAttempt.insert(*(LookUpAttempt(id=uuid4(), key=key, at=at) for key in keys))


async def applications_of(delegation: UUID, sealer: Sealer) -> list[dict[str, Any]]:
    """A delegation's applications, waiting ones first, opened where they are still there."""
    rows = await Application.raw(WAITING, delegation)
    return [{**row, "values": _opened(row, sealer)} for row in rows]


async def waiting_in(delegation: UUID) -> int:
    """How many applications wait for a delegation's clerk."""
    where = (Application.link.delegation == delegation) & (Application.state == "waiting")
    return int(await Application.count().where(where))


async def application_of(delegation: UUID, id: UUID, sealer: Sealer) -> dict[str, Any]:
    """One of them. Raises Refusal `not-found`."""
    found = next((one for one in await applications_of(delegation, sealer) if one["id"] == id), None)
    if found is None:
        raise missing(Words("这份申请", "application"))
    return found


async def own_application(token: str, sealer: Sealer) -> dict[str, Any] | None:
    """What the applicant's own link shows: the state, the reason, and the entry that it became."""
    rows = await Application.raw(OWN, digest(token))
    if not rows:
        return None
    reason = sealer.open(rows[0]["reason"], f"declined:{rows[0]['id']}") if rows[0]["reason"] else ""
    return {**rows[0], "values": _opened(rows[0], sealer), "reason": reason}


async def withdraw(token: str, at: datetime) -> None:
    """The applicant takes it back while nobody has decided; what it said is gone. Raises Refusal `application.decided`."""
    changes: dict[Any, Any] = {
        Application.state: "withdrawn",
        Application.decided: at,
        Application.sealed: b"",
        Application.photo: b"",
        Application.who: b"",
    }
    mine = (Application.digest == digest(token)) & (Application.state == "waiting")
    async with DB.transaction():
        gone = await Application.update(changes).where(mine).returning(Application.id)
        if not gone:
            raise DECIDED
        await forget([row["id"] for row in gone])


async def take_in(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    id: UUID,
    sent: Sent,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> Accepted:
    """Accept an application as the clerk has it before them, in one transaction with the entry that it becomes.

    Raises Refusal: `application.decided`, or what `single.enter_one` raises.
    """
    async with DB.transaction():
        await hold(competition["id"])
        application = await _lock(delegation["id"], id, sealer)
        done = await enter_one(competition, delegation, sent, sealer, actor, at)
        entry, person = await _entry(delegation["id"], sent.read.rows[0], sealer)
        await become_persons(id, person)
        await becomes_theirs(competition, delegation["id"], application, person, sealer, actor, at)
        changes: dict[Any, Any] = {
            Application.state: "accepted",
            Application.decided: at,
            Application.by_name: actor.name,
            Application.sealed: b"",
            Application.photo: b"",
            Application.who: b"",
            Application.entry: entry,
        }
        await Application.update(changes).where(Application.id == id)
        data = {"delegation": delegation["name"], "application": str(id)}
        await record(competition["id"], "application.accepted", actor, at, data=data)
    return done


async def decline(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    id: UUID,
    reason: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> None:
    """Turn an application down, with words for the applicant. Raises Refusal `application.reason` or `application.decided`."""
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        await hold(competition["id"])
        await _lock(delegation["id"], id, sealer)
        changes: dict[Any, Any] = {
            Application.state: "declined",
            Application.decided: at,
            Application.by_name: actor.name,
            Application.reason: sealer.seal(reason, f"declined:{id}"),
        }
        await Application.update(changes).where(Application.id == id)
        data = {"delegation": delegation["name"], "application": str(id)}
        await record(competition["id"], "application.declined", actor, at, data=data)


async def sweep(at: datetime) -> int:
    """Take out what applications say of people where registration has been over for a week; how many.

    Where no end was named, registration is over when the competition begins.
    """
    async with DB.transaction():
        swept = [row["id"] for row in await Application.raw(SWEEP, at - SWEPT_AFTER)]
        await forget(swept)
    return len(swept)


async def _lock(delegation: UUID, id: UUID, sealer: Sealer) -> dict[str, Any]:
    await application_of(delegation, id, sealer)
    row = await Application.select().where(Application.id == id).lock_rows().first()
    if not row or row["state"] != "waiting":
        raise DECIDED
    return dict(row)


async def _entry(delegation: UUID, row: Row, sealer: Sealer) -> tuple[UUID, UUID]:
    """The entry that it became, and its person."""
    where = (Member.person.document_index == index_of(row, sealer)) & (Member.entry.delegation == delegation)
    query = Member.select(Member.entry, Member.person).where(where & (Member.event.name == row.event))
    found = await the_row(query.first())
    return found["entry"], found["person"]


def _opened(row: Mapping[str, Any], sealer: Sealer) -> dict[str, str]:
    if not row["sealed"]:
        return {}
    values: dict[str, str] = msgspec.json.decode(sealer.open_bytes(row["sealed"], f"application:{row['id']}"))
    return values


WRONG = Words("有填错的地方，还没有提交。", "Something has to be put right; nothing was sent.")
NO_CONSENT = Refusal(
    "application.consent",
    Words("要先同意个人信息的使用说明，才能提交。", "Please agree to how your data are used first."),
    status=422,
)
WAIT = Refusal(
    "application.wait",
    Words("提交得太多了。", "Too many applications at once."),
    Words("请十分钟后再试；填的内容还在。", "Try again in ten minutes; what you typed is still here."),
    status=429,
    wait=int(LIMIT_WINDOW.total_seconds()),
)
FULL = Refusal(
    "application.full",
    Words("这个链接等待处理的申请太多了。", "Too many applications wait by this link."),
    Words("请联系发链接的人。", "Ask whoever sent you the link."),
)
DECIDED = Refusal(
    "application.decided",
    Words("这份申请已经处理过了。", "This application has been decided already."),
)
MOST_REASON = 500
NO_REASON = Refusal(
    "application.reason",
    Words(
        "请写明不接受的理由，最多 500 字；申请人会看到。", "Say why, in at most 500 characters; the applicant reads it."
    ),
    status=422,
)
