"""Every screen of the judge's tablet and of the chief's live board, opened in the real app: `python -m tests.web.tablet_screens FOLDER`
takes a picture of each in both languages, upright, lying, on a phone and in high contrast, and says what is wrong with it:
axe-core (WCAG 2.2 AA), targets smaller than a gloved finger, names that are missing, sideways scrolling, text that is cut off.

The suite (test_tablet_app.py) walks the same screens in one language each way round.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page, sync_playwright
from ulid import ULID

from server.access import Actor
from server.access import Seat as Held
from server.database.embedded import running
from server.database.tables import Signal
from server.marks import devices
from server.marks.batch import Post
from server.marks.devices import make_code
from server.marks.hall import answer as answer_to
from server.marks.hall import end_shift, nudge
from server.people import pins
from server.web.words import LANGUAGES
from tests.server.marks.test_hall import shot
from tests.server.small import Small, mark, posted
from tests.web.chromium import ARGUMENTS, CHROMIUM
from tests.web.hall import TABLET, Hall, opened_app, opened_hall, unsettled

PIN = "274913"
UPRIGHT, LYING, PHONE, DESK = (820, 1180), (1180, 820), (390, 844), (1440, 900)
SIZES = (UPRIGHT, LYING, PHONE, DESK)
LEAST = 48
"""CSS pixels of a target each way: a finger in a work glove (mockups/tablet/DESIGN.md, rule 4)."""
Screens = Iterator[tuple[str, Page]]

TARGETS = """least => {
  const layers = [...document.querySelectorAll("dialog[open], .over")];
  const top = layers.at(-1) ?? document;
  const found = [];
  for (const one of top.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, [role=radio]")) {
    const asked = one.closest("label") ?? one; // a box is ticked by its words as well
    const { width, height } = asked.getBoundingClientRect();
    if (!one.checkVisibility() || !width) continue;
    if (width < least - .5 || height < least - .5) found.push(`${Math.round(width)} × ${Math.round(height)}: ${asked.outerHTML.slice(0, 140)}`);
    const named = one.ariaLabel || one.textContent.trim() || one.labels?.length || one.getAttribute("aria-labelledby") || one.title;
    if (!named) found.push(`no name: ${one.outerHTML.slice(0, 140)}`);
  }
  return found;
}"""
CUT = """() => [...document.querySelectorAll("button, a.button, .pill, .code, h1, h2, .display b, .owe b")].filter((one) => one.checkVisibility() && one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `cut off (${one.scrollWidth} in ${one.clientWidth}): ${one.outerHTML.slice(0, 140)}`)"""
WIDE = (
    "() => document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} px wide`] : []"
)
LOWEST_PRIMARY = """() => [...document.querySelectorAll("[data-save], .foot .primary, .decide, svg.qr")].map((one) => one.getBoundingClientRect())
  .filter((box) => box.height && box.bottom > innerHeight + 1).map((box) => `the primary action ends at ${Math.round(box.bottom)}`)"""
BEHIND = """() => document.querySelector(".over") ? [...document.querySelectorAll("button, a[href]")].filter((one) => !one.closest(".over") && one.checkVisibility()).filter((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2)?.closest("button, a[href]") === one;
}).map((one) => `can be tapped behind the dialog: ${one.outerHTML.slice(0, 140)}`) : []"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
SPEAK = """async lang => {
  document.documentElement.lang = lang === "en" ? "en" : "zh-CN";
  const app = document.querySelector('script[type=module][src*="/tablet/"]');
  if (!app?.src.endsWith("main.js")) return;
  const store = await import(app.src.replace(/[^/]+$/, "store.js"));
  store.speak(lang);
}"""
AXE = """() => axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then((found) => found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`)))"""


def sized(page: Page, size: tuple[int, int]) -> None:
    """The screen at this size, drawn."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(DRAWN)


def misfits(page: Page) -> list[str]:
    """What does not fit a finger or the screen at the size that it has now."""
    asked = f"least => [({TARGETS}), ({WIDE}), ({LOWEST_PRIMARY}), ({CUT}), ({BEHIND})].flatMap((one) => one(least))"
    return list(page.evaluate(asked, LEAST))


def spoken(page: Page, lang: str) -> None:
    """The screen in this language, whatever is open on it; the board, which the server writes, keeps its own."""
    page.context.add_cookies([{"name": "lang", "value": lang, "url": page.url.split("#")[0]}])
    page.evaluate(SPEAK, lang)


def not_accessible(page: Page) -> list[str]:
    """What axe-core finds: contrast, names, labels, roles, landmarks and the order of headings among them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    return list(page.evaluate(AXE))


def to(page: Page, screen: str) -> Page:
    """Open a screen by its address."""
    page.evaluate("hash => { location.hash = `#/${hash}`; }", screen)
    page.evaluate(DRAWN)
    unsettled(page)
    return page


class Walk:
    """One competition in which everything that a screen may show has happened."""

    def __init__(self, hall: Hall, browser: Browser, slug: str) -> None:
        self.hall, self.browser = hall, browser
        self.small: Small = hall.competition(slug, aspects=9)
        self.row: dict[str, Any] = hall.run(self.small.event())
        self.id: UUID = self.row["id"]
        self.aspects = [*(f"A1.0{n}" for n in range(1, 10)), "C1.01", "C1.02"]

    def tablet(self, judge: int) -> Page:
        """A judge's tablet, signed in by a link."""
        return self.hall.tablet(self.browser, self.small, judge)

    def give(self, judge: int, entry: str, *values: tuple[str, int]) -> None:
        """Marks that another tablet of this judge has sent, made one every twenty seconds until now."""
        account, now = self.small.judges[judge], datetime.now(UTC)
        ids = [str(ULID.from_datetime(now - timedelta(seconds=20 * n))) for n in range(len(values))]
        posts = [
            Post(mark(self.id, entry, aspect, value, device="T-9", id=id), account)
            for id, (aspect, value) in zip(ids, values, strict=True)
        ]
        self.hall.run(posted(self.small, posts))

    def screens(self) -> Screens:
        """Every screen, by name."""
        yield from self.nobody()
        yield from self.judging()
        yield from self.leading()
        yield from self.sealing()

    def nobody(self) -> Screens:
        """A tablet that nobody holds: not paired, paired, a PIN that is wrong."""
        context = self.browser.new_context(viewport=TABLET, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
        self.hall.contexts.append(context)
        page = context.new_page()
        opened_app(page, self.hall.address)
        yield "nobody", page
        code = self.hall.run(make_code(self.row, self.small.staff, datetime.now(UTC)))
        to(page, f"pair/{code}")
        page.reload()
        page.wait_for_selector(".which-tablet")
        yield "sign-in", page
        page.fill("#seat", "2")
        for key in "111112":
            page.click(f'[data-pin="{key}"]')
        page.click("[data-enter]")
        page.wait_for_selector(".by-pin .message")
        yield "sign-in-wrong", page

    def judging(self) -> Screens:
        """A judge's shift."""
        page, event = self.tablet(1), str(self.id)
        yield "work-new", page
        yield "pin", to(page, "pin")
        self.hall.run(pins.choose_pin(Actor(self.small.judges[1]), PIN, "", datetime.now(UTC)))
        opened_app(page, self.hall.address)
        yield "sheet", to(page, f"sheet/{event}/W-01/A1.01")
        page.click('[data-key="1"]')
        yield "sheet-draft", page
        page.click("[data-back]")
        yield "leaving", page
        page.click(".over .choices .button")
        page.click("[data-clear]")
        page.click('[data-fill="zero"]')
        page.click("[data-save]")
        page.wait_for_selector(".info .message")
        yield "sheet-asked", page
        page.click("[data-clear]")
        page.click("[data-reading]")
        page.fill("#note-measured", "451.2 mm")
        page.fill("#note-text", "左后腿有毛刺")
        yield "note", page
        page.click(".over .primary")
        page.click("[data-photos]")
        page.set_input_files("#photo-file", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": shot((400, 300))})
        page.wait_for_selector("[data-photo] img")
        yield "photos", page
        page.click("[data-photos-close]")
        page.click("[data-hand]")
        yield "signal", page
        page.click('[data-kind="scheme"]')
        page.fill("#signal-text", "C1.02 的二档与三档怎么分")
        page.click("[data-signal]")
        page.wait_for_selector("[data-signalled]")
        yield "sheet-signalled", page
        yield "row", to(page, f"row/{event}/W-01/A1.02")
        page.context.route("**/api/marks", lambda route: route.abort())
        yield "judged", to(page, f"sheet/{event}/W-01/C1.01")
        page.click('[data-score="2"]')
        yield "judged-draft", page
        page.click("[data-save]")
        page.wait_for_selector("[data-undo]")
        yield "row-judged", to(page, f"row/{event}/W-02/C1.01")
        yield "outbox", to(page, "outbox")
        to(page, "codes").wait_for_selector("svg.qr")
        yield "codes", page
        yield "hand-over", to(page, "hand-over")
        self.give(1, "W-01", ("C1.01", 300))
        page.context.unroute("**/api/marks")
        to(page, "outbox").click("[data-retry]")
        page.wait_for_selector(".pill.conflict")
        yield "outbox-conflict", page
        to(page, f"conflict/{event}/W-01/C1.01").wait_for_selector("[data-candidate]:nth-of-type(2)")
        yield "conflict", page
        page.locator("[data-candidate] button").first.click()
        yield "conflict-chosen", page
        page.context.route("**/api/marks", refusing)
        to(page, f"sheet/{event}/W-01/A1.03").click('[data-fill="full"]')
        page.click("[data-save]")
        page.wait_for_selector(".pill.refused")
        page.context.unroute("**/api/marks")
        yield "sheet-refused", page
        for judge, value in ((0, 0), (1, 300), (2, 300)):
            self.give(judge, "W-03", ("C1.01", value))
        opened_app(page, self.hall.address)
        yield "again", to(page, f"sheet/{event}/W-03/C1.01")
        yield "spread", to(page, f"spread/{event}/W-03/C1.01")
        yield "sign-missing", to(page, f"sign/{event}/W-03")
        self.give(1, "W-04", *((aspect, 200) for aspect in self.aspects))
        opened_app(page, self.hall.address)
        yield "sign", to(page, f"sign/{event}/W-04")
        field = page.locator("[data-field]").bounding_box()
        assert field
        page.mouse.move(field["x"] + 60, field["y"] + 90)
        page.mouse.down()
        for x, y in ((120, 40), (180, 110), (240, 50), (300, 100)):
            page.mouse.move(field["x"] + x, field["y"] + y, steps=3)
        page.mouse.up()
        for key in PIN:
            page.click(f'[data-pin="{key}"]')
        page.click("[data-sign]")
        page.wait_for_selector("[data-signed]")
        yield "signed", page
        yield "sheet-signed", to(page, f"sheet/{event}/W-04/A1.01")
        page.wait_for_timeout(1000)
        self.give(1, "W-04", ("A1.01", 100))
        opened_app(page, self.hall.address)
        yield "sign-void", to(page, f"sign/{event}/W-04")
        lead = Actor(self.small.judges[0], "裁判长", seats={self.id: Held(1, True)})
        now = datetime.now(UTC)
        signal = self.hall.run(only_signal(self.id))
        self.hall.run(answer_to(self.row, signal, "二档：局部超出要求", False, lead, now))
        self.hall.run(end_shift(self.row, now + timedelta(minutes=67), lead, now))
        opened_app(page, self.hall.address)
        yield "work-answered", to(page, "")
        self.hall.run(nudge(self.row, "J2", "come", "带上卡尺", lead, now))
        opened_app(page, self.hall.address)
        yield "work-nudged", to(page, "")
        page.click("[data-seen]")
        page.evaluate("navigator.storage.estimate = async () => ({ usage: 999e6, quota: 1000e6 })")
        page.context.clear_cookies(name="podium")
        to(page, f"sheet/{event}/W-05/A1.01").click("[data-photos]")
        page.wait_for_selector(".over .message")
        yield "photos-no-room", page
        page.click("[data-photos-close]")
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_selector('.notice.warn a[href^="/sign-in"], .notice.warn a[href="#/enter"]')
        yield "session-over", page

    def leading(self) -> Screens:
        """The chief judge's tablet and board."""
        event = str(self.id)
        page = self.tablet(0)
        yield "chief-work", page
        to(page, f"sheet/{event}/W-06/A1.01").click("[data-floor]")
        yield "chief-floor", page
        page.select_option("#floor-status", "withdrawn")
        page.fill("#floor-reason", "手部受伤")
        page.click("[data-floor-save]")
        page.wait_for_selector("[data-floor-back]")
        yield "chief-away", page
        to(page, "reading").wait_for_selector(".reading")
        yield "chief-reading", page
        page.goto(f"{self.hall.address}/tablet/{self.small.slug}/M01/board")
        page.wait_for_selector("#board")
        page.wait_for_timeout(500)
        yield "board", page
        for name, opener in (("ends", ".timer"), ("nudge", "[data-nudge]"), ("answer", "[data-signal] [data-answer]")):
            page.locator(opener).first.click()
            yield f"board-{name}", page
            page.click(f"#{name} [data-cancel]")
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        yield "board-offline", page

    def sealing(self) -> Screens:
        """The chief judge before the seal, while two tablets hold unsent marks and one of them was taken out of use."""
        small, now = self.hall.competition(f"{self.small.slug}-seal", entries=1), datetime.now(UTC)
        row = self.hall.run(small.event())
        aspects = [*(f"A1.0{n}" for n in range(1, 5)), "C1.01", "C1.02"]
        self.hall.run(
            posted(small, [Post(mark(row["id"], "W-01", one, 200), judge) for judge in small.judges for one in aspects])
        )
        tablets = [self.hall.run(reporting(row, small, judge, count, now)) for judge, count in ((1, 12), (2, 1))]
        self.hall.run(devices.revoke(row["competition"], tablets[0], small.staff, now))
        page = self.hall.tablet(self.browser, small, 0)
        page.locator(".sealing").scroll_into_view_if_needed()
        yield "seal-unsent", page


async def reporting(event: Mapping[str, Any], small: Small, judge: int, unsent: int, now: datetime) -> UUID:
    """A tablet in this judge's hands that says how much lies unsent on it."""
    made = await devices.pair(await make_code(event, small.staff, now), "", now)
    await devices.seen(made.secret, devices.Told("1", unsent, 60, oldest="01"), small.judges[judge], now)
    return made.id


async def only_signal(event: UUID) -> str:
    """The problem that was signalled."""
    rows = await Signal.select(Signal.id).where(Signal.event == event)
    return str(rows[0]["id"])


def refusing(route: Any) -> None:
    """The server takes none of the marks."""
    words = {"zh": "这个赛项现在不收分。", "en": "This event takes no marks now."}
    answers = [
        {"id": one["id"], "status": "refused", "code": "marks.not-open", **words}
        for one in route.request.post_data_json
    ]
    route.fulfill(json={"answers": answers})


def main(folder: Path, only: Collection[str] = ()) -> int:
    """Pictures of every screen (or of `only` these), and what is wrong with it; how many screens have something."""
    folder.mkdir(parents=True, exist_ok=True)
    bad = seen = 0
    with tempfile.TemporaryDirectory() as disk, running(Path(disk)) as dsn, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with opened_hall(dsn, Path(disk) / "site") as hall:
            for name, page in Walk(hall, browser, "screens").screens():
                for lang in LANGUAGES if not only or name in only else ():
                    spoken(page, lang)
                    told = looked(page, folder, f"{name}.{lang}")
                    bad, seen = bad + bool(told), seen + 1
                    print(f"{name}.{lang}", *told, sep="\n    ", flush=True)
                spoken(page, "zh")
        browser.close()
    print(f"{seen} screens, {bad} of them with something")
    return bad


def looked(page: Page, folder: Path, name: str) -> list[str]:
    """One screen at every size and in high contrast, with pictures; what was found, by size."""
    found: dict[str, str] = {}
    for way, size in zip(("upright", "lying", "phone", "desk"), SIZES, strict=True):
        sized(page, size)
        if size != DESK:
            page.screenshot(path=folder / f"{name}.{way}.png")
        for one in [*misfits(page), *(not_accessible(page) if size in (UPRIGHT, LYING) else ())]:
            found[one] = f"{found.get(one, '')} {way}"
    sized(page, UPRIGHT)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate(DRAWN)
    page.screenshot(path=folder / f"{name}.dark.png")
    for one in not_accessible(page):
        found[one] = f"{found.get(one, '')} dark"
    page.evaluate("document.documentElement.dataset.theme = ''")
    page.evaluate(DRAWN)
    return [f"{one} [{where.strip()}]" for one, where in found.items()]


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]), sys.argv[2:])))
