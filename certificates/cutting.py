"""A layout's own small fonts: the outlines that every certificate of it shows, and those of one certificate behind them."""

from collections.abc import Sequence
from dataclasses import dataclass

from certificates.drawings import deflated
from certificates.fonts import Face
from certificates.proofs import Unfillable
from certificates.truetype import Outlines

MOST_KEPT = 6
"""Of a layout's fonts as they are written: an event's prizes and medals; a name's font is hardly ever needed twice."""
HEX = [b"%04x" % number for number in range(4096)]


@dataclass(frozen=True, slots=True)
class Source:
    """A face with its outlines, and which of them each outline of the proofs' font is."""

    face: Face
    outlines: Outlines
    numbers: dict[int, int]


class Cut:
    """One font of a layout: which outlines are always in it, and the numbers that they have on the page."""

    def __init__(self, source: Source) -> None:
        self.face, self.outlines = source.face, source.outlines
        self.glyphs = [0]
        self.said = [""]
        self.numbers = {0: 0}
        self.file = self.map = 0
        self._digits: dict[tuple[int, ...], dict[str, bytes]] = {}
        self._packed: dict[str, tuple[int, bytes, bytes]] = {}

    def keep(self, glyph: int, text: str) -> int:
        """The number of an outline that every certificate of this layout has."""
        if glyph not in self.numbers:
            self.numbers[glyph] = len(self.glyphs)
            self.glyphs.append(glyph)
            self.said.append(text)
        return self.numbers[glyph]

    def digits(self, pair: tuple[int, int], glyphs: tuple[int, int]) -> dict[str, bytes]:
        """All ten digits of the set that a pair of digits was set in, kept, as they are written on the page."""
        for digits in self.face.digit_sets():
            if (digits[pair[0]], digits[pair[1]]) == glyphs:
                if digits not in self._digits:
                    kept = [HEX[self.keep(glyph, str(value))] for value, glyph in enumerate(digits)]
                    self._digits[digits] = {str(value): number for value, number in enumerate(kept)}
                return self._digits[digits]
        raise Unfillable("digits of an unknown kind")

    def packed(self, chars: str) -> tuple[int, bytes, bytes]:
        """The font with these characters after those it always has: its length, itself and its map, both deflated.

        Winners of one event share all but the font that their names are set in, so the latest are kept.
        """
        if chars not in self._packed:
            if len(self._packed) == MOST_KEPT:
                del self._packed[next(iter(self._packed))]
            font = self.outlines.font([*self.glyphs, *(self.face.glyph(char) for char in chars)])
            self._packed[chars] = len(font), deflated(font), deflated(to_unicode([*self.said, *chars]))
        return self._packed[chars]

    def widths(self) -> list[int]:
        """How far each kept glyph moves the pen, in thousandths of an em, in the order of their new numbers."""
        return [self.outlines.advance(glyph) for glyph in self.glyphs]


def to_unicode(said: Sequence[str]) -> bytes:
    """The way back from numbers to characters, for whoever copies the text."""
    rows = [
        b"<%04x> <%s>" % (number, text.encode("utf-16-be").hex().encode()) for number, text in enumerate(said) if text
    ]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks)
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n<</Registry (Adobe)\n"
        b"/Ordering (UCS)\n/Supplement 0\n>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n%sendcmap\n"
        b"CMapName currentdict /CMap defineresource pop\nend\nend" % body
    )
