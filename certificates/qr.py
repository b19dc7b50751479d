"""The QR code as vector: level M, dark modules only, the light ones are the paper.

Every certificate has its own, so the drawing comes with the operators that WeasyPrint would write for it: they spare it
two thousand path commands a page. A test compares the two, pixel by pixel.
"""

import dataclasses
import functools
import re
import zlib
from collections.abc import Iterator

import segno

from certificates.drawings import COMPRESSION, Drawing, Stamp

INK = "#111"
MASK = 3
BLANK = zlib.compress(b"% the code")
DARK = re.compile(rb"\x01+")


@functools.lru_cache(maxsize=8)
def rows(url: str) -> tuple[bytes, ...]:
    """The modules, row by row, 1 where dark. The mask is fixed: trying all eight takes four times as long."""
    return tuple(bytes(row) for row in segno.make_qr(url, error="m", mask=MASK).matrix)


def runs(url: str) -> Iterator[tuple[int, int, int]]:
    """The dark runs of every row: left, row, length.

    Modules that touch in a row are one rectangle, so that no viewer shows seams.
    """
    for y, row in enumerate(rows(url)):
        for run in DARK.finditer(row):
            yield run.start(), y, run.end() - run.start()


def window(url: str, size: float) -> Drawing:
    """Where the code goes, `size` mm wide, without the code."""
    side = len(rows(url))
    return Drawing((0, 0, side, side), (size, size), "", "qr", alt=url)


def drawing(window: Drawing) -> Drawing:
    """The code of a window, drawn."""
    data = "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in runs(window.alt))
    return dataclasses.replace(window, body=f'<path d="{data}" fill="{INK}"/>')


def operators(url: str) -> bytes:
    """What WeasyPrint would write for the drawing, with rectangles for its closed paths."""
    ink = f"{int(INK[1] * 2, 16) / 255:f}"
    lines = [f"q\n/a1.0 gs\n{ink} {ink} {ink} rg"]
    lines += [f"{x} {y} {run} 1 re" for x, y, run in runs(url)]
    return "\n".join([*lines, "f\nQ"]).encode("ascii")


def blank(window: Drawing) -> Stamp:
    """A stamp that draws nothing, for a page whose code is filled in later."""
    return Stamp(BLANK, (("a1.0", (("ca", 1.0),)),), window.view)


def stamp(window: Drawing) -> Stamp:
    """The code of a window as a stamp."""
    data = zlib.compress(operators(window.alt), COMPRESSION)
    return Stamp(data, (("a1.0", (("ca", 1.0),)),), window.view)
