"""The photo of a person: checked, cut to 25 × 35 mm and written as a plain JPEG at 300 dpi.

A photo comes from outside. Its declared size is looked at before anything is decoded, only JPEG and PNG are opened, and
what goes into the certificate is our own encoding: no metadata, no profile, no transparency, no surprise.
"""

import io

from PIL import Image, ImageOps

from certificates.words import Words

WIDTH, HEIGHT = 295, 413
MOST_PIXELS = 40_000_000
MOST_BYTES = 12_000_000


class UnusablePhoto(ValueError):
    """The bytes are no photo that can be printed; `words` says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def prepared(data: bytes) -> bytes:
    """The photo as a 295 × 413 JPEG. The same bytes give the same photo."""
    if len(data) > MOST_BYTES:
        raise UnusablePhoto(Words("照片文件超过 12 MB。", "The photo is larger than 12 MB."))
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusablePhoto(Words("照片像素过多。", "The photo has too many pixels."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except UnusablePhoto:
        raise
    except Exception as error:
        raise UnusablePhoto(Words("照片不是可读的 JPEG 或 PNG。", "The photo is no readable JPEG or PNG.")) from error
    paper = Image.new("RGBA", upright.size, "white")
    whole = Image.alpha_composite(paper, upright).convert("RGB")
    out = io.BytesIO()
    ImageOps.fit(whole, (WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()
