"""What becomes of a mark: stored, duplicate, conflict or refused, and that no neighbour in its batch suffers for it."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from scoring.marks import SubCriterion
from scoring.policy import parse
from server.audit import verify
from server.competitions.flow import choose_scheme
from server.database.tables import MarkHead
from server.errors import Refusal
from server.marks import ledger
from server.marks.batch import Post
from server.marks.board import board_of
from server.marks.flow import may_seal, progress, seat
from server.marks.ledger import store
from server.marks.rules import Rules
from server.marks.shift import seated_events, shift_of
from tests.server.small import (
    AT,
    SCHEME,
    Small,
    account,
    add_welding,
    brought,
    founded,
    mark,
    opened,
    owed_marks,
    posted,
    seated,
    waiting_for_a_lock,
)


@pytest.fixture
def small(marking: Small) -> Small:
    """An event whose judges may mark."""
    return marking


async def stored(dsn: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    try:
        return [dict(row) for row in await connection.fetch("SELECT * FROM mark ORDER BY event, sequence")]
    finally:
        await connection.close()


async def breaks(dsn: str) -> tuple[Any, ...]:
    connection = await asyncpg.connect(dsn)
    try:
        return (await verify(connection)).breaks
    finally:
        await connection.close()


async def test_every_bad_mark_is_refused_with_its_code_and_the_good_ones_beside_it_are_stored(
    small: Small, database: str
) -> None:
    """One batch with every mistake there is: each has its own code and leaves no row; the good marks of the batch stay."""
    event, code, judge = (await small.event())["id"], small.codes[0], small.judges[0]
    used = mark(event, code, "A1.01", 900)
    stranger = await account("外人")
    await posted(small, [Post(used, judge)])
    good = [Post(mark(event, code, "B1.02", 200), judge), Post(mark(event, code, "B1.01", 500), judge)]
    bad = {
        "mark.out-of-range": Post(mark(event, code, "A1.01", 1001), judge),
        "mark.not-a-step": Post(mark(event, code, "B1.02", 150), judge),
        "mark.unknown-aspect": Post(mark(event, code, "Z9.99", 100), judge),
        "mark.unknown-entry": Post(mark(event, "W-99", "A1.01", 100), judge),
        "mark.not-on-panel of nothing": Post(mark(uuid4(), code, "A1.01", 100), judge),
        "mark.not-on-panel": Post(
            mark(event, "W-99", "Z9.99", 100), stranger
        ),  # who is a stranger learns no more than that
        "mark.id-reused": Post(msgspec.structs.replace(used, value=800), judge),
        "mark.clock": Post(mark(event, code, "B1.01", 500, made_at=datetime(1970, 1, 1, tzinfo=UTC)), judge),
        "mark.clock 2040": Post(mark(event, code, "B1.01", 500, made_at=datetime(2040, 1, 1, tzinfo=UTC)), judge),
    }
    answers = await posted(small, [good[0], *bad.values(), good[1]])
    assert [answer.status for answer in answers] == ["stored", *["refused"] * len(bad), "stored"]
    assert [answer.code for answer in answers[1:-1]] == [name.split()[0] for name in bad]
    assert all(answer.zh and answer.en and not answer.sequence for answer in answers[1:-1])
    assert {row["id"] for row in await stored(database)} == {used.id, good[0].mark.id, good[1].mark.id}
    assert await breaks(database) == ()


async def test_a_negative_mark_is_refused(small: Small, database: str) -> None:
    """Nothing below zero can be written down."""
    event = (await small.event())["id"]
    (answer,) = await posted(small, [Post(mark(event, small.codes[0], "A1.01", -1), small.judges[0])])
    assert (answer.status, answer.code) == ("refused", "mark.out-of-range") and await stored(database) == []


@pytest.mark.parametrize("forged", [{"device": "tablet-9"}, {"counter": 77}])
async def test_a_mark_that_is_replayed_from_another_device_is_refused(
    small: Small, database: str, forged: dict[str, Any]
) -> None:
    """An id is of one mark of one tablet: with another device or another counter it is no repetition, and nothing is added."""
    event = (await small.event())["id"]
    one = mark(event, small.codes[0], "B1.02", 200)
    replayed = msgspec.structs.replace(one, **forged)
    answers = await posted(small, [Post(sent, small.judges[0]) for sent in (one, replayed, one)])
    assert [answer.code or answer.status for answer in answers] == ["stored", "mark.id-reused", "duplicate"]
    assert [row["device"] for row in await stored(database)] == ["tablet-1"]


async def test_another_judge_cannot_answer_for_a_mark_that_is_known(small: Small, database: str) -> None:
    """The same mark under the same id from another judge's tablet is not a duplicate but a reused id."""
    event = (await small.event())["id"]
    one = mark(event, small.codes[0], "B1.02", 200)
    await posted(small, [Post(one, small.judges[0])])
    (answer,) = await posted(small, [Post(one, small.judges[1])])
    assert (answer.status, answer.code) == ("refused", "mark.id-reused") and len(await stored(database)) == 1


async def test_marks_are_refused_before_marking_and_after_the_seal(database: str) -> None:
    """An event takes marks while it is in the state `marking` only; before and after, nothing is stored."""
    small = await brought(await founded(), "drawn")
    await seated(small)
    event = (await small.event())["id"]
    (early,) = await posted(small, [Post(mark(event, small.codes[0], "A1.01", 900), small.judges[0])])
    assert early.code == "marks.not-open" and await stored(database) == []
    await opened(small, "marking")
    await posted(small, owed_marks(small, event))
    before = await stored(database)
    await opened(small, "sealed")
    (late,) = await posted(small, [Post(mark(event, small.codes[0], "A1.01", 900), small.judges[0])])
    assert late.code == "marks.not-open" and await stored(database) == before
    assert len(before) == len(small.codes) * 7


async def test_the_same_post_again_is_a_duplicate_and_changes_nothing(small: Small, database: str) -> None:
    """A tablet that heard no answer sends again: the answer names the row that is there, and no row is added."""
    event = (await small.event())["id"]
    batch = [Post(mark(event, small.codes[0], "B1.02", 200), judge) for judge in small.judges]
    first = await posted(small, batch)
    again = await posted(small, batch)
    within = await posted(small, [batch[0], *batch])
    assert [answer.status for answer in first] == ["stored"] * 3
    assert [answer.status for answer in again] == ["duplicate"] * 3 and [answer.status for answer in within] == [
        "duplicate"
    ] * 4
    assert [(one.sequence, one.hash) for one in again] == [(one.sequence, one.hash) for one in first]
    assert len(await stored(database)) == 3


async def test_one_mark_twice_in_one_batch_is_stored_once(small: Small, database: str) -> None:
    """A queue that holds the same mark twice makes one row; the second answer is a duplicate."""
    event = (await small.event())["id"]
    one = Post(mark(event, small.codes[0], "B1.02", 200), small.judges[0])
    assert [answer.status for answer in await posted(small, [one, one])] == ["stored", "duplicate"]
    assert len(await stored(database)) == 1


async def test_two_writers_at_once_never_fork_a_chain(small: Small, database: str) -> None:
    """Two machines store batches of one event at the same time: one chain without a gap, and every row verifies."""
    event = (await small.event())["id"]
    batches = [list(owed_marks(small, event)) for _ in range(2)]

    async def machine(posts: list[Post]) -> None:
        connection, rules = await asyncpg.connect(database), Rules()
        try:
            for start in range(0, len(posts), 3):
                await store(connection, posts[start : start + 3], rules, AT)
        finally:
            await connection.close()

    await asyncio.gather(*(machine(posts) for posts in batches))
    rows = await stored(database)
    assert [row["sequence"] for row in rows] == list(range(1, len(batches[0]) * 2 + 1))
    assert await breaks(database) == ()


@pytest.mark.parametrize("meanwhile", ["a mark", "the seal"])
async def test_what_was_read_before_somebody_else_wrote_is_decided_anew(
    small: Small, database: str, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    """A batch is decided without locks. Where its chain grew or was closed before it is written, nothing of it is, and the second
    decision, under locks, knows of it: the mark behind another one is in conflict, and after a seal it is refused."""
    event = (await small.event())["id"]
    ours, other = (Post(mark(event, small.codes[0], "B1.02", value), small.judges[0]) for value in (100, 200))
    decided = ledger._decided

    async def slow(*given: Any) -> Any:
        monkeypatch.setattr(ledger, "_decided", decided)
        found = await decided(*given)
        if meanwhile == "a mark":
            await posted(small, [other], dsn=database)
        else:
            await MarkHead.update({MarkHead.open: False}).where(MarkHead.id == event)
        return found

    monkeypatch.setattr(ledger, "_decided", slow)
    (answer,) = await posted(small, [ours], dsn=database)
    assert answer.status == ("conflict" if meanwhile == "a mark" else "refused")
    assert len(await stored(database)) == (2 if meanwhile == "a mark" else 0)
    assert await breaks(database) == ()


async def test_batches_over_the_same_events_in_opposite_order_do_not_deadlock(small: Small, database: str) -> None:
    """Heads are locked in the order of their ids, whatever order the marks come in."""
    await add_welding(small, "M02")
    first, second = (await small.event())["id"], (await small.event("M02"))["id"]
    posts = [Post(mark(event, small.codes[0], "A1.01", 900), small.judges[0]) for event in (first, second)]

    async def machine(order: list[Post]) -> None:
        for _ in range(10):
            await posted(small, order, dsn=database)

    await asyncio.wait_for(asyncio.gather(machine(posts), machine(posts[::-1])), 20)


async def test_a_mark_that_did_not_know_of_the_last_one_is_kept_and_blocks_the_seal(
    small: Small, database: str
) -> None:
    """Two tablets of one judge, one of them offline: both marks are in the ledger, the event cannot be sealed, and a
    mark that replaces the last one settles it.
    """
    event, judge, entry = (await small.event())["id"], small.judges[0], small.codes[0]
    await posted(small, owed_marks(small, event))
    assert (await may_seal(await small.event())).rule == "marks.complete"
    blind = mark(event, entry, "B1.02", 200, device="tablet-2")
    (answer,) = await posted(small, [Post(blind, judge)])
    assert answer.status == "conflict" and answer.sequence == len(small.codes) * 7 + 1
    assert (await progress(await small.event())).conflicts == 1
    assert (await may_seal(await small.event())).rule == "marks.conflict"
    with pytest.raises(Refusal, match=r"marks\.conflict"):
        await opened(small, "sealed")
    (answer,) = await posted(small, [Post(mark(event, entry, "B1.02", 300, replaces=blind.id), judge)])
    assert answer.status == "stored" and (await may_seal(await small.event())).rule == "marks.complete"
    await opened(small, "sealed")
    assert await breaks(database) == ()


async def test_a_conflict_that_is_sent_again_is_still_told_to_be_one(small: Small) -> None:
    """The tablet whose first answer was lost must not show a cell as settled that is in conflict."""
    event, judge, entry = (await small.event())["id"], small.judges[0], small.codes[0]
    await posted(small, [Post(mark(event, entry, "B1.02", 200), judge)])
    blind = Post(mark(event, entry, "B1.02", 100), judge)
    (first,), (again,) = await posted(small, [blind]), await posted(small, [blind])
    assert first.status == "conflict" and (again.status, again.conflict) == ("duplicate", True)


async def test_what_the_panel_records_once_is_one_cell_for_all_judges(small: Small) -> None:
    """A second judge who records the same measurement must say that they replace the first one's mark."""
    event, entry = (await small.event())["id"], small.codes[0]
    first, second = mark(event, entry, "A1.01", 900), mark(event, entry, "A1.01", 800)
    third = mark(event, entry, "A1.01", 850, replaces=second.id)
    one, two = small.judges[0], small.judges[1]
    answers = [(await posted(small, [Post(*pair)]))[0].status for pair in ((first, one), (second, two), (third, one))]
    assert answers == ["stored", "conflict", "stored"]
    now = await progress(await small.event())
    assert (now.conflicts, now.stored) == (0, 1)


async def test_each_judge_has_a_cell_of_their_own_where_all_record(small: Small) -> None:
    """Three judges give three scores for one aspect; none replaces another's."""
    event, entry = (await small.event())["id"], small.codes[0]
    answers = await posted(small, [Post(mark(event, entry, "B1.02", 200), judge) for judge in small.judges])
    assert [answer.status for answer in answers] == ["stored"] * 3


async def test_marks_in_one_post_may_replace_each_other(small: Small) -> None:
    """What a tablet changed twice while it was offline arrives as a chain, not as a conflict."""
    event, entry, judge = (await small.event())["id"], small.codes[0], small.judges[0]
    first = mark(event, entry, "B1.02", 200)
    second = mark(event, entry, "B1.02", 300, replaces=first.id)
    assert [one.status for one in await posted(small, [Post(first, judge), Post(second, judge)])] == [
        "stored",
        "stored",
    ]


async def test_rules_are_read_anew_when_the_panel_grows(small: Small) -> None:
    """A judge who is seated while marks arrive may mark at once, without a restart of any process."""
    event, rules, entry = await small.event(), Rules(), small.codes[0]
    late = await account("替补")
    post = Post(mark(event["id"], entry, "B1.02", 200), late)
    (before,) = await posted(small, [post], rules)
    await seat(event, late, False, small.staff, AT)
    (after,) = await posted(small, [post], rules)
    assert (before.code, after.status) == ("mark.not-on-panel", "stored")


async def test_rules_are_read_anew_when_the_scheme_is_replaced(database: str) -> None:
    """A scheme that was replaced before marking began is the one that marks are checked against, in every process."""
    small, rules = await brought(await founded(), "drawn"), Rules()
    event = (await small.event())["id"]
    await posted(small, [Post(mark(event, "W-01", "A1.01", 1), await account("外人"))], rules)
    renamed = SCHEME.criteria[0].subcriteria[0].aspects[0]
    criterion = dataclasses.replace(
        SCHEME.criteria[0], subcriteria=(SubCriterion("A1", "A1", (dataclasses.replace(renamed, id="A1.07"),)),)
    )
    other = dataclasses.replace(SCHEME, criteria=(criterion, SCHEME.criteria[1]))
    await choose_scheme(await small.event(), other, small.staff, AT)
    await seated(small)
    await opened(small, "marking")
    posts = [Post(mark(event, small.codes[0], id, 900), small.judges[0]) for id in ("A1.01", "A1.07")]
    assert [answer.code or answer.status for answer in await posted(small, posts, rules)] == [
        "mark.unknown-aspect",
        "stored",
    ]


async def test_judges_too_far_apart_block_the_seal_by_the_measure_of_the_policy(small: Small) -> None:
    """The spread that calls for a discussion is the policy's; it is settled when the whole panel has scored again."""
    event, entry = (await small.event())["id"], small.codes[0]
    posts = list(owed_marks(small, event))
    await posted(small, posts)
    mine = next(
        post for post in posts if (post.mark.entry, post.mark.aspect, post.judge) == (entry, "B1.02", small.judges[0])
    )
    zero = mark(event, entry, "B1.02", 0, replaces=mine.mark.id)
    await posted(small, [Post(zero, small.judges[0])])
    assert (await may_seal(await small.event())).rule == "marks.spread"
    wide = {**await small.event()}
    text = wide["policy_text"].replace("spread = 100", "spread = 300")
    wide |= {"policy_text": text, "policy_fingerprint": parse(text, wide["policy"]).fingerprint}
    assert (await may_seal(wide)).rule == "marks.complete"
    await posted(small, [again(small, posts, 0, 200, replaces=zero.id)])
    assert (await may_seal(await small.event())).rule == "marks.spread", "the others have not said anything yet"
    await posted(small, [again(small, posts, number, 200) for number in (1, 2)])
    assert (await may_seal(await small.event())).rule == "marks.complete"


def again(small: Small, posts: list[Post], number: int, value: int, round: int = 2, **more: Any) -> Post:
    """The n-th judge scores the first piece's look again."""
    own = next(
        post.mark
        for post in posts
        if (post.mark.entry, post.mark.aspect, post.judge) == (small.codes[0], "B1.02", small.judges[number])
    )
    replaces = more.pop("replaces", own.id)
    return Post(mark(own.event, own.entry, own.aspect, value, round=round, replaces=replaces), small.judges[number])


async def test_a_round_is_scored_once_it_is_open(small: Small, database: str) -> None:
    """A second round that nobody opened is refused, its neighbour in the batch is stored; both rounds stay in the ledger, and
    nobody goes back to a round that they have left."""
    event, entry = (await small.event())["id"], small.codes[0]
    posts = list(owed_marks(small, event))
    await posted(small, posts)
    early = [again(small, posts, 0, 200), Post(mark(event, small.codes[1], "B1.02", 100), small.judges[0])]
    assert [answer.code or answer.status for answer in await posted(small, early)] == [
        "mark.round-not-open",
        "conflict",
    ]
    zero = again(small, posts, 0, 0, round=1)
    await posted(small, [zero])
    third = again(small, posts, 0, 100, round=3, replaces=zero.mark.id)
    second = again(small, posts, 0, 100, replaces=zero.mark.id)
    assert [answer.code or answer.status for answer in await posted(small, [third, second])] == [
        "mark.round-not-open",
        "stored",
    ]
    back = again(small, posts, 0, 300, round=1, replaces=second.mark.id)
    assert [answer.code for answer in await posted(small, [back])] == ["mark.round-over"]
    rounds = [row["round"] for row in await stored(database) if (row["entry"], row["aspect"]) == (entry, "B1.02")]
    assert rounds == [1, 1, 1, 1, 2] and not await breaks(database)


async def test_a_score_that_comes_when_the_panel_talks_already_changes_nothing_of_what_it_talks_about(
    small: Small, database: str
) -> None:
    """A tablet that was offline brings a score of round 1 after round 2 has opened: it is in the ledger and wears a conflict, the
    round stays open with the scores that the panel was shown, board and tablet tell of it, and the judge's score of round 2 settles it."""
    event, entry = (await small.event())["id"], small.codes[0]
    posts = list(owed_marks(small, event))
    await posted(small, posts)
    zero = again(small, posts, 0, 0, round=1)
    await posted(small, [zero])
    late = again(small, posts, 0, 300, round=1, replaces=zero.mark.id)
    assert [(answer.status, answer.code) for answer in await posted(small, [late])] == [("conflict", "mark.round-late")]
    assert [answer.status for answer in await posted(small, [late])] == ["duplicate"]
    now = await small.event()
    me = await small.chief()
    assert (await may_seal(now)).rule == "marks.conflict"
    (shift,) = (await shift_of(me, await seated_events(me)))["events"]
    assert shift["rounds"][f"{entry} B1.02"]["scores"] == (("J1", 0), ("J2", 300), ("J3", 300))
    board = await board_of(now, AT)
    assert [one["late"] for one in board["spreads"]] == [["J1"]] and not board["doubts"]
    more = again(small, posts, 0, 200, round=1, replaces=late.mark.id)
    assert [answer.code for answer in await posted(small, [more])] == ["mark.round-late"]
    second = again(small, posts, 0, 200, replaces=more.mark.id)
    assert [answer.status for answer in await posted(small, [second])] == ["stored"]
    await posted(small, [again(small, posts, number, 200) for number in (1, 2)])
    assert (await may_seal(await small.event())).rule == "marks.complete" and not await breaks(database)


async def test_a_mark_that_arrives_during_the_seal_waits_and_is_refused(small: Small, database: str) -> None:
    """While the seal holds the chain's head a mark waits; it is refused afterwards, and the sealed chain has its rows only."""
    event = (await small.event())["id"]
    await posted(small, owed_marks(small, event))
    known = await last_of(database, small.codes[0])
    late = [Post(mark(event, small.codes[0], "A1.01", 1, replaces=known), small.judges[0])]
    sealing = asyncio.create_task(opened(small, "sealed"))
    arriving = [asyncio.create_task(posted(small, late, dsn=database)) for _ in range(4)]
    sealed, answers = await sealing, await asyncio.gather(*arriving)
    rows = await stored(database)
    assert sealed["sequence"] == len(rows) == rows[-1]["sequence"]
    assert {answer.code or answer.status for (answer,) in answers} <= {
        "marks.not-open",
        "stored",
        "duplicate",
    }


async def test_a_seal_and_a_batch_of_marks_never_wait_for_each_other_in_a_circle(small: Small, database: str) -> None:
    """A batch that holds the chain's head adds its row although the event is being sealed; neither is thrown out."""
    event = (await small.event())["id"]
    await posted(small, owed_marks(small, event))
    connection = await asyncpg.connect(database)
    try:
        async with connection.transaction():
            await connection.execute("SELECT FROM mark_head WHERE id = $1 FOR UPDATE", event)
            sealing = asyncio.create_task(opened(small, "sealed"))
            await waiting_for_a_lock(database)
            late = Post(
                mark(event, small.codes[0], "A1.01", 850, replaces=await last_of(database, small.codes[0])),
                small.judges[0],
            )
            (answer,) = await store(connection, [late], Rules(), AT)
    finally:
        await connection.close()
    sealed = await sealing
    assert answer.status == "stored" and sealed["sequence"] == answer.sequence


async def last_of(dsn: str, entry: str) -> str:
    rows = [row for row in await stored(dsn) if (row["entry"], row["aspect"]) == (entry, "A1.01")]
    return str(rows[-1]["id"])
