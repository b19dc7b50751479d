"""Live boards for as many as look: a change is computed once and its bytes are shared by all viewers.

A *room* is one competition. While somebody watches, it looks twice a second whether anything has changed, and at once when
this process has stored marks; everybody who waits is then given the parts that changed. Who reads slowly misses versions in
between and gets the newest, and holds nobody up. A change that comes while another is told goes to those who are next in
line, and then to the others, so that nobody waits for more than one round. In the long run telling takes at most half of the
time: the more viewers, the fewer updates, and never an old one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from jinja2 import Environment

from server.ending import told_to_end
from server.registration.flags import flags_of, with_flags
from server.results.public import medal_table, public_events
from server.results.running import read_on
from server.results.showing import Shown, frozen_since, look
from server.signs import number_in

log = logging.getLogger("podium.live")
LOOK = 0.5
"""Seconds between two looks for what other processes, the office and the clock have changed."""
GAP = 0.1
"""Seconds between two versions at least."""
CREDIT = 1.0
"""Seconds of telling that need not be rested from."""
PATIENCE = 0.1
"""Seconds for which an answer to a request may be old."""
QUIET = 20.0
"""Seconds of silence after which something is sent, so that neither a proxy nor a telephone takes it for the end."""
CROWD = 20
"""Viewers who are told in one go: a millisecond, after which whoever sends marks is heard."""
FORGET = 60.0
"""Seconds after which a room that nobody asks for is given up."""
TEMPLATE = "public/board_parts.html"


class Crowd:
    """Viewers who are woken together."""

    def __init__(self) -> None:
        self.changed, self.size = asyncio.Event(), 0


class Part:
    """One piece of a board, with the version in which it last changed."""

    def __init__(self, version: int, content: Mapping[str, Any]) -> None:
        self.version, self.content = version, content
        self._html: dict[tuple[str, str], str] = {}

    def html(self, how: str, lang: str, pages: Environment, home: str, zone: str) -> str:
        """As a page shows it: made once for everybody of one language."""
        if (how, lang) not in self._html:
            macro = getattr(pages.get_template(TEMPLATE).make_module({"lang": lang, "zone": zone}), how)
            self._html[how, lang] = str(macro(self.content, home)).strip()
        return self._html[how, lang]


class Room:
    """The boards of one competition."""

    def __init__(self, competition: Mapping[str, Any], pages: Environment) -> None:
        self.competition, self.pages, self.home = competition, pages, f"/c/{competition['slug']}"
        self.name, self.version, self.shape = secrets.token_hex(4), 0, 0
        self.parts: dict[str, Part] = {}
        self.viewers, self.asked, self.over = 0, time.monotonic(), False
        self.woken = time.monotonic()
        self.telling: asyncio.Task[None] | None = None
        self.told_for = 0.0
        self._waiting: dict[str, list[Crowd]] = {}
        self._shown: dict[UUID, Shown] = {}
        self._publications: list[tuple[Any, ...]] = [()]
        self._frames: dict[tuple[str, str, int], bytes] = {}
        self._lock, self._looked = asyncio.Lock(), 0.0

    async def refresh(self, patience: float = PATIENCE) -> bool:
        """Look again, unless somebody has just done so; whether something is new."""
        async with self._lock:
            if time.monotonic() - self._looked < patience:
                return False
            self._looked = time.monotonic()
            return await self._look(datetime.now(UTC))

    async def _look(self, now: datetime) -> bool:
        seen = await look(self.competition["id"])
        fresh: dict[str, Mapping[str, Any]] = {}
        opened = [one for one in seen if one["shows"] not in (None, "nothing")]
        gaining = {one["id"]: self._shown.setdefault(one["id"], Shown()).gaining(one, now) for one in opened}
        await read_on([running for running in gaining.values() if running])
        for one in opened:
            shown = self._shown[one["id"]]
            if (gaining[one["id"]] or shown.is_old(one, now)) and await shown.renew(self.competition, one, now):
                fresh[one["code"]] = shown.content
        publications = [
            (one["id"], one["snapshot"], one["state"], one["flags"], frozen_since(one, now)) for one in seen
        ]
        if publications != self._publications:
            self._publications, medals = publications, medal_table(await public_events(self.competition))
            lines = with_flags(medals, await flags_of(self.competition))
            if "" not in self.parts or self.parts[""].content["lines"] != lines:
                fresh[""] = {"lines": lines}
        gone = self.parts.keys() - {one["code"] for one in opened} - {""}
        self._shown = {one["id"]: self._shown[one["id"]] for one in opened}
        return self._tell(fresh, gone)

    def _tell(self, fresh: Mapping[str, Mapping[str, Any]], gone: set[str]) -> bool:
        if not fresh and not gone:
            return False
        self.version += 1
        if gone or fresh.keys() - self.parts.keys():
            self.shape = self.version
        kept = {code: part for code, part in self.parts.items() if code not in gone}
        kept |= {code: Part(self.version, content) for code, content in fresh.items()}
        self.parts = dict(sorted(kept.items()))
        self._frames.clear()
        self.wake({"", *fresh, *gone})
        return True

    def wake(self, views: set[str]) -> None:
        """Let those who wait for these views look; where there is nothing new, they say that they are there."""
        self.woken = time.monotonic()
        crowds = [crowd for view in sorted(views & self._waiting.keys()) for crowd in self._waiting.pop(view)]
        if crowds:
            self.telling = asyncio.create_task(self._wake(crowds, self.telling))

    async def _wake(self, crowds: list[Crowd], before: asyncio.Task[None] | None) -> None:
        """One crowd after the other, so that marks are taken in between; behind those who are still being told."""
        if before:
            await before
        begun = time.monotonic()
        for crowd in crowds:
            crowd.changed.set()
            await asyncio.sleep(0)
        self.told_for += time.monotonic() - begun

    def waiting(self, view: str) -> asyncio.Event:
        """What is set when something changes in a view."""
        crowds = self._waiting.setdefault(view, [Crowd()])
        if crowds[-1].size >= CROWD:
            crowds.append(Crowd())
        crowds[-1].size += 1
        return crowds[-1].changed

    def remind(self) -> None:
        """Wake everybody after a long silence."""
        if time.monotonic() - self.woken > QUIET:
            self.wake(set(self._waiting))

    def end(self) -> None:
        """Wake everybody for the last time."""
        self.over = True
        self.wake(set(self._waiting))

    @property
    def tag(self) -> str:
        """What a viewer has seen, for the next question."""
        return f"{self.name}-{self.version}"

    def since(self, tag: str) -> int:
        """The version that somebody has; -1 when it is not one of this room's."""
        name, _, version = tag.partition("-")
        seen = number_in(version, 18)
        return seen if name == self.name and seen is not None and seen <= self.version else -1

    def pieces(self, lang: str, code: str, since: int) -> list[dict[str, str]]:
        """The parts of a view that are newer: of one event, or (code "") of the whole competition."""
        return list(self._pieces(lang, code, since))

    def _pieces(self, lang: str, code: str, since: int) -> Iterator[dict[str, str]]:
        if code:
            part = self.parts.get(code)
            if part and part.version > since:
                yield {
                    "id": "board",
                    "html": part.html("table", lang, self.pages, self.home, self.competition["time_zone"]),
                }
            return
        for name, part in self.parts.items():
            if part.version > since:
                how, id = ("card", f"board-{name}") if name else ("delegations", "delegations")
                yield {"id": id, "html": part.html(how, lang, self.pages, self.home, self.competition["time_zone"])}

    def frame(self, lang: str, code: str, since: int) -> bytes:
        """The same as server-sent events, made once for all who have seen as much."""
        key = (lang, code, since)
        if key not in self._frames:
            self._frames[key] = self._frame(lang, code, since)
        return self._frames[key]

    def _frame(self, lang: str, code: str, since: int) -> bytes:
        """When boards came or went, the page is to be loaded anew."""
        if 0 <= since < self.shape and (not code or code not in self.parts):
            return f"event: shape\nid: {self.tag}\ndata: 1\n\n".encode()
        pieces = self.pieces(lang, code, since)
        said = json.dumps(pieces, ensure_ascii=False)
        return f"event: parts\nid: {self.tag}\ndata: {said}\n\n".encode() if pieces else b""


class Live:
    """Every room that somebody looks into."""

    def __init__(self, pages: Environment) -> None:
        self._pages, self._rooms = pages, dict[str, Room]()
        self._hint = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.patience = PATIENCE

    def start(self) -> None:
        """Begin to look."""
        self._hint = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="podium-live")

    def let_go(self) -> None:
        """Finish the answer of everybody who watches."""
        for room in self._rooms.values():
            room.end()

    async def stop(self) -> None:
        """End looking."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def hint(self) -> None:
        """Something was stored here."""
        self._hint.set()

    async def room(self, competition: Mapping[str, Any]) -> Room:
        """The room of a competition, as it is now."""
        room = self._rooms.get(competition["slug"])
        if room is None:
            room = self._rooms.setdefault(competition["slug"], Room(competition, self._pages))
        room.asked = time.monotonic()
        await room.refresh(self.patience)
        return room

    async def _run(self) -> None:
        owed, since = 0.0, time.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hint.wait(), LOOK)
            self._hint.clear()
            self._forget()
            begun = time.monotonic()
            for room in [one for one in self._rooms.values() if one.viewers]:
                room.remind()
                try:
                    await room.refresh(0.0)
                except Exception:  # nobody waits for a background task: what went wrong must stand in the log
                    log.exception("The boards of %s were not renewed", room.competition["slug"])
                if told_to_end():
                    return
            if owed > CREDIT:
                await asyncio.gather(*(one.telling for one in self._rooms.values() if one.telling))
            told, now = self._told_for(), time.monotonic()
            owed, since = max(0.0, owed + 2 * told - (now - since)), now
            await asyncio.sleep(max(0.0, begun + GAP - now, owed - CREDIT))

    def _told_for(self) -> float:
        """Seconds of telling since this was asked last."""
        told = sum(room.told_for for room in self._rooms.values())
        for room in self._rooms.values():
            room.told_for = 0.0
        return told

    def _forget(self) -> None:
        now = time.monotonic()
        self._rooms = {slug: room for slug, room in self._rooms.items() if room.viewers or now - room.asked < FORGET}
