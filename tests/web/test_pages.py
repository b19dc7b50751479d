"""Every page with every sample in both languages: it renders, reads aloud, obeys the content policy and finds its icons."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from server.web.jinja import STATIC, TEMPLATES
from server.web.words import LANGUAGES
from tests.web.preview import rendered
from tests.web.samples import SAMPLES

HOUSE = Path(__file__).parents[2]
PAGES = [(name, lang) for name in SAMPLES for lang in LANGUAGES]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOOSE = {"p", "li", "dt", "dd", "td", "th", "tr", "option"}


class Page(HTMLParser):
    """A page as a list of (tag, attributes, text inside), with what does not close where it should."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str], list[str]]] = []
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.wrong: list[str] = []
        self.feed(source)
        self.wrong += [f"<{tag}> is never closed" for tag, _, _ in self.open]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = (tag, {name: value or "" for name, value in attributes}, [])
        self.elements.append(element)
        if tag == "img":
            self.handle_data(element[1].get("alt", ""))
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()} closes {self.open[-1][0] if self.open else 'nothing'}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for _, _, text in self.open:
            text.append(data)

    def all(self, *tags: str) -> list[tuple[dict[str, str], str]]:
        return [(attributes, "".join(text).strip()) for tag, attributes, text in self.elements if tag in tags]


@pytest.mark.parametrize(("name", "lang"), PAGES)
def test_page_is_sound(name: str, lang: str) -> None:
    """A page is whole, can be read aloud, obeys the content policy, and each of its forms carries the token."""
    source = rendered(name, lang)
    page = Page(source)
    is_whole(page, lang)
    can_be_read_aloud(page)
    if lang == "zh":
        has_no_gap_after_a_full_stop(source)
    obeys_the_content_policy(page)
    for form in re.findall(r'<form[^>]*method="post".*?</form>', source, flags=re.S):
        assert 'name="_csrf_token" value="sample-token"' in form


def has_no_gap_after_a_full_stop(source: str) -> None:
    """Two Chinese sentences follow each other without a space, also where the second is a link, a code or less black."""
    said = re.sub(
        r"<(script|style|textarea|pre)\b.*?</\1>|</?(?:a|b|code|em|span|strong)\b[^>]*>", "", source, flags=re.S
    )
    assert re.findall(r".{0,20}[。？！：；] +[\w“].{0,20}", said) == []


def is_whole(page: Page, lang: str) -> None:
    """It closes what it opens, says its language and title, has one main heading, and no id twice."""
    assert page.wrong == []
    assert page.all("html")[0][0]["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert page.all("title")[0][1].split(" · ")[0] not in ("", "·")
    assert len(page.all("h1")) == 1
    twice = [id for id, count in Counter(a["id"] for _, a, _ in page.elements if "id" in a).items() if count > 1]
    assert twice == []


def can_be_read_aloud(page: Page) -> None:
    """Every field has a label that exists, every button and link a name, every picture its alternative."""
    labelled = {attributes.get("for") for attributes, text in page.all("label") if text}
    for attributes, _ in page.all("input", "select", "textarea"):
        assert attributes.get("type") == "hidden" or attributes["id"] in labelled, attributes
    for attributes, text in page.all("button", "a"):
        assert text or attributes.get("aria-label"), attributes
    assert all("alt" in attributes for attributes, _ in page.all("img"))


def obeys_the_content_policy(page: Page) -> None:
    """No inline script or style, nothing from another host: a venue has no internet, and a policy forbids the rest."""
    for tag, attributes, text in page.elements:
        assert "style" not in attributes, (tag, attributes)
        assert not [one for one in attributes if one.startswith("on")], (tag, attributes)
        if attributes.get("rel") not in ("alternate", "canonical"):  # which nothing fetches, and engines want whole
            assert not re.match(r"(https?:)?//", attributes.get("src", "") + attributes.get("href", "")), attributes
        if tag == "script" and attributes.get("type") not in ("application/json", "application/ld+json"):
            assert attributes.get("src") and not "".join(text).strip()
        assert tag != "style"


def test_every_page_template_has_a_sample() -> None:
    """Nothing ships that was never looked at: each template that a page is made of has at least one sample; frames that are only extended have none."""
    texts = {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    frames = {name for text in texts.values() for name in re.findall(r'extends "([^"]+)"', text)}
    named = "".join(
        path.read_text(encoding="utf-8") for room in ("server", "admin") for path in (HOUSE / room).rglob("*.py")
    )
    frames = {name for name in frames if f'"{name}"' not in named}
    pages = {name for name, text in texts.items() if "extends" in text} - frames
    sampled = {template for template, _ in SAMPLES.values()}
    whole = {name for name in sampled if "<!doctype html>" in (TEMPLATES / name).read_text(encoding="utf-8")}
    assert pages == sampled - whole and "layout" not in "".join(whole)


def test_every_template_states_its_values() -> None:
    """A template opens with a comment that says what it is given."""
    for path in TEMPLATES.rglob("*.html"):
        assert path.read_text(encoding="utf-8").startswith("{#"), path.name


def test_icons_exist_and_are_used() -> None:
    """Every icon that a page names is in the stylesheet, and the stylesheet carries no other."""
    offered = set(re.findall(r"^\.i-([a-z0-9-]+)", (STATIC / "icons.css").read_text(encoding="utf-8"), flags=re.M))
    pages = "".join(rendered(name, lang) for name, lang in PAGES)
    shown = set(re.findall(r"\bi i-([a-z0-9-]+)", pages))
    paths = [*(STATIC / "tablet").glob("*.js"), STATIC / "check_in.js"]
    script = "".join(path.read_text(encoding="utf-8") for path in paths)
    said = {icon for icon in offered if f'"{icon}"' in script or f"i-{icon}`" in script}
    assert shown - offered == set()
    assert offered - shown - said == set()


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


INKS = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "card", "sunk")],
    *[("primary", ground) for ground in ("paper", "card", "sunk", "primary-soft", "primary-tint")],
    ("primary-deep", "primary-soft"),
    ("on-primary", "primary"),
    ("on-accent", "accent"),
    ("accent-ink", "card"),
    ("accent-ink", "accent-soft"),
    ("gold-ink", "gold-soft"),
    ("ok-ink", "ok-soft"),
    ("ok-ink", "card"),
    ("warn-ink", "warn-soft"),
    ("warn-ink", "card"),
    ("ok-ink", "sunk"),
    ("warn-ink", "sunk"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_readable(theme: str) -> None:
    """Text on its ground is at least 4.5:1, edges of controls 3:1 (WCAG AA), in both themes."""
    light, dark = (STATIC / "tokens.css").read_text(encoding="utf-8").split("[data-theme")
    tokens = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", light))
    if theme == "dark":
        tokens |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", dark))
    pale = {
        pair: round(_contrast(tokens[pair[0]], tokens[pair[1]]), 2)
        for pair in INKS
        if _contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5
    }
    assert pale == {}
    assert all(_contrast(tokens["edge"], tokens[ground]) >= 3 for ground in ("paper", "card", "sunk"))


def test_vendored_files_are_listed() -> None:
    """Whatever came from elsewhere is in VENDORED.md with version and licence."""
    listed = (STATIC / "VENDORED.md").read_text(encoding="utf-8")
    for file in (STATIC / "vendor").iterdir():
        assert file.name in listed


def test_the_offices_stylesheets_do_not_overrule_each_other() -> None:
    """Every page of the office loads both sheets: a selector has its rule in one of them, or the second would undo the first unseen."""

    def selectors(name: str) -> set[str]:
        source = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)
        while (shorter := re.sub(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", source)) != source:
            source = shorter
        return {one.strip() for heads in re.findall(r"([^{}]+)\{", source) for one in re.split(r",(?![^(]*\))", heads)}

    office, setup = selectors("office.css"), selectors("setup.css")
    assert len(office) > 300 and len(setup) > 150
    assert not office & setup
