"""When a live board is looked at anew, and who is told of it when."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from jinja2 import Environment

from server.results import live


async def test_nobody_rests_from_waiting_behind_those_who_have_just_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five thousand who open a board at once look before the task that tells them; it then tells on, as it has told nobody yet."""
    clock, rests = [0.0], list[float]()

    async def late(patience: float) -> bool:
        clock[0] += 9.0
        return False

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    boards = live.Live(Environment())
    room = boards._rooms["hebei"] = live.Room({"slug": "hebei", "time_zone": "Asia/Shanghai"}, Environment())
    room.viewers = 1
    monkeypatch.setattr(room, "refresh", late)
    monkeypatch.setattr(asyncio, "sleep", rest)
    boards.hint()
    with pytest.raises(asyncio.CancelledError):
        await boards._run()
    assert rests == [0.0]


async def test_a_change_is_looked_for_while_another_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who have not been told yet get the newest at once; a look behind the end of telling would give them what is old."""
    monkeypatch.setattr(live, "GAP", 0.0)
    boards, looked, again = live.Live(Environment()), 0, asyncio.Event()
    room = boards._rooms["hebei"] = live.Room({"slug": "hebei", "time_zone": "Asia/Shanghai"}, Environment())
    room.viewers, room.telling = 1, asyncio.create_task(asyncio.sleep(3600))

    async def look(patience: float) -> bool:
        nonlocal looked
        looked += 1
        boards.hint()
        if looked == 3:
            again.set()
        return False

    monkeypatch.setattr(room, "refresh", look)
    boards.hint()
    boards.start()
    await asyncio.wait_for(again.wait(), 5)
    await boards.stop()
    room.telling.cancel()
