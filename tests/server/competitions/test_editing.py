"""Mending what was set up: as long as nothing rests on it, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import msgspec
import pytest

from server import pipeline
from server.access import PROGRAM
from server.competitions.editing import Changed, edit_competition, edit_event, remove_event
from server.competitions.facts import CompetitionEdit, EventEdit, Organisation, hosts, with_roles
from server.competitions.flow import choose_scheme, event_named
from server.competitions.news import announce
from server.database.tables import Competition, Decision, Event, MarkHead
from server.errors import Refusal
from server.registration.sending import add_delegations
from tests.server.small import AT, SCHEME, Small, add_welding, brought, entered, founded, opened, seated


async def competition_edit(small: Small, **changes: Any) -> CompetitionEdit:
    """All facts as they stand, with some of them changed."""
    now = await small.competition()
    facts = {name: now[name] for name in CompetitionEdit.__struct_fields__}
    facts["organisations"] = msgspec.convert(with_roles(now["organisations"]), list[Organisation])
    return CompetitionEdit(**{**facts, **changes})


async def event_edit(small: Small, **changes: Any) -> EventEdit:
    """All facts as they stand, with some of them changed."""
    now = await small.event()
    return EventEdit(**{**{name: now[name] for name in EventEdit.__struct_fields__}, **changes})


async def edited(small: Small, edit: EventEdit) -> int:
    return await edit_event(await small.competition(), await small.event(), edit, small.staff, AT)


async def test_a_fact_is_mended_and_the_ledger_keeps_both(database: str) -> None:
    """What was changed stands in the ledger before and after; the version counts on; nothing else is touched."""
    small = await founded()
    before = await small.competition()
    edit = await competition_edit(small, venue="唐山", registration_closes=datetime.fromisoformat("2026-09-30T16:00Z"))
    assert await edit_competition(before, edit, small.staff, AT) == 1
    after = await small.competition()
    assert {name for name in after if after[name] != before[name]} == {"venue", "registration_closes", "version"}
    data = await Decision.select(Decision.data).where(Decision.kind == "competition.edited").output(load_json=True)
    assert data[0]["data"] == {"venue": ["石家庄", "唐山"], "registration_closes": [None, "2026-09-30T16:00:00Z"]}


async def test_an_edit_that_changes_nothing_leaves_no_trace(database: str) -> None:
    """Saving a form as it was is no decision, and makes nobody else's edit stale."""
    small = await founded()
    decisions = await Decision.count()
    assert await edit_competition(await small.competition(), await competition_edit(small), small.staff, AT) == 0
    event = await small.event()
    assert await edited(small, await event_edit(small)) == event["version"]
    assert await Decision.count() == decisions


async def test_organisations_without_a_role_are_hosts(database: str) -> None:
    """A row from before the roles reads as it always did; hosts sign, supporters do not."""
    small = await founded()
    await Competition.update({Competition.organisations: [{"name": "省厅", "seal": "专用章"}]}).where(
        Competition.slug == small.slug
    )
    assert [one["name"] for one in hosts(await small.competition())] == ["省厅"]
    both = [Organisation("省厅"), Organisation("某学院", role="supporter")]
    await edit_competition(
        await small.competition(), await competition_edit(small, organisations=both), small.staff, AT
    )
    assert [one["name"] for one in hosts(await small.competition())] == ["省厅"]


async def test_a_stale_edit_is_refused_beside_what_is_there_now(database: str) -> None:
    """Two people open the same form: the second learns what the first wrote, and nothing is overwritten."""
    small = await founded()
    mine, theirs = await event_edit(small, stations=12), await event_edit(small, stations=8, shifts=2)
    await edited(small, theirs)
    with pytest.raises(Changed) as caught:
        await edited(small, mine)
    assert {problem.place.key for problem in caught.value.problems} == {"stations", "shifts"}
    assert "“8”" in caught.value.problems[1].words.zh or "“8”" in caught.value.problems[0].words.zh
    now = await small.event()
    assert (now["stations"], now["shifts"]) == (8, 2) and caught.value.theirs["stations"] == 8
    again = msgspec.structs.replace(mine, version=caught.value.version)
    await edited(small, again)
    assert (await small.event())["stations"] == 12


async def test_of_two_edits_at_once_one_is_told(database: str) -> None:
    """At the same moment, from the same version: one goes through, the other is refused as stale."""
    small = await founded()
    edits = [await event_edit(small, stations=number) for number in (11, 12)]
    done = await asyncio.gather(*(edited(small, edit) for edit in edits), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Changed", "int"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": "电焊"}, "name"),
        ({"occupation": "电工", "occupation_code": "6-31-01-03"}, "occupation_code"),
        ({"team_size": 2}, "team_size"),
        ({"division": "学生组"}, "division"),
        ({"policy": "worldskills"}, "policy"),
        ({"capacity": 5}, "capacity"),
    ],
)
async def test_what_entries_were_checked_against_stays(database: str, changes: dict[str, Any], key: str) -> None:
    """Once people have entered, the facts that they entered under are refused by name; places below them too."""
    small = await brought(await founded(), "registration")
    await entered(small)
    with pytest.raises(Refusal, match=r"setup\.used") as caught:
        await edited(small, await event_edit(small, **changes))
    assert key in {problem.place.key for problem in caught.value.problems}
    assert all(problem.words.zh and problem.words.en for problem in caught.value.problems)


async def test_what_no_entry_rests_on_is_mended_during_registration(database: str) -> None:
    """Stations, shifts, judges and more places can still be changed after people have entered."""
    small = await brought(await founded(), "registration")
    await entered(small)
    await edited(small, await event_edit(small, stations=3, shifts=2, judges=5, capacity=6, name_en="Welding works"))
    now = await small.event()
    assert (now["stations"], now["shifts"], now["judges"], now["capacity"]) == (3, 2, 5, 6)


async def test_after_the_draw_an_event_stays(database: str) -> None:
    """A drawn event's stations were drawn with; nothing of it is changed."""
    small = await brought(await founded(), "drawn")
    with pytest.raises(Refusal, match=r"setup\.used"):
        await edited(small, await event_edit(small, stations=9))


async def test_after_publication_days_and_names_stay(database: str) -> None:
    """Results on public notice rest on the edition's name, days and hosts; a venue's misprint can still be mended."""
    small = await brought(await founded(), "published")
    competition = await small.competition()
    edit = await competition_edit(small, name="另一个名称", ends=date(2026, 10, 20), venue="唐山")
    with pytest.raises(Refusal, match=r"setup\.used") as caught:
        await edit_competition(competition, edit, small.staff, AT)
    assert {problem.place.key for problem in caught.value.problems} == {"name", "ends"}
    await edit_competition(competition, await competition_edit(small, venue="唐山"), small.staff, AT)
    assert (await small.competition())["venue"] == "唐山"


async def test_an_open_event_is_not_moved_out_of_its_policys_days(database: str) -> None:
    """The days cannot go where a policy that is in use is not in force; an event in setup is told at its door instead."""
    small = await founded()
    moved = await competition_edit(small, starts=date(2024, 1, 1), ends=date(2024, 1, 2))
    await opened(small, "registration")
    with pytest.raises(Refusal, match=r"setup\.used"):
        await edit_competition(await small.competition(), moved, small.staff, AT)
    other = await founded("moved")
    edit = await competition_edit(other, starts=date(2024, 1, 1), ends=date(2024, 1, 2))
    await edit_competition(await other.competition(), edit, other.staff, AT)
    assert (await pipeline.closed(await other.event(), AT)).rule == "pipeline.policy"


async def test_an_event_may_wait_for_its_policy(database: str) -> None:
    """An event without a policy is kept, and its door says what is missing."""
    small = await founded(policy="")
    assert (await pipeline.closed(await small.event(), AT)).rule == "pipeline.no-policy"
    await edited(small, await event_edit(small, policy="hebei-skills-2025"))
    await opened(small, "registration")


async def test_a_template_is_refused_with_its_reason(database: str) -> None:
    """A policy that waits for its document is not chosen, and the refusal says why."""
    small = await founded()
    with pytest.raises(Refusal, match=r"policy\.template") as caught:
        await edited(small, await event_edit(small, policy="hebei-class1-template"))
    assert caught.value.status == 422 and caught.value.words.zh


async def test_everything_wrong_with_an_event_comes_at_once(database: str) -> None:
    """Each wrong fact is named, with its mend, in both languages; nothing is stored."""
    small = await founded()
    edit = await event_edit(small, name=" ", occupation_code="焊", occupation_edition=2001, standard_level="x")
    with pytest.raises(Refusal, match=r"event\.invalid") as caught:
        await edited(small, edit)
    wrong = {problem.place.key for problem in caught.value.problems}
    assert wrong == {"name", "occupation_code", "occupation_edition", "standard_level"}
    assert all(one.words.zh and one.words.en and one.mend.zh and one.mend.en for one in caught.value.problems)
    with pytest.raises(Refusal, match=r"event\.invalid") as caught:
        await edited(small, await event_edit(small, name="焊接\u202e", name_en="e" + "\u0301" * 6))
    assert [problem.place.key for problem in caught.value.problems] == ["name", "name_en"]
    assert "U+202E" in caught.value.problems[0].words.zh and "U+0301" in caught.value.problems[1].words.en


async def test_everything_wrong_with_a_competition_comes_at_once(database: str) -> None:
    """No host, an unknown time zone or one of no place, a window that ends before it begins, a step twice; signs that nobody
    can read, there and in what is announced."""
    small = await founded()
    moment = datetime.fromisoformat("2026-09-30T16:00Z")
    edit = await competition_edit(
        small, organisations=[Organisation("某学院", role="supporter")], time_zone="Moon", province="河北",
        registration_opens=moment, registration_closes=moment, review_steps=["organiser", "organiser"],
    )  # fmt: skip
    with pytest.raises(Refusal, match=r"competition\.invalid") as caught:
        await edit_competition(await small.competition(), edit, small.staff, AT)
    wrong = {problem.place.key for problem in caught.value.problems}
    assert wrong == {"organisations", "time_zone", "province", "registration_closes", "review_steps"}
    with pytest.raises(Refusal, match=r"competition\.invalid") as caught:
        nowhere = await competition_edit(small, time_zone="Factory")
        await edit_competition(await small.competition(), nowhere, small.staff, AT)
    assert [problem.place.key for problem in caught.value.problems] == ["time_zone"]
    hosted = [Organisation("组委会\u2067")]
    with pytest.raises(Refusal, match=r"competition\.invalid") as caught:
        backwards = await competition_edit(small, venue="石\x07", regions=["唐\ufff9"], organisations=hosted)
        await edit_competition(await small.competition(), backwards, small.staff, AT)
    assert {problem.place.key for problem in caught.value.problems} == {"venue", "regions", "organisations"}
    with pytest.raises(Refusal, match=r"announcement\.invalid"):
        await announce(await small.competition(), {"title": "公告", "body": "一\u202e\n二"}, small.staff, AT)
    with pytest.raises(Refusal, match=r"delegation\.name"):
        await add_delegations(await small.competition(), ["唐山\u202e"], small.staff, AT)


async def test_a_taken_code_is_refused(database: str) -> None:
    """Two events never share a code, also not by an edit."""
    small = await founded()
    await add_welding(small, "M02")
    with pytest.raises(Refusal, match=r"event\.taken"):
        await edited(small, await event_edit(small, code="M02"))


async def test_an_event_in_setup_is_taken_out_and_remembered(database: str) -> None:
    """It goes with its ledger's empty head; its code is free; the ledger of decisions says who took it out."""
    small = await founded()
    event = await small.event()
    await remove_event(await small.competition(), event, event["version"], small.staff, AT)
    assert not await Event.exists().where(Event.id == event["id"])
    assert not await MarkHead.exists().where(MarkHead.id == event["id"])
    assert await Decision.exists().where((Decision.kind == "event.removed") & (Decision.event == event["id"]))
    await add_welding(small)


async def test_an_event_that_something_belongs_to_stays(database: str) -> None:
    """Judges on its panel, or an open registration, keep an event; nothing is lost by the try."""
    small = await founded()
    await seated(small)
    for again in range(2):
        event, competition = await small.event(), await small.competition()
        with pytest.raises(Refusal, match=r"event\.in-use"):
            await remove_event(competition, event, event["version"], small.staff, AT)
        assert (await event_named(competition, "M01"))["id"] == event["id"]
        assert await MarkHead.exists().where(MarkHead.id == event["id"])
        if not again:
            await opened(small, "registration")


async def test_an_event_is_not_taken_out_unseen(database: str) -> None:
    """Whoever takes out an event that was changed meanwhile is told first."""
    small = await founded()
    event = await small.event()
    await choose_scheme(event, replace(SCHEME, name="other"), PROGRAM, AT)
    with pytest.raises(Changed):
        await remove_event(await small.competition(), event, event["version"], small.staff, AT)
