"""Samples of the pages about judges: pool, panels, proposal, links, and the invitation on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Values = dict[str, Any]
BY_CHIEF = [
    {
        "came": "韩雪梅",
        "went": "齐海涛",
        "reason": "齐海涛老师当周出差，韩雪梅熟悉本届设备",
        "by": "卢建平",
        "at": "2026-11-09T16:20:00+08:00",
    }
]
COMPETITION = {"name": "河北省职业技能大赛（示例）", "url": "/office/1"}
PEOPLE = [
    ("卢建平", "石家庄技师学院", "一级/高级技师 · 副高级职称", 21),
    ("高志远", "河北某重型机械（虚构）有限责任公司", "二级/技师", 12),
    ("沈佳琪", "唐山某职业学院", "中级职称", 9),
    ("齐海涛", "邯郸某钢铁公司", "一级/高级技师", 17),
    ("韩雪梅", "秦皇岛某船厂", "二级/技师 · 中级职称", 14),
    ("古丽娜尔·买买提江", "廊坊市某科技职业技术学院机电工程系焊接教研室", "一级/高级技师", 26),
    ("崔明哲", "衡水某电力公司", "二级/技师", 8),
    ("梁思远", "邢台某技工学校", "三级/高级工", 2),
]
RULES = {
    "years": 3,
    "level": "technician",
    "title": "middle",
    "most": "",
    "one_per": "unit",
    "known": "3/technician/middle//unit",
}
LEVELS = [{"id": "senior", "name": "三级/高级工"}, {"id": "technician", "name": "二级/技师"}]
TITLES = [{"id": "junior", "name": "初级职称"}, {"id": "middle", "name": "中级职称"}]
REASONS = [
    {"id": "own-unit", "name": "本单位有人参赛"},
    {"id": "own-student", "name": "选手是我的学生"},
    {"id": "relative", "name": "选手是我的亲属"},
    {"id": "other", "name": "其他"},
]
PROBLEM = {"what": "这样改要写明理由。", "mend": "写一句理由；它会记入操作记录。"}
TICKS = [{"id": f"2026-11-{day}", "name": f"11月{day}日", "on": day < 18} for day in range(15, 26)]


def _line(place: int, **more: Any) -> Values:
    name, unit, grade, years = PEOPLE[place % len(PEOPLE)]
    return {
        "name": name, "unit": unit, "delegation": "唐山市" if place % 2 else "", "grade": grade,
        "occupations": ["6-18-02-04"] if place % 3 else ["6-18-02-04", "6-31-01-03"], "years": years, "load": place % 3 + place % 2,
        "here": ["E01"] * (place % 2), "history": place % 5, "phone": "138****0000", "active": place != 6,
        "url": "/office/1/judges/1", **more,
    }  # fmt: skip


def sitter(place: int, state: str = "accepted", **more: Any) -> Values:
    """Somebody on a panel."""
    name, unit, grade, _ = PEOPLE[place]
    return {
        "key": f"k{place}", "judge": f"j{place}", "name": name, "unit": unit, "grade": grade, "state": state,
        "until": "2026-11-12T23:59:00+08:00" if state in ("invited", "late") else "", "chief": False, "by_hand": False,
        "reason": "", "seat": f"J{place + 1}" if state in ("accepted", "seated") else "",
        "waiting": state in ("proposed", "invited", "late"), "account": "a" if state in ("accepted", "seated") else "",
        "against": [], **more,
    }  # fmt: skip


def candidate(place: int, *nos: str, never: bool = False) -> Values:
    """Somebody who could be asked."""
    name, unit, grade, years = PEOPLE[place]
    return {
        "id": f"c{place}", "name": name, "unit": unit, "grade": grade, "years": years, "load": place % 3,
        "nos": list(nos), "never": never,
    }  # fmt: skip


def event(code: str, name: str, sitters: list[Values], **more: Any) -> Values:
    """One event of the overview."""
    needed = more.pop("needed", 5)
    changes = more.get("changes", True)
    return {
        "code": code, "name": name, "state": "报名", "changes": changes, "days": "11月15日 – 11月17日", "needed": needed,
        "open": max(0, needed - len(sitters)) if changes else 0, "sitters": sitters,
        "chief": any(one["chief"] for one in sitters), "declined": [], "following": None,
        "url": f"/office/1/panels/{code}", **more,
    }  # fmt: skip


DECLINED = [{"name": "齐海涛", "why": "当周出差，回不来", "at": "2026-11-08T10:00:00+08:00"}]
EVENTS = [
    event("E01", "焊接技术", [sitter(0, chief=True), sitter(1), sitter(2, "seated"), sitter(4), sitter(6)]),
    event(
        "E02",
        "工业机器人系统操作（双人）",
        [sitter(0, "invited"), sitter(1, "late"), sitter(4, "proposed", by_hand=True, reason="熟悉本届设备")],
        declined=DECLINED,
        following=candidate(5),
    ),
    event("E03", "电工", []),
    event(
        "E04",
        "网站设计与开发",
        [sitter(2, against=["本单位“唐山某职业学院”有 2 名选手参加本赛项"])],
        declined=DECLINED,
        needed=2,
    ),
    event("E05", "花艺", [sitter(1, chief=True), sitter(3)], changes=False, needed=2, state="打分"),
]
TOTALS = {"needed": 17, "sitting": 6, "invited": 2, "proposed": 1, "open": 8, "chiefs": 3, "judges": 142}
SHORT = "需要 5 名裁判，还缺 2 名。能裁判本赛项的有 6 人，其中从业年限不够或不详的 1 人、本单位有选手参赛的 2 人，余 3 人。卡在：本单位有选手参赛。"


def _row(code: str, name: str, stays: str, new: str, goes: str, lacking: int = 0) -> Values:
    people = {
        key: [{"name": one, "unit": "石家庄技师学院"} for one in text.split()]
        for key, text in (("stays", stays), ("new", new), ("goes", goes))
    }
    return {
        "code": code, "name": name, "days": "11月15日 – 11月17日", "needed": 5, **people,
        "short": SHORT if lacking else "", "lacking": lacking,
    }  # fmt: skip


PROPOSAL = {
    "id": "p", "state": "ready", "asked": "2026-11-05T09:41:00+08:00", "by": "周敏", "unproven": "",
    "judges": 38, "most": 2,
}  # fmt: skip
ASKED = [
    {
        "code": "E01",
        "name": "焊接技术",
        "days": ["2026年11月15日", "2026年11月16日"],
        "chief": True,
        "state": "invited",
        "answer": "",
    },
    {
        "code": "E08",
        "name": "工业机器人系统操作（双人）",
        "days": ["2026年11月18日"],
        "chief": False,
        "state": "invited",
        "answer": "",
    },
]
EMPTY_LINE = {"about": "", "who": "", "why": "", "words": ""}


def samples(page: Callable[..., Values], organiser: Values, desk: Values) -> dict[str, tuple[str, Values]]:
    """Every page about judges, as usual, empty, long and refused."""
    office = {"desk": {**desk, "here": "panels"}, "competition": COMPETITION}

    def pool(judges: list[Values], **more: Any) -> tuple[str, Values]:
        shown = {
            "q": "",
            "occupation": "",
            "load": "",
            "from": 1,
            "to": len(judges),
            "found": 142,
            "all": 142,
            "before": "",
            "after": "/x",
        }
        values: Values = {
            **office, "desk": {**desk, "here": "judges"}, "competition": {**COMPETITION, "year": 2026}, "judges": judges,
            "shown": {**shown, **more.pop("shown", {})}, "url": "/office/1/judges", "may": True, "said": None, "problems": [],
            "occupations": [{"code": "6-18-02-04", "name": "焊工", "count": 61}, {"code": "6-31-01-03", "name": "", "count": 9}],
            **more,
        }  # fmt: skip
        return "office/judges.html", page("/office/1/judges", organiser, **values)

    def judge(**more: Any) -> tuple[str, Values]:
        form = {
            "name": "卢建平",
            "unit": "石家庄技师学院",
            "delegation": "石家庄市",
            "level": "technician",
            "title": "middle",
            "occupations": "6-18-02-04、6-31-01-03",
            "years": 21,
            "phone": "",
        }
        values: Values = {
            **office, "desk": {**desk, "here": "judges"}, "judge": {**_line(0), "id": "1", "version": 2}, "form": form,
            "levels": LEVELS, "titles": TITLES, "reasons": REASONS, "problem": None,
            "events": [{"id": f"e{n}", "code": one["code"], "name": one["name"], "may": n == 1} for n, one in enumerate(EVENTS)],
            "history": [
                {"year": 2026, "competition": "京津冀邀请赛（示例）", "event": "焊接技术", "chief": True, "typed": ""},
                {"year": 2019, "competition": "全国职业院校技能大赛（示例）", "event": "", "chief": False, "typed": "t"},
            ],
            "recusals": [
                {"id": "r1", "what": "选手“赵一”：选手是我的学生", "by": "卢建平", "at": "2026-11-05T09:41:00+08:00"},
                {"id": "r2", "what": "单位“河北某重型机械（虚构）有限责任公司”：合作企业有人参赛", "by": "周敏", "at": "2026-11-05T09:41:00+08:00"},
            ],
            **more,
        }  # fmt: skip
        return "office/judge.html", page("/office/1/judges/1", organiser, **values)

    def panels(events: list[Values], **more: Any) -> tuple[str, Values]:
        values: Values = {
            **office, "events": events, "shown": {"only": "", "all": len(events), "open": 3, "waiting": 1, "declined": 2},
            "totals": TOTALS, "rules": RULES, "levels": LEVELS, "titles": TITLES, "until": "2026-11-12", "today": "2026-11-05",
            "proposal": {"state": "ready", "asked": "2026-11-05T09:41:00+08:00", "by": "周敏"}, "may": True, "said": "",
            "left_out": [], "problem": None, **more,
        }  # fmt: skip
        return "office/panels.html", page("/office/1/panels", organiser, **values)

    def proposal(events: list[Values], **more: Any) -> tuple[str, Values]:
        values = {**office, "proposal": {**PROPOSAL, **more}, "events": events, "may": True}
        return "office/proposal.html", page("/office/1/panels/proposal", organiser, **values)

    def panel(one: Values, **more: Any) -> tuple[str, Values]:
        values: Values = {
            **office, "event": {**one, "ticks": TICKS, "known": "2026-10-16/2026-10-17"}, "instead": None,
            "candidates": [candidate(3), candidate(5)], "hidden": 12,
            "others": [
                candidate(7, "要求二级/技师或中级职称及以上，现为三级/高级工", "从业 2 年，要求满 3 年"),
                candidate(6, "本单位“衡水某电力公司”有 1 名选手参加本赛项", never=True),
            ],
            "form": {"reason": "", "judge": ""}, "until": "2026-11-12", "today": "2026-11-05", "may": True, "link": "",
            "by_chief": [], "problem": None, **more,
        }  # fmt: skip
        return "office/panel.html", page(one["url"], organiser, **values)

    def invitation(**more: Any) -> tuple[str, Values]:
        values: Values = {
            "state": "open", "judge": {"name": "卢建平", "unit": "石家庄技师学院"}, "events": ASKED,
            "competition": {
                "name": "河北省职业技能大赛（示例）", "place": "石家庄某技师学院实训中心（虚构）",
                "first": "2026-11-15", "last": "2026-11-25", "organiser": "河北省职业技能大赛组委会（示例）",
            },
            "until": "2026-11-12T23:59:00+08:00", "answered": "", "reasons": REASONS, "lines": [EMPTY_LINE] * 3,
            "form": {"knows": "", "reason": ""}, "action": "/invitation/t", "pin": "choose", "problem": None, **more,
        }  # fmt: skip
        return "invitation/asked.html", page("/invitation/t", **values)

    def own(**more: Any) -> tuple[str, Values]:
        values: Values = {
            "event": {"code": "E02", "said": "工业机器人系统操作（双人）"}, "changes": True, "needed": 5, "open": 2,
            "sitters": [
                {**sitter(0, chief=True), "doubtful": False}, {**sitter(5), "doubtful": True},
                {**sitter(4, "proposed"), "doubtful": False},
            ],
            "leaving": "k5", "fit": [candidate(3), candidate(1), candidate(2)], "unfit": ["崔明哲", "梁思远"],
            "past": BY_CHIEF, "form": {"judge": "", "reason": ""}, "problem": None, **more,
        }  # fmt: skip
        return "marks/panel.html", page("/tablet/1/E02/panel", **values)

    letter = "卢建平老师：河北省职业技能大赛（示例）邀请您担任“焊接技术”裁判，请于11月12日前打开链接答复：https://jingsai.example.cn/invitation/2mPq0vXkR7yLw3nTzB8s"
    links = [
        {"name": name, "unit": unit, "phone": f"1380000000{n}", "events": ["焊接技术"], "address": "x", "text": letter}
        for n, (name, unit, *_) in enumerate(PEOPLE[:6])
    ]
    bad = [
        {"file": "裁判名单.xlsx", "sheet": "裁判库", "rows": [str(n + 3)], "column": "E", "what": "不认识的职称：高级职称", "mend": "写初级、中级、副高级或正高级；没有职称的写“无”"}
        for n in range(4)
    ]  # fmt: skip
    answered = [
        {**ASKED[0], "state": "accepted"},
        {**ASKED[1], "state": "declined"},
        {**ASKED[1], "code": "E09", "name": "电工", "state": "recused"},
        {**ASKED[1], "code": "E10", "name": "花艺", "state": "replaced"},
    ]
    return {
        "judges": pool([_line(place) for place in range(24)], said={"what": "已收下 24 人：新增 20，更新 3，没有变化 1。"}),
        "judges-empty": pool([], shown={"found": 0, "all": 0, "after": ""}),
        "judges-none": pool([], shown={"q": "欧阳", "found": 0, "after": "", "from": 0, "to": 0}),
        "judges-refused": pool([_line(place) for place in range(3)], problems=bad),
        "judges-read-only": pool([_line(place) for place in range(3)], may=False),
        "judge": judge(),
        "judge-new": judge(judge=None, form=dict.fromkeys(("name", "unit", "delegation", "level", "title", "occupations", "years", "phone"), ""), history=[], recusals=[]),
        "judge-refused": judge(problem={"what": "请选择回避理由。", "mend": ""}, history=[], recusals=[]),
        "panels": panels(EVENTS),
        "panels-taken": panels(EVENTS, said="已采用 5 个赛项的方案：新增 18 席，撤下 2 席。", left_out=[{"event": "E02", "name": "齐海涛", "why": "同日担任赛项 E01 的裁判"}]),
        "panels-empty": panels([], proposal=None, totals=dict.fromkeys(TOTALS, 0)),
        "panels-refused": panels(EVENTS[:2], problem={"what": "年限填 0 到 50，上限填 1 到 100。", "mend": ""}, may=True),
        "panels-read-only": panels(EVENTS[:2], may=False),
        "panels-none": panels([], shown={"only": "open", "all": 5, "open": 0, "waiting": 1, "declined": 0}),
        "panels-113": panels([{**EVENTS[n % 5], "code": f"E{n:03}"} for n in range(113)]),
        "proposal": proposal([
            _row("E01", "焊接技术", "卢建平 高志远", "沈佳琪 齐海涛 韩雪梅", ""),
            _row("E02", "工业机器人系统操作（双人）", "卢建平", "崔明哲 古丽娜尔·买买提江", "梁思远 齐海涛", lacking=2),
            _row("E03", "电工", "卢建平 高志远 沈佳琪 齐海涛 韩雪梅", "", ""),
        ], unproven="时限内没有算完，停在“均衡负担”：之前各步已是最优，从这一步起是目前找到的最好结果"),
        "proposal-full": proposal([_row("E01", "焊接技术", "卢建平", "沈佳琪", "")]),
        "proposal-computing": proposal([], state="computing"),
        "proposal-failed": proposal([], state="failed"),
        "panel": panel(EVENTS[1], by_chief=BY_CHIEF),
        "panel-instead": panel(EVENTS[0], instead=EVENTS[0]["sitters"][1], problem=PROBLEM, form={"reason": "", "judge": "c3"}),
        "panel-full": panel(EVENTS[0], link="https://jingsai.example.cn/sign-in/2mPq0vXkR7yLw3nTzB8s2mPq0vXkR7yLw3nTzB8s"),
        "panel-empty": panel(EVENTS[2], candidates=[], others=[], hidden=0),
        "panel-closed": panel(EVENTS[4]),
        "own-panel": own(),
        "own-panel-refused": own(problem=PROBLEM, form={"judge": "c3", "reason": ""}),
        "own-panel-empty": own(leaving="", fit=[], unfit=[], past=[]),
        "own-panel-closed": own(changes=False, leaving="", fit=[], unfit=[], open=0),
        "links": ("office/links.html", page("/office/1/panels/links", organiser, **office, until="2026-11-12T23:59:00+08:00", links=links)),
        "invitation": invitation(),
        "invitation-refused": invitation(
            problem={"what": "请写一句谢绝的原因。", "mend": ""}, form={"knows": "somebody", "reason": ""},
            lines=[{"about": "person", "who": "赵一", "why": "own-student", "words": ""}, EMPTY_LINE, EMPTY_LINE],
            events=[{**ASKED[0], "answer": "yes"}, {**ASKED[1], "answer": "no"}],
        ),
        "invitation-answered": invitation(state="answered", answered="2026-11-06T20:15:00+08:00", events=answered),
        "invitation-pin": invitation(state="answered", answered="2026-11-06T20:15:00+08:00", events=answered, pin="set"),
        "invitation-expired": invitation(state="expired"),
        "invitation-withdrawn": invitation(state="withdrawn", events=[]),
        "invitation-unknown": invitation(state="unknown", judge=None, competition=None, events=[], until=""),
    }  # fmt: skip
