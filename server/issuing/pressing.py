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
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import certificates

log = logging.getLogger("podium.pressing")
NICE = 10
"""A tenth of what a process that serves people gets, where both want the processor."""
MOST_MEMORY = 2 << 30
TRIES = 3
"""How often a piece of work is begun whose press dies."""
NO_FONTS = Path(certificates.__file__).parent / "fonts" / "none.conf"


class Presses(Executor):
    """The processes that print. When one dies, all that they had in hand or that waited for them is begun again in new ones."""

    def __init__(self, workers: int) -> None:
        self._workers, self._ended = workers, False
        self._lock = threading.Lock()
        self._pool = pool(workers)

    def submit(self, work: Callable[..., Any], /, *given: Any, **more: Any) -> Future[Any]:
        """As any executor; what ends its press again and again fails with BrokenProcessPool."""
        promised: Future[Any] = Future()
        self._begin(promised, functools.partial(work, *given, **more), TRIES)
        return promised

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As any executor."""
        self._ended = True
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _begin(self, promised: Future[Any], work: Callable[[], Any], tries: int) -> None:
        at, begun = self._taken(work)
        promised.add_done_callback(lambda ended: begun.cancel() if ended.cancelled() else None)

        def over(begun: Future[Any]) -> None:
            if begun.cancelled():
                promised.cancel()
                return
            died = begun.exception()
            if isinstance(died, BrokenProcessPool) and tries > 1 and not self._ended and not promised.cancelled():
                self._replace(at)
                self._begin(promised, work, tries - 1)
            elif promised.set_running_or_notify_cancel():
                promised.set_exception(died) if died else promised.set_result(begun.result())

        begun.add_done_callback(over)

    def _taken(self, work: Callable[[], Any]) -> tuple[ProcessPoolExecutor, Future[Any]]:
        while True:
            at = self._pool
            try:
                return at, at.submit(work)
            except BrokenProcessPool:
                self._replace(at)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                log.warning("A press died; there are new ones")
                self._pool = pool(self._workers)


def pool(workers: int) -> ProcessPoolExecutor:
    """The processes that print; they give way to whatever serves people."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=as_a_press)


def as_a_press(nice: int = NICE) -> None:
    """A press reads fonts and nothing that it has no use for."""
    give_way(nice)
    # Pages bring their fonts along; those of the machine would be mapped, take megabytes and decide nothing.
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
    # fontTools prefers lxml to Python's own parser: four megabytes, for files that no press reads. A deck imports it later on.
    sys.modules["lxml"] = None  # type: ignore[assignment]
    importlib.import_module("fontTools.subset")
    del sys.modules["lxml"]


def give_way(nice: int = NICE) -> None:
    """Whoever works beside the program is patient with everybody else, takes no more memory than it is given, and ends when the
    program that started it is gone, however it went."""
    os.nice(nice)
    if sys.platform == "linux":
        _give_way_as_a_group(nice)
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _give_way_as_a_group(nice: int) -> None:
    """Linux shares the processors out among sessions first (sched(7), autogroup), so that a nice process takes as much from the
    database, which has a session of its own, as any other does. A press has its own as well, and all of that is nice.
    """
    # The leader of a session stays in it; a kernel without such groups needs nothing.
    with contextlib.suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text(str(nice), encoding="ascii")


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def only_for(pipe: Connection, nice: int, memory: int, work: str, given: tuple[Any, ...]) -> None:
    """All that a process does that is there for one piece of work: what comes of it, or what it raises, goes into the pipe."""
    as_a_press(nice)
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
