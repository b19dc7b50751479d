"""Checks one attachment by what is in it, never by its name; a picture is drawn anew, a PDF is kept as it came.

A PDF may bear a signature that somebody wants to verify, so it is not rewritten; it is refused when it is encrypted,
cannot be shown, or holds anything that acts: scripts, embedded files, actions that start programs, send data or open
other files. Every object that the document reaches is looked at, also those packed into object streams.
"""

import io
import warnings
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from admin.attachments.wording import problem
from admin.photos.portrait import strictly
from scoring.verdict import Problems

MEGABYTE = 1 << 20
HEAVIEST = 10 * MEGABYTE
MOST_PAGES = 30
MOST_OBJECTS = 100_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400
"""A page of A4 at 200 dots an inch."""
SHORTEST_SIDE = 300
QUALITY = 85
FORMATS = ("JPEG", "PNG")
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"})
ACTIVE_ACTIONS = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"),
        *("/Rendition", "/RichMediaExecute", "/Movie", "/Sound"),
    }
)
"""ISO 32000-2 §12.6.4; links to the web and within the document stay."""
UNREADABLE = (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError, NotImplementedError)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """An attachment as it is kept."""

    data: bytes
    media: str
    pages: int


def paper(data: bytes, name: str) -> Paper:
    """The attachment as it is kept. Raises Problems when it cannot be taken."""
    if not data:
        raise Problems((problem("empty", name),))
    if len(data) > HEAVIEST:
        raise Problems((problem("too-heavy", name, limit=f"{HEAVIEST // MEGABYTE} MB"),))
    return _document(data, name) if data.startswith(b"%PDF-") else _picture(data, name)


def _document(data: bytes, name: str) -> Paper:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfFileReader(io.BytesIO(data), strict=False)
            if reader.encrypted:
                raise Problems((problem("encrypted", name),))
            if found := _acts(reader):
                raise Problems((problem("active", name, found=found.lstrip("/")),))
    except UNREADABLE as error:
        raise Problems((problem("damaged", name),)) from error
    return Paper(data, "application/pdf", _shown(data, name))


def _acts(reader: PdfFileReader) -> str:
    """The name of the first thing in the document that acts; nothing when it only shows."""
    waiting: list[object] = [reader.trailer.raw_get("/Root")]
    seen: set[object] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, generic.IndirectObject):
            if one.reference in seen:
                continue
            seen.add(one.reference)
            if len(seen) > MOST_OBJECTS:
                raise ValueError("more objects than any paper needs")
            one = one.get_object()
        if isinstance(one, generic.DictionaryObject):  # a stream is one as well
            if acting := ACTIVE_KEYS & {str(key) for key in one}:
                return min(acting)
            kind = one.raw_get("/S") if "/S" in one else None
            kind = kind.get_object() if isinstance(kind, generic.IndirectObject) else kind
            if isinstance(kind, generic.NameObject) and str(kind) in ACTIVE_ACTIONS:
                return str(kind)
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, generic.ArrayObject):
            waiting += [one.raw_get(place) for place in range(len(one))]
    return ""


def _shown(data: bytes, name: str) -> int:
    """How many pages it has, each of which can be drawn."""
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            pages = len(document)
            if not pages:
                raise Problems((problem("damaged", name),))
            if pages > MOST_PAGES:
                raise Problems((problem("pages", name, pages=pages, limit=MOST_PAGES),))
            for number in range(pages):
                document[number].render(scale=0.1)
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Problems((problem("damaged", name),)) from error
    return pages


def _picture(data: bytes, name: str) -> Paper:
    """The picture upright, on white, without anything but its pixels."""
    try:
        with strictly(), Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_many(name)
            if min(opened.size) < SHORTEST_SIDE:
                raise Problems((problem("too-small", name, width=opened.width, height=opened.height),))
            if opened.format == "JPEG":
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                layer = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
            picture = upright.convert("RGB")
    except Image.DecompressionBombError as error:
        raise _too_many(name) from error
    except UnidentifiedImageError as error:
        raise Problems((problem("format", name),)) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Problems((problem("damaged", name),)) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", picture.size)  # a new picture: the old one remembers comments and profiles
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Paper(out.getvalue(), "image/jpeg", 1)


def _too_many(name: str) -> Problems:
    return Problems((problem("too-many-pixels", name, limit=MOST_PIXELS // 10_000),))
