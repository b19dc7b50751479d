"""The first day of an installation is as fast as every other: no statement keeps the plan of an empty database."""

from __future__ import annotations

from uuid import uuid4

from server.database.piccolo_conf import DB
from server.marks.ledger import FACTS
from server.results.running import ADDED
from tests.server.small import brought, founded

KEPT = "SELECT generic_plans FROM pg_prepared_statements WHERE statement = $1"


async def test_the_last_marks_are_never_looked_up_by_the_plan_of_an_empty_ledger(database: str) -> None:
    """PostgreSQL keeps a plan after some executions; made while the ledger was empty, it walked an event's chain for each
    cell until the statistics were renewed, and a hall's first thousands of marks waited for it.
    """
    async with DB.pool.acquire() as connection:
        for _ in range(12):
            posts = ["x"] * 50, [uuid4()] * 50, ["W-01"] * 50, ["A1"] * 50, [uuid4()] * 50
            await connection.fetch(FACTS, *posts)
        assert [row["generic_plans"] for row in await connection.fetch(KEPT, FACTS)] == [0]


MANY = """INSERT INTO mark (id, event, sequence, entry, aspect, judge, value, round, device, counter, made_at, stored_at, replaces,
    conflict, previous, hash)
SELECT n::text, $1, n, 'W-' || n % 100, 'A' || n % 300, $2, 0, 1, 'd', n, now(), now(), '', false, '', ''
FROM generate_series(1, 30000) n"""


async def test_a_board_reads_on_without_walking_through_the_ledger(database: str) -> None:
    """What a live board has read already is not read again, many times a second: its plan takes the index of an event's chain,
    whatever the planner believes of "later than this one"."""
    small = await brought(await founded(), "marking")
    event = (await small.event())["id"]
    async with DB.pool.acquire() as connection:
        await connection.execute(MANY, event, next(iter(small.judges)))
        await connection.execute("ANALYZE mark")
        asked = ADDED.format(*(f"${n}" for n in (1, 2, 3)))
        plan = await connection.fetch(f"EXPLAIN {asked}", [event] * 32, [29_990] * 32, [None] * 32)
    told = "\n".join(line[0] for line in plan)
    assert "mark_sequence" in told and "Seq Scan on mark" not in told
