"""Tablets that post marks over real connections, in a process of their own: as fast as they are answered, or at a rate.

`python -m tests.bench.load` reads one JSON object on standard input and writes one: how many were stored, what else was
answered, and how long each post took in milliseconds. At a rate (`rate` posts a second over all tablets) a post's time
counts from the moment at which it was due, so that a server that falls behind cannot hide it. As fast as possible, what
counts are the answers that came within the time, however long before it their posts were sent.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import uvloop

from tests.bench.venue import Tablet


@dataclass
class Told:
    """What the tablets were told."""

    took: list[float] = field(default_factory=list)
    stored: int = 0
    busy: int = 0
    others: Counter[str] = field(default_factory=Counter)
    due: dict[str, dict[int, float]] = field(default_factory=dict)
    """Event → sequence of a stored mark → when it was due, by the wall's clock; kept where it is asked for."""


class Connection(asyncio.Protocol):
    """One tablet's connection: a post goes out, its answer comes back."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._received = b""
        self._answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Give an answer to whoever waits once all of it is there."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._answer is None or self._answer.done():
            return
        head = self._received[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._received) >= end + 4 + length:
            answer, self._received = self._received, b""
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits hears of it."""
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("closed before the answer"))

    async def post(self, data: bytes) -> bytes:
        """The whole answer."""
        if self._transport is None:
            raise ConnectionResetError("closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        return await self._answer


async def tablet(
    port: int, head: bytes, bodies: Iterator[bytes], begin: float, asked: dict[str, Any], told: Told, event: str
) -> None:
    """One tablet at work from `begin` until its time is over; what happened in the warm-up is not counted."""
    gap = asked["tablets"] / asked["rate"] if asked["rate"] else 0.0
    due = begin + random.random() * (gap or 0.2)
    counted, end = begin + asked["warm"], begin + asked["warm"] + asked["seconds"]
    connection: Connection | None = None
    loop, wall = asyncio.get_running_loop(), time.time() - time.perf_counter()
    for body in bodies:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sent = due if gap else time.perf_counter()
        if sent >= end:
            return
        try:
            if connection is None:
                connection = (await loop.create_connection(Connection, "127.0.0.1", port))[1]
            answer = await connection.post(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        except OSError as problem:
            connection = None
            told.others[type(problem).__name__] += 1
        else:
            if b'stored"' in answer:
                told.stored += 1
                if asked.get("log"):
                    (row,) = json.loads(answer.split(b"\r\n\r\n", 1)[1])["answers"]
                    told.due.setdefault(event, {})[row["sequence"]] = sent + wall
            else:
                told.others[answer[:400].decode(errors="replace")] += 1
            now = time.perf_counter()
            if counted <= (sent if gap else now) <= end:
                told.took.append((now - sent) * 1000)
        due = due + gap if gap else 0.0


async def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Every tablet at once; tablet n talks to port n modulo the number of ports."""
    told, begin = Told(), time.perf_counter() + 0.5
    work = []
    for number, one in enumerate(asked["all"][: asked["tablets"]]):
        port = asked["ports"][number % len(asked["ports"])]
        lines = [f"POST {asked['path']} HTTP/1.1", f"host: 127.0.0.1:{port}", "content-type: application/json"]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in one["headers"].items()), ""]).encode()
        bodies = Tablet(one["name"], UUID(one["judge"]), "", UUID(one["event"])).marks(one.get("after", 0))
        work.append(tablet(port, head, bodies, begin, asked, told, one["event"]))
    await asyncio.gather(*work)
    return {
        "took": sorted(told.took),
        "stored": told.stored,
        "others": dict(told.others.most_common(5)),
        "due": told.due,
    }


if __name__ == "__main__":
    told = uvloop.run(run(json.load(sys.stdin)))
    with open(
        sys.stdout.fileno(), "w", closefd=False
    ) as out:  # an unbuffered stdout drops what a pipe does not take at once
        json.dump(told, out)
