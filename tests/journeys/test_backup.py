"""A backup taken while marks arrive brings the whole installation back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server.audit import verify
from server.database.embedded import running
from server.demo.judging import marks_of
from tests.faults.killing import Server, drawn
from tests.journeys.conftest import Held, podium

pytestmark = pytest.mark.slow


async def mark_and_back_up(dsn: str, server: Server, data: Path, file: Path) -> list[str]:
    """Judges of a new edition mark while the backup runs; the marks acknowledged before it began."""
    demo = await drawn(dsn, server, "backup")
    acknowledged: list[str] = []
    over = asyncio.Event()

    async def mark(code: str, number: int) -> None:
        judge = demo.judges[code][number - 1]
        sheets = await judge.get(f"{demo.path}/events/{code}/sheets")
        for one in marks_of("backup", sheets, f"{code}-{number}"):
            if over.is_set():
                return
            answer = (await judge.post_marks([one]))[0]
            assert answer.status == "stored"
            acknowledged.append(one["id"])

    marking = [asyncio.create_task(mark(code, 1)) for code in ("M02", "M03", "S01")]
    await asyncio.sleep(1)
    before = list(acknowledged)
    done = await asyncio.to_thread(podium, data, "backup", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(acknowledged) > len(before), "marks went on during the backup"
    over.set()
    await asyncio.gather(*marking)
    return before


async def contents(dsn: str) -> dict[str, Any]:
    """What must be the same after a restore: published results, certificates, and the marks there are."""
    connection = await asyncpg.connect(dsn)
    try:
        certificates = await connection.fetch("SELECT number, content, pdf_sha256 FROM certificate ORDER BY number")
        return {
            "results": [
                row["sha256"] for row in await connection.fetch("SELECT sha256 FROM snapshot ORDER BY at, sha256")
            ],
            "certificates": [tuple(row) for row in certificates],
            "marks": {row["id"] for row in await connection.fetch("SELECT id FROM mark")},
            "breaks": (await verify(connection)).breaks,
        }
    finally:
        await connection.close()


def test_a_backup_during_marking_restores_to_the_same_competition(held: Held, tmp_path: Path) -> None:
    """Standings, certificates and every mark acknowledged before the backup are there again, and both chains hold."""
    file, fresh = tmp_path / "podium.backup", tmp_path / "restored"
    server = Server(held.data)
    with running(held.data) as dsn:
        server.start()
        try:
            acknowledged = asyncio.run(mark_and_back_up(dsn, server, held.data, file))
        finally:
            server.stop()
        original = asyncio.run(contents(dsn))
    done = podium(fresh, "restore", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    with running(fresh) as dsn:
        restored = asyncio.run(contents(dsn))
    assert restored["results"] == original["results"] != []
    assert restored["certificates"] == original["certificates"] != []
    assert set(acknowledged) <= restored["marks"]
    assert restored["breaks"] == ()
    for pdf in (held.data / "certificates").rglob("*.pdf"):
        assert (fresh / pdf.relative_to(held.data)).read_bytes() == pdf.read_bytes()
