"""A program under measurement: its processes, its database, its ledger afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from server.audit import verify
from tests.bench.venue import SECRET

HERE = Path(__file__).parents[2]
Row = dict[str, str | int | float]
Headers = list[dict[str, str]]
Start = Callable[[str, int, list[int], Path], list[list[str]]]


@dataclass(frozen=True)
class Program:
    """A program to be measured: its command lines for so many workers, and how a tablet says who it is."""

    name: str
    start: Start
    headers: Headers
    one_port: bool = True


def podium(dsn: str, workers: int, ports: list[int], data: Path) -> list[list[str]]:
    """As it is served; a second worker is a second `podium serve` on the same database."""
    return [[sys.executable, "-m", "server.cli", "serve"] for _ in range(workers)]


@contextlib.contextmanager
def serving(program: Program, workers: int, dsn: str, folder: Path) -> Iterator[list[int]]:
    """The program's processes until the block ends; the ports they answer at."""
    ports = [_free_port() for _ in range(1 if program.one_port else workers)]
    data = folder / f"data-{ports[0]}"
    processes = []
    try:
        for line, port in zip(program.start(dsn, workers, ports, data), ports, strict=True):
            own = {**environment(dsn), "PODIUM_PORT": str(port), "PODIUM_DATA": str(data)}
            processes.append(
                subprocess.Popen(line, env=own, cwd=HERE, stdout=subprocess.DEVNULL, start_new_session=True)
            )
            _answers(port)
        yield ports
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            process.wait(timeout=30)


@contextlib.contextmanager
def printing(rest: float | None) -> Iterator[None]:
    """A hundred certificates printed and signed, again and again with a rest of so many seconds; None prints nothing."""
    if rest is None:
        yield
        return
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.pressing", str(rest)], cwd=HERE)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def said(rest: float | None) -> str:
    """What a row says of it."""
    if rest is None:
        return ""
    return f", 100 certificates every {rest:g} s" if rest else ", certificates printing without a rest"


def csrf(port: int) -> dict[str, str]:
    """The token that Podium gives a browser with its first page, and its header."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/session") as answer:
        cookie = answer.headers["set-cookie"].split(";", 1)[0]
    return {"cookie": f"; {cookie}", "x-csrf-token": cookie.split("=", 1)[1].strip('"')}


async def ledger(dsn: str) -> tuple[Any, int]:
    connection = await asyncpg.connect(dsn)
    try:
        return await verify(connection), await connection.fetchval("SELECT count(*) FROM mark WHERE NOT conflict")
    finally:
        await connection.close()


def _answers(port: int) -> None:
    """Wait until something listens there."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing answers at port {port}")


def environment(dsn: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
    return {**kept, "DATABASE_URL": dsn, "PEER_DSN": dsn, "PODIUM_KEY": SECRET, "PYTHONPATH": str(HERE)}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def beside(dsn: str, name: str) -> str:
    return urlsplit(dsn)._replace(netloc="podium@", path=f"/{name}").geturl()


def sql(dsn: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())
