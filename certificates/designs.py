"""The designs: page, art and the figures that text is fitted by. Lengths in millimetres, sizes in points.

A design is a folder in `templates/` with a template and a stylesheet, and one entry here.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from certificates.art import border, guilloche, joinery
from certificates.drawings import Drawing


@dataclass(frozen=True, slots=True)
class NameBox:
    width: float
    largest: float
    floor: float  # below this size the name breaks at “·”
    track: float  # letter spacing in em


@dataclass(frozen=True, slots=True)
class TextBox:
    width: float
    height: float
    sizes: tuple[float, ...]
    leading: float


@dataclass(frozen=True, slots=True)
class Signature:
    """Where one of n organisations signs: its column, its name's sizes, its seal."""

    width: float
    largest: float
    floor: float
    seal: float


@dataclass(frozen=True, slots=True)
class Design:
    name: str
    width: float
    height: float
    art: Callable[[], str]
    name_box: NameBox
    text_box: TextBox
    signatures: tuple[Signature, ...]  # for one, two, three and four organisations
    date_height: float
    date_in_characters: bool
    qr: float
    ornament: Callable[[], Drawing] | None = None  # stands where the template puts it
    over: float = 0.3  # how far the art runs past the trim


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


@functools.cache
def craft_art() -> str:
    """Wood and paper: a dovetailed frame, a 鲁班锁 over the title, mortise and tenon as the maker's mark."""
    width, height, ink, ochre = 210, 297, "#5a3a22", "#a8672a"
    fills = {"z": "#f8f0e0", "x": "#e6d1aa", "y": "#d6b987"}
    rings = "".join(guilloche.ring(width / 2, 158, 12 + 14 * k, 26 + 14 * k, 18 + 6 * k, 6) for k in range(4))
    return "".join(
        (
            guilloche.path(rings, ochre, 0.1, 0.17),
            joinery.wood_frame(width, height, 9, 9, ink=ink, vein="#b98f5e", rail="#ecdcbc", stile="#e5d0a6"),
            border.inset(width, height, 20.5, ochre, 0.15),
            joinery.draw(joinery.luban_lock(), 2.7, width / 2, 53, joinery.Wood(ink, fills, 0.26)),
            joinery.draw(joinery.tenon(), 0.72, 156, 268.5, joinery.Wood(ink, fills, 0.16)),
        )
    )


CRAFT = Design(
    name="craft",
    width=210,
    height=297,
    art=craft_art,
    name_box=NameBox(142, 42, 26, 0.1),
    text_box=TextBox(142, 66, (16, 15.5, 15, 14, 13, 12, 11, 10), 1.95),
    signatures=(
        Signature(80, 15, 12, 40),
        Signature(64, 12.5, 11, 37),
        Signature(47, 11.5, 10, 33),
        Signature(35.5, 10.5, 9, 29),
    ),
    date_height=8.5,
    date_in_characters=True,
    qr=20,
)

DESIGNS = {design.name: design for design in (CLASSICAL, CRAFT)}


def named(name: str) -> Design:
    try:
        return DESIGNS[name]
    except KeyError:
        raise ValueError(f"no design is called {name!r}; there are {', '.join(DESIGNS)}") from None
