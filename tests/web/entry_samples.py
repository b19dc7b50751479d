"""Sample values for what is typed and attached: entries, applications, an applicant's own pages, papers."""

from typing import Any

from admin.application_pages import qr
from admin.entry_fields import drawn
from tests.web.registering import COMPETITION, DELEGATION, DESK, PEOPLE, TITLE, tabs

Values = dict[str, Any]
ENTERING: dict[str, tuple[str, Values]] = {}


def typed_entry(**more: Any) -> Values:
    """The form of an entry, as it is opened."""
    values = {
        "desk": DESK,
        "delegation": DELEGATION,
        "closed": "",
        "event": {
            "code": "M01",
            "name": "焊接技术",
            "occupation": "焊工 6-18-02-04",
            "team_size": 1,
            "room": "已报 2 个，还有 1 个名额",
            "open": True,
        },
        "events": [],
        "entry": None,
        "application": None,
        "lacks": [],
        "action": f"{DELEGATION['url']}/entry/new",
        "check": f"{DELEGATION['url']}/entry/check",
        "team": "",
        "seen": "",
        "reason": "",
        "members": [{"number": 1, "fields": drawn(1, {}, "zh")}],
        "notes": {},
        "wrong": 0,
        "doubtful": 0,
        "said": "",
        "problem": None,
    }
    return {**values, **more}


TYPED = {
    "name-1": "钱一鑫",
    "phone-1": "1390000",
    "document_number-1": "13019919880808595X",
    "sex-1": "女",
    "unit-1": "石家庄港口集团有限责任公司第二装卸分公司",
    "identity-1": "职工",
    "level_text-1": "三级/高级工",
    "note-1": "已获全国技术能手",
}
BESIDE = {
    "document_number-1": [
        {
            "kind": "wrong",
            "code": "registration.id-check-digit",
            "what": "身份证号校验不对，有一位写错了",
            "mend": "按证件逐位核对号码",
        }
    ],
    "phone-1": [
        {
            "kind": "wrong",
            "code": "registration.phone-form",
            "what": "“1390000”不是完整的电话号码",
            "mend": "填 11 位手机号，或带区号的座机号",
        }
    ],
    "name-1": [
        {"kind": "mended", "code": "mended.name-spaces", "what": "去掉了姓名里的空格", "mend": "钱 一鑫 → 钱一鑫"}
    ],
    "note-1": [
        {
            "kind": "doubt",
            "code": "registration.title-noted",
            "what": TITLE["what"],
            "mend": TITLE["mend"],
            "clause": TITLE["clause"],
            "tick": "tick-1-registration.title-noted",
            "ticked": False,
        }
    ],
}
ENTERING |= {
    "register-entry": ("register/entry.html", typed_entry(said="已录入，可以接着填下一份。")),
    "register-entry-wrong": (
        "register/entry.html",
        typed_entry(members=[{"number": 1, "fields": drawn(1, TYPED, "zh")}], notes=BESIDE, wrong=2, doubtful=1),
    ),
    "register-entry-team": (
        "register/entry.html",
        typed_entry(
            event={
                "code": "C01",
                "name": "混凝土建筑",
                "occupation": "混凝土工 6-29-01-03",
                "team_size": 2,
                "room": "已报 1 个，名额不限",
                "open": True,
            },
            entry={"id": "7", "number": "C01-001"},
            lacks=[
                {"name": "康立晨", "what": "缺照片。", "url": "/x"},
                {"name": "段芳怡", "what": "缺社会保险缴纳证明。", "url": "/x"},
            ],
            events=[{"code": "C01", "name": "混凝土建筑（职工组）"}, {"code": "C02", "name": "双人焊接（职工组）"}],
            team="1",
            members=[{"number": n, "fields": drawn(n, {"name-1": "康立晨", "name-2": "段芳怡"}, "zh")} for n in (1, 2)],
        ),
    ),
    "register-entry-over": ("register/entry.html", typed_entry(closed="报名已于 2026年10月10日 18:00 截止。")),
    "register-entry-changed": (
        "register/entry.html",
        typed_entry(
            problem={"what": "这份报名刚被别人改过，什么都没有写入。", "mend": "下面是你填的内容；请重新打开看过再改。"}
        ),
    ),
    "register-entry-event": (
        "register/entry_event.html",
        {
            "desk": DESK,
            "delegation": DELEGATION,
            "closed": "",
            "events": [
                {
                    "url": f"{DELEGATION['url']}/entry/new?event=M0{n}",
                    "code": f"M0{n}",
                    "name": name,
                    "division": "职工组",
                    "occupation": occupation,
                    "team_size": size,
                    "room": room,
                    "full": full,
                }
                for n, (name, occupation, size, room, full) in enumerate(
                    [
                        ("焊接技术", "焊工", 1, "已报 2 个，还有 1 个名额", False),
                        ("数控铣", "铣工", 1, "已报 3 个，还有 0 个名额", True),
                        ("混凝土建筑", "混凝土工", 2, "已报 0 个，名额不限", False),
                    ],
                    1,
                )
            ],
        },
    ),
    "register-entry-event-none": (
        "register/entry_event.html",
        {"desk": DESK, "delegation": DELEGATION, "closed": "", "events": []},
    ),
}


def application(place: int, state: str = "waiting", times: int = 1) -> Values:
    """One application as the desk lists it."""
    name, event, unit, _ = PEOPLE[place % len(PEOPLE)]
    waiting = state == "waiting"
    return {
        "url": f"{DELEGATION['url']}/applications/{place}",
        "state": state,
        "at": "2026-10-12T09:26:00+08:00",
        "decided": None if waiting else "2026-10-12T11:02:00+08:00",
        "by": "" if waiting else "郝新民",
        "name": name if state in ("waiting", "declined") else "",
        "unit": unit,
        "document": "130*************12",
        "event": event,
        "times": times,
    }


def link(state: str = "open", event: str = "", **more: Any) -> Values:
    """One link to apply by."""
    url = f"{DELEGATION['url']}/applications/links/1"
    shown = {
        "url": url,
        "event": event,
        "until": "2026-10-20T18:00:00+08:00",
        "state": state,
        "by": "郝新民",
        "sent": 12,
    }
    return {**shown, **more}


def applications(**more: Any) -> Values:
    """The list of applications."""
    values = {
        "desk": DESK,
        "delegation": DELEGATION,
        "competition": COMPETITION,
        "tabs": tabs("applications"),
        "waiting": [application(0), application(2, times=2)],
        "decided": [application(1, "accepted"), application(3, "declined"), application(0, "withdrawn")],
        "links": [link(), link("over", "焊接技术"), link("closed")],
        "events": [{"code": "M01", "name": "焊接技术"}, {"code": "M02", "name": "电工"}],
        "until": "2026-10-26T18:00",
        "closed": "",
        "said": "已接受，写入名单。",
        "problem": None,
    }
    return {**values, **more}


APPLICANTS = [
    {"name": "职业技能等级证书", "required": True, "url": "/x"},
    {"name": "社会保险缴纳证明", "required": True, "url": ""},
]
ADDRESS = "https://jingsai.example.cn/apply/4fJx0mW1n6vQzq3TnOa7bA"
ENTERING |= {
    "register-applications": ("register/applications.html", applications()),
    "register-applications-none": (
        "register/applications.html",
        applications(waiting=[], decided=[], links=[], said=""),
    ),
    "register-applications-over": (
        "register/applications.html",
        applications(closed="报名已于 2026年10月10日 18:00 截止。", links=[link("over")], said=""),
    ),
    "register-application-link": (
        "register/application_link.html",
        {
            "desk": DESK,
            "delegation": DELEGATION,
            "competition": COMPETITION,
            "link": link(address=ADDRESS, code=qr(ADDRESS)),
        },
    ),
    "register-application-link-closed": (
        "register/application_link.html",
        {
            "desk": DESK,
            "delegation": DELEGATION,
            "competition": COMPETITION,
            "link": link("closed", "焊接技术", address=ADDRESS, code=qr(ADDRESS)),
        },
    ),
    "register-application": (
        "register/entry.html",
        typed_entry(
            application={
                "id": "1",
                "url": "/applications/1",
                "at": "2026-10-12T09:26:00+08:00",
                "times": 2,
                "photo": "/static/mark.svg",
                "papers": APPLICANTS,
            },
            members=[{"number": 1, "fields": drawn(1, TYPED, "zh")}],
            notes=BESIDE,
            wrong=2,
            doubtful=1,
        ),
    ),
}


def applying(**more: Any) -> Values:
    """The form behind a link."""
    values = {
        "closed": "",
        "competition": COMPETITION,
        "delegation": "石家庄市",
        "organiser": "河北省人力资源和社会保障厅",
        "until": "2026-10-20T18:00:00+08:00",
        "events": [
            {"code": "M01", "name": "焊接技术", "division": "职工组", "occupation": "焊工"},
            {"code": "M02", "name": "电工", "division": "职工组", "occupation": "电工"},
        ],
        "event": {"code": "M01", "name": "焊接技术"},
        "fields": drawn(1, {}, "zh"),
        "notes": {},
        "wrong": 0,
        "consent": False,
        "action": "/apply/4fJx",
        "problem": None,
    }
    return {**values, **more}


def own(state: str, **more: Any) -> Values:
    """An applicant's own page."""
    told = {
        "state": state,
        "name": "钱一鑫" if state == "waiting" else "",
        "event": "焊接技术",
        "delegation": "石家庄市",
        "at": "2026-10-12T09:26:00+08:00",
        "decided": None if state == "waiting" else "2026-10-12T11:02:00+08:00",
        "reason": "",
        "number": "",
        "stands": "",
        "said": "",
        "swept": False,
    }
    papers = [
        {"name": "职业技能等级证书", "required": True, "at": "2026-10-12T09:30:00+08:00", "url": "/x", "id": "file-1"},
        {"name": "社会保险缴纳证明", "required": True, "at": None, "url": "/x", "id": "file-2"},
        {"name": "在职证明", "required": False, "at": None, "url": "/x", "id": "file-3"},
    ]
    shared: Values = {"papers": papers if state == "waiting" else [], "photo": {"url": "/x", "has": False}}
    shared |= {"new": state == "waiting", "address": ADDRESS, "action": "/application/x/withdraw", "problem": None}
    return {"application": {**told, **more}, **shared}


APPLYING: dict[str, tuple[str, Values]] = {
    "apply": ("public/apply.html", applying()),
    "apply-choose": ("public/apply.html", applying(event=None)),
    "apply-wrong": (
        "public/apply.html",
        applying(
            fields=drawn(1, TYPED, "zh"),
            notes={name: [{**one, "tick": ""} for one in some] for name, some in BESIDE.items()},
            wrong=2,
            problem={"what": "有填错的地方，还没有提交。", "mend": ""},
        ),
    ),
    "apply-closed": ("public/apply.html", applying(closed="这个链接已经到期。")),
    "application-waiting": ("public/application.html", own("waiting")),
    "application-accepted": ("public/application.html", own("accepted", number="M01-007")),
    "application-declined": ("public/application.html", own("declined", reason="本赛项名额已满，欢迎明年再报。")),
    "application-withdrawn": ("public/application.html", own("withdrawn")),
    "application-swept": ("public/application.html", own("waiting", swept=True, name="")),
}


def paper(name: str, number: int, has: bool, required: bool = True, wrong: Values | None = None) -> Values:
    """One kind of paper of one person."""
    return {
        "name": name,
        "required": required,
        "has": has,
        "at": "2026-10-12T09:30:00+08:00" if has else None,
        "pages": 2 if has else 0,
        "url": "/x",
        "id": f"file-{number}",
        "wrong": wrong,
    }


def papers(**more: Any) -> Values:
    """The papers of a delegation's people."""
    active = {
        "what": "PDF 里有脚本、附件或会自动执行的动作（JavaScript）。",
        "mend": "用“打印为 PDF”另存一份再上传。",
        "code": "attachment.active",
    }
    people = [
        {
            "id": f"p{place}",
            "name": name,
            "event": event,
            "number": f"M01-{place + 1:03}",
            "lacks": place < 2,
            "kinds": [
                paper("职业技能等级证书", 3 * place, place > 0),
                paper("社会保险缴纳证明", 3 * place + 1, place > 1, wrong=active if place == 0 else None),
                paper("在职证明", 3 * place + 2, False, required=False),
            ],
        }
        for place, (name, event, _, _) in enumerate(PEOPLE)
    ]
    values = {
        "desk": DESK,
        "delegation": DELEGATION,
        "competition": COMPETITION,
        "tabs": tabs("attachments"),
        "people": people,
        "needed": 8,
        "have": 5,
        "closed": "",
        "said": "已收下，加密保存。",
        "problem": None,
    }
    return {**values, **more}


ENTERING |= {
    "register-attachments": ("register/attachments.html", papers()),
    "register-attachments-none": ("register/attachments.html", papers(people=[], needed=0, have=0, said="")),
    "register-attachments-over": (
        "register/attachments.html",
        papers(closed="报名已于 2026年10月10日 18:00 截止。", said=""),
    ),
}
