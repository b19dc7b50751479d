"""典雅红金: a guilloche frame in red and gold, for the wall."""

import functools

from certificates.art import border, guilloche
from certificates.designs.design import Design, NameBox, Signature, TextBox, Title
from certificates.drawings import Drawing


@functools.cache
def classical_art() -> str:
    """Red and gold: a guilloche frame, 回纹 corners, a rosette as ground."""
    width, height, red, gold, light = 297, 210, "#9f141d", "#b8893b", "#dcb768"
    at, thickness = 8, 9
    rings = ((0.99, 0.76, 36, 8), (0.80, 0.50, 24, 8), (0.52, 0.22, 16, 7), (0.24, 0.03, 8, 5))
    return "".join(
        (
            guilloche.rosette(width / 2, 112, 62, rings, gold, 0.13, 0.2),
            border.band_between(width, height, at, at + thickness, red),
            border.guilloche_frame(width, height, at, thickness, 17, light, 0.13, 0.9),
            border.inset(width, height, at - 1.1, gold, 0.5),
            border.inset(width, height, at + thickness + 1.1, gold, 0.5),
            border.inset(width, height, at + thickness + 2.2, gold, 0.15),
            border.corners(
                width,
                height,
                at + thickness + 4.6,
                lambda x, y, sx, sy: border.fret(x, y, sx, sy, 0.95, gold, 0.38),
            ),
        )
    )


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
    art=classical_art,
    paper="#fdf8ec",
    title=Title(160, 52, 0.36, 36, 0.12),
    name_box=NameBox(205, 36, 24, 0.06),
    text_box=TextBox(216, 60, (20, 19, 18, 17, 16, 15, 14, 13, 12), 1.85),
    signatures=(
        Signature(84, 16, 13, 40),
        Signature(72, 14, 12, 37),
        Signature(58, 13, 11, 34),
        Signature(45, 12, 10.5, 34),
    ),
    date_height=9.5,
    date_in_characters=True,
    qr=22,
    ornament=classical_ornament,
)
