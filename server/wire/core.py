"""What every answer is made of: sentences in both languages, refusals, and reading rows as types."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def said(data: Any, kind: type[T]) -> T:
    """Plain data or a row as an answer; what the type does not name is left out."""
    return msgspec.convert(data, kind, from_attributes=True)


class Both(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong; `place` says where: sheet, row, column, key, line, as far as they apply."""

    code: str
    place: dict[str, str | int]
    words: Both
    mend: Both


class Refused(msgspec.Struct, frozen=True):
    """Why nothing was done: a stable code, what happened, how to mend it, and every problem of what was sent."""

    code: str
    words: Both
    mend: Both
    problems: list[Problem]
