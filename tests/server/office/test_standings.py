"""Standings in the office: who may see them when, names only after decoding, and the story of a line down to its marks."""

from __future__ import annotations

import html
import re

from server.database.tables import Person, Place
from server.marks.floor import write_down
from tests.server.conftest import Site, Visitor
from tests.server.small import Small, brought, founded


async def looked(visitor: Visitor, small: Small, entry: str = "") -> tuple[int, str]:
    found = await visitor.get(f"/office/{small.slug}/events/M01/standings{entry}")
    return found.status_code, found.text


def table_of(page: str) -> str:
    return page[page.index("<tbody>") : page.index("</tbody>")]


async def test_standings_are_a_supervisors_until_the_seal_and_nameless_until_the_decoding(site: Site) -> None:
    """Then the office sees them too, in marks as they are read aloud, also whoever is not ranked; a line tells its whole
    story in both languages."""
    small = await brought(await founded("ranked"), "drawn")
    staff, supervisor = [await site.visitor(one.account) for one in (small.staff, small.supervisor)]
    assert (await looked(staff, small))[0] == 404, "there is nothing to see before marks are given"
    await brought(small, "marking")
    assert (await looked(staff, small))[0] == 403
    status, text = await looked(supervisor, small)
    assert status == 200 and "/standings/" not in text, "nobody is ranked while the policy waits for marks"
    gone = sorted(small.codes)[-1]
    await write_down(await small.event(), gone, "disqualified", "作弊", await small.chief(), small.at)
    await brought(small, "sealed")
    names = [row["name"] for row in await Person.select(Person.name)]
    codes = [row["code"] for row in await Place.select(Place.code)]
    status, text = await looked(staff, small)
    assert status == 200 and all(code in text for code in codes) and not any(name in text for name in names)
    status, story = await looked(staff, small, f"/{codes[0]}")
    assert status == 200 and story.count("<li>") > 5 and not any(name in story for name in names)
    figures = re.findall(r'class="figure">(?:<b>)?([^<]*)<', table_of(text))
    assert figures[0] == "1" and all(re.fullmatch(r"[1-5]|取消资格|\d+\.\d\d|", one) for one in figures), (
        "marks, not hundredths"
    )
    assert "取消资格</td>" in text and "None" not in text and "None" not in (await looked(staff, small, f"/{gone}"))[1]
    assert (await looked(staff, small, "/nobody"))[0] == 404
    await brought(small, "reviewed")
    table, story = (await looked(staff, small))[1], (await looked(staff, small, f"/{codes[0]}"))[1]
    assert all(name in table for name in names) and any(name in story for name in names)
    english = await staff.get(f"/office/{small.slug}/events/M01/standings/{codes[0]}?lang=en")
    told = html.unescape(english.text)
    assert english.status_code == 200 and "Equal totals: compare" not in told.split("rank 1")[0]
    assert '<p class="clause">The total is rounded to 2 places, half up.</p>' in told
    assert "衡水日报 2025-04" in told and "Rank 1: Gold medal." in told
    assert re.search(r'<small class="rule-id mono">awards\.gold</small>', told)
    assert 'href="/office/policies/hebei-skills-2025">Second Hebei' in told
