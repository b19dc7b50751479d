"""What Podium writes: tables that stay text, standings, the template, and a delegation's workbook sent back."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from admin.lists import writing
from admin.lists.listing import Column as Listed
from admin.sheets.forms import SAMPLE
from admin.sheets.headings import NAMES
from admin.sheets.registration import read_registration
from admin.sheets.results import StandingLine, write_standings
from admin.sheets.returned import returned
from admin.sheets.table import Column, Value, write_table
from admin.sheets.template import COLUMNS, FIRST, TemplateEvent, write_template
from admin.sheets.wording import catalogue
from scoring.identity import check_digit
from scoring.verdict import Words

Person = dict[str, Any]
INPUTS = Path(__file__).parents[2] / "inputs"
ERRONEOUS = INPUTS / "报名表-石家庄市-有错.xlsx"
EVENTS = (
    TemplateEvent("焊接技术", "职工组", "焊工", "6-18-02-04"),
    TemplateEvent("混凝土建筑", "职工组", "混凝土工", "6-29-01-03", team_size=2),
)


def first_sheet(data: bytes) -> Worksheet:
    """The first sheet of a workbook."""
    return load_workbook(BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.invalid","x")', "#REF!"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    """What somebody typed as a name or a note never comes alive in a table, in title or cells."""
    sheet = first_sheet(write_table(text, ["姓名", "备注"], [[text, "x"]]))

    assert [(cell.value, cell.data_type) for cell in (sheet["A1"], sheet["A4"])] == [(text, "s"), (text, "s")]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["A4"].quotePrefix or text == "#REF!"


def test_a_table_keeps_its_headings_in_sight_and_its_numbers_exact() -> None:
    """Frozen headings, widths by what is shown, marks from hundredths, dates and whole numbers with their formats."""
    columns: list[str | Column] = [Column("名次", "whole"), Column("成绩", "marks"), Column("日期", "date"), "单位"]
    rows: list[list[Value]] = [[1, 8765, date(2026, 10, 12), "石家庄钢铁集团有限公司"], [2, 5, None, None]]
    sheet = first_sheet(write_table("焊接技术", columns, rows, "草稿"))

    assert sheet.freeze_panes == "A4"
    assert (sheet["B4"].value, sheet["B4"].number_format, sheet["B5"].value) == (87.65, "0.00", 0.05)
    assert (sheet["A4"].value, sheet["C4"].value.date(), sheet["D5"].value) == (1, date(2026, 10, 12), None)
    assert sheet.column_dimensions["D"].width > sheet.column_dimensions["A"].width


def test_signs_that_no_workbook_may_hold_are_left_out() -> None:
    """A control sign in a name does not keep the results from being written."""
    assert first_sheet(write_table("x", ["a"], [["王\x00丽\x0b"]]))["A4"].value == "王丽"


def test_standings_show_modules_awards_and_promotions() -> None:
    """One line per entry in the order given, with every module's marks and the total."""
    lines = [
        StandingLine(1, "钱娜涵、汪国杰", "石家庄市", "建工集团", (9000, 8550), 8685, "金牌", "技师"),
        StandingLine(1, "王丽", "唐山市", "供电公司", (None, 8685), 8685, "金牌"),
    ]
    sheet = first_sheet(write_standings("混凝土建筑", ["理论", "实操"], lines))

    assert [cell.value for cell in sheet[3]][4:7] == ["理论", "实操", "总成绩\nTotal"]
    assert [cell.value for cell in sheet[4]][:9] == [
        1,
        "钱娜涵、汪国杰",
        "石家庄市",
        "建工集团",
        90,
        85.5,
        86.85,
        "金牌",
        "技师",
    ]
    assert sheet["E5"].value is None


def test_the_empty_template_enters_nobody() -> None:
    """The sample row is nobody, and so are the empty rows; the delegation is known."""
    sheet = read_registration(write_template("石家庄市", "示例大赛", EVENTS), "x.xlsx")

    assert (sheet.delegation, sheet.rows) == ("石家庄市", ())
    assert [one.code for one in sheet.problems] == ["registration.no-people"]


def filled_template(person: Callable[..., Person]) -> bytes:
    """The template with one person in the first empty row and a team of two below."""
    book = load_workbook(BytesIO(write_template("石家庄市", "示例大赛", EVENTS)))
    form = book.worksheets[0]
    aliases = {"现有职业技能等级": "等级", "等级证书编号": "证书编号"}
    for row, number in enumerate(("130199198910086695", "13019919950415655X", "130199198204202943"), start=FIRST):
        sex = "女" if number.endswith("2943") else "男"
        values = person(证件号码=number, 性别=sex, 照片文件名=f"{number}.jpg", 证书编号=f"Y0000131373842039222{row:02}")
        if row > FIRST:
            values |= {"赛项名称": "混凝土建筑", "队号": "1"}
        for column, field in enumerate(COLUMNS, start=1):
            form.cell(row, column).value = values.get(aliases.get(NAMES[field].zh, NAMES[field].zh))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_is_written_into_the_template_is_read_back(person: Callable[..., Person]) -> None:
    """A filled-in template goes in without problem or mending, and every column arrives in its field."""
    sheet = read_registration(filled_template(person), "x.xlsx")

    assert (sheet.problems, sheet.mended, sheet.unread) == ((), (), ())
    assert [(row.row, row.event, row.team) for row in sheet.rows] == [
        (6, "焊接技术", ""),
        (7, "混凝土建筑", "1"),
        (8, "混凝土建筑", "1"),
    ]
    assert (sheet.rows[0].level_text, sheet.rows[0].unit, sheet.rows[0].phone) == (
        "三级/高级工",
        "石家庄技师学院",
        "13163942516",
    )


def test_the_template_offers_lists_and_checks_that_a_spreadsheet_accepts() -> None:
    """Lists for eight columns, two checks; no formula is longer than the 255 characters that Excel allows."""
    form = first_sheet(write_template("石家庄市", "示例大赛", EVENTS))
    checks = form.data_validations.dataValidation

    assert sorted(check.type for check in checks) == ["custom"] * 2 + ["list"] * 8
    assert all(len(check.formula1) <= 255 and check.errorStyle == "warning" for check in checks)
    assert all(form.cell(row, column).number_format == "@" for row in (FIRST, FIRST + 299) for column in range(1, 20))


def test_the_templates_sample_is_nobodys_number() -> None:
    """The sample's identity number has a wrong check digit, so that it can never be a person's."""
    assert check_digit(SAMPLE[1]) != SAMPLE[1][17]


def test_a_sample_row_that_was_typed_over_is_a_person(person: Callable[..., Person]) -> None:
    """Only the sample itself is skipped: who types over it is entered."""
    book = load_workbook(BytesIO(filled_template(person)))
    form = book.worksheets[0]
    form.cell(FIRST - 1, COLUMNS.index("name") + 1).value = "李明"
    out = BytesIO()
    book.save(out)

    assert "李明" in [row.name for row in read_registration(out.getvalue(), "x.xlsx").rows]


def test_the_returned_workbook_marks_every_problem_where_it_is() -> None:
    """Problem cells are red and commented in both languages, mended ones yellow, everything else is as it was."""
    before = load_workbook(ERRONEOUS).worksheets[0]
    sheet = read_registration(ERRONEOUS.read_bytes(), ERRONEOUS.name)
    book = load_workbook(BytesIO(returned(ERRONEOUS.read_bytes(), sheet.problems, sheet.mended)))
    after = book.worksheets[0]
    red = {cell.coordinate for row in after.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFC7CE"}
    yellow = {cell.coordinate for row in after.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFEB9C"}

    assert red == {f"{one.place.column}{one.place.row}" for one in sheet.problems}
    assert yellow == {"E8", "I11", "N14", "Q28"}
    assert "校验" in after["I6"].comment.text and "check digit" in after["I6"].comment.text
    assert after["E27"].data_type == "s"
    assert [str(span) for span in after.merged_cells.ranges] == [str(span) for span in before.merged_cells.ranges]
    assert [[cell.value for cell in row] for row in after.iter_rows()] == [
        [cell.value for cell in row] for row in before.iter_rows()
    ]


def test_the_returned_workbook_lists_every_problem_and_can_be_sent_again() -> None:
    """The last sheet lists all problems; sent again unmended, the file gives the same ones; returned twice, too."""
    data = ERRONEOUS.read_bytes()
    problems = read_registration(data, "x.xlsx").problems
    once = returned(data, problems)
    twice = returned(once, read_registration(once, "x.xlsx").problems)
    listed = load_workbook(BytesIO(once)).worksheets[-1]

    assert listed.title == "问题 Problems"
    assert listed.max_row == 3 + len(problems)
    assert [one.code for one in read_registration(twice, "x.xlsx").problems] == [one.code for one in problems]


def test_every_code_has_its_words_in_both_languages() -> None:
    """No sentence is missing in the catalogue: words for all, mends for every problem."""
    for code, words in catalogue().items():
        assert words.get("zh") and words.get("en"), code
        if not code.startswith(("mended.", "template.")):
            assert words.get("mend_zh") and words.get("mend_en"), code


def test_a_large_list_is_written_elsewhere_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for thousands of rows keeps nobody waiting: they are written in another process, cell by cell the same."""
    columns = (Listed("name", Words("姓名", "Name"), ""), Listed("share", Words("得分率", "Share"), "", "share"))
    rows = [{"name": "=1+1", "share": 8450}, {"name": "李娜", "share": None}, {"name": "王伟", "share": Decimal("1.5")}]

    def written() -> list[tuple[object, ...]]:
        sheet = load_workbook(BytesIO(writing.write_rows("表", columns, rows, "", "zh"))).active
        assert sheet is not None
        return [
            (cell.value, cell.data_type, cell.number_format, cell.quotePrefix, cell.alignment.horizontal)
            for row in sheet.iter_rows()
            for cell in row
        ]

    def begun(*given: Any, **named: Any) -> ProcessPoolExecutor:
        processes.append(ProcessPoolExecutor(*given, **named))
        return processes[0]

    processes: list[ProcessPoolExecutor] = []
    monkeypatch.setattr(writing, "ProcessPoolExecutor", begun)
    here = written()
    assert not processes
    monkeypatch.setattr(writing, "MOST_HERE", 2)
    assert written() == here and len(processes) == 1
    assert ("=1+1", "s", "@", True, None) in here and (84.5, "n", "0.00", False, "right") in here
