"""The judge's app in real browsers against the real program: whatever happens to the tablet, the ledger ends up with exactly
the marks that the screen called kept, each of them once.
"""

from __future__ import annotations

import base64
import dataclasses
import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from scoring import policy as policies
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Decision, Event, Signal, Signature
from server.marks import signature_ledger, signing, tablet
from server.marks.batch import Post
from server.marks.devices import devices_of, make_code, revoke
from server.marks.flow import open_marks
from server.marks.hall import end_shift
from server.marks.signing import signatures_of
from server.people import pins
from server.people.pins import checking, pin_of
from server.registration.badges import JUDGE, token
from server.web.words import LANGUAGES
from tests.server.small import Small, mark, posted
from tests.web.chromium import ARGUMENTS, CHROMIUM, needs_chromium
from tests.web.hall import (
    CAMERA,
    TABLET,
    Hall,
    Machine,
    go,
    keep,
    kept_by_worker,
    nothing_waits,
    opened_app,
    opened_hall,
    picture_of,
    state,
    unsettled,
)
from tests.web.tablet_screens import (
    DRAWN,
    LYING,
    PHONE,
    UPRIGHT,
    Walk,
    misfits,
    not_accessible,
    refusing,
    reporting,
    sized,
    spoken,
)

pytestmark = [needs_chromium, pytest.mark.browser]
SLUGS = (f"tablet-{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def playwright(module_dsn: str) -> Iterator[Playwright]:
    """Drives the browsers of this module; its loop fills this thread, so the database comes first."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the module; every tablet has a profile of its own."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def hall(browser: Browser, module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The program on a port, for the whole module."""
    with opened_hall(module_dsn, tmp_path_factory.mktemp("hall")) as made:
        yield made


@pytest.fixture(autouse=True)
def put_away(hall: Hall) -> Iterator[None]:
    """No tablet of a test works on beside the next."""
    yield
    hall.put_away()


# ---------- what the ledger has ----------


def event_id(hall: Hall, small: Any) -> str:
    """The event's id, as addresses in the app have it."""
    return str(hall.run(small.event())["id"])


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """What a ledger says: entry, aspect and value, in the order it was stored."""
    return [(row["entry"], row["aspect"], row["value"]) for row in rows]


# ---------- marking ----------


def test_a_kept_mark_is_stored_and_says_so(hall: Hall, browser: Browser) -> None:
    """A draft is no mark; what is kept reads 已入库 only when the ledger has it, with device, counter and what it replaces. Undo of
    a changed mark is a third mark with the first one's value: nothing is erased. A mark above the maximum stays a draft, with the
    reason on the button."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01")
    page.click('[data-key="2"]')
    state(page, "A1.01").to_have_text("草稿")
    assert hall.ledger(small) == []
    page.click("[data-clear]")
    for key in "1.25":
        page.click(f'[data-key="{key}"]')
    page.click("[data-save]")
    state(page, "A1.01").to_have_text("已入库")
    keep(page, "A1.01", "2")
    state(page, "A1.01").to_have_text("已入库")
    expect(page.locator('[data-count="stored"]')).to_have_text("1")
    first, second = hall.ledger(small)
    assert told([first, second]) == [("W-01", "A1.01", 125), ("W-01", "A1.01", 200)]
    assert (first["counter"], second["counter"], second["replaces"], second["conflict"]) == (1, 2, first["id"], False)
    assert first["device"] == second["device"]
    page.dblclick("[data-undo]")  # a finger taps twice: there is one mark all the same
    expect(page.locator('[data-aspect="A1.01"] [data-value]')).to_have_text("1.25")
    state(page, "A1.01").to_have_text("已入库")
    nothing_waits(page)
    assert [row["value"] for row in hall.ledger(small)] == [125, 200, 125]
    page.click('[data-aspect="A1.02"]')
    expect(page.locator('[data-aspect="A1.02"]')).to_have_attribute("aria-current", "true")
    page.click('[data-key="3"]')
    expect(page.locator("[data-save]")).to_be_disabled()
    expect(page.locator("[data-save]")).to_contain_text("满分是 2.50")
    page.click("[data-clear]")
    assert len(hall.ledger(small)) == 3 and page.errors == []  # type: ignore[attr-defined]


def test_one_aspect_across_all_pieces(hall: Hall, browser: Browser) -> None:
    """By aspect, the next piece comes when the judge asks for it, and the strip shows what each piece has. In English the
    tablet says what the scheme says in English, its own words beside it, and Chinese again when it is asked to."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01", "C1.01", "row")
    for entry, score in zip([f"W-0{n}" for n in range(1, 7)], "231102", strict=True):
        unsettled(page)
        page.click(f'[data-score="{score}"]')
        page.click("[data-save]")
        expect(page.locator(f'[data-entry="{entry}"] .wears')).to_have_text("已入库")
        assert page.locator(".stop[aria-current]").get_attribute("data-entry") == entry
        unsettled(page)
        page.click("[data-save]")
    assert [row["value"] for row in hall.ledger(small)] == [200, 300, 100, 100, 0, 200]
    expect(page.locator(".heading h1")).to_contain_text("C1.02 造型")
    for lang, named, best in (
        ("en", "Sanded surface", "No scratches in normal light"),
        ("zh", "表面打磨", "正常光线下没有明显砂痕"),
    ):
        go(page, event, "W-01", "C1.01", "row")
        spoken(page, lang)
        expect(page.locator(".heading h1")).to_have_text(f"C1.01 {named}")
        expect(page.locator("[data-score='1']")).to_contain_text(best)
        expect(page.locator("[data-score='3']")).to_contain_text("找不到可以再改的地方")


# ---------- without a network ----------


def test_a_shift_without_a_network(hall: Hall, browser: Browser) -> None:
    """Marks made offline read 本机, are there after a reload without a network, and reach the ledger in order, each once."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    kept_by_worker(page)
    page.context.set_offline(True)
    made = [("W-01", "A1.01", "1"), ("W-01", "A1.02", "0.5"), ("W-02", "A1.01", "2.5"), ("W-02", "C1.01", "3")]
    for entry, aspect, value in made:
        go(page, event, entry)
        keep(page, aspect, value)
        state(page, aspect).to_have_text("本机")
    expect(page.locator("[data-net]")).to_contain_text("离线")
    page.reload()
    page.wait_for_selector("[data-pad]")
    expect(page.locator('[data-count="local"]')).to_have_text("4")
    state(page, "C1.01").to_have_text("本机")
    assert hall.ledger(small) == []
    page.context.set_offline(False)
    expect(page.locator('[data-count="stored"]')).to_have_text("4")
    expect(page.locator('[data-count="local"]')).to_have_text("0")
    assert told(hall.ledger(small)) == [(e, a, round(float(v) * 100)) for e, a, v in made]
    assert [row["counter"] for row in hall.ledger(small)] == [1, 2, 3, 4]


def test_the_answer_is_lost_and_a_busy_server_is_left_in_peace(hall: Hall, browser: Browser) -> None:
    """The ledger has the mark but its answer never came: the tablet does not say 已入库 before it hears, and it is stored once.
    503 with Retry-After: nothing is sent before that, then everything is."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01")

    def swallow(route: Any) -> None:
        route.fetch()
        route.abort()

    page.context.route("**/api/marks", swallow)
    keep(page, "A1.01", "2")
    expect(page.locator("[data-net]")).to_contain_text("离线")
    state(page, "A1.01").to_have_text("本机")
    assert len(hall.ledger(small)) == 1
    page.context.unroute("**/api/marks")
    state(page, "A1.01").to_have_text("已入库")
    assert len(hall.ledger(small)) == 1
    asked: list[str] = []

    def busy(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"retry-after": "3"}, body="{}")

    page.context.route("**/api/marks", busy)
    keep(page, "A1.02", "1")
    expect(page.locator("[data-net]")).to_contain_text("服务器忙")
    keep(page, "A1.03", "1")
    page.wait_for_timeout(1500)
    assert len(asked) == 1
    page.context.unroute("**/api/marks")
    state(page, "A1.03").to_have_text("已入库")
    assert told(hall.ledger(small)) == [("W-01", "A1.01", 200), ("W-01", "A1.02", 100), ("W-01", "A1.03", 100)]


def test_the_browser_is_killed_with_marks_unsent(hall: Hall, playwright: Playwright, tmp_path: Path) -> None:
    """The process dies with fifty marks that nobody else has: after a new start they are all there, and are stored once each."""
    small = hall.competition(next(SLUGS), aspects=60)
    machine = Machine(playwright, tmp_path)
    try:
        context = machine.start()
        context.add_cookies(hall.cookies(small))  # type: ignore[arg-type]
        page = context.new_page()
        opened_app(page, hall.address)
        kept_by_worker(page)
        event = event_id(hall, small)
        context.set_offline(True)
        go(page, event, "W-03")
        aspects = [f"A{n // 40 + 1}.{n % 40 + 1:02}" for n in range(50)]
        values = [f"{1 + n % 2}.{n % 5}" for n in range(50)]
        for aspect, value in zip(aspects, values, strict=True):
            keep(page, aspect, value)
        expect(page.locator('[data-count="local"]')).to_have_text("50")
        machine.kill()
        assert hall.ledger(small) == []

        context = machine.start()
        context.add_cookies(hall.cookies(small))  # type: ignore[arg-type]
        page = context.new_page()
        opened_app(page, hall.address)
        expect(page.locator('[data-count="stored"]')).to_have_text("50")
        rows = hall.ledger(small)
        assert told(rows) == [("W-03", a, round(float(v) * 100)) for a, v in zip(aspects, values, strict=True)]
        assert [row["counter"] for row in rows] == list(range(1, 51))
    finally:
        machine.kill()


# ---------- the app itself ----------


def test_the_app_fits_in_a_pocket() -> None:
    """All script together, as it travels, is at most 150 KB; no source of the app is longer than a person reads in one go."""
    assert tablet.build().weight <= 150_000
    sources = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in tablet.SOURCES.glob("*.js")}
    assert {name: lines for name, lines in sources.items() if lines > 300} == {}


# ---------- what is improbable, what is doubted ----------


def test_an_improbable_mark_is_asked_about_once(hall: Hall, browser: Browser) -> None:
    """A zero, and a piece with the very marks of another, are kept only after a second tap; the judge's own marks alone decide."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01")
    page.click('[data-fill="zero"]')
    page.click("[data-save]")
    expect(page.locator(".message")).to_contain_text("记零分")
    page.click("[data-save]")
    page.wait_for_timeout(820)
    assert hall.ledger(small) == [], "a second tap in the same movement is no answer"
    page.click("[data-save]")
    state(page, "A1.01").to_have_text("已入库")
    for aspect, value in (("A1.02", "1"), ("A1.03", "2"), ("A1.04", "1.5")):
        keep(page, aspect, value)
    go(page, event, "W-02")
    page.click('[data-fill="zero"]')
    page.click("[data-save]")
    unsettled(page)
    page.click("[data-save]")
    for aspect, value in (("A1.02", "1"), ("A1.03", "2")):
        keep(page, aspect, value)
    page.click('[data-aspect="A1.04"]')
    for key in "1.5":
        page.click(f'[data-key="{key}"]')
    page.click("[data-save]")
    expect(page.locator(".message")).to_contain_text("W-01")
    state(page, "A1.04").to_have_text("草稿")
    unsettled(page)
    page.click("[data-save]")
    state(page, "A1.04").to_have_text("已入库")
    assert len(hall.ledger(small)) == 8


def noted(page: Page, measured: str, note: str) -> None:
    """What was measured for the aspect at hand, and a note beside it."""
    page.click("[data-reading]")
    page.fill("#note-measured", measured)
    page.fill("#note-text", note)
    page.click(".over .primary")


FORECAST = """() => import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "pace.js")).then(({ finish }) => {
  const now = 1.8e12;
  const id = (seconds) => { let text = ""; for (let rest = now - 1000 * seconds; text.length < 10; rest = Math.floor(rest / 32)) text = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[rest % 32] + text; return text + "0".repeat(16); };
  const asked = [[[10, 20, 30, 300], 9], [[300, 300, 300, 300, 300, 300], 9], [[10, 20, 30, 40, 2000], 9], [[60, 120, 180, 240, 300], 10], [[60, 120, 180, 240, 300], 0]];
  return asked.map(([ages, owed]) => finish(ages.map(id), owed, now)).map((moment) => moment && (moment - now) / 1000);
})"""
"""Four marks, six that were typed in at one moment, five of which one is too old: no pace. Five in five minutes: ten more in ten. Nothing
owed: nothing to say."""


TURNED = """async () => {
  const [{ database }, store] = await Promise.all(["database.js", "store.js"].map((name) => import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, name))));
  const row = (await database.notes.toArray()).find((one) => one.entry === "W-05");
  await database.notes.put({ ...row, text: "\u202e" });
  await store.reload();
}"""
"""A note as a tablet kept it before it took out what turns the direction of writing: the server never takes it."""


def test_two_tablets_one_cell(hall: Hall, browser: Browser) -> None:
    """Different values from two tablets: both are in the ledger, both are shown with what was measured and noted on either, and the
    judge's choice is a mark of its own. When all will be marked is said from five marks on, at this judge's pace."""
    small = hall.competition(next(SLUGS))
    here, there, event = hall.tablet(browser, small), hall.tablet(browser, small), event_id(hall, small)
    there.context.set_offline(True)
    go(there, event, "W-04")
    keep(there, "A1.03", "1.25")
    keep(there, "A1.03", "1.5")
    noted(there, "281.3 mm", "卷\u202d尺\u202c量的")
    go(there, event, "W-05")
    noted(there, "1", "旁边")
    there.evaluate(TURNED)
    there.evaluate("location.hash = '#/hand-over'")
    expect(there.locator(".hand-over .notice.warn").nth(1)).to_contain_text("2 个问题、照片或备注")
    go(here, event, "W-04")
    keep(here, "A1.03", "2.5")
    state(here, "A1.03").to_have_text("已入库")
    beside = here.context.new_page()
    opened_app(beside, hall.address)
    go(beside, event, "W-04", "A1.03")
    noted(here, "280.2 mm", "")
    expect(beside.locator("[data-reading]")).to_contain_text("280.2 mm")  # or it would write over what it does not know
    beside.close()
    go(there, event, "W-04", "A1.03")
    there.context.set_offline(False)
    state(there, "A1.03").to_have_text("冲突")
    expect(there.locator('[data-aspect="A1.03"] [data-value]')).to_have_text("2 个分数")
    expect(there.locator("[data-last]")).to_contain_text("有两个分数")
    expect(there.locator("[data-undo]")).to_have_count(0)  # nobody decides by taking back
    there.click('[href^="#/conflict"]')
    expect(there.locator("[data-candidate]")).to_have_count(3)
    expect(there.locator("[data-measured]")).to_have_text(
        ["280.2 mm · 合格", "281.3 mm · 超差 0.8", "281.3 mm · 超差 0.8"]
    )
    expect(there.locator("[data-said]")).to_have_text(["没有", "卷尺量的", "卷尺量的"])
    expect(there.locator(".title b")).to_have_text("冲突 1 / 1")
    assert there.evaluate(FORECAST) == [None, None, None, 600, None]
    expect(there.locator("[data-decide]")).to_be_disabled()
    unsettled(there)
    there.locator("[data-candidate]").first.locator("button").click()
    there.click("[data-decide]")
    there.wait_for_selector("[data-pad]")
    state(there, "A1.03").to_have_text("已入库")
    there.click("[data-undo]")
    expect(there.locator(".info .message")).to_contain_text("不能再变空")
    rows = hall.ledger(small)
    assert [(row["value"], row["conflict"]) for row in rows] == [(250, False), (125, True), (150, True), (250, False)]
    assert len({row["device"] for row in rows}) == 2


def test_the_chief_seals_from_the_tablet(hall: Hall, browser: Browser) -> None:
    """Sealing waits until nothing is owed, says what it waits for and whose signatures are missing, and ends the marking. What came in
    the way after the last look is told on the same screen. A tablet that holds unsent marks is named, and sealed over by a tick alone."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small, judge=0), event_id(hall, small)
    expect(page.locator(".sealing .button")).to_be_disabled()
    expect(page.locator(".sealing p")).to_contain_text("还差 108 个分数")
    entries = [f"W-0{n}" for n in range(1, 7)]
    aspects = [("A1.01", 250), ("A1.02", 200), ("A1.03", 250), ("A1.04", 150), ("C1.01", 200), ("C1.02", 300)]
    id = hall.run(small.event())["id"]
    cells = itertools.product(small.judges, entries, aspects)
    hall.run(posted(small, [Post(mark(id, entry, aspect, value), judge) for judge, entry, (aspect, value) in cells]))
    opened_app(page, hall.address)
    expect(page.locator(".signers li").nth(1)).to_contain_text("已签 0/6")
    late = mark(id, "W-01", "C1.01", 300, device="T-8")
    hall.run(posted(small, [Post(late, small.judges[1])]))
    for _ in range(2):
        page.click(".sealing .button")
        unsettled(page)
    expect(page.locator(".sealing p").first).to_contain_text("有 1 处冲突要先选定")
    assert page.evaluate("location.pathname") == "/tablet"
    hall.run(posted(small, [Post(mark(id, "W-01", "C1.01", 200, replaces=late.id), small.judges[1])]))
    opened_app(page, hall.address)
    now = datetime.now(UTC)
    hall.run(reporting(hall.run(small.event()), small, 2, 4, now))
    page.locator(".sealing .button.primary").click()  # the screen does not know of that tablet yet
    unsettled(page)
    page.locator(".sealing .button.primary").click()
    expect(page.locator("[data-tablets] li")).to_contain_text("1号平板 · J3")
    expect(page.locator("[data-tablets] li")).to_contain_text("4 条未发送")
    expect(page.locator(".sealing .button.primary")).to_be_disabled()
    assert hall.run(small.event())["state"] == "marking"
    page.check(".knows input")
    page.click(".sealing .button.primary")
    expect(page.locator("[data-unsigned]")).to_contain_text("还有 18 张表没有签字")
    page.route("**/seal", lambda route: route.abort())
    unsettled(page)
    page.click(".sealing .button.primary")
    expect(page.locator("[data-unsealed]")).to_contain_text(
        "没有应答"
    )  # and not the browser's own error, outside the app
    page.unroute("**/seal")
    page.dblclick(".sealing .button.primary")
    page.wait_for_timeout(820)
    assert hall.run(small.event())["state"] == "marking", "a second tap in the same movement is no answer"
    page.click(".sealing .button.primary")
    expect(page.locator(".go")).to_contain_text("现在不收分：已封存")
    assert hall.run(small.event())["state"] == "sealed"
    go(page, event, "W-01", "A1.01")
    expect(page.locator("[data-save]")).to_be_disabled()
    page.keyboard.type("1")
    assert page.locator(".keys[inert]").count() == 1, "a figure that can never be kept is no draft"
    state(page, "A1.01").to_have_text("已入库")


def test_a_panel_too_far_apart_scores_again(hall: Hall, browser: Browser) -> None:
    """Nobody learns another's score until all have scored; then each is told the scores and scores again, and both rounds are in
    the ledger. A score of the first round that a second tablet brings back while they talk stays on record, is told to its judge and
    changes nothing of what the panel talks about."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    away = hall.tablet(browser, small)
    id = hall.run(small.event())["id"]
    with page.expect_response("**/api/hall/stream"):
        opened_app(page, hall.address)
    go(page, event, "W-01", "C1.01")
    keep(page, "C1.01", "0")
    state(page, "C1.01").to_have_text("已入库")
    page.evaluate("for (let timer = 1; timer < 9999; timer += 1) clearInterval(timer)")  # it asks for nothing by itself
    assert page.locator(".message.again").count() == 0
    opened_app(away, hall.address)
    away.context.set_offline(True)
    go(away, event, "W-01", "C1.01")
    keep(away, "C1.01", "3")
    hall.run(posted(small, [Post(mark(id, "W-01", "C1.01", 300), small.judges[number]) for number in (0, 2)]))
    away.context.set_offline(False)
    state(away, "C1.01").to_have_text("重打")
    expect(away.locator("[data-late]")).to_contain_text("3")
    expect(away.locator(".message.again")).to_contain_text("J1 3 · J2 0 · J3 3")
    away.click(".sync .out")
    away.click('[href^="#/spread"]')
    expect(away.locator(".axis .who").first).to_have_text("我")
    expect(away.locator(".spread")).to_contain_text("相差 3 分")
    away.click("[data-talked]")
    away.wait_for_selector("[data-pad]")
    assert away.errors == []  # type: ignore[attr-defined]
    state(page, "C1.01").to_have_text("重打")  # told by the stream
    expect(page.locator("[data-undo]")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-late]")).to_contain_text("3")
    expect(page.locator(".message.again")).to_contain_text("J1 3 · J2 0 · J3 3")
    expect(page.locator(".seats")).to_contain_text(re.compile("J1还没打.*我还没打.*J3还没打"))
    keep(page, "C1.01", "2")
    state(page, "C1.01").to_have_text("已入库")
    rows = [row for row in hall.ledger(small) if row["judge"] == small.judges[1]]
    assert [(row["value"], row["round"], row["conflict"]) for row in rows] == [
        (0, 1, False),
        (300, 1, True),
        (200, 2, False),
    ]
    assert page.errors == []  # type: ignore[attr-defined]
    hall.run(
        posted(small, [Post(mark(id, "W-02", "C1.01", value), small.judges[n]) for n, value in ((0, 0), (2, 300))])
    )
    opened_app(page, hall.address)
    go(page, event, "W-02", "C1.01")
    keep(page, "C1.01", "3")
    state(page, "C1.01").to_have_text("重打")  # the last of the panel is told at once, while the piece stands there
    go(page, event, "W-02", "C1.01", "row")
    assert not_accessible(page) == []


def test_who_did_not_come_owes_nothing(hall: Hall, browser: Browser) -> None:
    """The chief judge writes a piece down; it is told apart in the list, owes nothing any more, and another judge reads why."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small, judge=0), event_id(hall, small)
    expect(page.locator("[data-owed]")).to_have_text("36")
    go(page, event, "W-03")
    page.click("[data-floor]")
    page.select_option("#floor-status", "withdrawn")
    page.fill("#floor-reason", "手部受伤")
    page.click("[data-floor-save]")
    expect(page.locator(".floor")).to_contain_text("手部受伤")
    opened_app(page, hall.address)
    expect(page.locator("[data-owed]")).to_have_text("30")
    expect(page.locator(".matrix .away")).to_have_text("弃权")
    other = hall.tablet(browser, small)
    go(other, event, "W-03")
    expect(other.locator(".floor")).to_contain_text("手部受伤")
    assert other.locator("[data-floor], [data-floor-back]").count() == 0
    go(page, event, "W-03")
    page.click("[data-floor-back]")
    expect(page.locator("[data-floor]")).to_be_visible()


SWEPT = """() => new Promise((done) => {
  indexedDB.deleteDatabase("podium-tablet").onsuccess = () => {
    indexedDB.open("podium-tablet").onsuccess = ({ target: { result } }) => {
      if (!result.objectStoreNames.contains("marks")) return done("empty");
      result.transaction("marks").objectStore("marks").count().onsuccess = (event) => { result.close(); done(event.target.result); };
    };
  };
})"""
"""The disk is emptied; how many marks wait on it for whoever asks next."""


def test_a_swept_disk_and_a_seal_that_came_first(hall: Hall, browser: Browser) -> None:
    """What the screen calls kept is written again at once when the disk is emptied under it, and comes to the ledger after a reload. A mark
    that comes after the seal is told on every screen until its judge puts it away; a second round is not undone into the first."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    kept_by_worker(page)
    id = hall.run(small.event())["id"]
    go(page, event, "W-01", "C1.01")
    keep(page, "C1.01", "0")
    state(page, "C1.01").to_have_text("已入库")
    page.context.set_offline(True)
    keep(page, "A1.01", "1")
    assert page.evaluate(SWEPT) == 1
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator('[data-count="local"]')).to_have_text("1")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator('[data-aspect="A1.01"] .pill')).to_have_text("已入库")
    assert told(hall.ledger(small)) == [("W-01", "C1.01", 0), ("W-01", "A1.01", 100)]
    hall.run(posted(small, [Post(mark(id, "W-01", "C1.01", 300), small.judges[number]) for number in (0, 2)]))
    opened_app(page, hall.address)
    go(page, event, "W-01", "C1.01")
    keep(page, "C1.01", "2")
    state(page, "C1.01").to_have_text("已入库")
    page.click("[data-undo]")
    expect(page.locator(".message")).to_contain_text("格子不能再变空")
    page.context.set_offline(True)
    keep(page, "A1.02", "1.25")
    hall.run(sealed_at_once(small))
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    out = page.locator("#sync .out")
    expect(out).to_contain_text("未收 1")
    expect(page.locator("[data-value]").nth(1)).to_have_text("1.25")
    page.evaluate("location.hash = '#/hand-over'")
    expect(page.locator("[data-untaken]")).to_contain_text("有 1 个分数服务器没有收")
    page.evaluate("location.hash = '#/outbox'")
    page.click("[data-put-away]")
    expect(out).to_contain_text("全部入库")
    assert len(hall.ledger(small)) == 5 and page.errors == []  # type: ignore[attr-defined]


async def sealed_at_once(small: Small) -> None:
    """The head takes no more marks, as after a seal."""
    async with DB.transaction():
        await open_marks((await small.event())["id"], taking=False)
    await Event.update({Event.state: "sealed", Event.version: Event.version + 1}).where(
        Event.id == (await small.event())["id"]
    )


# ---------- who holds the tablet ----------


def test_the_session_ends_in_the_middle(hall: Hall, browser: Browser) -> None:
    """Marks stay; another judge who signs in does not send them, nor does a page that is still open under the first one's name
    store them under the second one's session; the same judge does, by signing in."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01")
    page.context.clear_cookies(name="podium")
    keep(page, "A1.01", "2")
    expect(page.locator(".notice")).to_contain_text("登录已结束")
    state(page, "A1.01").to_have_text("本机")
    page.context.add_cookies(hall.cookies(small, 2))  # type: ignore[arg-type]
    keep(page, "A1.03", "2")
    expect(page.locator("[data-net]")).to_contain_text("登录已结束")
    state(page, "A1.03").to_have_text("本机")
    assert hall.ledger(small) == []
    opened_app(page, hall.address)
    expect(page.locator("[data-net-detail]")).to_contain_text("另有 2 条属于别的裁判")
    go(page, event, "W-01")
    keep(page, "A1.02", "1")
    state(page, "A1.02").to_have_text("已入库")
    assert [row["judge"] for row in hall.ledger(small)] == [small.judges[2]]
    page.context.add_cookies(hall.cookies(small, 1))  # type: ignore[arg-type]
    opened_app(page, hall.address)
    go(page, event, "W-01")
    for aspect in ("A1.01", "A1.03"):
        state(page, aspect).to_have_text("已入库")
    stored = [(row["judge"], row["aspect"]) for row in hall.ledger(small)][1:]
    assert stored == [(small.judges[1], "A1.01"), (small.judges[1], "A1.03")]


def test_a_clear_hand_over(hall: Hall, browser: Browser) -> None:
    """Handing over says what stays behind and under whose name, ends the session and takes the shift off the tablet."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    page.context.route("**/api/marks", lambda route: route.abort())
    go(page, event, "W-01")
    keep(page, "A1.01", "2")
    page.click("[data-back]")
    page.click('[href="#/hand-over"]')
    expect(page.locator(".notice").first).to_contain_text("还有 1 个分数或签字没有入库")
    page.click("[data-leave]")
    page.wait_for_url("**/sign-in?next=/tablet")
    opened_app(page, hall.address)
    expect(page.locator("h1")).to_have_text("登录后打分")
    expect(page.locator(".notice")).to_contain_text("J2 还有 1 个分数在这里")
    assert hall.ledger(small) == []


# ---------- the tablet's own troubles ----------


# ---------- signing in, signing ----------

PIN = "274913"


def type_pin(page: Page, pin: str) -> None:
    """On the large keys, with a finger."""
    for key in pin:
        page.tap(f'[data-pin="{key}"]')


def choose_pin(page: Page) -> None:
    """The first PIN of a judge who came by a link."""
    page.click("[data-choose-pin]")
    for _ in range(2):
        type_pin(page, PIN)
        page.click("[data-pin-next]")
    expect(page.locator("[data-choose-pin]")).to_have_count(0)


def draw(page: Page) -> None:
    """A signature, with a finger that is not lifted; what the browser makes of a swipe may not take the tap that comes next."""
    box = page.locator("[data-field]").bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    for n, (x, y) in enumerate(((60, 90), (120, 40), (180, 110), (240, 50), (300, 100))):
        at = {"type": "touchMove" if n else "touchStart", "touchPoints": [{"x": box["x"] + x, "y": box["y"] + y}]}
        finger.send("Input.dispatchTouchEvent", at)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def signed(page: Page, pin: str = PIN) -> None:
    """Draw, type the PIN, sign."""
    unsettled(page)
    draw(page)
    type_pin(page, pin)
    page.click("[data-sign]")


def signatures(hall: Hall, small: Small) -> list[dict[str, Any]]:
    """What the server has, in the order it came, with whether it still holds."""

    async def rows() -> list[dict[str, Any]]:
        event = await small.event()
        holds = {one.id: one.holds for one in (await signatures_of(event)).judges.values()}
        found = await Signature.select().where(Signature.event == event["id"]).order_by(Signature.sequence)
        return [{**row, "holds": holds.get(row["id"], False)} for row in found]

    return hall.run(rows())


def test_a_judge_signs_in_by_pin_signs_without_a_network_and_a_changed_mark_voids_it(
    hall: Hall, browser: Browser
) -> None:
    """Paired and named, also when its disk is emptied while nobody is signed in; seat and PIN open the shift; a sheet is signed offline, survives a reload, and reaches the server
    once, after its marks, naming each of them; a change is asked about, makes it visibly void, and is signed anew. The next
    judge finds nothing of it but how much waits. A change that the server did not take voids nothing, and is undone without sending
    another. Taken out of service, the tablet sends nothing and shows what waits as codes."""
    small = hall.competition(next(SLUGS), entries=2)
    code = hall.run(hall_code(small))
    first = hall.tablet(browser, small)
    choose_pin(first)
    context = browser.new_context(viewport=TABLET, has_touch=True, locale="zh-CN")
    hall.contexts.append(context)
    page, event = context.new_page(), event_id(hall, small)
    opened_app(page, hall.address, f"/tablet#/pair/{code}")
    expect(page.locator(".which-tablet h1")).to_have_text("1号平板")
    page.evaluate(SWEPT)
    opened_app(page, hall.address)
    expect(page.locator(".which-tablet h1")).to_have_text("1号平板")
    page.fill("#seat", "2")
    type_pin(page, "111112")
    page.click("[data-enter]")
    expect(page.locator(".by-pin .message")).to_contain_text("PIN")
    type_pin(page, PIN)
    page.click("[data-enter]")
    page.wait_for_selector(".matrix")
    kept_by_worker(page)
    context.set_offline(True)
    go(page, event, "W-01")
    for aspect, value in (
        ("A1.01", "1"),
        ("A1.02", "2"),
        ("A1.03", "0.5"),
        ("A1.04", "1.5"),
        ("C1.01", "2"),
        ("C1.02", "3"),
    ):
        keep(page, aspect, value)
        unsettled(page)
    page.click("[data-to-sign]")
    known = hall.run(pin_of(small.judges[1]))
    assert known
    signed(page, next(pin for pin in ("999991", "888881") if checking(pin, known["salt"]) != known["checking"]))
    expect(page.locator("main.sign > .message")).to_contain_text("PIN")
    unsettled(page)
    type_pin(page, PIN)
    page.click("[data-sign]")
    expect(page.locator("[data-signed]")).to_contain_text("本机")
    page.reload()
    expect(page.locator("[data-signed]")).to_contain_text("本机")
    expect(page.locator('[data-count="local"]')).to_have_text("7")
    assert signatures(hall, small) == [] and hall.ledger(small) == []
    context.set_offline(False)
    expect(page.locator(".sheet-of .pill")).to_have_text("已入库")
    (one,) = signatures(hall, small)
    assert one["holds"] and one["device"] == "T-1" and one["judge"] == small.judges[1]
    assert [mark[1] for mark in json.loads(one["marks"])] == [row["id"] for row in hall.ledger(small)]
    (device,) = hall.run(devices_of(hall.run(small.competition())["id"]))
    assert device["version"] == tablet.build().version
    go(page, event, "W-01")
    page.click('[data-aspect="A1.01"]')
    page.click('[data-key="2"]')
    page.click("[data-save]")
    expect(page.locator(".pad .message")).to_contain_text("签")
    unsettled(page)
    page.click("[data-save]")
    expect(page.locator(".signing .pill")).to_have_text("作废")
    expect(page.locator('[data-aspect="A1.01"] .pill')).to_have_text("已入库")
    assert [row["holds"] for row in signatures(hall, small)] == [False]
    page.click("[data-to-sign]")
    expect(page.locator("[data-void]")).to_be_visible()
    signed(page)
    expect(page.locator(".sheet-of .pill")).to_have_text("已入库")
    assert [row["holds"] for row in signatures(hall, small)] == [False, True]
    context.route("**/api/marks", refusing)
    go(page, event, "W-01")
    page.click('[data-aspect="A1.01"]')
    page.click('[data-key="1"]')
    page.click("[data-save]")
    expect(page.locator(".pad .message")).to_contain_text("签")
    unsettled(page)
    page.click("[data-save]")
    state(page, "A1.01").to_have_text("未收")
    expect(page.locator(".signing .pill")).to_have_text("已入库")
    page.click("[data-undo]")
    state(page, "A1.01").to_have_text("已入库")
    expect(page.locator('[data-aspect="A1.01"] [data-value]')).to_have_text("2.00")
    context.unroute("**/api/marks")
    go(page, event, "W-02")
    context.route("**/api/marks", lambda route: route.abort())
    keep(page, "A1.01", "1")
    page.click("[data-back]")
    second = context.new_page()
    opened_app(second, hall.address)
    go(second, event, "W-02")
    page.click('a[href="#/hand-over"]')
    page.click("[data-leave]")
    expect(page.locator(".kept-for")).to_contain_text("J2")
    assert "W-02" not in page.content()
    expect(second.locator("#seat")).to_be_visible()  # no page of this tablet goes on under the name before
    second.close()
    context.unroute("**/api/marks")
    page.fill("#seat", "2")
    type_pin(page, PIN)
    page.click("[data-enter]")
    nothing_waits(page)
    assert len(hall.ledger(small)) == 8 and page.evaluate("location.pathname") == "/tablet"
    context.clear_cookies(name="podium")
    go(page, event, "W-02")
    keep(page, "A1.03", "1")
    page.click('.notice a[href="#/enter"]')
    page.wait_for_selector("#seat")
    page.click("[data-go-on]")
    page.wait_for_selector(".matrix")
    page.click('.notice a[href="#/enter"]')
    page.fill("#seat", "2")
    type_pin(page, PIN)
    page.click("[data-enter]")
    nothing_waits(page)
    assert len(hall.ledger(small)) == 9
    context.set_offline(True)
    go(page, event, "W-02")
    keep(page, "A1.02", "1")
    for session in hall.run(revoke(device["competition"], device["id"], small.staff, datetime.now(UTC))):
        hall.app.state.actors.forget(session)
    context.set_offline(False)
    opened_app(page, hall.address, "/tablet?again")
    page.click("[data-revoked]")
    page.wait_for_selector("svg.qr")
    assert len(hall.ledger(small)) == 9, "a tablet that was taken out of service sends nothing"


async def hall_code(small: Small) -> str:
    """A pairing code, as the office makes it."""
    return await make_code(await small.event(), small.staff, datetime.now(UTC))


def test_a_draft_is_not_left_behind(hall: Hall, browser: Browser) -> None:
    """Leaving a screen with a draft asks: keep, drop, or stay; so does the browser's own way back."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01")
    page.click('[data-key="1"]')
    page.go_back()
    page.click("[role=alertdialog] .choices .button")
    state(page, "A1.01").to_have_text("草稿")
    page.click("[data-back]")
    expect(page.locator("[role=alertdialog]")).to_contain_text("有草稿还没记下")
    page.click("[role=alertdialog] .primary")
    page.wait_for_selector(".works")
    expect(page.locator('[data-count="stored"]')).to_have_text("1")
    assert told(hall.ledger(small)) == [("W-01", "A1.01", 100)]


RESERVE = """navigator.storage.getDirectory().then((root) => root.getFileHandle("reserve")).then((file) => file.getFile()).then((file) => file.size, () => 0)"""
"""How much room the app has set aside."""


def test_the_disk_is_nearly_full(hall: Hall, browser: Browser) -> None:
    """Where the disk cannot be written room that was set aside is let go: the mark is kept, and the screen warns while marks fit.
    Little room is said early; a mark that could not be written is never called kept."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    page.wait_for_function(f"async () => (await {RESERVE}) >= 8e6")
    page.context.set_offline(True)
    go(page, event, "W-02")
    page.evaluate("""() => {
      const [add, remove] = [IDBObjectStore.prototype.add, FileSystemDirectoryHandle.prototype.removeEntry];
      let full = true;
      IDBObjectStore.prototype.add = function (...given) { if (full) throw new DOMException("full", "UnknownError"); return add.apply(this, given); };
      FileSystemDirectoryHandle.prototype.removeEntry = function (...given) { full = false; return remove.apply(this, given); };
    }""")
    keep(page, "A1.01", "1")
    state(page, "A1.01").to_have_text("本机")
    expect(page.locator("[data-room-spent]")).to_be_visible()
    assert page.evaluate(RESERVE) == 0
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, "A1.01").to_have_text("已入库")
    page.add_init_script("navigator.storage.estimate = async () => ({ usage: 990e6, quota: 1000e6 })")
    page.reload()
    expect(page.locator(".notice")).to_contain_text("还剩 10 MB")
    go(page, event, "W-01")
    page.evaluate("""() => {
      const add = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = function (...given) { if (this.name === "marks") throw new DOMException("full", "QuotaExceededError"); return add.apply(this, given); };
    }""")
    page.click('[data-key="1"]')
    page.click("[data-save]")
    expect(page.locator(".message")).to_contain_text("没有记下")
    state(page, "A1.01").to_have_text("草稿")
    assert told(hall.ledger(small)) == [("W-02", "A1.01", 100)]
    page.click("[data-clear]")


FULL_DISK = """async () => {
  const full = () => { if (window.full) throw new DOMException("full", "QuotaExceededError"); };
  const spoilt = (kind, name) => { const own = kind.prototype[name]; kind.prototype[name] = function (...given) { full(); return own.apply(this, given); }; };
  for (const name of ["add", "put", "delete"]) spoilt(IDBObjectStore, name);
  spoilt(IDBFactory, "open");
  window.full = true;
  const { database } = await import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "database.js"));
  if (GONE) database.close({ disableAutoOpen: false }); // as Chromium does when its own files cannot grow
}"""


def test_what_answers_is_not_the_server(hall: Hall, browser: Browser) -> None:
    """The page of a hotel's Wi-Fi in the place of every answer, then a proxy to which a batch is too large: the app starts, marks are kept
    and called 本机, nothing of the page is believed; when the server answers each of them is stored once."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    kept_by_worker(page)
    large: list[int] = []

    def portal(route: Any) -> None:
        route.fulfill(
            status=200, content_type="text/html", headers={"date": "Thu, 01 Jan 2099 00:00:00 GMT"}, body="<p>Wi-Fi"
        )

    def proxy(route: Any) -> None:
        large.append(len(route.request.post_data_json))
        route.fulfill(status=413, content_type="text/html", body="large") if large[-1] > 1 else route.continue_()

    page.context.route("**/api/**", portal)
    opened_app(page, hall.address)
    expect(page.locator("[data-net]")).to_contain_text("离线")
    go(page, event, "W-01")
    for aspect, value in (("A1.01", "1"), ("A1.02", "2"), ("A1.03", "0.5")):
        keep(page, aspect, value)
        state(page, aspect).to_have_text("本机")
    assert page.errors == []  # type: ignore[attr-defined]
    assert hall.ledger(small) == []
    page.context.route("**/api/marks", proxy)
    page.context.unroute("**/api/**", portal)
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, "A1.03").to_have_text("已入库")
    rows = hall.ledger(small)
    assert large[0] == 3 and told(rows) == [("W-01", "A1.01", 100), ("W-01", "A1.02", 200), ("W-01", "A1.03", 50)]
    assert all(row["made_at"].year < 2090 for row in rows)


@pytest.mark.parametrize("gone", ["false", "true"])
def test_a_full_disk_keeps_no_mark_from_the_server(hall: Hall, browser: Browser, gone: str) -> None:
    """What a full disk has kept is sent all the same and reads 已入库, the screen says that the disk is full and not that the
    network is away; when there is room again marks are kept and sent as before, without a reload, each once."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    go(page, event, "W-01")
    page.context.set_offline(True)
    keep(page, "A1.01", "1")
    keep(page, "A1.02", "2")
    page.evaluate(FULL_DISK.replace("GONE", gone))
    page.click('[data-aspect="A1.03"]')
    page.click('[data-key="2"]')
    page.click("[data-save]")
    expect(page.locator(".pad .message")).to_contain_text("没有记下")
    page.click("[data-clear]")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    state(page, "A1.02").to_have_text("已入库")
    assert told(hall.ledger(small)) == [("W-01", "A1.01", 100), ("W-01", "A1.02", 200)]
    expect(page.locator("[data-net]")).to_have_text("在线")
    expect(page.locator("[data-disk-full]")).to_be_visible()
    page.evaluate("window.full = false")
    expect(page.locator("[data-disk-full]")).to_be_hidden()
    keep(page, "A1.03", "1.5")
    state(page, "A1.03").to_have_text("已入库")
    page.reload()
    expect(page.locator('[data-count="stored"]')).to_have_text("3")
    expect(page.locator('[data-count="local"]')).to_have_text("0")
    assert len(hall.ledger(small)) == 3


def test_a_clock_that_jumps_a_year_is_not_believed(hall: Hall, browser: Browser) -> None:
    """With the tablet's clock a year ahead or behind, marks and signals carry the right time and the shift lasts as long as before."""
    small = hall.competition(next(SLUGS), entries=1)
    page, event, now = hall.tablet(browser, small), event_id(hall, small), datetime.now(UTC)
    hall.run(end_shift(hall.run(small.event()), now + timedelta(minutes=90), hall.run(small.chief()), now))
    opened_app(page, hall.address)
    expect(page.locator(".left b")).to_have_text(re.compile("^1:2"))
    go(page, event, "W-01")
    for aspect, days in (("A1.01", 365), ("A1.02", -365)):
        page.evaluate(
            "days => { const now = Date.now; Date.now = () => now() + days * 86400000; }",
            2 * days if days < 0 else days,
        )
        keep(page, aspect, "1")
        state(page, aspect).to_have_text("已入库")
        page.wait_for_timeout(1100)
        expect(page.locator(".left b")).to_have_text(re.compile("^1:2"))
    page.click("[data-hand]")
    page.click('[data-kind="equipment"]')
    page.click("[data-signal]")
    expect(page.locator('[data-signalled="stored"]')).to_be_visible()
    made = [*(row["made_at"] for row in hall.ledger(small)), *hall.run(signalled_at(small))]
    assert len(made) == 3 and all(abs((one - now).total_seconds()) < 3600 for one in made)


async def signalled_at(small: Small) -> list[datetime]:
    """When the problems of the event were signalled, by the tablet."""
    event = await small.event()
    return [row["made_at"] for row in await Signal.select(Signal.made_at).where(Signal.event == event["id"])]


def test_a_new_version_waits(hall: Hall, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that arrives in the middle of a shift changes nothing until the judge takes it; drafts and marks are then still there.
    Chromium finds nothing that keeps the app from being installed, and the worker looks after the app's address alone."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    kept_by_worker(page)
    session = page.context.new_cdp_session(page)
    errors = [one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in errors if one != "in-incognito"] == []
    assert page.evaluate("navigator.serviceWorker.ready.then((one) => new URL(one.scope).pathname)") == "/tablet"
    made = tablet.build()
    worker = made.worker.replace(made.version.encode(), b"0123456789ab")
    newer = dataclasses.replace(made, version="0123456789ab", worker=worker)
    go(page, event, "W-01")
    monkeypatch.setattr(tablet, "build", lambda: newer)
    page.evaluate("navigator.serviceWorker.getRegistration('/tablet').then((one) => one.update())")
    page.wait_for_selector("[data-update]")
    page.click('[data-key="1"]')
    state(page, "A1.01").to_have_text("草稿")
    page.click("[data-save]")
    state(page, "A1.01").to_have_text("已入库")
    assert made.version in page.locator("script[type=module]").get_attribute("src")  # type: ignore[operator]
    with page.expect_navigation():
        page.click("[data-update]")
    page.wait_for_selector("[data-pad]")
    assert "0123456789ab" in page.locator("script[type=module]").get_attribute("src")  # type: ignore[operator]
    state(page, "A1.01").to_have_text("已入库")
    assert told(hall.ledger(small)) == [("W-01", "A1.01", 100)]
    page.goto(f"{hall.address}/sign-in")
    assert page.evaluate("navigator.serviceWorker.controller") is None


def test_without_a_certificate_it_works_while_the_page_stays_open(hall: Hall, browser: Browser) -> None:
    """Where browsers lend no worker, the app says so, and marks made without a network still reach the ledger."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small, service_workers="block"), event_id(hall, small)
    page.add_init_script(
        "delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks; delete Navigator.prototype.storage;"
    )
    page.reload()
    expect(page.locator(".notice")).to_contain_text("没有证书")
    go(page, event, "W-05")
    page.context.set_offline(True)
    keep(page, "A1.02", "1")
    state(page, "A1.02").to_have_text("本机")
    page.context.set_offline(False)
    state(page, "A1.02").to_have_text("已入库")
    assert told(hall.ledger(small)) == [("W-05", "A1.02", 100)]


STILLS = """async ([picture, text]) => {
  const from = (name) => import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, name));
  const [{ reader }, { default: jsqr }] = await Promise.all([from("camera.js"), from("reader.js")]);
  delete window.BarcodeDetector;
  const image = Object.assign(new Image(), { src: picture });
  await image.decode();
  const missed = [];
  for (let size = 250; size <= 900; size += 20) {
    const still = Object.assign(document.createElement("canvas"), { width: size, height: size, videoWidth: size, videoHeight: size });
    still.getContext("2d").drawImage(image, 0, 0, size, size);
    const read = await reader(jsqr);
    let found = false;
    for (let turn = 0; turn < 4 && !found; turn += 1) found = (await read(still)) === text;
    if (!found) missed.push(size);
  }
  return missed;
}"""
"""A code of each size held still before a camera, for half a second: four pictures."""


LIT = """() => {
  window.lit = 0;
  navigator.wakeLock.request = async () => { window.lit += 1; return { release: async () => { window.lit -= 1; } }; };
}"""
"""How many ask that the screen stays lit."""


def test_unsent_marks_travel_as_codes_to_the_chief_judges_tablet(hall: Hall, browser: Browser) -> None:
    """A tablet that cannot send shows what it holds; the chief judge's tablet reads it, also while it has no connection
    itself; the ledger has each mark once, under its judge, and says who brought it; nobody can bring what was not shown. Codes that are
    shown again with one mark more are not called read for those that were shown before."""
    small = hall.competition(next(SLUGS), aspects=8)
    page, chief, event = hall.tablet(browser, small), hall.tablet(browser, small, judge=0), event_id(hall, small)
    page.context.set_offline(True)
    go(page, event, "W-06")
    for n in range(1, 8):
        keep(page, f"A1.0{n}", f"1.{n}")
    page.evaluate(LIT)
    page.click(".sync .out")
    page.click("[data-codes]")
    pictures = []
    for part in range(3):
        expect(page.locator(".codes p").first).to_contain_text(f"第 {part + 1} 张，共 3 张")
        pictures.append(page.locator("svg.qr").screenshot())
        if part == 0:
            assert page.evaluate("window.lit") == 1, "nobody touches it while the codes come by"
            page.click("[data-play]")  # fifty codes are not turned by hand
            expect(page.locator(".codes p").first).to_contain_text("第 2 张")
            page.click("[data-play]")
            page.wait_for_timeout(200)
        elif part == 1:
            page.click(".codes .primary")
    sources = [f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in pictures]
    texts = [zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))[0].text for picture in pictures]

    assert chief.evaluate(STILLS, [sources[0], texts[0]]) == [], "sizes in CSS pixels at which a still code is not read"

    chief.evaluate(CAMERA, [sources[0]])
    chief.click(".sync .out")
    chief.click("[data-read]")
    expect(chief.locator(".reading li")).to_have_text(re.compile("J2.*第 1 个，共 3 个.*3 分已入库"))
    expect(chief.locator("[data-missing]")).to_contain_text("已读 1/3 张，还差：2 3")
    chief.context.set_offline(True)
    for place, source in enumerate(sources[1:], 2):
        chief.evaluate("source => window.hold(source)", source)
        expect(chief.locator(".reading li").filter(has_text=f"第 {place} 个")).to_have_text(
            re.compile("已读取并存在本机")
        )
    expect(chief.locator("[data-missing='0']")).to_contain_text("3 张分数码都读到了")
    chief.context.set_offline(False)
    expect(chief.locator(".reading li").filter(has_text="分已入库")).to_have_count(3)

    go(page, event, "W-06")
    keep(page, "A1.08", "1.8")
    assert page.evaluate("window.lit") == 0, "a sheet may go dark"
    page.evaluate("location.hash = '#/codes'")
    again = page.locator("svg.qr").screenshot()
    chief.evaluate("source => window.hold(source)", f"data:image/png;base64,{base64.b64encode(again).decode()}")
    expect(chief.locator("[data-missing]")).to_contain_text("已读 1/3 张，还差：2 3")

    page.context.set_offline(False)
    expect(page.locator('[data-count="stored"]')).to_have_text("8")
    rows = hall.ledger(small)
    assert told(rows) == [("W-06", f"A1.0{n}", 100 + 10 * n) for n in range(1, 9)]
    assert {row["judge"] for row in rows} == {small.judges[1]}
    brought = [row for row in hall.run(decisions(small)) if row["kind"] == "marks.carried"]
    assert [(row["actor"], row["data"]["seat"], len(row["data"]["marks"])) for row in brought] == [
        (small.judges[0], "J2", count) for count in (3, 3, 1)
    ]

    post = """async ([codes]) => {
      const token = document.cookie.match(/podium_csrf=([^;]*)/)[1];
      const headers = { "content-type": "application/json", "x-csrf-token": decodeURIComponent(token) };
      return (await fetch("/api/marks/carried", { method: "POST", headers, body: JSON.stringify({ codes }) })).json();
    }"""
    forged = texts[0].replace('"value":110', '"value":900')
    codes = lambda page, *given: [one["code"] for one in page.evaluate(post, [list(given)])["outcomes"]]  # noqa: E731
    assert codes(chief, forged, "PODIUM2::{}", "https://example.org") == [
        "carried.seal",
        "carried.code",
        "carried.code",
    ]
    assert codes(page, texts[0]) == ["carried.chief"]
    assert len(hall.ledger(small)) == 8 and page.errors == chief.errors == []  # type: ignore[attr-defined]


TELLING = """() => import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "device.js")).then((device) => device.tell())"""
"""What the tablet does now and then: it tells the server that it is there, and how much lies on it."""


def test_a_badge_signs_in_a_contestant_signs_and_signatures_travel_as_codes(
    hall: Hall, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judge's badge before the camera and the PIN open the shift. Under the policy that asks it the contestant signs what was
    measured, without a PIN and without a network; the judge signs the sheet. The tablet that cannot send shows both, the chief
    judge's reads them, the seal owes neither, and the tablet that comes back sends nothing twice."""
    rule = policies.load("onsite-signing-template").signing
    named = signing.policy_of
    for module in (signing, signature_ledger):
        monkeypatch.setattr(module, "policy_of", lambda event: dataclasses.replace(named(event), signing=rule))
    small = hall.competition(next(SLUGS), entries=1, recorded="one")
    event, judge, now = event_id(hall, small), small.judges[1], datetime.now(UTC)
    hall.run(pins.choose_pin(Actor(judge), PIN, "", now))
    competition = hall.run(small.competition())["id"]
    badge = token(JUDGE, competition, judge, hall.app.state.sealer)
    chief = hall.tablet(browser, small, judge=0)
    context = browser.new_context(viewport=TABLET, has_touch=True)
    hall.contexts.append(context)
    page = context.new_page()
    opened_app(page, hall.address, f"/tablet#/pair/{hall.run(hall_code(small))}")
    page.evaluate(CAMERA, [picture_of("https://example.org")])
    page.click("[data-scan]")
    expect(page.locator(".camera.on")).to_be_visible()
    page.evaluate("source => window.hold(source)", picture_of(badge))
    expect(page.locator(".camera.has")).to_be_visible()
    assert not_accessible(page) == []
    type_pin(page, PIN)
    page.click("[data-enter]")
    page.wait_for_selector(".matrix")
    go(page, event, "W-01")
    for aspect, value in (("A1.01", "1"), ("A1.02", "2"), ("A1.03", "0.5"), ("A1.04", "1.5")):
        keep(page, aspect, value)
        unsettled(page)
    state(page, "A1.04").to_have_text("已入库")
    context.route("**/api/marks", lambda route: route.abort())
    keep(page, "A1.04", "1.25")
    state(page, "A1.04").to_have_text("本机")
    page.evaluate(TELLING)
    assert [one["unsent"] for one in hall.run(devices_of(competition))] == [1]
    with page.expect_request_finished(lambda request: request.url.endswith("/api/tablet/seen")):
        context.unroute("**/api/marks")
        state(page, "A1.04").to_have_text("已入库")
    assert [one["unsent"] for one in hall.run(devices_of(competition))] == [0], (
        "whoever seals does not wait for the next minute"
    )
    context.set_offline(True)
    page.click("[data-contestant]")
    unsettled(page)
    assert page.locator(".pin-pad").count() == 0 and page.locator(".sums .values span").count() == 4
    draw(page)
    page.click("[data-sign]")
    expect(page.locator("[data-signed]")).to_contain_text("本机")
    go(page, event, "W-01")
    for aspect in ("C1.01", "C1.02"):
        keep(page, aspect, "2")
        unsettled(page)
    page.click("[data-to-sign]")
    signed(page)
    expect(page.locator("[data-signed]")).to_contain_text("本机")
    page.evaluate("location.hash = '#/outbox'")
    page.click("[data-codes]")
    pictures = [page.locator("svg.qr").screenshot()]
    while page.locator(".codes .primary").is_enabled():
        page.click(".codes .primary")
        page.evaluate(DRAWN)
        pictures.append(page.locator("svg.qr").screenshot())
    assert len(pictures) >= 3, "the marks, and what was signed by two people"

    sources = [f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in pictures]
    kinds = [zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))[0].text[:7] for picture in pictures]
    assert kinds == ["PODIUM2", *["PODIUM3"] * (len(pictures) - 1)]
    chief.evaluate(CAMERA, [sources[0]])
    chief.click(".sync .out")
    chief.click("[data-read]")
    lines = chief.locator(".reading li")
    expect(lines).to_have_text([re.compile("J2.*2 分已入库")])
    for count, source in enumerate(sources[1:], 1):
        chief.evaluate("source => window.hold(source)", source)
        expect(chief.locator(".reading video")).to_have_attribute("data-read", str(count + 1))
    expect(lines.filter(has_text="表下的签字")).to_have_count(2)
    assert all("1 分已入库" in text for text in lines.filter(has_text="表下的签字").all_text_contents())
    found = hall.run(signatures_of(hall.run(small.event())))
    assert found.holds("W-01", judge) and found.contestants["W-01"].holds and found.missing_contestants == 0

    context.set_offline(False)
    nothing_waits(page)
    rows = hall.run(signed_rows(small))
    assert sorted((row["role"], row["judge"]) for row in rows) == [("contestant", judge), ("judge", judge)]
    assert page.evaluate("location.pathname") == "/tablet" and chief.errors == []  # type: ignore[attr-defined]


async def signed_rows(small: Small) -> list[dict[str, Any]]:
    """Every signature of the event."""
    event = await small.event()
    return [dict(row) for row in await Signature.select().where(Signature.event == event["id"])]


async def decisions(small: Any) -> list[dict[str, Any]]:
    """The decisions of the competition in their order."""
    event = await small.event()
    query = Decision.select().where(Decision.competition == event["competition"]).order_by(Decision.sequence)
    return [dict(row) for row in await query.output(load_json=True)]


def test_text_in_the_app_stays_text(hall: Hall, browser: Browser) -> None:
    """A name that looks like markup is shown, never run."""
    small = hall.competition(next(SLUGS))
    page, event = hall.tablet(browser, small), event_id(hall, small)
    evil = "<img src=x onerror=alert(1)><b>x"

    def spoil(route: Any) -> None:
        anew = {name: value for name, value in route.request.headers.items() if name != "if-none-match"}
        shift = route.fetch(headers=anew).json()
        shift["events"][0]["groups"][0]["aspects"][0]["name"] = evil
        route.fulfill(json=shift, headers={"etag": '"spoilt"'})

    page.context.route("**/api/shift", spoil)
    opened_app(page, hall.address)
    go(page, event, "W-01")
    expect(page.locator('[data-aspect="A1.01"] .name')).to_have_text(evil)
    assert page.locator(".aspect b b, .aspect img").count() == 0


def test_every_screen_is_for_fingers_and_for_everybody(hall: Hall, browser: Browser) -> None:
    """On every screen there is, in both languages, upright, lying and on a phone: each target is 48 pixels wide and high and has a
    name, nothing scrolls sideways or is cut off, nothing behind a dialog can be tapped, the primary action is in view; and axe-core, which takes most of the time, finds
    nothing against WCAG 2.2 AA, the languages in turn (`python -m tests.web.tablet_screens` asks it in both).
    First a page that is bad in each of these ways, so that the net is known to hold."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(BAD)
    told = " ".join([*misfits(page), *not_accessible(page)])
    page.set_content(
        '<div class="over" style="position:fixed;inset:0"></div><button style="position:relative;z-index:1">Keep</button>'
    )
    told += " ".join(misfits(page))
    page.close()
    assert all(
        word in told for word in ("40 × 60", "no name", " px wide", "ends at", "cut off", "color-contrast", "behind")
    )
    found = {}
    for place, (name, page) in enumerate(Walk(hall, browser, next(SLUGS)).screens()):
        for lang, way in (("zh", UPRIGHT), ("en", LYING)):
            spoken(page, lang)
            for size in (PHONE, way):
                sized(page, size)
                if told := misfits(page):
                    found[name, lang, size] = told
            if lang == LANGUAGES[place % 2] and (told := not_accessible(page)):
                found[name, lang, "axe"] = told
        spoken(page, "zh")
        sized(page, UPRIGHT)
    assert found == {}


BAD = """<!doctype html><html lang="zh-CN"><title>x</title><main><h1 style="width:90px;overflow:hidden;white-space:nowrap">too long for it</h1>
<p style="color:#bbb;width:900px">grey</p><button style="width:40px;height:60px"></button><div style="height:900px"></div>
<button data-save style="height:60px">Keep</button></main>"""
