"""How long the private PostgreSQL takes to come and go, and to make one commit safe on this disk."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import asyncpg

from server.database.embedded import running

COMMITS = 500


def measure() -> list[dict[str, str | int | float]]:
    """First start (with initdb), later start, stop, and commits one after the other."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        data = Path(folder) / "data"
        rows = [{"what": f"{name} (s)", "figure": seconds} for name, seconds in _start_and_stop(data, "first ")]
        rows += [{"what": f"{name} (s)", "figure": seconds} for name, seconds in _start_and_stop(data, "later ")]
        with running(data) as dsn:
            took = sorted(asyncio.run(_commits(dsn)))
    rows.append({"what": "commit p50 (ms)", "figure": round(took[COMMITS // 2] * 1000, 2)})
    rows.append({"what": "commit p99 (ms)", "figure": round(took[COMMITS * 99 // 100] * 1000, 2)})
    return rows


def _start_and_stop(data: Path, which: str) -> list[tuple[str, float]]:
    begin = time.perf_counter()
    with running(data):
        up = time.perf_counter()
    return [(f"{which}start", round(up - begin, 3)), (f"{which}stop", round(time.perf_counter() - up, 3))]


async def _commits(dsn: str) -> list[float]:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE committed (number int)")
    took = []
    for number in range(COMMITS):
        begin = time.perf_counter()
        await connection.execute("INSERT INTO committed VALUES ($1)", number)
        took.append(time.perf_counter() - begin)
    await connection.close()
    return took
