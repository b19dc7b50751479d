"""Examples for the API's description, made from the schemas: by a field's name where it is known, else by its type.

They are made of what a schema says, so that they hold when a type changes; tests/server/test_describing.py checks each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ID = "0197f3a2-5c1e-7d40-9b6a-3f2e8c1d7a45"
ULID = "01K7QW3J5M8Z4R2T6V9XBCDEFG"
HASH = "9f2c4e7ab1d8035666e0c1f7a94b2d3e5c8f70a1b6d9e2f4c3a5b7081d6e9f20"
NAMES: Mapping[str, Any] = {
    "slug": "hebei-2026", "code": "M01", "event": "M01", "number": "PD2026-000128", "token": "3F8K2M9QXW4R", "edition": 3,
    "name": "第三届河北省职业技能大赛", "name_en": "The 3rd Hebei Skills Competition", "series": "河北省职业技能大赛",
    "series_en": "Hebei Skills Competition", "tier": "provincial", "rank": 1, "document": "冀人社字〔2026〕88号", "province": "13",
    "venue": "石家庄国际会展中心", "venue_en": "Shijiazhuang International Exhibition Center", "starts": "2026-10-16",
    "ends": "2026-10-18", "on": "2026-10-16", "category": "制造与工程技术", "category_en": "Manufacturing", "division": "职工组",
    "occupation": "焊工", "occupation_code": "6-18-02-04", "occupation_edition": 2022, "policy": "hebei-skills-2025",
    "standard_level": "技师", "time_zone": "Asia/Shanghai", "review_steps": ["organiser"], "design": "classical", "regions": ["13"],
    "state": "marking", "into": "sealed", "reason": "两遍核分一致", "public": "2026-10-16 中国福利彩票 3D 第 2026275 期 4 8 1",
    "commitments": [HASH], "entry": "W-07", "aspect": "A1.01", "judge": "卢建平", "seat": "J1", "value": 875, "round": 1,
    "device": "CMM-2", "counter": 1, "replaces": "", "zh": "没有找到这个赛项。", "en": "There is no such event.",
    "delegation": "云州市", "delegation_name": "云州市", "unit": "云州钢铁集团", "units": "云州钢铁集团", "names": "王焊", "team": "",
    "login": "zhoumin", "password": "correct horse battery staple", "organisation": "河北省人力资源和社会保障厅",
    "organisers": [ID], "seats": {ID: "J1"}, "limit": 100, "offset": 0, "q": "焊", "version": 7, "sha256": HASH, "pdf_sha256": HASH,
    "fingerprint": HASH, "policy_fingerprint": HASH, "scheme_fingerprint": HASH, "mark_hash": HASH, "hash": HASH, "seen": HASH[:16],
    "mark_sequence": 4210, "sequence": 4210, "total": 8765, "modules": {"A": "17530/2"}, "tied": [], "broken_by": "", "judges": 5,
    "award": {"id": "gold", "zh": "金牌", "en": "Gold"}, "status": "stored", "outcome": "genuine", "held": "senior",
    "level": "technician", "mode": "automatic", "rule": "promotion.rank", "act": "approve", "text": "复核后维持原判", "by": "庞建华",
    "work_types": ["手工焊工"], "top": "senior-technician", "field": {"entries": 24, "teams": 11}, "awarded": {"yes": True},
    "promotions": {"promoted": 3, "unchanged": 20, "silent": 1}, "owed": 0, "marks": 4210, "conflicts": 0, "alarms": 0,
    "steps": ["organiser"], "persons": 26, "entries": 24, "issued": 61, "printed": 61, "aspects": 84, "removed": "M09",
    "maximum": 10000, "weight": 30, "days": [1, 2], "criteria": 9, "id": ID, "organiser": ID, "panel": 5, "seal": "竞赛专用章",
    "place": {"sheet": "报名表", "row": 7, "column": "身份证号"}, "paper": {"name": "王*", "event": "焊接技术", "award": "金牌"},
    "headings": {"所在单位": "unit"}, "columns": {"姓名": "name"}, "account": ID, "promotion": ID, "subject": ID, "kind": "participation", "replaced_by": "PD2026-000129", "batch": ID,
    "scheme": {"name": "焊接", "modules": [], "criteria": []}, "characters": "𮧵", "why": None, "people": [{"name": "王焊"}],
}  # fmt: skip
"""Values by a field's name; one that does not fit a field's type is not used there."""
FORMATS = {
    "uuid": ID,
    "date": "2026-10-16",
    "date-time": "2026-10-16T10:42:00+08:00",
    "binary": "(file)",
    "json-pointer": "/",
}
ERRORS: Mapping[str, tuple[str, str, str, str, str]] = {
    "400": ("http.400", "请求读不懂。", "The request cannot be understood.", "", ""),
    "401": ("access.sign-in", "请先登录。", "Sign in first.", "", ""),
    "403": ("access.role", "只有主办方人员可以进行这一步。", "Only organiser's staff may do this.", "", ""),
    "404": ("not-found", "没有找到这个赛项。", "There is no such event.", "请核对地址或编号。", "Check the address or the number."),
    "409": ("setup.changed", "别人刚改过。", "Somebody has changed this meanwhile.", "请重新打开再改。", "Open it again."),
    "413": ("http.413", "内容太大。", "This is too large.", "", ""),
    "422": ("request.invalid", "请求的内容不符合要求。", "The request is not as expected.", "", ""),
    "429": ("sign-in.wait", "这个账号密码错误次数过多。", "This account has had too many wrong passwords.",
            "请 30 秒后再试。", "Try again in 30 seconds."),
    "503": ("marks.busy", "服务器正忙，分数还在你的平板上。", "The server is busy; your marks are still on the tablet.",
            "平板会自己重发。", "The tablet sends them again by itself."),
}  # fmt: skip
"""Of each status that a refusal may have: a code, what happened and its mend in Chinese and English."""


def refusal(status: str) -> dict[str, Any]:
    """A refusal of this status."""
    code, zh, en, mend_zh, mend_en = ERRORS[status]
    return {"code": code, "words": {"zh": zh, "en": en}, "mend": {"zh": mend_zh, "en": mend_en}, "problems": []}


def example_of(schema: Mapping[str, Any], parts: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value of this schema; `parts` are the description's components."""
    if "$ref" in schema:
        return example_of(parts[schema["$ref"].rsplit("/", 1)[-1]], parts, name, depth)
    for some in ("oneOf", "anyOf"):
        if some in schema:
            real = [one for one in schema[some] if one.get("type") != "null"]
            return example_of(real[0], parts, name, depth) if real and depth < 6 else None
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" and schema.get("properties"):
        return {
            key: example_of(one, parts, key, depth + 1)
            for key, one in schema["properties"].items()
            if depth < 6 or key in schema.get("required", ())
        }
    if name in NAMES and _fits(NAMES[name], schema):
        return NAMES[name]
    if kind == "array":
        return [example_of(schema["items"], parts, name.removesuffix("s"), depth + 1)] if schema.get("items") else []
    if kind == "object":
        more = schema.get("additionalProperties")
        return {"A": example_of(more, parts, name, depth + 1)} if isinstance(more, dict) and more else {}
    return _plain(schema, kind)


def _plain(schema: Mapping[str, Any], kind: Any) -> Any:
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return False
    if kind == "string":
        if "[0-7]" in schema.get("pattern", ""):
            return ULID
        if schema.get("pattern") == "^[0-9a-f]*$":
            return "00ff"
        return FORMATS.get(schema.get("format", ""), "示例"[: schema.get("maxLength", 2)])
    return None


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a known value is of the schema's plain type; what a list or object holds is looked at as well."""
    kind, form = schema.get("type"), schema.get("format")
    if kind == "string":
        return isinstance(value, str) and (not form or value == FORMATS.get(form)) and _patterned(value, schema)
    if kind in ("integer", "number"):
        return type(value) is int
    if kind == "array":
        items = schema.get("items") or {}
        plain = (
            items.get("type") in ("string", "integer", "object", None)
            and "$ref" not in items
            and not items.get("oneOf")
        )
        return isinstance(value, list) and plain and all(_fits(one, items) for one in value if items.get("type"))
    if kind == "object":
        more = schema.get("additionalProperties")
        inner = more if isinstance(more, dict) and more.get("type") else {}
        return isinstance(value, dict) and all(not inner or _fits(one, inner) for one in value.values())
    return kind is None and value is None


def _patterned(value: str, schema: Mapping[str, Any]) -> bool:
    return "[0-7]" not in schema.get("pattern", "") or value == ""
