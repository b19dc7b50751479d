"""Reads the workbook in which a delegation enters its competitors.

A workbook goes in whole or not at all: `problems` lists everything that keeps it out, each with place and mend, and
`rows` may be stored only when that list is empty. `mended` lists what was certain enough to be put right on the way.
What a competition has to say about the rows (events, codes, quotas, other delegations) is not known here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin.sheets.cells import Mended
from admin.sheets.consistency import inconsistencies
from admin.sheets.forms import below_end, delegation_of, merged_down, people, total_problems
from admin.sheets.grid import Grid, column_number, grids
from admin.sheets.headings import Table, find_table, header_problems
from admin.sheets.reading import RegistrationRow
from admin.sheets.rows import read_row
from admin.sheets.text import is_text, text_grid
from admin.sheets.wording import problem
from scoring.verdict import Place, Problem, Problems

__all__ = ["Column", "Mended", "RegistrationRow", "RegistrationSheet", "read_registration"]


@dataclass(frozen=True)
class Column:
    """A heading where it stands, and the field that it was taken for; an empty one was left unread."""

    place: Place
    field: str


@dataclass(frozen=True)
class RegistrationSheet:
    """What a workbook says: who sent it, whom it enters, what keeps it out, what was mended, what was left unread."""

    delegation: str
    rows: tuple[RegistrationRow, ...]
    problems: tuple[Problem, ...]
    mended: tuple[Mended, ...] = ()
    unread: tuple[Place, ...] = ()
    columns: tuple[Column, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the form has a column for."""
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def accepted(self) -> bool:
        """Whether nothing keeps the workbook out."""
        return not self.problems


def read_registration(data: bytes, filename: str, mapping: Mapping[str, str] | None = None) -> RegistrationSheet:
    """The workbook with every problem in it; a file that cannot be parsed has one problem and no rows.

    `mapping` gives fields to headings that a person explained; `filename` only helps to name the delegation.
    """
    try:
        sheets = (text_grid(data),) if is_text(data) else grids(data)
    except Problems as refused:
        return RegistrationSheet("", (), refused.problems)
    forms = [(grid, table) for grid in sheets if (table := find_table(grid, mapping))]
    shown = [(grid, table) for grid, table in forms if grid.visible]
    parts = [read_form(grid, table) for grid, table in shown]
    rows = tuple(row for part in parts for row in part.rows)
    problems = [found for part in parts for found in part.problems]
    problems += [hidden for grid, table in forms if not grid.visible for hidden in hidden_people(grid, table)]
    if not shown and not problems:
        first = next(grid.name for grid in sheets if grid.visible)
        problems.append(problem("registration.no-table", Place(sheet=first)))
    elif not rows and not problems:
        problems.append(problem("registration.no-people", Place(sheet=shown[0][0].name)))
    problems += inconsistencies(rows, {grid.name: table for grid, table in shown})
    names = [grid.name for grid in sheets]
    problems.sort(key=lambda found: position(found.place, names))
    return RegistrationSheet(
        delegation=delegation_of(shown, filename),
        rows=rows,
        problems=tuple(problems),
        mended=tuple(mended for part in parts for mended in part.mended),
        unread=tuple(place for part in parts for place in part.unread),
        columns=tuple(column for part in parts for column in part.columns),
    )


def read_form(grid: Grid, table: Table) -> RegistrationSheet:
    """One sheet alone, without what its rows have to do with each other."""
    rows, problems, mended = [], list(header_problems(table, grid)), []
    whole = merged_down(grid, table)
    for number in people(grid, table):
        row, wrong, put_right = read_row(whole, table, number)
        rows.append(row)
        problems += wrong
        mended += put_right
    problems += below_end(grid, table)
    problems += total_problems(grid, table, len(rows))
    columns = tuple(
        Column(Place(grid.name, table.header + 1, heading.letters, heading.text), heading.field)
        for heading in table.headings
    )
    unread = tuple(column.place for column in columns if not column.field)
    return RegistrationSheet("", tuple(rows), tuple(problems), tuple(mended), unread, columns)


def position(place: Place, names: Sequence[str]) -> tuple[int, int, int]:
    """Where a place comes in reading order."""
    return (names.index(place.sheet) if place.sheet in names else 0, place.row, column_number(place.column))


def hidden_people(grid: Grid, table: Table) -> tuple[Problem, ...]:
    """A hidden sheet that enters somebody: nobody sees it, so nobody may be entered by it."""
    found = sum(1 for _ in people(grid, table))
    return (problem("registration.hidden-sheet", Place(sheet=grid.name), found=found),) if found else ()
