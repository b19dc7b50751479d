"""Runs in the printing processes only: WeasyPrint costs a second and a hundred megabytes that no web process needs."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from datetime import datetime

import pypdfium2

from certificates.certificate import Certificate as Paper
from certificates.comparing import alike
from certificates.rendering import Press
from certificates.signing import Key, sign

LONGEST = 120
"""Seconds that a press may take over one piece of work. Then it ends, and what it had in hand is begun again."""
_presses: dict[tuple[str, bool], Press] = {}


def press(design: str, *, to_be_cut: bool = False) -> Press:
    """The process keeps a design's fonts and layouts for the next ones."""
    if (design, to_be_cut) not in _presses:
        _presses[design, to_be_cut] = Press(design, to_be_cut=to_be_cut)
    return _presses[design, to_be_cut]


def print_and_sign(
    design: str, contents: Sequence[tuple[str, str]], key_pem: bytes, at: datetime, plain: bool = False
) -> list[bytes]:
    """The signed PDFs of some certificates, each with its credential; `plain` has every page rendered by itself."""
    papers = [Paper.from_data(json.loads(content)) for content, _ in contents]
    key = Key.from_pem(key_pem)
    with limited():
        shop = press(design).workshop
        files = [shop.rendered(shop.sheet(one)) for one in papers] if plain else press(design).print(papers)
        return [
            sign(pdf, key, at, attached=credential.encode())
            for pdf, (_, credential) in zip(files, contents, strict=True)
        ]


def specimen(design: str, content: str) -> bytes:
    """One page as it would be printed, unsigned: to be looked at before anything is issued."""
    with limited():
        (pdf,) = press(design).print([Paper.from_data(json.loads(content))])
        return pdf


def all_alike(design: str, contents: Sequence[str]) -> bool:
    """Whether each of these certificates, filled, equals its plain render to the last pixel and word."""
    with limited():
        return all(alike(press(design).workshop, Paper.from_data(json.loads(content))) for content in contents)


def bind(path: str, papers: Sequence[tuple[str, str]]) -> None:
    """One file for a print shop: the papers (design, content) in their order, on larger sheets with crop marks, unsigned."""
    with contextlib.closing(pypdfium2.PdfDocument.new()) as book:
        for design, content in papers:
            with limited():
                (pdf,) = press(design, to_be_cut=True).print([Paper.from_data(json.loads(content))])
                with contextlib.closing(pypdfium2.PdfDocument(pdf)) as one:
                    book.import_pages(one)
        book.save(path)


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """A press that takes too long is ended by its alarm; not the program itself, where it prints in a thread of its own."""
    ours = multiprocessing.parent_process() is not None
    if ours:
        signal.alarm(LONGEST)
    try:
        yield
    finally:
        if ours:
            signal.alarm(0)
