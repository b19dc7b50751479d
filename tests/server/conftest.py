"""What the server's tests share: a site in the test's own process, visited by people with their own cookies."""

from __future__ import annotations

import asyncio
from _thread import start_new_thread
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from server.app import create_app
from server.database.piccolo_conf import DB
from server.issuing import apart, pressing, printing
from server.jobs import WORKERS
from server.people.flow import open_session
from server.settings import Settings
from tests.conftest import Databases
from tests.server.small import BASE, Small, brought, founded


@pytest.fixture(autouse=True, scope="session")
def uncompared() -> Iterator[None]:
    """Files that tests print are not compared with their plain render, but by the tests of that comparison."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(printing, "LEAST_COMPARED", 0)
        yield


@pytest.fixture(autouse=True, scope="session")
def impatient() -> Iterator[None]:
    """A process for an organiser's template gives way to nobody here, and may be as slow as the machine is."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(apart, "NICE", 0)
        patched.setattr(apart, "LONGEST", 3600)
        yield


class Presses(ProcessPoolExecutor):
    """Processes that print for one site after the other; what ends a site does not end them."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """At the end of the run: see `presses`."""


@pytest.fixture(scope="session")
def presses() -> Iterator[Callable[[], ProcessPoolExecutor]]:
    """The processes that print for every site of a run: they load WeasyPrint and the fonts once; new ones where one has died.

    They end with the run but give way to nobody: here somebody waits for each file.
    """
    made: list[Presses] = []

    def warm() -> ProcessPoolExecutor:
        if not made or made[-1]._broken:  # type: ignore[attr-defined]
            ending = {"initializer": start_new_thread, "initargs": (pressing._end_with_parent, ())}
            made.append(Presses(WORKERS, mp_context=get_context("spawn"), **ending))  # type: ignore[arg-type]
        return made[-1]

    yield warm
    for one in made:
        ProcessPoolExecutor.shutdown(one, cancel_futures=True)


class Visitor(httpx.AsyncClient):
    """A browser or tablet with cookies of its own; posts carry the token that they were given."""

    async def request(self, method: str, url: Any, **more: Any) -> httpx.Response:
        """As httpx does it, with the CSRF header."""
        token = {"x-csrf-token": self.cookies.get("podium_csrf") or ""}
        more["headers"] = {**token, **(more.pop("headers", None) or {})}
        return await super().request(method, url, **more)


@dataclass
class Site:
    """The application, answering without a network."""

    app: Litestar
    dsn: str
    visitors: list[Visitor] = field(default_factory=list)

    async def visitor(self, account: UUID | None = None) -> Visitor:
        """Somebody at the door; with an account, somebody who is signed in."""
        client = (f"192.0.2.{len(self.visitors) % 250 + 1}", 443)  # as strangers are, each at an address of their own
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=client)  # type: ignore[arg-type]
        visitor = Visitor(transport=transport, base_url=BASE)
        self.visitors.append(visitor)
        if account:
            visitor.cookies.set("podium", await open_session(account, datetime.now(UTC)))
        await visitor.get("/api/session")
        return visitor


@pytest.fixture(scope="module")
async def site(
    module_dsn: str, presses: Callable[[], ProcessPoolExecutor], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """A running site that the tests of one module share."""
    settings = Settings(
        tmp_path_factory.mktemp("site"), b"small competition's own secret 32", module_dsn, base_url=BASE
    )
    app = create_app(settings)
    app.state.presses = presses()
    async with app.lifespan():
        made = Site(app, module_dsn)
        yield made
        for visitor in made.visitors:
            await visitor.aclose()


@pytest.fixture(scope="module")
async def module_database(module_dsn: str) -> AsyncIterator[str]:
    """The Piccolo engine on a database that the tests of one module share."""
    await DB.connect(module_dsn, 8)
    try:
        yield module_dsn
    finally:
        await DB.disconnect()


@dataclass(frozen=True)
class Reached:
    """A database in which the small competition is in a state, and the competition."""

    database: str
    small: Small


def reached(databases: Databases, template: str, state: str) -> Reached:
    """Walk to a state once for a whole run: each test that begins there copies the database."""
    name = f"{template}_{state}"
    dsn = databases.copied(name, template)

    async def walk() -> Small:
        await DB.connect(dsn, 5)
        try:
            return await brought(await founded(), state)
        finally:
            await DB.disconnect()

    return Reached(name, asyncio.run(walk()))


@pytest.fixture(scope="session")
def marking_once(databases: Databases, template: str) -> Reached:
    """What `marking` copies."""
    return reached(databases, template, "marking")


@pytest.fixture(scope="session")
def certified_once(databases: Databases, template: str) -> Reached:
    """What `certified` copies."""
    return reached(databases, template, "certified")


@pytest.fixture
def marking(marking_once: Reached, database: str) -> Small:
    """The small competition, being marked in a database of the test's own; the engine is connected to it."""
    return deepcopy(marking_once.small)


@pytest.fixture
def certified(certified_once: Reached, database: str) -> Small:
    """The small competition, all of whose certificates may be issued, in a database of the test's own."""
    return deepcopy(certified_once.small)
