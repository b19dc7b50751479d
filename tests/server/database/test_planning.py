"""The first day of an installation is as fast as every other: no statement keeps the plan of an empty database."""

from __future__ import annotations

from uuid import uuid4

from server.database.piccolo_conf import DB
from server.marks.ledger import FACTS

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
