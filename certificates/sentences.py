"""Sentences with gaps, as `wording.toml` writes them, and what they say when the gaps are filled.

A sentence is taken apart once. What is in brackets goes when a field inside says nothing; when a field outside brackets
says nothing, the sentence itself is not said.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Role = Literal["plain", "together", "award", "strong"]  # "together" is not broken between lines
MARK = re.compile(r"\{(\w+)\}|(\*\*|[*<>\[\]])")
ROLES: dict[str, Role] = {"*": "award", "**": "strong", "<": "together", ">": "together"}
LONGEST = 14  # em of a distinction or a name that is kept on one line; a longer one may break
SEPARATOR = re.compile(r"(、|, )")


class BadSentence(ValueError):
    """A sentence whose marks do not close, or that names a field that there is not."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that are set alike; `role` says how."""

    text: str
    role: Role = "plain"


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it stands, or the name of a field."""

    text: str
    role: Role
    field: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces that are said together or not at all."""

    pieces: tuple[Piece, ...]
    optional: bool


def plain(paragraph: Paragraph) -> str:
    """A paragraph's words without how they are set."""
    return "".join(run.text for run in paragraph)


@functools.cache
def parts(sentence: str) -> tuple[Part, ...]:
    """A sentence taken apart. Raises BadSentence."""
    found: list[Part] = []
    pieces: list[Piece] = []
    role: Role = "plain"
    inside = False
    last = 0

    def text_until(place: int) -> None:
        if sentence[last:place]:
            pieces.append(Piece(sentence[last:place], role, field=False))

    def close() -> None:
        if pieces:
            found.append(Part(tuple(pieces), inside))
            pieces.clear()

    for mark in MARK.finditer(sentence):
        text_until(mark.start())
        last = mark.end()
        if mark[1]:
            pieces.append(Piece(mark[1], role, field=True))
        elif mark[2] in "[]":
            if (mark[2] == "]") != inside or role != "plain":
                raise BadSentence(f"brackets do not match in {sentence!r}")
            close()
            inside = not inside
        else:
            meant = ROLES[mark[2]]
            if (mark[2] == "<" and role != "plain") or role not in ("plain", meant):
                raise BadSentence(f"marks do not match in {sentence!r}")
            role = "plain" if role == meant else meant
    text_until(len(sentence))
    if inside or role != "plain":
        raise BadSentence(f"a mark is not closed in {sentence!r}")
    close()
    return tuple(found)


def fields(sentence: str) -> set[str]:
    """The fields that a sentence names."""
    return {piece.text for part in parts(sentence) for piece in part.pieces if piece.field}


def said(sentence: str, values: Mapping[str, str]) -> Paragraph | None:
    """The sentence with its gaps filled, or nothing when a field that it needs is empty."""
    runs: list[Run] = []
    for part in parts(sentence):
        filled = [values[piece.text] if piece.field else piece.text for piece in part.pieces]
        if not all(filled):
            if part.optional:
                continue
            return None
        for piece, text in zip(part.pieces, filled, strict=True):
            if piece.field and piece.text == "members":
                runs += names(text)
                continue
            if runs and runs[-1].role == piece.role:
                text = runs.pop().text + text
            runs.append(Run(text, piece.role))
    return tuple(fitted(run) for run in runs)


def names(text: str) -> list[Run]:
    """The names of a list, each kept on one line unless it is too long for that."""
    said = [(one, bool(SEPARATOR.fullmatch(one)) or ems(one) > LONGEST) for one in SEPARATOR.split(text) if one]
    return [Run(one, "plain" if breaks else "together") for one, breaks in said]


def ems(text: str) -> float:
    """About how wide a text is: half an em for a Latin letter."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def fitted(run: Run) -> Run:
    """A distinction that is too long for one line is only strong."""
    if run.role == "award" and ems(run.text) > LONGEST:
        return Run(run.text, "strong")
    return run


def first_said(choices: str | Sequence[str], values: Mapping[str, str]) -> Paragraph | None:
    """One sentence, or the first of several that can be said."""
    for sentence in [choices] if isinstance(choices, str) else choices:
        paragraph = said(sentence, values)
        if paragraph is not None:
            return paragraph
    return None
