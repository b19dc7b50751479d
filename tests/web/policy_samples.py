"""Plain values for the pages of policies, made from shipped ones: read, changed, refused, compared. People are invented."""

from typing import Any

from admin.policy_differences import differences
from admin.policy_form import draft_of, sections_of
from admin.policy_pages import about, checked, read
from scoring import policy as policies
from tests.web.setup_samples import LONG, PERSON, RAIL, SITE

Values = dict[str, Any]
AT = "2026-11-02T09:12:00+08:00"
ROW: Values = {
    "code": "hebei-own", "version": 2, "frozen": None, "proposed": None, "proposed_by": "", "confirmed": None, "confirmed_by": "", "origin": "hebei-skills-2025",
    "at": AT, "revision": 4, "by_name": "周敏",
}  # fmt: skip
TEXT = policies.text_of("hebei-skills-2025")
DRAFT, TEMPLATE, LONGEST = (
    draft_of(TEXT),
    draft_of(policies.text_of("hebei-class1-template")),
    draft_of(policies.text_of("tianjin-2024")),
)
WRONG = draft_of(
    TEXT.replace("ranks = [1, 1]", "ranks = [3, 1]")
    .replace("percent = 50", "percent = 120")
    .replace("[awards]", "[awards]\nextra = 1")
)
EDITIONS = [{"slug": "hebei-2", "name": "第二届河北省职业技能大赛（示例）"}, {"slug": "hebei", "name": LONG}]
TWO = [{"id": "1", "name": "河北省人社厅"}, {"id": "2", "name": "河北省总工会"}]


def _page(here: str, **values: Any) -> Values:
    desk = {
        **RAIL,
        "competition": None,
        "here": "policies",
        "links": [
            RAIL["links"][0],
            {"id": "policies", "icon": "notes", "name": "规则", "url": "/office/policies", "count": None},
        ],
    }
    return {
        "here": here,
        "csrf": "sample-token",
        "person": PERSON,
        "site": SITE,
        "desk": desk,
        "said": None,
        "problem": None,
        **values,
    }


OTHER = draft_of(
    TEXT.replace("percent = 50", "percent = 45")
    .replace('{ kind = "step"', '{ steps = 2, kind = "step"')
    .replace("[awards]", '[appeals]\nwithin = 3\nunit = "hours"\nsource = "organiser"\n\n[awards]', 1)
)
assert DRAFT.policy and OTHER.policy
DIFFERENT = {"name": "hebei-skills-2025", "sections": differences(DRAFT.policy, OTHER.policy, "zh")}
ACTS = [
    {"kind": "proposed", "what": "提请确认", "by": "周敏", "at": AT, "reason": "", "document": "冀职竞〔2026〕3号"},
    {
        "kind": "refused",
        "what": "退回",
        "by": "林巧云",
        "at": AT,
        "reason": "优胜奖 45% 没有依据，请附上会议纪要；" * 4,
        "document": "",
    },
    {"kind": "saved", "what": "修改草稿", "by": "周敏", "at": AT, "reason": "", "document": ""},
    {"kind": "begun", "what": "起草", "by": "阿卜杜热合曼·艾力", "at": AT, "reason": "", "document": ""},
]


def _confirmation(**more: Any) -> Values:
    usual: Values = {
        "mine": False,
        "why": "",
        "people": ["林巧云", "监督甲"],
        "invite": "/office/hebei-2/setup/people",
        "acts": ACTS,
    }
    return {**usual, **more}


def _list(own: list[Values], **more: Any) -> Values:
    shipped = [
        {"id": id, "title": policy.title.zh, "authority": policy.authority.zh, "template": policy.status == "template", "why": "",
         "url": f"/office/policies/{id}", "own": False, "problems": 0, "cited": 9, "silent": place % 3, "sentences": 20}
        for place, (id, policy) in enumerate((id, policies.load(id)) for id in policies.shipped())
    ]  # fmt: skip
    return _page(
        "/office/policies", **{"own": own, "shipped": shipped, "organisers": TWO[:1], "may_write": True, **more}
    )


def _read(draft: Any = DRAFT, row: Values | None = ROW, **more: Any) -> Values:
    name = f"{row['code']}@{row['version']}" if row else "hebei-skills-2025"
    values = {
        "policy": about(name, draft, row, "zh"), "sections": read(draft.policy, "zh") if draft.policy else [],
        "wrong": [one.words.zh for one in draft.problems], "editions": EDITIONS, "organisers": TWO[:1],
        "may_write": True, "typed": {"reason": "", "document": ""}, "differences": DIFFERENT if row and draft.policy else None,
        "confirmation": _confirmation() if row else None,
    }  # fmt: skip
    return _page("/office/policies/hebei-own@2", **{**values, **more})


def _edit(draft: Any = DRAFT, theirs: Any = None, **more: Any) -> Values:
    values = {
        "policy": about("hebei-own@2", draft, ROW, "zh"), "revision": 4, "form": sections_of(draft, "zh", theirs),
        "missing": [{"id": "appeals", "name": "申诉"}], "rows": [{"id": "titles", "name": "称号"}], "optional": ["review"],
        "checked": checked(draft, "zh"), "editions": EDITIONS,
    }  # fmt: skip
    return _page("/office/policies/hebei-own@2/edit", **{**values, **more})


def _line(
    names: str,
    event: str,
    rank: tuple[int, int],
    award: tuple[str, str],
    promotions: Any = (),
    delegation: str = "沧州市",
) -> Values:
    return {
        "event": event,
        "names": names,
        "delegation": delegation,
        "rank": rank,
        "total": (8450, 8450),
        "award": award,
        "promotions": promotions,
    }


def _compared(lines: list[Values], **more: Any) -> Values:
    kinds = [
        "award" if place == 31 else "rank" if place in (7, 13, 40, 77) else "none" if place == 90 else "same"
        for place in range(106)
    ]
    values = {
        "policy": about("hebei-own@2", DRAFT, ROW, "zh"), "edition": EDITIONS[0], "seconds": "1.9", "lines": lines, "all": len(lines) + 3 if lines else 0,
        "counts": {"same": 100, "changed": 5, "placed": 11, "awarded": 4, "promoted": 2, "entries": 1163},
        "cells": [{"name": f"赛项 {place}", "kind": kind} for place, kind in enumerate(kinds)],
        "failed": [{"name": "茶艺", "why": "规则比较模块 practice，评分方案里没有这个模块"}],
    }  # fmt: skip
    return _page("/office/policies/hebei-own@2/compare", **{**values, **more})


MOVED = [
    _line("段志强", "焊接技术", (4, 3), ("优胜奖", "铜牌"), [("段志强", "三级/高级工", "二级/技师")]),
    _line("汪洋", "焊接技术", (3, 4), ("铜牌", "优胜奖"), [("汪洋", "二级/技师", "三级/高级工")], "石家庄市"),
    _line("古丽娜尔·买买提江、凌云", "工业机器人系统操作（双人）", (12, 11), ("", ""), (), "唐山市"),
]
OWN = [
    about("hebei-own@2", DRAFT, ROW, "zh"),
    about("hebei-own@1", DRAFT, {**ROW, "version": 1, "frozen": AT}, "zh"),
    about("class1@1", TEMPLATE, ROW, "zh"),
    about("hebei-own@3", DRAFT, {**ROW, "version": 3, "proposed": AT, "proposed_by": "周敏"}, "zh"),
    about("hebei-own@4", DRAFT, {**ROW, "version": 4, "proposed": AT, "confirmed": AT}, "zh"),
    about("broken@1", WRONG, ROW, "zh"),
]
POLICY_PAGES: dict[str, tuple[str, Values]] = {
    "policies": ("office/policies.html", _list(OWN)),
    "policies-first": ("office/policies.html", _list([], organisers=TWO, problem={"what": "有 1 处问题，什么都没有保存。", "mend": "", "details": ["这一行不是 TOML。请核对第 3 行。"]})),
    "policy": ("office/policy.html", _read(row=None)),
    "policy-template": ("office/policy.html", _read(TEMPLATE, confirmation=_confirmation(people=[], acts=ACTS[2:]))),
    "policy-second": ("office/policy.html", _read(OTHER, {**ROW, "proposed": AT, "proposed_by": "周敏"}, may_write=False, confirmation=_confirmation(mine=True))),
    "policy-waits": ("office/policy.html", _read(OTHER, {**ROW, "proposed": AT, "proposed_by": "周敏"}, confirmation=_confirmation(why="你写过或提请过这一版，不能自己确认。"))),
    "policy-confirmed": ("office/policy.html", _read(DRAFT, {**ROW, "proposed": AT, "proposed_by": "周敏", "confirmed": AT, "confirmed_by": "林巧云"}, differences={"name": "hebei-own@1", "sections": []})),
    "policy-used": ("office/policy.html", _read(LONGEST, {**ROW, "frozen": AT, "confirmed": AT, "confirmed_by": "周敏"})),
    "policy-unfinished": ("office/policy.html", _read(WRONG, editions=[])),
    "policy-edit": ("office/policy_edit.html", _edit()),
    "policy-edit-wrong": ("office/policy_edit.html", _edit(WRONG, {("marking", "spread"): "150"}, problem={"what": "有人在你之后改过，你的修改没有保存。", "mend": "", "details": []})),
    "policy-compare": ("office/policy_compare.html", _compared(MOVED)),
    "policy-compare-same": ("office/policy_compare.html", _compared([], failed=[], cells=[{"name": "焊接技术", "kind": "same"}])),
}  # fmt: skip
