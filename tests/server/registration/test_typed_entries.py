"""An entry typed into the form at a delegation's desk: the workbook's checks beside the fields, the workbook's storing."""

from __future__ import annotations

import asyncio
import itertools
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from admin.sheets.registration import read_registration
from admin.sheets.typed import read_typed
from server.database.tables import Competition, Decision, Event, Intake, Member
from server.registration.places import Change, set_places
from tests.server.conftest import Site
from tests.server.registration.intaking import (
    Desk,
    desk_at,
    with_example_events,
    with_rules,
    workbook,
)
from tests.server.registration.intaking import person as somebody
from tests.server.small import AT, founded, number
from tests.server.test_access import clerk_of

PAGE = {"accept": "text/html"}
RULE = """[[eligibility.rule]]
id = "level-at-least"
test = "level-at-least"
level = "junior"
clause = { zh = "参赛选手应具有五级/初级工以上等级", en = "competitors hold at least the junior level" }
source = "organiser"
"""


_tests = itertools.count(1950)
BORN = {"year": 1990}
"""Everybody of one test is born in a year of its own, so that nobody takes part in two of them."""


def person(place: int, **more: Any) -> dict[str, Any]:
    """The n-th competitor of this test."""
    return somebody(place, **{"born": f"{BORN['year']}0101", **more})


def typed(*people: dict[str, Any], event: str = "M01", **more: str) -> dict[str, str]:
    """What a browser sends of these people."""
    sent = {"event": event, **more}
    for place, one in enumerate(people, 1):
        sent |= {f"{field}-{place}": value for field, value in one.items()}
    return sent


@pytest.fixture
async def desk(site: Site) -> Desk:
    """A clerk's desk of a fresh competition, with the example's events open."""
    BORN["year"] = next(_tests)
    small = await founded(f"typed-{BORN['year']}")
    await with_example_events(small)
    made = await desk_at(site, small)
    made.visitor = await site.visitor(await clerk_of(small, made.delegation))
    return made


def wrong(right: str) -> str:
    """A number whose last sign cannot be."""
    return right[:-1] + ("1" if right[-1] == "0" else "0")


async def save(desk: Desk, sent: dict[str, str], entry: object = "new") -> Any:
    """Send the form."""
    return await desk.visitor.post(f"{desk.url}/entry/{entry}", data=sent, headers=PAGE)


async def check(desk: Desk, sent: dict[str, str]) -> dict[str, Any]:
    """What is said while one types."""
    response = await desk.visitor.post(f"{desk.url}/entry/check", data=sent)
    assert response.status_code == 200, response.text
    return dict(response.json())


async def members(desk: Desk) -> list[dict[str, Any]]:
    """Who is in, with what was kept of them."""
    query = Member.select(
        *(Member.entry, Member.unit, Member.level, Member.identity, Member.position),
        *(Member.person.name.as_alias("name"), Member.entry.team.as_alias("team"), Member.event.code.as_alias("code")),
        *(Member.entry.state.as_alias("state"), Member.entry.number.as_alias("number")),
    )
    rows = await query.where(Member.entry.delegation == desk.delegation)
    return sorted((dict(row) for row in rows), key=lambda row: (row["code"], row["number"], row["position"]))


def test_the_form_reads_what_a_workbook_reads() -> None:
    """The same cells give the same row, problems and mendings, whether typed or in a workbook."""
    people = [
        person(0, name=" 赵　一明 ", document_number="１３９９９９" + number(1)[6:], level_text="高级工"),
        person(1, sex="女"),
        person(2, document_number="13999919900101001X", phone="123"),
        person(3, name="", identity="土匪"),
    ]
    by_form, by_workbook = read_typed(people), read_registration(workbook(people), "报名表.xlsx")
    assert [(one.code, one.words, one.place.row + 2) for one in by_form.problems] == [
        (one.code, one.words, one.place.row) for one in by_workbook.problems if one.code != "registration.id-twice"
    ]
    assert [(one.code, one.after) for one in by_form.mended] == [(one.code, one.after) for one in by_workbook.mended]
    plain = ("name", "document_number", "sex", "level", "identity", "unit", "phone", "birth")
    for typed_row, sheet_row in zip(by_form.rows, by_workbook.rows, strict=True):
        assert [getattr(typed_row, name) for name in plain] == [getattr(sheet_row, name) for name in plain]


async def test_an_entry_is_added_and_can_be_undone(desk: Desk) -> None:
    """A clean form is stored like a workbook's row: state, number, ledger, sealed intake, undo as a whole."""
    answer = await save(desk, typed(person(0)))
    assert answer.status_code == 303 and "added=1" in answer.headers["location"], answer.text
    (one,) = await members(desk)
    assert (one["name"], one["code"], one["level"], one["state"], one["number"]) == (
        *("赵一明", "M01", "senior", "review", 1),
    )
    intake = await Intake.select().where(Intake.delegation == desk.delegation).first()
    assert (intake["state"], intake["filename"], intake["rows"]) == ("accepted", "", 1)
    assert "赵一明".encode() not in bytes(intake["reading"]) + bytes(intake["sealed"])
    competition = (await desk.small.competition())["id"]
    kinds = await Decision.select(Decision.kind).where(Decision.competition == competition).output(as_list=True)
    assert kinds[-1] == "entries.imported"
    page = await desk.visitor.get(desk.url, headers=PAGE)
    assert f"/forms/{intake['id']}/undo" in page.text
    await desk.visitor.post(f"{desk.url}/forms/{intake['id']}/undo", headers=PAGE)
    assert await members(desk) == []


async def test_what_is_wrong_stands_beside_its_field(desk: Desk) -> None:
    """Code, words and mend are in the notes of their own field, what was typed is kept, nothing is stored."""
    spoiled = person(0, name="", sex="女", phone="12", document_number=wrong(number(1)))
    page = await save(desk, typed(spoiled))
    assert page.status_code == 422 and await members(desk) == []
    for field, code in (
        ("document_number-1", "registration.id-check-digit"),
        ("phone-1", "registration.phone-form"),
        ("name-1", "registration.cell-empty"),
    ):
        notes = page.text.split(f'id="notes-{field}"')[1].split("</div>")[0]
        assert f"<code>{code}</code>" in notes, (field, notes)
    assert 'value="12"' in page.text and 'aria-invalid="true"' in page.text
    assert await Intake.count().where(Intake.delegation == desk.delegation) == 0


async def test_while_typing_only_what_was_typed_is_judged(desk: Desk) -> None:
    """A half-filled form: the wrong sex is told, what the number says is told, empty fields are not called missing."""
    answer = await check(desk, typed({"document_kind": "居民身份证", "document_number": number(1), "sex": "女"}))
    assert "registration.sex-differs" in answer["notes"]["sex-1"] and "name-1" not in answer["notes"]
    assert answer["told"]["document_number-1"].startswith("1990-01-01")
    assert answer["sexes"]["sex-1"] == "男" and "名额不限" in answer["room"]
    assert await Intake.count().where(Intake.delegation == desk.delegation) == 0


async def test_somebody_who_is_in_already_is_told_of(desk: Desk, site: Site) -> None:
    """A second entry of one person is refused beside the number; another delegation is not named to a clerk."""
    other = await desk_at(site, desk.small, "唐山市")
    assert (await save(other, typed(person(0)))).status_code == 303
    answer = await check(desk, typed(person(0)))
    told = answer["notes"]["document_number-1"]
    assert "registration.entered" in told and "唐山市" not in told
    assert (await save(desk, typed(person(1)))).status_code == 303
    again = await save(desk, typed(person(1), event="M02"))
    assert again.status_code == 422 and "请在名单里打开那一份来修改" in again.text


async def test_a_quota_is_told_at_the_event(desk: Desk) -> None:
    """The last place is given once, and the form says how many there are."""
    changes = [Change(delegation=desk.delegation, event="M01", places=1)]
    await set_places(await desk.small.competition(), changes, desk.small.staff, AT)
    assert "还有 1 个名额" in (await check(desk, typed(person(0))))["room"]
    assert (await save(desk, typed(person(0)))).status_code == 303
    answer = await check(desk, typed(person(1)))
    assert "registration.quota" in answer["notes"]["event"] and "还有 0 个名额" in answer["room"]
    assert (await save(desk, typed(person(1)))).status_code == 422


async def test_two_clerks_and_one_last_place(desk: Desk, site: Site) -> None:
    """Two clerks save at the same moment: the place is given once, the other is told, nothing is double."""
    changes = [Change(delegation=desk.delegation, event="M01", places=1)]
    await set_places(await desk.small.competition(), changes, desk.small.staff, AT)
    second = Desk(desk.small, desk.delegation, await site.visitor(await clerk_of(desk.small, desk.delegation)))
    answers = await asyncio.gather(save(desk, typed(person(0))), save(second, typed(person(1))))
    assert sorted(answer.status_code for answer in answers) == [303, 422] and len(await members(desk)) == 1
    assert any("registration.quota" in answer.text for answer in answers)
    assert await Intake.count().where(Intake.delegation == desk.delegation) == 1, "nothing is left lying about"


async def test_a_rule_refuses_with_its_clause(desk: Desk) -> None:
    """Who lacks the level that the policy asks for reads the clause beside the level."""
    await with_rules(desk.small, RULE)
    answer = await check(desk, typed(person(0, level_text="")))
    assert "eligibility.level-at-least" in answer["notes"]["level_text-1"]
    assert "参赛选手应具有五级/初级工以上等级" in answer["notes"]["level_text-1"]


async def test_what_is_doubtful_needs_its_tick(desk: Desk) -> None:
    """A child: held until that very doubt is ticked; the reason goes to the ledger, and an unknown tick helps nothing."""
    child = person(0, born="20150101")
    first = await save(desk, typed(child))
    assert first.status_code == 422 and 'name="tick-1-registration.child"' in first.text
    assert (await save(desk, typed(child, **{"tick-1-registration.elsewhere": "1"}))).status_code == 422
    assert await members(desk) == []
    done = await save(desk, typed(child, reason="少年组邀请", **{"tick-1-registration.child": "1"}))
    assert done.status_code == 303 and len(await members(desk)) == 1
    competition = (await desk.small.competition())["id"]
    newest = (
        await Decision.select()
        .where((Decision.competition == competition) & (Decision.kind == "entries.imported"))
        .output(load_json=True)
        .first()
    )
    assert newest["data"]["doubts"] == [{"row": 1, "rule": "registration.child", "reason": "少年组邀请"}]


async def test_a_team_is_typed_with_its_members(desk: Desk) -> None:
    """A team goes in whole: two members, one entry; without the other member not at all."""
    event = await desk.small.event("C01")
    shared = {"event": event["name"], "group": event["division"], "occupation_code": event["occupation_code"]}
    one, two = person(0, **shared), person(1, **shared)
    page = await desk.visitor.get(f"{desk.url}/entry/new?event={event['code']}", headers=PAGE)
    assert 'name="document_number-2"' in page.text and 'name="document_number-3"' not in page.text
    half = await save(desk, typed(one, event=event["code"], team="1"))
    assert half.status_code == 422 and await members(desk) == []
    twice = await save(desk, typed(one, {**one, "name": "钱二亮"}, event=event["code"], team="1"))
    assert "registration.id-twice" in twice.text and await members(desk) == []
    done = await save(desk, typed(one, two, event=event["code"], team="1"))
    assert done.status_code == 303, done.text
    rows = await members(desk)
    assert [row["name"] for row in rows] == ["赵一明", "钱二亮"] and len({row["entry"] for row in rows}) == 1
    changed = typed(one, person(2, **shared), event=event["code"], team="1", **await opened(desk, rows[0]["entry"]))
    assert (await save(desk, changed, rows[0]["entry"])).status_code == 422, "who takes another's place needs a reason"
    assert (await save(desk, {**changed, "reason": "原选手生病"}, rows[0]["entry"])).status_code == 303
    assert [row["name"] for row in await members(desk)] == ["赵一明", "孙三元"]


async def opened(desk: Desk, entry: UUID) -> dict[str, str]:
    """What a page that was opened carries along."""
    page = await desk.visitor.get(f"{desk.url}/entry/{entry}", headers=PAGE)
    assert page.status_code == 200
    return {"seen": page.text.split('name="seen" value="')[1].split('"')[0], "entry": str(entry)}


async def test_an_entry_is_opened_changed_and_keeps_its_number(desk: Desk) -> None:
    """The stored values stand in the fields; a change is one change; saving it unchanged changes nothing."""
    await save(desk, typed(person(0)))
    (one,) = await members(desk)
    seen = await opened(desk, one["entry"])
    same = await save(desk, typed(person(0), **seen), one["entry"])
    assert "unchanged=1" in same.headers["location"] and "changed=0" in same.headers["location"]
    assert await Intake.count().where(Intake.delegation == desk.delegation) == 1
    done = await save(desk, typed(person(0, unit="新单位"), **seen), one["entry"])
    assert "changed=1" in done.headers["location"]
    (after,) = await members(desk)
    assert after["unit"] == "新单位" and (after["entry"], after["number"]) == (one["entry"], one["number"])


async def test_an_entry_moves_to_another_event(desk: Desk) -> None:
    """The old entry goes with the change, so that nobody is in twice; undone, it returns under its number."""
    await save(desk, typed(person(0)))
    (one,) = await members(desk)
    moved = await save(desk, typed(person(0), event="M02", **await opened(desk, one["entry"])), one["entry"])
    other = await desk.small.event("M02")
    if moved.status_code == 422:
        right = person(0, occupation_code=other["occupation_code"])
        moved = await save(desk, typed(right, event="M02", **await opened(desk, one["entry"])), one["entry"])
    assert moved.status_code == 303, moved.text
    assert [row["code"] for row in await members(desk)] == ["M02"]
    newest = (
        await Intake.select().where(Intake.delegation == desk.delegation).order_by(Intake.at, ascending=False).first()
    )
    await desk.visitor.post(f"{desk.url}/forms/{newest['id']}/undo", headers=PAGE)
    assert [(row["code"], row["number"]) for row in await members(desk)] == [("M01", 1)]


async def withdraw(desk: Desk, entry: object, why: str = "因伤退赛", seen: str = "") -> Any:
    """Take an entry out, as somebody who has just opened it."""
    path = f"{desk.url}/entry/{entry}"
    shown = (await desk.visitor.get(path, headers=PAGE)).text
    told = seen or re.findall(r'name="seen" value="(\w+)"', shown)[-1]
    return await desk.visitor.post(f"{path}/withdraw", data={"why": why, "seen": told}, headers=PAGE)


async def test_an_entry_is_withdrawn_with_a_reason_and_comes_back_when_undone(desk: Desk) -> None:
    """Without a reason it stays. With one it is gone, the ledger says why, its place is free, and undoing brings it back."""
    event = await desk.small.event()
    await set_places(await desk.small.competition(), [Change(desk.delegation, event["code"], 1)], desk.small.staff, AT)
    await save(desk, typed(person(0)))
    before = await members(desk)
    refused = await withdraw(desk, before[0]["entry"], why=" ")
    assert refused.status_code == 422 and await members(desk) == before
    assert (await withdraw(desk, before[0]["entry"])).status_code == 303
    assert await members(desk) == []
    here = (Decision.competition == event["competition"]) & (Decision.kind == "entries.withdrawn")
    said = await Decision.select().where(here).order_by(Decision.sequence).output(load_json=True)
    assert said[-1]["reason"] == "因伤退赛" and [one["number"] for one in said[-1]["data"]["withdrawn"]] == [1]
    newest = (
        await Intake.select()
        .where(Intake.delegation == desk.delegation)
        .order_by(Intake.decided, ascending=False)
        .first()
    )
    await desk.visitor.post(f"{desk.url}/forms/{newest['id']}/undo", headers=PAGE)
    assert await members(desk) == before
    assert (await withdraw(desk, before[0]["entry"])).status_code == 303
    assert (await save(desk, typed(person(1)))).status_code == 303
    assert len(await members(desk)) == 1


async def test_after_the_close_an_entry_is_withdrawn_and_none_comes_in(desk: Desk) -> None:
    """Who falls ill after the deadline can still be taken out by their clerk; a new entry and a change are refused."""
    await save(desk, typed(person(0)))
    (one,) = await members(desk)
    over: dict[Any, Any] = {Competition.registration_closes: AT - timedelta(days=600)}
    await Competition.update(over).where(Competition.slug == desk.small.slug)
    assert (await save(desk, typed(person(1)))).status_code == 409
    assert (await save(desk, typed(person(1)), one["entry"])).status_code == 409
    assert await members(desk) == [one]
    assert (await withdraw(desk, one["entry"])).status_code == 303
    assert await members(desk) == []


async def test_whoever_was_slower_is_shown_what_is_there_now(desk: Desk) -> None:
    """The second of two people who change one entry overwrites nothing: what they typed stays, what differs now stands beside its
    field, and who has read that may save it."""
    await save(desk, typed(person(0, unit="原单位")))
    (one,) = await members(desk)
    old = await opened(desk, one["entry"])
    assert (await save(desk, typed(person(0, unit="甲厂"), **old), one["entry"])).status_code == 303
    late = await save(desk, typed(person(0, unit="乙厂"), **old), one["entry"])
    assert late.status_code == 409 and 'value="乙厂"' in late.text and (await members(desk))[0]["unit"] == "甲厂"
    beside = late.text.partition('id="notes-unit-1"')[2].partition('class="field')[0]
    assert late.text.count("现在是") == 1 and "现在是：甲厂" in beside
    (seen,) = set(re.findall(r'name="seen" value="(\w+)"', late.text))
    assert (await save(desk, typed(person(0, unit="乙厂"), seen=seen), one["entry"])).status_code == 303
    assert (await members(desk))[0]["unit"] == "乙厂"


async def test_an_entry_that_changed_or_was_drawn_is_not_withdrawn(desk: Desk) -> None:
    """Whoever saw another state of it is told so; once the event is past registration it stays."""
    await save(desk, typed(person(0)))
    (one,) = await members(desk)
    assert (await withdraw(desk, one["entry"], seen="0" * 64)).status_code == 409
    shown = (await desk.visitor.get(f"{desk.url}/entry/{one['entry']}", headers=PAGE)).text
    seen = re.findall(r'name="seen" value="(\w+)"', shown)[-1]
    await Event.update({Event.state: "drawn"}).where(Event.id == (await desk.small.event())["id"])
    assert (await withdraw(desk, one["entry"], seen=seen)).status_code == 409
    assert await members(desk) == [one]


async def test_nobody_elses_entry_is_opened(desk: Desk, site: Site) -> None:
    """Another delegation's entry is not there, neither to read nor to be replaced."""
    other = await desk_at(site, desk.small, "唐山市")
    await save(other, typed(person(0)))
    (theirs,) = await members(other)
    assert (await desk.visitor.get(f"{desk.url}/entry/{theirs['entry']}", headers=PAGE)).status_code == 404
    assert (await save(desk, typed(person(1)), theirs["entry"])).status_code == 404
    assert len(await members(other)) == 1 and await members(desk) == []


async def test_programs_enter_the_same_way(desk: Desk) -> None:
    """The JSON API checks and stores like the form: problems by code, doubts to be ticked, an entry replaced whole."""
    path = f"/api/competitions/{desk.small.slug}/delegations/{desk.delegation}/entries"
    wrong_sex = {"event": "M01", "people": [person(0, sex="女")]}
    found = (await desk.visitor.post(f"{path}/check", json=wrong_sex)).json()
    assert [one["code"] for one in found["problems"]] == ["registration.sex-differs"] and found["does"] == ["new"]
    refused = await desk.visitor.post(path, json=wrong_sex)
    assert refused.status_code == 422 and refused.json()["problems"][0]["code"] == "registration.sex-differs"
    noted = {"event": "M01", "people": [person(0, note="已获全国技术能手")]}
    assert (await desk.visitor.post(path, json=noted)).status_code == 422 and await members(desk) == []
    ticked = {**noted, "ticked": [{"member": 1, "code": "registration.title-noted"}]}
    assert (await desk.visitor.post(path, json=ticked)).json()["added"] == 1
    (one,) = await members(desk)
    moved = {"event": "M02", "people": [person(0)], "replaces": str(one["entry"])}
    assert (await desk.visitor.post(path, json=moved)).json() == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "withdrawn": 1,
    }
    assert [row["code"] for row in await members(desk)] == ["M02"]
    assert (await desk.visitor.post(path, json={**moved, "event": "X"})).status_code == 404


async def test_odd_forms_are_no_crash(desk: Desk) -> None:
    """No event, an unknown one, an address that is no id, very long texts: an answer each time, and nothing stored."""
    assert (await save(desk, {})).status_code == 422
    assert (await save(desk, {"event": "X99"})).status_code == 422
    assert (await desk.visitor.get(f"{desk.url}/entry/0", headers=PAGE)).status_code == 404
    assert (await desk.visitor.post(f"{desk.url}/entry/check", data={"event": "X"})).status_code == 404
    long = await save(desk, typed(person(0, unit="厂" * 9000, note="=1+1")))
    assert long.status_code == 422 and "registration.cell-too-long" in long.text and "registration.formula" in long.text
    assert await members(desk) == []
