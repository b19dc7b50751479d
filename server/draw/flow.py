"""The draw of an event: from its entries and a seed that nobody chose alone to order, station and blind code.

Everything that is needed to repeat it is stored with it and published: the algorithm's name, the commitments, the
public string, and the list of entries in the order in which they went in. A draw comes about in one of two ways: out of
a ceremony that was announced (`server.draw.ceremony`), or, for a small competition, from commitments that the organiser
types when no ceremony was announced. Which way it was is stored with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring import blind_draw
from scoring.blind_draw import LAYERS, Secrets
from scoring.draw import ALGORITHM, DrawEntry, draw, seed
from scoring.verdict import No, Words
from server.access import Actor
from server.database.tables import Ceremony, Draw, Entry, Event, Place
from server.draw.ceremony import ceremony_of, may_draw, witnesses_of
from server.draw.layers import insert_places, seal_layers
from server.draw.pool import algorithm_of, blind_entries
from server.errors import Refusal, refuse
from server.ledger import record
from server.registration.naming import entry_id
from server.sealing import Sealer


async def hold_draw(
    event: Mapping[str, Any],
    commitments: Sequence[str],
    public: str,
    actor: Actor,
    at: datetime,
    sealer: Sealer | None = None,
) -> str:
    """Draw an event within the caller's transaction; the seed. Entries of one delegation are kept apart.

    With a ceremony open, only the public string is given. Raises Refusal `draw.commitments` without at least one
    commitment and a public string, `draw.ceremony` when both ways are mixed, `draw.nobody` without entries.
    """
    ceremony = await ceremony_of(event["id"])
    if not public.strip() or not (ceremony or any(text.strip() for text in commitments)):
        raise Refusal(
            "draw.commitments",
            Words(
                "抽签要有至少一份承诺和一个事先约定的公开字符串。",
                "A draw needs a commitment and a public string that was named beforehand.",
            ),
            status=422,
        )
    rows = await Entry.select(Entry.id, Entry.number).where(Entry.event == event["id"])
    if not rows:
        raise Refusal("draw.nobody", Words("没有人报名，不能抽签。", "Nobody has entered; there is nothing to draw."))
    entries = {entry_id(event, row["number"]): row["id"] for row in rows}
    if ceremony:
        made = await _hold_announced(event, ceremony, commitments, public.strip(), entries, at, sealer)
    else:
        made = await _hold_typed(event, commitments, public, entries, at)
    await Event.update({Event.version: Event.version + 1}).where(Event.id == event["id"])
    data = {
        "algorithm": made.algorithm,
        "seed": made.seed,
        "entries": len(entries),
        "way": made.way,
        "draw": made.version,
    }
    await record(event["competition"], "event.drawn", actor, at, event=event["id"], data=data)
    return str(made.seed)


async def _hold_typed(
    event: Mapping[str, Any], commitments: Sequence[str], public: str, ids: Mapping[str, UUID], at: datetime
) -> Draw:
    query = Entry.select(Entry.number, Entry.delegation.name.as_alias("unit")).where(Entry.event == event["id"])
    rows = await query.order_by(Entry.number)
    entries = [DrawEntry(entry_id(event, row["number"]), row["unit"]) for row in rows]
    drawn = draw(entries, event["stations"], seed(commitments, public), event["shifts"] or None)
    made = Draw(
        id=uuid4(),
        event=event["id"],
        algorithm=ALGORITHM,
        commitments=list(commitments),
        public=public,
        seed=drawn.seed,
        stations=event["stations"],
        shifts=event["shifts"],
        entries=[{"id": entry.id, "unit": entry.unit} for entry in entries],
        at=at,
        version=await _next_version(event["id"]),
        way="typed",
        codes=sorted(place.code for place in drawn.places),
        promises={},
    )
    await Draw.insert(made)
    await insert_places(event, ids, drawn.places)
    return made


async def _hold_announced(
    event: Mapping[str, Any],
    ceremony: Mapping[str, Any],
    commitments: Sequence[str],
    public: str,
    ids: Mapping[str, UUID],
    at: datetime,
    sealer: Sealer | None,
) -> Draw:
    if any(text.strip() for text in commitments):
        raise Refusal(
            "draw.ceremony",
            Words("这次抽签由监督自己承诺，不能代填。", "The supervisors commit to this draw themselves."),
            Words("只填公开字符串。", "Give the public string only."),
            status=422,
        )
    if isinstance(verdict := await may_draw(event, at), No):
        raise refuse(verdict)
    assert sealer is not None  # whoever opens this door for people brings the installation's key along
    words = [one["words"] for one in await witnesses_of(ceremony["id"])]
    secrets = json.loads(sealer.open(bytes(ceremony["secrets_sealed"]), f"ceremony:{ceremony['id']}"))
    entries, stations, shifts = blind_entries(ceremony["entries"]), ceremony["stations"], ceremony["shifts"]
    opened = Secrets(**{layer: secrets[layer] for layer in LAYERS if layer in secrets})
    drawn = blind_draw.draw(
        entries, stations, seed(words, public), opened, shifts or None, algorithm_of(ceremony["entries"])
    )
    made = Draw(
        id=uuid4(),
        event=event["id"],
        algorithm=drawn.algorithm,
        commitments=words,
        public=public,
        seed=drawn.seed,
        stations=stations,
        entries=ceremony["entries"],
        at=at,
        version=await _next_version(event["id"]),
        way="ceremony",
        shifts=shifts,
        promises=ceremony["promises"],
        codes=sorted(place.code for place in drawn.places),
    )
    if not ceremony["custody"]:
        made.secrets_sealed = sealer.seal(json.dumps(secrets), f"draw:{made.id}")
    await Draw.insert(made)
    if ceremony["custody"]:
        await seal_layers(made.id, ceremony["id"], drawn, secrets)
    else:
        await insert_places(event, ids, drawn.places)
    over: dict[Any, Any] = {
        Ceremony.outcome: "drawn",
        Ceremony.draw_version: made.version,
        Ceremony.secrets_sealed: b"",
    }
    await Ceremony.update(over).where(Ceremony.id == ceremony["id"])
    return made


async def _next_version(event: UUID) -> int:
    return int(await Draw.count().where(Draw.event == event)) + 1


async def draws_of(event: UUID) -> list[dict[str, Any]]:
    """Every draw of an event, the newest first: also those that were held again."""
    query = Draw.select().where(Draw.event == event).order_by(Draw.version, ascending=False)
    return [dict(row) for row in await query.output(load_json=True)]


async def codes_of(event: UUID) -> list[str]:
    """The blind codes of an event: all that a judge sees of its entries. Not in working order, which tells who it is."""
    rows = await Place.select(Place.code).where(Place.event == event).order_by(Place.code)
    if rows:
        return [row["code"] for row in rows]
    sealed = (
        await Draw.select(Draw.codes)
        .where((Draw.event == event) & Draw.withdrawn.eq(False))
        .output(load_json=True)
        .first()
    )
    return list(sealed["codes"]) if sealed else []


async def decoded(event: UUID) -> dict[str, UUID]:
    """Blind code → entry: only for what comes after the decoding."""
    return {
        row["code"]: row["entry"] for row in await Place.select(Place.code, Place.entry).where(Place.event == event)
    }
