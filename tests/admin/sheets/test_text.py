"""A form that was saved as text: read when it is certain what it says, refused otherwise."""

import pytest

from admin.sheets.guard import Limits
from admin.sheets.registration import read_registration
from admin.sheets.returned import returned
from admin.sheets.text import is_text, text_grid
from scoring.verdict import Problems
from tests.admin.sheets.conftest import HEADINGS, OTHER, PERSON, TITLE

CODES = {"registration.digits-lost"}


def text_of(*people: dict[str, object], separator: str = ",", end: str = "\r\n") -> str:
    """A form as a spreadsheet writes it out."""
    lines = [TITLE, separator.join(HEADINGS)]
    lines += [separator.join(str(person.get(heading, "")) for heading in HEADINGS) for person in people]
    return end.join(lines) + end


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_each_encoding_gives_the_same_rows(encoding: str, separator: str) -> None:
    """Whatever the encoding and the separator, the people are who they are."""
    data = text_of(PERSON, OTHER, separator=separator).encode(encoding)
    sheet = read_registration(data, "名单.csv")
    assert is_text(data) and sheet.problems == () and sheet.delegation == "石家庄市"
    assert [(row.row, row.name, row.document_number) for row in sheet.rows] == [
        (3, "钱娜涵", "130199198910086695"),
        (4, "汪国杰", "13019919950415655X"),
    ]


@pytest.mark.parametrize("number", ["130199198910086000", "1.30199E+17", "1.30199198910086E+17"])
def test_a_number_that_was_rounded_before_it_was_written_is_not_believed(number: str) -> None:
    """A spreadsheet that kept fifteen digits wrote noughts or a power: the last digits are lost, and nobody guesses them."""
    sheet = read_registration(text_of({**PERSON, "证件号码": number, "照片文件名": ""}).encode(), "x.csv")
    assert {one.code for one in sheet.problems} == CODES


@pytest.mark.parametrize("written", ['="130199198910086695"', "'130199198910086695", "\t130199198910086695"])
def test_numbers_that_were_protected_are_read(written: str) -> None:
    """The usual ways to keep a number whole in a text file are understood."""
    quoted = '"' + written.replace('"', '""') + '"'
    sheet = read_registration(text_of({**PERSON, "证件号码": quoted}).encode(), "x.csv")
    assert sheet.problems == () and sheet.rows[0].document_number == "130199198910086695"


def test_cells_with_separators_and_line_breaks_stay_whole() -> None:
    """Quoted cells are one cell."""
    sheet = read_registration(text_of({**PERSON, "工作单位": '"甲厂,\r\n乙厂"'}).encode("gbk"), "x.csv")
    assert sheet.rows[0].unit == "甲厂,乙厂" or sheet.rows[0].unit == "甲厂, 乙厂"


def test_text_in_no_known_encoding_is_refused_with_its_mend() -> None:
    """Bytes that are neither UTF-8 nor GB18030 beyond their beginning: save it as .xlsx."""
    data = text_of(*[PERSON] * 60).encode() + b"\xff\xff,\xff\n"
    assert is_text(data)
    sheet = read_registration(data, "x.csv")
    assert [one.code for one in sheet.problems] == ["workbook.csv"] and ".xlsx" in sheet.problems[0].mend.zh


def test_long_and_wide_texts_end_at_the_limits() -> None:
    """A text has the limits of a sheet."""
    for text, code in (("a,b\n" * 30, "workbook.too-many-rows"), ("a," * 30 + "\n", "workbook.too-many-columns")):
        with pytest.raises(Problems) as refused:
            text_grid(text.encode(), Limits(rows=20, columns=20))
        assert refused.value.problems[0].code == code
    with pytest.raises(Problems) as refused:
        text_grid(b"a,b\n" * 30, Limits(upload=20))
    assert refused.value.problems[0].code == "workbook.too-large"


def test_a_text_comes_back_as_a_workbook() -> None:
    """Marked like any other form."""
    data = text_of({**PERSON, "性别": "女"}).encode("gbk")
    sheet = read_registration(data, "x.csv")
    assert returned(data, sheet.problems, sheet.mended).startswith(b"PK")
