"""Writes and reads the workbook of an organiser's own targets: a row for each city, a column for each indicator of each year.

The order of the columns is free; a heading names a year and either new certificates or those at 高级工 and above. What is
read is only shown, and stored when somebody has looked at it; a number that a formula shows is therefore taken, and a
formula that shows none is a problem, never an empty cell.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin.sheets.grid import Grid, column_letters, grids
from admin.sheets.table import Column, write_table
from admin.sheets.wording import problem, sentence
from scoring.verdict import Place, Problem, Problems

MOST, LONGEST_CITY = 100_000_000, 60
HEADINGS = {"new": ("新增取证", "new certificates"), "high": ("高级工及以上", "grade 3 and above")}
CITY = ("市", "City")
CITIES = re.compile(r"(市|地市|城市|地区|市州|代表队|city)")
SUMS = re.compile(r"(合计|总计|小计|total|together|sum)", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
Cell = tuple[str, int, str]


@dataclass(frozen=True)
class TargetSheet:
    """What a workbook says; a cell that is empty in it is no target."""

    cells: Mapping[Cell, int | None]
    problems: tuple[Problem, ...]


def read_targets(data: bytes, first: int, last: int) -> TargetSheet:
    """The targets of a workbook for the years from `first` to `last`, with everything that is wrong with it."""
    try:
        shown = [grid for grid in grids(data) if grid.visible]
    except Problems as refused:
        return TargetSheet({}, refused.problems)
    for grid in shown:
        for number, row in enumerate(grid.rows):
            heads = [heading(value) for value in row]
            home = next(
                (place for place, head in enumerate(heads) if CITIES.fullmatch(head.split()[0] if head else "")), None
            )
            columns = {place: found for place, head in enumerate(heads) if (found := indicator(head))}
            if home is not None and columns:
                return read_table(grid, number, home, columns, (first, last))
    return TargetSheet({}, (problem("targets.no-table", Place(sheet=shown[0].name)),))


def read_table(
    grid: Grid, header: int, home: int, columns: Mapping[int, tuple[int, str]], years: tuple[int, int]
) -> TargetSheet:
    """Every row below the headings, until the end; rows without a city and without a number are passed over, and sums."""
    problems = [*wrong_columns(grid, header, columns, years)]
    cells: dict[Cell, int | None] = {}
    seen: set[str] = set()
    for number in range(header + 1, len(grid.rows)):
        row = grid.rows[number]
        city = heading(row[home] if home < len(row) else "")
        if SUMS.match(city):
            continue
        filled = {place: row[place] for place in columns if place < len(row)}
        if not city or len(city) > LONGEST_CITY:
            if city or any(value != "" for value in filled.values()):
                problems.append(problem("targets.city", at(grid, number, home), most=LONGEST_CITY))
            continue
        if city in seen:
            problems.append(problem("targets.twice", at(grid, number, home), city=city))
        seen.add(city)
        for place, value in filled.items():
            wrong = grid.unreadable.get(number, {}).get(place, "")
            read = typed(value)
            if wrong.endswith("error-value") or (wrong and read is None) or read == -1:
                shown = "#" if wrong else str(value)[:20]
                problems.append(problem("targets.number", at(grid, number, place), value=shown, most=f"{MOST:,}"))
            else:
                cells[city, *columns[place]] = read
    return TargetSheet(cells, tuple(problems))


def wrong_columns(
    grid: Grid, header: int, columns: Mapping[int, tuple[int, str]], years: tuple[int, int]
) -> list[Problem]:
    """Columns of another year than the page's, and a second one for the same cells."""
    found, seen = [], set()
    for place, (year, measure) in columns.items():
        head = heading(grid.rows[header][place])
        if not years[0] <= year <= years[1]:
            found.append(problem("targets.year", at(grid, header, place), heading=head, first=years[0], last=years[1]))
        elif (year, measure) in seen:
            found.append(problem("targets.column-twice", at(grid, header, place), heading=head))
        seen.add((year, measure))
    return found


def at(grid: Grid, row: int, column: int) -> Place:
    """A cell as a clerk finds it."""
    return Place(sheet=grid.name, row=row + 1, column=column_letters(column + 1))


def heading(value: object) -> str:
    """A cell's text on one line, in plain signs."""
    return " ".join(unicodedata.normalize("NFKC", str(value)).split())


def indicator(head: str) -> tuple[int, str] | None:
    """The year and the indicator that a heading names; None for any other."""
    years, text = set(YEAR.findall(head)), head.casefold()
    if len(years) != 1:
        return None
    if re.search(r"高级|high|senior|grade 3", text):
        return int(years.pop()), "high"
    return (int(years.pop()), "new") if re.search(r"新增|取证|new", text) else None


def typed(value: object) -> int | None:
    """A number of certificates; None for an empty cell, -1 for what is none."""
    if isinstance(value, bool):
        return -1
    if isinstance(value, float | int):
        return int(value) if 0 <= value <= MOST and value == int(value) else -1
    text = re.sub(r"[,\s_]", "", unicodedata.normalize("NFKC", str(value)))
    if text in ("", "-", "–", "—"):
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= MOST else -1


def write_targets(title: str, cities: Sequence[str], years: Sequence[int], targets: Mapping[Cell, int]) -> bytes:
    """The workbook, in the columns that are read."""
    keys = [(year, measure) for year in years for measure in HEADINGS]
    columns = [Column("\n".join(CITY))]
    columns += [
        Column(f"{year} {HEADINGS[measure][0]}\n{year} {HEADINGS[measure][1]}", "whole") for year, measure in keys
    ]
    rows = [[city, *(targets.get((city, *key)) for key in keys)] for city in cities]
    note = sentence("template.targets")
    return write_table(title, columns, rows, f"{note.zh}　{note.en}")
