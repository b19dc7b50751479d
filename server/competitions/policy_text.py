"""Changing a policy's TOML text at single places; comments, order and layout of everything else stay as they are.

A *path* leads to a place: `("awards", "prize", 0, "percent")`. A value is given as a TOML literal (`10`, `"half_up"`,
`[1, 3]`), so that a number stays the decimal that was written; None takes the key out.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array

from scoring.language.lines import Path

SECTIONS = {
    "passing": '[passing]\nmarks = { theory = 6000, practice = 6000 }\nsource = "organiser"\n',
    "delegations": '[delegations]\nplaces = [8, 5, 3]\nsource = "organiser"\n',
    "signing": '[signing]\njudges = "refuse"\ncontestants = "warn"\nmodules = ["practice"]\nsource = "organiser"\n',
    "review": '[review]\ntop = 10\npercent = 15\nrounding = "up"\nwrong_percent = 5\nsource = "organiser"\n',
    "appeals": '[appeals]\nwithin = 2\nunit = "hours"\nsource = "organiser"\n',
}
"""What a policy may leave out, as it is put in."""
ROWS: dict[Path, str] = {
    (
        "awards",
        "prize",
    ): '[[awards.prize]]\nid = "new"\nname = { zh = "新奖项", en = "New award" }\nranks = [1, 1]\nsource = "organiser"\n',
    ("promotion", "rule"): (
        '[[promotion.rule]]\nid = "new"\nclause = { zh = "第 1 名晋升高级工", en = "rank 1 becomes a senior worker" }\n'
        'source = "organiser"\nselect = { ranks = [1, 1] }\neffect = { kind = "set", level = "senior" }\nmode = "approval"\n'
    ),
    (
        "titles",
    ): '[[titles]]\nid = "new"\nname = { zh = "新称号", en = "New title" }\nsource = "organiser"\nselect = { ranks = [1, 1] }\nmode = "approval"\n',
    ("eligibility", "rule"): (
        '[[eligibility.rule]]\nid = "new"\ntest = "age"\nleast = 16\nclause = { zh = "年满 16 周岁", en = "aged 16 or more" }\n'
        'source = "organiser"\n'
    ),
}
"""A first row of each list of tables."""


def with_values(text: str, values: Mapping[Path, str | None]) -> str:
    """The text with other values at these places."""
    document = tomlkit.parse(text)
    for path, literal in values.items():
        table: Any = document
        for part in path[:-1]:
            if isinstance(part, str) and part not in table:
                table[part] = tomlkit.inline_table()
            table = table[part]
        if literal is not None:
            table[path[-1]] = tomlkit.value(literal)
        elif path[-1] in table:
            del table[path[-1]]
    return tomlkit.dumps(document)


def with_section(text: str, name: str) -> str:
    """The text with one of `SECTIONS` that it left out."""
    return f"{text.rstrip()}\n\n{SECTIONS[name]}"


def without_section(text: str, name: str) -> str:
    """The text without a section that may be left out."""
    document = tomlkit.parse(text)
    document.pop(name, None)
    return tomlkit.dumps(document)


def with_row(text: str, path: Path) -> str:
    """The text with a first row of one of `ROWS`, when it has none."""
    return f"{text.rstrip()}\n\n{ROWS[path]}"


def copied(text: str, path: Path) -> str:
    """The text with the row at a path a second time, right behind the first; its id gets a tail."""
    document, rows = _rows(text, path)
    row = copy.deepcopy(rows[path[-1]])
    if "id" in row:
        taken = {one.get("id") for one in rows}
        row["id"] = next(name for n in range(2, len(rows) + 3) if (name := f"{row['id']}-{n}") not in taken)
    _put(rows, int(path[-1]) + 1, row)
    return tomlkit.dumps(document)


def dropped(text: str, path: Path) -> str:
    """The text without the row at a path."""
    document, rows = _rows(text, path)
    del rows[path[-1]]
    return tomlkit.dumps(document)


def raised(text: str, path: Path) -> str:
    """The text with the row at a path before the one in front of it: the first that fits decides."""
    document, rows = _rows(text, path)
    at = int(path[-1])
    if at > 0:
        row = rows[at]
        del rows[at]
        _put(rows, at - 1, row)
    return tomlkit.dumps(document)


def _rows(text: str, path: Path) -> tuple[tomlkit.TOMLDocument, Any]:
    document = tomlkit.parse(text)
    rows: Any = document
    for part in path[:-1]:
        rows = rows[part]
    if not isinstance(rows, AoT | Array) or not 0 <= int(path[-1]) < len(rows):
        raise LookupError(path)
    return document, rows


def _put(rows: AoT | Array, at: int, row: Any) -> None:
    rows.insert(at, row)
