"""One file that holds a whole installation, taken while marks arrive.

The file is a tar, readable by its owner only: `database.dump` (pg_dump's custom format, one snapshot), then every file
of the data folder that is not the database's own (certificates, keys) under `data/`, then `manifest.json`, which names
all of them with their SHA-256 and is last, so that a file cut short has none. Files are read after the snapshot: what
the database speaks of was on the disk by then or is printed again. An issued format only grows at its end.

The key is in the file unless it came from PODIUM_KEY; the manifest says which key it was by its id.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import secrets
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from scoring.verdict import Words
from server.database import migrate
from server.database.asking import asked
from server.database.cluster import binaries
from server.database.opening import RESTORING, reached
from server.errors import Refusal
from server.sealing import Sealer
from server.settings import Settings
from server.version import VERSION

FORMAT = 1
DUMP = "database.dump"
FILES = "data/"
MANIFEST = "manifest.json"
NOT_OURS = ("postgres", "postgres.new", "postgres.lock", "postgres.users", RESTORING)
"""In the data folder, but no part of a backup."""


@dataclass(frozen=True)
class Member:
    """One file in a backup."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    podium: str
    made_at: str
    migrations: tuple[str, ...]
    key_id: str
    members: tuple[Member, ...]


def back_up(settings: Settings, target: Path) -> Manifest:
    """Write the backup to `target`, which does not exist before and is whole afterwards."""
    target = target.absolute()
    if target.exists():
        raise Refusal(
            "backup.exists",
            Words(f"文件 {target} 已存在。", f"The file {target} exists already."),
            Words("请换一个文件名；备份从不覆盖文件。", "Choose another name: a backup overwrites nothing."),
        )
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    dump = part.with_suffix(".dump")
    key = key_id(settings)
    try:
        with reached(settings) as dsn:
            migrations = asked(dsn, migrate.applied)
            dumped(dsn, dump)
        with open(part, "xb", opener=_private) as file:
            manifest = _write(file, settings.data, dump, migrations, key)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        _sync(target.parent)
    except OSError as problem:
        raise Refusal(
            "backup.unwritable",
            Words(f"无法写入 {target}：{problem.strerror}。", f"{target} cannot be written: {problem.strerror}."),
            Words("请检查磁盘空间和文件夹权限。", "Check the free space and who may write there."),
        ) from problem
    finally:
        for leftover in (part, dump):
            leftover.unlink(missing_ok=True)
    return manifest


def dumped(dsn: str, target: Path) -> None:
    """One consistent snapshot of the database, in pg_dump's custom format."""
    with open(target, "xb", opener=_private) as file:
        command, environment = postgres_program("pg_dump", dsn)
        done = subprocess.run(
            [*command, "--format=custom", "--no-owner", "--no-privileges"],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
            errors="replace",
            check=False,
        )
    if done.returncode:
        raise Refusal(
            "backup.dump",
            Words(f"导出数据库失败：{done.stderr.strip()}", f"The database could not be dumped: {done.stderr.strip()}"),
            Words("请检查数据库服务器的版本和磁盘空间。", "Check the database server's version and the free space."),
        )


def postgres_program(name: str, dsn: str) -> tuple[list[str], dict[str, str]]:
    """The start of a command line and its environment; the password stays off the list of processes."""
    parts = urlsplit(dsn)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if parts.password:
        environment["PGPASSWORD"] = unquote(parts.password)
        parts = parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}")
    return [str(binaries() / name), f"--dbname={parts.geturl()}"], environment


def _write(file: BinaryIO, data: Path, dump: Path, migrations: frozenset[str], key: str) -> Manifest:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        members = [_add(tar, DUMP, dump)]
        members += [_add(tar, FILES + name, data / name) for name in _files(data)]
        manifest = Manifest(
            FORMAT,
            VERSION,
            datetime.now(UTC).isoformat(timespec="seconds"),
            tuple(sorted(migrations)),
            key,
            tuple(members),
        )
        text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))
    return manifest


def _add(tar: tarfile.TarFile, name: str, path: Path) -> Member:
    with path.open("rb") as source:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(source.fileno()).st_size, 0o600
        digest = hashlib.sha256()
        tar.addfile(entry, _Hashed(source, digest))
    return Member(name, entry.size, digest.hexdigest())


class _Hashed:
    """A file that is hashed while it is read, so that it is read once."""

    def __init__(self, source: BinaryIO, digest: hashlib._Hash) -> None:
        self._source, self._digest = source, digest

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data


def _files(data: Path) -> Iterator[str]:
    """Names, below the data folder, of the files to keep; what begins with a dot is half-written."""
    if not data.exists():
        return
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        if name.parts[0] in NOT_OURS or any(part.startswith(".") for part in name.parts):
            continue
        if path.is_file() and not path.is_symlink():
            yield name.as_posix()


def key_id(settings: Settings) -> str:
    """Which key sealed the identity numbers; it tells nothing about the key itself."""
    return Sealer(settings).key_id.hex()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    with contextlib.suppress(OSError):  # some file systems cannot
        os.fsync(descriptor)
    os.close(descriptor)
