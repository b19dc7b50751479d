"""Makes one photo like all others: JPEG, 5:7, upright, at most 590 × 826, without anything but the picture in it.

The registration form of a province wants JPEG of 295 × 413 pixels; twice that prints a badge well. A photo that is
nearly 5:7 loses at most a twenty-fifth of its longer side; one that is not is refused, because a program that crops
faces by guess crops the wrong ones. Whether there is a face is for people to see.
"""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from admin.photos.archive import LIMITS, MEGABYTE, Sent
from admin.photos.wording import problem
from scoring.verdict import Problem, Problems

WIDTH, HEIGHT = 295, 413
LARGEST = (2 * WIDTH, 2 * HEIGHT)
MOST_PIXELS = 40_000_000
TOLERANCE = 25
"""A photo may be one part in so many wider or higher than 5:7."""
FORMATS = ("JPEG", "PNG")
QUALITY = 88
FACE = (150, 210)
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Portrait:
    """A photo as it is kept, and the name under which it was sent."""

    name: str
    jpeg: bytes
    width: int
    height: int


def portraits(sent: tuple[Sent, ...]) -> tuple[Portrait | Problem, ...]:
    """Each photo, or what is wrong with it; one bad photo keeps no other out."""
    return tuple(or_problem(portrait, one) for one in sent)


def or_problem(make: Callable[[Sent], Kept], sent: Sent) -> Kept | Problem:
    """What `make` makes of a picture, or the first thing that is wrong with it."""
    try:
        return make(sent)
    except Problems as refused:
        return refused.problems[0]


def portrait(sent: Sent) -> Portrait:
    """The photo as it is kept. Raises Problems when it cannot be used."""
    if len(sent.data) > LIMITS.picture:
        raise Problems((problem("too-heavy", sent.name, limit=f"{LIMITS.picture // MEGABYTE} MB"),))
    picture = decoded(sent, LARGEST)
    width, height = picture.size
    if width < WIDTH or height < HEIGHT:
        raise Problems((problem("too-small", sent.name, width=width, height=height),))
    if abs(width * 7 - height * 5) * TOLERANCE > max(width * 7, height * 5):
        raise Problems((problem("ratio", sent.name, width=width, height=height),))
    if picture.resize((WIDTH // 5, HEIGHT // 5)).getcolors(1):
        raise Problems((problem("blank", sent.name),))
    size = LARGEST if width >= LARGEST[0] and height >= LARGEST[1] else (WIDTH, HEIGHT)
    bare = Image.new("RGB", size)  # a new picture: the fitted one remembers comments and profiles
    bare.paste(ImageOps.fit(picture, size, Image.Resampling.LANCZOS))
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Portrait(sent.name, out.getvalue(), *size)


def decoded(sent: Sent, wanted: tuple[int, int]) -> Image.Image:
    """The picture upright, on white, in red, green and blue; refused by its header before it is unpacked. One much larger than
    what is wanted may come smaller.
    """
    try:
        with strictly(), Image.open(io.BytesIO(sent.data), formats=FORMATS) as picture:
            pixels = picture.width * picture.height
            if pixels > MOST_PIXELS:
                raise _too_many(sent.name)
            if picture.format == "JPEG":
                picture.draft("RGB", wanted)
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                layer = upright.convert("RGBA")
                ground = Image.new("RGBA", layer.size, "white")
                upright = Image.alpha_composite(ground, layer)
            return upright.convert("RGB")
    except Image.DecompressionBombError as error:
        raise _too_many(sent.name) from error
    except UnidentifiedImageError as error:
        nested = sent.data.startswith(b"PK\x03\x04") or sent.data.startswith(b"PK\x05\x06")
        raise Problems((problem("nested" if nested else "format", sent.name),)) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Problems((problem("damaged", sent.name),)) from error


@contextlib.contextmanager
def strictly() -> Iterator[None]:
    """Pillow warns of large pictures, which are refused here; and takes cut-off ones once anybody in the process asked it to."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _too_many(name: str) -> Problems:
    return Problems((problem("too-many-pixels", name, limit=MOST_PIXELS // 10_000),))


def face(jpeg: bytes) -> bytes:
    """A kept photo, small enough that a tablet takes a thousand of them along."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        picture.draft("RGB", FACE)
        picture.convert("RGB").resize(FACE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=74, optimize=True)
    return out.getvalue()
