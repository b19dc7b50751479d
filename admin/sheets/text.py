"""A form that was saved as text (CSV): read like a sheet, if it can be read for certain.

A text says neither its encoding nor its separator. UTF-8 is tried first, because other text is hardly ever valid UTF-8;
then GB18030, which holds GBK. What begins with the mark of UTF-16, which Excel's "Unicode text" is, is read as that. Text
that is none of them is refused. A number that a spreadsheet has rounded before it was
written out ends in noughts: it is taken for what it is, a number whose last digits are lost.
"""

import csv
import io
import re

from admin.sheets.grid import Grid
from admin.sheets.guard import LIMITS, UTF_16, Limits, foreign, megabytes
from admin.sheets.wording import problem
from scoring.verdict import Place, Problems

SHEET = "CSV"
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ",\t;"
LOOKED_AT = 40
"""Lines in which the separator is looked for."""
PROTECTED = re.compile(r"""="([^"]*)"|['\t](\d.*)""", re.DOTALL)
"""How people keep a spreadsheet from rounding a number in a text: ="1301…", '1301…, or a tab before it."""
ROUNDED = re.compile(r"\d{13,}000")


def is_text(data: bytes) -> bool:
    """Whether this is text with separators, and no workbook."""
    return bool(data) and not data.startswith(b"PK\x03\x04") and foreign(data) == "workbook.csv"


def text_grid(data: bytes, limits: Limits = LIMITS) -> Grid:
    """The text as one sheet. Raises Problems when it is too large, or its encoding is not certain."""
    if len(data) > limits.upload:
        raise Problems((problem("workbook.too-large", size=megabytes(len(data)), limit=megabytes(limits.upload)),))
    text = decoded(data)
    rows = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True):
            rows.append([value(cell) for cell in line])
            if len(rows) > limits.rows:
                found = text.count("\n") + 1
                raise Problems((problem("workbook.too-many-rows", Place(sheet=SHEET), found=found, limit=limits.rows),))
            if len(line) > limits.columns:
                found, limit = len(line), limits.columns
                raise Problems((problem("workbook.too-many-columns", Place(sheet=SHEET), found=found, limit=limit),))
    except csv.Error as error:
        raise Problems((problem("workbook.damaged"),)) from error
    width = max(map(len, rows), default=0)
    whole = [row + [""] * (width - len(row)) for row in rows]
    return Grid(SHEET, True, whole, frozenset(), frozenset(), ())


def decoded(data: bytes) -> str:
    """The text in the first encoding that fits every byte of it."""
    for encoding in ("utf-16",) if data.startswith(UTF_16) else ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problems((problem("workbook.csv"),))


def separator(text: str) -> str:
    """What stands most often between the cells of the first lines."""
    start = "\n".join(text.splitlines()[:LOOKED_AT])
    return max(SEPARATORS, key=start.count)


def value(cell: str) -> object:
    """A cell as a sheet would hold it."""
    protected = PROTECTED.fullmatch(cell)
    if protected:
        return protected.group(1) or protected.group(2) or ""
    return float(cell) if ROUNDED.fullmatch(cell.strip()) else cell
