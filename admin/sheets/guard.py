"""Decides whether a file that somebody sent may be parsed at all, and hands on only what was counted.

Nothing here trusts a file's name: an .xls renamed .xlsx is still an .xls, and is told so. A workbook is a zip; its
members are inflated here, never further than they declare and never further than the limits, and are packed again
without compression. The parser therefore sees exactly the bytes that were counted, whatever the sender's zip says
in its second set of headers. Pictures, drawings and macros stay outside.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from admin.sheets.wording import problem
from scoring.verdict import Problems

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """How much a workbook may weigh. The worker's 512 MB and 20 s (`worker.py`) stand behind these."""

    upload: int = 20 * MEGABYTE
    inflated: int = 96 * MEGABYTE
    ratio: int = 200
    ratio_matters_from: int = 4 * MEGABYTE
    members: int = 3000
    rows: int = 20_000
    columns: int = 256


LIMITS = Limits()
PARSED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(worksheets/)?[^/]+\.xml|xl/_rels/[^/]+\.rels")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OLD_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
OTHER_FORMATS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"Rar!": "RAR", b"7z\xbc\xaf": "7z"}


def admit(data: bytes, limits: Limits = LIMITS) -> bytes:
    """The workbook again, holding only counted parts, uncompressed. Raises Problems when it may not be parsed."""
    if not data:
        raise Problems((problem("workbook.empty"),))
    if len(data) > limits.upload:
        raise Problems((problem("workbook.too-large", size=megabytes(len(data)), limit=megabytes(limits.upload)),))
    if not data.startswith(b"PK\x03\x04"):
        raise Problems((problem(foreign(data), format=other_format(data)),))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = counted(archive, len(data), limits)
            return packed(archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError, OSError) as error:
        raise Problems((problem("workbook.damaged"),)) from error


def foreign(data: bytes) -> str:
    """Which refusal tells a sender best what this file is, when it is not a zip."""
    if data.startswith(OLE):
        if ENCRYPTED_STREAM in data:
            return "workbook.encrypted"
        return "workbook.old-excel" if any(name in data for name in OLD_STREAMS) else "workbook.other-format"
    start = data[:4096]
    if data.startswith(UTF_16):
        start = start.decode("utf-16", errors="ignore").encode("utf-8", errors="ignore")
    if other_format(data) or b"\0" in start:
        return "workbook.other-format"
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|table|\?xml|meta|head)", start, re.IGNORECASE):
        return "workbook.web-page"
    lines = [line for line in start.splitlines() if line.strip()]
    is_text = readable(start, "utf-8") or readable(start, "gb18030")
    if is_text and any(
        line.count(mark) > (line is not lines[0]) for line in lines[:40] for mark in (b",", b"\t", b";")
    ):
        return "workbook.csv"
    return "workbook.other-format"


def other_format(data: bytes) -> str:
    """The name of a format that is known by its first bytes, to stand behind a sentence; nothing for others."""
    return next((f"（{name}）" for start, name in OTHER_FORMATS.items() if data.startswith(start)), "")


def readable(start: bytes, encoding: str) -> bool:
    """Whether these bytes are text in this encoding; the last character may be cut."""
    try:
        text = start[:-4].decode(encoding, errors="strict") if len(start) > 8 else start.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start > len(start) - 12
    return not any(character < " " and character not in "\t\r\n\f" for character in text)


def counted(archive: zipfile.ZipFile, size: int, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The members by path, after their number, their declared sizes and their kind were found acceptable."""
    members = {info.filename.replace("\\", "/").lstrip("/"): info for info in archive.infolist()}
    if len(archive.infolist()) > limits.members:
        found = len(archive.infolist())
        raise Problems((problem("workbook.too-many-parts", found=found, limit=limits.members),))
    if len(members) != len(archive.infolist()):
        raise Problems((problem("workbook.damaged"),))
    declared = sum(info.file_size for info in members.values())
    bulky = declared > limits.ratio_matters_from and declared > size * limits.ratio
    if declared > limits.inflated or bulky:
        raise Problems((problem("workbook.bomb", inflated=megabytes(declared)),))
    if any(info.flag_bits & 1 for info in members.values()):
        raise Problems((problem("workbook.encrypted"),))
    if any(path.lower().endswith("vbaproject.bin") for path in members):
        raise Problems((problem("workbook.macros"),))
    if "xl/workbook.bin" in members:
        raise Problems((problem("workbook.binary"),))
    if "[Content_Types].xml" not in members or not any(path.startswith("xl/worksheets/") for path in members):
        raise Problems((problem("workbook.not-a-workbook"),))
    return members


def packed(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> bytes:
    """A new zip of the parts that a parser needs, with the same bytes and no compression."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as clean:
        for path, info in members.items():
            if not PARSED.fullmatch(path):
                continue
            content = archive.read(info)
            if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
                raise Problems((problem("workbook.damaged"),))
            clean.writestr(zipfile.ZipInfo(path), content)
    return out.getvalue()


def megabytes(size: int) -> str:
    """A size in the unit that people read: whole megabytes, or one decimal place under ten."""
    tenths = (size * 10 + MEGABYTE - 1) // MEGABYTE
    return f"{tenths // 10} MB" if tenths >= 100 else f"{tenths // 10}.{tenths % 10} MB"
