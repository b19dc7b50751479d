"""Reads the workbook with which judges come into a pool, and writes the empty one.

It is read like a registration form (titles above, notes below, other names for the same thing), by the same cells, and
comes back with every problem. A cell with several occupations holds their codes one after the other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from admin.sheets.cells import Mended
from admin.sheets.columns import level_of, phone_of
from admin.sheets.forms import people
from admin.sheets.grid import Grid, grids
from admin.sheets.headings import Table, find_table
from admin.sheets.reading import Reading
from admin.sheets.rows import cleaned, note_cells
from admin.sheets.table import Column, write_table
from admin.sheets.wording import problem, sentence
from scoring.ladder import NONE_SPELT
from scoring.verdict import Place, Problem, Problems
from server.competitions.judges import TITLES

COLUMNS = {
    "name": ("姓名", "Name", ("裁判姓名", "裁判员", "专家姓名")),
    "unit": ("工作单位", "Unit", ()),
    "delegation": ("代表队", "Delegation", ("推荐单位", "选送单位", "所属代表队", "所在市")),
    "level_text": ("技能等级", "Skill level", ()),
    "title": ("职称", "Title", ("专业技术职称", "专业技术职务", "职称等级")),
    "years": ("从业年限", "Years", ("工作年限", "年限", "从事本职业年限", "从业年数")),
    "occupation_code": ("职业编码", "Occupation codes", ("可裁判职业", "可执裁职业", "执裁职业编码")),
    "phone": ("联系电话", "Phone", ()),
}
"""Field → the heading in both languages, and what else it is called."""
NEEDED = ("name", "unit", "occupation_code", "phone")
EXPLAINED = {word: field for field, (zh, _, others) in COLUMNS.items() for word in (zh, *others)}
CODE = re.compile(r"[1-8]-\d{2}-\d{2}-\d{2}")
BETWEEN = re.compile(r"[\s,;/、，；和及]*")
SPELT = {
    **{words.zh: id for id, words in TITLES.items()},
    **{words.zh.removesuffix("职称"): id for id, words in TITLES.items()},
    "副高职称": "associate-senior",
    "副高": "associate-senior",
    "正高职称": "senior",
    "正高": "senior",
    **dict.fromkeys(("助理工程师", "助理讲师", "技术员"), "junior"),
    **dict.fromkeys(("工程师", "讲师"), "middle"),
    **dict.fromkeys(("高级工程师", "副教授", "高级讲师"), "associate-senior"),
    **dict.fromkeys(("正高级工程师", "教授", "教授级高级工程师", "正高级讲师"), "senior"),
}
"""What clerks write for a title; 高级职称 alone says too little, since it is two of them."""


@dataclass(frozen=True)
class PoolRow:
    """One judge as the workbook names them."""

    place: Place
    name: str
    unit: str
    phone: str
    delegation: str
    level: str
    title: str
    occupations: tuple[str, ...]
    years: int | None


@dataclass(frozen=True)
class PoolSheet:
    """What a workbook says; its rows may go in only when there is no problem."""

    rows: tuple[PoolRow, ...]
    problems: tuple[Problem, ...]
    mended: tuple[Mended, ...]


def read_pool(data: bytes, filename: str) -> PoolSheet:
    """The judges of a workbook with every problem in it; the name of the file says nothing."""
    try:
        shown = [grid for grid in grids(data) if grid.visible]
    except Problems as refused:
        return PoolSheet((), refused.problems, ())
    tables = [(grid, table) for grid in shown if (table := find_table(grid, EXPLAINED))]
    if not tables:
        return PoolSheet((), (problem("pool.no-table", Place(sheet=shown[0].name)),), ())
    rows: list[PoolRow] = []
    problems: list[Problem] = []
    mended: list[Mended] = []
    for grid, table in tables:
        problems += missing_columns(grid, table)
        for number in people(grid, table):
            reading = read(grid, table, number)
            rows.append(understood(reading))
            problems += sorted(reading.problems, key=lambda found: found.place.column)
            mended += reading.mended
    if not rows and not problems:
        problems.append(problem("pool.no-people", Place(sheet=tables[0][0].name)))
    return PoolSheet(tuple(rows), tuple(problems), tuple(mended))


def missing_columns(grid: Grid, table: Table) -> Iterator[Problem]:
    """The columns without which nobody can be asked."""
    place = Place(sheet=grid.name, row=table.header + 1)
    for field in NEEDED:
        if not table.column(field):
            yield problem("registration.column-missing", place, heading=COLUMNS[field][0])


def read(grid: Grid, table: Table, number: int) -> Reading:
    """The cleaned cells of one row, with what is wrong in each of them alone."""
    values = grid.rows[number]
    cells = {field: cleaned(field, values[heading.column]) for field, heading in table.read.items() if field in COLUMNS}
    reading = Reading(grid, table, number, cells)
    note_cells(reading)
    return reading


def understood(reading: Reading) -> PoolRow:
    """The values of a row, each checked against what its column can hold."""
    level = level_of(reading)
    return PoolRow(
        Place(reading.grid.name, reading.number + 1),
        reading.text("name"),
        reading.text("unit"),
        phone_of(reading),
        reading.text("delegation"),
        level.id if level else "",
        title_of(reading),
        occupations_of(reading),
        years_of(reading),
    )


def title_of(reading: Reading) -> str:
    """The professional title; nothing for “无”. What is not known is never guessed."""
    text = reading.text("title")
    if text.casefold() in NONE_SPELT:
        return ""
    if text not in SPELT:
        reading.problems.append(problem("pool.title-unknown", reading.place("title"), value=text))
    return SPELT.get(text, "")


def occupations_of(reading: Reading) -> tuple[str, ...]:
    """The codes of a cell, each once; anything else between them is a problem."""
    text = reading.text("occupation_code")
    codes = tuple(dict.fromkeys(CODE.findall(text)))
    cell = reading.cells.get("occupation_code")
    if cell and not cell.wrong and (not codes or not BETWEEN.fullmatch(CODE.sub("", text))):
        reading.problems.append(problem("pool.codes", reading.place("occupation_code"), value=text[:40]))
    return codes


def years_of(reading: Reading) -> int | None:
    """Whole years; None when the cell says nothing, since nobody's years are guessed."""
    text = reading.text("years")
    if text in NONE_SPELT:
        return None
    found = re.fullmatch(r"(\d{1,2})\s*年?", text)
    if not found or int(found.group(1)) > 70:
        reading.problems.append(problem("pool.years", reading.place("years"), value=text[:40]))
        return None
    return int(found.group(1))


def write_pool(rows: Sequence[Sequence[str]] = ()) -> bytes:
    """The workbook to fill in, in the columns that are read."""
    columns = [Column(f"{zh}\n{en}") for zh, en, _ in COLUMNS.values()]
    note = sentence("template.pool")
    return write_table("裁判库 Judges", columns, rows, f"{note.zh}　{note.en}")
