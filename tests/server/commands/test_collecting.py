"""Garbage is collected by the clock, not in the middle of somebody's mark."""

from __future__ import annotations

import asyncio
import gc
import weakref

from server.commands import serve


class Ring:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.own = self


async def test_the_oldest_objects_are_walked_by_the_clock_and_rings_among_them_go() -> None:
    """However much grows old, no allocation sets off a walk through everything; the clock does, and frees what is garbage."""
    before, walks = gc.get_threshold(), list[int]()

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            walks.append(1)

    try:
        serve.set_aside()
        gc.callbacks.append(note)
        kept = [[[] for _ in range(10)] for _ in range(100_000)]
        assert len(kept) == 100_000 and not walks
        ring = Ring()
        gone = weakref.ref(ring)
        gc.collect(1)
        del ring
        task = asyncio.create_task(serve.collecting(0.01))
        await asyncio.sleep(0.2)
        task.cancel()
        assert walks and gone() is None
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*before)
        gc.unfreeze()
