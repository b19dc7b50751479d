"""One writer per process: posts queue up, a batch is committed in one transaction, and only then answered.

The queue is bounded: when it is full a post is refused with `marks.busy`, and the tablet keeps the mark and comes back.
On a lost connection or a serialisation failure the whole batch is sent again, which the marks' ids make safe. When the
database refuses a batch for good, its posts are stored one by one, so that only the one that it minds is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from scoring.verdict import Words
from server.database.piccolo_conf import DB
from server.errors import Refusal
from server.marks.batch import Post
from server.marks.ledger import store_locked, store_unlocked
from server.marks.rules import Rules
from server.wire import Answer

LONGEST_QUEUE = 20_000
LARGEST_BATCH = 500
WARY = 100
"""Batches that lock their chains first, after another process has added to one: two that mark the same events would hinder each
other, and each would do its work twice."""
PATIENCE = 20.0
"""Seconds for which a batch is tried again before its posts are told to come back."""

TRANSIENT = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncio.TimeoutError,
)

log = logging.getLogger("podium.marks")


def busy() -> Refusal:
    """Too much is waiting; nothing of this post was stored."""
    return Refusal(
        "marks.busy",
        Words("服务器正忙，分数还在你的平板上。", "The server is busy; your marks are still on the tablet."),
        Words("平板会自己重发。", "The tablet sends them again by itself."),
        status=503,
        wait=2,
    )


@dataclass(slots=True)
class Waiting:
    """Posts that came together, and the future of their answers."""

    posts: Sequence[Post]
    answers: asyncio.Future[list[Answer]]


class Writer:
    """Stores posts in batches; `start` and `stop` belong to the program's life. `stored` is told of each batch.

    It keeps one connection: taking it from the pool and giving it back would cost each batch a question more.
    """

    def __init__(self, stored: Callable[[], None] = lambda: None) -> None:
        self._stored = stored
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._queued = 0
        self._rules, self._wary = Rules(), 0
        self._connection: asyncpg.pool.PoolConnectionProxy | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take posts."""
        self._task = asyncio.create_task(self._pump(), name="podium-marks")

    async def stop(self) -> None:
        """Store what is waiting, then end."""
        while self._queued:
            await asyncio.sleep(0.01)
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._let_go()

    async def write(self, posts: Sequence[Post]) -> list[Answer]:
        """The answers once the posts are on disk. Raises Refusal `marks.busy`; then nothing was stored for certain."""
        if self._queued + len(posts) > LONGEST_QUEUE:
            raise busy()
        waiting = Waiting(posts, asyncio.get_running_loop().create_future())
        self._queued += len(posts)
        self._queue.put_nowait(waiting)
        return await waiting.answers

    async def _pump(self) -> None:
        while True:
            batch = [await self._queue.get()]
            size = len(batch[0].posts)
            while size < LARGEST_BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
                size += len(batch[-1].posts)
            try:
                await self._serve(batch)
            finally:
                self._queued -= size

    async def _serve(self, batch: list[Waiting]) -> None:
        """Store a batch and answer everybody in it."""
        try:
            answers = await self._store([post for waiting in batch for post in waiting.posts])
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whoever waits must hear of it, and the next batch must not be lost with it
            if len(batch) > 1 and not isinstance(error, TRANSIENT):
                for waiting in batch:
                    await self._serve([waiting])
                return
            log.exception("A batch of marks was not stored")
            self._fail(batch, error)
        else:
            self._answer(batch, answers)
            self._stored()

    async def _store(self, posts: list[Post]) -> list[Answer]:
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + PATIENCE, 0.02
        while True:
            try:
                if self._connection is None:
                    self._connection = await DB.pool.acquire(timeout=2)
                return await self._stored_in(self._connection, posts)
            except TRANSIENT:
                await self._let_go(broken=True)
                if loop.time() > end:
                    raise
                log.warning("The database is away; trying again in %.2f s", pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.5)

    async def _stored_in(self, connection: asyncpg.pool.PoolConnectionProxy, posts: list[Post]) -> list[Answer]:
        if self._wary:
            self._wary -= 1
        elif (answers := await store_unlocked(connection, posts, self._rules, datetime.now(UTC))) is not None:
            return answers
        else:
            self._wary = WARY
        return await store_locked(connection, posts, self._rules, datetime.now(UTC))

    async def _let_go(self, broken: bool = False) -> None:
        """Give the connection back; one that failed is closed, whatever it was in the middle of."""
        connection, self._connection = self._connection, None
        if connection:
            if broken:
                with contextlib.suppress(
                    asyncpg.InterfaceError
                ):  # one that the database ended has left the pool already
                    connection.terminate()
            await DB.pool.release(connection)

    @staticmethod
    def _answer(batch: list[Waiting], answers: list[Answer]) -> None:
        start = 0
        for waiting in batch:
            end = start + len(waiting.posts)
            if not waiting.answers.done():
                waiting.answers.set_result(answers[start:end])
            start = end

    @staticmethod
    def _fail(batch: list[Waiting], error: Exception) -> None:
        for waiting in batch:
            if not waiting.answers.done():
                waiting.answers.set_exception(busy() if isinstance(error, TRANSIENT) else error)
