"""Plain values for the page of papers: usual, nothing yet, and the three answers to a code."""

from datetime import UTC, datetime
from typing import Any

from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
CODE = "9F3A-07C2-11DE"
DELEGATIONS = [
    {"name": name, "people": people, "print": "/register/hebei/1/confirmation.pdf", "badges": "/x.pdf"}
    for name, people in (("唐山市", 24), ("邯郸市", 1), ("克孜勒苏柯尔克孜自治州代表队", 0))
]
EVENTS = [
    {
        "code": f"M{place:02}",
        "name": name,
        "people": people,
        "print": "/office/hebei/events/M01/sign-in.pdf",
        "badges": "/office/hebei/events/M01/badges.pdf",
        "judges": "/office/hebei/events/M01/judge-badges.pdf" if place != 3 else "",
        "plan": "/office/hebei/events/M01/stations.pdf" if place == 1 else "",
    }
    for place, (name, people) in enumerate((("焊接技术", 36), ("数控铣工（职工组）", 0), ("电工", 0)), start=1)
]
NOBODY = {"number": "", "name": ""}
FOUND = {
    "delegation": "唐山市",
    "at": datetime(2026, 10, 9, 1, 30, tzinfo=UTC),
    "by": "周敏",
    "same": True,
    "changed": "",
    "added": "",
    "gone": "",
}


def _page(**values: Any) -> tuple[str, Values]:
    shared = {"here": "papers", "csrf": "sample-token", "person": PERSON, "site": SITE}
    rail = {**RAIL, "here": "papers"}
    usual: Values = {
        "portion": None,
        "asked": "",
        "found": None,
        "delegations": DELEGATIONS,
        "events": EVENTS,
        "typed": NOBODY,
        "problem": None,
    }
    return "office/papers.html", {**shared, "desk": rail, "competition": COMPETITION, **usual, **values}


def _making(**values: Any) -> tuple[str, Values]:
    usual = {"state": "computing", "count": 1134, "made": 480, "problem": None, "back": "/office/hebei/papers"}
    shown = {**usual, "here": "/office/hebei/badges", "file": "/office/hebei/badges.pdf", **values}
    return "office/badges.html", {**_page()[1], **shown}


PAPERS: dict[str, tuple[str, Values]] = {
    "papers": _page(),
    "papers-empty": _page(delegations=[], events=[]),
    "papers-same": _page(asked=CODE, found=FOUND),
    "papers-changed": _page(
        asked=CODE, found={**FOUND, "same": False, "changed": "M01-003、M01-007", "added": "M02-001", "gone": "M01-009"}
    ),
    "papers-unknown": _page(
        asked=CODE,
        typed={"number": "M01-099", "name": "王伟"},
        problem={
            "what": "名单里没有这个报名号和姓名。",
            "mend": "请照参赛证上印的填写；队员要写明姓名。",
            "details": [],
        },
    ),
    "badges": _making(),
    "badges-failed": _making(
        state="failed",
        problem={
            "what": "名单里有印不出的字：𠅤 U+20164",
            "mend": "请改正这些字，或联系主办方添加字体。",
            "details": [],
        },
    ),
}
