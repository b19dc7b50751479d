"""A draw held again: for a reason, by two people, before anybody marks, with the first one still there to be repeated."""

from __future__ import annotations

import pytest

from server.database.tables import Decision, Place
from server.draw.flow import codes_of, draws_of
from server.draw.record import placed, record_of
from server.draw.redraw import answer, ask_again, redraws_of
from tests.server.draw.ceremonies import (
    LATER,
    announced,
    committed,
    held,
    ready,
    revealed,
    with_witnesses,
)
from tests.server.draw.test_ceremony import refused
from tests.server.small import AT, SEALER, opened


async def test_a_draw_is_held_again_and_the_first_one_stays(database: str) -> None:
    """Two versions, both repeatable; only the second one counts, and nobody can mark by the first one's codes."""
    small, witnesses = await ready()
    await held(small)
    first = await Place.select(Place.entry, Place.code).order_by(Place.position)
    await ask_again(await small.event(), "3 号赛位设备损坏，改为 5 个赛位", witnesses[0], LATER)
    await answer(await small.event(), True, small.staff, LATER)
    assert (await small.event())["state"] == "registration" and await codes_of((await small.event())["id"]) == []
    await opened(small, "drawn", commitments=("丙", "丁"), public="号码 5678")
    event = (await small.event())["id"]
    newest, oldest = await draws_of(event)
    assert [(one["version"], one["withdrawn"], one["way"]) for one in (newest, oldest)] == [
        (2, False, "typed"),
        (1, True, "ceremony"),
    ]
    record = await record_of(oldest, True, SEALER)
    assert record
    places = placed(record, oldest["seed"])
    assert [one.code for one in places] == [row["code"] for row in first]
    assert await Place.count() == 6 == len(await codes_of(event))
    kinds = await Decision.select(Decision.kind, Decision.reason).where(Decision.kind.like("draw.again%"))
    assert {row["kind"] for row in kinds} == {"draw.again-asked", "draw.again-granted"}
    assert {row["reason"] for row in kinds} == {"3 号赛位设备损坏，改为 5 个赛位"}


async def test_it_can_be_announced_again(database: str) -> None:
    """The second draw has a ceremony of its own."""
    small, witnesses = await ready()
    await held(small)
    await ask_again(await small.event(), "漏了一支队", witnesses[0], LATER)
    await answer(await small.event(), True, witnesses[1], LATER)
    assert await announced(small, witnesses) == 2
    await committed(small, witnesses)
    await revealed(small, witnesses)
    await held(small)
    assert [one["version"] for one in await draws_of((await small.event())["id"])] == [2, 1]


async def test_it_needs_a_reason_and_a_second_person(database: str) -> None:
    """Nobody decides it alone, and nobody asks twice; a refusal leaves everything as it is and is kept."""
    small, (first, second) = await ready()
    await held(small)
    event = await small.event()
    assert await refused(ask_again(event, "  ", first, LATER)) == "draw.reason"
    assert await refused(answer(event, True, small.staff, LATER)) == "redraw.nobody-asked"
    await ask_again(event, "运气不好", first, LATER)
    assert await refused(ask_again(event, "再来", second, LATER)) == "redraw.asked"
    assert await refused(answer(event, True, first, LATER)) == "redraw.same-person"
    await answer(event, False, second, LATER)
    assert (await small.event())["state"] == "drawn" and await Place.count() == 6
    (kept,) = await redraws_of(event["id"])
    assert (kept["answer"], kept["name"], kept["version"]) == ("refused", "监督甲", 1)


@pytest.mark.parametrize("state", ["registration", "marking"])
async def test_it_is_too_early_or_too_late(database: str, state: str) -> None:
    """Before the draw there is nothing to hold again; once marks may be there it is over."""
    small, (first, _) = await with_witnesses()
    if state == "marking":
        await opened(small, "drawn")
        await opened(small, "marking")
    assert await refused(ask_again(await small.event(), "理由", first, AT)) == "redraw.too-late"
