"""The pool: taken in whole or not at all, one row per person, one organiser's alone, numbers sealed."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.verdict import Words
from server.competitions.officiating import Officiated, add_history, drop_history, histories, loads
from server.competitions.pool import add_judge, judge_of, phone_of, pool_of, save_judge, set_active, set_events
from server.competitions.recusals import Declared, declare, recusals_of, said, withdraw
from server.database.tables import Decision, Judge, JudgeAccount, JudgeEvent
from server.errors import Refusal
from server.people.flow import add_organiser
from tests.server.pooled import NAMES, judge_id, organiser_of, pooled, profile
from tests.server.small import AT, SEALER, brought, founded, seated

pytestmark = pytest.mark.usefixtures("database")


async def test_a_workbook_goes_in_whole_and_again_changes_nothing() -> None:
    """New judges are added, the same workbook once more finds them all, and a changed row brings its judge up to date."""
    small = await founded()
    first = await pooled(small, profile(0), profile(1))
    assert (first.added, first.changed, first.same) == (2, 0, 0)
    again = await pooled(small, profile(0), profile(1, title="senior"))
    assert (again.added, again.changed, again.same) == (0, 1, 1)
    rows = await pool_of(organiser_of(small))
    assert [(row["name"], row["title"]) for row in rows] == [(NAMES[0], ""), (NAMES[1], "senior")]


async def test_a_new_unit_under_the_same_number_is_the_same_person() -> None:
    """People change their employer; name and telephone number say who it is."""
    small = await founded()
    await pooled(small, profile(0))
    assert (await pooled(small, profile(0, unit="新单位"))).changed == 1
    assert [row["unit"] for row in await pool_of(organiser_of(small))] == ["新单位"]


async def test_only_a_person_can_tell_who_has_another_number() -> None:
    """The same name and unit with another number may be somebody else: the workbook comes back with its row, nothing of
    it is stored, and the form adds the other person.
    """
    small = await founded()
    await pooled(small, profile(0))
    with pytest.raises(Refusal) as caught:
        await pooled(small, profile(1), profile(0, phone="13911112222"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.row) == ("pool.other-phone", 3)
    assert len(await pool_of(organiser_of(small))) == 1
    await add_judge(organiser_of(small), profile(0, phone="13911112222"), SEALER)
    assert len(await pool_of(organiser_of(small))) == 2


async def test_one_person_twice_in_a_workbook_is_refused() -> None:
    """Two rows about one person would overwrite each other silently."""
    small = await founded()
    with pytest.raises(Refusal) as caught:
        await pooled(small, profile(0), profile(0, years=3))
    assert [one.code for one in caught.value.problems] == ["pool.twice"]


async def test_a_judge_who_is_there_is_not_added_twice() -> None:
    """The form finds the same person by name and number."""
    small = await founded()
    await pooled(small, profile(0))
    with pytest.raises(Refusal, match=r"judge\.there"):
        await add_judge(organiser_of(small), profile(0, unit="别处"), SEALER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"unit": ""},
        {"phone": ""},
        {"level": "master"},
        {"title": "boss"},
        {"occupations": ("6-18",)},
        {"years": 71},
    ],
)
async def test_what_nobody_can_be_is_refused(wrong: dict[str, Any]) -> None:
    """A name, a unit and a number are needed; levels, titles, codes and years are what they can be."""
    small = await founded()
    with pytest.raises(Refusal, match=r"judge\.invalid"):
        await add_judge(organiser_of(small), profile(0, **wrong), SEALER)


async def test_numbers_are_sealed_and_masked() -> None:
    """The row holds no telephone number that can be read, and whoever may open it reads it whole."""
    small = await founded()
    await pooled(small, profile(0))
    (row,) = await pool_of(organiser_of(small))
    assert row["phone_masked"] == "138****0000" and b"13800000000" not in bytes(row["phone_sealed"])
    assert phone_of(row, SEALER) == "13800000000"


async def test_another_organiser_sees_and_changes_nothing() -> None:
    """A pool belongs to its organiser: others do not list it, open it or change it."""
    small = await founded()
    await pooled(small, profile(0))
    judge, other = await judge_id(small, NAMES[0]), await add_organiser("另一家", "Another")
    assert await pool_of(other) == []
    for asked in (
        judge_of(other, judge),
        save_judge(other, judge, profile(0), 0, SEALER),
        set_active(other, judge, False),
        set_events(other, judge, []),
        add_history(other, judge, Officiated(2020, Words("x", "x"), Words("", ""), False)),
        withdraw(other, judge, judge, small.staff, AT),
    ):
        with pytest.raises(Refusal, match="not-found"):
            await asked


async def test_an_edit_that_came_too_late_is_refused() -> None:
    """Whoever edits what somebody else has changed meanwhile is told, and nothing is overwritten."""
    small = await founded()
    await pooled(small, profile(0))
    judge = await judge_id(small, NAMES[0])
    await save_judge(organiser_of(small), judge, profile(0, years=12, phone=""), 0, SEALER)
    with pytest.raises(Refusal, match=r"judge\.changed"):
        await save_judge(organiser_of(small), judge, profile(0, years=1), 0, SEALER)
    row = await judge_of(organiser_of(small), judge)
    assert (row["years"], phone_of(row, SEALER)) == (12, "13800000000")


async def test_the_load_is_this_years_and_the_history_everything() -> None:
    """Seats of the organiser's other competitions of the year are load; they and what was typed in are history."""
    small, other = await founded(), await founded("other")
    await pooled(small, profile(0))
    judge = await judge_id(small, NAMES[0])
    await brought(small, "registration")
    await seated(small, 1)
    await JudgeAccount.insert(JudgeAccount(id=judge, judge=judge, account=small.judges[0]))
    typed = Officiated(2019, Words("全国大赛", "全国大赛"), Words("焊接", "焊接"), True)
    await add_history(organiser_of(small), judge, typed)
    organiser = organiser_of(small)
    mine, elsewhere = await small.competition(), {**await other.competition()}
    assert await loads(organiser, mine) == {} and await loads(organiser, elsewhere) == {judge: 1}
    assert await loads(organiser, {**elsewhere, "starts": elsewhere["starts"].replace(year=2030)}) == {}
    found = (await histories(organiser, elsewhere["id"]))[judge]
    assert [(one.year, one.chief, one.typed is None) for one in found] == [(2026, True, True), (2019, True, False)]
    assert found[1].typed
    await drop_history(organiser, judge, found[1].typed)
    assert len((await histories(organiser, elsewhere["id"]))[judge]) == 1


async def test_events_of_others_cannot_be_given_to_a_judge() -> None:
    """A judge may judge events of their own organiser; an id of another's is left out."""
    small, other = await founded(), await founded("other")
    await pooled(small, profile(0))
    judge = await judge_id(small, NAMES[0])
    await set_events(organiser_of(small), judge, [(await small.event())["id"], (await other.event())["id"]])
    assert await JudgeEvent.count().where(JudgeEvent.judge == judge) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        Declared("own-unit"),
        Declared("own-unit", unit="河钢", person="赵一"),
        Declared("dislike", unit="河钢"),
        Declared("other", unit="河钢"),
    ],
)
async def test_a_recusal_says_from_what_and_why(wrong: Declared) -> None:
    """Exactly one thing to stand back from, a reason of the bank, and words where the bank has none."""
    small = await founded()
    await pooled(small, profile(0))
    judge = await judge_of(organiser_of(small), await judge_id(small, NAMES[0]))
    with pytest.raises(Refusal, match=r"recusal\.invalid"):
        await declare(judge, wrong, small.staff, AT)


async def test_a_recusal_stands_until_it_is_withdrawn() -> None:
    """It is kept once however often it is declared; one from an event stands in the ledger, its end as well."""
    small = await founded()
    await pooled(small, profile(0))
    organiser, event = organiser_of(small), await small.event()
    judge = await judge_of(organiser, await judge_id(small, NAMES[0]))
    for _ in range(2):
        await declare(judge, Declared("other", event=event["id"], words="命题人"), small.staff, AT)
    await declare(judge, Declared("own-student", person="赵一"), small.staff, AT)
    first, second = (await recusals_of(organiser))[judge["id"]]
    names = {event["id"]: Words(event["name"], event["name_en"])}
    assert (
        said(first, names).zh == "整个赛项“焊接技术”：命题人" and said(second, names).zh == "选手“赵一”：选手是我的学生"
    )
    await withdraw(organiser, judge["id"], first["id"], small.staff, AT)
    assert [row["id"] for row in (await recusals_of(organiser))[judge["id"]]] == [second["id"]]
    kinds = [row["kind"] for row in await Decision.select(Decision.kind).order_by(Decision.sequence)]
    assert kinds[-2:] == ["judge.recused", "judge.recusal-withdrawn"]


async def test_nobody_is_deleted() -> None:
    """Who is no longer asked stays, with everything they did; a workbook that names them asks them again."""
    small = await founded()
    await pooled(small, profile(0))
    judge = await judge_id(small, NAMES[0])
    await set_active(organiser_of(small), judge, False)
    assert [row["active"] for row in await Judge.select(Judge.active)] == [False]
    assert (await pooled(small, profile(0))).changed == 1
    assert [row["active"] for row in await Judge.select(Judge.active)] == [True]
