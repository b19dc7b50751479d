"""The processes that print: how they begin, how they end, and how work gets into them.

A press imports this module, and by name what its work needs. Nothing here or in `press` may import the database or the
web: that would be a third of the memory that a press is promised to take (tests/server/issuing/test_presses.py).
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import resource
import sys
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import certificates

NICE = 10
"""A tenth of what a process that serves people gets, where both want the processor."""
MOST_MEMORY = 2 << 30
NO_FONTS = Path(certificates.__file__).parent / "fonts" / "none.conf"


def pool(workers: int) -> ProcessPoolExecutor:
    """The processes that print; they give way to whatever serves people."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=as_a_press)


def as_a_press() -> None:
    """A press reads fonts and nothing that it has no use for."""
    give_way()
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


def in_a_press(work: str, *given: Any) -> Any:
    """Work of `server.issuing.press`, done where WeasyPrint is loaded: in a process of the pool, by its name."""
    return getattr(importlib.import_module("server.issuing.press"), work)(*given)


def paper_in_a_press(module: str, paper: str, *given: Any) -> bytes:
    """Any other paper (`certificates.badges`, `papers`, `stations` …), made in a press, by its name."""
    pdf: bytes = getattr(importlib.import_module(f"certificates.{module}"), paper)(*given)
    return pdf
