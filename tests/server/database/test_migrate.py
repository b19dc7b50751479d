"""The database is brought up to this program's tables, never down, and the tables say what the database has."""

from __future__ import annotations

import asyncio
import sys

import asyncpg
import pytest
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import ForeignKey

from server.database import migrate
from server.database.tables import ALL
from server.errors import Refusal

TYPES = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "BYTEA": "bytea",
    "DATE": "date",
    "INTEGER": "integer",
    "JSONB": "jsonb",
    "TEXT": "text",
    "TIMESTAMPTZ": "timestamp with time zone",
    "UUID": "uuid",
}
COLUMNS = "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
KEYS = """
SELECT c.conrelid::regclass::text AS "table", a.attname AS "column", c.confrelid::regclass::text AS target, c.confdeltype::text AS rule
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'
"""
OLD_ROWS = """
INSERT INTO organiser VALUES ('00000000-0000-0000-0000-000000000001', '办', '');
INSERT INTO series VALUES ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', '老赛', '');
INSERT INTO competition VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 'old', 1,
    '老赛', '', 'city', '', '', '13', '', '', '2025-05-01', '2025-05-02', 5, '[{"name": "省厅", "seal": "章"}]', 'classical');
INSERT INTO event VALUES ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000003', 'M01', '焊', '', '', '',
    '职工组', '焊工', '6-18-02-04', 2022, '', 1, 4, 3, 'x', '', '', '{}', '', 'certified', now(), 7);
"""


async def fetched(dsn: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(query)
        return rows
    finally:
        await connection.close()


async def test_the_tables_are_those_of_the_database(dsn: str) -> None:
    """Every column with its type and whether it may be empty: what the program believes is what the migrations made."""
    there = {
        (row[0], row[1]): (row[2], row[3] == "YES") for row in await fetched(dsn, COLUMNS) if row[0] != "migration"
    }
    believed = {
        (table._meta.tablename, column._meta.db_column_name): (
            TYPES[
                column.column_type
                if not isinstance(column, ForeignKey)
                else column._foreign_key_meta.resolved_references._meta.primary_key.column_type
            ],
            column._meta.null,
        )
        for table in ALL
        for column in table._meta.columns
    }
    assert believed == there


async def test_foreign_keys_point_left_and_let_nothing_vanish(dsn: str) -> None:
    """A row that something refers to cannot be deleted, and references are the same on both sides."""
    order = [table._meta.tablename for table in ALL]
    there = {(row["table"], row["column"], row["target"]) for row in await fetched(dsn, KEYS)}
    assert {row["rule"] for row in await fetched(dsn, KEYS)} == {"r"}
    believed = {
        (table._meta.tablename, key._meta.name, key._foreign_key_meta.resolved_references._meta.tablename)
        for table in ALL
        for key in table._meta.foreign_key_columns
    }
    assert believed == there
    assert all(order.index(target) < order.index(table) for table, _, target in there)


async def test_a_newer_database_is_refused_and_stays_as_it_is(dsn: str) -> None:
    """An old program does not touch what a newer one has changed; it says which migration it does not know."""
    before = await fetched(dsn, COLUMNS)
    await fetched(dsn, "INSERT INTO migration (name, app_name) VALUES ('9999_from_the_future', 'podium')")
    with pytest.raises(Refusal, match=r"database\.newer") as caught:
        await migrate.up(dsn)
    assert "9999_from_the_future" in caught.value.words.zh and caught.value.mend.zh and caught.value.mend.en
    assert await fetched(dsn, COLUMNS) == before


async def test_a_database_that_is_up_to_date_is_left_alone(dsn: str) -> None:
    """Starting again changes nothing, and every script has been applied."""
    await migrate.up(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        assert await migrate.applied(connection) == migrate.known()
    finally:
        await connection.close()


async def test_programs_that_start_at_once_migrate_once(empty_dsn: str) -> None:
    """Two programs on an empty database: one migrates, the other waits, both go on."""
    program = "import asyncio, sys; from server.database import migrate; asyncio.run(migrate.up(sys.argv[1]))"
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_dsn) for _ in range(2)]
    assert [await one.wait() for one in started] == [0, 0]
    names = [row["name"] for row in await fetched(empty_dsn, "SELECT name FROM migration ORDER BY name")]
    assert names == sorted(migrate.known())


async def test_a_start_that_is_cut_short_begins_again(empty_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who ends the first start between a migration and the note that it was made can start again all the same."""
    insert = Migration.insert

    def cut(*noted: Migration) -> object:
        if len(cut_at) == 20:
            raise KeyboardInterrupt
        cut_at.append(1)
        return insert(*noted)

    cut_at: list[int] = []
    monkeypatch.setattr(Migration, "insert", cut)
    with pytest.raises(KeyboardInterrupt):
        await migrate.up(empty_dsn)
    monkeypatch.undo()
    await migrate.up(empty_dsn)
    names = [row["name"] for row in await fetched(empty_dsn, "SELECT name FROM migration ORDER BY name")]
    assert names == sorted(migrate.known())


async def test_a_database_of_the_first_migration_is_brought_up(empty_dsn: str) -> None:
    """An installation of an earlier day keeps its rows through every later migration; what is new says nothing."""
    first = (migrate.FOLDER / "0001_corridor.sql").read_text(encoding="utf-8")
    await fetched_many(empty_dsn, first)
    columns = "id serial primary key, name varchar(200) NOT NULL, app_name varchar(200) NOT NULL, ran_on timestamptz NOT NULL DEFAULT now()"
    await fetched(empty_dsn, f"CREATE TABLE migration ({columns})")
    await fetched(empty_dsn, "INSERT INTO migration (name, app_name) VALUES ('0001_corridor', 'podium')")
    await fetched(empty_dsn, "INSERT INTO account VALUES (gen_random_uuid(), 'old', '老', 'x', true, 3, now())")
    await fetched_many(empty_dsn, OLD_ROWS)
    await migrate.up(empty_dsn)
    assert [tuple(row) for row in await fetched(empty_dsn, "SELECT login, name FROM account")] == [("old", "老")]
    edition = "SELECT name, organisations, time_zone, review_steps, registration_opens FROM competition"
    kept = ("老赛", '[{"name": "省厅", "seal": "章"}]', "Asia/Shanghai", '["organiser"]', None)
    assert [tuple(row) for row in await fetched(empty_dsn, edition)] == [kept]
    event = "SELECT name, work_type, shifts, capacity FROM event"
    assert [tuple(row) for row in await fetched(empty_dsn, event)] == [("焊", "", 0, 0)]


async def test_a_draw_that_was_held_before_versions_keeps_its_record(empty_dsn: str) -> None:
    """It becomes the first version, typed by the organiser, and still the one that counts."""
    scripts = [path.read_text(encoding="utf-8") for path in sorted(migrate.FOLDER.glob("*.sql")) if path.stem < "0006"]
    for script in scripts:
        await fetched_many(empty_dsn, script)
    await fetched_many(
        empty_dsn,
        "ALTER TABLE draw DROP CONSTRAINT draw_event_fkey; INSERT INTO draw VALUES (gen_random_uuid(), gen_random_uuid(), 'podium-draw-1', '[\"a\"]', 'b', 'c', 4, '[]', now())",
    )
    await fetched_many(empty_dsn, (migrate.FOLDER / "0006_draw.sql").read_text(encoding="utf-8"))
    (row,) = await fetched(empty_dsn, "SELECT version, way, withdrawn, seed, promises::text, codes::text FROM draw")
    assert tuple(row) == (1, "typed", False, "c", "{}", "[]")


async def test_a_workbook_that_went_in_before_there_were_previews_is_an_accepted_one(empty_dsn: str) -> None:
    """Rows of an earlier day keep their meaning: what was in is accepted, since the day on which it came."""
    await fetched_many(empty_dsn, (migrate.FOLDER / "0001_corridor.sql").read_text(encoding="utf-8"))
    columns = "id serial primary key, name varchar(200) NOT NULL, app_name varchar(200) NOT NULL, ran_on timestamptz NOT NULL DEFAULT now()"
    await fetched(empty_dsn, f"CREATE TABLE migration ({columns})")
    await fetched(empty_dsn, "INSERT INTO migration (name, app_name) VALUES ('0001_corridor', 'podium')")
    script = """
        INSERT INTO organiser VALUES (gen_random_uuid(), 'o', '');
        INSERT INTO series SELECT gen_random_uuid(), id, 's', '' FROM organiser;
        INSERT INTO competition SELECT gen_random_uuid(), id, 'c', 1, 'c', '', '', '', '', '', '', '', '2026-01-01', '2026-01-02', 5, '[]', '' FROM series;
        INSERT INTO delegation SELECT gen_random_uuid(), id, 'd', '' FROM competition;
        INSERT INTO intake SELECT gen_random_uuid(), id, 'f.xlsx', 'x', 3, '2026-01-01' FROM delegation;
    """
    await fetched_many(empty_dsn, script)
    await migrate.up(empty_dsn)
    rows = await fetched(empty_dsn, "SELECT state, decided = at, sealed = '', journal = '' FROM intake")
    assert [tuple(row) for row in rows] == [("accepted", True, True, True)]


async def fetched_many(dsn: str, script: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(script)
    finally:
        await connection.close()
