"""A delegation's clerk in a real browser: the form that checks while one types, a phone that applies, a workbook sent twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect, sync_playwright

from admin.sheets.template import COLUMNS, FIRST
from server.connect.client import Client
from server.demo.plan import COMPETITION
from tests.admin.attachments.test_paper import picture
from tests.conftest import Databases
from tests.journeys.test_panels import PHONE, open_for_entries
from tests.server.registration.intaking import coloured, person
from tests.server.small import number
from tests.web.chromium import ARGUMENTS, CHROMIUM, needs_chromium

pytestmark = [
    needs_chromium,
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def site(databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A site with one event that is open, and a link that signs the clerk of 石家庄市 in."""
    with open_for_entries(databases, template, tmp_path_factory.mktemp("apply")) as (base, word):
        yield base, clerk(base, word)


def clerk(base: str, token: str) -> str:
    """A delegation and the link of its clerk."""
    office = Client(base)
    office.sign_in(token=token)
    path = f"/api/competitions/{COMPETITION['slug']}/delegations"
    office.post(path, {"names": ["石家庄市"]})
    (delegation,) = office.delegations(COMPETITION["slug"])
    token = {"x-csrf-token": office.http.cookies.get("podium_csrf") or ""}
    kind = {"name": "社会保险缴纳证明", "required": "1"}
    asked = office.http.post(f"/office/{COMPETITION['slug']}/setup/attachments", data=kind, headers=token)
    assert asked.status_code == 303, asked.text
    invited = office.post(f"{path}/{delegation.id}/clerks", {"name": "郝新民"})
    office.http.close()
    return f"{base}/sign-in/{invited['token']}"


@pytest.fixture(scope="module")
def browser(site: object) -> Iterator[Browser]:
    """One Chromium for the module."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def desk(site: tuple[str, str], browser: Browser) -> Page:
    """The clerk at their desk."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(site[1])
    page.get_by_role("button").first.click()
    page.goto(f"{site[0]}/register")
    expect(page.get_by_role("heading", level=1)).to_have_text("石家庄市")
    return page


def fill(page: Page, name: str, document: str) -> None:
    """Type a competitor."""
    page.get_by_label("姓名").fill(name)
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_label("证件号码").fill(document)
    page.get_by_label("工作单位").fill("示例机械厂")
    page.get_by_label("身份类别").select_option("职工")


def test_a_clerk_types_an_entry_and_sees_at_once_what_is_wrong(desk: Page) -> None:
    """A wrong digit is told when the field is left, the right number tells the sex, the keyboard saves."""
    desk.get_by_role("link", name="新增报名").click()
    desk.get_by_role("link", name="焊接").click()
    expect(desk.get_by_label("姓名")).to_be_focused()
    right = number(1)
    fill(desk, "赵一", right[:-1] + ("1" if right[-1] == "0" else "0"))
    expect(desk.locator("#notes-document_number-1")).to_contain_text("registration.id-check-digit")
    expect(desk.get_by_label("证件号码")).to_have_attribute("aria-invalid", "true")
    expect(desk.locator("#notes-name-1")).to_be_empty()
    desk.get_by_label("证件号码").fill(right)
    desk.get_by_label("证件号码").press("Tab")
    expect(desk.locator("#notes-document_number-1")).to_be_empty()
    expect(desk.locator('[data-told="document_number-1"]')).to_contain_text("1990-01-01 · 男")
    expect(desk.get_by_label("性别")).to_have_value("男")
    desk.get_by_label("工作单位").press("Control+Enter")
    expect(desk.locator(".said[role=status]")).to_contain_text("新增 1 人")
    expect(desk.get_by_role("link", name="赵一")).to_be_visible()


def test_a_doubt_is_ticked_without_losing_it(desk: Page) -> None:
    """A title in the notes: the tick stays while other fields are checked, and the entry goes in with it."""
    desk.get_by_role("link", name="新增报名").click()
    desk.get_by_role("link", name="焊接").click()
    fill(desk, "钱二", number(3))
    desk.get_by_label("备注").fill("已获全国技术能手")
    desk.get_by_label("备注").press("Tab")
    tick = desk.get_by_label("我已核对，没有问题")
    tick.check()
    with desk.expect_response(re.compile("/entry/check")):
        desk.get_by_label("工作单位").fill("第二机械厂")
        desk.get_by_label("工作单位").press("Tab")
    expect(tick).to_be_checked()
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.locator(".said[role=status]")).to_contain_text("新增 1 人")


def test_a_phone_applies_and_the_clerk_accepts(desk: Page, site: tuple[str, str], browser: Browser) -> None:
    """Open a link, apply on a phone without an account, accept; the phone's own page says so."""
    desk.goto(f"{site[0]}/register")
    desk.get_by_role("link", name="自助报名").click()
    desk.get_by_role("button", name="开一个链接").click()
    address = desk.locator("#address").inner_text()
    phone = browser.new_context(locale="zh-CN", viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(address)
    fill(phone, "孙三", number(5))
    phone.get_by_label("性别").select_option("男")
    phone.get_by_label("我已阅读并同意").check()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="提交报名").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("已提交，等待处理")
    desk.goto(f"{site[0]}/register")
    desk.get_by_role("link", name="自助报名").click()
    desk.get_by_role("link", name="查看并确认").click()
    desk.get_by_role("button", name="接受", exact=True).click()
    expect(desk.locator(".said[role=status]")).to_contain_text("已接受")
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("已接受，报名成功")


def test_a_photo_of_a_paper_is_sent_with_one_choice(desk: Page, site: tuple[str, str]) -> None:
    """Choosing the file sends it; a bad one is told beside its kind, a good one is there and can be opened."""
    desk.goto(f"{site[0]}/register")
    desk.get_by_role("link", name="材料").click()
    card = desk.locator("section.card", has_text="赵一")
    expect(card).to_contain_text("必交，还没有")
    with desk.expect_file_chooser() as chooser:
        card.get_by_text("选文件").click()
    chooser.value.set_files({"name": "社保.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload='alert(1)'/>"})
    expect(card.get_by_role("alert")).to_contain_text("attachment.format")
    with desk.expect_file_chooser() as chooser:
        card.get_by_text("选文件").click()
    chooser.value.set_files({"name": "社保.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    expect(desk.locator(".said[role=status]")).to_contain_text("已收下")
    with desk.expect_download() as download:
        card.get_by_text("查看").click()
    assert download.value.suggested_filename.endswith("赵一-社会保险缴纳证明.jpg")


def typed_into(path: Path, people: list[Mapping[str, str]]) -> None:
    """Write people into the form that was downloaded, below its heading, as somebody at Excel does."""
    book = load_workbook(path)
    for turn, one in enumerate(people):
        for field, value in one.items():
            book.worksheets[0].cell(FIRST + turn, 1 + COLUMNS.index(field), value)
    book.save(path)


def looked_at(desk: Page, base: str, path: Path) -> None:
    """Send a workbook, and stand before its preview."""
    desk.goto(f"{base}/register")
    desk.set_input_files("#file", path)
    desk.get_by_role("button", name="预览").click()
    desk.wait_for_url("**/forms/*")


def test_a_workbook_with_mistakes_comes_back_marked_and_goes_in_corrected(
    desk: Page, site: tuple[str, str], tmp_path: Path
) -> None:
    """Fill the form in, with a wrong digit and without a name; read what is wrong in which row, and that nothing went in; take the
    same workbook back, mend the cells that are marked in it and nothing else, send that; everybody is in, once.
    """
    form, marked = tmp_path / "报名表.xlsx", tmp_path / "批注.xlsx"
    people = [person(place, occupation_code="6-18-02-04") for place in (4, 5, 6)]
    right = people[1]["document_number"]
    wrong = right[:-1] + ("1" if right[-1] == "0" else "0")
    desk.goto(f"{site[0]}/register")
    before = desk.locator("section.list tbody tr").count()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="下载报名表").click()
    download.value.save_as(form)
    typed_into(form, [people[0], {**people[1], "document_number": wrong}, {**people[2], "name": ""}])

    looked_at(desk, site[0], form)
    rows = desk.locator("#rows tbody tr")
    expect(rows.locator(".tag.refused")).to_have_count(2)
    expect(rows.filter(has_text="吴六合")).to_contain_text("校验")
    expect(rows.filter(has_text="—").filter(has_text="姓名")).to_contain_text("没有填")
    desk.get_by_role("button", name="录入 1 行").click()
    expect(desk.locator(".note.bad")).to_be_visible()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="下载批注后的原表").click()
    download.value.save_as(marked)

    book = load_workbook(marked)
    comments = coloured(book, book.sheetnames[0])
    mend = {"校验": right, "没有填": people[2]["name"]}
    for cell, (_, comment) in comments.items():
        book.worksheets[0][cell] = next(value for words, value in mend.items() if words in comment)
    assert len(comments) == 2, comments
    book.save(marked)
    looked_at(desk, site[0], marked)
    expect(rows.locator(".tag.new")).to_have_count(3)
    desk.get_by_role("button", name="录入 3 行").click()
    expect(desk.locator(".said[role=status]")).to_contain_text("新增 3 人")
    expect(desk.locator("section.list tbody tr")).to_have_count(before + 3)
    for one in people:
        expect(desk.get_by_role("link", name=one["name"])).to_have_count(1)
