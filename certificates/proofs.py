"""The two proofs that a layout is compiled from, and what differs between them.

A *proof* is a page rendered by WeasyPrint with placeholders in its holes. The two proofs of a layout have different
placeholders, so that what is equal in both is fixed, and what differs tells which hole it is.
"""

import functools
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import pydyf  # type: ignore[import-untyped]

from certificates.composing import Sheet
from certificates.fonts import Faces
from certificates.shapes import DIGIT_HOLE, HAN_HOLE, Shape, retold

MOST_HAN, MOST_DIGITS = 400, 90
UNEQUAL = [(first, second) for first in range(10) for second in range(10) if first != second]


class Unfillable(ValueError):
    """This layout cannot be filled; print the page as any other."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A page as WeasyPrint made it, before it was written."""

    sheet: Sheet
    pdf: pydyf.PDF
    fonts: dict[str, Any]  # WeasyPrint's, by their names on the page
    code: int  # the number of the object that draws the code


class Placeholders:
    """Two sets of characters that every face draws and no template says."""

    def __init__(self, faces: Faces, said: set[str]) -> None:
        everywhere = (char for char in map(chr, range(0x4E00, 0x9FFF)) if all(face.draws(char) for face in faces))
        free = list(islice((char for char in everywhere if char not in said), 2 * MOST_HAN))
        self.sets = free[:MOST_HAN], free[MOST_HAN:]

    def __iter__(self) -> Any:
        return iter(self.sets[0] + self.sets[1])

    def pairs(self, shape: Shape) -> list[tuple[str, str]]:
        """What stands in each hole in the first proof and in the second."""
        text = "".join(shape.texts)
        pairs, han, digits = [], 0, 0
        for place in shape.holes():
            if text[place] == HAN_HOLE:
                if han == MOST_HAN:
                    raise Unfillable("the texts are too long")
                pairs.append((self.sets[0][han], self.sets[1][han]))
                han += 1
            else:
                if digits == MOST_DIGITS:
                    raise Unfillable("there are too many digits")
                first, second = UNEQUAL[digits]
                pairs.append((str(first), str(second)))
                digits += 1
        return pairs


def proof_sheets(sheet: Sheet, shape: Shape, pairs: Sequence[tuple[str, str]], photo: bytes) -> list[Sheet]:
    """The two sheets that a layout is compiled from. Nothing of the certificate is left in them but its shape."""
    sheets = []
    for which in (0, 1):
        holes = iter(pairs)
        texts = [
            "".join(next(holes)[which] if char in (HAN_HOLE, DIGIT_HOLE) else char for char in text)
            for text in shape.texts
        ]
        sheets.append(
            replace(
                retold(sheet, texts),
                heading=f"heading{which}",
                author=f"author{which}",
                subject=f"subject{which}",
                keywords=f"keywords{which}",
                photo=photo if sheet.photo else None,
                qr=replace(sheet.qr, alt=f"address{which}"),
            )
        )
    return sheets


def metadata(sheet: Sheet) -> dict[str, str]:
    """What is said beside the page, by the name of its field."""
    return {
        "heading": sheet.heading,
        "author": sheet.author,
        "subject": sheet.subject,
        "keywords": sheet.keywords,
        "title": sheet.title,
        "address": sheet.qr.alt,
    }


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bytes with metadata in between: pieces[0] names[0] pieces[1] …"""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]

    def filled(self, said: dict[str, bytes]) -> bytes:
        """The bytes with this metadata in its places."""
        out = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            out += (said[name], piece)
        return b"".join(out)


def pattern(data: Sequence[bytes], said: Sequence[dict[str, bytes]]) -> Pattern:
    """The pattern that gives both proofs' bytes."""
    found = []
    for each, words in zip(data, said, strict=True):
        names = {word: name for name, word in words.items()}
        parts = re.split(
            b"(" + b"|".join(re.escape(word) for word in sorted(names, key=len, reverse=True)) + b")", each
        )
        found.append(Pattern(tuple(parts[::2]), tuple(names[part] for part in parts[1::2])))
    if found[0] != found[1]:
        raise Unfillable("the proofs differ beside the page")
    return found[0]


def as_string(said: dict[str, str]) -> dict[str, bytes]:
    """Metadata as the strings of a PDF."""
    return {name: string(text) for name, text in said.items()}


@functools.lru_cache(maxsize=256)  # the winners of an event share half of it
def string(text: str) -> bytes:
    """A text as a PDF writes it."""
    written: bytes = pydyf.String(text).data
    return written


def as_markup(said: dict[str, str]) -> dict[str, bytes]:
    """Metadata as XML writes it."""
    return {name: html.escape(text, quote=False).encode() for name, text in said.items()}
