"""The installation's database: the server named by DATABASE_URL, or the private one in the data folder."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg

from scoring.verdict import Words
from server.database import migrate
from server.database.embedded import running
from server.database.failures import failure
from server.errors import Refusal
from server.settings import Settings

T = TypeVar("T")
RESTORING = "restoring"
"""In a data folder while a backup is restored into it; it stays when that was cut short."""


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[str]:
    """The DSN of a database that has this program's tables. Not to be called inside a running event loop."""
    with reached(settings) as dsn:
        asyncio.run(migrate.up(dsn))
        yield dsn


@contextlib.contextmanager
def reached(settings: Settings) -> Iterator[str]:
    """The DSN of a server that answers; nothing in the database is changed."""
    if (settings.data / RESTORING).exists():
        raise _half_restored(settings)
    with running(settings.data) if not settings.database_url else contextlib.nullcontext(settings.database_url) as dsn:
        asked(dsn, lambda connection: connection.fetchval("SELECT 1"))
        yield dsn


def asked(dsn: str, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """What `work` finds out on a connection of its own. Not to be called inside a running event loop."""

    async def ask() -> T:
        try:
            connection = await asyncpg.connect(dsn, timeout=10)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            raise _unreachable(dsn, problem) from problem
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(ask())


def _unreachable(dsn: str, problem: BaseException) -> Refusal:
    """The server did not let us in. The DSN holds the password, so only its host and database are told."""
    parts = urlsplit(dsn)
    where, why = f"{parts.hostname or parts.query}{parts.path}", str(problem) or type(problem).__name__
    return failure(
        "unreachable",
        Words(f"无法连接数据库 {where}：{why}", f"The database {where} cannot be reached: {why}"),
        Words("请检查 DATABASE_URL 和数据库服务器。", "Check DATABASE_URL and the database server."),
    )


def _half_restored(settings: Settings) -> Refusal:
    return failure(
        "half-restored",
        Words(
            f"{settings.data} 的恢复被中断，数据不完整。",
            f"A restore into {settings.data} was cut short or is going on.",
        ),
        Words("请再次运行 podium restore。", "Run 'podium restore' again; it begins anew."),
    )
