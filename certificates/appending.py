"""Putting a signature behind one of our own files, as an incremental update of a known form.

A general signer has to read the file that it signs; ours have a form that we know, so four objects and their table are
written behind the last byte without taking anything apart: the page and the catalogue once more with what a signature
adds to them, an invisible field, and the signature with a hole for its container. A file of any other form is left to
pyHanko (see `signing`).
"""

import datetime
import re
from dataclasses import dataclass

from certificates.drawings import deflated

END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n\Z")
TABLE = re.compile(
    rb"(\d+) 0 obj\n<</Type /XRef/Size (\d+)/W \[1 4 2\]/Root (\d+) 0 R/Info (\d+) 0 R/ID \[([^\]]*)\]/F"
)
PAGE = re.compile(rb"\n(\d+) 0 obj\n(<</Type /Page/.*?>>)\nendobj\n", re.DOTALL)
HOLE = b"0" * 10
ATTACHED = b"credential.json"
FIELD = "Podium"
"""The name of the signature's field."""


@dataclass(frozen=True, slots=True)
class Update:
    """What is written behind a file, with a hole for the container of its signature: `before` it and `after` it, without
    its brackets."""

    before: bytes
    after: bytes
    room: int

    def filled(self, pdf: bytes, container: bytes) -> bytes:
        """The file, its update, and the container in it. Raises ValueError where the room is too small for that."""
        digits = container.hex().encode("ascii")
        if len(digits) > self.room:
            raise ValueError("the signature is larger than the room that was left for it")
        return b"".join((pdf, self.before, b"<", digits.ljust(self.room, b"0"), b">", self.after))


def update(
    pdf: bytes, field: str, at: datetime.datetime, said: dict[str, str], room: int, attached: bytes = b""
) -> Update | None:
    """The update that makes room for a signature, or nothing when the file is none of ours or has one already.

    What is `attached` is the credential: PDF/A-3 wants it named in the catalogue, with its kind and what it is to the
    page (ISO 19005-3 §6.8).
    """
    end = END.search(pdf, max(0, len(pdf) - 64))
    table = TABLE.match(pdf, int(end[1])) if end else None
    if end is None or table is None:
        return None
    size, root = int(table[2]), int(table[3])
    page = PAGE.search(pdf)
    catalogue = re.search(rb"\n%d 0 obj\n(<</Type /Catalog.*?>>)\nendobj\n" % root, pdf, re.DOTALL)
    if page is None or catalogue is None or b"/AcroForm" in catalogue[1] or b"/Annots" in page[2]:
        return None
    widget, signature, file, own = size, size + 1, size + 3, size + 2 + 2 * bool(attached)
    names = b"/AF [%d 0 R]/Names <</EmbeddedFiles <</Names [(%s) %d 0 R]>>>>" % (file - 1, ATTACHED, file - 1)
    objects = {
        root: catalogue[1][:-2]
        + b"/AcroForm <</Fields [%d 0 R]/SigFlags 3>>/Perms <</DocMDP %d 0 R>>" % (widget, signature)
        + (names if attached else b"")
        + b">>",
        int(page[1]): page[2][:-2] + b"/Annots [%d 0 R]>>" % widget,
        widget: b"<</Type /Annot/Subtype /Widget/FT /Sig/T (%s)/Rect [0 0 0 0]/F 132/P %d 0 R/V %d 0 R>>"
        % (field.encode("ascii"), int(page[1]), signature),
    }
    if attached:
        objects |= embedded(attached, file, at)
    out, rows, behind = bytearray(), {}, len(pdf)
    for number, data in objects.items():
        rows[number] = behind + len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    rows[signature] = behind + len(out)
    words = b"".join(b"/%s <%s>" % (key.encode(), ("\ufeff" + text).encode("utf-16-be").hex().encode())
                     for key, text in said.items() if text)  # fmt: skip
    out += (
        b"%d 0 obj\n<</Type /Sig/Filter /Adobe.PPKLite/SubFilter /ETSI.CAdES.detached/M (D:%s+00'00')%s/Reference "
        b"[<</Type /SigRef/TransformMethod /DocMDP/TransformParams <</Type /TransformParams/P 1/V /1.2>>>>]/ByteRange "
        % (signature, at.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S").encode(), words)
    )
    spot = len(out)
    ranges = b"[0 %s %s %s]" % (HOLE, HOLE, HOLE)
    out += ranges + b"/Contents "
    before = behind + len(out)
    tail = b">>\nendobj\n"
    rows[own] = before + room + 2 + len(tail)
    numbers = sorted(rows)
    body = deflated(b"".join(b"\1" + rows[number].to_bytes(4, "big") + b"\0\0" for number in numbers))
    index = b" ".join(b"%d 1" % number for number in numbers)
    tail += (
        b"%d 0 obj\n<</Type /XRef/Size %d/W [1 4 2]/Root %d 0 R/Info %s 0 R/ID [%s]/Prev %s/Index [%s]"
        b"/Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (own, own + 1, root, table[4], table[5], end[1], index, len(body), body, rows[own])
    )
    filled = b"[0 %010d %010d %010d]" % (before, before + room + 2, len(tail))
    out[spot : spot + len(ranges)] = filled
    return Update(bytes(out), tail, room)


def embedded(content: bytes, number: int, at: datetime.datetime) -> dict[int, bytes]:
    """The credential as a file in the file, and before it the statement of what it is."""
    packed = deflated(content)
    when = at.astimezone(datetime.UTC).strftime("D:%Y%m%d%H%M%S+00'00'").encode()
    statement = (
        b"<</Type /Filespec/F (%s)/UF (%s)/AFRelationship /Data/Desc (Open Badges 3.0)/EF <</F %d 0 R/UF %d 0 R>>>>"
        % (ATTACHED, ATTACHED, number, number)
    )
    head = b"<</Type /EmbeddedFile/Subtype /application#2Fvc+json/Params <</ModDate (%s)/Size %d>>" % (
        when, len(content),
    )  # fmt: skip
    body = b"%s/Filter /FlateDecode/Length %d>>\nstream\n%s\nendstream" % (head, len(packed), packed)
    return {number - 1: statement, number: body}
