"""Targets against actual as tables, drawings and facts: by year, by city, by city and year; both indicators beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from admin.lists.listing import Column
from admin.lists.showing import text
from admin.reports.indicators import TARGETS, YEARS
from admin.reports.targets import NAMES, Cell, Line, compared, together
from scoring.verdict import Words
from server.web.charts import bar, pairs
from server.web.page import spoken

Found = Mapping[tuple[str, int], Line]
TARGET, ACTUAL = Words("目标", "Target"), Words("实绩", "Actual")
VALUES = (
    ("target", TARGET, "whole"),
    ("actual", ACTUAL, "whole"),
    ("difference", Words("差额", "Difference"), "whole"),
    ("share", Words("完成", "Reached"), "share"),
)
PARTS = {
    "year": Words("按年", "By year"),
    "city": Words("按市", "By city"),
    "both": Words("按市和年", "By city and year"),
}
CITY, YEAR, TOTAL = Words("市", "City"), Words("年", "Year"), Words("合计", "Total")
REACHED = (Words("新增取证：实绩", "New certificates: actual"), Words("还差", "still missing"))


def columns_of() -> tuple[Column, ...]:
    """The workbook's columns: which part, city, year, and four values of each indicator."""
    values = [
        Column(f"{measure}_{id}", Words(f"{name.zh} {said.zh}", f"{name.en}: {said.en.lower()}"), "", kind)
        for measure, name in NAMES.items()
        for id, said, kind in VALUES
    ]
    return (Column("part", Words("分组", "Part"), ""), Column("city", CITY, ""), Column("year", YEAR, ""), *values)


def lines_of(targets: Mapping[Cell, int], granted: Mapping[Cell, int], first: int) -> list[dict[str, Any]]:
    """Every line of every part, then the total of all: its part, city, year, and what each indicator comes to."""
    found = {measure: compared(targets, granted, measure) for measure in TARGETS}
    pairs_there = list(found["new"])
    cities = dict.fromkeys(city for city, _ in pairs_there)

    def line(part: str, city: str, year: str, taken: Callable[[str, int], bool]) -> dict[str, Any]:
        sums = {id: together(one for key, one in found[id].items() if taken(*key)) for id in TARGETS}
        return {"part": part, "city": city, "year": year, "sums": sums}

    made = [line("year", "", str(year), lambda _, of, year=year: of == year) for year in range(first, first + YEARS)]  # type: ignore[misc]
    made += [line("city", city, "", lambda of, _, city=city: of == city) for city in cities]  # type: ignore[misc]
    made += [
        {"part": "both", "city": city, "year": str(year), "sums": {id: found[id][city, year] for id in TARGETS}}
        for city, year in pairs_there
    ]
    return [*made, line("", "", "", lambda *_: True)]


def rows_of(
    targets: Mapping[Cell, int], granted: Mapping[Cell, int], first: int, lang: str
) -> list[dict[str, Any]]:  # fmt: skip
    """Every line as the workbook holds it."""
    return [
        {
            "part": spoken(PARTS[one["part"]] if one["part"] else TOTAL, lang),
            "city": one["city"],
            "year": one["year"],
            **{f"{id}_{name}": getattr(line, name) for id, line in one["sums"].items() for name, _, _ in VALUES},
        }
        for one in lines_of(targets, granted, first)
    ]


def tables_of(targets: Mapping[Cell, int], granted: Mapping[Cell, int], first: int, lang: str) -> list[dict[str, Any]]:
    """The page's tables; a bar in a row is what is granted of new certificates, and what is missing to their target."""
    *lines, total = lines_of(targets, granted, first)
    return [_table(part, [one for one in lines if one["part"] == part], total, lang) for part in PARTS]


def _table(part: str, lines: list[dict[str, Any]], total: dict[str, Any], lang: str) -> dict[str, Any]:
    keys = {"year": ("year",), "city": ("city",), "both": ("city", "year")}[part]
    heads = [spoken({"city": CITY, "year": YEAR}[key], lang) for key in keys]
    most = max([1, *(max(one["sums"]["new"].actual, one["sums"]["new"].target or 0) for one in lines)])

    def cells(one: Mapping[str, Any], names: list[str]) -> list[str]:
        return names + [
            text(getattr(line, id), Column(id, said, "", kind), lang)
            for line in one["sums"].values()
            for id, said, kind in VALUES
        ]

    def drawn(line: Line) -> Any:
        return bar((line.actual, max(0, -(line.difference or 0))), most)

    return {
        "id": f"part-{part}",
        "name": spoken(PARTS[part], lang),
        "groups": [{"name": "", "span": len(heads)}, *({"name": spoken(name, lang), "span": 4} for name in NAMES.values())],
        "columns": [{"name": head, "right": bool(place)} for place, head in enumerate(heads)]
        + [{"name": spoken(said, lang), "right": True} for _ in NAMES for _, said, _ in VALUES],
        "legend": [spoken(one, lang) for one in REACHED] if part == "city" else [],
        "rows": [
            {"cells": cells(one, [one[key] for key in keys]), "bar": drawn(one["sums"]["new"])} for one in lines
        ],
        "total": cells(total, [spoken(TOTAL, lang), *[""] * (len(keys) - 1)]),
    }  # fmt: skip


def facts_of(targets: Mapping[Cell, int], granted: Mapping[Cell, int], lang: str) -> list[dict[str, Any]]:
    """What was granted of what the targets add up to, and how far that sum is from the plan's total."""
    made = []
    for id, name in NAMES.items():
        sum = together(compared(targets, granted, id).values())
        made.append(
            {
                "name": spoken(name, lang),
                "actual": sum.actual,
                "target": sum.target or 0,
                "share": text(sum.share, Column("", TARGET, "", "share"), lang),
                "plan": TARGETS[id],
                "apart": (sum.target or 0) - TARGETS[id],
            }
        )
    return made


def figures_of(targets: Mapping[Cell, int], granted: Mapping[Cell, int], first: int, lang: str) -> list[dict[str, Any]]:
    """Of each indicator the target and the actual of every year, beside each other."""
    made = []
    for id, name in NAMES.items():
        found = compared(targets, granted, id)
        years = range(first, first + YEARS)
        sums = {year: together(one for (_, of), one in found.items() if of == year) for year in years}
        title = f"{spoken(name, lang)} · {spoken(PARTS['year'], lang)}"
        drawing = pairs([(str(year), (line.target or 0, line.actual)) for year, line in sums.items()], title)
        made.append({"drawing": drawing, "title": title, "legend": [spoken(one, lang) for one in (TARGET, ACTUAL)]})
    return made
