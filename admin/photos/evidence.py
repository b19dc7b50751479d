"""Makes a photo beside a mark fit to be kept: JPEG, upright, at most 1600 pixels long, nothing in it but the picture.

Where and with what it was taken stays out: the camera's notes may name the place or the owner of the device.
"""

import io
from dataclasses import dataclass

from PIL import Image

from admin.photos.archive import LIMITS, MEGABYTE, Sent
from admin.photos.portrait import decoded
from admin.photos.wording import problem
from scoring.verdict import Problems

LONGEST = 1600
QUALITY = 82


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept."""

    jpeg: bytes
    width: int
    height: int


def evidence(sent: Sent) -> Picture:
    """The photo as it is kept. Raises Problems when it is no picture that can be read."""
    if len(sent.data) > LIMITS.picture:
        raise Problems((problem("too-heavy", sent.name, limit=f"{LIMITS.picture // MEGABYTE} MB"),))
    picture = decoded(sent, (LONGEST, LONGEST))
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", picture.size)  # a new picture: the read one remembers comments and profiles
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *bare.size)
