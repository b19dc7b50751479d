"""A registration form as it comes from a workbook: its rows, and the words for what is wrong with one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from scoring.ladder import Level
from scoring.verdict import Place, Problem, Words


class Row(Protocol):
    """One line of a registration form, read and cleaned."""

    @property
    def row(self) -> int: ...
    @property
    def event(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def ethnicity(self) -> str: ...
    @property
    def document_kind(self) -> str: ...
    @property
    def document_number(self) -> str: ...
    @property
    def education(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def occupation(self) -> str: ...
    @property
    def occupation_code(self) -> str: ...
    @property
    def level(self) -> Level | None: ...
    @property
    def level_certificate(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def birth(self) -> date | None: ...
    @property
    def note(self) -> str: ...
    @property
    def sheet(self) -> str: ...


Line = tuple[str, int]
"""Where a row stands: its sheet and its number there; a workbook may have several sheets."""


class Read(Protocol):
    """What was read from a workbook: its rows, what is wrong with them, and the columns that it has."""

    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def problems(self) -> Sequence[Problem]: ...
    @property
    def fields(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Form:
    """A delegation's whole form: who sends it, the file it came in, its rows."""

    delegation: str
    filename: str
    data: bytes
    rows: Sequence[Row]


def line_of(row: Row) -> Line:
    """Where a row stands."""
    return row.sheet, row.row


def problem(code: str, row: Row, column: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Problem:
    """One thing wrong with a row; `column` is the heading of the cell, as Podium's own form names it."""
    return Problem(
        code,
        Place(sheet=row.sheet, row=row.row, column=column),
        Words(f"{zh}。", f"{en}."),
        Words(f"{mend_zh}。", f"{mend_en}."),
    )


def teams_of(rows: Sequence[Row]) -> dict[tuple[tuple[str, str], str], list[Row]]:
    """The rows that are one entry: of an event (by name and group) and a team; who has no team is alone."""
    teams: dict[tuple[tuple[str, str], str], list[Row]] = {}
    for row in rows:
        teams.setdefault(((row.event, row.group), row.team or f"{row.sheet} row {row.row}"), []).append(row)
    return teams
