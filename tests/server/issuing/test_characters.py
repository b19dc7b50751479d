"""Names that no font draws: who waits, the three mends, and the certificate that is printed then."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from certificates import characters as drawn
from certificates import fonts
from certificates.comparing import alike
from certificates.rendering import Press
from server.database.tables import Certificate
from server.errors import Refusal
from server.issuing.characters import give, given, wanting
from server.issuing.faces import laid_out
from server.issuing.kinds import issue_kind, plan_of
from server.issuing.printing import place_of, print_pending
from server.results.flow import canonical
from tests.certificates.paper import PLAIN, letters, text_by_pdfium
from tests.server.issuing.test_issuing import final
from tests.server.small import AT, BASE, SEALER, opened

BY_PICTURE, BY_FONT, AS_OTHER = "\ue000", "\ue001", "\U000f0002"


def scan(*, blank: bool = False) -> bytes:
    """A ring on paper, off its middle: something with a hole."""
    picture = Image.new("L", (400, 300), 240)
    if not blank:
        ImageDraw.Draw(picture).ellipse((40, 30, 240, 230), outline=20, width=30)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def test_whose_name_no_font_draws_is_printed_once_its_characters_are_given(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listed with their character; each mend refused where it cannot help, in both languages; given by picture, font and other
    character; then issued, printed with the name as its text, filled as it is rendered; what a certificate bears stays."""
    monkeypatch.setenv(fonts.FONTS, str(tmp_path / "none"))
    name = f"赵{BY_PICTURE}{BY_FONT}{AS_OTHER}"
    small = await final("contest", 100, name=name)
    competition, folder = await small.competition(), tmp_path / "files"
    await opened(small, "certified")
    assert {(one.char, *one.people) for one in await wanting(competition)} == {
        (char, name) for char in (BY_PICTURE, BY_FONT, AS_OTHER)
    }
    (barred,) = (await plan_of(competition, "award", SEALER, AT)).barred
    assert "U+E000" in barred.why.zh and "U+F0002" in barred.why.en

    face = fonts.VENDORED / drawn.KAI
    font = drawn.face_with({BY_FONT: "M100,0L900,0L900,800Z"}, face)
    with ThreadPoolExecutor(1) as presses:

        async def mend(char: str, how: str, content: bytes, source: str) -> None:
            await give(competition, char, how, content, source, tmp_path, presses, small.staff, AT)  # type: ignore[arg-type]

        for char, how, content, source, code, words in (
            (BY_FONT, "font", face.read_bytes(), "kai.ttf", "character.not-in-it", "这个字体也没有这个字。"),
            (BY_FONT, "font", b"\0\1\0\0" * 99, "x.ttf", "character.no-font", "这不是能读的字体文件"),
            (BY_PICTURE, "picture", scan(blank=True), "x.png", "character.no-ink", "图片里看不出一个字"),
            (BY_PICTURE, "picture", b"GIF89a", "x.gif", "character.no-picture", "这不是能用的图片"),
            (AS_OTHER, "other", b"", "\ue111", "character.no-other", "请写一个能印的字。"),
            ("赵", "other", b"", "王", "character.drawn", "这不是一个印不出的字。"),
        ):
            with pytest.raises(Refusal) as refused:
                await mend(char, how, content, source)
            assert refused.value.code == code and words in refused.value.words.zh and refused.value.words.en
        assert await given() == [] and fonts.standing() == fonts.VENDORED

        await mend(BY_PICTURE, "picture", scan(), "scan.png")
        await mend(BY_FONT, "font", font, "county.ttf")
        await mend(AS_OTHER, "other", b"", "王")
        assert await wanting(competition) == []
        plan = await plan_of(competition, "award", SEALER, AT)
        who = {one.subject for one in plan.recipients}
        assert await issue_kind(competition, "award", who, plan.seen, "", BASE, SEALER, small.staff, AT) == 1
        async for _ in print_pending(competition["id"], folder, SEALER, "组委会", presses):  # type: ignore[arg-type]
            pass
        numbers = [row["number"] for row in await Certificate.select(Certificate.number).order_by(Certificate.number)]
        assert name in letters(text_by_pdfium(place_of(folder, numbers[-1]).read_bytes()))
        with pytest.raises(Refusal, match=r"character\.used"):
            await mend(BY_PICTURE, "picture", scan(), "another.png")

        before = fonts.standing()
        (tmp_path / ".fonts" / fonts.CURRENT).unlink()
        await laid_out(tmp_path, presses)  # as at the next start, or from a backup
        assert fonts.standing() == before != fonts.VENDORED
    shop = Press("modern").workshop
    paper = PLAIN.from_data({**PLAIN.as_data(), "name": name})
    assert alike(shop, paper) and list(shop.case.layouts.values()) != [None]
    assert canonical({"": name}).count(BY_PICTURE) == 1  # as certificates are searched for it
