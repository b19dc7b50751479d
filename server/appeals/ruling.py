"""Looking into an appeal: given to somebody who is not party, answered, and ruled on by another.

A ruling that upholds approves the corrections that were proposed for the appeal, so that whoever proposed one cannot
rule. The results are published again as a version that names the one it replaces; promotions and certificates that it
touches are superseded, all in the ruling's own transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import No, Problems, Words, Yes
from server.access import Actor
from server.appeals.effects import FINAL, Effects, effects_of
from server.appeals.flow import (
    MOST_REASON,
    NO_REASON,
    NOT_NOW,
    OPEN,
    add_act,
    move,
    not_party,
    party_of,
    seen,
)
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Account, Appeal, AppealAct, Event, Place, Staff, Supervisor
from server.errors import Refusal, explained, refuse
from server.issuing.superseding import supersede as supersede_certificates
from server.marks.correcting import approve, drop, propose, proposed_for
from server.marks.correcting_status import approve_status, marks_owed, propose_status, status_proposed_for
from server.promotion.superseding import supersede as supersede_promotions
from server.results.flow import freeze, snapshot_of
from server.results.publishing import notice_of
from server.sealing import Sealer

MOST_SAID_OUTSIDE = 300
"""Characters of a ruling's reason that whoever verifies a superseded certificate reads."""


async def candidates(competition: Mapping[str, Any], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who may look into an appeal: the organiser's staff and the supervisors, without those who are party."""
    staff = Staff.select(Staff.account).where(Staff.organiser == competition["organiser"])
    supervisors = Supervisor.select(Supervisor.account).where(Supervisor.competition == competition["id"])
    ids = {one["account"] for one in [*await staff, *await supervisors]}
    query = Account.select(Account.id, Account.name).where(Account.id.is_in(list(ids)) & Account.active.eq(True))
    rows = await query.order_by(Account.name) if ids else []
    return [dict(one) for one in rows if isinstance(await party_of(row, one["id"], one["name"]), Yes)]


async def assign(
    competition: Mapping[str, Any], number: int, version: int, account: str, actor: Actor, at: datetime
) -> None:
    """Give an open appeal to somebody of the office who is not party.

    Raises Refusal: `not-found`, `appeals.changed`, `appeals.state`, or `appeals.party` for anybody else.
    """
    async with DB.transaction():
        row = await _open(competition, number, version, actor)
        found = next((one for one in await candidates(competition, row) if str(one["id"]) == account), None)
        if found is None:
            words = Words("请选一位与申诉无利害关系的工作人员或监督。", "Choose one of the office who is not party.")
            raise Refusal("appeals.party", words, status=422)
        await move(row, "open", assigned=found["id"])
        await add_act(competition, row, "assigned", found["name"], actor, at, {"account": str(found["id"])})


async def answer(
    competition: Mapping[str, Any], number: int, version: int, text: str, actor: Actor, at: datetime
) -> None:
    """Answer an appeal in writing; the one to whom it is given does. The delegation reads it.

    Raises Refusal as `assign` does, `appeals.reason`, or `appeals.not-yours`.
    """
    text = explained(text, MOST_REASON, NO_REASON)
    async with DB.transaction():
        row = await _open(competition, number, version, actor)
        if row["assigned"] != actor.account:
            raise Refusal(
                "appeals.not-yours", Words("这件申诉由别人办理。", "Somebody else looks into this appeal."), status=403
            )
        await move(row, "open")
        await add_act(competition, row, "answered", text.strip(), actor, at)


async def correct(
    competition: Mapping[str, Any],
    number: int,
    version: int,
    mark: str,
    value: int,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Propose another value for a mark of the entry, for this appeal. Raises Refusal as `assign` and marks.correcting.propose do."""
    async with DB.transaction():
        row = await _open(competition, number, version, actor)
        event = await _event(row)
        await propose(event, await work_code(row), mark, value, reason, row["id"], actor, at)
        await move(row, "open")


async def correct_status(
    competition: Mapping[str, Any], number: int, version: int, status: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Propose, for this appeal, that the entry was not absent, not put out, or anything else than the floor wrote down.

    Raises Refusal as `assign` and marks.correcting_status.propose_status do, or `correction.marks-owed` with what is missing where
    the results could not be computed with it.
    """
    async with DB.transaction():
        row = await _open(competition, number, version, actor)
        event, code = await _event(row), await work_code(row)
        await propose_status(event, code, status, reason, row["id"], actor, at)
        try:
            await effects_of(competition, event, row["id"], at)
        except Problems as owed:
            raise marks_owed(owed) from None
        await move(row, "open")


async def uncorrect(
    competition: Mapping[str, Any], number: int, version: int, correction: UUID, actor: Actor, at: datetime
) -> None:
    """Let a proposed correction go. Raises Refusal as `assign` does."""
    async with DB.transaction():
        row = await _open(competition, number, version, actor)
        here = (row["event"], row["id"])
        if correction in {one["id"] for one in [*await proposed_for(*here), *await status_proposed_for(*here)]}:
            await drop(await _event(row), [correction], actor, at)
            await move(row, "open")


async def rule(
    competition: Mapping[str, Any],
    number: int,
    version: int,
    upheld: bool,
    reason: str,
    looked_at: str,
    base_url: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Uphold or reject an appeal, once; what followed. `looked_at` is the fingerprint of the effects that were seen, "" for none.

    Raises Refusal: `not-found`, `appeals.reason`, `appeals.changed`, `appeals.state`, `appeals.party`, `appeals.unanswered`,
    `appeals.same-person` for who answered it, `appeals.effects` when they are not what was seen, `correction.same-person`.
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        row = await _open(competition, number, version, actor)
        await _another(row, actor)
        event = await _event(row)
        effects = await effects_of(competition, event, row["id"], at)
        followed: dict[str, Any] = {}
        if upheld and (effects.seen if effects else "") != looked_at:
            raise OTHER_EFFECTS
        if upheld and effects:
            followed = await _republish(competition, event, row, effects, reason, base_url, sealer, actor, at)
        elif effects:
            await drop(event, [one["id"] for one in [*effects.corrections, *effects.statuses]], actor, at)
        act = "upheld" if upheld else "rejected"
        await move(row, act, republished=UUID(followed["snapshot"]) if followed else None)
        await add_act(competition, row, act, reason, actor, at, followed)
    return followed


async def _republish(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    row: Mapping[str, Any],
    effects: Effects,
    reason: str,
    base_url: str,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Approve the corrections, publish anew, and supersede what the former publication had brought."""
    old = await the_row(snapshot_of(event["id"]))
    await approve(event, row["id"], actor, at)
    await approve_status(event, row["id"], actor, at)
    until = notice_of(competition, at) if event["state"] == "published" else old["notice_until"]
    id = await freeze(event, actor, at, until, supersedes=old["id"])
    followed: dict[str, Any] = {"snapshot": str(id), "supersedes": str(old["id"])}
    fresh = await the_row(snapshot_of(event["id"]))
    said = f"A{row['number']:03}：{reason}"[:MOST_SAID_OUTSIDE]
    if event["state"] in FINAL:
        followed |= await supersede_promotions(competition, event, old["id"], fresh, said, actor, at)
    if event["state"] == "certified":
        what = effects.certificates
        followed |= await supersede_certificates(competition, event, id, what, said, base_url, sealer, actor, at)
    await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
    return followed


async def _another(row: Mapping[str, Any], actor: Actor) -> None:
    """Whoever answered does not rule; nobody rules before there is an answer."""
    query = AppealAct.select(AppealAct.account).where((AppealAct.appeal == row["id"]) & (AppealAct.act == "answered"))
    answered = {one["account"] for one in await query}
    if not answered:
        raise UNANSWERED
    if actor.account in answered:
        raise SAME_PERSON


async def _open(competition: Mapping[str, Any], number: int, version: int, actor: Actor) -> dict[str, Any]:
    """An open appeal as it was seen, held for the caller's transaction, before somebody who may act on it."""
    row = await seen(competition, number, version)
    if row["state"] != "open":
        raise NOT_NOW
    if isinstance(party := await not_party(row, actor), No):
        raise refuse(party, status=403)
    return row


async def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    return await the_row(Event.select().where(Event.id == row["event"]).output(load_json=True).first())


async def work_code(row: Mapping[str, Any]) -> str:
    """The work code under which the entry was marked; its results are public, so that it is no secret any more."""
    place = await the_row(Place.select(Place.code).where(Place.entry == row["entry"]).first())
    return str(place["code"])


async def none_open(event: UUID) -> Yes | No:
    """Whether every appeal about an event has come to its end: results are not final before."""
    return (await none_open_each([event]))[event]


async def none_open_each(events: Collection[UUID]) -> dict[UUID, Yes | No]:
    """The same of many events, in one look."""
    query = Appeal.select(Appeal.event).where(Appeal.state.is_in(list(OPEN)))
    counts = Counter(row["event"] for row in (await query.where(Appeal.event.is_in(list(events))) if events else ()))
    return {event: _none(counts[event]) for event in events}


def _none(count: int) -> Yes | No:
    if count:
        words = Words(f"还有 {count} 件申诉没有办结。", f"{count} appeals have not come to their end.")
        return No("pipeline.appeals", words)
    return Yes("appeals.none-open")


UNANSWERED = Refusal("appeals.unanswered", Words("还没有书面答复，不能裁定。", "There is no answer yet to rule on."))
SAME_PERSON = Refusal(
    "appeals.same-person",
    Words("答复的人不能裁定。", "Whoever answered does not rule."),
    Words("请另一人裁定。", "Somebody else rules."),
    status=403,
)
OTHER_EFFECTS = Refusal(
    "appeals.effects",
    Words("裁定的影响和你看到的不一样了；没有裁定。", "The effects are no longer what you saw; nothing was ruled."),
    Words("请看过现在的影响再裁定。", "Look at them as they are now, then rule."),
)
