"""The verify page in a real browser when the program is gone: what codes say by themselves is checked on the device."""

from __future__ import annotations

import dataclasses
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from certificates import codes
from certificates.certificate import Certificate as Paper
from certificates.keys import Key
from server.database.tables import Certificate
from server.issuing.keys import rotate
from tests.conftest import Databases
from tests.journeys.test_check_in import FILMED, Venue, recorded
from tests.server.small import SEALER, brought, founded
from tests.web.chromium import ARGUMENTS, CHROMIUM, PATIENCE, needs_chromium

pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture
def issued(databases: Databases, template: str, tmp_path: Path) -> Iterator[tuple[Venue, dict[str, Any]]]:
    """A program with certificates under keys that were changed since, and what one of them says."""
    with databases.fresh(template) as dsn, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        made = Venue(dsn, tmp_path, free.getsockname()[1])
        free.close()

        async def prepare() -> dict[str, Any]:
            await brought(await founded(), "certified")
            await rotate(SEALER, "组委会", datetime.now(UTC))
            row = await Certificate.select().order_by(Certificate.number).first()
            assert row
            return {**json.loads(row["content"]), "token": row["token"]}

        said = made.asked(prepare)
        made.start()
        yield made, said
        made.stop()


def photographed(text: str, path: Path) -> Path:
    """A film of this code before the camera."""
    picture = path.with_suffix(".png")
    address, _, digits = text.partition("#")
    code = segno.make_qr([(f"{address}#", segno.consts.MODE_BYTE), (digits, segno.consts.MODE_NUMERIC)], error="m")
    code.save(picture, scale=10, border=4)
    return recorded(path, Image.open(picture).convert("RGB"))


def test_codes_are_checked_where_no_server_answers(issued: tuple[Venue, dict[str, Any]], tmp_path: Path) -> None:
    """After one visit with a connection: the genuine code passes with its words and with what was not checked; one that was
    changed, grafted, cut, signed by an unknown key, of another site, or without a signature is refused in words."""
    venue, said = issued
    site, token, code = f"http://127.0.0.1:{venue.port}", said["token"], said["code"]
    paper = dataclasses.replace(Paper.from_data({key: said[key] for key in said if key != "token"}), code="")
    foreign = codes.code(paper, Key.create("别处", datetime.now(UTC)))
    changed = f"{int(code) ^ 1 << 8 * 100:0{codes.DIGITS}}"  # a bit of the number
    errors: list[str] = []
    film = photographed(f"https://elsewhere.example/v/{token}#{foreign}", tmp_path / "code.mjpeg")
    with sync_playwright() as playwright:
        camera = [*FILMED, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
        page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{site}/verify")
        page.wait_for_selector("html[data-kept=yes]", state="attached")
        venue.stop()

        page.goto(f"{site}/v/{token}#{code}")
        result = page.locator("[data-result]")
        expect(result).to_have_attribute("data-result", "signed")
        for name, text in (("number", said["number"]), ("name", said["name"]), ("what", said["award"])):
            expect(page.locator(f'[data-says="{name}"]')).to_have_text(text)
        expect(result.locator("li.passed")).to_have_count(1)
        expect(result.locator("li.unchecked")).to_have_count(3)
        expect(result.locator("li.unchecked").first).to_contain_text("登记册")
        page.screenshot(path=tmp_path / "signed.png", full_page=True)

        refused = {
            f"/v/{token}#{changed}": ("forged", "签名对不上"),
            f"/v/{token[::-1]}#{code}": ("forged", "签名对不上"),
            f"/v/{token}#{code[:-9]}": ("damaged", "损坏"),
            f"/v/{token}#{'9' * codes.DIGITS}": ("damaged", "损坏"),
            f"/v/{token}#{foreign}": ("unknown-key", "不认识这把密钥"),
            f"/v/{token}": ("bare", "不带签名"),
            f"/verify?number={said['number']}": ("offline", "连不上登记册"),
        }
        for address, (outcome, words) in refused.items():
            page.goto("about:blank")
            page.goto(site + address)
            expect(result).to_have_attribute("data-result", outcome)
            expect(result).to_contain_text(words)
            expect(page.locator("[data-good]")).to_be_hidden()

        page.goto(f"{site}/verify?lang=en")
        page.locator("[data-camera]").click()
        expect(result).to_have_attribute("data-result", "stranger")
        expect(result).to_contain_text("This code belongs to another site")
        expect(result).to_contain_text("elsewhere.example")
        browser.close()
    assert errors == []
