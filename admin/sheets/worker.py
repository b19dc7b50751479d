"""Runs a function on somebody's file in a process of its own, with a limit on memory and time.

`in_worker` blocks: a server calls it from a thread, or awaits `in_worker_async`. A worker is a Python process that has
the readers loaded already and waits on a pipe, so that a workbook costs milliseconds and not the start of an
interpreter. It takes one job at a time. One that exceeds its limits is killed and the file refused; one that has grown
or worked long enough is replaced. It dies with the program that started it, because its pipe closes.
"""

import asyncio
import atexit
import logging
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from admin.sheets.wording import problem
from scoring.verdict import Problems

Given = ParamSpec("Given")
Result = TypeVar("Result")

SECONDS = 20
MEMORY = 512 << 20
AT_ONCE = 2
"""Workers at the same time; more files wait their turn, for `PATIENCE` seconds at most."""
PATIENCE = 60
JOBS = 100
"""Jobs after which a worker is replaced by a fresh one; so is one whose memory has once grown to `GROWN`."""
GROWN = 256 << 20
ROOT = str(Path(__file__).resolve().parents[2])
PRELOADED = (
    "admin.sheets.pool, admin.sheets.registration, admin.sheets.returned, admin.sheets.scheme, admin.sheets.worker"
)
LENGTH = 8

log = logging.getLogger(__name__)
slots = threading.BoundedSemaphore(AT_ONCE)
idle: list["Worker"] = []


class Worker:
    """One process and its two pipes."""

    def __init__(self) -> None:
        path = [ROOT, *(entry for entry in sys.path if entry != ROOT)]
        program = f"import sys; sys.path[:] = {path!r}; import {PRELOADED}; admin.sheets.worker.serve()"
        quiet = os.environ | {"RUST_BACKTRACE": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=quiet
        )
        self.jobs = self.peak = 0

    def ask(self, job: bytes, until: float) -> bytes:
        """The answer to a job; TimeoutError when there is none in time, EOFError when the process died of it."""
        try:
            os.write(self.into, len(job).to_bytes(LENGTH))
            for start in range(0, len(job), 1 << 20):
                self.send(job[start : start + (1 << 20)])
        except BrokenPipeError as error:
            raise EOFError from error
        self.jobs += 1
        return self.receive(int.from_bytes(self.receive(LENGTH, until)), until)

    def send(self, part: bytes) -> None:
        """Writes all of a part; a pipe may take less at once."""
        while part:
            part = part[os.write(self.into, part) :]

    def receive(self, size: int, until: float) -> bytes:
        """So many bytes from the process."""
        parts, missing = [], size
        waiting = select.poll()
        waiting.register(self.out, select.POLLIN)
        while missing:
            left = until - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise TimeoutError
            part = os.read(self.out, min(missing, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    @property
    def into(self) -> int:
        """The pipe that the process reads."""
        return self.process.stdin.fileno() if self.process.stdin else -1

    @property
    def out(self) -> int:
        """The pipe that the process writes."""
        return self.process.stdout.fileno() if self.process.stdout else -1

    def stop(self) -> None:
        """Ends the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


def in_worker(function: Callable[Given, Result], /, *args: Given.args, **named: Given.kwargs) -> Result:
    """What the function returns. Raises Problems: its own, or that the file was too slow, too heavy or unreadable.

    The function and its arguments are pickled, so that it must be one that a module has at its top.
    """
    job = pickle.dumps((function, args, named))
    if not slots.acquire(timeout=PATIENCE):
        raise Problems((problem("workbook.busy"),))
    try:
        worker = take()
        try:
            kind, peak, answer = pickle.loads(worker.ask(job, time.monotonic() + SECONDS))
        except TimeoutError as error:
            worker.stop()
            raise Problems((problem("workbook.too-slow", seconds=SECONDS),)) from error
        except (EOFError, OSError) as error:
            worker.stop()
            raise Problems((problem("workbook.too-heavy"),)) from error
        worker.peak = peak
        give_back(worker)
    finally:
        slots.release()
    if kind == "refused":
        raise Problems(answer)
    if kind == "heavy":
        raise Problems((problem("workbook.too-heavy"),))
    if kind == "failed":
        log.error("a reader failed on a file:\n%s", answer)
        raise Problems((problem("workbook.unreadable"),))
    return cast(Result, answer)


async def in_worker_async(function: Callable[Given, Result], /, *args: Given.args, **named: Given.kwargs) -> Result:
    """The same without holding up the event loop."""
    return await asyncio.to_thread(in_worker, function, *args, **named)


def warm() -> None:
    """Starts a worker ahead of the first file; returns at once."""
    if not idle:
        idle.append(Worker())


def take() -> Worker:
    """A worker that waits, or a new one."""
    while idle:
        worker = idle.pop()
        if worker.process.poll() is None:
            return worker
        worker.stop()
    return Worker()


def give_back(worker: Worker) -> None:
    """Keeps a worker for the next file, or ends it when it has done enough."""
    if worker.jobs < JOBS and worker.peak < GROWN:
        idle.append(worker)
    else:
        worker.stop()


@atexit.register
def stop_all() -> None:
    """Ends the waiting workers."""
    while idle:
        idle.pop().stop()


def serve() -> None:
    """The worker's life: one job after the other until the pipe closes. What a job prints goes to the error stream."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while head := sys.stdin.buffer.read(LENGTH):
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS + 5, resource.RLIM_INFINITY))
        kind, answer = done(sys.stdin.buffer.read(int.from_bytes(head)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        packed = pickle.dumps((kind, peak, answer))
        answers.write(len(packed).to_bytes(LENGTH) + packed)
        answers.flush()


def done(job: bytes) -> tuple[str, object]:
    """One job's outcome, with the kind that tells `in_worker` what it is."""
    try:
        function, args, named = pickle.loads(job)
        return "done", function(*args, **named)
    except Problems as refused:
        return "refused", refused.problems
    except MemoryError:
        return "heavy", None
    except Exception:  # noqa: BLE001 - the file is somebody's: whatever it does to a reader must not end the worker
        return "failed", traceback.format_exc()
