"""Lists, reports and the search of the office: found, kept, taken home; counted from what is there; blind until decoding."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from admin.reports.book import book_of
from admin.reports.indicators import indicators, period_of
from server.database.tables import Decision, IndicatorTarget, JudgeStatistic, Person, SavedView
from server.marks.floor import write_down
from tests.admin.test_setup_pages import filled
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
    other = await founded("other")
    empty = await (await site.visitor(other.staff.account)).get("/office/other/lists/entries", headers=PLAIN)
    assert 'href="/office/other/registration">报名' in empty.text, "an empty list leads to where its rows come from"
    for who in (other.staff.account, small.judges[0]):
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


async def test_own_targets_by_city_and_year(site: Site, small: Small) -> None:
    """Without targets the page says that the plan has totals only; a workbook fills the table and stores nothing; what is saved stands
    beside what was granted, with a trace; of two editors the second is told and overwrites nothing; slips keep what was typed."""
    (one, two), url = (
        [await site.visitor(small.staff.account) for _ in range(2)],
        f"/office/{small.slug}/reports/targets",
    )
    empty = (await one.get(f"{url}?lang=en", headers=PLAIN)).text
    assert "none for a city or a year" in empty and "<table" not in empty and "workbook.xlsx" not in empty
    book = load_workbook(io.BytesIO((await one.get(f"{url}/form.xlsx")).content))
    table = book.active
    rows = {table.cell(row, 1).value: row for row in range(4, table.max_row + 1)}
    assert set(rows) == set(DELEGATIONS) and table.cell(3, 2).value.startswith("2026")
    table.cell(rows["唐山市"], 2).value, table.cell(rows["唐山市"], 3).value = 10, 4
    table.append(["雄安新区", 1_600_000])
    table.append(["合计", "=SUM(B4:B11)"])
    sent = io.BytesIO()
    book.save(sent)
    brought = await one.post(f"{url}/file", files={"file": ("t.xlsx", sent.getvalue())}, headers=PLAIN)
    assert brought.status_code == 200 and await IndicatorTarget.count() == 0
    action = f'action="{url}/edit?from=2026"'
    stale = filled((await two.get(f"{url}/edit", headers=PLAIN)).text, action)
    form = filled(brought.text, action)
    at = {name: key.removeprefix("city ") for key, name in form.items() if key.startswith("city ") and name}
    tangshan, other = f"target {at['唐山市']} 2026", f"target {at['廊坊市']} 2027 new"
    assert (form[f"{tangshan} new"], form[f"{tangshan} high"]) == ("10", "4") and "雄安新区" in at
    assert (await one.post(f"{url}/edit", data={**form, other: "１,２００"}, headers=PLAIN)).status_code == 303
    kept = await Decision.select(Decision.data).where(Decision.kind == "targets.set").output(load_json=True)
    assert kept[0]["data"]["targets"][0] == ["唐山市", 2026, "high", None, 4] and len(kept[0]["data"]["targets"]) == 4

    _, *lines = await sheet(one, f"{url}/workbook.xlsx?lang=zh")
    found = {(line[0], line[1] or "", line[2] or ""): line[3:] for line in lines}
    granted = (await indicators(await small.competition(), True, 2026)).cities
    actual = {row["key"]: row["new"] for row in granted}.get("唐山市", 0)
    assert found["按市和年", "唐山市", "2026"][:4] == [10, actual, actual - 10, actual * 10]
    assert found["按市", "雄安新区", ""][:2] == [1_600_000, 0] and found["按年", "", "2027"][:4] == [1200, 0, -1200, 0]
    assert found["合计", "", ""][0] == 1_601_210 and "101,210" in (await one.get(url, headers=PLAIN)).text

    (by_year, by_city) = (await book_of(await small.competition(), True, small.at, "zh"))["sections"][-1]["tables"]
    assert ["2027", "1,200", "0", "-1,200", "0.00 %"] in [row[:5] for row in by_year["rows"]]
    assert "雄安新区" in [row[0] for row in by_city["rows"]] and by_city["total"][1] == "1,601,210"

    told = await two.post(f"{url}/edit", data={**stale, f"{tangshan} new": "7"}, headers=PLAIN)
    assert told.status_code == 409 and "现在是：10" in told.text
    again = filled(told.text, action)
    assert (again[f"{tangshan} new"], again[f"{tangshan} high"], again[other]) == ("7", "4", "1200")
    assert (await two.post(f"{url}/edit", data=again, headers=PLAIN)).status_code == 303
    assert await IndicatorTarget.count() == 4
    again = filled((await two.get(f"{url}/edit", headers=PLAIN)).text, action)
    blank = next(key for key, name in again.items() if key.startswith("city ") and not name)
    row = blank.removeprefix("city ")
    for slip in (
        {other: "很多"},
        {other: "-1"},
        {f"target {row} 2026 new": "5"},
        {blank: "唐山市", f"target {row} 2028 new": "5"},
    ):
        refused = await two.post(f"{url}/edit", data={**again, **slip}, headers=PLAIN)
        assert refused.status_code == 422 and filled(refused.text, action)[list(slip)[-1]] == list(slip.values())[-1]
    assert await IndicatorTarget.count() == 4
    supervisor = await site.visitor(small.supervisor.account)
    assert "/reports/targets" not in (await supervisor.get(f"/office/{small.slug}/reports", headers=PLAIN)).text


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
