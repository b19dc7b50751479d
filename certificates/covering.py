"""How much of a standard some faces draw: 通用规范汉字表, GB 18030 at its level 3, and the blocks of Unicode.

Counted from the font files as they are: a character counts when a face maps it to a glyph that is not empty.
"""

import functools
from collections.abc import Collection, Iterable

from certificates.fonts import VENDORED, Face
from certificates.words import Words

Ranges = tuple[tuple[int, int], ...]
GB_18030_LEVEL_3: Ranges = (
    (0x4E00, 0x9FEF), (0x3400, 0x4DB5), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0), (0xFA0E, 0xFA0F), (0xFA11, 0xFA11), (0xFA13, 0xFA14), (0xFA1F, 0xFA1F), (0xFA21, 0xFA21),
    (0xFA23, 0xFA24), (0xFA27, 0xFA29),
)  # fmt: skip
"""The 87 887 Han characters that GB 18030-2022 asks for at level 3: up to Extension F as of Unicode 11, and the twelve of the
compatibility block that are no other character's second code."""
BLOCKS: tuple[tuple[Words, Ranges], ...] = (
    (Words("基本汉字（URO）", "CJK Unified Ideographs"), ((0x4E00, 0x9FFF),)),
    (Words("扩展 A", "Extension A"), ((0x3400, 0x4DBF),)),
    (Words("扩展 B", "Extension B"), ((0x20000, 0x2A6DF),)),
    (Words("扩展 C 至 F", "Extensions C to F"), ((0x2A700, 0x2B739), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0))),
    (Words("扩展 G 至 I", "Extensions G to I"), ((0x30000, 0x3134A), (0x31350, 0x323AF), (0x2EBF0, 0x2EE5D))),
    (Words("拉丁字母及附加符号", "Latin with its accents"), ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x17F))),
    (Words("标点", "Punctuation"), ((0x2010, 0x2027), (0x3001, 0x3011), (0xFF01, 0xFF1F))),
)  # fmt: skip
"""As of Unicode 15.1."""


@functools.cache
def general_standard() -> str:
    """The 8 105 characters of 通用规范汉字表 (2013), in its order."""
    return "".join((VENDORED / "general-standard.txt").read_text("utf-8").split())


def characters_of(ranges: Ranges) -> str:
    """Every character in these ranges, both ends included."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


def standards() -> tuple[tuple[Words, str], ...]:
    """What a name may be written with by the standards in force, each with its characters."""
    return (
        (Words("通用规范汉字表", "通用规范汉字表 (General Standard Chinese Characters)"), general_standard()),
        (Words("GB 18030-2022 实现级别 3 的汉字", "Han characters of GB 18030-2022 level 3"), characters_of(GB_18030_LEVEL_3)),
    )  # fmt: skip


def undrawn(chars: Iterable[str], faces: Collection[Face]) -> str:
    """Those that none of the faces draws, in their order."""
    return "".join(char for char in chars if not any(face.draws(char) for face in faces))
