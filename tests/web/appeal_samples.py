"""Plain values for appeals: the desk of a delegation, the office's list, one appeal in each hand, and none."""

from datetime import UTC, datetime
from typing import Any

from tests.web.registering import COMPETITION as EDITION
from tests.web.registering import DELEGATION, tabs
from tests.web.registering import DESK as SENDER
from tests.web.report_samples import desk_list
from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
REASON = "B1.02 外观一项，三位裁判的记录单上写的是 3 分，公布的成绩按 2 分计。\n请核对原始评分表。"
WORDS = {"asked": "待准许", "open": "办理中", "upheld": "成立", "rejected": "驳回", "refused": "不予受理"}
ACTS = [
    {"what": "提出申诉", "text": "", "by": "郝新民", "at": AT},
    {"what": "准许受理", "text": "公布当天提出，且附有记录单照片，应予核实。", "by": "监督甲", "at": AT},
]


def _appeal(number: int, names: str, state: str, **more: Any) -> Values:
    usual = {
        "number": number, "called": f"A{number:03}", "state": state, "said": WORDS[state], "event": "焊接技术", "entry": "M01-007",
        "names": names, "delegation": "石家庄市", "reason": REASON, "silent": True, "at": AT, "assigned": "", "has_file": True, "pages": 2,
        "against": 1, "republished": 0, "version": 1, "acts": ACTS, "file": "/register/hebei-example/7/appeals/1/attachment",
    }  # fmt: skip
    return {**usual, **more}


APPEALS_OF = [
    _appeal(3, "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", "asked", acts=ACTS[:1], delegation="克孜勒苏柯尔克孜自治州代表队"),
    _appeal(2, "王伟", "open", assigned="周敏", event="数控铣（Computer Numerical Control Milling）"),
    _appeal(1, "李娜", "upheld", assigned="周敏", republished=2),
]  # fmt: skip


def _result(names: str, **more: Any) -> Values:
    usual = {
        "number": "M01-007", "names": names, "event": "焊接技术", "rank": 2, "total": 8733, "award": "银牌", "published": AT, "ends": AT,
        "late": False, "silent": False, "taken": False, "url": "/register/hebei-example/7/appeals/new/1",
    }  # fmt: skip
    return {**usual, **more}


RESULTS = [
    _result("王伟", taken=True),
    _result("李娜", silent=True, ends=None),
    _result("孙丽", late=True, rank=0, award=""),
]


def _page(template: str, **values: Any) -> tuple[str, Values]:
    shared = {"here": "appeals", "csrf": "sample-token", "person": PERSON, "site": SITE, "said": None, "problem": None}
    return template, {**shared, **values}


def _office(template: str, **values: Any) -> tuple[str, Values]:
    rail = {**RAIL, "here": "appeals"}
    return _page(template, desk=rail, competition=COMPETITION, action="/office/hebei/appeals", **values)


def _desk(template: str, **values: Any) -> tuple[str, Values]:
    return _page(template, desk=SENDER, delegation=DELEGATION, competition=EDITION, tabs=tabs("appeals"), **values)


EFFECTS = {
    "seen": "0" * 64,
    "corrections": [
        {"id": "1", "aspect": "B1.02 外观", "judge": "J2", "before": "2", "after": "3", "why": "原始评分表为 3 分，录入有误", "by": "周敏"}
    ],
    "statuses": [{"id": "2", "before": "取消资格", "after": "正常参赛", "why": "监控录像显示没有违规", "by": "周敏"}],
    "standings": [
        {"names": "王伟", "delegation": "石家庄市", "rank": ("取消资格", "3"), "total": (8612, 8733), "award": ("优胜奖", "铜牌")},
        {"names": "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", "delegation": "克孜勒苏柯尔克孜自治州代表队", "rank": ("3", "4"), "total": (8655, 8655), "award": ("铜牌", "优胜奖")},
    ],
    "promotions": [{"name": "王伟", "before": "三级/高级工", "after": "二级/技师"}],
    "certificates": [
        {"name": "王伟", "number": "PD2026-000004", "kind": "replaced", "said": "换发", "before": "优胜奖", "after": "铜牌"},
        {"name": "李娜", "number": "PD2026-000005", "kind": "revoked", "said": "作废", "before": "优胜奖", "after": ""},
    ],
}  # fmt: skip
ONE: Values = {
    "one": APPEALS_OF[0], "party": "", "admits": True, "mine": False, "answered": False, "rules": False, "people": [], "marks": [], "effects": None,
    "photos": [], "floor": None,
    "typed": dict.fromkeys(("reason", "text", "value", "why", "mark", "status", "why_status"), ""),
}  # fmt: skip
WORKED: Values = {
    **ONE, "one": APPEALS_OF[1], "admits": False, "people": [{"id": "1", "name": "周敏", "here": True}, {"id": "2", "name": "监督甲", "here": False}],
    "marks": [{"id": "1", "what": "B1.02 外观 · J2 · 2"}], "effects": EFFECTS, "floor": {"now": "取消资格", "others": [{"id": "competed", "name": "正常参赛"}, {"id": "withdrawn", "name": "弃权"}], "waits": False},
    "photos": [{"id": "01JQ0000000000000000000001", "aspect": "B1.02", "judge": "J2", "at": "2026-10-16T01:52:00+00:00"}],
}  # fmt: skip
HEADS = [(name, name, False) for name in ("编号", "姓名", "参赛编号", "赛项", "提出", "办理人", "状态")]
LINES = [
    [(one["called"], ""), (one["names"], one["delegation"]), (one["entry"], ""), (one["event"], ""), ("2026年11月20日 11:00", ""), (one["assigned"] or "–", ""), (one["said"], "")]
    for one in APPEALS_OF
]  # fmt: skip
LOOKS = {
    WORDS["asked"]: ("waiting", "help-circle"),
    WORDS["open"]: ("", "clock"),
    WORDS["upheld"]: ("approved", "check"),
}
TITLED = {"title": "申诉", "told": "", "url": "/office/hebei/appeals", "hint": "编号、姓名或代表队"}
APPEALS: dict[str, tuple[str, Values]] = {
    "appeals": _office("office/appeals.html", waiting_now=2, **desk_list(HEADS, LINES, LOOKS, **TITLED)),
    "appeals-empty": _office("office/appeals.html", waiting_now=0, **desk_list(HEADS, [], {}, **TITLED)),
    "appeal-asked": _office("office/appeal.html", **ONE),
    "appeal-mine": _office("office/appeal.html", **{**WORKED, "mine": True}),
    "appeal-ruling": _office("office/appeal.html", **{**WORKED, "answered": True, "rules": True}),
    "appeals-own": _desk("register/appeals.html", appeals=APPEALS_OF[:2], results=RESULTS, mine=True),
    "appeal-written": _desk(
        "register/appeal.html", result=RESULTS[1], typed=REASON, problem={"what": "文件已损坏或不完整。", "mend": "重新导出完整的文件。"}
    ),
}  # fmt: skip
