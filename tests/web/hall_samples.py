"""Plain values for the chief's board: a busy hall in the middle of a shift, and one where nothing has begun."""

from datetime import UTC, datetime, timedelta
from typing import Any

from server.marks.hall import NUDGES
from server.marks.signals import KINDS
from tests.web.setup_samples import PERSON, SITE

Values = dict[str, Any]
AT = datetime(2026, 10, 16, 2, 52, tzinfo=UTC)
ENTRIES = [f"W-{n:02}" for n in range(1, 11)]
GIVEN = [30, 30, 30, 30, 30, 30, 21, 6, 0, 0]


def _before(minutes: int) -> datetime:
    return AT - timedelta(minutes=minutes)


def _row(seat: str, share: int, given: list[int], full: int = 30, **odd: str) -> Values:
    odd = {"W-10": "away", **{code.replace("_", "-"): what for code, what in odd.items()}}
    cells = [
        {
            "entry": code,
            "done": done,
            "full": full,
            "level": 0 if not done else 4 if done >= full else 1 + 3 * done // (full + 1),
            "odd": odd.get(code, ""),
        }
        for code, done in zip(ENTRIES, given, strict=True)
    ]
    return {"seat": seat, "share": share, "cells": cells}


SIGNAL: Values = {
    "id": "01JQ0000000000000000000001", "kind": "equipment", "words": "卡尺没电，读数跳动，请换一把", "entry": "W-07", "aspect": "A1.02", "at": _before(2),
    "seat": "J7", "answers": [{"text": "技术支持马上到，请先评下一件", "closes": False, "role": "chief", "at": _before(1)}], "closed": False,
}  # fmt: skip
BUSY: Values = {
    "code": "M01", "state": "marking", "at": AT, "ends": AT + timedelta(minutes=67, seconds=29), "left": 4049,
    "seats": [f"J{n}" for n in range(1, 9)], "entries": ENTRIES, "ready": True, "full": 30,
    "heat": [
        _row("J1", 84, [*GIVEN[:6], 30, 16, 0, 0], W_07="again"),
        _row("J2", 74, GIVEN, W_04="again"),
        _row("J3", 78, GIVEN),
        _row("J4", 73, [30, 30, 30, 30, 30, 30, 18, 0, 0, 0], W_04="again"),
        _row("J5", 58, [30, 30, 30, 30, 30, 2, 5, 0, 0, 0], W_07="again", W_06="conflict"),
        _row("J6", 49, [30, 30, 30, 30, 11, 0, 0, 0, 0, 0], W_05="stuck"),
        _row("J7", 76, GIVEN),
        _row("J8", 61, [30, 30, 30, 30, 30, 14, 0, 0, 0, 0], W_06="stuck"),
        _row("", 66, [8, 8, 8, 8, 8, 8, 0, 0, 0, 0], 8),
    ],
    "stored": 1493, "total": 2160, "share": 69, "finish": AT + timedelta(minutes=56),
    "spreads": [
        {"entry": "W-07", "aspect": "C1.02", "name": "表面打磨", "round": 2, "apart": 2, "waiting": ["J1", "J5"], "late": ["J5"], "scores": [("J1", 3), ("J5", 1)]},
        {"entry": "W-04", "aspect": "C2.01", "name": "造型", "round": 3, "apart": 2, "waiting": ["J2", "J4"], "late": [], "scores": [("J2", 1), ("J4", 3)]},
        {"entry": "W-02", "aspect": "C1.01", "name": "整体印象", "round": 2, "apart": None, "waiting": ["J4"], "late": [], "scores": [("J4", 3)]},
    ],
    "doubts": [{"entry": "W-06", "aspect": "A1.04", "seat": "J5"}],
    "stuck": [{"seat": "J6", "entry": "W-05", "owes": 139, "minutes": 18}, {"seat": "J8", "entry": "W-06", "owes": 106, "minutes": 14}],
    "signals": {"open": [SIGNAL, {**SIGNAL, "id": "2", "seat": "J3", "kind": "scheme", "words": "C1.02 的二档与三档怎么分", "entry": "W-08", "aspect": "C1.02", "answers": [], "at": _before(0)}],
                "closed": [{**SIGNAL, "id": "3", "seat": "J1", "kind": "contestant", "words": "选手手部轻伤，已包扎", "closed": True}]},
    "nudges": {"J6": {"kind": "go-on", "words": "", "at": _before(3), "seen": _before(2)}, "J8": {"kind": "connect", "words": "", "at": _before(4), "seen": None}},
    "photos": {"count": 0, "newest": []},
}  # fmt: skip
TABLET: Values = {
    "number": 1, "seat": "J1", "seen": _before(0), "silent": 0, "away": False, "unsent": 0, "battery": 82, "charging": False, "low": False,
    "waits": None, "worries": [],
}  # fmt: skip
TABLETS: list[Values] = [
    {
        **TABLET,
        "number": 5,
        "seat": "J5",
        "battery": 12,
        "low": True,
        "unsent": 12,
        "silent": 1,
        "waits": 2,
        "worries": ["battery"],
    },
    {**TABLET, "number": 6, "seat": "J3", "unsent": 4, "waits": 7, "worries": ["unsent"]},
    {
        **TABLET,
        "number": 8,
        "seat": "J8",
        "battery": 43,
        "unsent": 23,
        "silent": 14,
        "away": True,
        "waits": 15,
        "worries": ["away"],
    },
    TABLET,
    {**TABLET, "number": 2, "seat": "J2", "battery": None},
    {**TABLET, "number": 3, "seat": "J7", "battery": 15, "charging": True, "unsent": 6},
    {**TABLET, "number": 4, "seat": "", "battery": 91, "silent": 195, "away": True},
]
BUSY["tablets"] = TABLETS
EMPTY: Values = {
    "code": "M02", "state": "drawn", "at": AT, "ends": None, "left": None, "seats": ["J1"], "entries": [], "ready": False,
    "signals": {"open": [], "closed": []}, "nudges": {}, "photos": {"count": 0, "newest": []}, "tablets": [],
}  # fmt: skip


def _page(board: Values, said: str) -> tuple[str, Values]:
    shared = {"csrf": "sample-token", "person": PERSON, "site": SITE, "here": "/tablet/hebei/M01/board"}
    api = "/api/competitions/hebei/events/M01"
    event = {"code": board["code"], "said": said}
    more = {
        "event": event,
        "board": board,
        "api": api,
        "stream": "/tablet/hebei/M01/board/stream?lang=zh",
        "back": "/tablet",
        "corrections": "/tablet/hebei/M01/corrections",
    }
    return "marks/board.html", {**shared, **more, "kinds": KINDS, "nudges": NUDGES}


SEALED: Values = {
    **BUSY, "state": "sealed", "ends": None, "left": None, "stored": 2160, "share": 100, "finish": None, "spreads": [], "doubts": [], "stuck": [],
    "heat": [_row(row["seat"], 100, [30] * 9 + [0]) for row in BUSY["heat"]], "signals": {"open": [], "closed": []}, "nudges": {}, "tablets": [],
}  # fmt: skip
HALL: dict[str, tuple[str, Values]] = {
    "board-chief": _page(BUSY, "精细木工"),
    "board-chief-sealed": _page(SEALED, "精细木工"),
    "board-chief-empty": _page(EMPTY, "数控车工（一个很长的赛项名称，学生组与职工组合并）"),
}
