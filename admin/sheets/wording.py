"""The words of every problem and every mending that a workbook can give, in both languages.

The sentences are data (`wording.toml`), so that a translator can read them on one page and a test can
see that none lacks a language. A code, once given out, keeps its meaning: the flows, the returned workbook and
people's notes refer to it.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from scoring.verdict import Place, Problem, Words


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every code with its sentences: zh, en and, for a problem, what to do about it (mend_zh, mend_en)."""
    topics = tomllib.loads(files("admin.sheets").joinpath("wording.toml").read_text(encoding="utf-8"))
    return {f"{topic}.{name}": words for topic, codes in topics.items() for name, words in codes.items()}


def problem(code: str, place: Place | None = None, **values: object) -> Problem:
    """One thing wrong, in the catalogue's words. `values` fill the gaps; `hint` in both languages ends the mend."""
    words = catalogue()[code]
    hint = values.pop("hint", None)
    mend = Words(words["mend_zh"].format(**values), words["mend_en"].format(**values))
    if isinstance(hint, Words):
        mend = Words(mend.zh + hint.zh, f"{mend.en} {hint.en}")
    return Problem(code, place or Place(), Words(words["zh"].format(**values), words["en"].format(**values)), mend)


def sentence(code: str, **values: object) -> Words:
    """The words alone, for a mending or a note that needs nothing from anybody."""
    words = catalogue()[code]
    return Words(words["zh"].format(**values), words["en"].format(**values))
