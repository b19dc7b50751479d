"""A backup put back: into an empty data folder and an empty database, whole or not at all.

Everything in the file is checked against its manifest before anything is made. The file is then unpacked under a marker
that other commands respect; a restore that was cut short is recognised by the marker and begun anew.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import asyncpg

from scoring.verdict import Words
from server import settings as settings_file
from server.backup import DUMP, FILES, FORMAT, MANIFEST, NOT_OURS, Manifest, Member, key_id, postgres_program
from server.database import migrate
from server.database.asking import asked
from server.database.embedded import running
from server.database.opening import RESTORING
from server.errors import Refusal
from server.settings import Settings

LARGEST_MANIFEST = 64_000_000
NEWER_THAN_OLD_SERVERS = (b"SET transaction_timeout",)
"""Settings that pg_restore writes at the top and a server before PostgreSQL 17 does not know."""


def restore(settings: Settings, source: Path) -> Manifest:
    """Put the backup into `settings`' data folder and database. `settings` was loaded without making a key."""
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _checked(tar)
            _refuse_newer(manifest)
            _refuse_full_folder(settings.data)
            with _marked(settings.data):
                _unpack(tar, manifest, settings.data)
                whole = _with_key(settings, manifest)
                with _server(whole) as dsn:
                    asked(dsn, _refuse_full_database)
                    _load(dsn, settings.data / RESTORING / DUMP)
    except (tarfile.TarError, EOFError) as problem:
        raise _damaged(str(problem)) from problem
    except OSError as problem:
        raise Refusal(
            "restore.disk",
            Words(
                f"恢复失败：{problem.strerror}（{problem.filename}）。",
                f"Restoring failed: {problem.strerror} ({problem.filename}).",
            ),
            Words(
                "请检查文件名、磁盘空间和文件夹权限。", "Check the file's name, the free space and who may write there."
            ),
        ) from problem
    return manifest


def _checked(tar: tarfile.TarFile) -> Manifest:
    """The manifest of a file in which everything is as it says."""
    entries = {entry.name: entry for entry in tar.getmembers()}
    entry = entries.pop(MANIFEST, None)
    if entry is None or entry.size > LARGEST_MANIFEST:
        raise _damaged("manifest.json")
    try:
        told = json.loads(_read(tar, entry))
        if told["format"] > FORMAT:
            raise _newer(f"format {told['format']}")
        members = tuple(Member(**member) for member in told["members"])
        known = {field.name: told[field.name] for field in dataclasses.fields(Manifest) if field.name != "members"}
        manifest = Manifest(**known | {"migrations": tuple(told["migrations"])}, members=members)
    except (ValueError, KeyError, TypeError) as problem:
        raise _damaged("manifest.json") from problem
    if {member.path for member in members} != set(entries) or DUMP not in entries:
        raise _damaged("the list of files differs")
    for member in members:
        if not entries[member.path].isreg() or _sha256(tar, entries[member.path]) != member.sha256:
            raise _damaged(member.path)
        if member.path != DUMP and not _below(FILES, member.path):
            raise _damaged(member.path)
    return manifest


def _refuse_newer(manifest: Manifest) -> None:
    if unknown := set(manifest.migrations) - migrate.known():
        raise _newer(f"Podium {manifest.podium}: {', '.join(sorted(unknown))}")


def _refuse_full_folder(data: Path) -> None:
    if data.exists() and not (data / RESTORING).exists() and any(data.iterdir()):
        raise Refusal(
            "restore.not-empty",
            Words(f"数据文件夹 {data} 不是空的。", f"The data folder {data} is not empty."),
            Words(
                "请把 PODIUM_DATA 设为一个空文件夹；恢复从不覆盖数据。",
                "Set PODIUM_DATA to an empty folder: a restore overwrites nothing.",
            ),
        )


@contextlib.contextmanager
def _marked(data: Path) -> Iterator[None]:
    """The folder is empty but for the marker at the beginning, and empty again when anything goes wrong."""
    _empty(data)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / RESTORING).mkdir(mode=0o700)
    try:
        yield
    except BaseException:  # also an interrupt: half a restore must not stay
        _empty(data)
        raise
    shutil.rmtree(data / RESTORING)


def _empty(data: Path) -> None:
    """Empty a folder that the marker says is ours; the marker goes last."""
    marker = data / RESTORING
    if not marker.exists():
        return
    for path in [*(path for path in data.iterdir() if path != marker), marker]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _unpack(tar: tarfile.TarFile, manifest: Manifest, data: Path) -> None:
    for member in manifest.members:
        target = data / RESTORING / DUMP if member.path == DUMP else data / member.path.removeprefix(FILES)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = tar.extractfile(member.path)
        assert source is not None, "checked to be a regular file"
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with source, os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())


def _with_key(settings: Settings, manifest: Manifest) -> Settings:
    """The settings with the key that the backup's identity numbers were sealed with."""
    path = settings.data / "key"
    whole = (
        settings
        if settings.secret or not path.exists()
        else dataclasses.replace(settings, secret=settings_file.read_key(path))
    )
    if not whole.secret or key_id(whole) != manifest.key_id:
        raise Refusal(
            "restore.key",
            Words(
                "备份使用的密钥与此处的不同，或不在备份中。",
                "The backup was made with another key, which is not in it.",
            ),
            Words("请把 PODIUM_KEY 设为备份时的值。", "Set PODIUM_KEY to what it was when the backup was made."),
        )
    return whole


@contextlib.contextmanager
def _server(settings: Settings) -> Iterator[str]:
    if settings.database_url:
        yield settings.database_url
        return
    with running(settings.data) as dsn:
        yield dsn


async def _refuse_full_database(connection: asyncpg.Connection) -> None:
    tables = await connection.fetchval(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    )
    if tables:
        raise Refusal(
            "restore.database-not-empty",
            Words("数据库不是空的。", "The database is not empty."),
            Words("请用 DATABASE_URL 指定一个空数据库。", "Point DATABASE_URL at an empty database."),
        )


def _load(dsn: str, dump: Path) -> None:
    """Everything in one transaction, so that a failure leaves the database as empty as it was."""
    to_text, _ = postgres_program("pg_restore", dsn)
    command, environment = postgres_program("psql", dsn)
    reader = subprocess.Popen(
        [to_text[0], "--no-owner", "--no-privileges", "--file=-", str(dump)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    writer = subprocess.Popen(
        [*command, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    assert reader.stdout and reader.stderr and writer.stdin and writer.stderr
    with contextlib.suppress(BrokenPipeError):  # psql has failed and says why
        for line in reader.stdout:
            if line.startswith(NEWER_THAN_OLD_SERVERS):
                continue
            writer.stdin.write(line)
            if line.startswith(b"CREATE "):
                shutil.copyfileobj(reader.stdout, writer.stdin)
        writer.stdin.close()
    reader.stdout.close()
    said = writer.stderr.read() + reader.stderr.read()
    if writer.wait() or reader.wait():
        why = said.decode(errors="replace").strip()
        raise Refusal(
            "restore.load",
            Words(
                f"数据库恢复失败，未作任何改动：{why}", f"The database could not be restored, and was left empty: {why}"
            ),
            Words("请检查数据库服务器的版本和磁盘空间。", "Check the database server's version and the free space."),
        )


def _read(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    source = tar.extractfile(entry)
    return source.read() if source else b""


def _sha256(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> str:
    source = tar.extractfile(entry)
    return hashlib.file_digest(source, "sha256").hexdigest() if source else ""  # type: ignore[arg-type]  # a file in a tar is readable


def _below(folder: str, path: str) -> bool:
    """Whether a path from the file stays inside the folder when it is unpacked."""
    inner = PurePosixPath(path.removeprefix(folder))
    tidy = path == f"{folder}{inner}" and not inner.is_absolute() and ".." not in inner.parts
    return tidy and inner.parts != () and inner.parts[0] not in NOT_OURS


def _damaged(where: str) -> Refusal:
    return Refusal(
        "restore.damaged",
        Words(f"备份文件已损坏或不完整：{where}。", f"The backup is damaged or incomplete: {where}."),
        Words("什么都没有改动；请使用另一份备份。", "Nothing was changed; use another backup."),
    )


def _newer(what: str) -> Refusal:
    return Refusal(
        "restore.newer",
        Words(f"备份由更新版本的程序制作（{what}）。", f"The backup was made by a newer program ({what})."),
        Words("请先更新 Podium，再恢复。", "Update Podium, then restore."),
    )
