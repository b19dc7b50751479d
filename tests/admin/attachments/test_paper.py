"""Attachments are judged by what is in them: every bad one is refused with its code, and nothing but the picture is kept."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

from admin.attachments.paper import HEAVIEST, LONGEST_SIDE, Paper, paper
from admin.sheets.worker import in_worker
from scoring.verdict import Problems


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 800), **more: object) -> bytes:
    """A picture with something on it."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((50, 50, size[0] // 2, size[1] // 2), fill="navy")
    out = io.BytesIO()
    image.save(out, kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


@functools.cache
def document(pages: int = 1) -> bytes:
    """A PDF that shows something; the same one each time, because a PDF bears the second in which it was made."""
    out = io.BytesIO()
    drawn = [Image.new("RGB", (300, 400), colour) for colour in ("white", "navy", "green")]
    images = [drawn[number % 3] for number in range(pages)]
    images[0].save(out, "PDF", save_all=True, append_images=images[1:])
    return out.getvalue()


def changed(change: Callable[[PdfFileWriter], None]) -> bytes:
    """The document with something put into it."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(document()), strict=False))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **more: generic.PdfObject) -> generic.DictionaryObject:
    """An action dictionary."""
    entries = {f"/{name}": value for name, value in more.items()}
    return generic.DictionaryObject({pdf_name("/S"): pdf_name(kind), **{pdf_name(k): v for k, v in entries.items()}})


def opens_with_script(writer: PdfFileWriter) -> None:
    """A script that runs when the document is opened."""
    reference = writer.add_object(action("/JavaScript", JS=pdf_string("app.alert(1)")))
    writer.root["/OpenAction"] = reference


def packed_script(writer: PdfFileWriter) -> None:
    """The same where no search of the file's bytes finds it: in a compressed stream of objects."""
    writer.stream_xrefs = True
    stream = writer.prepare_object_stream()
    script = action("/JavaScript", JS=pdf_string("app.alert(1)"))
    writer.root["/OpenAction"] = writer.add_object(script, obj_stream=stream)


def named_script(writer: PdfFileWriter) -> None:
    """A script in the tree of names."""
    script = writer.add_object(action("/JavaScript", JS=pdf_string("app.alert(1)")))
    names = generic.ArrayObject([pdf_string("x"), script])
    tree = generic.DictionaryObject({pdf_name("/Names"): names})
    writer.root["/Names"] = generic.DictionaryObject({pdf_name("/JavaScript"): writer.add_object(tree)})


def launches(writer: PdfFileWriter) -> None:
    """A link on a page that starts a program."""
    page = writer.root["/Pages"]["/Kids"][0]
    link = generic.DictionaryObject({pdf_name("/Subtype"): pdf_name("/Link"), pdf_name("/A"): action("/Launch")})
    page["/Annots"] = generic.ArrayObject([writer.add_object(link)])


def carries_a_file(writer: PdfFileWriter) -> None:
    """A file within the document."""
    stream = writer.add_object(generic.StreamObject(stream_data=b"MZ"))
    spec = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Filespec"),
            pdf_name("/F"): pdf_string("a.exe"),
            pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): stream}),
        }
    )
    writer.root["/AF"] = generic.ArrayObject([writer.add_object(spec)])


def encrypted() -> bytes:
    """A document that opens without a password and is encrypted all the same."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(document()), strict=False))
    writer.encrypt("owner", "")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def large_png() -> bytes:
    """A PNG of 100 megapixels in a few hundred kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1251) * 10_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
EXE = b"MZ\x90\x00" + bytes(200) + b"This program cannot be run in DOS mode."
BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("attachment.empty", lambda: b""),
    "an SVG that is called .jpg": ("attachment.format", lambda: SVG),
    "a program that is called .pdf": ("attachment.format", lambda: EXE),
    "a ZIP": ("attachment.format", lambda: b"PK\x03\x04" + bytes(100)),
    "a GIF": ("attachment.format", lambda: picture("GIF")),
    "100 megapixels": ("attachment.too-many-pixels", large_png),
    "a stamp-sized picture": ("attachment.too-small", lambda: picture(size=(100, 120))),
    "a cut-off JPEG": ("attachment.damaged", lambda: picture()[:-400]),
    "a cut-off PDF": ("attachment.damaged", lambda: document()[: len(document()) // 2]),
    "only the head of a PDF": ("attachment.damaged", lambda: b"%PDF-1.7\n" + bytes(300)),
    "a program with a PDF's head": ("attachment.damaged", lambda: b"%PDF-1.7\n" + EXE),
    "an encrypted PDF": ("attachment.encrypted", encrypted),
    "a PDF that opens with a script": ("attachment.active", lambda: changed(opens_with_script)),
    "a script packed into an object stream": ("attachment.active", lambda: changed(packed_script)),
    "a PDF with a named script": ("attachment.active", lambda: changed(named_script)),
    "a PDF that starts a program": ("attachment.active", lambda: changed(launches)),
    "a PDF with a file in it": ("attachment.active", lambda: changed(carries_a_file)),
    "a book": ("attachment.pages", lambda: document(31)),
    "too many bytes": ("attachment.too-heavy", lambda: b"%PDF-" + bytes(HEAVIEST)),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_attachments_are_refused(what: str) -> None:
    """Each with its own code, and with words and a mend in both languages."""
    code, made = BAD[what]
    with pytest.raises(Problems) as refused:
        paper(made(), "社保证明.pdf")
    (problem,) = refused.value.problems
    assert problem.code == code and problem.place.sheet == "社保证明.pdf"
    assert all((problem.words.zh, problem.words.en, problem.mend.zh, problem.mend.en))


def test_a_packed_script_is_in_no_bytes_that_a_search_would_find() -> None:
    """The case above tests what it says."""
    assert b"JavaScript" not in changed(packed_script) and b"JavaScript" in changed(opens_with_script)


def test_a_plain_pdf_is_kept_byte_for_byte() -> None:
    """It may be signed: what is kept is what was sent."""
    sent = document(3)
    assert paper(sent, "证书.jpg") == Paper(sent, "application/pdf", 3)
    same = changed(lambda writer: None)
    assert paper(same, "x").data == same


def test_a_picture_is_drawn_anew_without_what_was_hidden_in_it() -> None:
    """Place, camera, comment, profile and whatever follows the picture are gone; it stands upright and is not huge."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "SecretCamera", {1: "N", 2: (38.0, 2.0, 0.0)}
    sent = (
        picture(size=(4000, 3000), exif=exif, comment=b"secret comment", icc_profile=b"secret profile") + b"PK secret"
    )
    kept = paper(sent, "a.png")
    assert kept.media == "image/jpeg" and b"ecret" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE) and not image.getexif()
        assert not {"comment", "icc_profile", "exif"} & set(image.info)


def test_a_transparent_picture_stands_on_white() -> None:
    """A seal that was cut out can be read."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    with Image.open(io.BytesIO(paper(out.getvalue(), "a.png").data)) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("what", ["100 megapixels", "an encrypted PDF", "a PDF that opens with a script"])
def test_the_worker_gives_the_same_answers(what: str) -> None:
    """Within its limits of memory and time; the next file is still read."""
    code, made = BAD[what]
    with pytest.raises(Problems) as refused:
        in_worker(paper, made(), "a")
    assert [one.code for one in refused.value.problems] == [code]
    assert in_worker(paper, document(), "a").pages == 1
