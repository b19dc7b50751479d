"""Writes a table as a workbook: the look that every workbook from Podium shares, and text that stays text.

A cell that begins with “=” is what somebody typed as a name or a note, never a formula: text is written as text and
marked as quoted, so that it does not come alive when a person edits the cell either. Marks arrive as whole hundredths
and are written as exact decimals.
"""

import datetime
import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

INK, INK_SOFT, PRIMARY, PRIMARY_SOFT, LINE, PAPER = "1D232B", "5F666F", "0F5C6E", "E1EEF0", "D9DEE2", "FAF9F6"
"""The colours of the tokens that the pages use."""
FAMILY = "微软雅黑"
EDGE = Side(style="thin", color=LINE)
FORMATS = {"text": "@", "whole": "0", "marks": "0.00", "date": "yyyy-mm-dd"}
LONGEST_TEXT = 32_767
"""What a cell of an .xlsx can hold."""
WIDEST, NARROWEST = 44, 7
QUOTED = ("=", "+", "-", "@")
"""What a text begins with that a person's next edit would make a formula."""

Value = str | int | Decimal | datetime.date | None


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and whether it holds text, whole numbers, marks (in hundredths) or dates."""

    heading: str
    kind: str = "text"


def write_table(title: str, headings: Sequence[str | Column], rows: Iterable[Sequence[Value]], note: str = "") -> bytes:
    """A workbook with one sheet: title, an optional note, headings that stay in sight, and the rows."""
    columns = [heading if isinstance(heading, Column) else Column(heading) for heading in headings]
    lines = [[as_value(value, column) for value, column in zip(row, columns, strict=True)] for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width(column, [line[number - 1] for line in lines])
    sheet.freeze_panes = "A4"
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 30, 34
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"
    sheet.auto_filter.ref = f"A3:{get_column_letter(len(columns))}{len(lines) + 3}"
    sheet.append([text(sheet, title, TITLE)])
    sheet.append([text(sheet, note, NOTE)])
    sheet.append([text(sheet, column.heading, HEADING) for column in columns])
    looks: Looks = {}
    for line in lines:
        sheet.append([written(sheet, value, column, looks) for value, column in zip(line, columns, strict=True)])
    return saved(book)


@dataclass(frozen=True)
class Look:
    """How one kind of cell looks."""

    font: Font
    fill: PatternFill | None = None
    border: Border | None = None
    alignment: Alignment | None = None

    def put_on(self, cell: Cell) -> None:
        """Gives a cell this look."""
        cell.font = self.font
        if self.fill:
            cell.fill = self.fill
        if self.border:
            cell.border = self.border
        if self.alignment:
            cell.alignment = self.alignment


def filled(colour: str) -> PatternFill:
    """A plain ground."""
    return PatternFill("solid", fgColor=colour)


BORDER = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
TITLE = Look(Font(name=FAMILY, size=16, bold=True, color=PRIMARY))
NOTE = Look(Font(name=FAMILY, size=9, color=INK_SOFT))
HEADING = Look(
    Font(name=FAMILY, size=10, bold=True, color="FFFFFF"),
    filled(PRIMARY),
    BORDER,
    Alignment(horizontal="center", vertical="center", wrap_text=True),
)
BODY = Look(Font(name=FAMILY, size=10, color=INK), None, BORDER, Alignment(vertical="center"))
NUMBER = Look(BODY.font, None, BORDER, Alignment(horizontal="right", vertical="center"))


def as_value(value: Value, column: Column) -> Value:
    """What is written: marks become decimals, text loses signs that no .xlsx may hold."""
    if isinstance(value, str):
        return str(ILLEGAL_CHARACTERS_RE.sub("", value))[:LONGEST_TEXT]
    return Decimal(value) / 100 if column.kind == "marks" and isinstance(value, int) else value


def text(sheet: Worksheet, value: str, look: Look) -> Cell:
    """A cell of text, whatever the text begins with."""
    cell = WriteOnlyCell(sheet, "")
    make_text(cell, value)
    look.put_on(cell)
    return cell


def make_text(cell: Cell, value: str) -> None:
    """Puts text into a cell so that it stays text, also after a person has edited it."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
    cell.data_type = "s"
    if value[:1] in QUOTED:
        cell.quotePrefix = True


Looks = dict[tuple[str, bool], StyleArray]
"""The looks of a sheet's body, by kind of column and whether a cell is text. openpyxl finds a look anew for every cell that it is
put on, which took longer than everything else; cells of one look may share its numbers."""


def written(sheet: Worksheet, value: Value, column: Column, looks: Looks) -> Cell:
    """A cell of the table's body."""
    is_text = value is None or isinstance(value, str)
    if (column.kind, is_text) not in looks:
        like = WriteOnlyCell(sheet, "")
        (BODY if is_text else NUMBER).put_on(like)
        like.number_format = (
            FORMATS["text" if is_text else column.kind] if is_text or column.kind != "text" else "General"
        )
        looks[column.kind, is_text] = like._style
    cell = WriteOnlyCell(sheet, "" if is_text else value)
    cell._style = looks[column.kind, is_text]
    if isinstance(value, str):
        if value[:1] in QUOTED:
            cell._style = copy(cell._style)  # it says of one cell alone that it is quoted
        make_text(cell, value)
    elif is_text:
        cell.data_type = "s"
    return cell


def width(column: Column, values: Sequence[Value]) -> float:
    """Wide enough for the heading's longest line and for nearly every value; a Chinese character counts twice."""
    lengths = sorted(shown_width(str(value)) for value in values if value is not None)
    usual = lengths[len(lengths) * 98 // 100] if lengths else 0
    heading = max(shown_width(line) for line in column.heading.split("\n"))
    return min(WIDEST, max(NARROWEST, usual + 2, heading + 4))


def shown_width(line: str) -> int:
    """How many narrow characters wide a text shows."""
    return len(line) if line.isascii() else sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def sheet_title(title: str) -> str:
    """A name that a sheet may have: at most 31 characters and none of the forbidden ones."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31].strip() or "Podium"


def saved(book: Workbook) -> bytes:
    """The workbook as bytes."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()
