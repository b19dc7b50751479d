"""kill -9 of the private PostgreSQL in the middle of commits: is every acknowledged row there, and how soon again?"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
import time
from pathlib import Path

import asyncpg

from server.database.cluster import Cluster
from server.database.embedded import running

ROUNDS = 3
SECONDS_OF_COMMITS = 0.7


def measure() -> list[dict[str, str | int | float]]:
    """Rounds of commits, each ended by a kill; the watching program brings the server back by itself."""
    with tempfile.TemporaryDirectory(prefix="podium-faults-") as folder:
        data = Path(folder) / "data"
        with running(data) as dsn:
            return [_round(number, dsn, Cluster(data)) for number in range(ROUNDS)]


def _round(number: int, dsn: str, cluster: Cluster) -> dict[str, str | int | float]:
    acknowledged: list[int] = []
    writer = threading.Thread(target=lambda: asyncio.run(_write(dsn, number, acknowledged)))
    writer.start()
    time.sleep(SECONDS_OF_COMMITS)
    server = cluster.process()
    assert server is not None
    server.kill()
    begin = time.perf_counter()
    writer.join()
    stored = asyncio.run(_stored(dsn, number))
    return {
        "fault": f"kill -9 PostgreSQL, round {number + 1}",
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - stored),
        "seconds until it answered": round(time.perf_counter() - begin, 2),
    }


async def _write(dsn: str, table: int, acknowledged: list[int]) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE TABLE kept_{table} (number int)")
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        number = 0
        while True:
            await connection.execute(f"INSERT INTO kept_{table} VALUES ($1)", number)
            acknowledged.append(number)
            number += 1


async def _stored(dsn: str, table: int) -> set[int]:
    for _ in range(600):
        try:
            connection = await asyncpg.connect(dsn)
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.1)
            continue
        try:
            return {row["number"] for row in await connection.fetch(f"SELECT number FROM kept_{table}")}
        finally:
            await connection.close()
    raise TimeoutError("PostgreSQL did not come back within a minute")
