"""Characters that no face draws, given by an organiser: out of a font of theirs, from a picture, or as another character.

Each becomes an outline in the em of a Han character (1000 units, y upwards, the baseline at 0), and all of them a copy of the
Kai face with one more glyph for each. So a name is set, measured, cut down and filled as if the face had always had them.
"""

import io
import itertools
import pathlib
from collections.abc import Mapping, Sequence

from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from PIL import Image, ImageFilter, ImageOps

from certificates.fonts import Faces
from certificates.words import Words

EM, TOP = 1000, 880
LARGEST_PICTURE = 4000  # pixels on a side
GRID = 480  # cells in which a picture is traced: 0.03 mm in a name of 36 pt
INK = 860  # of the em that a traced character fills
MOST_OUTLINE = 60_000  # signs of a path
LEAST_DARK, MOST_DARK = 0.01, 0.75
KAI = "PodiumKai-Regular.ttf"
REASONS = {
    "no-font": Words("这不是能读的字体文件（TTF、OTF）。", "This is no font file (TTF, OTF) that can be read."),
    "not-in-it": Words("这个字体也没有这个字。", "This font does not have the character either."),
    "no-picture": Words(
        "这不是能用的图片（PNG 或 JPEG，边长不超过 4000 像素）。",
        "This is no picture that can be used (PNG or JPEG, at most 4000 pixels on a side).",
    ),
    "no-ink": Words(
        "图片里看不出一个字：请用白底黑字、单独一个字的图片。",
        "The picture shows no character: dark on white, and one character alone.",
    ),
    "too-fine": Words("这个字形过于细碎，不能使用。", "This outline is too intricate to be used."),
    "no-other": Words("请写一个能印的字。", "Give one character that can be printed."),
}


class Unusable(ValueError):
    """What was given makes no character; `rule` says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def from_font(content: bytes, char: str) -> str:
    """The outline that a font has for a character. Raises Unusable."""
    try:
        font = TTFont(io.BytesIO(content), fontNumber=0, lazy=True)
        if "cmap" not in font or "head" not in font:
            raise Unusable("no-font")
        name = (font.getBestCmap() or {}).get(ord(char))
        if name is None:
            raise Unusable("not-in-it")
        glyphs, scale = font.getGlyphSet(), EM / font["head"].unitsPerEm
        beside = (EM - glyphs[name].width * scale) / 2
        pen = SVGPathPen(glyphs, ntos=_short)
        glyphs[name].draw(TransformPen(pen, Transform(scale, 0, 0, scale, beside, 0)))
    except Unusable:
        raise
    except Exception as error:  # fontTools raises many kinds on hostile bytes; each means the same
        raise Unusable("no-font") from error
    return _checked(pen.getCommands(), "not-in-it")


def from_other(char: str, faces: Faces) -> str:
    """The outline of a character that the faces have, for one that is another way of writing the same. Raises Unusable."""
    face = next((one for one in faces.stack("name") if len(char) == 1 and one.draws(char)), None)
    if face is None or char.isspace():
        raise Unusable("no-other")
    return _checked(face.outline(char, (EM, 0, 0, EM, 0, 0)), "no-other")


def from_picture(content: bytes) -> str:
    """The outline of what is dark in a picture, as large as a character and in the middle of its em. Raises Unusable."""
    dark = _dark(content)
    box = dark.getbbox()
    if box is None:
        raise Unusable("no-ink")
    ink = dark.crop(box)
    longest = max(ink.size)
    size = [max(8, round(side * GRID / longest)) for side in ink.size]
    smooth = ink.resize((size[0], size[1]), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(1.2))
    cells = ImageOps.expand(smooth.point(lambda value: 255 if value >= 128 else 0), 1)
    width, height = cells.size
    share = cells.histogram()[255] / (width * height)
    if not LEAST_DARK < share < MOST_DARK:
        raise Unusable("no-ink")
    scale = INK / GRID
    left, top = (EM - width * scale) / 2, TOP - (EM - height * scale) / 2
    loops = [_simple(loop) for loop in _loops(cells)]
    drawn = [
        "M" + "L".join(f"{_short(left + x * scale)},{_short(top - y * scale)}" for x, y in loop) + "Z"
        for loop in loops
        if len(loop) > 3
    ]
    return _checked("".join(drawn), "no-ink")


def _dark(content: bytes) -> Image.Image:
    """What is ink in a picture, white on black; transparent is paper."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > LARGEST_PICTURE:
                raise Unusable("no-picture")
            sheet = Image.new("RGBA", picture.size, "white")
            sheet.alpha_composite(picture.convert("RGBA"))
    except Unusable:
        raise
    except Exception as error:  # Pillow raises many kinds on hostile bytes; each means the same
        raise Unusable("no-picture") from error
    grey = ImageOps.autocontrast(sheet.convert("L"), cutoff=0.5)
    return grey.point(lambda value: 255 if value < 128 else 0)


Point = tuple[int, int]


def _loops(cells: Image.Image) -> list[list[Point]]:
    """The edges between dark and light, each loop with the dark on its right: outer ones and holes then run opposite ways."""
    width, height = cells.size
    data = cells.tobytes()
    ahead: dict[Point, list[Point]] = {}

    def dark(x: int, y: int) -> bool:
        return data[y * width + x] > 0

    for y, x in itertools.product(range(1, height), range(1, width)):
        if dark(x, y) != dark(x, y - 1):
            start, end = ((x, y), (x + 1, y)) if dark(x, y) else ((x + 1, y), (x, y))
            ahead.setdefault(start, []).append(end)
        if dark(x, y) != dark(x - 1, y):
            start, end = ((x, y + 1), (x, y)) if dark(x, y) else ((x, y), (x, y + 1))
            ahead.setdefault(start, []).append(end)
    found = []
    while ahead:
        first = at = next(iter(ahead))
        loop: list[Point] = []
        while at in ahead:
            loop.append(at)
            ways = ahead[at]
            at = ways.pop()
            if not ways:
                del ahead[loop[-1]]
            if at == first:
                break
        found.append(loop)
    return found


def _simple(loop: Sequence[Point], within: float = 0.9) -> list[Point]:
    """The loop with fewer points, none of those left out further than so many cells from it (Douglas and Peucker 1973)."""
    far = max(range(len(loop)), key=lambda at: (loop[at][0] - loop[0][0]) ** 2 + (loop[at][1] - loop[0][1]) ** 2)
    kept, halves = {0, far}, [(0, far), (far, len(loop))]
    while halves:
        first, last = halves.pop()
        (ax, ay), (bx, by) = loop[first], loop[last % len(loop)]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1
        worst, most = 0, within
        for at in range(first + 1, last):
            off = abs((bx - ax) * (ay - loop[at][1]) - (ax - loop[at][0]) * (by - ay)) / length
            if off > most:
                worst, most = at, off
        if worst:
            kept.add(worst)
            halves += [(first, worst), (worst, last)]
    return [loop[at] for at in sorted(kept)]


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _checked(path: str, empty: str) -> str:
    """The path, where it draws something of the size of a character. Raises Unusable."""
    if len(path) > MOST_OUTLINE:
        raise Unusable("too-fine")
    bounds = BoundsPen(None)
    parse_path(path, bounds)
    if bounds.bounds is None:
        raise Unusable(empty)
    left, bottom, right, top = bounds.bounds
    if not (-EM < left < right < 2 * EM and -EM < bottom < top < 2 * EM):
        raise Unusable("too-fine")
    return path


def picture(path: str) -> str:
    """An outline as an SVG to look at."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {EM} {EM}"><path transform="matrix(1 0 0 -1 0 {TOP})" '
        f'd="{path}" fill="#1d1a18"/></svg>'
    )


def face_with(outlines: Mapping[str, str], base: pathlib.Path) -> bytes:
    """The Kai face with these characters besides its own: new glyphs stand behind the others, so that those keep their numbers."""
    font = TTFont(base, recalcBBoxes=False, recalcTimestamp=False)
    order = font.getGlyphOrder()
    wide = [table for table in font["cmap"].tables if table.isUnicode() and table.format == 12]
    narrow = [table for table in font["cmap"].tables if table.isUnicode() and table.format == 4]
    for char in outlines:  # in the order in which they were given
        name, record, pen = f"own{ord(char):X}", RecordingPen(), TTGlyphPen(None)
        parse_path(outlines[char], record)
        record.replay(Cu2QuPen(pen, max_err=1))
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        order.append(name)
        font["glyf"].glyphs[name] = glyph
        font["hmtx"].metrics[name] = (EM, glyph.xMin)
        font["vmtx"].metrics[name] = (EM, TOP - glyph.yMax)
        for table in (*wide, *(narrow if ord(char) < 0x10000 else ())):
            table.cmap[ord(char)] = name
    font.setGlyphOrder(order)
    font["glyf"].setGlyphOrder(order)
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()
