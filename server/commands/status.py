"""`podium status`: where the data is, whether database and site answer, how much room is left.

Nothing is started or made by asking.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import shutil
from pathlib import Path

import asyncpg
import click

from scoring.verdict import Words
from server import settings
from server.database.asking import asked
from server.database.embedded import alive
from server.errors import Refusal
from server.terminal import spoken
from server.version import VERSION

LABELS = {
    "data": Words("数据文件夹", "data folder"),
    "key": Words("密钥", "key"),
    "database": Words("数据库", "database"),
    "database_state": Words("数据库状态", "database state"),
    "database_version": Words("数据库版本", "database version"),
    "database_bytes": Words("数据库大小", "database size"),
    "site": Words("网站", "site"),
    "site_state": Words("网站状态", "site state"),
    "free_bytes": Words("磁盘可用空间", "free disk space"),
    "podium": Words("匠台版本", "Podium version"),
    "python": Words("Python 版本", "Python version"),
}


Value = str | int | Words | None

NOT_YET = Words("尚未创建", "not made yet")
STOPPED = Words("未启动", "stopped")
RUNNING = Words("正在运行", "running")
NOT_RUNNING = Words("未运行", "not running")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def command(as_json: bool) -> None:
    """Tell how this installation is doing."""
    found = _look()
    if as_json:
        plain = {name: value.en if isinstance(value, Words) else value for name, value in found.items()}
        click.echo(json.dumps(plain, ensure_ascii=False))
        return
    width = max(_columns(spoken(label)) for label in LABELS.values())
    for name, label in LABELS.items():
        if (value := found[name]) is not None:
            click.echo(f"{spoken(label)}{' ' * (width - _columns(spoken(label)))}  {_shown(value)}")


def _look() -> dict[str, Value]:
    told = settings.load(os.environ, make_key=False)
    version, size, state = _database(told)
    return {
        "data": str(told.data),
        "key": _key(told),
        "database": "DATABASE_URL" if told.database_url else "PostgreSQL",
        "database_state": state,
        "database_version": version,
        "database_bytes": size,
        "site": told.base_url,
        "site_state": RUNNING if _answers(told.host, told.port) else NOT_RUNNING,
        "free_bytes": shutil.disk_usage(_nearest(told.data)).free,
        "podium": VERSION,
        "python": platform.python_version(),
    }


def _key(told: settings.Settings) -> Value:
    if os.environ.get("PODIUM_KEY"):
        return "PODIUM_KEY"
    return str(told.data / "key") if told.secret else NOT_YET


def _database(told: settings.Settings) -> tuple[str | None, int | None, Words]:
    """Version, size and state; a private server that is stopped stays stopped."""
    dsn = told.database_url or alive(told.data)
    if dsn is None:
        return None, None, STOPPED if (told.data / "postgres").exists() else NOT_YET
    try:
        version, size = asked(dsn, _version_and_size)
    except Refusal as refusal:
        return None, None, refusal.words
    return version, size, RUNNING


async def _version_and_size(connection: asyncpg.Connection) -> tuple[str, int]:
    row = await connection.fetchrow(
        "SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size"
    )
    return row["version"], row["size"]


def _answers(host: str, port: int) -> bool:
    """Whether something that speaks HTTP listens there."""
    connection = http.client.HTTPConnection("127.0.0.1" if host in settings.EVERY_ADDRESS else host, port, timeout=2)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _shown(value: str | int | Words) -> str:
    if isinstance(value, Words):
        return spoken(value)
    return _size(value) if isinstance(value, int) else value


def _size(count: int) -> str:
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.1f} {units[0]}" if count >= 1000 else f"{count} B"


def _columns(text: str) -> int:
    """Terminal columns: a Han character takes two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
