"""Many rows in one statement arrive as they were given, and change and go by their ids."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from server.database.bulk import delete_rows, insert_rows, update_rows
from server.database.tables import Organiser, Series

MORE_THAN_A_STATEMENT_HOLDS = 12_000
"""Times three columns: above the 32 767 values that one statement may have."""


async def test_ten_thousand_rows_go_in_change_and_go_out(database: str) -> None:
    """Every value in its column; nothing that was not named is touched."""
    rows = [{"id": uuid4(), "name": f"{n}，\"'", "name_en": ""} for n in range(MORE_THAN_A_STATEMENT_HOLDS)]
    await insert_rows(Organiser, rows)
    await update_rows(Organiser, [{"id": row["id"], "name_en": row["name"]} for row in rows[1:]])
    found = {row["id"]: (row["name"], row["name_en"]) for row in await Organiser.select()}
    assert found.pop(rows[0]["id"]) == (rows[0]["name"], "")
    assert found == {row["id"]: (row["name"], row["name"]) for row in rows[1:]}
    await delete_rows(Organiser, [row["id"] for row in rows[5:]])
    assert await Organiser.count() == 5


async def test_rows_that_are_there_stay_as_they_are(database: str) -> None:
    """With the name of a unique column, a row that is there already is passed over; without it, it is an error."""
    one, other = ({"id": uuid4(), "name": "甲", "name_en": en} for en in ("first", "second"))
    await insert_rows(Organiser, [one])
    await insert_rows(Organiser, [other], unless="name")
    assert [row["name_en"] for row in await Organiser.select()] == ["first"]
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert_rows(Organiser, [other])


async def test_a_foreign_key_is_an_id(database: str) -> None:
    """Columns that point to another table take its ids; no rows are no statement."""
    organiser = {"id": uuid4(), "name": "甲", "name_en": ""}
    await insert_rows(Organiser, [organiser])
    await insert_rows(Series, [{"id": uuid4(), "organiser": organiser["id"], "name": "赛", "name_en": ""}])
    await insert_rows(Series, [])
    await update_rows(Series, [])
    await delete_rows(Series, [])
    assert await Series.count() == 1
