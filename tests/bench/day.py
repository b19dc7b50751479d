"""One venue for one day: 113 events, 1 278 competitors, 565 judges, 100 aspects each, the day's marks in ten minutes.

Every judge marks as people do: at odd moments, one mark after the other, and now and then without Wi-Fi for a while, after
which the tablet sends what it has kept, at most a hundred at a time. A mark's time counts from the moment at which it could
be sent: when it was made, or when the Wi-Fi was back. In the end the ledger has to hold every mark once, its chain is
walked, and the server's memory at the end stands beside that after the first tenth.

PODIUM_DAY=60 takes a minute of it. `python -m tests.bench.day` is the tablets, in a process of their own.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import uvloop

from server.database import migrate
from server.database.embedded import running
from tests.bench.load import Connection, Told
from tests.bench.serving import HERE, Program, Row, beside, csrf, ledger, podium, serving, sql
from tests.bench.venue import Tablet, built

ENTRIES = (12,) * 35 + (11,) * 78
PANEL, ASPECTS = 5, 100
SECONDS = int(os.environ.get("PODIUM_DAY", "600"))
WHOLE = 600
AWAY = (2.0, 8.0)
"""Seconds for which a tablet has no Wi-Fi, some three times in the ten minutes."""
MOST = 100
"""Marks in one post of a tablet (server/web/static/tablet/outbox.js)."""


def measure() -> list[Row]:
    """The day, or as much of it as was asked for."""
    with tempfile.TemporaryDirectory(prefix="podium-day-") as folder, running(Path(folder) / "data") as dsn:
        sql(dsn, "CREATE DATABASE day")
        day = beside(dsn, "day")
        asyncio.run(migrate.up(day))
        tablets = asyncio.run(built(day, ENTRIES, PANEL))
        program = Program("Podium", podium, [])
        with serving(program, 1, day, Path(folder)) as ports:
            memory = Memory(ports[0])
            told = _tablets(ports[0], tablets)
            sizes = memory.stop()
        audit, stored = asyncio.run(ledger(day))
    assert not told["others"], told["others"]
    assert audit.breaks == () and stored == told["stored"] == told["made"], (stored, told["stored"], told["made"])
    took = told["took"]
    return [
        {
            "what": f"{len(ENTRIES)} events, {sum(ENTRIES)} entries, {len(tablets)} judges, {SECONDS} s",
            "marks": stored,
            "marks/s": round(stored / SECONDS),
            **{f"p{n} ms": round(took[min(len(took) - 1, len(took) * n // 100)], 1) for n in (50, 95, 99)},
            "lost": told["made"] - stored,
            "told to wait": told["busy"],
            "MB after a tenth": sizes[len(sizes) // 10],
            "MB at the end": sizes[-1],
            "MB most": max(sizes),
        }
    ]


class Memory:
    """What the server holds of the machine's memory, second by second."""

    def __init__(self, port: int) -> None:
        owner = next(one for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr.port == port)
        self._server, self._sizes, self._over = psutil.Process(owner.pid), [0], threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(1):
            self._sizes.append(round(self._server.memory_info().rss / 1e6))

    def stop(self) -> list[int]:
        """The sizes in MB."""
        self._over.set()
        self._thread.join()
        return self._sizes[1:] or [0]


def _tablets(port: int, tablets: list[Tablet]) -> dict[str, Any]:
    token = csrf(port)
    asked = {
        "port": port,
        "seconds": SECONDS,
        "headers": {"x-csrf-token": token["x-csrf-token"]},
        "cookie": token["cookie"],
        "all": [[one.name, str(one.judge), one.session, str(one.event), one.entries] for one in tablets],
    }
    line = [sys.executable, "-m", "tests.bench.day"]
    done = subprocess.run(line, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True, cwd=HERE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


# ---------- the tablets ----------


def moments(marks: int, begin: float, seconds: float, dice: random.Random) -> list[float]:
    """When a judge makes their marks: at odd moments from the begin of their event to the end of the day."""
    return sorted(begin + dice.random() * (seconds - begin) for _ in range(marks))


def opens(event: UUID, seconds: float) -> float:
    """Events do not begin in the same second: within the first fifth of the day."""
    return random.Random(event.hex).random() * seconds / 5


def absences(seconds: float, dice: random.Random) -> list[tuple[float, float]]:
    """When a tablet has no Wi-Fi."""
    times = dice.choices((0, 1), (1 - seconds / WHOLE, seconds / WHOLE), k=3)
    starts = sorted(dice.random() * seconds for one in times if one)
    return [(start, min(seconds, start + dice.uniform(*AWAY))) for start in starts]


async def tablet(one: Tablet, head: bytes, port: int, begin: float, seconds: float, told: Told) -> int:
    """One judge's day; how many marks were made."""
    dice = random.Random(one.name)
    due = moments(one.entries * ASPECTS * round(seconds) // WHOLE, opens(one.event, seconds), seconds, dice)
    away, bodies, loop = absences(seconds, dice), one.marks(), asyncio.get_running_loop()
    connection: Connection | None = None
    place = 0
    while place < len(due):
        ready = next((end for start, end in away if start <= due[place] < end), due[place])
        await asyncio.sleep(max(0.0, begin + ready - time.perf_counter()))
        now = time.perf_counter() - begin
        batch = [at for at in due[place : place + MOST] if at <= now] or [due[place]]
        made = [json.loads(body)[0] for body in take(bodies, len(batch))]
        body = json.dumps(made).encode()
        connection = connection or (await loop.create_connection(Connection, "127.0.0.1", port))[1]
        try:
            post = head + b"content-length: %d\r\n\r\n" % len(body) + body
            while (answer := await connection.post(post)).startswith(b"HTTP/1.1 503"):
                told.busy += 1
                await asyncio.sleep(dice.uniform(1, 3))  # retry-after is 2; the app adds jitter
        except OSError as problem:
            told.others[type(problem).__name__] += 1
            return place
        stored = answer.count(b'"status":"stored"')
        told.stored += stored
        if stored < len(batch):
            told.others[answer[:400].decode(errors="replace")] += 1
        over = time.perf_counter() - begin
        told.took += [(over - max(at, ready)) * 1000 for at in batch]
        place += len(batch)
    return len(due)


def take(bodies: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The next few."""
    return (next(bodies) for _ in range(count))


async def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Every judge of the venue at once."""
    told, begin, work = Told(), time.perf_counter() + 1, []
    for name, judge, session, event, entries in asked["all"]:
        lines = ["POST /api/marks HTTP/1.1", f"host: 127.0.0.1:{asked['port']}", "content-type: application/json"]
        lines += [f"{header}: {value}" for header, value in asked["headers"].items()]
        head = "\r\n".join([*lines, f"cookie: podium={session}{asked['cookie']}", ""]).encode()
        one = Tablet(name, UUID(judge), "", UUID(event), entries)
        work.append(tablet(one, head, asked["port"], begin, asked["seconds"], told))
    made = sum(await asyncio.gather(*work))
    return {
        "took": sorted(told.took),
        "stored": told.stored,
        "made": made,
        "busy": told.busy,
        "others": dict(told.others.most_common(5)),
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
