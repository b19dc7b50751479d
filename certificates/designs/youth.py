"""青春: tiles in flat colours along an edge, for students' events; lying and standing."""

import functools

from certificates.art import guilloche, tiles
from certificates.designs.design import Design, NameBox, Signature, TextBox, Title

NAVY, SKY = "#1d2b5c", "#4f9fe0"
INKS = ("#ff6f59", "#ffc93c", "#2fa98c", SKY, NAVY)
SIDE = 15  # of a tile: fourteen fill the short side of A4
SIZES = (17, 16, 15.5, 15, 14.5, 14, 13, 12, 11, 10)


def ground(cx: float, cy: float) -> str:
    """The rosette under the page, around its middle (mm)."""
    rings = guilloche.ring(cx, cy, 30, 52, 24, 6) + guilloche.ring(cx, cy, 52, 72, 36, 6)
    return guilloche.path(rings, SKY, 0.11, 0.2)


def fade(deep: int, along: int) -> float:
    """How likely a tile is, `deep` tiles from the edge and `along` it: two rows are full, the ends reach further."""
    end = min(along, 13 - along)
    return 1 if deep < 2 else 0.8 if deep == 2 and end < 3 else 0.6 if deep == 3 and end < 1 else 0


def steps(column: int, row: int) -> float:
    """A corner of three columns and two rows that climbs outwards."""
    return 1 if row >= 1 or column >= 2 else 0


@functools.cache
def lying(*, past: bool = False) -> str:
    """Tiles down the left edge and in the lower right corner; `past` the trim as well, for a sheet that is cut."""
    page = None if past else (297, 210)
    edge = tiles.field(range(-1, 4), range(-1, 15), SIDE, INKS, fade, 23, (0, 0), page)
    corner = tiles.field(range(4), range(3), SIDE, INKS, steps, 5, (297 - 3 * SIDE, 210 - 2 * SIDE), page)
    return ground(176, 104) + edge + corner


@functools.cache
def standing(*, past: bool = False) -> str:
    """Tiles along the upper edge and in the lower right corner; `past` the trim as well, for a sheet that is cut."""
    page = None if past else (210, 297)
    edge = tiles.field(range(-1, 15), range(-1, 4), SIDE, INKS, lambda column, row: fade(row, column), 12, (0, 0), page)
    corner = tiles.field(range(4), range(3), SIDE, INKS, steps, 5, (210 - 3 * SIDE, 297 - 2 * SIDE), page)
    return ground(105, 160) + edge + corner


YOUTH = Design(
    name="youth",
    width=297,
    height=210,
    art=lying,
    art_past=functools.partial(lying, past=True),
    title=Title(172, 34, 0.2, 28, 0.03),
    name_box=NameBox(203, 48, 24, 0.06),
    text_box=TextBox(203, 57, SIZES, 1.8),
    signatures=(
        Signature(80, 14, 12, 40),
        Signature(68, 12.5, 11, 37),
        Signature(56, 12, 10.5, 33),
        Signature(41, 10.5, 9, 33),
    ),
    date_height=7.5,
    english_signed=8,
    date_in_characters=False,
    qr=22,
    address_width=34,
    english_largest=12,
)

YOUTH_PORTRAIT = Design(
    name="youth-portrait",
    folder="youth",
    second_style="portrait.css",
    width=210,
    height=297,
    art=standing,
    art_past=functools.partial(standing, past=True),
    title=Title(134, 34, 0.2, 28, 0.03),
    name_box=NameBox(162, 46, 24, 0.06),
    text_box=TextBox(162, 72, SIZES, 1.8),
    signatures=(
        Signature(80, 14, 12, 40),
        Signature(68, 12.5, 11, 37),
        Signature(54, 12, 10.5, 33),
        Signature(40.5, 10.5, 9, 32),
    ),
    date_height=7.5,
    english_signed=8,
    date_in_characters=False,
    qr=22,
    english_largest=12,
)
