"""The three layers of a draw that custodians keep: sealed at the draw, read by their custodian, opened in reverse.

A layer is a list of pairs: entry → number, number → spot, spot → work code; a *spot* is a shift and a station, `2-07`.
Until the last layer is open, no row of the database holds an entry and a work code together. A layer is opened under a
supervisor who does not keep it, from the work code back to the entry, and each opening is a decision of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.blind_draw import LAYERS, BlindDraw, BlindPlace, Secrets, draw, promise
from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Draw, Entry, Event, Place, SealedLayer
from server.draw import keys
from server.draw.custodians import NOT_YOURS, custodians_of
from server.draw.pool import blind_entries
from server.errors import Refusal
from server.ledger import hold, record
from server.registration.naming import entry_id
from server.sealing import Sealer

REVERSE = tuple(reversed(LAYERS))
Pairs = Sequence[Sequence[str]]
NAMES = {
    "number": Words("参赛编号", "number"),
    "station": Words("赛位", "station"),
    "code": Words("加密号", "work code"),
}


def spot_of(place: BlindPlace) -> str:
    """A shift and a station as they stand on envelopes."""
    return f"{place.shift}-{place.station:02}"


def pairs_of(drawn: BlindDraw) -> dict[str, Pairs]:
    """The pairs of every layer, each sorted by its left side, so that their order tells nothing."""
    return {
        "number": sorted([place.entry, str(place.number)] for place in drawn.places),
        "station": sorted(
            ([str(place.number), spot_of(place)] for place in drawn.places), key=lambda pair: int(pair[0])
        ),
        "code": sorted([spot_of(place), place.code] for place in drawn.places),
    }


async def seal_layers(drawing: UUID, ceremony: UUID, drawn: BlindDraw, secrets: Mapping[str, str]) -> None:
    """Seal every layer for its custodian within the caller's transaction."""
    pairs = pairs_of(drawn)
    await SealedLayer.insert(
        *(
            SealedLayer(
                id=uuid4(),
                draw=drawing,
                custodian=one["id"],
                layer=one["layer"],
                sealed=keys.seal_to(
                    bytes(one["public_key"]),
                    json.dumps({"secret": secrets[one["layer"]], "pairs": pairs[one["layer"]]}),
                    _about(drawing, one["layer"]),
                ),
            )
            for one in await custodians_of(ceremony)
        )
    )


def _about(drawing: UUID, layer: str) -> str:
    return f"layer:{drawing}:{layer}"


async def layers_of(event: UUID) -> list[dict[str, Any]]:
    """The layers of an event's draw that custodians keep, in the order in which they are opened; none without custodians."""
    query = SealedLayer.select(
        *SealedLayer.all_columns(),
        SealedLayer.custodian.account.as_alias("account"),
        SealedLayer.custodian.account.name.as_alias("name"),
        SealedLayer.custodian.wrapped.as_alias("wrapped"),
        SealedLayer.custodian.escrow.as_alias("escrow"),
    )
    rows = await query.where((SealedLayer.draw.event == event) & SealedLayer.draw.withdrawn.eq(False))
    return sorted((dict(row) for row in rows), key=lambda row: REVERSE.index(row["layer"]))


async def all_open(event: UUID) -> Yes | No:
    """Whether every layer has been opened."""
    return (await all_open_each([event]))[event]


async def all_open_each(events: Sequence[UUID]) -> dict[UUID, Yes | No]:
    """The same of many events, in one look."""
    query = SealedLayer.select(SealedLayer.layer, SealedLayer.draw.event.as_alias("event"))
    shut = SealedLayer.draw.withdrawn.eq(False) & SealedLayer.opened_at.is_null()
    rows = await query.where(shut & SealedLayer.draw.event.is_in(list(events))) if events else []
    left: dict[UUID, list[str]] = {}
    for row in sorted(rows, key=lambda row: REVERSE.index(row["layer"])):
        left.setdefault(row["event"], []).append(row["layer"])
    return {event: _open(left.get(event, ())) for event in events}


def _open(left: Sequence[str]) -> Yes | No:
    if not left:
        return Yes("custody.open")
    zh, en = "、".join(NAMES[layer].zh for layer in left), ", ".join(NAMES[layer].en for layer in left)
    return No("custody.sealed", Words(f"还没有解码：{zh}。", f"Not decoded yet: {en}."))


async def read_layer(event: Mapping[str, Any], layer: str, passphrase: str, actor: Actor, at: datetime) -> Pairs:
    """The pairs of a layer for its custodian; that they were read is recorded.

    Raises Refusal `custody.not-yours` or `custody.passphrase`.
    """
    kept = next((one for one in await layers_of(event["id"]) if one["layer"] == layer), None)
    if kept is None or kept["account"] != actor.account or event["id"] in actor.seats:
        raise NOT_YOURS
    private = await keys.unwrap(bytes(kept["wrapped"]), passphrase, f"custodian:{kept['custodian']}")
    content = json.loads(keys.open_with(private, bytes(kept["sealed"]), _about(kept["draw"], layer)))
    async with DB.transaction():
        await hold(event["competition"])
        await record(event["competition"], "draw.layer-read", actor, at, event=event["id"], data={"layer": layer})
    pairs: Pairs = content["pairs"]
    return pairs


async def open_layer(
    event: Mapping[str, Any], layer: str, passphrase: str, reason: str, sealer: Sealer, actor: Actor, at: datetime
) -> None:
    """Open the next layer under a supervisor: its custodian types the passphrase, or the escrow copy serves with a reason.

    Raises Refusal `custody.not-now`, `custody.order`, `custody.alone`, `custody.passphrase`, `custody.no-escrow`,
    `draw.reason` or `custody.altered`.
    """
    kept = await _next(event, layer, actor)
    private, means = await _private(kept, passphrase, reason, sealer)
    content = keys.open_with(private, bytes(kept["sealed"]), _about(kept["draw"], layer))
    drawing = await the_row(Draw.select().where(Draw.id == kept["draw"]).output(load_json=True).first())
    if promise(json.loads(content)["secret"]) != drawing["promises"][layer]:
        raise keys.ALTERED
    async with DB.transaction():
        await hold(event["competition"])
        await _next(event, layer, actor)
        changes: dict[Any, Any] = {SealedLayer.opened: content, SealedLayer.opened_at: at}
        await SealedLayer.update(changes).where(SealedLayer.id == kept["id"])
        data = {"layer": layer, "custodian": str(kept["account"]), "by": means}
        await record(event["competition"], "draw.layer-opened", actor, at, event=event["id"], reason=reason, data=data)
        if layer == REVERSE[-1]:
            await _place(event, drawing)


async def _next(event: Mapping[str, Any], layer: str, actor: Actor) -> dict[str, Any]:
    now = await the_row(Event.select(Event.state).where(Event.id == event["id"]).first())
    if now["state"] != "sealed":
        raise Refusal("custody.not-now", Words("封存之后才能解码。", "Layers are opened once the event is sealed."))
    left = [one for one in await layers_of(event["id"]) if one["opened_at"] is None]
    if not left or left[0]["layer"] != layer:
        following = NAMES[left[0]["layer"]] if left else Words("", "")
        raise Refusal(
            "custody.order",
            Words("解码要从加密号往回，一层一层来。", "Layers are opened from the work code back, one by one."),
            Words(f"下一层：{following.zh}", f"Next: {following.en}") if left else Words("", ""),
        )
    if left[0]["account"] == actor.account:
        raise Refusal(
            "custody.alone",
            Words("你保管这一层，要由另一名监督主持解码。", "You keep this layer; another supervisor has to open it."),
            status=403,
        )
    return left[0]


async def _private(kept: Mapping[str, Any], passphrase: str, reason: str, sealer: Sealer) -> tuple[bytes, str]:
    if passphrase:
        return await keys.unwrap(bytes(kept["wrapped"]), passphrase, f"custodian:{kept['custodian']}"), "passphrase"
    if not kept["escrow"]:
        raise Refusal(
            "custody.no-escrow",
            Words(
                "没有备用密钥，只能由保管人输入口令。",
                "There is no escrow copy: the custodian has to type the passphrase.",
            ),
            status=422,
        )
    if not reason.strip():
        raise Refusal(
            "draw.reason",
            Words("使用备用密钥要写明理由。", "Using the escrow copy needs a reason."),
            status=422,
        )
    return bytes.fromhex(sealer.open(bytes(kept["escrow"]), f"escrow:{kept['custodian']}")), "escrow"


async def _place(event: Mapping[str, Any], drawing: Mapping[str, Any]) -> None:
    """Write down where and under which code everybody worked, once all layers agree with what the draw gives again."""
    opened = {one["layer"]: json.loads(one["opened"]) for one in await layers_of(event["id"])}
    secrets = Secrets(**{layer: opened[layer]["secret"] for layer in LAYERS})
    entries, shifts = blind_entries(drawing["entries"]), drawing["shifts"] or None
    again = draw(entries, drawing["stations"], drawing["seed"], secrets, shifts, drawing["algorithm"])
    if {layer: opened[layer]["pairs"] for layer in LAYERS} != pairs_of(again):
        raise keys.ALTERED
    rows = await Entry.select(Entry.id, Entry.number).where(Entry.event == event["id"])
    await insert_places(event, {entry_id(event, row["number"]): row["id"] for row in rows}, again.places)


async def insert_places(event: Mapping[str, Any], entries: Mapping[str, UUID], places: Sequence[Any]) -> None:
    """The rows of a draw that is not sealed."""
    await Place.insert(
        *(
            Place(
                id=uuid4(),
                event=event["id"],
                entry=entries[place.entry],
                position=place.order,
                shift=place.shift,
                station=place.station,
                code=place.code,
            )
            for place in places
        )
    )


async def pairs_for_supervisor(event: Mapping[str, Any], layer: str, actor: Actor, at: datetime) -> Pairs:
    """The pairs of a draw that no custodian keeps, for a supervisor's envelopes: entry → spot, or spot → work code.

    Raises Refusal `custody.not-yours` for anybody else.
    """
    if event["competition"] not in actor.supervises or event["id"] in actor.seats or layer not in ("station", "code"):
        raise NOT_YOURS
    query = Place.select(Place.shift, Place.station, Place.code, Place.entry.number.as_alias("number"))
    rows = await query.where(Place.event == event["id"]).order_by(Place.position)
    async with DB.transaction():
        await hold(event["competition"])
        await record(event["competition"], "draw.layer-read", actor, at, event=event["id"], data={"layer": layer})
    spots = [(f"{row['shift']}-{row['station']:02}", row) for row in rows]
    if layer == "code":
        return sorted([spot, row["code"]] for spot, row in spots)
    return sorted([entry_id(event, row["number"]), spot] for spot, row in spots)
