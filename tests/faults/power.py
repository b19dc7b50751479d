"""The power is cut while judges' marks are stored: is every acknowledged mark there after PostgreSQL's recovery?

Each round starts the private PostgreSQL under a tracer, stores marks through `server.marks.ledger.store` on several
connections at once, has the log change its file and a checkpoint made meanwhile, and kills everything at a moment that
dice choose, which may lie in the middle of either. The disk of that moment is replayed from the trace (`tests.faults.disk`
says what it keeps), once with all dropped that no fsync covered and once with such writes torn into sectors of which half
survive. A start on that disk must find every mark that was acknowledged, with its value; the chains must hold; and the
same posts must be answered as duplicates. A trace that does not explain every file of the killed server counts for nothing.

The control stores without waiting for the disk (`synchronous_commit = off`): a cut that loses nothing there would show
nothing either.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec

from server.audit import verify
from server.database import migrate
from server.database.embedded import running
from server.marks.batch import Post
from server.marks.ledger import store
from server.marks.rules import Rules
from server.wire.marks import NewMark
from tests.bench.venue import Tablet, built
from tests.faults.disk import Disk
from tests.faults.tracing import Traced, tracer

ROUNDS = 10
EVENTS, JUDGES = 4, 2
SECONDS = 1.2
"""The longest that a round stores marks before it is cut."""
TOGETHER = 200
UNTRACED = {"postgresql.conf", "server.log"}
"""Podium itself writes the settings at each start; to the log several processes append through one descriptor."""
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""How a connection ends whose server is killed."""


@dataclass(slots=True)
class Cut:
    """What a round had when the power went."""

    acknowledged: dict[str, Post]
    disk: Disk
    during: str
    """What else went on: `checkpoint` or nothing."""


@dataclass(slots=True)
class Found:
    """What a start on the modelled disk found; all but `stored` and `again` must be 0."""

    missing: int
    duplicated: int
    breaks: int
    stored: int
    again: int
    """How many of the acknowledged marks, sent once more, were answered as duplicates."""


def venue(folder: Path) -> list[Tablet]:
    """A stopped cluster in `folder`/base with a few events that are being marked, and who marks them."""
    with running(folder / "base") as dsn:
        asyncio.run(migrate.up(dsn))
        return asyncio.run(built(dsn, (3,) * EVENTS, JUDGES))


def cut(folder: Path, tablets: Sequence[Tablet], dice: random.Random, waiting: bool = True) -> Cut:
    """Store marks from every tablet at once on a copy of the venue, and cut the power."""
    live = folder / "live"
    shutil.rmtree(live, ignore_errors=True)
    (folder / "trace").unlink(missing_ok=True)
    subprocess.run(["cp", "-a", folder / "base", live], check=True)
    cluster = Traced(live, folder / "trace")
    cluster.start()
    acknowledged: dict[str, Post] = {}
    try:
        busy = asyncio.run(_storing(cluster, tablets, acknowledged, dice, waiting))
    finally:
        if cluster.process():
            cluster.cut()
    disk = Disk(cluster.folder, folder / "base" / "postgres")
    disk.replay(cluster.trace)
    if unseen := set(disk.unseen(cluster.folder)) - UNTRACED:
        raise AssertionError(f"the trace does not explain these files: {sorted(unseen)}")
    return Cut(acknowledged, disk, "checkpoint" if busy else "")


async def _storing(
    cluster: Traced, tablets: Sequence[Tablet], acknowledged: dict[str, Post], dice: random.Random, waiting: bool
) -> bool:
    """Store until the power goes; whether that was in the middle of the checkpoint."""
    settings = {} if waiting else {"synchronous_commit": "off"}
    writers = [await asyncpg.connect(cluster.dsn(), server_settings=settings) for _ in tablets]
    office = await asyncpg.connect(cluster.dsn("postgres", "postgres"))
    assert await office.fetchval("SHOW wal_sync_method") == "fdatasync"  # O_DSYNC would be another model
    begin, more = dice.uniform(0.1, SECONDS / 2), dice.choice((0.1, SECONDS / 2)) * dice.random()
    storing = [
        asyncio.create_task(_write(*one, acknowledged, dice.randint(1, 4)))
        for one in zip(writers, tablets, strict=True)
    ]
    await asyncio.sleep(begin)
    upkeep = [asyncio.create_task(_upkeep(office))] if waiting else []
    await asyncio.sleep(more)
    seen = len(acknowledged)
    while len(acknowledged) == seen and not any(task.done() for task in storing):  # somebody has just had an answer
        await asyncio.sleep(0.001)
    busy = any(not task.done() for task in upkeep)
    await asyncio.to_thread(cluster.cut)
    await asyncio.gather(*storing, *upkeep)
    for connection in [*writers, office]:
        connection.terminate()
    return busy


async def _upkeep(connection: asyncpg.Connection) -> None:
    """What PostgreSQL does by itself on longer days: a new file of the log, a checkpoint, an old file used again."""
    with contextlib.suppress(*GONE):
        await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")


async def _write(connection: asyncpg.Connection, tablet: Tablet, acknowledged: dict[str, Post], size: int) -> None:
    """One tablet's marks in batches of `size`, each noted when `store` has returned, until the power goes."""
    rules, marks = Rules(), tablet.marks()
    with contextlib.suppress(*GONE):
        while True:
            bodies = [msgspec.json.decode(next(marks), type=list[NewMark])[0] for _ in range(size)]
            posts = [Post(mark, tablet.judge) for mark in bodies]
            answers = await store(connection, posts, rules, datetime.now(UTC))
            assert all(answer.status == "stored" for answer in answers), answers
            acknowledged.update((post.mark.id, post) for post in posts)


def recovered(cut: Cut, folder: Path, dice: random.Random | None = None) -> Found:
    """Start Podium's database on what the disk kept, and compare."""
    data = folder / "found"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    cut.disk.written(data / "postgres", dice)
    with running(data) as dsn:
        return asyncio.run(_compared(dsn, cut.acknowledged))


async def _compared(dsn: str, acknowledged: dict[str, Post]) -> Found:
    connection, auditor = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT id, event, entry, aspect, judge, value, conflict FROM mark")
        stored = {row["id"]: row for row in rows}
        audit = await verify(auditor)
        missing = sum(not _same(post, stored.get(id)) for id, post in acknowledged.items())
        answers, rules, posts = [], Rules(), list(acknowledged.values())
        for place in range(0, len(posts), TOGETHER):
            answers += await store(connection, posts[place : place + TOGETHER], rules, datetime.now(UTC))
        after = await connection.fetchval("SELECT count(*) FROM mark")
    finally:
        await connection.close()
        await auditor.close()
    again = sum(answer.status == "duplicate" for answer in answers)
    double = sum(row["conflict"] for row in rows) + after - len(stored.keys() | acknowledged.keys())
    return Found(missing, double, len(audit.breaks), len(rows), again)


def _same(post: Post, row: asyncpg.Record | None) -> bool:
    names = ("event", "entry", "aspect", "value")
    return row is not None and row["judge"] == post.judge and all(row[n] == getattr(post.mark, n) for n in names)


def measure() -> list[dict[str, str | int | float]]:
    """Ten cuts, each on two disks, then the control."""
    tracer()
    dice = random.Random(20261129)
    rows: list[dict[str, str | int | float]] = []
    with tempfile.TemporaryDirectory(prefix="podium-faults-") as name:
        folder = Path(name)
        tablets = venue(folder)
        for number in range(1, ROUNDS + 1):
            moment = cut(folder, tablets, dice)
            for disk, torn in (("dropped", None), ("torn", dice)):
                found = recovered(moment, folder, torn)
                rows.append(_row(f"cut {number}: unsynced {disk}", moment, found, "lost"))
        moment = cut(folder, tablets, dice, waiting=False)
        rows.append(
            _row("control: not waiting for the disk", moment, recovered(moment, folder), "missing, as expected")
        )
    if not rows[-1]["missing, as expected"]:
        raise AssertionError("nothing was missing where nobody waited for the disk: the rounds show nothing")
    return rows


def _row(fault: str, cut: Cut, found: Found, missing: str) -> dict[str, str | int | float]:
    return {
        "fault": fault, "during": cut.during, "acknowledged": len(cut.acknowledged), missing: found.missing,
        "duplicated": found.duplicated, "breaks": found.breaks, "again": found.again, "unsynced writes": len(cut.disk.unkept()),
    }  # fmt: skip
