"""Every page is for everybody: no serious finding of axe-core (WCAG 2.2), no sideways scrolling at three sizes, and nothing cut off or blank on paper."""

from __future__ import annotations

import pytest

from server.web.words import LANGUAGES
from tests.web.accessible import looking, problems, richest
from tests.web.chromium import needs_chromium
from tests.web.preview import rendered

pytestmark = [
    needs_chromium,
    pytest.mark.browser,
    pytest.mark.slow,
]
BAD = """<!doctype html><html lang="zh-CN"><title>x</title><main><h1>x</h1><p style="color:#bbb;width:900px">grey</p>
<input id="nameless"><div style="height:2000px"></div></main>"""


def test_every_page_is_for_everybody() -> None:
    """The richest sample of each page, the languages in turn. First a page that is bad in five ways, so that the net is known to hold."""
    found = {}
    with looking() as page:
        known = " ".join(problems(page, BAD))
        assert "color-contrast" in known and "label" in known and "390 × 844: 9" in known
        assert "A4: 9" in known and "is blank" in known
        for place, name in enumerate(richest()):
            lang = LANGUAGES[place % len(LANGUAGES)]
            if told := problems(page, rendered(name, lang)):
                found[f"{name}.{lang}"] = told
    assert found == {}
