"""Reads a draw: who takes part, how large the hall is, the seed or what it was made of, and which layers are open."""

from collections.abc import Callable

from scoring import blind_draw
from scoring.asking.strict import optional, some
from scoring.blind_draw import LAYERS, BlindDraw, Secrets, promise
from scoring.draw import ALGORITHM, Draw, DrawEntry, draw, seed
from scoring.language.table import Table
from scoring.seating import BlindEntry
from scoring.verdict import Words


def read_draw(table: Table) -> Callable[[], Draw | BlindDraw]:
    """The draw in a question, thrown when it is called."""
    entries = [_read_entry(one) for one in some(table, "entries")]
    stations = table.whole("stations", least=1)
    shifts = table.whole("shifts", least=1) if table.has("shifts") else None
    seeded = _read_seed(table)
    algorithm = table.choice("algorithm", (ALGORITHM, *blind_draw.NAMES), ALGORITHM)
    blind = algorithm != ALGORITHM
    secrets = _read_secrets(table)
    if not blind:
        _only_blind(table, entries)
    if algorithm != blind_draw.ALGORITHM and any(one.employers for one in entries):
        _refuse_key(table, "entries", Words(f"{algorithm} 不看工作单位", f"{algorithm} does not look at employers"))
    table.close()
    if blind:
        return lambda: blind_draw.draw(entries, stations, seeded, secrets, shifts, algorithm)
    return lambda: draw([DrawEntry(one.id, one.unit) for one in entries], stations, seeded, shifts)


def _read_entry(table: Table) -> BlindEntry:
    entry = BlindEntry(table.text("id"), table.text("unit", ""), table.text("related", ""), _employers(table))
    table.close()
    return entry


def _employers(table: Table) -> frozenset[str]:
    """Employers by the numbers that the list gives them, with spaces between where a team has several."""
    return frozenset(table.text("employers", "").split())


def _read_secrets(table: Table) -> Secrets:
    """The secrets of a draw's layers, each held against what was promised of it; a promise alone is a sealed layer."""
    promised, opened = optional(table, "promises"), optional(table, "secrets")
    found: dict[str, str | None] = {}
    for layer in LAYERS:
        said = promised.text(layer) if promised.has(layer) else ""
        given = opened.text(layer) if opened.has(layer) else ""
        if given and said and promise(given) != said:
            words = Words("与事先公布的承诺不符", "this is not what was promised beforehand")
            opened.refuse("broken-promise", layer, words, Words("核对记录是否完整", "check that the record is whole"))
        if given or said:
            found[layer] = given or None
    promised.close()
    opened.close()
    return Secrets(**found)


def _only_blind(table: Table, entries: list[BlindEntry]) -> None:
    """What the first algorithm does not know would be passed over without a word."""
    related = ["entries"] if any(one.related for one in entries) else []
    for key in [key for key in ("promises", "secrets") if key in table.raw] + related:
        words = Words(f"{key}：{ALGORITHM} 没有这一项", f"{key}: {ALGORITHM} knows no related firms and no layers")
        _refuse_key(table, key, words)


def _refuse_key(table: Table, key: str, words: Words) -> None:
    mend = Words(f'写 algorithm = "{blind_draw.ALGORITHM}"', f'write algorithm = "{blind_draw.ALGORITHM}"')
    table.refuse("other-algorithm", key, words, mend)


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
