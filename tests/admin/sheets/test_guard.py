"""Files that must not be parsed: each is refused with its own code, in both languages, before anything reads it."""

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from admin.sheets.grid import grids
from admin.sheets.guard import Limits, admit
from admin.sheets.registration import read_registration
from scoring.verdict import Problems

Person = dict[str, Any]
CLEAN = (Path(__file__).parents[2] / "inputs" / "报名表-石家庄市.xlsx").read_bytes()
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def zipped(**members: bytes) -> bytes:
    """A zip with these members; two underscores stand for a slash, one for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_member(name: str, content: bytes) -> bytes:
    """The clean workbook with one member more."""
    out = io.BytesIO(CLEAN)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def code_of(data: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(Problems) as refused:
        admit(data)
    assert all(one.words.zh and one.words.en and one.mend.zh and one.mend.en for one in refused.value.problems)
    return refused.value.problems[0].code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook.empty"),
        (OLE + bytes(500) + "Workbook".encode("utf-16-le") + bytes(500), "workbook.old-excel"),
        (OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "workbook.encrypted"),
        (OLE + bytes(1000), "workbook.other-format"),
        ("姓名,性别\n王丽,女\n".encode("gbk"), "workbook.csv"),
        ("姓名,性别\n王丽,女\n".encode(), "workbook.csv"),
        ("\ufeff姓名\t性别\r\n王丽\t女\r\n".encode(), "workbook.csv"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "workbook.web-page"),
        (b"%PDF-1.7\n", "workbook.other-format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "workbook.other-format"),
        (bytes(range(256)) * 40, "workbook.other-format"),
        (CLEAN[: len(CLEAN) // 2], "workbook.damaged"),
        (CLEAN[:-10], "workbook.damaged"),
        (b"PK\x03\x04" + bytes(200), "workbook.damaged"),
        (zipped(**{"a.txt": b"hello"}), "workbook.not-a-workbook"),
        (zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "workbook.not-a-workbook"),
        (with_member("xl/vbaProject.bin", b"x"), "workbook.macros"),
        (with_member("xl/workbook.bin", b"x"), "workbook.binary"),
        (with_member("xl/worksheets/sheet1.xml", b"<x/>"), "workbook.damaged"),
        (with_member("xl/extra.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "workbook.damaged"),
        (with_member("xl/media/bomb.bin", bytes(50 << 20)), "workbook.bomb"),
        (b"PK\x03\x04" + bytes(21 << 20), "workbook.too-large"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_no_plain_workbook_is_refused_by_its_content(data: bytes, code: str) -> None:
    """Old Excel, passwords, text, web pages, broken files, macros and bombs are told apart, whatever they are named."""
    assert code_of(data) == code


def test_random_bytes_are_refused_and_never_raise_anything_else() -> None:
    """Whatever bytes come, the answer is a list of problems."""
    for size in (1, 4, 100, 5000):
        sheet = read_registration(os.urandom(size), "x.xlsx")
        assert sheet.rows == () and len(sheet.problems) == 1


def test_a_workbook_that_is_cut_or_changed_anywhere_never_raises() -> None:
    """Cut off at any place, or with a flipped byte, a workbook is read or refused; nothing else happens."""
    for place in range(0, len(CLEAN), 397):
        read_registration(CLEAN[:place], "x.xlsx")
        read_registration(CLEAN[:place] + bytes([CLEAN[place] ^ 0xFF]) + CLEAN[place + 1 :], "x.xlsx")


def test_too_many_parts_are_refused() -> None:
    """A zip with thousands of members is refused by their number."""
    with pytest.raises(Problems) as refused:
        admit(CLEAN, Limits(members=5))
    assert refused.value.problems[0].code == "workbook.too-many-parts"


def test_a_member_that_lies_about_its_size_cannot_unfold_further() -> None:
    """The parser gets the bytes that were counted: a member that declares less than it holds is refused."""
    honest = zipped(a=bytes(1 << 20))
    declared = (1 << 20).to_bytes(4, "little")
    prefix = bytes(1000)
    lie = honest.replace(declared, len(prefix).to_bytes(4, "little"))
    lie = lie.replace(zlib.crc32(bytes(1 << 20)).to_bytes(4, "little"), zlib.crc32(prefix).to_bytes(4, "little"))
    with zipfile.ZipFile(io.BytesIO(lie)) as archive:
        assert len(archive.read("a")) == len(prefix)
    assert code_of(lie) == "workbook.not-a-workbook"


@pytest.mark.parametrize(
    ("cell", "code"), [("A20001", "workbook.too-many-rows"), ("XFD1", "workbook.too-many-columns")]
)
def test_one_far_cell_does_not_cost_memory(
    make_form: Callable[..., bytes], person: Callable[..., Person], cell: str, code: str
) -> None:
    """A cell far below or far to the right is refused by its address, before a parser sets the rectangle aside."""

    def far(book: Workbook) -> None:
        book.active[cell] = "x"

    with pytest.raises(Problems) as refused:
        grids(make_form(person(), change=far))
    assert refused.value.problems[0].code == code


def test_formatted_empty_rows_are_no_rows(make_form: Callable[..., bytes], person: Callable[..., Person]) -> None:
    """Whole columns that were coloured or bordered down to the end of the sheet are empty and do no harm."""

    def border(book: Workbook) -> None:
        book.active["A300000"].number_format = "@"

    assert read_registration(make_form(person(), change=border), "x.xlsx").problems == ()
