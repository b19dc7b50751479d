"""The round red seal as vector: the name along the ring as glyph outlines, a star, a second line under it.

Outlines and not text, because a renderer may set text on a circle straight, and because a seal has to look the same
everywhere. The picture is not the proof: the signature of the file is. The seal lies under the black text, as ink does.
"""

import functools
import math

from certificates.drawings import Drawing
from certificates.fonts import Face, Faces

RED = "#c4161c"
STAR_INNER = 0.381966  # the inner points of a five-pointed star whose edges are straight


def star(cx: float, cy: float, radius: float) -> str:
    """The data of a five-pointed star's path, in mm."""
    points = []
    for point in range(10):
        angle = -math.pi / 2 + math.pi * point / 5
        reach = radius * (STAR_INNER if point % 2 else 1)
        points.append(f"{cx + reach * math.cos(angle):.3f} {cy + reach * math.sin(angle):.3f}")
    return "M" + "L".join(points) + "Z"


def glyph(face: Face, char: str, centre: tuple[float, float], height: float, squeeze: float, turn: float) -> str:
    """One character centred on a point, turned clockwise by `turn` radians."""
    cos, sin = math.cos(turn), math.sin(turn)
    sx, sy = height * squeeze, -height  # font y goes up, SVG y goes down
    mx, my = face.advance(char) / 2, 0.38  # the optical centre of a Han glyph
    cx, cy = centre
    shift = cx - (sx * cos * mx - sy * sin * my), cy - (sx * sin * mx + sy * cos * my)
    return face.outline(char, (sx * cos, sx * sin, -sy * sin, sy * cos, *shift))


@functools.lru_cache(maxsize=256)
def drawing(faces: Faces, ring: str, line2: str, diameter: float, opacity: float = 0.8) -> Drawing:
    """The seal. The ring is squeezed by itself and stays readable to 19 characters at 40 mm."""
    middle, count = diameter / 2, max(len(ring), 1)
    rim = diameter * 0.028
    height = diameter * (0.135 if count <= 14 else 0.118)
    track = middle - rim - diameter * 0.022 - height / 2  # the circle through the middles of the characters
    span = math.radians(min(262, 30 * (count - 1)))
    step = span / max(count - 1, 1)
    squeeze = max(0.55, min(0.86, step * (track - height * 0.3) / (height * 0.98))) if count > 1 else 0.86

    def face_for(char: str) -> Face:
        return next((face for face in (faces.bold, faces.kai, *faces.added) if face.draws(char)), faces.kai)

    paths = []
    for place, char in enumerate(ring):
        angle = -span / 2 + step * place  # 0 is twelve o'clock
        centre = middle + track * math.sin(angle), middle - track * math.cos(angle)
        paths.append(glyph(face_for(char), char, centre, height, squeeze, angle))
    paths.append(star(middle, middle - (diameter * 0.02 if line2 else 0), diameter * 0.163))
    small = diameter * 0.088
    pitch = small * min(0.92, 6.2 / max(len(line2), 1))
    start = middle - pitch * (len(line2) - 1) / 2
    for place, char in enumerate(line2):
        centre = start + place * pitch, middle + diameter * 0.245
        paths.append(glyph(face_for(char), char, centre, small, 0.84 * pitch / (small * 0.92), 0))
    body = (
        f'<circle cx="{middle}" cy="{middle}" r="{middle - rim / 2:.3f}" fill="none" stroke="{RED}" '
        f'stroke-width="{rim:.3f}" stroke-opacity="{opacity}"/>'
        f'<path fill="{RED}" fill-opacity="{opacity}" d="{"".join(paths)}"/>'
    )
    return Drawing((0, 0, diameter, diameter), (diameter, diameter), body, "seal", alt=f"{ring} {line2}".strip())
