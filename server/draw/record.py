"""What is published of a draw: exactly what `podium rules draw` takes, so that anybody can repeat it.

Before publication a record never leads to a work code. The codes of `podium-draw-1` follow from the seed, so that the
record of such a draw is kept back whole until then; later ones throw them from a secret, of which only the promise
is told. The layers that custodians keep are told once they are open, and with them the places.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scoring import blind_draw
from scoring.blind_draw import LAYERS, BlindPlace, Secrets
from scoring.draw import DrawEntry, draw
from server.database.tables import SealedLayer
from server.draw.pool import blind_entries
from server.sealing import Sealer

Facts = Mapping[str, Any]


async def secrets_of(drawn: Facts, sealer: Sealer) -> dict[str, str]:
    """Layer → secret, as far as the installation knows them: not what a custodian keeps and nobody opened yet."""
    if drawn["secrets_sealed"]:
        known: dict[str, str] = json.loads(sealer.open(bytes(drawn["secrets_sealed"]), f"draw:{drawn['id']}"))
        return known
    rows = await SealedLayer.select(SealedLayer.layer, SealedLayer.opened).where(SealedLayer.draw == drawn["id"])
    return {row["layer"]: json.loads(row["opened"])["secret"] for row in rows if row["opened"]}


async def record_of(drawn: Facts, published: bool, sealer: Sealer) -> dict[str, Any] | None:
    """The record of a draw as everybody may have it now; None while nothing may be told."""
    shared = {
        "algorithm": drawn["algorithm"],
        "entries": [{name: text for name, text in one.items() if text} for one in drawn["entries"]],
        "stations": drawn["stations"],
        **({"shifts": drawn["shifts"]} if drawn["shifts"] else {}),
        "commitments": drawn["commitments"],
        "public": drawn["public"],
    }
    if drawn["algorithm"] not in blind_draw.NAMES:
        return shared if published else None
    opened = await secrets_of(drawn, sealer) if published else {}
    return {**shared, "promises": drawn["promises"], **({"secrets": opened} if opened else {})}


def placed(record: Facts, seed: str) -> tuple[BlindPlace, ...]:
    """The places that a record gives, with the numbers and codes of the layers that are open in it; none when sealed."""
    entries, stations, shifts = blind_entries(record["entries"]), record["stations"], record.get("shifts")
    if record["algorithm"] not in blind_draw.NAMES:
        first = draw([DrawEntry(one.id, one.unit) for one in entries], stations, seed, shifts)
        return tuple(BlindPlace(one.entry, 0, one.order, one.shift, one.station, one.code) for one in first.places)
    promised, opened = record["promises"], record.get("secrets", {})
    secrets = Secrets(**{layer: opened.get(layer) for layer in LAYERS if layer in promised})
    if secrets.station is None:
        return ()
    return blind_draw.draw(entries, stations, seed, secrets, shifts, record["algorithm"]).places
