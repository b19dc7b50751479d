"""Tiles of simple shapes in flat colours: quarter and half discs, triangles, dots, stripes. Lengths in millimetres."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Keep = Callable[[int, int], float]
SHAPES = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A place of the field and its quarter turns; points are fractions of its side.

    Points are turned here and not by the drawing, so that every engine gets the same numbers.
    """

    x: float
    y: float
    side: float
    turns: int

    def at(self, x: float, y: float) -> str:
        """A point of the tile (0–1 from its left upper corner) on the page, in mm, as SVG writes it."""
        for _ in range(self.turns):
            x, y = 1 - y, x
        return f"{self.x + x * self.side:.2f} {self.y + y * self.side:.2f}"

    def line(self, *points: tuple[float, float]) -> str:
        """The data of a path along these points of the tile."""
        return "M" + "L".join(self.at(*point) for point in points)

    def filled(self, ink: str, *points: tuple[float, float]) -> str:
        """The shape between these points, filled."""
        return f'<path d="{self.line(*points)}Z" fill="{ink}"/>'

    def arc(self, radius: float, sweep: int, x: float, y: float) -> str:
        """The rest of a path: an arc to a point of the tile; `radius` in sides of it, `sweep` is SVG's flag (1: clockwise)."""
        return f"A{radius * self.side:g} {radius * self.side:g} 0 0 {sweep} {self.at(x, y)}"


def shape(kind: int, tile: Tile, ink: str, second: str) -> str:
    """One tile."""
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    if kind == 0:
        return quarter(tile, 1, ink)
    if kind == 1:
        return tile.filled(ink, *corners[:2], corners[3])
    if kind == 2:
        halves = ((0.0, ink), (0.5, second))
        return "".join(
            f'<path d="{tile.line((0, y))}{tile.arc(0.5, 0, 1, y)}Z" fill="{colour}"/>' for y, colour in halves
        )
    if kind == 3:
        cx, cy = tile.at(0.5, 0.5).split()
        dot = f'<circle cx="{cx}" cy="{cy}" r="{tile.side * 0.26:.2f}" fill="#fff"/>'
        return tile.filled(ink, *corners) + dot
    if kind == 4:
        return quarter(tile, 1, ink) + quarter(tile, 0.5, second)
    stripes = "".join(tile.line((0, (line + 0.5) / 4), (1, (line + 0.5) / 4)) for line in range(4))
    return f'<path d="{stripes}" fill="none" stroke="{ink}" stroke-width="{tile.side * 0.1:.2f}"/>'


def quarter(tile: Tile, radius: float, ink: str) -> str:
    """A quarter of a disc around the tile's corner."""
    return f'<path d="{tile.line((0, 0), (radius, 0))}{tile.arc(radius, 1, 0, radius)}Z" fill="{ink}"/>'


def field(
    columns: range, rows: range, side: float, inks: Sequence[str], keep: Keep, seed: int, origin: tuple[float, float],
    page: tuple[float, float] | None = None,
) -> str:  # fmt: skip
    """Tiles over columns and rows counted from `origin`; `keep` says how likely a place is filled.

    Neighbours never share their first ink or their shape. The same seed gives the same field; with a page's width and
    height, the tiles that lie off the page are not drawn.
    """
    dice = random.Random(seed)
    out = []
    before: dict[tuple[int, int], tuple[str, int]] = {}
    for row in rows:
        for column in columns:
            if dice.random() >= keep(column, row):
                continue
            near = [before[place] for place in ((column - 1, row), (column, row - 1)) if place in before]
            ink = dice.choice([one for one in inks if one not in {ink for ink, _ in near}])
            second = dice.choice([one for one in inks if one != ink])
            kind = dice.choice([one for one in range(SHAPES) if one not in {kind for _, kind in near}])
            before[column, row] = ink, kind
            tile = Tile(origin[0] + column * side, origin[1] + row * side, side, dice.randrange(4))
            if not page or (0 <= tile.x < page[0] and 0 <= tile.y < page[1]):
                out.append(shape(kind, tile, ink, second))
    return "".join(out)
