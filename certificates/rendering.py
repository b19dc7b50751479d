"""Certificates become PDF files here, and only here is WeasyPrint known.

A page is rendered once per layout and filled from then on (see `compiled`); art is drawn once and stamped (see
`drawings`); a page that cannot be filled is rendered by itself, with fonts cut down to its characters. The files are
PDF/A-3 with tags, language and title, and the same certificate gives the same bytes, whatever it is printed with.
Nothing but this package's own templates and the certificates themselves goes in, or an organiser's template with the
files that came with it (see `own`): the fetcher knows `data:` and those files, and opens neither network nor disk.
"""

import functools
import gc
import html
import io
import logging
import mimetypes
import pathlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NoReturn
from urllib.parse import unquote

import jinja2
import pydyf  # type: ignore[import-untyped]
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from PIL import Image
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from certificates import drawings, fonts, photo, qr, versions
from certificates.certificate import Certificate
from certificates.compiled import Layout
from certificates.composing import Sheet, compose
from certificates.designs import Design
from certificates.drawings import Drawing, Stamp
from certificates.fonts import Face, Faces, Subset
from certificates.proofs import Proof, Unfillable, proof_sheets
from certificates.shapes import DIGIT_HOLE, HAN_HOLE, Shape
from certificates.typecase import ALWAYS, TypeCase
from certificates.versions import Version

FONT_FILES = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf", b"wOFF", b"wOF2")
AS_A_FONT, AS_A_PICTURE = "@font-face", "data:image"
WITH_IT = "file:///template/"  # where the files of a template seem to lie; nothing is opened there


class Unprintable(ValueError):
    """Certificates with characters that no face draws; nothing was printed. `missing` goes with the batch, in order."""

    def __init__(self, missing: Sequence[tuple[fonts.Missing, ...]]) -> None:
        self.missing = tuple(missing)
        listed = ", ".join(f"{one.char} {one.codepoint} in {one.field}" for each in missing for one in each)
        super().__init__(f"no face draws {listed}")


class WrongFont(RuntimeError):
    """A page that would look otherwise on every machine."""


class Carries(RuntimeError):
    """A page that would bring files or form fields of its own into the PDF."""


class Leads(RuntimeError):
    """A page with a link to somewhere else than the certificate's verification. `address` is where it leads."""

    def __init__(self, address: str) -> None:
        super().__init__(f"a link leads to {address[:80]}")
        self.address = address


class Fetched(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint has no types
    """An address that is not opened."""

    def __init__(self, url: str) -> None:
        super().__init__(f"certificates open no address: {url[:80]}")
        self.address = url


class DataOnly(URLFetcher):  # type: ignore[misc]  # the same
    """Opens what a page carries in itself, and the files that came with it, from memory.

    Any other address ends the printing instead of being skipped.
    """

    def __init__(self, files: Mapping[str, bytes] = MappingProxyType({})) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.files = files
        self.refused = ""  # WeasyPrint says nothing of what fails within an SVG

    def fetch(self, url: str, headers: Any = None) -> Any:
        """What is at an address, or the end of the printing. Called by WeasyPrint."""
        if url.startswith("data:"):
            told = super().fetch(url, headers)
            data = told.read()
            if data.startswith(FONT_FILES):
                self._refuse(AS_A_FONT)
            if photo.strange(data):
                self._refuse(AS_A_PICTURE)
            return URLFetcherResponse(url, data, headers=told.headers)
        name = unquote(url.removeprefix(WITH_IT).partition("?")[0].partition("#")[0])
        if not url.startswith(WITH_IT) or name not in self.files:
            self._refuse(url)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, self.files[name], headers={"Content-Type": kind})

    def _refuse(self, url: str) -> NoReturn:
        self.refused = url
        raise Fetched(url)


def template_of(version: Version) -> jinja2.Template:
    """A version's page. In a sandbox, because one that was kept comes out of a database."""
    sandbox = ImmutableSandboxedEnvironment(
        loader=jinja2.DictLoader({versions.PAGE: version.page, versions.PARTS: version.parts}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return sandbox.get_template(versions.PAGE)


@functools.lru_cache(maxsize=64)
def stamp_of(drawing: Drawing) -> Stamp:
    """WeasyPrint's own drawing, made once per process."""
    proofs: list[pydyf.PDF] = []
    write(HTML(string=drawing.proof(), url_fetcher=DataOnly()), None, lambda document, pdf: proofs.append(pdf))
    return drawings.stamp(drawing, proofs[0])


class Press:
    """Prints certificates in one design, as it is today or in a version that was kept; `to_be_cut` on a larger sheet with crop
    marks, as a printer wants it."""

    def __init__(
        self,
        design: str = "classical",
        fonts_dir: pathlib.Path | None = None,
        *,
        to_be_cut: bool = False,
        kept: bytes = b"",
    ) -> None:
        self.fonts_dir = fonts_dir or fonts.standing()
        if kept:
            self.workshop = former_workshop(kept, self.fonts_dir, to_be_cut=to_be_cut)
        else:
            self.workshop = workshop(design, self.fonts_dir, to_be_cut=to_be_cut)
        self.design = self.workshop.design

    def print(self, certificates: Sequence[Certificate]) -> Iterator[bytes]:
        """One PDF for each certificate, in their order. Raises Unprintable before the first if any cannot be drawn."""
        missing = [fonts.unprintable(one, self.design.name, self.fonts_dir) for one in certificates]
        if any(missing):
            raise Unprintable(missing)
        return (self.workshop.sheet_printed(self.workshop.sheet(one)) for one in certificates)


@functools.cache
def said_today() -> frozenset[str]:
    """Every character of our templates as they are today."""
    return frozenset("".join(page.read_text("utf-8") for page in versions.TEMPLATES.rglob("*.html")))


@functools.lru_cache(maxsize=1)
def case(fonts_dir: pathlib.Path, more: frozenset[str] = frozenset()) -> tuple[TypeCase, FontConfiguration]:
    """The type of all proofs in the faces of a folder, and where WeasyPrint finds it; with what a former page says besides."""
    gc.collect()
    gc.freeze()  # what is loaded by now stays; `compile` collects what a page leaves behind, and need not look at this
    said = set(said_today() | more)
    made, configuration = TypeCase(fonts.faces(fonts_dir), said), FontConfiguration()
    with_fonts("", made.small(), configuration)
    return made, configuration


@functools.cache
def workshop(name: str, fonts_dir: pathlib.Path, *, to_be_cut: bool) -> "Workshop":
    """What a process keeps for a design: its template and style."""
    return Workshop(versions.today(name), fonts_dir, to_be_cut=to_be_cut)


@functools.lru_cache(maxsize=1)
def former_workshop(kept: bytes, fonts_dir: pathlib.Path, *, to_be_cut: bool) -> "Workshop":
    """The same of a version that was kept: one at a time, because such work is rare."""
    return Workshop(versions.read(kept), fonts_dir, to_be_cut=to_be_cut)


class Workshop:
    """Sets sheets of one version of a design: fills them into compiled layouts, or has WeasyPrint render them."""

    def __init__(self, version: Version, fonts_dir: pathlib.Path, *, to_be_cut: bool) -> None:
        self.version, self.faces = version, fonts.faces(fonts_dir)
        self.design = version.design.to_be_cut() if to_be_cut else version.design
        self.style = version.style
        self.template = template_of(version)
        more = frozenset(version.page + version.parts) - said_today()
        self.case, self.proof_fonts = case(fonts_dir, more)
        self.proof_style = stylesheet(self.style, self.design, {}, self.proof_fonts)  # its fonts are there already

    def sheet(self, certificate: Certificate) -> Sheet:
        """What the template prints for this certificate."""
        return compose(certificate, self.design, self.faces, self.version.book)

    def sheet_printed(self, sheet: Sheet) -> bytes:
        """Filled where the layout allows it, rendered where it does not. Both look the same."""
        layout = self.layout(sheet)
        return layout.fill(sheet) if layout else self.rendered(sheet)

    def layout(self, sheet: Sheet) -> Layout | None:
        """The compiled layout of a sheet's shape, or nothing when it cannot be filled. The latest are kept."""
        shape = self.case.shapes.of(sheet)
        key = self.version, self.design.bleed, shape
        if not self.case.kept(key):
            try:
                self.case.keep(key, self.compile(sheet, shape))
            except Unfillable as error:
                logging.getLogger(__name__).info("a layout is not filled: %s", error)
                self.case.keep(key, None)
        return self.case.layouts[key]

    def compile(self, sheet: Sheet, shape: Shape) -> Layout:
        """The layout of a shape, from two proofs by WeasyPrint. Raises Unfillable."""
        if strange := set("".join(shape.texts)) - self.case.chars - {HAN_HOLE, DIGIT_HOLE}:
            raise Unfillable(f"no proof has {' '.join(sorted(strange))}")
        pairs = self.case.placeholders.pairs(shape)
        sheets = proof_sheets(sheet, shape, pairs, nobody())
        proofs = [self.proof(one) for one in sheets]
        sources = {
            name: self.case.sources[font.family, 700 if font.weight >= 600 else 400]
            for name, font in proofs[0].fonts.items()
        }
        layout = Layout(shape, pairs, proofs, sources)
        # Boxes and objects of a page hold each other, so they would wait for Python's next full collection, with those of the
        # next pages: a tenth of a press.
        del proofs
        gc.collect()
        return layout

    def proof(self, sheet: Sheet) -> Proof:
        """A page with its objects, before WeasyPrint writes them."""
        stamps: dict[int, Stamp] = {}
        proofs: list[Proof] = []

        def draw(drawing: Drawing) -> Markup:
            number = len(stamps) + 1
            stamps[number] = qr.blank(sheet.qr) if drawing is sheet.qr else stamp_of(drawing)
            return Markup(drawing.stand_in(number))

        def finish(document: Any, pdf: pydyf.PDF) -> None:
            only_ours(document.fonts.values())
            forms = drawings.place(pdf, stamps)
            code = next(forms[number].number for number, stamp in stamps.items() if stamp.data == qr.BLANK)
            proofs.append(Proof(sheet, pdf, {font.hash: font for font in document.fonts.values()}, code))

        page = HTML(string=self.page(sheet, draw), url_fetcher=DataOnly())
        # Nobody reads the proof's own file, so nothing in it is packed.
        write(page, (self.proof_style, self.proof_fonts), finish, uncompressed_pdf=True)
        return proofs[0]

    def rendered(self, sheet: Sheet, *, in_full: bool = False) -> bytes:
        """The page by WeasyPrint alone; `in_full` has it draw everything in its place, for comparison."""
        stamps: dict[int, Stamp] = {}

        def draw(drawing: Drawing) -> Markup:
            if in_full:
                return Markup((qr.drawing(sheet.qr) if drawing is sheet.qr else drawing).svg())
            number = len(stamps) + 1
            stamps[number] = qr.stamp(sheet.qr) if drawing is sheet.qr else stamp_of(drawing)
            return Markup(drawing.stand_in(number))

        return set_alone(self.page(sheet, draw), self.style, self.design, self.faces, stamps)

    def page(self, sheet: Sheet, draw: Callable[[Drawing], Markup]) -> str:
        """The page as HTML; `draw` says what stands where a drawing goes."""
        return self.template.render(sheet=sheet, draw=draw)


def stylesheet(
    style: str,
    design: Design,
    subsets: Mapping[Face, Subset],
    configuration: FontConfiguration,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> CSS:
    """A style with these fonts, on the design's page."""
    page = f"@page{{size:{design.width}mm {design.height}mm;margin:0;"
    page += f"bleed:{design.bleed}mm;marks:crop}}" if design.bleed else f"background:{design.paper}}}"
    return with_fonts(page + style, subsets, configuration, files)


def with_fonts(
    style: str,
    subsets: Mapping[Face, Subset],
    configuration: FontConfiguration,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> CSS:
    """A style with the fonts that it names, and each added font of the page where it names MORE: a family of its own for each,
    because WeasyPrint takes two files of one family, weight and style for the same font.

    They are fetched as files, under names that no file of a template has: in the style itself they would be megabytes of text,
    of which WeasyPrint's parser makes several more.
    """
    named = {f"/{face.family}-{face.weight}": (face, subset) for face, subset in subsets.items()}
    faces = "".join(
        f'@font-face{{font-family:{face.family};font-weight:{face.weight};src:url("{WITH_IT}{name}")}}'
        for name, (face, _) in named.items()
    )
    more = ", ".join(face.family for face in subsets if face.family.startswith(fonts.MORE))
    style = style.replace(fonts.MORE, more) if more else style
    fetcher = DataOnly({**files, **{name: subset.data for name, (_, subset) in named.items()}})
    return CSS(string=faces + style, font_config=configuration, url_fetcher=fetcher, base_url=WITH_IT)


def set_alone(
    source: str,
    style: str,
    design: Design,
    faces: Faces,
    stamps: dict[int, Stamp],
    files: Mapping[str, bytes] = MappingProxyType({}),
    also: str = "",
    link: str = "",
) -> bytes:
    """A page rendered by itself, with fonts cut down to its characters; `also` has those that stand in other files, `link` is the
    one address to which it may lead. Raises Leads, Carries, Fetched, WrongFont."""
    configuration = FontConfiguration()
    said = html.unescape(source) + also
    chars = {char for char in said + said.upper() if fonts.visible(char)} | set(ALWAYS + "/")
    sheet = stylesheet(style, design, faces.subsets(chars), configuration, files)
    fetcher = DataOnly(files)
    page = HTML(string=source, url_fetcher=fetcher, base_url=WITH_IT)

    def finish(document: Any, pdf: pydyf.PDF) -> None:
        if fetcher.refused:
            raise Fetched(fetcher.refused)
        only_ours(document.fonts.values())
        embeds = any(isinstance(one, pydyf.Stream) and one.extra.get("Type") == "/EmbeddedFile" for one in pdf.objects)
        if embeds or "AcroForm" in pdf.catalog:
            raise Carries
        for address in led_to(pdf):
            if address != link:
                raise Leads(address)
        drawings.place(pdf, stamps)

    return write(page, (sheet, configuration), finish)


def led_to(pdf: pydyf.PDF) -> Iterator[str]:
    """Where the links of a page lead that WeasyPrint is about to write: to addresses, or to places on the page (#)."""
    for one in pdf.objects:
        if isinstance(one, pydyf.Dictionary) and one.get("Subtype") == "/Link":
            yield one["A"]["URI"].string if "A" in one else f"#{one['Dest'].string}"


def plain_printed(source: str, style: str, fonts_dir: pathlib.Path | None = None) -> bytes:
    """Any page of our own as one file, in our faces only. Raises ValueError with the characters that none of them draws."""
    said = html.unescape(re.sub(r"<[^>]*>", "", source))
    chars = {char for char in said + said.upper() if fonts.visible(char)} | set(ALWAYS + "/")
    faces = fonts.faces(fonts_dir)
    if missing := sorted(char for char in chars if not any(face.draws(char) for face in (*faces, *faces.added))):
        raise ValueError("".join(missing))
    configuration = FontConfiguration()
    sheet = with_fonts(style, faces.subsets(chars), configuration)
    page = HTML(string=source, url_fetcher=DataOnly())
    return write(page, (sheet, configuration), lambda document, pdf: only_ours(document.fonts.values()))


def only_ours(used: Iterable[Any]) -> None:
    """No font of the machine's and no missing glyph: fontconfig puts in whatever it finds and says nothing."""
    for font in used:
        ours = font.family in (fonts.SERIF, fonts.KAI, fonts.FANG) or font.family.startswith(fonts.MORE)
        if not ours or font.missing:
            raise WrongFont(f"a page was set in {font.family}, or with characters that it does not have")


@functools.cache
def nobody() -> bytes:
    """The photo on a proof."""
    picture = io.BytesIO()
    Image.new("RGB", (photo.WIDTH, photo.HEIGHT), "white").save(picture, "JPEG")
    return picture.getvalue()


def write(
    page: HTML,
    style: tuple[CSS, FontConfiguration] | None,
    finisher: Callable[[Any, pydyf.PDF], object],
    **options: bool,
) -> bytes:
    """One PDF/A-3a file."""
    styled = {"stylesheets": [style[0]], "font_config": style[1]} if style else {}
    return bytes(page.write_pdf(pdf_variant="pdf/a-3a", finisher=finisher, **styled, **options))
