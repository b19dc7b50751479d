"""The QR code as vector: level M, dark modules only, the light ones are the paper.

Every certificate has its own, and they differ in a few digits of an address. A code is linear: with size and mask fixed,
turning over one bit of the text turns over the same modules whatever the other bits are, because the remainders of
Reed–Solomon, the placement and the mask are all sums without carry (ISO/IEC 18004, 7.5 to 7.8). So segno draws the
address once with zeros for its digits and once for each bit of each digit, and every further code is a sum of those.

The drawing comes with the operators that WeasyPrint would write for it: they spare it two thousand path commands a page.
A test compares the two, pixel by pixel.
"""

import dataclasses
import functools
import re
import zlib
from collections.abc import Iterator

import segno

from certificates.drawings import Drawing, Stamp, deflated

INK = "#111"
MASK = 3
BLANK = zlib.compress(b"% the code")
DARK = re.compile(rb"\x01+")
DIGIT = re.compile("[0-9]")


@dataclasses.dataclass(frozen=True, slots=True)
class Code:
    """The modules, row by row, 1 where dark, with a light one behind each row so that no run goes on into the next."""

    side: int
    modules: bytes

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """The dark runs of every row: left, row, length. Modules that touch are one rectangle, so that no viewer shows seams."""
        for run in DARK.finditer(self.modules):
            y, x = divmod(run.start(), self.side + 1)
            yield x, y, run.end() - run.start()


class Rectangles(dict[tuple[int, int], str]):
    """The operator of each run of modules, by where it begins and ends. Written once, for there are ten thousand at most."""

    def __init__(self, side: int) -> None:
        self.side = side

    def __missing__(self, span: tuple[int, int]) -> str:
        y, x = divmod(span[0], self.side + 1)
        self[span] = operator = f"{x} {y} {span[1] - span[0]} 1 re"
        return operator


@functools.cache
def rectangles(side: int) -> Rectangles:
    return Rectangles(side)


def drawn(text: str) -> Code:
    """The code as segno draws it. The mask is fixed, and the text is set byte by byte even where it could be shorter."""
    code = segno.make_qr(text, error="m", mask=MASK, mode="byte")
    return Code(len(code.matrix), b"".join(bytes(row) + b"\0" for row in code.matrix))


class Digits:
    """What the digits of one address do to its code."""

    def __init__(self, like: str) -> None:
        """`like` is the address with a 0 for every digit."""
        zeros = drawn(like)
        self.side, self.zeros = zeros.side, as_number(zeros)
        self.turned = [self._turned_at(like, found.start()) for found in DIGIT.finditer(like)]

    def _turned_at(self, like: str, place: int) -> dict[str, int]:
        """The modules that each digit turns over at this place; 0 turns over none."""
        bits = {bit: as_number(drawn(like[:place] + str(bit) + like[place + 1 :])) ^ self.zeros for bit in (1, 2, 4, 8)}
        turned = {}
        for digit in range(10):
            turned[str(digit)] = 0
            for bit, modules in bits.items():
                turned[str(digit)] ^= modules if digit & bit else 0
        return turned

    def code(self, address: str) -> Code:
        total = self.zeros
        for digit, turned in zip(DIGIT.findall(address), self.turned, strict=True):
            total ^= turned[digit]
        return Code(self.side, total.to_bytes(self.side * (self.side + 1), "big"))


def as_number(code: Code) -> int:
    return int.from_bytes(code.modules, "big")


@functools.lru_cache(maxsize=8)
def digits(like: str) -> Digits:
    return Digits(like)


@functools.lru_cache(maxsize=8)
def code(url: str) -> Code:
    return digits(DIGIT.sub("0", url)).code(url)


def window(url: str, size: float) -> Drawing:
    """Where the code goes, `size` mm wide, without the code."""
    side = code(url).side
    return Drawing((0, 0, side, side), (size, size), "", "qr", alt=url)


def drawing(window: Drawing) -> Drawing:
    """The code of a window, drawn."""
    data = "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in code(window.alt).runs())
    return dataclasses.replace(window, body=f'<path d="{data}" fill="{INK}"/>')


def operators(url: str) -> bytes:
    """What WeasyPrint would write for the drawing, with rectangles for its closed paths."""
    ink = f"{int(INK[1] * 2, 16) / 255:f}"
    lines = [f"q\n/a1.0 gs\n{ink} {ink} {ink} rg"]
    one = code(url)
    written = rectangles(one.side)
    lines += map(written.__getitem__, map(re.Match.span, DARK.finditer(one.modules)))
    return "\n".join([*lines, "f\nQ"]).encode("ascii")


def blank(window: Drawing) -> Stamp:
    """A stamp that draws nothing, for a page whose code is filled in later."""
    return Stamp(BLANK, (("a1.0", (("ca", 1.0),)),), window.view)


def stamp(window: Drawing) -> Stamp:
    """The code of a window as a stamp."""
    data = deflated(operators(window.alt))
    return Stamp(data, (("a1.0", (("ca", 1.0),)),), window.view)
