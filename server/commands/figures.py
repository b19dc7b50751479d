"""What was measured: a table for people, then the same figures as one JSON object on the last line."""

from __future__ import annotations

import importlib
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
    """The table and the line of JSON."""
    table = Table(title=name)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for column in columns:
        table.add_column(column, justify="left" if column == columns[0] else "right")
    for row in rows:
        table.add_row(*(str(row.get(column, "")) for column in columns))
    Console().print(table)
    click.echo(json.dumps({"name": name, "rows": list(rows)}, ensure_ascii=False))
