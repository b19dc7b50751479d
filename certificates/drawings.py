"""Art that certificates repeat: drawn by WeasyPrint once, then stamped on every page.

A frame of fine lines takes WeasyPrint a second to draw and fills a hundred kilobytes. So a page carries a *stand-in*
in its place, an SVG of the same size with one odd line in it; the drawing itself is made by WeasyPrint on a page of its
own, and what it wrote there becomes a form that takes the odd line's place. The page then looks as if it had been drawn
in full: a test compares the two, pixel by pixel.

A drawing keeps to fills and strokes with an opacity of their own. Group opacity, masks and gradients would need objects
of the page that they were drawn on, and are refused.
"""

import html
import re
import zlib
from dataclasses import dataclass

import pydyf  # type: ignore[import-untyped]
from isal import isal_zlib

COMPRESSION = 2  # of what differs from file to file; what is shared is pressed harder
ODD = -70001  # where the stand-in's line begins: no drawing goes there


def deflated(data: bytes) -> bytes:
    """Pressed by ISA-L, which takes a third of zlib's time for a twentieth more bytes; any reader unpacks it."""
    return isal_zlib.compress(data, COMPRESSION)


class Unstampable(ValueError):
    """The drawing uses more than fills and strokes."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG in millimetres; `view` is its window: left, top, width, height."""

    view: tuple[float, float, float, float]
    size: tuple[float, float]
    body: str
    kind: str  # its class in the stylesheet
    alt: str = ""
    style: str = ""

    def around(self, body: str) -> str:
        """The SVG element with this window and size around another body."""
        left, top, width, height = (f"{value:g}" for value in self.view)
        style = f' style="{self.style}"' if self.style else ""
        title = f"<title>{html.escape(self.alt)}</title>" if self.alt else ""
        return (
            f'<svg class="{self.kind}"{style} xmlns="http://www.w3.org/2000/svg" width="{self.size[0]:g}mm" '
            f'height="{self.size[1]:g}mm" viewBox="{left} {top} {width} {height}">{title}{body}</svg>'
        )

    def svg(self) -> str:
        """The drawing in full."""
        return self.around(self.body)

    def stand_in(self, number: int) -> str:
        """The same element with the odd line for its body."""
        return self.around(odd_line(number))

    def proof(self) -> str:
        """A page that holds nothing but this drawing, between two odd lines."""
        return (
            f'<!doctype html><html lang="zh-CN"><title>-</title><style>@page{{size:{self.size[0]:g}mm {self.size[1]:g}mm;margin:0}}svg{{display:block}}'
            f"</style>{self.around(odd_line(1) + self.body + odd_line(2))}"
        )


@dataclass(frozen=True, slots=True)
class Stamp:
    """What WeasyPrint wrote for a drawing, compressed, with the opacities that it names."""

    data: bytes
    states: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    box: tuple[float, float, float, float]

    def form(self) -> pydyf.Stream:
        """The drawing as an object of a PDF. It may paint one width and one height past its own box on every side."""
        states = pydyf.Dictionary({name: pydyf.Dictionary(dict(values)) for name, values in self.states})
        left, top, width, height = self.box
        extra = pydyf.Dictionary(
            {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": pydyf.Array([left - width, top - height, left + 2 * width, top + 2 * height]),
                "Resources": pydyf.Dictionary({"ExtGState": states}),
                "Filter": "/FlateDecode",
            }
        )
        return pydyf.Stream([self.data], extra, compress=False)


def odd_line(number: int) -> str:
    """A line where no drawing has one: by it what belongs to a drawing is found again in WeasyPrint's output."""
    return f'<path d="M{ODD} {number}h1" fill="none" stroke="#000"/>'


def odd_spot(number: int) -> re.Pattern[bytes]:
    """Where the odd line was written, with the pair of q and Q around it."""
    return re.compile(rb"q\n(?:(?!q\n|Q\n)[^\n]*\n)*?%d %d m\n[^\n]* l\nS\nQ" % (ODD, number))


def written(stream: pydyf.Stream) -> bytes:
    """What a stream holds, uncompressed, one operator a line."""
    return b"\n".join(part if isinstance(part, bytes) else pydyf._to_bytes(part) for part in stream.stream)


def page_stream(pdf: pydyf.PDF) -> pydyf.Stream:
    """The content of the only page."""
    pages = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page"]
    if len(pages) != 1:
        raise ValueError(f"a certificate has one page, not {len(pages)}")
    return pdf.objects[int(pages[0]["Contents"].split()[0])]


def resources(pdf: pydyf.PDF) -> pydyf.Dictionary:
    """The resources of the only page."""
    page = next(one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page")
    return pdf.objects[int(page["Resources"].split()[0])]


def stamp(drawing: Drawing, proof: pydyf.PDF) -> Stamp:
    """The stamp of a drawing from its proof page."""
    content = written(page_stream(proof))
    first, last = odd_spot(1).search(content), odd_spot(2).search(content)
    if first is None or last is None:
        raise Unstampable("the proof lost its marks")
    data = content[first.end() + 1 : last.start()]
    if re.search(rb"^/\S+ (?:Do|sh|scn|SCN|cs|CS)$|Tf$", data, re.MULTILINE):
        raise Unstampable("a drawing keeps to fills and strokes with their own opacity")
    named = sorted({name.decode() for name in re.findall(rb"^/(\S+) gs$", data, re.MULTILINE)})
    states = resources(proof)["ExtGState"]
    return Stamp(
        data=zlib.compress(data, 9),
        states=tuple((name, tuple(sorted(states[name].items()))) for name in named),
        box=drawing.view,
    )


def place(pdf: pydyf.PDF, stamps: dict[int, Stamp]) -> dict[int, pydyf.Stream]:
    """Put each stamp where its stand-in's odd line is. Every stand-in must be there, once. Returns the forms."""
    forms = {}
    stream = page_stream(pdf)
    content = written(stream)
    objects = resources(pdf)["XObject"]
    for number, one in stamps.items():
        form = forms[number] = one.form()
        pdf.add_object(form)
        content, found = odd_spot(number).subn(b"q\n/stamp%d Do\nQ" % number, content)
        if found != 1:
            raise ValueError(f"stand-in {number} was found {found} times")
        objects[f"stamp{number}"] = form.reference
    stream.stream = [content]
    return forms
