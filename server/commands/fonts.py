"""`podium fonts`: which characters certificates can be printed with, and which face draws them; adding fonts for rare ones."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import click

from certificates import added as asked
from certificates import covering, fonts
from scoring.verdict import Words
from server import settings
from server.database.opening import opened
from server.database.piccolo_conf import DB
from server.errors import Refusal
from server.issuing import adding
from server.terminal import spoken

FIRST = 10
"""Characters that are shown of those that nothing draws."""
FACES = Words("字体", "faces")
ADDED = Words("已添加：{name}（{told}）：多印 {count} 字", "added: {name} ({told}): {count} more drawn")
SILENT = Words("字体文件未说明许可", "the file names no licence")
DRAWN = Words("{what}：可印 {drawn} / {all}", "{what}: {drawn} / {all} drawn")
BEFORE = Words("（自带字体 {count}）", " ({count} by the faces that Podium brings)")
MISSING = Words("  不可印 {count} 字：{first}", "  {count} are not drawn: {first}")
GIVEN = Words("另给的字（单字补造）：{chars}", "characters that were given one by one: {chars}")
NO_FANG = Words(
    "没有仿宋：将 PodiumFang-Regular.ttf 放进 certificates/fonts，等级证书即用仿宋；目前以楷体代替。",
    "There is no Fang face: put PodiumFang-Regular.ttf into certificates/fonts for level certificates; Kai stands in for it.",
)
HOW = Words(
    "姓名含不可印的字时，颁发前即列出该字及其码位，不占用编号。用 podium fonts --add 文件… 添加含该字的字体（TrueType），"
    "无需重启；一两个字也可在“生僻字”页面单独补造。",
    "Who has a character that cannot be drawn is listed with it and its code point before anything is issued, and takes no "
    "number. 'podium fonts --add FILE…' adds a TrueType font that has it, without a restart; one or two characters are as "
    "well given at the page 'Rare characters'.",
)
PACKAGES = Words(
    "Debian/Ubuntu 自带的自由字体：fonts-hanazono（/usr/share/fonts/truetype/hanazono/HanaMinA.ttf 和 HanaMinB.ttf，合起来"
    "覆盖 GB 18030 级别 3）、fonts-babelstone-han（/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf，另含扩展 G、H）。",
    "Free fonts of Debian and Ubuntu: fonts-hanazono (/usr/share/fonts/truetype/hanazono/HanaMinA.ttf and HanaMinB.ttf, "
    "together all of GB 18030 level 3), fonts-babelstone-han (/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf, and "
    "Extensions G and H).",
)  # fmt: skip
NOT_USED = Words("没有这样用的参数。", "The options do not go together like this.")
USE = Words(
    "podium fonts [文字]，或 --add 文件…，或 --remove 名称。", "podium fonts [TEXT], or --add FILE…, or --remove NAME."
)


@click.command()
@click.argument("given", metavar="[TEXT] | FILE…", required=False, nargs=-1)
@click.option("--add", "adds", is_flag=True, help="Add these TrueType fonts for rare Han characters, in this order.")
@click.option(
    "--remove", "removed", metavar="NAME", help="Take a font out that was added, unless a certificate needs it."
)
def command(given: tuple[str, ...], adds: bool, removed: str | None) -> None:
    """Tell what the faces of certificates cover; with TEXT: which face draws each of its characters in a name."""
    if (adds and (removed is not None or not given)) or (removed is not None and given):
        raise Refusal("font.options", NOT_USED, USE, status=422)
    data = settings.load(os.environ, make_key=False).data
    if adds:
        _changed(lambda: adding.add(data, [Path(name) for name in given], None))
    elif removed is not None:
        _changed(lambda: adding.remove(data, removed, None))
    more = adding.drawn_by(data)
    standing = fonts.Faces(current if (current := data / ".fonts" / fonts.CURRENT).is_dir() else fonts.VENDORED)
    if given and not adds:
        raise SystemExit(_traced(" ".join(given), [standing.kai, standing.serif, *(face for _, face, _ in more)]))
    click.echo(f"{spoken(FACES)}: {', '.join(face.path.name for face in standing)}")
    for path, _, chars in more:
        told = asked.told(path)
        said = ", ".join(one for one in (told.name, told.version, told.licence or spoken(SILENT)) if one)
        click.echo(spoken(ADDED).format(name=adding.named(path), told=said, count=len(chars)))
    _cover([face for _, face, _ in more])
    ours = fonts.faces(fonts.VENDORED).kai
    if chars := "".join(char for char in map(chr, sorted(standing.kai.hb.unicodes)) if not ours.glyph(char)):
        click.echo(spoken(GIVEN).format(chars=" ".join(map(coded, chars))))
    if standing.fang is None:
        click.echo(spoken(NO_FANG))
    click.echo(spoken(HOW))
    click.echo(spoken(PACKAGES))


def _changed(change: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Change the fonts, with the database that knows which certificates bear what."""

    async def work(dsn: str) -> None:
        await DB.connect(dsn, connections=2)
        try:
            await change()
        finally:
            await DB.disconnect()

    with opened(settings.load(os.environ)) as dsn:
        asyncio.run(work(dsn))


def _traced(text: str, stack: Sequence[fonts.Face]) -> bool:
    """Which face draws each character; whether one is drawn by none."""
    missing = False
    for char in dict.fromkeys(text):
        face = next((one for one in stack if one.draws(char)), None)
        missing = missing or face is None
        click.echo(f"{char}  U+{ord(char):04X}  {face.path.name if face else '—'}")
    return missing


def _cover(more: Sequence[fonts.Face]) -> None:
    """How much of each block and standard is drawn, and what of the standards is not."""
    ours = fonts.faces(fonts.VENDORED).stack("name")
    blocks = [(what, covering.characters_of(ranges), False) for what, ranges in covering.BLOCKS]
    for what, chars, tells in (*blocks, *((what, chars, True) for what, chars in covering.standards())):
        lacking = covering.undrawn(chars, ours)
        missing = covering.undrawn(lacking, more)
        drawn, brought = len(chars) - len(missing), len(chars) - len(lacking)
        line = spoken(DRAWN).format(what=spoken(Words(what.zh, what.en)), drawn=drawn, all=len(chars))
        click.echo(line + (spoken(BEFORE).format(count=brought) if drawn > brought else ""))
        if tells and missing:
            first = " ".join(map(coded, missing[:FIRST])) + (" …" if len(missing) > FIRST else "")
            click.echo(spoken(MISSING).format(count=len(missing), first=first))


def coded(char: str) -> str:
    return f"{char} U+{ord(char):04X}"
