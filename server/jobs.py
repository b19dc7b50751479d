"""Work that goes on after an answer was given: printing what was issued, sweeping what may no longer be kept.

What is left to do is read from the database, never from memory, so that it goes on after a crash or on another machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar.datastructures import State
from litestar.stores.memory import MemoryStore

from certificates.keys import UnusableKey
from certificates.stamping import Unstamped
from scoring.verdict import Problems, Words
from server import pipeline
from server.access import PROGRAM
from server.competitions.facts import hosts
from server.competitions.flow import competition_named
from server.database.rows import the_row
from server.database.tables import Certificate, Competition, Event
from server.ending import told_to_end
from server.errors import Refusal
from server.issuing.losing import Unlike, lost
from server.issuing.printing import Unset, print_pending
from server.registration.applications import sweep
from server.results.publishing import due, stop, unplan
from server.results.statistics import measure, stale_in
from server.web.words import both

log = logging.getLogger("podium.jobs")
WORKERS = 2
EVERY = 2
"""Seconds between two looks for what is to be published."""
AGAIN = 60
"""Seconds until printing that waits for a key or an authority is tried again by itself."""
CHOOSE = Words(
    "已给的编号不变；请给这种证书另选一个版式，没有印出的就用那个版式印。",
    "Numbers stay as they were given; choose another design for this kind, and what is not printed yet is printed in that.",
)
WAITS = Words(
    "已给的编号不变；每分钟自动重试一次。", "Numbers stay as they were given; it is tried again every minute."
)


def folder_of(state: State, competition: Mapping[str, Any]) -> Path:
    """Where the PDFs of a competition are kept."""
    return Path(state.settings.data) / "certificates" / str(competition["slug"])


class Printing:
    """Prints one competition at a time per process, in the background."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._asked: set[UUID] = set()
        self._again = asyncio.Event()
        self.held: dict[UUID, Words] = {}
        """Competitions whose printing waits, and for what: a key that cannot be used, an authority that is silent."""
        self.unlike: dict[UUID, Unlike] = {}
        """Competitions with lost files that would not come out as they were, which a supervisor decides about."""

    def begin(self, competition: Mapping[str, Any]) -> None:
        """Print whatever of a competition has no file yet; asked while it prints, it looks once more at the end, and while it
        waits, at once."""
        self._asked.add(competition["id"])
        self._again.set()
        running = self._tasks.get(competition["id"])
        if running is None or running.done():
            self._tasks[competition["id"]] = asyncio.create_task(self._print_asked(competition))

    async def begin_with_lost(self, competition: UUID) -> int:
        """Print also what had a file that is gone; how many those are."""
        row = await the_row(Competition.select().where(Competition.id == competition).output(load_json=True).first())
        count = await lost(competition, folder_of(self._state, row), datetime.now(UTC))
        if count:
            log.warning("%s certificates of %s have lost their files, and are printed again", count, row["slug"])
            self.begin(row)
        return count

    async def resume(self) -> None:
        """Go on with what a stopped program left unprinted."""
        query = Competition.select().where(
            Competition.id.is_in(
                [
                    row["competition"]
                    for row in await Certificate.select(Certificate.competition).where(Certificate.printed.is_null())
                ]
                or [UUID(int=0)]
            )
        )
        for competition in await query.output(load_json=True):
            self.begin(competition)

    async def stop(self) -> None:
        """Leave the rest for the next start."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _print_asked(self, competition: Mapping[str, Any]) -> None:
        while competition["id"] in self._asked:
            self._asked.discard(competition["id"])
            await self._print(competition)

    async def _print(self, competition: Mapping[str, Any]) -> None:
        while True:
            self.unlike.pop(competition["id"], None)
            try:
                await self._print_all(competition)
                self.held.pop(competition["id"], None)
                return
            except Unlike as found:
                log.warning("%s: %s", competition["slug"], found)
                self.held.pop(competition["id"], None)
                self.unlike[competition["id"]] = found
                return
            except Unset as why:  # it would fail again: the organiser chooses another design
                log.warning("Printing of %s waits: %s", competition["slug"], why)
                self.held[competition["id"]] = Words(why.words.zh + CHOOSE.zh, f"{why.words.en} {CHOOSE.en}")
                if why.unlike:
                    self.unlike[competition["id"]] = why.unlike
                return
            except (Unstamped, UnusableKey) as why:
                log.warning("Printing of %s waits: %s", competition["slug"], why)
                self.held[competition["id"]] = held_by(why)
                self._again.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), AGAIN)
            except Exception:  # nobody waits for a background task: what went wrong must stand in the log
                log.exception("Printing of %s stopped; begin it again from the desk", competition["slug"])
                return

    async def _print_all(self, competition: Mapping[str, Any]) -> None:
        state, folder = self._state, folder_of(self._state, competition)
        issuer, told = hosts(competition)[0]["name"], state.settings
        pending = print_pending(
            competition["id"], folder, state.sealer, issuer, state.presses, told.token_pin, told.authority
        )
        async for done in pending:
            self.held.pop(competition["id"], None)
            log.debug("%s: %s printed", competition["slug"], done)


def held_by(why: Unstamped | UnusableKey) -> Words:
    """Why printing waits, for the desk."""
    if isinstance(why, UnusableKey):
        return Words(why.words.zh + WAITS.zh, f"{why.words.en} {WAITS.en}")
    return Words(
        f"时间戳机构没有给出有效的时间戳（{why}）。{WAITS.zh}",
        f"The time-stamp authority gives no time stamp that holds ({why}). {WAITS.en}",
    )


class Measuring:
    """Measures sealed events of one competition at a time, when somebody looks at their statistics."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self.failed: set[tuple[UUID, str]] = set()
        """Events, and what they were to be measured from, that cannot be: they are told and not tried for ever."""

    async def owed(self, competition: UUID) -> tuple[int, int]:
        """How many events of a competition wait to be measured, which begins now, and how many cannot be."""
        stale = {(row["id"], row["basis"]) for row in await stale_in(competition)}
        running = self._tasks.get(competition)
        if stale - self.failed and (running is None or running.done()):
            self._tasks[competition] = asyncio.create_task(self._measure(competition))
        return len(stale - self.failed), len(stale & self.failed)

    async def done(self, competition: UUID) -> None:
        """Return when nothing waits any more: whoever takes a report home takes all of it."""
        while (await self.owed(competition))[0]:
            await asyncio.shield(self._tasks[competition])

    async def stop(self) -> None:
        """Whoever looks next begins it again."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _measure(self, competition: UUID) -> None:
        for row in await stale_in(competition):
            if (row["id"], row["basis"]) in self.failed:
                continue
            try:
                event = await the_row(Event.select().where(Event.id == row["id"]).output(load_json=True).first())
                await measure(event, row["basis"], self._state.presses, datetime.now(UTC))
            except Exception:  # nobody waits for a background task: what went wrong must stand in the log
                log.exception("The statistics of an event could not be computed")
                self.failed.add((row["id"], row["basis"]))


class Sweeping:
    """Takes out, hour by hour, what may no longer be kept of people who applied, and who asked verification how often."""

    def __init__(self, asked: MemoryStore) -> None:
        self._asked = asked
        self._task = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """The next start goes on."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._asked.delete_expired()
                if gone := await sweep(datetime.now(UTC)):
                    log.info("%s applications were swept", gone)
            except Exception:  # nobody waits for a background task: what went wrong must stand in the log
                log.exception("Sweeping failed; it is tried again in an hour")
            if told_to_end():
                return
            await asyncio.sleep(3600)


class Publishing:
    """Publishes events whose moment has come: what is due stands in the database, so that a stop in between loses nothing."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._task = asyncio.create_task(self._publish())

    async def stop(self) -> None:
        """The next start goes on."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _publish(self) -> None:
        while True:
            try:
                await publish_due(self._state, datetime.now(UTC))
            except Exception:  # nobody waits for a background task: what went wrong must stand in the log
                log.exception("Publishing failed; it is tried again")
            if told_to_end():
                return
            await asyncio.sleep(EVERY)


async def publish_due(state: State, now: datetime) -> int:
    """Publish everything whose moment has come; how many events. What cannot be published says why on its page."""
    published = 0
    for one in await due(now):
        event = await the_row(Event.select().where(Event.id == one["event"]).output(load_json=True).first())
        query = Competition.select(Competition.slug).where(Competition.id == event["competition"])
        competition = await competition_named((await the_row(query.first()))["slug"])
        actor = replace(PROGRAM, organisers=frozenset({competition["organiser"]}))
        when = both(one["at"], competition["time_zone"])
        reason = f"{when.zh} / {when.en} · {one['set_by']}"
        step = pipeline.Step(
            competition, event, actor, now, reason, sealer=state.sealer, base_url=state.settings.base_url
        )
        try:
            await pipeline.take(step, "published")
            published += 1
        except Refusal as refusal:
            if refusal.code == "pipeline.order":  # somebody else has published it; or it was taken back
                await unplan(event["id"])
            else:
                await stop(event["id"], f"{refusal.words.zh} {refusal.words.en}")
        except Problems as wrong:
            await stop(event["id"], f"{wrong.problems[0].words.zh} {wrong.problems[0].words.en}")
    return published


async def printed(competition: UUID) -> dict[str, int]:
    """How many certificates of a competition are issued and how many have their file."""
    of_it = Certificate.competition == competition
    issued = await Certificate.count().where(of_it)
    waiting = await Certificate.count().where(of_it & Certificate.printed.is_null())
    return {"issued": issued, "printed": issued - waiting}


async def how_far(state: State, competition: UUID) -> dict[str, Any]:
    """The same, and for what printing waits."""
    held = state.printing.held.get(competition)
    return {**await printed(competition), "held": {"zh": held.zh, "en": held.en} if held else None}
