"""An event's life on one screen: its states, the guard of each door, and what crosses when it opens.

Every step is taken in one transaction with everything it changes and with its entry in the ledger of decisions, which
it holds from the beginning: nobody registers, seats a judge or takes another step in this competition meanwhile. Locks
are taken in one order everywhere, decisions before marks, so that nothing waits in a circle. A guard is a verdict: why
a door is closed can be read by whoever stands before it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from scoring.fitting import policy_misfits
from scoring.marks import scheme_problems
from scoring.verdict import No, Words, Yes
from server.access import Access, Actor, Scope, chief_judge, organiser, supervisor
from server.appeals.ruling import none_open_each
from server.competitions.flow import policy_of, scheme_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Competition, Event, Seat
from server.draw.ceremony import NOBODY_YET, announced_in, may_draw
from server.draw.flow import hold_draw
from server.draw.layers import all_open_each
from server.errors import Refusal, refuse
from server.issuing.flow import issue
from server.ledger import hold, record
from server.marks.correcting import none_waiting_each
from server.marks.device_state import not_all_sent, unsent_each
from server.marks.flow import open_marks, progress_each
from server.marks.signing import may_seal_signed, signatures_of
from server.promotion.flow import grant, propose
from server.registration.departing import depart
from server.registration.review import reviewed_each
from server.results.boards import not_held_each
from server.results.flow import freeze, notices_of, snapshot_of
from server.results.publishing import notice_of, unplan
from server.results.rechecking import rechecked
from server.sealing import Sealer

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What whoever takes a step brings along."""

    competition: Facts
    event: Facts
    actor: Actor
    at: datetime
    reason: str = ""
    commitments: Sequence[str] = ()
    public: str = ""
    base_url: str = ""
    sealer: Sealer | None = None
    knows: Collection[int] = ()
    """Tablets by number whose unsent marks whoever seals was told of, and seals all the same."""


@dataclass(frozen=True, slots=True)
class Door:
    """The way from one state into the next: who may open it, when it opens, what crosses. `guards` looks at many events at once."""

    into: str
    name: Words
    who: Access
    who_words: Words
    guards: Callable[[Sequence[Facts], datetime], Awaitable[Mapping[UUID, Yes | No]]]
    cross: Callable[[Step], Awaitable[Facts]]

    async def guard(self, event: Facts, at: datetime) -> Yes | No:
        """Whether the door opens for one event."""
        return (await self.guards([event], at))[event["id"]]


ORGANISER = Words("主办方", "the organiser")
CHIEF = Words("裁判长", "the chief judge")
SUPERVISOR = Words("监督", "a supervisor")
OPEN = Yes("pipeline.open")
END = No("pipeline.end", Words("已经走完全程。", "This is the end."))


async def _ready(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    query = Competition.select(Competition.id, Competition.starts)
    rows = await query.where(Competition.id.is_in(list({event["competition"] for event in events})))
    starts = {row["id"]: row["starts"] for row in rows}
    return {event["id"]: _set_up(event, starts[event["competition"]]) for event in events}


def _set_up(event: Facts, starts: date) -> Yes | No:
    if not event["policy"]:
        return No("pipeline.no-policy", Words("还没有选定规则。", "No policy has been chosen yet."))
    policy, scheme = policy_of(event), scheme_of(event)
    if isinstance(usable := policy.usable(starts), No):
        return No("pipeline.policy", usable.reason)
    if scheme is None:
        return No("pipeline.no-scheme", Words("还没有评分方案。", "There is no marking scheme yet."))
    problems = (*scheme_problems(scheme), *policy_misfits(policy, scheme))
    return No("pipeline.scheme", problems[0].words) if problems else OPEN


async def _entered(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    found = await reviewed_each(events)
    announced = await announced_in([event["id"] for event in events])
    for event in events:
        if isinstance(found[event["id"]], Yes):
            found[event["id"]] = await may_draw(event, at) if event["id"] in announced else NOBODY_YET
    return found


async def _panel(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    rows = await Seat.select(Seat.event, Seat.chief).where(Seat.event.is_in([event["id"] for event in events]))
    chiefs: dict[UUID, list[bool]] = {event["id"]: [] for event in events}
    for row in rows:
        chiefs[row["event"]].append(row["chief"])
    return {event["id"]: _seated(event, chiefs[event["id"]]) for event in events}


def _seated(event: Facts, chiefs: Sequence[bool]) -> Yes | No:
    if len(chiefs) < event["judges"]:
        short = event["judges"] - len(chiefs)
        return No("pipeline.panel", Words(f"裁判组还差 {short} 人。", f"The panel is {short} short."))
    if not any(chiefs):
        return No("pipeline.chief", Words("还没有裁判长。", "There is no chief judge."))
    return OPEN


async def _complete(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    if DB.current_transaction.get() is not None:  # what it sees may never come to be: nothing that is remembered counts
        return {event["id"]: await may_seal_signed(event) for event in events}
    now = await progress_each(events)
    return {event["id"]: await may_seal_signed(event, now[event["id"]]) for event in events}


async def _settled(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    return await none_waiting_each([event["id"] for event in events])


async def _decoded(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    found, settled = await all_open_each([event["id"] for event in events]), await _settled(events, at)
    for event in events:
        for still in (await rechecked(event), settled[event["id"]]):
            if isinstance(still, No):
                found[event["id"]] = still
    return found


async def _notice_over(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    ids = [event["id"] for event in events]
    held, until, appeals = await not_held_each(ids), await notices_of(ids), await none_open_each(ids)
    running = No("pipeline.notice", Words("公示期还没有结束。", "The public notice is not over yet."))
    noticed = {id: running if id in until and at < until[id] else appeals[id] for id in ids}
    return {id: held[id] if isinstance(held[id], No) else noticed[id] for id in ids}


async def _no_appeals(events: Sequence[Facts], at: datetime) -> Mapping[UUID, Yes | No]:
    return await none_open_each([event["id"] for event in events])


async def _nothing(step: Step) -> Facts:
    return {}


async def _draw(step: Step) -> Facts:
    gone = await depart(step.event, step.sealer, step.actor, step.at)
    seed = await hold_draw(step.event, step.commitments, step.public, step.actor, step.at, step.sealer)
    return {"seed": seed, "departed": gone} if gone else {"seed": seed}


async def _open(step: Step) -> Facts:
    return await open_marks(step.event["id"], taking=True)


async def _close(step: Step) -> Facts:
    head = await open_marks(step.event["id"], taking=False)
    verdict = await may_seal_signed(step.event)
    if isinstance(verdict, No):  # a mark came in between the guard and the lock
        raise refuse(verdict)
    signed = await signatures_of(step.event)
    unsent = (await unsent_each([step.event]))[step.event["id"]]
    if any(one["number"] not in step.knows for one in unsent):
        raise not_all_sent(unsent)
    tablets = [{**one, "seen": one["seen"].isoformat()} for one in unsent]
    missing = {"unsigned": signed.missing_judges, "unsigned_contestants": signed.missing_contestants}
    return {**head, **missing, "unsent": tablets}


async def _publish(step: Step) -> Facts:
    until = notice_of(step.competition, step.at)
    await unplan(step.event["id"])
    snapshot = await freeze(step.event, step.actor, step.at, until)
    return {"snapshot": str(snapshot), "notice_until": until.isoformat()}


async def _finish(step: Step) -> Facts:
    snapshot = await _newest(step)
    counts = await propose(step.competition, step.event, snapshot, step.actor, step.at)
    return {**counts, "granted": await grant(step.event, snapshot["id"], step.actor, step.at)}


async def _certify(step: Step) -> Facts:
    assert step.sealer is not None  # the key that signs credentials is sealed
    newest = await _newest(step)
    return await issue(step.competition, step.event, newest, step.base_url, step.sealer, step.actor, step.at)


async def _newest(step: Step) -> Facts:
    snapshot = await snapshot_of(step.event["id"])
    assert snapshot is not None  # no event is published without one
    return snapshot


DOORS: dict[str, Door] = {
    "setup": Door("registration", Words("开放报名", "Open registration"), organiser, ORGANISER, _ready, _nothing),
    "registration": Door("drawn", Words("抽签", "Draw"), organiser, ORGANISER, _entered, _draw),
    "drawn": Door("marking", Words("开始打分", "Begin marking"), organiser, ORGANISER, _panel, _open),
    "marking": Door("sealed", Words("封存", "Seal"), chief_judge, CHIEF, _complete, _close),
    "sealed": Door("reviewed", Words("复核并解码", "Review and decode"), supervisor, SUPERVISOR, _decoded, _nothing),
    "reviewed": Door("published", Words("公示", "Publish"), organiser, ORGANISER, _settled, _publish),
    "published": Door("final", Words("定稿", "Make final"), organiser, ORGANISER, _notice_over, _finish),
    "final": Door("certified", Words("发证", "Issue certificates"), organiser, ORGANISER, _no_appeals, _certify),
}
STATES = ("setup", *(door.into for door in DOORS.values()))
DECODED = frozenset(STATES[STATES.index("reviewed") :])
"""States in which a work code may be turned back into a name."""
PUBLIC = frozenset(STATES[STATES.index("published") :])
"""States in which results may be seen by everybody."""


async def take(step: Step, into: str) -> Facts:
    """Take an event through its next door into the state `into`; what crossed.

    Raises Refusal: `pipeline.order` when this is not the next door, `access.role`, or the guard's own rule.
    """
    async with DB.transaction():
        await hold(step.competition["id"])
        now = await the_row(Event.select().where(Event.id == step.event["id"]).output(load_json=True).first())
        door = DOORS.get(now["state"])
        if door is None or door.into != into:
            raise _out_of_order(now["state"], into)
        scope = Scope(step.competition, step.competition["organiser"], now)
        for verdict in (door.who(step.actor, scope), await door.guard(now, step.at)):
            if isinstance(verdict, No):
                raise refuse(verdict, status=403 if verdict.rule.startswith("access.") else 409)
        crossed = await door.cross(replace(step, event=now))
        changes: dict[Any, Any] = {Event.state: into, Event.entered_state: step.at, Event.version: Event.version + 1}
        await Event.update(changes).where(Event.id == now["id"])
        kind = f"event.{now['state']}-{into}"
        await record(
            step.competition["id"], kind, step.actor, step.at, event=now["id"], reason=step.reason, data=dict(crossed)
        )
    return crossed


async def closed(event: Facts, at: datetime) -> Yes | No:
    """Whether the next door of an event would open, and why not."""
    door = DOORS.get(event["state"])
    return await door.guard(event, at) if door else END


async def closed_each(events: Sequence[Facts], at: datetime) -> dict[UUID, Yes | No]:
    """The same of many events: each door's guard looks once at all that stand before it."""
    found: dict[UUID, Yes | No] = {event["id"]: END for event in events}
    for state, door in DOORS.items():
        if before := [event for event in events if event["state"] == state]:
            found.update(await door.guards(before, at))
    return found


def _out_of_order(state: str, into: str) -> Refusal:
    if into in STATES and STATES.index(into) <= STATES.index(state):
        words = Words("这一步已经办过了。", "This door has been opened already.")
    else:
        words = Words("现在还不能走这一步。", "It is not yet time for this step.")
    door = DOORS.get(state)
    end = Words("这个赛项已经走完全程。", "This event has come to its end.")
    next_one = Words(f"下一步是“{door.name.zh}”。", f'The next step is "{door.name.en}".') if door else end
    return Refusal("pipeline.order", words, next_one)
