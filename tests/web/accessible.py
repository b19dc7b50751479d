"""What axe-core, three sizes of screen and a sheet of paper say of a page: `python -m tests.web.accessible` looks at every sample in both languages.

The suite's form (test_accessible.py) takes of every template the sample that shows most of it, the languages in turn; all of
them together take some three minutes.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, sync_playwright

from server.web.jinja import STATIC
from server.web.words import LANGUAGES
from tests.web.chromium import ARGUMENTS, CHROMIUM
from tests.web.preview import rendered
from tests.web.samples import SAMPLES

SIZES = ((1440, 900), (820, 1180), (390, 844))
GRAVE = ("serious", "critical")
IMAGE = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
SHEETS = {"auto": 688, "wide": 1016}
"""How many pixels wide the text of an A4 sheet is, by the name of the page in base.css."""
NUMBER = re.compile(r"\d+ / \d+\s*$")
"""What stands at the foot of every sheet."""
CUT = """() => [document.documentElement, ...document.querySelectorAll("body, body *")].filter(one => one.getClientRects().length
  && !one.matches("input, select, textarea, .unseen") && one.scrollWidth > Math.max(one.clientWidth, 2) + 1
  && (one === document.documentElement || getComputedStyle(one).overflowX !== "visible")
).map(one => `A4: ${one.scrollWidth} px wide: ${one.tagName} ${one.className}`)"""
REPLACE = """async html => {
  const made = new DOMParser().parseFromString(html, "text/html").documentElement;
  document.replaceChild(document.adoptNode(made), document.documentElement);
  document.head.append(Object.assign(document.createElement("style"), { textContent: "* { transition: none !important; animation: none !important; }" }));
  const sheets = [...document.querySelectorAll("link[rel=stylesheet]")];
  await Promise.all(sheets.map(one => one.sheet || new Promise(done => { one.onload = one.onerror = done; })));
  return sheets.every(one => one.sheet) ? "" : "a stylesheet is missing";
}"""
ASK = """() => axe.run(document, { resultTypes: ["violations"] }).then(found => found.violations.flatMap(one =>
  one.nodes.map(node => [node.impact ?? one.impact, `${one.id}: ${node.html.slice(0, 160)}`])))"""


def problems(page: Page, html: str) -> list[str]:
    """What is grave on a page for whoever does not see, point or hear well, and where it scrolls sideways."""
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    if missing := page.evaluate(REPLACE, html.replace('"/static/', f'"{STATIC.as_uri()}/')):
        return [missing]
    found = [words for impact, words in page.evaluate(ASK) if impact in GRAVE]
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width} × {height}: {wide} px wide"] if wide > width else []
    return found + on_paper(page)


def on_paper(page: Page) -> list[str]:
    """What of a page is cut off on A4, and which sheets have nothing on them but lines."""
    page.emulate_media(media="print")
    sheet = page.evaluate("getComputedStyle(document.querySelector('main') ?? document.body).page || 'auto'")
    page.set_viewport_size({"width": SHEETS[sheet], "height": 1000})
    found = page.evaluate(CUT)
    with pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))) as paper:
        for number, one in enumerate(paper, 1):
            if not NUMBER.sub("", one.get_textpage().get_text_range()).strip() and not any(
                thing.type == IMAGE for thing in one.get_objects()
            ):
                found.append(f"sheet {number} of {len(paper)} is blank")
    page.emulate_media(media="screen")
    return list(found)


def richest() -> list[str]:
    """Of each template the sample with most kinds of elements."""
    kinds = {
        name: len(set(re.findall(r"<[a-z][^>\s]*(?: class=\"[^\"]*\")?", rendered(name, "en")))) for name in SAMPLES
    }
    best: dict[str, str] = {}
    for name, (template, _) in SAMPLES.items():
        if template not in best or kinds[name] > kinds[best[template]]:
            best[template] = name
    return list(best.values())


@contextmanager
def looking() -> Iterator[Page]:
    """A page with axe in it, whose document is replaced by what is to be looked at; nothing moves on it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.html"
        empty.write_text("<!doctype html><title>-</title>", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(empty.as_uri())
        page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
        yield page
        browser.close()


def main() -> int:
    """Print what was found; how many pages have something."""
    with looking() as page:
        found = {
            f"{name}.{lang}": told
            for name in SAMPLES
            for lang in LANGUAGES
            if (told := problems(page, rendered(name, lang)))
        }
    for name, told in found.items():
        print(name, *told, sep="\n    ")
    print(f"{len(SAMPLES) * len(LANGUAGES)} pages, {len(found)} of them with problems")
    return len(found)


if __name__ == "__main__":
    sys.exit(bool(main()))
