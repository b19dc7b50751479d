"""Acknowledged marks outlive a power cut, as far as a model of the disk can show it."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import pytest

from server.errors import Refusal
from tests.faults import power
from tests.faults.tracing import tracer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="calls are traced with strace, which Linux alone has"),
]


def test_no_acknowledged_mark_is_lost_when_the_power_is_cut() -> None:
    """With every unsynced write dropped each mark is there once and the chains are whole; without waiting, marks are gone."""
    try:
        tracer()
    except Refusal as refused:
        if refused.code != "faults.no-trace":
            raise
        pytest.skip(refused.words.en)
    dice = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="podium-test-") as name:
        folder = Path(name)
        tablets = power.venue(folder)
        cut = power.cut(folder, tablets, dice)
        assert cut.acknowledged and cut.disk.unkept()
        found = power.recovered(cut, folder)
        assert (found.missing, found.duplicated, found.breaks) == (0, 0, 0)
        assert found.again == len(cut.acknowledged) <= found.stored
        cut = power.cut(folder, tablets, dice, waiting=False)
        assert power.recovered(cut, folder).missing, "the model shows no loss where nobody waited for the disk"
