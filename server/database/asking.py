"""One question to a database that has to be there, from code that runs no event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg

from scoring.verdict import Words
from server.database.failures import failure
from server.errors import Refusal

T = TypeVar("T")


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
