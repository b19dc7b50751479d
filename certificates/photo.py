"""The photo of a person: checked, cut to 25 × 35 mm and written as a plain JPEG at 300 dpi.

A photo comes from outside. Its declared size is looked at before anything is decoded, only JPEG and PNG are opened, and
what goes into the certificate is our own encoding: no metadata, no profile, no transparency, no surprise.

Our own encoding is known by its first bytes, which are the same for every photo, and is taken as it is, so that a photo
that was prepared when its certificate was issued costs nothing each time it is printed.
"""

import io
import re

from PIL import Image, ImageOps

from certificates.words import Words

WIDTH, HEIGHT = 295, 413
QUALITY = 88
MOST_PIXELS = 40_000_000
PICTURES = ("PNG", "JPEG", "MPO")  # the last is a JPEG of some telephones
LONGEST_SIDE = 20_000  # Pillow keeps eight bytes for each row, however short
MOST_BYTES = 12_000_000
TOO_MANY = Words("照片像素过多。", "The photo has too many pixels.")
ORIENTATION, ON_ITS_SIDE = 0x0112, 5  # Exif 2.32, 4.6.4 A: from 5 on, rows are columns


class UnusablePhoto(ValueError):
    """The bytes are no photo that can be printed; `words` says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def prepared(data: bytes) -> bytes:
    """The photo as a 295 × 413 JPEG. The same bytes give the same photo, and a prepared photo is given back."""
    if is_prepared(data):
        return data
    if len(data) > MOST_BYTES:
        raise UnusablePhoto(Words("照片文件超过 12 MB。", "The photo is larger than 12 MB."))
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS or max(picture.size) > LONGEST_SIDE:
                raise UnusablePhoto(TOO_MANY)
            lying = picture.getexif().get(ORIENTATION, 1) >= ON_ITS_SIDE
            picture.draft("RGB", (HEIGHT, WIDTH) if lying else (WIDTH, HEIGHT))  # a JPEG need not be unpacked larger
            ImageOps.exif_transpose(picture, in_place=True)
            cut = ImageOps.fit(in_colours(picture), (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    except UnusablePhoto:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePhoto(TOO_MANY) from error
    except Exception as error:  # Pillow raises many kinds on hostile bytes; each means the same
        raise UnusablePhoto(Words("照片不是可读的 JPEG 或 PNG。", "The photo is no readable JPEG or PNG.")) from error
    return encoded(on_paper(cut))


def in_colours(picture: Image.Image) -> Image.Image:
    """The picture in red, green and blue, with what one can see through. Sixteen bits of grey become eight: Pillow itself would
    only cut off what is above 255, and leave a white sheet."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)


def on_paper(picture: Image.Image) -> Image.Image:
    """The picture on white where one can see through it; once it is small, for this takes its memory four times."""
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")


def encoded(picture: Image.Image) -> bytes:
    """A picture as JPEG, with nothing but its pixels."""
    bare = Image.new("RGB", picture.size)  # a new picture: the old one remembers comments and profiles
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


BLANK = encoded(Image.new("RGB", (WIDTH, HEIGHT)))
HEAD = BLANK[: BLANK.index(b"\xff\xda") + 14]  # up to where the pixels begin, ITU-T T.81 B.2.3
END = b"\xff\xd9"
MARKER = re.compile(rb"\xff[^\0]")


def is_prepared(data: bytes) -> bool:
    """Whether this is our own encoding: our head, pixels, nothing else."""
    return data.startswith(HEAD) and data.endswith(END) and not MARKER.search(data, len(HEAD), len(data) - len(END))


def strange(data: bytes) -> bool:
    """Whether this is a picture that no template may bring: one that is too large, or of another kind, whose reader may be slow, or
    another program (EPS)."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.format not in PICTURES or picture.width * picture.height > MOST_PIXELS
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return True
    except Exception:  # noqa: BLE001 - no picture; Pillow's readers raise what they like
        return False
