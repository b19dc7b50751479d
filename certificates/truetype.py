"""The smallest font that a PDF needs: a few outlines of a vendored face under new numbers.

A PDF addresses glyphs by number, so a font inside it needs no names, no characters and no layout rules: six tables are
enough. Only simple outlines are copied; one made of others is refused, and whoever asks prints in another way.
"""

import os
import struct
import weakref
from collections.abc import Sequence

from certificates.fonts import Face

WHOLE = 0xB1B0AFBA  # what the checksums of a whole font add up to
WORD = 0xFFFFFFFF
MOST_COPIED = 2048
"""Outlines that are kept: what a batch is written with, some three hundred bytes each; all of a face would be all of its file."""


class Composite(ValueError):
    """An outline made of other outlines."""


def checksum(data: bytes) -> int:
    """The sum of the big-endian words of a table whose length is a multiple of four."""
    total: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return total & WORD


def padded(data: bytes) -> bytes:
    """A font's table, filled up to whole words of four bytes."""
    return data + bytes(-len(data) % 4)


def directory_of(head: bytes) -> dict[bytes, tuple[int, int]]:
    """Where each table of a font file begins, and how long it is; `head` is the file's beginning."""
    count = int.from_bytes(head[4:6], "big")
    entries = (head[12 + 16 * number : 28 + 16 * number] for number in range(count))
    return {entry[:4]: struct.unpack(">II", entry[8:]) for entry in entries}


class Outlines:
    """The outlines and advances of a face, straight from its tables.

    The file is read and not mapped: a press would soon hold a second copy of the whole face, which HarfBuzz maps already.
    """

    def __init__(self, face: Face) -> None:
        self._file = os.open(face.path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        where = directory_of(os.pread(self._file, 4096, 0))
        tables = (where[tag] for tag in (b"head", b"hhea", b"maxp", b"loca", b"hmtx"))
        self.head, self.hhea, self.maxp, self._loca, self._hmtx = (
            os.pread(self._file, length, at) for at, length in tables
        )
        self._glyf = where[b"glyf"][0]
        self._long = bool(int.from_bytes(self.head[50:52], "big"))
        self._measured = int.from_bytes(self.hhea[34:36], "big")
        self._copied: dict[int, tuple[bytes, int]] = {}

    def metrics(self, glyph: int) -> bytes:
        """The row of `hmtx`: its last advance holds for all glyphs behind it, which have their own bearing only."""
        if glyph < self._measured:
            return self._hmtx[4 * glyph : 4 * glyph + 4]
        last, bearing = 4 * self._measured, 4 * self._measured + 2 * (glyph - self._measured)
        return self._hmtx[last - 4 : last - 2] + self._hmtx[bearing : bearing + 2]

    def advance(self, glyph: int) -> int:
        """In thousandths of an em, as PDF counts: the vendored faces have a thousand units to the em."""
        return int.from_bytes(self.metrics(glyph)[:2], "big")

    def outline(self, glyph: int) -> tuple[bytes, int]:
        """One outline, padded, with its checksum."""
        if glyph not in self._copied:
            if len(self._copied) == MOST_COPIED:
                del self._copied[next(iter(self._copied))]
            start, end = self._span(glyph)
            data = padded(os.pread(self._file, end - start, self._glyf + start))
            if data[:2] == b"\xff\xff":
                raise Composite(f"glyph {glyph} is made of others")
            self._copied[glyph] = data, checksum(data)
        return self._copied[glyph]

    def _span(self, glyph: int) -> tuple[int, int]:
        """Where an outline begins and ends in `glyf`."""
        if self._long:
            start, end = struct.unpack_from(">2I", self._loca, 4 * glyph)
            return start, end
        start, end = struct.unpack_from(">2H", self._loca, 2 * glyph)
        return 2 * start, 2 * end

    def font(self, glyphs: Sequence[int]) -> bytes:
        """A font of these glyphs, numbered as they come. The first should be 0, the sign for what is missing."""
        outlines = [self.outline(glyph) for glyph in glyphs]
        offsets, at = [0], 0
        for data, _ in outlines:
            at += len(data)
            offsets.append(at)
        count = len(glyphs)
        head = padded(self.head[:8] + bytes(4) + self.head[12:50] + b"\x00\x01" + self.head[52:])
        small = {
            b"head": head,
            b"hhea": padded(self.hhea[:34] + struct.pack(">H", count)),
            b"hmtx": b"".join([self.metrics(glyph) for glyph in glyphs]),
            b"loca": struct.pack(f">{count + 1}I", *offsets),
            b"maxp": padded(self.maxp[:4] + struct.pack(">H", count) + self.maxp[6:]),
        }
        tables = {
            b"glyf": (b"".join([data for data, _ in outlines]), sum(each for _, each in outlines) & WORD),
            **{tag: (data, checksum(data)) for tag, data in small.items()},
        }
        return assembled(tables)


def assembled(tables: dict[bytes, tuple[bytes, int]]) -> bytes:
    """Tables and their checksums, in the order of their tags, behind a directory."""
    count = len(tables)
    power = count.bit_length() - 1
    directory = struct.pack(">IHHHH", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    at = 12 + 16 * count
    where = {}
    for tag, (data, total) in tables.items():
        directory += tag + struct.pack(">III", total, at, len(data))
        where[tag] = at
        at += len(data)
    font = bytearray(b"".join([directory, *(data for data, _ in tables.values())]))
    total = checksum(directory) + sum(each for _, each in tables.values())
    struct.pack_into(">I", font, where[b"head"] + 8, (WHOLE - total) & WORD)
    return bytes(font)
