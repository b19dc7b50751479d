"""Corrections between the seal and the publication, without an appeal: the chief judge proposes another value for a mark, or
another status than the floor wrote down, and somebody of the office who does not judge approves it or turns it down, having seen
what it does to the standings.

Each is its own occasion and is decided alone. Everything here knows work codes only, also once they are decoded. After the
publication the way is an appeal, whose ruling approves corrections in the same two steps (marks.correcting, marks.correcting_status).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from scoring.verdict import Problems, Words
from server.access import Actor
from server.competitions.flow import scheme_of
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, MarkCorrection, StatusCorrection
from server.errors import Refusal, missing
from server.ledger import hold
from server.marks.correcting import MOST_REASON, SAME_PERSON, STALE, approve, drop, marks_of, propose
from server.marks.correcting_status import STALE as STALE_STATUS
from server.marks.correcting_status import approve_status, marks_owed, propose_status, status_of
from server.marks.flow import panel_of
from server.results.flow import canonical, differing, outcome_of, rows_of

STATES = {
    "proposed": Words("待批准", "waits"),
    "approved": Words("已批准", "approved"),
    "refused": Words("未批准", "turned down"),
    "dropped": Words("已撤回", "taken back"),
}
CORRECTED = frozenset({"sealed", "reviewed"})
"""States of an event in which its marks and statuses change by a correction of the chief judge."""
EVERY = """SELECT c.id, c.occasion, c.corrects, c.before, c.after, c.reason, c.state, c.proposed, c.at, c.settled, c.answer, c.mark,
    m.entry, m.aspect, m.judge, a.name AS proposed_by, coalesce(d.name, '') AS decided_by, p.number AS appeal
FROM mark_correction c JOIN mark m ON m.id = c.corrects JOIN account a ON a.id = c.proposed
LEFT JOIN account d ON d.id = c.decided LEFT JOIN appeal p ON p.id = c.occasion
WHERE c.event = {} ORDER BY c.id"""
EVERY_STATUS = """SELECT c.id, c.occasion, c.before, c.after, c.reason, c.state, c.proposed, c.at, c.settled, c.answer, c.entry,
    a.name AS proposed_by, coalesce(d.name, '') AS decided_by, p.number AS appeal
FROM status_correction c JOIN account a ON a.id = c.proposed
LEFT JOIN account d ON d.id = c.decided LEFT JOIN appeal p ON p.id = c.occasion
WHERE c.event = {} ORDER BY c.id"""
OF_A_STATUS = MappingProxyType(
    dict.fromkeys(("corrects", "mark", "aspect", "judge", "name", "name_en", "label", "before_mark", "after_mark"))
)
UNKNOWN = missing(Words("这项更正", "correction"))
PUBLISHED = Refusal(
    "correction.published",
    Words("成绩已经公示，裁判长不能再更正。", "The results are published; the chief judge no longer corrects them."),
    Words(
        "请代表队提出申诉：裁定时更正，并重新公示。", "A delegation appeals; the ruling corrects and publishes again."
    ),
)
NOT_SEALED = Refusal(
    "correction.not-sealed",
    Words("还没有封存，用不着更正。", "The event is not sealed; there is nothing to correct yet."),
    Words("封存以前，裁判在平板上改自己的分。", "Until the seal judges change their own marks on the tablet."),
)
SETTLED = Refusal(
    "correction.settled",
    Words("这项更正已经有了结果。", "This correction is settled already."),
    Words("请看更正记录。", "See the record of corrections."),
)
NO_ANSWER = Refusal(
    "correction.answer",
    Words("请写明不批准的理由，最多 500 字。", "Say why you turn it down, in at most 500 characters."),
    status=422,
)
OTHER_EFFECTS = Refusal(
    "correction.effects",
    Words("更正的影响和你看到的不一样了；没有批准。", "The effects are no longer what you saw; nothing was approved."),
    Words("请看过现在的影响再决定。", "Look at them as they are now, then decide."),
)


@dataclass(frozen=True, slots=True)
class Effects:
    """What a correction does: the lines of the standings before and after, and the fingerprint of what was looked at."""

    moved: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
    seen: str


async def corrections_of(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every correction of an event's marks and statuses, the newest first, also those of appeals (`appeal` is then a number); that
    of a mark with the aspect's `name` and `name_en`, the judge's `label` (J1 …) and both values as people write them (`before_mark`,
    `after_mark`), which are None for a status, as `corrects` is.
    """
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    rows = await MarkCorrection.raw(EVERY, event["id"])
    assert scheme is not None or not rows  # no event is marked without a scheme
    marks = [
        {
            **row,
            **{name: getattr(scheme.aspect(row["aspect"]), name) for name in ("name", "name_en") if scheme},
            **{
                f"{name}_mark": scheme.aspect(row["aspect"]).written(row[name])
                for name in ("before", "after")
                if scheme
            },
            "label": panel.name_of(row["judge"]),
        }
        for row in rows
    ]
    statuses = [{**OF_A_STATUS, **row} for row in await StatusCorrection.raw(EVERY_STATUS, event["id"])]
    return sorted([*marks, *statuses], key=lambda one: one["at"], reverse=True)


async def correction_of(event: Mapping[str, Any], id: str) -> dict[str, Any]:
    """One of them, as an address names it. Raises Refusal `not-found`."""
    found = next((one for one in await corrections_of(event) if str(one["id"]) == id), None)
    if found is None:
        raise UNKNOWN
    return found


async def effects_of(event: Mapping[str, Any], one: Mapping[str, Any]) -> Effects:
    """What a correction would do to the standings as they are now. Raises Refusal `correction.marks-owed` where there would be none."""
    before = rows_of(event, await outcome_of(event))
    corrected = {(one["corrects"] or one["entry"]): one["after"]}
    try:
        outcome = await (outcome_of(event, corrected) if one["corrects"] else outcome_of(event, statuses=corrected))
    except Problems as owed:
        raise marks_owed(owed) from None
    after = rows_of(event, outcome)
    looked = canonical([str(one["id"]), before, after])
    return Effects(differing(before, after, "code"), hashlib.sha256(looked.encode()).hexdigest())


async def mark_at(event: Mapping[str, Any], entry: str, aspect: str, label: str, before: int) -> str:
    """The id of the mark that a judge (J1 …) gave an entry for an aspect. Raises Refusal `not-found`, or `correction.stale`
    where it is not what somebody has before them.
    """
    named = ((row, (row["aspect"], row["label"])) for row in await marks_of(event, entry))
    row = next((row for row, name in named if name == (aspect, label)), None)
    if row is None:
        raise missing(Words("这个分数", "mark"))
    if row["value"] != before:
        raise STALE
    return str(row["id"])


async def propose_alone(
    event: Mapping[str, Any], entry: str, mark: str, value: int, reason: str, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Propose another value (hundredths) for a mark of an entry (its work code); the correction. Whoever calls has asked for the
    chief judge.

    Raises Refusal: `correction.not-sealed`, `correction.published`, or as marks.correcting.propose does.
    """
    async with DB.transaction():
        now = await _open(event)
        id = await propose(now, entry, mark, value, reason, None, actor, at)
    return await correction_of(event, str(id))


async def propose_status_alone(
    event: Mapping[str, Any], entry: str, before: str, status: str, reason: str, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Propose another status for an entry (its work code) than `before`, which somebody has before them; the correction. Whoever
    calls has asked for the chief judge.

    Raises Refusal: `correction.not-sealed`, `correction.published`, `correction.stale-status`, `correction.marks-owed` where the
    results could not be computed with it, or as marks.correcting_status.propose_status does.
    """
    async with DB.transaction():
        now = await _open(event)
        if await status_of(now["id"], entry) != before:
            raise STALE_STATUS
        id = await propose_status(now, entry, status, reason, None, actor, at)
        one = await correction_of(now, str(id))
        await effects_of(now, one)
    return one


async def take_back(event: Mapping[str, Any], id: str, actor: Actor, at: datetime) -> None:
    """Let a correction go that waits; whoever proposed it does. Raises Refusal `not-found` or `correction.settled`."""
    async with DB.transaction():
        await hold(event["competition"])
        one = await correction_of(event, id)
        if one["proposed"] != actor.account:
            raise UNKNOWN
        _waits(one)
        await drop(event, [one["id"]], actor, at)


async def decide(
    event: Mapping[str, Any], id: str, approved: bool, answer: str, seen: str, actor: Actor, at: datetime
) -> None:
    """Approve a correction with the effects that were seen, or turn it down with an answer. Whoever calls has asked for the
    office, and had them show again who they are.

    Raises Refusal: `not-found`, `correction.settled`, `correction.same-person`, `correction.answer`, `correction.effects`,
    `correction.stale`, `correction.stale-status`, `correction.marks-owed`, or `correction.published`.
    """
    async with DB.transaction():
        now, one = await _open(event), await correction_of(event, id)
        _waits(one)
        if one["proposed"] == actor.account:
            raise SAME_PERSON
        if not approved:
            if not 0 < len(answer.strip()) <= MOST_REASON:
                raise NO_ANSWER
            await drop(now, [one["id"]], actor, at, answer.strip())
            return
        if (await effects_of(now, one)).seen != seen:
            raise OTHER_EFFECTS
        await (approve if one["corrects"] else approve_status)(now, one["id"], actor, at)
        await Event.update({Event.version: Event.version + 1}).where(Event.id == now["id"])


def _waits(one: Mapping[str, Any]) -> None:
    if one["state"] != "proposed" or one["appeal"] is not None:
        raise SETTLED


async def _open(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event, held for the caller's transaction, between its seal and its publication."""
    await hold(event["competition"])
    now = await the_row(Event.select().where(Event.id == event["id"]).output(load_json=True).first())
    if now["state"] not in CORRECTED:
        raise closed(now)
    return now


def closed(event: Mapping[str, Any]) -> Refusal:
    """Why nothing is corrected here now, and where to go."""
    return NOT_SEALED if event["state"] in ("setup", "registration", "drawn", "marking") else PUBLISHED
