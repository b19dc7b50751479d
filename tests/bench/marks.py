"""Saving marks: Podium beside FastAPI + SQLAlchemy and Django + gunicorn, on one PostgreSQL that waits for the disk.

256 tablets, each a judge with a session, post one mark after the other as fast as they are answered; every program does
the same work (tests/bench/peers). After each run the ledger is compared with what the tablets were told, and its chain
is walked; a program that lost a mark gets no figure. Rounds alternate between the programs and the middle one counts.
Then the latency of Podium alone at a steady rate, which is what a venue has, also while certificates are printed.

The tablets share the machine's cores with the programs and the database, so that everybody is slower than alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from server.audit import verify
from server.database import migrate
from server.database.embedded import running
from tests.bench.venue import SECRET, Tablet, built

TABLETS, SECONDS, WARM, ROUNDS = 256, 5.0, 1.0, 3
STEADY = 500
"""Marks a second: every judge of a large venue marks at once."""
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


def measure() -> list[Row]:
    """Everybody at one and at two workers, then the steady rates."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        data = Path(folder) / "data"
        with running(data) as dsn:
            sql(dsn, "CREATE DATABASE venue")
            venue = beside(dsn, "venue")
            asyncio.run(migrate.up(venue))
            tablets = asyncio.run(built(venue))
            programs = _programs(venue, tablets)
            runs: dict[tuple[str, int], list[Row]] = {}
            for _ in range(ROUNDS):
                for workers in (1, 2):
                    for program in programs:
                        row = _run(dsn, program, workers, tablets, Path(folder))
                        runs.setdefault((program.name, workers), []).append(row)
            rows = [_middle(found) for found in runs.values()]
            for row in rows:
                ours = next(one for one in rows if one["what"] == "Podium" and one["workers"] == row["workers"])
                row["Podium is × faster"] = round(float(ours["marks/s"]) / float(row["marks/s"]), 1)
            steady = [_run(dsn, programs[0], 1, tablets, Path(folder), rate=STEADY, pressing=n) for n in (0, 1)]
    return [*rows, *steady]


def _programs(venue: str, tablets: list[Tablet]) -> list[Program]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.peers.with_django"],
        env=_environment(venue),
        input=json.dumps([str(tablet.judge) for tablet in tablets]),
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
    )
    token = secrets.token_hex(32)
    token += "." + hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    same: Headers = [{"cookie": f"podium={one.session}; podiumcsrf={token}", "x-csrf-token": token} for one in tablets]
    return [
        Program("Podium", podium, [{"cookie": f"podium={one.session}"} for one in tablets], one_port=False),
        Program("FastAPI + SQLAlchemy", _fastapi, same),
        Program("Django + gunicorn", _django, json.loads(made.stdout)),
    ]


def podium(dsn: str, workers: int, ports: list[int], data: Path) -> list[list[str]]:
    """As it is served; a second worker is a second `podium serve` on the same database."""
    return [[sys.executable, "-m", "server.cli", "serve"] for _ in range(workers)]


def _fastapi(dsn: str, workers: int, ports: list[int], data: Path) -> list[list[str]]:
    options = ["--port", str(ports[0]), "--workers", str(workers), "--no-access-log", "--log-level", "warning"]
    return [[sys.executable, "-m", "uvicorn", "tests.bench.peers.with_fastapi:app", *options]]


def _django(dsn: str, workers: int, ports: list[int], data: Path) -> list[list[str]]:
    options = [
        "-b",
        f"127.0.0.1:{ports[0]}",
        "-w",
        str(workers),
        "-k",
        "gthread",
        "--threads",
        "8",
        "--keep-alive",
        "60",
    ]
    options += ["--log-level", "warning", "--no-control-socket"]
    return [[sys.executable, "-m", "gunicorn", "tests.bench.peers.with_django:application", *options]]


def _run(
    dsn: str, program: Program, workers: int, tablets: list[Tablet], folder: Path, rate: int = 0, pressing: int = 0
) -> Row:
    """One program on a fresh copy of the venue: its figures, or AssertionError when its ledger is not what it said."""
    name = f"run_{secrets.token_hex(4)}"
    sql(dsn, f"CREATE DATABASE {name} TEMPLATE venue")
    try:
        with serving(program, workers, beside(dsn, name), folder) as ports:
            token = csrf(ports[0]) if program.name == "Podium" else {}
            headers = [{**own, **token, "cookie": own["cookie"] + token.get("cookie", "")} for own in program.headers]
            with _printing(pressing):
                told = _load(ports, tablets, headers, rate)
        audit, stored = asyncio.run(ledger(beside(dsn, name)))
        assert not told["others"], (program.name, told["others"])
        assert audit.breaks == () and stored == told["stored"], (program.name, stored, told["stored"], audit.breaks[:1])
    finally:
        sql(dsn, f"DROP DATABASE {name} WITH (FORCE)")
    took = told["took"]
    assert took, f"{program.name} answered nobody within {SECONDS} s"
    what = program.name
    if rate:
        what = f"Podium, steady {rate}/s" + (", certificates printing" if pressing else "")
    return {
        "what": what,
        "workers": workers,
        "marks/s": round(len(took) / SECONDS),
        **{f"p{n} ms": round(took[min(len(took) - 1, len(took) * n // 100)], 1) for n in (50, 95, 99)},
        "stored": stored,
        "lost": told["stored"] - stored,
    }


def _middle(found: list[Row]) -> Row:
    """The run whose rate is the median, with the span of all."""
    by_rate = sorted(found, key=lambda row: float(row["marks/s"]))
    middle = dict(by_rate[len(by_rate) // 2])
    middle["of rounds"] = "–".join(str(row["marks/s"]) for row in (by_rate[0], by_rate[-1]))
    return middle


@contextlib.contextmanager
def serving(program: Program, workers: int, dsn: str, folder: Path) -> Iterator[list[int]]:
    """The program's processes until the block ends; the ports they answer at."""
    ports = [_free_port() for _ in range(1 if program.one_port else workers)]
    data = folder / f"data-{ports[0]}"
    processes = []
    try:
        for line, port in zip(program.start(dsn, workers, ports, data), ports, strict=True):
            environment = {**_environment(dsn), "PODIUM_PORT": str(port), "PODIUM_DATA": str(data)}
            processes.append(subprocess.Popen(line, env=environment, cwd=HERE, start_new_session=True))
            _answers(port)
        yield ports
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            process.wait(timeout=30)


@contextlib.contextmanager
def _printing(presses: int) -> Iterator[None]:
    """Certificates being printed all the time, in as many processes as nice as Podium's own presses."""
    processes = [subprocess.Popen([sys.executable, "-m", "tests.bench.pressing"], cwd=HERE) for _ in range(presses)]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _load(ports: list[int], tablets: list[Tablet], headers: Headers, rate: int) -> dict[str, Any]:
    asked = {
        "ports": ports,
        "path": "/api/marks",
        "tablets": TABLETS,
        "rate": rate,
        "warm": WARM,
        "seconds": SECONDS,
        "all": [
            {"name": one.name, "judge": str(one.judge), "event": str(one.event), "headers": own}
            for one, own in zip(tablets, headers, strict=True)
        ],
    }
    line = [sys.executable, "-m", "tests.bench.load"]
    done = subprocess.run(line, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True, cwd=HERE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


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


def _environment(dsn: str) -> dict[str, str]:
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
