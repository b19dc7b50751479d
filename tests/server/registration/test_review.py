"""The review of entries: in steps, by whoever they belong to, on what was seen, and taken back while nothing followed."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest

from server.access import Actor
from server.database.tables import Competition, Decision, Delegation, Entry, Event, Member, Place, ReviewAct
from server.errors import Refusal
from server.registration.flow import enter
from server.registration.review import Seen, decide, entries_in, undo, waiting_for
from tests.server.small import AT, SEALER, Small, brought, entered, form, founded, number, opened, row_of

STEPS = ["delegation", "organiser", "committee"]


@pytest.fixture
async def small(database: str) -> Small:
    """An open event that six delegations have entered."""
    made = await founded()
    await opened(made, "registration")
    await entered(made)
    return made


async def seen(small: Small, *numbers: int) -> list[Seen]:
    """These entries as they are now; all of them when no number is named."""
    rows = await entries_in((await small.competition())["id"])
    return [Seen(row["id"], row["version"]) for row in rows if not numbers or row["number"] in numbers]


async def act(small: Small, what: str, actor: Actor, *numbers: int, reason: str = "") -> UUID:
    return await decide(await small.competition(), what, await seen(small, *numbers), reason, actor, AT)


async def states() -> dict[int, tuple[str, int]]:
    rows = await Entry.select(Entry.number, Entry.state, Entry.step).order_by(Entry.number)
    return {row["number"]: (row["state"], row["step"]) for row in rows}


async def clerk(small: Small, name: str) -> Actor:
    row = await Delegation.select(Delegation.id).where(Delegation.name == name).first()
    assert row
    return Actor(small.staff.account, "报名员", delegations=frozenset({row["id"]}))


async def code(doing: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await doing
    return caught.value.code


async def test_every_step_is_somebodys(small: Small) -> None:
    """Own unit, organiser, committee: each approves at its own step and nowhere else, and only then the entry stands."""
    await Competition.update({Competition.review_steps: STEPS}).where(Competition.slug == small.slug)
    tangshan = await clerk(small, "唐山市")
    assert await code(act(small, "approve", small.supervisor, 1)) == "access.role"
    assert await code(act(small, "approve", tangshan, 2)) == "not-found", "another delegation's"
    competition = await small.competition()
    assert await waiting_for(competition, small.staff) == 0
    await act(small, "approve", tangshan, 1)
    assert (await states())[1] == ("review", 1)
    assert [await waiting_for(competition, one) for one in (small.staff, small.supervisor, tangshan)] == [1, 0, 0]
    assert await code(act(small, "approve", tangshan, 1)) == "access.role"
    await act(small, "approve", small.staff, 1)
    assert [await waiting_for(competition, one) for one in (small.staff, small.supervisor)] == [0, 1]
    assert await code(act(small, "approve", small.staff, 1)) == "access.role"
    await act(small, "approve", small.supervisor, 1)
    assert (await states())[1] == ("approved", 2)
    told = await Decision.select(Decision.data).where(Decision.kind == "entries.approved").output(load_json=True)
    assert [row["data"]["entries"] for row in told] == [["M01-001"]] * 3


async def test_what_has_changed_is_not_decided_on(small: Small) -> None:
    """Two people with the same list: the second is told which entries changed, and none of theirs is decided."""
    before = await seen(small, 1, 2, 3)
    await act(small, "return", small.staff, 2, reason="单位不符")
    with pytest.raises(Refusal, match=r"review\.changed") as caught:
        await decide(await small.competition(), "approve", before, "", small.staff, AT)
    assert "M01-002" in caught.value.words.zh and "M01-001" not in caught.value.words.zh
    assert (await states())[1] == ("review", 0)


async def test_two_approve_the_same_at_once(small: Small) -> None:
    """In the same moment: one is first, the other is told; every act stands once."""
    both = await seen(small)
    competition = await small.competition()
    done = await asyncio.gather(
        *(decide(competition, "approve", both, "", small.staff, AT) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["Refusal", "UUID"]
    assert await ReviewAct.count() == 6


async def test_returned_comes_back_with_a_reason(small: Small) -> None:
    """The reason is asked for and shown; the delegation sends it again as it is, or changes it, and it begins anew."""
    assert await code(act(small, "return", small.staff, 1, reason=" ")) == "review.reason"
    await act(small, "return", small.staff, 1, 2, reason="请补社保证明")
    rows = {row["number"]: row for row in await entries_in((await small.competition())["id"])}
    assert (rows[1]["entry_state"], rows[1]["reason"]) == ("returned", "请补社保证明")
    assert await code(act(small, "approve", small.staff, 1)) == "review.state"
    await act(small, "send", await clerk(small, "唐山市"), 1)
    assert (await states())[1] == ("review", 0)
    assert await code(act(small, "send", await clerk(small, "唐山市"), 2)) == "not-found", "another delegation's"


async def test_a_batch_is_taken_back_while_nothing_followed(small: Small) -> None:
    """Undone as a whole, every entry where it stood; after anything else has happened to one of them, not at all."""
    batch = await act(small, "approve", small.staff, 1, 2, 3)
    assert await undo(await small.competition(), batch, small.staff, AT) == 3
    assert (await states())[1] == ("review", 0)
    batch = await act(small, "approve", small.staff, 1, 2, 3)
    await act(small, "return", small.staff, 2, reason="证明不清")
    assert await code(undo(await small.competition(), batch, small.staff, AT)) == "review.gone-on"
    assert (await states())[1] == ("approved", 0) and (await states())[2] == ("returned", 0)
    assert await code(undo(await small.competition(), UUID(int=1), small.staff, AT)) == "not-found"


async def test_nobody_is_drawn_unreviewed(small: Small) -> None:
    """The draw says how many are open and names some; once everybody is through or rejected, it takes those who are through."""
    await act(small, "approve", small.staff, 1, 2, 3, 4)
    with pytest.raises(Refusal, match=r"review\.open") as caught:
        await opened_unreviewed(small)
    assert "2" in caught.value.words.zh and "M01-005" in caught.value.words.zh
    await act(small, "approve", small.staff, 5)
    await act(small, "reject", small.staff, 6, reason="超龄")
    await opened_unreviewed(small)
    assert await Place.count() == await Entry.count() == await Member.count() == 5
    (gone,) = await ReviewAct.select().where(ReviewAct.act == "departed")
    kept = json.loads(SEALER.open(bytes(gone["sealed"]), f"departed:{gone['id']}"))
    assert (gone["number"], gone["state_before"], len(kept["members"])) == (6, "rejected", 1)


async def opened_unreviewed(small: Small) -> Any:
    """The door of the draw, as it is."""
    from_now = {"commitments": ("甲", "乙"), "public": "号码 1234", "sealer": SEALER}
    return await opened(small, "drawn", reviewed=True, **from_now)


async def test_a_place_that_comes_free_goes_to_who_waits_first(database: str) -> None:
    """An event of four: two wait. A rejection admits the first of them into the review; taking the rejection back is no longer
    possible, because the place is gone."""
    full = await brought(await founded("full"), "registration")
    await Event.update({Event.capacity: 4}).where(Event.id == (await full.event())["id"])
    for place, name in enumerate(("甲", "乙", "丙", "丁", "戊", "己")):
        row = row_of(place, document_number=number(81 + 2 * place))
        await enter(await full.competition(), form(name, [row]), SEALER, full.staff, AT)
    own = [row["number"] for row in await waiting(full)]
    assert own == [5, 6]
    batch = await act(full, "reject", full.staff, 2, reason="材料不实")
    assert [row["number"] for row in await waiting(full)] == [6]
    assert await code(undo(await full.competition(), batch, full.staff, AT)) == "review.full"
    assert await Decision.exists().where(Decision.kind == "entries.admitted")


async def waiting(small: Small) -> list[dict[str, Any]]:
    rows = await entries_in((await small.competition())["id"])
    return [row for row in rows if row["entry_state"] == "waiting"]


async def test_thousands_are_decided_taken_back_and_leave_at_once(database: str) -> None:
    """A whole province is approved by one act: as many entries as one statement could not name one by one are decided, taken back,
    rejected, and leave the list at the draw.
    """
    small, many = await founded(), 1900
    await opened(small, "registration")
    people = [
        row_of(0, row=5 + place, document_number=number(1 + place % 999, f"19900{1 + place // 999}01"))
        for place in range(many)
    ]
    await enter(await small.competition(), form("唐山市", people), SEALER, small.staff, AT)
    everybody = await seen(small)
    batch = await decide(await small.competition(), "approve", everybody, "", small.staff, AT)
    assert {state for state, _ in (await states()).values()} == {"approved"}
    assert await undo(await small.competition(), batch, small.staff, AT) == many
    await act(small, "approve", small.staff, 1, 2, 3)
    left = [one for one in await seen(small) if one.version == everybody[-1].version + 2]
    await decide(await small.competition(), "reject", left, "名额已满", small.staff, AT)
    await opened(small, "drawn", reviewed=True)
    assert len(await states()) == 3 and await ReviewAct.count().where(ReviewAct.act == "departed") == many - 3
