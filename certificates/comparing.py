"""Is a filled page what WeasyPrint would have rendered? Compared by PDFium, which had no part in making either.

Every pixel and every word must be equal: filling has no tolerance, because a glyph in the wrong place is a wrong page.
"""

import contextlib
import hashlib

import pypdfium2

from certificates.certificate import Certificate
from certificates.pdfium import ONE_AT_A_TIME
from certificates.rendering import Workshop

DOTS = 100  # to the inch
POINTS = 72


def alike(workshop: Workshop, certificate: Certificate) -> bool:
    """Whether a certificate, printed as it is issued, equals its plain render."""
    sheet = workshop.sheet(certificate)
    return seen(workshop.sheet_printed(sheet)) == seen(workshop.rendered(sheet))


def seen(pdf: bytes) -> list[tuple[tuple[int, int], bytes, str]]:
    """What is on each page: its size, its pixels (their SHA-256, for a press holds a page of them once and not four times) and
    its words."""
    found = []
    with ONE_AT_A_TIME, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        for number in range(len(document)):
            with contextlib.closing(document[number]) as page, contextlib.closing(page.get_textpage()) as words:
                with contextlib.closing(page.render(scale=DOTS / POINTS)) as picture:
                    size, pixels = (picture.width, picture.height), hashlib.sha256(picture.buffer).digest()
                found.append((size, pixels, str(words.get_text_range())))
    return found
