"""典雅红金: a guilloche frame in red and gold, for the wall."""

import functools

from certificates.art import border, guilloche
from certificates.designs.design import Design, NameBox, Signature, TextBox, Title
from certificates.drawings import Drawing

RED, GOLD, LIGHT, PAPER = "#9f141d", "#b8893b", "#dcb768", "#fdf8ec"
PALE = guilloche.mixed(GOLD, PAPER, 0.2)
AT, THICKNESS = 8, 9  # of the frame
GROUND: tuple[guilloche.Ring, ...] = ((0.99, 0.76, 36, 8), (0.80, 0.50, 24, 8), (0.52, 0.22, 16, 7), (0.24, 0.03, 8, 5))
SIZES = (20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10)


def framed(width: float, height: float) -> str:
    """A guilloche frame with 回纹 in its corners."""
    return "".join(
        (
            border.band_between(width, height, AT, AT + THICKNESS, RED),
            border.guilloche_frame(width, height, AT, THICKNESS, 17, guilloche.mixed(LIGHT, RED, 0.9), 0.13),
            border.inset(width, height, AT - 1.1, GOLD, 0.5),
            border.inset(width, height, AT + THICKNESS + 1.1, GOLD, 0.5),
            border.inset(width, height, AT + THICKNESS + 2.2, GOLD, 0.15),
            border.corners(
                width,
                height,
                AT + THICKNESS + 4.6,
                lambda x, y, sx, sy: border.fret(x, y, sx, sy, 0.95, GOLD, 0.38),
            ),
        )
    )


@functools.cache
def lying() -> str:
    """The frame around a large pale rosette."""
    return guilloche.rosette(297 / 2, 112, 62, GROUND, PALE, 0.13) + framed(297, 210)


@functools.cache
def standing() -> str:
    """The same, with a small rosette for a crest over the title."""
    crest = guilloche.rosette(105, 48, 16, ((0.98, 0.7, 20, 5), (0.74, 0.4, 12, 5), (0.44, 0.1, 8, 4)), GOLD, 0.16)
    return guilloche.rosette(105, 158, 58, GROUND, PALE, 0.13) + crest + framed(210, 297)


def classical_ornament() -> Drawing:
    """A lozenge between two rules, under the title."""
    body = (
        '<path d="M-37.5 0H-5.500M5.500 0H37.500" fill="none" stroke="#b8893b" stroke-width=".25"/>'
        '<path d="M0-2.250 2.250 0 0 2.250-2.250 0Z" fill="none" stroke="#b8893b" stroke-width=".35"/>'
        '<path d="M0-1 1 0 0 1-1 0Z" fill="#9f141d"/>'
    )
    return Drawing((-37.5, -2.5, 75, 5), (75, 5), body, "rule")


CLASSICAL = Design(
    name="classical",
    width=297,
    height=210,
    art=lying,
    paper=PAPER,
    title=Title(160, 52, 0.36, 36, 0.12),
    name_box=NameBox(205, 36, 24, 0.06),
    text_box=TextBox(216, 60, SIZES, 1.85),
    signatures=(
        Signature(84, 16, 13, 40),
        Signature(72, 14, 12, 37),
        Signature(58, 13, 11, 34),
        Signature(45, 12, 10.5, 34),
    ),
    date_height=9.5,
    english_signed=8.5,
    date_in_characters=True,
    qr=22,
    ornament=classical_ornament,
)

CLASSICAL_PORTRAIT = Design(
    name="classical-portrait",
    folder="classical",
    second_style="portrait.css",
    width=210,
    height=297,
    art=standing,
    paper=PAPER,
    title=Title(142, 46, 0.3, 30, 0.08),
    name_box=NameBox(124, 34, 21, 0.06),
    text_box=TextBox(133, 84, (18, 17, 16, 15, 14, 13, 12, 11, 10), 1.85),
    signatures=(
        Signature(80, 15, 12, 40),
        Signature(64, 13, 11, 37),
        Signature(44, 11, 9.5, 33),
        Signature(33.5, 9.5, 8, 29),
    ),
    date_height=9,
    english_signed=8.5,
    date_in_characters=True,
    qr=20,
    ornament=classical_ornament,
)
