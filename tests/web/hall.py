"""A hall for the tablet's tests: the real program on a port, a competition in marking, and its judges with real browsers."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import segno
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from scoring.marks import Aspect, Criterion, Module, Scheme, SubCriterion
from server.app import create_app
from server.database.piccolo_conf import DB
from server.people.flow import open_session
from server.settings import Settings
from tests.server.small import DELEGATIONS, Small, entered, founded, opened, seated
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE

TABLET = {"width": 820, "height": 1180}
CAMERA = """([picture]) => {
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 720, height: 720 });
    const image = new Image();
    window.hold = (source) => { image.src = source; };
    image.onload = () => { const ink = canvas.getContext("2d"); ink.fillStyle = "#fff"; ink.fillRect(0, 0, 720, 720); ink.drawImage(image, 40, 40, 640, 640); };
    window.hold(picture);
    setInterval(() => image.complete && image.onload(), 100);
    return canvas.captureStream(10);
  };
}"""
"""A camera that shows a picture, and then whatever `hold` is given, which costs less than a film of its own and a browser for it."""
T = TypeVar("T")
Recorded = Literal["all", "one"]

_MEASURED = (
    ("A1.01", "总高", "450.0 ±0.5 mm"),
    ("A1.02", "座面长", "380.0 ±0.5 mm"),
    ("A1.03", "座面宽", "280.0 ±0.5 mm"),
    ("A1.04", "对角线差", "≤ 1.0 mm"),
)
_ANCHORS = (
    "一臂距离就能看到砂痕；有毛刺，挂手；不能交货",
    "正常光线下没有明显砂痕；大面平顺，不割手；可以交货",
    "侧光下大面也没有砂痕；倒棱均匀，端面略粗；部分超出要求",
    "侧光下每个面都没有痕迹；内角与大面手感一致；找不到可以再改的地方",
)
_ENGLISH = (
    "Scratches at arm's length; burrs catch the hand",
    "No scratches in normal light; ready to hand over",
    "",
    "",
)


def scheme(aspects: int = 4, recorded: Recorded = "all") -> Scheme:
    """A scheme of measured aspects, and two judged ones that every judge marks; forty to a sub-criterion."""
    rows = [
        (f"A{n // 40 + 1}.{n % 40 + 1:02}", *(_MEASURED[n][1:] if n < 4 else (f"尺寸 {n + 1}", f"{100 + n}.0 ±0.5 mm")))
        for n in range(aspects)
    ]
    subs: dict[str, list[Aspect]] = {}
    for id, name, requirement in rows:
        subs.setdefault(id[:-3], []).append(Aspect(id, "measured", name, 250, recorded, requirement=requirement))
    measured = tuple(SubCriterion(id, f"{id} 尺寸", tuple(found)) for id, found in subs.items())
    judged = (
        Aspect(
            "C1.01", "judged", "表面打磨", 500, "all", anchors=_ANCHORS, name_en="Sanded surface", anchors_en=_ENGLISH
        ),
        Aspect("C1.02", "judged", "造型", 500, "all", anchors=_ANCHORS),
    )
    return Scheme(
        "chair",
        (Module("practice", "实操", 100),),
        (
            Criterion("A", "A 尺寸", 250 * aspects, "practice", measured),
            Criterion("C", "C 表面", 1000, "practice", (SubCriterion("C1", "C1 表面", judged),)),
        ),
    )  # fmt: skip


@dataclass
class Hall:
    """The program on a port of this machine, with a loop of its own that tests may run their questions on."""

    app: Any
    loop: asyncio.AbstractEventLoop
    server: uvicorn.Server
    address: str
    small: Small | None = None
    contexts: list[BrowserContext] = field(default_factory=list)

    def run(self, asked: Awaitable[T]) -> T:
        """Ask something of the program's own flows."""
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(60)  # type: ignore[arg-type]

    def competition(self, slug: str, aspects: int = 4, entries: int = 6, recorded: Recorded = "all") -> Small:
        """A competition of its own in marking, three judges on its panel."""

        async def made() -> Small:
            small = await founded(slug, scheme=scheme(aspects, recorded))
            await opened(small, "registration")
            await entered(small, DELEGATIONS[:entries])
            await opened(small, "drawn")
            await seated(small)
            await opened(small, "marking")
            return small

        return self.run(made())

    def cookies(self, small: Small, judge: int = 1) -> list[dict[str, str]]:
        """The session of a judge, as a browser keeps it."""
        token = self.run(open_session(small.judges[judge], datetime.now(UTC)))
        return [{"name": "podium", "value": token, "url": self.address}]

    def tablet(self, browser: Browser, small: Small, judge: int = 1, lang: str = "zh", **more: Any) -> Page:
        """A tablet on which this judge has signed in and opened the app."""
        context = browser.new_context(
            viewport=more.pop("viewport", TABLET), has_touch=True, **{"locale": "zh-CN", **more}
        )  # type: ignore[arg-type]
        self.contexts.append(context)
        lang_cookie = {"name": "lang", "value": lang, "url": self.address}
        context.add_cookies([*self.cookies(small, judge), lang_cookie])  # type: ignore[list-item]
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.errors = errors  # type: ignore[attr-defined]
        opened_app(page, self.address)
        return page

    def put_away(self) -> None:
        """Switch off every tablet: one that stays open goes on asking the server and reading its camera."""
        while self.contexts:
            context = self.contexts.pop()
            context.unroute_all(behavior="ignoreErrors")  # an answer on its way would fail in whatever test comes next
            context.close()

    def ledger(self, small: Small) -> list[dict[str, Any]]:
        """Every mark of the competition's event, in the order they were stored."""

        async def rows() -> list[dict[str, Any]]:
            event = await small.event()
            assert DB.pool
            found = await DB.pool.fetch("SELECT * FROM mark WHERE event = $1 ORDER BY sequence", event["id"])
            return [dict(row) for row in found]

        return self.run(rows())


def opened_app(page: Page, address: str, path: str = "/tablet") -> None:
    """Open the app and wait until it has its shift, or knows that it has none."""
    page.goto(address + path)
    page.wait_for_selector("html[data-ready]", timeout=PATIENCE)


def kept_by_worker(page: Page) -> None:
    """Wait until the app would open without a network."""
    page.evaluate("""() => new Promise((done) => {
      const worker = navigator.serviceWorker;
      if (worker.controller) done();
      else worker.addEventListener("controllerchange", () => done());
    })""")


def picture_of(text: str) -> str:
    """A code as a camera sees it."""
    return str(segno.make_qr(text).png_data_uri(scale=10, border=4))


def unsettled(page: Page) -> None:
    """Let the screen take taps at once. That it does not, right after it has changed under a finger, is one test's own subject."""
    page.evaluate("""() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))
      .then(() => import(document.querySelector("script[type=module]").src.replace(/[^/]+$/, "ui.js")))
      .then((ui) => void ui.unsettle())""")


def go(page: Page, event: str, entry: str, aspect: str = "", way: str = "sheet") -> None:
    """To a sheet, and wait until the screen takes taps again."""
    page.evaluate("hash => { location.hash = hash; }", f"#/{way}/{event}/{entry}" + (f"/{aspect}" if aspect else ""))
    page.wait_for_selector("[data-pad]")
    unsettled(page)


def keep(page: Page, aspect: str, value: str) -> None:
    """Choose an aspect of the open sheet, type its mark or take its card, and keep it."""
    page.click(f'[data-aspect="{aspect}"]')
    expect(page.locator(f'[data-aspect="{aspect}"]')).to_have_attribute("aria-current", "true")
    if aspect.startswith("C"):
        page.click(f'[data-score="{value}"]')
    else:
        page.keyboard.type(value)
    page.click("[data-save]")
    expect(page.locator(f'[data-aspect="{aspect}"] .pill')).not_to_have_text("草稿")


def state(page: Page, aspect: str) -> Any:
    """The state that a mark wears."""
    return expect(page.locator(f'[data-aspect="{aspect}"] .pill'))


def nothing_waits(page: Page) -> None:
    """The server has answered about every mark: what has left the tablet is still on its way for a moment."""
    for name in ("local", "sent"):
        expect(page.locator(f'[data-count="{name}"]')).to_have_text("0")


@contextmanager
def opened_hall(dsn: str, folder: Path) -> Iterator[Hall]:
    """The program, served on a free port until the test is over."""
    made: dict[str, Any] = {}
    ready = threading.Event()

    async def serve() -> None:
        settings = Settings(folder, b"small competition's own secret 32", dsn, base_url="http://localhost")
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
            if task.done():
                task.result()
        port = server.servers[0].sockets[0].getsockname()[1]
        made["hall"] = Hall(app, asyncio.get_running_loop(), server, f"http://localhost:{port}")
        ready.set()
        await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(600)
    hall: Hall = made["hall"]
    try:
        yield hall
    finally:
        hall.server.should_exit = True
        hall.put_away()
        thread.join(PATIENCE / 1000)


class Machine:
    """A tablet that can be killed: a browser process of its own with a disk of its own."""

    def __init__(self, playwright: Playwright, disk: Path) -> None:
        self.playwright, self.disk = playwright, disk
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> BrowserContext:
        """Switch it on."""
        port_file = self.disk / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        line = [
            str(CHROMIUM),
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.disk}",
            *ARGUMENTS,
        ]
        self.process = subprocess.Popen(
            line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(200):
            if port_file.exists() and port_file.read_text().count("\n"):
                break
            time.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        return self.browser.contexts[0]

    def kill(self) -> None:
        """Pull the plug: every process of this browser, at once."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None


__all__ = [
    "CAMERA",
    "Hall",
    "Machine",
    "go",
    "keep",
    "kept_by_worker",
    "nothing_waits",
    "opened_app",
    "opened_hall",
    "picture_of",
    "scheme",
    "state",
    "unsettled",
]
