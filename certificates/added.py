"""Fonts that an operator adds for rare Han characters: what is asked of a file before it is taken, and what it says of itself.

Asked is what printing rests on. Outlines have to be TrueType's, for cut-down CFF fonts come out empty in some viewers. Nothing
may vary, for a page names one weight. A Han character has to be one em wide, as in our own faces, for names are measured so.
And the font must say itself that documents may carry it, in part (OS/2 fsType).
"""

import pathlib
from collections.abc import Iterable
from dataclasses import dataclass

from fontTools.ttLib import TTFont, TTLibFileIsCollectionError
from fontTools.ttLib.tables._n_a_m_e import table__n_a_m_e

from certificates.fonts import MORE, Face
from certificates.words import Words

LARGEST = 100_000_000
VERSION, LICENCE, ADDRESS = 5, 13, 14
RESTRICTED, MAY, WHOLE_ONLY, BITMAPS_ONLY = 0x0002, 0x000C, 0x0100, 0x0200  # OpenType, OS/2 fsType
MOST_SAID = 80
EM_TOLERANCE = 0.01
REASONS = {
    "too-large": (
        Words("大于 100 MB", "is larger than 100 MB"),
        Words("请用较小的字体，或只含所缺字的字体。", "Take a smaller font, or one with nothing but what is missing."),
    ),
    "unreadable": (
        Words("不是完整可读的字体文件", "is no font file that can be read to its end"),
        Words("请用 .ttf 文件；若是压缩包，先解开。", "Take a .ttf file; unpack an archive first."),
    ),
    "collection": (
        Words("是字体集合（TTC）", "is a collection of fonts (TTC)"),
        Words("请用单个字体的 .ttf 文件。", "Take the .ttf file of one font."),
    ),
    "outlines": (
        Words("没有 TrueType 轮廓（是 CFF 或点阵字体）", "has no TrueType outlines (it is CFF or bitmaps)"),
        Words("请用该字体的 TrueType（.ttf）版本。", "Take its TrueType (.ttf) edition."),
    ),
    "varies": (
        Words("是可变字体", "is a variable font"),
        Words("请用固定字重（Regular）的文件。", "Take the file of one weight (Regular)."),
    ),
    "restricted": (
        Words("自称不许嵌入文件，或不许只嵌入一部分（OS/2 fsType）", "says that no document may carry it, or none a part of it (OS/2 fsType)"),
        Words("请向权利人取得许可与相应的字体文件，或换用自由字体。", "Get a licence and the file that goes with it from its owner, or take a free font."),
    ),
    "width": (
        Words("的汉字不是一个字宽", "has Han characters that are not one em wide"),
        Words("请用汉字等宽的字体。", "Take a font whose Han characters are all one em wide."),
    ),
    "nothing": (
        Words("没有添加任何字：它的汉字现在都能印", "adds nothing: each of its Han characters can be printed already"),
        Words("podium fonts 列出还缺哪些字。", "'podium fonts' lists what is missing."),
    ),
}  # fmt: skip
"""Rule: what is wrong with a file, and the mend."""


class Unusable(ValueError):
    """A file that is not taken; `rule` is one of REASONS."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Told:
    """What a font file says of itself; empty where it is silent."""

    name: str
    version: str
    licence: str


def told(path: pathlib.Path) -> Told:
    """What a font that was added says of itself."""
    with TTFont(path, lazy=True) as font:
        return _told(font["name"])


def checked(path: pathlib.Path, before: Iterable[Face]) -> Face:
    """The font as a face that stands behind those `before`. Raises Unusable."""
    if path.stat().st_size > LARGEST:
        raise Unusable("too-large")
    try:
        with TTFont(path, lazy=True) as font:
            _refuse_kind(font)
            face = Face(path, MORE, 400)
            new = adds(face, before)
    except Unusable:
        raise
    except TTLibFileIsCollectionError as error:
        raise Unusable("collection") from error
    except Exception as error:  # fontTools raises many kinds on hostile bytes; each means the same
        raise Unusable("unreadable") from error
    if not new:
        raise Unusable("nothing")
    if any(abs(face.advance(char) - 1) > EM_TOLERANCE for char in new):
        raise Unusable("width")
    return face


def adds(face: Face, before: Iterable[Face]) -> str:
    """The characters that a face draws and none of those before it does, by their code points."""
    stack = tuple(before)
    chars = map(chr, sorted(face.hb.unicodes))
    return "".join(char for char in chars if face.draws(char) and not any(one.draws(char) for one in stack))


def _refuse_kind(font: TTFont) -> None:
    assert font.reader is not None, "opened from a file"
    if font.flavor:  # WOFF, which HarfBuzz does not open
        raise Unusable("unreadable")
    for tag in font.reader.keys():  # noqa: SIM118 - a reader is no mapping
        _ = font.reader[tag]  # each table is there to its last byte
    if "glyf" not in font:
        raise Unusable("outlines")
    if "fvar" in font:
        raise Unusable("varies")
    rights = font["OS/2"].fsType
    if (rights & RESTRICTED and not rights & MAY) or rights & (WHOLE_ONLY | BITMAPS_ONLY):
        raise Unusable("restricted")
    _told(font["name"])


def _told(names: table__n_a_m_e) -> Told:
    def short(text: str | None) -> str:
        return " ".join((text or "").split())[:MOST_SAID]

    licence = names.getDebugName(LICENCE) or names.getDebugName(ADDRESS)
    return Told(short(names.getBestFullName()), short(names.getDebugName(VERSION)), short(licence))
