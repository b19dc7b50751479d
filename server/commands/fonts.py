"""`podium fonts`: which characters certificates can be printed with, and which face draws them.

Counted from the font files as they are: a character counts when its face maps it to a glyph that is not empty.
"""

from __future__ import annotations

import unicodedata

import click

from certificates import fonts
from scoring.verdict import Words
from server.terminal import spoken

SETS: tuple[tuple[Words, tuple[tuple[int, int], ...]], ...] = (
    (Words("基本汉字（URO）", "CJK Unified Ideographs"), ((0x4E00, 0x9FFF),)),
    (Words("扩展 A", "Extension A"), ((0x3400, 0x4DBF),)),
    (Words("扩展 B", "Extension B"), ((0x20000, 0x2A6DF),)),
    (Words("扩展 C 至 F", "Extensions C to F"), ((0x2A700, 0x2EBE0),)),
    (Words("扩展 G 至 I", "Extensions G to I"), ((0x2EBF0, 0x323AF),)),
    (Words("拉丁字母及附加符号", "Latin with its accents"), ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x17F))),
    (Words("标点", "Punctuation"), ((0x2010, 0x2027), (0x3001, 0x3011), (0xFF01, 0xFF1F))),
)
GB_18030_LEVEL_3 = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0))
"""GB 18030-2022 asks at level 3 for all Han characters up to Extension F (§7.2)."""
LEVEL_3 = Words("GB 18030 实现级别 3 的汉字", "Han characters of GB 18030 level 3")
DRAWN = Words("可印", "drawn")
FACES = Words("字体", "faces")
NO_FANG = Words(
    "没有仿宋：将 PodiumFang-Regular.ttf 放进 certificates/fonts，等级证书即用仿宋；目前以楷体代替。",
    "There is no Fang face: put PodiumFang-Regular.ttf into certificates/fonts for level certificates; Kai stands in for it.",
)
HOW = Words(
    "姓名含不可印的字时，颁发前即列出该字及其码位，不占用编号；换装覆盖该字的同名字体后可再颁发。",
    "Who has a character that cannot be drawn is listed with it and its code point before anything is issued, and takes no "
    "number; put a face that has it under the same file name, and issue again.",
)


@click.command()
@click.argument("text", required=False, default="")
def command(text: str) -> None:
    """Tell what the faces of certificates cover; with TEXT: which face draws each of its characters in a name."""
    have = fonts.faces()
    if text:
        for char in dict.fromkeys(text):
            face = next((one for one in have.stack("name") if one.draws(char)), None)
            click.echo(f"{char}  U+{ord(char):04X}  {face.path.name if face else '—'}")
        raise SystemExit(any(have.missing("name", text)))
    click.echo(f"{spoken(FACES)}: {', '.join(face.path.name for face in have)}")
    for words, ranges in (*SETS, (LEVEL_3, GB_18030_LEVEL_3)):
        chars = [chr(code) for first, last in ranges for code in range(first, last + 1) if named(chr(code))]
        drawn = sum(any(face.draws(char) for face in have.stack("name")) for char in chars)
        click.echo(f"{spoken(words)}: {drawn} / {len(chars)} {spoken(DRAWN)}")
    if have.fang is None:
        click.echo(spoken(NO_FANG))
    click.echo(spoken(HOW))


def named(char: str) -> bool:
    """Whether this code point is a character at all, by the tables that Python has."""
    return unicodedata.category(char) not in ("Cn", "Co", "Cs")
