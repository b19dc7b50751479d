"""Many rows in one statement: arrays that PostgreSQL unfolds, so that ten thousand people cost no more round trips than one.

A statement has at most 32 767 values; an array is one of them, whatever its length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from piccolo.columns import Column, ForeignKey
from piccolo.table import Table

ARRAYS = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "BYTEA": "bytea",
    "DATE": "date",
    "INTEGER": "integer",
    "TEXT": "text",
    "TIMESTAMPTZ": "timestamptz",
    "UUID": "uuid",
}
Rows = Sequence[Mapping[str, Any]]


async def insert_rows(table: type[Table], rows: Rows, unless: str = "") -> None:
    """Add rows that all have the same columns; `unless` names a unique column whose rows may be there already."""
    if not rows:
        return
    names = list(rows[0])
    known = f" ON CONFLICT ({unless}) DO NOTHING" if unless else ""
    columns = ", ".join(f'"{name}"' for name in names)
    query = f'INSERT INTO "{table._meta.tablename}" ({columns}) SELECT * FROM {_unfolded(table, names)}{known}'
    await table.raw(query, *_arrays(names, rows))


async def update_rows(table: type[Table], rows: Rows) -> None:
    """Change rows by their `id`; all of them the same columns."""
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    sets = ", ".join(f'"{name}" = fresh."{name}"' for name in names if name != "id")
    here = f'"{table._meta.tablename}"'
    query = f"UPDATE {here} SET {sets} FROM {_unfolded(table, names)} AS fresh ({columns}) WHERE {here}.id = fresh.id"
    await table.raw(query, *_arrays(names, rows))


async def delete_rows(table: type[Table], ids: Sequence[Any]) -> None:
    """Take rows out by their `id`."""
    if ids:
        await table.raw(f'DELETE FROM "{table._meta.tablename}" WHERE id = ANY({{}})', list(ids))


def _unfolded(table: type[Table], names: Sequence[str]) -> str:
    types = (ARRAYS[_kind(table._meta.get_column_by_name(name))] for name in names)
    return f"unnest({', '.join(f'{{}}::{kind}[]' for kind in types)})"


def _kind(column: Column) -> str:
    if isinstance(column, ForeignKey):
        column = column._foreign_key_meta.resolved_references._meta.primary_key
    return column.column_type


def _arrays(names: Sequence[str], rows: Rows) -> list[list[Any]]:
    return [[row[name] for row in rows] for name in names]
