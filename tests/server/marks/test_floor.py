"""Who did not come or gave up: written down by the chief judge, owed nothing, and not ranked where the policy says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.database.tables import Decision, FloorStatus
from server.errors import Refusal
from server.marks.floor import floor_of, write_down
from server.marks.flow import may_seal, progress
from server.results.flow import outcome_of, snapshot_of
from tests.server.conftest import Site
from tests.server.small import AT, Small, brought, founded, opened, owed_marks, posted


async def marking(database: str) -> Small:
    return await brought(await founded(), "marking")


async def said(small: Small, entry: str, status: str, reason: str = "突发疾病") -> None:
    await write_down(await small.event(), entry, status, reason, await small.chief(), AT)


async def code(doing: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await doing
    return caught.value.code


async def test_who_did_not_come_owes_nothing_and_is_not_ranked(database: str) -> None:
    """Five of six are marked, one is absent: the event can be sealed, five are ranked among five, and the notice says why."""
    small = await marking(database)
    absent = sorted(small.codes)[-1]
    event = (await small.event())["id"]
    await posted(small, [post for post in owed_marks(small, event) if post.mark.entry != absent])
    assert (await may_seal(await small.event())).rule == "marks.owed"
    await said(small, absent, "absent", "")
    assert (await may_seal(await small.event())).rule == "marks.complete"
    await opened(small, "sealed")
    outcome = await outcome_of(await small.event())
    assert outcome.field.entries == 5
    assert [(one.rank, one.entry) for one in outcome.standings if one.entry == absent] == [(0, absent)]
    await brought_on(small)
    snapshot = await snapshot_of(event)
    assert snapshot
    last = snapshot["content"]["rows"][-1]
    assert (last["rank"], last["status"], last["award"]) == (0, "absent", None)


async def brought_on(small: Small) -> None:
    for door in ("reviewed", "published", "final", "certified"):
        await opened(small, door)


async def test_absent_and_marked_contradict_each_other(database: str) -> None:
    """Marks of somebody who is said not to have come are kept, and the seal waits until one of the two is put right."""
    small = await marking(database)
    await posted(small, owed_marks(small, (await small.event())["id"]))
    await said(small, small.codes[0], "absent", "")
    assert (await may_seal(await small.event())).rule == "marks.absent"
    await said(small, small.codes[0], "competed", "看错了编号")
    assert (await may_seal(await small.event())).rule == "marks.complete"
    assert await FloorStatus.count() == 2 and await floor_of((await small.event())["id"]) == {}
    told = (
        await Decision.select()
        .where(Decision.kind == "entry.status")
        .order_by(Decision.sequence)
        .output(load_json=True)
    )
    assert [row["data"]["to"] for row in told] == ["absent", "competed"]


async def test_what_cannot_be_written_down(database: str) -> None:
    """No reason where one is due, an unknown piece or status, the same twice, and anything before or after the marking."""
    small = await marking(database)
    entry = small.codes[0]
    assert await code(said(small, entry, "disqualified", " ")) == "floor.reason"
    assert await code(said(small, entry, "ill")) == "floor.status"
    assert await code(said(small, "W-99", "withdrawn")) == "not-found"
    await said(small, entry, "withdrawn")
    assert await code(said(small, entry, "withdrawn")) == "floor.same"
    before = await progress(await small.event())
    done = await asyncio.gather(*(said(small, entry, "did-not-finish") for _ in range(2)), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, Refusal)] == ["floor.same"]
    assert (await progress(await small.event())).owed == before.owed
    rest = [post for post in owed_marks(small, (await small.event())["id"]) if post.mark.entry != entry]
    await posted(small, rest)
    await opened(small, "sealed")
    assert await code(said(small, entry, "competed")) == "floor.closed"


async def test_every_tablet_of_the_panel_learns_it_and_the_chief_alone_writes_it(site: Site) -> None:
    """The shift of each judge has it with its reason; another judge may read it and not write it."""
    small = await marking("")
    event = await small.event()
    chief, judge = [await site.visitor(account) for account in small.judges[:2]]
    address = f"/api/competitions/{small.slug}/events/M01/floor"
    note = {"entry": small.codes[2], "status": "withdrawn", "reason": "手部受伤"}
    assert (await judge.post(address, json=note)).status_code == 403
    assert (await chief.post(address, json=note)).status_code == 200
    shift = (await judge.get("/api/shift")).json()
    assert shift["events"][0]["floor"] == {small.codes[2]: ["withdrawn", "手部受伤"]}
    assert (await judge.get(address)).json()["floor"][0]["entry"] == small.codes[2]
    assert event["version"] < (await small.event())["version"]
