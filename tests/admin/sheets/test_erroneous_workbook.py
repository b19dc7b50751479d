"""What every spoiled row of the clerks' erroneous workbook must give.

The table was written from the workbook itself, row by row, with the rules of identity numbers and of forms in hand;
it says what a reader has to find, whatever this reader does.
"""

from pathlib import Path

import pytest

from admin.sheets.registration import RegistrationSheet, read_registration

WORKBOOK = Path(__file__).parents[2] / "inputs" / "报名表-石家庄市-有错.xlsx"

REFUSED = [
    # row, column, code, words that the clerk must read, words of the mend
    (6, "I", "registration.id-check-digit", "校验", "130199198111267334"),
    (7, "I", "registration.digits-lost", "无法恢复", "130199197606144710"),
    (12, "F", "registration.sex-differs", "证件号码表示的是“男”", "核对性别和号码"),
    (13, "F", "registration.sex-differs", "证件号码表示的是“男”", "核对性别和号码"),
    (13, "I", "registration.id-twice", "第 11 行（陈𫖯）", "删去重复的一行"),
    (13, "R", "registration.photo-differs", "不是这名选手的证件号码", "别人的号码"),
    (16, "E", "registration.cell-empty", "“姓名”没有填", "补填"),
    (19, "R", "registration.photo-differs", "不是这名选手的证件号码", "核对证件号码和照片"),
    (27, "E", "registration.formula", "是公式", "直接输入"),
    (32, "D", "registration.team-alone", "队号 27 只有 1 人", "同一队号"),
    (33, "D", "registration.team-alone", "队号 99 只有 1 人", "同一队号"),
]
MENDED = [
    # row, column, code, value that goes in
    (8, "E", "mended.name-spaces", "钱一鑫"),
    (11, "I", "mended.full-width", "130199197706132637"),
    (13, "I", "mended.full-width", "130199197706132637"),
    (14, "N", "mended.level", "二级/技师"),
    (28, "Q", "mended.number-as-text", "13800138000"),
]
LEFT_TO_THE_COMPETITION = [
    # row, field, what only a competition can say about it
    (15, "event", "数控铣工"),
    (19, "document_number", "130199201205013188"),
    (20, "note", "已获全国技术能手"),
]


@pytest.fixture(scope="module")
def sheet() -> RegistrationSheet:
    return read_registration(WORKBOOK.read_bytes(), WORKBOOK.name)


def test_every_spoiled_cell_is_named_and_no_other(sheet: RegistrationSheet) -> None:
    """The list of problems is exactly the table: same cells, same codes, in the order of the sheet."""
    found = [(one.place.row, one.place.column, one.code) for one in sheet.problems]

    assert [row[:3] for row in REFUSED] == found
    assert not sheet.accepted


@pytest.mark.parametrize(("row", "column", "code", "words", "mend"), REFUSED)
def test_the_clerk_reads_what_is_wrong_and_what_to_do(
    sheet: RegistrationSheet, row: int, column: str, code: str, words: str, mend: str
) -> None:
    """Each problem says in Chinese what is wrong and how to mend it, and says so in English too."""
    one = next(one for one in sheet.problems if (one.place.row, one.place.column, one.code) == (row, column, code))

    assert words in one.words.zh
    assert mend in one.mend.zh
    assert one.place.sheet == "报名汇总表"
    assert one.words.en and one.mend.en


def test_what_is_certain_is_mended_and_told(sheet: RegistrationSheet) -> None:
    """Spaces in a name, full-width digits, a level in the wrong order, a phone held as number: mended, and reported."""
    found = [(one.place.row, one.place.column, one.code, one.after) for one in sheet.mended]

    assert found == MENDED
    assert all(one.before and one.words.zh and one.words.en for one in sheet.mended)


@pytest.mark.parametrize(("row", "field", "value"), LEFT_TO_THE_COMPETITION)
def test_what_only_the_competition_knows_comes_through(
    sheet: RegistrationSheet, row: int, field: str, value: str
) -> None:
    """An unknown event, a child's birth year, a title that bars: no errors of the form, they reach registration."""
    line = next(line for line in sheet.rows if line.row == row)

    assert value == getattr(line, field)


def test_all_rows_are_read_to_the_last(sheet: RegistrationSheet) -> None:
    """Problems stop nothing: all 28 people are read, and the delegation is known from the title."""
    assert len(sheet.rows) == 28
    assert sheet.delegation == "石家庄市"
