"""The next edition: everything that lasts comes along, nothing that belongs to a day or a person does."""

from __future__ import annotations

from datetime import date

import pytest

from server.competitions.editing import edit_event
from server.competitions.facts import EventEdit
from server.competitions.flow import competition_named, event_named, events_of
from server.database.tables import Clerk, Competition, Entry, Seat, Supervisor
from server.errors import Refusal
from server.registration.attachment_kinds import add_kind, kinds_of
from server.registration.editions import NextEdition, next_edition
from server.registration.places import Change, places_of, set_places
from server.registration.sending import add_clerk, delegations_of
from tests.server.small import AT, DELEGATIONS, add_welding, brought, founded

YEAR_LATER = NextEdition(starts=date(2027, 10, 15), ends=date(2027, 10, 17), document="〔2027〕8号")


async def test_the_next_edition_has_what_lasts(database: str) -> None:
    """Events with scheme and policy, delegations and quotas come along in setup; entries, judges and people do not."""
    small = await brought(await founded(work_type="手工焊", shifts=2, capacity=9), "published")
    last = await small.competition()
    delegation = (await delegations_of(last))[0]
    await add_clerk(last, str(delegation["id"]), "孙会计", small.staff, AT)
    await add_welding(small, "M02", scheme=None)
    await set_places(last, [Change(delegation["id"], "M02", 3)], small.staff, AT)
    made = await next_edition(last, YEAR_LATER, small.staff, AT)
    assert (made["slug"], made["edition"], made["events"], made["delegations"], made["quotas"]) == (
        "small-2",
        2,
        2,
        6,
        1,
    )
    assert made["without_policy"] == []
    edition = await competition_named(made["slug"])
    assert (edition["starts"], edition["document"], edition["venue"]) == (date(2027, 10, 15), "〔2027〕8号", "石家庄")
    before, after = await small.event(), await event_named(edition, "M01")
    kept = ("name", "policy_fingerprint", "scheme_fingerprint", "work_type", "shifts", "capacity", "stations", "judges")
    assert [after[name] for name in kept] == [before[name] for name in kept] and after["state"] == "setup"
    assert [row["name"] for row in await delegations_of(edition)] == sorted(DELEGATIONS)
    (quota,) = await places_of(edition)
    assert (quota["event"], quota["places"]) == ("M02", 3) and quota["delegation"] != delegation["id"]
    events = [row["id"] for row in await events_of(edition)]
    assert not await Entry.exists().where(Entry.event.is_in(events))
    assert not await Seat.exists().where(Seat.event.is_in(events))
    assert not await Supervisor.exists().where(Supervisor.competition == edition["id"])
    assert not await Clerk.exists().where(Clerk.delegation.competition == edition["id"])


async def test_the_next_edition_asks_for_the_same_papers(database: str) -> None:
    """Of everybody and of one event: name, whether it is required, and the new edition's own event."""
    small = await founded()
    last = await small.competition()
    await add_kind(last, None, "社会保险缴纳证明", "", True, small.staff, AT)
    await add_kind(last, await small.event(), "学籍证明", "Enrolment", False, small.staff, AT)
    edition = await competition_named((await next_edition(last, YEAR_LATER, small.staff, AT))["slug"])
    event = await event_named(edition, "M01")
    assert [(one["name"], one["required"], one["event"]) for one in await kinds_of(edition["id"])] == [
        ("社会保险缴纳证明", True, None),
        ("学籍证明", False, event["id"]),
    ]


async def test_a_policy_that_cannot_be_used_then_is_chosen_again(database: str) -> None:
    """The event comes along without it, and what is said names the event and the reason in both languages."""
    small = await founded()
    made = await next_edition(
        await small.competition(), NextEdition(starts=date(2024, 5, 1), ends=date(2024, 5, 2)), small.staff, AT
    )
    (without,) = made["without_policy"]
    assert without["code"] == "M01" and without["why"]["zh"] and without["why"]["en"]
    assert (await event_named(await competition_named(made["slug"]), "M01"))["policy"] == ""


async def test_an_edition_of_an_edition_keeps_its_address(database: str) -> None:
    """small, small-2, small-3: numbers do not pile up, and the last edition is left as it is."""
    small = await founded()
    second = await next_edition(await small.competition(), YEAR_LATER, small.staff, AT)
    edition = await competition_named(second["slug"])
    event = await event_named(edition, "M01")
    facts = {name: event[name] for name in EventEdit.__struct_fields__}
    await edit_event(edition, event, EventEdit(**{**facts, "stations": 31}), small.staff, AT)
    third = await next_edition(edition, YEAR_LATER, small.staff, AT)
    assert third["slug"] == "small-3"
    assert (await small.event())["stations"] == 4
    assert (await event_named(await competition_named("small-3"), "M01"))["stations"] == 31


async def test_a_refused_edition_leaves_nothing_behind(database: str) -> None:
    """Days that run backwards: no competition, no series' number used up."""
    small = await founded()
    backwards = NextEdition(starts=date(2027, 10, 15), ends=date(2027, 10, 1))
    with pytest.raises(Refusal, match=r"competition\.dates"):
        await next_edition(await small.competition(), backwards, small.staff, AT)
    assert await Competition.count() == 1
