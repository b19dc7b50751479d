"""Printing and signing what was issued: in niced processes, after the commit, again after a crash.

A certificate is printed when its file is on disk under its final name and the database says so. A crash in between
leaves certificates without a file; the next run prints exactly those, and never another number.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from certificates.keys import Token, refuse_unfit
from scoring.verdict import Words
from server.database.piccolo_conf import DB
from server.database.tables import Certificate
from server.errors import Refusal
from server.issuing.apart import set_in
from server.issuing.closing import whole
from server.issuing.keys import believe, signing_key
from server.issuing.own import called, is_own, printed_in
from server.issuing.pressing import in_a_press
from server.results.flow import canonical
from server.sealing import Sealer
from server.settings import Authority

log = logging.getLogger("podium.printing")
LEAST_COMPARED = 3
CHUNK = 24
"""Certificates that a process prints with one set of subset fonts before it answers."""
STAMPED = 6
"""The same where an authority is asked for each of them: what it stamped in vain, because it then fell silent, is little."""


class Unset(Exception):
    """An organiser's template in which a certificate that is issued cannot be set; `words` says which and why."""

    def __init__(self, template: Words, why: Refusal) -> None:
        super().__init__(f"{template.en}: {why}")
        self.words = Words(
            f"模板{template.zh}：{why.words.zh.rstrip('。')}。", f"Template {template.en}: {why.words.en.rstrip('.')}."
        )


def place_of(folder: Path, number: str) -> Path:
    """Where the PDF of a certificate is kept."""
    return folder / f"{number}.pdf"


async def print_pending(
    competition: UUID,
    folder: Path,
    sealer: Sealer,
    issuer: str,
    processes: ProcessPoolExecutor,
    pin: str = "",
    authority: Authority | None = None,
) -> AsyncIterator[int]:
    """Print what has no file yet; yields how many are done each time some are.

    Raises UnusableKey where the key may or can not sign now, and Unstamped where the authority gives no time stamp; what is
    not printed then is printed by the next call. Raises Unset, after everything else is printed, where a template fails.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    key = await signing_key(sealer, issuer, now, pin)
    refuse_unfit(key.certificate, now)
    by = key if isinstance(key, Token) else key.to_pem()
    if authority:
        await believe(authority.trust, now)
    where = Certificate.printed.is_null() & (Certificate.competition == competition)
    columns = (
        Certificate.id, Certificate.number, Certificate.content, Certificate.sealed, Certificate.credential, Certificate.design,
    )  # fmt: skip
    found = [
        {**row, "content": canonical(whole(row, sealer))} for row in await Certificate.select(*columns).where(where)
    ]
    rows = sorted(found, key=lambda row: (row["design"], shape(row["content"]), row["number"]))
    chunks = [
        (design, some)
        for design, of_it in groupby(rows, key=itemgetter("design"))
        for some in batched(list(of_it), STAMPED if authority else CHUNK)
    ]
    plain = not await alike([row for row in rows if not is_own(row["design"])], processes)
    templates = {design: await printed_in(design) for design, _ in chunks}

    failed: dict[str, Refusal] = {}
    one_by_one = asyncio.Lock()

    async def do(design: str, chunk: Sequence[dict[str, str]]) -> int:
        at, template = datetime.now(UTC), templates[design]
        given = (template, [(row["content"], row["credential"]) for row in chunk], by, at, plain, authority)
        async with one_by_one if is_own(design) else contextlib.nullcontext():
            if design in failed:
                return 0
            try:
                pdfs = await set_in([template], len(chunk), competition, processes, "print_and_sign", *given)
            except Refusal as why:
                failed[design] = why
                return 0
        return sum(
            [await keep_once(row, pdf, folder, key.fingerprint, at) for row, pdf in zip(chunk, pdfs, strict=True)]
        )

    tasks = [asyncio.create_task(do(design, chunk)) for design, chunk in chunks]
    done = 0
    try:
        for finished in asyncio.as_completed(tasks):
            done += await finished
            yield done
        for design, why in failed.items():
            raise Unset(await called(design), why)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def alike(rows: Sequence[Mapping[str, Any]], processes: ProcessPoolExecutor) -> bool:
    """Whether a hundredth of a batch, drawn by lot and at least three, equals its plain render before anything is kept.

    Where it does not, the whole batch is rendered plainly: slower, and beyond doubt.
    """
    lot = random.sample(list(rows), min(len(rows), max(LEAST_COMPARED, len(rows) // 100)))
    by_design = [(row["design"], row["content"]) for row in sorted(lot, key=itemgetter("design"))]
    loop = asyncio.get_running_loop()
    asked = [
        loop.run_in_executor(processes, in_a_press, "all_alike", design, [content for _, content in some])
        for design, of_it in groupby(by_design, key=itemgetter(0))
        for some in batched(list(of_it), CHUNK)
    ]
    same = all(await asyncio.gather(*asked))
    if not same:
        log.error("A filled certificate differs from its plain render: %s are rendered plainly", len(rows))
    return same


def batched(many: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """`size` at a time."""
    return (many[at : at + size] for at in range(0, len(many), size))


def shape(content: str) -> tuple[int, ...]:
    """How long everything is that a certificate says. Papers of one shape share a layout, so one press prints them."""
    said = json.loads(content)
    return tuple(len(said[name]) for name in sorted(said) if isinstance(said[name], str) and name != "photo")


async def keep_once(row: dict[str, Any], pdf: bytes, folder: Path, by: str, at: datetime) -> bool:
    """Keep a certificate's file and put it on record, under a lock of its row; not when another program was faster, nor in a
    design that was given up meanwhile."""
    async with DB.transaction():
        still = (Certificate.id == row["id"]) & Certificate.printed.is_null() & (Certificate.design == row["design"])
        if not await Certificate.select(Certificate.id).where(still).lock_rows().first():
            return False
        await asyncio.to_thread(keep, place_of(folder, row["number"]), pdf)
        digest = hashlib.sha256(pdf).hexdigest()
        changes: dict[Any, Any] = {
            Certificate.printed: at, Certificate.pdf_sha256: digest, Certificate.file_key: by,
        }  # fmt: skip
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
