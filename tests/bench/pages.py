"""Every list and report page at a province's size: how long the server takes for each, without a network.

113 events (and one that is being set up), 1 278 entries, 640 000 marks, 45 appeals: see tests/bench/province. The pages are the
program's own routes, so that none is forgotten: each is asked for by everybody who has it as their work (organiser,
supervisor, a delegation's clerk, a chief judge, the public), as often as `TIMES` after twice to warm up, one after the
other; the slowest first. What is left out stands in tests/bench/asking with the reason. The limit is 300 ms at p95. Pages
stand still meanwhile: nobody marks. `again` is the same page right after one mark has arrived; `cpu` is the time of this
process alone, without the database's, which is what counts where the machine is shared.

`sent` is what a phone loads for its first view of a public page: the page with its styles, scripts and pictures, as they
travel to whoever takes gzip; 100 KB is the limit.

PODIUM_PROVINCE=/folder keeps the filled database there and takes it the next time (it belongs to the program that filled it);
PODIUM_TIMES=3 asks less often; PODIUM_ONLY=/appeals asks for addresses with this in them only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from litestar import Litestar

from server.app import create_app
from server.commands.serve import set_aside
from server.database import migrate
from server.database.embedded import running
from server.database.piccolo_conf import DB
from server.database.tables import Certificate
from server.people.flow import open_session
from server.settings import Settings
from tests.bench.asking import Asking, asked_for
from tests.bench.province import built, marked_once, people_of
from tests.server.small import BASE

TIMES, LIMIT, LARGEST = int(os.environ.get("PODIUM_TIMES", "20")), 300, 100
ONLY = os.environ.get("PODIUM_ONLY", "")
AGAIN = ("/office", "/office/{slug}", "/office/{slug}/setup/events", "/c/{slug}/board")
FIRST_VIEWS = ("/", "/c/{slug}", "/c/{slug}/results", "/c/{slug}/results/E060", "/c/{slug}/news", "/c/{slug}/programme", "/c/{slug}/data", "/lookup", "/verify")  # fmt: skip
LOADED = re.compile(r"""<(?:link rel="(?:icon|stylesheet)"|script|img)[^>]*?(?:href|src)="(/[^"]+)""")
SECRET = b"small competition's own secret 32"
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """One row for every page and everybody who asks for it."""
    with contextlib.ExitStack() as stack:
        kept = os.environ.get("PODIUM_PROVINCE")
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="podium-bench-")))
        dsn = stack.enter_context(running(folder / "data"))
        return asyncio.run(_measure(dsn, folder))


async def _measure(dsn: str, folder: Path) -> list[Row]:
    await migrate.up(dsn)
    await DB.connect(dsn, 8)
    begin = time.perf_counter()
    try:
        there = await people_of("province")
        if there is None:
            await built(dsn)
            there = await people_of("province")
            assert there is not None
    finally:
        await DB.disconnect()
    rows: list[Row] = [{"what": "filled (s)", "p95 ms": round(time.perf_counter() - begin, 1)}]
    app = create_app(Settings(folder, SECRET, dsn, base_url=BASE))
    async with app.lifespan(), _visitors(app, there.accounts) as visitors:
        set_aside()  # as `podium serve` does: a page is not charged with the collector's walk over the program itself
        rows += await _all_measured(app, there.competition)
        return await looked_at(app, there.slug, visitors, there.names) + rows


@contextlib.asynccontextmanager
async def _visitors(app: Litestar, accounts: Mapping[str, UUID | None]) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Role → a browser in which somebody of that role is signed in."""
    async with contextlib.AsyncExitStack() as stack:
        found = {}
        for role, account in accounts.items():
            transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
            client = httpx.AsyncClient(transport=transport, base_url=BASE, headers={"accept": "text/html"}, timeout=600)
            found[role] = visitor = await stack.enter_async_context(client)
            if account:
                visitor.cookies.set("podium", await open_session(account, datetime.now(UTC)))
        yield found


async def _all_measured(app: Litestar, competition: UUID) -> list[Row]:
    """Wait for what the program does by itself: certificates printed, sealed events measured for their report."""
    begin = time.perf_counter()
    await app.state.measuring.done(competition)
    measured: Row = {"what": "all sealed events measured (s)", "p95 ms": round(time.perf_counter() - begin, 1)}
    begin = time.perf_counter()
    while await Certificate.exists().where((Certificate.competition == competition) & Certificate.printed.is_null()):
        await asyncio.sleep(0.2)
    return [measured, {"what": "all certificates printed (s)", "p95 ms": round(time.perf_counter() - begin, 1)}]


async def looked_at(
    app: Litestar, slug: str, visitors: Mapping[str, httpx.AsyncClient], names: Mapping[str, str]
) -> list[Row]:
    """Every page of a competition that is there, what is taken home, what is asked again after a mark, and first views."""
    asking = [one for one in asked_for(app, names) if ONLY in one.address]
    pages = [await _asked(visitors[one.role], one, min(TIMES, 2) if one.taken_home else TIMES) for one in asking]
    slowest = sorted(pages, key=lambda row: -float(row["p95 ms"]))
    again = []
    for path in AGAIN if not ONLY else ():
        await marked_once(slug, "E012")
        row = await _asked(visitors["organiser"], Asking("organiser", path.format(slug=slug)), 0)
        again.append({**row, "what": f"{row['what']} again"})
    views = [await _first_view(visitors["public"], path.format(slug=slug)) for path in FIRST_VIEWS if not ONLY]
    return [*slowest, *again, *views]


async def _asked(visitor: httpx.AsyncClient, one: Asking, times: int) -> Row:
    took, cpu, queries = [], [], 0
    for _ in range(times + 2 if times else 1):
        with counted() as count:
            begin, busy = time.perf_counter(), time.process_time()
            answer = await visitor.get(one.address)
            took.append(1000 * (time.perf_counter() - begin))
            cpu.append(1000 * (time.process_time() - busy))
            queries = count[0]
    warm, busy_ms = sorted(took[2:] or took), sorted(cpu[2:] or cpu)
    wrong = "" if answer.status_code == one.status else f"answered {answer.status_code}"
    p95 = warm[min(len(warm) - 1, len(warm) * 95 // 100)]
    return {
        "what": one.address, "who": one.role, "p95 ms": round(p95), "p50 ms": round(warm[len(warm) // 2]), "first ms": round(took[0]),
        "cpu ms": round(busy_ms[len(busy_ms) // 2]), "queries": queries, "KB": len(answer.content) >> 10,
        "over": wrong or f"over {LIMIT} ms" if wrong or (p95 > LIMIT and not one.taken_home) else "",
    }  # fmt: skip


@contextlib.contextmanager
def counted() -> Iterator[list[int]]:
    """How many queries the program asks meanwhile."""
    count, ask = [0], asyncpg.connection.Connection._do_execute

    async def asks(self: asyncpg.Connection, *given: Any, **named: Any) -> Any:
        count[0] += 1
        return await ask(self, *given, **named)

    asyncpg.connection.Connection._do_execute = asks
    try:
        yield count
    finally:
        asyncpg.connection.Connection._do_execute = ask


async def _first_view(visitor: httpx.AsyncClient, path: str) -> Row:
    """A page and everything that it names, as bytes that travel."""
    html = await visitor.get(path)
    total = await _sent(visitor, path)
    for address in dict.fromkeys(LOADED.findall(html.text)):
        total += await _sent(visitor, address.replace("&amp;", "&"))
    over = f"over {LARGEST} KB" if total > LARGEST << 10 else ""
    return {"what": f"{path} sent", "who": "public", "KB": round(total / 1024, 1), "over": over}


async def _sent(visitor: httpx.AsyncClient, path: str) -> int:
    async with visitor.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        return sum([len(piece) async for piece in answer.aiter_raw()])
