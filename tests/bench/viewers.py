"""Viewers of live boards over real connections, in a process of their own: each holds a stream open, or asks again and again.

`python -m tests.bench.viewers` reads one JSON object on standard input, writes "ready" when all of them are connected, and
after `seconds` one JSON object: for each event and percentage of marks that a viewer was told of, the moments at which they
were, by the wall's clock.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import uvloop

FIGURE = re.compile(rb'id=\\"board-(E\d\d)\\".*?value=\\"(\d+)\\"')
OF_ONE = re.compile(rb'id=\\"board\\".*?value=\\"(\d+)\\"')


def watching(port: int, viewers: int, seconds: float, codes: list[str], gap: float = 0) -> subprocess.Popen[str]:
    """Viewers of these views in a process of their own, all of them connected; its output is what they were told."""
    asked = {
        "port": port,
        "viewers": viewers,
        "seconds": seconds,
        "path": "/c/measured/live",
        "gap": gap,
        "codes": codes,
    }
    line = [sys.executable, "-m", "tests.bench.viewers"]
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "ready\n", "not everybody was connected"
    return process


@cache
def figures(data: bytes, code: str) -> tuple[tuple[str, int], ...]:
    """What a piece of a stream says: event and percentage. It is the same bytes for everybody, so it is read once."""
    if code:
        return tuple((code, int(found[1])) for found in OF_ONE.finditer(data))
    return tuple((found[1].decode(), int(found[2])) for found in FIGURE.finditer(data))


class Viewer(asyncio.Protocol):
    """One viewer of one view; what the view said first is not news."""

    def __init__(self, code: str, told: dict[tuple[str, int], list[float]], first: asyncio.Future[None]) -> None:
        self.code, self.told, self.first = code, told, first
        self.buffer, self.known, self.lost = b"", dict[str, int](), False
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Whole events only; what is left waits for its rest."""
        now = time.time()
        self.buffer = self.buffer + data if self.buffer else data
        end = self.buffer.rfind(b"\n\n")
        if end < 0:
            return
        whole, self.buffer = self.buffer[: end + 2], self.buffer[end + 2 :]
        self.take(whole, now)

    def take(self, whole: bytes, now: float) -> None:
        """Note what is new in it."""
        for event, percent in figures(whole, self.code):
            if self.known.get(event, percent) != percent:
                self.told.setdefault((event, percent), []).append(now)
            self.known[event] = percent
        if not self.first.done() and self.known:
            self.first.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """It may not be."""
        self.lost = True


class Asker(Viewer):
    """One viewer who asks for the JSON, with the tag that they were given; answered 304 when nothing is new."""

    tag, answers = b"", 0

    def data_received(self, data: bytes) -> None:
        """One answer at a time, by its length."""
        now = time.time()
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", self.buffer[:head]) if head >= 0 else None
        if head < 0 or len(self.buffer) < head + 4 + (int(length[1]) if length else 0):
            return
        if found := re.search(rb"etag: (\S+)", self.buffer[:head]):
            self.tag = found[1]
        self.answers += 1
        self.take(self.buffer[head:], now)
        self.buffer = b""

    async def ask(self, request: bytes, gap: float, end: float) -> None:
        """Every `gap` seconds."""
        await asyncio.sleep(random.random() * gap)
        while time.time() < end:
            self.transport.write(request + b"if-none-match: " + self.tag + b"\r\n\r\n")
            await asyncio.sleep(gap)


async def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Everybody connects, then all watch for the time that was asked for."""
    loop, told = asyncio.get_running_loop(), dict[tuple[str, int], list[float]]()
    kind, viewers, requests = (Asker if asked["gap"] else Viewer), [], []
    accept = "application/json" if asked["gap"] else "text/event-stream"
    for number in range(asked["viewers"]):
        code = asked["codes"][number % len(asked["codes"])]
        path = asked["path"] + (f"/{code}" if code else "")
        lines = f"GET {path}?lang=zh HTTP/1.1\r\nhost: 127.0.0.1:{asked['port']}\r\naccept: {accept}\r\n"
        made = (
            await loop.create_connection(
                lambda code=code: kind(code, told, loop.create_future()), "127.0.0.1", asked["port"]
            )
        )[1]
        made.transport.write(lines.encode() + b"\r\n")
        viewers.append(made)
        requests.append(lines.encode())
        if number % 50 == 49:
            await asyncio.gather(*(one.first for one in viewers[-50:]))
    await asyncio.gather(*(one.first for one in viewers))
    print("ready", flush=True)
    end = time.time() + asked["seconds"]
    asking = [
        asyncio.create_task(one.ask(request, asked["gap"], end))
        for one, request in zip(viewers, requests, strict=True)
        if isinstance(one, Asker)
    ]
    await asyncio.sleep(asked["seconds"])
    await asyncio.gather(*asking)
    return {
        "told": [[event, percent, times] for (event, percent), times in told.items()],
        "lost": sum(one.lost for one in viewers),
        "answers": sum(one.answers for one in viewers if isinstance(one, Asker)),
    }


if __name__ == "__main__":
    first = sys.stdin.readline()
    print(json.dumps(uvloop.run(run(json.loads(first)))))
