"""The faces that certificates are set in: what they can draw, how wide it runs, and small copies for a batch.

Decided here: which face stands in for which. A name is set in Kai and a text in Serif; a character that the first face
lacks is drawn by the next of its stack, and one that none of them draws is *missing*: the certificate is refused rather
than printed with a box. Mapped is not enough: a font can map a character to an empty glyph, so extents are looked at.

Fonts that were *added* for rare Han characters stand behind both, in the order in which they were added, so that one more
changes no page that could be printed before. They never draw anything else: a code of private use means nothing until
somebody says what (see `characters`), and other scripts need shaping.
"""

import functools
import os
import pathlib
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields

import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from certificates.certificate import Certificate

VENDORED = pathlib.Path(__file__).resolve().parent / "fonts"
FEATURES = ("chws", "kern", "palt", "pwid")  # what the stylesheets ask for beside HarfBuzz's own choice
SERIF, KAI, FANG, MORE = "PodSerif", "PodKai", "PodFang", "PodMore"  # the families as stylesheets name them
ADDED = "[0-9][0-9]-*.ttf"  # in the folder of the faces; the numbers are their order, and end their families' names
RARE = ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))
"""What an added font may draw: Han characters of every block."""
PRINTED = tuple(field.name for field in fields(Certificate) if field.type is str)
FONTS, CURRENT = "CERTIFICATE_FONTS", "current"
"""The variable that tells this program and its presses where added characters are, and the link in that folder."""
NOT_DRAWN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))
SPACES = frozenset(" \u00a0\u3000")


@dataclass(frozen=True, slots=True)
class Missing:
    """A character of a field that no face of its stack draws; `position` counts from 0."""

    field: str
    char: str
    codepoint: str
    position: int


class Face:
    """One font file. One of the family MORE was added: it draws Han characters alone, and its number ends its family's name."""

    def __init__(self, path: pathlib.Path, family: str, weight: int) -> None:
        self._added = family == MORE
        self.path, self.family, self.weight = path, family + path.name[:2] if self._added else family, weight
        self.hb = hb.Face(hb.Blob.from_file_path(str(path)))
        self.font = hb.Font(self.hb)
        self._draws: dict[str, bool] = {}

    def draws(self, char: str) -> bool:
        """Mapped, and not to an empty glyph (spaces may be empty)."""
        if char not in self._draws:
            asked = not self._added or any(first <= ord(char) <= last for first, last in RARE)
            glyph = self.font.get_nominal_glyph(ord(char)) if asked else None
            extents = self.font.get_glyph_extents(glyph) if glyph else None
            self._draws[char] = bool(glyph) and (
                char in SPACES or (extents is not None and extents.width != 0 and extents.height != 0)
            )
        return self._draws[char]

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - faces live as long as the process
    def ems(self, text: str) -> float:
        """Width of a line in em, as HarfBuzz sets it."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = "zh-cn"
        hb.shape(self.font, buffer, {"chws": True, "kern": True})
        width: int = sum(position.x_advance for position in buffer.glyph_positions or ())
        return width / int(self.hb.upem)

    def advance(self, char: str) -> float:
        """Width of one character in em."""
        glyph = self.font.get_nominal_glyph(ord(char)) or 0
        return int(self.font.get_glyph_h_advance(glyph)) / int(self.hb.upem)

    def outline(self, char: str, transform: tuple[float, float, float, float, float, float]) -> str:
        """SVG path data of one glyph under an affine map of its em square."""
        scale = 1 / self.hb.upem
        a, b, c, d, e, f = transform
        pen = SVGPathPen(None, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
        drawing = TransformPen(pen, (a * scale, b * scale, c * scale, d * scale, e, f))
        self.font.draw_glyph_with_pen(self.font.get_nominal_glyph(ord(char)) or 0, drawing)
        return str(pen.getCommands())

    def glyph(self, char: str) -> int:
        """The number of a character's outline, 0 when there is none."""
        return self.font.get_nominal_glyph(ord(char)) or 0

    @functools.cache  # noqa: B019 - as above
    def digit_sets(self) -> tuple[tuple[int, ...], ...]:
        """The outlines of 0 to 9: as they are mapped, and as they are set in Latin text."""
        sets = [tuple(self.glyph(digit) for digit in "0123456789")]
        buffer = hb.Buffer()
        buffer.add_str("0123456789")
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "en"
        hb.shape(self.font, buffer)
        latin = tuple(info.codepoint for info in buffer.glyph_infos)
        return (*sets, latin) if latin not in sets else (*sets,)

    def subset(self, chars: Iterable[str]) -> "Subset":
        """A small font with these characters and what shaping may put in their place."""
        choice = hb.SubsetInput()
        choice.unicode_set.update(ord(char) for char in chars)
        choice.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        choice.layout_feature_tag_set.update(int.from_bytes(tag.encode("ascii"), "big") for tag in FEATURES)
        plan = hb.SubsetPlan(self.hb, choice)
        return Subset(bytes(plan.execute().blob.data), dict(plan.new_to_old_glyph_mapping))


@dataclass(frozen=True, slots=True)
class Subset:
    """A small font, and which outline of its face each of its own is."""

    data: bytes
    numbers: dict[int, int]


class Faces:
    """The three faces of one folder, those that were added behind them, and the stacks that fields are set in.

    A fourth, `PodiumFang-Regular.ttf`, may stand in the folder: the 仿宋 that the form of a skill level is filled in with
    (人社鉴发〔2021〕1号 三（一）). No free one covers 通用规范汉字表, so none is vendored, and the Kai stands in for it.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.serif = Face(folder / "PodiumSerif-Regular.ttf", SERIF, 400)
        self.bold = Face(folder / "PodiumSerif-Bold.ttf", SERIF, 700)
        self.kai = Face(folder / "PodiumKai-Regular.ttf", KAI, 400)
        fang = folder / "PodiumFang-Regular.ttf"
        self.fang = Face(fang, FANG, 400) if fang.is_file() else None
        self.added = tuple(Face(path, MORE, 400) for path in sorted(folder.glob(ADDED)))
        self._known: dict[Face, set[str]] = {face: set() for face in self}  # what a stack is known to draw

    def __iter__(self) -> Iterator[Face]:
        """The faces that layouts are compiled with; those that were added are not among them."""
        return iter((self.serif, self.bold, self.kai, *([self.fang] if self.fang else [])))

    def stack(self, field: str) -> tuple[Face, ...]:
        """Faces for a field, in the order in which they are asked."""
        return (self.kai, self.serif, *self.added) if field == "name" else (self.serif, self.kai, *self.added)

    def subsets(self, chars: Collection[str]) -> dict[Face, Subset]:
        """Small fonts for a page. Of the added ones each has only what no other face draws, so that nothing but the stack decides
        who draws a character, and a page without such characters is what it was before they were added.
        """
        found = {face: face.subset(chars) for face in self}
        rest = {char for char in chars if not (self.serif.draws(char) or self.kai.draws(char))}
        for face in self.added:
            if own := {char for char in rest if face.draws(char)}:
                found[face] = face.subset(own)
                rest -= own
        return found

    def missing(self, field: str, text: str) -> Iterator[Missing]:
        """The characters of a field's text that no face draws, each with its place in the text."""
        stack = self.stack(field)
        known = self._known[stack[0]]
        if known.issuperset(text):
            return
        known.update(char for char in text if any(face.draws(char) for face in stack))
        for position, char in enumerate(text):
            if not any(face.draws(char) for face in stack):
                yield Missing(field, char, f"U+{ord(char):04X}", position)


def standing() -> pathlib.Path:
    """Where the faces stand: with characters that were added to them, a folder that the link in FONTS leads to; else our own."""
    added = pathlib.Path(os.environ[FONTS], CURRENT) if FONTS in os.environ else VENDORED
    return added.resolve() if added.is_dir() else VENDORED


def faces(folder: pathlib.Path | None = None) -> Faces:
    """The faces of a folder, by default those that stand, opened once per process."""
    return opened(folder or standing())


@functools.lru_cache(maxsize=4)
def opened(folder: pathlib.Path) -> Faces:
    """The faces of one folder; what is in a folder never changes."""
    return Faces(folder)


def visible(char: str) -> bool:
    """Whether a character is to be drawn: everything but controls and noncharacters; also private use, and what Python's
    tables do not know yet."""
    code = ord(char)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return char == " " or unicodedata.category(char) not in NOT_DRAWN


def unprintable(
    certificate: Certificate, design: str = "classical", fonts_dir: pathlib.Path | None = None
) -> tuple[Missing, ...]:
    """Every character of every field that the design cannot draw. Empty means that the certificate may be issued."""
    have = faces(fonts_dir)
    found: list[Missing] = []
    for field, text in texts(certificate):
        found.extend(have.missing(field, text))
    return tuple(found)


def texts(certificate: Certificate) -> Iterator[tuple[str, str]]:
    """Every printed string with the name of its field."""
    for field in PRINTED:
        if text := getattr(certificate, field):
            yield field, text
    for number, organisation in enumerate(certificate.organisations):
        yield f"organisations[{number}].name", organisation.name
        yield f"organisations[{number}].seal_line2", organisation.seal_line2
        if organisation.name_en:
            yield f"organisations[{number}].name_en", organisation.name_en
