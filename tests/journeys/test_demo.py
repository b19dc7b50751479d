"""The main job from end to end: workbooks in, verified certificates out."""

from __future__ import annotations

import asyncio
import re

import asyncpg
import pytest

from server.database.embedded import running
from tests.journeys.conftest import Held, podium

pytestmark = pytest.mark.slow


def told(said: str, name: str) -> str:
    """What the closing table says behind a name."""
    found = re.search(rf"{re.escape(name)}\s*│\s*([^│\n]*?)\s*│", said)
    assert found, said[-3000:]
    return found[1]


def test_the_demonstration_holds_a_whole_competition(held: Held) -> None:
    """Every event, competitor and certificate of the seven workbooks arrives, and everything issued verifies."""
    assert held.code == 0, held.said[-3000:]
    assert told(held.said, "Events") == "8"
    assert told(held.said, "of them demonstrations") == "1"
    assert told(held.said, "Delegations") == "7"
    assert told(held.said, "Competitors") == "194"
    assert told(held.said, "Medals") == "21"
    assert told(held.said, "verified as genuine") == told(held.said, "Certificates") != "0"


def test_every_row_of_both_ledgers_holds_afterwards(held: Held) -> None:
    """`podium audit verify` walks the ledgers of the whole competition and finds nothing."""
    done = podium(held.data, "audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every row holds" in done.stdout


def test_an_edited_mark_is_named(held: Held) -> None:
    """Somebody who changes one mark in the database, triggers switched off, is found out by row, and the exit code is 1."""

    async def change(dsn: str, value: int) -> str:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute("ALTER TABLE mark DISABLE TRIGGER mark_only_grows")
            row = "SELECT id FROM mark WHERE value > 0 ORDER BY event, sequence OFFSET 1000 LIMIT 1"
            id: str = await connection.fetchval(row)
            await connection.execute("UPDATE mark SET value = value + $2 WHERE id = $1", id, value)
            await connection.execute("ALTER TABLE mark ENABLE TRIGGER mark_only_grows")
            return id
        finally:
            await connection.close()

    with running(held.data) as dsn:
        id = asyncio.run(change(dsn, 25))
    done = podium(held.data, "audit", "verify")
    with running(held.data) as dsn:
        assert asyncio.run(change(dsn, -25)) == id
    assert done.returncode == 1
    assert id in done.stdout
    assert done.stdout.count("says something else") == 1
