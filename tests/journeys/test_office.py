"""An organiser at the desk, in a real browser on the real program: from nothing to results that everybody can read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.demo.command import answering
from tests.faults.killing import Server, prepared
from tests.journeys.conftest import podium
from tests.journeys.test_panels import book
from tests.server.registration.intaking import person, workbook
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE, needs_chromium

ASPECTS = ("T1.01", "A1.01", "A1.02", "B1.01", "B1.02", "C1.01", "C1.02")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_chromium,
]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """The program on a new installation, and its data folder."""
    data = tmp_path_factory.mktemp("office") / "data"
    with prepared(data) as (_, server):
        asyncio.run(answering(server.base, server.process))
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
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="继续").click()
    page.locator("#new").fill("a sentence of mine")
    page.locator("#again").fill("a sentence of mine")
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("**/office")
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def others(browser: Browser, installation: tuple[Path, Server]) -> Iterator[Callable[..., Page]]:
    """Opens a browser of somebody else, by their link."""
    contexts = []

    def opened(address: str, **more: Any) -> Page:
        contexts.append(browser.new_context(locale="zh-CN", base_url=installation[1].base, **more))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        if "/sign-in/" in address:
            page.get_by_role("button", name="继续").click()
            page.wait_for_load_state()
        return page

    yield opened
    for context in contexts:
        context.close()


def test_from_nothing_to_published_results(desk: Page, others: Callable[..., Page]) -> None:
    """Sign in, make a competition, find 焊工, choose policy and scheme, give places, open registration; take the delegations'
    workbooks in, approve, seat a judge, draw; the judge marks on a tablet and seals, the supervisor decodes; publish, and
    everybody reads who won.
    """
    set_up(desk)
    supervisor = others(registered(desk))
    judge = others(seated(desk), viewport={"width": 820, "height": 1180}, has_touch=True)
    through(desk, "抽签", commitments="甲; 乙", public="双色球第 2027053 期")
    through(desk, "开始打分")
    marked(judge)
    supervisor.goto("/office/hbshjds-2027")
    through(supervisor, "复核并解码")
    through(desk, "公示")
    visitor = others("/c/hbshjds-2027/results/M01")
    expect(visitor.locator("#standings tbody")).to_have_count(3)
    expect(visitor.locator("#standings .rank")).to_have_text(["1", "2", "3"])
    for name in ("赵一明", "钱二亮", "孙三元"):
        expect(visitor.locator("#standings")).to_contain_text(name)


def through(page: Page, door: str, **asked: str) -> None:
    """Open the next door of the event in the corridor, with what it asks and a word for the ledger."""
    page.goto("/office/hbshjds-2027")
    page.locator("#open-M01").click()
    question = page.locator(".question")
    for name, value in asked.items():
        question.locator(f"[name={name}]").fill(value)
    if question.locator("[name=reason]").count():
        question.locator("[name=reason]").fill("按日程")
    question.get_by_role("button", name=door, exact=True).click()
    page.wait_for_url("**/office/hbshjds-2027#open-M01")


def registered(desk: Page) -> str:
    """Two delegations' workbooks are taken in and approved; the link of a new supervisor."""
    files = [
        {"name": f"{city}.xlsx", "mimeType": XLSX, "buffer": workbook(people, title=f"{city}代表队报名表")}
        for city, people in (("唐山市", [person(0), person(1)]), ("廊坊市", [person(2)]))
    ]
    desk.locator(".imports input[type=file]").first.set_input_files(files)  # type: ignore[arg-type]
    desk.locator(".imports button").first.click()
    expect(desk.get_by_role("status").filter(has_text="已收下")).to_contain_text("唐山市 2、廊坊市 1")
    desk.get_by_role("link", name="报名审核").first.click()
    desk.locator("#pick-all").check()
    desk.get_by_role("button", name="通过", exact=True).click()
    expect(desk.locator(".said[role=status]")).to_be_visible()
    desk.goto("/office/hbshjds-2027/setup/people")
    desk.locator("#supervisor").fill("监督甲")
    desk.get_by_role("button", name="指定").click()
    return desk.locator("#link").input_value()


def seated(desk: Page) -> str:
    """A judge of the pool is seated, named chief, and has accepted by telephone; the link for the tablet."""
    desk.goto("/office/hbshjds-2027/judges")
    desk.set_input_files("#file-judges", {"name": "裁判.xlsx", "mimeType": XLSX, "buffer": book()})
    desk.get_by_role("button", name="检查并收下").click()
    desk.goto("/office/hbshjds-2027/panels/M01")
    desk.get_by_label("卢建平").check()
    desk.get_by_role("button", name="加入裁判组").click()
    for act, words in (("指定为裁判长", ""), ("接受", "电话答复：可以"), ("生成登录链接", "")):
        desk.get_by_role("button", name="更多操作 卢建平").click()
        menu = desk.locator(":popover-open")
        if words:
            menu.locator("[id^=said-]").fill(words)
        menu.get_by_role("button", name=act, exact=True).click()
    return desk.locator("#sign-in-link").inner_text()


def marked(judge: Page) -> None:
    """Every mark of three pieces, typed on the tablet; then the seal, also without signatures."""
    judge.goto("/tablet")
    judge.wait_for_selector("html[data-ready]")
    for entry, mark in (("W-01", "5"), ("W-02", "4"), ("W-03", "3")):
        judge.locator(".matrix th a", has_text=entry).click()
        judge.wait_for_selector("[data-pad]")
        judge.wait_for_timeout(820)  # a fresh sheet takes no taps, against those that were meant for the page before
        for aspect in ASPECTS:
            judge.click(f'[data-aspect="{aspect}"]')
            judge.click(f'[data-key="{mark}"]')
            judge.click("[data-save]")
            expect(judge.locator(f'[data-aspect="{aspect}"] .pill')).not_to_have_text("草稿")
        judge.click("[data-back]")
    expect(judge.locator("[data-owed]")).to_have_text("0")
    seal = judge.locator(".sealing .button")
    expect(seal).to_be_enabled()
    for _ in range(
        2
    ):  # sheets are not signed: the first press says so, a second one seals; taps at a fresh screen count as none
        judge.wait_for_timeout(820)
        seal.click()
    expect(judge.locator(".go")).to_contain_text("已封存")


def set_up(desk: Page) -> None:
    """A competition with one event, its policy and its scheme, places for its delegations, and registration open."""
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
    desk.locator("#facts [name=judges]").fill("1")
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
