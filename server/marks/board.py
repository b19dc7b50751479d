"""The chief's board: how far every judge is with every piece, and what asks for somebody. Work codes and seats only.

Two questions are decided here. A judge is *stuck* when marks are owed and none has come for STUCK, counted from the panel's
first mark for one who has given none: before that the pieces are still being made. A cell of the map is
*full* when its judge has given every mark that each judge gives for the piece; what the panel records once is a row of its
own. Scores appear only where the panel is told to talk about them, which shows them to the panel as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scoring.cells import owed
from scoring.marks import ALL, Facts, Mark, Scheme
from scoring.rounds import Round
from scoring.scheme import names_of
from server.competitions.flow import scheme_of
from server.database.tables import Evidence, Nudge, Signal
from server.marks.device_state import tablets_of
from server.marks.floor import COMPETED, facts_of_entries
from server.marks.flow import Panel, conflicts, current_marks, current_rows, panel_of, rounds_of
from server.marks.hall import answers_to, ends_of

STUCK = timedelta(minutes=10)
PACE = timedelta(minutes=30)
"""How far back the pace is measured by which the board says when all will be marked."""
LEAST_PACE = 5
"""Marks below which there is no pace to speak of."""
MOST_CLOSED = 5
MOST_PHOTOS = 12


@dataclass
class Row:
    """One judge's line of the map: per piece how many marks are given and what is odd about it."""

    seat: str
    done: dict[str, int]
    odd: dict[str, str] = field(default_factory=dict)
    """Work code → away, conflict, again or stuck."""
    owes: int = 0
    since: datetime | None = None
    """The newest mark, or the panel's first; None while there is none."""
    at: str = ""
    """The piece that this judge is at."""
    stuck: bool = False
    """Owes marks and gives none, whatever else the map says of that piece; who owes a new round alone is told with the round."""


@dataclass(frozen=True)
class Hall:
    """What the map is made of."""

    scheme: Scheme
    panel: Panel
    facts: Mapping[str, Facts]
    rows: Sequence[Mapping[str, Any]]
    marks: Sequence[Mark]
    rounds: Sequence[Round]

    @property
    def late(self) -> frozenset[tuple[str, str, str]]:
        """Judge, piece and aspect of marks that came when the next round was open: on record, and settled by its score."""
        waiting = {(judge, one.entry, one.aspect) for one in self.rounds for judge in one.waiting}
        found = {
            (self.panel.labels.get(row["judge"], ""), row["entry"], row["aspect"])
            for row in self.rows
            if row["conflict"]
        }
        return frozenset(found & waiting)

    @property
    def doubts(self) -> list[Mapping[str, Any]]:
        """The cells in which a judge has to say which of two marks holds."""
        labels = self.panel.labels
        return [
            row
            for row in conflicts(self.rows, self.scheme)
            if (labels.get(row["judge"], ""), row["entry"], row["aspect"]) not in self.late
        ]

    @property
    def here(self) -> tuple[str, ...]:
        """The pieces for which marks are owed."""
        return tuple(code for code, facts in self.facts.items() if facts.status == COMPETED)


async def board_of(event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The board of an event as plain values; moments are datetimes."""
    scheme, panel, facts = scheme_of(event), await panel_of(event["id"]), await facts_of_entries(event["id"])
    ends = (await ends_of([event["id"]])).get(event["id"])
    signals, nudges = await _signals(event, panel), await _nudges(event, panel)
    about = {
        "code": event["code"], "state": event["state"], "at": now, "ends": ends, "left": _seconds(ends, now),
        "seats": list(panel.names), "entries": list(facts), "signals": signals, "nudges": nudges,
        "photos": await _photos(event, panel), "tablets": await tablets_of(event, panel.labels, now),
    }  # fmt: skip
    if scheme is None or not facts or not panel.names:
        return {**about, "ready": False}
    rows = await current_rows(event["id"])
    marks = current_marks(rows, panel, scheme)
    marking = event["state"] == "marking"
    rounds = await rounds_of(event, rows, panel, scheme, facts) if marking else ()
    hall = Hall(scheme, panel, facts, rows, marks, rounds)
    missing = owed(scheme, panel.names, facts, marks)
    lines = judged_alone(hall, [one.judge for one in missing if one.judge], now if marking else None)
    return {
        **about,
        "ready": True,
        **_map(hall, lines),
        **_progress(hall, len(missing), now),
        **_alarms(hall, lines, now),
    }


def judged_alone(hall: Hall, missing: Collection[str], now: datetime | None) -> list[Row]:
    """A line of the map for each judge; nobody is stuck when `now` is None, because no marks are taken."""
    alone = {aspect.id for aspect in hall.scheme.aspects if aspect.recorded == ALL}
    done = Counter((mark.judge, mark.entry) for mark in hall.marks if mark.aspect in alone)
    lacking = Counter(missing)
    owing = lacking + Counter(judge for one in hall.rounds for judge in one.waiting)
    doubtful = {(hall.panel.labels.get(row["judge"], ""), row["entry"]) for row in hall.doubts}
    again = {(judge, one.entry) for one in hall.rounds for judge in one.waiting}
    first = min((row["stored_at"] for row in hall.rows), default=None)
    found = []
    for account, seat in hall.panel.labels.items():
        mine = [row for row in hall.rows if row["judge"] == account]
        newest = max(mine, key=lambda row: row["stored_at"], default=None)
        row = Row(seat, {code: done[seat, code] for code in hall.facts}, owes=owing[seat])
        row.since = newest["stored_at"] if newest else first
        row.at = _place(row, newest, hall, len(alone))
        for code in hall.facts:
            if code not in hall.here:
                row.odd[code] = "away"
            elif (seat, code) in doubtful:
                row.odd[code] = "conflict"
            elif (seat, code) in again:
                row.odd[code] = "again"
        if now and row.owes and row.since and now - row.since >= STUCK:
            row.stuck = row.odd.setdefault(row.at, "stuck") == "stuck" or seat in lacking
        found.append(row)
    return found


def _place(row: Row, newest: Mapping[str, Any] | None, hall: Hall, full: int) -> str:
    """The piece of the newest mark while it lacks something, else the first that does."""
    lacking = [code for code in hall.here if row.done[code] < full]
    again = [one.entry for one in hall.rounds if row.seat in one.waiting]
    if newest and newest["entry"] in lacking:
        return str(newest["entry"])
    return next(iter((*lacking, *again)), "")


def _map(hall: Hall, lines: Sequence[Row]) -> dict[str, Any]:
    full = sum(1 for aspect in hall.scheme.aspects if aspect.recorded == ALL)
    once = {aspect.id for aspect in hall.scheme.aspects if aspect.recorded != ALL}
    together = Counter(mark.entry for mark in hall.marks if mark.aspect in once)
    heat = [_line(row.seat, row.done, row.odd, full, hall.here) for row in lines] if full else []
    if once:
        odd = {code: "away" for code in hall.facts if code not in hall.here}
        heat.append(_line("", {code: together[code] for code in hall.facts}, odd, len(once), hall.here))
    return {"full": full, "heat": heat}


def _line(seat: str, done: Mapping[str, int], odd: Mapping[str, str], full: int, here: Sequence[str]) -> dict[str, Any]:
    share = sum(min(done[code], full) for code in here) * 100 // (full * len(here) or 1)
    cells = [
        {"entry": code, "done": count, "full": full, "level": _level(count, full), "odd": odd.get(code, "")}
        for code, count in done.items()
    ]
    return {"seat": seat, "share": share, "cells": cells}


def _level(done: int, full: int) -> int:
    """0 for nothing, 4 for everything, and three steps between."""
    return 0 if not done else 4 if done >= full else 1 + 3 * done // (full + 1)


def _progress(hall: Hall, missing: int, now: datetime) -> dict[str, Any]:
    recent = sum(1 for row in hall.rows if row["stored_at"] > now - PACE)
    stored = len([mark for mark in hall.marks if mark.entry in hall.here])
    return {
        "stored": stored,
        "total": stored + missing,
        "share": 100 * stored // (stored + missing or 1),
        "finish": now + missing * PACE / recent if missing and recent >= LEAST_PACE else None,
    }


def _alarms(hall: Hall, lines: Sequence[Row], now: datetime) -> dict[str, Any]:
    return {
        "spreads": [_spread(hall, one) for one in hall.rounds],
        "doubts": [
            {"entry": row["entry"], "aspect": row["aspect"], "seat": hall.panel.labels.get(row["judge"], "")}
            for row in sorted(hall.doubts, key=lambda row: (row["entry"], row["aspect"]))
        ],
        "stuck": [
            {"seat": row.seat, "entry": row.at, "owes": row.owes, "minutes": _minutes(row.since, now)}
            for row in lines
            if row.stuck
        ],
    }


def _spread(hall: Hall, one: Round) -> dict[str, Any]:
    values = [value for _, value in one.scores]
    whole = len(one.waiting) == len(
        [mark for mark in hall.marks if (mark.entry, mark.aspect) == (one.entry, one.aspect)]
    )
    return {
        "entry": one.entry, "aspect": one.aspect, "name": names_of(hall.scheme.aspect(one.aspect)), "round": one.number,
        "apart": (max(values) - min(values)) // 100 if whole else None,
        "waiting": list(one.waiting), "late": sorted(judge for judge in one.waiting if (judge, one.entry, one.aspect) in hall.late), "scores": [(seat, value // 100) for seat, value in one.scores],
    }  # fmt: skip


async def _signals(event: Mapping[str, Any], panel: Panel) -> dict[str, list[dict[str, Any]]]:
    """Signalled problems: all that are open, the oldest first, and the last that were closed."""
    rows = await Signal.select().where(Signal.event == event["id"]).order_by(Signal.at)
    answers = await answers_to([row["id"] for row in rows])
    told = [
        {
            **{name: row[name] for name in ("id", "kind", "words", "entry", "aspect", "at")},
            "seat": panel.labels.get(row["account"], ""),
            "answers": answers.get(row["id"], []),
            "closed": any(one["closes"] for one in answers.get(row["id"], ())),
        }
        for row in rows
    ]
    return {
        "open": [one for one in told if not one["closed"]],
        "closed": [one for one in reversed(told) if one["closed"]][:MOST_CLOSED],
    }


async def _nudges(event: Mapping[str, Any], panel: Panel) -> dict[str, dict[str, Any]]:
    """Seat → the last nudge that was sent there."""
    rows = await Nudge.select().where(Nudge.event == event["id"]).order_by(Nudge.at)
    return {
        panel.labels[row["judge"]]: {name: row[name] for name in ("kind", "words", "at", "seen")}
        for row in rows
        if row["judge"] in panel.labels
    }


async def _photos(event: Mapping[str, Any], panel: Panel) -> dict[str, Any]:
    """How many photos there are, and the newest."""
    here = Evidence.event == event["id"]
    query = Evidence.select(Evidence.id, Evidence.entry, Evidence.aspect, Evidence.judge, Evidence.at).where(here)
    rows = await query.order_by(Evidence.at, ascending=False).limit(MOST_PHOTOS)
    return {
        "count": await Evidence.count().where(here),
        "newest": [
            {
                **{name: row[name] for name in ("id", "entry", "aspect", "at")},
                "seat": panel.labels.get(row["judge"], ""),
            }
            for row in rows
        ],
    }


def _seconds(ends: datetime | None, now: datetime) -> int | None:
    return max(0, int((ends - now).total_seconds())) if ends else None


def _minutes(since: datetime | None, now: datetime) -> int:
    return int((now - since).total_seconds()) // 60 if since else 0
