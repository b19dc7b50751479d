"""kill -9 of the server, and of PostgreSQL, while two hundred tablets send marks: what was acknowledged must be there.

A mark counts as acknowledged when its tablet has read the answer. A post that was cut off, or answered by anything but its
marks' own answers, is sent again with the same id, as the app does. After each kill, once somebody is answered again, the
whole ledger is compared with what had been acknowledged by then, and every chain is walked; at the end every mark is sent
once more, which must change nothing. `rounds` is also what the suite runs in its short form.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg

from server.audit import verify
from server.database.cluster import Cluster
from server.demo.command import answering
from tests.bench.load import Connection
from tests.bench.serving import csrf
from tests.bench.venue import Tablet, built
from tests.faults.killing import Server, prepared

ROUNDS = int(os.environ.get("PODIUM_FAULTS", "100"))
EVENTS, PANEL, ENTRIES = 25, 8, 30
"""Two hundred judges, each with a tablet."""
BETWEEN = (0.0, 0.5)
"""Seconds between two marks of a tablet."""
UNTIL = (0.2, 1.0)
"""Seconds of marking before the next kill."""
MOST = 200
"""Marks in one post."""
DOUBLED = """
SELECT count(*) AS rows, count(*) - count(DISTINCT (device, counter)) AS twice, count(*) FILTER (WHERE conflict) AS conflicts
FROM mark WHERE device = ANY($1)
"""


@dataclass(slots=True)
class Kept:
    """What the tablets know: every acknowledged mark by its id, the account of its judge beside it."""

    marks: dict[str, tuple[Tablet, dict[str, Any]]] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    again: int = 0
    """Posts that were sent more than once."""


@dataclass(slots=True)
class Losses:
    """What came of it; `lost`, `duplicated` and `breaks` must be 0."""

    rounds: int
    tablets: int
    acknowledged: int
    lost: int
    duplicated: int
    breaks: int
    """Rows of a chain that did not hold, over all rounds."""
    sent_again: int
    answered_again: int
    """How many of the acknowledged marks, sent once more at the end, were answered as duplicates."""
    seconds_until_answered: float
    """From a kill to the next acknowledged mark, the median."""


class Post:
    """A tablet's way to the server: the same bytes until they are answered."""

    def __init__(self, tablet: Tablet, port: int, token: dict[str, str]) -> None:
        lines = ["POST /api/marks HTTP/1.1", f"host: 127.0.0.1:{port}", "content-type: application/json"]
        lines += [f"x-csrf-token: {token['x-csrf-token']}", f"cookie: podium={tablet.session}{token['cookie']}", ""]
        self._head, self._port = "\r\n".join(lines).encode(), port
        self._connection: Connection | None = None

    async def once(self, body: bytes) -> list[dict[str, Any]]:
        """The answers of these marks. Raises OSError when there are none."""
        if self._connection is None:
            loop = asyncio.get_running_loop()
            self._connection = (await loop.create_connection(Connection, "127.0.0.1", self._port))[1]
        try:
            answer = await self._connection.post(self._head + b"content-length: %d\r\n\r\n" % len(body) + body)
        except OSError:
            self._connection = None
            raise
        if not answer.startswith(b"HTTP/1.1 200"):
            raise OSError(answer[:200].decode(errors="replace"))
        answers: list[dict[str, Any]] = json.loads(answer.split(b"\r\n\r\n", 1)[1])["answers"]
        return answers

    async def until_answered(self, body: bytes, kept: Kept) -> list[dict[str, Any]]:
        """The answers, however often it takes."""
        while True:
            with contextlib.suppress(OSError):
                return await self.once(body)
            kept.again += 1
            await asyncio.sleep(random.uniform(0.05, 0.3))


async def marking(tablet: Tablet, post: Post, kept: Kept, dice: random.Random) -> None:
    """One judge marks until it is over; a post that was begun is answered."""
    for body in tablet.marks():
        if kept.over.is_set():
            return
        (answer,) = await post.until_answered(body, kept)
        assert answer["status"] in ("stored", "duplicate"), answer
        (mark,) = json.loads(body)
        kept.marks[mark["id"]] = tablet, mark
        await asyncio.sleep(dice.uniform(*BETWEEN))


async def rounds(dsn: str, server: Server, kill: Callable[[], None], count: int, tablets: list[Tablet]) -> Losses:
    """Kill `count` times while everybody marks, and compare each time."""
    await answering(server.base, server.process)
    kept, dice, seconds = Kept(), random.Random(20261129), list[float]()
    token = await asyncio.to_thread(csrf, server.port)
    posts = {tablet.name: Post(tablet, server.port, token) for tablet in tablets}
    work = [asyncio.create_task(marking(one, posts[one.name], kept, dice)) for one in tablets]
    lost, breaks = 0, 0
    for _ in range(count):
        await asyncio.sleep(dice.uniform(*UNTIL))
        await asyncio.to_thread(kill)
        seconds.append(await _answered(kept, work))
        missing, broken = await compared(dsn, kept)
        lost, breaks = lost + missing, breaks + broken
    kept.over.set()
    await asyncio.gather(*work)
    missing, broken = await compared(dsn, kept)
    again = await _again(posts, kept)
    return Losses(
        count, len(tablets), len(kept.marks), lost + missing, await _doubled(dsn, kept), breaks + broken,
        kept.again, again, round(median(seconds), 2),
    )  # fmt: skip


async def _answered(kept: Kept, work: list[asyncio.Task[None]]) -> float:
    """Wait for the next acknowledged mark; the seconds that it took. Whatever a tablet did not expect ends everything."""
    begin, before = time.perf_counter(), len(kept.marks)
    while len(kept.marks) == before:
        for task in work:
            if task.done():
                task.result()
        await asyncio.sleep(0.01)
    return time.perf_counter() - begin


async def compared(dsn: str, kept: Kept) -> tuple[int, int]:
    """How many of the marks acknowledged by now are not in the ledger as they were sent, and how many rows do not hold."""
    known = dict(kept.marks)
    connection = await _connected(dsn)
    try:
        stored = {row["id"]: row for row in await connection.fetch("SELECT id, entry, aspect, value FROM mark")}
        audit = await verify(connection)
    finally:
        await connection.close()
    return sum(not _same(mark, stored.get(id)) for id, (_, mark) in known.items()), len(audit.breaks)


async def _connected(dsn: str) -> asyncpg.Connection:
    """A database that was killed needs a moment."""
    for _ in range(600):
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            return await asyncpg.connect(dsn)
        await asyncio.sleep(0.05)
    raise TimeoutError("the database did not come back")


def _same(mark: dict[str, Any], row: Any) -> bool:
    return row is not None and all(mark[name] == row[name] for name in ("entry", "aspect", "value"))


async def _again(posts: dict[str, Post], kept: Kept) -> int:
    """Send every mark once more; how many were duplicates."""
    of: dict[str, list[dict[str, Any]]] = {}
    for tablet, mark in kept.marks.values():
        of.setdefault(tablet.name, []).append(mark)
    duplicates = 0
    for name, marks in of.items():
        for start in range(0, len(marks), MOST):
            answers = await posts[name].until_answered(json.dumps(marks[start : start + MOST]).encode(), kept)
            duplicates += sum(answer["status"] == "duplicate" for answer in answers)
    return duplicates


async def _doubled(dsn: str, kept: Kept) -> int:
    """Rows too many: a tablet's counter twice, a cell in conflict though one tablet alone marks it, a mark that nobody sent."""
    connection = await _connected(dsn)
    try:
        row = await connection.fetchrow(DOUBLED, list({tablet.name for tablet, _ in kept.marks.values()}))
    finally:
        await connection.close()
    return int(row["twice"]) + int(row["conflicts"]) + max(0, int(row["rows"]) - len(kept.marks))


@contextlib.contextmanager
def venue(
    data: Path, events: int = EVENTS, panel: int = PANEL, entries: int = ENTRIES
) -> Iterator[tuple[str, Server, list[Tablet]]]:
    """A served installation whose panels sit and mark."""
    with prepared(data) as (dsn, server):
        asyncio.run(answering(server.base, server.process))
        yield dsn, server, asyncio.run(built(dsn, (entries,) * events, panel))


def of_server(server: Server) -> Callable[[], None]:
    """kill -9 of the program and of everything it started but the database; it is started again at once."""

    def kill() -> None:
        server.kill()
        server.start()

    return kill


def of_database(data: Path) -> Callable[[], None]:
    """kill -9 of PostgreSQL; whoever watches over it starts it again."""

    def kill() -> None:
        postgres = Cluster(data).process()
        assert postgres is not None
        postgres.kill()

    return kill


def measure() -> list[dict[str, str | int | float]]:
    """The program a hundred times, then the database a hundred times."""
    rows: list[dict[str, str | int | float]] = []
    for what in ("the server", "PostgreSQL"):
        with (
            tempfile.TemporaryDirectory(prefix="podium-faults-") as folder,
            venue(Path(folder)) as (dsn, server, tablets),
        ):
            kill = of_server(server) if what == "the server" else of_database(Path(folder))
            rows.append({"fault": f"kill -9 {what}", **asdict(asyncio.run(rounds(dsn, server, kill, ROUNDS, tablets)))})
    return rows
