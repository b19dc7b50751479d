"""An organiser's own template from the upload to a certificate that verifies."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pypdfium2
import pytest
from litestar.datastructures import State

from certificates.own.archive import example, read
from certificates.own.faults import Faulty
from certificates.own.samples import samples
from certificates.own.setting import OwnPress
from certificates.verification import verify
from server.database.tables import Certificate, OwnTemplate
from server.errors import Refusal
from server.issuing import apart, press
from server.issuing.choosing import choose, design_of, words_of
from server.issuing.keys import trusted
from server.issuing.losing import accept, lost
from server.issuing.own import picture_of
from server.issuing.pressing import in_a_press
from server.issuing.printing import place_of, print_pending
from server.issuing.template_faults import refused
from server.issuing.template_keeping import SAMPLES, check, keep
from server.jobs import Printing
from tests.certificates.test_own import changed
from tests.server.issuing.test_issuing import final
from tests.server.small import AT, SEALER, founded, opened

pytestmark = pytest.mark.slow
HERE = '<div class="abs main">'
FOREVER = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


async def test_what_is_issued_in_a_template_keeps_its_version_and_verifies(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checked in a process of its own that leaves nothing on the disk, kept, chosen, issued, printed, verified; the next version
    changes nothing before it."""
    disk = tmp_path / "tmp"
    disk.mkdir()
    monkeypatch.setenv("TMPDIR", str(disk))
    monkeypatch.setattr(tempfile, "tempdir", None)
    small = await final("contest", 100)
    competition = await small.competition()
    with pytest.raises(Refusal) as refused:
        await keep(competition, "校徽版", changed("template.html", HERE, "{{ sheet.nothing }}" + HERE), small.staff, AT)
    assert refused.value.code == "template.jinja.failed" and "template.html 第 9 行" in refused.value.words.zh
    assert "template.html, line 9" in refused.value.words.en and not await OwnTemplate.count()
    first = await keep(competition, " 校徽版 ", example(), small.staff, AT)
    assert not list(disk.iterdir())
    with pytest.raises(Refusal, match=r"design\.unsuitable"):
        await choose(competition, "level", first, small.staff, AT)
    await choose(competition, "award", first, small.staff, AT)
    await opened(small, "certified")
    portrait = changed("design.toml", "width = 297\nheight = 210", "width = 210\nheight = 297")
    second = await keep(await small.competition(), "校徽版", portrait, small.staff, AT)
    assert (await words_of(second)).en == "校徽版 (version 2)"
    assert design_of(await small.competition(), "award") == first
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await OwnTemplate.update({OwnTemplate.archive: b""}).where(OwnTemplate.version == 1)
    with ThreadPoolExecutor(1) as presses:
        async for _ in print_pending(competition["id"], tmp_path, SEALER, "组委会", presses):  # type: ignore[arg-type]
            pass
    rows = await Certificate.select(Certificate.number, Certificate.design)
    assert len(rows) == 3 and {row["design"] for row in rows} == {first}
    for row in rows:
        pdf = place_of(tmp_path, row["number"]).read_bytes()
        assert getattr(verify(pdf, await trusted()), "number", "") == row["number"]
        width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
        assert width > height


async def test_a_template_is_its_organisers_alone(database: str) -> None:
    """Another organiser neither sees it nor can print in it."""
    mine, theirs = await founded("mine"), await founded("theirs")
    design = await keep(await mine.competition(), "校徽版", example(), mine.staff, AT)
    template = design.removeprefix("own:")
    assert (await picture_of(await mine.competition(), template)).startswith(b"\xff\xd8")
    with pytest.raises(Refusal, match="not-found"):
        await picture_of(await theirs.competition(), template)
    with pytest.raises(Refusal, match=r"design\.unsuitable"):
        await choose(await theirs.competition(), "award", design, theirs.staff, AT)


def test_a_template_that_runs_for_ever_is_stopped_where_it_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of the loop is told, and the press lives. So it is of a drawing in which there is no line, though WeasyPrint would
    leave it out and go on."""
    monkeypatch.setattr(press, "LONGEST_OF_OWN", 1)
    fault = press.check_template(changed("template.html", HERE, FOREVER + HERE)).fault
    assert fault and (fault.rule, fault.file, fault.line) == ("page.slow", "template.html", 9)
    within = "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
    fault = press.check_template(changed("art/frame.svg", "<g fill", f'<g id="a0"/>{within}<g fill')).fault
    assert fault and fault.rule == "page.slow"


async def test_a_check_that_dies_or_is_late_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that the system ends, or that is ended by the clock, leaves words behind and no process."""
    others = set(multiprocessing.active_children())  # the presses of whatever was tested before
    monkeypatch.setattr(apart, "only_for", exit)
    with pytest.raises(Refusal, match=r"template\.page\.killed"):
        await check(example(), uuid4())
    monkeypatch.setattr(apart, "only_for", never)
    monkeypatch.setattr(apart, "LONGEST", -apart.LONGEST_PAGE * SAMPLES + 0.2)
    with pytest.raises(Refusal, match=r"template\.page\.late") as refused:
        await check(example(), uuid4())
    assert "到时没有排完" in refused.value.words.zh and refused.value.mend.en.startswith("Look at its loops")
    for process in set(multiprocessing.active_children()) - others:
        process.join(60)
    assert set(multiprocessing.active_children()) <= others


@pytest.mark.parametrize("name", ["\ud800.html", "\u202egnp.css"])
def test_a_name_that_no_page_can_show_is_told_by_its_code_points(name: str) -> None:
    """Half a character would be no UTF-8 and end the answer; what turns a line around would say something else."""
    words = refused("file.missing", name).words
    assert words.en.encode().isascii() and words.en.isprintable() and f"U+{ord(max(name)):04X}" in words.zh


def never(*_: object) -> None:
    """Takes longer than any test."""
    time.sleep(3600)


async def test_a_template_that_fails_only_on_real_paper_stops_nobody_else(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It passes its samples and then runs for ever. What is issued in our designs is printed; which template, why and what to do
    is told, beside a file that was lost meanwhile; another design is chosen, and the same numbers are printed in that."""
    small = await final("contest", 100)
    competition = await small.competition()
    sly = "{% if sheet.number != 'PD2026-000137' %}" + FOREVER + "{% endif %}"
    design = await keep(competition, "校徽版", changed("template.html", HERE, sly + HERE), small.staff, AT)
    await choose(competition, "award", design, small.staff, AT)
    await opened(small, "certified")
    (first, *_) = await Certificate.select(Certificate.id, Certificate.number).order_by(Certificate.number)
    other: dict[Any, Any] = {Certificate.design: "classical", Certificate.design_version: None}
    await Certificate.update(other).where(Certificate.id == first["id"])
    OwnPress(read(example())).sheet(samples(form=False)["short"])  # loads the faces, which is not timed
    monkeypatch.setattr(press, "LONGEST_OF_OWN", 2)

    async def here(organiser: UUID, pages: int, work: str, *given: Any) -> Any:
        """As `apart`, without the seconds that a process takes to begin."""
        try:
            return in_a_press(work, *given)
        except Faulty as error:
            raise apart.refused_for(error) from None

    monkeypatch.setattr(apart, "apart", here)
    settings, folder = (
        SimpleNamespace(data=tmp_path, token_pin="", authority=None),
        tmp_path / "certificates" / small.slug,
    )
    with ThreadPoolExecutor(1) as presses:
        printing = Printing(State({"settings": settings, "sealer": SEALER, "presses": presses}))

        async def printed() -> int:
            printing.begin(await small.competition())
            await asyncio.gather(*printing._tasks.values())
            return await Certificate.count().where(Certificate.printed.is_not_null())

        assert await printed() == 1
        held = printing.held[competition["id"]]
        assert held.zh.startswith("模板校徽版（第 1 版）：") and "排版太久" in held.zh and "另选一个版式" in held.zh
        assert "It took too long" in held.en and "choose another design" in held.en
        place_of(folder, first["number"]).unlink()
        await Certificate.update({Certificate.drawn_sha256: "0" * 64}).where(Certificate.id == first["id"])
        assert await lost(competition["id"], folder, AT) == 1 and await printed() == 0
        assert "It took too long" in printing.held[competition["id"]].en
        assert printing.unlike[competition["id"]].numbers == (first["number"],)
        assert await accept(competition["id"], [first["number"]], small.staff, AT) == 1
        await choose(await small.competition(), "award", "modern", small.staff, AT)
        assert await printed() == 3 and not printing.held
