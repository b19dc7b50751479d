"""Plain values for the pages of publication and decoding. People are invented; Chinese stays Chinese in both languages."""

from typing import Any

from tests.web.setup_samples import COMPETITION, LONG, PERSON, RAIL, SITE

Values = dict[str, Any]
HASH = "9f2c4a7be01d5c83a6f4e2b1907d3c58ae64f1029b7c8d3e5f60a1b2c3d4e5f6"
NAMES = ("段志强", "古丽娜尔·买买提江、凌云", "汪洋", "欧阳一诺", "柏松", "游建平")
ROWS = [
    {"rank": 0 if place == 5 else place + 1, "names": name, "delegation": "石家庄市", "unit": LONG[:20] if place == 1 else "第一机械厂",
     "total": f"{92.5 - place * 3:.2f}", "award": ("金牌", "银牌", "铜牌", "优胜奖", "", "")[place], "status": "弃权" if place == 5 else ""}
    for place, name in enumerate(NAMES)
]  # fmt: skip
AUDIENCES = [
    {"name": "公开页面，任何人", "sees": ["名次", "姓名", "代表队", "各模块得分", "总分", "奖项"]},
    {
        "name": "开放接口，任何人",
        "sees": ["名次", "加密号", "姓名", "单位", "代表队", "成绩、规则、评分方案和打分账本的指纹"],
    },
    {"name": "选手本人", "sees": ["与公开页面相同；证书在定稿、发证之后"]},
]
PLANNED = {
    "at": "2026-11-24T10:00:00+08:00",
    "set_at": "2026-11-23T18:12:00+08:00",
    "set_by": "周敏",
    "stopped": "",
    "local": "2026-11-24T10:00",
    "known": "2026-11-24T02:00:00+00:00",
}
NOTICE = {
    "from": "2026-11-24T10:00:00+08:00",
    "until": "2026-12-01T10:00:00+08:00",
    "days": 5,
    "version": 0,
    "off": [],
    "local": "2026-12-01T10:00",
    "known": "2026-12-01T02:00:00+00:00",
    "fingerprint": "",
}


def _page(here: str, **values: Any) -> Values:
    shared = {"desk": {**RAIL, "here": "corridor"}, "competition": COMPETITION, "said": None, "problem": None}
    event = {"code": "M01", "name": "焊接技术", "state": "reviewed"}
    return {"here": here, "csrf": "sample-token", "person": PERSON, "site": SITE, "event": event, **shared, **values}


def _publication(**more: Any) -> Values:
    typed = {"at": "", "reason": "", "days": ""}
    values = {
        "action": "/office/hebei/events/M01/publication", "staff": True, "public": False, "planned": PLANNED, "notice": NOTICE,
        "moves": [], "audiences": AUDIENCES, "rows": ROWS, "owed": "", "typed": typed,
    }  # fmt: skip
    return _page("/office/hebei/events/M01/publication", **{**values, **more})


def _decoding(shown: int, **more: Any) -> Values:
    rows = [
        {"code": f"W-{place:02}K7", "entry": f"M01-{place + 1:03}" if place < shown else "", "names": name if place < shown else "", "delegation": "石家庄市" if place < shown else ""}
        for place, name in enumerate(NAMES)
    ]  # fmt: skip
    promises = [{"layer": layer, "told": HASH, "now": HASH} for layer in ("number", "station", "code")]
    values = {"action": "/office/hebei/events/M01", "rows": rows, "shown": shown, "promises": promises}
    return _page("/office/hebei/events/M01/decoding", **{**values, **more})


PUBLISHED = {"code": "M01", "name": LONG, "state": "published"}
MOVED = [
    {
        "at": "2026-11-25T09:00:00+08:00",
        "before": "2026-12-01T10:00:00+08:00",
        "after": "2026-12-02T10:00:00+08:00",
        "by": "周敏",
        "reason": "系统维护一天",
    }
]
PUBLISHING: dict[str, tuple[str, Values]] = {
    "publication": ("office/publication.html", _publication()),
    "publication-stopped": ("office/publication.html", _publication(planned={**PLANNED, "stopped": "评分不全。"}, rows=[], owed="W-01 缺 3 个分数", staff=False)),
    "publication-public": ("office/publication.html", _publication(public=True, planned=None, event=PUBLISHED, moves=MOVED, notice={**NOTICE, "version": 2, "fingerprint": HASH, "off": ["2026-11-27"]}, problem={"what": "请写明理由。", "mend": "", "details": []})),
    "decoding": ("office/decoding.html", _decoding(2)),
    "decoding-all": ("office/decoding.html", _decoding(6, promises=[])),
    "decoding-changed": ("office/decoding.html", _decoding(0, promises=[{"layer": "code", "told": HASH, "now": HASH[::-1]}])),
}  # fmt: skip
SHEETS = [
    {"code": f"W-{place:02}K7", "top": place == 0, "drawn": place in (1, 2), "found": ("agreed", "error", "", "")[place], "words": "B1.02 J2 应为 2" if place == 1 else "", "by": "监督甲" if place < 2 else ""}
    for place in range(4)
]  # fmt: skip


def _mark(seat: int, value: str) -> Values:
    return {"id": f"01J{seat}", "judge": f"J{seat}", "value": value}


MARKS = [
    {"aspect": "A1.01", "name": "理论试卷", "marks": [_mark(1, "92.50")]},
    {"aspect": "B1.01", "name": "焊缝尺寸", "marks": [_mark(1, "10.00"), _mark(2, "5.00"), _mark(3, "10.00")]},
]


def _recheck(progress: Any, sheet: Any = None, **more: Any) -> Values:
    rule = {"top": 10, "percent": "15", "wrong": "5", "before": True}
    values = {
        "action": "/office/hebei/events/M01/recheck",
        "typed": "",
        "acts": True,
        "rule": rule,
        "progress": progress,
        "sheet": sheet,
    }
    return _page(
        "/office/hebei/events/M01/recheck",
        **{**values, "event": {"code": "M01", "name": "焊接技术", "state": "sealed"}, **more},
    )


PROGRESS = {
    "seed": HASH[:32],
    "by": "监督甲",
    "verdict": "",
    "at": "2026-11-23T18:12:00+08:00",
    "checked": 2,
    "all": 3,
    "wrong": 1,
    "widened": False,
    "done": False,
    "sheets": SHEETS[:3],
    "errors": {"W-01K7": {"state": "待批准", "url": "/office/hebei/events/M01/corrections?correction=1"}},
}
PUBLISHING |= {
    "recheck": ("office/recheck.html", _recheck(PROGRESS, {"code": "W-02K7", "lines": MARKS, "wrong": ""})),
    "recheck-widened": ("office/recheck.html", _recheck({**PROGRESS, "widened": True, "verdict": "抽查错误 1/3，超过 5%，须全部复核", "all": 4, "sheets": SHEETS, "errors": {"W-01K7": {"state": "", "url": "/tablet/hebei/M01/corrections?entry=W-01K7"}}}, {"code": "W-03K7", "lines": MARKS, "wrong": "01J2"}, problem={"what": "请写明错在哪里。", "mend": "", "details": []})),
    "recheck-first": ("office/recheck.html", _recheck(None)),
    "recheck-none": ("office/recheck.html", _recheck(None, rule=None, acts=False)),
}  # fmt: skip
