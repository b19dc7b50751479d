"""A signed confirmation says exactly what is entered, and Podium says so when it no longer does."""

from __future__ import annotations

from typing import Any

import pytest

from server.database.tables import Decision, Delegation, Entry, Member, Person
from server.errors import Refusal
from server.registration.confirming import PRINTED, Confirmation, compare, confirm, present_at
from tests.server.conftest import Site
from tests.server.small import AT, SEALER, Small, entered, founded, opened
from tests.server.test_access import clerk_of


@pytest.fixture
async def small(database: str) -> Small:
    """An open event that everybody has entered."""
    made = await founded()
    await opened(made, "registration")
    await entered(made)
    return made


async def delegation(name: str = "唐山市") -> dict[str, Any]:
    row = await Delegation.select().where(Delegation.name == name).first()
    assert row
    return dict(row)


async def printed(small: Small) -> Confirmation:
    return await confirm(await small.competition(), await delegation(), SEALER, small.staff, AT)


async def test_an_unchanged_entry_keeps_its_code(small: Small) -> None:
    """Printed twice it is the same paper, remembered once; typed with other letters and signs it is found."""
    first, second = await printed(small), await printed(small)
    assert first.code == second.code and len(first.members) >= 1
    assert await Decision.count().where(Decision.kind == PRINTED) == 1
    found = await compare((await small.competition())["id"], f" {first.code.lower().replace('-', ' ')} ", SEALER)
    assert found and found.same and found.delegation == "唐山市" and found.by == small.staff.name


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("member", "unit", "另一个单位"), ("member", "level", "2"), ("person", "name", "改名")],
)
async def test_a_change_makes_the_paper_void(small: Small, table: str, column: str, value: str) -> None:
    """One letter of one member is enough, and the entry is named by its number."""
    paper = await printed(small)
    member = paper.members[0]
    of, id = (Member, member["id"]) if table == "member" else (Person, member["person"])
    await of.update({column: value}).where(of.id == id)
    found = await compare((await small.competition())["id"], paper.code, SEALER)
    assert found and not found.same
    assert found.changed == (f"M01-{member['number']:03}",) and not found.added and not found.gone
    assert (await printed(small)).code != paper.code


async def test_who_left_is_named_by_number(small: Small) -> None:
    """An entry that is there no longer stands among those that are gone."""
    paper = await printed(small)
    gone = paper.members[0]
    await Member.delete().where(Member.entry == gone["entry"])
    await Entry.delete().where(Entry.id == gone["entry"])
    found = await compare((await small.competition())["id"], paper.code, SEALER)
    assert found and found.gone == (f"M01-{gone['number']:03}",) and not found.changed


async def test_the_ledger_keeps_no_name(small: Small) -> None:
    """What is remembered of a paper tells nobody who is on it."""
    paper = await printed(small)
    row = await Decision.select(Decision.data).where(Decision.kind == PRINTED).first()
    assert row and paper.code in str(row["data"])
    assert not any(
        str(member[name]) in str(row["data"]) for member in paper.members for name in ("name", "unit", "person")
    )


async def test_an_unknown_code_and_an_empty_delegation(small: Small) -> None:
    """A code of nobody's is not taken for a paper, another competition's neither; nobody's paper is not printed."""
    competition = await small.competition()
    assert await compare(competition["id"], "0000-0000-0000", SEALER) is None
    assert await compare(competition["organiser"], (await printed(small)).code, SEALER) is None
    await Member.delete().where(Member.person.is_not_null())
    with pytest.raises(Refusal) as refused:
        await printed(small)
    assert refused.value.code == "confirmation.nobody"


async def test_everybody_of_an_event_has_to_sign(small: Small) -> None:
    """The sheet of an event has all delegations, by number."""
    people = await present_at(await small.event())
    assert len(people) == await Member.count()
    assert [one["number"] for one in people] == sorted(one["number"] for one in people)


async def test_the_papers_come_out_of_the_pages(site: Site) -> None:
    """A clerk prints their own paper, the office finds it by its code and prints the sheet; another clerk may not."""
    made = await founded()
    await opened(made, "registration")
    await entered(made)
    slug = (await made.competition())["slug"]
    own = await delegation()
    url = f"/register/{slug}/{own['id']}/confirmation.pdf"
    clerk = await site.visitor(await clerk_of(made, own["id"]))
    paper = await clerk.post(url)
    assert (
        paper.status_code == 200 and paper.content.startswith(b"%PDF") and "no-store" in paper.headers["cache-control"]
    )
    stranger = await site.visitor(await clerk_of(made, (await delegation("廊坊市"))["id"]))
    assert (await stranger.post(url)).status_code == 403
    office = await site.visitor(made.staff.account)
    row = await Decision.select(Decision.data).where(Decision.kind == PRINTED).output(load_json=True).first()
    assert row
    page = await office.get(f"/office/{slug}/papers", params={"paper": row["data"]["code"]})
    assert page.status_code == 200 and "完全一致" in page.text and "唐山市" in page.text
    wrong = await office.get(f"/office/{slug}/papers", params={"paper": "<script>"})
    assert wrong.status_code == 200 and "<script>" not in wrong.text and "没有打印过" in wrong.text
    sheet = await office.get(f"/office/{slug}/events/M01/sign-in.pdf")
    assert sheet.status_code == 200 and sheet.content.startswith(b"%PDF")
