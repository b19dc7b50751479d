"""A certificate is printed again as it was, whatever its design has become; where that cannot be, somebody is told."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from certificates import rendering, versions, wording
from certificates.own.archive import example, read
from certificates.own.samples import samples
from certificates.own.setting import OwnPress
from certificates.rendering import Press
from server.database.tables import Certificate, DesignVersion
from server.issuing import versions as keeping
from server.issuing.losing import Unlike, accept, lost
from server.issuing.printing import place_of, print_pending
from server.issuing.withdrawing import reissue
from server.verification.flow import by_file
from tests.certificates.paper import KINDS, PLAIN, PROMOTED
from tests.server.conftest import Site
from tests.server.issuing.test_issuing import final
from tests.server.small import AT, BASE, SEALER, brought, founded, opened

HTML = {"accept": "text/html"}


@pytest.fixture
def updated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What an update does: other styles, pages and words of the same designs, to a program that starts anew."""
    caches = (versions.today, versions.fingerprint, rendering.workshop, rendering.said_today)

    def update() -> None:
        here = tmp_path / "update"
        shutil.copytree(versions.HERE, here, ignore=shutil.ignore_patterns("fonts", "*.pyc"))
        style, page = (here / "templates" / "classical" / name for name in ("style.css", "template.html"))
        style.write_text(style.read_text("utf-8") + "\n.name { color: #00f }\n", "utf-8")
        page.write_text(page.read_text("utf-8").replace("：</span>", "</span>"), "utf-8")
        said = wording.source().replace("特发此证，以资鼓励。", "特此证明。")
        monkeypatch.setattr(versions, "HERE", here)
        monkeypatch.setattr(versions, "TEMPLATES", here / "templates")
        monkeypatch.setattr(wording, "source", lambda: said)
        for one in caches:
            one.cache_clear()

    yield update
    monkeypatch.undo()
    for one in caches:
        one.cache_clear()


async def printed(competition: UUID, folder: Path) -> int:
    done = 0
    with ThreadPoolExecutor(1) as press:
        async for count in print_pending(competition, folder, SEALER, "组委会", press):  # type: ignore[arg-type]
            done = count
    return done


def unsigned(pdf: bytes) -> bytes:
    """What was drawn: all before the update that signs it."""
    return pdf[: pdf.rindex(b"%%EOF\n", 0, -6) + 6]


async def row_of(number: str) -> dict[str, Any]:
    row = await Certificate.select().where(Certificate.number == number).first()
    assert row
    return dict(row)


async def test_a_lost_file_is_printed_as_it_was_after_its_design_has_changed(
    database: str, tmp_path: Path, updated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal but for the signature, and both files are genuine; what replaces a certificate looks like it; what is issued anew is
    in the new design; a file that would come out otherwise is not made until a supervisor says so, who reads why."""
    small = await final("contest", 100)
    await opened(small, "certified")
    id, folder = (await small.competition())["id"], tmp_path / "files"
    assert await printed(id, folder) == 3 and await lost(id, folder, AT) == 0
    numbers = [f"PD2026-{n:06}" for n in (1, 2, 3)]
    before = {number: place_of(folder, number).read_bytes() for number in numbers}
    rows = {number: await row_of(number) for number in numbers}
    assert {hashlib.sha256(unsigned(before[one])).hexdigest() for one in numbers} == {
        row["drawn_sha256"] for row in rows.values()
    }
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await DesignVersion.update({DesignVersion.sources: b""}, force=True)

    outside = versions.outside()
    updated()
    place_of(folder, numbers[0]).unlink()
    assert await lost(id, folder, AT) == 1 and await printed(id, folder) == 1
    again = place_of(folder, numbers[0]).read_bytes()
    assert unsigned(again) == unsigned(before[numbers[0]]) and again != before[numbers[0]]
    for pdf in (again, before[numbers[0]]):
        assert (await by_file(pdf, AT)).outcome == "genuine"

    corrected = await reissue(
        await small.competition(), numbers[0], {"name": "赵改"}, "写错", BASE, SEALER, small.staff, AT
    )
    following = await final("following", 200)
    await opened(following, "certified")
    new = await row_of("PD2026-000005")
    version = rows[numbers[0]]["design_version"]
    assert (await row_of(corrected))["design_version"] == version != new["design_version"]
    former = await keeping.as_it_was("classical", version)
    assert isinstance(former, versions.Former)
    assert await keeping.as_it_was("classical", new["design_version"]) == "classical"
    then, now = next(Press(kept=former.sources).print([PLAIN])), next(Press().print([PLAIN]))
    assert then != now and "color: #00f" in Press().workshop.style

    for number in numbers[1:]:
        place_of(folder, number).unlink()
    second, third = (Certificate.number == number for number in numbers[1:])
    await Certificate.update({Certificate.drawn_sha256: "0" * 64}).where(second)  # as another WeasyPrint would draw it
    await Certificate.update({Certificate.drawn_sha256: "", Certificate.design_version: None}).where(third)
    monkeypatch.setattr(versions, "outside", lambda: {**outside, "weasyprint": "99"})
    assert await lost(id, folder, AT) == 2
    with pytest.raises(Unlike) as told:
        await printed(id, folder)
    assert told.value.numbers == tuple(numbers[1:]) and not place_of(folder, numbers[1]).exists()
    assert "→ 99; of 1 the design was not kept" in told.value.words.en and place_of(folder, corrected).exists()
    assert (await by_file(before[numbers[1]], AT)).outcome == "genuine"
    assert await accept(id, told.value.numbers, small.staff, AT) == 2 and await printed(id, folder) == 2
    for number in numbers[1:]:
        for pdf in (before[number], place_of(folder, number).read_bytes()):
            assert (await by_file(pdf, AT)).outcome == "genuine"
    assert (await row_of(numbers[2]))["design_version"] == new["design_version"]


async def test_a_download_that_finds_no_file_has_it_printed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a lost file reads that it is being made, and gets it a moment later; one that would come out otherwise stands
    at the desk with the reason, where a supervisor has it made."""
    small = await brought(await founded("lost"), "certified")
    competition, state = await small.competition(), site.app.state
    desk, boss = await site.visitor(small.staff.account), await site.visitor(small.supervisor.account)
    folder = Path(state.settings.data) / "certificates" / small.slug
    here, page = f"/api/competitions/{small.slug}", f"/office/{small.slug}/certificates"

    async def at_rest() -> None:
        await asyncio.gather(*state.printing._tasks.values())

    with ThreadPoolExecutor(1) as presses:
        monkeypatch.setattr(state, "presses", presses)
        state.printing.begin(competition)
        await at_rest()
        first, second = sorted(path.stem for path in folder.glob("*.pdf"))[:2]
        place_of(folder, first).unlink()
        told = await desk.get(f"{here}/certificates/{first}")
        assert told.status_code == 409 and told.json()["code"] == "certificate.lost"
        await at_rest()
        assert (await desk.get(f"{here}/certificates/{first}")).content == place_of(folder, first).read_bytes()
        place_of(folder, second).unlink()
        await Certificate.update({Certificate.drawn_sha256: "0" * 64}).where(Certificate.number == second)
        assert (await desk.post(f"{here}/printing")).status_code == 202
        await at_rest()
        seen, decided = (await desk.get(page, headers=HTML)).text, (await boss.get(page, headers=HTML)).text
        assert second in seen and "匠台的排版程序已经更新" in seen and "/redraw" not in seen and "/redraw" in decided
        assert (await boss.post(f"{page}/redraw")).status_code == 303
        await at_rest()
        assert place_of(folder, second).exists() and (await boss.post(f"{page}/redraw")).status_code == 409
        assert "匠台的排版程序已经更新" not in (await boss.get(page, headers=HTML)).text


def test_what_was_kept_of_a_design_draws_it_to_the_last_byte() -> None:
    """Figures, art, page, pieces, styles and sentences: what is read back from them prints the same file as the design itself."""
    level = KINDS["level"]
    for design, paper, cut in (("modern", PROMOTED, False), ("level", level, False), ("youth-portrait", PLAIN, True)):
        kept = versions.sources(design)
        one, other = (Press(design, to_be_cut=cut, kept=how) for how in (b"", kept))
        both = replace(paper, language="both")
        assert next(one.print([both])) == next(other.print([both])), design
    own, short = read(example()), samples(form=False)["short"]
    files = [next(OwnPress(own, kept=how).print([short])) for how in (b"", versions.sources(versions.OWN))]
    assert files[0] == files[1]
