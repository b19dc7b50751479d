"""The program ends when it is told to, whatever its background tasks are doing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from litestar.stores.memory import MemoryStore

from server import jobs
from server.results import live


class Stubborn:
    """A query that answers being cut short with an error of its own, as a driver does whose connection is closed under it."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self, *_: Any, **__: Any) -> Any:
        self.begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise RuntimeError("the connection is closed") from None


def publishing(patched: pytest.MonkeyPatch, query: Stubborn) -> Any:
    patched.setattr(jobs, "publish_due", query)
    return jobs.Publishing(None)  # type: ignore[arg-type]


def sweeping(patched: pytest.MonkeyPatch, query: Stubborn) -> Any:
    patched.setattr(jobs, "sweep", query)
    return jobs.Sweeping(MemoryStore())


@pytest.mark.parametrize("begun", [publishing, sweeping])
async def test_a_task_ends_though_its_query_answers_the_cancellation_with_an_error(
    monkeypatch: pytest.MonkeyPatch, begun: Callable[[pytest.MonkeyPatch, Stubborn], Any]
) -> None:
    """Otherwise the program would wait for it for ever, and an operator would have to kill it."""
    query = Stubborn()
    task = begun(monkeypatch, query)
    await asyncio.wait_for(query.begun.wait(), 5)
    await asyncio.wait_for(task.stop(), 5)
    assert live.told_to_end is jobs.told_to_end
