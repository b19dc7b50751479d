"""The installation's database: the server named by DATABASE_URL, or the private one in the data folder."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from scoring.verdict import Words
from server.database import migrate
from server.database.asking import asked
from server.database.embedded import running
from server.database.failures import failure
from server.errors import Refusal
from server.settings import Settings

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


def _half_restored(settings: Settings) -> Refusal:
    return failure(
        "half-restored",
        Words(
            f"{settings.data} 的恢复被中断，数据不完整。",
            f"A restore into {settings.data} was cut short or is going on.",
        ),
        Words("请再次运行 podium restore。", "Run 'podium restore' again; it begins anew."),
    )
