"""Every list and report of the office at a province's size: how long the server takes, without a network.

113 events (and one that is being set up), 1 278 entries, 640 000 marks: see tests/bench/province. Each page is asked for as often as `TIMES`
after once to warm up, by the organiser, one after the other; the slowest first. The limit is 300 ms at p95. Pages stand
still meanwhile: nobody marks. `again` is how long the corridor takes right after one mark has arrived.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from server.app import create_app
from server.database import migrate
from server.database.embedded import running
from server.database.piccolo_conf import DB
from server.people.flow import open_session
from server.settings import Settings
from tests.bench.province import built
from tests.server.small import BASE, Small

TIMES, LIMIT = 20, 300
OFFICE = "/office/{slug}"
PAGES = (
    "/office",
    "/office/find?q=赵",
    *(f"{OFFICE}{page}" for page in (
        "", "?only=mine", "/registration", "/review", "/review?state=mine", "/review?find=赵", "/panels", "/judges", "/photos", "/papers",
        "/appeals", "/promotions", "/certificates", "/certificates?find=赵", "/setup", "/setup/events", "/setup/places",
        "/check-in", "/events/E040/standings", "/events/E020/draw",
    )),
    *(f"{OFFICE}/lists/{name}" for name in ("entries", "entries?find=赵&sort=-names", "entries?page=20", "certificates", "promotions", "judges", "delegations")),
    *(f"{OFFICE}/reports/{name}" for name in (
        "participation", "participation?by=event", "participation?by=age", "quotas", "quotas?by=event", "reliability", "aspects", "aspects?page=100",
        "appeals", "promotions", "promotions?by=event", "certificates", "certificates?by=event", "indicators",
    )),
    *(f"/c/{{slug}}{page}" for page in ("", "/results", "/results/E060")),
)  # fmt: skip
TAKEN_HOME = (
    f"{OFFICE}/lists/entries/workbook.xlsx",
    f"{OFFICE}/reports/participation/workbook.xlsx",
    f"{OFFICE}/reports/aspects/workbook.xlsx",
)
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """One row for every page."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder, running(Path(folder) / "data") as dsn:
        return asyncio.run(_measure(dsn, Path(folder)))


async def _measure(dsn: str, folder: Path) -> list[Row]:
    await migrate.up(dsn)
    await DB.connect(dsn, 8)
    try:
        begin = time.perf_counter()
        small = await built(dsn)
        rows: list[Row] = [{"what": "filled (s)", "p95 ms": round(time.perf_counter() - begin, 1)}]
    finally:
        await DB.disconnect()
    return rows + await looked_at(dsn, folder, small)


async def looked_at(dsn: str, folder: Path, small: Small) -> list[Row]:
    """Every page of a competition that is there, and what is taken home."""
    app = create_app(Settings(folder, b"small competition's own secret 32", dsn, base_url=BASE))
    async with app.lifespan():
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers={"accept": "text/html"}) as visitor:
            assert small.staff.account
            visitor.cookies.set("podium", await open_session(small.staff.account, datetime.now(UTC)))
            begin = time.perf_counter()
            await app.state.measuring.done((await small.competition())["id"])
            measured: Row = {"what": "all sealed events measured (s)", "p95 ms": round(time.perf_counter() - begin, 1)}
            rows = [await _asked(visitor, path.format(slug=small.slug), TIMES) for path in PAGES]
            home = [await _asked(visitor, path.format(slug=small.slug), 3) for path in TAKEN_HOME]
            token = ((await visitor.get("/office")) and visitor.cookies.get("podium_csrf")) or ""
            begin = time.perf_counter()
            paper = await visitor.post(f"/office/{small.slug}/reports/book.pdf", headers={"x-csrf-token": token})
            assert paper.content[:5] == b"%PDF-", paper.text
            book: Row = {
                "what": "whole report as PDF (s)",
                "p95 ms": round(time.perf_counter() - begin, 1),
                "KB": len(paper.content) >> 10,
            }
    slowest = sorted(rows, key=lambda row: -float(row["p95 ms"]))
    return [*slowest, *home, measured, book]


async def _asked(visitor: httpx.AsyncClient, path: str, times: int) -> Row:
    took = []
    for _ in range(times + 1):
        begin = time.perf_counter()
        answer = await visitor.get(path)
        took.append(1000 * (time.perf_counter() - begin))
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    first, warm = took[0], sorted(took[1:])
    p95 = warm[min(len(warm) - 1, len(warm) * 95 // 100)]
    over = "over" if p95 > LIMIT and times == TIMES else ""
    return {
        "what": path, "p95 ms": round(p95), "p50 ms": round(warm[len(warm) // 2]), "first ms": round(first),
        "KB": len(answer.content) >> 10, "over 300 ms": over,
    }  # fmt: skip
