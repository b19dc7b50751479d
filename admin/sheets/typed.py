"""Reads people who were typed into a form on a page, by the very reader of workbooks: one row for each of them.

Nothing about a competitor is checked in two ways. A typed form is a sheet without a name, of as many rows as the entry
has members, and the first row is the first of them.
"""

from collections.abc import Mapping, Sequence

from admin.sheets.consistency import inconsistencies
from admin.sheets.grid import Grid
from admin.sheets.headings import NAMES, Heading, Table
from admin.sheets.registration import Column, RegistrationSheet
from admin.sheets.rows import LONGEST, read_row
from scoring.verdict import Place

FIELDS = tuple(field for field in NAMES if field not in ("serial", "photo"))
HEADINGS = tuple(Heading(place, NAMES[field].zh, field) for place, field in enumerate(FIELDS))
TABLE = Table(header=0, first=0, headings=HEADINGS)


def read_typed(people: Sequence[Mapping[str, str]]) -> RegistrationSheet:
    """What was typed of these people, by Podium's names of the columns, with everything that is wrong or was mended."""
    rows = [[one.get(field, "")[: LONGEST + 1] for field in FIELDS] for one in people]
    none: frozenset[tuple[int, int]] = frozenset()
    grid = Grid("", True, rows, none, none, ())
    parts = [read_row(grid, TABLE, number) for number in range(len(rows))]
    read = tuple(row for row, _, _ in parts)
    problems = [problem for _, wrong, _ in parts for problem in wrong]
    return RegistrationSheet(
        delegation="",
        rows=read,
        problems=(*problems, *inconsistencies(read, {"": TABLE})),
        mended=tuple(mended for _, _, some in parts for mended in some),
        columns=tuple(Column(Place("", 0, heading.letters, heading.text), heading.field) for heading in HEADINGS),
    )
