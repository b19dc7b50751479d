"""Panels from a workbook to accepted seats, in a real browser: the organiser at a desk, the judges on their phones."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.connect.client import Client
from server.demo.plan import COMPETITION, EVENTS
from server.people.flow import add_account, add_organiser, employ, one_time_login
from tests.conftest import Databases
from tests.journeys.test_check_in import Venue
from tests.web.chromium import ARGUMENTS, CHROMIUM, needs_chromium

PHONE = {"width": 390, "height": 844}
HEADINGS = ("姓名", "工作单位", "技能等级", "职称", "从业年限", "职业编码", "联系电话")
JUDGES = ("卢建平", "高志远", "沈佳琪", "齐海涛", "韩雪梅")

pytestmark = [
    needs_chromium,
    pytest.mark.browser,
    pytest.mark.slow,
]


@contextmanager
def open_for_entries(databases: Databases, template: str, data: Path) -> Iterator[tuple[str, str]]:
    """A site of its own with one welding event, and the word of a link that signs its organiser in."""
    with databases.fresh(template) as dsn, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Venue(dsn, data, free.getsockname()[1])
        free.close()

        async def linked() -> list[str]:
            account, now = await add_account("zhoumin", "周敏"), datetime.now(UTC)
            await employ(await add_organiser("主办方", "Organiser"), account)
            return [await one_time_login(account, now) for _ in range(2)]

        first, second = made.asked(linked)
        made.start()
        base = f"http://127.0.0.1:{made.port}"
        try:
            set_up(base, first)
            yield base, second
        finally:
            made.stop()


@pytest.fixture(scope="module")
def address(databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The site, and a link that signs the organiser in."""
    with open_for_entries(databases, template, tmp_path_factory.mktemp("panels")) as (base, word):
        yield base, f"{base}/sign-in/{word}"


def set_up(base: str, token: str) -> None:
    """A competition with the welders' event open for entries."""
    office = Client(base)
    office.sign_in(token=token)
    made = office.post("/api/competitions", COMPETITION)
    path = f"/api/competitions/{made['slug']}/events"
    office.post(path, EVENTS[0])
    office.post(f"{path}/M01/shipped-scheme", {"id": "theory-practice"})
    office.post(f"{path}/M01/steps", {"into": "registration"})
    office.http.close()


@pytest.fixture(scope="module")
def chromium(address: object) -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def book() -> bytes:
    """The judges as a province sends them."""
    made = Workbook()
    made.active.append(["河北省裁判员推荐名单"])
    made.active.append(list(HEADINGS))
    for place, name in enumerate(JUDGES):
        made.active.append(
            [name, f"第{place + 1}技师学院", "二级/技师", "中级", 10 + place, "6-18-02-04", f"1380000{place:04}"]
        )
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def narrow(page: Page) -> None:
    """The page does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def judge(chromium: Browser, link: str) -> Page:
    """A judge's phone with the link open."""
    page = chromium.new_page(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    page.goto(link)
    narrow(page)
    return page


def links_of(page: Page) -> dict[str, str]:
    """The links on the page that shows them once, by judge."""
    expect(page.get_by_text("/invitation/").first).to_be_visible()
    rows: list[Any] = page.locator("tbody tr").all()
    found = {}
    for row in rows:
        address = re.search(r"http\S+/invitation/[\w-]+", row.inner_text())
        assert address
        found[row.locator("b").first.inner_text()] = address.group()
    return found


def test_from_a_workbook_to_a_panel_that_has_accepted(address: tuple[str, str], chromium: Browser) -> None:
    """The organiser brings in a pool, proposes, changes one seat with a reason, names the chief and sends links; one judge
    accepts on a phone, one declines, and the next one is asked.
    """
    base, link = address
    desk = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk.goto(link)
    desk.locator("form[action^='/sign-in/'] button").click()
    desk.wait_for_load_state()
    desk.goto(f"{base}/office/hebei-example/judges")
    desk.set_input_files("#file-judges", {"name": "裁判.xlsx", "mimeType": "application/zip", "buffer": book()})
    desk.get_by_role("button", name="检查并收下").click()
    expect(desk.get_by_text("已收下 5 人：新增 5")).to_be_visible()

    desk.goto(f"{base}/office/hebei-example/panels")
    desk.get_by_role("button", name="提出方案").click()
    expect(desk.get_by_text("全部席位都有人选")).to_be_visible(timeout=60_000)
    desk.get_by_role("button", name="全部采用").click()
    expect(desk.get_by_text("新增 3 席")).to_be_visible()

    desk.get_by_role("link", name="裁判组 焊接技术").click()
    desk.get_by_role("link", name="换人 沈佳琪").click()
    desk.get_by_label("卢建平").check()
    desk.locator("#reason").fill("熟悉本届设备")
    desk.get_by_role("button", name="换下 沈佳琪").click()
    expect(desk.get_by_text("熟悉本届设备", exact=True)).to_be_visible()
    desk.get_by_role("button", name="更多操作 韩雪梅").click()
    desk.locator(":popover-open").get_by_role("button", name="指定为裁判长").click()
    expect(desk.locator(".place", has_text="韩雪梅").get_by_text("裁判长", exact=True)).to_be_visible()

    desk.get_by_role("link", name="全部裁判组").click()
    desk.get_by_role("button", name="生成链接").click()
    links = links_of(desk)
    assert set(links) == {"卢建平", "齐海涛", "韩雪梅"}

    yes = judge(chromium, links["韩雪梅"])
    expect(yes.get_by_text("担任裁判长")).to_be_visible()
    yes.get_by_text("不认识，据我所知没有").click()
    yes.locator("label[for='yes-M01']").click()
    yes.get_by_role("button", name="提交答复").click()
    expect(yes.get_by_text("已接受")).to_be_visible()
    narrow(yes)
    yes.goto(links["韩雪梅"])
    expect(yes.get_by_text("链接已经用过")).to_be_visible()

    no = judge(chromium, links["齐海涛"])
    no.locator("label[for='no-M01']").click()
    no.get_by_label("谢绝的原因").fill("当周出差")
    no.get_by_role("button", name="提交答复").click()
    expect(no.get_by_text("已谢绝")).to_be_visible()

    desk.goto(f"{base}/office/hebei-example/panels")
    expect(desk.get_by_text("当周出差")).to_be_visible()
    desk.get_by_role("button", name="请高志远").click()
    expect(desk.locator("#event-M01").get_by_text("待邀请")).to_be_visible()
    desk.get_by_role("button", name="生成链接").click()
    (again,) = links_of(desk).items()
    assert again[0] == "高志远"
    last = judge(chromium, again[1])
    last.get_by_text("认识，或不能确定").click()
    last.get_by_label("选手姓名或单位名称").first.fill("赵一")
    last.locator("label[for='yes-M01']").click()
    last.get_by_role("button", name="提交答复").click()
    expect(last.get_by_text("已接受")).to_be_visible()

    desk.goto(f"{base}/office/hebei-example/panels")
    event = desk.locator("#event-M01")
    expect(event.get_by_text("已接受 J1")).to_be_visible()
    expect(event.get_by_text("已接受 J2")).to_be_visible()
    expect(event.get_by_text("已邀请")).to_be_visible()
