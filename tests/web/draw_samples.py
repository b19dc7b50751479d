"""Plain values for the pages of a draw: before, during and after, empty, refused, and with names too long for comfort."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

Values = dict[str, Any]
NAMING = "福彩3D 2026-12-01 开奖号"
KNOWN = "2026-12-01T21:15:00+08:00"
PEOPLE = ("何思齐", "吕文博", "施立群")


def sha(text: str) -> str:
    """A fingerprint that looks like one."""
    return hashlib.sha256(text.encode()).hexdigest()


ENTRIES = [
    {
        "id": f"M01-{place:03}",
        "unit": "ABCDEFG"[place % 7],
        "related": "R1" if place in (3, 9) else "",
        "employers": {2: "1", 8: "1", 11: "1 2", 5: "2"}.get(place, ""),
    }
    for place in range(1, 25)
]


def _witness(place: int, committed: bool, revealed: bool, words: str = "") -> Values:
    return {
        "name": PEOPLE[place],
        "commitment": sha(PEOPLE[place]) if committed else "",
        "committed_at": f"2026-11-30T1{place}:20:00+08:00" if committed else None,
        "revealed_at": f"2026-12-01T21:2{place}:00+08:00" if revealed else None,
        "words": words,
    }


WORDS = ("海内存知己，2026 年冬", "天涯若比邻；石家庄第一场雪", "The quick brown fox, twelve and a half")


def _announced(stage: str, **more: Any) -> Values:
    committed = {"announced": 2, "known": 3, "complete": 3, "held": 3}[stage]
    revealed = {"announced": 0, "known": 1, "complete": 3, "held": 3}[stage]
    told = stage in ("complete", "held")
    return {
        "number": 1,
        "naming": NAMING,
        "known_at": KNOWN,
        "opened": "2026-11-28T09:00:00+08:00",
        "stations": 12,
        "shifts": 2,
        "promises": {"code": sha("code")},
        "custody": False,
        "entries": ENTRIES,
        "fingerprint": sha("list"),
        "zone": "Asia/Shanghai",
        "algorithm": "podium-draw-3",
        "complete": told,
        "witnesses": [
            _witness(place, place < committed, place < revealed, WORDS[place] if told else "") for place in range(3)
        ],
        **more,
    }


def _held(named: bool = False, **more: Any) -> Values:
    places = [
        {
            "entry": one["id"],
            "order": place + 1,
            "station": place % 12 + 1,
            "number": 0,
            "code": f"W-{(place * 7) % 24 + 1:02}" if named else "",
            "unit": one["unit"],
            "related": one["related"],
            "employers": one["employers"],
            "names": (["赵启航", "买买提·吐尔逊江"] if place == 3 else ["马文静"]) if named else [],
            "delegation": "石家庄市" if named else "",
        }
        for place, one in enumerate(ENTRIES)
    ]
    return {
        "version": 1,
        "way": "ceremony",
        "algorithm": "podium-draw-2",
        "at": "2026-12-01T21:30:00+08:00",
        "withdrawn": False,
        "told": True,
        "sealed": False,
        "seed": sha("seed"),
        "public": "3 6 9",
        "commitments": list(WORDS),
        "shifts": [{"shift": shift + 1, "places": places[12 * shift : 12 * shift + 12]} for shift in (0, 1)],
        **more,
    }


KEPT_BACK = {
    "told": False,
    "seed": "",
    "public": "",
    "commitments": [],
    "shifts": [],
    "way": "typed",
    "algorithm": "podium-draw-1",
}
EVENT = {"name": "焊接技术", "code": "M01", "competition": "河北省职业技能大赛（示例）"}


def draw_samples(page: Callable[..., Values], desk: Values, organiser: Values) -> dict[str, tuple[str, Values]]:
    """Every way that the two pages can look."""

    def public(**values: Any) -> tuple[str, Values]:
        empty: Values = {
            "event": EVENT,
            "stage": "none",
            "ceremony": None,
            "draw": None,
            "record": "",
            "earlier": [],
            "withdrawn": [],
        }
        return "public/draw.html", page("/c/hebei/draw/M01", **empty | values)

    def office(**values: Any) -> tuple[str, Values]:
        empty: Values = {
            "desk": desk,
            "event": {"name": "焊接技术", "code": "M01", "size": 24, "stations": 12, "waits": True},
            "competition": {"name": "河北省职业技能大赛（示例）", "url": "/office/hebei"},
            "public": "/c/hebei/draw/M01",
            "action": "/office/hebei/events/M01/draw",
            **dict.fromkeys(("said", "announce", "ceremony", "hold")),
            **dict.fromkeys(("withdraw", "envelopes"), False),
            **{name: [] for name in ("versions", "withdrawn", "places", "layers")},
            "again": {"ask": False, "answer": False, "waiting": None, "asked": []},
        }
        return "office/draw.html", page("/office/hebei/events/M01/draw", organiser, **empty | values)

    record = "/c/hebei/draw/M01/record.json?version=1"
    return {
        "draw": public(),
        "draw-announced": public(stage="announced", ceremony=_announced("announced")),
        "draw-known": public(stage="known", ceremony=_announced("known")),
        "draw-complete": public(
            stage="known",
            ceremony=_announced("complete", naming="上证指数 2026 年 12 月 1 日收盘点位与深证成指同日收盘点位之和"),
        ),
        "draw-held": public(
            stage="held",
            ceremony=_announced("held"),
            draw=_held(),
            record=record,
            earlier=[
                {**_held(version=1, withdrawn=True), "reason": "3 号赛位设备损坏，改为 12 个赛位", "record": record}
            ],
            withdrawn=[{"number": 1, "naming": NAMING, "reason": "监督何思齐不能到场", "opened": KNOWN}],
        ),
        "draw-named": public(stage="held", ceremony=_announced("held"), draw=_held(named=True), record=record),
        "draw-sealed": public(
            stage="held",
            ceremony=_announced(
                "held", custody=True, promises={one: sha(one) for one in ("number", "station", "code")}
            ),
            draw=_held(sealed=True, shifts=[]),
            record=record,
        ),
        "draw-kept-back": public(stage="held", draw=_held(**KEPT_BACK)),
        **_office_pages(office, record),
    }


def _open(stage: str, **more: Any) -> Values:
    ceremony = _announced(stage)
    return {
        **{
            name: ceremony[name]
            for name in (
                "number",
                "naming",
                "known_at",
                "shifts",
                "promises",
                "custody",
                "witnesses",
                "fingerprint",
                "zone",
            )
        },
        "known": stage != "announced",
        "entries": 24,
        "related": 1,
        "verdict": "还在等施立群的承诺。",
        "commit": False,
        "reveal": False,
        "shortest": 12,
        "escrow": False,
        "keepers": [],
        "passphrase": 12,
        **more,
    }


def _office_pages(office: Callable[..., tuple[str, Values]], record: str) -> dict[str, tuple[str, Values]]:
    people = [{"id": str(place), "name": name} for place, name in enumerate(PEOPLE)]
    values = dict.fromkeys(("naming", "known_at", "shifts", "related", "escrow", "number", "station", "code"), "")
    announce = {
        "waits": "",
        "supervisors": [{**one, "chosen": True} for one in people],
        "people": people,
        "zone": "Asia/Urumqi",
        "layers": ("number", "station", "code"),
        "values": values,
        "custody": False,
    }
    keepers = [
        {
            "layer": layer,
            "what": what,
            "name": name,
            "keyed_at": KNOWN if layer == "number" else None,
            "mine": layer == "code",
        }
        for layer, what, name in zip(
            ("number", "station", "code"),
            ("报名号 → 参赛编号", "参赛编号 → 赛位", "赛位 → 加密号"),
            PEOPLE,
            strict=True,
        )
    ]
    version = {
        "version": 1, "way": "ceremony", "algorithm": "podium-draw-2", "at": KNOWN, "public": "3 6 9", "seed": sha("seed"),
        "withdrawn": False, "record": record,
    }  # fmt: skip
    places = [
        {"position": place, "shift": (place - 1) // 12 + 1, "station": (place - 1) % 12 + 1, "number": place,
         "names": ["赵启航", "买买提·吐尔逊江"] if place == 3 else ["马文静"], "delegation": "新疆生产建设兵团第八师石河子市代表队" if place == 3 else "石家庄市"}
        for place in range(1, 25)
    ]  # fmt: skip
    layers = [
        {"layer": layer, "name": name, "what": what, "keeper": keeper, "opened_at": KNOWN if layer == "code" else None,
         "mine": layer == "number", "open": layer == "station", "escrow": layer == "station"}
        for layer, name, what, keeper in (
            ("code", "加密号", "赛位 → 加密号", PEOPLE[2]), ("station", "赛位", "参赛编号 → 赛位", PEOPLE[1]), ("number", "参赛编号", "报名号 → 参赛编号", PEOPLE[0])
        )
    ]  # fmt: skip
    closed = {"name": "焊接技术", "code": "M01", "size": 24, "stations": 12, "waits": False}
    asked = {"version": 1, "name": PEOPLE[0], "reason": "3 号赛位设备损坏，改为 12 个赛位", "asked_at": KNOWN}
    return {
        "office-draw": office(announce=announce),
        "office-draw-refused": office(
            announce={**announce, "custody": True, "values": {**values, "naming": NAMING, "related": "第一机械厂、第二机械厂", "number": "0"}},
            said={"what": "没有人以这些单位报名：第二机械厂。", "mend": "请按报名表上的写法填写单位或代表队。", "bad": True},
        ),
        "office-draw-nobody": office(
            announce={**announce, "supervisors": []}, event={**closed, "size": 24, "waits": True}
        ),
        "office-draw-unreviewed": office(
            announce={**announce, "waits": "还有 2 份报名没有审完（M01-005、M01-006）。"}, event={**closed, "waits": True}
        ),
        "office-draw-none": office(event={**closed, "size": 0}),
        "office-draw-commit": office(
            ceremony=_open("announced", commit=True, custody=True, keepers=keepers), withdraw=True, hold={"why": "还在等施立群的承诺。", "naming": NAMING}
        ),
        "office-draw-reveal": office(ceremony=_open("known", reveal=True, verdict="还在等吕文博、施立群揭示。", custody=True, escrow=True, keepers=keepers)),
        "office-draw-ready": office(
            ceremony=_open("complete", verdict=""),
            hold={"why": "", "naming": NAMING},
            withdraw=True,
            withdrawn=[{"number": 1, "naming": NAMING, "reason": "监督何思齐不能到场"}],
        ),
        "office-draw-held": office(
            event=closed, versions=[{**version, "version": 2, "record": "", "way": "typed", "algorithm": "podium-draw-1"}, {**version, "withdrawn": True}],
            places=places, envelopes=True,
            again={"ask": True, "answer": False, "waiting": None, "asked": [{**asked, "answer": "granted", "answered_name": "周敏"}]},
        ),
        "office-draw-again": office(
            event=closed, versions=[version], places=places[:3], again={"ask": False, "answer": True, "waiting": asked, "asked": []}
        ),
        "office-draw-layers": office(event=closed, versions=[version], layers=layers),
    }  # fmt: skip
