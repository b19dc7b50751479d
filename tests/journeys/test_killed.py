"""An acknowledged mark survives kill -9 of the program, and of the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.faults.marks import of_database, of_server, rounds, venue

pytestmark = pytest.mark.slow


def test_no_acknowledged_mark_is_lost_when_something_is_killed(tmp_path: Path) -> None:
    """A kill of the program, then one of PostgreSQL, while thirty tablets mark: nothing lost, nothing double, the chains hold
    each time, the same posts are duplicates. (`podium faults` does so a hundred times.)
    """
    with venue(tmp_path / "data", events=5, panel=6) as (dsn, server, tablets):
        for kill, some in ((of_server(server), tablets[::2]), (of_database(tmp_path / "data"), tablets[1::2])):
            losses = asyncio.run(rounds(dsn, server, kill, 1, some))
            assert losses.acknowledged > 0
            assert (losses.lost, losses.duplicated, losses.breaks) == (0, 0, 0)
            assert losses.answered_again == losses.acknowledged
