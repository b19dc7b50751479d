"""The desk of a delegation in a browser: what every spoiled row gives, the workbook that comes back, and files that cannot be read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from admin.sheets.registration import read_registration
from server.database.tables import Entry, Intake, Person
from tests.server.conftest import Site
from tests.server.registration.intaking import (
    CLEAN,
    HEADINGS,
    SPOILT,
    Desk,
    coloured,
    desk_at,
    opened_workbook,
    person,
    with_example_events,
    workbook,
)
from tests.server.small import founded
from tests.server.test_access import clerk_of

RED, ORANGE, YELLOW = "FFC7CE", "FFD8A8", "FFEB9C"
SHEET = "报名汇总表"
PAGE = {"accept": "text/html"}

SPOILED: dict[int, tuple[str, list[tuple[str, str, str]]]] = {
    # row: what is said first of it, then of every cell: column, code, words that the clerk must read
    6: ("refused", [("I", "registration.id-check-digit", "校验不对")]),
    7: ("refused", [("I", "registration.digits-lost", "无法恢复")]),
    8: ("new", [("E", "mended.name-spaces", "钱一鑫")]),
    11: ("new", [("I", "mended.full-width", "130199197706132637")]),
    12: ("refused", [("F", "registration.sex-differs", "表示的是“男”")]),
    13: (
        "refused",
        [
            ("F", "registration.sex-differs", "表示的是“男”"),
            ("I", "registration.id-twice", "与第 11 行（陈𫖯）相同"),
            ("R", "registration.photo-differs", "不是这名选手的证件号码"),
            ("I", "mended.full-width", "130199197706132637"),
        ],
    ),
    14: ("new", [("N", "mended.level", "二级/技师")]),
    15: ("refused", [("B", "registration.no-event", "没有“数控铣工（职工组）”这个赛项")]),
    16: ("refused", [("E", "registration.cell-empty", "“姓名”没有填")]),
    19: (
        "refused",
        [
            ("R", "registration.photo-differs", "不是这名选手的证件号码"),
            ("I", "registration.child", "只有 14 周岁"),
        ],
    ),
    20: ("doubtful", [("S", "registration.title-noted", "已获全国技术能手")]),
    27: ("refused", [("E", "registration.formula", "是公式")]),
    28: ("new", [("Q", "mended.number-as-text", "13800138000")]),
    32: ("refused", [("D", "registration.team-alone", "只有 1 人")]),
    33: ("refused", [("D", "registration.team-alone", "只有 1 人")]),
}
DOUBTS = {"registration.child", "registration.title-noted"}


@pytest.fixture(scope="module")
async def desk(site: Site) -> Desk:
    """The desk of 石家庄市 at the example's eight events."""
    return await desk_at(site, await with_example_events(await founded()))


@pytest.fixture(scope="module")
async def spoilt(desk: Desk) -> dict[str, Any]:
    """The preview of the clerks' workbook with its mistakes."""
    return await desk.bring(SPOILT.read_bytes(), SPOILT.name)


async def test_every_spoiled_row_gives_what_the_table_says(spoilt: dict[str, Any]) -> None:
    """The outcome, the cell, the code and the words of every spoiled row; all other rows are simply new."""
    found: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for row in spoilt["rows"]:
        against = [(one["place"]["column"], one["code"]) for one in (*row["problems"], *row["doubts"])]
        if against or row["outcome"] != "new":
            found[row["row"]] = (row["outcome"], against)
    for one in spoilt["mended"]:
        code = next(
            code for column, code, words in SPOILED[one["row"]][1] if (column, words) == (one["column"], one["after"])
        )
        found.setdefault(one["row"], ("new", []))[1].append((one["column"], code))
    assert found == {
        row: (outcome, [(column, code) for column, code, _ in cells]) for row, (outcome, cells) in SPOILED.items()
    }
    assert len(spoilt["rows"]) == 28 and spoilt["problems"] == [] and spoilt["delegation"] == "石家庄市"


async def test_the_page_says_of_every_row_what_and_why(desk: Desk, spoilt: dict[str, Any]) -> None:
    """Each word of the table stands on the page; identity numbers of the list are masked; nothing is stored."""
    page = await desk.visitor.get(f"{desk.url}/forms/{spoilt['id']}", headers=PAGE)
    assert page.status_code == 200
    assert [words for _, cells in SPOILED.values() for _, _, words in cells if words not in page.text] == []
    assert "130199197808085958" not in page.text and "130*************58" in page.text
    assert "Shown in English" not in page.text and await Entry.count() == 0
    english = await desk.visitor.get(f"{desk.url}/forms/{spoilt['id']}?lang=en", headers=PAGE)
    assert "check digit" in english.text and "A person has to decide" in english.text
    await desk.visitor.get(f"{desk.url}?lang=zh", headers=PAGE)


async def test_the_page_shows_one_kind_of_rows(desk: Desk, spoilt: dict[str, Any]) -> None:
    """A chip narrows the rows; an odd page or kind is no error."""
    refused = await desk.visitor.get(f"{desk.url}/forms/{spoilt['id']}?show=refused", headers=PAGE)
    assert "马喆" in refused.text and "魏娟兰" not in refused.text
    for query in ("show=x&page=0", "show=new&page=99999999", "page=-1", "page=%E2%91%A0"):
        assert (await desk.visitor.get(f"{desk.url}/forms/{spoilt['id']}?{query}", headers=PAGE)).status_code == 200


async def test_the_workbook_comes_back_coloured_and_commented(desk: Desk, spoilt: dict[str, Any]) -> None:
    """Their own file: every cell of the table red, orange or yellow with its words, no other cell touched, and a list."""
    answer = await desk.visitor.get(f"{desk.url}/forms/{spoilt['id']}/returned.xlsx")
    assert answer.status_code == 200 and "filename*=UTF-8''" in answer.headers["content-disposition"]
    book = opened_workbook(answer.content)
    cells = coloured(book, SHEET)
    expected: dict[str, str] = {}
    for row, (_, marks) in SPOILED.items():
        for column, code, words in marks:
            colour = YELLOW if code.startswith("mended.") else ORANGE if code in DOUBTS else RED
            here = f"{column}{row}"
            expected[here] = min(expected.get(here, YELLOW), colour, key=(RED, ORANGE, YELLOW).index)
            assert words in cells[here][1], here
    assert {here: colour for here, (colour, _) in cells.items()} == expected
    listed = book["问题 Problems"]
    assert listed.max_row - 3 == sum(
        not code.startswith("mended.") for _, marks in SPOILED.values() for _, code, _ in marks
    )
    before = opened_workbook(SPOILT.read_bytes())[SHEET]
    same = [(cell.value, book[SHEET][cell.coordinate].value) for line in before.iter_rows() for cell in line]
    assert [pair for pair in same if pair[0] != pair[1] and not str(pair[0]).startswith("=")] == []


async def test_the_page_accepts_and_tells_what_it_did(site: Site, desk: Desk) -> None:
    """A form sent from the page, with a reason for one row: in, counted on the desk, and undone from there."""
    other = await desk_at(site, desk.small, "石家庄市二队")
    preview = await other.bring(SPOILT.read_bytes())
    address = f"{other.url}/forms/{preview['id']}"
    place = next(n for n, row in enumerate(preview["rows"]) if row["row"] == 20)
    refused = await other.visitor.post(f"{address}/accept", data={"seen": preview["seen"]}, headers=PAGE)
    assert refused.status_code == 422 and "整份表都没有录入" in refused.text
    said = {"seen": preview["seen"], "leave_out": "1", f"reason-{place}": "称号已撤销"}
    done = await other.visitor.post(f"{address}/accept", data=said, headers=PAGE)
    assert done.status_code == 303
    shown = await other.visitor.get(done.headers["location"], headers=PAGE)
    assert "新增 18 人" in shown.text and "10 行没有录" in shown.text and "整批撤销" in shown.text
    undone = await other.visitor.post(f"{address}/undo", headers=PAGE)
    assert undone.status_code == 303
    assert "已整批撤销" in (await other.visitor.get(undone.headers["location"], headers=PAGE)).text
    assert await Entry.count().where(Entry.delegation == other.delegation) == 0


async def test_a_form_of_which_nothing_can_go_in_has_no_button_for_it(desk: Desk) -> None:
    """All rows refused: the page says so and leads to another file; no button takes zero rows in."""
    preview = await desk.bring(workbook([person(0, document_number="110105194912310021")]))
    page = await desk.visitor.get(f"{desk.url}/forms/{preview['id']}", headers=PAGE)
    assert "录入 0 行" not in page.text and f"{desk.url}/forms/{preview['id']}/accept" not in page.text
    assert "没有一行能录入" in page.text


async def test_the_preview_promises_no_longer_undo_than_there_is(desk: Desk) -> None:
    """An accepted form goes back as a whole only while nobody has reviewed or changed its entries: the page says that."""
    preview = await desk.bring(workbook([person(0)]))
    page = await desk.visitor.get(f"{desk.url}/forms/{preview['id']}", headers=PAGE)
    assert "审核或改动之前可以整批撤销" in page.text and "抽签之前可以整批撤销" not in page.text


async def test_unknown_headings_are_asked_on_the_page(site: Site, desk: Desk) -> None:
    """The page offers Podium's columns for an unknown heading; what is chosen is remembered and read."""
    other = await desk_at(site, desk.small, "廊坊市")
    preview = await other.bring(workbook([person(0)], {**HEADINGS, "phone": "手提号"}))
    address = f"{other.url}/forms/{preview['id']}"
    page = (await other.visitor.get(address, headers=PAGE)).text
    number = list(HEADINGS).index("phone")
    assert f'name="field-{number}"' in page and "手提号" in page
    told = await other.visitor.post(f"{address}/headings", data={f"field-{number}": "phone"}, headers=PAGE)
    assert told.status_code == 303 and (await other.look(preview))["rows"][0]["outcome"] == "new"


async def test_the_template_is_the_delegations_own(desk: Desk) -> None:
    """Its name in the title, the competition's events to choose from, and a form that is read back without a problem."""
    answer = await desk.visitor.get(f"{desk.url}/template.xlsx")
    book = opened_workbook(answer.content)
    assert "石家庄市" in book.worksheets[0]["A1"].value
    offered = {cell.value for cell in book["Lists"]["A"]}
    assert {"焊接技术", "电工", "茶艺", "工业4.0"} <= offered
    assert read_registration(answer.content, "x.xlsx").delegation == "石家庄市"


async def test_the_office_lists_every_desk_and_a_clerk_sees_one(site: Site, desk: Desk) -> None:
    """The staff go from the list to any desk; a clerk is let in at their own and nowhere else, and led there from the office."""
    slug = desk.small.slug
    other = await desk_at(site, desk.small, "雄安新区")
    listed = (await desk.visitor.get(f"/office/{slug}/registration", headers=PAGE)).text
    assert "雄安新区" in listed and other.url in listed and desk.url in listed
    clerk = await site.visitor(await clerk_of(desk.small, other.delegation))
    assert (await clerk.get(other.url, headers=PAGE)).status_code == 200
    assert (await clerk.get(desk.url, headers=PAGE)).status_code == 403
    led = await clerk.get("/office", headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (303, "/register")


def zipped(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The clean workbook with its parts changed."""
    with zipfile.ZipFile(CLEAN) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def many_rows(count: int) -> bytes:
    """A sheet with so many filled rows."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    cell = b'<c r="A%d" t="inlineStr"><is><t>x</t></is></c>'
    rows = b"".join(b'<row r="%d">' % n + cell % n + b"</row>" for n in range(1, count + 1))
    return zipped(lambda parts: parts.update({sheet_of(parts): head + rows + b"</sheetData></worksheet>"}))


def sheet_of(parts: dict[str, bytes]) -> str:
    """The first sheet's part."""
    return next(name for name in parts if name.startswith("xl/worksheets/sheet"))


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)
UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "xls": (lambda: OLE + "Workbook".encode("utf-16-le") + bytes(500), "旧版 Excel"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500), "打开密码"),
    "truncated": (lambda: CLEAN.read_bytes()[:9000], "损坏或不完整"),
    "bomb": (lambda: zipped(lambda parts: parts.update({"xl/media/a.bin": bytes(80 << 20)})), "大得不正常"),
    "50 000 rows": (lambda: many_rows(50_000), "第 50000 行，上限是 20000 行"),
    "macros": (lambda: zipped(lambda parts: parts.update({"xl/vbaProject.bin": b"x"})), "含有宏"),
    "no encoding": (lambda: b"\xff\xff,\xff\n" * 50, "不是 Excel 工作簿"),
    "nothing": (lambda: b"", "文件是空的"),
    "no table": (lambda: workbook([], {"a": "甲", "b": "乙"}), "找不到报名表的表头"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "不是 Excel 工作簿（PNG）"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_a_file_that_cannot_be_read_is_refused_in_words(desk: Desk, kind: str) -> None:
    """What it is, what to do, in the page and in the API; nothing is stored, and the desk still works."""
    make, words = UNREADABLE[kind]
    before, data = await Intake.count(), make()
    page = await desk.visitor.post(f"{desk.url}/forms", files={"file": ("名单.xlsx", data)}, headers=PAGE)
    assert page.status_code == 422 and words in page.text and "没有存入任何内容" in page.text
    answer = await desk.visitor.post(desk.api, files={"data": ("名单.xlsx", data)})
    assert answer.status_code == 422 and words in answer.json()["problems"][0]["words"]["zh"]
    assert all(answer.json()["problems"][0][part][lang] for part in ("words", "mend") for lang in ("zh", "en"))
    assert await Intake.count() == before


async def test_no_file_at_all_is_said_so(desk: Desk) -> None:
    """A press on the button without a file."""
    page = await desk.visitor.post(f"{desk.url}/forms", files={"other": ("x", b"x")}, headers=PAGE)
    assert page.status_code == 422 and "没有选文件" in page.text


def with_picture(book: Workbook) -> None:
    """A picture over the cells, as some people send photographs."""
    drawn = io.BytesIO()
    Picture.new("RGB", (60, 80), "white").save(drawn, "PNG")
    book.active.add_image(Image(drawn), "N3")


def with_hidden_people(book: Workbook) -> None:
    """A second, hidden sheet with somebody on it."""
    sheet = book.copy_worksheet(book.active)
    sheet.sheet_state = "hidden"


def with_formula(book: Workbook) -> None:
    """A name that is computed."""
    book.active["D3"] = '=CONCATENATE("赵","一")'


async def test_pictures_in_cells_do_no_harm(desk: Desk) -> None:
    """The people are read, the picture stays where it is."""
    preview = await desk.bring(workbook([person(0)], change=with_picture))
    assert [row["outcome"] for row in preview["rows"]] == ["new"] and preview["problems"] == []
    back = await desk.visitor.get(f"{desk.url}/forms/{preview['id']}/returned.xlsx")
    assert len(opened_workbook(back.content).worksheets[0]._images) == 1


async def test_people_on_a_hidden_sheet_keep_the_form_out(desk: Desk) -> None:
    """What nobody sees is not taken in, and the whole form waits; no tick helps."""
    preview = await desk.bring(workbook([person(0)], change=with_hidden_people))
    assert [one["code"] for one in preview["problems"]] == ["registration.hidden-sheet"]
    assert (await desk.accept(preview, leave_out=True))["code"] == "registration.refused"
    assert await Person.count() == 0


async def test_a_formula_is_never_taken_for_what_it_shows(desk: Desk) -> None:
    """The row is refused; in the workbook that comes back the formula is text."""
    preview = await desk.bring(workbook([person(0)], change=with_formula))
    assert [one["code"] for one in preview["rows"][0]["problems"]] == ["registration.formula"]
    back = await desk.visitor.get(f"{desk.url}/forms/{preview['id']}/returned.xlsx")
    assert opened_workbook(back.content).worksheets[0]["D3"].data_type == "s"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
async def test_a_list_that_was_saved_as_text_is_read(desk: Desk, encoding: str) -> None:
    """A CSV in either encoding gives the same rows as the workbook, and comes back as a workbook."""
    lines = [",".join(HEADINGS.values()), ",".join(str(person(0).get(field, "")) for field in HEADINGS)]
    preview = await desk.bring("\r\n".join(lines).encode(encoding), "名单.csv")
    assert [row["outcome"] for row in preview["rows"]] == ["new"] and preview["rows"][0]["name"] == person(0)["name"]
    back = await desk.visitor.get(f"{desk.url}/forms/{preview['id']}/returned.xlsx")
    assert opened_workbook(back.content).worksheets[0]["D1"].value == "姓名"


async def test_another_delegations_file_is_pointed_out(desk: Desk) -> None:
    """A title that names somebody else: the page asks whether it is the right file."""
    preview = await desk.bring(workbook([person(0)], title="唐山市代表队报名表"))
    page = await desk.visitor.get(f"{desk.url}/forms/{preview['id']}", headers=PAGE)
    assert "表上写的是唐山市" in page.text
