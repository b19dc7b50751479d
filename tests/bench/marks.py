"""Saving marks: Podium beside FastAPI + SQLAlchemy and Django + gunicorn, on one PostgreSQL that waits for the disk.

256 tablets, each a judge with a session, post one mark after the other as fast as they are answered; every program does
the same work (tests/bench/peers). After each run the ledger is compared with what the tablets were told, and its chain
is walked; a program that lost a mark gets no figure. Rounds alternate between the programs and the middle one counts.
Then the latency of Podium alone at a steady rate, which is what a venue has, also while certificates are printed, and while
thousands of people watch the live boards besides.

The tablets share the machine's cores with the programs and the database, so that everybody is slower than alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from server.database import migrate
from server.database.embedded import running
from tests.bench import board
from tests.bench.serving import (
    HERE,
    Headers,
    Program,
    Row,
    beside,
    csrf,
    environment,
    ledger,
    podium,
    printing,
    said,
    serving,
    sql,
)
from tests.bench.venue import SECRET, Tablet, built

TABLETS, SECONDS, WARM, ROUNDS = 256, 5.0, 1.0, 3
STEADY = 500
"""Marks a second: every judge of a large venue marks at once."""
VIEWERS = 2000
"""Who hold the live boards of the events open while all of that goes on."""
REST = 10.0
"""Seconds between one order of a hundred certificates and the next, which is more than any desk orders while marks are given."""


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
            steady = [_run(dsn, programs[0], 1, tablets, Path(folder), rate=STEADY, rest=n) for n in (None, 0)]
    return [*rows, *steady, *board.measure(VIEWERS, 30.0, ("spread",), STEADY, (None, REST, 0))]


def _programs(venue: str, tablets: list[Tablet]) -> list[Program]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.peers.with_django"],
        env=environment(venue),
        input=json.dumps([str(tablet.judge) for tablet in tablets]),
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
    )
    token = secrets.token_hex(32)
    token += "." + hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    same: Headers = [{"cookie": f"podium={one.session}; podium_csrf={token}", "x-csrf-token": token} for one in tablets]
    return [
        Program("Podium", podium, [{"cookie": f"podium={one.session}"} for one in tablets], one_port=False),
        Program("FastAPI + SQLAlchemy", _fastapi, same),
        Program("Django + gunicorn", _django, json.loads(made.stdout)),
    ]


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
    dsn: str,
    program: Program,
    workers: int,
    tablets: list[Tablet],
    folder: Path,
    rate: int = 0,
    rest: float | None = None,
) -> Row:
    """One program on a fresh copy of the venue: its figures, or AssertionError when its ledger is not what it said."""
    name = f"run_{secrets.token_hex(4)}"
    sql(dsn, f"CREATE DATABASE {name} TEMPLATE venue")
    try:
        with serving(program, workers, beside(dsn, name), folder) as ports:
            token = csrf(ports[0]) if program.name == "Podium" else {}
            headers = [{**own, **token, "cookie": own["cookie"] + token.get("cookie", "")} for own in program.headers]
            with printing(rest):
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
        what = f"Podium, steady {rate}/s{said(rest)}"
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
