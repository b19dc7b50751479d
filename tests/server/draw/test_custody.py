"""Three layers with three custodians: nobody sees two that touch, and they are opened in reverse under a supervisor."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from scoring.blind_draw import LAYERS
from server.access import Seat as Held
from server.database.tables import Custodian, Decision, Draw, Place, SealedLayer
from server.draw import keys
from server.draw.custodians import take_key
from server.draw.flow import codes_of, draws_of
from server.draw.layers import all_open, layers_of, open_layer, read_layer
from server.draw.record import placed, record_of
from server.marks.flow import seat
from tests.server.draw.ceremonies import (
    LATER,
    PASSPHRASES,
    announced,
    clerk,
    held,
    kept,
    ready,
    under_custody,
    with_witnesses,
)
from tests.server.draw.test_ceremony import refused, replayed
from tests.server.small import SEALER, Small, opened, owed_marks, posted


async def sealed(slug: str = "small", escrow: bool = False) -> tuple[Small, Any, Any]:
    """A competition that was drawn under custody, marked and sealed."""
    small, witnesses, custodians = await under_custody(slug, escrow)
    await held(small)
    event = (await small.event())["id"]
    small.codes = await codes_of(event)
    await opened(small, "marking", at=LATER)
    await posted(small, owed_marks(small, event))
    await opened(small, "sealed", at=LATER)
    return small, witnesses, custodians


async def test_before_the_decoding_the_database_holds_no_way_from_an_entry_to_a_code(database: str) -> None:
    """No row of a place, no secret under the installation's key; each layer can be read with its own custodian's key only."""
    small, _, _ = await under_custody()
    await held(small)
    assert not await Place.exists() and len(await codes_of((await small.event())["id"])) == 6
    assert bytes((await Draw.select(Draw.secrets_sealed).first())["secrets_sealed"]) == b""
    connection = await asyncpg.connect(database)
    try:
        for row in await connection.fetch("SELECT secrets_sealed FROM ceremony"):
            assert bytes(row[0]) == b""
        texts = [bytes(row[0]) for row in await connection.fetch("SELECT sealed FROM sealed_layer")]
    finally:
        await connection.close()
    assert len(texts) == 3 and not any(b"M01-001" in text or b"W-01" in text for text in texts)


async def test_every_custodian_reads_their_own_layer_and_no_other(database: str) -> None:
    """Each layer has one side in common with the next, and nobody's passphrase opens a neighbour's."""
    small, _, custodians = await under_custody()
    await held(small)
    event = await small.event()
    read = {layer: await read_layer(event, layer, PASSPHRASES[layer], custodians[layer], LATER) for layer in LAYERS}
    assert [left for left, _ in read["number"]] == [f"M01-{n:03}" for n in range(1, 7)]
    assert {right for _, right in read["number"]} == {left for left, _ in read["station"]}
    assert {right for _, right in read["station"]} == {left for left, _ in read["code"]}
    assert {right for _, right in read["code"]} == set(await codes_of(event["id"]))
    for layer, other in zip(LAYERS, (*LAYERS[1:], LAYERS[0]), strict=True):
        attempt = read_layer(event, other, PASSPHRASES[layer], custodians[layer], LATER)
        assert await refused(attempt) == "custody.not-yours"
        attempt = read_layer(event, layer, PASSPHRASES[other], custodians[layer], LATER)
        assert await refused(attempt) == "custody.passphrase"
        one = next(row for row in await layers_of(event["id"]) if row["layer"] == layer)
        two = next(row for row in await layers_of(event["id"]) if row["layer"] == other)
        private = await keys.unwrap(bytes(one["wrapped"]), PASSPHRASES[layer], f"custodian:{one['custodian']}")
        with pytest.raises(type(keys.ALTERED), match=r"custody\.altered"):
            keys.open_with(private, bytes(two["sealed"]), f"layer:{two['draw']}:{other}")
    reads = await Decision.select(Decision.data).where(Decision.kind == "draw.layer-read").output(load_json=True)
    assert [row["data"]["layer"] for row in reads] == list(LAYERS)


async def test_layers_are_opened_in_reverse_under_a_supervisor_and_each_is_recorded(database: str) -> None:
    """The review waits for the last layer; then everybody has the place that the draw gives again."""
    small, witnesses, _ = await sealed()
    event = await small.event()
    assert await refused(opened(small, "reviewed", at=LATER)) == "custody.sealed"
    for layer in ("code", "station", "number"):
        for other in set(LAYERS) - {layer}:
            attempt = open_layer(event, other, PASSPHRASES[other], "", SEALER, witnesses[0], LATER)
            assert await refused(attempt) == "custody.order"
        attempt = open_layer(event, layer, "not the passphrase", "", SEALER, witnesses[0], LATER)
        assert await refused(attempt) == "custody.passphrase"
        assert not await Place.exists()
        await open_layer(event, layer, PASSPHRASES[layer], "", SEALER, witnesses[0], LATER)
    assert (await all_open(event["id"])).rule == "custody.open" and await Place.count() == 6
    query = Decision.select(Decision.data, Decision.actor_name).where(Decision.kind == "draw.layer-opened")
    decided = await query.order_by(Decision.sequence).output(load_json=True)
    assert [(row["data"]["layer"], row["data"]["by"]) for row in decided] == [
        ("code", "passphrase"),
        ("station", "passphrase"),
        ("number", "passphrase"),
    ]
    assert {row["actor_name"] for row in decided} == {"监督甲"}
    await opened(small, "reviewed", at=LATER)
    await opened(small, "published", at=LATER)


async def test_the_record_hides_the_places_until_the_layers_are_published(database: str) -> None:
    """Three promises and no place before; afterwards three secrets that give the same numbers, places and codes."""
    small, witnesses, _ = await sealed()
    event = await small.event()
    (drawn,) = await draws_of(event["id"])
    before = await record_of(drawn, False, SEALER)
    assert before and set(before["promises"]) == set(LAYERS) and placed(before, drawn["seed"]) == ()
    for layer in ("code", "station", "number"):
        await open_layer(event, layer, PASSPHRASES[layer], "", SEALER, witnesses[0], LATER)
    after = await record_of(drawn, True, SEALER)
    assert after and {one["entry"] for one in replayed(after)["places"]} == {one["id"] for one in drawn["entries"]}
    rows = await Place.select(Place.code, Place.entry.number.as_alias("number"))
    real = {f"M01-{row['number']:03}": row["code"] for row in rows}
    assert {one["entry"]: one["code"] for one in replayed(after)["places"]} == real


async def test_an_exchanged_layer_is_noticed(database: str) -> None:
    """Who seals something else to the custodian's key cannot make it agree with the promise."""
    small, witnesses, _ = await sealed()
    event = await small.event()
    code = next(row for row in await layers_of(event["id"]) if row["layer"] == "code")
    public = (await Custodian.select(Custodian.public_key).where(Custodian.id == code["custodian"]).first())[
        "public_key"
    ]
    forged = json.dumps({"secret": "mine", "pairs": [["1-01", "W-01"]]})
    exchanged = keys.seal_to(bytes(public), forged, f"layer:{code['draw']}:code")
    await SealedLayer.update({SealedLayer.sealed: exchanged}).where(SealedLayer.id == code["id"])
    attempt = open_layer(event, "code", PASSPHRASES["code"], "", SEALER, witnesses[0], LATER)
    assert await refused(attempt) == "custody.altered"


async def test_an_escrow_copy_serves_with_a_reason_only_where_it_was_chosen(database: str) -> None:
    """A custodian who is gone stops the decoding, unless the organiser wanted a copy; its use is recorded."""
    small, witnesses, _ = await sealed("none")
    event = await small.event()
    attempt = open_layer(event, "code", "", "保管人病倒", SEALER, witnesses[0], LATER)
    assert await refused(attempt) == "custody.no-escrow"
    small, witnesses, _ = await sealed("copy", escrow=True)
    event = await small.event()
    assert await refused(open_layer(event, "code", "", " ", SEALER, witnesses[0], LATER)) == "draw.reason"
    await open_layer(event, "code", "", "保管人病倒", SEALER, witnesses[0], LATER)
    query = Decision.select(Decision.data, Decision.reason).where(Decision.kind == "draw.layer-opened")
    (decided,) = await query.output(load_json=True)
    assert (decided["data"]["by"], decided["reason"]) == ("escrow", "保管人病倒")


async def test_who_may_keep_a_layer(database: str) -> None:
    """Three layers, no neighbours in one hand, no judge, no stranger, and a supervisor who is free to preside."""
    small, witnesses = await with_witnesses()
    people = await kept(small)
    accounts = {layer: one.account for layer, one in people.items()}
    judge, spare = small.judges[1], await clerk(small, "备用")

    async def named(**changes: Any) -> str:
        return await refused(announced(small, witnesses, custodians={**accounts, **changes}))

    assert await refused(announced(small, witnesses, custodians={"code": accounts["code"]})) == "custody.layers"
    assert await named(station=accounts["code"]) == "custody.neighbours"
    assert await named(station=accounts["number"]) == "custody.neighbours"
    assert await named(code=judge) == "custody.judge"
    assert await named(code=small.supervisor.session or event_id(small)) == "custody.stranger"
    both = {"number": witnesses[0].account, "station": spare.account, "code": witnesses[1].account}
    assert await named(**both) == "custody.supervisor"
    await announced(small, witnesses, custodians={**accounts, "code": accounts["number"]})


def event_id(small: Small) -> Any:
    """An id that is nobody's account."""
    return next(iter(small.staff.organisers))


async def test_a_custodian_is_never_seated_as_a_judge(database: str) -> None:
    """Whoever keeps a layer cannot come onto the panel afterwards; and a seat closes the layer to its keeper."""
    small, _, custodians = await under_custody()
    await held(small)
    event, keeper = await small.event(), custodians["code"]
    assert keeper.account
    assert await refused(seat(event, keeper.account, False, small.staff, LATER)) == "panel.custodian"
    judging = replace(keeper, seats={event["id"]: Held(4, False)})
    assert await refused(read_layer(event, "code", PASSPHRASES["code"], judging, LATER)) == "custody.not-yours"


async def test_a_key_is_made_once_by_its_custodian_before_the_draw(database: str) -> None:
    """The draw waits for every key; a short passphrase, a second one and somebody else's are refused."""
    small, witnesses = await ready("other")
    assert (
        await refused(take_key(await small.event(), "code", "x" * 12, SEALER, small.staff, LATER))
        == "custody.not-yours"
    )
    small, witnesses = await with_witnesses()
    people = await kept(small)
    await announced(small, witnesses, custodians={layer: one.account for layer, one in people.items()})
    event = await small.event()
    assert await refused(take_key(event, "code", "short", SEALER, people["code"], LATER)) == "custody.short"
    assert await refused(take_key(event, "code", "x" * 12, SEALER, people["station"], LATER)) == "custody.not-yours"
    await take_key(event, "code", "x" * 12, SEALER, people["code"], LATER)
    assert await refused(take_key(event, "code", "y" * 12, SEALER, people["code"], LATER)) == "custody.keyed"


async def test_a_supervisor_who_keeps_a_layer_does_not_open_it(database: str) -> None:
    """Two people see a layer opened, always."""
    small, witnesses, _ = await sealed()
    code = next(row for row in await layers_of((await small.event())["id"]) if row["layer"] == "code")
    await Custodian.update({Custodian.account: witnesses[0].account}).where(Custodian.id == code["custodian"])
    attempt = open_layer(await small.event(), "code", PASSPHRASES["code"], "", SEALER, witnesses[0], LATER)
    assert await refused(attempt) == "custody.alone"


async def test_nothing_is_opened_before_the_seal(database: str) -> None:
    """While judges mark, no layer is opened for anybody."""
    small, witnesses, _ = await under_custody()
    await held(small)
    attempt = open_layer(await small.event(), "code", PASSPHRASES["code"], "", SEALER, witnesses[0], LATER)
    assert await refused(attempt) == "custody.not-now"
