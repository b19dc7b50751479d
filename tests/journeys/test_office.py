"""An organiser at the desk, in a real browser on the real program: from nothing to an open registration."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.demo.command import answering
from tests.faults.killing import Server, prepared
from tests.journeys.conftest import podium

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """The program on a new installation, and its data folder."""
    data = tmp_path_factory.mktemp("office") / "data"
    with prepared(data) as (_, server):
        asyncio.run(answering(server.base))
        yield data, server


@pytest.fixture(scope="module")
def browser(installation: tuple[Path, Server]) -> Iterator[Browser]:
    """One Chromium, started once the program answers."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def desk(browser: Browser, installation: tuple[Path, Server]) -> Iterator[Page]:
    """An organiser's browser, signed in by the link that `podium organiser` prints; no page may log an error."""
    data, server = installation
    said = podium(data, "organiser", "zhoumin", "--name", "周敏", "--organiser", "河北省组委会").stdout
    token = re.findall(r"/sign-in/([\w-]+)", said)[0]
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=server.base)
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="继续").click()
    page.locator("#new").fill("a sentence of mine")
    page.locator("#again").fill("a sentence of mine")
    page.get_by_role("button", name="修改").click()
    page.wait_for_url("**/office")
    yield page
    context.close()
    assert errors == []


def test_from_nothing_to_an_open_registration(desk: Page) -> None:
    """Sign in, make a competition, find 焊工, choose policy and scheme, give places, open registration."""
    desk.get_by_role("link", name="建一场竞赛").click()
    desk.get_by_label("名称").first.fill("河北省焊接大赛")
    desk.get_by_label("开始日期").fill("2027-05-10")
    desk.get_by_label("结束日期").fill("2027-05-12")
    expect(desk.get_by_label("第一主办单位")).to_have_value("河北省组委会")
    desk.get_by_role("button", name="建立").click()
    desk.wait_for_url("**/office/hbshjds-2027/setup")

    desk.get_by_role("link", name="添加赛项").first.click()
    find = desk.get_by_role("searchbox", name="找职业")
    find.press_sequentially("焊工")
    hits = desk.locator("#hits button")
    expect(hits.first).to_contain_text("6-18-02-04")
    expect(hits.first).to_contain_text("2022")
    find.press("ArrowDown")
    find.press("Enter")
    expect(desk.locator("#facts [name=occupation]")).to_have_value("焊工")
    expect(desk.locator("#facts [name=occupation_code]")).to_have_value("6-18-02-04")
    expect(desk.locator("#facts [name=name]")).to_have_value("焊工")
    desk.locator("#facts [name=name]").fill("焊接技术")
    desk.locator("#facts [name=capacity]").fill("24")
    desk.get_by_text("另有").click()
    expect(desk.get_by_text("这是模板，须补齐文号并确认后使用").first).to_be_visible()
    desk.get_by_label("河北省第二届职业技能大赛（2025）", exact=False).check()
    desk.get_by_role("button", name="添加赛项").click()

    expect(desk.get_by_role("status").filter(has_text="赛项已添加")).to_be_visible()
    expect(desk.get_by_text("还没有评分方案。")).to_be_visible()
    desk.get_by_label("或选随程序提供的方案").select_option("theory-practice")
    desk.get_by_role("button", name="采用这个方案").click()
    expect(desk.locator("#scheme")).to_contain_text("30%")
    expect(desk.locator("#scheme")).to_contain_text("70%")

    desk.get_by_role("link", name="代表队和名额").click()
    desk.get_by_label("名称").fill("唐山市\n廊坊市\n秦皇岛市")
    desk.get_by_role("button", name="添加").click()
    cells = desk.locator("input.cell")
    cells.first.fill("3")
    cells.first.press("Enter")
    expect(cells.nth(1)).to_be_focused()
    cells.nth(1).fill("2")
    expect(desk.locator("[data-total='0']")).to_have_text("5")
    desk.get_by_role("button", name="保存名额").click()
    expect(desk.get_by_role("status").filter(has_text="名额已保存")).to_be_visible()
    expect(cells.first).to_have_value("3")

    desk.get_by_role("link", name="赛项", exact=False).filter(has_text=re.compile(r"^赛项 1")).click()
    desk.get_by_role("link", name="焊接技术").click()
    desk.locator("#open").click()
    desk.locator(".question").get_by_role("button", name="开放报名").click()
    desk.wait_for_url("**/office/hbshjds-2027#open-M01")
    expect(desk.locator(".row .pip.going, .row .pip.waiting").first).to_contain_text("报名")
