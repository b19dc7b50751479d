"""Answers about live boards."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.wire.results import Award


class BoardLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a live board: a work code while it is marked; names, delegation and award once it is published."""

    rank: int
    total: int
    tied: bool
    code: str = ""
    name: str = ""
    delegation: str = ""
    award: Award | None = None
    flag: str | None = None


class BoardShown(msgspec.Struct, frozen=True, omit_defaults=True):
    """The live board of an event: `shows` progress, standings or results; `frozen` says since when it stays as it is."""

    code: str
    name: str
    name_en: str
    category: str
    category_en: str
    team_size: int
    state: str
    marking: bool
    frozen: datetime | None
    shows: str
    entries: int
    finished: int
    percent: int
    standings: list[BoardLine]
    until: datetime | None = None


class BoardMedals(msgspec.Struct, frozen=True):
    """A delegation's medals in what is public."""

    delegation: str
    gold: int
    silver: int
    bronze: int
    flag: str | None


class Boards(msgspec.Struct, frozen=True):
    """Every open board of a competition; `version` changes with any of them."""

    version: str
    events: list[BoardShown]
    delegations: list[BoardMedals]


class EventBoard(msgspec.Struct, frozen=True):
    """The board of one event; none while it is not open."""

    version: str
    event: BoardShown | None
