"""`podium organiser LOGIN` opens the office of a new installation to the person at its terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from server.commands.organiser import command


def run(dsn: str, tmp_path: Path, *given: str) -> Result:
    """The command against a database."""
    environment = {"PODIUM_DATA": str(tmp_path), "DATABASE_URL": dsn, "PODIUM_BASE_URL": "https://podium.example"}
    return CliRunner().invoke(command, list(given), env=environment, catch_exceptions=False)


def fetched(dsn: str, query: str) -> list[asyncpg.Record]:
    async def fetch() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(query)
            return rows
        finally:
            await connection.close()

    return asyncio.run(fetch())


ACCOUNTS = """
SELECT account.login, account.name, account.password_hash, organiser.name AS organiser
FROM account JOIN staff ON staff.account = account.id JOIN organiser ON organiser.id = staff.organiser
"""


def test_it_makes_the_account_and_prints_its_link(dsn: str, tmp_path: Path) -> None:
    """Standard output is the link and nothing else; the account is staff and has no password yet."""
    done = run(dsn, tmp_path, "zhoumin", "--name", "周敏", "--organiser", "省人社厅")
    assert done.exit_code == 0 and done.stdout.strip().startswith("https://podium.example/sign-in/")
    assert [tuple(row) for row in fetched(dsn, ACCOUNTS)] == [("zhoumin", "周敏", "", "省人社厅")]


def test_the_same_login_again_gets_another_link_and_no_second_account(dsn: str, tmp_path: Path) -> None:
    """A lost link is replaced; a password stays unless it is to be forgotten."""
    links = {run(dsn, tmp_path, "zhoumin").stdout for _ in range(2)}
    assert len(links) == 2 and len(fetched(dsn, ACCOUNTS)) == 1
    fetched(dsn, "UPDATE account SET password_hash = 'x'")
    run(dsn, tmp_path, "zhoumin")
    assert fetched(dsn, ACCOUNTS)[0]["password_hash"] == "x"
    run(dsn, tmp_path, "zhoumin", "--forget-password")
    assert fetched(dsn, ACCOUNTS)[0]["password_hash"] == ""


@pytest.mark.parametrize("given", [(), ("a", "b")])
def test_it_wants_one_login(dsn: str, tmp_path: Path, given: tuple[str, ...]) -> None:
    """Called wrongly it says how, and makes nothing."""
    assert run(dsn, tmp_path, *given).exit_code == 2
