"""A second edition with the seed of the first; and a backup taken while its marks arrive, which brings the whole installation back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server.audit import verify
from server.database.embedded import running
from server.demo.run import Tally
from tests.faults.killing import Server, drawn
from tests.journeys.conftest import SEED, Held, podium
from tests.journeys.test_demo import told

pytestmark = pytest.mark.slow


async def contents(dsn: str) -> dict[str, Any]:
    """What must be the same after a restore: published results and certificates; and that the chains hold."""
    connection = await asyncpg.connect(dsn)
    try:
        certificates = await connection.fetch("SELECT number, content, pdf_sha256 FROM certificate ORDER BY number")
        return {
            "results": [
                row["sha256"] for row in await connection.fetch("SELECT sha256 FROM snapshot ORDER BY at, sha256")
            ],
            "certificates": [tuple(row) for row in certificates],
            "breaks": (await verify(connection)).breaks,
        }
    finally:
        await connection.close()


@dataclass(frozen=True)
class Second:
    """What came of the second edition, what was there before it, and the backup with the marks that were stored when it began."""

    tally: Tally
    before: dict[str, Any]
    files: dict[Path, bytes]
    backup: Path
    marks: set[str]


@pytest.fixture(scope="module")
def second(held: Held, tmp_path_factory: pytest.TempPathFactory) -> Second:
    """The same seed on the same installation once more, and a backup while its judges mark."""
    file, server = tmp_path_factory.mktemp("backup") / "podium.backup", Server(held.data)
    with running(held.data) as dsn:
        server.start()
        try:
            return asyncio.run(held_again(dsn, server, held.data, file))
        finally:
            server.stop()


async def held_again(dsn: str, server: Server, data: Path, file: Path) -> Second:
    """Every stage of the demonstration but the last, in which strangers verify."""
    before, files = await contents(dsn), papers(data)
    demo = await drawn(dsn, server, SEED)
    marking = asyncio.create_task(demo.mark())
    while not demo.tally.marks and not marking.done():
        await asyncio.sleep(0.05)
    marks, so_far = await marks_in(dsn), demo.tally.marks
    done = await asyncio.to_thread(podium, data, "backup", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert demo.tally.marks > so_far, "marks went on during the backup"
    await marking
    await demo.finish()
    await demo.issue()
    return Second(demo.tally, before, files, file, marks)


async def marks_in(dsn: str) -> set[str]:
    """The marks that are stored."""
    connection = await asyncpg.connect(dsn)
    try:
        return {row["id"] for row in await connection.fetch("SELECT id FROM mark")}
    finally:
        await connection.close()


def papers(data: Path) -> dict[Path, bytes]:
    """Every certificate's file, by its place in the data folder."""
    return {pdf.relative_to(data): pdf.read_bytes() for pdf in (data / "certificates").rglob("*.pdf")}


def test_a_second_edition_has_the_same_standings(held: Held, second: Second) -> None:
    """The same seed gives the same standings, and nothing of the first edition is overwritten."""
    assert second.tally.failures == []
    assert second.tally.fingerprint.startswith(told(held.said, "Fingerprint of the standings"))
    after = papers(held.data)
    assert {place: after[place] for place in second.files} == second.files != {}
    printed = Path("certificates") / second.tally.slug
    assert sum(place.parent == printed for place in after) == len(second.files) == len(after) - len(second.files)


def test_a_backup_during_marking_restores_to_the_same_competition(held: Held, second: Second, tmp_path: Path) -> None:
    """Standings, certificates and every mark stored before the backup are there again, and both chains hold."""
    fresh = tmp_path / "restored"
    done = podium(fresh, "restore", str(second.backup))
    assert done.returncode == 0, done.stdout + done.stderr
    with running(fresh) as dsn:
        restored, marks = asyncio.run(contents(dsn)), asyncio.run(marks_in(dsn))
    assert restored["results"] == second.before["results"] != []
    assert restored["certificates"] == second.before["certificates"] != []
    assert second.marks <= marks
    assert restored["breaks"] == ()
    assert papers(fresh) == second.files
