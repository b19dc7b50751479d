"""Fonts that an operator adds: used at once by every program, kept in the backup, and kept while a certificate needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from certificates import fonts
from server import settings
from server.backup import back_up
from server.commands.fonts import command
from server.database.tables import Certificate
from server.errors import Refusal
from server.issuing.adding import add, remove
from server.issuing.characters import give, wanting
from server.issuing.faces import added, laid_out
from server.issuing.kinds import plan_of
from server.issuing.printing import place_of, print_pending
from server.restore import restore
from tests.certificates.paper import letters, text_by_pdfium
from tests.certificates.rare import LINE, WHOLE, font
from tests.server.issuing.test_issuing import final
from tests.server.small import AT, SEALER, opened

FIRST, SECOND = "㐀", "㐆"
ANOTHER = "from certificates import fonts; print(*[face.path.name for face in fonts.faces().added])"


async def test_a_font_that_is_added_prints_whom_nothing_could_and_stays_while_a_certificate_needs_it(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose name is barred is issued and printed once a font has it, without a restart and in other programs on the folder as
    well; then neither the font is taken out nor the character given another outline; a font that nobody needs goes.
    """
    monkeypatch.setenv(fonts.FONTS, str(tmp_path / "data" / ".fonts"))
    data, name = tmp_path / "data", f"赵{FIRST}"
    small = await final("contest", 100, name=name)
    competition = await small.competition()
    assert [one.char for one in await wanting(competition)] == [FIRST]
    with ThreadPoolExecutor(1) as presses:
        files = [font(tmp_path / "needed.ttf", {FIRST: WHOLE}), font(tmp_path / "not-needed.ttf", {SECOND: LINE})]
        assert await add(data, files, presses) == ["needed", "not-needed"]
        seen = subprocess.run(
            [sys.executable, "-c", ANOTHER], env=os.environ, capture_output=True, text=True, check=True
        )
        assert seen.stdout.split() == ["01-needed.ttf", "02-not-needed.ttf"]
        assert await wanting(competition) == []

        await opened(small, "certified")
        assert (await plan_of(competition, "award", SEALER, AT)).barred == []
        async for _ in print_pending(competition["id"], tmp_path / "files", SEALER, "组委会", presses):  # type: ignore[arg-type]
            pass
        rows = await Certificate.select(Certificate.number).where(Certificate.content.like(f"%{name}%"))
        assert name in letters(text_by_pdfium(place_of(tmp_path / "files", rows[0]["number"]).read_bytes()))

        with pytest.raises(Refusal, match=r"font\.used") as refused:
            await remove(data, "needed", presses)
        assert rows[0]["number"] in refused.value.words.zh and "㐀 U+3400" in refused.value.words.en
        with pytest.raises(Refusal, match=r"character\.used"):
            await give(competition, FIRST, "other", b"", "王", data, presses, small.staff, AT)
        before = fonts.standing()
        await laid_out(data, presses)  # as at the next start
        assert fonts.standing() == before
        await remove(data, "not-needed", presses)
        assert [one.path.name for one in fonts.faces().added] == ["01-needed.ttf"]
        await add(data, [font(tmp_path / "later.ttf", {SECOND: LINE})], presses)
        assert [path.name for path in added(data)] == ["01-needed.ttf", "02-later.ttf"]


def test_the_command_adds_fonts_or_says_why_not_and_a_backup_has_them(
    dsn: str, empty_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of the files or none, each refusal with file, code and mend; what is covered before and after, what is not and by which
    font a character is drawn; a restored folder has the same fonts; one that is no more needed is taken out.
    """
    monkeypatch.setenv(fonts.FONTS, str(tmp_path / "data" / ".fonts"))
    monkeypatch.setenv("PODIUM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", dsn)
    good, again = font(tmp_path / "rare.ttf", {FIRST: WHOLE}, licence="OFL"), tmp_path / "cut.ttf"
    again.write_bytes(good.read_bytes()[:-60])

    def asked(*given: object, lang: str = "C") -> Result:
        return CliRunner(env={"LC_ALL": lang}).invoke(command, [str(one) for one in given])

    def refused(*given: object) -> Refusal:
        error = asked(*given).exception
        assert isinstance(error, Refusal) and error.words.zh and error.mend.zh and error.mend.en
        return error

    assert "65520 are not drawn: 㐀 U+3400" in asked().output and "不可印 65520 字" in asked(lang="zh_CN.UTF-8").output
    for given, code, said in (
        (["--add", good, again], "font.unreadable", "cut.ttf"),
        (["--add", good, good], "font.taken", "rare"),
        (["--add", tmp_path / "none.ttf"], "font.file", "none.ttf"),
        (["--add"], "font.options", ""),
        (["--remove", "rare", FIRST], "font.options", ""),
        (["--remove", "rare"], "font.unknown", "rare"),
    ):
        error = refused(*given)
        assert error.code == code and said in error.words.zh
    assert list((tmp_path / "data" / "fonts").iterdir()) == []
    assert asked(FIRST).exit_code == 1

    told = asked("--add", good)
    assert told.exit_code == 0 and "added: rare (rare, OFL): 1 more drawn" in told.output
    assert "Extension A: 504 / 6592 drawn (503 by" in told.output and "65519 are not drawn: 㐆 U+3406" in told.output
    assert "8105 / 8105 drawn" in told.output and "20992 / 20992 drawn" in told.output
    traced = asked(f"王{FIRST}")
    assert (
        traced.exit_code == 0
        and "㐀  U+3400  01-rare.ttf" in traced.output
        and "王  U+738B  PodiumKai" in traced.output
    )
    assert refused("--add", font(tmp_path / "same.ttf", {FIRST: LINE})).code == "font.nothing"

    back_up(settings.load(os.environ), tmp_path / "saved.tar")
    copy = settings.load({"PODIUM_DATA": str(tmp_path / "copy"), "DATABASE_URL": empty_dsn}, make_key=False)
    restore(copy, tmp_path / "saved.tar")
    assert [path.read_bytes() for path in added(copy.data)] == [good.read_bytes()]
    assert "added: rare" not in asked("--remove", "rare").output and asked(FIRST).exit_code == 1
