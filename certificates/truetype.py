"""The smallest font that a PDF needs: a few outlines of a vendored face under new numbers.

A PDF addresses glyphs by number, so a font inside it needs no names, no characters and no layout rules: six tables are
enough. Only simple outlines are copied; one made of others is refused, and whoever asks prints in another way.
"""

import mmap
import struct
from collections.abc import Sequence

from certificates.fonts import Face

WHOLE = 0xB1B0AFBA  # what the checksums of a whole font add up to
WORD = 0xFFFFFFFF


class Composite(ValueError):
    """An outline made of other outlines."""


def checksum(data: bytes) -> int:
    """The sum of the big-endian words of a table whose length is a multiple of four."""
    total: int = sum(struct.unpack(f">{len(data) // 4}I", data))
    return total & WORD


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def directory_of(file: mmap.mmap) -> dict[bytes, tuple[int, int]]:
    """Where each table of a font file begins, and how long it is."""
    count = int.from_bytes(file[4:6], "big")
    entries = (file[12 + 16 * number : 28 + 16 * number] for number in range(count))
    return {entry[:4]: struct.unpack(">II", entry[8:]) for entry in entries}


class Outlines:
    """The outlines and advances of a face, straight from its tables."""

    def __init__(self, face: Face) -> None:
        def table(tag: str) -> bytes:
            at, length = self._where[tag.encode("ascii")]
            return self._file[at : at + length]

        with face.path.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._where = directory_of(self._file)
        self.head, self.hhea, self.maxp = table("head"), table("hhea"), table("maxp")
        self.glyf = self._where[b"glyf"][0]
        count = int.from_bytes(self.maxp[4:6], "big")
        if int.from_bytes(self.head[50:52], "big"):
            self.offsets = struct.unpack(f">{count + 1}I", table("loca"))
        else:
            self.offsets = tuple(2 * offset for offset in struct.unpack(f">{count + 1}H", table("loca")))
        metrics, hmtx = int.from_bytes(self.hhea[34:36], "big"), table("hmtx")
        self.metrics = [hmtx[4 * number : 4 * number + 4] for number in range(metrics)]
        for number in range(count - metrics):
            bearing = hmtx[4 * metrics + 2 * number : 4 * metrics + 2 * number + 2]
            self.metrics.append(self.metrics[metrics - 1][:2] + bearing)
        self._copied: dict[int, tuple[bytes, int]] = {}

    def advance(self, glyph: int) -> int:
        """In thousandths of an em, as PDF counts: the vendored faces have a thousand units to the em."""
        return int.from_bytes(self.metrics[glyph][:2], "big")

    def outline(self, glyph: int) -> tuple[bytes, int]:
        """One outline, padded, with its checksum."""
        if glyph not in self._copied:
            data = padded(self._file[self.glyf + self.offsets[glyph] : self.glyf + self.offsets[glyph + 1]])
            if data[:2] == b"\xff\xff":
                raise Composite(f"glyph {glyph} is made of others")
            self._copied[glyph] = data, checksum(data)
        return self._copied[glyph]

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
            b"hmtx": b"".join([self.metrics[glyph] for glyph in glyphs]),
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
