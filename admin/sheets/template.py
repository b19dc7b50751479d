"""Writes the workbook that a delegation fills in: one row per competitor, in both languages, with lists to choose from.

Every cell of the table is formatted as text beforehand, so that no program rounds an identity number. The lists and the
weights of the check digit stand on a hidden sheet. The checks warn and do not block: whatever a clerk sends is checked
again by `registration.read_registration`, which reads this form like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from admin.sheets.columns import PEOPLES
from admin.sheets.forms import SAMPLE
from admin.sheets.grid import column_letters
from admin.sheets.headings import NAMES
from admin.sheets.table import (
    BODY,
    BORDER,
    FAMILY,
    HEADING,
    INK_SOFT,
    NOTE,
    PAPER,
    TITLE,
    Look,
    filled,
    make_text,
    saved,
)
from admin.sheets.wording import sentence
from scoring.identity import KINDS, WEIGHTS
from scoring.ladder import LADDER

ROWS = 300
FIRST = 6
"""The first row that a delegation fills in; the sample stands above it."""
FORM, NOTES, LISTS = "报名表 Registration", "填表说明 Notes", "Lists"
COLUMNS = tuple(field for field in NAMES if field != "birth")
STARRED = frozenset({"event", "group", "name", "sex", "document_kind", "document_number", "unit", "identity", "phone"})
WIDTHS = {
    **dict.fromkeys(("unit", "level_certificate", "photo"), 28),
    **dict.fromkeys(("event", "document_kind", "document_number", "occupation", "level_text", "note"), 21),
    **dict.fromkeys(("name", "phone", "occupation_code"), 16),
}
SAMPLE_LOOK = Look(
    Font(name=FAMILY, size=10, italic=True, color=INK_SOFT), filled(PAPER), BORDER, Alignment(vertical="center")
)
PARAGRAPH = Look(BODY.font, alignment=Alignment(vertical="top", wrap_text=True))


@dataclass(frozen=True)
class TemplateEvent:
    """An event that the delegation may enter, as the form offers it."""

    name: str
    group: str
    occupation: str = ""
    occupation_code: str = ""
    team_size: int = 1


def write_template(delegation: str, competition: str, events: Sequence[TemplateEvent]) -> bytes:
    """The empty form of one delegation for these events."""
    book = Workbook()
    form = book.active
    form.title = FORM
    notes, lists = book.create_sheet(NOTES), book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    choices = write_lists(lists, events)
    write_heading(form, delegation, competition)
    write_rows(form, events)
    for field, source in choices.items():
        offer(form, field, source)
    check_numbers(form)
    write_notes(notes, events)
    return saved(book)


def write_heading(form: Worksheet, delegation: str, competition: str) -> None:
    """Title, sender and headings; the headings stay in sight."""
    put(form.cell(1, 1), f"{delegation}代表队参赛选手报名汇总表", TITLE)
    put(form.cell(2, 1), f"{competition}　{sentence('template.note').zh}　{sentence('template.note').en}", NOTE)
    put(form.cell(3, 1), f"填报单位 Sent by：{delegation}", NOTE)
    form.row_dimensions[1].height, form.row_dimensions[4].height = 30, 36
    for number, field in enumerate(COLUMNS, start=1):
        star = "*" if field in STARRED else ""
        put(form.cell(4, number), f"{NAMES[field].zh}{star}\n{NAMES[field].en}", HEADING)
        form.column_dimensions[column_letters(number)].width = WIDTHS.get(field, 12)
    form.freeze_panes = f"F{FIRST - 1}"


def write_rows(form: Worksheet, events: Sequence[TemplateEvent]) -> None:
    """The sample, then empty rows; every cell is text before anybody types into it."""
    first = events[0] if events else TemplateEvent("焊接技术", "职工组", "焊工", "6-18-02-04")
    sample = {
        "serial": "示例",
        "event": first.name,
        "group": first.group,
        "team": "1" if first.team_size > 1 else "",
        "name": SAMPLE[0],
        "sex": "男",
        "ethnicity": "汉族",
        "document_kind": KINDS["resident-id"].zh,
        "document_number": SAMPLE[1],
        "education": "大专",
        "unit": "某某有限公司",
        "occupation": first.occupation,
        "occupation_code": first.occupation_code,
        "level_text": LADDER[3].printed,
        "level_certificate": "Y000013000000240000001",
        "identity": "职工",
        "phone": "13800000000",
        "photo": f"{SAMPLE[1]}.jpg",
        "note": "",
    }
    for row in range(FIRST - 1, FIRST + ROWS):
        for number, field in enumerate(COLUMNS, start=1):
            cell = form.cell(row, number)
            put(cell, sample[field] if row < FIRST else "", SAMPLE_LOOK if row < FIRST else BODY)
            cell.number_format = "@"


def write_lists(lists: Worksheet, events: Sequence[TemplateEvent]) -> dict[str, str]:
    """The lists to choose from, a column each; gives the range of every list by its field."""
    columns = {
        "event": list(dict.fromkeys(event.name for event in events)),
        "group": list(dict.fromkeys(event.group for event in events)),
        "sex": ["男", "女"],
        "ethnicity": sorted(f"{people}族" for people in PEOPLES),
        "document_kind": [name.zh for name in KINDS.values()],
        "education": ["初中", "高中", "中专/技校", "大专", "本科", "硕士研究生", "博士研究生"],
        "level_text": ["--", *(level.printed for level in LADDER)],
        "identity": ["职工", "教师", "学生", "其他"],
    }
    ranges = {}
    for number, (field, values) in enumerate(columns.items(), start=1):
        for row, value in enumerate(values, start=1):
            put(lists.cell(row, number), value, BODY)
        letter = column_letters(number)
        if values:
            ranges[field] = f"{LISTS}!${letter}$1:${letter}${len(values)}"
    for row, weight in enumerate(WEIGHTS, start=1):
        lists.cell(row, 11).value, lists.cell(row, 12).value = row, weight
    return ranges


def offer(form: Worksheet, field: str, source: str) -> None:
    """A list to choose from over a whole column."""
    check = DataValidation(type="list", formula1=source, allow_blank=True)
    warn(form, check, field, "template.choose")


def check_numbers(form: Worksheet) -> None:
    """Warns about identity numbers with a wrong check digit or given twice, and about phones of wrong length."""
    number, kind, phone = (f"${letter_of(field)}{FIRST}" for field in ("document_number", "document_kind", "phone"))
    weights = f"SUMPRODUCT(MID({number},{LISTS}!$K$1:$K$17,1)*{LISTS}!$L$1:$L$17)"
    digit = f'MID("10X98765432",MOD({weights},11)+1,1)=UPPER(RIGHT({number},1))'
    column = f"${letter_of('document_number')}${FIRST}:${letter_of('document_number')}${FIRST + ROWS - 1}"
    once = f'COUNTIF({column},{number}&"*")=1'
    resident = f'{kind}<>"{KINDS["resident-id"].zh}"'
    rules = {
        "document_number": (
            f"AND({once},OR({resident},IFERROR(AND(LEN({number})=18,{digit}),FALSE)))",
            "template.number",
        ),
        "phone": (f'OR(LEN({phone})=11,LEFT({phone},1)="+",LEFT({phone},1)="0")', "template.phone"),
    }
    for field, (formula, code) in rules.items():
        warn(form, DataValidation(type="custom", formula1=formula, allow_blank=True), field, code)


def warn(form: Worksheet, check: DataValidation, field: str, code: str) -> None:
    """Puts a check on a column; it warns in both languages and lets the clerk go on."""
    words = sentence(code)
    check.errorStyle, check.showErrorMessage = "warning", True
    check.errorTitle, check.error = "匠台 Podium", f"{words.zh}\n{words.en}"
    check.add(span(field))
    form.add_data_validation(check)


def write_notes(notes: Worksheet, events: Sequence[TemplateEvent]) -> None:
    """How to fill in the form, in both languages, and the events with their team sizes."""
    put(notes.cell(1, 1), NOTES, TITLE)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 60, 70
    for row, code in enumerate(("rows", "text", "teams", "level", "photo", "whole"), start=3):
        words = sentence(f"template.{code}")
        put(notes.cell(row, 1), f"{row - 2}. {words.zh}", PARAGRAPH)
        put(notes.cell(row, 2), f"{row - 2}. {words.en}", PARAGRAPH)
    for row, event in enumerate(events, start=11):
        size = f"每队 {event.team_size} 人 · teams of {event.team_size}" if event.team_size > 1 else "个人 · individual"
        put(notes.cell(row, 1), f"{event.name}（{event.group}）　{size}", PARAGRAPH)
        put(notes.cell(row, 2), f"{event.occupation} {event.occupation_code}".strip(), PARAGRAPH)


def span(field: str) -> str:
    """The cells of a field that a delegation fills in."""
    return f"{letter_of(field)}{FIRST}:{letter_of(field)}{FIRST + ROWS - 1}"


def letter_of(field: str) -> str:
    """The column of a field in the template."""
    return column_letters(COLUMNS.index(field) + 1)


def put(cell: Cell, value: str, look: Look) -> None:
    """Text in its look; an empty cell keeps the look alone."""
    if value:
        make_text(cell, value)
    look.put_on(cell)
