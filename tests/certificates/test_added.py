"""Fonts that are added for rare characters: which are taken, and that each character is drawn by its own."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

from certificates import covering
from certificates.added import REASONS, Unusable, adds, checked, told
from certificates.comparing import alike
from certificates.fonts import VENDORED, faces, unprintable
from certificates.rendering import Press, plain_printed
from tests.certificates.paper import PLAIN, by_pdfium, letters, text_by_pdfium
from tests.certificates.rare import LINE, WHOLE, Box, font

FIRST, SECOND, PRIVATE = "㐀", "㐆", "\ue000"
EM_AND_A_HALF = 1536


def laid(folder: Path, *fonts: Mapping[str, Box]) -> Path:
    """A folder of faces with these fonts added."""
    folder.mkdir()
    for file in VENDORED.glob("*.ttf"):
        (folder / file.name).symlink_to(file)
    for number, boxes in enumerate(fonts, 1):
        font(folder / f"{number:02}-rare.ttf", boxes)
    return folder


def test_only_fonts_that_print_well_everywhere_are_taken(tmp_path: Path) -> None:
    """Each thing that is asked of a file has its refusal, with a mend in both languages; a font that is taken says what it is."""
    whole = font(tmp_path / "whole.ttf", {FIRST: WHOLE, "王": WHOLE, "A": WHOLE, PRIVATE: WHOLE}, licence="OFL\n 1.1")
    cut, note, several = tmp_path / "cut.ttf", tmp_path / "note.ttf", tmp_path / "several.ttf"
    cut.write_bytes(whole.read_bytes()[:-60])
    note.write_text("not a font", "utf-8")
    collection = TTCollection()
    collection.fonts = [TTFont(whole), TTFont(whole)]
    collection.save(several)
    box = {FIRST: WHOLE}
    bad = {
        cut: "unreadable",
        note: "unreadable",
        several: "collection",
        font(tmp_path / "cff.ttf", box, cff=True): "outlines",
        font(tmp_path / "varies.ttf", box, varies=True): "varies",
        font(tmp_path / "mine.ttf", box, rights=0x0002): "restricted",
        font(tmp_path / "no-part.ttf", box, rights=0x0100): "restricted",
        font(tmp_path / "narrow.ttf", box, width=EM_AND_A_HALF): "width",
        font(tmp_path / "known.ttf", {"王": WHOLE, PRIVATE: WHOLE}): "nothing",
        font(tmp_path / "empty.ttf", {FIRST: (50, 50, 50, 50)}): "nothing",
    }
    ours = faces(VENDORED).stack("name")
    for path, rule in bad.items():
        with pytest.raises(Unusable) as refused:
            checked(path, ours)
        assert refused.value.rule == rule, path
        assert all(words.zh and words.en for words in REASONS[rule])
    assert adds(checked(whole, ours), ours) == FIRST
    assert adds(checked(font(tmp_path / "print.ttf", box, rights=0x0004), ours), ours) == FIRST
    assert (told(whole).name, told(whole).licence) == ("whole", "OFL 1.1")


def ink(pdf: bytes) -> int:
    """How many pixels of a page are dark."""
    return by_pdfium(pdf, 60).convert("L").point(lambda value: 255 if value < 60 else 0).histogram()[255]


def test_each_rare_character_is_drawn_by_the_font_that_comes_first(tmp_path: Path) -> None:
    """Two fonts on one page keep apart, the earlier draws what both have, and neither draws a code of private use; a page without
    such characters has the bytes that it had before; a filled page still equals its plain render, and says what it shows.
    """
    before = laid(tmp_path / "before")
    folder = laid(tmp_path / "both", {FIRST: WHOLE}, {FIRST: LINE, SECOND: LINE, PRIVATE: WHOLE, "王": WHOLE})
    style = "p { font: 60pt PodKai, PodSerif, PodMore }"
    full, thin, both = (ink(plain_printed(f"<p>{text}</p>", style, folder)) for text in (FIRST, SECOND, FIRST + SECOND))
    assert full > 5 * thin > 0 and abs(both - full - thin) < full / 20

    assert [one.char for one in unprintable(dataclasses.replace(PLAIN, name=PRIVATE), fonts_dir=folder)] == [PRIVATE]
    assert len(unprintable(dataclasses.replace(PLAIN, name=FIRST), fonts_dir=before)) == 1
    shop, without = Press("modern", folder).workshop, Press("modern", before).workshop
    assert shop.rendered(shop.sheet(PLAIN)) == without.rendered(without.sheet(PLAIN))
    seal = dataclasses.replace(PLAIN.organisations[0], name=f"河北省{SECOND}组委会")
    rare = dataclasses.replace(PLAIN, name=f"王{FIRST}{SECOND}", event=f"焊{SECOND}接", organisations=(seal,))
    assert alike(shop, rare) and alike(shop, PLAIN) and any(shop.case.layouts.values())
    said = letters(text_by_pdfium(shop.sheet_printed(shop.sheet(rare))))
    assert f"王{FIRST}{SECOND}" in said and f"焊{SECOND}接" in said


def test_the_standards_have_as_many_characters_as_they_say() -> None:
    """8 105 in 通用规范汉字表, all of which our own faces draw; 87 887 in GB 18030-2022 level 3, which has the first in it."""
    (_, general), (_, level) = covering.standards()
    assert (len(set(general)), len(set(level))) == (8105, 87_887) == (len(general), len(level))
    assert set(general) <= set(level)
    stack = faces(VENDORED).stack("name")
    assert covering.undrawn(general, stack) == "" and covering.undrawn(f"王{FIRST}", stack) == FIRST
