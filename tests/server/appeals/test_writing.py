"""An appeal is written by whose result it is, in time, and admitted by a person where the rules name no time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from scoring.appeals import in_time
from scoring.language.checking import AppealRule
from scoring.policy import load, text_of
from scoring.verdict import No, Silent, Yes
from server.access import Actor
from server.appeals import writing
from server.appeals.flow import acts_of, admit, appeal_of, appeals_of, attached_to
from server.appeals.writing import results_open_to, write
from server.database.tables import Clerk, Decision, Delegation, Member
from server.errors import Refusal
from server.registration.sending import add_clerk
from tests.server.conftest import Site
from tests.server.small import AT, DELEGATIONS, SEALER, Small, brought, founded

PDF = b"%PDF-1.4 proof"


class Proof:
    """A file that was checked."""

    data, media, pages = PDF, "application/pdf", 1


async def owner(small: Small, place: int = 0) -> tuple[dict[str, Any], Actor, UUID]:
    """The n-th delegation, one more clerk of it, and its one entry."""
    row = await Delegation.select().where(Delegation.name == DELEGATIONS[place]).first()
    name = f"填报人{await Clerk.count().where(Clerk.delegation == row['id'])}"
    account, _ = await add_clerk(await small.competition(), str(row["id"]), name, small.staff, AT)
    member = await Member.select(Member.entry).where(Member.entry.delegation == row["id"]).first()
    return dict(row), Actor(account, name, delegations=frozenset({row["id"]})), member["entry"]


def within(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """The policy names a time for appeals."""
    asked = writing.policy_of
    rule = AppealRule(hours, "hours", "organiser")
    monkeypatch.setattr(writing, "policy_of", lambda event: replace(asked(event), appeals=rule))


async def code(doing: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await doing
    return caught.value.code


def test_the_last_moment_counts_and_a_policy_without_a_time_says_so() -> None:
    """In time up to the very end, late after it, and silent where the policy names nothing."""
    assert isinstance(in_time(AT, AT), Yes) and isinstance(in_time(None, AT), Silent)
    late = in_time(AT, AT + timedelta(microseconds=1))
    assert isinstance(late, No) and late.rule == "appeals.late"


def test_working_days_are_those_of_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two working days after a Friday end on Tuesday; hours run through the night; a policy without a time has no end."""
    event = {"policy_text": text_of("hebei-skills-2025"), "policy": "hebei-skills-2025", "policy_fingerprint": load("hebei-skills-2025").fingerprint}  # fmt: skip
    assert writing.ends_of(event, AT) is None
    within(monkeypatch, 2)
    assert writing.ends_of(event, AT) == AT + timedelta(hours=2)
    named = writing.policy_of
    monkeypatch.setattr(
        writing, "policy_of", lambda event: replace(named(event), appeals=AppealRule(2, "working-days", "organiser"))
    )
    assert AT.isoweekday() == 5 and writing.ends_of(event, AT) == AT + timedelta(days=4)


async def test_an_appeal_in_time_is_filed_once_with_its_evidence(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clicks file one; it is open at once, its file can be read again, the ledger knows both; afterwards it is too late;
    nobody appeals about another delegation's result or before it is published.
    """
    small = await brought(await founded(), "reviewed")
    competition = await small.competition()
    delegation, clerk, entry = await owner(small)
    within(monkeypatch, 2)

    async def filed(entry: UUID = entry, reason: str = "第 2 项漏计", hours: int = 1) -> int:
        return await write(competition, delegation, entry, reason, Proof(), SEALER, clerk, AT + timedelta(hours=hours))

    assert await code(filed()) == "not-found", "nothing is published yet"
    await brought(small, "published")
    _, _, other = await owner(small, 1)
    assert await code(filed(other)) == "not-found"
    assert await code(filed(reason=" ")) == "appeals.reason"
    assert await code(filed(hours=3)) == "appeals.late"
    done = await asyncio.gather(filed(), filed(), return_exceptions=True)
    assert {one.code if isinstance(one, Refusal) else one for one in done} == {1, "appeals.twice"}
    (row,) = await appeals_of(competition["id"])
    assert (row["state"], row["rule"], row["snapshot_version"]) == ("open", "appeals.in-time", 1)
    assert await attached_to(row["id"], SEALER) == (PDF, "application/pdf")
    assert await Decision.count().where(Decision.kind == "appeal.filed") == 1
    one = (await results_open_to(delegation, AT))[0]
    assert one["ends"] == one["snapshot"]["at"] + timedelta(hours=2)


async def test_where_the_policy_is_silent_a_supervisor_admits_with_a_reason(database: str) -> None:
    """It waits; without a reason, seen as it was before, or by whoever is party nothing happens; admitted once, it is open."""
    small = await brought(await founded(), "published")
    competition = await small.competition()
    delegation, clerk, entry = await owner(small)
    number = await write(competition, delegation, entry, "漏计", None, SEALER, clerk, AT)
    assert (await appeal_of(competition["id"], number))["state"] == "asked"

    async def admitted(by: Actor, version: int = 0, reason: str = "应予核实") -> None:
        await admit(competition, number, version, True, reason, by, AT)

    assert await code(admitted(small.supervisor, reason="")) == "appeals.reason"
    assert await code(admitted(small.supervisor, version=7)) == "appeals.changed"
    for party in (clerk, await small.chief()):
        assert await code(admitted(party)) == "appeals.party", "the clerk who wrote it, a judge who marked the entry"
    await admitted(small.supervisor)
    row = await appeal_of(competition["id"], number)
    assert (row["state"], row["version"]) == ("open", 1)
    assert [act["act"] for act in await acts_of(row["id"])] == ["filed", "admitted"]
    assert await code(admitted(small.supervisor, version=1)) == "appeals.state"
    ledger = await Decision.select(Decision.reason).where(Decision.kind == "appeal.admitted")
    assert [one["reason"] for one in ledger] == ["应予核实"]


async def test_a_clerk_files_at_the_desk_and_a_supervisor_admits_in_the_office(site: Site) -> None:
    """What is typed survives a refusal; markup in it stays text; another delegation's clerk finds nothing."""
    small = await brought(await founded("appeal-desk"), "published")
    competition = await small.competition()
    row = (await Delegation.select().where(Delegation.competition == competition["id"]).order_by(Delegation.name))[0]
    account, _ = await add_clerk(competition, str(row["id"]), "填报人", small.staff, AT)
    member = await Member.select(Member.entry).where(Member.entry.delegation == row["id"]).first()
    clerk, url = await site.visitor(account), f"/register/appeal-desk/{row['id']}/appeals"
    assert f"{url}/new/{member['entry']}" in (await clerk.get(url)).text
    junk = {"file": ("x.exe", b"MZ", "application/octet-stream")}
    page = await clerk.post(f"{url}/new/{member['entry']}", data={"reason": "<b>漏计</b>"}, files=junk)
    assert page.status_code == 422 and "&lt;b&gt;漏计" in page.text
    page = await clerk.post(f"{url}/new/{member['entry']}", data={"reason": "<b>漏计</b>"}, files={"file": ("", b"")})
    assert page.status_code == 303, page.text
    page = await clerk.get(page.headers["location"])
    assert "A001" in page.text and "<b>漏计" not in page.text
    staff, supervisor = await site.visitor(small.staff.account), await site.visitor(small.supervisor.account)
    office = "/office/appeal-desk/appeals"
    assert "A001" in (await staff.get(office)).text
    done = await supervisor.post(
        f"{office}/1/admission", data={"version": "0", "answer": "admit", "reason": "应予核实"}
    )
    assert done.status_code == 303
    assert "应予核实" in (await clerk.get(url)).text
    again = {"entry": str(member["entry"]), "reason": "再次"}
    api = f"/api/competitions/appeal-desk/delegations/{row['id']}/appeals"
    refused = await clerk.post(api, json=again)
    assert (refused.status_code, refused.json()["code"]) == (409, "appeals.twice")
    told = (await staff.get("/api/competitions/appeal-desk/appeals")).json()["appeals"]
    assert [(one["number"], one["state"], [act["act"] for act in one["acts"]]) for one in told] == [
        (1, "open", ["filed", "admitted"])
    ]
    assert await Clerk.exists().where(Clerk.account == account)
