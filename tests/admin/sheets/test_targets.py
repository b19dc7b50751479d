"""A workbook of targets as people send it: read whatever the order of its columns, or told what is wrong and where."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from admin.sheets.targets import read_targets, write_targets
from admin.sheets.worker import in_worker


def book(*rows: tuple[Any, ...]) -> bytes:
    """A workbook of these rows."""
    made, out = Workbook(), BytesIO()
    for row in rows:
        made.active.append(list(row))
    made.save(out)
    return out.getvalue()


def test_targets_come_back_as_they_were_written_and_as_people_arrange_them() -> None:
    """What is written is read again; titles above, columns in another order, sums and thousands do not matter."""
    targets = {("唐山市", 2021, "new"): 1200, ("唐山市", 2022, "high"): 0}
    again = in_worker(read_targets, write_targets("目标", ["唐山市", "廊坊市"], range(2021, 2026), targets), 2021, 2025)
    assert not again.problems and {cell: it for cell, it in again.cells.items() if it is not None} == targets
    sheet = read_targets(
        book(("2021 年目标",), ("序号", "2021年高级工以上", "市", "2021 New certificates"), (1, "", " 唐山市", "１,２００"), ("", 3, "合计", 9)), 2021, 2025
    )  # fmt: skip
    assert not sheet.problems and sheet.cells == {("唐山市", 2021, "high"): None, ("唐山市", 2021, "new"): 1200}


def test_what_is_wrong_is_told_with_its_cell() -> None:
    """No table, another period's year, a column or a city twice, a row without a city, and cells that hold no target."""
    assert [one.code for one in read_targets(book(("市", "目标")), 2021, 2025).problems] == ["targets.no-table"]
    assert next(one.code for one in read_targets(b"x", 2021, 2025).problems).startswith("workbook.")
    head = ("市", "2021 新增取证", "2021 高级工", "2026 新增取证", "2021 取证")
    rows = (("唐山市", -1, 1.5), ("唐山市", "=B9", "许多"), ("", 4), ("市" * 61, ""), ("廊坊市", True, 1e12))
    found = read_targets(book(head, *rows), 2021, 2025).problems
    assert [(one.code.removeprefix("targets."), one.place.row, one.place.column) for one in found] == [
        ("year", 1, "D"), ("column-twice", 1, "E"), ("number", 2, "B"), ("number", 2, "C"), ("twice", 3, "A"), ("number", 3, "B"),
        ("number", 3, "C"), ("city", 4, "A"), ("city", 5, "A"), ("number", 6, "B"), ("number", 6, "C"),
    ]  # fmt: skip
