"""The processes that print: how they begin, how they end, and how work gets into them.

A press imports this module, and by name what its work needs. Nothing here or in `press` may import the database or the
web: that would be a third of the memory that a press is promised to take (tests/server/issuing/test_presses.py).
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import threading
import warnings
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import certificates

log = logging.getLogger("podium.pressing")
NICE = 10
"""A tenth of what a process that serves people gets, where both want the processor."""
MOST_MEMORY = 2 << 30
FOLDER = "podium-presses-"
NO_FONTS = Path(certificates.__file__).parent / "fonts" / "none.conf"


class Presses(Executor):
    """The processes that print. When one dies, what they had in hand is begun once more, each piece in a process of its own, so
    that only what ends its press fails with BrokenProcessPool; what waits goes on in new ones."""

    def __init__(self, workers: int) -> None:
        self._workers, self._free, self._ended = workers, workers, False
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)
        self._pool = pool(workers, self._folder.name)

    def submit(self, work: Callable[..., Any], /, *given: Any, **more: Any) -> Future[Any]:
        """As any executor."""
        promised: Future[Any] = Future()
        self._waiting.append((promised, functools.partial(work, *given, **more)))
        self._go_on()
        return promised

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """What waits is begun no more."""
        self._ended = True
        while self._waiting:
            self._waiting.popleft()[0].cancel()
        self._pool.shutdown(wait, cancel_futures=cancel_futures)
        self._folder.cleanup()

    def _go_on(self) -> None:
        """A press has no more in hand than one piece: so it is known what may have ended it."""
        while True:
            with self._lock:
                if not self._waiting or not self._free or self._ended:
                    return
                promised, work = self._waiting.popleft()
                if not promised.set_running_or_notify_cancel():
                    continue
                self._free -= 1
                at = self._pool
            self._begin(promised, work, at, alone=False)

    def _begin(self, promised: Future[Any], work: Callable[[], Any], at: ProcessPoolExecutor, *, alone: bool) -> None:
        try:
            begun: Future[Any] = at.submit(work)
        except RuntimeError as broken:  # BrokenProcessPool, or it was shut down meanwhile
            begun = Future()
            begun.set_exception(broken)
        begun.add_done_callback(functools.partial(self._over, promised, work, at, alone))

    def _over(
        self, promised: Future[Any], work: Callable[[], Any], at: ProcessPoolExecutor, alone: bool, begun: Future[Any]
    ) -> None:
        died = CancelledError() if begun.cancelled() else begun.exception()
        with self._lock:
            again = isinstance(died, BrokenProcessPool) and not alone and not self._ended
            if again and at is self._pool:
                log.warning("A press died; there are new ones")
                self._pool = pool(self._workers, self._folder.name)
        if again:
            self._begin(promised, work, pool(1, self._folder.name), alone=True)
            return
        if alone and not isinstance(died, BrokenProcessPool):
            at.shutdown(wait=False)
        if died:
            promised.set_exception(died)
        else:
            promised.set_result(begun.result())
        with self._lock:
            self._free += 1
        self._go_on()


def pool(workers: int, folder: str = "") -> ProcessPoolExecutor:
    """The processes that print; they give way to whatever serves people."""
    spawned = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=spawned, initializer=as_a_press, initargs=(NICE, folder))


def as_a_press(nice: int = NICE, folder: str = "") -> None:
    """A press reads fonts and nothing that it has no use for. WeasyPrint's copies of the fonts lie in this `folder`, which whoever
    started the press takes away: one that is killed takes nothing away."""
    give_way(nice, folder)
    tempfile.tempdir = folder or None
    # Pages bring their fonts along; those of the machine would be mapped, take megabytes and decide nothing.
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
    # fontTools prefers lxml to Python's own parser: four megabytes, for files that no press reads. A deck imports it later on.
    sys.modules["lxml"] = None  # type: ignore[assignment]  # so that importing it fails
    importlib.import_module("fontTools.subset")
    del sys.modules["lxml"]


def give_way(nice: int = NICE, folder: str = "") -> None:
    """Whoever works beside the program is patient with everybody else, takes no more memory than it is given, and ends with its
    `folder` when the program that started it is gone, however it went."""
    os.nice(nice)
    if sys.platform == "linux":
        _give_way_as_a_group(nice)
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()


def _give_way_as_a_group(nice: int) -> None:
    """Linux shares the processors out among sessions first (sched(7), autogroup), so that a nice process takes as much from the
    database, which has a session of its own, as any other does. A press has its own as well, and all of that is nice.
    """
    # The leader of a session stays in it; a kernel without such groups needs nothing.
    with contextlib.suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


def _end_with_parent(folder: str = "") -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)


def only_for(pipe: Connection, nice: int, memory: int, folder: str, work: str, given: tuple[Any, ...]) -> None:
    """All that a process does that is there for one piece of work: what comes of it, or what it raises, goes into the pipe."""
    as_a_press(nice, folder)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    try:
        answer = in_a_press(work, *given)
    except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
        answer = error
    pipe.send(answer)


def in_a_press(work: str, *given: Any) -> Any:
    """Work of `server.issuing.press`, done where WeasyPrint is loaded: in a process of the pool, by its name."""
    return getattr(importlib.import_module("server.issuing.press"), work)(*given)


def paper_in_a_press(module: str, paper: str, *given: Any) -> bytes:
    """Any other paper (`certificates.badges`, `papers`, `stations` …), made in a press, by its name."""
    pdf: bytes = getattr(importlib.import_module(f"certificates.{module}"), paper)(*given)
    return pdf
