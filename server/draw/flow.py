"""The draw of an event: from its entries and a seed that nobody chose alone to order, station and blind code.

Everything that is needed to repeat it is stored with it and published: the algorithm's name, the commitments, the
public string, and the list of entries in the order in which they went in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.draw import ALGORITHM, DrawEntry, draw, seed
from scoring.verdict import Words
from server.access import Actor
from server.database.tables import Draw, Entry, Event, Place
from server.errors import Refusal
from server.ledger import record


async def hold_draw(
    event: Mapping[str, Any], commitments: Sequence[str], public: str, actor: Actor, at: datetime
) -> str:
    """Draw an event within the caller's transaction; the seed. Entries of one delegation are kept apart.

    Raises Refusal `draw.commitments` without at least one commitment and a public string, `draw.nobody` without entries.
    """
    if not public.strip() or not any(text.strip() for text in commitments):
        raise Refusal(
            "draw.commitments",
            Words(
                "抽签要有至少一份承诺和一个事先约定的公开字符串。",
                "A draw needs a commitment and a public string that was named beforehand.",
            ),
            status=422,
        )
    query = Entry.select(Entry.id, Entry.number, Entry.delegation.name.as_alias("unit")).where(
        Entry.event == event["id"]
    )
    rows = await query.order_by(Entry.number)
    if not rows:
        raise Refusal("draw.nobody", Words("没有人报名，不能抽签。", "Nobody has entered; there is nothing to draw."))
    ids = {f"{event['code']}-{row['number']:03}": row for row in rows}
    entries = [DrawEntry(id, row["unit"]) for id, row in ids.items()]
    made = seed(commitments, public)
    drawn = draw(entries, event["stations"], made)
    await Draw.insert(
        Draw(
            id=uuid4(),
            event=event["id"],
            algorithm=ALGORITHM,
            commitments=list(commitments),
            public=public,
            seed=made,
            stations=event["stations"],
            entries=[{"id": entry.id, "unit": entry.unit} for entry in entries],
            at=at,
        )
    )
    await Place.insert(
        *(
            Place(
                id=uuid4(),
                event=event["id"],
                entry=ids[place.entry]["id"],
                position=place.order,
                shift=place.shift,
                station=place.station,
                code=place.code,
            )
            for place in drawn.places
        )
    )
    await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
    data = {"algorithm": ALGORITHM, "seed": made, "entries": len(entries)}
    await record(event["competition"], "event.drawn", actor, at, event=event["id"], data=data)
    return made


async def codes_of(event: UUID) -> list[str]:
    """The blind codes of an event: all that a judge sees of its entries. Not in working order, which tells who it is."""
    rows = await Place.select(Place.code).where(Place.event == event).order_by(Place.code)
    return [row["code"] for row in rows]


async def decoded(event: UUID) -> dict[str, UUID]:
    """Blind code → entry: only for what comes after the decoding."""
    return {
        row["code"]: row["entry"] for row in await Place.select(Place.code, Place.entry).where(Place.event == event)
    }
