"""A hall in a real browser: boards that renew themselves, a screen that takes turns, a ceremony without a network."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.people.flow import open_session
from server.results.boards import open_board
from server.results.flow import snapshot_of
from tests.conftest import Databases
from tests.journeys.test_check_in import Venue
from tests.server.small import AT, Small, brought, founded, opened, owed_marks
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE, needs_chromium

pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture
def hall(databases: Databases, template: str, tmp_path: Path) -> Iterator[tuple[Venue, Small, dict[str, str]]]:
    """A competition that is being marked, its board open, served; sessions of its people, and the marks that they owe."""
    with databases.fresh(template) as dsn, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made, known, at_work = Venue(dsn, tmp_path, free.getsockname()[1]), dict[str, str](), list[Small]()
        free.close()

        async def prepare() -> None:
            small = await brought(await founded("small"), "marking")
            event = await small.event()
            await open_board(event, "standings", None, small.staff, AT)
            assert small.staff.account
            known["staff"] = await open_session(small.staff.account, datetime.now(UTC))
            for judge in small.judges:
                known[str(judge)] = await open_session(judge, datetime.now(UTC))
            known["event"] = str(event["id"])
            at_work.append(small)

        made.asked(prepare)
        made.start()
        yield made, at_work[0], known
        made.stop()


def marked(base: str, small: Small, known: dict[str, str], entries: list[str]) -> None:
    """The whole sheets of some entries, sent by their judges as tablets do."""
    for post in owed_marks(small, UUID(known["event"])):
        if post.mark.entry in entries:
            with httpx.Client(base_url=base, cookies={"podium": known[str(post.judge)]}) as judge:
                judge.get("/api/session")
                body = json.loads(msgspec.json.encode([post.mark]))
                answer = judge.post("/api/marks", json=body, headers={"x-csrf-token": judge.cookies["podium_csrf"]})
                assert answer.json()["answers"][0]["status"] == "stored"


def test_a_hall_follows_marking_and_ends_with_a_ceremony(
    hall: tuple[Venue, Small, dict[str, str]], tmp_path: Path
) -> None:
    """A board on a phone shows each entry as its sheet is complete, without being loaded again, says when the connection is
    lost, and finds its way back to what was published meanwhile; the hall's screen follows, turns at a key, shows a code that
    leads to that board, and goes on while the network is away; the ceremony calls bronze, silver, gold by keys and by touch with no network at all.
    """
    made, small, known = hall
    base = f"http://127.0.0.1:{made.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        phone, screen = _page(browser, base, "/c/small/board"), _page(browser, base, "/c/small/hall?seconds=120")
        expect(phone.locator("#board-M01")).to_contain_text("6 人中 0 人已完成")
        codes = sorted(small.codes)
        marked(base, small, known, codes[:2])
        expect(phone.locator("#board-M01")).to_contain_text("6 人中 2 人已完成")
        expect(phone.locator("#board-M01 li")).to_have_count(2)
        expect(screen.locator(".screen.progress")).to_contain_text("6 人中 2 人已完成")
        screen.keyboard.press("ArrowRight")
        expect(screen.locator(".screen:not([hidden])")).to_contain_text(codes[0])
        screen.keyboard.press("ArrowRight")
        seen = Image.open(io.BytesIO(screen.screenshot()))
        assert [code.text for code in zxingcpp.read_barcodes(seen)] == [f"{base}/c/small/board"]
        screen.context.set_offline(True)
        screen.keyboard.press("ArrowRight")
        expect(screen.locator(".screen.progress")).to_be_visible()
        screen.context.set_offline(False)
        marked(base, small, known, codes[2:])
        expect(phone.locator("#board-M01")).to_contain_text("6 人中 6 人已完成")
        made.stop()
        expect(phone.locator("[data-status]")).to_contain_text("连接断开")
        called = made.asked(lambda: _published(small))
        made.start()
        expect(phone.locator("#board-M01")).to_contain_text(called[-1])
        expect(phone.locator("#delegations tbody tr").first).to_be_visible()
        expect(phone.locator("[data-status]")).to_contain_text("自动更新")

        stage = _page(browser, base, "/office/small/ceremony", known["staff"])
        stage.context.set_offline(True)
        seen, keys = [], (" ", "ArrowRight", "PageDown")
        for step in range(stage.locator(".step").count()):
            shown = stage.locator(".step:not([hidden])")
            expect(shown).to_have_count(1)
            if shown.locator(".name").count():
                seen.append(shown.locator(".name").inner_text())
            if step % 2:
                stage.mouse.click(1000, 400)
            else:
                stage.keyboard.press(keys[step % 3])
        assert [name for name in seen if name in called] == called
        before = stage.locator(".step:not([hidden])").inner_text()
        stage.keyboard.press("ArrowLeft")
        assert stage.locator(".step:not([hidden])").inner_text() != before
        stage.mouse.click(1000, 400)
        assert stage.locator(".step:not([hidden])").inner_text() == before
        browser.close()


def _page(browser: Browser, base: str, path: str, session: str = "") -> Page:
    context = browser.new_context(locale="zh-CN", base_url=base, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(PATIENCE)
    if session:
        context.add_cookies([{"name": "podium", "value": session, "url": base}])
    page = context.new_page()
    page.goto(path)
    return page


async def _published(small: Small) -> list[str]:
    """The event published; the names of those who have bronze, silver and gold."""
    for state in ("sealed", "reviewed", "published"):
        await opened(small, state)
    snapshot = await snapshot_of((await small.event())["id"])
    assert snapshot
    by_award = {row["award"]["id"]: row["members"][0]["name"] for row in snapshot["content"]["rows"] if row["award"]}
    return [by_award[award] for award in ("bronze", "silver", "gold") if award in by_award]
