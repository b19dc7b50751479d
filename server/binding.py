"""Files of many pages, made beside the program: asked for once, taken home when they are there, gone after an hour.

A file's name says what is in it, so that whoever asks for the same again gets the same file, and whatever changed in between
leads to another one. A program that was stopped begins anew for whoever looks next.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from litestar.datastructures import State

from server.errors import Refusal

log = logging.getLogger("podium.binding")
KEPT = 3600.0
"""Seconds for which a file with names and photos lies there."""
Told = Callable[[int], None]
"""Called with how much of a file is made."""
Make = Callable[[Path, Told], Awaitable[None]]
"""Writes a file there; raises Refusal where what is in it has to be mended first."""


class Binding:
    """The files that are being made and those that are ready; one after the other, for they share the presses with printing."""

    def __init__(self, state: State) -> None:
        self._state, self._turn = state, asyncio.Semaphore(1)
        self._tasks: dict[Path, asyncio.Task[None]] = {}
        self._made: dict[Path, int] = {}
        self._failed: dict[Path, Refusal | None] = {}
        self._folder = Path(state.settings.data) / "certificates" / "print-shop"
        self._sweep()

    def place_of(self, content: Any) -> Path:
        """Where the file with this in it (anything that is the same JSON each time) stands when it is ready."""
        return self._folder / f"{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]}.pdf"

    def state_of(self, place: Path) -> str:
        """ready, computing, failed, or unknown when nobody has asked for it, or an hour has gone."""
        if place.exists():
            return "ready"
        return "computing" if place in self._tasks else "failed" if place in self._failed else "unknown"

    def made_of(self, place: Path) -> int:
        """How much of a file is made, as its maker counts."""
        return self._made.get(place, 0)

    def why(self, place: Path) -> Refusal | None:
        """What has to be mended before a file can be made, if that is why it failed."""
        return self._failed.get(place)

    def begin(self, place: Path, make: Make) -> None:
        """Make the file, unless it is there or under way."""
        self._sweep()
        if self.state_of(place) in ("unknown", "failed"):
            self._failed.pop(place, None)
            self._tasks[place] = asyncio.create_task(self._bind(place, make))

    async def stop(self) -> None:
        """Nothing half-made stays behind; what is ready goes when its hour is over, here or at the next start."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _bind(self, place: Path, make: Make) -> None:
        part = place.with_name(f"{place.stem}-{uuid4()}.part")  # another program on this folder may make the same file
        try:
            async with self._turn:
                await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
                await make(part, lambda count: self._made.update({place: count}))
                part.replace(place)
                asyncio.get_running_loop().call_later(KEPT, self._sweep)
        except Refusal as refusal:
            self._failed[place] = refusal
        except Exception:  # nobody waits for a background task: what went wrong must stand in the log
            log.exception("%s could not be bound", place.name)
            self._failed[place] = None
        finally:
            part.unlink(missing_ok=True)
            self._made.pop(place, None)
            self._tasks.pop(place, None)

    def _sweep(self) -> None:
        """Take out what lies there for longer than that."""
        for file in self._folder.glob("*"):
            with contextlib.suppress(FileNotFoundError):  # another program was quicker
                if time.time() - file.stat().st_mtime >= KEPT:
                    file.unlink()
