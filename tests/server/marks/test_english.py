"""A scheme with English beside its own words, seen by everybody who reads it, from the tablet to the published results."""

from __future__ import annotations

import html
import io
import json
from dataclasses import replace

import pypdfium2

from scoring.marks import Scheme
from tests.server.conftest import Site, Visitor
from tests.server.small import SCHEME, brought, founded


def english() -> Scheme:
    """The small scheme, of which the practice speaks English but for its first aspect."""
    theory, practice = SCHEME.modules
    paper, work = SCHEME.criteria
    (sub,) = work.subcriteria
    size, look = sub.aspects
    look = replace(look, name_en="Appearance", anchors_en=("poor", "fair", "", "excellent"))
    sub = replace(sub, name_en="The weld", aspects=(size, look))
    return replace(
        SCHEME,
        modules=(theory, replace(practice, name_en="Practical work")),
        criteria=(paper, replace(work, name_en="Workmanship", subcriteria=(sub,))),
    )


async def read(visitor: Visitor, path: str, lang: str) -> str:
    """A page in a language, as its reader sees it."""
    answer = await visitor.get(f"{path}{'&' if '?' in path else '?'}lang={lang}", headers={"accept": "text/html"})
    assert answer.status_code == 200, path
    return html.unescape(answer.text)


async def test_whoever_reads_english_reads_the_english_of_a_scheme(site: Site) -> None:
    """Set-up, tablet, typing and printed sheets, a rank's story, the report on aspects and the published results say the English
    name in English and the scheme's own in Chinese; an aspect without English keeps its name; a program gets both."""
    small = await brought(await founded("english", scheme=english()), "marking")
    office, here = f"/office/{small.slug}", f"/office/{small.slug}/events/M01"
    staff, judge, stranger = [await site.visitor(one) for one in (small.staff.account, small.judges[1], None)]
    assert "Practical work" in await read(staff, f"{office}/setup/events", "en")
    one = await read(staff, f"{office}/setup/events/M01", "en")
    assert "Practical work" in one and "1 in English" in one
    assert "Practical work" not in await read(staff, f"{office}/setup/events", "zh")

    (event,) = (await judge.get("/api/shift")).json()["events"]
    assert [group.get("name_en") for group in event["groups"]] == [None, "The weld"]
    told = {aspect["id"]: aspect for group in event["groups"] for aspect in group["aspects"]}
    assert told["B1.02"]["anchors_en"] == ["poor", "fair", "", "excellent"]
    assert "name_en" not in told["B1.01"], "a scheme without English is told as it always was"
    assert (
        json.dumps((await judge.get(f"/api/competitions/{small.slug}/events/M01/sheets")).json()).count("name_en") == 4
    )

    sheet = f"{here}/paper/{small.codes[0]}/J2"
    typing, own = await read(staff, sheet, "en"), await read(staff, sheet, "zh")
    assert "The weld" in typing and "Appearance" in typing and "尺寸" in typing and "外观" not in typing
    assert "B1 焊缝" in own and "外观" in own and "Appearance" not in own
    paper = await staff.get(f"{here}/paper/sheets.pdf?entry={small.codes[0]}&judge=J2&lang=en")
    pages = pypdfium2.PdfDocument(io.BytesIO(paper.content))
    printed = "".join(one.get_textpage().get_text_bounded() for one in pages)
    assert "Appearance" in printed and "excellent" in printed and "良" in printed

    await brought(small, "published")
    story = await read(staff, f"{here}/standings/{small.codes[0]}", "en")
    assert (
        "B1.02 Appearance:" in story
        and "B Workmanship:" in story
        and "Practical work:" in story
        and "B1.01 尺寸:" in story
    )
    assert "B1.02 外观：" in await read(staff, f"{here}/standings/{small.codes[0]}", "zh")
    await staff.get(f"{office}/reports/aspects/workbook.xlsx")  # waits until the event is measured
    report = f"{office}/reports/aspects?columns=aspect,name"
    assert "Appearance" in await read(staff, report, "en") and "Appearance" not in await read(staff, report, "zh")
    results = f"/c/{small.slug}/results/M01"
    assert "Practical work" in await read(stranger, results, "en")
    assert "Practical work" not in await read(stranger, results, "zh")
