"""A registration workbook of 10 000 people and 19 columns, written by Podium's own template: how long until the person at
the desk sees the preview, and until everything is stored. Beside it: pandas.read_excel on the same file, with both of its
engines; it only reads, and checks, compares and shows nothing.

Everything goes through the real application, in this process, on a private PostgreSQL that waits for the disk. A preview is
the upload, the reading in a worker, all checks, and the page; storing is the accepting post, answered after the commit.
The module's name is what stands behind `podium bench`; nobody imports it by a statement.
"""

from __future__ import annotations

import asyncio
import gc
import io
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pandas
from openpyxl import load_workbook

from admin.sheets.template import COLUMNS, FIRST, FORM, TemplateEvent, write_template
from admin.sheets.worker import in_worker, stop_all
from scoring.identity import check_digit
from scoring.schemes import load_scheme
from server import pipeline
from server.access import Actor
from server.app import create_app
from server.commands.serve import set_aside
from server.competitions.facts import NewCompetition, NewEvent, Organisation
from server.competitions.flow import (
    add_competition,
    add_event,
    choose_scheme,
    competition_named,
    event_named,
)
from server.database.embedded import running
from server.database.tables import Member, Person
from server.people.flow import add_account, add_organiser, employ, open_session
from server.registration.sending import add_delegations, delegations_of
from server.settings import Settings

PEOPLE = 10_000
EVENTS = ("焊接技术", "电工", "数控铣", "茶艺")
DELEGATION = "示例省"
Row = dict[str, str | int | float]
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "明远思齐文博若水立群景行亦凡清扬知行怀瑾允之望舒"


def measure() -> list[Row]:
    """Preview, storing, the same file again, its undoing; and pandas reading the same file."""
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        data = workbook()
        Path(folder).chmod(0o755)
        with running(Path(folder) / "data") as dsn:
            took = asyncio.run(_desk(dsn, Path(folder) / "site", data))
        stop_all()
    rows = [_row(what, seconds) for what, seconds in took.items()]
    ours = took["preview: read, checked, shown"]
    for engine in ("openpyxl", "calamine"):
        seconds = _pandas(data, engine)
        times = {"× Podium's preview": round(seconds / ours, 2)}
        rows.append({**_row(f"pandas.read_excel ({engine}), reading alone", seconds), **times})
    return rows


def workbook(people: int = PEOPLE) -> bytes:
    """The template of one delegation with everybody in it."""
    events = [TemplateEvent(name, "职工组", "焊工", "6-18-02-04") for name in EVENTS]
    book = load_workbook(io.BytesIO(write_template(DELEGATION, "示例竞赛", events)))
    sheet = book[FORM]
    for place in range(people):
        line = _person(place)
        for column, field in enumerate(COLUMNS, 1):
            cell = sheet.cell(FIRST + place, column)
            cell.value, cell.number_format = line[field], "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _person(place: int) -> dict[str, str]:
    start = f"139999{1970 + place % 30}{1 + place // 30 % 12:02}{1 + place // 360 % 28:02}{place // 10_080 * 2 + 1 + place % 7 * 100:03}"
    number = start + check_digit(start)
    name = FAMILY[place % len(FAMILY)] + GIVEN[place // 32 % len(GIVEN)] + GIVEN[place // 768 % len(GIVEN)]
    return {
        "serial": str(place + 1),
        "event": EVENTS[place % len(EVENTS)],
        "group": "职工组",
        "team": "",
        "name": name,
        "sex": "男" if int(number[16]) % 2 else "女",
        "ethnicity": "汉族",
        "document_kind": "居民身份证",
        "document_number": number,
        "education": "大专",
        "unit": f"示例机械厂{place // 20}",
        "occupation": "焊工",
        "occupation_code": "6-18-02-04",
        "level_text": "三级/高级工",
        "level_certificate": f"Y0000139999{place:011}",
        "identity": "职工",
        "phone": f"139{place:08}",
        "photo": f"{number}.jpg",
        "note": "",
    }


async def _desk(dsn: str, folder: Path, data: bytes) -> dict[str, float]:
    folder.mkdir()
    app = create_app(Settings(folder, b"the benchmark's own secret of 32", dsn, base_url="http://bench"))
    async with (
        app.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://bench",
            timeout=120,  # type: ignore[arg-type]
        ) as desk,
    ):
        url = await _founded(desk)
        in_worker(len, b"warm")
        set_aside()
        headers = {"x-csrf-token": desk.cookies["podium_csrf"], "accept": "text/html"}
        shown: list[httpx.Response] = []

        async def preview() -> None:
            sent = await desk.post(f"{url}/forms", files={"file": ("报名表.xlsx", data)}, headers=headers)
            shown.append(await desk.get(sent.headers["location"], headers=headers))

        async def post(what: str) -> None:
            page = shown[-1]
            seen = page.text.split('name="seen" value="')[1][:64] if what == "accept" else ""
            shown.append(await desk.post(f"{page.request.url.path}/{what}", data={"seen": seen}, headers=headers))
            assert shown[-1].status_code == 303, shown[-1].text[-3000:]

        sent = await desk.post(f"{url}/forms", files={"file": ("报名表.xlsx", workbook(1))}, headers=headers)
        await desk.get(sent.headers["location"], headers=headers)  # a desk that was used before
        took = {"preview: read, checked, shown": await _timed(preview)}
        form = shown[-1]
        took["accepted: stored and committed"] = await _timed(lambda: post("accept"))
        assert await Person.count() == await Member.count() == PEOPLE
        took["preview of the same file again: nothing changes"] = await _timed(preview)
        assert 'name="seen"' not in shown[-1].text
        shown.append(form)
        took["undone as a whole"] = await _timed(lambda: post("undo"))
        assert await Person.count() == await Member.count() == 0
        return took


async def _founded(desk: httpx.AsyncClient) -> str:
    """A competition with its events open, a delegation, and its desk with somebody at it."""
    now = datetime.now(UTC)
    organiser, account = await add_organiser("示例组委会", "Example"), await add_account("bench", "周敏")
    await employ(organiser, account)
    staff = Actor(account, "周敏", organisers=frozenset({organiser}))
    new = NewCompetition(
        series="示例", series_en="Example", name="示例竞赛", name_en="Example", slug="bench", tier="provincial", rank="1",
        document="", province="13", venue="石家庄", venue_en="Shijiazhuang", starts=date(2026, 10, 16),
        ends=date(2026, 10, 18), organisations=[Organisation("示例组委会")],
    )  # fmt: skip
    await add_competition(new, organiser, staff, now)
    competition = await competition_named("bench")
    for place, name in enumerate(EVENTS):
        code = f"M{place}"
        event = NewEvent(
            code=code, name=name, name_en=name, category="制造", division="职工组", occupation="焊工",
            occupation_code="6-18-02-04", policy="hebei-skills-2025",
        )  # fmt: skip
        await add_event(competition, event, staff, now)
        await choose_scheme(await event_named(competition, code), load_scheme("theory-practice"), staff, now)
        step = pipeline.Step(competition, await event_named(competition, code), staff, now)
        await pipeline.take(step, "registration")
    await add_delegations(competition, [DELEGATION], staff, now)
    (delegation,) = await delegations_of(competition)
    desk.cookies.set("podium", await open_session(account, now))
    await desk.get("/api/session")
    return f"/register/bench/{delegation['id']}"


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    gc.collect()
    begin = time.perf_counter()
    await work()
    return time.perf_counter() - begin


def _pandas(data: bytes, engine: str) -> float:
    gc.collect()
    begin = time.perf_counter()
    frame = pandas.read_excel(io.BytesIO(data), sheet_name=FORM, header=3, dtype=str, engine=engine)
    seconds = time.perf_counter() - begin
    assert frame.shape == (PEOPLE + 1, len(COLUMNS)), frame.shape  # and the sample row
    return seconds


def _row(what: str, seconds: float) -> Row:
    return {"what": what, "rows": PEOPLE, "seconds": round(seconds, 3), "µs a row": round(seconds * 1e6 / PEOPLE, 1)}
