"""A delegation's desk in a real browser: papers can be printed again and again, and the time that is left runs down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from server.web.jinja import STATIC
from tests.web.chromium import ARGUMENTS, CHROMIUM, needs_chromium
from tests.web.preview import rendered

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
AT = "https://podium.example/"

pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def shown(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page whose every address is a sample with the static files, and the addresses that were posted to."""
    posted: list[str] = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.method == "POST":
            posted.append(path)
            route.fulfill(status=204)
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            found = file.is_file()
            kind = KINDS.get(file.suffix, "application/octet-stream")
            route.fulfill(status=200 if found else 404, body=file.read_bytes() if found else b"", content_type=kind)
        else:
            name, _, lang = path.strip("/").rpartition(".")
            route.fulfill(body=rendered(name, lang), content_type="text/html; charset=utf-8")

    page = browser.new_page()
    page.route("**/*", answer)
    yield page, posted
    page.close()


@pytest.mark.parametrize(("sample", "button"), [("register-desk", "打印报名确认表"), ("papers", "报名确认表 唐山市")])
def test_a_paper_can_be_printed_twice(shown: tuple[Page, list[str]], sample: str, button: str) -> None:
    """A download leaves the page where it is, so the button works again at once."""
    page, posted = shown
    page.goto(f"{AT}{sample}.zh")
    for _ in range(2):
        with page.expect_request(lambda request: request.method == "POST"):
            page.get_by_role("button", name=button).click()
    assert len(posted) == 2 and all(path.endswith("/confirmation.pdf") for path in posted)


@pytest.mark.parametrize(
    ("lang", "first", "later", "over"),
    [
        ("zh", "还剩 1 天 01:00:05", "还剩 0 天 00:00:05", "报名已截止"),
        ("en", "1 d 01:00:05 left", "0 d 00:00:05 left", "registration is over"),
    ],
)
def test_the_time_left_runs_down_and_ends(
    shown: tuple[Page, list[str]], lang: str, first: str, later: str, over: str
) -> None:
    """The clerk sees days, hours, minutes and seconds, whatever their own clock says; then that it is over."""
    page, _ = shown
    page.clock.install()
    page.goto(f"{AT}register-desk.{lang}")
    clock = page.locator("[data-left] b")
    expect(clock).to_have_text(first)
    page.clock.fast_forward(25 * 3600 * 1000)
    expect(clock).to_have_text(later)
    page.clock.fast_forward(60 * 1000)
    expect(clock).to_have_text(over)


def test_a_form_is_not_lost_when_its_sender_was_signed_out(shown: tuple[Page, list[str]]) -> None:
    """After a while a page asks before it sends: signed out, or without a connection, everything typed stays where it is, and
    the same form is sent once its sender is signed in again in another tab."""
    page, posted = shown
    held: list[str | None] = [""]

    def session(route: Route) -> None:
        route.abort() if held[0] is None else route.fulfill(json={"name": held[0], "organisers": [], "seats": {}})

    page.route("**/api/session", session)
    page.clock.install()
    page.goto(f"{AT}setup-facts.zh")
    name = page.locator('input[name="name"]')
    name.fill("写了很久的名称")
    page.clock.fast_forward(10 * 60 * 1000)
    asked, save = page.locator("#signed-out"), page.locator("form:has(input[name=name]) button.primary").first
    for who, words in (("", "已退出登录"), (None, "没有回应")):
        held[0] = who
        save.click()
        expect(asked.get_by_role("heading")).to_contain_text(words)
        asked.get_by_role("button").click()
        expect(name).to_have_value("写了很久的名称")
    assert posted == []
    held[0] = "周敏"
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        save.click()
    assert len(posted) == 1


def test_the_language_changes_in_the_middle_of_a_form(shown: tuple[Page, list[str]]) -> None:
    """What somebody has typed, chosen and ticked stands in the other language too, and back again; a password and a page that
    was not touched are not kept, and nothing waits in the browser afterwards.
    """
    page, _ = shown

    def form(route: Route) -> None:
        lang = "en" if "lang=en" in route.request.url else "zh"
        html = rendered("setup-facts", lang).replace("</form>", '<input type="password" name="secret"></form>', 1)
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route(re.compile(r"^https://podium\.example/(?!static/|api/)"), form)
    page.goto(AT)
    page.locator(".language a[hreflang=zh-CN]").click()
    name, tier = page.locator('input[name="name"]'), page.locator('select[name="tier"]')
    password = page.locator('input[name="secret"]').first
    stored = name.input_value()
    page.locator(".language a[hreflang=en]").click()
    expect(name).to_have_value(stored)
    name.fill("写了很久的名称")
    password.fill("hunter2 hunter2")
    other = tier.locator("option").evaluate_all("all => all.find((one) => !one.selected).value")
    tier.select_option(other)
    for lang in ("zh-CN", "en"):
        page.locator(f".language a[hreflang={lang}]").click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(name).to_have_value("写了很久的名称")
        expect(tier).to_have_value(other)
        expect(password).to_have_value("")
        assert page.evaluate("sessionStorage.getItem('podium-typed')") is None
    page.reload()
    expect(name).to_have_value(stored)


def test_the_printing_is_watched_to_its_end(shown: tuple[Page, list[str]]) -> None:
    """Bar and words follow what the server says without a click, and nothing that was ticked on the page is touched."""
    page, _ = shown
    told = {"issued": 1952, "printed": 701}
    page.route("**/api/competitions/hebei/printing", lambda route: route.fulfill(json=told))
    page.clock.install()
    page.goto(f"{AT}issuing.en")
    note, tick = page.locator("[data-printing]"), page.locator("input[type=checkbox]:visible").last
    tick.uncheck()
    page.clock.fast_forward(2100)
    expect(note).to_contain_text("701 of 1,952 are printed")
    told["printed"] = 1952
    page.clock.fast_forward(2100)
    expect(note.get_by_role("status")).to_have_text("All 1,952 are printed")
    expect(note.get_by_role("link")).to_have_count(0)
    expect(tick).not_to_be_checked()


def test_a_workbook_says_that_it_is_being_made(shown: tuple[Page, list[str]]) -> None:
    """The button of a long list says so until the file is there, asks once however often it is pressed, and works again after."""
    page, _ = shown
    asked: list[Route] = []
    page.route("**/workbook.xlsx?**", lambda route: asked.append(route))
    page.goto(f"{AT}list.zh")
    excel = page.locator("a[data-making]")
    with page.expect_download() as saved:
        excel.dblclick()
        expect(excel).to_have_text("正在生成…")
        (only,) = asked
        only.fulfill(
            body=b"PK", headers={"content-disposition": "attachment; filename*=UTF-8''%E6%8A%A5%E5%90%8D.xlsx"}
        )
    assert saved.value.suggested_filename == "报名.xlsx"
    expect(excel).to_have_text("Excel 表")


def test_the_keyboard_stays_where_its_reader_is(shown: tuple[Page, list[str]]) -> None:
    """Nobody needs a mouse: a question takes the keyboard in, keeps it and gives it back with Escape; a corridor that renews itself
    leaves it where it was, or at the content where its control is gone; keys pass through a filter's choices and Enter takes one,
    after which they are still at that filter; what was done is said where the keyboard is, its undoing next; one key leads from
    ticked rows to what is done with them; and the year of a date is over after four digits.
    """
    page, _ = shown
    page.route(
        "**/office/1", lambda route: route.fulfill(body=rendered("office-corridor", "zh"), content_type="text/html")
    )
    page.goto(f"{AT}office-corridor.zh")
    door, focused = page.locator("#open-E05"), page.locator(":focus")
    door.focus()
    page.keyboard.press("Enter")
    question = page.locator(":popover-open")
    expect(question.locator("input:not([type=hidden])").first).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        expect(question.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(door).to_be_focused()

    chip = page.locator(".chip").nth(1)
    chip.focus()
    for gone in (False, True):
        chip.evaluate("(one, gone) => gone && one.setAttribute('href', '?only=nobody')", gone)
        page.evaluate("document.getElementById('corridor').dataset.old = '1'; htmx.trigger('#corridor', 'refresh')")
        expect(page.locator("#corridor[data-old]")).to_have_count(0)
        expect(page.locator("#content") if gone else chip).to_be_focused()

    page.route(
        "**/lists/entries?**", lambda route: route.fulfill(body=rendered("list", "zh"), content_type="text/html")
    )
    page.goto(f"{AT}list.zh")
    choice = page.locator("[data-list] select").first
    choice.focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(f"{AT}list.zh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/entries?**")
    expect(choice).to_be_focused()

    page.goto(f"{AT}review.zh")
    expect(page.locator(".said")).to_be_focused()
    page.keyboard.press("Tab")
    expect(focused).to_have_text("撤销")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.keyboard.press("a")
    expect(page.locator(".acting .button.primary")).to_be_focused()

    page.goto(f"{AT}setup-facts.zh")
    assert page.locator("input[type=date]").first.get_attribute("max") == "9999-12-31"
