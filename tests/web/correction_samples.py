"""Plain values for corrections after the seal: the chief judge's page with a mark chosen and when it is over, and the office's."""

from datetime import UTC, datetime
from typing import Any

from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
AT = datetime(2026, 10, 17, 8, 40, tzinfo=UTC)
LONG = "焊缝余高、宽度差与直线度（按图纸 WLD-07 第 3 条，任取三处测量）"


def _one(state: str, said: str, **more: Any) -> Values:
    usual = {
        "id": "0197f3a2-5c1e-7d40-9b6a-3f2e8c1d7a45", "entry": "W-03K7", "aspect": "B1.02", "name": "外观", "label": "J2", "before": "2", "after": "3", "state": state, "said": said,
        "reason": "原始记录单上写的是 3 分，平板上按成了 2 分；两位裁判在场核对过。", "by": "卢建平", "at": AT, "settled": None, "decided_by": "", "answer": "", "appeal": None, "mine": True,
    }  # fmt: skip
    return {**usual, **more}


WAITS = _one("proposed", "待批准")
OTHER = _one("proposed", "待批准", entry="W-11P2", aspect="A1.04", name=LONG, label="J1", before="87.50", after="85")
FLOOR = {"aspect": None, "name": "现场登记", "label": None, "before": "取消资格", "after": "正常参赛"}
STATUS = _one("proposed", "待批准", **FLOOR, entry="W-08K7", reason="仲裁看过录像：选手没有违规，当场的记录是误会。")
PAST = [
    _one("approved", "已批准", **{**FLOOR, "before": "正常参赛", "after": "未完赛"}, settled=AT, decided_by="监督甲"),
    _one("approved", "已批准", entry="W-09M4", aspect="A1.01", name=LONG, before="0", after="12.50", settled=AT, decided_by="监督甲"),
    _one("refused", "未批准", reason="读数应为 1.9 毫米。", settled=AT, decided_by="周敏", answer="复测记录与原分一致，见 10 月 17 日复核单。"),
    _one("dropped", "已撤回", settled=AT),
    _one("approved", "已批准", settled=AT, decided_by="监督甲", by="周敏", appeal=3, mine=False),
]  # fmt: skip
ROWS = [
    ("A1.01", LONG),
    ("A1.02", "角度"),
    ("A1.03", "Surface finish of the visible faces, measured at three places"),
    ("A1.04", "平行度"),
]
GROUPS = [
    {"name": "A1 尺寸", "rows": [{"aspect": id, "name": name, "marks": [{"id": id, "label": "J1", "value": "12.50", "waits": False, "here": False}]} for id, name in ROWS]},
    {"name": "B1 外观与工艺", "rows": [
        {"aspect": f"B1.0{n}", "name": name, "marks": [
            {"id": f"{n}{seat}", "label": f"J{seat}", "value": str(2 + (n + seat) % 2), "waits": (n, seat) == (1, 3), "here": (n, seat) == (2, 2)} for seat in range(1, 6)
        ]} for n, name in enumerate(("整体印象", "外观", "Finish and cleanliness of the workplace"), 1)
    ]},
]  # fmt: skip
CHOSEN: Values = {
    "id": "22", "aspect": "B1.02", "name": "外观", "label": "J2", "value": "2", "maximum": "10",
    "choices": [{"value": "0", "shown": "0", "said": "焊缝有裂纹或未焊透，不能使用"}, {"value": "1", "shown": "1", "said": "成形差，有明显咬边"}, {"value": "3", "shown": "3", "said": "Even bead of the same width throughout, better than the trade's usual standard"}],
}  # fmt: skip
ENTRIES = [{"code": f"W-{n:02}K7", "here": n == 3, "away": "缺席" if n == 8 else ""} for n in range(1, 13)]
STANDING = {"status": "competed", "said": "正常参赛", "reason": "", "waits": False, "here": False}
PUT_OUT = {
    **STANDING,
    "status": "disqualified",
    "said": "取消资格",
    "reason": "使用自带的样板，裁判长与监督当场确认。",
    "here": True,
}
OTHERS = [("competed", "正常参赛"), ("absent", "缺席"), ("withdrawn", "弃权"), ("did-not-finish", "未完赛")]
OF_FLOOR: Values = {
    "before": "disqualified",
    "name": "现场登记",
    "value": "取消资格",
    "choices": [{"value": id, "shown": said, "said": ""} for id, said in OTHERS],
}
FOUND = [
    {"entry": "W-03K7", "mark": "22", "words": "B1.02 J2 纸质记录单上是 3 分，平板上是 2 分。", "by": "监督甲"},
    {"entry": "W-11P2", "mark": "", "words": "A1.01 and A1.03 are exchanged on the paper.", "by": "监督甲"},
]
OVER = {"what": "成绩已经公示，裁判长不能再更正。", "mend": "请代表队提出申诉：裁定时更正，并重新公示。"}


def _chief(**values: Any) -> tuple[str, Values]:
    shared = {
        "csrf": "sample-token",
        "person": PERSON,
        "site": SITE,
        "here": "/tablet/hebei/M01/corrections",
        "problem": None,
    }
    event = {"code": "M01", "said": "焊接技术"}
    usual = {
        "event": event,
        "closed": None,
        "entries": ENTRIES,
        "entry": "W-03K7",
        "floor": STANDING,
        "found": [],
        "groups": GROUPS,
        "chosen": CHOSEN,
        "past": [WAITS, *PAST],
    }
    return "marks/corrections.html", {**shared, **usual, "typed": {"value": "", "reason": ""}, **values}


def _office(**values: Any) -> tuple[str, Values]:
    shared = {
        "csrf": "sample-token",
        "person": PERSON,
        "site": SITE,
        "here": "/office/hebei/events/M01/corrections",
        "said": None,
        "problem": None,
    }
    usual = {
        "desk": {**RAIL, "here": "corridor"}, "competition": COMPETITION, "action": "/office/hebei/events/M01/corrections", "event": {"code": "M01", "name": "焊接技术"},
        "closed": None, "one": None, "waiting": [], "past": [], "has_password": True, "typed": "",
    }  # fmt: skip
    return "office/corrections.html", {**shared, **usual, **values}


STANDINGS = [
    {"code": "W-03K7", "rank": ("4", "3"), "total": (8612, 8733), "award": ("优胜奖", "铜牌")},
    {"code": "W-11P2", "rank": ("3", "4"), "total": (8655, 8655), "award": ("铜牌", "优胜奖")},
]
PUT_BACK = [{"code": "W-08K7", "rank": ("取消资格", "1"), "total": (9012, 9012), "award": ("", "金牌")}, *STANDINGS]
CORRECTIONS: dict[str, tuple[str, Values]] = {
    "corrections-chief": _chief(found=FOUND),
    "corrections-chief-over": _chief(closed=OVER, entries=[], entry="", floor=None, groups=[], chosen=None, past=PAST[:2]),
    "corrections-chief-status": _chief(entry="W-08K7", entries=[{**one, "here": one["code"] == "W-08K7"} for one in ENTRIES], groups=[], floor=PUT_OUT, chosen=OF_FLOOR, past=[]),
    "corrections-office": _office(one={**OTHER, "seen": "0" * 64, "standings": STANDINGS}, waiting=[WAITS, STATUS], past=PAST, problem={"what": "密码不对。", "mend": "", "details": []}),
    "corrections-office-status": _office(one={**STATUS, "seen": "0" * 64, "standings": PUT_BACK}),
    "corrections-office-over": _office(closed=OVER, past=PAST),
}  # fmt: skip
