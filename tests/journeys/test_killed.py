"""An acknowledged mark survives kill -9 of the program."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.faults.killing import prepared, rounds

pytestmark = pytest.mark.slow


def test_no_acknowledged_mark_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    """After two kills in the middle of marking: nothing lost, nothing double, the chains hold, the same posts are duplicates."""
    with prepared(tmp_path / "data") as (dsn, server):
        losses = asyncio.run(rounds(dsn, server, 2, random.Random(7)))
    assert losses.acknowledged > 0
    assert (losses.lost, losses.duplicated, losses.breaks) == (0, 0, 0)
    assert losses.answered_again == losses.acknowledged
