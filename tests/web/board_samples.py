"""Plain values for live boards, the screen of the hall, their desk and the ceremony: much, nothing, and what is long."""

import base64
import io
from datetime import UTC, datetime
from typing import Any

import segno
from PIL import Image

from server.web.jinja import environment
from tests.web.setup_samples import COMPETITION, PERSON, RAIL, SITE

Values = dict[str, Any]
AT = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
TITLE = "冀匠杯 第三届职业技能竞赛"
NAMES = (
    "汽车喷漆",
    "电工",
    "人工智能训练",
    "数控铣（Computer Numerical Control Milling）",
    "茶艺",
    "工业机器人系统操作与智能产线装调（三人）",
    "焊接技术",
)
PEOPLE = (
    "赵启航",
    "马文静",
    "李卓然",
    "阿卜杜热西提·阿卜杜热合曼·买买提艾力江",
    "王伟",
    "孙丽",
    "谷一凡",
    "许嘉言",
    "程澈",
    "郝新民",
    "周敏",
    "吴迪",
)


def banner(top: str, bottom: str, size: tuple[int, int] = (96, 64)) -> str:
    """A flag of two colours."""
    drawn = Image.new("RGB", size, bottom)
    drawn.paste(Image.new("RGB", (size[0], size[1] // 2), top))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


FLAGS = [banner("#c23b22", "#f4d35e"), "", banner("#0f5c6e", "#ffffff", (64, 64)), "", banner("#2a6f4e", "#c9e4de"), ""]
MEDALS = [
    {"delegation": name, "gold": 6 - place, "silver": 4 - place // 2, "bronze": 3 + place % 2, "flag": FLAGS[place]}
    for place, name in enumerate(("石家庄市", "唐山市", "保定市", "克孜勒苏柯尔克孜自治州代表队", "廊坊市", "沧州市"))
]


def _event(place: int, **more: Any) -> Values:
    usual = {
        "code": f"M{place + 1:02}", "name": NAMES[place], "name_en": f"Event {place + 1} with a name of its own", "category": "制造", "category_en": "Manufacturing",
        "team_size": 3 if place == 5 else 1, "state": "under-way", "marking": True, "shows": "standings", "frozen": None,
        "entries": 32, "finished": 8 + place, "percent": 37 + 9 * place, "standings": [
            {"rank": rank + 1, "code": f"W-{rank * 7 % 32 + 1:02}", "total": 9305 - 137 * rank, "tied": rank == 2} for rank in range(11)
        ],
    }  # fmt: skip
    return {**usual, **more}


def _published(place: int, people: int = 12) -> Values:
    awards = [
        ("gold", "金牌", "Gold medal"),
        ("silver", "银牌", "Silver medal"),
        ("bronze", "铜牌", "Bronze medal"),
        ("excellence", "优秀奖", "Excellence award"),
    ]
    rows = [
        {
            "rank": rank + 1, "name": PEOPLE[rank], "delegation": MEDALS[rank % 6]["delegation"], "flag": FLAGS[rank % 6], "total": 9305 - 137 * rank, "tied": False,
            "award": dict(zip(("id", "zh", "en"), awards[min(rank, 3)], strict=True)) if rank < 6 else None,
        }
        for rank in range(people)
    ]  # fmt: skip
    return _event(
        place, state="published", shows="results", marking=False, percent=100, standings=rows, until=AT.isoformat()
    )


EVENTS = [
    *(_event(place) for place in range(3)),
    _event(3, frozen=AT.isoformat()),
    _event(4, shows="progress", standings=[]),
    _event(5, state="upcoming", shows="standings", standings=[], percent=0, finished=0),
    _published(6),
]


def pieces(lang: str, how: str, events: list[Values]) -> list[dict[str, str]]:
    """The pieces as the room makes them."""
    module = environment().get_template("public/board_parts.html").make_module({"lang": lang})
    made = [
        {"id": f"board-{one['code']}" if how == "card" else "board", "html": str(getattr(module, how)(one, "/c/x"))}
        for one in events
    ]
    if how == "card":
        made.append({"id": "delegations", "html": str(module.delegations({"lines": MEDALS}, "/c/x"))})  # type: ignore[attr-defined]
    return made


def _screens() -> list[Values]:
    named = [{**one, "name": one["name"]} for one in EVENTS]
    return [
        {"kind": "progress", "events": named[:6], "count": 41, "newest": named[6], "medals": MEDALS[:5]},
        {"kind": "standings", "event": named[0], "lines": named[0]["standings"][:10], "first": True},
        {"kind": "standings", "event": named[6], "lines": named[6]["standings"][:10], "first": True},
        {"kind": "standings", "event": named[3], "lines": named[3]["standings"][:4], "first": True},
        {"kind": "medals", "lines": MEDALS},
    ]


def _photo(colour: str) -> str:
    file = io.BytesIO()
    Image.new("RGB", (100, 140), colour).save(file, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def _card(place: int, award: str, called: str, photos: int = 0) -> Values:
    faces = [_photo(colour) for colour in ("#8899aa", "#aa8855", "#55aa88")[:photos]]
    return {
        "award": award,
        "called": called,
        "name": PEOPLE[place],
        "whence": MEDALS[place % 6]["delegation"],
        "total": "93.05",
        "photos": faces,
        "flag": FLAGS[place % 6],
        "small_flag": FLAGS[place % 6],
    }


def _slide(kind: str, award: str = "", called: str = "", cards: Any = (), below: Any = ()) -> Values:
    return {
        "kind": kind,
        "event": "焊接技术",
        "award": award,
        "called": called,
        "cards": list(cards),
        "below": list(below),
    }


BRONZE, SILVER, GOLD = _card(3, "bronze", "铜牌", 3), _card(1, "silver", "银牌"), _card(0, "gold", "金牌", 1)
SLIDES = [
    _slide("title"),
    _slide("list", "excellence", "优秀奖", [_card(place, "excellence", "优秀奖") for place in range(9)]),
    _slide("winner", "bronze", "铜牌", [BRONZE]),
    _slide("winner", "silver", "银牌", [SILVER], [BRONZE]),
    _slide("winner", "gold", "金牌", [GOLD], [SILVER, BRONZE]),
    _slide("podium", cards=[GOLD, SILVER, BRONZE]),
]
SHOWS = [
    {"id": id, "name": name}
    for id, name in (("nothing", "不公开"), ("progress", "只有进度"), ("standings", "进度和名次（只有加密号）"))
]


def _desked(place: int, **more: Any) -> Values:
    usual = {
        "code": f"M{place + 1:02}",
        "name": NAMES[place],
        "state": "marking",
        "version": 1,
        "shows": "nothing",
        "freezes": "",
        "frozen": None,
        "held": False,
        "public": False,
        "ceremony": "",
    }
    return {**usual, **more}


DESKED = [
    _desked(0),
    _desked(1, shows="standings", freezes="2026-11-23T17:30"),
    _desked(5, shows="standings", freezes="2026-11-23T09:42", frozen=AT),
    _desked(3, state="published", shows="standings", freezes="2026-11-23T09:42", frozen=AT, held=True, ceremony="/x"),
    _desked(6, state="published", shows="standings", public=True, ceremony="/x"),
    _desked(4, state="setup"),
]
ADDRESSES = {
    "board": "/b",
    "hall": "/h",
    "ceremony": "/c",
    "slides": "/s",
    "slides.pdf": "/s.pdf",
    "slides.pptx": "/s.pptx",
}
CALLS = [
    {"award": award, "name": name, "winners": [{"delegation": "唐山市", "total": 9305, "people": [{"id": f"{award}{n}", "name": PEOPLE[n], "agreed": n != 1, "seen": n == 0} for n in range(3)]}]}
    for award, name in (("gold", "金牌"), ("excellence", "优秀奖"))
]  # fmt: skip


def _page(template: str, **values: Any) -> tuple[str, Values]:
    shared = {"here": "board", "csrf": "sample-token", "person": PERSON, "site": SITE, "said": None}
    return template, {**shared, **values}


LIVE = {"url": "/c/x/live?lang=zh", "since": "x-1"}
PUBLIC = {
    "title": TITLE,
    "live": LIVE,
    "home": "/c/hebei-2026/board",
    "hall": "/c/hebei-2026/hall",
    "results": "/c/hebei-2026/results",
}
HALL = {
    "title": TITLE,
    "day": 9,
    "now": AT,
    "seconds": 12,
    "live": {**LIVE, "page": "/c/x/hall"},
    "home": "/c/hebei-2026/board",
    "code": segno.make_qr("https://jingsai.example.cn/c/hebei-2026/board", error="m").svg_data_uri(scale=8, border=4),
}
DESK = {
    "desk": {**RAIL, "here": "live"},
    "competition": COMPETITION,
    "action": "/office/1/live",
    "addresses": ADDRESSES,
}
BOARDS = {
    "board": _page(
        "public/board.html", **PUBLIC, pieces=pieces("zh", "card", EVENTS), boards=[one["code"] for one in EVENTS]
    ),
    "board-none": _page("public/board.html", **PUBLIC, pieces=[], boards=[]),
    "board-event": _page(
        "public/board_event.html", **{**PUBLIC, "title": NAMES[0]}, pieces=pieces("zh", "table", EVENTS[:1]), boards=[]
    ),
    "board-event-published": _page(
        "public/board_event.html", **{**PUBLIC, "title": NAMES[6]}, pieces=pieces("en", "table", EVENTS[6:]), boards=[]
    ),
    "board-event-none": _page("public/board_event.html", **{**PUBLIC, "title": NAMES[0]}, pieces=[], boards=[]),
    "hall": _page("public/hall.html", **HALL, screens=_screens()),
    "hall-standings": _page("public/hall.html", **HALL, screens=_screens()[1:]),
    "hall-published": _page("public/hall.html", **HALL, screens=_screens()[2:]),
    "hall-few": _page("public/hall.html", **HALL, screens=_screens()[3:]),
    "hall-medals": _page("public/hall.html", **HALL, screens=_screens()[4:]),
    "hall-none": _page("public/hall.html", **{**HALL, "day": 0}, screens=[]),
    "office-live": _page(
        "office/live.html", **DESK, mine=True, zone="Asia/Urumqi", shows=SHOWS, events=DESKED, published=True
    ),
    "office-live-supervisor": _page(
        "office/live.html", **DESK, mine=False, zone="Asia/Shanghai", shows=SHOWS, events=DESKED[:3], published=False
    ),
    "office-live-none": _page("office/live.html", **DESK, mine=True, shows=SHOWS, events=[], published=False),
    "office-awards": _page(
        "office/awards.html", **DESK, event={"code": "M07", "name": "焊接技术"}, mine=True, calls=CALLS
    ),
    "ceremony": _page("office/ceremony.html", title=TITLE, back="/office/1/live", slides=SLIDES),
}
