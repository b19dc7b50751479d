"""Plain values for lists, reports and the search: full, empty, long, being measured, refused."""

from typing import Any

from admin.reports.target_tables import facts_of, figures_of, tables_of
from server.web.charts import bar, columns, scatter
from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
LONG = "克孜勒苏柯尔克孜自治州职业技能竞赛代表队（工业机器人系统操作与智能制造单元集成应用技术）"


def _page(template: str, **values: Any) -> tuple[str, Values]:
    shared = {"here": "lists", "csrf": "sample-token", "person": PERSON, "site": SITE, "competition": COMPETITION}
    links = [*RAIL["links"][:2], *(
        {"id": id, "icon": icon, "name": name, "url": "#", "count": None} for id, icon, name in (("lists", "layout-list", "列表"), ("reports", "chart-bar", "报告"))
    )]  # fmt: skip
    return template, {**shared, "desk": {**RAIL, "here": "lists", "links": links}, **values}


def _tabs(here: str, *names: str) -> list[Values]:
    return [{"name": name, "url": "#", "count": None, "here": name == here} for name in names]


TABS = _tabs("报名", "报名", "证书", "晋升", "裁判", "代表队")
HEADS = (
    ("number", "编号", False),
    ("names", "姓名", False),
    ("event", "赛项", False),
    ("delegation", "代表队", False),
    ("people", "人数", True),
)
ROWS = [
    [(f"M01-{n:03}", ""), (name, unit), ("焊接技术", "职工组"), (city, ""), ("1", "")]
    for n, (name, unit, city) in enumerate(
        [("王伟", "唐山第一机械厂", "唐山市"), ("阿卜杜热西提·阿卜杜热合曼·买买提艾力江", LONG, "克孜勒苏柯尔克孜自治州"), ("=1+1", "@单位", "廊坊市")], 1
    )
]  # fmt: skip


def _list(heads: Any, rows: Any, **more: Any) -> Values:
    made = {
        "title": "报名", "told": "每个参赛单元一行：一个人或一队。", "hint": "编号、姓名或单位", "url": "/office/hebei/lists/entries", "kept": "/office/hebei/lists/entries",
        "workbook": "/office/hebei/lists/entries/workbook.xlsx?", "query": "state=review",
        "asked": {"find": "", "sort": "", "columns": "", "narrowed": False},
        "filters": [{"id": "state", "name": "状态", "value": "review", "options": [("review", "待审核"), ("approved", "已通过")]}],
        "columns": [{"id": id, "name": name, "right": right, "sorted": "ascending" if place == 1 else "", "url": "?sort=x"} for place, (id, name, right) in enumerate(heads)],
        "choose": [{"id": id, "name": name, "shown": True} for id, name, _ in heads],
        "rows": [{"cells": [{"text": text, "below": below, "right": right, "whole": text[:2] == "20" or max(len(text), len(below)) <= 10, "look": None} for (text, below), (_, _, right) in zip(row, heads, strict=True)], "url": "/register/hebei/1/entry/1"} for row in rows],
        "pages": {"from": 1, "to": len(rows), "found": 10_000, "before": "", "after": "?page=2"}, "views": [{"id": "1", "name": "等我看的", "url": "?state=review", "here": True}],
    }  # fmt: skip
    return {**made, **more}


def desk_list(heads: Any, rows: Any, looks: dict[str, tuple[str, str]], **more: Any) -> Values:
    """The values of a desk that is a list; a text that has a look stands out."""
    made = _list(heads, rows, **{"filters": [], "views": [], **more})
    for row in made["rows"]:
        for cell in row["cells"]:
            cell["look"] = looks.get(cell["text"])
    return {
        "list": made,
        **dict.fromkeys(("over", "figure", "waiting", "problem")),
        **dict.fromkeys(("tabs", "legend", "notes"), ()),
    }


def _shown(list: Values, **more: Any) -> tuple[str, Values]:
    usual = {"over": None, "tabs": TABS, "figure": None, "legend": [], "waiting": None, "notes": [], "problem": None}
    return _page("office/list.html", list=list, **{**usual, **more})


EMPTY = {"from": 0, "to": 0, "found": 0, "before": "", "after": ""}
REPORT_TABS = (
    "参赛情况",
    "名额使用",
    "裁判工作量与可靠性",
    "评分项难度",
    "申诉",
    "晋升",
    "证书",
    "规划指标",
    "分市分年目标",
)
OVER = {"name": "报告", "url": "/office/hebei/reports"}
JUDGED = [
    [("卢建平", "河北工业职业学院"), ("焊接技术", ""), ("J3", ""), ("560", ""), ("-4.20 %", ""), ("1.90 %", "")]
] * 4
JUDGE_HEADS = (
    ("judge", "裁判", False),
    ("event", "赛项", False),
    ("seat", "席位", False),
    ("marks", "打分", True),
    ("severity", "宽严", True),
    ("spread", "离散", True),
)
CLOUD = [(37 * n % 900 - 420, 120 + 53 * n % 300, f"裁判 {n}") for n in range(60)]
NOTES = ["宽严（平均偏差）= Σd ÷ n：负为严，正为宽。", "一致性是肯德尔和谐系数 W = 12S ÷ (m²(n³ − n) − mΣT)。"]
CITIES = [("石家庄市", 140, 46), ("唐山市", 120, 51), (LONG, 61, 30), ("廊坊市", 4, 0), ("辛集市", 0, 1)]


def _report(**more: Any) -> tuple[str, Values]:
    usual = {
        "url": "/office/hebei/reports", "tabs": _tabs("参赛情况", *REPORT_TABS), "title": "参赛情况", "told": "谁来参赛：参赛单元、人数、性别、缺席。",
        "workbook": "/office/hebei/reports/participation/workbook.xlsx?by=delegation", "figures": [], "targets": [], "periods": [], "edit": "", "empty": None,
        "by": [{"name": name, "url": "?", "here": not place} for place, name in enumerate(("代表队（市）", "赛项", "组别", "职业", "性别", "年龄"))],
        "tables": [{
            "id": "delegation", "name": "", "legend": ["男", "女"],
            "columns": [{"name": name, "right": bool(place)} for place, name in enumerate(("代表队（市）", "参赛单元", "男", "女", "人数", "缺席单元"))],
            "rows": [{"cells": [city, str(men + women), str(men), str(women), str(men + women), "0"], "bar": bar((men, women), 186)} for city, men, women in CITIES],
            "total": ["合计", "453", "325", "128", "453", "0"],
        }],
        "notes": ["候补和未通过的不算。"],
    }  # fmt: skip
    return _page("office/report.html", **{**usual, **more})


YEARS = [("2021", (120, 400)), ("2022", (180, 510)), ("2023", (0, 0)), ("2024", (260, 700)), ("2025", (310, 940))]
PLAN = {
    "tabs": _tabs("规划指标", *REPORT_TABS), "title": "规划指标", "by": [], "periods": [{"name": "2021–2025", "url": "?from=2021", "here": True}, {"name": "2026–2030", "url": "?from=2026", "here": False}],
    "targets": [{"name": "新增取证", "actual": 3420, "target": 1_500_000, "share": "0.23 %"}, {"name": "其中高级工及以上", "actual": 870, "target": 400_000, "share": "0.22 %"}],
    "figures": [{"drawing": columns(YEARS, "每年新授予的等级"), "title": "每年新授予的等级", "legend": ["高级工及以上", "其他等级"]}],
    "tables": [
        {
            "id": f"part-{place}", "name": name, "legend": [], "total": [],
            "columns": [{"name": head, "right": bool(at)} for at, head in enumerate(("年 / 市 / 等级", "新增取证", "累计", "占五年目标"))],
            "rows": [{"cells": [key, "520", "520", "0.03 %"], "bar": ""} for key in keys],
        }
        for place, (name, keys) in enumerate({"按年": ("2021", "2022"), "按市": ("石家庄市", LONG), "按等级": ("三级/高级工",)}.items())
    ],
}  # fmt: skip
PLACES = ("石家庄市", "唐山市", LONG, "廊坊市", "辛集市")
AIMED = {
    (city, year, measure): (60_000 if measure == "new" else 16_000) - 900 * (year - 2021) * at
    for at, city in enumerate(PLACES)
    for year in range(2021, 2026)
    for measure in ("new", "high")
    if (at, year) != (3, 2023)
}
GOT = {
    (city, year, measure): (52_000 if measure == "new" else 16_500) - 4_100 * at * (year - 2020) // 3
    for at, city in enumerate(PLACES)
    for year in range(2021, 2025)
    for measure in ("new", "high")
}
OWN = {
    "tabs": _tabs("分市分年目标", *REPORT_TABS), "title": "分市分年目标", "told": "本主办方为各市各年定的目标，对照全部竞赛里授予的技能等级。", "by": [], "edit": "/office/hebei/reports/targets/edit?from=2021",
    "periods": [{"name": "2021–2025", "url": "?from=2021", "here": True}, {"name": "2026–2030", "url": "?from=2026", "here": False}], "notes": ["差额 = 实绩 − 目标；完成 = 实绩 ÷ 目标。"],
    "targets": facts_of(AIMED, GOT, "zh"), "figures": figures_of(AIMED, GOT, 2021, "zh"), "tables": tables_of(AIMED, GOT, 2021, "zh"),
}  # fmt: skip
NO_TARGETS = {"title": "还没有分市分年的目标", "told": ["河北省“十四五”职业技能培训规划（2022-04-06）：新增取证 150 万人次以上，其中高级工以上 40 万人次以上", "规划只定了全省五年的总数，没有分到市和年。请填入你们自己定的目标：在表里逐格填、从 Excel 粘贴，或导入工作簿。"]}  # fmt: skip


def _typed(wrong: str = "", **more: Any) -> tuple[str, Values]:
    rows = [
        {
            "city": city, "known": city != "辛集市", "fixed": bool(city), "wrong": "",
            "cells": [
                {"key": f"{at} {year} {measure}", "measure": measure, "value": "" if number is None else str(number), "was": "", "new": (at, year) == (1, 2022), "wrong": wrong if (at, year, measure) == (1, 2022, "new") else ""}
                for year in range(2021, 2026) for measure in ("new", "high") for number in (AIMED.get((city, year, measure)),)
            ],
        }
        for at, city in enumerate([*PLACES, "", "", ""])
    ]  # fmt: skip
    usual = {
        **{key: OWN[key] for key in ("tabs", "title", "periods")}, "url": "/office/hebei/reports", "action": "#", "bring": "#", "form": "#", "years": list(range(2021, 2026)), "rows": rows,
        "measures": [{"id": "new", "name": "新增取证", "plan": 1_500_000}, {"id": "high", "name": "高级工及以上", "plan": 400_000}],
        "brought": None, "problem": None, "problems": [],
    }  # fmt: skip
    return _page("office/targets.html", **{**usual, **more})


FOUND = [
    {"id": "people", "name": "人员", "more": True, "rows": [{"title": "赵一", "told": "1399********0017 · 唐山市", "more": "M01-001 · 焊接技术", "where": COMPETITION["name"], "url": "#"}, {"title": "赵二", "told": LONG, "more": LONG, "where": COMPETITION["name"], "url": ""}]},
    {"id": "events", "name": "赛项", "more": False, "rows": [{"title": "焊接技术", "told": "M01", "more": "焊工", "where": COMPETITION["name"], "url": "#"}]},
]  # fmt: skip
REPORTS: dict[str, tuple[str, Values]] = {
    "list": _shown(_list(HEADS, ROWS)),
    "list-none": _shown(_list(HEADS, [], pages=EMPTY, views=[], asked={"find": "x", "sort": "-number", "columns": "number,names", "narrowed": True}), problem={"what": "请给这个视图起一个名字，最多 40 字。", "mend": "", "details": []}),
    "list-empty": _shown(_list(HEADS, [], pages=EMPTY, views=[], filters=[])),
    "report-judges": _shown(_list(JUDGE_HEADS, JUDGED, title="裁判工作量与可靠性"), over=OVER, tabs=_tabs("裁判工作量与可靠性", *REPORT_TABS), figure=scatter(CLOUD, "宽严：左严右宽", "离散：越高越不稳", "裁判工作量与可靠性"), waiting={"owed": 3, "failed": 1}, notes=NOTES),
    "report-counting": _report(),
    "report-empty": _report(tables=[{"id": "delegation", "name": "", "legend": ["男"], "columns": [], "rows": [], "total": []}]),
    "report-indicators": _report(**PLAN),
    "report-targets": _report(**OWN),
    "report-targets-none": _report(**{**OWN, "workbook": "", "empty": NO_TARGETS, "targets": [], "figures": [], "tables": [], "notes": []}),
    "targets": _typed(brought=2),
    "targets-changed": _typed("唐山市 2022 年·新增取证现在是：58,000。", problem={"what": "有 1 格别人刚改过，目标都没有保存。", "mend": "请逐格看过再保存。", "details": []}, problems=[{"file": "目标.xlsx", "sheet": "目标", "rows": [str(5)], "column": "C", "what": "“许多”不是目标", "mend": "填 0 到 100,000,000 的整数；没有目标的留空"}]),
    "find": _page("office/find.html", sought="赵", groups=FOUND, any=True),
    "find-nothing": _page("office/find.html", sought="不存在", groups=[], any=True),
    "find-empty": _page("office/find.html", sought="", groups=[], any=False),
}  # fmt: skip
