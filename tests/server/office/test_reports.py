"""Lists, reports and the search of the office: found, kept, taken home; counted from what is there; blind until decoding."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from admin.reports.indicators import indicators, period_of
from server.database.tables import JudgeStatistic, Person, SavedView
from server.marks.floor import write_down
from tests.server.conftest import Site, Visitor
from tests.server.small import DELEGATIONS, Small, brought, founded, row_of

PLAIN = {"accept": "text/html"}


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A competition with its certificates issued."""
    return await brought(await founded("reports"), "certified")


async def sheet(visitor: Visitor, path: str) -> list[list[object]]:
    """What a workbook holds below its headings, and the headings; a formula anywhere fails."""
    answer = await visitor.get(path)
    assert answer.status_code == 200, answer.text
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=3))
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in rows]


async def test_a_list_is_found_narrowed_kept_and_taken_home(site: Site, small: Small) -> None:
    """What the address asks is what the page shows and what the workbook holds; a view is its maker's; typed formulas stay text."""
    visitor, office = await site.visitor(small.staff.account), f"/office/{small.slug}"
    await Person.update({Person.name: "=1+1"}).where(Person.name == row_of(5).name)
    url = f"{office}/lists/entries"
    query = f"find=&delegation={DELEGATIONS[1]}&columns=number,names,units&sort=-number"
    page = (await visitor.get(f"{url}?{query}", headers=PLAIN)).text
    assert row_of(1).name in page and row_of(0).name not in page
    heads, *rows = await sheet(visitor, f"{url}/workbook.xlsx?{query}")
    assert heads == ["编号", "姓名", "单位"] and [row[1] for row in rows] == [row_of(1).name]
    _, *rows = await sheet(visitor, f"{url}/workbook.xlsx?sort=-number")
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True) and len(rows) == 6
    assert "=1+1" in [row[1] for row in rows]
    await Person.update({Person.name: row_of(5).name}).where(Person.name == "=1+1")
    for odd in (
        "find=%25",
        "find=' OR 1=1 --",
        "sort=id;drop",
        "page=999999",
        "page=x",
        "columns=no",
        "state=nothing",
        "find=%00",
    ):
        answer = await visitor.get(f"{url}?{odd}", headers=PLAIN)
        assert answer.status_code == 200, odd
    assert row_of(0).name not in (await visitor.get(f"{url}?find=%25", headers=PLAIN)).text
    for name in ("certificates", "promotions", "judges", "delegations"):
        assert (await visitor.get(f"{office}/lists/{name}", headers=PLAIN)).status_code == 200
        await sheet(visitor, f"{office}/lists/{name}/workbook.xlsx")
    for name, status in (("我的视图", 303), ("我的视图", 303), (" ", 422)):
        kept = await visitor.post(f"{url}/views", data={"name": name, "query": query}, headers=PLAIN)
        assert kept.status_code == status
    (view,) = await SavedView.select(SavedView.id, SavedView.query)
    assert "我的视图" in (await visitor.get(url, headers=PLAIN)).text
    other = await site.visitor(small.supervisor.account)
    assert "我的视图" not in (await other.get(url, headers=PLAIN)).text
    await other.post(f"{url}/views/{view['id']}/drop", headers=PLAIN)
    assert await SavedView.count() == 1
    await visitor.post(f"{url}/views/{view['id']}/drop", headers=PLAIN)
    assert await SavedView.count() == 0


async def test_the_search_finds_what_the_asker_may_see_and_nothing_else(site: Site, small: Small) -> None:
    """People, entries, events and certificates of one's own competitions; masked; another organiser and a judge find nothing."""
    visitor = await site.visitor(small.staff.account)
    answers = [
        (await visitor.get("/office/find", params={"q": sought}, headers=PLAIN)).text
        for sought in ("赵一", "M01-00", "焊接", "20261")
    ]
    row = row_of(0)
    assert row.name in answers[0] and row.document_number not in answers[0] and f"139{13 * '*'}16" in answers[0]
    assert "M01-001" in answers[1] and "焊接技术" in answers[2]
    found = [await visitor.get("/office/find", params={"q": code}, headers=PLAIN) for code in small.codes]
    codes = "".join(answer.text for answer in found)
    assert not [name for place in range(5) if (name := row_of(place).name) in codes]
    for who in ((await founded("other")).staff.account, small.judges[0]):
        stranger = await site.visitor(who)
        assert "M01-001" not in (await stranger.get("/office/find", params={"q": row.name}, headers=PLAIN)).text


async def test_reports_count_what_is_there(site: Site, small: Small) -> None:
    """Entries, places, promotions, certificates and indicators agree with each other; judges and aspects are measured once the
    event is sealed; the whole report is one PDF; workbooks hold what the pages show."""
    visitor, url = await site.visitor(small.staff.account), f"/office/{small.slug}/reports"
    heads, *rows = await sheet(visitor, f"{url}/participation/workbook.xlsx?by=sex")
    assert heads[0] == "性别" and [row[:2] for row in rows] == [["男", 6], ["合计", 6]]
    _, *rows = await sheet(visitor, f"{url}/certificates/workbook.xlsx?by=level")
    issued = rows[-1][1]
    _, *rows = await sheet(visitor, f"{url}/promotions/workbook.xlsx?by=level")
    granted = rows[-1][2]
    assert issued == 3 and granted == 3
    competition = await small.competition()
    found = await indicators(competition, True, period_of(2026))
    assert found.total == {"new": granted, "high": granted} and [row["new"] for row in found.years] == [
        granted,
        0,
        0,
        0,
        0,
    ]
    assert (await indicators(competition, True, 2021)).total == {"new": 0, "high": 0}
    heads, *rows = await sheet(visitor, f"{url}/reliability/workbook.xlsx")
    assert len(rows) == 3 and {row[heads.index("打分")] for row in rows} == {18, 12}
    assert await JudgeStatistic.count() == 3
    heads, *rows = await sheet(visitor, f"{url}/aspects/workbook.xlsx")
    assert [row[0] for row in rows] and len(rows) == 3
    for name in (
        "participation",
        "quotas",
        "reliability",
        "aspects",
        "appeals",
        "promotions",
        "certificates",
        "indicators",
    ):
        answers = [await visitor.get(f"{url}/{name}?lang={lang}", headers=PLAIN) for lang in ("zh", "en")]
        assert [answer.status_code for answer in answers] == [200, 200], name
    for lang in ("zh", "en"):
        paper = await visitor.post(f"{url}/book.pdf?lang={lang}")
        assert paper.content[:5] == b"%PDF-", paper.text


async def test_nothing_is_known_before_its_time(site: Site) -> None:
    """Before the seal no judge is measured; before decoding who did not come is in no report, and no page joins a name to a code."""
    small = await brought(await founded("blind"), "marking")
    absent = sorted(small.codes)[0]
    await write_down(await small.event(), absent, "absent", "", await small.chief(), small.at)
    visitor, url = await site.visitor(small.staff.account), f"/office/{small.slug}/reports"
    _, *rows = await sheet(visitor, f"{url}/participation/workbook.xlsx")
    assert {row[5] for row in rows} == {0}
    _, *rows = await sheet(visitor, f"{url}/reliability/workbook.xlsx")
    assert rows == []
    paths = [f"{url}/{name}" for name in ("participation", "reliability", "aspects", "quotas")]
    paths += [f"/office/{small.slug}/lists/{name}" for name in ("entries", "judges", "delegations")]
    seen = "".join([(await visitor.get(path, headers=PLAIN)).text for path in paths])
    assert not [code for code in small.codes if re.search(rf"\b{code}\b", seen)]
