"""Marks on paper: two people type every sheet, neither sees the other's, and only what both say becomes marks."""

from __future__ import annotations

import html
import io
import re

import pypdfium2
import zxingcpp

from scoring.marks import Aspect, in_marks
from server.database.tables import Decision, PaperTyping
from server.marks.batch import Post
from server.marks.flow import current_rows
from server.marks.paper import sheets_of
from server.marks.signing import signatures_of
from server.people.flow import add_account, employ
from tests.server.conftest import Site, Visitor
from tests.server.small import Small, brought, founded, mark, posted


async def staffed(site: Site, small: Small) -> list[Visitor]:
    """Three of the organiser's staff, each at a desk of their own."""
    organiser = (await small.competition())["organiser"]
    accounts = [await add_account(f"{small.slug}-{n}", f"录入{n}") for n in range(3)]
    for account in accounts:
        await employ(organiser, account)
    return [await site.visitor(account) for account in accounts]


async def filled(small: Small, entry: str, label: str) -> dict[str, str]:
    """What stands on a sheet: every owed cell, in full-width figures here and there, as people type."""
    sheet = next(one for one in await sheets_of(await small.event()) if (one.entry, one.label) == (entry, label))
    return {
        f"cell-{cell.aspect.id}": "２" if cell.aspect.kind == "judged" else in_marks(top(cell.aspect))
        for cell in sheet.cells
    }


def top(aspect: Aspect) -> int:
    return aspect.allowed[-1] if aspect.allowed else aspect.maximum


async def test_a_sheet_is_stored_when_two_people_typed_the_same(site: Site) -> None:
    """One typing stores nothing; the second sees nothing of it; differences are shown to both and mended by whoever erred;
    then the marks are in the ledger once, under the judge, and the ledger of decisions names both who typed."""
    small = await brought(await founded("paper-twice"), "marking")
    first, second, third = await staffed(site, small)
    event, entry = await small.event(), small.codes[0]
    here = f"/office/{small.slug}/events/M01/paper"
    page = await first.get(f"{here}?sheet=m01／{entry}/ｊ2")  # as Chinese keyboards type
    assert page.headers["location"] == f"{here}/{entry}/J2"
    sheet = page.headers["location"]

    typed = await filled(small, entry, "J2")
    aspect = list(typed)[-1].removeprefix("cell-")
    assert (await first.post(sheet, data={**typed, f"cell-{aspect}": "0"})).headers["location"].endswith("said=typed")
    assert await current_rows(event["id"]) == []
    seen = await second.get(sheet)
    assert "录入0" in seen.text and re.findall(r'name="cell-[^"]+" value="(.*?)"', seen.text) == [""] * len(typed)

    compared = await second.post(sheet, data=typed)
    assert (
        compared.status_code == 200
        and "对方：0" in compared.text
        and "对方：0.00" not in compared.text
        and compared.text.count('class="theirs"') == 1
    )
    assert re.findall(r'id="cell-([^"]+)"[^>]* autofocus', compared.text) == [aspect], (
        "nobody looks for it with a mouse"
    )
    assert await current_rows(event["id"]) == []
    assert "录入0" in (await third.get(sheet)).text and (await third.post(sheet, data=typed)).status_code == 409

    assert (await first.post(sheet, data=typed)).headers["location"].endswith("said=stored")
    rows = await current_rows(event["id"])
    assert {(row["entry"], row["judge"]) for row in rows} == {(entry, small.judges[1])} and len(rows) == len(typed)
    brought_in = await Decision.select().where(Decision.kind == "marks.typed").output(load_json=True)
    assert [one["data"]["typists"] for one in brought_in] == [["录入0", "录入1"]]
    assert {row["state"] for row in await PaperTyping.select()} == {"stored"}
    assert "标准" not in (await first.get(sheet)).text and (await first.post(sheet, data=typed)).status_code == 409


async def test_what_cannot_be_given_is_named_and_nothing_half_is_kept(site: Site) -> None:
    """An empty cell, one above the maximum and one that is no number are each told beside it, with what was typed."""
    small = await brought(await founded("paper-wrong"), "marking")
    first, _, _ = await staffed(site, small)
    entry = small.codes[0]
    sheet, typed = f"/office/{small.slug}/events/M01/paper/{entry}/J1", await filled(small, entry, "J1")
    for bad in ("", "99999", "=1+1", "-1", "1e3", "<b>"):
        wrong = dict.fromkeys(list(typed)[:2], bad)
        answer = await first.post(sheet, data={**typed, **wrong})
        assert answer.status_code == 422 and answer.text.count('class="wrong"') == 2
        assert answer.text.count(f'value="{html.escape(bad)}"') >= 2
    assert not await PaperTyping.exists().where(PaperTyping.event == (await small.event())["id"])


async def test_what_a_tablet_sent_is_not_typed_and_a_judge_types_nothing(site: Site) -> None:
    """Cells that are stored drop out of a sheet; whoever judges the event sees no sheet, whatever else they are."""
    small = await brought(await founded("paper-tablet"), "marking")
    first, _, _ = await staffed(site, small)
    event, entry = await small.event(), small.codes[0]
    typed = await filled(small, entry, "J2")
    aspect = next(iter(typed)).removeprefix("cell-")
    await posted(small, [Post(mark(event["id"], entry, aspect, 0), small.judges[1])])
    assert f'name="cell-{aspect}"' not in (await first.get(f"/office/{small.slug}/events/M01/paper/{entry}/J2")).text
    await employ((await small.competition())["organiser"], small.judges[2])
    both = await site.visitor(small.judges[2])
    assert (await both.get(f"/office/{small.slug}/events/M01/paper")).status_code == 403


async def test_the_printed_sheets_lead_back_to_their_typing(site: Site) -> None:
    """A page for every sheet that is owed; its code is read from the paper; it says the work code and nobody's name."""
    small = await brought(await founded("paper-print"), "marking")
    first, _, _ = await staffed(site, small)
    entry = small.codes[0]
    answer = await first.get(f"/office/{small.slug}/events/M01/paper/sheets.pdf?entry={entry}&judge=J2")
    document = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    codes = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    assert [code.text for code in codes] == [f"M01/{entry}/J2"]
    text = "".join(one.get_textpage().get_text_bounded() for one in document)
    assert re.search("裁判 J2", text) and "选手" not in text


async def test_a_sheet_that_was_signed_on_paper_is_signed(site: Site) -> None:
    """A tick that only one of two people made stores nothing; what both saw is on record with the marks; a judge's sheet holds when
    their own paper and the panel's were signed by them, the seal waits for nobody else's, and a corrected mark voids it."""
    small = await brought(await founded("paper-signed"), "marking")
    first, second, _ = await staffed(site, small)
    here, entry, judge = f"/office/{small.slug}/events/M01/paper", small.codes[0], small.judges[1]
    typed, mine = await filled(small, entry, "J2"), {f"signed-{judge}": "yes"}
    await first.post(
        f"{here}/{entry}/J2", data={**typed, **mine, f"signed-{small.judges[2]}": "yes", "signed-contestant": "yes"}
    )
    compared = await second.post(f"{here}/{entry}/J2", data=typed)
    assert (
        compared.status_code == 200
        and "录入0" in compared.text
        and await current_rows((await small.event())["id"]) == []
    )
    ticked = f'id="signed-{judge}" name="signed-{judge}" value="yes"'
    assert f"{ticked}>" in compared.text and f"{ticked} checked>" in (await first.get(f"{here}/{entry}/J2")).text
    version = (await small.event())["version"]
    assert (await second.post(f"{here}/{entry}/J2", data={**typed, **mine})).headers["location"].endswith("said=stored")
    found = await signatures_of(await small.event())
    assert found.judges == {} and (await small.event())["version"] > version, "the panel's marks are not on this paper"

    panel = await filled(small, entry, "panel")
    both = {f"signed-{account}": "yes" for account in small.judges[1:]}
    for visitor in (first, second):
        await visitor.post(f"{here}/{entry}/panel", data={**panel, **both})
    event = await small.event()
    found = await signatures_of(event)
    assert found.holds(entry, judge) and not found.holds(entry, small.judges[2]), (
        "that judge's own sheet is not typed yet"
    )
    assert found.missing_judges == len(small.codes) * len(small.judges) - 1
    told = (await (await site.visitor(judge)).get("/api/shift")).json()["events"][0]
    assert told["signing"]["mine"][entry][0] is True
    written = (
        await Decision.select()
        .where((Decision.kind == "marks.typed") & (Decision.event == event["id"]))
        .output(load_json=True)
    )
    assert [sorted(one["data"]["signed"]) for one in written] == [[str(judge)], sorted(map(str, small.judges[1:]))]

    row = next(one for one in await current_rows(event["id"]) if one["judge"] == judge and one["aspect"] == "B1.01")
    await posted(small, [Post(mark(event["id"], entry, "B1.01", 0, replaces=row["id"]), judge)])
    found = await signatures_of(event)
    assert not found.holds(entry, judge) and found.judges[entry, judge].holds is False
