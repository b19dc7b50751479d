"""Security line work: rosettes, bands and grounds as smooth paths, in millimetres.

The fine interlaced waves that banknotes carry. Functions return SVG path data; `path`, the rosettes
and `twice` return elements.
"""

import math
from collections.abc import Callable

Point = tuple[float, float]
Ring = tuple[float, float, int, int]  # outer radius, inner radius, petals, lines

WHOLE = (0, 2 * math.pi)
TO_A_PETAL = 3  # pieces: within 0.07 mm of the wave
ROSETTE: tuple[Ring, ...] = ((0.98, 0.70, 24, 9), (0.74, 0.40, 16, 9), (0.46, 0.12, 12, 8))


def curve(at: Callable[[float], Point], start: float, end: float, pieces: int) -> str:
    """A path through at(t) made of cubic pieces. Their tangents are measured, and each bends so far that it passes its middle."""
    step = (end - start) / pieces
    near = step * 1e-3

    def slope(t: float) -> Point:
        (xa, ya), (xb, yb) = at(t - near), at(t + near)
        return (xb - xa) / (2 * near), (yb - ya) / (2 * near)

    x, y = at(start)
    out = [f"M{x:.2f} {y:.2f}"]
    for piece in range(pieces):
        t, u = start + step * piece, start + step * (piece + 1)
        (x, y), (vx, vy), (xu, yu), (wx, wy) = at(t), slope(t), at(u), slope(u)
        middle = at((t + u) / 2)
        reach = step / 3 * bend((middle[0] - (x + xu) / 2, middle[1] - (y + yu) / 2), (vx - wx, vy - wy), step)
        handles = x + reach * vx, y + reach * vy, xu - reach * wx, yu - reach * wy
        out.append("C" + " ".join(f"{value:.2f}" for value in (*handles, xu, yu)))
    return "".join(out)


def bend(rise: Point, turn: Point, step: float) -> float:
    """How much longer than measured the tangents of a piece are, so that its middle rises over the chord as the curve does.

    A cubic's middle is the chord's and an eighth of what its tangents differ in. Where they hardly differ there is no rise.
    """
    strength = (turn[0] ** 2 + turn[1] ** 2) * step / 8
    if strength < 1e-9:
        return 1
    return min(1.6, max(0.6, (rise[0] * turn[0] + rise[1] * turn[1]) / strength))


def mixed(colour: str, under: str, share: float) -> str:
    """A colour as it looks when a `share` of it lies over another. Line work in solid ink has no darker spots where it crosses."""
    pairs = ((int(one[at : at + 2], 16) for one in (colour, under)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(over * share + below * (1 - share)):02x}" for over, below in pairs)


def path(data: str, colour: str, width: float = 0.12, opacity: float = 1) -> str:
    """A line as SVG, `width` in mm."""
    return f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-opacity="{opacity}"/>'


def wave(
    inner: float, outer: float, petals: int, phase: float, cx: float = 0, cy: float = 0
) -> Callable[[float], Point]:
    """A closed wave between two radii, by its angle."""
    middle, swing = (inner + outer) / 2, (outer - inner) / 2

    def at(t: float) -> Point:
        radius = middle + swing * math.sin(petals * t + phase)
        return cx + radius * math.cos(t), cy + radius * math.sin(t)

    return at


def ring(
    cx: float, cy: float, inner: float, outer: float, petals: int, lines: int, arc: tuple[float, float] = WHOLE
) -> str:
    """`lines` waves between two radii, each turned a little further, from one angle to another."""
    pieces = round(petals * TO_A_PETAL * (arc[1] - arc[0]) / (2 * math.pi))
    phases = (2 * math.pi * line / lines for line in range(lines))
    return "".join(curve(wave(inner, outer, petals, phase, cx, cy), *arc, pieces) for phase in phases)


def rosette(cx: float, cy: float, radius: float, rings: tuple[Ring, ...], colour: str, width: float) -> str:
    """Nested rings; their radii are fractions of `radius`. Each is one wave that is turned: the file holds it once."""
    out = []
    for outer, inner, petals, lines in rings:
        one = path(curve(wave(radius * inner, radius * outer, petals, 0), *WHOLE, petals * TO_A_PETAL), colour, width)
        turns = (360 / petals * line / lines for line in range(lines))
        out += [f'<g transform="translate({cx:g} {cy:g}) rotate({turn:.3f})">{one}</g>' for turn in turns]
    return "".join(out)


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
    length: float, width: float, periods: int, lines: int = 8, *, upright: bool = False, pieces: int = 6
) -> list[str]:
    """The lines of a straight interlaced band of whole periods, from 0 along its middle; `pieces` to a period."""

    def place(along: float, across: float) -> Point:
        return (across, along) if upright else (along, across)

    def winding(phase: float) -> Callable[[float], Point]:
        def at(t: float) -> Point:
            turn = 2 * math.pi * periods * t
            return place(length * t, width / 2 * math.sin(turn + phase) * (0.72 + 0.28 * math.cos(2 * turn)))

        return at

    def edge(side: int) -> Callable[[float], Point]:
        return lambda t: place(length * t, side * width * 0.5 * math.cos(2 * math.pi * periods * t))

    waves = [winding(2 * math.pi * line / lines) for line in range(lines)] + [edge(1), edge(-1)]
    return [curve(one, 0, 1, periods * pieces) for one in waves]


def twice(lines: list[str], places: tuple[Point, Point], colour: str, width: float) -> str:
    """A band in two places, line by line, so that the second of each pair costs next to nothing in a packed file."""
    return "".join(
        f'<g transform="translate({x:g} {y:g})">{path(line, colour, width)}</g>' for line in lines for x, y in places
    )


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
