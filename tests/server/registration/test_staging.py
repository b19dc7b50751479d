"""A workbook is previewed before anything is stored, taken in as it was seen, and taken back as a whole."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from server.database.tables import Competition, Decision, Entry, Intake, Member, Person, Photo, Place
from server.registration.places import Change, set_places
from server.registration.staging import KEPT_FOR
from tests.server.conftest import Site
from tests.server.registration.intaking import (
    CLEAN,
    HEADINGS,
    Desk,
    desk_at,
    open_event,
    person,
    with_example_events,
    with_rules,
    workbook,
)
from tests.server.small import AT, SEALER, Small, add_welding, founded, number, opened
from tests.server.test_access import clerk_of

DAY = date(2026, 10, 5)
PAIR = "焊接技术P01"


WEEKS = itertools.count(1)


async def on_days_of_its_own(small: Small, like: Small | None = None) -> None:
    """Competitions of other tests are at another time, so that nobody is taken to be in two places; `like` is at the same."""
    starts = (await like.competition())["starts"] if like else DAY + timedelta(weeks=next(WEEKS))
    dates: dict[Any, Any] = {Competition.starts: starts, Competition.ends: starts + timedelta(days=2)}
    await Competition.update(dates).where(Competition.slug == small.slug)


@pytest.fixture
async def small(site: Site) -> Small:
    """A competition of the test's own: one event, and one for teams of two."""
    made = await founded(f"t{next(WEEKS)}")
    await on_days_of_its_own(made)
    await add_welding(made, "P01", team_size=2)
    for code in ("M01", "P01"):
        await open_event(made, code)
    return made


@pytest.fixture
async def desk(site: Site, small: Small) -> Desk:
    """The desk of its first delegation."""
    return await desk_at(site, small)


async def stored(desk: Desk) -> dict[str, int]:
    """How much of the delegation there is."""
    mine = Entry.delegation == desk.delegation
    return {
        "entries": await Entry.count().where(mine),
        "members": await Member.count().where(Member.entry.delegation == desk.delegation),
    }


async def names(desk: Desk) -> list[str]:
    """Who is in, in order of entry number and position."""
    query = Member.select(Member.person.name.as_alias("name")).where(Member.entry.delegation == desk.delegation)
    return [row["name"] for row in await query.order_by(Member.event.code, Member.entry.number, Member.position)]


async def newest_decision(small: Small) -> dict[str, Any]:
    """The last row of the competition's ledger."""
    competition = (await small.competition())["id"]
    query = Decision.select().where(Decision.competition == competition).output(load_json=True)
    row = await query.order_by(Decision.sequence, ascending=False).first()
    assert row
    return dict(row)


def outcomes(preview: dict[str, Any]) -> list[str]:
    """What is said first of every row."""
    return [row["outcome"] for row in preview["rows"]]


def codes(preview: dict[str, Any], kind: str = "problems") -> list[list[str]]:
    """What stands against every row."""
    return [[one["code"] for one in row[kind]] for row in preview["rows"]]


def pair(team: str, *places: int, **more: Any) -> list[dict[str, Any]]:
    """A team of two."""
    return [person(place, event=PAIR, team=team, **more) for place in places]


async def test_a_preview_stores_nobody(desk: Desk) -> None:
    """After the upload there is a workbook, sealed, and not one person, entry or decision more."""
    before = await newest_decision(desk.small)
    preview = await desk.bring(workbook([person(0), person(1)]))
    assert outcomes(preview) == ["new", "new"]
    assert await stored(desk) == {"entries": 0, "members": 0}
    assert await newest_decision(desk.small) == before


async def test_no_number_of_a_previewed_form_lies_open(desk: Desk, site: Site) -> None:
    """Whoever steals the database reads no identity number and no telephone out of a waiting, a taken or an undone form."""
    hidden = [number(77), "13911223344"]
    preview = await desk.bring(workbook([person(0, document_number=hidden[0], phone=hidden[1])]))
    for step in (lambda: None, lambda: desk.accept(preview), lambda: desk.undo(preview)):
        if waiting := step():
            await waiting
        connection = await asyncpg.connect(site.dsn)
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            everything = [str(line) for (name,) in tables for line in await connection.fetch(f'SELECT * FROM "{name}"')]
        finally:
            await connection.close()
        assert not [line for line in everything for secret in hidden if secret in line]


async def test_an_accepted_form_is_in_with_everything(desk: Desk) -> None:
    """Entries are numbered, teams are one entry, levels and identities are kept, and the ledger tells of it."""
    people = [person(0), *pair("甲", 1, 2), person(3, level_text="--", identity="学生")]
    preview = await desk.enters(*people)
    assert await stored(desk) == {"entries": 3, "members": 4}
    rows = await Member.select(Member.level, Member.identity).where(Member.entry.delegation == desk.delegation)
    assert sorted((row["level"], row["identity"]) for row in rows)[0] == ("", "student")
    told = await newest_decision(desk.small)
    assert told["kind"] == "entries.imported"
    assert (told["data"]["intake"], told["data"]["entries"], told["data"]["rows"]) == (preview["id"], 3, 4)


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    """Every row is unchanged; accepting it anyway adds nothing and leaves no trace in the ledger."""
    data = CLEAN.read_bytes()
    await with_example_events(desk.small, first_is_open=True)
    assert "added" in await desk.accept(await desk.bring(data))
    before, told = await stored(desk), await newest_decision(desk.small)
    again = await desk.bring(data)
    assert again["unchanged"] and set(outcomes(again)) == {"unchanged"} and again["gone"] == []
    assert (await desk.accept(again))["unchanged"] == 27
    assert (await stored(desk), await newest_decision(desk.small)) == (before, told)


async def test_what_differs_is_changed_and_what_was_is_in_the_ledger(desk: Desk) -> None:
    """Unit, level and telephone of somebody who is in: the row says old and new; the ledger keeps both, the telephone masked."""
    await desk.enters(person(0), person(1))
    preview = await desk.bring(
        workbook([person(0, unit="第二机械厂", level_text="技师", phone="13988887777"), person(1)])
    )
    assert outcomes(preview) == ["changed", "unchanged"]
    told = {one["field"]: (one["before"], one["after"]) for one in preview["rows"][0]["changes"]}
    assert told == {
        "unit": ("示例机械厂", "第二机械厂"),
        "level": ("senior", "technician"),
        "phone": ("13900000000", "13988887777"),
    }
    assert (await desk.accept(preview))["changed"] == 1
    row = await Member.select(Member.unit, Member.level, Member.person).where(
        (Member.entry.delegation == desk.delegation) & (Member.unit == "第二机械厂")
    )
    assert [(one["unit"], one["level"]) for one in row] == [("第二机械厂", "technician")]
    kept = await Person.select(Person.phone_sealed).where(Person.id == row[0]["person"]).first()
    assert SEALER.open(kept["phone_sealed"], f"phone:{row[0]['person']}") == "13988887777"
    ledger = {one["field"]: one for one in (await newest_decision(desk.small))["data"]["changed"]}
    assert (ledger["unit"]["before"], ledger["unit"]["after"]) == ("示例机械厂", "第二机械厂")
    assert "8888777" not in str(ledger["phone"]) and ledger["phone"]["before"].startswith("139")


async def test_a_form_without_a_column_leaves_that_column_alone(desk: Desk) -> None:
    """A list that has no column for the level takes nobody's level away."""
    await desk.enters(person(0))
    assert outcomes(await desk.bring(workbook([person(0)], HEADINGS_WITHOUT_LEVEL))) == ["unchanged"]


HEADINGS_WITHOUT_LEVEL = {
    "event": "参赛项目",
    "group": "组别",
    "name": "姓名",
    "sex": "性别",
    "document_number": "身份证号码",
    "unit": "单位",
    "occupation_code": "职业编码",
    "identity": "身份",
    "phone": "手机",
}


async def test_two_clerks_who_accept_at_once_lose_nothing_and_double_nothing(site: Site, desk: Desk) -> None:
    """Two lists of one delegation at the same moment: one goes in, the other is shown anew and goes in after that."""
    other = Desk(desk.small, desk.delegation, await site.visitor(await clerk(desk)))
    first, second = (
        await desk.bring(workbook([person(0), person(1)])),
        await other.bring(workbook([person(1), person(2)])),
    )
    answers = await asyncio.gather(desk.accept(first), other.accept(second))
    assert sorted(answer.get("code", "in") for answer in answers) == ["in", "intake.stale"]
    late, form = (other, second) if "added" in answers[0] else (desk, first)
    again = await late.look(form)
    assert sorted(outcomes(again)) == ["new", "unchanged"] and again["seen"] != form["seen"]
    assert (await late.accept(again))["added"] == 1
    assert sorted(await names(desk)) == sorted(person(n)["name"] for n in range(3))
    assert await stored(desk) == {"entries": 3, "members": 3}


async def clerk(desk: Desk) -> Any:
    """A clerk of the desk's delegation."""
    return await clerk_of(desk.small, desk.delegation)


async def test_one_preview_accepted_twice_at_once_goes_in_once(desk: Desk) -> None:
    """Two clicks, or two people at one preview: the second hears that it was decided."""
    preview = await desk.bring(workbook([person(0), person(1)]))
    answers = await asyncio.gather(*(desk.accept(preview) for _ in range(3)))
    assert sorted(answer.get("code", "in") for answer in answers) == ["in", "intake.decided", "intake.decided"]
    assert await stored(desk) == {"entries": 2, "members": 2}


async def test_a_preview_that_is_older_than_the_list_is_not_accepted(desk: Desk) -> None:
    """Another form went in since somebody looked: refused, the page shows the comparison anew, what was typed is kept."""
    old = await desk.bring(workbook([person(0), person(1)]))
    await desk.enters(person(0, unit="别的单位"))
    page = await desk.visitor.post(
        f"{desk.url}/forms/{old['id']}/accept",
        data={"seen": old["seen"], "reason": "已核实", "leave_out": "1"},
        headers={"accept": "text/html"},
    )
    assert page.status_code == 409 and "名单已经被别人改过" in page.text and "别的单位" in page.text
    assert await names(desk) == [person(0)["name"]]
    fresh = await desk.look(old)
    assert outcomes(fresh) == ["changed", "new"] and fresh["seen"] in page.text


async def test_an_event_that_was_drawn_meanwhile_makes_a_preview_old(desk: Desk) -> None:
    """A form that waits while its event is drawn enters nobody behind the draw."""
    await desk.enters(person(0))
    late = await desk.bring(workbook([person(0), person(1)]))
    await opened(desk.small, "drawn")
    assert (await desk.accept(late))["code"] == "intake.stale"
    fresh = await desk.look(late)
    assert codes(fresh) == [[], ["registration.closed"]] and outcomes(fresh) == ["unchanged", "refused"]
    assert (await desk.accept(fresh, leave_out=True))["code"] == "registration.refused"
    assert await Place.count().where(Place.event == (await desk.small.event())["id"]) == 1
    assert await stored(desk) == {"entries": 1, "members": 1}


async def test_refused_rows_keep_the_form_out_unless_somebody_says_otherwise(desk: Desk) -> None:
    """By default nothing goes in; who ticks it takes the good rows in, and the ledger says which stayed out and why."""
    preview = await desk.bring(workbook([person(0), person(1, occupation_code="6-31-01-03"), person(2, phone="12")]))
    assert outcomes(preview) == ["new", "refused", "refused"]
    refused = await desk.accept(preview)
    assert refused["code"] == "registration.refused" and await stored(desk) == {"entries": 0, "members": 0}
    assert [one["code"] for one in refused["problems"]] == ["registration.occupation", "registration.phone-form"]
    assert await desk.accept(preview, leave_out=True) == {
        "added": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "left_out": 2,
    }  # fmt: skip
    out = (await newest_decision(desk.small))["data"]["left_out"]
    assert [(one["row"], one["codes"]) for one in out] == [
        (4, ["registration.occupation"]),
        (5, ["registration.phone-form"]),
    ]


async def test_a_team_goes_in_whole_or_not_at_all(desk: Desk) -> None:
    """One refused member holds the whole team back; the other team goes in."""
    team = [*pair("甲", 0, 1), *pair("乙", 2, 3)]
    team[1]["phone"] = "12"
    preview = await desk.bring(workbook(team))
    assert outcomes(preview) == ["held", "refused", "new", "new"]
    assert (await desk.accept(preview, leave_out=True))["left_out"] == 2
    assert await names(desk) == [person(2)["name"], person(3)["name"]]


async def test_a_member_may_be_replaced(desk: Desk) -> None:
    """The same team with another member: one entry as before, the one who left is out, and undoing brings them back."""
    await desk.enters(*pair("甲", 0, 1), *pair("乙", 2, 3))
    preview = await desk.bring(workbook([*pair("甲", 0, 4), *pair("乙", 2, 3)]))
    assert outcomes(preview) == ["changed", "new", "unchanged", "unchanged"] and preview["gone"] == []
    assert [one["field"] for one in preview["rows"][0]["changes"]] == ["member"]
    await desk.accept(preview)
    assert await names(desk) == [person(place)["name"] for place in (0, 4, 2, 3)]
    await desk.undo(preview)
    assert await names(desk) == [person(place)["name"] for place in (0, 1, 2, 3)]


async def test_members_may_change_places_between_teams(desk: Desk) -> None:
    """Two teams that swap a member: both entries stay, everybody is in once."""
    await desk.enters(*pair("甲", 0, 1), *pair("乙", 2, 3))
    preview = await desk.bring(workbook([*pair("甲", 0, 3), *pair("乙", 2, 1)]))
    assert sorted(outcomes(preview)) == ["changed", "changed", "unchanged", "unchanged"]
    await desk.accept(preview)
    assert await names(desk) == [person(place)["name"] for place in (0, 3, 2, 1)]
    await desk.undo(preview)
    assert await names(desk) == [person(place)["name"] for place in (0, 1, 2, 3)]
    assert await stored(desk) == {"entries": 2, "members": 4}


async def test_who_is_not_in_the_form_stays_unless_they_are_withdrawn(desk: Desk) -> None:
    """A shorter list takes nobody out by itself; withdrawing is said, counted, in the ledger, and undone with the rest."""
    await desk.enters(person(0), person(1), *pair("甲", 2, 3))
    preview = await desk.bring(workbook([person(0)]))
    assert [one["names"] for one in preview["gone"]] == [[person(1)["name"]], [person(2)["name"], person(3)["name"]]]
    assert (await desk.accept(preview))["withdrawn"] == 0 and len(await names(desk)) == 4
    done = await desk.accept(await desk.look(preview), withdraw=True)
    assert done["withdrawn"] == 2 and await names(desk) == [person(0)["name"]]
    assert len((await newest_decision(desk.small))["data"]["withdrawn"]) == 2
    assert "undone" in await desk.undo(preview)
    assert await names(desk) == [person(place)["name"] for place in (0, 1, 2, 3)]


async def test_who_changes_to_another_event_is_withdrawn_from_the_first(desk: Desk) -> None:
    """Somebody who is in one event and stands in the form for another: refused as long as the first entry stays."""
    await desk.enters(person(0), person(1))
    preview = await desk.bring(workbook([*pair("甲", 0, 2), person(1)]))
    assert codes(preview)[0] == ["registration.still-in"] and outcomes(preview) == ["refused", "held", "unchanged"]
    moved = await desk.look(preview, withdraw="1")
    assert outcomes(moved) == ["new", "new", "unchanged"]
    assert (await desk.accept(moved, withdraw=True))["withdrawn"] == 1
    assert await names(desk) == [person(place)["name"] for place in (1, 0, 2)]


async def test_an_intake_is_undone_as_a_whole(site: Site, desk: Desk) -> None:
    """Added people go, changed values come back, people who are in another competition stay; twice is refused."""
    people = [person(place, "19880808") for place in range(3)]
    elsewhere = await founded(f"{desk.small.slug}-b")
    await on_days_of_its_own(elsewhere)
    await open_event(elsewhere, "M01")
    there = await desk_at(site, elsewhere, "甲队")
    await desk.enters(people[0])
    changed = {**people[0], "unit": "第二机械厂", "phone": "13712345678"}
    preview = await desk.bring(workbook([changed, *people[1:]]))
    await desk.accept(preview)
    await there.enters(people[2])
    persons = await Person.count()
    assert await desk.undo(preview) == {"undone": True}
    assert await names(desk) == [person(0)["name"]] and await Person.count() == persons - 1
    row = await Member.select(Member.unit).where(Member.entry.delegation == desk.delegation).first()
    assert row["unit"] == "示例机械厂"
    told = await newest_decision(desk.small)
    assert (told["kind"], told["data"]["intake"]) == ("entries.undone", preview["id"])
    assert (await desk.undo(preview))["code"] == "intake.not-accepted"
    again = await desk.bring(workbook(people))
    assert outcomes(again) == ["unchanged", "new", "new"] and (await desk.accept(again))["added"] == 2


async def test_the_newest_intake_is_undone_first(desk: Desk) -> None:
    """An older form is not pulled out from under a newer one."""
    first = await desk.enters(person(0))
    second = await desk.enters(person(0), person(1))
    assert (await desk.undo(first))["code"] == "intake.older"
    assert "undone" in await desk.undo(second) and "undone" in await desk.undo(first)
    assert await stored(desk) == {"entries": 0, "members": 0}


async def test_nothing_is_undone_after_the_draw(desk: Desk) -> None:
    """Once an event was drawn, what touched it stays; the refusal names the event."""
    preview = await desk.enters(person(0), *pair("甲", 1, 2))
    await opened(desk.small, "drawn")
    answer = await desk.undo(preview)
    assert answer["code"] == "intake.gone-on" and "焊接技术" in answer["words"]["zh"]
    assert await stored(desk) == {"entries": 2, "members": 3}


async def test_numbers_of_entries_stay_unique_after_withdrawing(site: Site, desk: Desk) -> None:
    """A number that became free is given to nobody while it is taken elsewhere, and undoing finds another one."""
    other = await desk_at(site, desk.small, "唐山市")
    await desk.enters(person(0), person(1))
    gone = await desk.bring(workbook([person(0)]))
    await desk.accept(gone, withdraw=True)
    await other.enters(person(2))
    await desk.undo(gone)
    event = (await desk.small.event())["id"]
    rows = await Entry.select(Entry.number).where(Entry.event == event).order_by(Entry.number)
    assert [row["number"] for row in rows] == [1, 2, 3]


RULES = """
[[eligibility.rule]]
id = "age"
test = "age"
least = 18
most = 45
clause = { zh = "18 至 45 周岁", en = "aged 18 to 45" }
source = "report"
[[eligibility.rule]]
id = "years"
test = "years"
least = 3
clause = { zh = "从事本职业满三年", en = "three years in the occupation" }
source = "organiser"
groups = ["workers"]
[[eligibility.rule]]
id = "experts"
test = "titles-barred"
names = ["national-expert"]
clause = { zh = "全国技术能手不得参赛", en = "holders of the national title are barred" }
source = "organiser"
"""
QUOTA = """
[[eligibility.rule]]
id = "two"
test = "quota"
most = 2
per = "delegation"
clause = { zh = "每队限 2 人", en = "two per delegation" }
source = "organiser"
"""


async def test_a_no_of_the_policy_refuses_with_its_clause(desk: Desk) -> None:
    """Too young, too old, barred by a title in the notes: refused with the clause and where it comes from."""
    await with_rules(desk.small, RULES)
    people = [person(0, "20120101"), person(1, "19700101"), person(2, note="已获全国技术能手")]
    preview = await desk.bring(workbook(people))
    assert codes(preview) == [["eligibility.age"], ["eligibility.age"], ["eligibility.experts"]]
    told = preview["rows"][0]["problems"][0]
    assert (
        "18 至 45 周岁" in told["words"]["zh"] and "衡水日报" in told["words"]["zh"] and told["place"]["column"] == "G"
    )


async def test_where_the_policy_is_silent_a_person_decides_with_a_reason(desk: Desk) -> None:
    """No form tells the years in the job: doubtful, out without a reason, in with one, and the reason is in the ledger."""
    await with_rules(desk.small, RULES)
    preview = await desk.bring(workbook([person(0), person(1)]))
    assert outcomes(preview) == ["doubtful", "doubtful"]
    assert preview["rows"][0]["doubts"][0]["clause"]["zh"] == "从事本职业满三年"
    assert (await desk.accept(preview))["code"] == "registration.refused"
    one = [{"sheet": "报名表", "row": 3, "reason": "单位证明已核对"}]
    assert (await desk.accept(preview, leave_out=True, reasons=one))["added"] == 1
    told = (await newest_decision(desk.small))["data"]["doubts"]
    assert told == [{"row": 3, "rule": "eligibility.years", "reason": "单位证明已核对"}]
    again = await desk.look(await desk.bring(workbook([person(0), person(1)])))
    assert outcomes(again) == ["unchanged", "doubtful"]
    assert (await desk.accept(again, reason="两人一并核对"))["added"] == 1


async def test_a_quota_of_the_policy_counts_who_is_in_already(desk: Desk) -> None:
    """Two are allowed, one is in: a form with two more is refused at both, one with one more goes in."""
    await with_rules(desk.small, QUOTA)
    await desk.enters(person(0))
    assert codes(await desk.bring(workbook([person(0), person(1), person(2)]))) == [
        [],
        ["eligibility.two"],
        ["eligibility.two"],
    ]
    assert codes(await desk.bring(workbook([person(1), person(2)]))) == [["eligibility.two"], ["eligibility.two"]]
    assert outcomes(await desk.bring(workbook([person(1)]))) == ["new"]


async def test_what_no_rule_mentions_and_somebody_should_see_is_doubtful(desk: Desk) -> None:
    """A child, a title in the notes, two people of one name in one unit: nobody is refused, nobody slips through."""
    same = person(3, name=person(0)["name"])
    preview = await desk.bring(workbook([person(0), person(1, "20120101"), person(2, note="全国技术能手"), same]))
    assert codes(preview, "doubts") == [
        [],
        ["registration.child"],
        ["registration.title-noted"],
        ["registration.same-name"],
    ]


async def test_who_holds_the_entry_is_told_only_to_those_who_may_know(site: Site, desk: Desk) -> None:
    """Somebody whom another delegation has entered: refused for both, the organiser reads by whom, a clerk does not."""
    await (await desk_at(site, desk.small, "唐山市")).enters(person(0))
    mine = Desk(desk.small, desk.delegation, await site.visitor(await clerk(desk)))
    form = workbook([person(0), person(1)])
    for who, told in ((desk, True), (mine, False)):
        preview = await who.bring(form)
        assert codes(preview) == [["registration.entered"], []]
        assert ("唐山市" in str(preview["rows"][0])) is told


async def test_whoever_is_entered_elsewhere_at_that_time_is_doubtful(site: Site, desk: Desk) -> None:
    """Another competition on the same days: a person decides; which one is told to its own organiser only."""
    other = await founded(f"{desk.small.slug}-x")
    await on_days_of_its_own(other, like=desk.small)
    await open_event(other, "M01")
    await (await desk_at(site, other, "甲队")).enters(person(0))
    preview = await desk.bring(workbook([person(0)]))
    assert codes(preview, "doubts") == [["registration.elsewhere"]] and "甲队" not in str(preview)
    assert (await desk.accept(preview, reason="两地赛程错开"))["added"] == 1
    assert await Person.count().where(Person.name == person(0)["name"]) >= 1


async def test_unknown_headings_are_explained_once_per_delegation(site: Site, desk: Desk) -> None:
    """A form with its own words: asked, explained, read anew, remembered for the next file, and for this delegation alone."""
    own = {**HEADINGS_WITHOUT_LEVEL, "phone": "手提号", "note": "衣服尺码"}
    form = workbook([person(0, note="XL")], own)
    preview = await desk.bring(form)
    assert [one["heading"] for one in preview["unread"]] == ["手提号", "衣服尺码"]
    assert [one["code"] for one in preview["problems"]] == ["registration.column-missing"]
    address = f"{desk.api}/{preview['id']}/headings"
    wrong = await desk.visitor.post(address, json={"headings": {"手提号": "telephone"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "headings.unknown")
    told = await desk.visitor.post(address, json={"headings": {"手提号": "phone", "衣服尺码": "ignore"}})
    assert told.json()["unread"] == [] and told.json()["problems"] == [] and outcomes(told.json()) == ["new"]
    assert (await newest_decision(desk.small))["kind"] == "headings.explained"
    next_one = await desk.bring(workbook([person(1)], own))
    assert next_one["unread"] == [] and outcomes(next_one) == ["new"]
    other = await desk_at(site, desk.small, "唐山市")
    assert len((await other.bring(form))["unread"]) == 2
    await desk.visitor.post(f"{desk.api}/{next_one['id']}/headings", json={"headings": {"手提号": ""}})
    assert len((await desk.look(next_one))["unread"]) == 1


async def test_a_form_whose_name_column_is_called_otherwise_can_be_explained(desk: Desk) -> None:
    """Even the column of the names may have a word of its own."""
    preview = await desk.bring(workbook([person(0)], {**HEADINGS_WITHOUT_LEVEL, "name": "参赛人"}))
    assert [one["heading"] for one in preview["unread"]] == ["参赛人"]
    address = f"{desk.api}/{preview['id']}/headings"
    told = await desk.visitor.post(address, json={"headings": {"参赛人": "name"}})
    assert outcomes(told.json()) == ["new"] and told.json()["rows"][0]["name"] == person(0)["name"]


async def test_a_preview_that_nobody_accepts_is_gone_after_a_week(desk: Desk) -> None:
    """Personal data that nobody needs is not kept."""
    old = await desk.bring(workbook([person(0)]))
    await Intake.update({Intake.at: AT - KEPT_FOR * 60}).where(Intake.id == old["id"])
    await desk.bring(workbook([person(1)]))
    assert not await Intake.exists().where(Intake.id == old["id"])


async def test_a_clerk_finds_their_desk(site: Site, desk: Desk) -> None:
    """A clerk's way leads to the one desk that they have, and to nothing of the office."""
    visitor = await site.visitor(await clerk(desk))
    home = await visitor.get("/register", headers={"accept": "text/html"})
    assert home.status_code == 303 and home.headers["location"] == desk.url
    page = await visitor.get(desk.url, headers={"accept": "text/html"})
    assert page.status_code == 200 and "石家庄市" in page.text and "/office/" not in page.text


async def test_places_are_given_in_the_order_of_the_form(desk: Desk) -> None:
    """Two places, one is taken: the first new row gets the other one, refused rows take none, who is in keeps theirs."""
    await desk.enters(person(0))
    await places(desk, 2)
    preview = await desk.bring(workbook([person(0), person(1, phone="12"), person(2), person(3)]))
    assert codes(preview) == [[], ["registration.phone-form"], [], ["registration.quota"]]
    assert preview["rows"][3]["problems"][0]["place"]["column"] == "A"
    swapped = await desk.bring(workbook([person(2), person(3)]))
    assert codes(swapped) == [[], ["registration.quota"]]
    assert codes(await desk.look(swapped, withdraw="1")) == [[], []]
    assert (await desk.accept(swapped, withdraw=True))["added"] == 2


async def places(desk: Desk, count: int, was: int | None = None) -> None:
    """Give the delegation so many places in the first event."""
    change = Change(desk.delegation, "M01", count, was)
    await set_places(await desk.small.competition(), [change], desk.small.staff, AT)


async def test_a_quota_that_was_changed_meanwhile_makes_a_preview_old(desk: Desk) -> None:
    """The organiser takes a place away while a clerk looks: nobody goes in on the old number."""
    await places(desk, 2)
    preview = await desk.bring(workbook([person(0), person(1)]))
    await places(desk, 1, 2)
    assert (await desk.accept(preview))["code"] == "intake.stale"
    assert outcomes(await desk.look(preview)) == ["new", "refused"]


async def test_everybody_is_held_to_the_window_until_a_supervisor_permits_it(site: Site, desk: Desk) -> None:
    """After the last moment neither clerk nor staff previews or accepts anything, and they read why; once a supervisor has
    let the delegation in late on the office's page, its desk says so and takes the form.
    """
    mine = Desk(desk.small, desk.delegation, await site.visitor(await clerk(desk)))
    form = workbook([person(0)])
    preview = await mine.bring(form)
    over: dict[Any, Any] = {Competition.registration_closes: AT - timedelta(days=600)}
    await Competition.update(over).where(Competition.slug == desk.small.slug)
    assert (await mine.accept(preview))["code"] == "registration.over"
    late = await mine.visitor.post(mine.api, files={"data": ("x.xlsx", form)})
    assert (late.status_code, late.json()["code"]) == (409, "registration.over")
    page = await mine.visitor.get(mine.url, headers={"accept": "text/html"})
    assert "截止" in page.text and 'type="file"' not in page.text
    assert (await desk.accept(preview))["code"] == "registration.over"
    supervisor = await site.visitor(desk.small.supervisor.account)
    office = f"/office/{desk.small.slug}/registration"
    said = {"delegation": str(desk.delegation), "until": "2099-01-01T10:00", "reason": ""}
    html = {"accept": "text/html"}
    assert (await supervisor.post(f"{office}/late", data=said, headers=html)).status_code == 422
    nobody = await supervisor.post(f"{office}/late", data={**said, "delegation": "x", "reason": "病"}, headers=html)
    assert nobody.status_code == 404
    permitted = await supervisor.post(f"{office}/late", data={**said, "reason": "暴雨停运"}, headers=html)
    assert permitted.status_code == 303 and "暴雨停运" in (await supervisor.get(office, headers=html)).text
    page = await mine.visitor.get(mine.url, headers=html)
    assert "暴雨停运" in page.text and 'type="file"' in page.text
    assert (await mine.accept(preview))["added"] == 1 and "undone" in await mine.undo(preview)


async def test_after_the_close_a_clerk_undoes_nothing_and_the_staff_does(site: Site, desk: Desk) -> None:
    """What is in stays as it was at the last moment, unless the organiser's staff takes it back."""
    mine = Desk(desk.small, desk.delegation, await site.visitor(await clerk(desk)))
    preview = await mine.enters(person(0))
    over: dict[Any, Any] = {Competition.registration_closes: AT - timedelta(days=600)}
    await Competition.update(over).where(Competition.slug == desk.small.slug)
    assert (await mine.undo(preview))["code"] == "registration.over"
    assert "undone" in await desk.undo(preview)


async def test_a_person_whose_photo_is_kept_stays_on_record(desk: Desk) -> None:
    """Undoing takes nobody out whose photo has arrived meanwhile."""
    preview = await desk.enters(person(0, "19930303"))
    row = await Member.select(Member.person).where(Member.entry.delegation == desk.delegation).first()
    competition = (await desk.small.competition())["id"]
    photo = Photo(
        id=uuid4(), competition=competition, person=row["person"], sealed=b"", sha256=b"", width=1, height=1, at=AT
    )
    await Photo.insert(photo)
    assert "undone" in await desk.undo(preview)
    assert await Person.exists().where(Person.id == row["person"]) and await stored(desk) == {
        "entries": 0,
        "members": 0,
    }


async def test_another_name_under_a_known_number_is_never_called_unchanged(desk: Desk) -> None:
    """Nothing but the name differs from what is stored: the row is refused and says so."""
    await desk.enters(person(0))
    preview = await desk.bring(workbook([person(0, name="赵一鸣")]))
    (row,) = preview["rows"]
    assert not preview["unchanged"] and row["outcome"] == "refused"
    assert [one["code"] for one in row["problems"]] == ["registration.name-differs"]
    assert (await desk.accept(preview))["code"] == "registration.refused"


async def test_a_form_without_occupations_enters_people_in_the_events_own(desk: Desk) -> None:
    """Many forms have no such column: the event's occupation is theirs; another one that is named without a code is refused."""
    headings = {field: name for field, name in HEADINGS.items() if field != "occupation_code"}
    plain = await desk.bring(workbook([person(0)], headings))
    assert outcomes(plain) == ["new"], plain
    await desk.accept(plain)
    row = await Member.select(Member.occupation_code).where(Member.entry.delegation == desk.delegation).first()
    assert row == {"occupation_code": "6-18-02-04"}
    named = {**headings, "occupation": "职业"}
    (first, second) = (await desk.bring(workbook([person(1, occupation="焊工"), person(2, occupation="车工")], named)))[
        "rows"
    ]
    assert first["outcome"] == "new" and [one["code"] for one in second["problems"]] == ["registration.occupation"]


async def test_a_preview_that_nobody_accepts_is_thrown_away_and_an_accepted_one_is_not(desk: Desk, site: Site) -> None:
    """It leaves the desk's list, once; what was taken in, and what other delegations brought, stays."""
    kept, preview = await desk.enters(person(0)), await desk.bring(workbook([person(1)]), "弃用的表.xlsx")
    url = f"{desk.url}/forms/{preview['id']}/discard"
    other = await desk_at(site, desk.small, "别的市")
    assert (await other.visitor.post(f"{other.url}/forms/{preview['id']}/discard")).status_code == 404
    assert "弃用的表" in (await desk.visitor.get(desk.url)).text
    assert (await desk.visitor.post(url)).headers["location"] == f"{desk.url}?discarded=1"
    assert "弃用的表" not in (await desk.visitor.get(desk.url)).text
    assert (await desk.visitor.post(url)).status_code == 404
    assert (await desk.visitor.post(f"{desk.url}/forms/{kept['id']}/discard")).status_code == 409
    assert (await stored(desk))["members"] == 1
