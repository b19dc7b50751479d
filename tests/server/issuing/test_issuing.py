"""Numbers without a gap, papers without a box, files without a double, whatever happens at the same time or in between."""

from __future__ import annotations

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.datastructures import State

from server import jobs
from server.database.tables import Certificate, Refused, Serial, Snapshot
from server.draw.flow import codes_of
from server.issuing.printing import place_of, print_pending
from server.jobs import Printing
from server.registration.flow import enter
from tests.server.small import AT, BASE, DELEGATIONS, SEALER, Small, brought, form, founded, number, opened, row_of


async def final(slug: str, first: int, **more: Any) -> Small:
    """A competition of its own people whose certificates come next."""
    small = await brought(await founded(slug), "registration")
    for place, name in enumerate(DELEGATIONS):
        row = row_of(place, document_number=number(first + place), **(more if place == 0 else {}))
        await enter(await small.competition(), form(name, [row]), SEALER, small.staff, AT)
    await opened(small, "drawn")
    small.codes = await codes_of((await small.event())["id"])
    return await brought(small, "final")


async def numbers() -> list[str]:
    return [row["number"] for row in await Certificate.select(Certificate.number).order_by(Certificate.number)]


async def test_numbers_follow_each_other_when_several_issue_at_once(database: str) -> None:
    """Three competitions issue at the same moment: every number once, none left out."""
    smalls = [await final(f"c{n}", 100 * n) for n in range(1, 4)]
    issued = await asyncio.gather(*(opened(small, "certified") for small in smalls))
    assert [one["issued"] for one in issued] == [3, 3, 3]
    assert await numbers() == [f"PD2026-{n:06}" for n in range(1, 10)]


async def test_a_try_that_failed_takes_no_number(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers belong to certificates that are committed; a failed transaction gives them back."""
    small = await final("contest", 100)

    async def broken(*given: Any, **more: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr("server.pipeline.record", broken)
        with pytest.raises(RuntimeError):
            await opened(small, "certified")
    assert await numbers() == [] and not await Serial.exists().where(Serial.following > 1)
    await opened(small, "certified")
    assert await numbers() == [f"PD2026-{n:06}" for n in (1, 2, 3)]


async def test_a_name_that_no_font_draws_is_refused_listed_and_takes_no_number(database: str) -> None:
    """Nobody gets a certificate with a box for a name: the person and the character are listed, the others are issued."""
    small = await final("contest", 100, name="赵\U0002a6d6\ue000")
    counts = await opened(small, "certified")
    (refused,) = await Refused.select(Refused.field, Refused.characters, Refused.member.person.name.as_alias("name"))
    assert counts == {"issued": 2, "refused": 1} and await numbers() == ["PD2026-000001", "PD2026-000002"]
    assert refused["field"] == "name" and "U+E000" in refused["characters"] and refused["name"].startswith("赵")


async def test_a_certificate_says_what_was_published(database: str) -> None:
    """Name, rank, score, award and promotion are those of the snapshot; the address carries the token, not the number."""
    small = await final("contest", 100)
    await opened(small, "certified")
    snapshot = json.loads((await Snapshot.select(Snapshot.content).first())["content"])
    rows = await Certificate.select(Certificate.content, Certificate.token).order_by(Certificate.number)
    for place, row in enumerate(rows):
        paper, published = json.loads(row["content"]), snapshot["rows"][place]
        total = published["total"]
        assert (paper["name"], paper["rank"]) == (published["members"][0]["name"], str(place + 1))
        assert (paper["score"], paper["award"]) == (f"{total // 100}.{total % 100:02}", published["award"]["zh"])
        assert paper["promotion"] == "根据竞赛规程，晋升为二级/技师。"
        assert paper["verify_url"] == f"{BASE}/v/{row['token']}" and len(row["token"]) >= 12


async def test_printing_goes_on_after_a_crash_without_a_double(database: str, tmp_path: Path) -> None:
    """What has a file and a record is not printed again; what was cut short is, under its own number; bytes match the record."""
    small = await final("contest", 100)
    await opened(small, "certified")
    competition = await small.competition()

    async def printing() -> int:
        done = 0
        with ThreadPoolExecutor(1) as press:
            async for count in print_pending(competition["id"], tmp_path, SEALER, "组委会", press):  # type: ignore[arg-type]
                done = count
        return done

    assert await printing() == 3
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    cut_short = (await numbers())[1]
    await Certificate.update({Certificate.printed: None, Certificate.pdf_sha256: ""}).where(
        Certificate.number == cut_short
    )
    (tmp_path / f"{cut_short}.part").write_bytes(b"half a file")
    assert await printing() == 1 and await printing() == 0
    assert {path.name for path in tmp_path.iterdir()} == set(first) == {f"{one}.pdf" for one in await numbers()}
    for row in await Certificate.select(Certificate.number, Certificate.pdf_sha256, Certificate.printed):
        data = place_of(tmp_path, row["number"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["pdf_sha256"] and row["printed"]
        assert (data == first[f"{row['number']}.pdf"]) == (row["number"] != cut_short)


async def test_what_is_issued_while_the_press_runs_is_printed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that is certified while another one's papers are printed does not wait for the next start."""
    waiting, batches = {"first"}, []
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*given: Any) -> Any:
        batches.append(sorted(waiting))
        taken = len(waiting)
        started.set()
        await go_on.wait()
        waiting.difference_update(batches[-1])
        yield taken

    monkeypatch.setattr(jobs, "print_pending", slowly)
    settings = SimpleNamespace(data=Path("/nowhere"), token_pin="", authority=None)
    printing = Printing(State({"settings": settings, "sealer": SEALER, "presses": None}))
    competition = {"id": "c", "slug": "c", "design": "classical", "organisations": [{"name": "组委会"}]}
    printing.begin(competition)
    await asyncio.wait_for(started.wait(), 5)
    waiting.add("second")
    printing.begin(competition)
    go_on.set()
    await asyncio.wait_for(asyncio.gather(*printing._tasks.values()), 5)
    assert waiting == set() and len(batches) == 2
    await printing.stop()


async def test_two_programs_that_print_the_same_leave_one_file_that_verifies(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers on one data folder: whichever prints a certificate first, its file is the one on record."""
    small = await final("contest", 100)
    await opened(small, "certified")
    competition, printed = await small.competition(), iter(range(1000))

    def press(work: str, design: str, contents: list[str], *given: Any) -> Any:
        return work == "all_alike" or [("alike", f"%PDF {next(printed)}".encode()) for _ in contents]

    for module in ("printing", "apart"):
        monkeypatch.setattr(f"server.issuing.{module}.in_a_press", press)

    async def program() -> None:
        with ThreadPoolExecutor(1) as presses:
            async for _ in print_pending(competition["id"], tmp_path, SEALER, "组委会", presses):  # type: ignore[arg-type]
                pass

    for _ in range(4):
        await Certificate.update({Certificate.printed: None}, force=True)
        await asyncio.gather(*(program() for _ in range(4)))
        for row in await Certificate.select(Certificate.number, Certificate.pdf_sha256):
            assert hashlib.sha256(place_of(tmp_path, row["number"]).read_bytes()).hexdigest() == row["pdf_sha256"]
