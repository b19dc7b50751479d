"""One layout, many certificates: what WeasyPrint laid out once is filled again and again.

WeasyPrint takes a tenth of a second for a page. But pages of one shape (see `shapes`) differ only in which Han
character or digit stands where, in the code, the photo and the metadata. So a layout is *compiled* once and each
certificate is *filled* into it in about a millisecond, and the page is the same to the last pixel.

**Compiling** takes two proofs: the page rendered by WeasyPrint with one placeholder in every hole, and once more with
another. Everything that is equal in both is fixed. Where they differ, the pair of placeholders tells which hole it is:
Han holes have two characters of their own each, digit holes a pair of unequal digits. The two proofs also *prove* what
the whole idea rests on, that placeholders do not move anything: a difference of any other kind, be it a kerning number
or a line break, makes the layout `Unfillable`, and the certificate is printed by WeasyPrint as any page is.

**Filling** writes glyph numbers into the holes, and makes anew what depends on them: three small fonts with the
outlines in use, their way back to characters, the code, the photo, title and metadata. Nothing is moved or restyled;
lines, tags, order and colours stay what WeasyPrint wrote. A filled file depends on its certificate only, not its batch.
"""

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pydyf  # type: ignore[import-untyped]

from certificates import qr
from certificates.composing import Sheet
from certificates.cutting import HEX, Cut, Source
from certificates.drawings import deflated, page_stream, resources, written
from certificates.proofs import (
    Pattern,
    Proof,
    Unfillable,
    as_markup,
    as_string,
    metadata,
    pattern,
)
from certificates.shapes import Shape, told
from certificates.truetype import Composite

HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<((?:[0-9a-f]{4})+)>")


@dataclass(frozen=True, slots=True)
class Hole:
    """A glyph that changes: which character of the told texts it shows, in which font."""

    place: int
    cut: int
    digits: dict[str, bytes] | None


class Layout:
    """A compiled page. Make it with two proofs, then fill it."""

    def __init__(
        self,
        shape: Shape,
        pairs: Sequence[tuple[str, str]],
        proofs: Sequence[Proof],
        sources: dict[str, Source],
    ) -> None:
        self.sources = sources
        self.cuts = {name: Cut(source) for name, source in sources.items()}
        try:
            self._read_page(shape, pairs, proofs)
        except (Composite, KeyError, IndexError) as error:
            raise Unfillable(f"the page cannot be taken apart: {error!r}") from error
        self._read_objects(proofs)

    def _read_page(self, shape: Shape, pairs: Sequence[tuple[str, str]], proofs: Sequence[Proof]) -> None:
        """Cut the page's content at its holes and give the fixed glyphs their new numbers."""
        contents = [written(page_stream(proof.pdf)) for proof in proofs]
        spots = [list(glyphs_shown(content)) for content in contents]
        if blank(contents[0], spots[0]) != blank(contents[1], spots[1]):
            raise Unfillable("the placeholders moved something")
        place_of = dict(zip(pairs, shape.holes(), strict=True))
        order = list(self.cuts)
        self.chunks: list[bytes] = []
        self.holes: list[Hole] = []
        chunk, last = b"", 0
        for (offset, name, glyph), (_, _, other) in zip(*spots, strict=True):
            cut, numbers = self.cuts[name], self.sources[name].numbers
            chunk += contents[0][last:offset]
            last = offset + 4
            pair = proofs[0].fonts[name].to_unicode[glyph], proofs[1].fonts[name].to_unicode[other]
            kept = numbers[glyph], numbers[other]
            if glyph == other:
                chunk += HEX[cut.keep(kept[0], pair[0])]
                continue
            digits = cut.digits((int(pair[0]), int(pair[1])), kept) if pair[0].isascii() else None
            if digits is None and kept[0] != cut.face.glyph(pair[0]):
                raise Unfillable("a Han character has another shape here")
            self.holes.append(Hole(place_of[pair], order.index(name), digits))
            self.chunks.append(chunk)
            chunk = b""
        self.tail = chunk + contents[0][last:]

    def _read_objects(self, proofs: Sequence[Proof]) -> None:
        """Write what is fixed once and for all, and learn the pattern of the rest."""
        pdfs = [proof.pdf for proof in proofs]
        said = [metadata(proof.sheet) for proof in proofs]
        strings, markup = [as_string(one) for one in said], [as_markup(one) for one in said]
        self.content, self.code, self.photo = page_stream(pdfs[0]).number, proofs[0].code, 0
        self._find_fonts(pdfs)
        made = {self.content, self.code, *(number for cut in self.cuts.values() for number in (cut.file, cut.map))}
        self.patterns: dict[int, Pattern] = {}
        self.markup: dict[int, tuple[bytes, Pattern]] = {}
        fixed: list[pydyf.Object] = []
        pairs = [[one for one in pdf.objects if one.free != "f" and not is_container(one)] for pdf in pdfs]
        if [one.number for one in pairs[0]] != [one.number for one in pairs[1]]:
            raise Unfillable("the proofs have unlike objects")
        for first, second in zip(*pairs, strict=True):
            if first.number in made:
                continue
            if isinstance(first, pydyf.Stream):
                if first.extra.get("Type") == "/Metadata":
                    kept = b"/Type /Metadata/Subtype /XML"
                    self.markup[first.number] = kept, pattern([written(first), written(second)], markup)
                elif first.extra.get("Subtype") == "/Image":
                    self.photo, self.photo_head = first.number, photo_head(first)
                elif written(first) != written(second):
                    raise Unfillable("a drawing differs")
                else:
                    fixed.append(first)
            elif first.data != second.data:
                self.patterns[first.number] = pattern([first.data, second.data], strings)
            else:
                fixed.append(first)
        self.code_head = stream_head(pdfs[0].objects[self.code])
        self.info, self.root = pdfs[0].info.number, pdfs[0].catalog.number
        self._write_fixed(fixed, 1 + max(one.number for one in pairs[0]))

    def _find_fonts(self, pdfs: Sequence[pydyf.PDF]) -> None:
        """Where each font's file and its map are, and its widths as this layout has them."""
        for pdf in pdfs:
            names = pdf.objects[number_of(resources(pdf)["Font"])]
            for name, cut in self.cuts.items():
                font = pdf.objects[number_of(names[name])]
                child = pdf.objects[number_of(font["DescendantFonts"][0])]
                descriptor = pdf.objects[number_of(child["FontDescriptor"])]
                cut.file, cut.map = number_of(descriptor["FontFile2"]), number_of(font["ToUnicode"])
                child["DW"] = 1000
                child["W"] = pydyf.Array([0, pydyf.Array(cut.widths())])

    def _write_fixed(self, fixed: Sequence[pydyf.Object], count: int) -> None:
        """The bytes that every file of this layout begins with, and their rows in the table of objects."""
        self.rows = [bytes(7)] * count
        self.rows[0] = b"\0" + bytes(4) + b"\xff\xff"
        out, at = [HEAD], len(HEAD)
        small = [one for one in fixed if one.compressible and not is_signed_with(one)]
        for one in (one for one in fixed if not one.compressible or is_signed_with(one)):
            self.rows[one.number] = row(at)
            if isinstance(one, pydyf.Stream):
                one.compress = "Filter" not in one.extra
            out.append(one.indirect + b"\n")
            at += len(out[-1])
        index, body, where = [], [], 0
        for position, one in enumerate(small):
            data = one.data + b"\n"
            self.rows[one.number] = b"\2" + count.to_bytes(4, "big") + position.to_bytes(2, "big")
            index.append(f"{one.number} {where}")
            body.append(data)
            where += len(data)
        head = " ".join(index).encode() + b"\n"
        packed = zlib.compress(head + b"".join(body), 9)
        out.append(stream(count, b"/Type /ObjStm/N %d/First %d" % (len(small), len(head)), packed))
        self.rows.append(row(at))
        self.prefix = b"".join(out)

    def fill(self, sheet: Sheet) -> bytes:
        """The certificate of a sheet of this layout's shape."""
        text = "".join(told(sheet))
        cuts = list(self.cuts.values())
        numbers: list[dict[str, bytes]] = [{} for _ in cuts]
        page: list[bytes] = []
        for chunk, hole in zip(self.chunks, self.holes, strict=True):
            char = text[hole.place]
            known = hole.digits or numbers[hole.cut]
            written_as = known.get(char)
            if written_as is None:
                written_as = known[char] = HEX[len(cuts[hole.cut].glyphs) + len(known)]
            page += (chunk, written_as)
        said = metadata(sheet)
        strings = as_string(said)
        made = {self.content: stream(self.content, b"", deflated(b"".join([*page, self.tail])))}
        for cut, used in zip(cuts, numbers, strict=True):
            length, font, back = cut.packed("".join(used))
            made[cut.file] = stream(cut.file, b"/Length1 %d" % length, font)
            made[cut.map] = stream(cut.map, b"", back)
        made[self.code] = stream(self.code, self.code_head, deflated(qr.operators(sheet.qr.text)))
        if self.photo:
            made[self.photo] = raw_stream(self.photo, self.photo_head, sheet.photo or b"")
        for number, one in self.patterns.items():
            made[number] = b"%d 0 obj\n%s\nendobj\n" % (number, one.filled(strings))
        for number, (head, one) in self.markup.items():
            made[number] = stream(number, head, deflated(one.filled(as_markup(said))))
        return self._written(made)

    def _written(self, made: dict[int, bytes]) -> bytes:
        """The whole file: what is fixed, what was made, and the table of both."""
        out, at = [self.prefix], len(self.prefix)
        rows = self.rows.copy()
        for number, data in sorted(made.items()):
            rows[number] = row(at)
            out.append(data)
            at += len(data)
        said = (data for number, data in made.items() if number != self.photo)
        digest = hashlib.md5(b"".join(said), usedforsecurity=False).hexdigest().encode()
        rows.append(row(at))
        head = b"/Type /XRef/Size %d/W [1 4 2]/Root %d 0 R/Info %d 0 R/ID [<%s> <%s>]" % (
            len(rows), self.root, self.info, digest, digest,
        )  # fmt: skip
        out.append(stream(len(rows) - 1, head, deflated(b"".join(rows))))
        out.append(b"startxref\n%d\n%%%%EOF\n" % at)
        return b"".join(out)


def glyphs_shown(content: bytes) -> Any:
    """Every glyph of a page: where its number stands, the font's name, the number."""
    name = ""
    for found in SHOWN.finditer(content):
        if found[1]:
            name = found[1].decode()
            continue
        start = found.start(2)
        for offset in range(start, found.end(2), 4):
            yield offset, name, int(content[offset : offset + 4], 16)


def blank(content: bytes, spots: Sequence[tuple[int, str, int]]) -> bytes:
    """The content with every glyph's number wiped out."""
    wiped = bytearray(content)
    for offset, _, _ in spots:
        wiped[offset : offset + 4] = b"----"
    return bytes(wiped)


def is_container(one: Any) -> bool:
    """Written by WeasyPrint around its objects; a layout makes its own."""
    return isinstance(one, pydyf.Stream) and one.extra.get("Type") in ("/ObjStm", "/XRef")


def is_signed_with(one: Any) -> bool:
    """Page and catalogue stand in the open, where `appending` finds them."""
    return isinstance(one, pydyf.Dictionary) and one.get("Type") in ("/Page", "/Catalog")


def number_of(reference: Any) -> int:
    """The number of the object that a reference (`12 0 R`) names."""
    return int(reference.split()[0])


def row(at: int) -> bytes:
    """The row of an object in the table of objects: it begins at this byte (ISO 32000-2 §7.5.8.3)."""
    return b"\1" + at.to_bytes(4, "big") + b"\0\0"


def stream(number: int, head: bytes, packed: bytes) -> bytes:
    """A stream whose data is packed already, as an object of a PDF."""
    return raw_stream(number, head + b"/Filter /FlateDecode", packed)


def raw_stream(number: int, head: bytes, data: bytes) -> bytes:
    """A stream as an object of a PDF; `head` is the rest of its dictionary."""
    return b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, head, len(data), data)


def stream_head(one: Any) -> bytes:
    """A stream's dictionary without its brackets, its length and its filter."""
    extra = pydyf.Dictionary({key: value for key, value in one.extra.items() if key not in ("Length", "Filter")})
    return bytes(extra.data[2:-2])


def photo_head(one: Any) -> bytes:
    """The dictionary of the photo without its brackets and its length. Raises Unfillable where it is no JPEG."""
    if one.extra.get("Filter") != "/DCTDecode":
        raise Unfillable("the photo is no JPEG")
    extra = pydyf.Dictionary({key: value for key, value in one.extra.items() if key != "Length"})
    return bytes(extra.data[2:-2])
