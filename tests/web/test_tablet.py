"""The judge's sheet in a real browser: what it says about a mark is what became of that mark.

A small server plays the ledger and can be told to fall silent, to refuse, or to be busy; the page is the real one.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.web.jinja import STATIC
from tests.web.preview import ENVIRONMENT
from tests.web.samples import SAMPLES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


class Ledger:
    """What the server has: the marks it took, in order, and how it answers at the moment."""

    def __init__(self) -> None:
        self.marks: list[dict[str, Any]] = []
        self.posts: list[dict[str, Any]] = []
        self.mood = "well"
        self.lang = "zh"
        self.headers: dict[str, str] = {}

    def answer(self, batch: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        if self.mood == "busy":
            return 503, {}
        if self.mood == "signed-out":
            return 401, {}
        self.posts += batch
        return 200, {"answers": [self._one(mark) for mark in batch]}

    def _one(self, mark: dict[str, Any]) -> dict[str, Any]:
        if self.mood == "refusing":
            return {
                "id": mark["id"],
                "status": "refused",
                "code": "marks.not-open",
                "zh": "这个赛项现在不收分。",
                "en": "This event takes no marks now.",
            }
        if any(known["id"] == mark["id"] for known in self.marks):
            return {"id": mark["id"], "status": "duplicate"}
        self.marks.append(mark)
        return {"id": mark["id"], "status": "conflict" if self.mood == "conflict" else "stored"}


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """A ledger behind a server of its own."""
    kept = Ledger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                return self._send(200, file.read_bytes(), KINDS.get(file.suffix, "text/plain"))
            template, values = SAMPLES[path.removeprefix("/page/")]
            return self._send(
                200,
                ENVIRONMENT.get_template(template).render(lang=kept.lang, **values).encode(),
                "text/html; charset=utf-8",
            )

        def do_POST(self) -> None:
            kept.headers = {name.lower(): value for name, value in self.headers.items()}
            batch = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if kept.mood == "silent":  # the marks arrive, the answer is lost
                kept.answer(batch)
                self.connection.close()
                return
            status, body = kept.answer(batch)
            self._send(status, json.dumps(body).encode(), "application/json")

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.send_header("content-security-policy", "default-src 'self'; img-src 'self' data:; style-src 'self'")
            if status == 503:
                self.send_header("retry-after", "1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield kept
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module; every test has a profile of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def tablet(browser: Browser, ledger: Ledger) -> Iterator[Page]:
    """The measured sheet, open on a ten-inch tablet; the page may log no error of its own."""
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{ledger.address}/page/sheet")  # type: ignore[attr-defined]
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()
    assert errors == []


def _key(page: Page, *keys: str) -> None:
    for key in keys:
        page.click(f'[data-key="{key}"]')


def _keep(page: Page) -> None:
    page.click("[data-save]")
    expect(page.locator("[data-last]")).to_be_visible()


def _state(page: Page, aspect: str) -> Any:
    return expect(page.locator(f'[data-aspect="{aspect}"] .pill'))


def test_a_kept_mark_is_stored_and_says_so(tablet: Page, ledger: Ledger) -> None:
    """What was typed is what the ledger gets, with device, counter, author's time and what it replaces; then it reads 已入库."""
    _key(tablet, "1", ".", "2", "5")
    _state(tablet, "A2.06").to_have_text("草稿")
    assert ledger.marks == []
    _keep(tablet)
    _state(tablet, "A2.06").to_have_text("已入库")
    (mark,) = ledger.marks
    assert (mark["entry"], mark["aspect"], mark["value"], mark["round"], mark["counter"], mark["replaces"]) == (
        "W-07",
        "A2.06",
        125,
        1,
        1,
        "",
    )
    assert set(mark) == {"id", "event", "entry", "aspect", "value", "round", "device", "counter", "made_at", "replaces"}
    assert len(mark["id"]) == 26 and mark["made_at"].endswith("Z")
    assert ledger.headers["x-csrf-token"] == "sample-token"


def test_a_correction_names_the_mark_it_replaces(tablet: Page, ledger: Ledger) -> None:
    """Changing a mark adds a mark: the second one names the first, also before the first was answered."""
    ledger.mood = "busy"
    _key(tablet, "1")
    _keep(tablet)
    _key(tablet, "2")
    _keep(tablet)
    expect(tablet.locator('[data-count="local"]')).to_have_text("2")
    ledger.mood = "well"
    _state(tablet, "A2.06").to_have_text("已入库")
    first, second = ledger.marks
    assert (first["value"], second["value"], second["replaces"]) == (100, 200, first["id"])


def test_not_stored_before_the_answer(tablet: Page, ledger: Ledger) -> None:
    """The server has the mark but its answer was lost: the tablet says 本机 until an answer for that mark came, and it is stored once."""
    ledger.mood = "silent"
    _key(tablet, "2")
    _keep(tablet)
    _state(tablet, "A2.06").to_have_text("本机")
    expect(tablet.locator("[data-net]")).to_contain_text("离线")
    ledger.mood = "well"
    _state(tablet, "A2.06").to_have_text("已入库", timeout=15_000)
    assert len(ledger.marks) == 1


def test_the_queue_survives_a_reload(tablet: Page, ledger: Ledger) -> None:
    """Marks made while nobody answers are there after a reload, and are sent in the order they were made."""
    ledger.mood = "busy"
    for aspect, key in [("A2.06", "1"), ("A2.07", "0"), ("A2.08", "2")]:
        tablet.click(f'[data-aspect="{aspect}"]')
        _key(tablet, key)
        _keep(tablet)
        _state(tablet, aspect).to_have_text("本机")
    tablet.reload()
    tablet.wait_for_selector("html[data-ready]")
    _state(tablet, "A2.08").to_have_text("本机")
    expect(tablet.locator('[data-count="local"]')).to_have_text("3")
    ledger.mood = "well"
    for aspect in ("A2.06", "A2.07", "A2.08"):
        _state(tablet, aspect).to_have_text("已入库", timeout=15_000)
    assert [(mark["aspect"], mark["value"], mark["counter"]) for mark in ledger.marks] == [
        ("A2.06", 100, 1),
        ("A2.07", 0, 2),
        ("A2.08", 200, 3),
    ]


def test_a_refused_mark_stays_with_its_reason(tablet: Page, ledger: Ledger) -> None:
    """What the server does not take is not lost and not called stored: the reason is shown, also after a reload."""
    ledger.mood = "refusing"
    _key(tablet, "1")
    _keep(tablet)
    _state(tablet, "A2.06").to_have_text("未收")
    expect(tablet.locator("[data-message]")).to_contain_text("这个赛项现在不收分")
    tablet.goto(f"{tablet.url}?again#A2.06")
    tablet.wait_for_selector("html[data-ready]")
    _state(tablet, "A2.06").to_have_text("未收")
    assert ledger.marks == []


def test_after_a_refusal_the_ledgers_mark_is_replaced(tablet: Page, ledger: Ledger) -> None:
    """A new mark after a refused one replaces what the ledger has, not what it never took; the refused one leaves the device."""
    known = tablet.evaluate("JSON.parse(document.getElementById('sheet').textContent).aspects[0].mark")
    ledger.mood = "refusing"
    tablet.click('[data-aspect="A2.01"]')
    _key(tablet, "1")
    _keep(tablet)
    _state(tablet, "A2.01").to_have_text("未收")
    ledger.mood = "well"
    tablet.reload()
    tablet.wait_for_selector("html[data-ready]")
    tablet.click('[data-aspect="A2.01"]')
    _key(tablet, "2")
    _keep(tablet)
    _state(tablet, "A2.01").to_have_text("已入库")
    assert [mark["replaces"] for mark in ledger.marks] == [known]
    tablet.reload()
    _state(tablet, "A2.01").to_have_text("已入库")


def test_a_conflict_is_shown_and_settled_by_a_person(tablet: Page, ledger: Ledger) -> None:
    """A cell with two marks wears 冲突 until the judge keeps one again; that mark replaces the last one."""
    ledger.mood = "conflict"
    _key(tablet, "1")
    _keep(tablet)
    _state(tablet, "A2.06").to_have_text("冲突")
    expect(tablet.locator("[data-message]")).to_contain_text("同一格有两个分数")
    ledger.mood = "well"
    _key(tablet, "2")
    _keep(tablet)
    _state(tablet, "A2.06").to_have_text("已入库")
    assert ledger.marks[1]["replaces"] == ledger.marks[0]["id"]


def test_a_sign_out_keeps_the_marks(tablet: Page, ledger: Ledger) -> None:
    """When the session has ended the rail says so, and nothing is lost."""
    ledger.mood = "signed-out"
    _key(tablet, "1")
    _keep(tablet)
    expect(tablet.locator("[data-net]")).to_contain_text("登录已结束")
    _state(tablet, "A2.06").to_have_text("本机")


def test_more_than_the_maximum_cannot_be_kept(tablet: Page, ledger: Ledger) -> None:
    """A mark above the maximum is refused on the tablet, with the reason on the button."""
    _key(tablet, "3")
    expect(tablet.locator("[data-save]")).to_be_disabled()
    expect(tablet.locator("[data-save]")).to_contain_text("满分是 2.50")
    assert ledger.posts == []


def test_a_second_tap_does_nothing(tablet: Page, ledger: Ledger) -> None:
    """A double tap on 记下 keeps one mark and does not run on to the next aspect."""
    _key(tablet, "1")
    tablet.dblclick("[data-save]")
    _state(tablet, "A2.06").to_have_text("已入库")
    assert tablet.locator("[aria-current]").get_attribute("data-aspect") == "A2.06"
    assert len(ledger.marks) == 1


def test_four_cards_and_the_keyboard(tablet: Page, ledger: Ledger) -> None:
    """A judged aspect is marked with one of four cards, by finger or by key; nothing is chosen beforehand."""
    tablet.goto(f"{ledger.address}/page/sheet-judged")  # type: ignore[attr-defined]
    tablet.wait_for_selector("html[data-ready]")
    assert tablet.locator('[role=radio][aria-checked="true"]').count() == 0
    tablet.click('[data-score="3"]')
    tablet.keyboard.press("2")
    expect(tablet.locator('[data-score="2"]')).to_have_attribute("aria-checked", "true")
    _keep(tablet)
    _state(tablet, "C1.02").to_have_text("已入库")
    tablet.click('[data-aspect="C1.04"]')
    expect(tablet.locator("[data-message]")).to_contain_text("合议后再打一次")
    tablet.click('[data-score="1"]')
    _keep(tablet)
    _state(tablet, "C1.04").to_have_text("已入库")
    assert [(mark["aspect"], mark["value"], mark["round"]) for mark in ledger.marks] == [
        ("C1.02", 200, 1),
        ("C1.04", 100, 2),
    ]


def test_another_judges_marks_are_not_sent(tablet: Page, ledger: Ledger) -> None:
    """Marks that another judge left on this tablet stay theirs: they are counted, kept, and not sent under this name."""
    ledger.mood = "busy"
    _key(tablet, "1")
    _keep(tablet)
    expect(tablet.locator("[data-net]")).to_contain_text("服务器忙")
    tablet.evaluate("""async () => {
      const database = await new Promise((done) => { const asked = indexedDB.open("podium", 1); asked.onsuccess = () => done(asked.result); });
      const store = database.transaction("marks", "readwrite").objectStore("marks");
      const rows = await new Promise((done) => { const asked = store.getAll(); asked.onsuccess = () => done(asked.result); });
      for (const row of rows) store.put({ ...row, judge: "somebody else" });
      database.close();
    }""")
    ledger.mood = "well"
    tablet.reload()
    tablet.wait_for_selector("html[data-ready]")
    expect(tablet.locator("[data-net-detail]")).to_contain_text("另有 1 条属于别的裁判")
    tablet.wait_for_timeout(1500)
    assert ledger.marks == []


@pytest.mark.parametrize("size", [(820, 1180), (1180, 820), (390, 844)])
@pytest.mark.parametrize("name", ["sheet", "sheet-judged", "sheet-thirty", "work", "work-wide"])
def test_fingers_fit(browser: Browser, ledger: Ledger, name: str, size: tuple[int, int]) -> None:
    """Every target is at least 48 high, nothing scrolls sideways, and the primary action is on the screen."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{ledger.address}/page/{name}")  # type: ignore[attr-defined]
    page.wait_for_selector("html[data-ready]")
    small = page.evaluate("""() => [...document.querySelectorAll("button, a")].filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48)
      .map((one) => `${one.className} ${one.textContent.trim()} ${one.getBoundingClientRect().height}`)""")
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if name.startswith("sheet"):
        box = page.locator("[data-save]").bounding_box()
        assert box is not None and box["y"] + box["height"] <= size[1]
    context.close()


def test_the_sources_fit_in_a_pocket() -> None:
    """The tablet's own scripts stay small and separate: the queue knows no screen, the screen no database."""
    scripts = {name: Path(STATIC / name).read_text(encoding="utf-8") for name in ("marks.js", "outbox.js")}
    assert all(len(source.splitlines()) <= 300 for source in scripts.values())
    assert "document" not in scripts["outbox.js"] and "indexedDB" not in scripts["marks.js"]
