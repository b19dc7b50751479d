"""After the marks, in a real browser: a supervisor checks again and decodes, a winner takes certificates home, a visitor reads English."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scoring import policy as policies
from server.competitions.own_policies import add_policy
from server.competitions.policy_text import with_values
from server.issuing import printing
from server.people.flow import open_session
from server.results.flow import snapshot_of
from tests.conftest import Databases
from tests.journeys.test_check_in import Venue
from tests.server.results.test_rechecking import edit_policy
from tests.server.small import AT, DELEGATIONS, brought, founded, in_force, number, row_of
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE, needs_chromium

PHONE = {"width": 390, "height": 844}
NOT_READ = re.compile(r"lang=|\.(xlsx|pdf|csv|json|ics|atom|crt)|^/static/|^/api/")
HAN = re.compile(r"[\u4e00-\u9fff]")
NAMES = [row_of(place).name for place in range(len(DELEGATIONS))]
Open = Callable[..., Page]
pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture(scope="module")
def venue(
    databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Venue, dict[str, str]]]:
    """One competition that is final, another that is sealed and has to be checked again; who won, who issues, who supervises."""
    with databases.fresh(template) as dsn, socket.socket() as free, pytest.MonkeyPatch.context() as patched:
        patched.setattr(printing, "LEAST_COMPARED", 0)  # that is what tests/certificates/test_compiled.py is about
        free.bind(("127.0.0.1", 0))
        made = Venue(dsn, tmp_path_factory.mktemp("afterwards"), free.getsockname()[1])
        known: dict[str, str] = {}
        free.close()

        async def prepare() -> None:
            small = await brought(await founded("small", category_en="Manufacturing"), "final")
            snapshot = await snapshot_of((await small.event())["id"])
            assert snapshot and small.staff.account
            known["staff"] = await open_session(small.staff.account, datetime.now(UTC))
            known["winner"] = snapshot["content"]["rows"][0]["members"][0]["name"]
            again = await founded("again", policy="", category_en="Manufacturing")
            values = {("review", "top"): "1", ("review", "percent"): "20", ("review", "before_decoding"): "true"}
            text = with_values(policies.text_of("hebei-skills-2025"), {**values, ("review", "wrong_percent"): "40"})
            organiser = next(iter(again.staff.organisers))
            policy = await add_policy(organiser, text, "hebei-skills-2025", "checked", again.staff, AT)
            await in_force(again, policy)
            await edit_policy(await again.competition(), await again.event(), policy, again)
            await brought(again, "sealed")
            assert again.supervisor.account
            known["supervisor"] = await open_session(again.supervisor.account, datetime.now(UTC))

        made.asked(prepare)
        made.start()
        yield made, known
        made.stop()


@pytest.fixture(scope="module")
def browser(venue: object) -> Iterator[Browser]:
    """One Chromium for the module."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def at(venue: tuple[Venue, dict[str, str]], browser: Browser) -> Iterator[Open]:
    """Opens a browser of somebody's own; no page may log an error."""
    base, errors = f"http://127.0.0.1:{venue[0].port}", list[str]()

    def opened(path: str, session: str = "", locale: str = "zh-CN", **more: object) -> Page:
        context = browser.new_context(locale=locale, base_url=base, **more)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        if session:
            context.add_cookies([{"name": "podium", "value": session, "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield opened
    assert errors == []


def test_a_supervisor_checks_again_and_decodes(venue: tuple[Venue, dict[str, str]], at: Open) -> None:
    """Draw the sample, read sheet by sheet without a name, find one wrong; too many are wrong, so every sheet is checked; only then
    does the door to the names open, and they are opened one by one beside what was promised at the draw.
    """
    desk = at("/office/again", venue[1]["supervisor"])
    row = desk.locator("[data-event]")
    expect(row.get_by_role("button", name="复核")).to_have_count(0)
    row.get_by_role("link", name="复核").click()
    desk.get_by_role("button", name="抽取样本").click()
    expect(desk.get_by_role("heading", name=re.compile("^评分表 W-"))).to_be_visible()
    desk.get_by_role("button", name="有误").click()
    expect(desk.get_by_role("alert")).to_be_visible()  # an error is said in words
    desk.get_by_label("错在哪里").fill("B1.01 J2 应为 5")
    desk.get_by_role("button", name="有误").click()
    desk.get_by_role("button", name="一致").click()
    expect(desk.locator("main")).to_contain_text("全部复核")
    for _ in range(4):
        assert not any(name in desk.content() for name in NAMES)
        desk.get_by_role("button", name="一致").click()
    expect(desk.locator(".aside")).to_contain_text("已完成")

    desk.goto("/office/again")
    desk.locator("#open-M01").click()
    desk.get_by_label("理由或说明").fill("复核完毕")
    desk.locator(".question:popover-open .primary").click()
    desk.goto("/office/again/events/M01/publication")
    desk.get_by_role("link", name="加密号与姓名").click()
    rows = desk.locator("tbody tr")
    expect(rows).to_have_count(6)
    assert not any(name in desk.content() for name in NAMES)
    desk.get_by_role("link", name="揭开下一个").click()
    expect(rows.locator("b")).to_have_count(1)
    desk.get_by_role("link", name="全部揭开").click()
    assert sorted(rows.locator("b").all_inner_texts()) == sorted(NAMES)
    visitor = at("/c/again/results/M01")
    assert not any(name in visitor.content() for name in NAMES)


def test_a_winner_takes_a_certificate_home_and_shows_it(
    venue: tuple[Venue, dict[str, str]], at: Open, tmp_path: Path
) -> None:
    """On a phone: a wrong number tells nothing; the right one finds the certificate as soon as it is issued and printed; its file is
    genuine on the verify page; a link for an employer shows it until it is taken back.
    """
    winner = venue[1]["winner"]
    desk = at("/office/small", venue[1]["staff"])
    desk.locator("#open-M01").click()
    desk.get_by_label("理由或说明").fill("公示期满无异议")
    desk.locator(".question:popover-open .primary").click()
    phone = at("/", viewport=PHONE)
    phone.get_by_role("link", name="我的证书").click()
    for typed in ("000000", number(2 * NAMES.index(winner) + 1)[-6:]):
        phone.get_by_label("姓名").fill(winner)
        phone.get_by_label("证件号码后 6 位").fill(typed)
        phone.get_by_role("button", name="查询").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(winner)
    expect(phone.locator(".certificate")).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    paper = phone.get_by_role("link", name="下载 PDF")
    until = time.monotonic() + 90
    while not paper.count() and time.monotonic() < until:  # it is being printed
        phone.wait_for_timeout(500)
        phone.reload()
    with phone.expect_download() as download:
        paper.click()
    download.value.save_as(tmp_path / "certificate.pdf")
    phone.get_by_label("给谁看").fill("示例机械厂")
    phone.get_by_role("button", name="生成链接").click()
    address = phone.get_by_label("给示例机械厂的链接").input_value()

    employer = at(address)
    expect(employer.get_by_role("heading", level=1)).to_contain_text(winner)
    employer.locator(".certificate").get_by_role("link", name="验真").click()
    expect(employer.get_by_role("heading", level=1)).to_have_text("这份证书是真的")
    employer.goto("/verify")
    employer.locator("#file").set_input_files(tmp_path / "certificate.pdf")
    employer.get_by_role("button", name="核对文件").click()
    expect(employer.get_by_role("heading", level=1)).to_have_text("这份证书是真的")
    expect(employer.locator("main")).to_contain_text(winner)

    phone.get_by_role("button", name="收回链接 示例机械厂").click()
    employer.goto(address)
    expect(employer.locator("main")).not_to_contain_text(winner)


def test_a_visitor_reads_every_public_page_in_english(venue: tuple[Venue, dict[str, str]], at: Open) -> None:
    """The switch is pressed once; from then on every page that a visitor can walk to speaks English and stays so, apart from
    names that people and organisers gave in Chinese only.
    """
    page = at("/c/small")
    page.get_by_role("link", name="EN", exact=True).click()
    given = [
        *NAMES,
        *DELEGATIONS,
        *(row_of(place).unit for place in range(6)),
        "示例组委会",
        "中文",
        "职工组",
        "号码",
        "甲",
        "乙",
    ]
    waiting, seen = ["/c/small"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or NOT_READ.search(path):
            continue
        seen.add(path)
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en", path
        said = re.sub("|".join(given), "", page.locator("body").inner_text())
        assert HAN.findall(said) == [], path
        links = page.locator("a[href^='/']").evaluate_all(
            "all => all.map(one => one.getAttribute('href').split('#')[0])"
        )
        waiting += links
    assert {
        "/",
        "/c/small/results/M01",
        "/c/small/draw/M01",
        "/c/small/data",
        "/verify",
        "/lookup",
        "/api",
        "/sign-in",
    } <= seen
