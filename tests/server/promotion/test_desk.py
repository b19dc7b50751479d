"""The promotions desk in the office: lists out, answers in, silent cases decided; and what the winner then reads."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from admin import promotion_pages
from scoring.ladder import LEVELS
from scoring.promotion import Promoted, Silent
from scoring.verdict import Words
from server.database.tables import Certificate, Decision, Promotion, PromotionDecision, SkillRecord, SkillWithdrawal
from server.promotion import flow
from tests.server.conftest import Site, Visitor
from tests.server.small import Small, brought, founded, opened

DOCUMENT = "冀人社函〔2026〕12号"
SAID = Words("本条没有规定", "the text does not say")
ANSWERS = (
    Silent("promotion.first", SAID),
    Promoted(LEVELS["technician"], "promotion.second", SAID, "approval"),
    Promoted(LEVELS["technician"], "promotion.third", SAID, "application"),
)


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A competition at its end: one silent case, one approval, one application."""
    left, asked = list(ANSWERS), flow.promote
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flow, "promote", lambda *given: left.pop(0) if left else asked(*given))
        return await brought(await founded(), "final")


@pytest.fixture
async def staff(site: Site, small: Small) -> Visitor:
    """The organiser's staff."""
    return await site.visitor(small.staff.account)


async def case(mode: str) -> dict[str, Any]:
    row = (
        await Promotion.select(Promotion.id, Promotion.person.name.as_alias("name"))
        .where(Promotion.mode == mode)
        .first()
    )
    assert row
    return dict(row)


def answered(list_: bytes, answers: dict[str, tuple[str, str]]) -> bytes:
    """The list with answers beside these names."""
    book = load_workbook(io.BytesIO(list_))
    sheet = book.active
    heads = [str(cell.value).split("\n")[0] for cell in sheet[3]]
    for row in range(4, sheet.max_row + 1):
        answer = answers.get(str(sheet.cell(row, heads.index("姓名") + 1).value))
        if answer:
            sheet.cell(row, heads.index("核准结果") + 1).value, sheet.cell(row, heads.index("核准意见") + 1).value = (
                answer
            )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_the_desk_is_narrowed_turned_and_comes_back_to_where_it_was(
    site: Site, small: Small, staff: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more cases than a page: every part of the desk turns its own pages, filters find somebody on any of them, a row of
    the list leads to its case, and a decision that is refused keeps the filters.
    """
    monkeypatch.setattr(promotion_pages, "MOST_SHOWN", 1)
    url = f"/office/{small.slug}/promotions"

    async def page(query: str = "") -> str:
        return (await staff.get(f"{url}?{query}", headers={"accept": "text/html"})).text

    first = await page()
    names = [(await case(mode))["name"] for mode in ("approval", "application")]
    assert "1–1 / 2" in first and "?page=2&amp;part=waiting" in first
    second = await page("page=2&part=waiting")
    assert "2–2 / 2" in second and "?part=waiting" in second
    shown = [{name for name in names if f"<b>{name}</b>" in text} for text in (first, second)]
    assert shown[0] | shown[1] == set(names) and not shown[0] & shown[1]

    everybody = (
        await staff.get(f"/office/{small.slug}/lists/promotions?state=waiting", headers={"accept": "text/html"})
    ).text
    for link in re.findall(r'href="(/office/[^"]+/promotions\?find=[^"]+)#(case-[0-9a-f-]{36})"', everybody):
        assert f'id="{link[1]}"' in (await staff.get(link[0], headers={"accept": "text/html"})).text
    none = await page("find=Nobody")
    assert f'href="{url}"' in none
    assert not any(f"<b>{name}</b>" in none for name in names)


async def test_the_list_goes_out_and_its_answers_come_back(small: Small, staff: Visitor) -> None:
    """Only who waits is on the list, with full document numbers, and that it was made is in the ledger. Answers are shown,
    then taken over; the same answers a second time are refused, and nothing is stored twice. Programs read the same, and
    certificates issued afterwards say the level that was granted and nothing of the one that was not."""
    desk = f"/office/{small.slug}/promotions"
    listed = await staff.post(f"{desk}/list.xlsx", data={"of": "waiting"})
    text = str([[cell.value for cell in row] for row in load_workbook(io.BytesIO(listed.content)).active.rows])  # type: ignore[union-attr]
    approval, application = await case("approval"), await case("application")
    silent = await Promotion.select(Promotion.person.name.as_alias("name")).where(Promotion.outcome == "silent").first()
    assert approval["name"] in text and application["name"] in text and silent and silent["name"] not in text
    assert re.search(r"139999\d{11}", text) and "********" not in text
    filed = await Decision.select().where(Decision.kind == "promotions.filed").output(load_json=True)
    assert filed[-1]["data"] == {"list": "waiting", "people": 2}

    sent = answered(listed.content, {approval["name"]: ("同意", ""), application["name"]: ("不同意", "工作年限不够")})
    page = await staff.post(f"{desk}/answers", data={"document": DOCUMENT}, files={"file": ("名单.xlsx", sent)})
    assert page.status_code == 200 and "工作年限不够" in page.text and DOCUMENT in page.text
    assert await PromotionDecision.count() == 0, "a preview stores nothing"
    hidden = re.search(r'name="answers" value="([^"]*)"', page.text)
    assert hidden
    given = {"answers": hidden[1].replace("&#34;", '"').replace("&amp;", "&"), "document": DOCUMENT}
    done = await staff.post(f"{desk}/answers/accept", data=given)
    assert done.status_code == 303 and "granted=1&refused=1" in done.headers["location"]
    again = await staff.post(f"{desk}/answers/accept", data=given)
    assert (
        again.status_code == 409 and "already" in (await staff.post(f"{desk}/answers/accept?lang=en", data=given)).text
    )
    assert await SkillRecord.count().where(SkillRecord.promotion == approval["id"]) == 1
    assert await SkillRecord.count().where(SkillRecord.promotion == application["id"]) == 0

    api = f"/api/competitions/{small.slug}/promotions"
    told = {one["id"]: one["state"] for one in (await staff.get(api)).json()["promotions"]}
    assert (told[str(approval["id"])], told[str(application["id"])]) == ("granted", "refused")
    ruling = {"promotion": str(approval["id"]), "reason": "r", "document": "d"}
    answer = await staff.post(api, json={"rulings": [ruling]})
    assert (answer.status_code, answer.json()["code"]) == (409, "promotion.decided")

    await opened(small, "certified")
    papers = {json.loads(row["content"])["name"]: json.loads(row["content"]) for row in await Certificate.select()}
    assert "二级/技师" in papers[approval["name"]]["promotion"]
    assert "promotion" not in papers[application["name"]]
    seen = re.search(rf'{approval["id"]}/undo">.*?name="seen" value="([^"]+)"', (await staff.get(desk)).text)
    assert seen
    undo = {"seen": html.unescape(seen[1]), "why": "文号录错"}
    kept = await staff.post(f"{desk}/{approval['id']}/undo?lang=zh", data=undo)
    assert kept.status_code == 409 and "发证" in kept.text and "文号录错" in kept.text, "it is printed on a certificate"
    stamped = await staff.post(f"{desk}/list.pdf", data={"of": "granted"})
    assert stamped.status_code == 200 and stamped.content.startswith(b"%PDF-")


async def test_a_list_that_cannot_be_read_says_where(small: Small, staff: Visitor) -> None:
    """A wrong answer in a cell: its row and what to write, and nothing is shown as if it could be taken over."""
    desk = f"/office/{small.slug}/promotions"
    book = load_workbook(io.BytesIO((await staff.post(f"{desk}/list.xlsx", data={"of": "waiting"})).content))
    sheet = book.active
    heads = [str(cell.value).split("\n")[0] for cell in sheet[3]]
    sheet.append(["x"] * heads.index("核准结果") + ["也许"])
    out = io.BytesIO()
    book.save(out)
    page = await staff.post(
        f"{desk}/answers", data={"document": DOCUMENT}, files={"file": ("名单.xlsx", out.getvalue())}
    )
    assert page.status_code == 422 and "也许" in page.text and "answers/accept" not in page.text
    none = await staff.post(f"{desk}/answers", data={"document": DOCUMENT}, files={"other": ("x", b"x")})
    assert none.status_code == 422


async def test_a_supervisor_decides_and_staff_read(site: Site, small: Small, staff: Visitor) -> None:
    """Staff see the case without a form; a supervisor who forgot the reason keeps the choice, then decides. They take it back
    with a reason, nobody else does and no stale page; the record's row stays beside its withdrawal, nobody holds the level or
    reads it in public, the case is open again with what was taken back beside it, and may be decided otherwise.
    """
    desk = f"/office/{small.slug}/promotions"
    silent = await Promotion.select(Promotion.id).where(Promotion.outcome == "silent").first()
    assert silent
    act = f"{desk}/{silent['id']}"
    assert act not in (await staff.get(desk)).text
    assert (await staff.post(act, data={"level": "senior", "reason": "理由"})).status_code == 403
    theirs = (await staff.get(f"/office/{small.slug}?lang=en")).text
    assert 'id="silent"' in theirs and "#case-" not in theirs and "· Welding" in theirs, (
        "no button that leads to a lock"
    )
    supervisor = await site.visitor(small.supervisor.account)
    assert f'href="{desk}"' in (await supervisor.get("/office")).text, "it needs somebody"
    corridor = await supervisor.get(f"/office/{small.slug}")
    assert f"{desk}#case-{silent['id']}" in corridor.text
    assert (await supervisor.post(act, data={"level": "", "reason": "理由"})).status_code == 422
    forgot = await supervisor.post(act, data={"level": "technician", "reason": ""})
    assert forgot.status_code == 409 and '<option value="technician" selected>' in forgot.text
    assert (await supervisor.post(act, data={"level": "technician", "reason": "参照第 5 条"})).status_code == 303
    assert f'href="{desk}"' not in (await supervisor.get("/office")).text
    corridor = await supervisor.get(f"/office/{small.slug}")
    assert f"#case-{silent['id']}" not in corridor.text
    assert "参照第 5 条" in (await staff.get(desk)).text

    public, undo = f"/c/{small.slug}/results/M01?lang=zh", f"{act}/undo"
    shown = (await staff.get(public)).text.count("二级/技师")
    page = (await supervisor.get(desk)).text
    seen = re.search(rf'{silent["id"]}/undo">.*?name="seen" value="([^"]+)"', page)
    assert seen and undo not in (await staff.get(desk)).text
    back = {"seen": html.unescape(seen[1]), "why": "引用的条文有误"}
    assert (await staff.post(undo, data=back)).status_code == 403
    for data, status in (({"why": " "}, 422), ({"seen": "2026-01-01"}, 409), ({}, 303), ({}, 409)):
        assert (await supervisor.post(undo, data={**back, **data})).status_code == status
    page = (await supervisor.get(f"{desk}?lang=zh")).text
    assert "引用的条文有误" in page.split('id="silent"')[1].split("</ul>")[0] and f'action="{act}"' in page
    assert (await staff.get(public)).text.count("二级/技师") == shown - 1
    assert (await supervisor.post(act, data={"level": "senior", "reason": "参照第 6 条"})).status_code == 303
    rows = await SkillRecord.select().where(SkillRecord.promotion == silent["id"]).order_by(SkillRecord.at)
    gone = await SkillWithdrawal.select().where(SkillWithdrawal.record.is_in([row["id"] for row in rows]))
    assert [row["level"] for row in rows] == ["technician", "senior"] and [row["record"] for row in gone] == [
        rows[0]["id"]
    ]
    told = [row["kind"] for row in await Decision.select().order_by(Decision.sequence) if "promotion." in row["kind"]]
    assert told[-3:] == ["promotion.granted", "promotion.taken-back", "promotion.granted"]
