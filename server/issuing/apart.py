"""Work in an organiser's own template: in a process that does nothing else, and ends with it.

Whatever a stranger's template does to its process, no press that prints for others dies of it, and nobody else's work waits
in it. An organiser has one such process at a time, so that others wait for a piece of their work and not for all of it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import astuple
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from certificates.own.faults import Faulty
from certificates.versions import Former, ours
from server.errors import Refusal
from server.issuing.own import organiser_of
from server.issuing.pressing import FOLDER, NICE, in_a_press, only_for
from server.issuing.template_faults import refused

AT_ONCE = 2
MOST_MEMORY = 1 << 30
LONGEST, LONGEST_PAGE = 120, 15
"""Seconds of the clock after which a process is ended: to begin, and for each page. It gives way to everybody, and on a busy
machine gets little of the processor; what it may take of that is limited in `press`."""
_places = asyncio.Semaphore(AT_ONCE)
_turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def set_in(
    designs: Collection[str | bytes | Former], pages: int, competition: UUID, presses: Executor, work: str, *given: Any
) -> Any:
    """Work of `server.issuing.press` on pages in these designs: in the presses, or apart where one is an organiser's template.

    Raises Refusal `template.…` where the template fails, and what the work raises.
    """
    if all(ours(design) for design in designs):
        return await asyncio.get_running_loop().run_in_executor(presses, in_a_press, work, *given)
    return await apart(await organiser_of({"id": competition}), pages, work, *given)


async def apart(organiser: UUID, pages: int, work: str, *given: Any) -> Any:
    """The same in a process of its own, which is ended with the work, or when its time is over, or when nobody waits any more."""
    turn = _turns.setdefault(organiser, asyncio.Lock())
    async with turn, _places:
        folder = tempfile.TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = SpawnProcess(target=only_for, args=(theirs, NICE, MOST_MEMORY, folder.name, work, given), daemon=True)
        seconds = LONGEST + LONGEST_PAGE * pages
        try:
            async with asyncio.timeout(seconds):
                answer = await asyncio.to_thread(_answer_of, process, ours, theirs)
        except TimeoutError:
            raise refused("page.late", detail=f"{seconds} s") from None
        except EOFError:
            raise refused("page.killed") from None
        finally:
            if process.pid:
                process.kill()
            folder.cleanup()
    if isinstance(answer, Faulty):
        raise refused_for(answer)
    if isinstance(answer, BaseException):
        raise answer
    return answer


def refused_for(error: Faulty) -> Refusal:
    """A fault that a page has, in words."""
    return refused(*astuple(error.fault))


def _answer_of(process: SpawnProcess, ours: Connection, theirs: Connection) -> Any:
    """What a process says; it is begun and ended here, where waiting for it keeps nobody."""
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        ours.close()
        process.kill()
        process.join()
