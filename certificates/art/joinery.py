"""榫卯 as line art: isometric drawings of small cells, dovetailed frames, wood grain. Lengths in millimetres.

A piece of joinery is a set of unit cells, each belonging to a part; edges are drawn where a part's surface ends, so the
drawing shows how the parts interlock.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Cell = tuple[int, int, int]
Point = tuple[float, float, float]
Cells = dict[Cell, str]
Projection = Callable[[tuple[float, ...], str], tuple[float, float]]

COS, SIN = math.cos(math.pi / 6), 0.5
FACES: dict[str, tuple[Cell, tuple[Cell, ...]]] = {
    "z": ((0, 0, 1), ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))),
    "x": ((1, 0, 0), ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1))),
    "y": ((0, 1, 0), ((0, 1, 0), (1, 1, 0), (1, 1, 1), (0, 1, 1))),
}
AXIS = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True, slots=True)
class Wood:
    """How a piece is drawn: its ink, the tone of each face, the line's weight."""

    ink: str
    fills: Mapping[str, str]
    line: float


@dataclass(frozen=True)
class Piece:
    """Cells with their parts, the axis along which each part's grain runs, and parts drawn apart from the rest."""

    cells: Cells
    grain: Mapping[str, str]
    apart: Mapping[str, Point] = field(default_factory=dict)

    def at(self, point: tuple[float, ...], part: str) -> Point:
        """Where a point of a part is drawn: moved as far as the part is apart."""
        dx, dy, dz = self.apart.get(part, (0, 0, 0))
        return point[0] + dx, point[1] + dy, point[2] + dz

    def joined(self, cell: tuple[int, ...], part: str) -> bool:
        """Whether the cell is filled so that no edge shows between it and the part."""
        other = self.cells.get((cell[0], cell[1], cell[2]))
        return other is not None and (other == part or not self.apart)


def box(part: str, at: Cell, size: Cell) -> Cells:
    """A block of cells of one part: its first corner and its width, depth and height."""
    (x, y, z), (w, d, h) = at, size
    return {(x + i, y + j, z + k): part for i in range(w) for j in range(d) for k in range(h)}


def draw(piece: Piece, scale: float, cx: float, cy: float, wood: Wood) -> str:
    """The piece in isometric view, its origin at (cx, cy); `scale` is the edge of a cell."""

    def flat(point: tuple[float, ...], part: str) -> tuple[float, float]:
        x, y, z = piece.at(point, part)
        return cx + (x - y) * COS * scale, cy + (x + y) * SIN * scale - z * scale

    out = []
    for cell in sorted(piece.cells, key=lambda one: sum(piece.at(one, piece.cells[one]))):
        part = piece.cells[cell]
        for name, (normal, corners) in FACES.items():
            if not piece.joined(shifted(cell, normal), part):
                out.append(face(piece, cell, name, [shifted(cell, corner) for corner in corners], flat, wood))
    return "".join(out)


def face(piece: Piece, cell: Cell, name: str, corners: list[Cell], flat: Projection, wood: Wood) -> str:
    """One visible face of a cell: its tone, its grain, and the edges where the surface does not go on."""
    part = piece.cells[cell]
    normal = FACES[name][0]
    points = [flat(corner, part) for corner in corners]
    tone = wood.fills[name]
    outline = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"
    out = [f'<path d="{outline}" fill="{tone}" stroke="{tone}" stroke-width="{wood.line * 0.6:.3f}"/>']
    lines = []
    for number in range(4):
        a, b = corners[number], corners[(number + 1) % 4]
        middle = tuple((u + v) / 2 - (k + 0.5) for u, v, k in zip(a, b, cell, strict=True))
        step = tuple(0 if normal[axis] else round(2 * middle[axis]) for axis in range(3))
        beside = shifted(cell, step)
        if piece.cells.get(beside) != part or piece.joined(shifted(beside, normal), part):
            lines.append((points[number], points[(number + 1) % 4], wood.line))
    along = piece.grain.get(part)
    if along and along != name:
        start = [float(value) for value in cell]
        start[AXIS[name]] += 1
        start[3 - AXIS[along] - AXIS[name]] += 0.5
        end = list(start)
        end[AXIS[along]] += 1
        lines.append((flat(tuple(start), part), flat(tuple(end), part), wood.line * 0.4))
    out += [
        f'<path d="M{xa:.2f} {ya:.2f}L{xb:.2f} {yb:.2f}" fill="none" stroke="{wood.ink}" stroke-width="{weight:.3f}" '
        'stroke-linecap="round"/>'
        for (xa, ya), (xb, yb), weight in lines
    ]
    return "".join(out)


def shifted(cell: tuple[int, ...], by: tuple[int, ...]) -> Cell:
    """The cell that lies so many cells further along each axis."""
    return cell[0] + by[0], cell[1] + by[1], cell[2] + by[2]


def luban_lock(half: int = 5) -> Piece:
    """鲁班锁: six bars of two by two crossing in the middle."""
    low, long = -half, 2 * half
    cells = box("c1", (-2, -1, low), (2, 2, long)) | box("c2", (0, -1, low), (2, 2, long))
    cells |= box("b1", (-1, low, -2), (2, long, 2)) | box("b2", (-1, low, 0), (2, long, 2))
    cells |= box("a1", (low, -2, -1), (long, 2, 2)) | box("a2", (low, 0, -1), (long, 2, 2))
    return Piece(cells, {"a1": "x", "a2": "x", "b1": "y", "b2": "y", "c1": "z", "c2": "z"})


def tenon() -> Piece:
    """直榫: a post with its mortise, and the rail with its tenon drawn out."""
    post = {
        cell: part
        for cell, part in box("post", (0, 0, 0), (4, 4, 15)).items()
        if not (1 <= cell[1] < 3 and 6 <= cell[2] < 10)
    }
    rail = box("rail", (4, 0, 5), (9, 4, 6)) | box("rail", (0, 1, 6), (4, 2, 4))
    return Piece(post | rail, {"post": "z", "rail": "x"}, {"rail": (5, 0, 0)})


def dovetail(start: float, end: float, y: float, depth: float, flip: int) -> str:
    """燕尾榫: the joint line from one x to another, two tails."""
    unit = (end - start) / 2
    slope = unit * 0.16
    points = [(start, y)]
    for tail in range(2):
        a = start + tail * unit + unit * 0.25
        b = a + unit * 0.5
        low = y + flip * depth
        points += [(a + slope / 2, y), (a - slope / 2, low), (b + slope / 2, low), (b - slope / 2, y)]
    points.append((end, y))
    return "M" + "L".join(f"{a:.2f} {b:.2f}" for a, b in points)


def grain(length: float, width: float, at: tuple[float, float], colour: str, seed: int, *, upright: bool) -> str:
    """Seven wavy lines along a member."""
    pieces, data = 16, ""
    for line in range(1, 8):
        across = width * line / 8
        points = []
        for k in range(pieces + 1):
            swing = 0.3 * math.sin(k * 1.3 + line * 0.5 + seed) * math.sin(k * 0.45 + seed)
            a, b = length * k / pieces, across + swing
            points.append((at[0] + b, at[1] + a) if upright else (at[0] + a, at[1] + b))
        data += "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return f'<path d="{data}" fill="none" stroke="{colour}" stroke-width=".1"/>'


def wood_frame(
    width: float, height: float, at: float, thick: float, *, ink: str, vein: str, rail: str, stile: str
) -> str:
    """Rails above and below, stiles dovetailed into them; the grain ends where a member does."""
    out, along = [], width - 2 * at
    for y, seed in ((at, 1), (height - at - thick, 2)):
        out.append(f'<path d="M{at} {y}h{along}v{thick}h-{along}Z" fill="{rail}"/>')
        out.append(grain(along, thick, (at, y), vein, seed, upright=False))
    for x, seed in ((at, 3), (width - at - thick, 4)):
        top = dovetail(x, x + thick, at + thick, thick * 0.78, -1)
        bottom = dovetail(x + thick, x, height - at - thick, thick * 0.78, 1)
        data = top + "L" + bottom[1:] + "Z"
        veins = grain(height - 2 * at, thick, (x, at), vein, seed, upright=True)
        out.append(
            f'<clipPath id="stile{seed}"><path d="{data}"/></clipPath><path d="{data}" fill="{stile}"/>'
            f'<g clip-path="url(#stile{seed})">{veins}</g>'
            f'<path d="{data}" fill="none" stroke="{ink}" stroke-width=".25" stroke-linejoin="miter"/>'
        )
    inner = at + thick
    out.append(
        f'<path d="M{at} {at}H{width - at}V{height - at}H{at}ZM{inner} {inner}H{width - inner}V{height - inner}H{inner}Z" '
        f'fill="none" stroke="{ink}" stroke-width=".3"/>'
    )
    return "".join(out)
