"""Plain values for the promotions desk: all there is at once, nothing yet, and answers that came back."""

from datetime import UTC, datetime
from typing import Any

from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
CLAUSE = "获得各职业（工种）前 3 名的职工选手，晋升技师职业技能等级；已具有技师的，晋升高级技师。"
CHOICES = [{"id": "senior-technician", "name": "一级/高级技师"}, {"id": "special-technician", "name": "特级技师"}]
COUNTS = {"automatic": 1, "silent": 2, "waiting": 2, "granted": 1, "refused": 1}


def _case(number: int, name: str, state: str, **more: Any) -> Values:
    usual = {
        "id": f"0190c5d8-0000-7000-8000-00000000000{number}",
        "state": state,
        "name": name,
        "masked": "130102********0021",
        "event": "焊接技术",
        "code": "M01",
        "held": "二级/技师",
        "level": "一级/高级技师",
        "way": "",
        "why": "条文没有说明持有高级技师的人如何处理。",
        "clause": CLAUSE,
        "mine": True,
        "choices": CHOICES,
        "typed": {"level": "", "reason": "", "document": "", "why": ""},
        "seen": "",
        "back": None,
        "decided": {"by": None, "at": None, "reason": None, "document": None},
    }
    return {**usual, **more}


SILENT = [
    _case(1, "王伟", "silent"),
    _case(2, "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", "silent", held="", mine=False),
]
WAITING = [
    _case(
        3,
        "李娜",
        "waiting",
        way="须核准",
        back={
            "level": "一级/高级技师",
            "by": "周敏",
            "at": datetime(2026, 10, 21, 2, tzinfo=UTC),
            "why": "文号录错，核对后重新录入",
        },
    ),
    _case(
        4,
        "赵强",
        "waiting",
        way="可申报",
        held="",
        level="三级/高级工",
        event="数控铣（Computer Numerical Control Milling）",
    ),
]
DECIDED = [
    _case(
        5,
        "孙丽",
        "granted",
        decided={
            "by": "周敏",
            "at": datetime(2026, 10, 20, 2, tzinfo=UTC),
            "reason": "",
            "document": "冀人社函〔2026〕12号",
        },
    ),
    _case(
        6,
        "钱进",
        "refused",
        decided={"by": "监督甲", "at": datetime(2026, 10, 20, 2, tzinfo=UTC), "reason": "工作年限不够", "document": ""},
    ),
]
PREVIEW = {
    "document": "冀人社函〔2026〕12号",
    "blank": 3,
    "odd": 1,
    "granted": 2,
    "refused": 1,
    "answers": "[]",
    "lines": [
        {
            "row": 4,
            "name": "李娜",
            "event": "焊接技术",
            "level": "一级/高级技师",
            "yes": True,
            "remark": "",
            "known": True,
        },
        {
            "row": 5,
            "name": "赵强",
            "event": "数控铣",
            "level": "三级/高级工",
            "yes": False,
            "remark": "不符合申报条件",
            "known": True,
        },
        {"row": 6, "name": "外来人", "event": "", "level": "", "yes": True, "remark": "", "known": False},
    ],
}


TURNED = {"from": 1, "to": 50, "found": 312, "before": "", "after": "?page=2&part=silent"}


def _page(**values: Any) -> tuple[str, Values]:
    shared = {"here": "promotions", "csrf": "sample-token", "person": PERSON, "site": SITE}
    usual = {
        "action": "/office/hebei/promotions", "staff": True, "everything": "/office/hebei/lists/promotions", "counts": COUNTS, "said": None, "problem": None, "problems": [],
        "asked": {"find": "", "sort": "", "columns": "", "query": "", "narrowed": False}, "filters": [{"id": "event", "name": "赛项", "value": "", "options": [("M01", "焊接技术 M01")]}],
        "views": [], "paging": {"silent": TURNED, "waiting": TURNED, "granted": {**TURNED, "after": ""}},
        "preview": None, "silent": SILENT, "waiting": WAITING, "decided": DECIDED, "automatic": [_case(7, "郑海", "automatic")],
    }  # fmt: skip
    rail = {**RAIL, "here": "promotions"}
    return "office/promotions.html", {**shared, "desk": rail, "competition": COMPETITION, **usual, **values}


NOBODY: Values = {"counts": dict.fromkeys(COUNTS, 0), "silent": [], "waiting": [], "decided": [], "automatic": []}
PROMOTIONS: dict[str, tuple[str, Values]] = {
    "promotions": _page(),
    "promotions-empty": _page(**NOBODY),
    "promotions-nothing": _page(
        **NOBODY, asked={"find": "赵", "sort": "", "columns": "", "query": "find=赵", "narrowed": True}
    ),
    "promotions-answers": _page(preview=PREVIEW),
}
