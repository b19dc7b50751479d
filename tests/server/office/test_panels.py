"""The office's pages of judges and panels, walked as a person walks them, and the invitation behind a link."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import Workbook

from server import proposing
from server.competitions.proposing import Question, begin, finish
from server.competitions.proposing import newest as newest_proposal
from server.database.tables import Account, Decision, JudgePin, Proposal, Seat
from server.marks.gathering import situation
from server.marks.planning import Situation
from server.people.pins import check_pin
from tests.server.conftest import Site, Visitor
from tests.server.pooled import NAMES
from tests.server.small import Small, founded, opened

HEADINGS = ("姓名", "工作单位", "技能等级", "从业年限", "职业编码", "联系电话")


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A competition whose event is open for entries."""
    small = await founded()
    await opened(small, "registration")
    return small


@pytest.fixture(scope="module")
async def desk(site: Site, small: Small) -> Visitor:
    """The organiser's browser."""
    return await site.visitor(small.staff.account)


def book(*rows: tuple[Any, ...]) -> bytes:
    """A workbook of judges."""
    made = Workbook()
    for row in (HEADINGS, *rows):
        made.active.append(list(row))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def judge(place: int, **more: Any) -> tuple[Any, ...]:
    """A row of the workbook."""
    row = {
        "name": NAMES[place],
        "unit": f"第{place + 1}技师学院",
        "level": "技师",
        "years": 10 + place,
        "code": "6-18-02-04",
    }
    return (*(row | more).values(), f"1380000{place:04}")


async def brought_in(desk: Visitor, small: Small, *rows: tuple[Any, ...]) -> httpx.Response:
    """Upload a workbook."""
    return await desk.post(f"/office/{small.slug}/judges/workbook", files={"file": ("裁判.xlsx", book(*rows))})


async def there(small: Small) -> Situation:
    """Where the panels stand."""
    return await situation(await small.competition())


async def sent(desk: Visitor, small: Small, where: str, **fields: Any) -> httpx.Response:
    """Post a form of the panels."""
    return await desk.post(f"/office/{small.slug}/panels{where}", data=fields, headers={"accept": "text/html"})


async def test_a_pool_comes_in_and_is_searched(desk: Visitor, small: Small) -> None:
    """A workbook with a mistake comes back with its place; the mended one goes in; the list finds people."""
    refused = await brought_in(desk, small, judge(0), judge(1, level="大师"))
    assert refused.status_code == 422 and "大师" in refused.text and NAMES[0] not in refused.text
    taken = await brought_in(desk, small, *(judge(place) for place in range(6)))
    assert taken.status_code == 200 and "已收下 6 人：新增 6" in taken.text
    pages = {
        query: (await desk.get(f"/office/{small.slug}/judges?{query}")).text
        for query in (
            "q=高志远",
            "q=0003",
            "occupation=6-18-02-04",
            "occupation=1-01-01-01",
            "load=0",
            "load=2",
            "page=9",
            "page=x",
        )
    }
    shown = {query: [name for name in NAMES[:6] if f">{name}</a>" in text] for query, text in pages.items()}
    assert shown["q=高志远"] == ["高志远"] and shown["q=0003"] == [NAMES[3]]
    assert len(shown["occupation=6-18-02-04"]) == 6 and shown["occupation=1-01-01-01"] == []
    assert len(shown["load=0"]) == 6 and shown["load=2"] == [] and len(shown["page=9"]) == len(shown["page=x"]) == 6
    assert "138****0003" in pages["load=0"] and "13800000003" not in "".join(pages.values())
    empty = await desk.get(f"/office/{small.slug}/judges/empty.xlsx")
    assert empty.content.startswith(b"PK")
    wrong = await desk.post(f"/office/{small.slug}/judges/workbook", files={"file": ("x.xlsx", b"no workbook")})
    assert wrong.status_code == 422 and "不是 Excel 工作簿" in wrong.text


async def test_a_judges_page_keeps_what_is_typed(desk: Visitor, small: Small) -> None:
    """The form adds and changes; history and recusals come and go; what is refused says why and keeps the fields."""
    url = f"/office/{small.slug}/judges"
    fields = {
        "name": "新来的",
        "unit": "某厂",
        "phone": "13900001111",
        "years": "abc",
        "occupations": "6-18-02-04，6-31-01-03",
    }
    refused = await desk.post(f"{url}/new", data=fields, headers={"accept": "text/html"})
    assert refused.status_code == 422 and "从业年限是" in refused.text and 'value="新来的"' in refused.text
    added = await desk.post(f"{url}/new", data={**fields, "years": "5"})
    assert added.status_code == 303
    page = added.headers["location"]
    assert "6-18-02-04、6-31-01-03" in (await desk.get(page)).text
    event = str((await small.event())["id"])
    for data in (
        {"act": "save", "version": "0", **fields, "phone": "", "years": "6", "events": event},
        {"act": "save", "version": "1", **fields, "phone": "", "years": "6"},
        {"act": "history", "year": "2019", "competition": "全国大赛", "chief": "yes"},
        {"act": "recusal", "about": "person", "who": "赵一", "reason": "relative"},
        {"act": "recusal", "about": event, "reason": "other", "words": "命题人"},
        {"act": "retire"},
    ):
        assert (await desk.post(page, data=data)).status_code == 303, data
    text = (await desk.get(page)).text
    assert all(word in text for word in ("全国大赛", "选手“赵一”：选手是我的亲属", "命题人", "不再邀请", "139****1111"))
    late = await desk.post(page, data={"act": "save", "version": "0", **fields, "years": "7"})
    nothing = await desk.post(page, data={"act": "recusal", "about": "unit", "who": "", "reason": "own-unit"})
    assert (late.status_code, nothing.status_code) == (409, 422)
    for name, act in (("typed", "drop-history"), ("recusal", "withdraw")):
        found = re.search(rf'name="{name}" value="([0-9a-f-]{{36}})"', text)
        assert found and (await desk.post(page, data={"act": act, name: found.group(1)})).status_code == 303
    text = (await desk.get(page)).text
    assert "全国大赛" not in text and "赵一" not in text
    for address in (f"{url}/0", f"{url}/{event}"):
        assert (await desk.get(address)).status_code == 404


async def proposed(desk: Visitor, small: Small) -> str:
    """Ask for a proposal and wait until it is there; the page that shows it."""
    started = await sent(desk, small, "/proposal")
    assert started.status_code == 303
    competition = (await small.competition())["id"]
    async with asyncio.timeout(600):
        while ((await newest_proposal(competition, datetime.now(UTC))) or {})["state"] == "computing":
            await asyncio.sleep(0.1)
    return (await desk.get(started.headers["location"])).text


async def test_a_proposal_is_computed_beside_the_program_and_taken_over(desk: Visitor, small: Small) -> None:
    """The proposal shows who is new; taken over for the ticked events they are wanted; links are made and shown once."""
    assert (await desk.get(f"/office/{small.slug}/panels/proposal")).status_code == 303
    competition, now = (await small.competition())["id"], datetime.now(UTC)
    under_way = await begin(competition, small.staff, now)
    assert under_way and (await sent(desk, small, "/proposal")).status_code == 303
    assert await Proposal.count().where(Proposal.competition == competition) == 1, "a double click computes once"
    await finish(under_way, None, now)
    text = await proposed(desk, small)
    assert "全部席位都有人选" in text and all(name in text for name in NAMES[3:6])
    found = re.search(r'name="proposal" value="([0-9a-f-]{36})"', text)
    assert found
    none = await sent(desk, small, "/proposal/take", proposal=found.group(1))
    assert "已采用 0 个赛项" in none.text
    taken = await sent(desk, small, "/proposal/take", proposal=found.group(1), events="M01")
    assert "新增 3 席" in taken.text and "3 席已有人选，还没有邀请" in taken.text
    unknown = await sent(desk, small, "/proposal/take", proposal="0", all="yes")
    assert unknown.status_code == 404
    assert (await sent(desk, small, "/links", until="yesterday")).status_code == 422
    assert (await sent(desk, small, "/links", until="2020-01-01")).status_code == 422
    links = await sent(desk, small, "/links", until="2126-10-10")
    tokens = re.findall(r"https://podium\.example/invitation/([\w-]+)", links.text)
    assert len(set(tokens)) == 3 and "13800000003" in links.text
    assert "没有待邀请的人" in (await sent(desk, small, "/links", until="2126-10-10")).text


async def test_a_panel_is_changed_by_hand(desk: Visitor, small: Small) -> None:
    """Candidates come with what stands against them; a change without its reason comes back, with it the panel changes."""
    now = await there(small)
    away = next(one for one in now.sitting["M01"] if one.label == NAMES[5])
    page = (await desk.get(f"/office/{small.slug}/panels/M01?instead={away.key}")).text
    assert f"换下 {NAMES[5]}" in page and all(name in page for name in NAMES[:3])
    fields = {"act": "put", "judge": str(now.pool[NAMES[0]]["id"]), "instead": away.key}
    refused = await sent(desk, small, "/M01", **fields)
    assert refused.status_code == 422 and "这样改要写明理由" in refused.text and "checked" in refused.text
    nobody = await sent(desk, small, "/M01", act="put", judge="", instead=away.key, reason="x")
    assert nobody.status_code == 422 and "请先选一位候选人" in nobody.text
    assert (await sent(desk, small, "/M01", **fields, reason="有国赛经验")).status_code == 303
    assert "有国赛经验" in (await desk.get(f"/office/{small.slug}/panels/M01")).text
    assert (await sent(desk, small, "/M01", act="days", days="2026-10-16")).status_code == 303
    assert (await sent(desk, small, "/M01", act="days", days="x")).status_code == 422
    late = await sent(desk, small, "/M01", act="days", days="2026-10-17", known="2026-10-16/2026-10-17/2026-10-18")
    assert late.status_code == 409 and "现在是：2026年10月16日。" in late.text
    chief = next(one for one in (await there(small)).sitting["M01"] if one.label == NAMES[4])
    assert (await sent(desk, small, "/M01", act="chief", key=chief.key)).status_code == 303
    assert "裁判长" in (await desk.get(f"/office/{small.slug}/panels")).text
    rules = await sent(desk, small, "/rules", years="500", level="", title="", most="", one_per="unit")
    assert rules.status_code == 422 and 'value="500"' in rules.text
    fine = {"years": "2", "level": "senior", "title": "", "most": "3", "one_per": "delegation"}
    assert (await sent(desk, small, "/rules", **fine)).status_code == 303
    kinds = {row["kind"] for row in await Decision.select(Decision.kind)}
    assert {"panel.changed", "panel.chief", "panel.days", "panel.rules", "panel.proposed", "judges.invited"} <= kinds


async def token_for(desk: Visitor, small: Small, name: str) -> str:
    """A new link for one judge."""
    judge = str((await there(small)).pool[name]["id"])
    links = await sent(desk, small, "/links", judge=judge, until="2126-10-10")
    found = re.search(r"/invitation/([\w-]+)", links.text)
    assert found
    return found.group(1)


async def test_a_judge_answers_on_their_own(site: Site, desk: Visitor, small: Small) -> None:
    """A page without an account: the recusal is asked first, yes seats, no needs a word, and a used link says so. The PIN is
    chosen there once, typed twice; the link changes it never, and chooses none for an account with a password."""
    phone = await site.visitor()
    url = f"/invitation/{await token_for(desk, small, NAMES[4])}"
    page = (await phone.get(url)).text
    assert all(word in page for word in (NAMES[4], "焊接技术", "担任裁判长", "您认识参赛的人吗", "2026年10月16日"))
    assert not any(name in page for name in (*NAMES[:4], NAMES[5]))
    cases = [
        ({}, "请对每个赛项选择"),
        ({"answer-M01": "maybe"}, "请对每个赛项选择"),
        ({"answer-M01": "yes"}, "请先回答是否认识"),
        ({"answer-M01": "yes", "knows": "somebody"}, "请写出您认识的"),
        ({"answer-M01": "no"}, "请写一句谢绝的原因"),
        (
            {"answer-M01": "yes", "knows": "somebody", "who-1": "赵一", "why-1": "other", "about-1": "person"},
            "请写明理由",
        ),
        ({"answer-M01": "yes", "knows": "nobody", "pin": "123456", "pin-again": "123456"}, "PIN 要六位数字"),
        ({"answer-M01": "yes", "knows": "nobody", "pin": "274913", "pin-again": "274914"}, "两次输入的 PIN 不一样"),
        ({"answer-M01": "yes", "knows": "nobody", "pin-again": "274914"}, "PIN 要六位数字"),
    ]
    for fields, words in cases:
        refused = await phone.post(url, data=fields, headers={"accept": "text/html"})
        assert refused.status_code == 422 and words in refused.text, fields
    early = await phone.post(
        f"{url}/pin", data={"pin": "274913", "pin-again": "274913"}, headers={"accept": "text/html"}
    )
    assert early.status_code == 409 and await JudgePin.count() == 0
    done = await phone.post(url, data={"answer-M01": "yes", "knows": "nobody"})
    assert done.status_code == 303 and "链接已经用过" in (await phone.get(url)).text
    again = await phone.post(url, data={"answer-M01": "no", "reason": "改了主意"}, headers={"accept": "text/html"})
    assert again.status_code == 409 and "链接已经用过" in again.text
    assert [row["chief"] for row in await Seat.select()] == [True]
    assert (await phone.get("/invitation/nobody")).status_code == 404
    (seat,) = await Seat.select()
    typed = {"pin": "274913", "pin-again": "274913"}
    await Account.update({Account.password_hash: "x"}).where(Account.id == seat["account"])
    assert "first-pin" not in (await phone.get(url)).text
    assert (await phone.post(f"{url}/pin", data=typed, headers={"accept": "text/html"})).status_code == 409
    await Account.update({Account.password_hash: ""}).where(Account.id == seat["account"])
    assert "first-pin" in (await phone.get(url)).text
    assert (await phone.post(f"{url}/pin", data=typed)).status_code == 303
    await check_pin(seat["account"], "274913", datetime.now(UTC))
    assert "first-pin" not in (page := (await phone.get(url)).text) and "凭裁判证和 PIN" in page
    other = {"pin": "905127", "pin-again": "905127"}
    assert (await phone.post(f"{url}/pin", data=other, headers={"accept": "text/html"})).status_code == 409
    await check_pin(seat["account"], "274913", datetime.now(UTC))
    english = (await phone.get(f"{url}?lang=en")).text
    assert f"Thank you, {NAMES[4]}" in english


async def test_who_declines_makes_room_for_the_next(site: Site, desk: Visitor, small: Small) -> None:
    """The office sees who declined and why, with the next candidate one click away; a telephone's answer can be noted."""
    phone = await site.visitor()
    url = f"/invitation/{await token_for(desk, small, NAMES[3])}"
    assert (await phone.post(url, data={"answer-M01": "no", "reason": "当周出差"})).status_code == 303
    page = (await desk.get(f"/office/{small.slug}/panels?only=declined")).text
    found = re.search(r'name="judge" value="([0-9a-f-]{36})"', page)
    assert found and "当周出差" in page and "下一位" in page
    back = await sent(desk, small, "/M01", act="put", judge=found.group(1), back="list")
    assert back.headers["location"].endswith("/panels#event-M01")
    waiting = [one for one in (await there(small)).sitting["M01"] if one.state == "proposed"]
    assert len(waiting) == 2
    assert (await sent(desk, small, "/M01", act="yes", key=waiting[0].key, reason="电话答应")).status_code == 303
    assert (await sent(desk, small, "/M01", act="no", key=waiting[1].key, reason="")).status_code == 422
    assert (await sent(desk, small, "/M01", act="off", key=waiting[1].key, reason="另有安排")).status_code == 303
    assert len((await there(small)).sitting["M01"]) == 2


async def test_a_seated_judge_gets_a_link_for_the_tablet(site: Site, desk: Visitor, small: Small) -> None:
    """The link signs the judge in once; nobody else is signed in by one."""
    chief = next(one for one in (await there(small)).sitting["M01"] if one.chief)
    page = (await sent(desk, small, "/M01", act="sign-in", key=chief.key)).text
    found = re.search(r"https://podium\.example(/sign-in/[\w-]+)", page)
    assert found
    tablet = await site.visitor()
    assert (await tablet.post(found.group(1))).headers["location"] == "/tablet"
    assert (await sent(desk, small, "/M01", act="sign-in", key="nobody")).status_code == 409


async def test_a_supervisor_looks_and_changes_nothing(site: Site, small: Small) -> None:
    """Who supervises sees panels, proposal and pool, without a form to change them."""
    visitor = await site.visitor(small.supervisor.account)
    for path in ("panels", "panels/proposal", "panels/M01", "judges"):
        page = await visitor.get(f"/office/{small.slug}/{path}")
        posts = re.findall(r'<form[^>]*method="post" action="([^"]*)"', page.text)
        assert page.status_code == 200 and set(posts) == {"/sign-out"}, path


async def test_a_process_that_dies_leaves_the_panels_as_they_are(
    small: Small, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed computation is told as such, and the next one works."""

    def killed(question: Question, running: set[Any]) -> Any:
        raise EOFError

    before = [one.label for one in (await there(small)).sitting["M01"]]
    with monkeypatch.context() as patch:
        patch.setattr(proposing, "in_a_process", killed)
        assert "这次没有算出方案" in await proposed(desk, small)
    assert [one.label for one in (await there(small)).sitting["M01"]] == before
    assert "用到" in await proposed(desk, small)


async def test_the_rail_is_the_same_on_every_page_of_the_office(small: Small, desk: Visitor) -> None:
    """Whoever sets a competition up finds every desk from every other, also from judges, panels and the draw."""
    office = f"/office/{small.slug}"
    event = f"{office}/events/M01/draw"
    pages = ("", "/registration", "/review", "/panels", "/judges", "/judges/new", "/panels/M01", "/setup")
    rails = {}
    for url in (*(office + page for page in pages), event):
        shown = await desk.get(url, headers={"accept": "text/html"})
        nav = re.search(r"<nav.*?</nav>", shown.text, re.DOTALL)
        assert shown.status_code == 200 and nav
        rails[url] = re.findall(r'href="([^"]+)"', nav[0])
    assert [url for url, links in rails.items() if links != rails[office]] == []
