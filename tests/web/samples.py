"""Plain values for every template, as pages.py will give them. The people are invented; Chinese stays Chinese in both languages.

Each sample is one way a page can look: a usual one, an empty one, one that is too long for comfort, one that went wrong.
"""

from datetime import UTC, datetime
from typing import Any

from tests.web.api_samples import API, DATA
from tests.web.appeal_samples import APPEALS
from tests.web.board_samples import BOARDS
from tests.web.certificate_samples import ISSUED, RAIL, STANDING
from tests.web.check_in_samples import CHECK_IN
from tests.web.correction_samples import CORRECTIONS
from tests.web.draw_samples import draw_samples
from tests.web.entry_samples import APPLYING, ENTERING
from tests.web.hall_samples import HALL
from tests.web.key_samples import key_samples
from tests.web.lan_samples import lan_samples
from tests.web.panel_samples import samples as panel_samples
from tests.web.paper_mark_samples import paper_samples
from tests.web.paper_samples import PAPERS
from tests.web.photo_samples import PHOTOS, PORTION
from tests.web.policy_samples import POLICY_PAGES
from tests.web.promotion_samples import PROMOTIONS
from tests.web.publication_samples import PUBLISHING
from tests.web.raw_samples import raw_samples
from tests.web.registering import CLERK, DELEGATIONS, REGISTERING
from tests.web.report_samples import REPORTS
from tests.web.review_samples import REVIEW
from tests.web.setup_samples import SETUP
from tests.web.tablet_samples import tablet_samples
from tests.web.telling_samples import telling_samples

Values = dict[str, Any]

SITE = {
    "name": "河北省职业技能大赛（示例）",
    "home": "/",
    "results": "/competitions/1/results",
    "organiser": "河北省职业技能大赛组委会（示例）",
    "contact": "咨询 0311-0000-0000 · 8:30—17:30",
}
ORGANISER = {"name": "周敏", "role": "赛务主管", "home": "/office"}
JUDGE = {"name": "卢建平", "role": "裁判 J3", "home": "/tablet"}


def _page(here: str, person: Values | None = None, **values: Any) -> Values:
    return {"here": here, "csrf": "sample-token", "person": person, "site": SITE, **values}


# ---------- public ----------

EVENTS = [
    {
        "name": "焊接技术",
        "category": "加工制造",
        "code": "E01",
        "size": 24,
        "teams": False,
        "state": "published",
        "until": "2026-11-25T18:00:00+08:00",
        "demonstration": False,
        "url": "/events/1",
    },
    {
        "name": "工业机器人系统操作",
        "category": "加工制造",
        "code": "E02",
        "size": 14,
        "teams": True,
        "state": "published",
        "until": "2026-11-26T18:00:00+08:00",
        "demonstration": False,
        "url": "/events/2",
    },
    {
        "name": "电工",
        "category": "加工制造",
        "code": "E03",
        "size": 32,
        "teams": False,
        "state": "final",
        "until": "",
        "demonstration": False,
        "url": "/events/3",
    },
    {
        "name": "网站设计与开发",
        "category": "信息技术",
        "code": "E04",
        "size": 22,
        "teams": False,
        "state": "final",
        "until": "",
        "demonstration": False,
        "url": "/events/4",
    },
    {
        "name": "人工智能训练",
        "category": "信息技术",
        "code": "E05",
        "size": 30,
        "teams": False,
        "state": "under-way",
        "until": "",
        "demonstration": False,
        "url": "/events/5",
    },
    {
        "name": "美容",
        "category": "生活服务",
        "code": "E06",
        "size": 21,
        "teams": False,
        "state": "under-way",
        "until": "",
        "demonstration": False,
        "url": "/events/6",
    },
    {
        "name": "花艺",
        "category": "生活服务",
        "code": "E07",
        "size": 4,
        "teams": False,
        "state": "published",
        "until": "2026-11-25T18:00:00+08:00",
        "demonstration": True,
        "url": "/events/7",
    },
    {
        "name": "混凝土建筑（双人）",
        "category": "建筑工程",
        "code": "E08",
        "size": 1,
        "teams": True,
        "state": "upcoming",
        "until": "",
        "demonstration": False,
        "url": "/events/8",
    },
]
COMPETITION = {
    "title": "河北省职业技能大赛（示例）",
    "first": "2026-11-15",
    "last": "2026-11-25",
    "place": "河北 石家庄",
    "state": "published",
    "events": 8,
    "delegations": 7,
    "competitors": 194,
    "published": 3,
    "final": 2,
}
MEDALS = [
    {"delegation": name, "gold": gold, "silver": silver, "bronze": bronze}
    for name, gold, silver, bronze in [
        ("石家庄市", 2, 1, 1),
        ("唐山市", 1, 1, 2),
        ("廊坊市", 1, 0, 1),
        ("秦皇岛市", 0, 2, 0),
        ("邯郸市", 0, 1, 0),
        ("衡水市", 0, 0, 1),
        ("邢台市", 0, 0, 0),
    ]
]


def _categories(events: list[Values]) -> list[Values]:
    names = list(dict.fromkeys(event["category"] for event in events))
    return [{"name": name, "events": [event for event in events if event["category"] == name]} for name in names]


def _many_events(count: int) -> list[Values]:
    states = ["published", "final", "under-way", "upcoming"]
    return [
        {
            **EVENTS[i % 8],
            "name": EVENTS[i % 8]["name"] + ("" if i < 8 else f"（第 {i // 8 + 1} 组）"),
            "code": f"E{i + 1:03}",
            "state": states[i % 4],
            "until": "2026-11-25T18:00:00+08:00" if i % 4 == 0 else "",
        }
        for i in range(count)
    ]


_PEOPLE = [
    ("谷一凡", "保定市", 9240, "gold", "金牌"),
    ("许嘉言", "石家庄市", 9185, "silver", "银牌"),
    ("程澈", "廊坊市", 9010, "bronze", "铜牌"),
    ("谷雨欣", "唐山市", 8875, "excellence", "优胜奖"),
    ("姜博", "秦皇岛市", 8820, "excellence", "优胜奖"),
    ("花晓峰", "保定市", 8795, "excellence", "优胜奖"),
    ("柏松", "邢台市", 8730, "excellence", "优胜奖"),
    ("屠一诺", "沧州市", 8615, "excellence", "优胜奖"),
    ("蓝天宇", "承德市", 8560, "", ""),
    ("伏晓晨", "张家口市", 8560, "", ""),
    ("古丽娜尔·买买提", "衡水市", 8490, "", ""),
]


def _standings(promotions: bool = True) -> list[Values]:
    made = []
    for place, (name, delegation, total, award, words) in enumerate(_PEOPLE, start=1):
        promotion = (
            {
                "gold": "晋升二级/技师",
                "silver": "晋升一级/高级技师",
                "bronze": "规则未规定，待定",
                "excellence": "晋升三级/高级工",
            }.get(award, "")
            if promotions
            else ""
        )
        made.append(
            {
                "rank": 9 if total == 8560 else place,
                "tied": total == 8560,
                "name": name,
                "members": [],
                "delegation": delegation,
                "total": total,
                "award": {"id": award, "name": words} if award and promotions else None,
                "promotion": promotion,
                "modules": [
                    {"name": "理论", "weight": 30, "got": total - 200},
                    {"name": "实操", "weight": 70, "got": total + 86},
                ],
                "tie": "总分相同，实操分高者在前" if place == 5 else "",
            }
        )
    return made


EVENT = {
    "name": "焊接技术",
    "code": "E01",
    "category": "加工制造",
    "size": 24,
    "teams": False,
    "demonstration": False,
    "state": "published",
}
SUPERSEDED = {"version": 1, "at": "2026-10-17T09:30:00Z", "fingerprint": "9f2c41d07ab3" + "0" * 52}
PUBLICATION = {
    "from": "2026-11-18T18:00:00+08:00",
    "until": "2026-11-25T18:00:00+08:00",
    "version": 1,
    "fingerprint": "7c1e90ab44d2" + "0" * 52,
    "supersedes": None,
    "objection": "对名次或分数有异议，由代表队领队书面提出，写明赛项与理由。",
}
HOW = {
    "finished": 24,
    "modules": 2,
    "panel": 5,
    "method": "评价分取平均",
    "sealed": "2026-11-18T17:42:00+08:00",
    "reviewed": "抽查 9 件，全部一致",
    "policy": {"title": "河北省第二届职业技能大赛（2025）", "document": "冀人社字〔2025〕示例号"},
}
_TEAM = {
    **_standings()[0],
    "name": "石家庄市一队",
    "members": ["欧阳静怡", "司马相如", "阿卜杜热合曼·吐尔逊"],
    "delegation": "石家庄市",
}

LINKS = [
    {
        "id": str(opened),
        "label": "石家庄某机械制造有限公司",
        "number": number,
        "made": datetime(2026, 12, 1, 2, 0, tzinfo=UTC),
        "opened": opened,
        "url": "https://podium.example/s/" + "x" * 32,
    }
    for number, opened in (("", 3), ("PD2026-000108", 1))
]
CERTIFICATES = [
    {
        "award": {"id": "bronze", "icon": "award", "name": "铜牌"},
        "kind": "获奖证书",
        "locked": False,
        "team": "",
        "event": "美容",
        "competition": "河北省职业技能大赛（示例）",
        "number": "PD2026-000108",
        "issued": "2026-11-28",
        "state": "valid",
        "reason": "",
        "replaced_by": None,
        "download": "/certificates/PD2026-000108.pdf",
        "credential": "/v/3141592653589793/credential.json",
        "verify": "/verify?number=PD2026-000108",
    },
    {
        "award": {"id": "", "icon": "scale", "name": "裁判长"},
        "kind": "执裁证书",
        "locked": False,
        "team": "",
        "event": "花艺",
        "competition": "河北省职业技能大赛（示例）",
        "number": "PD2026-000077",
        "issued": "2026-11-28",
        "state": "valid",
        "reason": "",
        "replaced_by": None,
        "download": "/certificates/PD2026-000077.pdf",
        "credential": "",
        "verify": "/verify?number=PD2026-000077",
    },
    {
        "award": {"id": "excellence", "icon": "award", "name": "优胜奖"},
        "kind": "获奖证书",
        "locked": False,
        "team": "铁军队（王㛃、刘喆）",
        "event": "美容",
        "competition": "河北省职业技能大赛 2024（示例）",
        "number": "PD2024-000662",
        "issued": "2024-11-20",
        "state": "revoked",
        "reason": "已由更正后的证书代替",
        "replaced_by": {"number": "PD2024-001163", "verify": "/verify?number=PD2024-001163"},
        "download": "",
        "credential": "",
        "verify": "/verify?number=PD2024-000662",
    },
]
FIELDS = [
    {"label": label, "value": value, "award": award}
    for label, value, award in [
        ("持证人", "欧阳静怡", ""),
        ("赛项", "美容", ""),
        ("奖项", "铜牌 · 第 3 名", "bronze"),
        ("代表队", "秦皇岛市", ""),
        ("竞赛", "河北省职业技能大赛（示例）", ""),
        ("签发", "2026年11月28日", ""),
    ]
]
CHECKED = "2026-12-02T09:41:08+08:00"


def _verdict(
    verdict: str,
    checks: list[tuple[str, str, str]],
    by: str = "file",
    fields: list[Values] | None = None,
    revoked: Values | None = None,
    summary: str = "",
) -> Values:
    return _page(
        "/verify?number=PD2026-000108",
        verdict=verdict,
        by=by,
        checked=CHECKED,
        number="PD2026-000108",
        summary=summary,
        checks=[{"id": id, "state": state, "detail": detail} for id, state, detail in checks],
        fields=fields or [],
        revoked=revoked,
    )


PUBLIC: dict[str, tuple[str, Values]] = {
    "public-home": (
        "public/home.html",
        _page(
            "/",
            competition=COMPETITION,
            events=EVENTS,
            medals=MEDALS,
            others=[{"name": "河北省职业技能大赛 2025（示例）", "url": "/competitions/1"}],
            news=[
                {
                    "title": "关于报名时间延长至 9 月 20 日的通知",
                    "at": "2026-09-12T09:30:00+08:00",
                    "url": "/c/hebei/news#a-1",
                }
            ],
            programme="/c/hebei/programme",
        ),
    ),
    "public-home-final": (
        "public/home.html",
        _page(
            "/",
            competition={
                **COMPETITION,
                "title": "京津冀装备制造与现代生活服务职业技能邀请赛暨全国选拔赛（河北赛区）",
                "state": "final",
                "competitors": 1278,
                "events": 113,
            },
            events=_many_events(8),
            medals=MEDALS,
            others=[],
            news=[],
            programme="",
        ),
    ),
    "public-home-early": (
        "public/home.html",
        _page(
            "/",
            competition={
                **COMPETITION,
                "state": "upcoming",
                "last": "2026-11-15",
                "place": "",
                "published": 0,
                "final": 0,
            },
            events=[],
            medals=[],
            others=[],
            news=[],
            programme="",
        ),
    ),
    "public-home-none": (
        "public/home.html",
        _page("/", competition=None, events=[], medals=[], others=[], news=[], programme="")
        | {"site": {**SITE, "name": "匠台 Podium", "organiser": "", "contact": ""}},
    ),
    "public-results": (
        "public/results.html",
        _page("/competitions/1/results", competition=COMPETITION, categories=_categories(EVENTS)),
    ),
    "public-results-113": (
        "public/results.html",
        _page(
            "/competitions/1/results",
            competition={**COMPETITION, "events": 113, "published": 29, "final": 28},
            categories=_categories(_many_events(113)),
        ),
    ),
    "public-event": (
        "public/event.html",
        _page(
            "/events/1",
            event=EVENT,
            publication=PUBLICATION,
            standings=_standings(),
            how=HOW,
            table="/events/1/results.csv",
            portion=PORTION,
        ),
    ),
    "public-event-final": (
        "public/event.html",
        _page(
            "/events/2",
            event={**EVENT, "name": "工业机器人系统操作与智能产线装调（三人）", "teams": True, "state": "final"},
            publication={**PUBLICATION, "until": "", "version": 2, "supersedes": SUPERSEDED},
            standings=[
                _TEAM,
                {
                    **_TEAM,
                    "rank": 2,
                    "name": "唐山市曹妃甸区首钢京唐联合代表队",
                    "award": {"id": "silver", "name": "银牌"},
                },
            ],
            how={**HOW, "finished": 2},
            table="",
            portion=None,
        ),
    ),
    "public-event-demonstration": (
        "public/event.html",
        _page(
            "/events/7",
            event={**EVENT, "name": "花艺", "demonstration": True},
            publication=PUBLICATION,
            standings=_standings(promotions=False)[:4],
            how={**HOW, "finished": 4, "reviewed": ""},
            table="",
            portion=None,
        ),
    ),
    "public-event-hidden": (
        "public/event.html",
        _page(
            "/events/5",
            event={**EVENT, "name": "人工智能训练", "state": "under-way"},
            publication=None,
            standings=[],
            how=None,
            table="",
            portion=None,
        ),
    ),
    "lookup": ("public/lookup.html", _page("/lookup", values={"name": ""}, problem=None, read=False)),
    "lookup-badge": ("public/lookup.html", _page("/lookup", values={"name": ""}, problem=None, read=True)),
    "lookup-nothing": (
        "public/lookup.html",
        _page(
            "/lookup",
            values={"name": "欧阳静怡"},
            read=False,
            problem={"what": "没有找到。", "mend": "请核对姓名和后六位；还可以再试 4 次。"},
        ),
    ),
    "winner": (
        "public/winner.html",
        _page(
            "/lookup",
            holder={"name": "欧阳静怡", "masked": "••••8X", "badge": "read"},
            certificates=CERTIFICATES,
            links=LINKS,
            typed={"label": "", "number": ""},
            problem=None,
            promotions=[
                {"level": "二级/技师", "event": "美容", "words": "获铜牌，按规则晋升为二级/技师。", "state": "granted"},
                {
                    "level": "三级/高级工",
                    "event": "花艺",
                    "words": "获优胜奖，报主管部门核准后晋升。",
                    "state": "waiting",
                },
            ],
        ),
    ),
    "winner-asked": (
        "public/winner.html",
        _page(
            "/lookup",
            holder={"name": "欧阳静怡", "masked": "••••8X", "badge": "other"},
            certificates=[{**CERTIFICATES[0], "locked": True}, *CERTIFICATES[1:]],
            links=[],
            typed={"label": "", "number": ""},
            problem=None,
            promotions=[
                {"level": "二级/技师", "event": "美容", "words": "获铜牌，按规则晋升为二级/技师。", "state": "granted"},
                {
                    "level": "三级/高级工",
                    "event": "花艺",
                    "words": "获优胜奖，报主管部门核准后晋升。",
                    "state": "waiting",
                },
            ],
        ),
    ),
    "winner-none": (
        "public/winner.html",
        _page(
            "/lookup",
            holder={"name": "古丽娜尔·买买提", "masked": "••••21", "badge": "asked"},
            certificates=[],
            promotions=[],
            links=[],
            typed={},
            problem=None,
        ),
    ),
    "shared": (
        "public/shared.html",
        _page("/verify", holder={"name": "欧阳静怡"}, certificates=CERTIFICATES[:2], promotions=[], made="2026-12-01"),
    ),
    "verify": ("public/verify.html", _page("/verify", values={"number": "", "name": ""}, problem=None)),
    "verify-refused": (
        "public/verify.html",
        _page(
            "/verify",
            values={"number": "PD-2026", "name": "欧阳静怡"},
            problem={"what": "编号写法不对：PD-2026。", "mend": "编号像 PD2026-000108 这样，在证书下方。"},
        ),
    ),
    "verify-genuine": (
        "public/verdict.html",
        _verdict(
            "genuine",
            [
                ("signature", "passed", "由组委会 2026 年签发密钥签署，当时在有效期内。"),
                ("timestamp", "fact", "没有时间戳：签名时间 2026-11-02 01:20 UTC 由签发机构自述。"),
                ("content", "passed", "签署之后没有一个字被改过。"),
                ("register", "passed", ""),
                ("revocation", "passed", "核对时不在撤销名单里。"),
                ("result", "passed", "美容 定稿 v2，第 3 名。"),
            ],
            fields=FIELDS,
            summary="欧阳静怡 · 美容 · 铜牌",
        ),
    ),
    "verify-genuine-number": (
        "public/verdict.html",
        _verdict(
            "genuine",
            [
                ("register", "passed", ""),
                ("revocation", "passed", ""),
                ("name", "unchecked", "没有填姓名，请自己与纸面比对。"),
            ],
            by="number",
            fields=FIELDS,
            summary="欧阳静怡 · 美容 · 铜牌",
        ),
    ),
    "verify-not-genuine": (
        "public/verdict.html",
        _verdict(
            "not-genuine",
            [
                ("signature", "failed", "签署之后，文件被改过。"),
                ("content", "unchecked", "签名无效，无从比对。"),
                ("register", "fact", "PD2026-000108 确有签发，但不是这份内容。"),
            ],
            fields=FIELDS,
        ),
    ),
    "verify-revoked": (
        "public/verdict.html",
        _verdict(
            "revoked",
            [("register", "fact", ""), ("revocation", "failed", "2026-12-01 撤销。")],
            by="number",
            fields=FIELDS,
            revoked={
                "when": "2026-12-01",
                "reason": "已由更正后的证书代替",
                "replaced_by": "PD2026-001163",
                "verify": "/verify?number=PD2026-001163",
            },
        ),
    ),
    "verify-not-found": ("public/verdict.html", _verdict("not-found", [], by="number")),
    "verify-cannot-check": (
        "public/verdict.html",
        _verdict("cannot-check", [("register", "unchecked", "登记簿没有应答。")], by="number"),
    ),
    "sign-in": ("sign_in.html", _page("/sign-in", values={"login": ""}, next="", problem=None)),
    "sign-in-refused": (
        "sign_in.html",
        _page(
            "/sign-in",
            values={"login": "zhoumin"},
            next="/office",
            problem={"what": "用户名或密码不对。", "mend": "还可以再试 3 次，之后要等 10 分钟。"},
        ),
    ),
    "one-time": ("account/one_time.html", _page("/in/sample", link="/in/sample")),
    "password": ("account/password.html", _page("/account/password", ORGANISER, must=True, problem=None)),
    "signed-out": (
        "signed_out.html",
        _page("/office/new", fields=[("name", "河北省<b>大赛")], files={}, action="/office/new"),
    ),
    "signed-out-file": (
        "signed_out.html",
        _page("/office/x", fields=[("reason", "样件")], files={"file": ["样件 2 号.pdf"]}, action="/office/x"),
    ),
    **{
        f"error-{status}": (
            "error.html",
            _page("/nowhere", ORGANISER if status == 409 else None, status=status, what="", mend="", code=code),
        )
        for status, code in [(403, "access.role"), (404, ""), (409, "pipeline.sealed"), (500, "01JD7Z0000ABCDEFGH")]
    },
    "error-refusal": (
        "error.html",
        _page(
            "/events/1/seal",
            ORGANISER,
            status=409,
            what="还差 18 个分数，不能封存。",
            mend="请裁判打完，或由裁判长写明缺席。",
            details=["第 7 行 没有写最高分。请填写。", "A1 的名称重复。"],
            code="results.marks-owed",
        ),
    ),
}


# ---------- the office ----------

DESK = {
    "competition": {"name": "河北省职业技能大赛（示例）", "when": "11月15日—25日", "url": "/office/1"},
    "here": "corridor",
    "links": [
        {"id": "home", "icon": "sun-high", "name": "今日", "url": "/office", "count": None},
        {"id": "corridor", "icon": "route", "name": "赛项走廊", "url": "/office/1", "count": 8},
        {"id": "panels", "icon": "scale", "name": "裁判组", "url": "/office/1/panels", "count": None},
        {"id": "judges", "icon": "users", "name": "裁判库", "url": "/office/1/judges", "count": None},
        {"id": "public", "icon": "speakerphone", "name": "公开页面", "url": "/", "count": None},
    ],
}


def _door(
    into: str,
    name: str,
    who: str,
    why: str = "",
    mine: bool = False,
    final: bool = False,
    ask: list[Values] | None = None,
) -> Values:
    return {
        "name": name,
        "into": into,
        "open": not why,
        "mine": mine and not why,
        "why": why,
        "who": who,
        "effect": "成绩、奖项和晋升都以这一版为准，证书按它签发。",
        "final": final,
        "action": "/office/1/E01/doors",
        "ask": ask or [],
    }


def _event(
    code: str, name: str, state: str, look: str, words: str, detail: str, door: Values | None, **other: Any
) -> Values:
    made = {
        "code": code,
        "name": name,
        "size": 24,
        "teams": False,
        "state": state,
        "look": look,
        "words": words,
        "demonstration": False,
        "silent": 0,
        "marks": None,
        "certificates": None,
        "detail": detail,
        "url": "",
        "door": door,
        "unsent": [],
    }
    return made | other


OFFICE_EVENTS = [
    _event(
        "E01",
        "焊接技术",
        "marking",
        "going",
        "23/32",
        "1,240 个分数已入库",
        _door("sealed", "封存", "裁判长", "还差 320 个分数。"),
        marks={"stored": 1240, "total": 1560},
    ),
    _event(
        "E02",
        "工业机器人系统操作",
        "published",
        "going",
        "公示",
        "11月25日 18:00 到期",
        _door("final", "定稿", "主办方", "公示期还没有结束。"),
        teams=True,
        size=14,
        url="/events/2",
    ),
    _event(
        "E03",
        "电工",
        "marking",
        "blocked",
        "分差",
        "3 项裁判分差过大",
        _door("sealed", "封存", "裁判长", "有 3 项裁判分差过大，要合议后重打。"),
        marks={"stored": 800, "total": 800},
    ),
    _event(
        "E04",
        "网站设计与开发",
        "certified",
        "going",
        "完成",
        "全部发出",
        None,
        certificates={"issued": 9, "refused": 0},
        url="/events/4",
    ),
    _event(
        "E05",
        "人工智能训练",
        "reviewed",
        "going",
        "复核",
        "解码完成，可以公示",
        _door("published", "公示", "主办方", mine=True, final=True),
        url="",
    ),
    _event(
        "E06",
        "美容",
        "final",
        "going",
        "定稿",
        "晋升 12 人",
        _door("certified", "发证", "主办方", mine=True, final=True),
        silent=2,
        certificates={"issued": 17, "refused": 1},
        url="/events/6",
    ),
    _event(
        "E07",
        "花艺",
        "sealed",
        "waiting",
        "等监督",
        "已封存，等复核",
        _door("reviewed", "复核并解码", "监督"),
        demonstration=True,
        size=4,
    ),
    _event(
        "E08",
        "混凝土建筑（双人）",
        "registration",
        "going",
        "报名",
        "14 队已报名",
        _door(
            "drawn",
            "抽签",
            "主办方",
            mine=True,
            ask=[
                {"name": "public", "label": "公开随机数", "hint": "例如当日福彩开奖号", "value": "", "required": True}
            ],
        ),
        teams=True,
        size=14,
    ),
    _event(
        "E09",
        "瓷砖贴面",
        "marking",
        "going",
        "100%",
        "1,560 个分数已入库",
        _door("sealed", "封存", "裁判长", mine=True, final=True),
        marks={"stored": 1560, "total": 1560},
        unsent=[
            {
                "number": 7,
                "unsent": 12,
                "seen": datetime(2026, 11, 18, 2, 40, tzinfo=UTC),
                "seat": "J2",
                "revoked": True,
            },
            {"number": 9, "unsent": 1, "seen": datetime(2026, 11, 18, 2, 41, tzinfo=UTC), "seat": "", "revoked": False},
        ],
    ),
]
_CATEGORY = dict(
    zip(
        [event["code"] for event in OFFICE_EVENTS],
        ["加工制造", "加工制造", "加工制造", "信息技术", "信息技术", "生活服务", "生活服务", "建筑工程", "建筑工程"],
        strict=True,
    )
)


def _by_category(events: list[Values]) -> list[Values]:
    return [
        {"name": name, "events": [event for event in events if _CATEGORY[event["code"][:3]] == name]}
        for name in dict.fromkeys(_CATEGORY.values())
    ]


def _tally(events: list[Values]) -> dict[str, int]:
    return {state: sum(event["state"] == state for event in events) for state in {event["state"] for event in events}}


_MANY = [
    {
        **OFFICE_EVENTS[n % 8],
        "code": f"{OFFICE_EVENTS[n % 8]['code']}-{n:03}",
        "name": f"{OFFICE_EVENTS[n % 8]['name']} {n + 1}",
    }
    for n in range(113)
]
SILENT = [
    {
        "person": "程澈",
        "event": "美容",
        "held": "一级/高级技师",
        "why": "获铜牌，已持高级技师；规则没有写更高一级。",
        "clause": "获得金、银、铜牌的选手，晋升技师；已是技师的，晋升高级技师。",
        "url": "/office/1/silent/1",
    },
    {
        "person": "古丽娜尔·买买提",
        "event": "美容",
        "held": "二级/技师",
        "why": "获优胜奖，已持技师；规则没有写。",
        "clause": "获得优胜奖的选手，晋升高级工。",
        "url": "",
    },
]
IMPORTS = [
    {
        "id": "registration",
        "title": "报名电子表",
        "hint": "各代表队发来的原表，一次可以选几份。一份表要么整份收下，要么列出全部问题退回。",
        "action": "/office/1/registration",
        "accept": ".xlsx",
        "many": True,
    },
    {
        "id": "scheme",
        "title": "评分方案",
        "hint": "世赛样式的评分方案工作簿，一个赛项一份。",
        "action": "/office/1/scheme",
        "accept": ".xlsx",
        "many": False,
    },
]
PROBLEMS = [
    {
        "file": "报名表-石家庄市-有错.xlsx",
        "sheet": "报名表",
        "rows": [str(n + 4)],
        "column": column,
        "what": what,
        "mend": mend,
    }
    for n, (column, what, mend) in enumerate(
        [
            ("证件号码", "校验位不对：13010019900101001X", "对照身份证重新填写 18 位号码。"),
            ("性别", "性别与证件号码不一致", "以证件为准改正性别。"),
            ("赛项", "没有“电焊”这个赛项", "从赛项表里选：焊接技术。"),
            ("姓名", "同一人报了两个赛项", "留下一个赛项，删去另一行。"),
        ]
        * 3
    )
]


def _office(events: list[Values], **other: Any) -> Values:
    competition = {
        "name": "河北省职业技能大赛（示例）",
        "first": "2026-11-15",
        "last": "2026-11-25",
        "events": len(events),
        "delegations": 7,
        "competitors": 194,
        "public": "/",
    }
    values = _page(
        "/office/1",
        ORGANISER,
        desk=DESK,
        competition=competition,
        counts=_tally(events),
        shown={"stage": "", "only": "", "mine": 3, "blocked": 1, "waiting": 2},
        totals={"stored": 10240, "marks": 11560, "silent": 0, "certificates": 26, "refused": 0, "report": ""},
        categories=_by_category(events) if events else [],
        silent=[],
        refused=[],
        said=None,
        imports=[],
        problems=[],
    )
    return values | other


EDITION = {
    "name": "河北省职业技能大赛（示例）",
    "url": "/office/1",
    "first": "2026-11-15",
    "last": "2026-11-25",
    "events": 8,
    "competitors": 194,
    "certificates": 26,
    "state": "registration",
    "stages": _tally(OFFICE_EVENTS),
}
CREATE = {"url": "/office/new"}
NEEDS = [
    {
        "event": "人工智能训练",
        "what": "公示",
        "detail": "解码完成，30 人等着看成绩。",
        "due": "2026-11-23T18:00:00+08:00",
        "url": "/office/1?only=mine",
    },
    {
        "event": "美容",
        "what": "发证",
        "detail": "已定稿；1 份证书有生僻字，其余不受影响。",
        "due": "",
        "url": "/office/1?only=mine",
    },
]

OFFICE: dict[str, tuple[str, Values]] = {
    "office-home": (
        "office/home.html",
        _page(
            "/office",
            ORGANISER,
            desk={**DESK, "here": "home", "competition": None},
            needs=NEEDS,
            competitions=[
                EDITION,
                {
                    **EDITION,
                    "name": "京津冀装备制造与现代生活服务职业技能邀请赛暨全国选拔赛（河北赛区）",
                    "events": 113,
                    "competitors": 1278,
                    "certificates": 0,
                    "stages": _tally(_MANY),
                },
            ],
            create=CREATE,
        ),
    ),
    "office-home-empty": (
        "office/home.html",
        _page(
            "/office",
            ORGANISER,
            desk={**DESK, "here": "home", "competition": None, "links": DESK["links"][:1]},
            needs=[],
            competitions=[],
            create=CREATE,
        ),
    ),
    "office-corridor": (
        "office/competition.html",
        _office(
            OFFICE_EVENTS,
            totals={"stored": 10240, "marks": 11560, "silent": 2, "certificates": 26, "refused": 1, "report": ""},
            silent=SILENT,
            refused=[{"person": "赵䶮", "event": "美容", "why": "姓名中的“䶮”（U+4DAE）没有字形，补字后再发。"}],
            imports=IMPORTS,
            said={"what": "已公示：人工智能训练，至 11月25日 18:00。"},
        ),
    ),
    "office-corridor-113": ("office/competition.html", _office(_MANY)),
    "office-corridor-refused": (
        "office/competition.html",
        _office(OFFICE_EVENTS[:2], imports=IMPORTS, problems=PROBLEMS),
    ),
    "office-corridor-empty": ("office/competition.html", _office([], imports=IMPORTS)),
    "office-corridor-none": (
        "office/competition.html",
        _office(
            OFFICE_EVENTS, categories=[], shown={"stage": "", "only": "blocked", "mine": 3, "blocked": 0, "waiting": 2}
        ),
    ),
}
APPLY = {name: (template, _page("/apply/x", **values)) for name, (template, values) in APPLYING.items()}
REGISTER = {
    name: (template, _page("/register", CLERK, **values))
    for name, (template, values) in (REGISTERING | ENTERING).items()
}
DELEGATION_LISTS = {
    name: (template, _page("/office/1/registration", ORGANISER, desk={**DESK, "here": "registration"}, **values))
    for name, (template, values) in DELEGATIONS.items()
}
SAMPLES = (
    PUBLIC
    | OFFICE
    | SETUP
    | PAPERS
    | CHECK_IN
    | PHOTOS
    | API
    | DATA
    | APPEALS
    | ISSUED
    | STANDING
    | BOARDS
    | PROMOTIONS
    | POLICY_PAGES
    | PUBLISHING
    | REVIEW
    | REPORTS
    | REGISTER
    | APPLY
    | DELEGATION_LISTS
    | draw_samples(_page, DESK, ORGANISER)
    | HALL
    | CORRECTIONS
    | raw_samples(_page, ORGANISER)
    | key_samples(_page, ORGANISER)
    | lan_samples(_page("/lan"))
    | telling_samples(_page("/c/hebei/news"), _page("/c/hebei/programme"))
    | paper_samples(RAIL, _page("/office/hebei/events/M01/paper", ORGANISER))
    | panel_samples(_page, ORGANISER, DESK)
    | tablet_samples(
        _page(
            "/office/1/tablets",
            ORGANISER,
            desk={**DESK, "here": "tablets"},
            competition={"name": "技能大赛（示例）", "url": "/office/1"},
        )
    )
)
