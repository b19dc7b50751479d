"""The QR code as vector: level M, dark modules only, the light ones are the paper.

Every certificate has its own, so the drawing comes with the operators that WeasyPrint would write for it: they spare it
two thousand path commands a page. A test compares the two, pixel by pixel.
"""

import zlib
from collections.abc import Iterator

import segno

from certificates.drawings import Drawing, Stamp

INK = "#111"


def runs(url: str) -> tuple[int, Iterator[tuple[int, int, int]]]:
    """Modules along an edge, and the dark runs of every row: left, row, length.

    Modules that touch in a row are one rectangle, so that no viewer shows seams.
    """
    rows = segno.make_qr(url, error="m").matrix

    def dark() -> Iterator[tuple[int, int, int]]:
        for y, row in enumerate(rows):
            x = 0
            while x < len(row):
                run = 0
                while x + run < len(row) and row[x + run]:
                    run += 1
                if run:
                    yield x, y, run
                x += run or 1

    return len(rows), dark()


def drawing(url: str, size: float) -> Drawing:
    """The code, `size` mm wide."""
    side, dark = runs(url)
    data = "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in dark)
    return Drawing((0, 0, side, side), (size, size), f'<path d="{data}" fill="{INK}"/>', "qr", alt=url)


def stamp(url: str) -> Stamp:
    """The same code as WeasyPrint would write it."""
    side, dark = runs(url)
    ink = f"{int(INK[1] * 2, 16) / 255:f}"
    lines = [f"q\n/a1.0 gs\n{ink} {ink} {ink} rg"]
    lines += [f"{x} {y} m\n{x + run} {y} l\n{x + run} {y + 1} l\n{x} {y + 1} l\nh" for x, y, run in dark]
    data = "\n".join([*lines, "f\nQ"]).encode("ascii")
    return Stamp(zlib.compress(data), (("a1.0", (("ca", 1.0),)),), (0, 0, side, side))
