"""Values of the page that describes the JSON API."""

from typing import Any

BODY = '[\n  {\n    "id": "01K7QW3J5M8Z4R2T6V9XBCDEFG",\n    "entry": "W-07",\n    "aspect": "A1.01",\n    "value": 875\n  }\n]'
MARKS = {
    "id": "ApiMarksPostMarks", "method": "post", "path": "/api/marks", "summary": "Store 1 to 200 marks", "description": "Store 1 to 200 marks.",
    "scope": "marks", "public": False, "status": "200", "parameters": [], "sends": {"media": "application/json", "example": BODY},
    "answers": {"media": "application/json", "example": '{\n  "answers": []\n}'},
    "refusals": [{"status": "503", "code": "marks.busy", "words": "服务器正忙，分数还在你的平板上。"}],
}  # fmt: skip
LISTED = {
    **MARKS, "id": "ApiReview", "method": "get", "path": "/api/competitions/{slug}/delegations/{delegation}/forms/{intake}/headings",
    "scope": "", "parameters": [{"name": "limit", "in": "query", "about": "How many at most.", "example": "100"}],
    "sends": {"media": "", "example": ""},
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
