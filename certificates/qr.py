"""The QR code as vector: level M, dark modules only, the light ones are the paper.

Every certificate has its own, and they differ in the digits of an address. A code is linear: with size and mask fixed,
turning over one bit of the text turns over the same modules whatever the other bits are, because the remainders of
Reed–Solomon, the placement and the mask are all sums without carry (ISO/IEC 18004, 7.5 to 7.8). So segno draws the
address once with zeros for its digits and once for each bit of each digit, and every further code is a sum of those.
The digits of a fragment (`certificates.codes`) are set as digits, three in ten bits (7.4.3): there a bit is one of those ten.

The drawing comes with the operators that WeasyPrint would write for it: they spare it two thousand path commands a page.
A test compares the two, pixel by pixel.
"""

import dataclasses
import functools
import itertools
import operator
import re
import zlib
from collections.abc import Iterator
from typing import Any

import segno
from segno import consts

from certificates.drawings import Drawing, Stamp, deflated

INK = "#111"
MASK = 3
BLANK = zlib.compress(b"% the code")
DIGIT = re.compile("[0-9]")
ALL_DIGITS = re.compile("[0-9]+")
GROUP = 3
HALF, HALVED = 5, 31  # a number's bits are looked up in two tables of 32 rather than in one of 1024
NOUGHTS = str.maketrans("123456789", "0" * 9)
DARK_AND_LIGHT, AS_TEXT = bytes.maketrans(b"01", b"\0\1"), bytes.maketrans(b"\0\1", b"01")


@dataclasses.dataclass(frozen=True, slots=True)
class Code:
    """The modules, row by row, 1 where dark, with a light one behind each row so that no run goes on into the next."""

    side: int
    modules: bytes

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """The dark runs of every row: left, row, length. Modules that touch are one rectangle, so that no viewer shows seams."""
        edges = self.edges()
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            y, x = divmod(start, self.side + 1)
            yield x, y, end - start

    def edges(self) -> list[int]:
        """Where a dark run begins, where it ends, where the next begins …: wherever a module is not like the one before it."""
        number = int.from_bytes(self.modules, "big")
        turns = (number ^ number >> 8).to_bytes(len(self.modules), "big")
        return list(itertools.compress(operands(self.side).places, turns))


@dataclasses.dataclass(frozen=True, slots=True)
class Window(Drawing):
    """Where a code goes. `alt` is read out, so it is the address alone; `text` is all that the code says."""

    text: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Operands:
    """What is said of a rectangle in a code of one size: its corner, by the place of its first module, and its length."""

    places: list[int]
    corners: list[str]
    lengths: list[str]


@functools.cache
def operands(side: int) -> Operands:
    """The operands for codes of so many modules a side, shared by all of them."""
    places = list(range(side * (side + 1)))
    corners = [f"{x} {y} " for y, x in (divmod(place, side + 1) for place in places)]
    return Operands(places, corners, [f"{length} 1 re\n" for length in range(side + 1)])


def drawn(text: str) -> Code:
    """The code as segno draws it. The mask is fixed, and the text is set byte by byte even where it could be shorter;
    only a fragment of digits is set as such."""
    address, digits = parts(text)
    # segno takes segments too, as its encoder says; its types know only one of them.
    content: Any = [(address, consts.MODE_BYTE), (digits, consts.MODE_NUMERIC)] if digits else address
    code = segno.make_qr(content, error="m", mask=MASK, mode=None if digits else "byte")
    return Code(len(code.matrix), b"".join(bytes(row) + b"\0" for row in code.matrix))


def parts(text: str) -> tuple[str, str]:
    """The text up to its fragment, with the mark, and the fragment where it is all digits."""
    address, mark, fragment = text.partition("#")
    return (address + mark, fragment) if ALL_DIGITS.fullmatch(fragment) else (text, "")


def numbers(text: str) -> list[slice]:
    """Where each number stands that bits are turned in: a digit of the address, three of the fragment."""
    address, _ = parts(text)
    found = [slice(*one.span()) for one in DIGIT.finditer(address)]
    return found + [slice(at, min(at + GROUP, len(text))) for at in range(len(address), len(text), GROUP)]


class Digits:
    """What the digits of one address do to its code."""

    def __init__(self, like: str) -> None:
        """`like` is the address with a 0 for every digit."""
        zeros = drawn(like)
        self.side, self.zeros = zeros.side, as_number(zeros)
        self.turned = [(place, *self._turned_at(like, place)) for place in numbers(like)]

    def _turned_at(self, like: str, place: slice) -> tuple[list[int], list[int]]:
        """The modules that the number at this place turns over: by its lower five bits, and by the others."""
        bits, width = [], place.stop - place.start
        for bit in (1 << power for power in range((10**width - 1).bit_length())):
            other = like[: place.start] + f"{bit:0{width}}" + like[place.stop :]
            bits.append(as_number(drawn(other)) ^ self.zeros)
        return sums(bits[:HALF]), sums(bits[HALF:])

    def code(self, address: str) -> Code:
        """The code of an address that differs from the first one in its digits only."""
        total = self.zeros
        for place, lower, upper in self.turned:
            value = int(address[place])
            total ^= lower[value & HALVED] ^ upper[value >> HALF]
        modules = f"{total:0{self.side * (self.side + 1)}b}".encode().translate(DARK_AND_LIGHT)
        return Code(self.side, modules)


def sums(bits: list[int]) -> list[int]:
    """The sum without carry of every choice among these, by the number whose bits choose."""
    found = [0]
    for one in bits:
        found += [one ^ other for other in found]
    return found


def as_number(code: Code) -> int:
    """A bit for each module."""
    return int(code.modules.translate(AS_TEXT), 2)


@functools.lru_cache(maxsize=8)
def digits(like: str) -> Digits:
    """What digits do to a code of this kind: found out once, by having segno draw a code for each bit of each number."""
    return Digits(like)


def digits_of(text: str) -> Digits:
    """The same, for the kind that this text is of."""
    return digits(text.translate(NOUGHTS))


@functools.lru_cache(maxsize=8)
def code(text: str) -> Code:
    """The QR code of a text, equal to the one that segno draws."""
    return digits_of(text).code(text)


def window(url: str, size: float, digits: str = "") -> Window:
    """Where the code goes, `size` mm wide, without the code; `digits` are its fragment."""
    text = f"{url}#{digits}" if digits else url
    side = digits_of(text).side
    return Window((0, 0, side, side), (size, size), "", "qr", alt=url, text=text)


def drawing(window: Window) -> Window:
    """The code of a window, drawn."""
    return dataclasses.replace(window, body=_path(code(window.text)))


def alone(text: str, size: float) -> Window:
    """The drawn code of a text that no other text resembles, `size` mm wide: digits are not worth turning over for one."""
    one = drawn(text)
    return Window((0, 0, one.side, one.side), (size, size), _path(one), "qr", alt=text, text=text)


def _path(one: Code) -> str:
    data = "".join(f"M{x} {y}h{run}v1h-{run}z" for x, y, run in one.runs())
    return f'<path d="{data}" fill="{INK}"/>'


def operators(url: str) -> bytes:
    """What WeasyPrint would write for the drawing, with rectangles for its closed paths."""
    ink = f"{int(INK[1] * 2, 16) / 255:f}"
    one = code(url)
    known, edges = operands(one.side), one.edges()
    starts, ends = edges[::2], edges[1::2]
    # Column by column: there are some seven hundred rectangles on every page.
    written: list[str] = [""] * len(edges)
    written[::2] = map(known.corners.__getitem__, starts)
    written[1::2] = map(known.lengths.__getitem__, map(operator.sub, ends, starts))
    return "".join([f"q\n/a1.0 gs\n{ink} {ink} {ink} rg\n", *written, "f\nQ"]).encode("ascii")


def blank(window: Window) -> Stamp:
    """A stamp that draws nothing, for a page whose code is filled in later."""
    return Stamp(BLANK, (("a1.0", (("ca", 1.0),)),), window.view)


def stamp(window: Window) -> Stamp:
    """The code of a window as a stamp."""
    data = deflated(operators(window.text))
    return Stamp(data, (("a1.0", (("ca", 1.0),)),), window.view)
