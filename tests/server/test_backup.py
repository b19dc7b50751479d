"""A backup taken while marks arrive is one moment of the competition, and comes back whole or not at all."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import stat
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server import backup, settings
from server.backup import DUMP, MANIFEST, back_up
from server.database.asking import asked
from server.database.migrate import known
from server.database.opening import RESTORING, opened, reached
from server.errors import Refusal
from server.restore import restore
from server.settings import Settings

CERTIFICATE = "certificates/hebei-2025/PD2025-000001.pdf"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path."""
    made = Path(tempfile.mkdtemp(prefix="podium-test-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def filled(folder: Path) -> Settings:
    """An installation of its own, with a certificate and a ledger whose head counts its rows."""
    told = settings.load({"PODIUM_DATA": str(folder / "data")})
    with opened(told) as dsn:
        run(dsn, "CREATE TABLE row_of_test (number serial PRIMARY KEY); CREATE TABLE head_of_test AS SELECT 0 AS rows")
    (told.data / CERTIFICATE).parent.mkdir(parents=True)
    (told.data / CERTIFICATE).write_bytes(b"%PDF-1.7 certificate")
    (told.data / "certificates" / ".half-written").write_bytes(b"%PDF")
    return told


@pytest.fixture
def saved(databases: Any, template: str, folder: Path) -> Iterator[tuple[Settings, Path]]:
    """A backup of an installation with a database server of its own, which is faster to make."""
    with databases.fresh(template) as dsn:
        told = settings.load({"PODIUM_DATA": str(folder / "data"), "DATABASE_URL": dsn})
        (told.data / CERTIFICATE).parent.mkdir(parents=True)
        (told.data / CERTIFICATE).write_bytes(b"%PDF-1.7 certificate")
        run(dsn, "CREATE TABLE kept_by_test AS SELECT 7 AS number")
        back_up(told, folder / "saved.tar")
        yield told, folder / "saved.tar"


def run(dsn: str, sql: str) -> None:
    asked(dsn, lambda connection: connection.execute(sql))


def value(dsn: str, sql: str) -> Any:
    return asked(dsn, lambda connection: connection.fetchval(sql))


def elsewhere(folder: Path, **more: str) -> Settings:
    return settings.load({"PODIUM_DATA": str(folder / "other"), **more}, make_key=False)


def refused(work: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.words.zh and caught.value.mend.zh and caught.value.mend.en
    return caught.value


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of a backup in which members were changed."""
    with tarfile.open(source) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(target, "w") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return target


def changed_manifest(content: dict[str, bytes], **changes: Any) -> None:
    content[MANIFEST] = json.dumps(json.loads(content[MANIFEST]) | changes).encode()


def test_a_backup_while_marks_arrive_is_one_moment(filled: Settings, folder: Path) -> None:
    """The restored ledger is whole up to a moment: its head agrees with its rows, and the files are there."""
    ended = threading.Event()

    async def mark(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        while not ended.is_set():
            async with connection.transaction():
                await connection.execute("INSERT INTO row_of_test DEFAULT VALUES")
                await connection.execute("UPDATE head_of_test SET rows = rows + 1")
        await connection.close()

    with reached(filled) as dsn:
        judge = threading.Thread(target=lambda: asyncio.run(mark(dsn)))
        judge.start()
        try:
            while value(dsn, "SELECT rows FROM head_of_test") < 100:
                pass
            before = value(dsn, "SELECT rows FROM head_of_test")
            manifest = back_up(filled, folder / "saved.tar")
            after = value(dsn, "SELECT rows FROM head_of_test")
        finally:
            ended.set()
            judge.join()
    assert stat.S_IMODE((folder / "saved.tar").stat().st_mode) == 0o600
    assert [member.path for member in manifest.members] == [DUMP, f"data/{CERTIFICATE}", "data/key"]

    target = elsewhere(folder)
    restore(target, folder / "saved.tar")
    again = settings.load({"PODIUM_DATA": str(folder / "other")})
    assert again.secret == filled.secret
    assert (again.data / CERTIFICATE).read_bytes() == b"%PDF-1.7 certificate"
    assert {path.name for path in again.data.iterdir()} == {
        "certificates", "key", "postgres", "postgres.lock", "postgres.users",
    }  # fmt: skip
    with opened(again) as dsn:
        rows = value(dsn, "SELECT count(*) FROM row_of_test")
        assert rows == value(dsn, "SELECT rows FROM head_of_test")
        assert before <= rows <= after
        run(dsn, "INSERT INTO row_of_test DEFAULT VALUES")  # numbers go on where they stopped


def test_a_database_server_is_backed_up_and_restored_too(
    saved: tuple[Settings, Path], empty_dsn: str, folder: Path
) -> None:
    """With DATABASE_URL the backup goes into an empty database of that server."""
    restore(elsewhere(folder, DATABASE_URL=empty_dsn), saved[1])
    assert value(empty_dsn, "SELECT number FROM kept_by_test") == 7
    assert (folder / "other" / "key").read_bytes() == (folder / "data" / "key").read_bytes()


def test_a_backup_overwrites_nothing(saved: tuple[Settings, Path]) -> None:
    """Last night's backup stays when tonight's has the same name."""
    before = saved[1].read_bytes()
    assert refused(lambda: back_up(*saved)).code == "backup.exists"
    assert saved[1].read_bytes() == before


def test_a_failed_backup_leaves_nothing(saved: tuple[Settings, Path], folder: Path, monkeypatch: Any) -> None:
    """A disk that fills up half-way leaves neither a file nor a part of one."""

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_add", full)
    refusal = refused(lambda: back_up(saved[0], folder / "again.tar"))
    assert refusal.code == "backup.unwritable" and "No space" in refusal.words.en
    assert sorted(path.name for path in folder.iterdir()) == ["data", "saved.tar"]


def test_a_folder_in_use_is_not_restored_into(saved: tuple[Settings, Path]) -> None:
    """Restoring never overwrites an installation."""
    before = sorted(saved[0].data.rglob("*"))
    assert refused(lambda: restore(*saved)).code == "restore.not-empty"
    assert sorted(saved[0].data.rglob("*")) == before


def test_a_database_in_use_is_not_restored_into(saved: tuple[Settings, Path], folder: Path) -> None:
    """Nor a database: the new data folder is left empty."""
    told = elsewhere(folder, DATABASE_URL=str(saved[0].database_url))
    assert refused(lambda: restore(told, saved[1])).code == "restore.database-not-empty"
    assert list(told.data.iterdir()) == []


def test_a_backup_cut_short_is_refused(saved: tuple[Settings, Path], folder: Path) -> None:
    """Wherever a copy was interrupted, it is noticed before anything is made."""
    whole = saved[1].read_bytes()
    for part in (0, 100, 512, len(whole) // 2, len(whole) - 12_000, whole.rindex(b"manifest.json")):
        (folder / "cut.tar").write_bytes(whole[:part])
        assert refused(lambda: restore(elsewhere(folder), folder / "cut.tar")).code == "restore.damaged"
        assert not (folder / "other").exists()


def test_an_altered_byte_is_refused(saved: tuple[Settings, Path], folder: Path) -> None:
    """A byte that changed on the stick, in the database or in a certificate, is noticed."""
    whole = saved[1].read_bytes()
    for place in (whole.index(b"PGDMP") + 4000, whole.index(b"%PDF-1.7") + 3):
        (folder / "bad.tar").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert refused(lambda: restore(elsewhere(folder), folder / "bad.tar")).code == "restore.damaged"
        assert not (folder / "other").exists()


@pytest.mark.parametrize("path", ["data/../../escaped", "data//etc/escaped", "escaped", "data/restoring/x", "data/"])
def test_a_file_that_would_land_outside_is_refused(saved: tuple[Settings, Path], folder: Path, path: str) -> None:
    """A backup from a stranger writes into the data folder and nowhere else."""

    def plant(members: dict[str, bytes]) -> None:
        told = json.loads(members[MANIFEST])
        member = {"path": path, "size": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
        members[path] = b"x"
        changed_manifest(members, members=[*told["members"], member])

    bad = rewritten(saved[1], folder / "bad.tar", plant)
    assert refused(lambda: restore(elsewhere(folder), bad)).code == "restore.damaged"
    assert not (folder / "other").exists() and not (folder / "escaped").exists()


@pytest.mark.parametrize(
    "changes", [{"format": 2}, {"migrations": [*sorted(known()), "9999_from_the_future"]}], ids=["format", "migration"]
)
def test_a_newer_backup_is_refused(saved: tuple[Settings, Path], folder: Path, changes: dict[str, Any]) -> None:
    """An older program does not guess what a newer one meant."""
    newer = rewritten(saved[1], folder / "newer.tar", lambda members: changed_manifest(members, **changes))
    refusal = refused(lambda: restore(elsewhere(folder), newer))
    assert refusal.code == "restore.newer" and "Update" in refusal.mend.en
    assert not (folder / "other").exists()


def test_a_file_that_is_no_backup_is_refused(folder: Path) -> None:
    """Any other file, and one that is not there."""
    (folder / "letter.txt").write_text("Dear organiser")
    assert refused(lambda: restore(elsewhere(folder), folder / "letter.txt")).code == "restore.damaged"
    assert refused(lambda: restore(elsewhere(folder), folder / "missing.tar")).code == "restore.disk"


def test_a_key_from_the_environment_stays_out_of_the_backup(
    databases: Any, template: str, empty_dsn: str, folder: Path
) -> None:
    """It is asked for again at restoring, and another key is refused."""
    with databases.fresh(template) as dsn:
        told = settings.load({"PODIUM_DATA": str(folder / "data"), "DATABASE_URL": dsn, "PODIUM_KEY": "k" * 40})
        back_up(told, folder / "saved.tar")
    assert b"kkkk" not in (folder / "saved.tar").read_bytes()
    for wrong in ({}, {"PODIUM_KEY": "x" * 40}):
        told = elsewhere(folder, DATABASE_URL=empty_dsn, **wrong)
        assert refused(lambda told=told: restore(told, folder / "saved.tar")).code == "restore.key"
        assert list(told.data.iterdir()) == []
    restore(elsewhere(folder, DATABASE_URL=empty_dsn, PODIUM_KEY="k" * 40), folder / "saved.tar")


def test_a_restore_cut_short_is_begun_anew(saved: tuple[Settings, Path], empty_dsn: str, folder: Path) -> None:
    """What a killed restore left is refused by other commands, and thrown away by the next restore."""
    target = elsewhere(folder, DATABASE_URL=empty_dsn)
    (target.data / RESTORING).mkdir(parents=True)
    (target.data / "half").write_text("")
    with pytest.raises(Refusal, match=r"database\.half-restored"), opened(target):
        pass
    restore(target, saved[1])
    assert sorted(path.name for path in target.data.iterdir()) == ["certificates", "key"]


def test_a_password_is_not_on_the_list_of_processes() -> None:
    """pg_dump and psql get it in their environment, which other users cannot read."""
    command, environment = backup.postgres_program(
        "pg_dump", "postgresql://me:p%40ss@db.example:5433/podium?sslmode=require"
    )
    assert "p%40ss" not in " ".join(command) and environment["PGPASSWORD"] == "p@ss"
    assert command[1] == "--dbname=postgresql://me@db.example:5433/podium?sslmode=require"
