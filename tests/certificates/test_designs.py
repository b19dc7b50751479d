"""What each design does with what it is given: facts, panels, long events and short ones."""

import contextlib
import dataclasses

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from certificates import fitting, wording
from certificates.art import tiles
from certificates.certificate import Organisation
from certificates.composing import SIGNED_LEADING, compose
from certificates.designs import DESIGNS, named
from certificates.fonts import faces
from certificates.rendering import Press
from tests.certificates import pictures
from tests.certificates.paper import KINDS, LONG, PLAIN, PROMOTED, by_pdfium

BESIDE = sorted(name for name, design in DESIGNS.items() if design.panel)
LONGEST = dataclasses.replace(
    LONG,
    name="阿卜杜热西提·阿卜杜热合曼·买买提艾力江·吐尔逊尼亚孜·库尔班江",
    name_en="Abdurishit Abdurahman Memet’elijan Tursunniyaz Qurbanjan",
    competition_en="3rd Craftsman Cup International Vocational Skills Challenge 2026 and Yunchuan Digital Manufacturing"
    " and Intelligent Equipment Skills Competition, Grand Final",
    event_en="Robot Systems Integration and Automation of Flexible Production Lines",
    promotion="根据竞赛规程，晋升为二级/技师。",
    promotion_en="Promoted to Level 2, Technician, under the rules of the competition.",
    organisations=(*LONG.organisations[:2], Organisation("河北省|技工教育学会"), LONG.organisations[2]),
)
ROWED = sorted(name for name, design in DESIGNS.items() if design.facts)


@pytest.mark.parametrize("design", ROWED)
def test_what_stands_in_a_row_is_not_said_again(design: str) -> None:
    """A design with a row of facts names the new level there, and nowhere else."""
    sheet = compose(PROMOTED, named(design), faces())
    assert [one.value for one in sheet.facts] == ["93.47", "1", "晋升为二级/技师"]
    assert "技师" not in "".join(run.text for one in sheet.paragraphs for run in one)


@pytest.mark.parametrize("design", ROWED)
def test_facts_fit_their_row_or_stand_at_its_floor(design: str) -> None:
    """A long fact makes all of them smaller, never below the floor; without facts there is no row."""
    row = named(design).facts
    assert row
    short, long = (
        compose(dataclasses.replace(PROMOTED, promotion=f"晋升为{words}。"), named(design), faces())
        for words in ("二级/技师", "二级/技师" * 7)
    )
    assert row.floor <= long.facts_size < short.facts_size == row.largest
    bare = dataclasses.replace(PLAIN, score="", rank="")
    assert compose(bare, named(design), faces()).facts == ()


@pytest.mark.parametrize("design", BESIDE)
@pytest.mark.parametrize("prize", ["金牌", "一等奖（第一名）暨最佳工艺奖", "First Prize and Best Craftsmanship"])
def test_the_prize_stays_on_one_line_of_its_panel(design: str, prize: str) -> None:
    """However long a prize is called, its line is no wider than the panel."""
    panel = named(design).panel
    assert panel
    size = compose(dataclasses.replace(PLAIN, medal=prize), named(design), faces()).prize_size
    wide = (faces().bold.ems(prize) + 0.06 * len(prize)) * size * fitting.MM_PER_PT
    assert 0 < wide <= panel.width


@pytest.mark.parametrize("design", BESIDE)
def test_a_panel_says_the_event_in_the_languages_of_the_page(design: str) -> None:
    """Chinese alone, English alone, or the English under the Chinese; and a long event is set smaller."""

    def said(language: str) -> tuple[str, str]:
        sheet = compose(dataclasses.replace(PLAIN, language=language), named(design), faces())  # type: ignore[arg-type]
        return sheet.event, sheet.event_en

    assert [said(one) for one in ("zh", "en", "both")] == [("焊接", ""), ("Welding", ""), ("焊接", "Welding")]
    long = dataclasses.replace(LONG, event=LONG.event * 5)
    sizes = [compose(one, named(design), faces()).event_size for one in (long, PLAIN)]
    assert sizes[0] < sizes[1]


def test_tiles_differ_from_their_neighbours_and_keep_to_the_page() -> None:
    """The same seed gives the same field; off the page nothing is drawn, and what is on it stays as it was."""
    inks = ("#1", "#2", "#3", "#4")

    def drawn(page: tuple[float, float] | None) -> str:
        return tiles.field(range(-1, 4), range(4), 10, inks, lambda column, row: 1, 3, (0, 0), page)

    whole, cut = drawn(None), drawn((40, 40))
    assert whole == drawn(None) and "-10.00" in whole and "-" not in cut.replace("stroke-width", "")
    assert all(f"{path}/>" in whole for path in cut.split("/>")[:-1])


@pytest.mark.parametrize("design", sorted(DESIGNS))
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_title_of_every_kind_stays_on_one_line(design: str, language: str) -> None:
    """专项职业能力证书 is set smaller than 获奖证书 where it must be, and never runs into the photo or over the frame: the kinds
    with the longest and the shortest title of a language, between which all others stand.
    """
    place = named(design).title
    said = "en" if language == "en" else "zh"
    kinds = sorted(KINDS, key=lambda kind: faces().bold.ems(wording.title(wording.data(), kind, said)))
    track = place.track_en if language == "en" else place.track
    for kind in (kinds[0], kinds[-1]):
        sheet = compose(dataclasses.replace(KINDS[kind], language=language), named(design), faces())  # type: ignore[arg-type]
        wide = (faces().bold.ems(sheet.title) + track * len(sheet.title)) * sheet.title_size * fitting.MM_PER_PT
        assert 0 < wide <= place.width


@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_the_picture_of_a_design_shows_what_is_printed(design: str) -> None:
    """Whoever chooses from pictures gets what they saw; after a change, `python -m tests.certificates.pictures`."""
    with Image.open(pictures.FOLDER / f"{design}.webp") as kept:
        assert kept.size in ((842, 595), (595, 842))
        small = (kept.width // 8, kept.height // 8)
        seen, printed = (one.convert("RGB").resize(small) for one in (kept, pictures.picture(design)))
    assert max(ImageStat.Stat(ImageChops.difference(seen, printed)).mean) < 2


@pytest.mark.parametrize("design", BESIDE)
def test_the_code_is_as_large_as_the_design_says(design: str) -> None:
    """A tile around it takes nothing from its width: two papers differ in nothing but what their codes say."""
    papers = [dataclasses.replace(PLAIN, code=digit * 60) for digit in "05"]
    one, other = (by_pdfium(pdf, 127) for pdf in Press(design).print(papers))
    left, top, right, bottom = ImageChops.difference(one, other).getbbox() or (0, 0, 0, 0)
    assert named(design).qr - 3 < min(right - left, bottom - top) / 5 <= named(design).qr


@pytest.mark.parametrize("design", sorted(name for name, one in DESIGNS.items() if not one.rows))
def test_the_longest_of_everything_stays_above_the_seals(design: str) -> None:
    """A name of thirty characters, a long competition and event, a promotion and four organisations: in Chinese, in English
    and in both no line of the text reaches a seal or the code beside it.
    """
    press, bottom = Press(design), ["鼓励。", "the competition.", "the competition."]
    for language, last in zip(("zh", "en", "both"), bottom, strict=True):
        one = dataclasses.replace(LONGEST, language=language)  # type: ignore[arg-type]
        if named(design).facts and language != "zh":
            last = "score of 93.47."
        sheet = compose(one, named(design), faces())
        text, signer = (where(next(press.print([one])), words) for words in (last, "石家庄技师学院"))
        above = (fitting.MM_PER_PT * sheet.signed_size * (SIGNED_LEADING - 1)) / 2 + sheet.signatures[-1].lead
        assert text[1] <= signer[0] - above + sheet.signatures[-1].seal_top, (language, text, signer)


def where(pdf: bytes, words: str) -> tuple[float, float]:
    """Top and bottom of the last place where these words stand, in mm from the top of the page."""
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        page = document[0]
        text = page.get_textpage()
        said = text.get_text_range()
        at = "".join(said.split()).rindex("".join(words.split()))
        visible = [n for n in range(text.count_chars()) if text.get_text_range(n, 1).strip()]
        boxes = [text.get_charbox(n) for n in visible[at : at + len("".join(words.split()))]]
        high = page.get_height()
        text.close()
        page.close()
    return tuple(fitting.MM_PER_PT * (high - edge) for edge in (max(b[3] for b in boxes), min(b[1] for b in boxes)))  # type: ignore[return-value]
