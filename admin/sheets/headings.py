"""Finds the table inside a form: the header row below the titles, and which column holds what.

Forms differ by province and year: title rows above, headings over two rows merged in the middle, stars and remarks in
brackets, other names for the same thing (`headings.toml`). A *field* is Podium's own name for a column. A heading that
is not known is left unread and reported as such; it is never guessed from the cells below it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from admin.sheets.grid import Grid, column_letters
from admin.sheets.wording import problem
from scoring.verdict import Place, Problem, Words

SPELLINGS = tomllib.loads(files("admin.sheets").joinpath("headings.toml").read_text(encoding="utf-8"))
NAMES: Mapping[str, Words] = {field: Words(named["zh"][0], named["en"]) for field, named in SPELLINGS.items()}
"""Every field with the name that Podium itself gives its column, in the order of the forms."""
NEEDED = ("event", "name", "sex", "document_number", "unit", "phone")
"""Columns without which nobody can be entered. The others may be absent from a form altogether."""
KEYS = frozenset({"name", "document_number"})
"""A row of headings has one of these at least; the other may have a name that a person has to explain."""
SEARCHED_ROWS = 40
LEAST_FIELDS = 4
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


@dataclass(frozen=True)
class Heading:
    """One column of the table: where it is (counted from 0), what its heading says, and its field, if that is known."""

    column: int
    text: str
    field: str

    @cached_property
    def letters(self) -> str:
        """The column as a spreadsheet names it."""
        return column_letters(self.column + 1)

    @property
    def name(self) -> str:
        """The heading as a sentence uses it: one line, without the star of a required column."""
        return " ".join(self.text.split()).strip("*＊ ")


@dataclass(frozen=True)
class Table:
    """The header of a form: its first row, the first row of data (both counted from 0) and its columns."""

    header: int
    first: int
    headings: tuple[Heading, ...]

    def column(self, field: str) -> Heading | None:
        """The column of a field, if the form has one."""
        return self.by_field.get(field)

    @cached_property
    def by_field(self) -> Mapping[str, Heading]:
        """The known columns; of two with the same field the first, since `header_problems` refuses the other."""
        return {heading.field: heading for heading in reversed(self.headings) if heading.field}

    @cached_property
    def read(self) -> Mapping[str, Heading]:
        """The known columns that say something about a person: all but the running number, from left to right."""
        columns = sorted(self.by_field.values(), key=lambda heading: heading.column)
        return {heading.field: heading for heading in columns if heading.field != "serial"}


@cache
def known_headings() -> Mapping[str, str]:
    """Every known heading, stripped of what differs between typists, with its field."""
    spelt = {field: (*named["zh"], named["en"]) for field, named in SPELLINGS.items()}
    return {plain(text): field for field, texts in spelt.items() for text in texts}


def find_table(grid: Grid, mapping: Mapping[str, str] | None = None) -> Table | None:
    """The table of a sheet: the row among the first ones whose headings are known best; None when there is none.

    `mapping` adds headings that a person explained, by their own text, to the known ones.
    """
    known = {**known_headings(), **{plain(text): field for text, field in (mapping or {}).items()}}
    best: Table | None = None
    most = LEAST_FIELDS - 1
    for number in range(min(len(grid.rows), SEARCHED_ROWS)):
        headings, rows = headings_at(grid, number, known)
        fields = {heading.field for heading in headings} - {""}
        if len(fields) > most and fields & KEYS:
            best, most = Table(number, number + rows, headings), len(fields)
    return best


def headings_at(grid: Grid, number: int, known: Mapping[str, str]) -> tuple[tuple[Heading, ...], int]:
    """The headings if the header began at this row, and over how many rows it goes."""
    upper = spread([shown(cell) for cell in grid.rows[number]], grid, number)
    lower = [shown(cell) for cell in grid.rows[number + 1]] if number + 1 < len(grid.rows) else []
    below = [text for text in lower if text]
    fewer = 0 < len(below) < len([text for text in upper if text])
    two = fewer and all(field_of(text, known) for text in below)
    headings = []
    for column, text in enumerate(upper):
        under = lower[column] if two and column < len(lower) else ""
        whole = f"{text}/{under}" if text and under else text or under
        field = field_of(whole, known) or (field_of(under, known) if under else "")
        if whole:
            headings.append(Heading(column, whole, field))
    return tuple(headings), 2 if two else 1


def spread(texts: Sequence[str], grid: Grid, number: int) -> list[str]:
    """The row with each merged heading repeated over the columns that it covers."""
    filled = list(texts)
    for (top, left), (bottom, right) in grid.merged:
        if top <= number <= bottom and right > left and left < len(filled):
            for column in range(left + 1, min(right + 1, len(filled))):
                filled[column] = filled[column] or filled[left]
    return filled


def header_problems(table: Table, grid: Grid) -> tuple[Problem, ...]:
    """Needed columns that are missing, and fields that two columns claim."""
    place = Place(sheet=grid.name, row=table.header + 1)
    found = [
        problem("registration.column-missing", place, heading=NAMES[field].zh)
        for field in NEEDED
        if not table.column(field)
    ]
    for field in NAMES:
        columns = [heading for heading in table.headings if heading.field == field]
        if len(columns) > 1:
            letters = "、".join(heading.letters for heading in columns)
            where = Place(sheet=grid.name, row=table.header + 1, column=columns[1].letters, key=columns[1].text)
            found.append(problem("registration.column-twice", where, heading=columns[0].text, columns=letters))
    return tuple(found)


def field_of(text: str, known: Mapping[str, str]) -> str:
    """The field that a heading names: as written, without its brackets, or by its Chinese part alone."""
    full = plain(text)
    without = BRACKETS.sub("", full)
    chinese = re.sub(r"[^\u4e00-\u9fff]", "", without)
    return next((known[form] for form in (full, without, chinese) if form and form in known), "")


def plain(text: str) -> str:
    """A heading without what differs between typists: spaces, line breaks, stars, colons, width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s*:：]", "", folded)


def shown(cell: object) -> str:
    """A heading cell as text."""
    return cell.strip() if isinstance(cell, str) else ""
