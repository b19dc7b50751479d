"""Printing and signing what was issued: in niced processes, after the commit, again after a crash.

A certificate is printed when its file is on disk under its final name and the database says so. A crash in between
leaves certificates without a file; the next run prints exactly those, and never another number.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from server.database.piccolo_conf import DB
from server.database.tables import Certificate
from server.issuing.keys import signing_key
from server.sealing import Sealer

CHUNK = 24
"""Certificates that a process prints with one set of subset fonts before it answers."""


def pool(workers: int) -> ProcessPoolExecutor:
    """The processes that print; they give way to whatever serves people."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=give_way)


def give_way() -> None:
    """A press is patient with everybody else, and ends when the program that started it is gone, however it went."""
    os.nice(10)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def in_a_press(design: str, contents: Sequence[tuple[str, str]], key_pem: bytes, at: datetime) -> list[bytes]:
    """The signed PDFs of some certificates, made where WeasyPrint is loaded: in a process of the pool, by its name."""
    signed: list[bytes] = importlib.import_module("server.issuing.press").print_and_sign(design, contents, key_pem, at)
    return signed


def place_of(folder: Path, number: str) -> Path:
    """Where the PDF of a certificate is kept."""
    return folder / f"{number}.pdf"


async def print_pending(
    competition: UUID, folder: Path, sealer: Sealer, issuer: str, processes: ProcessPoolExecutor
) -> AsyncIterator[int]:
    """Print what has no file yet; yields how many are done each time some are."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    key = (await signing_key(sealer, issuer, datetime.now(UTC))).to_pem()
    where = Certificate.printed.is_null() & (Certificate.snapshot.event.competition == competition)
    columns = (Certificate.id, Certificate.number, Certificate.content, Certificate.credential, Certificate.design)
    query = Certificate.select(*columns)
    rows = sorted(await query.where(where), key=lambda row: (row["design"], shape(row["content"]), row["number"]))
    chunks = [
        (design, of_it[start : start + CHUNK])
        for design, of_it in ((design, list(some)) for design, some in groupby(rows, key=itemgetter("design")))
        for start in range(0, len(of_it), CHUNK)
    ]
    loop = asyncio.get_running_loop()

    async def do(design: str, chunk: Sequence[dict[str, str]]) -> int:
        at = datetime.now(UTC)
        said = [(row["content"], row["credential"]) for row in chunk]
        pdfs = await loop.run_in_executor(processes, in_a_press, design, said, key, at)
        return sum([await keep_once(row, pdf, folder, at) for row, pdf in zip(chunk, pdfs, strict=True)])

    tasks = [asyncio.create_task(do(design, chunk)) for design, chunk in chunks]
    done = 0
    try:
        for finished in asyncio.as_completed(tasks):
            done += await finished
            yield done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def shape(content: str) -> tuple[int, ...]:
    """How long everything is that a certificate says. Papers of one shape share a layout, so one press prints them."""
    said = json.loads(content)
    return tuple(len(said[name]) for name in sorted(said) if isinstance(said[name], str))


async def keep_once(row: dict[str, Any], pdf: bytes, folder: Path, at: datetime) -> bool:
    """Keep a certificate's file and put it on record, under a lock of its row; not when another program was faster."""
    async with DB.transaction():
        still = (Certificate.id == row["id"]) & Certificate.printed.is_null()
        if not await Certificate.select(Certificate.id).where(still).lock_rows().first():
            return False
        await asyncio.to_thread(keep, place_of(folder, row["number"]), pdf)
        changes: dict[Any, Any] = {Certificate.printed: at, Certificate.pdf_sha256: hashlib.sha256(pdf).hexdigest()}
        await Certificate.update(changes).where(Certificate.id == row["id"])
    return True


def keep(path: Path, pdf: bytes) -> None:
    """Write a file whole or not at all."""
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
