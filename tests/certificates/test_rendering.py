"""The files that the press prints, looked at through two engines that share no code: poppler and PDFium."""

import dataclasses
import re
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from certificates.certificate import Certificate
from certificates.designs import DESIGNS
from certificates.fonts import VENDORED
from certificates.rendering import DataOnly, Press, Unprintable, workshop
from tests.certificates.paper import (
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

Engine = Callable[..., Image.Image]


def printed(*certificates: Certificate, design: str = "classical") -> list[bytes]:
    return list(Press(design).print(certificates))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    batch = [PLAIN, PROMOTED, with_photo(LONG), dataclasses.replace(PLAIN, language="both")]
    batch += [dataclasses.replace(PLAIN, language="en")]
    return dict(zip(("plain", "promoted", "long", "both", "english"), printed(*batch), strict=True))


@pytest.mark.parametrize("which", ["plain", "promoted", "long", "both", "english"])
def test_two_engines_read_the_same_words(files: dict[str, bytes], which: str) -> None:
    """What one reader copies out of a certificate, every other reader copies too."""
    assert sorted(letters(text_by_poppler(files[which]))) == sorted(letters(text_by_pdfium(files[which])))


def test_everything_that_is_said_is_on_the_page(files: dict[str, bytes]) -> None:
    """Name, sentence, number, date and organisation are there as text, in reading order."""
    text = letters(text_by_pdfium(files["promoted"]))
    sentence = "在2026年河北省职业技能大赛“焊接”赛项中，以93.47分的成绩名列第1名，荣获一等奖（金牌）。"
    assert text.startswith("获奖证书欧阳靖宇：" + sentence + "根据竞赛规程，晋升为二级/技师。特发此证，以资鼓励。")
    assert text.endswith("河北省职业技能大赛组织委员会二〇二六年十月十八日")
    assert "PD2026-000138" in text


def test_a_certificate_says_nothing_of_what_is_empty() -> None:
    """No score, no rank and no promotion: their words are gone too, and no comma is left behind."""
    bare = dataclasses.replace(PLAIN, score="", rank="", medal="")
    text = letters(text_by_pdfium(printed(bare)[0]))
    assert "“焊接”赛项中，荣获一等奖。特发此证" in text


def test_rare_names_are_drawn_and_read() -> None:
    """The names that other systems print as boxes come out as themselves."""
    people = [dataclasses.replace(PLAIN, name=name) for name in NAMES]
    for person, pdf in zip(people, printed(*people), strict=True):
        assert letters(person.name) + "：" in letters(text_by_pdfium(pdf))


@pytest.mark.parametrize("engine", [by_poppler, by_pdfium])
def test_the_code_opens_the_verify_page(files: dict[str, bytes], engine: Engine) -> None:
    """The QR code on the rendered page decodes to the verify address."""
    codes = zxingcpp.read_barcodes(engine(files["plain"], 150))
    assert [PLAIN.verify_url] == [code.text for code in codes]


@pytest.mark.parametrize("engine", [by_poppler, by_pdfium])
def test_the_seal_is_red_and_the_paper_ivory(files: dict[str, bytes], engine: Engine) -> None:
    """The seal is there, where the organisation signs, in both engines."""
    page = engine(files["plain"], 72)
    left, top, right, bottom = (round(mm / 25.4 * 72) for mm in (190, 140, 242, 190))
    red, green, blue = page.crop((left, top, right, bottom)).split()
    ink = [
        r > 180 and g < 110 and b < 110 for r, g, b in zip(red.tobytes(), green.tobytes(), blue.tobytes(), strict=True)
    ]
    assert sum(ink) > 1000
    assert page.getpixel((150, 200)) == (253, 248, 236)


def test_every_font_is_embedded_and_a_subset(files: dict[str, bytes]) -> None:
    """Nothing is left to the reader's machine: each font is in the file, small, and maps back to characters."""
    rows = poppler("pdffonts", files["long"], "FILE").decode().splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"Pod(Serif|Kai).* CID TrueType +Identity-H +yes yes yes", row), row


def test_the_file_is_sound_and_claims_what_it_is(files: dict[str, bytes]) -> None:
    """qpdf finds no fault; the file is tagged, titled, in Chinese, and declares PDF/A-3a."""
    assert b"No syntax or stream encoding errors" in poppler("qpdf", files["plain"], "--check", "FILE")
    told = poppler("pdfinfo", files["plain"], "FILE").decode()
    assert (
        "获奖证书 PD2026-000137 王㛃" in told and re.search(r"Tagged: +yes", told) and re.search(r"Pages: +1\n", told)
    )
    packed = re.findall(rb"stream\n(.*?)\nendstream", files["plain"], re.DOTALL)
    plain = b"".join(zlib.decompress(one) for one in packed if one[:1] == b"\x78")
    assert b'pdfaid:part="3"' in plain or b"pdfaid:part>3" in plain
    assert b"/OutputIntents" in files["plain"] and b"/Lang" in files["plain"]


def test_the_same_batch_gives_the_same_bytes() -> None:
    """Printing again changes nothing, whatever else is printed: a certificate can be compared with its copy."""
    first, second = printed(PLAIN, with_photo(PROMOTED))
    assert printed(with_photo(PROMOTED), LONG, PLAIN)[::2] == [second, first]
    workshop.cache_clear()
    assert printed(PLAIN) == [first]


def test_a_certificate_that_cannot_be_drawn_stops_the_batch() -> None:
    """Before the first file, with the character, its code point and its place; never a box on the paper."""
    strange = dataclasses.replace(PLAIN, name="李㸚")
    with pytest.raises(Unprintable) as caught:
        Press().print([PLAIN, strange])
    assert [tuple(dataclasses.astuple(one[0])) if one else () for one in caught.value.missing] == [
        (),
        ("name", "㸚", "U+3E1A", 1),
    ]


def test_markup_in_a_name_is_only_a_name() -> None:
    """A name that looks like HTML is printed as it stands and loads nothing."""
    name = "<img src=http://x/>&amp;"
    assert letters(name) in letters(text_by_pdfium(printed(dataclasses.replace(PLAIN, name=name))[0]))


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.png", "file:///etc/passwd", "ftp://x/y"])
def test_the_press_opens_no_address(url: str) -> None:
    """Neither the network nor the disk: a page that asks for either is not printed."""
    with pytest.raises(FatalURLFetchingError):
        HTML(string=f'<img src="{url}">', url_fetcher=DataOnly()).write_pdf()


@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_stamped_art_looks_like_art_drawn_in_place(design: str) -> None:
    """Frame, ornament, seals and code as forms look like WeasyPrint's drawing in place.

    A turned wave inside a form is placed by another order of multiplications, which an engine's rounding shows as four levels
    of 255 at most; everything else is the same to the last pixel.
    """
    workshop = Press(design).workshop
    sheet = workshop.sheet(with_photo(LONG))
    stamped, drawn = (workshop.rendered(sheet, in_full=full) for full in (False, True))
    for engine in (by_poppler, by_pdfium):
        differences = ImageChops.difference(engine(stamped), engine(drawn)).getextrema()
        assert max(most for _, most in differences) <= 4  # type: ignore[misc]


@pytest.mark.parametrize("design", ["classical", "craft", "modern-portrait", "youth", "level"])
def test_a_sheet_that_is_cut_has_art_past_the_trim_and_marks_beyond(design: str) -> None:
    """Trim as large as the page, art over the whole BleedBox, black marks on white outside it, the page itself unchanged."""
    (pdf,) = Press(design, to_be_cut=True).print([PLAIN])
    (page,) = Press(design).print([PLAIN])
    document, whole = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument(page)
    left, bottom, right, top = document[0].get_trimbox()
    assert (right - left, top - bottom) == pytest.approx(whole[0].get_size(), abs=0.01)
    room = document[0].get_trimbox()[0] - document[0].get_mediabox()[0]
    assert room == pytest.approx(8 / 25.4 * 72, abs=0.01)
    assert left - document[0].get_bleedbox()[0] == pytest.approx(10, abs=0.01)
    sheet, dpi = by_pdfium(pdf, 254), 10  # ten dots to the millimetre
    edge, height = 8 * dpi, sheet.height
    background = by_pdfium(page, 254).getpixel((4, height // 2 - edge)) if design != "youth" else None
    if background:
        assert sheet.getpixel((edge - 34, height // 2)) == background
    assert sheet.getpixel((edge - 42, height // 2)) == (255, 255, 255)
    corner = sheet.crop((0, edge - 5, 4 * dpi, edge + 5)).convert("L")
    assert min(corner.tobytes()) < 100


def test_a_form_is_filled_in_with_the_fangsong_that_is_given(tmp_path: Path) -> None:
    """A fourth face in the folder of fonts sets what is filled in, and a filled page still equals a rendered one."""
    for file in VENDORED.glob("*.ttf"):
        (tmp_path / file.name).symlink_to(file)
    fang = TTFont(VENDORED / "PodiumSerif-Regular.ttf")
    for number in (1, 4, 6, 16):
        fang["name"].setName("Podium Fang", number, 3, 1, 0x409)
    fang.save(tmp_path / "PodiumFang-Regular.ttf")
    workshop = Press("level", tmp_path).workshop
    sheet = workshop.sheet(dataclasses.replace(LEVEL, work_type="电焊工"))
    layout = workshop.layout(sheet)
    assert layout
    filled, rendered = layout.fill(sheet), workshop.rendered(sheet)
    assert ImageChops.difference(by_pdfium(filled), by_pdfium(rendered)).getbbox() is None
    assert "电焊工" in letters(text_by_pdfium(filled))
    assert {cut.face.family for cut in layout.cuts.values()} == {"PodSerif", "PodFang"}


def first_of(certificate: Certificate) -> bytes:
    return printed(certificate)[0]


def test_certificates_can_be_printed_in_other_processes() -> None:
    """A certificate is a value that a pool of workers can be given."""
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(first_of, PLAIN).result()[:5] == b"%PDF-"
