"""The hall in real browsers: what a judge signals and photographs without a network is on the chief's board once there is one, and
what the chief judge says is on the tablet; nobody reloads anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.database.tables import Decision, Evidence
from tests.server.marks.test_hall import shot
from tests.web.chromium import ARGUMENTS, CHROMIUM, needs_chromium
from tests.web.hall import Hall, kept_by_worker, opened_app, opened_hall

pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture(scope="module")
def browser(module_dsn: str) -> Iterator[Browser]:
    """One Chromium for the module; every tablet has a profile of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def hall(browser: Browser, module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The program on a port, for the whole module."""
    with opened_hall(module_dsn, tmp_path_factory.mktemp("hall")) as made:
        yield made


def signalled(page: Page, kind: str, words: str) -> None:
    """Raise the hand from wherever the judge is."""
    page.click("[data-hand]")
    page.click(f'[data-kind="{kind}"]')
    page.fill("#signal-text", words)
    page.click("[data-signal]")


def photographed(page: Page, photo: bytes) -> None:
    """Take a photo beside the mark that is open."""
    page.click("[data-photos]")
    page.set_input_files("#photo-file", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo})


UNREADABLE = """async event => {
  const { database } = await import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "database.js"));
  const { account } = await database.device.get("holder");
  const row = { judge: account, event, device: "T-1", made_at: new Date().toISOString(), entry: "", aspect: "" };
  await database.signals.add({ ...row, id: "01K7QZ0000000000000000000A", kind: "equipment", words: "\u202d1\u202c", status: "local" });
}"""
"""A problem as a tablet kept it before it took out what turns the direction of writing: the server takes it never."""
SWEPT = """() => new Promise((done) => Object.assign(indexedDB.deleteDatabase("podium-tablet"), { onsuccess: done, onerror: done }))"""


def rows(hall: Hall, table: Any) -> list[dict[str, Any]]:
    """What the database has."""

    async def asked() -> list[dict[str, Any]]:
        return [dict(row) for row in await table.select().output(load_json=True)]

    return hall.run(asked())


def test_what_is_signalled_offline_reaches_the_board_and_the_chief_reaches_the_tablet(
    hall: Hall, browser: Browser, tmp_path: Path
) -> None:
    """Offline a judge signals a problem and takes a photo, and the tablet says that both wait, also after a reload. With the
    network back the open board shows both and the tablet says so; a nudge and an answer reach the tablet, and the board is told
    that the nudge was seen. The time that is left is on the tablet. When the disk is emptied, photos that the
    server has are shown again, one that this page took is still sent, and of one that is gone the tablet says so. With little room
    left no photo is taken, and marks still are.
    """
    small = hall.competition("hall-journey")
    event = str(hall.run(small.event())["id"])
    judge, chief = (
        hall.tablet(browser, small, 1),
        hall.tablet(browser, small, 0, viewport={"width": 1180, "height": 820}),
    )
    kept_by_worker(judge)
    chief.click(".board-link")
    board = chief.locator("#board")
    expect(chief.locator("[data-alive]")).to_have_text("实时")

    judge.context.set_offline(True)
    judge.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-02/A1.02")
    judge.evaluate(UNREADABLE, event)
    signalled(judge, "equipment", "\u202d卡尺没电\u202c")
    expect(judge.locator('[data-signalled="local"]')).to_contain_text("存在本机")
    photographed(judge, shot())
    expect(judge.locator('[data-photo="local"] img')).to_be_visible()
    assert "卡尺没电" not in (board.text_content() or "")
    opened_app(judge, hall.address)
    judge.evaluate("location.hash = '#/outbox'")
    expect(judge.locator("[data-beside] .pill")).to_have_text(["本机", "本机", "本机"])

    judge.context.set_offline(False)
    expect(board.locator("[data-signal]")).to_contain_text("J2 设备 W-02 A1.02")
    expect(board.locator(".photos img")).to_have_count(1)
    assert board.locator(".photos img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1600
    expect(judge.locator("[data-beside] .pill")).to_have_text(["未收"])
    expect(judge.locator('[data-signalled="stored"]')).to_contain_text("裁判长已收到")
    judge.click("[data-read]")
    expect(judge.locator("[data-signalled='refused']")).to_be_visible()
    judge.click("[data-read]")
    expect(judge.locator("[data-beside]")).to_have_count(0)
    (kept,) = rows(hall, Evidence)
    told = [row["data"] for row in rows(hall, Decision) if row["kind"] == "evidence.taken"]
    assert [(one["photo"], one["sha256"]) for one in told] == [(kept["id"], bytes(kept["sha256"]).hex())]

    chief.click('.messages [data-nudge="J2"]')
    chief.click("text=请到裁判长处来。")
    chief.fill("#nudge-words", "带上卡尺")
    chief.click("#nudge .primary")
    expect(judge.locator("[data-nudge]")).to_contain_text("请到裁判长处来。 带上卡尺")
    expect(board.locator(".messages li", has_text="J2")).to_contain_text("还没看")
    judge.click("[data-seen]")
    expect(board.locator(".messages li", has_text="J2")).to_contain_text("已看")
    chief.click("[data-signal] [data-answer]")
    chief.fill("#answer-words", "换一把卡尺")
    chief.click("#answer .primary")
    expect(judge.locator("[data-answer]")).to_contain_text("换一把卡尺")
    expect(board.locator("[data-signal]")).to_have_count(0)
    judge.click("[data-read]")
    expect(judge.locator(".notice.hall")).to_have_count(0)
    chief.click(".timer")
    chief.fill("#ends-at", chief.evaluate("new Date(Date.now() + 3600e3).toTimeString().slice(0, 5)"))
    chief.click("#ends .primary")
    expect(judge.locator(".left b")).to_contain_text(":")
    expect(chief.locator("[data-clock]")).to_contain_text(":")

    opened_app(judge, hall.address)
    judge.context.set_offline(True)
    judge.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-03/A1.02")
    photographed(judge, shot((320, 240)))
    expect(judge.locator('[data-photo="local"] img')).to_be_visible()
    judge.click("[data-photos-close]")
    opened_app(judge, hall.address)
    judge.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-04/A1.02")
    photographed(judge, shot((300, 200)))
    expect(judge.locator('[data-photo="local"] img')).to_be_visible()
    judge.click("[data-photos-close]")
    judge.evaluate(SWEPT)
    judge.wait_for_timeout(1000)
    opened_app(judge, hall.address)
    judge.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-03/A1.02")
    judge.click("[data-photos]")
    expect(judge.locator('[data-photo="refused"]')).to_contain_text("找不回来")
    judge.click("[data-photos-close]")
    judge.context.set_offline(False)
    judge.evaluate("dispatchEvent(new Event('online'))")
    expect(board.locator(".photos img")).to_have_count(2)
    judge.goto(f"{hall.address}/sign-in")
    judge.evaluate(SWEPT)
    opened_app(judge, hall.address)
    judge.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-02/A1.02")
    judge.click("[data-photos]")
    image = judge.locator('[data-photo="stored"] img')
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1600
    judge.click("[data-photos-close]")

    full = "navigator.storage.estimate = async () => ({ usage: 999e6, quota: 1000e6 })"
    judge.evaluate(full)
    judge.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-03/A1.01")
    judge.click("[data-photos]")
    expect(judge.locator("#photo-file")).to_be_disabled()
    judge.click("[data-photos-close]")
    judge.wait_for_timeout(820)
    judge.click('[data-fill="full"]')
    judge.click("[data-save]")
    expect(judge.locator('[data-aspect="A1.01"] .pill')).to_have_text("已入库")
    assert judge.errors == [] and chief.errors == []  # type: ignore[attr-defined]
