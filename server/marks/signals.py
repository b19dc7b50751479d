"""Problems that judges signal from their tablets: which kinds there are, and how a tablet's queue of them is stored.

A signal has a ULID from the tablet, so that one that is sent twice is stored once; whatever can be read is answered for by
its id, and one that cannot be taken keeps no other out.
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
from server.database.tables import Event, Signal, SignalAnswer
from server.draw.flow import codes_of
from server.ledger import hold, record
from server.marks.hall import MOST_WORDS, changed
from server.web.words import N_
from server.wire import Answer
from server.wire.marks import TURNING, Short, Ulid, told_everywhere

KINDS = {
    "equipment": N_("Equipment"),
    "scheme": N_("Scheme unclear"),
    "contestant": N_("About a contestant"),
    "other": N_("Something else"),
}
"""What a problem is about: kind → what the tablet and the board call it."""
MOST_OPEN = 20
"""Problems that one judge may have open in an event."""

Line = Annotated[str, msgspec.Meta(max_length=MOST_WORDS, pattern=rf"^[^\x00{TURNING}]*$")]
OrNothing = Annotated[str, msgspec.Meta(max_length=40, pattern=rf"^[^\x00-\x1f\x7f{TURNING}]*$")]

OTHER_EVENT = No("signal.other-event", Words("你不在这个赛项的裁判组里。", "You are not on the panel of this event."))
NO_KIND = No("signal.kind", Words("没有这一类问题。", "There is no such kind of problem."))
NO_WORDS = No("signal.words", Words("请写一句说明。", "Say in a few words what it is."))
NO_PLACE = No("signal.place", Words("这个赛项没有这个作品或评分项。", "This event has no such piece or aspect."))
ENOUGH = No("signal.enough", Words("你已有许多问题等待答复。", "Many of your problems wait for an answer already."))
ID_REUSED = No(
    "signal.id-reused", Words("这个编号已经用在另一个问题上。", "This id already belongs to another problem.")
)


class NewSignal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A problem as the tablet sends it."""

    id: Ulid
    event: UUID
    kind: Short
    device: Short
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    words: Line = ""
    entry: OrNothing = ""
    aspect: OrNothing = ""

    def __post_init__(self) -> None:
        """A time is one that can be told in every time zone."""
        told_everywhere(self.made_at)


async def take(signals: Sequence[NewSignal], actor: Actor, at: datetime) -> list[Answer]:
    """Store what a tablet has queued; one answer per signal: stored, duplicate or refused."""
    return [await _take(one, actor, at) for one in signals]


async def _take(new: NewSignal, actor: Actor, at: datetime) -> Answer:
    if new.event not in actor.seats:
        return _refused(new, OTHER_EVENT)
    event = await Event.select().where(Event.id == new.event).first().output(load_json=True)
    if event is None:
        return _refused(new, OTHER_EVENT)
    async with DB.transaction():
        await hold(event["competition"])
        before = await Signal.select().where(Signal.id == new.id).first()
        if before is not None:
            same = (before["account"], before["event"], before["kind"]) == (actor.account, new.event, new.kind)
            return Answer(new.id, "duplicate") if same else _refused(new, ID_REUSED)
        no = await _against(new, event, actor)
        if no is not None:
            return _refused(new, no)
        row = {**msgspec.structs.asdict(new), "words": new.words.strip(), "account": actor.account, "at": at}
        await insert_rows(Signal, [row])
        data = {"signal": new.id, "kind": new.kind, "entry": new.entry, "aspect": new.aspect}
        await record(event["competition"], "signal.raised", actor, at, event=new.event, reason=row["words"], data=data)
        await changed(new.event, tablets=False)
    return Answer(new.id, "stored")


async def _against(new: NewSignal, event: Mapping[str, Any], actor: Actor) -> No | None:
    if new.kind not in KINDS:
        return NO_KIND
    if new.kind == "other" and not new.words.strip():
        return NO_WORDS
    scheme = scheme_of(event)
    known = scheme is not None and new.aspect in scheme.by_id
    if (new.aspect and not known) or (new.entry and new.entry not in await codes_of(new.event)):
        return NO_PLACE
    closed = SignalAnswer.select(SignalAnswer.signal).where(SignalAnswer.closes.eq(True))
    mine = (Signal.event == new.event) & (Signal.account == actor.account) & Signal.id.not_in(closed)
    return ENOUGH if await Signal.count().where(mine) >= MOST_OPEN else None


def _refused(new: NewSignal, no: No) -> Answer:
    return Answer(new.id, "refused", no.rule, no.reason.zh, no.reason.en)
