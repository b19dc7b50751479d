"""Kills the server with kill -9 while judges post marks, starts it again, and compares the ledger with what was acknowledged.

`rounds` is also what the suite runs in its short form. A mark counts as acknowledged when the client has read the
answer; a mark that was on its way is sent again with the same id, as a tablet does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import asyncpg

from server import settings
from server.audit import verify
from server.database.embedded import running
from server.demo.command import accounts, answering
from server.demo.judging import marks_of
from server.demo.office import Client
from server.demo.run import Demo

ROUNDS = 20


@dataclass(slots=True)
class Losses:
    """What came of it; `lost` and `duplicated` must be 0."""

    rounds: int
    acknowledged: int
    lost: int
    duplicated: int
    breaks: int
    answered_again: int
    """How many of the acknowledged marks, sent once more at the end, were answered as duplicates."""


class Server:
    """The program as a process that can be killed."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = {**os.environ, "PODIUM_DATA": str(data), "PODIUM_PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, in a process group of its own."""
        line = [sys.executable, "-m", "server.cli", "serve"]
        self.process = subprocess.Popen(line, env=self.environment, start_new_session=True, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """kill -9 the program and everything it started but the database."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)


@contextlib.contextmanager
def prepared(data: Path) -> Iterator[tuple[str, Server]]:
    """A server that has been started on a new installation; it is stopped at the end."""
    server = Server(data)
    settings.load({"PODIUM_DATA": str(data)})  # the key is made before the database
    with running(data) as dsn:
        server.start()
        try:
            yield dsn, server
        finally:
            server.stop()


async def drawn(dsn: str, server: Server, seed: str) -> Demo:
    """A competition whose eight events are being marked."""
    demo = Demo(server.base, seed, lambda *_: None)
    tokens = await accounts(dsn)
    await answering(server.base)
    await demo.office.sign_in(token=tokens[0])
    await demo.set_up()
    await demo.register()
    await demo.draw()
    return demo


async def rounds(dsn: str, server: Server, count: int, dice: random.Random) -> Losses:
    """Kill the server `count` times while every judge of the competition marks; then compare."""
    demo = await drawn(dsn, server, "faults")
    acknowledged: dict[str, dict[str, Any]] = {}
    work = []
    for code, judges in demo.judges.items():
        for number, judge in enumerate(judges, 1):
            sheets = await judge.get(f"{demo.path}/events/{code}/sheets")
            work.append((judge, list(marks_of("faults", sheets, f"{code}-{number}"))))

    over = asyncio.Event()

    async def post(judge: Client, marks: list[dict[str, Any]]) -> None:
        for mark in marks:
            if over.is_set():  # every post that was begun is answered: none may still be on its way when we count
                return
            answer = (await judge.post_marks([mark]))[0]
            assert answer.status in ("stored", "duplicate"), answer
            acknowledged[mark["id"]] = mark

    async def kill() -> None:
        for _ in range(count):
            await asyncio.sleep(dice.uniform(0.3, 1.2))
            server.kill()
            server.start()
            await answering(server.base)

    posting = [asyncio.create_task(post(judge, marks)) for judge, marks in work]
    await kill()
    over.set()
    await asyncio.gather(*posting)
    return await compared(dsn, demo, acknowledged, count)


async def compared(dsn: str, demo: Demo, acknowledged: dict[str, dict[str, Any]], count: int) -> Losses:
    """The ledger beside what was acknowledged, the chains, and the same posts once more."""
    connection = await asyncpg.connect(dsn)
    try:
        stored = {row["id"]: row for row in await connection.fetch("SELECT id, entry, aspect, value FROM mark")}
        cells = await connection.fetchval("SELECT count(*) FROM mark WHERE conflict")
        lost = [mark for mark in acknowledged.values() if not _same(mark, stored.get(mark["id"]))]
        before = len(stored)
        again = await _send_again(demo, acknowledged)
        after = await connection.fetchval("SELECT count(*) FROM mark")
        audit = await verify(connection)
    finally:
        await connection.close()
    return Losses(count, len(acknowledged), len(lost), cells + after - before, len(audit.breaks), again)


async def _send_again(demo: Demo, acknowledged: dict[str, dict[str, Any]]) -> int:
    """Send every acknowledged mark once more, by the judge who sent it; how many were duplicates."""
    owner = {f"{code}-{n}": judge for code, judges in demo.judges.items() for n, judge in enumerate(judges, 1)}
    by_judge: dict[str, list[dict[str, Any]]] = {}
    for mark in acknowledged.values():
        by_judge.setdefault(mark["device"], []).append(mark)
    duplicates = 0
    for device, marks in by_judge.items():
        duplicates += sum(answer.status == "duplicate" for answer in await owner[device].post_marks(marks))
    return duplicates


def _same(mark: dict[str, Any], row: Any) -> bool:
    return row is not None and all(mark[name] == row[name] for name in ("entry", "aspect", "value"))


def measure() -> list[dict[str, str | int | float]]:
    """Kill the server twenty times."""
    with tempfile.TemporaryDirectory(prefix="podium-faults-") as folder, prepared(Path(folder)) as (dsn, server):
        losses = asyncio.run(rounds(dsn, server, ROUNDS, random.Random(20261123)))
    return [{"fault": "kill -9 the server", **asdict(losses)}]
