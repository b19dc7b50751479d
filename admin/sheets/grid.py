"""A worksheet as plain rows: what the readers of forms work on, whatever wrote the workbook.

A *grid* keeps the sheet's own row and column numbers, so that a problem found later can be shown where the clerk sees
it. It also knows which cells show an error, and which hold formulas: their shown value is whatever some program
computed last, and a registration is never taken from one. Hidden sheets come too, marked: what nobody sees must not be
imported.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from admin.sheets.guard import LIMITS, Limits, admit
from admin.sheets.wording import problem
from scoring.verdict import Place, Problems

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>\s*<(?:\w+:)?(f|v|is)\b')
Cells = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Grid:
    """One sheet. `rows[0]` is row 1; `formulas`, `errors` and `merged` count rows and columns from 0 as `rows` does."""

    name: str
    visible: bool
    rows: Sequence[Sequence[object]]
    formulas: Cells
    errors: Cells
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]

    @cached_property
    def unreadable(self) -> Mapping[int, Mapping[int, str]]:
        """By row and column the code of what keeps a cell from being read: it is a formula, or it shows an error."""
        found: dict[int, dict[int, str]] = {}
        for row, column in self.errors:
            found.setdefault(row, {})[column] = "registration.error-value"
        for row, column in self.formulas:
            found.setdefault(row, {})[column] = "registration.formula"
        return found


def grids(data: bytes, limits: Limits = LIMITS) -> tuple[Grid, ...]:
    """Every worksheet of a workbook that somebody sent, in its order. Raises Problems when it may not be parsed."""
    clean = admit(data, limits)
    parts = sheet_parts(clean)
    formulas = {name: measured(name, content, limits) for name, content in parts}
    errors = {name: error_cells(content) for name, content in parts}
    try:
        with CalamineWorkbook.from_filelike(BytesIO(clean)) as workbook:
            kinds = enumerate(workbook.sheets_metadata)
            numbers = [number for number, kind in kinds if kind.typ == SheetTypeEnum.WorkSheet]
            found = [read(workbook, number, formulas, errors) for number in numbers]
    except (CalamineError, ValueError, OSError) as error:
        raise Problems((problem("workbook.damaged"),)) from error
    if not any(grid.visible for grid in found):
        raise Problems((problem("workbook.no-sheet"),))
    return tuple(found)


def read(workbook: CalamineWorkbook, number: int, formulas: Mapping[str, Cells], errors: Mapping[str, Cells]) -> Grid:
    """One sheet of an opened workbook."""
    kind = workbook.sheets_metadata[number]
    sheet = workbook.get_sheet_by_index(number)
    return Grid(
        name=kind.name,
        visible=kind.visible == SheetVisibleEnum.Visible,
        rows=sheet.to_python(skip_empty_area=False),
        formulas=formulas.get(kind.name, frozenset()),
        errors=errors.get(kind.name, frozenset()),
        merged=tuple(sheet.merged_cell_ranges or ()),
    )


def sheet_parts(clean: bytes) -> list[tuple[str, bytes]]:
    """The name and the XML of every sheet of an admitted workbook."""
    try:
        with zipfile.ZipFile(BytesIO(clean)) as archive:
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            sheets = [*book.iter(f"{MAIN}sheet"), *book.iter(f"{STRICT}sheet")]
            paths = [(sheet.get("name", ""), sheet.get(RELATION) or sheet.get(STRICT_RELATION)) for sheet in sheets]
            parts = [(name, targets.get(key, "").removeprefix("/").removeprefix("xl/")) for name, key in paths]
            kept = frozenset(archive.namelist())
            return [(name, archive.read(f"xl/{path}")) for name, path in parts if f"xl/{path}" in kept]
    except (KeyError, ElementTree.ParseError) as error:
        raise Problems((problem("workbook.damaged"),)) from error


def measured(name: str, content: bytes, limits: Limits) -> Cells:
    """The formula cells of a sheet, once its filled cells were found to lie within the limits.

    A parser sets aside a rectangle up to the furthest filled cell: one stray cell at XFD1048576 would cost gigabytes.
    """
    cells = FILLED.findall(content)
    rows = max(map(int, {row for _, row, _ in cells}), default=0)
    columns = max((column_number(letters.decode()) for letters in {letters for letters, _, _ in cells}), default=0)
    if rows > limits.rows:
        raise Problems((problem("workbook.too-many-rows", Place(sheet=name, row=rows), found=rows, limit=limits.rows),))
    if columns > limits.columns:
        place = Place(sheet=name, column=column_letters(columns))
        raise Problems((problem("workbook.too-many-columns", place, found=columns, limit=limits.columns),))
    return frozenset(address(letters, row) for letters, row, kind in cells if kind == b"f")


def error_cells(content: bytes) -> Cells:
    """The cells that show an error such as #REF!: the parser gives them as empty, and they are not."""
    found = ERROR.findall(content) if b't="e"' in content else []
    return frozenset(address(letters, row) for letters, row in found)


def address(letters: bytes, row: bytes) -> tuple[int, int]:
    """Row and column of a cell, counted from 0."""
    return int(row) - 1, column_number(letters.decode()) - 1


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
