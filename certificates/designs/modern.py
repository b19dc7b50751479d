"""现代: a teal panel with a rosette that rises behind the prize, white paper, facts in a row; lying and standing."""

import functools
import math

from certificates.art import border, guilloche
from certificates.designs.design import Design, Facts, NameBox, Panel, Signature, TextBox, Title

TEAL, LINE = "#0f5c6e", "#8fc4cf"
RINGS: tuple[guilloche.Ring, ...] = ((0.99, 0.80, 40, 9), (0.83, 0.60, 30, 9), (0.63, 0.40, 20, 8), (0.43, 0.18, 12, 8))
SIZES = (16, 15.5, 15, 14.5, 14, 13.5, 13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9)
RADIUS = 62
PAST = 6  # mm, more than any trim


@functools.cache
def lying() -> str:
    """The panel on the left, half a rosette on its edge, a ground of waves at the foot of the page."""
    return "".join(
        (
            border.rectangle(-PAST, -PAST, 82 + PAST, 210 + 2 * PAST, TEAL),
            guilloche.half_rosette(82, 96, RADIUS, RINGS, LINE, 0.12, 0.42, facing=math.pi),
            guilloche.path(guilloche.ground(82, 182, 215 + PAST, 36, 2.4, 4.5, 3), TEAL, 0.1, 0.16),
        )
    )


@functools.cache
def standing() -> str:
    """The panel above, the rosette rising from its lower edge."""
    return "".join(
        (
            border.rectangle(-PAST, -PAST, 210 + 2 * PAST, 86 + PAST, TEAL),
            guilloche.half_rosette(105, 86, RADIUS, RINGS, LINE, 0.12, 0.42, facing=-math.pi / 2),
            guilloche.path(guilloche.ground(-PAST, 266, 210 + 2 * PAST, 40, 2.4, 4.5, 2), TEAL, 0.1, 0.16),
        )
    )


MODERN = Design(
    name="modern",
    width=297,
    height=210,
    art=lying,
    title=Title(150, 32, 0.16, 26, 0.04),
    name_box=NameBox(179, 46, 24, 0.06),
    text_box=TextBox(179, 44, SIZES, 1.75),
    signatures=(
        Signature(78, 13, 11, 38),
        Signature(66, 12, 11, 36),
        Signature(54, 11, 10, 32),
        Signature(44, 10.5, 9.5, 32),
    ),
    date_height=7.5,
    english_signed=8,
    date_in_characters=False,
    qr=22,
    introduces=True,
    panel=Panel(56, TextBox(56, 40, (12, 11, 10, 9, 8), 1.5), 58),
    address_width=32,
    facts=Facts(179, 13, 9, 16, 7.5),
    english_largest=10.5,
)

MODERN_PORTRAIT = Design(
    name="modern-portrait",
    folder="modern",
    second_style="portrait.css",
    width=210,
    height=297,
    art=standing,
    title=Title(138, 32, 0.16, 26, 0.04),
    name_box=NameBox(166, 44, 24, 0.06),
    text_box=TextBox(166, 60, SIZES, 1.75),
    signatures=(
        Signature(78, 13, 11, 38),
        Signature(66, 12, 11, 36),
        Signature(54, 11, 10, 32),
        Signature(41, 10, 9, 31),
    ),
    date_height=7.5,
    english_signed=8,
    date_in_characters=False,
    qr=22,
    introduces=True,
    panel=Panel(104, TextBox(104, 22, (12, 11, 10, 9, 8), 1.5), 58),
    address_width=32,
    facts=Facts(166, 13, 9, 16, 7.5),
    english_largest=11,
)
