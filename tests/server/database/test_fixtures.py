"""Tests get databases of their own, fast."""

import asyncpg

from server.database.piccolo_conf import DB


async def _tables(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()


async def test_a_migrated_database_has_tables(dsn: str) -> None:
    """`dsn` is migrated."""
    assert await _tables(dsn) > 0


async def test_an_empty_database_has_none(empty_dsn: str) -> None:
    """`empty_dsn` is not."""
    assert await _tables(empty_dsn) == 0


async def test_piccolo_is_connected_to_the_tests_own_database(database: str) -> None:
    """`database` connects the engine that the tables use."""
    (row,) = await DB._run_in_pool("SELECT current_database() AS name")
    assert f"/{row['name']}?" in database
