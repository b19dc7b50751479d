"""Panels by proposal and by hand, links and answers: what is decided, what is recorded, and what nobody can do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from scoring.verdict import Yes
from server import pipeline
from server.competitions.judges import Demand, Rules
from server.competitions.proposing import PATIENCE, begin, computed, finish, newest, proposal_of
from server.competitions.recusals import Declared
from server.competitions.wanted import choose_days, choose_rules
from server.database.tables import Account, Decision, InvitationLink, Recusal, Seat
from server.errors import Refusal
from server.marks.answering import Answer, answer, answer_for, summons
from server.marks.flow import seat
from server.marks.inviting import Link, make_links, name_chief, put, take_off, take_over
from server.marks.planning import Sitter
from server.people.flow import actor_of, one_time_login, sign_in_once
from tests.server.pooled import NAMES, judge_id, now, organiser_of, pooled, profile
from tests.server.small import AT, Small, account, add_welding, entered, founded, opened

pytestmark = pytest.mark.usefixtures("database")
LATER = AT + timedelta(hours=1)
UNTIL = AT + timedelta(days=7)


async def ready(count: int = 5, **more: Any) -> Small:
    """An event that wants three judges, and a pool for it."""
    small = await founded(**more)
    await opened(small, "registration")
    await pooled(small, *(profile(place) for place in range(count)))
    return small


async def proposed(small: Small) -> dict[str, Any]:
    """A proposal of this moment, computed and kept."""
    competition = await small.competition()
    id = await begin(competition["id"], small.staff, AT)
    await finish(id, computed((await now(small)).question(), 5), AT)
    return await proposal_of(competition["id"], id, AT)


async def taken(small: Small, *codes: str) -> Any:
    """Propose, and take these events over."""
    return await take_over(await small.competition(), await proposed(small), codes or ("M01",), small.staff, AT)


async def panel(small: Small, code: str = "M01") -> list[str]:
    """Names on a panel, sorted, with the first letter of where each stands."""
    return sorted(f"{one.label} {one.state}" for one in (await now(small)).sitting[code])


async def sitter(small: Small, name: str, code: str = "M01") -> Sitter:
    """Somebody's place."""
    return next(one for one in (await now(small)).sitting[code] if one.label == name)


async def linked(small: Small, *names: str) -> list[Link]:
    """Links for these judges."""
    ids = [await judge_id(small, name) for name in names]
    return await make_links(await small.competition(), ids, UNTIL, small.staff, AT)


async def said(token: str, yes: bool, reason: str = "", *declared: Declared) -> None:
    """Answer everything with the same word."""
    asked = await summons(token, LATER)
    assert asked
    ids = frozenset(one.invitation for one in asked.asked if one.state == "invited") if yes else frozenset()
    await answer(token, Answer(ids, reason, declared), LATER)


async def decisions(kind: str) -> list[dict[str, Any]]:
    """What the ledger has of a kind."""
    query = Decision.select().where(Decision.kind == kind).order_by(Decision.sequence)
    return [dict(row) for row in await query.output(load_json=True)]


# --- proposals ---------------------------------------------------------------------------------------------------------


async def test_a_proposal_taken_over_is_the_panel() -> None:
    """Those with more years are wanted, as the solver says; the ledger holds who."""
    small = await ready()
    done = await taken(small)
    assert (done.added, done.gone, done.left_out) == (3, 0, ())
    assert await panel(small) == sorted(f"{name} proposed" for name in NAMES[2:5])
    (row,) = await decisions("panel.proposed")
    assert sorted(row["data"]["panel"]) == sorted(NAMES[2:5])


async def test_a_second_proposal_moves_only_what_nobody_chose() -> None:
    """Who was chosen by hand or asked already stays, whom a person took off stays away, and whom nobody chose gives way
    when the rules no longer allow them.
    """
    small = await ready()
    await taken(small)
    competition = await small.competition()
    away = await sitter(small, NAMES[4])
    await put(competition, "M01", await judge_id(small, NAMES[0]), small.staff, AT, away.key, "熟悉本赛项设备")
    await linked(small, NAMES[3])
    await pooled(small, profile(2, years=1))
    done = await taken(small)
    assert (done.added, done.gone) == (1, 1)
    assert await panel(small) == sorted([f"{NAMES[0]} proposed", f"{NAMES[3]} invited", f"{NAMES[1]} proposed"])


async def test_who_can_no_longer_sit_is_left_out_in_words() -> None:
    """Between a proposal and its taking over somebody declared to stand back: they are not asked, and it is said why."""
    small = await ready(3)
    await add_welding(small, "M02")
    kept = await proposed(small)
    await taken(small, "M01")
    done = await take_over(
        await small.competition(), {**kept, "content": {**kept["content"], "panels": {"M02": [NAMES[0], "无此人"]}}},
        ("M02",), small.staff, AT,
    )  # fmt: skip
    assert {(one.name, one.why.zh) for one in done.left_out} == {
        (NAMES[0], "同日担任赛项 M01 的裁判"),
        ("无此人", "已不在裁判库"),
    }
    assert await panel(small, "M02") == []


async def test_days_let_a_judge_sit_twice() -> None:
    """Events whose panels are needed on different days share their judges; without days each needs its own."""
    small = await ready(3)
    await add_welding(small, "M02")
    assert (await proposed(small))["content"]["short"][0]["lacking"] == 3
    competition = await small.competition()
    for code, day in (("M01", 16), ("M02", 17)):
        await choose_days(competition, await small.event(code), [date(2026, 10, day)], small.staff, AT)
    assert (await proposed(small))["content"]["short"] == []
    with pytest.raises(Refusal, match=r"panel\.days"):
        await choose_days(competition, await small.event(), [date(2026, 11, 1)], small.staff, AT)


async def test_the_rules_of_a_competition_decide_who_may_sit() -> None:
    """Years, level and load are the competition's to choose; the choice is recorded, nonsense refused."""
    small = await ready(4)
    competition = await small.competition()
    await choose_rules(competition, Rules(Demand(12)), "unit", small.staff, AT)
    proposal = await proposed(small)
    assert len(proposal["content"]["panels"]["M01"]) == 2
    assert "从业年限不够或不详的 2 人" in proposal["content"]["short"][0]["zh"]
    with pytest.raises(Refusal, match=r"panel\.rules"):
        await choose_rules(competition, Rules(Demand(-1)), "unit", small.staff, AT)
    assert [row["data"]["years"] for row in await decisions("panel.rules")] == [12]


async def test_own_unit_and_a_named_competitor_bar_a_judge() -> None:
    """A colleague among the competitors is found; a student is declared by name, whatever spaces are typed."""
    small = await ready(2, judges=2)
    await entered(small)
    await pooled(small, profile(0, unit="第1 机械厂"))
    found = {one.id: nos for one, nos in (await now(small)).candidates("M01")}
    assert [no.rule for no in found[NAMES[0]]] == ["panel.own-unit"] and found[NAMES[1]] == ()
    await taken(small)
    (link,) = await linked(small, NAMES[1])
    await said(link.token, True, "", Declared("own-student", person="赵 一"))
    assert await panel(small) == []
    (row,) = await decisions("judge.recused")
    assert row["actor_name"] == NAMES[1] and "选手是我的学生" in row["reason"]
    (kept,) = await Recusal.select()
    assert (kept["person"], kept["by_name"]) == ("赵 一", NAMES[1])


async def test_a_proposal_that_never_came_back_says_so() -> None:
    """A program that stopped while it computed leaves a row; after a while it reads as failed, not as under way."""
    small = await ready()
    competition = (await small.competition())["id"]
    assert await newest(competition, AT) is None
    await begin(competition, small.staff, AT)
    states = [(await newest(competition, AT + later) or {})["state"] for later in (timedelta(0), 2 * PATIENCE)]
    assert states == ["computing", "failed"]
    with pytest.raises(Refusal, match="not-found"):
        await proposal_of(organiser_of(small), UUID(int=1), AT)


# --- by hand -----------------------------------------------------------------------------------------------------------


async def test_a_change_by_hand_gives_its_reason() -> None:
    """Sending somebody away, or seating somebody against a rule, needs a sentence that stays in the ledger."""
    small = await ready()
    await taken(small)
    competition, away = await small.competition(), await sitter(small, NAMES[4])
    newcomer = await judge_id(small, NAMES[0])
    with pytest.raises(Refusal, match=r"panel\.reason"):
        await put(competition, "M01", newcomer, small.staff, AT, away.key, " ")
    with pytest.raises(Refusal, match=r"panel\.full"):
        await put(competition, "M01", newcomer, small.staff, AT, reason="想加")
    await put(competition, "M01", newcomer, small.staff, AT, away.key, "有国赛经验")
    (row,) = await decisions("panel.changed")
    assert (row["reason"], row["data"]["in"], row["data"]["out"]) == ("有国赛经验", NAMES[0], NAMES[4])
    with pytest.raises(Refusal, match=r"panel\.gone"):
        await put(competition, "M01", away.judge or UUID(int=0), small.staff, AT, away.key, "又改")
    with pytest.raises(Refusal, match=r"panel\.seated"):
        await put(competition, "M01", newcomer, small.staff, AT, reason="再来")


async def test_a_rule_is_set_aside_with_a_reason_but_never_a_recusal() -> None:
    """Somebody with too few years may be wanted, with a reason; who has to stand back may not, whatever is written."""
    small = await ready(1)
    await entered(small)
    await pooled(small, profile(1, years=1), profile(2, unit="第1机械厂"))
    competition = await small.competition()
    young, colleague = await judge_id(small, NAMES[1]), await judge_id(small, NAMES[2])
    with pytest.raises(Refusal, match=r"panel\.reason"):
        await put(competition, "M01", young, small.staff, AT)
    await put(competition, "M01", young, small.staff, AT, reason="世赛金牌得主")
    with pytest.raises(Refusal, match=r"panel\.own-unit"):
        await put(competition, "M01", colleague, small.staff, AT, reason="没有别人")
    assert [row["data"]["against"] for row in await decisions("panel.changed")] == [["panel.years"]]


async def test_the_chief_is_named_by_a_person() -> None:
    """Naming one is recorded, replacing one needs a reason, and there is never a second."""
    small = await ready()
    await taken(small)
    competition = await small.competition()
    first, second = await sitter(small, NAMES[2]), await sitter(small, NAMES[3])
    await name_chief(competition, "M01", first.key, "", small.staff, AT)
    with pytest.raises(Refusal, match=r"panel\.reason"):
        await name_chief(competition, "M01", second.key, "", small.staff, AT)
    await name_chief(competition, "M01", second.key, "首位临时有任务", small.staff, AT)
    assert [one.label for one in (await now(small)).sitting["M01"] if one.chief] == [NAMES[3]]
    assert len(await decisions("panel.chief")) == 2


async def test_a_panel_that_marks_is_not_changed_by_hand() -> None:
    """From the first mark on the panel stays: nobody joins or leaves it in the office."""
    small = await ready()
    await taken(small)
    competition, away = await small.competition(), await sitter(small, NAMES[4])
    for name in NAMES[2:5]:
        (link,) = await linked(small, name)
        await said(link.token, True)
    await name_chief(competition, "M01", (await sitter(small, NAMES[2])).key, "", small.staff, AT)
    await entered(small)
    await opened(small, "drawn")
    await opened(small, "marking")
    for asked in (
        put(competition, "M01", await judge_id(small, NAMES[0]), small.staff, AT, away.key, "x"),
        take_off(competition, "M01", away.key, "x", small.staff, AT),
        name_chief(competition, "M01", away.key, "x", small.staff, AT),
    ):
        with pytest.raises(Refusal, match=r"panel\.closed"):
            await asked


async def test_a_judge_seated_otherwise_counts_and_may_lead() -> None:
    """Who was seated through the API takes a seat in every proposal, and can be named chief."""
    small = await ready()
    who = await account("外聘")
    await seat(await small.event(), who, False, small.staff, AT)
    await taken(small)
    assert len(await panel(small)) == 3 and "外聘（M01 J1） seated" in await panel(small)
    await name_chief(await small.competition(), "M01", str(who), "", small.staff, AT)
    assert [row["chief"] for row in await Seat.select()] == [True]
    await take_off(await small.competition(), "M01", str(who), "请假", small.staff, AT)
    assert await Seat.count() == 0 and len(await decisions("judge.unseated")) == 1


# --- links and answers -------------------------------------------------------------------------------------------------


async def test_who_accepts_gets_a_seat_and_can_sign_in() -> None:
    """An accepted invitation is a seat under an account of the judge's own; the chief's seat is J1."""
    small = await ready()
    await taken(small)
    competition = await small.competition()
    await name_chief(competition, "M01", (await sitter(small, NAMES[3])).key, "", small.staff, AT)
    for link in await linked(small, *NAMES[2:5]):
        await said(link.token, True)
    assert await panel(small) == sorted(f"{name} accepted" for name in NAMES[2:5])
    chief = await sitter(small, NAMES[3])
    assert (chief.seat, chief.chief) == ("J1", True)
    assert sorted(row["number"] for row in await Seat.select()) == [1, 2, 3]
    assert isinstance(await pipeline.DOORS["drawn"].guard(await small.event(), AT), Yes)
    assert chief.account
    actor = await actor_of(await sign_in_once(await one_time_login(chief.account, AT), AT), AT)
    assert actor and actor.seats[(await small.event())["id"]].chief and actor.name == NAMES[3]


async def test_one_link_answers_everything_a_judge_is_asked() -> None:
    """Two events on two days are one link; one can be accepted and the other declined, once."""
    small = await ready(1, judges=1)
    await add_welding(small, "M02", judges=1)
    competition = await small.competition()
    for code, day in (("M01", 16), ("M02", 17)):
        await choose_days(competition, await small.event(code), [date(2026, 10, day)], small.staff, AT)
    await taken(small, "M01", "M02")
    (link,) = await linked(small, NAMES[0])
    assert link.events == ("M01", "M02")
    asked = await summons(link.token, LATER)
    assert asked and asked.state == "open" and [one.event["code"] for one in asked.asked] == ["M01", "M02"]
    given = Answer(frozenset({asked.asked[0].invitation}), "17 日有课", ())
    await answer(link.token, given, LATER)
    assert await panel(small, "M01") == [f"{NAMES[0]} accepted"] and await panel(small, "M02") == []
    after = await summons(link.token, LATER)
    assert after and after.state == "answered" and [one.state for one in after.asked] == ["accepted", "declined"]
    with pytest.raises(Refusal, match=r"invitation\.gone"):
        await answer(link.token, given, LATER)
    assert await Account.count().where(Account.name == NAMES[0]) == 1


async def test_declining_frees_the_place_and_the_next_one_is_known() -> None:
    """The office sees who declined and who comes next; who declined is not proposed for this event again."""
    small = await ready(4)
    await taken(small)
    (link,) = await linked(small, NAMES[3])
    with pytest.raises(Refusal, match=r"invitation\.reason"):
        await said(link.token, False)
    await said(link.token, False, "出差")
    there = await now(small)
    assert there.open_seats("M01") == 1 and [row["answer"] for row in there.declined["M01"]] == ["出差"]
    following = there.following("M01")
    assert following and following.id == NAMES[0]
    assert NAMES[3] not in (await proposed(small))["content"]["panels"]["M01"]
    rules = {one.id: [no.rule for no in nos] for one, nos in there.candidates("M01")}
    assert rules[NAMES[3]] == ["panel.away"]
    await put(await small.competition(), "M01", await judge_id(small, NAMES[0]), small.staff, AT)
    assert len(await panel(small)) == 3


async def test_a_link_ends_when_it_is_late_replaced_or_no_longer_needed() -> None:
    """A link past its day, one with a newer one behind it, and one whose judge was replaced take no answer."""
    small = await ready()
    await taken(small)
    (old,) = await linked(small, NAMES[3])
    (new,) = await linked(small, NAMES[3])
    ended = await summons(old.token, LATER)
    late = await summons(new.token, UNTIL)
    assert ended and late and (ended.state, late.state) == ("withdrawn", "expired")
    for token, at in ((old.token, LATER), (new.token, UNTIL), ("nobody's", LATER)):
        with pytest.raises(Refusal, match=r"invitation\.gone"):
            await answer(token, Answer(frozenset(), "x", ()), at)
    await take_off(await small.competition(), "M01", (await sitter(small, NAMES[3])).key, "换人", small.staff, AT)
    gone = await summons(new.token, LATER)
    assert gone and gone.state == "withdrawn" and await summons("nobody's", LATER) is None
    with pytest.raises(Refusal, match=r"invitation\.until"):
        await make_links(await small.competition(), [], AT, small.staff, AT)


async def test_only_the_hash_of_a_link_is_kept() -> None:
    """Whoever reads the database cannot answer for anybody."""
    small = await ready()
    await taken(small)
    (link,) = await linked(small, NAMES[3])
    assert [row["id"] == link.token.encode() for row in await InvitationLink.select()] == [False]
    (row,) = await decisions("judges.invited")
    assert link.token not in str(row)


async def test_an_answer_by_telephone_is_noted_under_the_name_of_who_noted_it() -> None:
    """The office may note a yes or a no, with a word about it; the ledger says who did."""
    small = await ready()
    await taken(small)
    competition = await small.competition()
    yes, no = await sitter(small, NAMES[2]), await sitter(small, NAMES[3])
    with pytest.raises(Refusal, match=r"panel\.reason"):
        await answer_for(competition, "M01", yes.key, True, "", small.staff, AT)
    await answer_for(competition, "M01", yes.key, True, "电话答复", small.staff, AT)
    await answer_for(competition, "M01", no.key, False, "电话里说出国", small.staff, AT)
    assert await panel(small) == sorted([f"{NAMES[2]} accepted", f"{NAMES[4]} proposed"])
    assert [row["actor_name"] for row in await decisions("judge.accepted")] == ["周敏"]
    with pytest.raises(Refusal, match=r"invitation\.gone"):
        await answer_for(competition, "M01", no.key, True, "改口", small.staff, AT)


async def test_whom_a_person_took_off_is_not_offered_again() -> None:
    """A judge who fell ill is neither the next candidate nor proposed for this event; a person may still choose them."""
    small = await ready(4)
    await taken(small)
    competition, ill = await small.competition(), await sitter(small, NAMES[3])
    await take_off(competition, "M01", ill.key, "生病", small.staff, AT)
    there = await now(small)
    following, found = there.following("M01"), {one.id: nos for one, nos in there.candidates("M01")}
    assert following and following.id == NAMES[0]
    assert [no.reason.zh for no in found[NAMES[3]]] == ["已由人换下：生病"]
    assert NAMES[3] not in (await proposed(small))["content"]["panels"]["M01"]
    await put(competition, "M01", await judge_id(small, NAMES[3]), small.staff, AT, reason="已经康复")


async def test_an_accepted_judge_can_be_replaced_before_marking() -> None:
    """Illness comes after acceptance too: the seat is freed with a reason, and its number goes to the next."""
    small = await ready(4)
    await taken(small)
    for link in await linked(small, *NAMES[1:4]):
        await said(link.token, True)
    ill = await sitter(small, NAMES[2])
    await put(await small.competition(), "M01", await judge_id(small, NAMES[0]), small.staff, AT, ill.key, "生病")
    (link,) = await linked(small, NAMES[0])
    await said(link.token, True)
    assert sorted(row["number"] for row in await Seat.select()) == [1, 2, 3]
    assert [row["reason"] for row in await decisions("judge.unseated")] == ["生病"]
