"""Makes a delegation's flag, emblem or logo fit to be shown to everybody: two plain pictures of it, nothing else kept.

Drawings (SVG) are not taken: they may carry programs and fetch from elsewhere. What one can see through stands on white.
"""

import io
from dataclasses import dataclass

from PIL import Image

from admin.photos.archive import LIMITS, MEGABYTE, Sent
from admin.photos.portrait import decoded, or_problem
from admin.photos.wording import problem
from scoring.verdict import Problem, Problems

LARGE, SMALL = (480, 320), (96, 64)
"""The boxes, in pixels, into which it goes whole: for the screen of a hall, and beside a name at three device pixels each."""
LEAST = 48
"""Pixels of the shorter side."""
LONGEST = 4
"""So many times as long as high, or as high as long, is no more to be made out beside a name."""
COLOURS, QUALITY = 64, 90


@dataclass(frozen=True)
class Flag:
    """A flag as it is kept, and the name under which it was sent: a JPEG for the hall, a PNG of few colours beside a name."""

    name: str
    large: bytes
    small: bytes


def flags(sent: tuple[Sent, ...]) -> tuple[Flag | Problem, ...]:
    """Each flag, or what is wrong with it; one bad picture keeps no other out."""
    return tuple(or_problem(flag, one) for one in sent)


def flag(sent: Sent) -> Flag:
    """The flag as it is kept. Raises Problems when it cannot be used."""
    if len(sent.data) > LIMITS.picture:
        raise Problems((problem("too-heavy", sent.name, limit=f"{LIMITS.picture // MEGABYTE} MB"),))
    picture = decoded(sent, LARGE)
    width, height = picture.size
    if min(width, height) < LEAST:
        raise Problems((problem("flag-small", sent.name, width=width, height=height, least=LEAST),))
    if max(width, height) > LONGEST * min(width, height):
        raise Problems((problem("flag-long", sent.name, width=width, height=height),))
    large, small = _within(picture, LARGE), _within(picture, SMALL)
    if small.getcolors(1):
        raise Problems((problem("flag-blank", sent.name),))
    return Flag(sent.name, _written(large, "JPEG", quality=QUALITY), _written(small.quantize(COLOURS), "PNG"))


def _within(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """A new picture: the read one remembers comments and profiles."""
    fitted = picture.copy()
    fitted.thumbnail(box, Image.Resampling.LANCZOS)
    bare = Image.new("RGB", fitted.size)
    bare.paste(fitted)
    return bare


def _written(picture: Image.Image, form: str, **more: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, optimize=True, **more)
    return out.getvalue()
