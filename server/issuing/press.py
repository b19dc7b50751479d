"""Runs in the printing processes only: WeasyPrint costs a second and a hundred megabytes that no web process needs."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import importlib
import json
import multiprocessing
import resource
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from certificates import characters, fonts
from certificates.certificate import Certificate as Paper
from certificates.comparing import alike
from certificates.keys import Key, Token
from certificates.own.archive import read
from certificates.own.checking import Checked, check, told
from certificates.own.faults import Fault, Faulty, TooLong
from certificates.own.setting import OwnPress
from certificates.rendering import Fetched, Press, former_workshop, workshop
from certificates.signing import sign
from certificates.versions import Former, ours

if TYPE_CHECKING:
    from server.settings import Authority

LONGEST = 120
"""Seconds of the processor that a press may take over one piece of work. Then it ends, and what it had in hand is begun again.
Not seconds of the clock: a press gives way, and on a busy machine it may wait for long without any fault of its own."""
LONGEST_IN_ALL = 1800
"""Seconds of the clock, for a press that does nothing any more."""
LONGEST_OF_OWN = 20
"""Seconds of the processor that one page in an organiser's own template may take, or its samples together."""
LONGEST_ON_THE_CLOCK = 150
"""Seconds of the clock for the same."""
GRACE = 10
"""Seconds of the processor after which the system ends a process in the midst of a library that hears of no limit."""
_faces = fonts.VENDORED


def press(design: str | Former, *, to_be_cut: bool = False) -> Press:
    """The process keeps a design's fonts and layouts for the next ones, until a character is added to the faces."""
    global _faces
    if _faces != (standing := fonts.standing()):
        _faces = standing
        workshop.cache_clear()
        former_workshop.cache_clear()
    name, kept = (design.design, design.sources) if isinstance(design, Former) else (design, b"")
    assert isinstance(name, str), "an organiser's own template has a press of its own"
    return Press(name, to_be_cut=to_be_cut, kept=kept)


@functools.lru_cache(maxsize=4)
def own_press(archive: bytes, faces: Path, *, to_be_cut: bool = False, kept: bytes = b"") -> OwnPress:
    """The press of an organiser's own template, from its ZIP, with the faces of a folder."""
    return OwnPress(read(archive), faces, to_be_cut=to_be_cut, kept=kept)


def pages(design: str | bytes | Former, papers: Sequence[Paper], *, to_be_cut: bool = False) -> Iterator[bytes]:
    """The papers in a design of ours, or in an organiser's own template, which is given as its ZIP; either in a former version.

    A page in such a template raises Faulty where it cannot be set, or takes too long.
    """
    if ours(design):
        yield from press(design, to_be_cut=to_be_cut).print(papers)
        return
    archive, kept = (design.design, design.sources) if isinstance(design, Former) else (design, b"")
    assert isinstance(archive, bytes), "it is not one of ours"
    own = own_press(archive, fonts.standing(), to_be_cut=to_be_cut, kept=kept)
    files = own.print(papers)
    for _ in papers:
        try:
            with timely():
                one = next(files)
        except (Exception, Fetched) as error:  # whatever a stranger's page raises; Fetched is no Exception
            raise Faulty(*astuple(told(error, own.own))) from error
        yield one


def check_template(archive: bytes) -> Checked:
    """Whether an organiser's own template can be used, with its samples as pictures. In a process that does nothing else."""
    checked = Checked(Fault("page.slow"), {})
    try:
        with timely():
            checked = check(archive)
    except TooLong:  # a library took no notice of the first one, or it came once more while that was being told
        return checked if checked.fault else Checked(Fault("page.slow"), {})
    return checked


@contextlib.contextmanager
def timely() -> Iterator[None]:
    """Raises TooLong, again and again, once the work in an organiser's template has taken too much of the processor or of the
    clock, and has the system end a process that does not hear it; in a main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    late = False

    def over(*_: object) -> None:
        nonlocal late
        late = True
        raise TooLong

    before = [(one, signal.signal(one, over)) for one in (signal.SIGPROF, signal.SIGALRM)]
    signal.setitimer(signal.ITIMER_PROF, LONGEST_OF_OWN, 1)
    alarm = signal.setitimer(signal.ITIMER_REAL, LONGEST_ON_THE_CLOCK, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if multiprocessing.parent_process() is not None:
        most = int(time.process_time() + LONGEST_OF_OWN + GRACE)
        resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        yield
        if late:  # and a library took no notice
            raise TooLong
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, *alarm)
        for one, as_before in before:
            signal.signal(one, as_before)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def print_and_sign(
    design: str | bytes | Former,
    contents: Sequence[tuple[str, str]],
    by: bytes | Token,
    at: datetime,
    plain: bool = False,
    authority: Authority | None = None,
    before: Sequence[str] = (),
) -> list[tuple[str, bytes]]:
    """The signed PDFs of some certificates, each with its credential, by a key in PEM or in a token, and the SHA-256 that each
    had before it was signed; `plain` has every page rendered by itself. Raises UnusableKey and Unstamped; then none is made.

    `before` has that SHA-256 of those that had a file once, "" for the others; one that comes out otherwise, filled and
    rendered, is not signed: its file is empty.
    """
    papers = [Paper.from_data(json.loads(content)) for content, _ in contents]
    key = by if isinstance(by, Token) else Key.from_pem(by)
    # by its name: what asks an authority costs a tenth of a press's memory, and most presses ask none
    stamping = importlib.import_module("server.issuing.stamping").stamping(authority) if authority else None
    with limited():
        files = plainly(design, papers) if plain and ours(design) else pages(design, papers)
        made = []
        for pdf, paper, (_, credential), was in zip(files, papers, contents, before or [""] * len(papers), strict=True):
            drawn = hashlib.sha256(pdf)
            if was not in ("", drawn.hexdigest()) and ours(design):  # its batch may have been of the other kind
                (pdf,) = (pages if plain else plainly)(design, [paper])
                drawn = hashlib.sha256(pdf)
            told, signed = drawn.hexdigest(), b""
            if was in ("", told):
                signed = sign(pdf, key, at, attached=credential.encode(), stamping=stamping, begun=drawn)
            made.append((told, signed))
        return made


def plainly(design: str | Former, papers: Sequence[Paper]) -> Iterator[bytes]:
    """The papers in a design of ours, every page rendered by itself."""
    shop = press(design).workshop
    return (shop.rendered(shop.sheet(one)) for one in papers)


def specimen(design: str | bytes, content: str) -> bytes:
    """One page as it would be printed, unsigned: to be looked at before anything is issued."""
    with limited():
        (pdf,) = pages(design, [Paper.from_data(json.loads(content))])
        return pdf


def all_alike(design: str | Former, contents: Sequence[str]) -> bool:
    """Whether each of these certificates, filled, equals its plain render to the last pixel and word."""
    with limited():
        return all(alike(press(design).workshop, Paper.from_data(json.loads(content))) for content in contents)


def outline(how: str, content: bytes, text: str) -> str:
    """The outline of a character: out of a font (`text` is the character), from a picture, or of the other one in `text`.

    Raises Unusable.
    """
    with limited():
        if how == "font":
            return characters.from_font(content, text)
        return characters.from_picture(content) if how == "picture" else characters.from_other(text, fonts.faces())


def face_with(outlines: Mapping[str, str]) -> bytes:
    """The Kai face with these characters besides its own."""
    with limited():
        return characters.face_with(outlines, fonts.VENDORED / characters.KAI)


def bind(path: str, papers: Sequence[tuple[str | bytes | Former, str]]) -> None:
    """One file for a print shop: the papers (design, content) in their order, on larger sheets with crop marks, unsigned."""
    with contextlib.closing(pypdfium2.PdfDocument.new()) as book:
        for design, content in papers:
            with limited():
                (pdf,) = pages(design, [Paper.from_data(json.loads(content))], to_be_cut=True)
                with contextlib.closing(pypdfium2.PdfDocument(pdf)) as one:
                    book.import_pages(one)
        book.save(path)


def join(path: str, files: Sequence[str]) -> None:
    """One file of the pages of several, in their order."""
    with contextlib.closing(pypdfium2.PdfDocument.new()) as book:
        for file in files:
            with limited(), contextlib.closing(pypdfium2.PdfDocument(file)) as one:
                book.import_pages(one)
        book.save(path)


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """A press that takes too long is ended by its timer; not the program itself, where it prints in a thread of its own."""
    ours = multiprocessing.parent_process() is not None
    if ours:
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
        signal.alarm(LONGEST_IN_ALL)
    try:
        yield
    finally:
        if ours:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.alarm(0)
            trim()


def trim() -> None:
    """Give back what glibc holds of freed photos and pictures: a tenth of a press, for a millisecond."""
    with contextlib.suppress(AttributeError):  # musl and macOS have no such thing, and keep less
        ctypes.CDLL(None).malloc_trim(0)
