"""The power is cut while judges' marks are stored: is every acknowledged mark there after PostgreSQL's recovery?

Each round starts the private PostgreSQL under a tracer, stores marks through `server.marks.ledger.store` on several
connections at once, has the log change its file and a checkpoint made in the middle, and kills everything at a moment that dice
choose. The disk of that moment is replayed from the trace (`tests.faults.disk` says what it keeps), once with all dropped
that no fsync covered and once with such writes torn into sectors of which half survive. A start on that disk must find
every mark that was acknowledged, with its value; the chains must hold; and the same posts must be answered as duplicates.

The control stores without waiting for the disk (`synchronous_commit = off`): a cut that loses nothing there would show
nothing either.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
import psutil

from scoring.verdict import Words
from server.audit import verify
from server.database import migrate
from server.database.account import let_in
from server.database.cluster import SECONDS_TO_START, Cluster
from server.database.embedded import running
from server.errors import Refusal
from server.marks.ledger import Post, store
from server.marks.rules import Rules
from server.wire.marks import NewMark
from tests.bench.venue import Tablet, built
from tests.faults.disk import Disk, traced

ROUNDS = 10
EVENTS, JUDGES = 4, 2
SECONDS = 1.2
"""The longest that a round stores marks before it is cut."""
TOGETHER = 200


class Traced(Cluster):
    """A cluster whose server writes down its calls from its start to its end."""

    def __init__(self, data: Path, trace: Path) -> None:
        super().__init__(data)
        self.trace = trace
        self.tracer: subprocess.Popen[bytes] | None = None

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        if list(command[:2]) != ["pg_ctl", "start"]:
            return super()._run(command)
        self.trace.touch()
        if self.account:
            os.chown(self.trace, self.account.uid, self.account.gid)
            let_in(self.account, self.trace)
        line = [*traced(tracer(), self.trace), str(self.binaries / "pg_ctl"), *command[1:]]
        self.tracer = subprocess.Popen(
            line,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            umask=0o077,
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._ready() and self.tracer.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        return subprocess.CompletedProcess(line, 0 if self._ready() else 1, "", "it did not start under the tracer")

    def cut(self) -> None:
        """Kill every process of the server at once, and wait until the trace is whole."""
        server = self.process()
        assert server and self.tracer
        server.suspend()  # it begets nobody while we look who is there
        for process in [server, *server.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self.tracer.wait(timeout=60)


def tracer() -> str:
    """Where strace is. Raises Refusal `faults.…` when it is not there or this machine lets nobody trace."""
    strace = shutil.which("strace")
    if strace is None:
        raise Refusal(
            "faults.no-strace",
            Words("本机没有 strace。", "There is no strace on this machine."),
            Words("请在 Linux 上安装 strace，再运行一次。", "Install strace (Linux) and run this once more."),
        )
    tried = subprocess.run([strace, "-f", "-o", os.devnull, "true"], check=False, capture_output=True, text=True)
    if tried.returncode:
        raise Refusal(
            "faults.no-trace",
            Words(
                f"本机不允许跟踪进程：{tried.stderr.strip()}",
                f"This machine lets nobody trace a process: {tried.stderr.strip()}",
            ),
            Words("请在允许 ptrace 的机器上运行。", "Run this where ptrace is permitted."),
        )
    return strace


@dataclass(slots=True)
class Cut:
    """What a round had when the power went."""

    acknowledged: dict[str, Post]
    disk: Disk
    live: Path
    """The files as the killed server left them, with all that a disk would have lost."""


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
        asyncio.run(_storing(cluster, tablets, acknowledged, dice, waiting))
    finally:
        if cluster.process():
            cluster.cut()
    disk = Disk(cluster.folder, folder / "base" / "postgres")
    disk.replay(cluster.trace)
    return Cut(acknowledged, disk, cluster.folder)


async def _storing(
    cluster: Traced, tablets: Sequence[Tablet], acknowledged: dict[str, Post], dice: random.Random, waiting: bool
) -> None:
    settings = {} if waiting else {"synchronous_commit": "off"}
    writers = [await asyncpg.connect(cluster.dsn(), server_settings=settings) for _ in tablets]
    office = await asyncpg.connect(cluster.dsn("postgres", "postgres"))
    assert await office.fetchval("SHOW wal_sync_method") == "fdatasync"  # O_DSYNC would be another model
    begin = dice.uniform(0.1, SECONDS / 2)
    work = [
        asyncio.create_task(_write(*one, acknowledged, dice.randint(1, 4)))
        for one in zip(writers, tablets, strict=True)
    ]
    await asyncio.sleep(begin)
    if waiting:
        await office.execute("SELECT pg_switch_wal()")
        await office.execute("CHECKPOINT")
    await asyncio.sleep(dice.uniform(0.02, SECONDS / 2))
    await asyncio.to_thread(cluster.cut)
    await asyncio.gather(*work)
    for connection in [*writers, office]:
        connection.terminate()


async def _write(connection: asyncpg.Connection, tablet: Tablet, acknowledged: dict[str, Post], size: int) -> None:
    """One tablet's marks in batches of `size`, each noted when `store` has returned, until the power goes."""
    rules, marks = Rules(), tablet.marks()
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
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
            for disk, torn in (("unsynced writes dropped", None), ("unsynced writes torn", dice)):
                found = recovered(moment, folder, torn)
                rows.append({
                    "fault": f"power cut {number}, {disk}", "acknowledged": len(moment.acknowledged),
                    "lost": found.missing, "duplicated": found.duplicated, "breaks": found.breaks,
                    "answered again": found.again, "unsynced writes": len(moment.disk.unkept()),
                })  # fmt: skip
        moment = cut(folder, tablets, dice, waiting=False)
        found = recovered(moment, folder)
        rows.append({
            "fault": "control: without waiting for the disk", "acknowledged": len(moment.acknowledged),
            "expected to be missing": found.missing, "breaks": found.breaks,
            "unsynced writes": len(moment.disk.unkept()),
        })  # fmt: skip
    return rows
