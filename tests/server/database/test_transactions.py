"""A transaction gives its connection back however it ends."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.database.piccolo_conf import Engine

SLOW = """CREATE TABLE slow (n int UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(NEW.n); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()"""


async def test_a_commit_that_is_refused_or_cut_short_keeps_no_connection(dsn: str) -> None:
    """With one connection in the pool the next question is answered all the same, and the pool closes: a program that was told to
    end while a job committed had waited for ever."""
    engine = Engine(config={}, extensions=())
    await engine.connect(dsn, connections=1)

    async def committing(*numbers: int) -> None:
        async with engine.transaction():
            for number in numbers:
                await engine.current_transaction.get().connection.execute("INSERT INTO slow VALUES ($1)", number)

    async with asyncio.timeout(60):
        async with engine.pool.acquire() as connection:
            await connection.execute(SLOW)
        with pytest.raises(asyncpg.UniqueViolationError):
            await committing(0, 0)
        cut = asyncio.create_task(committing(30))
        await asyncio.sleep(0.5)  # it waits in its COMMIT
        cut.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cut
        await committing(1)
        await engine.disconnect()
