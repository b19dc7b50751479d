"""匠作: wood, paper and joinery, upright."""

import functools

from certificates.art import border, guilloche, joinery
from certificates.designs.design import Design, NameBox, Signature, TextBox, Title

INK, OCHRE = "#5a3a22", "#a8672a"
FILLS = {"z": "#f8f0e0", "x": "#e6d1aa", "y": "#d6b987"}


def framed(width: float, height: float) -> str:
    """A dovetailed frame of wood."""
    wood = joinery.wood_frame(width, height, 9, 9, ink=INK, vein="#b98f5e", rail="#ecdcbc", stile="#e5d0a6")
    return wood + border.inset(width, height, 20.5, OCHRE, 0.15)


def ground(cx: float, cy: float) -> str:
    """The rosette under the page, around its middle (mm)."""
    rings = "".join(guilloche.ring(cx, cy, 12 + 14 * k, 26 + 14 * k, 18 + 6 * k, 6) for k in range(4))
    return guilloche.path(rings, OCHRE, 0.1, 0.17)


def lock(cx: float, cy: float) -> str:
    """鲁班锁."""
    return joinery.draw(joinery.luban_lock(), 2.7, cx, cy, joinery.Wood(INK, FILLS, 0.26))


def mark(cx: float, cy: float) -> str:
    """Mortise and tenon, the maker's mark."""
    return joinery.draw(joinery.tenon(), 0.72, cx, cy, joinery.Wood(INK, FILLS, 0.16))


@functools.cache
def standing() -> str:
    """The lock over the title, the mark at the foot."""
    return ground(105, 158) + framed(210, 297) + lock(105, 53) + mark(156, 268.5)


@functools.cache
def lying() -> str:
    """The lock in a column of its own on the left."""
    rule = f'<path d="M97 36V174" fill="none" stroke="{OCHRE}" stroke-width=".15"/>'
    return ground(184, 104) + framed(297, 210) + rule + lock(62, 62)


CRAFT = Design(
    name="craft",
    width=210,
    height=297,
    art=standing,
    paper="#f6eedf",
    title=Title(142, 44, 0.3, 30, 0.06),
    name_box=NameBox(142, 42, 26, 0.1),
    text_box=TextBox(142, 66, (16, 15.5, 15, 14, 13, 12, 11, 10), 1.95),
    signatures=(
        Signature(80, 15, 12, 40),
        Signature(64, 12.5, 11, 37),
        Signature(47, 11.5, 10, 33),
        Signature(35.5, 10.5, 9, 29),
    ),
    date_height=8.5,
    english_signed=8.5,
    date_in_characters=True,
    qr=20,
)

CRAFT_LANDSCAPE = Design(
    name="craft-landscape",
    folder="craft",
    second_style="landscape.css",
    width=297,
    height=210,
    art=lying,
    paper="#f6eedf",
    title=Title(150, 40, 0.3, 28, 0.06),
    name_box=NameBox(158, 40, 24, 0.1),
    text_box=TextBox(158, 48, (16, 15.5, 15, 14, 13, 12, 11, 10, 9.5, 9), 1.8),
    signatures=(
        Signature(80, 15, 12, 38),
        Signature(66, 12.5, 11, 36),
        Signature(53, 11.5, 10, 33),
        Signature(40, 10.5, 9, 31),
    ),
    date_height=8.5,
    english_signed=8.5,
    date_in_characters=True,
    qr=20,
    address_width=48,
    english_largest=11,
)
