"""Computes proposals of panels beside the program: one process per proposal, gone when it has answered.

A solver keeps a core busy for seconds. Its process is patient with everybody else, is ended when it takes far too long,
and ends when the program that started it is gone.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import Mapping
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any
from uuid import UUID

from server.competitions.proposing import PATIENCE, Question, computed, finish
from server.issuing.pressing import give_way

log = logging.getLogger("podium.proposing")


def work(answers: Connection, question: Question) -> None:
    """The life of the process: one question, one answer."""
    give_way()
    answers.send(computed(question))


def in_a_process(question: Question, running: set[BaseProcess]) -> Mapping[str, Any]:
    """The proposal; blocks until it is there. Raises TimeoutError, or EOFError when the process died of it.

    While it works the process stands in `running`, so that whoever stops the program can end it.
    """
    context = multiprocessing.get_context("spawn")
    answers, its_end = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(its_end, question), daemon=True)
    process.start()
    running.add(process)
    its_end.close()
    try:
        if not answers.poll(PATIENCE.total_seconds()):
            raise TimeoutError
        answer: Mapping[str, Any] = answers.recv()
        return answer
    finally:
        running.discard(process)
        process.kill()
        process.join()
        answers.close()


class Proposing:
    """Proposals under way in this program; a second one waits for the first."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: set[BaseProcess] = set()

    def begin(self, proposal: UUID, question: Question) -> None:
        """Compute a proposal in the background and keep what comes of it."""
        task = asyncio.create_task(self._compute(proposal, question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Give up what is under way; whoever waits for it is told after a while."""
        for task in self._tasks:
            task.cancel()
        for process in tuple(self._running):
            process.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _compute(self, proposal: UUID, question: Question) -> None:
        content = None
        try:
            async with self._turn:
                content = await asyncio.to_thread(in_a_process, question, self._running)
        except (TimeoutError, EOFError):
            log.warning("The proposal %s did not come back", proposal)
        except Exception:  # nobody waits for a background task: what went wrong must stand in the log
            log.exception("The proposal %s failed", proposal)
        await finish(proposal, content, datetime.now(UTC))
