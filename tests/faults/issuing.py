"""Kills the server with kill -9 while it issues and prints five thousand certificates, and counts what came of it.

The published snapshot of one event is given five thousand winners, the step through the last door is taken over HTTP,
and the program is killed at random moments: while it numbers them, and again and again while it prints. At the end there
must be five thousand numbers without a gap, and one file for each, which is the very file on record.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from server.demo.command import answering
from server.demo.run import Demo
from tests.faults.killing import Server, drawn, prepared

WINNERS, KILLS, KILLS_NUMBERING = 5000, 8, 3
PATIENCE = 600  # seconds for the rest, after the last kill
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """One round with eight kills while printing, and more while numbering."""
    with tempfile.TemporaryDirectory(prefix="podium-faults-") as folder, prepared(Path(folder)) as (dsn, server):
        return [asyncio.run(issued(dsn, server, Path(folder), random.Random(20261127)))]


async def issued(dsn: str, server: Server, data: Path, dice: random.Random) -> Row:
    demo = await drawn(dsn, server, "issuing")
    await demo.mark()
    await demo.finish()
    connection = await asyncpg.connect(dsn)
    try:
        code, expected = await with_many_winners(connection, WINNERS)
        numbering = await certified(connection, demo, server, code, dice)
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(1.5, 4))
            server.kill()
            server.start()
            await answering(server.base, server.process)
        await printed(connection)
        return await counted(connection, data, demo, expected, numbering)
    finally:
        await connection.close()


async def with_many_winners(connection: asyncpg.Connection[Any], count: int) -> tuple[str, int]:
    """The first event's newest snapshot with its first winner `count` times under other names; code, people in it."""
    row = await connection.fetchrow(
        "SELECT s.id, s.content, e.code FROM snapshot s JOIN event e ON e.id = s.event ORDER BY e.code, s.version DESC"
    )
    assert row
    content = json.loads(row["content"])
    best = next(one for one in content["rows"] if one["award"] and one["members"])
    many = []
    for number in range(count):
        name = "".join(chr(0x4E00 + number // 71**power % 71) for power in range(2))
        many.append({**best, "members": [{**best["members"][0], "name": f"王{name}"}]})
    content["rows"] = many
    changed = json.dumps(content, ensure_ascii=False)
    await connection.execute("UPDATE snapshot SET content = $1 WHERE id = $2", changed, row["id"])
    return str(row["code"]), count


async def certified(
    connection: asyncpg.Connection[Any], demo: Demo, server: Server, code: str, dice: random.Random
) -> int:
    """Take the last door however often the program dies on the way; how often it did."""
    kills = 0
    while await connection.fetchval("SELECT state FROM event WHERE code = $1", code) != "certified":
        step = asyncio.create_task(demo.step(code, "certified"))
        await asyncio.sleep(dice.uniform(0.2, 1.5) if kills_left(kills) else 20)
        if step.done() and not kills_left(kills):
            step.result()  # a refusal is an error of the measurement, and ends it
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
        if kills_left(kills):
            kills += 1
            server.kill()
            server.start()
            await answering(server.base, server.process)
    return kills


def kills_left(kills: int) -> bool:
    return kills < KILLS_NUMBERING


async def printed(connection: asyncpg.Connection[Any]) -> None:
    for _ in range(PATIENCE):
        if not await connection.fetchval("SELECT count(*) FROM certificate WHERE printed IS NULL"):
            return
        await asyncio.sleep(1)


async def counted(connection: asyncpg.Connection[Any], data: Path, demo: Demo, expected: int, numbering: int) -> Row:
    rows = await connection.fetch("SELECT number, pdf_sha256, status_index, token FROM certificate ORDER BY number")
    serials = [int(row["number"].rpartition("-")[2]) for row in rows]
    files = {path.stem: path for path in (data / "certificates" / demo.tally.slug).glob("*.pdf")}
    whole = sum(
        row["number"] in files and hashlib.sha256(files[row["number"]].read_bytes()).hexdigest() == row["pdf_sha256"]
        for row in rows
    )
    places = sorted(row["status_index"] for row in rows)
    async with httpx.AsyncClient(base_url=demo.base) as client:
        genuine = [
            (await client.get(f"/api/verify/code/{row['token']}")).json()["outcome"] == "genuine" for row in rows[::500]
        ]
    return {
        "fault": "kill -9 while issuing",
        "kills": numbering + KILLS,
        "certificates": len(rows),
        "files": len(files),
        "lost": expected - whole,
        "duplicated": len(rows) - len(set(serials)) + len(files) - whole,
        "gaps": serials[-1] - serials[0] + 1 - len(serials) + places[-1] - places[0] + 1 - len(places),
        "genuine of those asked": f"{sum(genuine)}/{len(genuine)}",
    }
