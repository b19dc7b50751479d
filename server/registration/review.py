"""The review of entries in steps: approve, return with a reason, reject; many at once, and taken back as long as nothing followed.

The steps are the competition's (`review_steps`): a delegation's clerk, the organiser's staff, the committee's supervisor,
in the order in which they were set up. An entry stands in *review* at one of them until the last has *approved* it.
*Returned* waits for the delegation, which changes it or sends it again as it is; *waiting* has no place yet; *rejected*
is over. Whoever decides says which version they saw: what has changed since is not decided on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import No, Words, Yes
from server.access import Access, Actor, Scope, clerk, organiser, supervisor
from server.database.bulk import insert_rows, update_rows
from server.database.piccolo_conf import DB
from server.database.tables import Entry, ReviewAct
from server.errors import Refusal, explained, missing, refuse
from server.ledger import hold, record
from server.registration.naming import entry_id
from server.registration.waiting import over_full, settle

WHO: dict[str, Access] = {"delegation": clerk, "organiser": organiser, "committee": supervisor}
ACTS = {"approve": "approved", "return": "returned", "reject": "rejected", "send": "sent"}
"""What is asked for → what the act is called afterwards."""
MOST_REASON = 500
ENTRIES = """SELECT e.id, e.number, e.team, e.state AS entry_state, e.step, e.version, e.delegation, d.name AS delegation_name,
    v.id AS event, v.code, v.name AS event_name, v.name_en AS event_name_en, v.division, v.state,
    (SELECT string_agg(p.name, '、' ORDER BY m.position) FROM member m JOIN person p ON p.id = m.person WHERE m.entry = e.id) AS names,
    (SELECT string_agg(DISTINCT m.unit, '、') FROM member m WHERE m.entry = e.id) AS units,
    t.act, t.reason, t.by_name, t.at
FROM entry e JOIN event v ON v.id = e.event JOIN delegation d ON d.id = e.delegation
LEFT JOIN LATERAL (SELECT act, reason, by_name, at FROM review_act WHERE entry = e.id ORDER BY version DESC LIMIT 1) t ON true
WHERE v.competition = {}"""
ORDER = "ORDER BY v.code, e.number"


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as somebody saw it who decides on it."""

    entry: UUID
    version: int


async def entries_in(competition: UUID) -> list[dict[str, Any]]:
    """Every entry of a competition with where it stands, who is in it, and the newest act of its review."""
    return [dict(row) for row in await Entry.raw(f"{ENTRIES} {ORDER}", competition)]


async def _these(competition: UUID, entries: Collection[UUID]) -> list[dict[str, Any]]:
    return [dict(row) for row in await Entry.raw(f"{ENTRIES} AND e.id = ANY({{}}) {ORDER}", competition, list(entries))]


async def decide(
    competition: Mapping[str, Any], act: str, seen: Sequence[Seen], reason: str, actor: Actor, at: datetime
) -> UUID:
    """Do one act to these entries, all or none; the batch under which it can be undone.

    Raises Refusal: `review.nothing`, `review.act`, `review.reason`, `not-found`, `review.changed` naming the entries that are
    no longer what was seen, `review.drawn`, `review.state` or `access.role`.
    """
    if act not in ACTS:
        raise Refusal("review.act", Words("没有这种处理。", "There is no such act."), status=422)
    if not seen:
        raise NOTHING
    reason = explained(reason, MOST_REASON, NO_REASON) if act in ("return", "reject") else reason.strip()
    batch = uuid4()
    async with DB.transaction():
        await hold(competition["id"])
        rows = await _those(competition, seen, actor)
        moves = []
        for row in rows:
            for verdict in (may_act(row, act, competition, actor), _open(row)):
                if isinstance(verdict, No):
                    raise refuse(verdict, status=403 if verdict.rule.startswith("access.") else 409)
            moves.append((row, *after(row, act, competition["review_steps"])))
        await move(competition, moves, ACTS[act], batch, reason, actor, at)
        await settle(competition, actor, at)
    return batch


def after(row: Mapping[str, Any], act: str, steps: Sequence[str]) -> tuple[str, int]:
    """Where an act leaves an entry: its state and the step at which it stands."""
    if act == "approve":
        step = row["step"] + 1
        return ("approved" if step >= len(steps) else "review"), min(step, len(steps) - 1)
    if act == "reject":
        return "rejected", row["step"]
    return ("returned" if act == "return" else "review"), 0


def may_act(row: Mapping[str, Any], act: str, competition: Mapping[str, Any], actor: Actor) -> Yes | No:
    """Whether this person may do this to an entry as it stands.

    At a step, whoever that step belongs to; an entry that is through, returned or waiting is the last step's. Sending again
    is the delegation's.
    """
    steps, state = competition["review_steps"], row["entry_state"]
    allowed = {
        "approve": ("review",),
        "return": ("review", "approved"),
        "reject": ("review", "approved", "returned", "waiting"),
        "send": ("returned",),
    }
    name = entry_id(row, row["number"])
    if state not in allowed[act]:
        words = Words(
            f"{name} 现在是“{STATES[state].zh}”，不能这样处理。",
            f"{name} is {STATES[state].en}; this cannot be done to it.",
        )
        return No("review.state", words)
    whose = "delegation" if act == "send" else steps[row["step"]] if state == "review" else steps[-1]
    scope = Scope(competition, competition["organiser"], delegation={"id": row["delegation"]})
    return WHO[whose](actor, scope)


def _knows(row: Mapping[str, Any], competition: Mapping[str, Any], actor: Actor) -> bool:
    """Whether this person may know of an entry at all: the office of each, a clerk of their own delegation's."""
    scope = Scope(competition, competition["organiser"], delegation={"id": row["delegation"]})
    return any(isinstance(who(actor, scope), Yes) for who in WHO.values())


def _open(row: Mapping[str, Any]) -> Yes | No:
    if row["state"] == "registration":
        return Yes("review.open")
    return No("review.drawn", Words(f"“{row['event_name']}”已经抽签。", f'"{row["event_name"]}" has been drawn.'))


async def undo(competition: Mapping[str, Any], batch: UUID, actor: Actor, at: datetime) -> int:
    """Take a batch back as a whole: every entry stands again where it stood before; how many.

    Raises Refusal: `not-found`, `review.gone-on` when anything has happened to one of them since, `access.role`, or
    `review.full` when a place has gone to somebody else meanwhile.
    """
    async with DB.transaction():
        await hold(competition["id"])
        query = ReviewAct.select().where((ReviewAct.batch == batch) & (ReviewAct.competition == competition["id"]))
        acts = {row["entry"]: row for row in await query if row["act"] in ("approved", "returned", "rejected")}
        if not acts or not all(_knows(act, competition, actor) for act in acts.values()):
            raise missing(Words("这次处理", "decision"))
        rows = {row["id"]: row for row in await _these(competition["id"], acts)}
        moves = []
        for entry, act in acts.items():
            row = rows.get(entry)
            if row is None or row["version"] != act["version"]:
                raise GONE_ON
            scope = Scope(competition, competition["organiser"], delegation={"id": row["delegation"]})
            steps = competition["review_steps"]
            whose = steps[act["step_before"]] if act["state_before"] == "review" else steps[-1]
            for verdict in (WHO[whose](actor, scope), _open(row)):
                if isinstance(verdict, No):
                    raise refuse(verdict, status=403 if verdict.rule.startswith("access.") else 409)
            moves.append((row, act["state_before"], act["step_before"]))
        await move(competition, moves, "undone", uuid4(), "", actor, at)
        if full := await over_full(competition["id"]):
            words = Words(
                f"“{'、'.join(full)}”的名额已经给了候补的人，不能撤回。",
                f"The places in {', '.join(full)} have gone to those who waited; this cannot be taken back.",
            )
            raise Refusal("review.full", words)
    return len(moves)


async def _those(competition: Mapping[str, Any], seen: Sequence[Seen], actor: Actor) -> list[dict[str, Any]]:
    """The entries, as they were seen. Raises Refusal `not-found`, of another delegation's entry as of none, or `review.changed`."""
    versions = {one.entry: one.version for one in seen}
    rows = await _these(competition["id"], versions)
    if len(rows) < len(versions) or not all(_knows(row, competition, actor) for row in rows):
        raise missing(Words("其中一份报名", "entry"))
    changed = [entry_id(row, row["number"]) for row in rows if row["version"] != versions[row["id"]]]
    if changed:
        words = Words(
            f"你看过之后，{'、'.join(changed)} 又有变化；一份都没有处理。",
            f"{', '.join(changed)} changed after you looked; nothing was decided.",
        )
        raise Refusal(
            "review.changed", words, Words("请看过现在的内容再处理。", "Look at them as they are now, then decide.")
        )
    return rows


async def move(
    competition: Mapping[str, Any],
    moves: Sequence[tuple[Mapping[str, Any], str, int]],
    act: str,
    batch: UUID,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Put entries into a state and at a step within the caller's transaction, with their acts and one decision in the ledger."""
    changes = [
        {"id": row["id"], "state": state, "step": step, "version": row["version"] + 1} for row, state, step in moves
    ]
    await update_rows(Entry, changes)
    await insert_rows(ReviewAct, [
        {
            "id": uuid4(), "competition": competition["id"], "event": row["event"], "delegation": row["delegation"], "entry": row["id"],
            "number": row["number"], "batch": batch, "act": act, "state_before": row["entry_state"], "step_before": row["step"],
            "state_after": state, "step_after": step, "version": row["version"] + 1, "reason": reason, "by_name": actor.name, "at": at,
            "sealed": b"",
        }
        for row, state, step in moves
    ])  # fmt: skip
    entries = [entry_id(row, row["number"]) for row, _, _ in moves]
    data = {
        "batch": str(batch),
        "entries": entries,
        "from": sorted({f"{row['entry_state']}:{row['step']}" for row, _, _ in moves}),
    }
    await record(competition["id"], f"entries.{act}", actor, at, reason=reason, data=data)


async def waiting_for(competition: Mapping[str, Any], actor: Actor) -> int:
    """How many entries of a competition stand at a step of the organiser's or the committee's that is this person's."""
    scope = Scope(competition, competition["organiser"])
    office = {name: who for name, who in WHO.items() if name != "delegation"}
    steps = competition["review_steps"]
    own = [place for place, name in enumerate(steps) if name in office and isinstance(office[name](actor, scope), Yes)]
    where = (Entry.event.competition == competition["id"]) & (Entry.event.state == "registration")
    here = (Entry.state == "review") & Entry.step.is_in(own or [-1])
    return int(await Entry.count().where(where & here))


async def asked_of(delegation: UUID, steps: Sequence[str]) -> int:
    """How many entries wait for a delegation itself: they were returned, or stand at its own step."""
    own = [place for place, step in enumerate(steps) if step == "delegation"] or [-1]
    waits = (Entry.state == "returned") | ((Entry.state == "review") & Entry.step.is_in(own))
    return await Entry.count().where((Entry.delegation == delegation) & (Entry.event.state == "registration") & waits)


async def reviewed(event: Mapping[str, Any]) -> Yes | No:
    """Whether the review of an event is over: nobody stands in it, and somebody is through."""
    return (await reviewed_each([event]))[event["id"]]


async def reviewed_each(events: Sequence[Mapping[str, Any]]) -> dict[UUID, Yes | No]:
    """The same of many events, in one look."""
    query = Entry.select(Entry.event, Entry.number, Entry.state).order_by(Entry.event, Entry.number)
    rows = await query.where(Entry.event.is_in([event["id"] for event in events])) if events else []
    entered = {event: list(some) for event, some in groupby(rows, key=itemgetter("event"))}
    return {event["id"]: _over(event, entered.get(event["id"], ())) for event in events}


def _over(event: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Yes | No:
    if not rows:
        return No("pipeline.no-entries", Words("还没有人报名。", "Nobody has entered yet."))
    open_ones = [entry_id(event, row["number"]) for row in rows if row["state"] in ("review", "returned")]
    if open_ones:
        zh, more = "、".join(open_ones[:3]), "等" if len(open_ones) > 3 else ""
        words = Words(
            f"还有 {len(open_ones)} 份报名没有审完（{zh}{more}）。",
            f"{len(open_ones)} {'entry is' if len(open_ones) == 1 else 'entries are'} not through review ({', '.join(open_ones[:3])}{', …' if more else ''}).",
        )
        return No("review.open", words)
    if not any(row["state"] == "approved" for row in rows):
        return No("review.nobody", Words("没有一份报名通过审核。", "No entry has been approved."))
    return Yes("review.over")


STATES = {
    "review": Words("待审核", "in review"),
    "returned": Words("已退回", "returned"),
    "waiting": Words("候补", "on the waiting list"),
    "approved": Words("已通过", "approved"),
    "rejected": Words("不予通过", "rejected"),
}
NOTHING = Refusal("review.nothing", Words("没有选中任何报名。", "No entry is ticked."), status=422)
NO_REASON = Refusal(
    "review.reason",
    Words(
        "退回或不予通过要写明理由，最多 500 字。", "Returning or rejecting needs a reason of at most 500 characters."
    ),
    status=422,
)
GONE_ON = Refusal(
    "review.gone-on",
    Words("之后又有变化，不能整批撤回。", "Something has happened since; this can no longer be taken back as a whole."),
    Words("请逐份处理。", "Decide on each of them anew."),
)
