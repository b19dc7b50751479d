"""Quotas and capacities: the last place is given once, and whoever finds none is told at their row."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.competitions.editing import edit_event
from server.competitions.facts import EventEdit
from server.database.tables import Entry
from server.errors import Refusal
from server.registration.flow import enter
from server.registration.places import Change, places_of, set_places
from server.registration.sending import (
    add_clerk,
    add_delegations,
    clerks_of,
    delegations_of,
    remove_delegation,
)
from tests.admin.test_setup_pages import filled
from tests.server.conftest import Site
from tests.server.small import AT, SEALER, Small, add_welding, entered, form, founded, opened, row_of

PAGE = {"accept": "text/html"}


async def with_delegations(small: Small, *names: str) -> dict[str, Any]:
    """Delegations that have not entered; their ids by name."""
    await add_delegations(await small.competition(), names, small.staff, AT)
    return {row["name"]: row["id"] for row in await delegations_of(await small.competition())}


async def place(small: Small, delegation: Any, places: int | None, was: int | None = None, event: str = "M01") -> Any:
    changes = [Change(delegation, event, places, was)]
    return await set_places(await small.competition(), changes, small.staff, AT)


async def capacity(small: Small, count: int) -> None:
    now = await small.event()
    facts = {name: now[name] for name in EventEdit.__struct_fields__}
    await edit_event(await small.competition(), now, EventEdit(**{**facts, "capacity": count}), small.staff, AT)


async def test_a_delegation_has_as_many_places_as_it_was_given(database: str) -> None:
    """The third row of a delegation with two places is refused at its row, with the mend; nobody of the form enters."""
    small = await founded()
    ids = await with_delegations(small, "唐山市")
    await place(small, ids["唐山市"], 2)
    await opened(small, "registration")
    rows = [row_of(number, row=5 + number) for number in range(3)]
    with pytest.raises(Refusal, match=r"registration\.refused") as caught:
        await enter(await small.competition(), form("唐山市", rows), SEALER, small.staff, AT)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.row, problem.place.column) == ("registration.quota", 7, "赛项名称")
    assert "2" in problem.words.zh and problem.words.en and problem.mend.zh and problem.mend.en
    assert await Entry.count() == 0
    assert (await enter(await small.competition(), form("唐山市", rows[:2]), SEALER, small.staff, AT)).entries == 2


async def test_without_a_quota_nobody_is_limited_and_nought_lets_nobody_in(database: str) -> None:
    """An empty cell is no limit; a nought is one."""
    small = await founded()
    ids = await with_delegations(small, "唐山市", "廊坊市")
    await place(small, ids["唐山市"], 0)
    await opened(small, "registration")
    with pytest.raises(Refusal) as caught:
        await enter(await small.competition(), form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    assert [problem.code for problem in caught.value.problems] == ["registration.quota"]
    assert (await enter(await small.competition(), form("廊坊市", [row_of(1)]), SEALER, small.staff, AT)).entries == 1


async def test_a_team_takes_one_place(database: str) -> None:
    """Places count entries: two people of one team take one, and the second team is refused at its first row."""
    small = await founded(team_size=2)
    ids = await with_delegations(small, "唐山市")
    await place(small, ids["唐山市"], 1)
    await opened(small, "registration")
    rows = [row_of(number, row=5 + number, team=str(1 + number // 2)) for number in range(4)]
    with pytest.raises(Refusal) as caught:
        await enter(await small.competition(), form("唐山市", rows), SEALER, small.staff, AT)
    assert [(one.code, one.place.row) for one in caught.value.problems] == [("registration.quota", 7)]
    assert (await enter(await small.competition(), form("唐山市", rows[:2]), SEALER, small.staff, AT)).entries == 1


async def test_who_comes_to_a_full_event_waits(database: str) -> None:
    """An event for five takes five delegations' competitors; the sixth is on the waiting list, and takes no place."""
    small = await founded()
    await capacity(small, 5)
    await opened(small, "registration")
    await entered(small, ("唐山市", "廊坊市", "秦皇岛市", "衡水市", "邢台市"))
    await enter(await small.competition(), form("邯郸市", [row_of(5)]), SEALER, small.staff, AT)
    rows = await Entry.select(Entry.number, Entry.state).order_by(Entry.number)
    assert [row["state"] for row in rows] == ["review"] * 5 + ["waiting"]


async def test_the_last_place_is_given_once(database: str) -> None:
    """Two delegations at the same moment for one place: one has it, the other waits."""
    small = await founded()
    await capacity(small, 1)
    await opened(small, "registration")
    competition = await small.competition()
    forms = [form(name, [row_of(number)]) for number, name in enumerate(("唐山市", "廊坊市"))]
    await asyncio.gather(*(enter(competition, one, SEALER, small.staff, AT) for one in forms))
    assert sorted([row["state"] for row in await Entry.select(Entry.state)]) == ["review", "waiting"]


async def test_places_are_set_together_or_not_at_all(database: str) -> None:
    """One cell that cannot be, and no other cell is changed; each wrong cell is named."""
    small = await founded()
    await add_welding(small, "M02")
    ids = await with_delegations(small, "唐山市", "廊坊市")
    changes = [Change(ids["唐山市"], "M01", 2), Change(ids["廊坊市"], "M02", -1)]
    with pytest.raises(Refusal, match=r"quota\.invalid") as caught:
        await set_places(await small.competition(), changes, small.staff, AT)
    assert len(caught.value.problems) == 1 and await places_of(await small.competition()) == []


async def test_a_place_that_somebody_else_changed_is_not_overwritten(database: str) -> None:
    """A cell is changed from what its maker saw; otherwise what is there now is said, and stays."""
    small = await founded()
    ids = await with_delegations(small, "唐山市")
    await place(small, ids["唐山市"], 3)
    with pytest.raises(Refusal, match=r"setup\.changed") as caught:
        await place(small, ids["唐山市"], 1)
    assert "3" in caught.value.problems[0].words.zh
    assert [row["places"] for row in await place(small, ids["唐山市"], 1, was=3)] == [1]
    assert await place(small, ids["唐山市"], None, was=1) == []


async def test_no_quota_below_what_has_entered(database: str) -> None:
    """Whoever has entered keeps the place."""
    small = await founded()
    await opened(small, "registration")
    await entered(small, ("唐山市",))
    ids = await with_delegations(small, "廊坊市")
    with pytest.raises(Refusal, match=r"quota\.in-use"):
        await place(small, ids["唐山市"], 0)


async def test_a_delegation_of_another_competition_gets_no_places(database: str) -> None:
    """An id from elsewhere is not found, whoever's it is."""
    small, other = await founded(), await founded("other")
    ids = await with_delegations(other, "唐山市")
    with pytest.raises(Refusal, match="not-found"):
        await place(small, ids["唐山市"], 1)
    with pytest.raises(Refusal, match="not-found"):
        await remove_delegation(await small.competition(), str(ids["唐山市"]), small.staff, AT)
    with pytest.raises(Refusal, match="not-found"):
        await add_clerk(await small.competition(), str(ids["唐山市"]), "某人", small.staff, AT)


async def test_a_delegation_goes_with_its_places_unless_somebody_entered(database: str) -> None:
    """Its quotas go with it; a delegation with entries or a clerk stays, quotas and all."""
    small = await founded()
    ids = await with_delegations(small, "唐山市", "廊坊市")
    competition = await small.competition()
    await place(small, ids["唐山市"], 2)
    await remove_delegation(competition, str(ids["唐山市"]), small.staff, AT)
    assert await places_of(competition) == []
    await place(small, ids["廊坊市"], 2)
    await add_clerk(competition, str(ids["廊坊市"]), "孙会计", small.staff, AT)
    with pytest.raises(Refusal, match=r"delegation\.in-use"):
        await remove_delegation(competition, str(ids["廊坊市"]), small.staff, AT)
    assert len(await places_of(competition)) == 1
    assert [(one["name"], one["delegation"]) for one in await clerks_of(competition)] == [("孙会计", "廊坊市")]


async def test_a_delegation_that_is_there_already_is_left_alone(database: str) -> None:
    """A list pasted twice adds nothing twice."""
    small = await founded()
    await with_delegations(small, "唐山市")
    competition = await small.competition()
    assert await add_delegations(competition, ["唐山市", " 廊坊市 ", "廊坊市", ""], small.staff, AT) == ["廊坊市"]
    with pytest.raises(Refusal, match=r"delegation\.name"):
        await add_delegations(competition, [" "], small.staff, AT)


async def test_a_larger_hall_admits_who_waits_in_that_moment(site: Site) -> None:
    """Two places for six: four wait. With one place more, by the form, the first of them is in within the same transaction, the
    page names them and only them, the delegation's review has them; with two more by the API the next two; an edit that is
    refused admits nobody, and of two at once one saves."""
    small = await founded("larger", capacity=2)
    await opened(small, "registration")
    await entered(small)
    states = Entry.select(Entry.number, Entry.state).where(Entry.event.code == "M01").order_by(Entry.number)

    async def waiting() -> list[int]:
        where = Entry.event.competition == (await small.competition())["id"]
        return [row["number"] for row in await states.where(where) if row["state"] == "waiting"]

    assert await waiting() == [3, 4, 5, 6]
    desk = await site.visitor(small.staff.account)
    page = f"/office/{small.slug}/setup/events/M01"
    form = filled((await desk.get(page, headers=PAGE)).text, f'method="post" action="{page}"')
    for data, status in (({"capacity": "9", "name": ""}, 422), ({"capacity": "3"}, 303), ({"capacity": "9"}, 409)):
        answer = await desk.post(page, data={**form, **data}, headers=PAGE)
        assert answer.status_code == status
        if status == 303:
            there = answer.headers["location"]
    assert await waiting() == [4, 5, 6]
    said = (await desk.get(f"{there}&lang=zh", headers=PAGE)).text
    assert "M01-003 赵三" in said and "M01-004" not in said and "从候补名单进入" in said
    forged = there.split("admitted=")[0] + "admitted=not-a-batch"
    assert "M01-003" not in (await desk.get(forged, headers=PAGE)).text
    now = await small.event()
    facts = {name: now[name] for name in EventEdit.__struct_fields__}
    api = f"/api/competitions/{small.slug}/events/M01/setup"
    both = await asyncio.gather(*(desk.put(api, json={**facts, "capacity": 5}) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [200, 409]
    assert next(one.json()["admitted"] for one in both if one.status_code == 200) == ["M01-004", "M01-005"]
    assert await waiting() == [6]
