"""Plain values for the page of photos: usual, nobody yet, and some that were not kept."""

from typing import Any

from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
FLAG = "/static/mark.svg"
"""What stands for a flag."""
PEOPLE = ["赵一", "钱二", "孙三", "阿卜杜热合曼·吐尔逊江·买买提", "李四"]


def _page(**values: Any) -> Values:
    usual = {"said": None, "problems": [], "people": 0, "have": 0, "delegations": [], "portion": None}
    usual["action"] = "/office/hebei/photos"
    rail = {**RAIL, "here": "photos"}
    shared = {"here": "photos", "csrf": "sample-token", "person": PERSON, "site": SITE, "desk": rail}
    return {**shared, "competition": COMPETITION, **usual, **values}


def _faces(have: int) -> list[dict[str, str]]:
    return [
        {"name": name, "event": "焊接技术", "photo": "" if place >= have else "/static/mark.svg"}
        for place, name in enumerate(PEOPLE)
    ]


DELEGATIONS = [
    {"name": "唐山市", "every": 5, "have": 3, "people": _faces(3)},
    {"name": "邯郸市", "every": 5, "have": 0, "people": _faces(0)},
]
PORTION = {
    "find": "", "delegation": "", "delegations": ["唐山市", "邯郸市", "克孜勒苏柯尔克孜自治州代表队"], "lang": "", "narrowed": False,
    "from": 101, "to": 200, "found": 2500, "whole": 2500, "before": "?page=1", "after": "?page=3", "every": "?all=1",
}  # fmt: skip
"""The second page of a long list."""
PROBLEMS = [
    {"file": "IMG_2043.jpg", "what": "名单里没有这个人。", "mend": "文件名写证件号码或姓名，与报名表一致。"},
    {
        "file": "全家福.png",
        "what": "宽高比是 4000:3000，应为 5:7（295×413）。",
        "mend": "裁成 5:7 再上传；程序不替人裁脸。",
    },
]
PHOTOS: dict[str, tuple[str, Values]] = {
    "photos": ("office/photos.html", _page(people=2500, have=1203, delegations=DELEGATIONS, portion=PORTION)),
    "photos-empty": ("office/photos.html", _page()),
    "photos-refused": (
        "office/photos.html",
        _page(people=10, have=3, delegations=DELEGATIONS, said="收下 3 张，0 张原来就有。", problems=PROBLEMS),
    ),
}


def _flags(**values: Any) -> Values:
    page = {**_page(), "action": "/office/hebei/flags", "said": None, "problem": None, "delegations": [], **values}
    return {name: value for name, value in page.items() if name not in ("people", "have", "portion")}


FLAGGED = [
    {"id": str(place), "name": name, "flag": FLAG if place % 2 else ""}
    for place, name in enumerate(("唐山市", "廊坊市", "秦皇岛市", "张家口市经济开发区联合代表队"))
]
PHOTOS |= {
    "flags": ("office/flags.html", _flags(delegations=FLAGGED, said={"what": "收下 2 张，0 张原来就有。"})),
    "flags-empty": ("office/flags.html", _flags()),
    "flags-refused": (
        "office/flags.html",
        _flags(delegations=FLAGGED, problems=[{**PROBLEMS[0], "what": "没有这个代表队，或者不止一个。"}]),
    ),
}
