"""The raw tables: closed, refused, open, never opened; the trail of one opening; the page that piccolo_admin fills."""

from typing import Any

from tests.web.setup_samples import LONG, RAIL

Values = dict[str, Any]
AT, UNTIL = "2026-11-02T09:12:00+08:00", "2026-11-02T09:42:00+08:00"
WHY = "某校改名，核对代表队的表头"


def raw_samples(page: Any, person: Values) -> dict[str, tuple[str, Values]]:
    """By template."""
    link = {"id": "raw", "icon": "layout-list", "name": "原始数据表", "url": "/office/raw", "count": None}
    desk = {**RAIL, "competition": None, "here": "raw", "links": [RAIL["links"][0], link]}
    one = {"url": "/office/raw/openings/1", "reason": WHY, "by": "沈超", "at": AT, "until": UNTIL, "open": True}
    openings = [{**one, "seen": 14, "changed": 0}, {**one, "open": False, "reason": LONG, "seen": 1204, "changed": 3}]
    base: Values = {"said": None, "problem": None, "held": None, "reason": "", "longest": 500, "minutes": 30}
    base |= {"password": True, "counts": {"all": 87, "changed": 7}, "openings": openings, "desk": desk}
    wrong = {"what": "账号或密码不对。", "mend": "请核对后再试。", "details": []}
    held = {"url": "/office/raw/tables/", "reason": WHY, "until": UNTIL}
    id = "4a88a9bf-19d6-45ac-ba80-faafb8d8061b"
    act = {"relation": "heading_mapping", "row": id, "query": "", "change": False, "at": AT, "values": []}
    moved = [{"name": "heading", "before": "学校", "after": LONG}, {"name": "field", "before": "", "after": "unit"}]
    acts = [
        {**act, "what": "修改一行", "icon": "pencil", "change": True, "values": moved},
        {**act, "what": "看一行", "icon": "user-search"},
        {**act, "what": "看列表", "icon": "layout-list", "row": "", "query": "heading=学校&__page=1&__readable=true"},
        {**act, "what": "打开", "icon": "player-play", "row": "", "relation": ""},
    ]
    trail = {"opening": {**openings[1]}, "acts": acts, "desk": desk}
    asked = page("/office/raw", person)
    return {
        "raw": ("office/raw.html", {**asked, **base}),
        "raw-refused": ("office/raw.html", {**asked, **base, "problem": wrong, "reason": WHY, "status": 401}),
        "raw-open": ("office/raw.html", {**asked, **base, "held": held}),
        "raw-first": ("office/raw.html", {**asked, **base, "openings": [], "password": False}),
        "raw-trail": ("office/raw_opening.html", {**page("/office/raw/openings/1", person), **trail, "most": 1000}),
        "raw-tables": (
            "office/raw_tables.html",
            {
                **page("/office/raw/tables/", person),
                "script": "/office/raw/tables/assets/index.js",
                "style": "/office/raw/tables/assets/index.css",
                "changed": '{"organiser": ["PATCH"]}',
                "opening": {"reason": WHY, "until": UNTIL},
            },
        ),
    }
