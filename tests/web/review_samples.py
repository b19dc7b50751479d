"""Plain values for the review: the office's list, a delegation's own with what came back, and nobody to review."""

from datetime import UTC, datetime
from typing import Any

from tests.web.registering import DELEGATION, DESK, tabs
from tests.web.setup_samples import PERSON, RAIL, SITE

Values = dict[str, Any]
WORDS = {"review": "待审核", "returned": "已退回", "waiting": "候补", "approved": "已通过", "rejected": "不予通过"}
AT = datetime(2026, 10, 9, 1, 30, tzinfo=UTC)


def _entry(number: int, names: str, state: str, **more: Any) -> Values:
    usual = {
        "id": f"0190c5d8-0000-7000-8000-00000000000{number}",
        "version": 0,
        "picked": False,
        "number": f"M01-{number:03}",
        "names": names,
        "team": "",
        "units": "唐山第一机械厂（集团）有限公司",
        "event": "焊接技术",
        "division": "职工组",
        "delegation": "唐山市",
        "url": "/register/hebei/1/entry/1",
        "state": state,
        "said": WORDS[state],
        "step": "主办方" if state == "review" else "",
        "acts": ["approve", "return", "reject"] if state == "review" else [],
        "reason": "",
        "by": "",
        "at": None,
        "cells": {"documents": "130102********0021", "entered": "–"},
    }
    return {**usual, **more}


ENTRIES = [
    _entry(1, "王伟", "review", picked=True),
    _entry(2, "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", "review", delegation="克孜勒苏柯尔克孜自治州代表队"),
    _entry(
        3, "李娜、赵强", "returned", team="1", reason="单位与社保证明不一致，请核对后重新上传证明", by="周敏", at=AT
    ),
    _entry(4, "孙丽", "approved", acts=["return", "reject"], by="周敏", at=AT),
    _entry(5, "钱进", "waiting"),
    _entry(6, "郑海", "rejected", reason="超过年龄上限（第 3 条）", by="周敏", at=AT),
]


NAMES = {
    "number": "编号",
    "names": "姓名",
    "event": "赛项",
    "delegation": "代表队",
    "state": "状态",
    "documents": "证件号码",
    "entered": "录入时间",
}
SHOWN = ("number", "names", "event", "delegation", "state")


def _columns(shown: tuple[str, ...]) -> list[Values]:
    return [{"id": id, "name": NAMES[id], "right": False, "sorted": "", "url": "?"} for id in shown]


def _choose(shown: tuple[str, ...]) -> list[Values]:
    return [{"id": id, "name": name, "shown": id in shown} for id, name in NAMES.items()]


def _page(**values: Any) -> tuple[str, Values]:
    shared = {"here": "review", "csrf": "sample-token", "person": PERSON, "site": SITE}
    states = [
        {"name": name, "count": count, "url": "?", "here": not place}
        for place, (name, count) in enumerate({"全部": 6, "等我处理": 2, "待审核": 2, "已退回": 1, "候补": 1}.items())
    ]
    usual = {
        "over": {"name": "河北省职业技能大赛", "url": "/office/hebei"}, "here_url": "/office/hebei/review", "action": "/office/hebei/review?", "every": "0" * 64, "workbook": "/office/hebei/lists/entries/workbook.xlsx",
        "steps": ["代表队（本单位）", "主办方", "组委会办公室"], "states": states, "tabs": [],
        "events": [{"value": "M01", "label": "焊接技术"}], "delegations": [{"value": "1", "label": "唐山市"}],
        "asked": {**dict.fromkeys(("state", "event", "delegation", "find", "columns", "sort"), ""), "query": ""}, "columns": _columns(SHOWN), "choose": _choose(SHOWN), "views": [{"id": "1", "name": "职工组待审", "url": "?", "here": False}], "kept": "/office/hebei/lists/review", "acts": ["approve", "return", "reject"],
        "entries": ENTRIES, "found": 6, "all": 6, "reason": "", "said": None, "batch": "", "problem": None,
        "pages": {"from": 1, "to": 6, "before": "", "after": "?page=2"},
    }  # fmt: skip
    rail = {**RAIL, "here": "review"}
    return "office/review.html", {**shared, "desk": rail, **usual, **values}


RETURNED = [{**ENTRIES[2], "acts": ["send"]}, {**ENTRIES[0], "acts": [], "picked": False}]
OWN: Values = {
    "desk": DESK, "tabs": tabs("review"), "over": {"name": DELEGATION["name"], "url": DELEGATION["url"]}, "delegations": [],
    "entries": RETURNED, "acts": ["send"], "steps": ["主办方"], "found": 2, "all": 2,
    "columns": _columns(("number", "names", "event", "state")), "views": [], "kept": "",
}  # fmt: skip
REVIEW: dict[str, tuple[str, Values]] = {
    "review": _page(said={"what": "已通过 12 份。"}, batch="0190c5d8-0000-7000-8000-000000000001"),
    "review-more": _page(columns=_columns(tuple(NAMES)), choose=_choose(tuple(NAMES))),
    "review-own": _page(**OWN),
    "review-empty": _page(entries=[], found=0, all=0, acts=[]),
}
