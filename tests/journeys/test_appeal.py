"""An appeal that changes a medal and supersedes a certificate, in a real browser, from the clerk's desk to a visitor's phone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.access import Actor
from server.database.tables import Delegation
from server.issuing.withdrawing import certificates_of
from server.people.flow import employ, open_session
from server.registration.sending import add_clerk
from server.results.flow import snapshot_of
from tests.admin.attachments.test_paper import picture
from tests.conftest import Databases
from tests.journeys.test_check_in import Venue
from tests.server.small import AT, account, brought, founded
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE, needs_chromium

pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture
def venue(databases: Databases, template: str, tmp_path: Path) -> Iterator[tuple[Venue, dict[str, str]]]:
    """A competition whose certificates are issued, and who is told what: sessions, names, a certificate's number."""
    with databases.fresh(template) as dsn, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Venue(dsn, tmp_path, free.getsockname()[1])
        known: dict[str, str] = {}
        free.close()

        async def prepare() -> None:
            small = await brought(await founded("small"), "certified")
            competition = await small.competition()
            snapshot = await snapshot_of((await small.event())["id"])
            assert snapshot
            first, _, third = snapshot["content"]["rows"][:3]
            delegation = await Delegation.select().where(Delegation.name == third["delegation"]).first()
            clerk, _ = await add_clerk(competition, str(delegation["id"]), "填报人", small.staff, AT)
            second = Actor(await account("钱二"), "钱二")
            assert second.account and small.staff.account and small.supervisor.account
            await employ(competition["organiser"], second.account)
            people = {"clerk": clerk, "staff": small.staff.account, "second": second.account, "supervisor": small.supervisor.account}  # fmt: skip
            for who, id in people.items():
                known[who] = await open_session(id, datetime.now(UTC))
            known["first"], known["third"] = (row["members"][0]["name"] for row in (first, third))
            known["desk"] = f"/register/small/{delegation['id']}"
            held = {row["person"]: row["number"] for row in await certificates_of(competition["id"])}
            known["number"] = held[known["first"]]

        made.asked(prepare)
        made.start()
        yield made, known
        made.stop()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def test_an_appeal_changes_a_medal_and_supersedes_a_certificate(
    venue: tuple[Venue, dict[str, str]], browser: Browser, tmp_path: Path
) -> None:
    """Written with a photo, admitted, answered, corrected, seen as a difference, upheld by another; then everybody reads it."""
    made, known = venue
    base = f"http://127.0.0.1:{made.port}"
    (tmp_path / "proof.jpg").write_bytes(picture())

    def at(who: str, path: str) -> Page:
        context = browser.new_context(locale="zh-CN", base_url=base)
        context.set_default_timeout(PATIENCE)
        if who in known:
            context.add_cookies([{"name": "podium", "value": known[who], "url": base}])
        page = context.new_page()
        page.goto(path)
        return page

    clerk = at("clerk", known["desk"])
    clerk.get_by_role("link", name="申诉", exact=True).click()
    clerk.get_by_role("link", name=f"提出申诉 {known['third']}").click()
    clerk.get_by_label("哪里不对").fill("外观一项记录单为 3 分，公布按 2 分计。")
    clerk.get_by_label("证据材料").set_input_files(tmp_path / "proof.jpg")
    clerk.get_by_role("button", name="提交申诉").click()
    expect(clerk.get_by_role("status").filter(has_text="A001")).to_be_visible()

    supervisor = at("supervisor", "/office/small/appeals")
    supervisor.get_by_role("link", name="A001").click()
    supervisor.get_by_label("原因").fill("附有记录单照片，应予核实")
    supervisor.get_by_role("button", name="准许受理").click()

    staff = at("staff", "/office/small/appeals/1")
    staff.get_by_label("由谁办理").select_option("周敏")
    staff.get_by_role("button", name="指定").click()
    staff.get_by_label("核实情况").fill("记录单属实，录入有误")
    staff.get_by_role("button", name="提交答复").click()
    for mark, value in (("A1.01 试卷", "10"), *((f"B1.02 外观 · J{judge}", "3") for judge in (1, 2, 3))):
        form = staff.locator("form").filter(has_text="现有分数")
        option = form.get_by_label("现有分数").locator("option", has_text=mark)
        form.get_by_label("现有分数").select_option(str(option.first.get_attribute("value")))
        form.get_by_label("更正为").fill(value)
        form.get_by_label("原因").fill("与记录单一致")
        form.get_by_role("button", name="提出更正").click()
    expect(staff.get_by_role("button", name="裁定成立")).to_have_count(0)

    second = at("second", "/office/small/appeals/1")
    effects = second.locator("#effects")
    expect(effects.get_by_role("row", name=known["third"]).first).to_contain_text("金牌")
    expect(effects).to_contain_text(known["number"])
    second.get_by_label("原因").last.fill("经核实，漏计属实")
    second.get_by_role("button", name="裁定成立并重新公布").click()
    expect(second.get_by_role("status").filter(has_text="已裁定成立")).to_be_visible()

    clerk.reload()
    clerk.locator("summary", has_text="A001").click()
    expect(clerk.locator(".stories")).to_contain_text("已重新公布为第 2 版，取代第 1 版")
    visitor = at("nobody", "/c/small/results/M01")
    expect(visitor.locator("#standings tbody").first).to_contain_text(known["third"])
    expect(visitor.locator("main")).to_contain_text("公布的第 1 版")
    visitor.goto(f"/verify?number={known['number']}")
    expect(visitor.locator("main")).to_contain_text("成绩经复核或申诉后有变")
