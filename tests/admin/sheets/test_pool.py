"""The list of judges as a workbook: what clerks write is understood or comes back with its place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from admin.sheets.pool import PoolSheet, read_pool, write_pool
from admin.sheets.worker import in_worker

HEADINGS = ("序号", "姓名", "工作单位", "代表队", "技能等级", "职称", "从业年限", "职业编码", "联系电话")
JUDGE = ("1", "卢建平", "第1技师学院", "唐山市", "二级/技师", "中级", 12, "6-18-02-04", "13800000001")


def book(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """A workbook with a title, headings and these rows."""
    made = Workbook()
    sheet = made.active
    sheet.title = "裁判库"
    for row in (("河北省裁判员推荐名单",), headings, *rows):
        sheet.append(list(row))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def changed(column: str, value: Any) -> PoolSheet:
    """The sheet of one judge with one cell changed."""
    row = tuple(value if heading == column else cell for heading, cell in zip(HEADINGS, JUDGE, strict=True))
    return read_pool(book(row), "x.xlsx")


def test_a_judge_is_read_with_everything() -> None:
    """Every column means what it says, in a process of its own as well."""
    sheet = in_worker(read_pool, book(JUDGE), "x.xlsx")
    (row,) = sheet.rows
    assert sheet.problems == () and (row.place.sheet, row.place.row) == ("裁判库", 3)
    assert (row.name, row.unit, row.delegation, row.level, row.title) == (
        "卢建平",
        "第1技师学院",
        "唐山市",
        "technician",
        "middle",
    )
    assert (row.years, row.occupations, row.phone) == (12, ("6-18-02-04",), "13800000001")


@pytest.mark.parametrize(
    ("column", "value", "name", "expected"),
    [
        ("职业编码", "6-18-02-04、6-31-01-03", "occupations", ("6-18-02-04", "6-31-01-03")),
        ("职业编码", "6-18-02-04\n6-31-01-03", "occupations", ("6-18-02-04", "6-31-01-03")),
        ("职业编码", "6－18－02－04，6-18-02-04", "occupations", ("6-18-02-04",)),
        ("职称", "副高级职称", "title", "associate-senior"),
        ("职称", "高级工程师", "title", "associate-senior"),
        ("职称", "无", "title", ""),
        ("职称", None, "title", ""),
        ("技能等级", "高级技师", "level", "senior-technician"),
        ("技能等级", "--", "level", ""),
        ("从业年限", "15年", "years", 15),
        ("从业年限", None, "years", None),
        ("姓名", " 卢 建平", "name", "卢建平"),
        ("联系电话", 13800000001, "phone", "13800000001"),
    ],
)
def test_the_ways_of_clerks_are_understood(column: str, value: Any, name: str, expected: Any) -> None:
    """Several codes in a cell, titles by their trade's names, years with their unit, numbers as numbers."""
    sheet = changed(column, value)
    assert sheet.problems == () and getattr(sheet.rows[0], name) == expected


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("姓名", None, "registration.cell-empty"),
        ("工作单位", None, "registration.cell-empty"),
        ("联系电话", "1380000", "registration.phone-form"),
        ("联系电话", None, "registration.cell-empty"),
        ("技能等级", "大师", "registration.level-unknown"),
        ("职称", "高级职称", "pool.title-unknown"),
        ("职业编码", "焊工", "pool.codes"),
        ("职业编码", "6-18-02-04 焊工", "pool.codes"),
        ("职业编码", None, "pool.codes"),
        ("从业年限", "很久", "pool.years"),
        ("从业年限", 99, "pool.years"),
    ],
)
def test_what_is_not_known_comes_back_with_its_place(column: str, value: Any, code: str) -> None:
    """Nothing is guessed: the row and the column of what cannot be read, and how to mend it."""
    (problem,) = changed(column, value).problems
    assert (problem.code, problem.place.row, problem.place.key) == (code, 3, column)
    assert problem.mend.zh and problem.mend.en


def test_a_workbook_that_is_no_list_of_judges_says_so() -> None:
    """The wrong file, an empty list and a missing column are named."""
    other = read_pool(book(headings=("a", "b")), "x.xlsx").problems
    empty = read_pool(book(), "x.xlsx").problems
    narrow = read_pool(book(JUDGE[1:7], headings=HEADINGS[1:7]), "x.xlsx").problems
    damaged = read_pool(b"nothing", "x.xlsx").problems
    assert [one.code for one in (*other, *empty)] == ["pool.no-table", "pool.no-people"]
    assert [one.code for one in narrow] == ["registration.column-missing"] * 2
    assert [one.code.split(".")[0] for one in damaged] == ["workbook"]


def test_the_empty_workbook_is_read_once_it_is_filled_in() -> None:
    """What Podium hands out to be filled in has the columns that it reads."""
    made = load_workbook(BytesIO(write_pool()))
    made.active.append(["高志远", "第2技师学院", "", "技师", "工程师", "8", "6-18-02-04", "13800000002"])
    out = BytesIO()
    made.save(out)
    sheet = read_pool(out.getvalue(), "x.xlsx")
    assert sheet.problems == () and [(row.name, row.title, row.years) for row in sheet.rows] == [
        ("高志远", "middle", 8)
    ]
