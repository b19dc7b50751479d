"""Small fonts for rare characters, made as they are needed: each character is a box of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

EM = 1024
Box = tuple[int, int, int, int]
WHOLE: Box = (50, -100, 974, 860)
"""A glyph that is all ink."""
LINE: Box = (50, 350, 974, 400)
"""A thin line."""


def font(
    path: Path,
    boxes: Mapping[str, Box],
    *,
    width: int = EM,
    rights: int = 0,
    varies: bool = False,
    cff: bool = False,
    licence: str = "",
) -> Path:
    """A font with these characters, at a path."""
    names = {f"u{ord(char):X}": box for char, box in boxes.items()}
    builder = FontBuilder(EM, isTTF=not cff)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(char): f"u{ord(char):X}" for char in boxes})
    drawn: dict[str, Any] = {}
    for name, box in {".notdef": LINE, **names}.items():
        pen = T2CharStringPen(width, None) if cff else TTGlyphPen(None)
        left, bottom, right, top = box
        pen.moveTo((left, bottom))
        for point in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(point)
        pen.closePath()
        drawn[name] = pen.getCharString() if isinstance(pen, T2CharStringPen) else pen.glyph()
    if cff:
        builder.setupCFF(path.stem, {}, drawn, {})
    else:
        builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics(dict.fromkeys(drawn, (width, 50)))
    builder.setupHorizontalHeader(ascent=880, descent=-144)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular", "licenseDescription": licence})
    builder.setupOS2(fsType=rights)
    builder.setupPost()
    if varies:
        builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    builder.save(path)
    return path
