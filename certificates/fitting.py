"""How large a text is set, from its measured width: CSS has no such rule.

Sizes are multiples of half a point, so that the certificates of a batch share few sizes and therefore few layouts.
"""

import math
from collections.abc import Sequence
from itertools import combinations

from certificates.fonts import Face

MM_PER_PT = 25.4 / 72
HALF_POINTS = 2
BETWEEN_SIGNS, BETWEEN_WORDS = 0.8, 2.4  # em that a line leaves empty where it breaks, on the safe side


def size_for(text: str, face: Face, width: float, largest: float, track: float = 0) -> float:
    """The largest size (pt, in half points) at which a line is no wider than `width` mm."""
    ems = face.ems(text) + track * len(text)
    if not ems:
        return largest
    return min(largest, math.floor(width / MM_PER_PT / ems * HALF_POINTS + 1e-9) / HALF_POINTS)


def lines(
    text: str,
    face: Face,
    width: float,
    largest: float,
    floor: float,
    *,
    track: float = 0,
    marks: str = "· -",
    before: str = "",
    most: int = 3,
) -> tuple[tuple[str, ...], float]:
    """A name on one line while it stays at or above `floor` pt; below that, broken after a mark (or before one of
    `before`) as evenly as can be.

    Returns the lines and their common size. A text without marks breaks in its middle.
    """
    broken: tuple[str, ...] = (text,)
    size = size_for(text, face, width, largest, track)
    cuts = [place + 1 for place, char in enumerate(text) if char in marks and place + 1 < len(text)]
    cuts += [place for place, char in enumerate(text) if char in before and place]
    cuts = cuts or [(len(text) + 1) // 2]
    for count in range(1, most):
        if size >= floor or count > len(cuts):
            break
        ways = [
            tuple(text[a:b].strip() for a, b in zip((0, *chosen), (*chosen, len(text)), strict=True))
            for chosen in combinations(sorted(cuts), count)
        ]
        broken = min(ways, key=lambda way: max(face.ems(line) for line in way))
        size = min(floor, *(size_for(line, face, width, largest, track) for line in broken))
    return broken, size


def height_of(
    paragraphs: Sequence[str], face: Face, width: float, size: float, leading: float, empty: float = BETWEEN_SIGNS
) -> float:
    """Height in mm of paragraphs set at `size` pt, reckoned on the safe side: each line leaves `empty` em where it breaks."""
    measure = width / (size * MM_PER_PT) - empty
    rows = sum(max(1, math.ceil(face.ems(paragraph) / measure)) for paragraph in paragraphs)
    return rows * size * MM_PER_PT * leading


def body(
    paragraphs: Sequence[str],
    face: Face,
    width: float,
    height: float,
    sizes: Sequence[float],
    leading: float,
    empty: float = BETWEEN_SIGNS,
) -> float:
    """The largest of `sizes` whose paragraphs fill no more than `height` mm; the smallest when none does."""
    for size in sizes:
        if height_of(paragraphs, face, width, size, leading, empty) <= height:
            return size
    return sizes[-1]
