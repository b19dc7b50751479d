"""What a question demands beyond the strict reading of a policy.

A policy may leave lists out and mean none. In a question a list that is not there is more likely a key that was
mistyped, an empty name a cell that was not filled, and a name that comes twice a line that was copied: each would give
an answer about something else than what was meant.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from scoring.ladder import LEVELS
from scoring.language.table import Table
from scoring.verdict import Words


def day(table: Table, key: str) -> date:
    """A date in the one way of writing that everybody reads alike: 2025-06-01."""
    text = table.text(key)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    if text:
        words = Words(f"{text} 不是日期", f"{text} is no date")
        table.refuse("no-date", key, words, Words("写成 2025-06-01", "write it like 2025-06-01"))
    return date.min


def listed(table: Table, key: str) -> tuple[Table, ...]:
    """The tables of an array that has to be there, if only to be empty."""
    if not table.has(key):
        _missing(table, key)
    return table.tables(key)


def some(table: Table, key: str) -> tuple[Table, ...]:
    """The tables of an array that has at least one."""
    found = listed(table, key)
    if table.raw.get(key) == []:
        nobody(table, key)
    return found


def once(
    table: Table, key: str, among: Iterable[str] | None = None, default: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """A list of texts, none of them empty and none of them twice."""
    found = table.texts(key, among, default)
    if "" in found:
        words = Words(f"{key} 中有空白", f"there is an empty text in {key}")
        table.refuse("wrong-value", key, words, Words("填写或删去", "fill it in or take it out"))
    no_doubles(table, key, found)
    return found


def no_doubles(table: Table, key: str, names: Iterable[str]) -> None:
    """Refuses every name that comes more than once."""
    counts = Counter(names)
    where = key or str(table.path[-1])
    for name in sorted(name for name, count in counts.items() if count > 1):
        words = Words(f"{where} 中 {name} 重复", f"{name} comes twice in {where}")
        table.refuse("twice", key, words, Words("只留一个", "leave one of them"))


def names(table: Table) -> tuple[str, ...]:
    """The keys of a table whose keys are names; a name is not empty."""
    found = table.names()
    if "" in found:
        words = Words("有空白的名称", "there is an empty name")
        table.refuse("wrong-value", "", words, Words("填写名称", "give the name"))
    return found


def optional(table: Table, key: str) -> Table:
    """The table under a key that may be left out; when it is there, even as null, it has to be one."""
    return table.table(key, required=table.has(key))


def level(table: Table, key: str) -> str:
    """A skill level, or nothing when the key is left out."""
    return table.choice(key, LEVELS) if table.has(key) else ""


def nobody(table: Table, key: str) -> None:
    """Refuses a list in which there has to be somebody."""
    words = Words(f"{key} 是空的", f"{key} is empty")
    table.refuse("wrong-value", key, words, Words("至少列出一个", "list at least one"))


def _missing(table: Table, key: str) -> None:
    if not table.refused:
        words = Words(f"缺少 {key}", f"{key} is missing")
        table.refuse("missing-key", key, words, Words("填写列表，没有就写 []", "give the list; write [] for none"))
