"""What the floor writes down about an entry besides its marks: it did not come, gave up, did not finish, was put out.

Nobody owes marks for such an entry, and the policy says whether it is ranked (`standing.unranked`). The chief judge
writes it down and takes it back while marks are taken; work codes only, so that nobody learns who it is. Rows are only
added; the newest of an entry counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from scoring.marks import Facts
from scoring.said import STATUS
from scoring.verdict import Words
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, FloorStatus
from server.draw.flow import codes_of
from server.errors import Refusal, explained, missing
from server.ledger import hold, record

COMPETED = "competed"
STATUSES = {COMPETED: Words("正常参赛", "competed"), **STATUS}
MOST_REASON = 300
NO_REASON = Refusal(
    "floor.reason", Words("请写明情况，最多 300 字。", "Say what happened, in at most 300 characters."), status=422
)
UNTOUCHED: Mapping[str, str] = MappingProxyType({})
NEWEST = """SELECT DISTINCT ON (entry) entry, status, reason, at FROM floor_status WHERE event = {}
ORDER BY entry, sequence DESC"""


async def floor_of(event: UUID) -> dict[str, dict[str, Any]]:
    """Work code → status, reason and when, for every entry that did not simply compete."""
    rows = await FloorStatus.raw(NEWEST, event)
    return {row["entry"]: dict(row) for row in rows if row["status"] != COMPETED}


async def facts_of_entries(event: UUID, corrected: Mapping[str, str] = UNTOUCHED) -> dict[str, Facts]:
    """Every work code with what the rules are to know about the entry, as if those in `corrected` had that status."""
    floor = {**{code: row["status"] for code, row in (await floor_of(event)).items()}, **corrected}
    return {code: Facts(status=floor.get(code, COMPETED)) for code in await codes_of(event)}


async def write_down(
    event: Mapping[str, Any], entry: str, status: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Write an entry's status down, or take it back with `competed`. Whoever calls has asked for the chief judge.

    Raises Refusal: `floor.closed` when no marks are taken, `floor.status`, `not-found`, `floor.reason`, `floor.same`.
    """
    if status not in STATUSES:
        raise Refusal("floor.status", Words("没有这种情况。", "There is no such status."), status=422)
    reason = reason.strip() if status == "absent" else explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        await hold(event["competition"])
        now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
        if now["state"] != "marking":
            raise Refusal("floor.closed", Words("现在不是打分阶段。", "No marks are taken now."))
        if entry not in await codes_of(event["id"]):
            raise missing(Words("这个作品", "piece"))
        before = (await floor_of(event["id"])).get(entry, {}).get("status", COMPETED)
        if before == status:
            raise Refusal("floor.same", Words("已经是这样登记的。", "It is written down like this already."))
        row = {
            "id": uuid4(), "event": event["id"], "entry": entry, "status": status, "reason": reason,
            "account": actor.account, "at": at,
        }  # fmt: skip
        await insert_rows(FloorStatus, [row])
        await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
        data = {"entry": entry, "from": before, "to": status}
        await record(event["competition"], "entry.status", actor, at, event=event["id"], reason=reason, data=data)
