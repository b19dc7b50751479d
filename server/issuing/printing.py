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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar.datastructures import State

from certificates.keys import Token, refuse_unfit
from scoring.verdict import Words
from server.database.piccolo_conf import DB
from server.database.tables import Certificate
from server.errors import Refusal
from server.issuing.apart import set_in
from server.issuing.closing import whole
from server.issuing.keys import believe, signing_key
from server.issuing.losing import EARLIER, Unlike, unlike
from server.issuing.own import called, is_own
from server.issuing.pressing import in_a_press
from server.issuing.versions import as_it_was, kept
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
    """Organisers' templates in which certificates that are issued cannot be set; `words` says which and why. `unlike` are the lost
    files of the same run, which a supervisor decides about meanwhile."""

    def __init__(self, failed: Sequence[tuple[Words, Refusal]], unlike: Unlike | None) -> None:
        self.words = Words(
            "".join(f"模板{template.zh}：{why.words.zh.rstrip('。')}。" for template, why in failed),
            " ".join(f"Template {template.en}: {why.words.en.rstrip('.')}." for template, why in failed),
        )
        self.unlike = unlike
        super().__init__(self.words.en)


def place_of(folder: Path, number: str) -> Path:
    """Where the PDF of a certificate is kept."""
    return folder / f"{number}.pdf"


async def file_of(state: State, competition: Mapping[str, Any], number: str) -> bytes:
    """The PDF of a printed certificate, of a competition's `id` and `slug`.

    Raises Refusal `certificate.lost` where the file is gone: then it is being printed again.
    """
    folder = Path(state.settings.data) / "certificates" / str(competition["slug"])
    try:
        return await asyncio.to_thread(place_of(folder, number).read_bytes)
    except FileNotFoundError:
        await state.printing.begin_with_lost(competition["id"])
        words = Words(
            "这份证书的文件丢失了，正在重新印制。", "The file of this certificate was lost; it is being printed again."
        )
        raise Refusal("certificate.lost", words, Words("请过一会儿再下载。", "Download it in a moment.")) from None


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
    not printed then is printed by the next call. After everything else is printed, raises Unset where templates fail, and Unlike
    where a file that was lost would not come out as it was, or nothing tells whether it would; Unset with it where both are so.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    key = await signing_key(sealer, issuer, now, pin)
    refuse_unfit(key.certificate, now)
    by = key if isinstance(key, Token) else key.to_pem()
    if authority:
        await believe(authority.trust, now)
    rows, lost = await _owed(competition, sealer, now)
    chunks = [
        (design, some)
        for design, of_it in groupby(rows, key=drawn_in)
        for some in batched(list(of_it), STAMPED if authority else CHUNK)
    ]
    templates = {design: await as_it_was(*design) for design, _ in chunks}
    # What had a file is held to that file.
    compared = [row for row in rows if not is_own(row["design"]) and not row["drawn_sha256"]]
    plain = not await alike(compared, templates, processes)
    run = _Run(competition, folder, processes, templates, by, key.fingerprint, plain, authority, lost)
    tasks = [asyncio.create_task(run.print(design, chunk)) for design, chunk in chunks]
    done = 0
    try:
        for finished in asyncio.as_completed(tasks):
            done += await finished
            yield done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    gone = await unlike(lost) if lost else None
    if run.failed:
        raise Unset([(await called(design), why) for design, why in run.failed.items()], gone)
    if gone:
        raise gone


async def _owed(competition: UUID, sealer: Sealer, now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What has no file yet, alike papers together, each with the version of its design; and what had a file of which nothing tells
    how it was drawn."""
    columns = (
        Certificate.id, Certificate.number, Certificate.content, Certificate.sealed, Certificate.credential, Certificate.design,
        Certificate.design_version, Certificate.pdf_sha256, Certificate.drawn_sha256,
    )  # fmt: skip
    where = Certificate.printed.is_null() & (Certificate.competition == competition)
    found = [
        {**row, "content": canonical(whole(row, sealer))} for row in await Certificate.select(*columns).where(where)
    ]
    lost = [row for row in found if row["pdf_sha256"] and not row["drawn_sha256"]]
    rows = [row for row in found if not row["pdf_sha256"] or row["drawn_sha256"]]
    fresh = {design: await kept(design, now) for design in {row["design"] for row in rows if not row["design_version"]}}
    for row in rows:
        row["design_version"] = row["design_version"] or fresh[row["design"]]
    return sorted(rows, key=lambda row: (*drawn_in(row), shape(row["content"]), row["number"])), lost


@dataclass
class _Run:
    """One run over what is owed: what all of it shares, and what fails on the way."""

    competition: UUID
    folder: Path
    processes: ProcessPoolExecutor
    templates: Mapping[tuple[str, str], Any]
    by: Token | bytes
    fingerprint: str
    plain: bool
    authority: Authority | None
    lost: list[dict[str, Any]]
    """Certificates that would not come out as their lost file was."""
    failed: dict[str, Refusal] = field(default_factory=dict)
    """An organiser's template, and why it cannot be set; nothing more is tried in it."""
    one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def print(self, design: tuple[str, str], chunk: Sequence[dict[str, Any]]) -> int:
        """Print certificates of one design and keep their files; how many."""
        at, (name, _), template = datetime.now(UTC), design, self.templates[design]
        said = [(row["content"], row["credential"]) for row in chunk]
        before = [row["drawn_sha256"] for row in chunk]
        given = (template, said, self.by, at, self.plain, self.authority, before)
        async with self.one_by_one if is_own(name) else contextlib.nullcontext():
            if name in self.failed:
                return 0
            try:
                pdfs = await set_in([template], len(chunk), self.competition, self.processes, "print_and_sign", *given)
            except Refusal as why:
                self.failed[name] = why
                return 0
        done = 0
        for row, (drawn, pdf) in zip(chunk, pdfs, strict=True):
            if pdf:
                done += await keep_once(row, drawn, pdf, self.folder, self.fingerprint, at)
            else:
                self.lost.append(row)
        return done


def drawn_in(row: Mapping[str, Any]) -> tuple[str, str]:
    """A certificate's design and its version."""
    return row["design"], row["design_version"]


async def alike(
    rows: Sequence[Mapping[str, Any]], templates: Mapping[tuple[str, str], Any], processes: ProcessPoolExecutor
) -> bool:
    """Whether a hundredth of a batch, drawn by lot and at least three, equals its plain render before anything is kept.

    Where it does not, the whole batch is rendered plainly: slower, and beyond doubt.
    """
    lot = random.sample(list(rows), min(len(rows), max(LEAST_COMPARED, len(rows) // 100)))
    by_design = [(drawn_in(row), row["content"]) for row in sorted(lot, key=drawn_in)]
    loop = asyncio.get_running_loop()
    asked = [
        loop.run_in_executor(processes, in_a_press, "all_alike", templates[design], [content for _, content in some])
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


async def keep_once(row: dict[str, Any], drawn: str, pdf: bytes, folder: Path, by: str, at: datetime) -> bool:
    """Keep a certificate's file and put it on record, under a lock of its row; not when another program was faster, nor in a
    design that was given up meanwhile. `drawn` is what the file was before it was signed."""
    async with DB.transaction():
        still = (Certificate.id == row["id"]) & Certificate.printed.is_null() & (Certificate.design == row["design"])
        if not await Certificate.select(Certificate.id).where(still).lock_rows().first():
            return False
        await asyncio.to_thread(keep, place_of(folder, row["number"]), pdf)
        digest = hashlib.sha256(pdf).hexdigest()
        changes: dict[Any, Any] = {
            Certificate.printed: at, Certificate.pdf_sha256: digest, Certificate.file_key: by,
            Certificate.design_version: row["design_version"], Certificate.drawn_sha256: drawn,
        }  # fmt: skip
        if row["pdf_sha256"]:
            changes[Certificate.earlier_sha256] = EARLIER
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
