"""Plain values for the pages of setting up: usual, empty, full to the brim, refused, changed by somebody else meanwhile."""

from typing import Any
from urllib.parse import quote

from certificates.own.archive import EXAMPLE

Values = dict[str, Any]
PERSON = {"name": "周敏", "role": "赛务主管", "home": "/office"}
SITE = {"name": "匠台", "home": "/", "results": "/", "organiser": "", "contact": ""}
LONG = "京津冀装备制造与现代生活服务职业技能邀请赛暨全国选拔赛（河北赛区）"
RAIL = {
    "competition": {"name": "河北省职业技能大赛（示例）", "when": "10月16日 – 10月18日", "url": "/office/hebei"},
    "here": "setup",
    "links": [
        {"id": "home", "icon": "sun-high", "name": "今日", "url": "/office", "count": None},
        {"id": "corridor", "icon": "route", "name": "赛项走廊", "url": "/office/hebei", "count": 3},
        {"id": "setup", "icon": "pencil", "name": "筹备", "url": "/office/hebei/setup", "count": None},
        {"id": "public", "icon": "speakerphone", "name": "公开页面", "url": "/c/hebei", "count": None},
    ],
}
COMPETITION = {"name": "河北省职业技能大赛（示例）", "url": "/office/hebei", "public": "/c/hebei"}
PROBLEM = {
    "what": "有 2 处问题，什么都没有保存。",
    "mend": "",
    "details": ["职业编码写成 6-18-02-04 的样子。请改正；没有编码就留空。", "编号 M01 已经用过。"],
}
CHANGED = {
    "what": "有人在你之后改过，你的修改没有保存。",
    "mend": "请看现在的内容；仍要按你的改，就再保存一次。",
    "details": [],
}


def _page(here: str, tab: str = "facts", **values: Any) -> Values:
    names = {"facts": "竞赛", "events": "赛项", "places": "代表队和名额", "people": "监督和报名员"}
    names |= {"attachments": "材料", "designs": "证书"}
    tabs = [
        {
            "name": name,
            "url": f"/office/hebei/setup/{id}",
            "count": None if id in ("facts", "designs") else 3,
            "here": id == tab,
        }
        for id, name in names.items()
    ]
    shared = {"desk": RAIL, "competition": COMPETITION, "tabs": tabs, "said": None, "problem": None}
    return {"here": here, "csrf": "sample-token", "person": PERSON, "site": SITE, **shared, **values}


def _field(name: str, label: str, value: str = "", kind: str = "text", **more: Any) -> Values:
    plain = {"hint": "", "options": [], "suggestions": [], "required": False, "wide": False, "least": 0, "most": 999}
    return {**plain, "name": name, "label": label, "value": value, "kind": kind, "theirs": "", "wrong": "", **more}


def _choices(*labels: str) -> list[Values]:
    return [{"value": str(number), "label": label} for number, label in enumerate(labels)]


NAME = _field("name", "名称", "河北省职业技能大赛（示例）", required=True, wide=True)
STARTS = _field("starts", "开始日期", "2026-10-16", "date", required=True)
ENDS = _field("ends", "结束日期", "2026-10-18", "date", required=True)
FACTS = [
    {
        "id": "naming",
        "name": "名称和文件",
        "fields": [
            NAME,
            _field("name_en", "英文名称", "Hebei Vocational Skills Competition", wide=True, hint="证书和英文页面上用"),
            _field("document", "文号", "冀人社字〔2026〕12号", hint="发文的文号，可以以后再填"),
            _field(
                "regions", "参赛地区", "北京市\n天津市\n河北省", "textarea", wide=True, hint="一行一个；不写就是不限"
            ),
        ],
    },
    {
        "id": "class",
        "name": "级别和证书",
        "fields": [
            _field("tier", "级别", "0", "select", options=_choices("省级", "市级")),
            _field("rank", "类别", "1", "select", options=_choices("不分类", "一类", "二类")),
            _field("province", "省份代码", "13", hint="两位行政区划代码，河北省是 13"),
            _field("design", "证书版式", "0", "select", options=_choices("典雅红金", "匠作", "现代", "青春")),
        ],
    },
    {
        "id": "days",
        "name": "时间和地点",
        "fields": [STARTS, ENDS, _field("venue", "地点", "石家庄"), _field("venue_en", "地点（英文）")],
    },
    {
        "id": "window",
        "name": "报名",
        "fields": [
            _field("registration_opens", "报名开始", "2026-08-01T08:00", "datetime-local", hint="按本竞赛的时区"),
            _field("registration_closes", "报名截止", "2026-09-30T18:00", "datetime-local", hint="到这一刻为止"),
        ],
    },
]
MISSING = [
    {"done": True, "what": "写明报名起止时间", "url": "#window"},
    {"done": True, "what": "添加赛项", "url": "/office/hebei/setup/events"},
    {"done": False, "what": "还缺规则：M02、M04", "url": "/office/hebei/setup/events"},
    {"done": False, "what": "写下代表队，分配名额", "url": "/office/hebei/setup/places"},
]
ORGANISATIONS = [
    {
        "name": "河北省人力资源和社会保障厅",
        "seal": "竞赛专用章",
        "role": "host",
        "name_en": "Department of Human Resources and Social Security of Hebei Province",
    },
    {"name": "河北机械职业技术学院", "seal": "", "role": "organiser", "name_en": ""},
    {"name": "", "seal": "", "role": "organiser", "name_en": ""},
]
ROLES = [
    {"value": "host", "label": "主办"},
    {"value": "organiser", "label": "承办"},
    {"value": "supporter", "label": "支持"},
]


def _facts(**other: Any) -> Values:
    return _page(
        "/office/hebei/setup",
        **{
            "version": 4,
            "action": "/office/hebei/setup",
            "sections": FACTS,
            "organisations": ORGANISATIONS,
            "organisations_theirs": "",
            "organisations_wrong": "",
            "roles": ROLES,
            "steps": [
                {"id": "delegation", "label": "代表队（本单位）", "on": True},
                {"id": "organiser", "label": "主办方", "on": True},
                {"id": "committee", "label": "组委会办公室", "on": False},
            ],
            "steps_wrong": "",
            "missing": MISSING,
            **other,
        },
    )


SCHEME = {
    "name": "理论加实操",
    "modules": [
        {"id": "theory", "name": "理论", "weight": 30, "maximum": 10000},
        {"id": "practice", "name": "实操", "weight": 70, "maximum": 10000},
    ],
    "days": [1, 2],
    "criteria": 4,
    "aspects": 23,
    "in_english": 12,
}
DOOR = {
    "name": "开放报名",
    "into": "registration",
    "open": True,
    "mine": True,
    "why": "",
    "who": "主办方",
    "effect": "代表队从现在起可以报名。",
    "final": False,
    "action": "/office/hebei/events/M01/steps",
    "ask": [],
}


def _event(code: str, name: str, **other: Any) -> Values:
    plain = {
        "code": code,
        "name": name,
        "url": f"/office/hebei/setup/events/{code}",
        "division": "职工组",
        "category": "制造与工程",
        "occupation": "焊工",
        "occupation_code": "6-18-02-04",
        "occupation_edition": 2022,
        "state": "setup",
        "policy": "河北省第二届职业技能大赛（2025）",
        "scheme": SCHEME,
        "team_size": 1,
        "stations": 10,
        "shifts": 0,
        "capacity": 0,
        "entries": 0,
        "why": "",
        "door": DOOR,
        "seen": "0" * 64,
    }
    return {**plain, **other}


EVENTS = [
    _event("M01", "焊接技术", state="registration", entries=23, capacity=30, shifts=3),
    _event("M02", "电工", occupation="电工", occupation_code="6-31-01-03", policy="", why="还没有选定规则。"),
    _event("M03", "工业4.0", team_size=2, scheme=None, why="还没有评分方案。"),
    _event("M04", "雕版印刷", occupation="雕版印刷工", occupation_code="", capacity=12),
]
POLICIES = [
    {
        "id": "hebei-skills-2025",
        "title": "河北省第二届职业技能大赛（2025）",
        "authority": "未查明（据新闻报道）",
        "document": "",
        "own": False,
        "url": "/office/policies/hebei-skills-2025",
        "template": False,
        "usable": True,
        "why": "",
        "chosen": True,
    },
    {
        "id": "worldskills",
        "title": "世界技能大赛式评分",
        "authority": "未查明（实践惯例）",
        "document": "",
        "own": False,
        "url": "/office/policies/hebei-skills-2025",
        "template": False,
        "usable": True,
        "why": "",
        "chosen": False,
    },
    {
        "id": "hebei-class1-template",
        "title": "河北省省级一类职业技能竞赛（模板）",
        "authority": "河北省人力资源和社会保障厅（待确认）",
        "document": "",
        "own": False,
        "url": "/office/policies/hebei-skills-2025",
        "template": True,
        "usable": False,
        "why": "这是模板，须补齐文号并确认后使用",
        "chosen": False,
    },
]
HITS = [
    {
        "name": "焊工",
        "name_en": "Welder",
        "code": "6-18-02-04",
        "edition": 2022,
        "work_types": ["手工焊工", "钎焊工"],
        "own": False,
    },
    {"name": "焊接工程师", "name_en": "", "code": "", "edition": 2022, "work_types": [], "own": True},
]
NUMBERS = [
    _field("team_size", "每队人数", "1", "number", hint="个人赛写 1"),
    _field("stations", "赛位", "10", "number", hint="一场同时有几个"),
    _field("shifts", "场次", "0", "number", hint="0 表示按报名人数排"),
    _field("capacity", "容量", "0", "number", hint="最多几个参赛单元，0 不限"),
    _field("judges", "裁判人数", "5", "number", hint="每个赛项的裁判组"),
]


def _form(**other: Any) -> list[Values]:
    occupation = [
        _field("occupation", "职业", "焊工", required=True, wide=True),
        {
            **_field("occupation_code", "职业编码", "6-18-02-04", hint="如 6-18-02-04；没有就留空"),
            **other.get("code", {}),
        },
        _field(
            "occupation_edition",
            "大典版本",
            "0",
            "select",
            options=_choices("2022 年版", "2015 年版"),
            hint="编码属于哪一版大典",
        ),
        _field("work_type", "工种", "", hint="整个职业就留空"),
        _field("standard_level", "命题等级", "0", "select", options=_choices("三级/高级工"), hint="试题按哪一级出"),
    ]
    event = [
        _field("code", "编号", "M01", hint="大写字母和数字，如 M01"),
        _field("name", "名称", "焊接技术", required=True),
        _field("name_en", "英文名称", "Welding"),
        _field("division", "组别", "职工组", suggestions=["职工组", "学生组"]),
    ]
    return [
        {"id": "occupation", "name": "职业", "fields": occupation},
        {"id": "event", "name": "赛项", "fields": event},
        {"id": "room", "name": "人数和场地", "fields": [{**one, **other.get(one["name"], {})} for one in NUMBERS]},
    ]


def _event_page(event: Values | None, **other: Any) -> Values:
    return _page(
        "/office/hebei/setup/events/M01",
        "events",
        **{
            "version": 2,
            "admitted": [],
            "action": "/office/hebei/setup/events/M01",
            "event": event,
            "asked": "",
            "hits": [],
            "sections": _form(),
            "policies": POLICIES,
            "policy_theirs": "",
            "schemes": [{"id": "theory-practice", "name": "理论 30% + 实操 70%（随程序提供）"}],
            **other,
        },
    )


def _cell(at: int, code: str, value: str = "", **more: Any) -> Values:
    plain = {"was": value, "value": value, "entered": 0, "wrong": "", "open": True}
    return {"name": f"places {at} {code}", "was_name": f"was {at} {code}", **plain, **more}


def _grid(names: tuple[str, ...], count: int, **other: Any) -> Values:
    events = [
        {
            "code": f"M{number:02}",
            "name": ("焊接技术", "电工", "数控铣", "工业互联网与智能制造系统集成应用")[number % 4],
            "capacity": 12 if number == 0 else 0,
            "total": 14 if number == 0 else 6,
            "unlimited": number % 2,
            "entered": 0,
        }
        for number in range(count)
    ]
    rows = [
        {
            "id": str(at),
            "name": name,
            "remove": f"/office/hebei/setup/delegations/{at}/remove",
            "cells": [_cell(at, one["code"], "" if at % 3 == 1 else "2") for one in events],
        }
        for at, name in enumerate(names)
    ]
    if rows and events:
        rows[0]["cells"][0] |= {"entered": 2}
        rows[-1]["cells"][-1] |= {"open": False}
    places = {"action": "/office/hebei/setup/places", "add": "/office/hebei/setup/delegations", "names": ""}
    return _page("/office/hebei/setup/places", "places", events=events, rows=rows, **{**places, **other})


CITIES = (
    "石家庄市",
    "唐山市",
    "秦皇岛市",
    "邯郸市",
    "邢台市",
    "保定市",
    "张家口市",
    "承德市",
    "沧州市",
    "廊坊市",
    "衡水市",
    "雄安新区",
)
WRONG_GRID = _grid(CITIES[:3], 3, problem={**CHANGED, "details": ["唐山市·电工现在是4 个。请看过再改一次。"]})
WRONG_GRID["rows"][1]["cells"][1] |= {"wrong": "唐山市·电工现在是4 个。", "value": "6"}


def _people(**other: Any) -> Values:
    actions = {
        name: f"/office/hebei/setup/{name}" for name in ("supervisors", "clerks", "links", "places", "people/remove")
    }
    shown = {"link": None, "actions": actions, "supervisors": [], "clerks": [], "delegations": [], **other}
    return _page("/office/hebei/setup/people", "people", **shown)


KINDS = {
    "award": ("获奖证书", "现代"),
    "title": ("荣誉称号", "典雅红金"),
    "level": ("职业技能等级", "等级证书"),
    "ability": ("专项职业能力", "典雅红金"),
    "participation": ("参赛", "青春（竖版）"),
    "judge": ("执裁", "匠作"),
    "organiser": ("办赛工作", "典雅红金"),
}
DESIGNS = {
    "classical": ("典雅红金", False),
    "classical-portrait": ("典雅红金（竖版）", True),
    "craft": ("匠作", True),
    "craft-landscape": ("匠作（横版）", False),
    "modern": ("现代", False),
    "modern-portrait": ("现代（竖版）", True),
    "youth": ("青春", False),
    "youth-portrait": ("青春（竖版）", True),
}
FRAME = "data:image/svg+xml," + quote((EXAMPLE / "art" / "frame.svg").read_text("utf-8"))
FORM = {"level": ("等级证书", True)}


def _designs(here: str, designs: dict[str, tuple[str, bool]], chosen: str, **other: Any) -> Values:
    url = "/office/hebei/setup/designs"
    shown = {
        "action": f"{url}/{here}",
        "kind": KINDS[here][0],
        "kinds": [
            {"name": name, "url": f"{url}/{id}", "here": id == here, "design": design}
            for id, (name, design) in KINDS.items()
        ],
        "designs": [
            {"id": id, "name": name, "picture": f"designs/{id}.webp", "standing": standing, "chosen": id == chosen}
            for id, (name, standing) in designs.items()
        ],
        "templates": [],
        "own": {
            "keep": f"{url}/{here}/own",
            "preview": f"{url}/{here}/preview",
            "example": "/office/hebei/setup/template-example.zip",
            "name": "",
            "names": ["校徽版"],
        },
        "known": chosen,
        "samples": [],
        "wrong": None,
    }
    return _page(url, "designs", **{**shown, **other})


def _new(**other: Any) -> Values:
    fields = [{**NAME, "value": ""}, STARTS, ENDS, _field("venue", "地点"), FACTS[1]["fields"][0]]
    shown = {
        "last": None,
        "editions": [],
        "organisers": [{"id": "1", "name": "河北省人社厅"}],
        "chosen": "",
        "host": {"name": "河北省人社厅", "name_en": "Human Resources Department of Hebei"},
    }
    home = {**RAIL, "competition": None, "here": "home", "links": RAIL["links"][:1]}
    return _page("/office/new", **{**shown, "fields": fields, "desk": home, **other})


OWN = [
    {
        "id": "1",
        "name": "雕版印刷工",
        "name_en": "Woodblock printer",
        "code": "",
        "edition": 2022,
        "work_types": ["刻版", "刷印"],
    },
    {"id": "2", "name": "无人机装调检修工", "name_en": "", "code": "6-23-03-15", "edition": 2022, "work_types": []},
]


def _occupations(own: list[Values], **other: Any) -> Values:
    values = {"name": "", "name_en": "", "code": "", "edition": "2022", "work_types": "", "organiser": ""}
    editions = [{"value": "2022", "label": "2022 年版"}, {"value": "2015", "label": "2015 年版"}]
    shown = {
        "values": values,
        "editions": editions,
        "organisers": [{"id": "1", "name": "甲"}],
        "shipped": 302,
        "own": own,
    }
    home = {**RAIL, "competition": None, "here": "occupations", "links": RAIL["links"][:1]}
    return _page("/office/occupations", **{**shown, "desk": home, **other})


TWO = [{"id": "1", "name": "河北省人社厅"}, {"id": "2", "name": "河北省总工会"}]
LAST = {"slug": "hebei", "name": LONG, "events": 113, "first": "2026-10-16", "last": "2026-10-18"}


def _attachments(**more: Any) -> Values:
    values = {
        "action": "/office/hebei/setup/attachments",
        "kinds": [
            {"name": "职业技能等级证书", "event": "", "required": True, "remove": "/x"},
            {"name": "社会保险缴纳证明", "event": "", "required": True, "remove": "/x"},
            {"name": "学籍证明", "event": "网站设计与开发（学生组）", "required": False, "remove": "/x"},
        ],
        "events": [{"code": "M01", "name": "焊接技术"}, {"code": "M02", "name": "电工"}],
        "usual": ["职业技能等级证书", "社会保险缴纳证明"],
    }
    return _page("/office/hebei/setup/attachments", "attachments", **{**values, **more})


KEYS = [
    {
        "name": "三坐标测量机 2 号", "hint": "x3fQ", "state": "valid", "scopes": ["打分：只限下面选定的评分项", "看各赛项进度和打印进度"],
        "aspects": [{"event": "M01", "ids": ["A1.01", "A1.02", "A2.01"]}], "maker": "周敏", "made": "2026-10-01T09:00:00+08:00",
        "expires": "2026-10-21T00:00:00+08:00", "last_used": "2026-10-16T10:42:00+08:00", "withdraw": "/x",
    },
    {
        "name": "省厅数据平台", "hint": "9aLk", "state": "withdrawn", "scopes": ["看晋升名单"], "aspects": [], "maker": "周敏",
        "made": "2026-09-01T09:00:00+08:00", "expires": "2026-12-31T00:00:00+08:00", "last_used": None, "withdraw": "",
    },
]  # fmt: skip


def _keys(chosen: bool, **more: Any) -> Values:
    names = ("打分：只限下面选定的评分项", "看竞赛设置、代表队和名额", "看各赛项进度和打印进度", "看晋升名单")
    aspects = [
        {"id": f"A1.0{n}", "name": name, "field": f"aspect/M01/A1.0{n}", "on": n == 1}
        for n, name in enumerate(("尺寸 50 ± 0.02", "平行度", "表面粗糙度 Ra 1.6"), 1)
    ]
    form = {
        "name": "三坐标测量机 3 号" if chosen else "",
        "expires": "2026-11-15",
        "scopes": [{"id": str(n), "name": name, "on": chosen and n == 0} for n, name in enumerate(names)],
        "events": [
            {"code": f"M{n:02}", "name": name, "on": chosen and n == 1}
            for n, name in enumerate(("数控铣", "焊接技术", "工业机器人系统操作员"), 1)
        ],
        "aspects": [{"event": "M01 数控铣", "aspects": aspects}] if chosen else [],
    }
    values = {"action": "/office/hebei/setup/keys", "api": "/api/docs", "made": None, "keys": KEYS, "form": form}
    return _page("/office/hebei/setup/keys", "keys", **{**values, **more})


def _news(**more: Any) -> Values:
    values = {
        "action": "/office/hebei/setup/news",
        "public": "/c/hebei/news",
        "values": dict.fromkeys(("title", "title_en", "body", "body_en"), ""),
        "one": None,
        "rows": [
            {"id": "1", "version": 2, "title": "关于报名时间延长至 9 月 20 日的通知", "english": False, "at": "2026-09-12T09:30:00+08:00", "changed": "2026-09-13T08:00:00+08:00"},
            {"id": "2", "version": 1, "title": "关于举办河北省职业技能大赛的通知", "english": True, "at": "2026-08-01T09:00:00+08:00", "changed": ""},
        ],
    }  # fmt: skip
    return _page("/office/hebei/setup/news", "news", **{**values, **more})


def _programme(**more: Any) -> Values:
    at = "2026-10-1{}T{}:00+08:00"
    values = {
        "one": None,
        "action": "/office/hebei/setup/programme",
        "public": "/c/hebei/programme",
        "values": {**dict.fromkeys(("title", "title_en", "place", "place_en", "event"), ""), "starts": "2026-10-16T09:00", "ends": "2026-10-16T10:00"},
        "events": [{"code": "M01", "name": "焊接技术"}],
        "rows": [
            {"id": "1", "seen": at.format(1, "09:00"), "title": "报到、抽签", "of": "", "place": "石家庄国际会展中心 A 馆一层", "starts": at.format(5, "14:00"), "ends": at.format(5, "17:30")},
            {"id": "2", "seen": at.format(1, "09:00"), "title": "模块 A：焊接组合件", "of": "焊接技术", "place": "", "starts": at.format(6, "08:30"), "ends": at.format(6, "12:00")},
        ],
    }  # fmt: skip
    return _page("/office/hebei/setup/programme", "programme", **{**values, **more})


SETUP: dict[str, tuple[str, Values]] = {
    "setup-news": ("office/setup_news.html", _news()),
    "setup-news-empty": ("office/setup_news.html", _news(rows=[], one={"id": "1", "version": 1})),
    "setup-programme": ("office/setup_programme.html", _programme()),
    "setup-programme-correcting": (
        "office/setup_programme.html",
        _programme(one={"id": "1", "seen": "2026-11-01T09:00:00+00:00"}),
    ),
    "setup-programme-empty": ("office/setup_programme.html", _programme(rows=[])),
    "setup-new": ("office/setup_new.html", _new()),
    "setup-new-refused": (
        "office/setup_new.html",
        _new(
            problem={"what": "结束日期早于开始日期。", "mend": "", "details": []},
            organisers=TWO,
            editions=[
                {"slug": "hebei", "name": LONG, "first": "2026-10-16"},
                {"slug": "old", "name": "第二届", "first": "2024-10-16"},
            ],
        ),
    ),
    "setup-new-edition": ("office/setup_new.html", _new(last=LAST, editions=[])),
    "setup-facts": ("office/setup.html", _facts()),
    "setup-facts-changed": (
        "office/setup.html",
        _facts(
            problem=CHANGED,
            sections=[{**FACTS[0], "fields": [{**NAME, "theirs": LONG}, *FACTS[0]["fields"][1:]]}, *FACTS[1:]],
            organisations_theirs="河北省人力资源和社会保障厅",
            organisations_wrong="主办单位要有一至四家。",
            steps_wrong="审核至少一步，不重复。",
        ),
    ),
    "setup-facts-saved": (
        "office/setup.html",
        _facts(said={"what": "已保存。"}, missing=[{**one, "done": True} for one in MISSING]),
    ),
    "setup-designs": (
        "office/setup_designs.html",
        _designs(
            *("award", DESIGNS, "own:1"),
            templates=[{"id": "own:1", "name": "校徽版（第 2 版）", "picture": FRAME, "chosen": True}],
            samples=[{"what": what, "picture": FRAME} for what in ("两字姓名", "三十字姓名，三个单位盖章", "生僻字")],
        ),
    ),
    "setup-designs-level": (
        "office/setup_designs.html",
        _designs(
            *("level", FORM, "level"),
            said={"what": "版式已选定；以后发的证书都用它。"},
            wrong={
                "what": "style.css 第 3 行：模板要打开别处的文件：https://example.org/frame.png",
                "mend": "模板只能用 ZIP 里的文件；请把文件放进去，写它在 ZIP 里的路径。",
            },
        ),
    ),
    "setup-designs-refused": (
        "office/setup_designs.html",
        _designs(
            "judge",
            DESIGNS,
            "craft",
            problem={"what": "这种证书不能用这个版式。", "mend": "请从列出的版式里选一个。", "details": []},
        ),
    ),
    "setup-events": ("office/setup_events.html", _page("/office/hebei/setup/events", "events", events=EVENTS)),
    "setup-events-empty": ("office/setup_events.html", _page("/office/hebei/setup/events", "events", events=[])),
    "setup-event-new": (
        "office/setup_event.html",
        _event_page(None, asked="焊", hits=HITS, policies=[{**one, "chosen": False} for one in POLICIES]),
    ),
    "setup-event": ("office/setup_event.html", _event_page(EVENTS[3] | {"state": "setup"})),
    "setup-event-refused": (
        "office/setup_event.html",
        _event_page(
            EVENTS[2],
            problem=PROBLEM,
            asked="不存在",
            sections=_form(
                code={"wrong": "职业编码写成 6-18-02-04 的样子。请改正；没有编码就留空。", "value": "焊"},
                stations={"theirs": "12"},
            ),
            admitted=["M01-003 赵三", "M01-004 买买提艾力·阿卜杜热合曼、凌云"],
            policy_theirs="worldskills",
        ),
    ),
    "setup-event-open": ("office/setup_event.html", _event_page(EVENTS[0], said={"what": "赛项已保存。"})),
    "setup-places": ("office/setup_places.html", _grid(CITIES, 4)),
    "setup-places-wide": ("office/setup_places.html", _grid(CITIES, 40)),
    "setup-places-changed": ("office/setup_places.html", WRONG_GRID),
    "setup-places-empty": ("office/setup_places.html", _grid((), 3)),
    "setup-places-no-events": ("office/setup_places.html", _grid(CITIES[:2], 0)),
    "setup-people": (
        "office/setup_people.html",
        _people(
            link={"name": "孙会计", "url": "https://jingsai.example.cn/sign-in/6vJ0m3cYb2rLw8xQzTnA1sDfGhJkLp0e"},
            supervisors=[{"id": "1", "name": "庞建华"}],
            clerks=[
                {"id": "2", "name": "孙会计", "delegation": "唐山市"},
                {"id": "3", "name": "李老师", "delegation": "河北机械职业技术学院"},
            ],
            delegations=[{"id": "1", "name": "唐山市"}, {"id": "2", "name": "河北机械职业技术学院"}],
        ),
    ),
    "setup-people-empty": ("office/setup_people.html", _people()),
    "setup-keys": (
        "office/setup_keys.html",
        _keys(True, made={"name": "三坐标测量机 2 号", "token": "podium_6vJ0m3cYb2rLw8xQzTnA1sDfGhJkLp0eUuYyTtRrEeW"}),
    ),
    "setup-keys-empty": ("office/setup_keys.html", _keys(False, keys=[])),
    "setup-attachments": ("office/setup_attachments.html", _attachments()),
    "setup-attachments-empty": ("office/setup_attachments.html", _attachments(kinds=[])),
    "setup-occupations": ("office/setup_occupations.html", _occupations(OWN, organisers=TWO)),
    "setup-occupations-empty": ("office/setup_occupations.html", _occupations([], problem=PROBLEM)),
}
