"""Which occupation a few typed signs mean: the shipped ones and an organiser's own, searched together.

An *occupation* 职业 has a code in 《中华人民共和国职业分类大典》, and the code belongs to an *edition* of that book: 4-07-05-04
was 消防设施操作员 in 2015 and is 安全防范系统安装维护员 since 2022. A *work type* 工种 is a part of an occupation, without a code
of its own. `occupations.toml` says of every row who says so.

What is found is a proposal: an event keeps what the organiser wrote, also when nothing here matches. The table holds
what competitions use and not the whole book, and it does not know which levels may be assessed today.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from importlib import resources
from typing import Any

from server.competitions.initials import initials

LIMIT = 20
HYPHENS = "-‐‑‒–—―−"
"""Everything that keyboards and word processors put between the digits of a code."""
BETWEEN = re.compile(r"[\s()（）\[\]【】/、，,;；:：·]+")
NAME, OTHER, ENGLISH, INITIALS, CODE, EARLIER, END = "\x01\x02\x03\x04\x05\x06\x07"
"""In the index of a row, each piece stands between the sign of its kind and the end; nobody types such signs."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An occupation with its code in one edition; `also` has its codes in others, as (edition, code).

    `top` is the highest level of the standard that the notice `standard` promulgated; empty when no source says it. An
    organiser's own occupation may have no code.
    """

    code: str
    edition: int
    zh: str
    en: str = ""
    work_types: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    also: tuple[tuple[int, str], ...] = ()
    top: str = ""
    standard: str = ""
    sources: tuple[str, ...] = ()
    index: str = field(init=False, repr=False, compare=False)
    """Everything that a search looks for, folded once."""

    def __post_init__(self) -> None:
        """Write the index."""
        pieces = [NAME + _fold(self.zh), INITIALS + initials(self.zh)]
        pieces += [OTHER + _fold(name) for name in (*self.formerly, *self.work_types)]
        pieces += [ENGLISH + word for word in _words(self.en)]
        pieces += [CODE + _digits(self.code)] if self.code else []
        pieces += [EARLIER + _digits(code) for _, code in self.also]
        object.__setattr__(self, "index", "".join(piece + END for piece in pieces))

    def code_in(self, edition: int) -> str | None:
        """Its code in that edition; None when the table does not know it."""
        return {self.edition: self.code, **dict(self.also)}.get(edition) or None


@lru_cache
def shipped() -> tuple[Listed, ...]:
    """The occupations that come with the program, in the order of the file."""
    editions = {int(table): rows for table, rows in _file().items() if table.isdecimal()}
    return tuple(_listed(code, edition, row) for edition, rows in editions.items() for code, row in rows.items())


def sources() -> Mapping[str, Mapping[str, str]]:
    """The documents behind the table, by the keys that rows name: what each is, what it says, where it was read."""
    documents: Mapping[str, Mapping[str, str]] = _file()["sources"]
    return documents


def search(text: str, among: Iterable[Listed] | None = None, limit: int = LIMIT) -> tuple[Listed, ...]:
    """The occupations that `text` can mean, best first; `among` the shipped ones when nothing else is given.

    Every word of `text` has to be found in a row: the beginning of a code with or without hyphens; a part of a name, of a
    work type or of an English word; a run of the name's pinyin initials. What equals a word comes before what begins with
    it, and that before what contains it; then names before work types before English before initials; then the shorter
    name, the younger edition, the lower code. Codes stand in their own order. A text without words means nothing.
    """
    words = _words(text)
    hits = [(0, row) for row in (shipped() if among is None else among)] if words else []
    for word in words:
        least, forms = _forms(word)
        looked_at = ((rank, row, _rank(forms, row)) for rank, row in hits if least in row.index)
        hits = [(max(rank, fits), row) for rank, row, fits in looked_at if fits is not None]
    named = not all(map(_is_code, words))

    def order(hit: tuple[int, Listed]) -> tuple[int, int, int, str, str]:
        rank, row = hit
        return rank, named * len(row.zh), -row.edition, row.code, row.zh

    return tuple(row for _, row in nsmallest(limit, hits, key=order))


def _fold(text: str) -> str:
    """Full-width signs narrow, capital letters small."""
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> list[str]:
    return [word for word in BETWEEN.split(_fold(text)) if word]


def _forms(word: str) -> tuple[str, tuple[str, ...]]:
    """What a row must have at least to be looked at, and the forms in which a word can stand there, the best first."""
    if _is_code(word):
        digits = _digits(word)
        return digits, (CODE + digits + END, EARLIER + digits + END, CODE + digits, EARLIER + digits)
    kinds = (NAME, OTHER, ENGLISH, INITIALS)
    return word, (*(kind + word + END for kind in kinds), *(kind + word for kind in kinds), word)


def _rank(forms: tuple[str, ...], row: Listed) -> int | None:
    return next((rank for rank, form in enumerate(forms) if form in row.index), None)


def _is_code(word: str) -> bool:
    return _digits(word).isdecimal()


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign not in HYPHENS)


def _listed(code: str, edition: int, row: Mapping[str, Any]) -> Listed:
    """A line of the file; `since` and `before` become `also`. TypeError for a key that nobody knows."""
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    earlier: dict[str, str] = given.pop("before", {})
    if since := given.pop("since", None):
        earlier = {str(since): code}
    return Listed(code, edition, also=tuple((int(year), once) for year, once in earlier.items()), **given)


@lru_cache
def _file() -> dict[str, Any]:
    return tomllib.loads((resources.files("server.competitions") / "occupations.toml").read_text("utf-8"))
