"""Values of the page that describes the JSON API."""

from typing import Any

BODY = '[\n  {\n    "id": "01K7QW3J5M8Z4R2T6V9XBCDEFG",\n    "entry": "W-07",\n    "aspect": "A1.01",\n    "value": 875\n  }\n]'
MARKS = {
    "id": "ApiMarksPostMarks", "method": "post", "path": "/api/marks", "summary": "Store 1 to 200 marks", "description": "Store 1 to 200 marks.",
    "scope": "marks", "public": False, "status": "200", "parameters": [], "sends": {"media": "application/json", "example": BODY},
    "command": "curl -X POST -H \"Authorization: Bearer $PODIUM_KEY\" -H 'content-type: application/json' -d '[]' https://jingsai.example.cn/api/marks",
    "answers": {"media": "application/json", "example": '{\n  "answers": []\n}'},
    "refusals": [{"status": "503", "code": "marks.busy", "words": "服务器正忙，分数还在你的平板上。"}],
}  # fmt: skip
LISTED = {
    **MARKS, "id": "ApiReview", "method": "get", "path": "/api/competitions/{slug}/delegations/{delegation}/forms/{intake}/headings",
    "scope": "", "parameters": [{"name": "limit", "in": "query", "about": "How many at most.", "example": "100"}],
    "sends": {"media": "", "example": ""}, "command": "",
}  # fmt: skip
API: dict[str, tuple[str, dict[str, Any]]] = {
    "api": (
        "public/api.html",
        {
            "here": "/api", "csrf": "sample-token", "person": None,
            "site": {"name": "匠台", "home": "/", "results": "/", "organiser": "", "contact": ""},
            "document": "/api/schema/openapi.json", "scopes": [{"id": "marks", "words": "打分：只限下面选定的评分项"}],
            "groups": [{"id": "marks", "name": "打分", "operations": [MARKS, LISTED, {**LISTED, "id": "x", "method": "delete", "public": True}]}],
        },
    )
}  # fmt: skip

COLUMNS = [
    {"name": "event", "means": "赛项编号"},
    {"name": "rank", "means": "名次；规则不排名的为空"},
    {"name": "award", "means": "奖项：gold、silver、bronze、excellence 或规则里的其他词；没有为空"},
]
SET = {"rows": 194, "csv": "/x.csv", "json": "/x", "columns": COLUMNS, "about": "公示名次表的每一行。"}
DATA: dict[str, tuple[str, dict[str, Any]]] = {
    "data": (
        "public/data.html",
        {
            "here": "/c/hebei/data", "csrf": "sample-token", "person": None,
            "site": {"name": "河北省职业技能大赛（示例）", "home": "/", "results": "/", "organiser": "", "contact": ""},
            "competition": {"title": "第三届河北省职业技能大赛", "published": 8}, "api": "/api#open-data",
            "sets": [{**SET, "id": "results", "name": "成绩"}, {**SET, "id": "entries", "name": "名单"}],
        },
    )
}  # fmt: skip
