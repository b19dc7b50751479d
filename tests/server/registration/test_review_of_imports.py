"""A review and what delegations send in at the same time: nothing is lost, nothing double, nobody decides on what they have not seen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.database.tables import Decision, Entry, Event, Member, ReviewAct
from server.errors import Refusal
from server.registration.review import Seen, decide, entries_in
from tests.server.conftest import Site
from tests.server.registration.intaking import Desk, desk_at, person, workbook
from tests.server.small import AT, Small, founded, opened


@pytest.fixture
async def desk(site: Site, request: pytest.FixtureRequest) -> Desk:
    """A delegation at an open event of a competition of its own."""
    small = await founded(request.node.name[-40:].replace("_", "-").strip("-"))
    await opened(small, "registration")
    return await desk_at(site, small)


async def rows(small: Small) -> list[dict[str, Any]]:
    return await entries_in((await small.competition())["id"])


async def act(small: Small, what: str, *numbers: int, reason: str = "") -> None:
    seen = [Seen(row["id"], row["version"]) for row in await rows(small) if not numbers or row["number"] in numbers]
    await decide(await small.competition(), what, seen, reason, small.staff, AT)


async def standing(desk: Desk) -> list[tuple[str, str]]:
    return [(row["names"], row["entry_state"]) for row in await rows(desk.small)]


async def test_a_change_begins_the_review_anew(desk: Desk) -> None:
    """Another unit: back to the first step. Another telephone number: approved as it was. The same file: nothing."""
    people = [person(40), person(41)]
    await desk.enters(*people)
    await act(desk.small, "approve")
    assert [state for _, state in await standing(desk)] == ["approved"] * 2
    await desk.enters({**people[0], "phone": "13911111111"}, people[1])
    assert [state for _, state in await standing(desk)] == ["approved"] * 2
    await desk.enters({**people[0], "phone": "13911111111", "unit": "另一家工厂"}, people[1])
    assert [state for _, state in await standing(desk)] == ["review", "approved"]


async def test_an_import_is_not_undone_behind_a_review(desk: Desk) -> None:
    """Once one of its entries was decided on, the whole cannot be taken back; what it changed of another review comes back."""
    first = person(42)
    await desk.enters(first)
    await act(desk.small, "approve")
    changed = await desk.enters({**first, "unit": "另一家工厂"})
    assert (await desk.undo(changed)).get("code") is None
    assert [state for _, state in await standing(desk)] == ["approved"]
    again = await desk.enters({**first, "unit": "第三家工厂"})
    await act(desk.small, "return", reason="单位不符")
    assert (await desk.undo(again))["code"] == "intake.reviewed"


async def test_who_was_rejected_is_not_changed_by_a_workbook(desk: Desk) -> None:
    """The same line again changes nothing; another unit is refused with what to do."""
    one = person(43)
    await desk.enters(one)
    await act(desk.small, "reject", reason="超龄")
    preview = await desk.bring(workbook([{**one, "unit": "另一家工厂"}]))
    assert "registration.rejected" in str(preview)
    await desk.bring(workbook([one]))
    assert [state for _, state in await standing(desk)] == ["rejected"]


async def test_a_review_during_an_import(desk: Desk) -> None:
    """Accepting a changed workbook and approving the same entry in one moment: whoever is second is told, and what stands is
    either the new unit in review or the old one approved."""
    one = person(44)
    await desk.enters(one)
    preview = await desk.bring(workbook([{**one, "unit": "另一家工厂"}, person(45)]))
    seen = [Seen(row["id"], row["version"]) for row in await rows(desk.small)]
    competition = await desk.small.competition()
    accepted, approved = await asyncio.gather(
        desk.accept(preview),
        decide(competition, "approve", seen, "", desk.small.staff, AT),
        return_exceptions=True,
    )
    assert isinstance(accepted, dict)
    if isinstance(approved, Refusal):
        assert approved.code == "review.changed" and "added" in accepted
    else:
        assert accepted["code"] == "intake.stale"
        await desk.accept(await desk.look(preview))
    assert sorted(state for _, state in await standing(desk)) == ["review", "review"]
    units = {row["unit"] for row in await Member.select(Member.unit).where(Member.entry.delegation == desk.delegation)}
    assert units == {"另一家工厂", "示例机械厂"}


async def test_somebody_takes_anothers_place(desk: Desk) -> None:
    """One person for another in an entry: it keeps its number, asks for a reason, and is reviewed anew."""
    await desk.enters(person(46), person(47))
    await act(desk.small, "approve")
    first = next(row for row in await rows(desk.small) if row["names"] == person(46)["name"])
    page = f"{desk.url}/entry/{first['id']}"
    shown = (await desk.visitor.get(page)).text
    seen = shown.split('name="seen" value="')[1][:64]
    new = person(48)
    of_person = ("name", "document_kind", "document_number", "sex", "unit", "identity", "phone", "level_text")
    typed = {"event": "M01", "seen": seen, **{f"{name}-1": new[name] for name in of_person}}
    refused = await desk.visitor.post(page, data=typed)
    assert refused.status_code == 422 and "换人要写明理由" in refused.text
    done = await desk.visitor.post(page, data={**typed, "reason": "原选手骨折"})
    assert done.status_code == 303, done.text
    now = {row["number"]: (row["names"], row["entry_state"]) for row in await rows(desk.small)}
    assert now[first["number"]] == (new["name"], "review") and len(now) == 2
    assert await Decision.exists().where((Decision.kind == "entries.substituted") & (Decision.reason == "原选手骨折"))


async def test_a_withdrawal_makes_room_for_who_waits(desk: Desk) -> None:
    """One place, two people: when the first is withdrawn, the second is in the review without anybody doing anything."""
    await Event.update({Event.capacity: 1}).where(Event.id == (await desk.small.event())["id"])
    preview = await desk.bring(workbook([person(49, "19910101"), person(40, "19910101")]))
    await desk.accept(preview)
    assert [state for _, state in await standing(desk)] == ["review", "waiting"]
    await desk.enters(person(40, "19910101"), withdraw=True)
    assert [state for _, state in await standing(desk)] == ["review"]
    assert await ReviewAct.exists().where(ReviewAct.act == "admitted")
    assert await Entry.count().where(Entry.delegation == desk.delegation) == 1
