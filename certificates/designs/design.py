"""What a design is made of: page, art and the figures that text is fitted by. Lengths in millimetres, sizes in points.

A design is a folder in `templates/` with a template and a stylesheet, and one module here. A design that stands as well
as lies shares the folder, with a second stylesheet over the first.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from certificates.art import border
from certificates.drawings import Drawing

ART_PAST_TRIM = 3.6  # mm: printers ask for three, and WeasyPrint's BleedBox is ten points
SHEET_PAST_TRIM = 8  # mm: the marks take its outer half


@dataclass(frozen=True, slots=True)
class Title:
    """One line: its width, its size and letter spacing (em) in Chinese, and in English when the page is English alone."""

    width: float
    size: float
    track: float
    size_en: float
    track_en: float


@dataclass(frozen=True, slots=True)
class NameBox:
    """Where the name stands: its width in mm, and its sizes in pt."""

    width: float
    largest: float
    floor: float  # below this size the name breaks at “·”
    track: float  # letter spacing in em


@dataclass(frozen=True, slots=True)
class TextBox:
    """Where a text stands, in mm; `sizes` in pt, the largest first; `leading` times the size is a line's height."""

    width: float
    height: float
    sizes: tuple[float, ...]
    leading: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A column beside the text that names the event and shows the prize as large as it goes on one line."""

    width: float
    event: TextBox
    largest: float  # the prize


@dataclass(frozen=True, slots=True)
class Facts:
    """A row of short facts, each under its label."""

    width: float
    largest: float
    floor: float
    gap: float
    label: float


@dataclass(frozen=True, slots=True)
class Rows:
    """A form: a label and what is filled in after it. The first rows are shorter, because the photo stands beside them."""

    short: float
    long: float
    size: float
    beside_photo: int


@dataclass(frozen=True, slots=True)
class Signature:
    """Where one of n organisations signs: its column, its name's sizes, its seal."""

    width: float
    largest: float
    floor: float
    seal: float


@dataclass(frozen=True, slots=True)
class Design:
    """Everything about a page that is no text: its size and what stands where, in mm, and its art."""

    name: str
    width: float
    height: float
    art: Callable[[], str]
    title: Title
    name_box: NameBox
    text_box: TextBox
    signatures: tuple[Signature, ...]  # for one, two, three and four organisations
    date_height: float
    date_in_characters: bool
    qr: float
    paper: str = "#fff"
    ornament: Callable[[], Drawing] | None = None  # stands where the template puts it
    art_past: Callable[[], str] | None = None  # for a sheet that is cut, where that is another drawing
    over: float = 0.3  # how far the art runs past the trim
    folder: str = ""  # in `templates/`; its own name unless it says another
    second_style: str = ""  # of the folder, over its first
    introduces: bool = False  # a line over the name in Chinese too, and the English name under it
    panel: Panel | None = None
    facts: Facts | None = None
    rows: Rows | None = None
    address_width: float = 40  # of the address beside or under the code
    bleed: float = 0  # how far the sheet goes past the trim, with crop marks at its corners
    english_largest: float = 13  # of the English text under the Chinese
    english_signed: float = (
        0  # of an organisation's English name under its own, where the page is in both; 0 prints none
    )

    def drawn(self) -> str:
        """What lies under the page. On a sheet that is cut, the paper's colour is drawn: it must end with the art."""
        if not self.bleed:
            return self.art()
        by = self.over
        paper = border.rectangle(-by, -by, self.width + 2 * by, self.height + 2 * by, self.paper)
        return paper + (self.art_past or self.art)()

    def to_be_cut(self) -> "Design":
        """The same design on a larger sheet: art past the trim, crop marks beyond it."""
        return replace(self, bleed=SHEET_PAST_TRIM, over=ART_PAST_TRIM)
