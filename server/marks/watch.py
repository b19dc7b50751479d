"""Who watches an event, and when to look again: one question a second to the database for all events that are watched,
whoever watches and however many they are, and one more where marks have come meanwhile: whether a panel came apart by them. Nothing
is asked while nobody watches.

A stream ends by itself after a while; the browser comes back at once, and is asked again who it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from typing import Any
from uuid import UUID

from server.database.piccolo_conf import DB
from server.marks.apart import came_apart
from server.marks.rules import Rules

EVERY = 1.0
BEAT = 15.0
"""Seconds after which everybody looks again although nothing has changed: times pass, and proxies close what is silent."""
LONGEST = 600.0
HEADS = """
SELECT e.id, e.version, e.state, m.sequence, h.board, h.tablets
FROM event e LEFT JOIN mark_head m ON m.id = e.id LEFT JOIN hall_head h ON h.id = e.id WHERE e.id = ANY($1::uuid[])
"""
EVENT_STREAM = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}

log = logging.getLogger("podium.watch")


class Watch:
    """What this process knows of the events that somebody watches."""

    def __init__(self) -> None:
        self._watched: Counter[UUID] = Counter()
        self._heads: dict[UUID, tuple[Any, ...]] = {}
        self._turn = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._made: dict[Any, tuple[Any, asyncio.Task[bytes]]] = {}
        self._over = False
        self._looked = 0.0
        self._rules, self._apart = Rules(), Counter[UUID]()

    def stop(self) -> None:
        """End every stream, so that the program can end."""
        self._over = True
        self._turn.set()
        if self._task:
            self._task.cancel()

    def head(self, event: UUID) -> tuple[Any, ...]:
        """What a board of this event depends on, besides the time."""
        return self._heads.get(event, ())

    def tablets(self, event: UUID) -> int:
        """How often something for tablets has changed in this event."""
        return self.head(event)[-1] or 0 if self.head(event) else 0

    def shift(self, event: UUID) -> tuple[Any, ...]:
        """What a judge's shift depends on that a judge must not wait for: the event itself, and how often its panel came apart."""
        return (*self.head(event)[:2], self._apart[event])

    async def once(self, what: Any, seen: Any, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """What is made for the first who asks is for all who ask for the same and have `seen` the same."""
        held = self._made.get(what)
        if held is None or held[0] != seen:
            held = self._made[what] = (seen, asyncio.create_task(make()))
        try:
            return await asyncio.shield(held[1])
        except Exception:  # what failed is not kept for those who ask next; whoever asked hears of it
            self._made.pop(what, None)
            raise

    async def frames(self, events: Iterable[UUID], tell: Callable[[], Awaitable[bytes | None]]) -> AsyncIterator[bytes]:
        """An answer that goes on: what `tell` has to say, asked at once and whenever something has changed; None ends it."""
        mine, end = set(events), time.monotonic() + LONGEST
        self._watched.update(mine)
        try:
            if (mine - self._heads.keys() or time.monotonic() - self._looked >= EVERY) and await self._look():
                self._tell()
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._run(), name="podium-watch")
            yield f"retry: {random.randint(2000, 6000)}\n\n".encode()
            while not self._over and time.monotonic() < end:
                turn = self._turn
                if (told := await tell()) is None:
                    return
                yield told or b": here\n\n"
                await turn.wait()
        finally:
            self._watched.subtract(mine)
            self._watched += Counter()
            if not self._watched:
                self._made.clear()

    def _tell(self) -> None:
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()

    async def _look(self) -> bool:
        """Ask the database; whether an event that was known before is another one now."""
        assert DB.pool
        self._looked = time.monotonic()
        async with DB.pool.acquire() as connection:
            rows = await connection.fetch(HEADS, list(self._watched))
            moved = [row for row in rows if (head := self.head(row["id"])) and head[2] != row["sequence"]]
            if moved:
                await self._rules.renewed(connection, {row["id"]: row["version"] for row in moved})
                seen = {row["id"]: self.head(row["id"])[2] or 0 for row in moved}
                self._apart.update(await came_apart(connection, seen, self._rules))
        before, self._heads = self._heads, {row["id"]: tuple(row)[1:] for row in rows}
        return any(head != before[id] for id, head in self._heads.items() if id in before)

    async def _run(self) -> None:
        """Look as long as somebody watches."""
        beat = time.monotonic()
        while self._watched:
            await asyncio.sleep(EVERY)
            try:
                new = await self._look()
            except Exception:  # the database is away: whoever watches is told again when it is back
                log.warning("The hall could not be looked at", exc_info=True)
                new = False
            if new or time.monotonic() - beat >= BEAT:
                beat = time.monotonic()
                self._tell()


async def only_the_first(frames: AsyncIterator[bytes]) -> bytes:
    """The beginning of a stream, for whoever asked for no stream."""
    async with contextlib.aclosing(frames) as told:  # type: ignore[type-var]
        return b"".join([await anext(told) for _ in range(2)])
