"""What a judge notes beside a mark, and what they measured there. It decides nothing: where two tablets hold different marks of one
cell, each is shown with what was noted on its tablet.

A remark has a ULID from the tablet, so that one that is sent twice is stored once. A row is never changed; of a cell on one tablet the
newest counts, and an empty one takes back what was noted before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from scoring.verdict import No, Words
from server.access import Actor
from server.competitions.flow import scheme_of
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Event, MarkHead, Remark
from server.draw.flow import codes_of
from server.ledger import hold
from server.marks.batch import ID_REUSED
from server.marks.evidence import TAKEN_IN
from server.wire import Answer
from server.wire.marks import TURNING, Short, Ulid, told_everywhere

MOST = 50
"""Remarks in one post."""
MOST_HERE = 100
"""Remarks of one judge beside one cell, of all their tablets."""
NEWEST = """
SELECT DISTINCT ON (r.entry, r.aspect, r.judge, r.device) r.entry, r.aspect, r.judge, r.device, r.measured, r.note
FROM remark r JOIN unnest({}::text[], {}::text[]) AS c (entry, aspect) ON r.entry = c.entry AND r.aspect = c.aspect
WHERE r.event = {} ORDER BY r.entry, r.aspect, r.judge, r.device, r.sequence DESC
"""
OTHER_EVENT = No("remark.other-event", Words("你不在这个赛项的裁判组里。", "You are not on the panel of this event."))
CLOSED = No("remark.closed", Words("这个赛项现在不收备注。", "This event takes no notes now."))
NO_PLACE = No("remark.place", Words("这个赛项没有这个作品或评分项。", "This event has no such piece or aspect."))
ENOUGH = No("remark.enough", Words("这一格的备注改得太多了。", "The notes of this cell were changed too often."))


class NewRemark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A remark as the tablet sends it: what was measured, as it was typed, and a note."""

    id: Ulid
    event: UUID
    entry: Short
    aspect: Short
    device: Short
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    measured: Annotated[str, msgspec.Meta(max_length=40, pattern=rf"^[^\x00-\x1f\x7f{TURNING}]*$")] = ""
    note: Annotated[str, msgspec.Meta(max_length=500, pattern=rf"^[^\x00{TURNING}]*$")] = ""

    def __post_init__(self) -> None:
        """A time is one that can be told in every time zone."""
        told_everywhere(self.made_at)


async def take(remarks: Sequence[NewRemark], actor: Actor, at: datetime) -> list[Answer]:
    """Store what a tablet has queued; one answer per remark: stored, duplicate or refused."""
    return [await _take(one, actor, at) for one in remarks]


async def _take(new: NewRemark, actor: Actor, at: datetime) -> Answer:
    event = await Event.select().where(Event.id == new.event).first().output(load_json=True)
    if event is None or new.event not in actor.seats:
        return _refused(new, OTHER_EVENT)
    async with DB.transaction():
        await hold(event["competition"])
        before = await Remark.select().where(Remark.id == new.id).first()
        if before is not None:
            same = before["judge"] == actor.account and all(before[name] == getattr(new, name) for name in SAME)
            return Answer(new.id, "duplicate") if same else _refused(new, ID_REUSED)
        if no := await _against(new, event, actor):
            return _refused(new, no)
        await insert_rows(Remark, [{**msgspec.structs.asdict(new), "judge": actor.account, "at": at}])
    return Answer(new.id, "stored")


SAME = ("event", "entry", "aspect", "device", "measured", "note")
"""What a remark that is sent again has in common with the one that is stored."""


async def _against(new: NewRemark, event: Mapping[str, Any], actor: Actor) -> No | None:
    if event["state"] not in TAKEN_IN:
        return CLOSED
    scheme = scheme_of(event)
    if scheme is None or new.aspect not in scheme.by_id or new.entry not in await codes_of(new.event):
        return NO_PLACE
    here = (Remark.event == new.event) & (Remark.entry == new.entry) & (Remark.aspect == new.aspect)
    return ENOUGH if await Remark.count().where(here & (Remark.judge == actor.account)) >= MOST_HERE else None


def _refused(new: NewRemark, no: No) -> Answer:
    return Answer(new.id, "refused", no.rule, no.reason.zh, no.reason.en)


async def beside(event: UUID, cells: Sequence[tuple[str, str]]) -> dict[tuple[str, str, UUID, str], Mapping[str, Any]]:
    """The newest remark of each tablet beside these cells (entry, aspect), by entry, aspect, judge and device."""
    rows = await MarkHead.raw(NEWEST, [entry for entry, _ in cells], [aspect for _, aspect in cells], event)
    return {(row["entry"], row["aspect"], row["judge"], row["device"]): row for row in rows}
