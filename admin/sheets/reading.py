"""What a row of a form becomes: the finished `RegistrationRow`, and the `Reading` while it is being read.

The finished row is what registration keeps; its strings are clean. A reading carries the cleaned cells by field, says
where each of them is for the person who has to mend it, and collects what was wrong or mended.
"""

import datetime
from dataclasses import dataclass, field

from admin.sheets.cells import Cell, Mended
from admin.sheets.grid import Grid
from admin.sheets.headings import Table
from admin.sheets.wording import problem, sentence
from scoring.ladder import Level
from scoring.verdict import Place, Problem


@dataclass(frozen=True)
class RegistrationRow:
    """One competitor as the form names them. `row` is the sheet's own number; an empty string was not given."""

    row: int
    event: str = ""
    group: str = ""
    team: str = ""
    name: str = ""
    sex: str = ""
    ethnicity: str = ""
    document_kind: str = ""
    document_number: str = ""
    education: str = ""
    unit: str = ""
    occupation: str = ""
    occupation_code: str = ""
    level_text: str = ""
    level: Level | None = None
    level_certificate: str = ""
    identity: str = "other"
    phone: str = ""
    photo: str = ""
    note: str = ""
    birth: datetime.date | None = None
    sheet: str = ""


@dataclass
class Reading:
    """A row while it is read: its cells by field, and the lists that grow. `number` counts from 0."""

    grid: Grid
    table: Table
    number: int
    cells: dict[str, Cell] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)

    def place(self, name: str) -> Place:
        """Where the cell of a field is, as a spreadsheet names it; `key` is the heading above it."""
        heading = self.table.column(name)
        letters, text = (heading.letters, heading.text) if heading else ("", "")
        return Place(self.grid.name, self.number + 1, letters, text)

    def text(self, name: str) -> str:
        """A field's cleaned text; nothing when the form lacks the column or the cell cannot be trusted."""
        cell = self.cells.get(name)
        return cell.text if cell and not cell.wrong else ""

    def wrong(self, name: str, code: str, **values: object) -> None:
        """Notes one problem in the cell of a field."""
        self.problems.append(problem(f"registration.{code}", self.place(name), **values))

    def written(self, name: str, after: str, code: str) -> None:
        """Notes that a field goes in otherwise than it was written."""
        place, before = self.place(name), self.cells[name].before or self.cells[name].text
        self.mended.append(Mended(place, before, after, sentence(code), code))
