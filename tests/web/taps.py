"""How long a tap takes to be on the screen, with a shift of 400 aspects and 30 pieces on the tablet: `python -m tests.web.taps`.

A figure is the time from the tap (a real one, through the browser's input) to the end of the frame after it. `--slow 4`
slows the processor down like a cheap tablet's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from server.database.embedded import running
from tests.web.chromium import ARGUMENTS, CHROMIUM
from tests.web.hall import Hall, opened_app, opened_hall

ASPECTS, PIECES = 400, 30
WATCH = """() => addEventListener("click", () => {
  const at = performance.now();
  requestAnimationFrame(() => setTimeout(() => window.frames_.push(performance.now() - at)));
}, true)"""


def widened(hall: Hall, page: Page) -> None:
    """The judge's shift as the server tells it, with more pieces, half of them marked."""

    def wider(route: Any) -> None:
        anew = {name: value for name, value in route.request.headers.items() if name != "if-none-match"}
        shift = route.fetch(headers=anew).json()
        event = shift["events"][0]
        event["entries"] = [f"W-{n:02}" for n in range(1, PIECES + 1)]
        aspects = [aspect for group in event["groups"] for aspect in group["aspects"]]
        cells = [(entry, aspect) for entry in event["entries"][: PIECES // 2] for aspect in aspects]
        event["marks"] = [
            [entry, aspect["id"], f"{n:026}", 100, 1, False, n + 1, event["seat"]]
            for n, (entry, aspect) in enumerate(cells)
        ]
        event["sequence"] = len(cells)
        route.fulfill(json=shift, headers={"etag": '"wide"'})

    page.context.route("**/api/shift", wider)
    page.context.route("**/api/marks", lambda route: route.abort())
    opened_app(page, hall.address)


def measured(page: Page, event: str, slow: float) -> dict[str, list[float]]:
    """Milliseconds by kind of tap."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slow})
    page.evaluate("hash => { location.hash = hash; }", f"#/sheet/{event}/W-20/A3.05")
    page.wait_for_selector("[data-pad]")
    page.wait_for_timeout(2000)
    page.evaluate(WATCH)
    found: dict[str, list[float]] = {}

    def tap(kind: str, selector: str) -> None:
        page.evaluate("window.frames_ = []")
        page.click(selector)
        page.wait_for_timeout(150)
        found.setdefault(kind, []).extend(page.evaluate("window.frames_"))

    for n in range(20):
        tap("choose an aspect", f'[data-aspect="A3.{n + 6:02}"]')
        tap("figure", '[data-key="1"]')
        tap("step", '[data-step="1"]')
        tap("keep", "[data-save]")
    tap("by aspect", "[data-by-aspect]")
    tap("to the work page", "[data-back]")
    return found


def main() -> None:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=float, default=1.0)
    slow = parser.parse_args().slow
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as dsn, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with opened_hall(dsn, Path(folder) / "site") as hall:
            small = hall.competition("taps", ASPECTS - 2)
            page = hall.tablet(browser, small)
            widened(hall, page)
            taps = measured(page, str(hall.run(small.event())["id"]), slow)
        browser.close()
    told = {
        kind: {"n": len(found), "p50": round(statistics.median(found), 1), "max": round(max(found), 1)}
        for kind, found in taps.items()
    }
    print(json.dumps({"aspects": ASPECTS, "pieces": PIECES, "slow": slow, "milliseconds": told}, ensure_ascii=False))


if __name__ == "__main__":
    main()
