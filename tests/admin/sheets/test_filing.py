"""The filing list of promotions: what goes out, and what comes back."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from admin.sheets.filing import ASKED, COLUMNS, read_answers, write_filing

KEYS = [str(UUID(int=number)) for number in (1, 2, 3)]
LINES: list[dict[str, Any]] = [
    {**dict.fromkeys(COLUMNS, ""), "name": name, "key": key, "total": 9012, "rank": 1, "field": 36, "document_number": "13010219900101002X"}
    for name, key in zip(("王伟", "=1+1", "李娜"), KEYS, strict=True)
]  # fmt: skip


def came_back(answers: list[tuple[str, str]], **spoilt: Any) -> bytes:
    """The list as an authority returns it: answers and remarks filled in, rows turned round, a line above and a note below."""
    book = load_workbook(io.BytesIO(write_filing("名单", LINES, asked=True)))
    sheet = book.active
    heads = [str(cell.value).split("\n")[0] for cell in sheet[3]]
    for row, (answer, remark) in enumerate(answers, start=4):
        sheet.cell(row, heads.index("核准结果") + 1).value = answer
        sheet.cell(row, heads.index("核准意见") + 1).value = remark
    if "key" in spoilt:
        sheet.cell(4, heads.index("登记号") + 1).value = spoilt["key"]
    if "heading" in spoilt:
        sheet.cell(3, heads.index("登记号") + 1).value = spoilt["heading"]
    sheet.insert_rows(1)
    sheet.cell(9, 1).value = "以上由省厅核定"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_answers_find_their_people() -> None:
    """Yes and no in the ways that people write them; a line without an answer waits on."""
    found = read_answers(came_back([("同意", ""), (" 不同意 ", "工作年限不够"), ("", "")]))
    assert found.problems == () and found.blank == 1
    assert [(str(one.promotion), one.yes, one.remark) for one in found.answers] == [
        (KEYS[0], True, ""),
        (KEYS[1], False, "工作年限不够"),
    ]
    assert found.answers[1].place.key == "=1+1"


@pytest.mark.parametrize(
    ("answers", "spoilt", "code", "row"),
    [
        ([("待定", "")], {}, "filing.answer", 5),
        ([("同意", "")], {"key": "王伟"}, "filing.key", 5),
        ([], {}, "filing.no-answers", 0),
        ([("同意", "")], {"heading": "号"}, "filing.no-table", 0),
    ],
)
def test_what_cannot_be_read_says_where(
    answers: list[tuple[str, str]], spoilt: dict[str, Any], code: str, row: int
) -> None:
    """An unclear answer, a foreign key, an empty list and another workbook: each with its row and a mend."""
    (found,) = read_answers(came_back(answers, **spoilt)).problems
    assert (found.code, found.place.row) == (code, row)
    assert found.mend.zh and found.mend.en


def test_a_file_that_is_no_workbook_is_refused() -> None:
    """What is refused of any workbook is refused here, in the same words."""
    assert [one.code for one in read_answers(b"PK\x03\x04 nothing").problems] == ["workbook.damaged"]


def test_names_stay_text_and_the_list_of_what_was_granted_asks_nothing() -> None:
    """A name that looks like a formula is text; only the list that goes out has room for answers."""
    asked = load_workbook(io.BytesIO(write_filing("名单", LINES, asked=True))).active
    assert asked is not None
    assert asked.cell(5, list(COLUMNS).index("name") + 1).data_type == "s"
    granted = load_workbook(io.BytesIO(write_filing("名单", LINES, asked=False))).active
    assert granted is not None
    heads = {str(cell.value).split("\n")[0] for cell in granted[3]}
    assert not heads & {column.heading.split("\n")[0] for column in ASKED.values()}
    assert "核准文号" in heads
