"""Fill equals render: what is filled into a compiled layout is what WeasyPrint draws, to the last pixel."""

import dataclasses
import itertools
import logging
import random
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from PIL import Image, ImageChops

from certificates import rendering, truetype, typecase
from certificates.certificate import Certificate
from certificates.designs import DESIGNS
from certificates.fonts import faces
from certificates.rendering import Press, Workshop
from certificates.shapes import DIGIT_HOLE, HAN_HOLE, Shapes, retold, told
from certificates.truetype import Composite, Outlines
from tests.certificates.paper import (
    KINDS,
    LEVEL,
    LONG,
    NAMES,
    PLAIN,
    PROMOTED,
    by_pdfium,
    by_poppler,
    letters,
    poppler,
    text_by_pdfium,
    text_by_poppler,
    with_photo,
)


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return Press().workshop


def people(count: int, seed: int = 7) -> list[Certificate]:
    """Winners of many events, with names of every length and the rare ones among them."""
    dice, have = random.Random(seed), faces()
    han = [char for char in map(chr, range(0x4E00, 0x9F00)) if have.serif.draws(char) and have.bold.draws(char)]
    out = []
    for serial in range(count):
        name = "".join(dice.choices(han, k=dice.choice([2, 3, 3, 4])))
        out.append(
            dataclasses.replace(
                dice.choice([PLAIN, PROMOTED]),
                number=f"PD2026-{dice.randrange(10**6):06}",
                name=dice.choice(NAMES) if serial % 8 == 7 else name,
                event="".join(dice.choices(han, k=4)),
                score=f"{dice.randrange(6000, 10000) / 100:.2f}",
                rank=str(dice.randrange(1, 10)),
                award=dice.choice(["一等奖", "二等奖", "三等奖", "优胜奖"]),
                verify_url=f"https://verify.example/v/PD2026-{dice.randrange(10**6):06}",
            )
        )
    return out


def differ(first: Image.Image, second: Image.Image) -> object:
    """The box in which two pictures differ, or nothing."""
    assert first.size == second.size
    return ImageChops.difference(first, second).getbbox()


def compared(workshop: Workshop, certificate: Certificate) -> None:
    sheet = workshop.sheet(certificate)
    layout = workshop.layout(sheet)
    assert layout is not None
    filled, rendered = layout.fill(sheet), workshop.rendered(sheet)
    assert differ(by_poppler(filled), by_poppler(rendered)) is None
    assert differ(by_pdfium(filled), by_pdfium(rendered)) is None
    assert text_by_poppler(filled) == text_by_poppler(rendered)
    assert text_by_pdfium(filled) == text_by_pdfium(rendered)


@pytest.mark.parametrize("certificate", people(6), ids=lambda one: one.name)
def test_fill_equals_render(workshop: Workshop, certificate: Certificate) -> None:
    """Any winner: no pixel and no letter differs in either engine."""
    compared(workshop, certificate)


@pytest.mark.parametrize(
    ("design", "language"), [*zip(sorted(DESIGNS), itertools.cycle(["zh", "en", "both"]), strict=False)]
)
def test_fill_equals_render_in_every_design(design: str, language: str) -> None:
    """Every design, the languages in turn, with a photo, a long name and a long competition."""
    compared(Press(design).workshop, dataclasses.replace(with_photo(LONG), language=language))  # type: ignore[arg-type]


@pytest.mark.parametrize("design", ["classical", "youth-portrait", "level"])
def test_fill_equals_render_on_a_sheet_that_is_cut(design: str) -> None:
    """The printer's variant, lying, standing and as a form, is filled as exactly as the other."""
    compared(Press(design, to_be_cut=True).workshop, PROMOTED)


@pytest.mark.parametrize(
    ("kind", "design"), [*zip(sorted(KINDS), itertools.cycle(["level", "modern-portrait"]), strict=False)]
)
def test_fill_equals_render_for_every_kind(kind: str, design: str) -> None:
    """Every kind, in both languages on one page: with its form, its panel and its facts, signed in English too."""
    signers = tuple(
        dataclasses.replace(one, name_en="Organising Committee of the Hebei Vocational Skills Competition")
        for one in KINDS[kind].organisations
    )
    compared(Press(design).workshop, dataclasses.replace(KINDS[kind], language="both", organisations=signers))


def test_a_form_is_filled_with_other_people_of_its_shape() -> None:
    """Document numbers, levels and occupations of one length share a layout, and each file has its own."""
    workshop = Press("level").workshop
    first = dataclasses.replace(LEVEL, work_type="电焊工", specimen=True)
    second = dataclasses.replace(
        first, name="刘喆", id_number="130102198912310040", occupation="车工", work_type="数控车", level="二级/技术师"
    )
    layouts = {id(workshop.layout(workshop.sheet(one))) for one in (first, second)}
    assert len(layouts) == 1
    for one in (first, second):
        compared(workshop, one)


def test_winners_of_one_shape_share_a_layout(workshop: Workshop) -> None:
    """A hundred people with names of two to four characters need a handful of layouts."""
    before = set(workshop.case.layouts)
    winners = [dataclasses.replace(one, event="焊接") for one in people(100, 3)]
    winners = [one for one in winners if one.name not in NAMES]
    shapes = {workshop.case.shapes.of(workshop.sheet(one)) for one in winners}
    assert len(shapes) <= 6 and set(workshop.case.layouts) == before


def test_a_press_keeps_so_many_layouts_of_all_its_designs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a press remembers does not grow with what it prints: of all designs' layouts the oldest goes, and is made again alike;
    the type of the proofs is one for all designs, and so many outlines are kept and no more."""
    monkeypatch.setattr(typecase, "MOST_LAYOUTS", 2)
    monkeypatch.setattr(truetype, "MOST_COPIED", 40)
    rendering.case.cache_clear()
    rendering.workshop.cache_clear()
    first, second = Press("classical").workshop, Press("craft").workshop
    assert first.case is second.case
    longer = dataclasses.replace(PLAIN, event=PLAIN.event + "装调")
    before = first.sheet_printed(first.sheet(PLAIN))
    for workshop, certificate in ((second, PLAIN), (first, longer)):
        workshop.sheet_printed(workshop.sheet(certificate))
    assert [version.design.name for version, _, _ in first.case.layouts] == ["craft", "classical"]
    assert first.sheet_printed(first.sheet(PLAIN)) == before
    assert {len(source.outlines._copied) for source in first.case.sources.values()} <= set(range(41))
    rendering.workshop.cache_clear()
    rendering.case.cache_clear()


def test_a_filled_file_is_sound(workshop: Workshop) -> None:
    """qpdf finds no fault, the fonts are embedded, the title is the certificate's own."""
    (pdf,) = Press().print([with_photo(PROMOTED)])
    assert b"No syntax or stream encoding errors" in poppler("qpdf", pdf, "--check", "FILE")
    assert poppler("pdffonts", pdf, "FILE").decode().count("yes yes yes") == 3
    told_by = poppler("pdfinfo", pdf, "FILE").decode()
    assert "获奖证书 PD2026-000138 欧阳靖宇" in told_by and "placeholder" not in told_by
    assert b"PD2026-000138" in poppler("pdfinfo", pdf, "-meta", "FILE")
    assert b"heading0" not in pdf and b"address0" not in pdf


def test_nothing_of_another_certificate_is_in_a_file(workshop: Workshop) -> None:
    """The same layout filled for two people: each file holds only its own person."""
    first = dataclasses.replace(PLAIN, name="赵堃")
    second = dataclasses.replace(PLAIN, name="刘喆", number="PD2026-999999")
    for pdf, own, others in zip(Press().print([first, second]), ("赵堃", "刘喆"), ("刘喆", "赵堃"), strict=True):
        text = letters(text_by_pdfium(pdf))
        assert own in text and others not in text


def test_a_rare_character_in_a_text_is_rendered_instead(caplog: pytest.LogCaptureFixture) -> None:
    """What a layout cannot be filled with is printed all the same, by WeasyPrint, and looks right."""
    rare = dataclasses.replace(PLAIN, event="龑冶工艺")
    with caplog.at_level(logging.INFO):
        (pdf,) = Press().print([rare])
    assert "not filled" in caplog.text
    assert "“龑冶工艺”" in letters(text_by_pdfium(pdf))


def test_a_text_that_is_too_long_for_placeholders_is_rendered(workshop: Workshop) -> None:
    """Four hundred Han characters and more: no layout, no failure."""
    endless = dataclasses.replace(PLAIN, competition="职业技能大赛" * 80)
    assert workshop.layout(workshop.sheet(endless)) is None


def test_an_unwilling_layout_is_noticed(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the placeholders to move something, the two proofs would differ and nothing would be filled."""
    sets = workshop.case.placeholders.sets
    monkeypatch.setattr(workshop.case.placeholders, "sets", (sets[0], ["A"] * len(sets[1])))
    assert workshop.layout(workshop.sheet(dataclasses.replace(PLAIN, rank="123456"))) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.text(alphabet="王㛃𬀩0189Aaé·，（ 〇龑㸚", max_size=12))
def test_a_shape_keeps_what_it_does_not_swap(workshop: Workshop, text: str) -> None:
    """A shape has as many places as the text, and everything but Han characters and digits stands in it unchanged."""
    sheet = workshop.sheet(PLAIN)
    texts = told(sheet)
    changed = retold(sheet, [text, *texts[1:]])
    shape = Shapes(faces()).of(changed)
    assert [text, *texts[1:]] == told(changed)
    assert len(shape.texts[0]) == len(text)
    assert all(kept in (own, HAN_HOLE, DIGIT_HOLE) for own, kept in zip(text, shape.texts[0], strict=True))


def test_the_small_fonts_add_up() -> None:
    """A font of a few outlines has the checksum that every font must have, and refuses outlines made of others."""
    serif = faces().serif
    outlines = Outlines(serif)
    font = outlines.font([0, *(serif.glyph(char) for char in "职业技能")])
    assert sum(struct.unpack(f">{len(font) // 4}I", font)) & 0xFFFFFFFF == 0xB1B0AFBA
    with pytest.raises(Composite):
        Outlines(faces().kai).outline(faces().kai.glyph("¨"))


@pytest.mark.parametrize(("system", "outcome"), [("linux", pytest.fail.Exception), ("darwin", pytest.skip.Exception)])
def test_nothing_is_left_unlooked_at_for_want_of_a_tool(
    monkeypatch: pytest.MonkeyPatch, system: str, outcome: type[BaseException]
) -> None:
    """Where `podium test` installs the tools, a missing one is a failure and no skipped test."""
    monkeypatch.setattr("sys.platform", system)
    with pytest.raises(outcome, match="is not installed"):
        poppler("no-such-tool-anywhere", b"")
