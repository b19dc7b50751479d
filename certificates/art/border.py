"""Frames and corner pieces, and the page-sized drawing that holds them. Lengths in millimetres."""

from collections.abc import Callable

from certificates.art import guilloche
from certificates.drawings import Drawing

CORNER_ROSETTE: tuple[guilloche.Ring, ...] = ((0.94, 0.56, 8, 4), (0.5, 0.12, 6, 3))
FRET = (
    ((16, 0), (0, 0), (0, 16)),
    ((16, 2), (8.5, 2), (8.5, 8.5), (2, 8.5), (2, 16)),
    ((2, 2), (6.5, 2), (6.5, 6.5), (2, 6.5), (2, 2)),
    ((3.6, 3.6), (4.9, 3.6), (4.9, 4.9), (3.6, 4.9), (3.6, 3.6)),
)


def rectangle(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A filled rectangle as SVG; everything in mm from the page's left upper corner."""
    return f'<rect x="{x:.3f}" y="{y:.3f}" width="{width:.3f}" height="{height:.3f}" fill="{fill}"/>'


def inset(width: float, height: float, by: float, colour: str, line: float) -> str:
    """A hairline frame `by` mm inside the page."""
    return (
        f'<rect x="{by:.3f}" y="{by:.3f}" width="{width - 2 * by:.3f}" height="{height - 2 * by:.3f}" '
        f'fill="none" stroke="{colour}" stroke-width="{line}"/>'
    )


def band_between(width: float, height: float, outer: float, inner: float, colour: str) -> str:
    """The area between two frames, filled."""
    return (
        f'<path d="M{outer} {outer}H{width - outer}V{height - outer}H{outer}ZM{inner} {inner}V{height - inner}'
        f'H{width - inner}V{inner}Z" fill="{colour}"/>'
    )


def guilloche_frame(
    width: float, height: float, at: float, thickness: float, period: float, colour: str, line: float
) -> str:
    """Interlaced bands on four sides between corner rosettes; `at` is the outer edge, `period` a wish."""
    start = at + thickness
    along, upward = width - 2 * start, height - 2 * start
    middle, swing = at + thickness / 2, thickness * 0.86
    lying = guilloche.band(along, swing, round(along / period))
    standing = guilloche.band(upward, swing, round(upward / period), upright=True)
    out = guilloche.twice(lying, ((start, middle), (start, height - middle)), colour, line)
    out += guilloche.twice(standing, ((middle, start), (width - middle, start)), colour, line)
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            out += guilloche.rosette(x, y, thickness * 0.5, CORNER_ROSETTE, colour, line)
    return out


def fret(x: float, y: float, sx: int, sy: int, unit: float, colour: str, line: float) -> str:
    """回纹: a square spiral with two tails, mirrored by sx and sy."""
    data = "".join(
        "M" + "L".join(f"{x + sx * a * unit:.2f} {y + sy * b * unit:.2f}" for a, b in stroke) for stroke in FRET
    )
    return (
        f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{line}" stroke-linejoin="miter" '
        'stroke-linecap="square"/>'
    )


def corners(width: float, height: float, at: float, piece: Callable[[float, float, int, int], str]) -> str:
    """A piece in each of the four corners, mirrored."""
    return "".join(
        piece(at if sx > 0 else width - at, at if sy > 0 else height - at, sx, sy) for sx in (1, -1) for sy in (1, -1)
    )


def page(width: float, height: float, art: str, over: float) -> Drawing:
    """The drawing under a whole page, running `over` mm past the trim so that no edge shows white."""
    x, w, h = -over, width + 2 * over, height + 2 * over
    return Drawing((x, x, w, h), (w, h), art, "art", alt="边框与底纹", style=f"left:{x:g}mm;top:{x:g}mm")
