"""One change at a time to a valid row: what is mended, what is refused."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from admin.sheets.registration import read_registration

Person = dict[str, Any]


def test_the_person_that_is_changed_here_is_valid(
    make_form: Callable[..., bytes], person: Callable[..., Person], other: Callable[..., Person]
) -> None:
    """Without a change there is neither a problem nor a mending, so that every finding below is the change's."""
    sheet = read_registration(make_form(person(), other()), "x.xlsx")

    assert (sheet.problems, sheet.mended, len(sheet.rows)) == ((), (), 2)


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("赛项名称", None, "registration.cell-empty"),
        ("姓名", "　", "registration.cell-empty"),
        ("联系电话", "", "registration.cell-empty"),
        ("姓名", "王\ue123", "registration.name-character"),
        ("姓名", "王?", "registration.name-character"),
        ("姓名", "王丽（女）", "registration.name-character"),
        ("姓名", "王2", "registration.name-character"),
        ("姓名", "王\u202e明", "registration.name-character"),
        ("姓名", "王\u3164", "registration.name-character"),
        ("姓名", "a" + "\u0301" * 6, "registration.name-character"),
        ("姓名", "-·", "registration.name-character"),
        ("工作单位", "甲\u202e厂", "registration.sign"),
        ("工作单位", "甲\u2067厂\x9b", "registration.sign"),
        ("备注", "a" + "\u0301" * 6, "registration.sign"),
        ("工作单位", '=HYPERLINK("http://example.invalid")', "registration.formula"),
        ("工作单位", "#REF!", "registration.error-value"),
        ("工作单位", "厂" * 201, "registration.cell-too-long"),
        ("性别", "先生", "registration.sex-unknown"),
        ("性别", "女", "registration.sex-differs"),
        ("民族", "火星族", "registration.ethnicity-unknown"),
        ("证件类型", "工作证", "registration.document-kind-unknown"),
        ("证件号码", "130199198910086694", "registration.id-check-digit"),
        ("证件号码", "990199198910086695", "registration.id-region"),
        ("证件号码", "130199198913086695", "registration.id-birth-date"),
        ("证件号码", "13019919891008669", "registration.id-form"),
        ("证件号码", 130199198910086695, "registration.digits-lost"),
        ("证件号码", "1.30199E+17", "registration.digits-lost"),
        ("职业编码", "6-18-02", "registration.occupation-code-form"),
        ("职业编码", datetime.date(2026, 6, 18), "registration.date-not-text"),
        ("等级", "大师", "registration.level-unknown"),
        ("等级", "二级/高级工", "registration.level-unknown"),
        ("等级", "--", "registration.level-missing"),
        ("身份类别", "退休", "registration.identity-unknown"),
        ("联系电话", "1316394251", "registration.phone-form"),
        ("联系电话", 1.5, "registration.digits-lost"),
        ("照片文件名", "../130199198910086695.jpg", "registration.photo-name"),
        ("照片文件名", "photo.svg", "registration.photo-name"),
        ("照片文件名", "13019919950415655X.jpg", "registration.photo-differs"),
    ],
)
def test_what_is_wrong_refuses_the_workbook(
    make_form: Callable[..., bytes], person: Callable[..., Person], heading: str, value: Any, code: str
) -> None:
    """One wrong cell gives exactly one problem, at that cell or at the cell that contradicts it."""
    sheet = read_registration(make_form(person(**{heading: value})), "x.xlsx")

    assert [code] == [one.code for one in sheet.problems]
    assert sheet.problems[0].place.row == 3
    assert sheet.problems[0].place.key in (heading, "性别")


@pytest.mark.parametrize(
    ("heading", "value", "field", "after", "code"),
    [
        ("姓名", "钱 娜 涵", "name", "钱娜涵", "mended.name-spaces"),
        ("姓名", "钱\u200b娜涵", "name", "钱娜涵", "mended.name-signs"),
        ("姓名", "阿依古丽•买买提", "name", "阿依古丽·买买提", "mended.name-signs"),
        ("姓名", "阿依古丽 · 买买提", "name", "阿依古丽·买买提", "mended.name-spaces"),
        ("姓名", "Ｊｏｈｎ　Smith", "name", "John Smith", "mended.name-signs"),
        ("姓名", "⼀鑫", "name", "一鑫", "mended.name-signs"),
        ("证件号码", " 130199 19891008 6695", "document_number", "130199198910086695", "mended.spaces"),
        (
            "证件号码",
            "１３０１９９１９８９１００８６６９５",
            "document_number",
            "130199198910086695",
            "mended.full-width",
        ),
        ("联系电话", 13163942516, "phone", "13163942516", "mended.number-as-text"),
        ("联系电话", "131-6394-2516", "phone", "13163942516", "mended.phone"),
        ("联系电话", "+86 131 6394 2516", "phone", "13163942516", "mended.phone"),
        ("职业编码", "6—18—02—04", "occupation_code", "6-18-02-04", "mended.dashes"),
        ("等级", "高级工（三级）", "level_text", "三级/高级工", "mended.level"),
        ("民族", "汉", "ethnicity", "汉族", "mended.ethnicity"),
        ("工作单位", "石家庄\n技师学院", "unit", "石家庄技师学院", "mended.line-break"),
    ],
)
def test_what_is_certain_goes_in_mended(
    make_form: Callable[..., bytes],
    person: Callable[..., Person],
    heading: str,
    value: Any,
    field: str,
    after: str,
    code: str,
) -> None:
    """The mended value goes in, and the delegation is told what it was and what it became."""
    sheet = read_registration(make_form(person(**{heading: value})), "x.xlsx")

    assert sheet.problems == ()
    assert after == getattr(sheet.rows[0], field)
    assert [(code, after, heading)] == [(one.code, one.after, one.place.key) for one in sheet.mended]


@pytest.mark.parametrize(
    "name", ["John Smith", "José María Núñez", "欧阳思远", "阿卜杜热西提·阿卜杜热合曼", "刘𠅤", "李𬀩", "赵䶮"]
)
def test_real_names_go_in_untouched(make_form: Callable[..., bytes], person: Callable[..., Person], name: str) -> None:
    """Rare characters, the middle dot and the single spaces of Latin names stay as they are."""
    sheet = read_registration(make_form(person(姓名=name)), "x.xlsx")

    assert (name, (), ()) == (sheet.rows[0].name, sheet.problems, sheet.mended)


def test_a_small_x_in_a_number_is_made_large(make_form: Callable[..., bytes], other: Callable[..., Person]) -> None:
    """The check sign x is written in lower case by many; it goes in as X."""
    sheet = read_registration(make_form(other(证件号码="13019919950415655x")), "x.xlsx")

    assert (sheet.rows[0].document_number, sheet.problems) == ("13019919950415655X", ())
    assert [one.code for one in sheet.mended] == ["mended.upper-case"]


def test_other_documents_are_judged_by_their_own_form(
    make_form: Callable[..., bytes], person: Callable[..., Person]
) -> None:
    """A passport is no resident number: no check digit, no sex, no birth date is taken from it."""
    sheet = read_registration(make_form(person(证件类型="护照", 证件号码="E12345678", 照片文件名="E12345678.jpg")), "x")

    assert (sheet.problems, sheet.rows[0].document_kind, sheet.rows[0].birth) == ((), "passport", None)


@pytest.mark.parametrize("value", ["1989-10-08", "1989.10.8", "1989年10月8日", "19891008", datetime.date(1989, 10, 8)])
def test_birth_dates_of_all_shapes_are_read(
    make_form: Callable[..., bytes], person: Callable[..., Person], value: Any
) -> None:
    """A birth date column is compared with the number, however the date is written."""
    headings = ("赛项名称", "姓名", "性别", "证件号码", "工作单位", "联系电话", "出生日期")
    sheet = read_registration(make_form(person(出生日期=value), headings=headings), "x.xlsx")

    assert ((), datetime.date(1989, 10, 8)) == (sheet.problems, sheet.rows[0].birth)


@pytest.mark.parametrize(
    ("value", "code"), [("1989-10-09", "registration.birth-differs"), ("不详", "registration.birth-unreadable")]
)
def test_a_birth_date_that_contradicts_the_number_is_refused(
    make_form: Callable[..., bytes], person: Callable[..., Person], value: str, code: str
) -> None:
    """Neither the date nor the number is preferred: the clerk looks at the document."""
    headings = ("赛项名称", "姓名", "性别", "证件号码", "工作单位", "联系电话", "出生日期")
    sheet = read_registration(make_form(person(出生日期=value), headings=headings), "x.xlsx")

    assert [code] == [one.code for one in sheet.problems]
