"""A hundred thousand certificates to disk, as the program does it: credential, page, signature, file with fsync; pages and
signatures in its presses, which know no database, the rest in the program.

Shown for every tenth of them: certificates a second, the most memory that a press has had so far, and the memory of the program
that hands them out, which must stay flat. How many: `PODIUM_MASS`, 100 000 if it is not set.
"""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psutil

from certificates.certificate import Certificate
from certificates.credential import Issuer
from server.issuing.credentials import Attestor
from server.issuing.pressing import in_a_press, pool
from server.issuing.printing import CHUNK, keep, place_of
from server.results.flow import canonical
from tests.bench.certificates import Row, credential_key, peak, people, signing_key

AT = datetime(2026, 10, 18, tzinfo=UTC)
WORKERS, PARTS, CROWD, AT_ONCE = 2, 10, 2000, 8


def measure() -> list[Row]:
    """One row for each tenth."""
    count = int(os.environ.get("PODIUM_MASS", "100000"))
    crowd, rows = people(CROWD), []
    with (
        tempfile.TemporaryDirectory(prefix="podium-mass-") as folder,
        pool(WORKERS) as presses,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        for part in range(PARTS):
            begin, done = time.perf_counter(), 0
            chunks = chunked(range(part * count // PARTS, (part + 1) * count // PARTS))
            waiting = {submit(threads, presses, folder, one, crowd) for one in islice(chunks, AT_ONCE)}
            while waiting:
                done += waiting.pop().result()
                waiting |= {submit(threads, presses, folder, one, crowd) for one in islice(chunks, 1)}
            rows.append(row((part + 1) * count // PARTS, done / (time.perf_counter() - begin)))
        rows[-1]["files"] = sum(1 for _ in Path(folder).glob("*.pdf"))
    return rows


def chunked(numbers: range) -> Iterator[range]:
    return (numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK))


def submit(
    threads: ThreadPoolExecutor, presses: ProcessPoolExecutor, folder: str, numbers: range, crowd: list[Certificate]
) -> Future[int]:
    return threads.submit(printed, presses, folder, numbers, [crowd[n % CROWD] for n in numbers])


def printed(presses: ProcessPoolExecutor, folder: str, numbers: range, papers: list[Certificate]) -> int:
    """The files of these certificates, each under a number of its own."""
    by, pem = attestor(), signing_key().to_pem()
    said = [
        (canonical({**paper.as_data(), "number": f"PD2026-{n:06}"}), by.credential(paper, n))
        for n, paper in zip(numbers, papers, strict=True)
    ]
    files = presses.submit(in_a_press, "print_and_sign", "classical", said, pem, AT).result()
    for n, (_, pdf) in zip(numbers, files, strict=True):
        keep(place_of(Path(folder), f"PD2026-{n:06}"), pdf)
    return len(numbers)


@functools.cache
def attestor() -> Attestor:
    """Who attests."""
    return Attestor(Issuer("measurement", "https://podium.example"), credential_key(), AT, signing_key())


def row(done: int, speed: float) -> Row:
    presses = [peak(child.pid) for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    return {
        "certificates": done,
        "a second": round(speed),
        "press MB": round(max(presses)),
        "program MB": round(psutil.Process().memory_info().rss / 2**20),
    }
