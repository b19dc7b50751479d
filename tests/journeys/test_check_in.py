"""The door in a real browser, against the real program: a recorded badge before the camera, a server that goes away, typing.

The recording is made from the badge as it was printed: what the camera sees is a page of the PDF.
"""

from __future__ import annotations

import asyncio
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import uvicorn
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from admin.photos.portrait import Portrait
from certificates.badge import Badge
from certificates.badges import competitors
from server.app import create_app
from server.database.piccolo_conf import DB
from server.database.tables import CheckIn, Entry
from server.marks.flow import seat
from server.people.flow import open_session
from server.registration.arriving import NewCheckIn, take_arrivals
from server.registration.badges import COMPETITOR, members_with_badges
from server.registration.photos import take_photos
from server.settings import Settings
from tests.conftest import Databases
from tests.server.small import AT, DELEGATIONS, SEALER, Small, account, entered, founded, number, opened, row_of
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE, needs_chromium
from tests.web.hall import CAMERA, picture_of

FILMED = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]

pytestmark = [needs_chromium, pytest.mark.browser]


@dataclass
class Venue:
    """A competition, the program that serves it, and what its badges say."""

    dsn: str
    data: Path
    port: int
    small: Small | None = None
    session: str = ""
    tokens: list[str] = field(default_factory=list)
    server: uvicorn.Server | None = None
    thread: threading.Thread | None = None

    @property
    def door(self) -> str:
        return f"http://127.0.0.1:{self.port}/office/small/check-in"

    def start(self) -> None:
        """The program on its port, in a thread."""
        settings = Settings(
            self.data, b"small competition's own secret 32", self.dsn, base_url=f"http://127.0.0.1:{self.port}"
        )
        self.server = uvicorn.Server(
            uvicorn.Config(create_app(settings), port=self.port, log_level="error", timeout_graceful_shutdown=1)
        )
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until = time.monotonic() + 30
        while not self.server.started and time.monotonic() < until:
            time.sleep(0.05)
        assert self.server.started

    def stop(self) -> None:
        """As when the cable is pulled, seen from the tablet: nobody listens."""
        if self.server and self.thread:
            self.server.should_exit = True
            self.thread.join(PATIENCE / 1000)
            assert not self.thread.is_alive()
            self.server = None

    def asked(self, what: Callable[[], Any]) -> Any:
        """Something that the database is asked while the program does not run."""

        async def run() -> Any:
            await DB.connect(self.dsn, 4)
            try:
                return await what()
            finally:
                await DB.disconnect()

        with ThreadPoolExecutor(1) as aside:  # Playwright has a loop of its own in this thread
            return aside.submit(asyncio.run, run()).result()


def portrait(place: int) -> Portrait:
    picture = Image.new("RGB", (295, 413), (205, 216, 224))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((85, 90, 210, 250), fill=(236, 205, 180))
    pen.ellipse((30, 262, 265, 560), fill=(40, 60 + 20 * place, 90))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return Portrait(f"{number(2 * place + 1)}.jpg", out.getvalue(), 295, 413)


@pytest.fixture
def venue(databases: Databases, template: str, tmp_path: Path) -> Iterator[Venue]:
    """Six have entered, two have photos, nobody is here."""
    with databases.fresh(template) as dsn, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Venue(dsn, tmp_path, free.getsockname()[1])
        free.close()

        async def prepare() -> None:
            small = await founded("small")
            await opened(small, "registration")
            await entered(small)
            competition = await small.competition()
            await take_photos(competition, None, [portrait(place) for place in range(2)], SEALER, small.staff, AT)
            made.small, made.tokens = (
                small,
                [row["token"] for row in await members_with_badges(competition["id"], SEALER)],
            )
            await seat(await small.event(), await account("卢建平"), True, small.staff, AT)
            assert small.staff.account
            made.session = await open_session(small.staff.account, datetime.now(UTC))

        made.asked(prepare)
        made.start()
        yield made
        made.stop()


def recorded(path: Path, shown: Image.Image) -> Path:
    """A film of somebody who holds a card before the camera: nothing, then the card, a little to the side."""
    frames = []
    for place in range(24):
        frame = Image.new("RGB", (1280, 720), (92, 98, 104))
        if place > 5:
            card = shown.copy()
            card.thumbnail((560, 640))
            frame.paste(card, (330 + place, 40))
        out = io.BytesIO()
        frame.save(out, "JPEG", quality=88)
        frames.append(out.getvalue())
    path.write_bytes(b"".join(frames))
    return path


def badge_of(text: str, name: str = "赵一") -> Image.Image:
    """A card as it comes out of the printer and is cut."""
    pdf = competitors("技能大赛", "10月16日", [Badge(name, "M01-001", "焊接技术", "唐山市", text)])
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("RGB")
    return page.crop(tuple(round(edge * 200 / 25.4) for edge in (16, 21.5, 102, 145.5)))  # type: ignore[arg-type]


@dataclass
class Tablet:
    """A browser at the door, signed in as the organiser's staff."""

    browser: Browser
    context: BrowserContext
    page: Page


@pytest.fixture
def tablet(venue: Venue) -> Iterator[Callable[..., Tablet]]:
    """Opens tablets, with a film for their camera or without."""
    opened_ones: list[Browser] = []
    errors: list[str] = []
    with sync_playwright() as playwright:

        def opened_with(film: Path | None = None, lang: str = "zh") -> Tablet:
            camera = [*FILMED, f"--use-file-for-fake-video-capture={film}"] if film else []
            if film or not opened_ones:
                opened_ones.append(playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera]))
            browser = opened_ones[-1]
            context = browser.new_context(viewport={"width": 820, "height": 1180}, locale="zh-CN")
            where = f"http://127.0.0.1:{venue.port}"
            context.add_cookies(
                [
                    {"name": "podium", "value": venue.session, "url": where},
                    {"name": "lang", "value": lang, "url": where},
                ]
            )
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(venue.door)
            expect(page.locator("[data-all]")).to_have_text("6")
            return Tablet(browser, context, page)

        yield opened_with
        for browser in opened_ones:
            browser.close()
    assert errors == []


def rows_of(venue: Venue) -> list[dict[str, Any]]:
    """Every check-in that the database has; the program is stopped for it."""
    venue.stop()

    async def all_of_them() -> list[dict[str, Any]]:
        return [dict(row) for row in await CheckIn.select().order_by(CheckIn.id)]

    found: list[dict[str, Any]] = venue.asked(all_of_them)
    return found


def typed(page: Page, text: str) -> None:
    page.locator("#who").fill(text)
    page.locator("#who").press("Enter")


def test_a_badge_before_the_camera_lets_its_owner_in(
    venue: Venue, tablet: Callable[..., Tablet], tmp_path: Path
) -> None:
    """The printed badge is read: photo, name, event and time are shown and the server has it; a second scan says when and by whom."""
    film = recorded(tmp_path / "badge.mjpeg", badge_of(f"https://podium.example/b/{venue.tokens[0]}{'A2' * 8}"))
    page = tablet(film).page
    page.get_by_role("button", name="打开相机").click()
    card = page.locator("[data-card]")
    expect(card).to_have_class("card person good")
    expect(card).to_contain_text("已报到")
    expect(card).to_contain_text(row_of(0).name)
    expect(card).to_contain_text("焊接技术 · 职工组")
    expect(card.get_by_role("img", name=f"{row_of(0).name}的照片")).to_be_visible()
    expect(page.locator("[data-arrived]")).to_have_text("1")
    expect(page.locator("[data-net]")).to_contain_text("全部已上传")
    page.get_by_role("button", name="关闭相机").click()
    page.get_by_role("button", name="打开相机").click()
    expect(card).to_have_class("card person again")
    expect(card).to_contain_text("由 周敏 办理过报到")
    (row,) = rows_of(venue)
    assert row["way"] == "scanned" and row["taken_back"] is None


def test_a_wrong_badge_is_told_as_what_it_is(venue: Venue, tablet: Callable[..., Tablet]) -> None:
    """Nobody is let in by another competition's badge, one of nobody's, or some other code, and the page says which."""
    stranger = COMPETITOR + "".join(reversed(venue.tokens[0][2:8])) + venue.tokens[0][8:]
    gone = venue.tokens[0][:8] + "A" * 20
    wrong = {
        "zh": ((stranger, "这是另一场竞赛的证"), (gone, "名单里没有这张证")),
        "en": (("https://example.com/menu", "This is no badge of this competition"),),
    }
    for lang, codes in wrong.items():
        made = tablet(lang=lang)
        card = made.page.locator("[data-card]")
        made.page.evaluate(CAMERA, [picture_of(codes[0][0])])
        made.page.locator("[data-camera]").click()
        for code, says in codes:
            made.page.evaluate("picture => window.hold(picture)", picture_of(code))
            expect(card).to_contain_text(says)
            expect(card).to_have_class("card person bad")
        made.context.close()
    assert rows_of(venue) == []


def test_typing_finds_whoever_is_meant(venue: Venue, tablet: Callable[..., Tablet]) -> None:
    """By entry number, by the last four of the document, by name; the person is shown first and let in second. Judges are counted apart."""
    page = tablet().page
    card = page.locator("[data-card]")
    typed(page, "m01-003")
    expect(card).to_have_class("card person ask")
    expect(card).to_contain_text(row_of(2).name)
    page.keyboard.press("Enter")  # the button has the focus
    expect(card).to_have_class("card person good")
    typed(page, number(3)[-4:])
    expect(card).to_contain_text(row_of(1).name)
    card.get_by_role("button", name="报到").click()
    expect(page.locator("[data-arrived]")).to_have_text("2")
    expect(page.locator("[data-judges-away]")).to_contain_text("卢建平")
    typed(page, "卢建平")
    expect(card).to_contain_text("裁判长")
    page.keyboard.press("Enter")
    expect(card).to_have_class("card person good")
    expect(page.locator("[data-judges] header")).to_contain_text("1 / 1")
    expect(page.locator("[data-arrived]")).to_have_text("2")
    page.locator("#who").fill("赵")
    assert page.locator("[data-found] button").count() == len(DELEGATIONS)
    expect(page.locator("[data-found] .tag")).to_have_count(2)
    page.locator("#who").fill("查无此人")
    expect(page.locator("[data-found]")).to_contain_text("名单里查不到")
    page.locator("[data-list] summary").click()
    expect(page.locator("[data-list] li")).to_have_count(4)
    typed(page, "M01-003")
    card.get_by_role("button", name="撤回").click()
    expect(page.locator("[data-arrived]")).to_have_text("1")
    assert sorted((row["judge"] is None, row["taken_back"] is None) for row in rows_of(venue)) == [
        (False, True),
        (True, False),
        (True, True),
    ]


def test_the_door_goes_on_without_a_connection(venue: Venue, tablet: Callable[..., Tablet]) -> None:
    """With the server gone the page opens anew, knows everybody and their faces, and lets in; afterwards the server has it once.

    Who was let in elsewhere meanwhile is not let in twice, and signing out leaves no list, no face and no page behind.
    """
    made = tablet()
    page = made.page
    page.wait_for_selector("html[data-kept=yes]", state="attached")
    expect(page.locator("[data-loaded]")).to_contain_text("照片 2 张")
    venue.stop()
    page.reload()
    expect(page.locator("[data-all]")).to_have_text("6")
    expect(page.locator("[data-net]")).to_contain_text("没有网络")
    card = page.locator("[data-card]")
    for place in (0, 1):
        typed(page, f"M01-00{place + 1}")
        expect(card.get_by_role("img")).to_be_visible()
        card.get_by_role("button", name="报到").click()
        expect(card).to_have_class("card person good")
    expect(card).to_contain_text("联网后自动上传")
    page.reload()  # a tablet that was restarted has lost nothing
    expect(page.locator("[data-net]")).to_contain_text("2 条待上传")
    expect(page.locator("[data-arrived]")).to_have_text("2")

    async def elsewhere() -> None:
        assert venue.small
        sent = [NewCheckIn("01ELSEWHERE", venue.tokens[1], "scanned", "D-other", AT)]
        await take_arrivals(await venue.small.competition(), sent, SEALER, venue.small.staff, AT)

    venue.asked(elsewhere)
    venue.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-net]")).to_contain_text("全部已上传")
    expect(page.locator("[data-arrived]")).to_have_text("2")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: "/office/" not in url)
    left = page.evaluate(
        """async () => ({ databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),
           workers: (await navigator.serviceWorker.getRegistrations()).length })"""
    )
    assert "podium-door" not in left["databases"] and left["caches"] == [] and left["workers"] == 0
    rows = rows_of(venue)
    assert [row["device"] for row in rows if row["id"] == "01ELSEWHERE"] == ["D-other"] and len(rows) == 2
    assert all(row["taken_back"] is None for row in rows) and len({row["member"] for row in rows}) == 2


def test_what_the_server_does_not_take_is_told_and_a_stranger_sends_nothing(
    venue: Venue, tablet: Callable[..., Tablet]
) -> None:
    """Let in without a connection, withdrawn meanwhile: the page says who and why until somebody has read it.

    Once the session has ended the list is gone from the device, and what waits there stays with its own account.
    """
    made = tablet()
    page = made.page
    page.wait_for_selector("html[data-kept=yes]", state="attached")
    venue.stop()
    typed(page, "M01-001")
    page.locator("[data-card]").get_by_role("button", name="报到").click()
    expect(page.locator("[data-net]")).to_contain_text("1 条待上传")

    async def withdrawn() -> None:
        await Entry.update({Entry.state: "withdrawn"}).where(Entry.number == 1)

    venue.asked(withdrawn)
    venue.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-refused]")).to_contain_text("名单里没有这个人")
    expect(page.locator("[data-refused]")).to_contain_text("M01-001")
    expect(page.locator("[data-all]")).to_have_text("5")
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("[data-refused]")).to_be_hidden()
    venue.stop()
    typed(page, "M01-002")
    page.locator("[data-card]").get_by_role("button", name="报到").click()
    expect(page.locator("[data-net]")).to_contain_text("1 条待上传")
    made.context.clear_cookies(name="podium")
    venue.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-net]")).to_contain_text("已退出登录")
    expect(page.locator("[data-net]")).to_contain_text("1 条待上传")
    expect(page.locator("[data-all]")).to_have_text("0")
    assert rows_of(venue) == []
