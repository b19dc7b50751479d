"""Reads one row of a registration form into a `RegistrationRow`, with everything that was mended or is wrong in it.

Only what a row alone can tell is decided here. What rows have to do with each other is in `consistency.py`; what they
have to do with a competition (its events, quotas, other delegations) no workbook knows.
"""

import re
from functools import lru_cache

from admin.sheets.cells import FULL_WIDTH, Cell, Mended, name_cell, number_cell, odd_signs, text_cell
from admin.sheets.columns import (
    certificate_of,
    ethnicity_of,
    identity_of,
    level_of,
    occupation_code_of,
    phone_of,
    sex_of,
)
from admin.sheets.documents import birth_of, check_number, check_photo, document_kind, photo_hint
from admin.sheets.grid import Grid
from admin.sheets.headings import Table
from admin.sheets.reading import Reading, RegistrationRow
from admin.sheets.wording import problem
from scoring.ladder import NONE_SPELT
from scoring.verdict import Place, Problem
from server.signs import listed, unreadable

REQUIRED = ("event", "group", "name", "sex", "document_kind", "document_number", "unit", "identity", "phone")
"""Cells that must be filled wherever the form has their column."""
NUMBERS = frozenset({"document_number", "level_certificate", "occupation_code", "phone"})
AS_WRITTEN = ("event", "group", "name", "education", "unit", "occupation", "document_number", "note")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－_"), "-")
MOBILE = re.compile(r"(?:\+?86)?-?(1[3-9]\d)-?(\d{4})-?(\d{4})")
LONGEST = 200
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})


def read_row(grid: Grid, table: Table, number: int) -> tuple[RegistrationRow, list[Problem], list[Mended]]:
    """The row with this number (counted from 0), its problems and its mendings, both in the order of the columns."""
    values = grid.rows[number]
    cells = {field: cleaned(field, values[heading.column]) for field, heading in table.read.items()}
    for column, code in grid.unreadable.get(number, {}).items():
        cells.update({field: Cell("", wrong=code) for field, heading in table.read.items() if heading.column == column})
    reading = Reading(grid, table, number, cells)
    note_cells(reading)
    row = understood(reading)
    if reading.problems or reading.mended:
        order = {heading.letters: heading.column for heading in table.headings}
        reading.problems.sort(key=lambda found: order.get(found.place.column, 0))
        reading.mended.sort(key=lambda found: order.get(found.place.column, 0))
    return row, reading.problems, reading.mended


@lru_cache(maxsize=4096, typed=True)
def cleaned(field: str, value: object) -> Cell:
    """A cell's value, cleaned after the manner of its column; remembered, because the rows of a form repeat each other."""
    cell = cleaner(field, value)
    if cell.text in ERRORS:
        return Cell(cell.text, wrong="registration.error-value")
    if len(cell.text) > LONGEST:
        return Cell(cell.text, wrong="registration.cell-too-long")
    if not cell.wrong and unreadable(cell.text):
        return Cell(cell.text, wrong="registration.sign")
    return cell


def cleaner(name: str, value: object) -> Cell:
    """The cleaned value for a field."""
    if name == "name":
        return name_cell(value)
    if name == "birth":
        return Cell(str(value).strip())
    if name in NUMBERS and not (isinstance(value, str) and value.strip() in NONE_SPELT):
        cell = number_cell(value)
        return dashed(name, cell) if name in ("phone", "occupation_code") and not cell.wrong else cell
    return text_cell(value)


def dashed(name: str, cell: Cell) -> Cell:
    """A phone number or an occupation code with one kind of dash, and a mobile number as eleven digits."""
    text, code = cell.text.translate(DASHES), "mended.dashes"
    if name == "phone":
        mobile = MOBILE.fullmatch(re.sub("[()]", "", text))
        text, code = ("".join(mobile.groups()) if mobile else text), "mended.phone"
    return cell if text == cell.text else Cell(text, before=cell.before or cell.text, mend=code)


def note_cells(reading: Reading) -> None:
    """Notes the cells that cannot be read, those that were mended, and those that must not be empty."""
    for name, cell in reading.cells.items():
        if cell.text and not cell.wrong and not cell.mend:
            continue
        heading = reading.table.column(name)
        if heading is None:
            continue
        place = Place(reading.grid.name, reading.number + 1, heading.letters, heading.text)
        if cell.wrong:
            values = {"heading": heading.name, "value": cell.text[:40], "found": len(cell.text), "limit": LONGEST}
            values["signs"] = listed(odd_signs(cell.text) if name == "name" else unreadable(cell.text))
            lost = cell.wrong == "registration.digits-lost" and name == "document_number"
            hint = photo_hint(reading) if lost else None
            reading.problems.append(problem(cell.wrong, place, hint=hint, **values))
        elif cell.mend:
            reading.mended.append(cell.mended(place))
        elif name in REQUIRED:
            reading.problems.append(problem("registration.cell-empty", place, heading=heading.name))


def understood(reading: Reading) -> RegistrationRow:
    """The values of the row, each checked against what its column can hold."""
    kind, sex = document_kind(reading), sex_of(reading)
    valid = check_number(reading, kind, sex)
    check_photo(reading, kind, valid)
    level = level_of(reading)
    return RegistrationRow(
        row=reading.number + 1,
        **{name: reading.text(name) for name in AS_WRITTEN},
        team=reading.text("team").translate(FULL_WIDTH),
        sex=sex,
        ethnicity=ethnicity_of(reading),
        document_kind=kind,
        occupation_code=occupation_code_of(reading),
        level_text=level.printed if level else "",
        level=level,
        level_certificate=certificate_of(reading),
        identity=identity_of(reading),
        phone=phone_of(reading),
        photo=reading.text("photo"),
        birth=birth_of(reading, kind),
        sheet=reading.grid.name,
    )
