"""Plain values for the certificates at the desk: a list with everything in it, one in force, one that was replaced."""

from datetime import UTC, datetime
from typing import Any

from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
AT = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


def _one(number: int, name: str, **more: Any) -> Values:
    usual = {
        "number": f"PD2026-{number:06}", "name": name, "name_en": "", "event": "焊接技术", "delegation": "唐山市", "kind": "获奖证书", "award": "金牌",
        "promotion": "根据竞赛规程，晋升为二级/技师。", "issued": AT, "printed": True, "revoked": None, "reason": "", "replaced_by": "",
        "pdf": "/api/competitions/hebei/certificates/PD2026-000001", "verify": "/v/1234",
    }  # fmt: skip
    return {**usual, **more}


ROWS = [
    _one(1, "王伟"),
    _one(2, "阿卜杜热西提·阿卜杜热合曼·买买提艾力江", event="数控铣（Computer Numerical Control Milling）"),
    _one(3, "刘喆", revoked=AT, reason="姓名有误", replaced_by="PD2026-000007"),
    _one(7, "刘吉吉", printed=False, pdf=""),
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
    "rows": ROWS, "found": 4, "all": 4, "unprinted": 1, "events": [("M01", "焊接技术")], "asked": {"find": "", "event": "", "delegation": "", "state": ""},
    "delegations": ["唐山市"], "some": "", "staff": True,
}  # fmt: skip
ONE: Values = {
    "one": ROWS[0], "replaces": "", "mine": True, "typed": {"reason": "", "name": "王伟", "name_en": ""}, "said": None, "problem": None,
}  # fmt: skip
ISSUED: dict[str, tuple[str, Values]] = {
    "certificates": _page("office/certificates.html", **LIST),
    "certificates-empty": _page(
        "office/certificates.html", **{**LIST, "rows": [], "found": 0, "all": 0, "unprinted": 0}
    ),
    "certificate": _page("office/certificate.html", **ONE),
    "certificate-revoked": _page("office/certificate.html", **{**ONE, "one": ROWS[2], "mine": False}),
}


def _standing(template: str, **values: Any) -> tuple[str, Values]:
    name, shared = _page(template, **values)
    rail = {**RAIL, "here": "corridor"}
    event = {"code": "M01", "name": "焊接技术", "state": "reviewed"}
    return name, {**shared, "desk": rail, "event": event, "action": "/office/hebei/events/M01/standings"}


def _rank(rank: int, code: str, who: str, total: str, **more: Any) -> Values:
    usual = {"delegation": "唐山市", "modules": ["38.50", "51.3333… (154/3)"], "tied": False, "award": ""}
    return {"rank": rank, "code": code, "who": who, "total": total, **usual, **more}


BEST = _rank(1, "7K3M", "阿卜杜热西提·阿卜杜热合曼", "91.83", award="金牌")
RANKED: Values = {
    "rows": [BEST, _rank(2, "Q4XN", "王伟", "88.10", tied=True, award="银牌"), _rank(2, "B9TD", "李雷", "88.10", tied=True)],
    "modules": ["理论知识", "实际操作"], "owed": [], "more": 0, "decoded": True, "verdict": "",
}  # fmt: skip
TOLD = [
    {"step": "cell", "rule": "marking.judged", "words": "外观：J1 3 分、J2 2 分、J3 3 分，去掉不合规的 0 个，取平均 2.6667 分。", "rests_on": "评分方案第 4 行"},
    {"step": "total", "rule": "marking.rounding", "words": "各模块加权之和 91.8266…，按四舍五入到分：91.83。", "rests_on": "技术规程第 12 条"},
    {"step": "rank", "rule": "standing.rank", "words": "没有人高于 91.83，第 1 名。", "rests_on": "组织者设定"},
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
    "story": _standing("office/story.html", row=BEST, lines=TOLD),
}
