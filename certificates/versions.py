"""The versions of our designs: everything of a design that decides how a page looks and what it says, as data.

An update of Podium may change a design's templates, styles, sentences, figures or art. What was issued is printed as it was
issued, so a version can be kept (`sources`) and a page set in it years later (`read`), whatever the design has become. An
version holds what was drawn and no program: art as the SVG that it was, figures as numbers, templates that a sandbox runs.

What lies outside (`outside`) is named and not kept: the libraries that set the page, and the font files.
"""

import ctypes
import functools
import hashlib
import json
import pathlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.metadata import version as version_of
from typing import Any, TypeGuard

from certificates import designs, fonts, wording
from certificates.designs.design import (
    Design,
    Facts,
    NameBox,
    Panel,
    Rows,
    Signature,
    TextBox,
    Title,
)
from certificates.drawings import Drawing
from certificates.wording import Book

HERE = pathlib.Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
PAGE, PARTS, COMMON = "template.html", "parts.html", "common.css"
OWN = "own"
"""What an organiser's own template takes from ours: the shared pieces, and how organisations sign."""
LIBRARIES = ("weasyprint", "pydyf", "uharfbuzz", "fonttools", "tinycss2", "tinyhtml5", "jinja2", "isal")
"""Whose versions may move a glyph or pack a page into other bytes."""
PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib")
PLAIN = ("name", "width", "height", "date_height", "date_in_characters", "qr", "paper", "over", "introduces", "address_width", "english_largest", "english_signed")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A design as it stands, or stood: figures and art, its page, the pieces that pages share, its style, its sentences."""

    design: Design
    page: str
    parts: str
    style: str
    book: Book


@dataclass(frozen=True, slots=True)
class Former:
    """A design (its name, or an organiser's ZIP) in a version that was kept, which is not today's."""

    design: str | bytes
    sources: bytes


def ours(design: str | bytes | Former) -> TypeGuard[str | Former]:
    """Whether a design is ours, whichever its version, and not an organiser's own."""
    return isinstance(design.design if isinstance(design, Former) else design, str)


@functools.cache
def today(name: str) -> Version:
    """The version that this program ships; of OWN without a page. Raises ValueError for a name that no design has."""
    design = designs.named("modern" if name == OWN else name)
    style, page = text(COMMON), ""
    if name != OWN:
        folder = design.folder or design.name
        page, style = text(f"{folder}/{PAGE}"), style + text(f"{folder}/style.css")
        style += text(f"{folder}/{design.second_style}") if design.second_style else ""
    return Version(design, page, text(PARTS), style, wording.data())


def text(name: str) -> str:
    """A file of our templates."""
    return (TEMPLATES / name).read_text("utf-8")


def sources(name: str) -> bytes:
    """Today's version of a design, to be kept. Draws its art, which takes up to a second."""
    version = today(name)
    design = version.design
    said = {one: getattr(design, one) for one in PLAIN}
    for part in ("title", "name_box", "text_box", "facts", "rows"):
        one = getattr(design, part)
        said[part] = one and values(one)
    said["panel"] = design.panel and {**values(design.panel), "event": values(design.panel.event)}
    said["signatures"] = [values(one) for one in design.signatures]
    if name != OWN:
        said["art"] = design.art()
        said["art_past"] = design.art_past() if design.art_past else None
        said["ornament"] = values(design.ornament()) if design.ornament else None
    kept = {"design": said, "page": version.page, "parts": version.parts, "style": version.style}
    kept["wording"] = wording.source()
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), 9)


def values(one: Any) -> dict[str, Any]:
    """What a dataclass holds, by name; what is in its own values stays as it is."""
    return {field.name: getattr(one, field.name) for field in fields(one)}


@functools.lru_cache(maxsize=4)
def read(kept: bytes) -> Version:
    """The version that `sources` kept. Figures that designs have gained since stand at their usual values."""
    told = json.loads(zlib.decompress(kept))
    return Version(
        figured(told["design"]), told["page"], told["parts"], told["style"], wording.book_of(told["wording"])
    )


def figured(said: Mapping[str, Any]) -> Design:
    """A design from its figures and its art."""
    art, past = said.get("art", ""), said.get("art_past")
    panel, facts, rows = said["panel"], said["facts"], said["rows"]
    return Design(
        **{one: said[one] for one in PLAIN if one in said},
        art=lambda: art,
        art_past=None if past is None else lambda: past,
        ornament=drawn(said["ornament"]) if said.get("ornament") else None,
        title=Title(**said["title"]),
        name_box=NameBox(**said["name_box"]),
        text_box=box(said["text_box"]),
        signatures=tuple(Signature(**one) for one in said["signatures"]),
        panel=Panel(**{**panel, "event": box(panel["event"])}) if panel else None,
        facts=Facts(**facts) if facts else None,
        rows=Rows(**rows) if rows else None,
    )


def box(said: Mapping[str, Any]) -> TextBox:
    """A text box that was kept: JSON knows no tuples."""
    return TextBox(**{**said, "sizes": tuple(said["sizes"])})


def drawn(said: Mapping[str, Any]) -> Any:
    """What makes an ornament: the one that was made."""
    ornament = Drawing(**{**said, "view": tuple(said["view"]), "size": tuple(said["size"])})
    return lambda: ornament


@functools.cache
def fingerprint(name: str) -> str:
    """By which today's version of a design is known, with what lies outside it: of the files that it is made of, so that nothing
    is drawn to learn it."""
    made_of = sorted(
        path
        for path in (*TEMPLATES.rglob("*"), *(HERE / "art").glob("*.py"), *(HERE / "designs").glob("*.py"))
        if path.is_file()
    )
    told = hashlib.sha256(json.dumps([name, outside()], sort_keys=True).encode())
    for path in (*made_of, HERE / "wording.toml"):
        content = path.read_bytes()
        told.update(f"\0{path.relative_to(HERE).as_posix()}\0{len(content)}\0".encode() + content)
    return told.hexdigest()


@functools.cache
def outside() -> Mapping[str, str]:
    """What sets a page and is not kept: versions by library, and the SHA-256 of each of our fonts by file."""
    found = {name: version_of(name) for name in LIBRARIES}
    found |= {"pango": pango(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    return found | {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(fonts.VENDORED.glob("*.ttf"))
    }


def pango() -> str:
    """The version of the machine's Pango, which breaks lines; "" where it is not under one of its usual names."""
    for name in PANGO:
        try:
            told = ctypes.CDLL(name).pango_version_string
        except OSError:
            continue
        told.restype = ctypes.c_char_p
        return bytes(told()).decode()
    return ""
