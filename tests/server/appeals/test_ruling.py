"""An appeal is looked into by people who are not party, and a ruling changes exactly what it showed beforehand."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from server.access import Actor
from server.appeals.effects import effects_of
from server.appeals.flow import admit, appeal_of
from server.appeals.ruling import (
    answer,
    assign,
    candidates,
    correct,
    correct_status,
    none_open,
    rule,
    uncorrect,
    work_code,
)
from server.appeals.writing import write
from server.audit import verify
from server.database.tables import (
    Certificate,
    Decision,
    FloorStatus,
    Mark,
    MarkCorrection,
    Promotion,
    SkillRecord,
    SkillWithdrawal,
    StatusCorrection,
)
from server.errors import Refusal
from server.issuing.withdrawing import certificates_of
from server.marks.correcting import hundredths, marks_of
from server.marks.floor import write_down
from server.people.flow import employ
from server.promotion.deciding import cases_of
from server.promotion.flow import record_of
from server.results.flow import content_of, snapshot_of
from tests.server.appeals.test_writing import code, owner
from tests.server.conftest import Site
from tests.server.small import AT, BASE, SEALER, Small, account, brought, founded, opened, owed_marks, posted

LATER = AT + timedelta(hours=1)


async def filed(small: Small, name: str) -> tuple[int, Actor]:
    """An admitted appeal about the entry of this competitor; its number, and a second member of staff."""
    snapshot = await snapshot_of((await small.event())["id"])
    assert snapshot
    row = next(row for row in snapshot["content"]["rows"] if row["members"][0]["name"] == name)
    competition = await small.competition()
    place = "一二三四五六".index(name[1])
    delegation, clerk, entry = await owner(small, place)
    assert str(entry) == row["entry"]
    number = await write(competition, delegation, entry, "漏计", None, SEALER, clerk, AT)
    await admit(competition, number, 0, True, "应予核实", small.supervisor, AT)
    second = await account("钱二")
    await employ(competition["organiser"], second)
    return number, Actor(second, "钱二", organisers=small.staff.organisers)


async def now(small: Small, number: int) -> dict[str, Any]:
    """The appeal as it stands."""
    return await appeal_of((await small.competition())["id"], number)


async def answered(small: Small, number: int) -> None:
    """Given to the first member of staff, who answers."""
    competition = await small.competition()
    await assign(competition, number, (await now(small, number))["version"], str(small.staff.account), small.staff, AT)
    await answer(competition, number, (await now(small, number))["version"], "核实属实", small.staff, AT)


async def proposed(small: Small, number: int, aspects: tuple[str, ...] = ("A1.01",)) -> None:
    """Full marks for these aspects of this entry."""
    row = await now(small, number)
    for mark in await marks_of(await small.event(), await work_code(row)):
        if mark["aspect"] in aspects:
            version = (await now(small, number))["version"]
            who, competition = small.staff, await small.competition()
            await correct(competition, number, version, mark["id"], 1000, "记录单为满分", who, AT)


ENOUGH = ("A1.01", "B1.01")
"""With full marks in these the fourth is better than the third."""


async def ruled(small: Small, number: int, actor: Actor, upheld: bool = True, **more: Any) -> dict[str, Any]:
    """Ruled on by this person, who has seen the effects."""
    row, competition = await now(small, number), await small.competition()
    effects = await effects_of(competition, await small.event(), row["id"], LATER)
    seen = more.pop("seen", effects.seen if effects else "")
    return await rule(competition, number, row["version"], upheld, "经核实", seen, BASE, SEALER, actor, LATER)


async def order(small: Small) -> list[str]:
    """Names by their published place."""
    snapshot = await snapshot_of((await small.event())["id"])
    assert snapshot
    return [row["members"][0]["name"] for row in snapshot["content"]["rows"]]


async def test_party_acts_on_nothing_and_one_person_does_not_do_everything(database: str) -> None:
    """No clerk or judge of the entry is a candidate or may act; without an answer nobody rules; who answered or proposed does not
    rule; results are not final while it is open; a rejected one leaves marks and results as they were.
    """
    small = await brought(await founded(), "published")
    competition, event, names = await small.competition(), await small.event(), await order(small)
    number, second = await filed(small, names[3])
    row = await now(small, number)
    await employ(competition["organiser"], small.judges[0])
    assert {one["id"] for one in await candidates(competition, row)} == {
        small.staff.account,
        second.account,
        small.supervisor.account,
    }
    judge = Actor(small.judges[0], "裁判长", organisers=small.staff.organisers)
    assert await code(ruled(small, number, judge)) == "appeals.party"
    assert await code(assign(competition, number, 1, str(small.judges[0]), small.staff, AT)) == "appeals.party"
    assert await code(ruled(small, number, second)) == "appeals.unanswered"
    await answered(small, number)
    assert await code(ruled(small, number, small.staff)) == "appeals.same-person"
    assert (await none_open(event["id"])).rule == "pipeline.appeals"
    await proposed(small, number)
    assert await code(proposed(small, number)) == "correction.proposed"
    waiting = await MarkCorrection.select().first()
    version = (await now(small, number))["version"]
    await uncorrect(competition, number, version, waiting["id"], small.staff, AT)
    await proposed(small, number)
    marks = await Mark.count()
    await ruled(small, number, second, upheld=False)
    assert (await now(small, number))["state"] == "rejected" and await Mark.count() == marks
    assert await order(small) == names and await MarkCorrection.count().where(MarkCorrection.state == "dropped") == 2
    assert await code(ruled(small, number, second)) == "appeals.state"
    assert (await none_open(event["id"])).rule == "appeals.none-open"


async def test_an_upheld_appeal_changes_what_it_showed_and_supersedes_what_it_touches(database: str) -> None:
    """The fourth becomes the third: the preview says so before anything is stored; then there is a second version that names the
    first, the certificate of who was third is revoked, the fourth gets one, the others keep theirs, and both chains hold.
    """
    small = await brought(await founded(), "certified")
    competition, event, names = await small.competition(), await small.event(), await order(small)
    old, rises, falls = await snapshot_of(event["id"]), names[3], names[2]
    assert old
    number, second = await filed(small, rises)
    await answered(small, number)
    await proposed(small, number, ENOUGH)
    effects = await effects_of(competition, event, (await now(small, number))["id"], LATER)
    assert effects
    assert {one.names: (one.before["rank"], one.after["rank"]) for one in effects.standings} == {
        rises: (4, 3),
        falls: (3, 4),
    }
    assert {one.name: (one.before, one.after) for one in effects.promotions} == {
        rises: (("unchanged", ""), ("promoted", "technician")),
        falls: (("promoted", "technician"), ("unchanged", "")),
    }
    assert {one.name: one.kind for one in effects.certificates} == {rises: "issued", falls: "revoked"}
    assert (await Certificate.count(), await Mark.count()) == (3, old["mark_sequence"]), "nothing is stored"
    assert await code(ruled(small, number, second, seen="")) == "appeals.effects"
    done = await asyncio.gather(*(ruled(small, number, second) for _ in range(2)), return_exceptions=True)
    assert [one.code for one in done if isinstance(one, Refusal)] in (["appeals.changed"], ["appeals.state"])
    new = await snapshot_of(event["id"])
    assert new and (new["version"], new["supersedes"]) == (2, old["id"])
    assert new["content"] == json.loads(json.dumps(effects.content)) == await content_of(event)
    said = await certificates_of(competition["id"])
    assert {row["person"] for row in said if not row["revoked"]} == {names[0], names[1], rises}
    assert [(row["person"], row["reason"][:4]) for row in said if row["revoked"]] == [(falls, "A001")]
    cases = {case["name"]: case["level"] for case in await cases_of(competition["id"])}
    assert cases == dict.fromkeys((names[0], names[1], rises), "technician")
    assert (await now(small, number))["republished_version"] == 2
    correction = await MarkCorrection.select().first()
    assert correction and (correction["proposed"], correction["decided"]) == (small.staff.account, second.account)
    last = await Mark.select().where(Mark.id == correction["mark"]).first()
    assert last and (last["replaces"], last["value"], last["device"]) == (correction["corrects"], 1000, "correction")
    connection = await asyncpg.connect(database)
    try:
        assert (await verify(connection)).breaks == ()
    finally:
        await connection.close()


async def test_who_loses_a_promotion_by_a_ruling_has_it_withdrawn_and_who_keeps_it_is_not_promoted_twice(
    database: str,
) -> None:
    """The record's rows stay, withdrawals stand beside them; whoever was technician by this event still is one, and no more."""
    small = await brought(await founded(), "final")
    names, event = await order(small), await small.event()
    number, second = await filed(small, names[3])
    await answered(small, number)
    await proposed(small, number, ENOUGH)
    rows = await SkillRecord.count()
    await ruled(small, number, second)
    after = await order(small)
    winners = set(after[:3])
    assert winners != set(names[:3])
    assert await SkillRecord.count() == rows + 3 and await SkillWithdrawal.count() == rows
    query = Promotion.select(Promotion.member.all_columns(), Promotion.person.name.as_alias("name"), Promotion.level)
    for row in await query.where(Promotion.snapshot == (await snapshot_of(event["id"]) or {})["id"]):
        member = {
            "person": row["member.person"], "occupation_code": row["member.occupation_code"], "level": row["member.level"], "identity": row["member.identity"],
        }  # fmt: skip
        held = (await record_of(member, LATER)).levels.get("6-18-02-04", "")
        assert held == ("technician" if row["name"] in winners else ""), row["name"]


async def test_a_disqualification_falls_on_appeal_with_everything_that_follows(database: str) -> None:
    """Who was put out and would have won is put back: the preview shows rank, award, promotion and certificate of everybody it
    touches before anything is stored, whoever proposed it does not rule, rejecting leaves everything, upholding adds rows and a
    publication that names the one it replaces. An entry without marks is not made one that competed."""
    small = await brought(await founded(), "marking")
    winner, gone = sorted(small.codes)[0], sorted(small.codes)[-1]
    chief = await small.chief()
    await posted(small, owed_marks(small, (await small.event())["id"]))
    await write_down(await small.event(), winner, "disqualified", "疑似作弊", chief, AT)
    await write_down(await small.event(), gone, "withdrawn", "离场", chief, AT)
    for door in ("sealed", "reviewed", "published", "final", "certified"):
        await opened(small, door)
    competition, event = await small.competition(), await small.event()
    old = await snapshot_of(event["id"])
    assert old
    row = next(row for row in old["content"]["rows"] if row["code"] == winner)
    name, led = row["members"][0]["name"], old["content"]["rows"][0]["members"][0]["name"]
    assert (row["rank"], row["status"], row["award"]) == (0, "disqualified", None)

    async def put_back(number: int, reason: str = "录像显示没有违规", status: str = "competed") -> None:
        version = (await now(small, number))["version"]
        await correct_status(competition, number, version, status, reason, small.staff, AT)

    number, second = await filed(small, name)
    await answered(small, number)
    assert await code(put_back(number, " ")) == "correction.reason"
    assert await code(put_back(number, status="disqualified")) == "correction.same-status"
    assert await code(put_back(number, status="late")) == "floor.status"
    await put_back(number)
    assert await code(put_back(number)) == "correction.status-proposed"
    effects = await effects_of(competition, event, (await now(small, number))["id"], LATER)
    assert effects
    moved = {one.names: (one.before["rank"], one.after["rank"]) for one in effects.standings}
    assert moved[name] == (0, 1) and moved[led] == (1, 2) and len(moved) == 5
    assert {one.name: one.after for one in effects.promotions}[name] == ("promoted", "technician")
    assert {one.name: one.kind for one in effects.certificates}[name] == "issued"
    rows = await FloorStatus.count()
    assert await code(ruled(small, number, small.staff)) == "appeals.same-person"
    await ruled(small, number, second, upheld=False)
    assert await FloorStatus.count() == rows and (await snapshot_of(event["id"]) or {})["id"] == old["id"]

    number, second = await filed(small, name)
    await answered(small, number)
    await put_back(number)
    await ruled(small, number, second)
    new = await snapshot_of(event["id"])
    assert new and (new["version"], new["supersedes"]) == (2, old["id"])
    assert new["content"] == json.loads(json.dumps(effects.content)) == await content_of(event)
    assert (await order(small))[0] == name and await FloorStatus.count() == rows + 1
    said = {row["person"] for row in await certificates_of(competition["id"]) if not row["revoked"]}
    assert name in said and {case["name"] for case in await cases_of(competition["id"])} == said
    kept = await StatusCorrection.select().where(StatusCorrection.state == "approved").first()
    assert kept and (kept["proposed"], kept["decided"]) == (small.staff.account, second.account)
    decided = [row["kind"] for row in await Decision.select().order_by(Decision.sequence)]
    assert [kind for kind in decided if kind.startswith("status.")] == [
        *("status.proposed", "status.dropped", "status.proposed")
    ]
    connection = await asyncpg.connect(database)
    try:
        assert (await verify(connection)).breaks == ()
    finally:
        await connection.close()


async def test_an_entry_without_marks_cannot_be_made_one_that_competed(site: Site) -> None:
    """Where the policy waits for marks there would be no result: the page says what is missing, and nothing is noted."""
    small = await brought(await founded("absent"), "marking")
    gone = sorted(small.codes)[-1]
    await write_down(await small.event(), gone, "absent", "", await small.chief(), AT)
    await posted(small, [one for one in owed_marks(small, (await small.event())["id"]) if one.mark.entry != gone])
    for door in ("sealed", "reviewed", "published"):
        await opened(small, door)
    content = (await snapshot_of((await small.event())["id"]) or {})["content"]
    name = next(row["members"][0]["name"] for row in content["rows"] if row["code"] == gone)
    number, _ = await filed(small, name)
    desk = await site.visitor(small.staff.account)
    page = f"/office/{small.slug}/appeals/{number}"
    text = (await desk.get(f"{page}?lang=en", headers={"accept": "text/html"})).text
    assert "It stands as “absent” now" in text
    data = {"version": str((await now(small, number))["version"]), "status": "competed", "why_status": "其实到场"}
    answer = await desk.post(f"{page}/status", data=data, headers={"accept": "text/html"})
    assert answer.status_code == 422 and "Marks would be missing then" in answer.text and "其实到场" in answer.text
    assert await StatusCorrection.count() == 0
    done = await desk.post(f"{page}/status", data={**data, "status": "withdrawn"}, headers={"accept": "text/html"})
    assert done.status_code == 303
    text = (await desk.get(page, headers={"accept": "text/html"})).text
    assert "<del>absent</del>" in text and "<ins>withdrawn</ins>" in text


def test_marks_are_typed_as_people_write_them() -> None:
    """Two decimals at most, digits only."""
    assert [hundredths(text) for text in ("87.5", " 3 ", "0.05")] == [8750, 300, 5]


@pytest.mark.parametrize("text", ["", "-1", "1.234", "1e3", "١", "1.x", "99999999"])
def test_what_is_no_mark_is_refused(text: str) -> None:
    """Nothing is guessed from what was typed."""
    with pytest.raises(Refusal) as caught:
        hundredths(text)
    assert caught.value.code == "correction.value"
