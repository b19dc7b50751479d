"""Certificates become PDF files here, and only here is WeasyPrint known.

A press takes a batch: the fonts are cut down once to the characters of the whole batch, and the art is drawn once,
which is what makes it fast and keeps its memory flat. The files are PDF/A-3 with tags, language and title; the same
batch gives the same bytes. Nothing but this package's own templates and the certificates themselves goes in: the
fetcher knows `data:` and nothing else.
"""

import base64
import functools
import pathlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import jinja2
import pydyf  # type: ignore[import-untyped]
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from certificates import designs, drawings, fonts, qr
from certificates.certificate import Certificate
from certificates.composing import Sheet, compose
from certificates.drawings import Drawing, Stamp

TEMPLATES = pathlib.Path(__file__).resolve().parent / "templates"
ALWAYS = " -·'：0123456789"


class Unprintable(ValueError):
    """Certificates with characters that no face draws; nothing was printed. `missing` goes with the batch, in order."""

    def __init__(self, missing: Sequence[tuple[fonts.Missing, ...]]) -> None:
        self.missing = tuple(missing)
        listed = ", ".join(f"{one.char} {one.codepoint} in {one.field}" for each in missing for one in each)
        super().__init__(f"no face draws {listed}")


class DataOnly(URLFetcher):  # type: ignore[misc]
    """Opens what a page carries in itself. Any other address ends the printing instead of being skipped."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> Any:
        if not url.startswith("data:"):
            raise FatalURLFetchingError(f"certificates open no address: {url[:80]}")
        return super().fetch(url, headers)


@functools.cache
def templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.lru_cache(maxsize=64)
def stamp_of(drawing: Drawing) -> Stamp:
    """WeasyPrint's own drawing, made once per process."""
    proofs: list[pydyf.PDF] = []
    write(HTML(string=drawing.proof(), url_fetcher=DataOnly()), None, lambda document, pdf: proofs.append(pdf))
    return drawings.stamp(drawing, proofs[0])


class Press:
    """Prints certificates in one design."""

    def __init__(self, design: str = "classical", fonts_dir: pathlib.Path | None = None) -> None:
        self.design = designs.named(design)
        self.faces = fonts.faces(fonts_dir)
        self.fonts_dir = fonts_dir
        folder = TEMPLATES / design
        self.style = (TEMPLATES / "common.css").read_text("utf-8") + (folder / "style.css").read_text("utf-8")
        self.template = templates().get_template(f"{design}/template.html")

    def print(self, certificates: Sequence[Certificate]) -> Iterator[bytes]:
        """One PDF for each certificate, in their order. Raises Unprintable before the first if any cannot be drawn."""
        missing = [fonts.unprintable(one, self.design.name, self.fonts_dir) for one in certificates]
        if any(missing):
            raise Unprintable(missing)
        return self._print([compose(one, self.design, self.faces) for one in certificates])

    def _print(self, sheets: Sequence[Sheet]) -> Iterator[bytes]:
        configuration = FontConfiguration()
        written = "".join(self.page(sheet, lambda drawing: Markup()) for sheet in sheets)
        style = self.stylesheet(written, configuration)
        for sheet in sheets:
            yield self.render(sheet, style, configuration)

    def render(self, sheet: Sheet, style: CSS, configuration: FontConfiguration, *, in_full: bool = False) -> bytes:
        """One file; `in_full` has WeasyPrint draw everything in its place, for comparison."""
        stamps: dict[int, Stamp] = {}

        def draw(drawing: Drawing) -> Markup:
            if in_full:
                return Markup(drawing.svg())
            number = len(stamps) + 1
            stamps[number] = qr.stamp(drawing.alt) if drawing.kind == "qr" else stamp_of(drawing)
            return Markup(drawing.stand_in(number))

        page = HTML(string=self.page(sheet, draw), url_fetcher=DataOnly())
        return write(page, (style, configuration), lambda document, pdf: drawings.place(pdf, stamps))

    def page(self, sheet: Sheet, draw: Callable[[Drawing], Markup]) -> str:
        """The page as HTML; `draw` says what stands where a drawing goes."""
        return self.template.render(sheet=sheet, draw=draw)

    def stylesheet(self, chars: Iterable[str], configuration: FontConfiguration) -> CSS:
        """The design's style with fonts that hold these characters."""
        wanted = {char for char in chars if char.isprintable()} | set(ALWAYS)
        faces = "".join(
            f"@font-face{{font-family:{face.family};font-weight:{face.weight};"
            f'src:url("data:font/ttf;base64,{base64.b64encode(face.subset(wanted)).decode()}")}}'
            for face in self.faces
        )
        page = f"@page{{size:{self.design.width}mm {self.design.height}mm;margin:0}}"
        return CSS(string=faces + page + self.style, font_config=configuration, url_fetcher=DataOnly())


def write(
    page: HTML, style: tuple[CSS, FontConfiguration] | None, finisher: Callable[[Any, pydyf.PDF], object]
) -> bytes:
    """One PDF/A-3a file."""
    styled = {"stylesheets": [style[0]], "font_config": style[1]} if style else {}
    return bytes(page.write_pdf(pdf_variant="pdf/a-3a", finisher=finisher, **styled))
