"""Security line work: rosettes, bands and grounds as smooth paths, in millimetres.

The fine interlaced waves that banknotes carry. Every function returns SVG path data but `path` and `rosette`, which
return elements.
"""

import math
from collections.abc import Callable

Point = tuple[float, float]
Ring = tuple[float, float, int, int]  # outer radius, inner radius, petals, lines

WHOLE = (0, 2 * math.pi)
ROSETTE: tuple[Ring, ...] = ((0.98, 0.70, 24, 9), (0.74, 0.40, 16, 9), (0.46, 0.12, 12, 8))


def curve(at: Callable[[float], Point], start: float, end: float, pieces: int) -> str:
    """A path through at(t) made of cubic pieces whose tangents are measured."""
    step = (end - start) / pieces
    near = step * 1e-3
    out: list[str] = []
    before = (0.0, 0.0)
    for piece in range(pieces + 1):
        t = start + step * piece
        (x, y), (xa, ya), (xb, yb) = at(t), at(t - near), at(t + near)
        tx, ty = (xb - xa) / (2 * near) * step / 3, (yb - ya) / (2 * near) * step / 3
        if piece == 0:
            out.append(f"M{x:.2f} {y:.2f}")
        else:
            out.append(f"C{before[0]:.2f} {before[1]:.2f} {x - tx:.2f} {y - ty:.2f} {x:.2f} {y:.2f}")
        before = (x + tx, y + ty)
    return "".join(out)


def path(data: str, colour: str, width: float = 0.12, opacity: float = 1) -> str:
    return f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-opacity="{opacity}"/>'


def ring(
    cx: float, cy: float, inner: float, outer: float, petals: int, lines: int, arc: tuple[float, float] = WHOLE
) -> str:
    """`lines` waves between two radii, each turned a little further, from one angle to another."""
    middle, swing = (inner + outer) / 2, (outer - inner) / 2

    def wave(phase: float) -> Callable[[float], Point]:
        def at(t: float) -> Point:
            radius = middle + swing * math.sin(petals * t + phase)
            return cx + radius * math.cos(t), cy + radius * math.sin(t)

        return at

    pieces = round(petals * 4 * (arc[1] - arc[0]) / (2 * math.pi))
    return "".join(curve(wave(2 * math.pi * line / lines), *arc, pieces) for line in range(lines))


def rosette(
    cx: float, cy: float, radius: float, rings: tuple[Ring, ...], colour: str, width: float, opacity: float = 1
) -> str:
    """Nested rings; their radii are fractions of `radius`."""
    data = "".join(ring(cx, cy, radius * inner, radius * outer, petals, lines) for outer, inner, petals, lines in rings)
    return path(data, colour, width, opacity)


def half_rosette(
    cx: float, cy: float, radius: float, rings: tuple[Ring, ...], colour: str, width: float, opacity: float,
    facing: float,
) -> str:  # fmt: skip
    """The half of a rosette around the direction `facing` (radians, clockwise from the right)."""
    arc = facing - math.pi / 2, facing + math.pi / 2
    data = "".join(
        ring(cx, cy, radius * inner, radius * outer, petals, lines, arc) for outer, inner, petals, lines in rings
    )
    return path(data, colour, width, opacity)


def band(
    x: float, y: float, length: float, width: float, periods: int, lines: int = 8, *, upright: bool = False,
    pieces: int = 8,
) -> str:  # fmt: skip
    """A straight interlaced band of whole periods, so that it closes at both ends; `pieces` to a period."""

    def place(along: float, across: float) -> Point:
        return (x + across, y + along) if upright else (x + along, y + across)

    def wave(phase: float) -> Callable[[float], Point]:
        def at(t: float) -> Point:
            turn = 2 * math.pi * periods * t
            return place(length * t, width / 2 * math.sin(turn + phase) * (0.72 + 0.28 * math.cos(2 * turn)))

        return at

    def edge(side: int) -> Callable[[float], Point]:
        return lambda t: place(length * t, side * width * 0.5 * math.cos(2 * math.pi * periods * t))

    waves = [wave(2 * math.pi * line / lines) for line in range(lines)] + [edge(1), edge(-1)]
    return "".join(curve(one, 0, 1, periods * pieces) for one in waves)


def ground(
    x: float, y: float, width: float, height: float, gap: float, swing: float, waves: int, drift: float = 0.35,
    pieces: int = 14,
) -> str:  # fmt: skip
    """Fine wavy lines over an area; `pieces` to a wave."""

    def line(number: int) -> Callable[[float], Point]:
        phase = number * drift

        def at(t: float) -> Point:
            lift = math.sin(2 * math.pi * waves * t + phase) * math.sin(math.pi * t * 2 + phase / 3)
            return x + width * t, y + number * gap + swing * lift

        return at

    return "".join(curve(line(number), 0, 1, waves * pieces) for number in range(int(height / gap) + 1))
