"""Databases for tests: one private PostgreSQL per run, shared by all workers, and a fresh database for whoever asks.

Each worker migrates one template once; a test gets a copy of its files (`dsn`), which takes some 30 ms, so that tests run in
parallel and see nothing of each other. Tests of what survives a crash start a PostgreSQL of their own instead: this
one does not wait for the disk. It does not vacuum by itself either: the role of the tests may not end the vacuum's
process, so that dropping a database while it worked there was refused once.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from argon2 import PasswordHasher
from jinja2 import Environment, FileSystemBytecodeCache
from xdist.scheduler import LoadScopeScheduling

from server.database import migrate
from server.database.embedded import running
from server.database.piccolo_conf import DB
from server.people import passwords
from server.web import jinja
from tests.limits import pytest_runtest_teardown  # noqa: F401 (a hook of pytest's)

FAST = """\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
max_wal_size = 256MB
"""
MEMORY, ROOM = Path("/dev/shm"), 2 << 30
"""A database is a thousand small files: copying them costs a disk fifteen times what it costs memory."""


REACHED = ("marking", "certified")
"""States that tests/server/conftest.py walks to once, each a fixture."""
ONE_DEMONSTRATION = {f"tests/journeys/test_{name}.py": "held" for name in ("backup", "demo")}


class ByFile(LoadScopeScheduling):
    """Tests of a file share what they set up, and so do the journeys that look at one demonstration: they run in one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return ONE_DEMONSTRATION.get(file, file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """In the order in which the tests are collected: see below."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, then those with most tests, so that no process is left with one of them at the end."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in long, -many[item.path]))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage does not walk through it for every test."""
    gc.collect()
    gc.freeze()


def in_memory(base: Path) -> Path:
    """The folder of a run's PostgreSQL in memory; the same for every process of the run."""
    return MEMORY / f"podium-tests-{sha256(str(base).encode()).hexdigest()[:16]}"


def kept_in(base: Path) -> Path:
    """The folder of a run's PostgreSQL: in memory where there is room for it."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return in_memory(base)
    return base / "database"


def pytest_sessionstart(session: pytest.Session) -> None:
    """A run that was killed took nothing away, and one whose folder has the same name would find its databases."""
    if not hasattr(session.config, "workerinput"):
        base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        shutil.rmtree(in_memory(base), ignore_errors=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run gives its memory back when the last of its processes has left the database."""
    base = config._tmp_path_factory._basetemp  # type: ignore[attr-defined]
    if base and not hasattr(config, "workerinput"):
        shutil.rmtree(in_memory(base), ignore_errors=True)


class Databases:
    """Makes and drops databases of one worker."""

    def __init__(self, dsn: str, worker: str) -> None:
        self._dsn = dsn
        self._names = (f"{worker}_{number}" for number in itertools.count())

    def dsn(self, name: str) -> str:
        return urlsplit(self._dsn)._replace(netloc="podium@", path=f"/{name}").geturl()

    @contextlib.contextmanager
    def fresh(self, template: str = "template1") -> Iterator[str]:
        """The DSN of a new database, dropped afterwards whoever is still connected to it."""
        name = next(self._names)
        made = self.copied(name, template)
        try:
            yield made
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def copied(self, name: str, template: str) -> str:
        """A copy of a database, to be changed and copied from; its DSN."""
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.dsn(name)

    def migrated(self, name: str) -> str:
        """A database with all migrations, to be copied from; its name."""
        self._run(f"CREATE DATABASE {name}")
        asyncio.run(migrate.up(self.dsn(name)))
        return name

    def _run(self, statement: str) -> None:
        async def run() -> None:
            connection = await asyncpg.connect(self._dsn)
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Databases]:
    """The run's PostgreSQL; all workers use one data folder, and the last to end stops it."""
    base = tmp_path_factory.getbasetemp()
    data = kept_in(base if worker_id == "master" else base.parent)
    data.mkdir(exist_ok=True)
    (data / "postgres.conf").write_text(FAST)
    with running(data) as dsn:
        yield Databases(dsn, worker_id)


@pytest.fixture(autouse=True, scope="session")
def compiled_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """A template that one site of the run has compiled is not compiled by each of the others."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "templates"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patched:
        kept = FileSystemBytecodeCache(str(folder))
        patched.setattr(jinja, "Environment", partial(Environment, bytecode_cache=kept))
        yield


@pytest.fixture(autouse=True, scope="session")
def quickly_hashed() -> Iterator[None]:
    """Hashing that costs a test nothing; what it costs a guesser is argon2's own matter."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def template(databases: Databases, worker_id: str) -> str:
    """Name of the worker's migrated database."""
    return databases.migrated(f"template_{worker_id}")


@pytest.fixture
def dsn(databases: Databases, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of the test's own; for a test that begins at a later state, one in which that is reached."""
    reached = [name for name in REACHED if name in request.fixturenames]
    copied = request.getfixturevalue(f"{reached[0]}_once").database if reached else template
    with databases.fresh(copied) as made:
        yield made


@pytest.fixture(scope="module")
def module_dsn(databases: Databases, template: str) -> Iterator[str]:
    """A migrated database that the tests of one module share."""
    with databases.fresh(template) as made:
        yield made


@pytest.fixture
def empty_dsn(databases: Databases) -> Iterator[str]:
    """A database without any table."""
    with databases.fresh() as made:
        yield made


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[str]:
    """The Piccolo engine, connected to a migrated database of the test's own; its DSN."""
    await DB.connect(dsn, 5)
    try:
        yield dsn
    finally:
        await DB.disconnect()
