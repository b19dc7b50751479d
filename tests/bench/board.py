"""Live boards: 5 000 viewers while 200 marks a second arrive; how long an update takes to reach each of them.

The venue is that of `podium bench marks` (32 events, 30 entries, 100 aspects, 8 judges), a third marked, with all boards open
and showing standings. An update is a change of an event's percentage: it is timed from the moment at which the mark that
brings it was due, to the moment at which a viewer has all of it, so that storing the mark, computing the board, waiting for
the next version and telling everybody before are in it. Streams are measured twice, with everybody on the competition's
board (each change goes to all) and spread over the events' own boards, and beside them conditional GETs every two seconds.

Viewers, tablets, program and database share the machine's cores.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from server.database import migrate
from server.database.embedded import running
from tests.bench.serving import HERE, Program, Row, beside, csrf, podium, printing, said, serving, sql
from tests.bench.venue import EVENTS, OPEN_BOARDS, PANEL, SCHEME, Tablet, built, codes
from tests.bench.viewers import watching

VIEWERS, RATE, SECONDS, WARM = 5000, 200, 30.0, 2.0
AFTER, APART = 1020, 3
"""Marks that each tablet of the first event has given before, and how many more those of each next one: ten entries are
complete, some are about to be, and the percentages do not change all at once."""
POLL = 2.0
CELLS = len(codes()) * len(SCHEME.aspects) * PANEL
EACH = [f"E{number:02}" for number in range(EVENTS)]


def measure(
    viewers: int = VIEWERS,
    seconds: float = SECONDS,
    ways: tuple[str, ...] = ("one", "spread", "asking"),
    rate: int = RATE,
    rests: tuple[float | None, ...] = (None,),
) -> list[Row]:
    """Each way of watching on a fresh start of the program, while certificates are printed with each of these rests."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder, running(Path(folder) / "data") as dsn:
        sql(dsn, "CREATE DATABASE venue")
        venue = beside(dsn, "venue")
        asyncio.run(migrate.up(venue))
        tablets = asyncio.run(built(venue))
        asyncio.run(_marked(venue, tablets))
        for way, rest in itertools.product(ways, rests):
            sql(dsn, f"CREATE DATABASE run_{way} TEMPLATE venue STRATEGY FILE_COPY")  # which ends with a checkpoint
            os.sync()
            with printing(rest):
                rows.append(_run(way, beside(dsn, f"run_{way}"), tablets, Path(folder), viewers, seconds, rate))
            rows[-1]["what"] = f"{rows[-1]['what']}{said(rest)}"
            sql(dsn, f"DROP DATABASE run_{way} WITH (FORCE)")
    return rows


def after(place: int) -> int:
    """How many marks the tablet at this place in the list has given before."""
    return AFTER + APART * (place // PANEL)


async def _marked(dsn: str, tablets: list[Tablet]) -> None:
    """The first marks of every tablet, put in directly: their chain is not walked here. And every board opened."""
    connection = await asyncpg.connect(dsn)
    now = datetime.now(UTC)
    names = ("id", "event", "sequence", "entry", "aspect", "judge", "value", "round", "device", "counter", "made_at", "stored_at",
             "replaces", "conflict", "previous", "hash")  # fmt: skip
    sequences: dict[Any, int] = {}
    try:
        for place, one in enumerate(tablets):
            rows = []
            for counter, (id, code, aspect, value) in enumerate(one.given(after(place))):
                sequences[one.event] = sequence = sequences.get(one.event, 0) + 1
                rows.append(
                    (
                        id,
                        one.event,
                        sequence,
                        code,
                        aspect,
                        one.judge,
                        value,
                        1,
                        one.name,
                        counter,
                        now,
                        now,
                        "",
                        False,
                        b"",
                        b"",
                    )
                )
            await connection.copy_records_to_table("mark", records=rows, columns=names)
        for event, sequence in sequences.items():
            await connection.execute("UPDATE mark_head SET sequence = $2 WHERE id = $1", event, sequence)
        await connection.execute(OPEN_BOARDS)
        # No hall begins its day with three hundred thousand marks that are vacuumed and written while others are taken.
        await connection.execute("VACUUM (FREEZE, ANALYZE)")
    finally:
        await connection.close()


def _run(way: str, dsn: str, tablets: list[Tablet], folder: Path, viewers: int, seconds: float, rate: int) -> Row:
    program = Program("Podium", podium, [{"cookie": f"podium={one.session}"} for one in tablets], one_port=False)
    with serving(program, 1, dsn, folder) as (port,):
        token = csrf(port)
        codes = [""] if way == "one" else EACH
        watched = watching(port, viewers, seconds + WARM + 4, codes, POLL if way == "asking" else 0)
        load = _tablets(port, tablets, token, seconds, rate)
        seen = json.loads(watched.communicate()[0])
    assert not load["others"] and not seen["lost"], (load["others"], seen["lost"])
    events = {code: str(tablets[number * PANEL].event) for number, code in enumerate(EACH)}
    took, updates = [], 0
    for code, percent, times in seen["told"]:
        due = load["due"].get(events[code], {}).get(-(-percent * CELLS // 100))
        if due is not None:
            updates += 1
            took += [1000 * (time - due) for time in times]
    took.sort()
    assert took, "nobody was told of anything"
    what = {
        "one": "streams, all on one board",
        "spread": "streams, each event its own",
        "asking": f"GET with ETag every {POLL:g} s",
    }
    return {
        "what": what[way], "viewers": viewers, "marks/s": round(load["stored"] / (seconds + WARM)), "updates": updates, "told": len(took),
        **{f"p{n} ms": round(took[min(len(took) - 1, len(took) * n // 100)]) for n in (50, 95, 99)}, "worst ms": round(took[-1]),
        "mark p99 ms": round(load["took"][len(load["took"]) * 99 // 100], 1),
    }  # fmt: skip


def _tablets(port: int, tablets: list[Tablet], token: dict[str, str], seconds: float, rate: int) -> dict[str, Any]:
    asked = {
        "ports": [port], "path": "/api/marks", "tablets": len(tablets), "rate": rate, "warm": WARM, "seconds": seconds, "log": True,
        "all": [
            {
                "name": one.name, "judge": str(one.judge), "event": str(one.event), "after": after(place),
                "headers": {**token, "cookie": f"podium={one.session}{token['cookie']}"},
            }
            for place, one in enumerate(tablets)
        ],
    }  # fmt: skip
    line = [sys.executable, "-m", "tests.bench.load"]
    done = subprocess.run(line, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True, cwd=HERE)
    told: dict[str, Any] = json.loads(done.stdout)
    for event in told["due"].values():
        event.update({int(sequence): due for sequence, due in list(event.items())})
    return told
