"""Viewers of live boards over real connections, in a process of their own: each holds a stream open, or asks again and again.

`python -m tests.bench.viewers` reads one JSON object on standard input, writes "ready" when all of them are connected, and
after `seconds` one JSON object: for each event and percentage of marks that a viewer was told of, the moments at which they
were, by the wall's clock. It reads its sockets by hand: what viewers take of the processors they share, nobody else has.
"""

from __future__ import annotations

import heapq
import json
import random
import re
import select
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

TOGETHER = 20
"""So many connect before what came is read."""
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


class Viewer:
    """One viewer of one view, who reads a stream; what the view said first is not news."""

    WHOLE = b"\n\n\r\n"
    """An event ends with an empty line, and with it the chunk that it came in."""

    def __init__(self, code: str, request: bytes, told: dict[tuple[str, int], list[float]]) -> None:
        self.code, self.request, self.told = code, request, told
        self.buffer, self.known = b"", dict[str, int]()

    def read(self, data: bytes, now: float) -> None:
        """Whole events only; what is left waits for its rest."""
        if self.buffer:
            data = self.buffer + data
        if data.endswith(self.WHOLE):
            self.buffer = b""
            self.take(data, now)
        else:
            self.buffer = data

    def take(self, whole: bytes, now: float) -> None:
        """Note what is new in it."""
        for event, percent in figures(whole, self.code):
            if self.known.get(event, percent) != percent:
                self.told.setdefault((event, percent), []).append(now)
            self.known[event] = percent


class Asker(Viewer):
    """One viewer who asks for the JSON, with the tag that they were given; answered 304 when nothing is new."""

    def read(self, data: bytes, now: float) -> None:
        """One answer at a time, by its length."""
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", self.buffer[:head]) if head >= 0 else None
        if head < 0 or len(self.buffer) < head + 4 + (int(length[1]) if length else 0):
            return
        if found := re.search(rb"etag: (\S+)", self.buffer[:head]):
            self.request = self.request.split(b"if-none-match", 1)[0] + b"if-none-match: " + found[1] + b"\r\n"
        self.take(self.buffer[head:], now)
        self.buffer = b""


class Crowd:
    """All of them and their sockets, `gap` seconds between two questions of one; 0 for streams, which are asked for once."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.told, self.gap, self.lost = dict[tuple[str, int], list[float]](), asked["gap"], 0
        self._poll, self._all = select.epoll(), dict[int, tuple[socket.socket, Viewer]]()
        self._due: list[tuple[float, int]] = []
        accept = "application/json" if self.gap else "text/event-stream"
        for number in range(asked["viewers"]):
            code = asked["codes"][number % len(asked["codes"])]
            path = asked["path"] + (f"/{code}" if code else "")
            lines = f"GET {path}?lang=zh HTTP/1.1\r\nhost: 127.0.0.1:{asked['port']}\r\naccept: {accept}\r\n"
            door = socket.create_connection(("127.0.0.1", asked["port"]))
            self._poll.register(door.fileno(), select.EPOLLIN)
            self._all[door.fileno()] = (door, (Asker if self.gap else Viewer)(code, lines.encode(), self.told))
            heapq.heappush(self._due, (time.time() + random.random() * self.gap, door.fileno()))
            if number % TOGETHER == 0:
                self.watch(time.time())
        while not all(viewer.known for _, viewer in self._all.values()):
            self.watch(time.time() + 0.1)

    def watch(self, end: float) -> None:
        """Read whatever comes, and ask whoever is due, until then."""
        while True:
            wait = min(end, self._due[0][0] if self._due else end) - time.time()
            for number, _ in self._poll.poll(max(0, wait)):
                door, viewer = self._all[number]
                if data := door.recv(1 << 16):
                    viewer.read(data, time.time())
                else:
                    self._poll.unregister(number)
                    self.lost += 1
            while self._due and self._due[0][0] <= time.time():
                due, number = heapq.heappop(self._due)
                door, viewer = self._all[number]
                door.sendall(viewer.request + b"\r\n")
                if self.gap:
                    heapq.heappush(self._due, (due + self.gap, number))
            if time.time() >= end:
                return


if __name__ == "__main__":
    asked = json.loads(sys.stdin.readline())
    crowd = Crowd(asked)
    print("ready", flush=True)
    crowd.watch(time.time() + asked["seconds"])
    told = [[event, percent, times] for (event, percent), times in crowd.told.items()]
    with open(
        sys.stdout.fileno(), "w", closefd=False
    ) as out:  # an unbuffered stdout drops what a pipe does not take at once
        json.dump({"told": told, "lost": crowd.lost}, out)
