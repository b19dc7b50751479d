"""Brings the database up to this program's tables, and refuses one that a newer program has changed.

The migrations themselves are SQL scripts, so that an operator can read them; Piccolo keeps count of them.
"""

import contextlib
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

from scoring.verdict import Words
from server.database.piccolo_conf import DB
from server.errors import Refusal

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_310_204_531
"""Number of the advisory lock under which one program at a time migrates."""


def script(migration: str) -> Callable[[], Awaitable[None]]:
    """The SQL file of a migration as what Piccolo's migration manager runs."""

    async def run() -> None:
        transaction = DB.current_transaction.get()
        await transaction.connection.execute((FOLDER / f"{migration}.sql").read_text(encoding="utf-8"))

    return run


def known() -> frozenset[str]:
    """Ids of the migrations that this program knows."""
    return frozenset(path.stem for path in FOLDER.glob("*.sql"))


async def up(dsn: str) -> None:
    """Apply every missing migration or none, one program at a time; several programs may start at once.

    Raises Refusal `database.newer` when the database holds a migration that this program does not know.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        there = await applied(connection)
        if newer := there - known():
            raise _newer(sorted(newer))
        if there != known():
            DB.config["dsn"] = dsn
            with contextlib.redirect_stdout(io.StringIO()) as said:
                # Piccolo notes a migration after its transaction: cut short in between, it would run again.
                async with DB.transaction():
                    result = await run_forwards("podium")
                    if not result.success:
                        raise RuntimeError(f"A migration failed: {result.message or said.getvalue()}")
    finally:
        await connection.close()


async def applied(connection: asyncpg.Connection) -> frozenset[str]:
    """Ids of the migrations that the database has seen."""
    if await connection.fetchval("SELECT to_regclass('migration')") is None:
        return frozenset()
    rows = await connection.fetch("SELECT name FROM migration WHERE app_name = 'podium'")
    return frozenset(row["name"] for row in rows)


def _newer(names: list[str]) -> Refusal:
    return Refusal(
        "database.newer",
        Words(
            f"数据库由更新版本的程序使用过（{'、'.join(names)}）。",
            f"The database has been used by a newer program ({', '.join(names)}).",
        ),
        Words("请更新 Podium 后再启动；数据没有改动。", "Update Podium, then start again; nothing was changed."),
    )
