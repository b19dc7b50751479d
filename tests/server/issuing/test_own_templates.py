"""An organiser's own template from the upload to a certificate that verifies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pypdfium2
import pytest

from certificates.own.archive import example
from certificates.verification import verify
from server.database.tables import Certificate, OwnTemplate
from server.errors import Refusal
from server.issuing import press
from server.issuing.choosing import choose, design_of, words_of
from server.issuing.keys import trusted
from server.issuing.own import picture_of
from server.issuing.printing import place_of, print_pending
from server.issuing.template_keeping import check, keep
from tests.certificates.test_own import changed
from tests.server.issuing.test_issuing import final
from tests.server.small import AT, SEALER, founded, opened

HERE = '<div class="abs main">'
FOREVER = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


async def test_what_is_issued_in_a_template_keeps_its_version_and_verifies(database: str, tmp_path: Path) -> None:
    """Checked in a process of its own, kept, chosen, issued, printed, verified; the next version changes nothing before it."""
    small = await final("contest", 100)
    competition = await small.competition()
    with pytest.raises(Refusal) as refused:
        await keep(competition, "校徽版", changed("template.html", HERE, "{{ sheet.nothing }}" + HERE), small.staff, AT)
    assert refused.value.code == "template.jinja.failed" and "template.html 第 9 行" in refused.value.words.zh
    assert "template.html, line 9" in refused.value.words.en and not await OwnTemplate.count()
    first = await keep(competition, " 校徽版 ", example(), small.staff, AT)
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
    """The line of the loop is told, and the press lives."""
    monkeypatch.setattr(press, "LONGEST_CHECK", 1)
    fault = press.check_template(changed("template.html", HERE, FOREVER + HERE)).fault
    assert fault and (fault.rule, fault.file, fault.line) == ("page.slow", "template.html", 9)


async def test_a_check_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that the system ends leaves words behind and no fault of ours."""
    monkeypatch.setattr("server.issuing.template_keeping.for_once", exit)
    with pytest.raises(Refusal, match=r"template\.page\.killed"):
        await check(example())
