"""The API's client for many people at once: each request waits on a thread, so that forty judges mark side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from server import wire
from server.connect import client as connect

T = TypeVar("T")
TRIES = 40
THREADS = ThreadPoolExecutor(64, "podium-demo")


class Client:
    """One signed-in person or tablet."""

    def __init__(self, base: str) -> None:
        self.api = connect.Client(base, tries=TRIES)

    async def of(self, ask: Callable[[connect.Client], T]) -> T:
        """What the client answers."""
        return await asyncio.get_running_loop().run_in_executor(THREADS, ask, self.api)

    async def sign_in(self, **credentials: str) -> None:
        """Sign in with `login` and `password`, or with the `token` of a one-time link."""
        await self.of(lambda api: api.sign_in(**credentials))

    async def get(self, path: str) -> Any:
        """The JSON at an address."""
        return await self.of(lambda api: api.get(path))

    async def post(self, path: str, data: Any) -> Any:
        """Post JSON."""
        return await self.of(lambda api: api.post(path, data))

    async def upload(self, path: str, filename: str, content: bytes) -> Any:
        """Post a file."""
        return await self.of(lambda api: api.upload(path, filename, content))

    async def post_marks(self, marks: Sequence[dict[str, Any]]) -> list[wire.Answer]:
        """Post marks as a tablet does: the same ones again, later and later, until the server answers for them."""
        return await self.of(lambda api: api.send_marks(marks))
