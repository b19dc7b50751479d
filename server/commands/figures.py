"""What was measured: a table for people, then the same figures as one JSON object on the last line."""

from __future__ import annotations

import importlib
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from scoring.verdict import Words
from server.errors import Refusal

TESTS = Path(__file__).parents[2] / "tests"
Row = dict[str, str | int | float]
WIDE = 200
"""Columns of a file or a pipe, where no terminal says how many there are."""


def measurements(kind: str) -> list[str]:
    """What can be measured: the modules in tests/bench or tests/faults that have a function `measure`."""
    return sorted(
        path.stem for path in (TESTS / kind).glob("*.py") if "def measure(" in path.read_text(encoding="utf-8")
    )


def measured(kind: str, name: str) -> list[Row]:
    """Measure one thing and show it."""
    if name not in measurements(kind):
        known = ", ".join(measurements(kind))
        raise Refusal(
            f"{kind}.unknown",
            Words(f"没有名为 {name} 的测量。", f"There is no measurement called {name}."),
            Words(f"可用的有：{known}。", f"There are: {known}."),
        )
    rows: list[Row] = importlib.import_module(f"tests.{kind}.{name}").measure()
    show(name, rows)
    return rows


def show(name: str, rows: Sequence[Row]) -> None:
    """A table of each kind of row, and the line of JSON."""
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    for columns, alike in itertools.groupby(rows, key=tuple):
        table = Table(*columns, title=name)
        for column in table.columns[1:]:
            column.justify = "right"
        for row in alike:
            table.add_row(*map(str, row.values()))
        console.print(table)
    click.echo(json.dumps({"name": name, "rows": list(rows)}, ensure_ascii=False))
