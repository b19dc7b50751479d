"""The corridor's doors: one after the other, each by its own people only, whole or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scoring.marks import Module
from scoring.verdict import Yes
from server import pipeline
from server.access import Actor
from server.access import Seat as Held
from server.competitions.flow import choose_scheme
from server.database.tables import (
    Certificate,
    Competition,
    Decision,
    Draw,
    Event,
    MarkHead,
    Place,
    Promotion,
    Seat,
    SkillRecord,
    Snapshot,
)
from server.errors import Refusal
from server.marks.flow import seat
from tests.server.small import (
    AT,
    SCHEME,
    Small,
    account,
    approved,
    brought,
    entered,
    founded,
    opened,
    owed_marks,
    posted,
    seated,
)


async def refused(small: Small, into: str, **more: Any) -> str:
    """The code with which a door stays closed; the event stays where it was."""
    before = await small.event()
    with pytest.raises(Refusal) as caught:
        await opened(small, into, **more)
    assert (await small.event())["state"] == before["state"]
    assert caught.value.words.zh and caught.value.words.en
    return caught.value.code


async def test_a_scheme_has_what_the_policy_speaks_of(database: str) -> None:
    """A policy that breaks ties by the practice module wants a scheme with one: passing over it would decide medals."""
    small = await founded()
    whole = replace(SCHEME, modules=(Module("all", "全部", 100),))
    scheme = replace(whole, criteria=tuple(replace(part, module="all") for part in SCHEME.criteria))
    with pytest.raises(Refusal) as refusal:
        await choose_scheme(await small.event(), scheme, small.staff, AT)
    assert refusal.value.code == "scheme.policy"
    assert "module:practice" in refusal.value.problems[0].words.en
    assert (await small.event())["scheme"] != {}


async def everybody(small: Small) -> dict[str, Actor]:
    """One of each kind of people, all of them real in this competition."""
    event = (await small.event())["id"]
    chief, judge = small.judges[0], small.judges[1]
    return {
        "nobody": Actor(),
        "organiser": small.staff,
        "another organiser": Actor(small.staff.account, "别家", organisers=frozenset({event})),
        "judge": Actor(judge, "裁判", seats={event: Held(2, False)}),
        "chief judge": Actor(chief, "裁判长", seats={event: Held(1, True)}),
        "another event's chief": Actor(chief, "裁判长", seats={small.staff.account: Held(1, True)}),
        "supervisor": small.supervisor,
        "another competition's supervisor": Actor(small.supervisor.account, "监督", supervises=frozenset({event})),
    }


OPENS = {"reviewed": "supervisor", "sealed": "chief judge"}


async def test_the_whole_way_is_walked_by_its_own_people_in_its_own_order(database: str) -> None:
    """At every state every other door and every other person is refused, then the right one opens; the ledger names each step."""
    small = await founded()
    await seated(small)
    for state, into in zip(pipeline.STATES, pipeline.STATES[1:], strict=False):
        for other in pipeline.STATES:
            if other != into:
                assert await refused(small, other, actor=small.staff) == "pipeline.order"
        for name, actor in (await everybody(small)).items():
            if name != OPENS.get(into, "organiser"):
                code = await refused(small, into, actor=actor)
                assert code == ("access.sign-in" if name == "nobody" else "access.role"), (state, name)
        await opened(small, into)
        assert (await small.event())["state"] == into
        await prepared_behind(small, into)
    assert await refused(small, "certified") == "pipeline.order"
    steps = (
        await Decision.select(Decision.kind, Decision.actor_name)
        .where(Decision.kind.like("event.%-%"))
        .order_by(Decision.sequence)
    )
    assert [row["kind"] for row in steps] == [
        f"event.{a}-{b}" for a, b in zip(pipeline.STATES, pipeline.STATES[1:], strict=False)
    ]
    assert {row["actor_name"] for row in steps} == {"周敏", "裁判长", "监督甲"}


async def prepared_behind(small: Small, state: str) -> None:
    """What has to be done in a state before its next door opens."""
    if state == "registration":
        await entered(small)
    if state == "drawn":
        small.codes = [row["code"] for row in await Place.select(Place.code)]
    if state == "marking":
        await posted(small, owed_marks(small, (await small.event())["id"]))


async def test_registration_waits_for_a_scheme(database: str) -> None:
    """Nobody enters an event of which it is not known how it will be marked."""
    small = await founded(scheme=None)
    assert await refused(small, "registration") == "pipeline.no-scheme"


async def test_the_draw_waits_for_entries_and_for_what_makes_it_fair(database: str) -> None:
    """No draw of nobody, and none without a commitment and a string that was named beforehand; nothing is kept of a try."""
    small = await brought(await founded(), "registration")
    assert await refused(small, "drawn") == "pipeline.no-entries"
    await entered(small)
    assert await refused(small, "drawn", public=" ") == "draw.commitments"
    assert await refused(small, "drawn", commitments=("", " ")) == "draw.commitments"
    assert not await Draw.exists() and not await Place.exists()


async def test_marking_waits_for_the_whole_panel_and_its_chief(database: str) -> None:
    """The panel has as many judges as the event asks for, and one of them leads."""
    small = await brought(await founded(), "drawn")
    assert await refused(small, "marking") == "pipeline.panel"
    event = await small.event()
    for _ in range(3):
        await seat(event, await account("裁判"), False, small.staff, AT)
    assert await refused(small, "marking") == "pipeline.chief"
    await seat(event, await account("裁判长"), True, small.staff, AT)
    await opened(small, "marking")


async def test_the_seal_waits_for_every_mark(database: str) -> None:
    """One mark short is short; with the last one the seal closes."""
    small = await brought(await founded(), "marking")
    *most, last = owed_marks(small, (await small.event())["id"])
    await posted(small, most)
    assert await refused(small, "sealed") == "marks.owed"
    await posted(small, [last])
    await opened(small, "sealed")


async def test_results_are_final_when_the_notice_is_over(database: str) -> None:
    """Working days only: a notice of five days that begins on a Friday ends on the Friday after."""
    small = await brought(await founded(), "reviewed")
    await Competition.update({Competition.notice_days: 5}, force=True)
    await opened(small, "published")  # 2026-10-16 is a Friday
    for days, code in ((0, "pipeline.notice"), (6, "pipeline.notice")):
        assert await refused(small, "final", at=AT + timedelta(days=days)) == code
    await opened(small, "final", at=AT + timedelta(days=7))


async def test_a_closed_door_says_why_and_an_open_one_that_it_opens(database: str) -> None:
    """What the desk shows beside a door is the guard's own verdict; behind the last state there is no door."""
    small = await brought(await founded(), "registration")
    assert (await pipeline.closed(await small.event(), AT)).rule == "pipeline.no-entries"
    await entered(small)
    assert (await pipeline.closed(await small.event(), AT)).rule == "review.open"
    await approved(small)
    assert isinstance(await pipeline.closed(await small.event(), AT), Yes)
    assert (await pipeline.closed({"state": "certified"}, AT)).rule == "pipeline.end"


async def test_of_two_people_at_one_door_one_goes_through(database: str) -> None:
    """Two at the same moment: one step is taken and recorded, the other is told that the event has moved on."""
    small = await brought(await founded(), "registration")
    await entered(small)
    await approved(small)
    tries = await asyncio.gather(*(opened(small, "drawn") for _ in range(3)), return_exceptions=True)
    codes = sorted(one.code if isinstance(one, Refusal) else "taken" for one in tries)
    assert codes == ["pipeline.order", "pipeline.order", "taken"]
    assert await Draw.count() == 1 and await Decision.count().where(Decision.kind == "event.registration-drawn") == 1


BREAKS = {
    "drawn": ("registration", [Draw, Place]),
    "marking": ("drawn", []),
    "published": ("reviewed", [Snapshot]),
    "final": ("published", [Promotion, SkillRecord]),
    "certified": ("final", [Certificate]),
}


@pytest.mark.parametrize("into", BREAKS)
async def test_a_step_that_breaks_in_its_middle_leaves_nothing_behind(
    database: str, monkeypatch: pytest.MonkeyPatch, into: str
) -> None:
    """The step's last act fails: state, rows, numbers and ledger are as they were, and the next try goes through."""
    state, tables = BREAKS[into]
    small = await brought(await founded(), state)
    if into == "drawn":
        await entered(small)
        await approved(small)
    if into == "marking":
        await seated(small)
    before = await Decision.count(), (await small.event())["version"]

    async def broken(*given: Any, **more: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "record", broken)
        with pytest.raises(RuntimeError):
            await opened(small, into)
    assert (await small.event())["state"] == state
    assert (await Decision.count(), (await small.event())["version"]) == before
    assert [await table.count() for table in tables] == [0] * len(tables)
    assert not await MarkHead.exists().where(MarkHead.open.eq(True))
    await opened(small, into)


async def test_the_scheme_stays_once_marking_began(database: str) -> None:
    """Judges mark by one scheme from the first mark on."""
    small = await brought(await founded(), "marking")
    with pytest.raises(Refusal, match=r"scheme\.too-late"):
        await choose_scheme(await small.event(), SCHEME, small.staff, AT)


async def test_the_panel_stays_once_the_event_is_sealed(database: str) -> None:
    """No judge joins after the seal, no second chief before it, and nobody sits twice."""
    small = await brought(await founded(), "marking")
    for judge, chief, code in ((await account("二号"), True, "panel.chief"), (small.judges[1], False, "panel.seated")):
        with pytest.raises(Refusal, match=code):
            await seat(await small.event(), judge, chief, small.staff, AT)
    await brought(small, "sealed")
    with pytest.raises(Refusal, match=r"panel\.sealed"):
        await seat(await small.event(), await account("晚到"), False, small.staff, AT)
    assert await Seat.count() == 3


async def test_a_policy_that_was_touched_in_the_database_opens_no_door(database: str) -> None:
    """The policy is the one that was chosen, to the letter; a changed text is refused, not used."""
    small = await founded()
    text = (await small.event())["policy_text"].replace("smallest = 6", "smallest = 1")
    await Event.update({Event.policy_text: text}, force=True)
    with pytest.raises(Refusal, match=r"policy\.changed"):
        await opened(small, "registration")
