"""Forms as they come: where the table is, what its columns are called, where it ends, how its rows fit together."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from admin.sheets.registration import read_registration

Person = dict[str, Any]
COMPACT = ("选手姓名", "参赛项目", "性别", "居民身份证号码（必填）", "单位 名称", "手 机", "学历")


def compact(person: Person) -> Person:
    """A person under the headings of another form."""
    return {
        "选手姓名": person["姓名"],
        "参赛项目": person["赛项名称"],
        "性别": person["性别"],
        "居民身份证号码（必填）": person["证件号码"],
        "单位 名称": person["工作单位"],
        "手 机": person["联系电话"],
        "学历": person["文化程度"],
    }


def test_headings_have_many_names(make_form: Callable[..., bytes], person: Callable[..., Person]) -> None:
    """Another province's form, with fewer columns and other names for them, is read all the same."""
    sheet = read_registration(make_form(compact(person()), headings=COMPACT), "x.xlsx")

    assert sheet.problems == ()
    assert (sheet.rows[0].name, sheet.rows[0].event, sheet.rows[0].phone) == ("钱娜涵", "焊接技术", "13163942516")
    assert (sheet.rows[0].document_kind, sheet.rows[0].identity) == ("resident-id", "other")


def test_unknown_headings_are_left_unread_and_named(
    make_form: Callable[..., bytes], person: Callable[..., Person]
) -> None:
    """A heading nobody knows is not guessed; it is listed, and a person's explanation makes it readable."""
    form = make_form({**person(), "籍贯单位名": "x", "备注": None}, headings=("籍贯单位名", *person()))
    explained = read_registration(form, "x.xlsx", {"籍贯单位名": "note"})

    assert [(place.column, place.key) for place in read_registration(form, "x.xlsx").unread] == [("A", "籍贯单位名")]
    assert (explained.unread, explained.rows[0].note) == ((), "x")


def test_missing_and_doubled_columns_are_refused(
    make_form: Callable[..., bytes], person: Callable[..., Person]
) -> None:
    """A form without a phone column, and with two columns of names, is refused once each, not once per row."""
    form = make_form(
        person(),
        person(证件号码="13019919950415655X"),
        headings=("序号", "赛项名称", "姓名", "选手姓名", "性别", "证件号码", "工作单位"),
    )
    codes = [one.code for one in read_registration(form, "x.xlsx").problems]

    assert codes.count("registration.column-missing") == 1
    assert codes.count("registration.column-twice") == 1


@pytest.mark.parametrize(
    ("above", "delegation"),
    [
        ([["石家庄市代表队参赛选手报名汇总表"]], "石家庄市"),
        ([["附件2"], ["河北省第二届职业技能大赛唐山市代表团报名表"]], "唐山市"),
        ([["报名汇总表"], ["填报单位（盖章）：邢台市人力资源和社会保障局"]], "邢台市"),
        ([["报名汇总表"], ["参赛单位：某某钢铁集团有限公司"]], "某某钢铁集团有限公司"),
        ([["报名汇总表"]], "廊坊市"),
    ],
)
def test_the_delegation_is_read_from_the_form(
    make_form: Callable[..., bytes], person: Callable[..., Person], above: list[list[Any]], delegation: str
) -> None:
    """From the title, from the line that names the sender, and at last from the file's name."""
    assert read_registration(make_form(person(), above=above), "报名表-廊坊市.xlsx").delegation == delegation


@pytest.mark.parametrize(
    "end", ["合计", "填表说明：1.按赛项填写", "注：请核对", "填表人：张老师  审核人：李老师", "备注"]
)
def test_totals_and_notes_end_the_table(
    make_form: Callable[..., bytes], person: Callable[..., Person], end: str
) -> None:
    """What stands below the people is nobody."""
    sheet = read_registration(make_form(person(), below=[[], [end], ["2.双人赛项填队号"]]), "x.xlsx")

    assert (len(sheet.rows), sheet.problems) == (1, ())


def test_empty_and_numbered_rows_are_nobody(
    make_form: Callable[..., bytes], person: Callable[..., Person], other: Callable[..., Person]
) -> None:
    """Rows with nothing but a running number, and gaps between people, are passed over."""
    sheet = read_registration(make_form(person(), {}, {"序号": 2}, other(), {"序号": 4}), "x.xlsx")

    assert [row.row for row in sheet.rows] == [3, 6]
    assert sheet.problems == ()


def test_people_below_the_total_are_not_lost(
    make_form: Callable[..., bytes], person: Callable[..., Person], other: Callable[..., Person]
) -> None:
    """A person below the total is a problem, never dropped."""
    sheet = read_registration(make_form(person(), {"序号": "合计", "姓名": "1人"}, other()), "x.xlsx")

    assert [(one.code, one.place.row) for one in sheet.problems] == [("registration.after-total", 5)]


def test_a_total_that_does_not_fit_is_refused(make_form: Callable[..., bytes], person: Callable[..., Person]) -> None:
    """When the total says three and the table holds one, somebody may be missing."""
    sheet = read_registration(make_form(person(), {"序号": "合计", "姓名": "3人"}), "x.xlsx")

    assert [one.code for one in sheet.problems] == ["registration.total-differs"]
    assert "3 人" in sheet.problems[0].words.zh


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"证件号码": "130199198910086695", "照片文件名": "130199198910086695.jpg"}, "registration.id-twice", "I"),
        ({"证书编号": "Y000013137384203922291"}, "registration.certificate-twice", "O"),
        ({"照片文件名": "合影.jpg"}, "registration.photo-twice", "R"),
    ],
)
def test_what_two_rows_may_not_share(
    make_form: Callable[..., bytes],
    person: Callable[..., Person],
    other: Callable[..., Person],
    changes: Person,
    code: str,
    column: str,
) -> None:
    """A number, a certificate and a photo belong to one row; the later row is named, with the earlier one."""
    first = person(照片文件名="合影.jpg") if "photo" in code else person()
    sheet = read_registration(make_form(first, other(**changes)), "x.xlsx")

    assert [(one.code, one.place.row, one.place.column) for one in sheet.problems] == [(code, 4, column)]
    assert "第 3 行（钱娜涵）" in sheet.problems[0].words.zh


@pytest.mark.parametrize(
    ("teams", "found"),
    [
        (("1", "1", "2", "2"), []),
        (("1", "1", "2", ""), [(5, "registration.team-alone"), (6, "registration.team-missing")]),
        (("1", "1", "1", "2"), [(6, "registration.team-alone")]),
        (("1", "1", "2", "2", "2"), [(5, "registration.team-size")] * 1),
    ],
)
def test_teams_that_contradict_themselves(
    make_form: Callable[..., bytes], person: Callable[..., Person], teams: tuple[str, ...], found: list[tuple[int, str]]
) -> None:
    """A team of one, a member without a number and a team of another size than the rest are named."""
    people = [
        person(队号=team, 证件类型="护照", 证件号码=f"E1234567{number}", 证书编号="--", 等级="--", 照片文件名="")
        for number, team in enumerate(teams)
    ]
    problems = read_registration(make_form(*people), "x.xlsx").problems

    assert [(one.place.row, one.code) for one in problems][: len(found)] == found
    assert bool(problems) == bool(found)


def test_a_hidden_sheet_enters_nobody(
    make_form: Callable[..., bytes], person: Callable[..., Person], other: Callable[..., Person]
) -> None:
    """People on a hidden sheet are a problem: nobody saw them when the form was signed."""

    def hide(book: Workbook) -> None:
        hidden = book.copy_worksheet(book.active)
        hidden.title, hidden.sheet_state = "旧表", "hidden"

    sheet = read_registration(make_form(person(), other(), change=hide), "x.xlsx")

    assert [(one.code, one.place.sheet) for one in sheet.problems] == [("registration.hidden-sheet", "旧表")]
    assert len(sheet.rows) == 2


def test_several_sheets_are_one_form(
    make_form: Callable[..., bytes], person: Callable[..., Person], other: Callable[..., Person]
) -> None:
    """A delegation may use one sheet per event; rows and duplicates are looked at together."""

    def add(book: Workbook) -> None:
        second = book.copy_worksheet(book.active)
        second.title = "第二页"

    sheet = read_registration(make_form(person(), change=add), "x.xlsx")

    assert len(sheet.rows) == 2
    assert {one.place.sheet for one in sheet.problems} == {"第二页"}


def test_a_workbook_without_a_form_says_so(make_form: Callable[..., bytes]) -> None:
    """Another workbook, and an empty form, are told apart."""
    assert [one.code for one in read_registration(make_form(headings=("a", "b")), "x").problems] == [
        "registration.no-table"
    ]
    assert [one.code for one in read_registration(make_form(), "x").problems] == ["registration.no-people"]


def test_a_date_in_the_title_does_not_disturb(make_form: Callable[..., bytes], person: Callable[..., Person]) -> None:
    """Cells above the table may hold anything."""
    above = [["石家庄市代表队报名表"], [date(2026, 10, 12), 5, None, True]]

    assert read_registration(make_form(person(), above=above), "x.xlsx").problems == ()


def test_a_cell_merged_over_several_people_holds_for_each(
    make_form: Callable[..., bytes], person: Callable[..., Person], other: Callable[..., Person]
) -> None:
    """Clerks merge the event and the unit over all their people; an empty row inside the merge is still nobody."""

    def merge(book: Workbook) -> None:
        book.active.merge_cells("B3:B5")
        book.active.merge_cells("K3:K4")

    form = make_form(person(), other(赛项名称=None, 工作单位=None), {}, change=merge)
    sheet = read_registration(form, "x.xlsx")

    assert sheet.problems == ()
    assert [(row.event, row.unit) for row in sheet.rows] == [("焊接技术", "石家庄技师学院")] * 2
