"""Whoever edits the ledgers behind the program's back is found out, down to the row; in normal use nobody can."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from server.audit import Audit, Recount, verify
from server.commands.audit import recounted
from server.ledger import GENESIS, link
from server.marks.batch import mark_fields
from tests.server.small import Small, brought, founded

LEDGERS = ("mark", "decision")


@pytest.fixture(scope="module")
async def small(module_database: str) -> Small:
    """A published competition."""
    return await brought(await founded(), "published")


@pytest.fixture
async def hand(small: Small, module_database: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody at the database itself, with the triggers switched off; what they do is undone after the test."""
    connection = await asyncpg.connect(module_database)
    undo = connection.transaction()
    await undo.start()
    for ledger in LEDGERS:
        await connection.execute(f"ALTER TABLE {ledger} DISABLE TRIGGER USER")
    try:
        yield connection
    finally:
        await undo.rollback()
        await connection.close()


async def audited(hand: asyncpg.Connection) -> Audit:
    """The audit in the same transaction, so that it sees what the hand did."""
    return await verify_within(hand)


async def verify_within(hand: asyncpg.Connection) -> Audit:
    class Same:
        """The connection, whose transaction has begun already."""

        def __getattr__(self, name: str) -> Any:
            return getattr(hand, name)

        def transaction(self, **asked: Any) -> Any:
            return hand.transaction()

    return await verify(Same())  # type: ignore[arg-type]


async def row_at(hand: asyncpg.Connection, ledger: str, place: int = 3) -> asyncpg.Record:
    return await hand.fetchrow(f"SELECT * FROM {ledger} ORDER BY sequence OFFSET {place - 1} LIMIT 1")


async def test_ledgers_that_nobody_touched_hold(hand: asyncpg.Connection) -> None:
    """Every row of a whole competition verifies, and the audit says how many it walked."""
    audit = await audited(hand)
    assert audit.breaks == () and audit.marks == 42 and audit.decisions > 15


async def test_a_device_that_counted_twice_is_named(small: Small, hand: asyncpg.Connection) -> None:
    """Two marks under one counter of one tablet are both in the ledger, which holds; the audit says which tablet of which event,
    from where on and how often. What two people typed or corrected has no counter of a tablet, and a tablet that counts on is not named."""
    event = str((await small.event())["id"])
    numbered = "UPDATE mark SET counter = sequence"
    await hand.execute(numbered)
    assert (await audited(hand)).recounted == ()
    await hand.execute("UPDATE mark SET counter = sequence - 10 WHERE sequence BETWEEN 15 AND 17")
    await hand.execute("UPDATE mark SET counter = 1, device = 'paper' WHERE sequence > 40")
    (found,) = (await audited(hand)).recounted
    assert found == Recount(event, "tablet-1", 3, 15)
    words = recounted(found)
    assert "tablet-1" in words.zh and "#15" in words.en and "3" in words.en


@pytest.mark.parametrize(
    ("ledger", "change"),
    [
        *(
            ("mark", one)
            for one in (
                "value = value + 1",
                "judge = (SELECT id FROM account WHERE id <> judge LIMIT 1)",
                "entry = 'W-00'",
            )
        ),
        *(
            ("mark", one)
            for one in ("stored_at = stored_at + interval '1 second'", "conflict = NOT conflict", "device = 'x'")
        ),
        *(
            ("decision", one)
            for one in (
                "actor_name = 'somebody'",
                "reason = 'none'",
                """data = '{"x": 1}'""",
                "data = '[1]'",
                "at = at + interval '1 s'",
            )
        ),
    ],
)
async def test_an_edited_row_is_named(hand: asyncpg.Connection, ledger: str, change: str) -> None:
    """Any column of a row: the audit names the ledger, the chain, the place and the row itself."""
    row = await row_at(hand, ledger)
    await hand.execute(f"UPDATE {ledger} SET {change} WHERE id = $1", row["id"])
    breaks = (await audited(hand)).breaks
    assert [(one.ledger, one.sequence, one.row) for one in breaks] == [(ledger, row["sequence"], str(row["id"]))]


@pytest.mark.parametrize("ledger", LEDGERS)
async def test_a_deleted_row_leaves_a_gap_that_is_named(hand: asyncpg.Connection, ledger: str) -> None:
    """The row behind the gap is named, with the numbers that are gone."""
    row = await row_at(hand, ledger)
    await hand.execute(f"DELETE FROM {ledger} WHERE id = $1", row["id"])
    found = (await audited(hand)).breaks[0]
    assert (found.ledger, found.sequence) == (ledger, row["sequence"] + 1) and f"{row['sequence']}" in found.why


@pytest.mark.parametrize("ledger", LEDGERS)
async def test_a_deleted_end_is_noticed(hand: asyncpg.Connection, ledger: str) -> None:
    """The head of the chain remembers how long it was."""
    await hand.execute(f"DELETE FROM {ledger} WHERE sequence = (SELECT max(sequence) FROM {ledger})")
    assert any("head says" in one.why for one in (await audited(hand)).breaks if one.ledger == ledger)


async def test_a_whole_chain_that_is_gone_is_noticed(hand: asyncpg.Connection) -> None:
    """Without a single row left, the head still says how many there were."""
    await hand.execute("DELETE FROM mark")
    assert any("every row" in one.why for one in (await audited(hand)).breaks)


@pytest.mark.parametrize("ledger", LEDGERS)
async def test_two_swapped_rows_are_both_named(hand: asyncpg.Connection, ledger: str) -> None:
    """Exchanging the places of two rows breaks both of them."""
    first, second = await row_at(hand, ledger, 3), await row_at(hand, ledger, 4)
    for id, place in ((first["id"], -1), (second["id"], first["sequence"]), (first["id"], second["sequence"])):
        await hand.execute(f"UPDATE {ledger} SET sequence = $2 WHERE id = $1", id, place)
    assert {str(first["id"]), str(second["id"])} <= {one.row for one in (await audited(hand)).breaks}


async def test_an_inserted_row_is_named(hand: asyncpg.Connection) -> None:
    """A row put behind the last one with a hash of its own choosing does not fit the head."""
    columns = "event, entry, aspect, judge, value, round, device, counter, made_at, stored_at, replaces, conflict"
    await hand.execute(
        f"INSERT INTO mark (id, sequence, previous, hash, {columns}) "
        f"SELECT 'X', sequence + 1, hash, hash, {columns} FROM mark ORDER BY sequence DESC LIMIT 1"
    )
    assert "X" in {one.row for one in (await audited(hand)).breaks}


async def rewritten(hand: asyncpg.Connection) -> None:
    """The whole chain of marks, made anew with better marks for somebody, hashes, links and head included."""
    previous, row = GENESIS, None
    await hand.execute("UPDATE mark SET value = 0 WHERE sequence = 1")
    for row in await hand.fetch("SELECT * FROM mark ORDER BY sequence"):
        hash = link(previous, mark_fields(row))
        await hand.execute("UPDATE mark SET previous = $2, hash = $3 WHERE id = $1", row["id"], previous, hash)
        previous = hash
    assert row is not None
    await hand.execute("UPDATE mark_head SET hash = $1", previous)


async def test_a_chain_that_was_rewritten_from_end_to_end_is_caught_by_what_was_published(
    hand: asyncpg.Connection,
) -> None:
    """Every link of the new chain fits; the hash in the published snapshot does not."""
    await rewritten(hand)
    assert any("published" in one.why for one in (await audited(hand)).breaks)


async def test_a_chain_that_was_rewritten_together_with_the_snapshot_is_caught_by_the_seal(
    hand: asyncpg.Connection,
) -> None:
    """The ledger of decisions holds the hash at the seal and at publication: whoever rewrites the marks has to rewrite it too."""
    await rewritten(hand)
    await hand.execute("UPDATE snapshot SET mark_hash = encode((SELECT hash FROM mark_head LIMIT 1), 'hex')")
    assert [one.ledger for one in (await audited(hand)).breaks] != []


async def test_published_results_that_were_changed_are_named(hand: asyncpg.Connection) -> None:
    """A name or a rank changed in the snapshot itself, with a fingerprint to fit, is not what was decided."""
    content = json.dumps({"rows": []})
    await hand.execute("UPDATE snapshot SET content = $1", content)
    assert [one.ledger for one in (await audited(hand)).breaks] == ["snapshot"]
    await hand.execute("UPDATE snapshot SET sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')")
    assert [one.ledger for one in (await audited(hand)).breaks] == ["snapshot"]


@pytest.mark.parametrize("ledger", [*LEDGERS, "skill_record"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_in_normal_use_a_ledger_only_grows(
    small: Small, module_database: str, ledger: str, statement: str
) -> None:
    """The database itself refuses to change, delete or empty a ledger."""
    connection = await asyncpg.connect(module_database)
    undo = connection.transaction()
    await undo.start()
    try:
        if ledger == "skill_record":
            await connection.execute(
                "INSERT INTO promotion SELECT gen_random_uuid(), s.id, m.id, m.person, '', '', '', '', '', '', '', '' FROM snapshot s, member m LIMIT 1"
            )
            await connection.execute(
                "INSERT INTO skill_record SELECT gen_random_uuid(), person, id, '', '', '', now() FROM promotion LIMIT 1"
            )
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only ever added"):
            await connection.execute(statement.format(ledger))
    finally:
        await undo.rollback()
        await connection.close()
