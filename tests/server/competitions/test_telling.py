"""What a competition tells the public beside its results: announcements with their feed, the programme with its calendar."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import icalendar

from server.database.tables import Decision
from tests.admin.test_setup_pages import filled
from tests.server.conftest import Site, Visitor
from tests.server.small import BASE, Small, brought, founded


async def at_the_desk(site: Site, slug: str) -> tuple[Small, Visitor, Visitor]:
    """A competition that is public, its organiser, and somebody who only looks."""
    small = await brought(await founded(slug), "registration")
    return small, await site.visitor(small.staff.account), await site.visitor()


async def test_an_announcement_is_told_corrected_and_withdrawn(site: Site) -> None:
    """Everybody reads it, markup stays text, a correction says when, an old version overwrites nothing, what is withdrawn is
    read no more, and the ledger keeps all that was said."""
    small, staff, visitor = await at_the_desk(site, "told")
    desk, public = f"/office/{small.slug}/setup/news", f"/c/{small.slug}/news"
    said = {"title": "报名<b>延长</b>", "body": "各代表队：\n\n延长至 9 月 20 日。", "title_en": "", "body_en": ""}
    refused = await staff.post(desk, data={**said, "title": " ", "body": "长" * 8001})
    assert refused.status_code == 422 and "请写标题" in refused.text and "正文最多 8000 字" in refused.text
    for _ in range(2):  # a double click, or sent again after going back
        assert (await staff.post(desk, data=said)).status_code == 303
    page = (await visitor.get(public)).text
    assert page.count('id="a-') == 1
    assert "报名&lt;b&gt;延长&lt;/b&gt;" in page and page.count("<p>") >= 2 and "更正" not in page
    feed = ElementTree.fromstring((await visitor.get(f"{public}.atom")).content)
    assert feed.findtext(".//{*}entry/{*}title") == "报名<b>延长</b>"

    id = page.partition('id="a-')[2].partition('"')[0]
    assert (await staff.post(desk, data={**said, "id": id, "version": "1", "title": "报名延长"})).status_code == 303
    late = await staff.post(desk, data={**said, "id": id, "version": "1", "title": "别的", "body": "我的正文"})
    assert late.status_code == 409 and "报名延长" in late.text
    shown = late.text.partition('role="alert"')[2].partition("</div></div>")[0]
    assert "延长至 9 月 20 日" in shown and "我的正文" in late.text, "what is there now, and what was typed"
    assert "更正" in (await visitor.get(public)).text
    blind = await staff.post(f"{desk}/withdraw", data={"id": id, "version": "1"})
    assert blind.status_code == 409 and "报名延长" in blind.text, "nobody withdraws what they have not read"
    assert (await staff.post(f"{desk}/withdraw", data={"id": id, "version": "2"})).status_code == 303
    assert "报名延长" not in (await visitor.get(public)).text
    twice = await staff.post(f"{desk}/withdraw", data={"id": id, "version": "2"})
    assert twice.status_code == 404 and "这则公告已经撤下" in twice.text and f'action="{desk}"' in twice.text
    kinds = [row["kind"] for row in await Decision.select(Decision.kind).order_by(Decision.sequence)]
    assert [kind for kind in kinds if kind.startswith("announcement.")] == [
        "announcement.made",
        "announcement.corrected",
        "announcement.withdrawn",
    ]


async def test_the_programme_is_read_on_the_page_and_in_a_calendar(site: Site) -> None:
    """Days in their order, times of the competition's zone; what cannot be is refused in words; a calendar program reads it. What
    is corrected stays the same entry of the telephone's calendar, and nobody's correction is overwritten by an older page."""
    small, staff, visitor = await at_the_desk(site, "programmed")
    desk, public = f"/office/{small.slug}/setup/programme", f"/c/{small.slug}/programme"
    first = (await small.competition())["starts"].isoformat()
    item = {"title": "开幕式", "title_en": "Opening", "place": "A 馆", "event": ""}
    item |= {"starts": f"{first}T09:00", "ends": f"{first}T10:30"}
    for wrong, words in (
        ({"title": ""}, "请写名称"),
        ({"ends": f"{first}T08:00"}, "结束在开始之后"),
        ({"starts": "not a time"}, "结束在开始之后"),
        ({"starts": "1999-01-01T09:00"}, "离竞赛日期太远"),
    ):
        answer = await staff.post(desk, data={**item, **wrong})
        assert answer.status_code == 422 and words in answer.text
    for _ in range(2):  # a double click, or sent again after going back
        assert (await staff.post(desk, data=item)).status_code == 303
    assert (await staff.post(desk, data={**item, "title": "模块 A", "event": "M01"})).status_code == 303
    page = (await visitor.get(f"{public}?lang=en")).text
    assert "Opening" in page and "09:00" in page
    read = icalendar.Calendar.from_ical((await visitor.get(f"{public}.ics")).content)
    opening = next(one for one in read.events if "开幕式" in one["summary"] or "Opening" in one["summary"])
    assert opening.start.isoformat() == f"{first}T09:00:00+08:00" and opening["location"] == "A 馆"
    row = (await staff.get(desk)).text.partition('name="id" value="')[2].partition('"')[0]
    form = filled((await staff.get(f"{desk}?edit={row}")).text, f'action="{desk}"')
    assert (form["title"], form["starts"]) == ("开幕式", f"{first}T09:00")
    assert (await staff.post(desk, data={**form, "place": "B 馆"})).status_code == 303
    late = await staff.post(desk, data={**form, "starts": f"{first}T09:15"})
    assert late.status_code == 409 and "B 馆" in late.text and f'value="{first}T09:15"' in late.text
    again = filled(late.text, f'action="{desk}"')
    assert (await staff.post(desk, data={**again, "place": "B 馆"})).status_code == 303
    read = icalendar.Calendar.from_ical((await visitor.get(f"{public}.ics")).content)
    moved = next(one for one in read.events if one["uid"] == opening["uid"])
    assert moved.start.isoformat() == f"{first}T09:15:00+08:00" and moved["location"] == "B 馆"
    blind = await staff.post(f"{desk}/remove", data={"id": row, "seen": form["seen"]})
    assert blind.status_code == 409 and "B 馆" in blind.text, "nobody takes out what they have not read"
    seen = filled((await staff.get(f"{desk}?edit={row}")).text, f'action="{desk}"')["seen"]
    assert (await staff.post(f"{desk}/remove", data={"id": row, "seen": seen})).status_code == 303
    assert len(icalendar.Calendar.from_ical((await visitor.get(f"{public}.ics")).content).events) == 1
    twice = await staff.post(f"{desk}/remove", data={"id": row, "seen": seen})
    assert twice.status_code == 404 and "这项日程已经删去" in twice.text and f'action="{desk}"' in twice.text


async def test_a_competition_that_is_being_prepared_tells_nobody(site: Site) -> None:
    """Before the first registration opens its announcements and programme are not to be found."""
    small = await founded("unannounced")
    visitor = await site.visitor()
    for what in ("news", "news.atom", "programme", "programme.ics"):
        assert (await visitor.get(f"/c/{small.slug}/{what}")).status_code == 404


async def test_search_engines_find_what_the_public_may_read(site: Site) -> None:
    """The addresses for search engines all answer, each naming itself as the one to list, in either language, with a sentence about
    it; nothing that is still being prepared or not yet published is among them, and pages about one person are asked not to be read.
    """
    small, staff, visitor = await at_the_desk(site, "found")
    hidden = await founded("hidden")
    robots = (await visitor.get("/robots.txt")).text
    assert "Disallow: /v/" in robots and f"Sitemap: {BASE}/sitemap.xml" in robots
    listed = await addresses(visitor)
    assert f"/c/{small.slug}" in listed and not any(path.startswith(f"/c/{hidden.slug}") for path in listed)
    assert not any(path.endswith(("/news", "/results/M01")) for path in listed)
    said = {"title": "报名延长", "body": "至 9 月 20 日。", "title_en": "", "body_en": ""}
    assert (await staff.post(f"/office/{small.slug}/setup/news", data=said)).status_code == 303
    await brought(small, "published")
    listed = await addresses(visitor)
    assert {f"/c/{small.slug}/news", f"/c/{small.slug}/results/M01"} <= set(listed)
    for path in listed:
        page = await visitor.get(path)
        assert page.status_code == 200 and f'<link rel="canonical" href="{BASE}{path}">' in page.text, path
        assert '<meta name="description" content="' in page.text and "noindex" not in page.text, path
    english = await visitor.get(f"/c/{small.slug}", params={"lang": "en"})
    assert f'<link rel="canonical" href="{BASE}/c/{small.slug}?lang=en">' in english.text
    said_of = re.search(r'<script type="application/ld\+json">(.*?)</script>', english.text)
    assert said_of and json.loads(said_of[1])["url"] == f"{BASE}/c/{small.slug}"
    for path in ("/robots.txt", f"/c/{small.slug}/programme.ics", f"/c/{small.slug}/data/results.csv"):
        assert (await visitor.get(path)).headers["content-type"].count("charset") == 1, path
    described = await visitor.get("/api", headers={"accept-encoding": "gzip"})
    assert int(described.headers["content-length"]) < 100_000


async def addresses(visitor: Visitor) -> list[str]:
    """What the list for search engines names."""
    found = ElementTree.fromstring((await visitor.get("/sitemap.xml")).content)
    return [str(one.text).removeprefix(BASE) for one in found.iterfind(".//{*}loc")]
