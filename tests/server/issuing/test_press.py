"""The press proves a batch before it keeps a file, prints for a shop, and is ended when it takes too long."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from click.testing import CliRunner

from certificates.verification import verify
from server import binding
from server.commands.fonts import command as fonts_command
from server.database.tables import Certificate
from server.issuing import press, printing
from server.issuing.keys import trusted
from server.issuing.printing import place_of, print_pending
from tests.certificates.paper import PLAIN, letters
from tests.server.conftest import Site
from tests.server.small import SEALER, Small, brought, founded

EN = {"accept": "text/html", "accept-language": "en"}
CONTENT = json.dumps(PLAIN.as_data(), ensure_ascii=False)


async def test_a_batch_whose_filled_pages_differ_is_rendered_plainly(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One page of the lot that is not its plain render, and no filled page of the batch is kept; the files are genuine."""
    small = await brought(await founded(), "certified")
    filled: list[Any] = []
    monkeypatch.setattr(printing, "LEAST_COMPARED", 3)
    monkeypatch.setattr(press, "alike", lambda *_: False)
    monkeypatch.setattr("certificates.compiled.Layout.fill", lambda *given: filled.append(given))
    with ThreadPoolExecutor(1) as presses:
        async for _ in print_pending((await small.competition())["id"], tmp_path, SEALER, "组委会", presses):  # type: ignore[arg-type]
            pass
    assert not filled and "rendered plainly" in caplog.text
    for row in await Certificate.select(Certificate.number, Certificate.pdf_sha256):
        answer = verify(place_of(tmp_path, row["number"]).read_bytes(), await trusted())
        assert getattr(answer, "number", "") == row["number"]


def test_a_filled_page_is_found_equal_and_a_wrong_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison sees a single digit that is not what the plain render has."""
    assert press.all_alike("classical", [CONTENT])
    shop = press.press("classical").workshop
    honest = shop.sheet_printed
    other = json.dumps({**PLAIN.as_data(), "score": "93.48"}, ensure_ascii=False)
    wrong = press.Paper.from_data(json.loads(other))
    monkeypatch.setattr(shop, "sheet_printed", lambda sheet: honest(shop.sheet(wrong)))
    assert not press.all_alike("classical", [CONTENT])


def test_a_press_that_takes_too_long_is_ended() -> None:
    """It dies by its timer, and whoever waits for it learns so instead of waiting for ever; not while it has to wait itself,
    because it gives way to everybody on a busy machine: there a batch once was given up after four such deaths."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as pool:
        assert pool.submit(waited).result(timeout=600)
        with pytest.raises(BrokenProcessPool):
            pool.submit(span).result(timeout=600)


def waited() -> bool:
    press.LONGEST = 0.1  # type: ignore[assignment]
    with press.limited():
        time.sleep(0.5)
    return True


def span() -> None:
    press.LONGEST = 0.1  # type: ignore[assignment]
    with press.limited():
        while True:
            pass


@pytest.fixture
async def small(site: Site) -> Small:
    return await brought(await founded("shop"), "certified")


async def test_a_print_shop_gets_one_sorted_file(site: Site, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of everybody in force or of one delegation; larger pages than the certificates, in order. It is made beside the program,
    a press that dies is told and begun again, and nothing is left behind."""
    staff = await site.visitor(small.staff.account)
    address = f"/office/{small.slug}/certificates/print-shop.pdf"
    folder = Path(site.app.state.settings.data) / "certificates" / "print-shop"

    async def made(**some: str) -> httpx.Response:
        """What there is when nothing is under way any more."""
        assert "being made" in (await staff.get(address.removesuffix(".pdf"), params=some, headers=EN)).text
        while site.app.state.binding._tasks:
            await asyncio.sleep(0.02)
        return await staff.get(address, params=some)

    with ThreadPoolExecutor(1) as presses:
        monkeypatch.setattr(site.app.state, "presses", presses)
        with monkeypatch.context() as broken:
            broken.setattr(press, "bind", lambda *_: 1 / 0)
            failed = await made()
        assert failed.status_code == 303
        shown = await staff.get(failed.headers["location"], headers=EN)
        assert "could not be made" in shown.text and not list(folder.glob("*"))
        again = await staff.post(address.removesuffix(".pdf"))
        assert again.status_code == 303
        whole, some = await made(), await made(delegation="唐山市")
    assert whole.headers["content-type"] == "application/pdf"
    numbers = [row["number"] for row in await Certificate.select(Certificate.number).order_by(Certificate.number)]
    with closing(pypdfium2.PdfDocument(whole.content)) as book:
        assert len(book) == len(numbers) and book[0].get_width() > 842 + 8
        said = [letters(book[at].get_textpage().get_text_range()) for at in range(len(book))]
    assert sorted(one for text in said for one in numbers if one in text) == numbers
    with closing(pypdfium2.PdfDocument(some.content)) as book:
        assert len(book) == 1
    assert sorted(file.suffix for file in folder.glob("*")) == [".pdf", ".pdf"]
    monkeypatch.setattr(binding, "KEPT", 0.0)
    site.app.state.binding._sweep()
    assert not list(folder.glob("*"))
    assert (await staff.get(address, params={"delegation": "无"})).status_code == 404


def test_the_fonts_say_what_they_draw() -> None:
    """Every Han character of Unicode's first block can be printed; a sign that cannot ends the command with 1."""
    told = CliRunner().invoke(fonts_command, [])
    assert told.exit_code == 0 and "20992 / 20992" in told.output
    drawn, not_drawn = CliRunner().invoke(fonts_command, ["王㛃"]), CliRunner().invoke(fonts_command, ["😀"])
    assert (drawn.exit_code, not_drawn.exit_code) == (0, 1) and "U+1F600" in not_drawn.output
