"""An acknowledged mark survives kill -9 of the program, and of the database; and so does every mark that a screen calls kept."""

from __future__ import annotations

import asyncio
import itertools
import threading
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from server.audit import verify
from tests.bench.venue import Tablet
from tests.faults.marks import of_database, of_server, rounds, venue
from tests.web.chromium import ARGUMENTS, CHROMIUM, needs_chromium
from tests.web.hall import TABLET, go, keep, nothing_waits, opened_app

pytestmark = pytest.mark.slow
ENTRIES, ASPECTS = ("W-01", "W-02"), ("A1.01", "A1.03", "B1.05")
CELLS = list(itertools.product(ENTRIES, ASPECTS))


def test_no_acknowledged_mark_is_lost_when_something_is_killed(tmp_path: Path) -> None:
    """A kill of the program, then one of PostgreSQL, while thirty tablets mark: nothing lost, nothing double, the chains hold
    each time, the same posts are duplicates. (`podium faults` does so a hundred times.)
    """
    with venue(tmp_path / "data", events=5, panel=6) as (dsn, server, tablets):
        for kill, some in ((of_server(server), tablets[::2]), (of_database(tmp_path / "data"), tablets[1::2])):
            losses = asyncio.run(rounds(dsn, server, kill, 1, some))
            assert losses.acknowledged > 0
            assert (losses.lost, losses.duplicated, losses.breaks) == (0, 0, 0)
            assert losses.answered_again == losses.acknowledged


@pytest.mark.browser
@needs_chromium
def test_twenty_pages_mark_while_the_server_is_killed(tmp_path: Path) -> None:
    """kill -9 of the program, three times, while twenty judges mark in twenty pages: nobody stops, and once everything reads
    已入库 the ledger has, judge by judge and cell by cell, the very values that the screens show, each of them once."""
    with venue(tmp_path / "data", events=5, panel=4, entries=len(ENTRIES)) as (dsn, server, tablets):
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            pages = []
            for one in tablets:
                context = chromium.new_context(viewport=TABLET, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
                context.add_cookies([{"name": "podium", "value": one.session, "url": server.base}])
                pages.append(context.new_page())
                opened_app(pages[-1], server.base)
            killed: list[int] = []

            def kill() -> None:
                assert server.process
                killed.append(server.process.pid)
                of_server(server)()

            kills = [threading.Thread(target=kill) for _ in range(3)]
            for number, (entry, aspect) in enumerate(CELLS):
                for place, (one, page) in enumerate(zip(tablets, pages, strict=True)):
                    if place == 5 and number % 2:
                        kills[number // 2].start()
                    go(page, str(one.event), entry)
                    keep(page, aspect, f"{5 + number % 3}.{place % 4}{number}")
            for one_kill in kills:
                one_kill.join()
            assert server.process and len({*killed, server.process.pid}) == 4, "three programs died, a fourth goes on"
            for page in pages:
                nothing_waits(page)
            screens = {one.judge: _on_screen(page, one) for one, page in zip(tablets, pages, strict=True)}
            chromium.close()
        rows, breaks = asyncio.run(_ledger(dsn))
    assert breaks == ()
    assert sorted(rows) == sorted((judge, *cell) for judge, cells in screens.items() for cell in cells)
    assert len(rows) == len(tablets) * len(CELLS)


def _on_screen(page: Page, tablet: Tablet) -> list[tuple[str, str, int]]:
    """What the sheets of this tablet show as stored: entry, aspect, hundredths."""
    shown = []
    for entry, aspect in CELLS:
        go(page, str(tablet.event), entry)
        row = page.locator(f'[data-aspect="{aspect}"]')
        expect(row.locator(".pill")).to_have_text("已入库")
        shown.append((entry, aspect, round(float(row.locator("[data-value]").inner_text()) * 100)))
    return shown


async def _ledger(dsn: str) -> tuple[list[tuple[Any, ...]], tuple[Any, ...]]:
    """Every mark: judge, entry, aspect, value; and the rows whose chain does not hold."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT judge, entry, aspect, value FROM mark")
        return [tuple(row) for row in rows], (await verify(connection)).breaks
    finally:
        await connection.close()
