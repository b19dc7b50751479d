"""The same certificate by other printers: same art, same fonts, same photo, code and words, one PDF for each person.

Every function takes sheets that were composed already and gives their files, so that all are timed on the same work. The
printers that lay out HTML get our own template; typst and LibreOffice get a page of theirs with everything in its place.
"""

from __future__ import annotations

import base64
import functools
import html
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import typst
from markupsafe import Markup
from playwright.sync_api import sync_playwright

from certificates import qr
from certificates.composing import Sheet
from certificates.drawings import Drawing
from certificates.fonts import VENDORED
from certificates.rendering import Workshop
from certificates.sentences import plain
from tests.web.chromium import CHROMIUM

FONTS = VENDORED.resolve()

TYPST = """
#set page(width: 297mm, height: 210mm, margin: 0mm, background: image("art.svg", width: 297mm, height: 210mm))
#set text(font: ("Podium Serif", "Podium Kai"), size: 15pt, lang: "zh", fill: rgb("#1d1a18"))
#let p = json(bytes(sys.inputs.data))
#set document(title: p.heading, author: p.author, keywords: p.number)
#place(top + center, dy: 31mm, text(52pt, weight: "bold", tracking: .36em, fill: rgb("#9f141d"), p.title))
#place(top + center, dy: 54.5mm, image("ornament.svg", width: 75mm))
#place(top + left, dx: 231.5mm, dy: 28mm, image("photo.jpg", width: 25mm, height: 35mm))
#place(top + left, dx: 40.5mm, dy: 74mm, text(36pt, font: "Podium Kai", tracking: .06em, p.name + "："))
#place(top + left, dx: 40.5mm, dy: 96mm, box(width: 216mm, {
  set par(first-line-indent: (amount: 2em, all: true), leading: .85em)
  set text(p.size * 1pt)
  for one in p.paragraphs { par(one) }
}))
#place(top + left, dx: 40.5mm, dy: 150.5mm, image(bytes(p.code), format: "svg", width: 22mm, height: 22mm))
#place(top + left, dx: 40.5mm, dy: 176mm, text(7pt, fill: rgb("#6e6255"), p.number + linebreak() + p.address))
#place(top + right, dx: -60mm, dy: 145mm, image("seal.svg", width: 40mm))
#place(top + right, dx: -40.5mm, dy: 157mm, align(center, text(16pt, weight: "bold", p.signed) + linebreak() + text(14pt, p.date)))
"""

ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:mimetype="application/vnd.oasis.opendocument.text" office:version="1.3"><office:automatic-styles>
<style:page-layout style:name="lying"><style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" fo:margin="0mm"/></style:page-layout>
<style:style style:name="frame" style:family="graphic"><style:graphic-properties style:wrap="run-through" style:run-through="background"
 style:horizontal-pos="from-left" style:horizontal-rel="page" style:vertical-pos="from-top" style:vertical-rel="page" fo:border="none" fo:padding="0mm"
 draw:fill="none" draw:stroke="none"/></style:style>
%(styles)s</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="lying"/></office:master-styles>
<office:body><office:text>%(frames)s<text:p/></office:text></office:body></office:document>"""


@functools.cache
def folder(first: Sheet) -> Path:
    """What is the same for everybody, as files; the folder lives as long as the measurement."""
    place = Path(tempfile.mkdtemp(prefix="podium-peers-"))
    for name, drawing in (("art", first.art), ("ornament", first.ornament), ("seal", first.signatures[0].seal)):
        if drawing:
            (place / f"{name}.svg").write_text(drawing.svg(), "utf-8")
    (place / "photo.jpg").write_bytes(first.photo or b"")
    (place / "page.typ").write_text(TYPST, "utf-8")
    return place


def said(sheet: Sheet) -> dict[str, object]:
    return {
        "heading": sheet.heading,
        "author": sheet.author,
        "number": sheet.number,
        "title": sheet.title,
        "name": "".join(sheet.name_lines),
        "size": sheet.text_size,
        "paragraphs": [plain(one) for one in sheet.paragraphs],
        "code": qr.drawing(sheet.qr).svg(),
        "address": "".join(sheet.address_lines),
        "signed": "".join(sheet.signatures[0].lines),
        "date": sheet.date,
    }


def with_weasyprint(workshop: Workshop, sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """WeasyPrint alone, everything drawn in its place, with fonts cut down to what the page says."""
    return (workshop.rendered(sheet, in_full=True) for sheet in sheets)


def with_typst(workshop: Workshop, sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """typst, with one compiler that keeps its fonts and its cache."""
    place = folder(sheets[0])
    compiler = typst.Compiler(
        str(place / "page.typ"), root=str(place), font_paths=[str(FONTS)], ignore_system_fonts=True
    )
    for sheet in sheets:
        data = json.dumps(said(sheet), ensure_ascii=False)
        yield compiler.compile(format="pdf", sys_inputs={"data": data})


def with_chromium(workshop: Workshop, sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Chromium, started once, with one page that prints again and again."""
    faces = "".join(
        f"@font-face{{font-family:{family};font-weight:{weight};src:url(data:font/ttf;base64,{base64.b64encode((FONTS / name).read_bytes()).decode()})}}"
        for family, weight, name in (
            ("PodSerif", 400, "PodiumSerif-Regular.ttf"),
            ("PodSerif", 700, "PodiumSerif-Bold.ttf"),
            ("PodKai", 400, "PodiumKai-Regular.ttf"),
        )
    )
    style = f"<style>{faces}@page{{size:297mm 210mm;margin:0}}{workshop.style}</style>"

    def draw(drawing: Drawing) -> Markup:
        return Markup((qr.drawing(drawing) if isinstance(drawing, qr.Window) else drawing).svg())

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(style)
        for sheet in sheets:
            said = workshop.page(sheet, draw)
            page.evaluate("said => { document.body.innerHTML = said; }", said.partition("<body")[2].partition(">")[2])
            yield page.pdf(prefer_css_page_size=True, print_background=True)
        browser.close()


def with_libreoffice(workshop: Workshop, sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """LibreOffice, started once for all documents of the run, as a mail merge would."""
    place = Path(tempfile.mkdtemp(prefix="podium-office-"))
    names = [place / f"{number}.fodt" for number in range(len(sheets))]
    fonts, shared = place / "fonts.conf", folder(sheets[0])
    fonts.write_text(f"<fontconfig><include>/etc/fonts/fonts.conf</include><dir>{FONTS}</dir></fontconfig>", "utf-8")
    for name, sheet in zip(names, sheets, strict=True):
        name.write_text(document(shared, sheet), "utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(place), *map(str, names)], check=True, capture_output=True, env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )  # fmt: skip
    yield from (name.with_suffix(".pdf").read_bytes() for name in names)
    shutil.rmtree(place)


def document(shared: Path, sheet: Sheet) -> str:
    """A page of frames, each in its place."""
    words = said(sheet)
    body = "".join(str(one) for one in words["paragraphs"])  # type: ignore[attr-defined]
    texts = [
        ("title", words["title"], "Podium Serif", 52, 70, 31, 160, 22),
        ("name", f"{words['name']}：", "Podium Kai", 36, 40.5, 72, 205, 16),
        ("text", f"　　{body}", "Podium Serif", sheet.text_size, 40.5, 94, 216, 50),
        ("number", f"{words['number']} {words['address']}", "Podium Serif", 7, 40.5, 176, 60, 8),
        ("signed", f"{words['signed']} {words['date']}", "Podium Serif", 14, 170, 157, 90, 16),
    ]
    styles = "".join(
        f'<style:style style:name="{name}" style:family="paragraph"><style:text-properties fo:font-family="{face}" '
        f'style:font-family-asian="{face}" fo:font-size="{size}pt" style:font-size-asian="{size}pt"/></style:style>'
        for name, _, face, size, *_ in texts
    )
    pictures = [
        ((shared / "art.svg").read_bytes(), 0, 0, 297, 210),
        ((shared / "photo.jpg").read_bytes(), 231.5, 28, 25, 35),
        ((shared / "seal.svg").read_bytes(), 197, 145, 40, 40),
        (qr.drawing(sheet.qr).svg().encode(), 40.5, 150.5, 22, 22),
    ]
    frames = "".join(
        f"{framed(left, top, width, height)}<draw:image><office:binary-data>{base64.b64encode(data).decode()}</office:binary-data></draw:image></draw:frame>"
        for data, left, top, width, height in pictures
    ) + "".join(
        f'{framed(left, top, width, height)}<draw:text-box><text:p text:style-name="{name}">{html.escape(str(text))}</text:p></draw:text-box></draw:frame>'
        for name, text, _, _, left, top, width, height in texts
    )
    return ODT % {"styles": styles, "frames": frames}


def framed(left: float, top: float, width: float, height: float) -> str:
    return (
        f'<draw:frame draw:style-name="frame" text:anchor-type="page" text:anchor-page-number="1" svg:x="{left}mm" svg:y="{top}mm" '
        f'svg:width="{width}mm" svg:height="{height}mm">'
    )
