"""Files for print shops, made beside the program: asked for once, taken home when they are there, gone after an hour.

A file's name says what is in it, so that whoever asks for the same certificates again gets the same file, and a certificate
that was taken out of force in between leads to another one. A program that was stopped begins anew for whoever looks next.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any
from uuid import uuid4

from litestar.datastructures import State

from server.issuing.closing import whole
from server.issuing.own import printed_in
from server.issuing.pressing import in_a_press, pool
from server.jobs import WORKERS

log = logging.getLogger("podium.binding")
KEPT = 3600.0
"""Seconds for which a file with names and photos lies there."""


class Binding:
    """The files that are being made and those that are ready; one after the other, for they share the presses with printing."""

    def __init__(self, state: State) -> None:
        self._state, self._turn = state, asyncio.Semaphore(1)
        self._tasks: dict[Path, asyncio.Task[None]] = {}
        self._failed: set[Path] = set()
        self._folder = Path(state.settings.data) / "certificates" / "print-shop"
        self._sweep()

    def place_of(self, rows: Sequence[Mapping[str, Any]]) -> Path:
        """Where the file of these certificates in this order stands when it is ready."""
        content = json.dumps([[row["number"], row["design"]] for row in rows])
        return self._folder / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.pdf"

    def state_of(self, place: Path) -> str:
        """ready, computing, failed, or unknown when nobody has asked for it, or an hour has gone."""
        if place.exists():
            return "ready"
        return "computing" if place in self._tasks else "failed" if place in self._failed else "unknown"

    def begin(self, place: Path, rows: Sequence[Mapping[str, Any]]) -> None:
        """Make the file, unless it is there or under way."""
        self._sweep()
        if self.state_of(place) in ("unknown", "failed"):
            self._failed.discard(place)
            self._tasks[place] = asyncio.create_task(self._bind(place, rows))

    async def stop(self) -> None:
        """Nothing half-made stays behind; what is ready goes when its hour is over, here or at the next start."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _bind(self, place: Path, rows: Sequence[Mapping[str, Any]]) -> None:
        part = place.with_name(f"{place.stem}-{uuid4()}.part")  # another program on this folder may make the same file
        try:
            async with self._turn:
                await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
                designs = {design: await printed_in(design) for design in {row["design"] for row in rows}}
                papers = [
                    (designs[row["design"]], json.dumps(whole(row, self._state.sealer), ensure_ascii=False))
                    for row in rows
                ]
                await asyncio.get_running_loop().run_in_executor(
                    self._state.presses, in_a_press, "bind", str(part), papers
                )
                part.replace(place)
                asyncio.get_running_loop().call_later(KEPT, self._sweep)
        except BrokenProcessPool:  # a press died of it
            log.warning("A press died while binding %s certificates", len(rows))
            self._state.presses = pool(WORKERS)
            self._failed.add(place)
        except Exception:  # nobody waits for a background task: what went wrong must stand in the log
            log.exception("%s certificates could not be bound", len(rows))
            self._failed.add(place)
        finally:
            part.unlink(missing_ok=True)
            self._tasks.pop(place, None)

    def _sweep(self) -> None:
        """Take out what lies there for longer than that."""
        for file in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):  # another program was quicker
                if time.time() - file.stat().st_mtime >= KEPT:
                    file.unlink()
