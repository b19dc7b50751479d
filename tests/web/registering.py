"""Sample values for the pages of a delegation's desk: usual, empty, full, and gone wrong. The people are invented."""

from typing import Any

Values = dict[str, Any]
COMPETITION = {"name": "河北省职业技能大赛（示例）", "first": "2026-11-15", "last": "2026-11-25"}
DELEGATION = {"name": "石家庄市", "url": "/register/hebei-example/7", "people": 6}
DESK = {
    "competition": {"name": COMPETITION["name"], "when": "11月15日 – 11月25日", "url": "/register/hebei-example/7"},
    "here": "registration",
    "links": [
        {"id": "registration", "icon": "clipboard-check", "name": "报名", "url": "/register/hebei-example/7", "count": None},
        {"id": "public", "icon": "speakerphone", "name": "公开页面", "url": "/c/hebei-example", "count": None},
    ],
}  # fmt: skip
CLERK = {"name": "郝新民", "role": "代表队", "home": "/register"}
PEOPLE = [
    ("钱一鑫", "焊接技术", "石家庄港口集团", "一级/高级技师"),
    ("魏娟兰", "焊接技术", "石家庄茶文化有限公司", "五级/初级工"),
    ("阿卜杜热西提·阿卜杜热合曼", "家庭照护", "石家庄家政服务中心", "三级/高级工"),
    ("刘𠅤", "网站设计与开发", "石家庄建工集团", "—"),
]


def entry(place: int, **more: Any) -> Values:
    """One entry as the desk lists it."""
    name, event, unit, level = PEOPLE[place % len(PEOPLE)]
    lacks = ["缺照片", "缺社会保险缴纳证明"] if place == 1 else []
    one = {"name": name, "document": "130*************12", "unit": unit, "level": level, "lacks": lacks}
    shown = {
        "url": f"{DELEGATION['url']}/entry/{place}",
        "event": event,
        "division": "职工组",
        "number": f"M01-{place + 1:03}",
        "team": "",
        "state": ("review", "approved", "returned")[place % 3],
        "said": ("待审核", "已通过", "已退回")[place % 3],
        "people": [one],
    }
    return {**shown, **more}


TEAM = entry(
    1,
    event="混凝土建筑",
    number="C01-001",
    team="1",
    people=[
        {
            "name": "康立晨",
            "document": "130*************86",
            "unit": "石家庄装备制造有限公司",
            "level": "二级/技师",
            "lacks": [],
        },
        {
            "name": "段芳怡",
            "document": "130*************81",
            "unit": "石家庄装备制造有限公司",
            "level": "—",
            "lacks": ["缺照片", "缺社会保险缴纳证明"],
        },
    ],
)


def form(state: str, place: int = 0, **more: Any) -> Values:
    """One workbook as the desk lists it."""
    shown = {
        "filename": f"报名表-石家庄市{'-补报' * place}.xlsx",
        "rows": 27 + place,
        "at": "2026-10-12T09:26:00+08:00",
        "state": state,
        "by_name": "郝新民",
        "decided": "2026-10-12T09:31:00+08:00" if state != "previewed" else None,
        "url": f"/register/hebei-example/7/forms/{place}",
        "undo": False,
    }
    return {**shown, **more}


def tabs(here: str) -> list[Values]:
    """The parts of the desk."""
    parts = [
        ("list", "名单和报名表", None),
        ("review", "报名审核", 1),
        ("photos", "照片", 3),
        ("attachments", "材料", 4),
        ("applications", "自助报名", 2),
        ("appeals", "申诉", None),
    ]
    url = DELEGATION["url"]
    return [{"name": name, "url": url, "here": part == here, "count": count} for part, name, count in parts]


ENDS = {"when": "2026年10月10日 18:00（中国时间）", "left": 90_005}


def desk(**more: Any) -> Values:
    """The desk of a delegation."""
    values = {
        "desk": DESK,
        "delegation": DELEGATION,
        "competition": COMPETITION,
        "tabs": tabs("list"),
        "open_events": 8,
        "ends": None,
        "late": None,
        "entries": [*(entry(place) for place in range(4)), TEAM],
        "intakes": [form("previewed", 2), form("accepted", 1, undo=True), form("undone"), form("accepted")],
        "closed": "",
        "said": "",
        "problem": None,
        "problems": [],
    }
    return {**values, **more}


def problem(column: str, what: str, mend: str, **more: Any) -> Values:
    """A problem or a doubt of one row."""
    return {"column": column, "what": what, "mend": mend, **more}


def line(where: int, outcome: str, place: int = 0, **more: Any) -> Values:
    """One row of a preview."""
    name, event, _, _ = PEOPLE[place % len(PEOPLE)]
    values = {
        "where": str(where),
        "outcome": outcome,
        "name": name,
        "document": "130*************12",
        "event": f"{event}（职工组）",
        "team": "",
        "changes": [],
        "mended": [],
        "problems": [],
        "doubts": [],
    }
    return {**values, **more}


DIGIT = problem(
    "证件号码",
    "身份证号校验不对，有一位写错了",
    "按证件逐位核对号码。照片文件名里的号码是 130199198111267334，请核对是不是它。",
)
TITLE = problem(
    "备注",
    "备注写着“已获全国技术能手”，规则没有写有称号的人能不能参赛。",
    "核对称号；可以参赛的写明理由。",
    clause="河北省第二届职业技能大赛（2025）：没有写。",
)
ELSEWHERE = problem("身份证号", "此人同一时间已报名另一项竞赛。", "确认此人能来的写明理由，或换人。", clause="")
LINES = [
    line(6, "refused", problems=[DIGIT]),
    line(
        13, "refused", 2,
        problems=[
            problem("性别", "性别填的是“女”，证件号码表示的是“男”", "按证件核对性别和号码，改正写错的一个"),
            problem("证件号码", "证件号码与第 11 行（陈𫖯）相同", "同一人只能报一项：删去重复的一行；不是同一人的，改正号码"),
        ],
        mended=[{"field": "证件号码", "before": "１３０１９９１９７７０６１３２６３７", "after": "130199197706132637", "why": "全角字符已改为半角"}],
    ),
    line(16, "refused", name="", problems=[problem("姓名", "“姓名”没有填", "补填“姓名”")]),
    line(32, "held", event="混凝土建筑（职工组）", team="27"),
    line(20, "doubtful", 1, doubts=[TITLE]),
    line(21, "doubtful", 3, doubts=[ELSEWHERE]),
    line(23, "changed", 3, changes=[{"field": "联系电话", "before": "…6621", "after": "…8840"}, {"field": "工作单位", "before": "石家庄建工集团", "after": "石家庄建工集团第二分公司"}]),
    line(24, "changed", 1, changes=[{"field": "离队", "before": "康立晨", "after": ""}]),
    line(8, "new", mended=[{"field": "姓名", "before": " 钱　一　鑫 ", "after": "钱一鑫", "why": "去掉了姓名里的空格"}]),
    line(9, "new", 1),
    line(10, "unchanged", 2),
]  # fmt: skip
FIELDS = [("event", "赛项名称"), ("name", "姓名"), ("phone", "联系电话"), ("unit", "工作单位")]
KNOWN = [
    {"letters": letters, "heading": heading, "name": name}
    for letters, heading, name in [
        ("A", "序号", "序号"),
        ("B", "参赛项目", "赛项名称"),
        ("C", "组别", "组别"),
        ("D", "姓名", "姓名"),
        ("E", "身份证号码", "证件号码"),
    ]
]
ASKED = [
    {"id": "field-5", "letters": "F", "heading": "手提电话", "chosen": "", "new": True},
    {"id": "field-6", "letters": "G", "heading": "衣服尺码", "chosen": "ignore", "new": False},
]
GONE = [
    {**entry(0), "number": "S01-003", "stuck": False},
    {**TEAM, "number": "C01-004", "stuck": False},
    {**entry(2), "number": "M02-011", "stuck": True},
]


def preview(**more: Any) -> Values:
    """The preview of a workbook in which there is everything."""
    values = {
        "desk": DESK,
        "delegation": DELEGATION,
        "form": {
            "filename": "报名表-石家庄市-有错.xlsx",
            "state": "previewed",
            "at": "2026-10-12T09:26:00+08:00",
            "by": "郝新民",
            "decided": None,
            "url": "/register/hebei-example/7/forms/2",
            "nothing": False,
            "undo": False,
            "why": "",
            "work": 14,
        },
        "other": "",
        "counts": {"all": 28, "new": 10, "changed": 4, "unchanged": 2, "mended": 5, "doubtful": 2, "refused": 10, "gone": 3},
        "bar": [
            {"kind": "new", "start": 0, "length": 10},
            {"kind": "changed", "start": 10, "length": 4},
            {"kind": "unchanged", "start": 14, "length": 2},
            {"kind": "doubtful", "start": 16, "length": 2},
            {"kind": "refused", "start": 18, "length": 10},
        ],
        "shown": {"show": "", "withdraw": False},
        "lines": {"count": 28, "page": 1, "pages": 1, "rows": LINES},
        "doubts": [
            {"id": "reason-14", "row": 20, "name": "魏娟兰", "event": "茶艺", "doubts": [TITLE], "reason": ""},
            {"id": "reason-15", "row": 21, "name": "刘𠅤", "event": "茶艺", "doubts": [ELSEWHERE], "reason": "两项赛程错开三天"},
        ],
        "gone": GONE,
        "headings": {"asked": [], "known": KNOWN, "unread": 0, "fields": FIELDS, "ignored": "ignore"},
        "whole": [],
        "given": {"reason": "", "leave_out": False},
        "seen": "0" * 64,
        "problem": None,
    }  # fmt: skip
    return {**values, **more}


FORM = preview()["form"]
CLEAN_COUNTS = {"all": 27, "new": 27, "changed": 0, "unchanged": 0, "mended": 0, "doubtful": 0, "refused": 0, "gone": 0}
REGISTERING: dict[str, tuple[str, Values]] = {
    "register-home": (
        "register/home.html",
        {
            "desk": {**DESK, "competition": None},
            "desks": [
                {"name": name, "url": f"/register/x/{name}", "competition": COMPETITION} for name in ("石家庄市", "华北重机集团有限公司")
            ],
        },
    ),
    "register-home-none": ("register/home.html", {"desk": {**DESK, "competition": None}, "desks": []}),
    "register-desk": ("register/desk.html", desk(said="已录入：新增 27 人，更新 0 人，不变 0 人。", ends=ENDS)),
    "register-desk-many": (
        "register/desk.html",
        desk(entries=[entry(place) for place in range(500)], delegation={**DELEGATION, "people": 10000}),
    ),
    "register-desk-typed": (
        "register/desk.html",
        desk(intakes=[form("accepted", place, filename="", rows=1, undo=place == 0) for place in range(30)]),
    ),
    "register-desk-empty": ("register/desk.html", desk(entries=[], intakes=[], delegation={**DELEGATION, "people": 0})),
    "register-desk-closed": ("register/desk.html", desk(open_events=0, intakes=[form("accepted")])),
    "register-desk-over": ("register/desk.html", desk(closed="报名已于 2026年10月10日 18:00 截止。")),
    "register-desk-refused": (
        "register/desk.html",
        desk(
            entries=[],
            intakes=[],
            problems=[
                {
                    "file": "报名表-石家庄市.xls",
                    "sheet": "",
                    "what": "这是旧版 Excel 文件（.xls），不是 .xlsx",
                    "mend": "用 Excel 或 WPS 打开，“另存为”选“Excel 工作簿（.xlsx）”后再上传",
                }
            ],
            problem=None,
        ),
    ),
    "register-preview": ("register/preview.html", preview()),
    "register-preview-clean": (
        "register/preview.html",
        preview(
            form={**FORM, "work": 27, "filename": "报名表-石家庄市.xlsx"},
            counts=CLEAN_COUNTS,
            bar=[{"kind": "new", "start": 0, "length": 27}],
            lines={"count": 27, "page": 1, "pages": 1, "rows": [line(6 + place, "new", place) for place in range(27)]},
            doubts=[],
            gone=[],
        ),
    ),
    "register-preview-same": (
        "register/preview.html",
        preview(
            form={**FORM, "nothing": True, "work": 0},
            counts={**CLEAN_COUNTS, "new": 0, "unchanged": 27},
            bar=[{"kind": "unchanged", "start": 0, "length": 27}],
            lines={"count": 27, "page": 1, "pages": 1, "rows": [line(6 + n, "unchanged", n) for n in range(27)]},
            doubts=[],
            gone=[],
        ),
    ),
    "register-preview-headings": (
        "register/preview.html",
        preview(
            headings={"asked": ASKED, "known": KNOWN, "unread": 1, "fields": FIELDS, "ignored": "ignore"},
            whole=[{"where": "报名表 5", "column": "", "what": "缺少“联系电话”一列", "mend": "补上“联系电话”一列；如果已有但名称不同，请改成这个名称"}],
            other="唐山市",
            doubts=[],
            gone=[],
        ),
    ),
    "register-preview-stale": (
        "register/preview.html",
        preview(
            problem={"what": "你看预览的时候，名单已经被别人改过。什么都没有写入。", "mend": "下面是按现在的名单重新比对的结果，请看过再确认。"},
            given={"reason": "组委会已核实", "leave_out": True},
            shown={"show": "", "withdraw": True},
        ),
    ),
    "register-preview-accepted": (
        "register/preview.html",
        preview(form={**FORM, "state": "accepted", "decided": "2026-10-12T09:31:00+08:00", "undo": True}, doubts=[], gone=[]),
    ),
    "register-preview-undone": (
        "register/preview.html",
        preview(form={**FORM, "state": "undone", "decided": "2026-10-12T09:31:00+08:00"}, doubts=[], gone=[]),
    ),
    "register-preview-10000": (
        "register/preview.html",
        preview(
            counts={"all": 10000, "new": 9482, "changed": 411, "unchanged": 95, "mended": 57, "doubtful": 7, "refused": 5, "gone": 0},
            bar=[
                {"kind": "new", "start": 0, "length": 9482},
                {"kind": "changed", "start": 9482, "length": 411},
                {"kind": "unchanged", "start": 9893, "length": 95},
                {"kind": "doubtful", "start": 9988, "length": 7},
                {"kind": "refused", "start": 9995, "length": 5},
            ],
            shown={"show": "new", "withdraw": False},
            lines={"count": 9482, "page": 2, "pages": 95, "rows": [line(100 + n, "new", n) for n in range(100)]},
            gone=[],
        ),
    ),
}  # fmt: skip


def photos(have: int, **more: Any) -> Values:
    """The photos of a delegation, so many of them there."""
    faces = [{"name": name, "event": event, "photo": "/static/mark.svg"} for name, event, _, _ in PEOPLE]
    values = {
        "desk": DESK,
        "delegation": {**DELEGATION, "people": len(faces)},
        "competition": COMPETITION,
        "tabs": tabs("photos"),
        "have": have,
        "portion": None,
        "missing": faces[have:],
        "faces": faces[:have],
        "closed": "",
        "said": "",
        "problem": None,
        "problems": [],
    }
    return {**values, **more}


REGISTERING |= {
    "register-photos": (
        "register/photos.html",
        photos(
            2,
            said="收下 2 张，0 张原来就有。",
            problems=[
                {
                    "file": "IMG_2043-手机拍摄-未命名-副本.jpg",
                    "what": "名单里没有这个人。",
                    "mend": "文件名写证件号码或姓名，与报名表一致。",
                }
            ],
        ),
    ),
    "register-photos-all": ("register/photos.html", photos(4)),
    "register-photos-many": (
        "register/photos.html",
        photos(
            2,
            delegation={**DELEGATION, "people": 460},
            portion={
                "find": "",
                "delegation": "",
                "delegations": [],
                "lang": "",
                "narrowed": False,
                "from": 101,
                "to": 200,
                "found": 460,
                "whole": 460,
                "before": "?page=1",
                "after": "?page=3",
                "every": "?all=1",
            },
        ),
    ),
    "register-photos-none": ("register/photos.html", photos(0, delegation={**DELEGATION, "people": 0}, missing=[])),
    "register-photos-over": ("register/photos.html", photos(1, closed="报名已于 2026年10月10日 18:00 截止。")),
}


def delegations(**more: Any) -> Values:
    """The office's list of desks."""
    names = ["石家庄市", "唐山市", "秦皇岛市", "华北重型机械装备制造（集团）股份有限公司", "雄安新区"]
    values = {
        "competition": COMPETITION,
        "delegations": [
            {
                "name": name,
                "url": f"/register/hebei-example/{place}",
                "entries": 25 - place,
                "people": 28 - place,
                "waiting": place % 3,
                "applications": 4 * (place % 2),
                "papers": 7 * (place % 3 // 2),
                "newest": "2026-10-12T09:31:00+08:00" if place < 4 else None,
                "id": str(place),
                "late": LATE if place == 2 else None,
            }
            for place, name in enumerate(names)
        ],
        "setup": "/office/hebei-example/setup",
        "closed": False,
        "permits": False,
        "given": {},
        "problem": None,
    }
    return {**values, **more}


LATE = {
    "until": "2026-10-16T18:00:00+08:00",
    "reason": "暴雨停运，材料迟到一天",
    "by": "监督甲",
    "over": False,
}
TOO_LATE = {"code": "late.until", "what": "请写明放行到什么时候。", "mend": "要晚于现在。"}
DELEGATIONS: dict[str, tuple[str, Values]] = {
    "office-registration": ("office/registration.html", delegations()),
    "office-registration-late": ("office/registration.html", delegations(closed=True, permits=True, setup="")),
    "office-registration-late-wrong": (
        "office/registration.html",
        delegations(closed=True, permits=True, given={"reason": "暴雨停运"}, problem=TOO_LATE),
    ),
    "office-registration-empty": (
        "office/registration.html",
        delegations(delegations=[]),
    ),
}
