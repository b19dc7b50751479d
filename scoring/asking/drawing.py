"""Reads a draw: who takes part, how large the hall is, and the seed or what it was made of."""

from collections.abc import Callable

from scoring.asking.strict import some
from scoring.draw import Draw, DrawEntry, draw, seed
from scoring.language.table import Table
from scoring.verdict import Words


def read_draw(table: Table) -> Callable[[], Draw]:
    """The draw in a question, thrown when it is called."""
    entries = [_read_entry(one) for one in some(table, "entries")]
    stations = table.whole("stations", least=1)
    shifts = table.whole("shifts", least=1) if table.has("shifts") else None
    seeded = _read_seed(table)
    table.close()
    return lambda: draw(entries, stations, seeded, shifts)


def _read_entry(table: Table) -> DrawEntry:
    entry = DrawEntry(table.text("id"), table.text("unit", ""))
    table.close()
    return entry


def _read_seed(table: Table) -> str:
    """The seed as it is given, or made of what the witnesses said and a public value; never neither, never both.

    Without one every draw would have the same seed, which everybody could know beforehand.
    """
    given, spoken = table.has("seed"), table.has("commitments") | table.has("public")
    if given and spoken:
        words = Words("既有 seed 又有 commitments 或 public", "there is a seed beside commitments or a public value")
        table.refuse("seed-twice", "seed", words, Words("只留一种", "leave one of the two"))
    elif given:
        return table.text("seed")
    elif spoken:
        commitments, public = table.texts("commitments"), table.text("public")
        if isinstance(table.raw.get("commitments"), list) and not any(text.strip() for text in commitments):
            _says_nothing(table, "commitments")
        if public and not public.strip():
            _says_nothing(table, "public")
        return seed(commitments, public)
    else:
        words = Words("没有种子", "there is no seed")
        mend = Words("填写 seed，或 commitments 和 public", "give a seed, or commitments and a public value")
        table.refuse("no-seed", "seed", words, mend)
    return ""


def _says_nothing(table: Table, key: str) -> None:
    words = Words(f"{key} 是空白", f"{key} says nothing")
    table.refuse("wrong-value", key, words, Words("填写当时说出的内容", "give what was said"))
