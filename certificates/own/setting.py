"""A template set as a page: Jinja in its sandbox, our fonts, and no file but those of the template.

Every page is rendered by itself and none is filled into a compiled one: a layout is compiled in the belief that the
template prints what it is given and decides nothing by it, and of a stranger's template that is not known.
"""

import html
import pathlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from certificates import fonts, qr, versions
from certificates.certificate import Certificate
from certificates.composing import Sheet, compose
from certificates.drawings import Drawing, Stamp
from certificates.own.archive import PAGE, STYLE, Own
from certificates.own.faults import Faulty
from certificates.rendering import Unprintable, set_alone, stamp_of
from certificates.versions import Version

SHARED = "parts.html"
FIRST = "html { image-rendering: crisp-edges }"  # keeps the word Interpolate out of the file, which PDF/A forbids
LONGEST_TEXT = 1_000_000
MOST_TIMES = 10_000


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without what reaches out of a page, turns escaping off, or makes much out of little."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, own: Own, shared: Version) -> None:
        super().__init__(
            loader=jinja2.FunctionLoader(lambda name: found(own, shared, name)),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals = {"range": self.globals["range"], "dict": dict}
        for name in ("safe", "xmlattr", "urlize", "center", "indent", "pprint", "format"):
            del self.filters[name]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiplies and divides small numbers, and refuses every other of these operators."""
        if operator == "*" and all(isinstance(one, int | float) and abs(one) <= MOST_TIMES for one in (left, right)):
            return left * right
        if operator == "%" and isinstance(left, int | float):
            return left % right
        raise SecurityError(f"the operator {operator} is not for this")


def found(own: Own, shared: Version, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """A template by name: of the ZIP, or the pieces that every design shares."""
    if name.endswith(".html") and name in own.texts:
        return own.texts[name], name, lambda: True
    if name == SHARED:
        return shared.parts, name, lambda: True
    return None


class OwnPress:
    """Prints certificates in a template, with what it takes from our designs of today, or of a version that was kept;
    `to_be_cut` on a larger sheet with crop marks."""

    def __init__(
        self, own: Own, fonts_dir: pathlib.Path | None = None, *, to_be_cut: bool = False, kept: bytes = b""
    ) -> None:
        self.shared = versions.read(kept) if kept else versions.today(versions.OWN)
        ours = self.shared.design
        design = replace(
            own.figures.design,
            signatures=ours.signatures,
            date_height=ours.date_height,
            english_signed=ours.english_signed,
        )
        self.own, self.design = own, design.to_be_cut() if to_be_cut else design
        self.fonts_dir = fonts_dir or fonts.standing()
        self.faces = fonts.faces(self.fonts_dir)
        self.sandbox = Sandbox(own, self.shared)
        self.style = self.shared.style + FIRST + own.texts.get(STYLE, "")
        self.beside = "".join(text for name, text in own.texts.items() if name.endswith((".css", ".svg")))
        self.template = self.sandbox.get_template(PAGE)

    def print(self, certificates: Sequence[Certificate]) -> Iterator[bytes]:
        """One PDF for each certificate, in their order. Raises Unprintable before the first if any cannot be drawn."""
        missing = [fonts.unprintable(one, "own", self.fonts_dir) for one in certificates]
        if any(missing):
            raise Unprintable(missing)
        return (self.rendered(self.sheet(one)) for one in certificates)

    def sheet(self, certificate: Certificate) -> Sheet:
        """What the template prints for this certificate."""
        return compose(certificate, self.design, self.faces, self.shared.book)

    def rendered(self, sheet: Sheet) -> bytes:
        """The page of a sheet. Raises Faulty `page.code` where the template leaves out the code that verifies it."""
        stamps: dict[int, Stamp] = {}
        coded = False

        def draw(drawing: Drawing) -> Markup:
            nonlocal coded
            if not isinstance(drawing, Drawing):
                raise jinja2.TemplateRuntimeError("draw() takes sheet.qr, sheet.art or the seal of a signature")
            coded = coded or drawing is sheet.qr
            number = len(stamps) + 1
            stamps[number] = qr.stamp(drawing) if drawing is sheet.qr else stamp_of(drawing)
            return Markup(drawing.stand_in(number))

        source = self._said(sheet, draw)
        if not coded:
            raise Faulty("page.code", PAGE)
        also = html.unescape(self.beside)
        link = "https://" + "".join(sheet.address_lines)
        return set_alone(source, self.style, self.design, self.faces, stamps, self.own.files, also, link)

    def _said(self, sheet: Sheet, draw: Callable[[Drawing], Markup]) -> str:
        """The page as HTML, which may not grow without end."""
        parts, length = [], 0
        for part in self.template.generate(sheet=sheet, draw=draw):
            parts.append(part)
            length += len(part)
            if length > LONGEST_TEXT:
                raise Faulty("page.too-long", PAGE)
        return "".join(parts)


def forbidden(own: Own, sandbox: Sandbox) -> None:
    """What can be read off the templates before anything runs. Raises Faulty with file and line."""
    for name, text in own.texts.items():
        if not name.endswith(".html"):
            continue
        try:
            tree = sandbox.parse(text, name, name)
            sandbox.compile(text, name, name)
        except jinja2.TemplateSyntaxError as error:
            raise Faulty("jinja.syntax", name, error.lineno, error.message or "") from error
        except ValueError as error:  # a figure longer than Python reads
            raise Faulty("jinja.syntax", name, detail=str(error)) from error
        except (RecursionError, MemoryError) as error:  # brackets in brackets, deeper than Python goes
            raise Faulty("page.deep", name) from error
        for one in tree.find_all(nodes.ScopedEvalContextModifier):
            raise Faulty("jinja.forbidden", name, one.lineno, "autoescape")
