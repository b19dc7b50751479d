"""Plain values for the certificates at the desk: a list with everything in it, one in force, one that was replaced."""

from datetime import UTC, datetime
from typing import Any

from tests.web.report_samples import desk_list
from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
AT = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


def _one(number: int, name: str, **more: Any) -> Values:
    usual = {
        "number": f"PD2026-{number:06}", "name": name, "name_en": "", "event": "焊接技术", "delegation": "唐山市", "kind": "获奖证书", "award": "金牌",
        "members": "", "basis": "", "promotion": "根据竞赛规程，晋升为二级/技师。", "issued": AT, "printed": True, "revoked": None, "ground": "", "reason": "", "replaced_by": "",
        "pdf": "/api/competitions/hebei/certificates/PD2026-000001", "verify": "/v/1234",
    }  # fmt: skip
    return {**usual, **more}


ROWS = [
    _one(1, "王伟"),
    _one(2, "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", event="数控铣（Computer Numerical Control Milling）"),
    _one(3, "刘喆", revoked=AT, ground="已由更正后的证书代替", reason="姓名有误", replaced_by="PD2026-000007"),
    _one(7, "刘吉吉", printed=False, pdf=""),
    _one(8, "王建国", kind="执裁证书", award="裁判长", event="", delegation="", promotion=""),
]


def _page(template: str, **values: Any) -> tuple[str, Values]:
    shared = {"here": "certificates", "csrf": "sample-token", "person": PERSON, "site": SITE}
    rail = {**RAIL, "here": "certificates"}
    return template, {
        **shared,
        "desk": rail,
        "competition": COMPETITION,
        "action": "/office/hebei/certificates",
        **values,
    }


LIST: Values = {
    "all": 5, "unprinted": 1, "some": "", "staff": True, "supervises": True,
    "lost": "2 份证书（PD2026-000002、PD2026-000005）的文件丢失了，现在印出来与原件不一样：有变化的是 Pango 1.50.12 → 1.56.1；1 份颁发时还没有留存版式，无法证明与原件相同。已下载的原件仍然有效。",
    **desk_list(
        [(name, name, False) for name in ("证书编号", "姓名", "赛项", "奖项", "签发", "状态")],
        [[(one["number"], ""), (one["name"], one["delegation"]), (one["event"] or "–", ""), (one["award"], one["promotion"]), ("2026年11月20日 11:00", ""), ("已作废" if one["revoked"] else "有效" if one["printed"] else "正在印制", "")] for one in ROWS],
        {"有效": ("approved", "check"), "已作废": ("rejected", "ban"), "正在印制": ("", "printer")},
        title="证书", told="", url="/office/hebei/certificates", hint="编号、姓名或代表队",
    ),
}  # fmt: skip
ONE: Values = {
    "one": ROWS[0], "replaces": "", "mine": True, "grounds": {"error": "误发，或所载内容有误", "result": "成绩经复核或申诉后有变", "withdrawn": "发证机构已撤回"}, "typed": {"ground": "", "reason": "", "name": "王伟", "name_en": ""}, "said": None, "problem": None,
}  # fmt: skip


def _gets(place: int, name: str, says: str, **more: Any) -> Values:
    usual = {
        "subject": f"00000000-0000-4000-8000-{place:012}", "name": name, "members": "", "delegation": "唐山市", "event": "焊接技术",
        "code": "M01", "says": says, "document": False, "found": True, "removable": False,
    }  # fmt: skip
    return {**usual, **more}


TERMS: Values = {
    "issuer": "", "issuer_en": "", "seal": "", "basis": "", "pattern": "", "language": "zh", "signs": "河北省职业技能大赛组织委员会",
    "usual": "PP{year}-{serial:06}", "sample": "PP2026-000001", "per_team": False, "entitled": False, "teams": True, "version": 0, "skills": [],
}  # fmt: skip
KINDS = [
    {"name": name, "url": f"/office/hebei/issuing/{id}", "here": id == "participation", "issued": count}
    for id, name, count in (
        ("award", "获奖证书", 312), ("title", "荣誉称号", 0), ("level", "职业技能等级", 0), ("ability", "专项职业能力", 0),
        ("participation", "参赛", 640), ("judge", "执裁", 0), ("organiser", "办赛工作", 0),
    )
]  # fmt: skip
ISSUING: Values = {
    "action": "/office/hebei/issuing/participation", "kind": {"id": "participation", "name": "参赛", "design": "典雅红金"}, "kinds": KINDS,
    "terms": TERMS, "shut": "", "waits": False, "barred": [{"name": "赵𠅤", "delegation": "廊坊市", "code": "M01", "why": "没有字体能印：𠅤 U+20164"},
    {"name": "孙七", "delegation": "衡水市", "code": "M02", "why": "缺席"}], "later": ["M07", "M09"], "issued": 640, "seen": "0" * 64,
    "rows": [_gets(1, "王伟", "参赛证书"), _gets(2, "阿卜杜热西提·阿卜杜热合曼·买买提艾力江·吐尔逊", "参赛证书", event="数控铣（Computer Numerical Control Milling）"),
    _gets(3, "铁军队", "参赛证书", members="王㛃、刘喆、欧阳靖宇")],
    "printing": {"issued": 952, "printed": 700, "held": None, "url": "/api/competitions/hebei/printing"}, "document": "", "people": "", "said": None, "problem": None,
}  # fmt: skip
SHUT = "这种证书只能由有资格的机构发：请写明发证机构，以及备案号或授权文件（一赛一授权）。在此之前，请用获奖证书和晋升名单。"
SHOP: Values = {
    "state": "computing", "count": 312, "made": 0, "problem": None, "back": "/office/hebei/certificates", "here": "/office/hebei/certificates/print-shop",
    "file": "/office/hebei/certificates/print-shop.pdf",
}  # fmt: skip
ISSUED: dict[str, tuple[str, Values]] = {
    "certificates": _page("office/certificates.html", **LIST),
    "certificates-empty": _page(
        "office/certificates.html",
        **{**LIST, "list": {**LIST["list"], "rows": []}, "all": 0, "unprinted": 0, "lost": None},
    ),
    "print-shop": _page("office/print_shop.html", **SHOP),
    "print-shop-ready": _page("office/print_shop.html", **{**SHOP, "state": "ready"}),
    "print-shop-failed": _page("office/print_shop.html", **{**SHOP, "state": "failed", "count": 1}),
    "certificate": _page("office/certificate.html", **ONE),
    "issuing": _page("office/issuing.html", **ISSUING),
    "issuing-ability": _page(
        "office/issuing.html",
        **{
            **ISSUING,
            "kind": {"id": "ability", "name": "专项职业能力", "design": "现代"},
            "rows": [],
            "barred": [],
            "later": [],
            "shut": SHUT,
            "issued": 0,
            "terms": {
                **TERMS,
                "entitled": True,
                "teams": False,
                "skills": [
                    {"code": "M01", "name": "焊接技术", "zh": "激光焊接操作", "en": "Laser welding"},
                    {"code": "M02", "name": "数控铣（Computer Numerical Control Milling）", "zh": "", "en": ""},
                ],
            },
            "printing": {"issued": 9, "printed": 9, "held": None, "url": "/api/competitions/hebei/printing"},
        },
    ),
    "issuing-organiser": _page(
        "office/issuing.html",
        **{
            **ISSUING,
            "kind": {"id": "organiser", "name": "办赛工作", "design": "青春"},
            "barred": [],
            "later": [],
            "waits": True,
            "issued": 0,
            "rows": [_gets(1, "李雷", "场地经理", event="", delegation="", found=False, removable=True)],
            "printing": {
                "issued": 9,
                "printed": 4,
                "url": "/api/competitions/hebei/printing",
                "held": {
                    "zh": "时间戳机构没有给出有效的时间戳（ConnectTimeout timed out）。",
                    "en": "The time-stamp authority gives no time stamp that holds (ConnectTimeout timed out).",
                },
            },
            "people": "李雷",
            "problem": {
                "what": "有 1 处问题，什么都没有保存。",
                "mend": "",
                "details": ["第 1 行读不出姓名和职务。写成：姓名，职务，证件号码后六位。"],
            },
        },
    ),
    "characters": _page(
        "office/characters.html",
        said=None,
        action="/office/hebei/characters",
        wanting=[
            {"char": "\ue863", "codepoint": "U+E863", "people": ["王\ue863"]},
            {
                "char": "\U0003134a",
                "codepoint": "U+3134A",
                "people": ["李\U0003134a明", "欧阳\U0003134a", "赵\U0003134a"],
            },
        ],
        given=[
            {
                "codepoint": "U+E000",
                "picture": "data:image/svg+xml;base64,"
                "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAxMCAxMCI+PHBhdGggZD0iTTEgMWg4djhIMXoiLz48L3N2Zz4=",
                "how": "描自图片 扫描件.png",
                "by": "周敏",
                "at": datetime(2026, 11, 30, 6, 5, tzinfo=UTC),
            }
        ],
        problem={
            "what": "图片里看不出一个字：请用白底黑字、单独一个字的图片。",
            "mend": "",
            "details": [],
        },
    ),
    "characters-empty": _page(
        "office/characters.html", action="/office/hebei/characters", wanting=[], given=[], said=None, problem=None
    ),
    "certificate-revoked": _page("office/certificate.html", **{**ONE, "one": ROWS[2], "mine": False}),
}


def _standing(template: str, **values: Any) -> tuple[str, Values]:
    name, shared = _page(template, **values)
    rail = {**RAIL, "here": "corridor"}
    event = {"code": "M01", "name": "焊接技术", "state": "reviewed"}
    return name, {**shared, "desk": rail, "event": event, "action": "/office/hebei/events/M01/standings"}


def _rank(rank: int | None, code: str, who: str, total: str, **more: Any) -> Values:
    usual = {"delegation": "唐山市", "modules": ["38.50", "51.33"], "tied": False, "award": "", "status": ""}
    return {"rank": rank, "code": code, "who": who, "total": total, **usual, **more}


BEST = _rank(1, "7K3M", "阿卜杜热西提·阿卜杜热合曼", "91.83", award="金牌")
RANKED: Values = {
    "rows": [BEST, _rank(2, "Q4XN", "王伟", "88.10", tied=True, award="银牌"), _rank(2, "B9TD", "李雷", "88.10", tied=True), _rank(None, "H2WC", "赵一", "0.00", status="取消资格", modules=["", ""])],
    "portion": None, "modules": ["理论知识", "实际操作"], "owed": [], "more": 0, "decoded": True, "verdict": "",
}  # fmt: skip
TOLD = [
    {"step": "cell", "rule": "marking.judged", "sentence": "评价分：取平均；测量分：取平均。", "scheme": False, "words": "外观：J1 3 分、J2 2 分、J3 3 分，去掉不合规的 0 个，取平均 2.6667 分。", "rests_on": "评分方案第 4 行"},
    {"step": "total", "rule": "marking.rounding", "sentence": "总分保留 2 位小数，四舍五入。", "scheme": False, "words": "各模块加权之和 91.8266…，按四舍五入到分：91.83。", "rests_on": "技术规程第 12 条"},
    {"step": "rank", "rule": "standing.rank", "sentence": "并列之后的名次顺延空出（1、2、2、4）。", "scheme": False, "words": "没有人高于 91.83，第 1 名。", "rests_on": "组织者设定"},
]  # fmt: skip
STANDING: dict[str, tuple[str, Values]] = {
    "standings": _standing("office/standings.html", **RANKED),
    "standings-owed": _standing(
        "office/standings.html",
        **{
            **RANKED,
            "rows": [],
            "decoded": False,
            "owed": ["7K3M 还缺 A2（J1）。"],
            "more": 12,
            "verdict": "不足三人。",
        },
    ),
    "story": _standing(
        "office/story.html",
        row=BEST,
        lines=TOLD,
        policy={
            "title": "河北省第二届职业技能大赛（2025）",
            "document": "冀人社发〔2025〕8号",
            "url": "/office/policies/hebei-skills-2025",
        },
    ),
}
