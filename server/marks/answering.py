"""The judge's side of an invitation: one link for everything they are asked in a competition, answered once.

Whoever accepts gets an account and a seat in the same transaction. What a judge declares to stand back from is kept
whatever they answer; an event in which it, or their own unit, stands against them is not theirs, however they answered.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from scoring.verdict import No, Words
from server.access import Actor
from server.competitions.recusals import Declared, declare
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Competition, Invitation, InvitationLink, Judge, JudgeAccount, Seat
from server.errors import Refusal
from server.ledger import hold, record
from server.marks.flow import seat
from server.marks.gathering import situation
from server.marks.inviting import REASON
from server.marks.panel import CLOSED, lead
from server.marks.planning import NEVER, WAITING, Situation
from server.people.flow import add_account, digest

State = Literal["open", "answered", "expired", "withdrawn"]
GONE = Refusal(
    "invitation.gone",
    Words("这份邀请已经不在等待答复了。", "This invitation no longer waits for an answer."),
    Words("请重新打开链接，看看现在的样子。", "Open the link again and look at it as it is now."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One event for which a judge is or was asked; `state` is the invitation's."""

    invitation: UUID
    state: str
    chief: bool
    answer: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Summons:
    """What a link leads to."""

    state: State
    link: Mapping[str, Any]
    competition: Mapping[str, Any]
    judge: Mapping[str, Any]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge answers: the invitations they accept, their reason for declining others, what they declare."""

    accepted: frozenset[UUID]
    reason: str
    declared: Sequence[Declared]


async def summons(token: str, at: datetime) -> Summons | None:
    """What a link asks; None for a link that nobody made."""
    link = await InvitationLink.select().where(InvitationLink.id == digest(token)).first()
    return await _summons(link, at) if link else None


async def _summons(link: Mapping[str, Any], at: datetime) -> Summons:
    query = Competition.select(*Competition.all_columns(), Competition.series.organiser.as_alias("organiser"))
    competition = await the_row(query.where(Competition.id == link["competition"]).output(load_json=True).first())
    judge = await the_row(Judge.select().where(Judge.id == link["judge"]).output(load_json=True).first())
    where = (Invitation.judge == judge["id"]) & (Invitation.event.competition == competition["id"])
    query = Invitation.select(
        *Invitation.all_columns(),
        *(column.as_alias(f"event_{column._meta.name}") for column in _event_columns()),
    )
    rows = await query.where(where & (Invitation.state != "proposed")).order_by(Invitation.event.code, Invitation.made)
    asked = tuple(
        Asked(row["id"], row["state"], row["chief"], row["answer"], _event(row))
        for row in rows
        if row["state"] != "replaced" or (row["answered"] and row["answered"] >= link["made"])
    )
    return Summons(_state(link, asked, at), link, competition, judge, asked)


def _event_columns() -> tuple[Any, ...]:
    event = Invitation.event
    return (event.id, event.code, event.name, event.name_en, event.state)


def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[f"event_{name}"] for name in ("id", "code", "name", "name_en", "state")}


def _state(link: Mapping[str, Any], asked: Sequence[Asked], at: datetime) -> State:
    if link["answered"]:
        return "answered"
    if link["withdrawn"] or not any(one.state == "invited" for one in asked):
        return "withdrawn"
    return "expired" if at >= link["expires"] else "open"


async def answer(token: str, given: Answer, at: datetime) -> None:
    """Answer everything that a link asks.

    Raises Refusal `invitation.gone` when the link is used, expired or replaced, `invitation.reason` when something is
    declined without a word, `recusal.invalid`, or what keeps a judge from a seat.
    """
    async with DB.transaction():
        found = await InvitationLink.select().where(InvitationLink.id == digest(token)).first()
        if not found:
            raise GONE
        await hold(found["competition"])
        link = await the_row(InvitationLink.select().where(InvitationLink.id == found["id"]).lock_rows().first())
        asked = await _summons(link, at)
        waiting = [one for one in asked.asked if one.state == "invited"]
        if asked.state != "open" or not given.accepted <= {one.invitation for one in waiting}:
            raise GONE
        if any(one.invitation not in given.accepted for one in waiting) and not given.reason.strip():
            raise Refusal(
                "invitation.reason",
                Words("请写一句谢绝的原因。", "Write in a sentence why you decline."),
                status=422,
            )
        actor = await _actor(asked.judge)
        for recusal in given.declared:
            await declare(asked.judge, recusal, actor, at)
        now = await situation(asked.competition)
        for one in waiting:
            await _answered(now, asked, one, given, actor, at)
        await InvitationLink.update({InvitationLink.answered: at}).where(InvitationLink.id == link["id"])


async def _answered(now: Situation, asked: Summons, one: Asked, given: Answer, actor: Actor, at: datetime) -> None:
    code = one.event["code"]
    if one.invitation not in given.accepted:
        await decline(now, code, one.invitation, given.reason.strip(), actor, at)
    elif no := stands_against(now, code, asked.judge["id"]):
        await decline(now, code, one.invitation, no.reason.zh, actor, at, state="recused")
    else:
        await accept(now, code, one.invitation, actor, at)


def stands_against(now: Situation, code: str, judge: UUID) -> No | None:
    """The rule that keeps a judge from an event whoever wishes otherwise: they have to stand back."""
    found = now.known.get(now.labels[judge])
    nos = now.plan.against(found, now.asked[code]) if found else ()
    return next((no for no in nos if no.rule in NEVER), None)


async def answer_for(
    competition: Mapping[str, Any], code: str, key: str, yes: bool, words: str, actor: Actor, at: datetime
) -> None:
    """Note what a judge has answered by telephone. Raises Refusal `panel.reason` without a word about it."""
    if not words.strip():
        raise REASON
    async with DB.transaction():
        await hold(competition["id"])
        now = await situation(competition)
        sitter = next((one for one in now.sitting[code] if one.key == key), None)
        if sitter is None or sitter.invitation is None or sitter.judge is None or sitter.state not in WAITING:
            raise GONE
        if yes and (no := stands_against(now, code, sitter.judge)):
            raise Refusal(no.rule, no.reason)
        if yes:
            await accept(now, code, sitter.invitation, actor, at, words.strip())
        else:
            await decline(now, code, sitter.invitation, words.strip(), actor, at)


async def accept(now: Situation, code: str, invitation: UUID, actor: Actor, at: datetime, words: str = "") -> None:
    """Give whoever accepts their account and their seat, within the caller's transaction."""
    event = now.events[code]
    if not now.changes(code):
        raise CLOSED
    row = await the_row(Invitation.select().where(Invitation.id == invitation).first())
    account = await _account(now.pool[now.labels[row["judge"]]])
    sits = (Seat.event == event["id"]) & (Seat.account == account)
    if not await Seat.exists().where(sits):
        await seat(event, account, False, actor, at)
    if row["chief"]:
        await Seat.update({Seat.chief: False}).where(Seat.event == event["id"])
        await lead(event["id"], account)
    await _close(row, "accepted", words, at)
    data = {"judge": str(row["judge"]), "name": now.labels[row["judge"]], "chief": row["chief"]}
    await record(event["competition"], "judge.accepted", actor, at, event=event["id"], reason=words, data=data)


async def decline(
    now: Situation, code: str, invitation: UUID, words: str, actor: Actor, at: datetime, state: str = "declined"
) -> None:
    """Free the place of whoever declines or has to stand back, within the caller's transaction."""
    event = now.events[code]
    row = await the_row(Invitation.select().where(Invitation.id == invitation).first())
    await _close(row, state, words, at)
    data = {"judge": str(row["judge"]), "name": now.labels[row["judge"]]}
    await record(event["competition"], f"judge.{state}", actor, at, event=event["id"], reason=words, data=data)


async def _close(row: Mapping[str, Any], state: str, words: str, at: datetime) -> None:
    changes: dict[Any, Any] = {Invitation.state: state, Invitation.answer: words, Invitation.answered: at}
    await Invitation.update(changes).where(Invitation.id == row["id"])


async def _actor(judge: Mapping[str, Any]) -> Actor:
    row = await JudgeAccount.select().where(JudgeAccount.judge == judge["id"]).first()
    return Actor(row["account"] if row else None, judge["name"])


async def _account(judge: Mapping[str, Any]) -> UUID:
    row = await JudgeAccount.select().where(JudgeAccount.judge == judge["id"]).first()
    if row:
        return UUID(str(row["account"]))
    account = await add_account(f"judge-{secrets.token_hex(6)}", judge["name"])
    await JudgeAccount.insert(JudgeAccount(id=uuid4(), judge=judge["id"], account=account))
    return account
