"""The indicators as one table: by year, by city, by level; each line beside what it is held against."""

from __future__ import annotations

from typing import Any

from admin.lists.listing import Column
from admin.reports.indicators import TARGETS, Indicators
from scoring.ladder import LEVELS
from scoring.verdict import Words
from server.web.page import spoken

INDICATORS = "indicators"
PARTS = {"year": Words("按年", "By year"), "city": Words("按市", "By city"), "level": Words("按等级", "By level")}


def indicator_columns() -> tuple[Column, ...]:
    """The columns: which part of the table, the line, what was granted, and its share of the five years' target."""
    return (
        Column("part", Words("分组", "Part"), ""),
        Column("key", Words("年 / 市 / 等级", "Year, city or level"), ""),
        Column("new", Words("新增取证", "New certificates"), "", "whole"),
        Column("new_sum", Words("累计", "So far"), "", "whole"),
        Column("new_share", Words("占五年目标", "Of the target"), "", "share"),
        Column("high", Words("高级工及以上", "grade 3 (senior worker) and above"), "", "whole"),
        Column("high_sum", Words("累计", "So far"), "", "whole"),
        Column("high_share", Words("占五年目标", "Of the target"), "", "share"),
    )


def indicator_rows(found: Indicators, lang: str) -> list[dict[str, Any]]:
    """Every line; a city's and a level's sum is its own, a year's is everything up to it."""
    rows = [_row("year", str(row["year"]), row, row["new_sum"], row["high_sum"], lang) for row in found.years]
    rows += [_row("city", row["key"], row, row["new"], row["high"], lang) for row in found.cities]
    for row in found.levels:
        name = spoken(LEVELS[row["key"]].name, lang)
        rows.append(_row("level", name, row, row["new"], row["high"], lang))
    return rows


def _row(part: str, key: str, row: dict[str, Any], new_sum: int, high_sum: int, lang: str) -> dict[str, Any]:
    return {
        "part": spoken(PARTS[part], lang),
        "key": key,
        "new": row["new"],
        "new_sum": new_sum,
        "new_share": new_sum * 10_000 // TARGETS["new"],
        "high": row["high"],
        "high_sum": high_sum,
        "high_share": high_sum * 10_000 // TARGETS["high"],
    }
