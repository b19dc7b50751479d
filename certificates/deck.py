"""The award ceremony as a presentation (PPTX): plain shapes and text that whoever holds the ceremony can still change."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Mm, Pt

from certificates.slide import Card, Slide
from certificates.slides import FEW, HAN_LETTERS, LATIN_LETTERS, MOST_IN_A_LIST, SAID, size_in, size_of

WIDTH, HEIGHT = Mm(320), Mm(180)
BLANK = 6
"""The empty layout of the library's own template."""
GROUND, GOLD, WHITE, SOFT, PANEL = (
    RGBColor(0x08, 0x2D, 0x37),
    RGBColor(0xF2, 0xD7, 0x9A),
    RGBColor(0xFF, 0xFF, 0xFF),
    RGBColor(0xB9, 0xD3, 0xD9),
    RGBColor(0x1D, 0x45, 0x50),
)
DISCS = {
    "gold": (RGBColor(0xB4, 0x8A, 0x2C), RGBColor(0xE9, 0xCD, 0x86)),
    "silver": (RGBColor(0x69, 0x72, 0x7F), RGBColor(0xC3, 0xC9, 0xD2)),
    "bronze": (RGBColor(0xA2, 0x67, 0x3F), RGBColor(0xDF, 0xB5, 0x96)),
}
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
"""What is written for them; a machine without them takes its own."""
Box = tuple[float, float, float, float]
"""Left, top, width and height in millimetres."""


def deck(over: str, slides: Sequence[Slide], lang: str = "zh") -> bytes:
    """One file with a slide for every step."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    made.core_properties.title = f"{over} · {SAID[lang]['ceremony']}"
    made.core_properties.author = "Podium"
    for slide in slides:
        for cards in _screens(slide):
            _Page(made, over, lang).draw(slide, cards)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _screens(slide: Slide) -> Sequence[Sequence[Card]]:
    if slide.kind != "list":
        return [slide.cards]
    return [slide.cards[at : at + MOST_IN_A_LIST] for at in range(0, len(slide.cards), MOST_IN_A_LIST)]


class _Page:
    """One slide while it is drawn."""

    def __init__(self, made: Any, over: str, lang: str) -> None:
        self.over, self.lang = over, lang
        self.slide = made.slides.add_slide(made.slide_layouts[BLANK])
        fill = self.slide.background.fill
        fill.solid()
        fill.fore_color.rgb = GROUND

    def draw(self, slide: Slide, cards: Sequence[Card]) -> None:
        """What the kind asks for."""
        said = f"{self.over} · {SAID[self.lang]['ceremony']}"
        if slide.kind == "title":
            self.text((16, 56, 288, 44), slide.event, 54, WHITE, bold=True)
            self.text((16, 104, 288, 14), said, 22, GOLD, font=SANS)
            return
        self.text((20, 8, 280, 13), slide.event, 24, WHITE, bold=True, font=SANS)
        self.text((20, 20, 280, 9), said, 14, SOFT, font=SANS)
        if slide.kind == "winner":
            self.winner(cards[0], slide.below)
        else:
            self.rows(slide, cards)

    def winner(self, card: Card, below: Sequence[Card]) -> None:
        """Who is called, with a photo where there is one."""
        left = 92.0 if card.photos else 16.0
        wide = 304 - left
        self.photos(card.photos[:4])
        middle = left + wide / 2
        self.disc(card.award, (middle - (35 if card.flag else 13), 36, 26, 26), 36)
        self.flag(card.flag, (middle - (3 if card.award in DISCS else 18), 37, 36, 24))
        self.text((left, 63, wide, 11), card.called, 22, GOLD, font=SANS)
        self.text((left, 74, wide, 44), card.name, size_in(card.name, int(wide / 25.4 * 72), 124), WHITE, bold=True)
        points = SAID[self.lang]["points"]
        self.text((left, 120, wide, 14), f"{card.whence} · {card.total} {points}", 26, GOLD, font=SANS)
        for place, one in enumerate(below):
            x = (24 if len(below) > 1 else 94) + 138 * place
            self.panel((x, 144, 132, 22))
            self.disc(one.award, (x + 5, 149.5, 11, 11), 15)
            self.text(
                (x + 19, 146, 110, 10), one.name, size_of(one.name, 20, 270), WHITE, bold=True, align=PP_ALIGN.LEFT
            )
            self.flag(one.small_flag, (x + 19, 156.5, 9, 6))
            shift = 11 if one.small_flag else 0
            self.text((x + 19 + shift, 155, 110 - shift, 9), one.whence, 14, SOFT, align=PP_ALIGN.LEFT, font=SANS)

    def photos(self, photos: Sequence[bytes]) -> None:
        """One large, or up to four small ones."""
        for place, photo in enumerate(photos):
            if len(photos) == 1:
                box: Box = (20, 42, 60, 84)
            else:
                box = (20 + 33 * (place % 2), 42 + 45 * (place // 2), 31, 43.4)
            self.slide.shapes.add_picture(io.BytesIO(photo), *_measures(box))

    def flag(self, picture: bytes, box: Box) -> None:
        """A delegation's flag, whole and in the middle of its box; nothing where there is none."""
        if not picture:
            return
        with Image.open(io.BytesIO(picture)) as seen:
            scale = min(box[2] / seen.width, box[3] / seen.height)
            wide, high = seen.width * scale, seen.height * scale
        fitted = (box[0] + (box[2] - wide) / 2, box[1] + (box[3] - high) / 2, wide, high)
        self.slide.shapes.add_picture(io.BytesIO(picture), *_measures(fitted))

    def rows(self, slide: Slide, cards: Sequence[Card]) -> None:
        """Many on one slide: a list in three columns, or the whole podium under each other."""
        podium = slide.kind == "podium"
        if not podium:
            self.text((16, 33, 288, 12), slide.called, 24, GOLD, bold=True, font=SANS)
        for place, one in enumerate(cards):
            x, y = (
                (16.0, 38 + (40.0 if len(cards) <= FEW else 14.0) * place)
                if podium
                else (16 + 97.0 * (place % 3), 52 + 19.0 * (place // 3))
            )
            named = one.award in DISCS
            self.disc(one.award, (x, y + 1, 11, 11), 15)
            shift = 14 if named else 0
            self.text(
                (x + shift, y, 150 if podium else 94 - shift, 9),
                one.name,
                20 if podium else 16,
                WHITE,
                bold=True,
                align=PP_ALIGN.LEFT,
            )
            told = f"{one.whence} · {one.total}"
            flagged = 11 if one.small_flag and not podium else 0
            box: Box = (180, y, 112, 9) if podium else (x + shift + flagged, y + 9, 94 - shift - flagged, 8)
            self.flag(one.small_flag, (295, y + 1.5, 9, 6) if podium else (x + shift, y + 10, 9, 6))
            self.text(
                box, told, 15 if podium else 12, SOFT, align=PP_ALIGN.RIGHT if podium else PP_ALIGN.LEFT, font=SANS
            )

    def disc(self, award: str, box: Box, size: int) -> None:
        """The medal, with its letter; nothing for another award."""
        if award not in DISCS:
            return
        shape = self.slide.shapes.add_shape(MSO_SHAPE.OVAL, *_measures(box))
        inside, edge = DISCS[award]
        shape.fill.solid()
        shape.fill.fore_color.rgb = inside
        shape.line.color.rgb = edge
        shape.line.width = Pt(4 if size > 20 else 1.5)
        letter = (HAN_LETTERS if self.lang == "zh" else LATIN_LETTERS)[award]
        self._write(shape.text_frame, letter, size, WHITE, True, PP_ALIGN.CENTER, SERIF)

    def panel(self, box: Box) -> None:
        """The ground of who was called before."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *_measures(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = PANEL
        shape.line.fill.background()

    def text(
        self,
        box: Box,
        said: str,
        size: int,
        colour: RGBColor,
        bold: bool = False,
        align: PP_ALIGN = PP_ALIGN.CENTER,
        font: str = SERIF,
    ) -> None:
        """Words in a box."""
        frame = self.slide.shapes.add_textbox(*_measures(box)).text_frame
        self._write(frame, said, size, colour, bold, align, font)

    @staticmethod
    def _write(frame: Any, said: str, size: int, colour: RGBColor, bold: bool, align: PP_ALIGN, font: str) -> None:
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = said
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, font
        run.font.color.rgb = colour
        _east_asian(run, font)


def _east_asian(run: Any, font: str) -> None:
    """The face of Han characters is named apart, and the library writes the Latin one only."""
    properties = run._r.get_or_add_rPr()
    face = properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}ea", {"typeface": font})
    latin = properties.find("{http://schemas.openxmlformats.org/drawingml/2006/main}latin")
    latin.addnext(face)


def _measures(box: Box) -> tuple[Mm, Mm, Mm, Mm]:
    return Mm(box[0]), Mm(box[1]), Mm(box[2]), Mm(box[3])
