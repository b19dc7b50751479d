"""From a certificate to the sheet that a template sets: every string, every size, every drawing, already decided.

Templates contain no arithmetic: what is on the sheet is printed as it stands.
"""

import base64
from dataclasses import dataclass
from types import MappingProxyType

from certificates import fitting, photo, qr, seal, wording
from certificates.art import border
from certificates.certificate import Certificate, Language, Organisation
from certificates.designs.design import Design, Signature, Title
from certificates.drawings import Drawing
from certificates.fonts import Faces
from certificates.sentences import Paragraph, plain
from certificates.wording import Book

LANG = MappingProxyType({"zh": "zh-CN", "en": "en", "both": "zh-CN"})
SIGNED_LEADING = 1.45
ADDRESS_SIZE, ADDRESS_FLOOR = 7, 5.5
ENGLISH_SHARE = 0.36  # of the text's height, when both languages stand on one page
ENGLISH_NAME = 12
NAME_LEADING = 1.25
ENGLISH_SIZES = (13, 12.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 8.5, 8)


@dataclass(frozen=True, slots=True)
class Signed:
    """One organisation with its seal."""

    lines: tuple[str, ...]
    english: tuple[str, ...]  # the name in English under them, where the page is in both languages
    left: float  # of its column in the row
    width: float
    lead: float  # room above the name, so that names of one and two lines share a middle
    seal: Drawing
    seal_left: float
    seal_top: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A word or two under a label."""

    label: str
    label_en: str  # beside the label, when both languages stand on one page
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a form. The first row of a form is the name's: its lines are the sheet's `name_lines`."""

    label: str
    label_en: str
    lines: tuple[str, ...]
    size: float
    beside_photo: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, ready to be set: texts, sizes in pt, widths and heights in mm, drawings."""

    lang: str
    language: str
    heading: str
    author: str
    subject: str
    keywords: str
    iso_date: str
    title: str
    title_en: str
    title_size: float
    lead: str  # the line over the name
    lead_en: str
    name_lines: tuple[str, ...]
    name_size: float
    name_class: str
    name_en: str  # under the name
    name_en_size: float
    event: str  # on a panel
    event_en: str
    event_size: float
    prizes: tuple[str, ...]  # award and medal by themselves
    prize_en: str  # beside them on a panel
    prize_size: float
    facts: tuple[Fact, ...]
    facts_size: float
    rows: tuple[Row, ...]
    queries: tuple[str, ...]  # addresses where the certificate can be asked for
    specimen: bool
    paragraphs: tuple[Paragraph, ...]
    text_size: float
    english: tuple[Paragraph, ...]
    english_size: float
    number: str
    scan: str
    address_lines: tuple[str, ...]
    address_size: float
    date: str
    signatures: tuple[Signed, ...]
    signed_width: float
    signed_size: float
    signed_en_size: float
    signed_height: float
    photo: bytes | None  # the JPEG that goes in
    art: Drawing
    ornament: Drawing | None
    qr: qr.Window

    @property
    def photo_address(self) -> str:
        """The photo in the page itself, as `data:`."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.photo or b'').decode()}"


def compose(certificate: Certificate, design: Design, faces: Faces, book: Book | None = None) -> Sheet:
    """Everything that the design's template prints for this certificate, in the sentences of `book`; today's where none is given."""
    book = wording.data() if book is None else book
    only_english = certificate.language == "en"
    name = certificate.name_en if only_english and certificate.name_en else certificate.name
    box = design.name_box
    face = faces.serif if only_english else faces.kai
    name_lines, name_size = fitting.lines(name, face, box.width, box.largest, box.floor, track=box.track)
    both = certificate.language == "both"
    promoted = design.facts is None
    paragraphs = wording.paragraphs(book, certificate, "en" if only_english else "zh", promoted=promoted)
    subject = "" if design.introduces else certificate.name_en or certificate.name
    english = wording.paragraphs(book, certificate, "en", subject=subject, promoted=promoted) if both else ()
    room = height_left(name_lines, name_size, design)
    name_en = certificate.name_en if both and design.introduces else ""
    prizes = wording.large(book, certificate)
    lead, lead_en = wording.label(book, "certifies", certificate.language)
    event, event_en, event_size = panel_event(certificate, design, faces)
    facts, facts_size = short_facts(certificate, design, faces, book)
    title_en = certificate.title_en or wording.title(book, certificate.kind, "en")
    title = certificate.title or wording.title(book, certificate.kind, "zh")
    signatures, signed_size, signed_en_size, signed_height = signed(certificate, design, faces)
    address = certificate.verify_url.partition("://")[2] or certificate.verify_url
    address_lines, address_size = fitting.lines(
        address, faces.serif, design.address_width, ADDRESS_SIZE, ADDRESS_FLOOR, marks="/", most=4
    )
    return Sheet(
        lang=LANG[certificate.language],
        language=certificate.language,
        heading=f"{title} {certificate.number} {certificate.name}",
        author=(", " if only_english else "、").join(
            one.called(certificate.language).replace("|", "") for one in certificate.organisations
        ),
        subject=f"{wording.competition(certificate)} {certificate.event}",
        keywords=certificate.number,
        iso_date=certificate.date.isoformat(),
        title=title_en if only_english else title,
        title_en="" if only_english else title_en,
        title_size=title_size(title_en if only_english else title, design.title, faces, english=only_english),
        lead=lead if only_english or design.introduces else "",
        lead_en=lead_en if design.introduces else "",
        name_lines=name_lines,
        name_size=name_size,
        name_class="two" if len(name) == 2 and not name.isascii() else "several" if len(name_lines) > 1 else "",
        name_en=name_en,
        name_en_size=fitting.size_for(name_en, faces.serif, box.width, ENGLISH_NAME),
        event=event,
        event_en=event_en,
        event_size=event_size,
        prizes=prizes,
        prize_en=wording.large_english(book, certificate) if both and design.panel else "",
        prize_size=prize_size(prizes, design, faces),
        facts=facts,
        facts_size=facts_size,
        rows=form(certificate, design, faces, name_size, book),
        queries=wording.queries(book, certificate) if design.rows else (),
        specimen=certificate.specimen,
        paragraphs=paragraphs,
        text_size=text_size(
            paragraphs, design, faces, room * (1 - ENGLISH_SHARE if english else 1), certificate.language
        ),
        english=english,
        english_size=english_size(english, design, faces, room * ENGLISH_SHARE),
        number=certificate.number,
        scan=" ".join(wording.label(book, "scan", certificate.language)).strip(),
        address_lines=address_lines,
        address_size=address_size,
        date=wording.dated(certificate.date, certificate, characters=design.date_in_characters),
        signatures=signatures,
        signed_width=sum(one.width for one in signatures),
        signed_size=signed_size,
        signed_en_size=signed_en_size,
        signed_height=signed_height,
        photo=photo.prepared(certificate.photo) if certificate.photo else None,
        ornament=design.ornament() if design.ornament else None,
        art=border.page(design.width, design.height, design.drawn(), design.over),
        qr=qr.window(certificate.verify_url, design.qr, certificate.code),
    )


def title_size(title: str, place: Title, faces: Faces, *, english: bool) -> float:
    """The size (pt) at which the title fits on its line."""
    size, track = (place.size_en, place.track_en) if english else (place.size, place.track)
    return fitting.size_for(title, faces.bold, place.width, size, track)


def height_left(name_lines: tuple[str, ...], name_size: float, design: Design) -> float:
    """The text's height (mm): what a name of several lines takes beyond the one line that there is room for, the text gives."""
    if design.rows:  # where the name stands in a row of a form
        return design.text_box.height
    over = len(name_lines) * name_size - design.name_box.largest
    return design.text_box.height - max(0, over) * fitting.MM_PER_PT * NAME_LEADING


def text_size(
    paragraphs: tuple[Paragraph, ...], design: Design, faces: Faces, height: float, language: Language
) -> float:
    """The size (pt) at which the text fits into its box, of which `height` mm are left."""
    box = design.text_box
    if language == "en":
        words = [plain(one) for one in paragraphs]
        sizes = (*box.sizes, *(size for size in ENGLISH_SIZES if size < box.sizes[-1]))
        return fitting.body(words, faces.serif, box.width, height, sizes, box.leading, fitting.BETWEEN_WORDS)
    indented = ["　　" + plain(one) for one in paragraphs]
    return fitting.body(indented, faces.serif, box.width, height, box.sizes, box.leading)


def english_size(paragraphs: tuple[Paragraph, ...], design: Design, faces: Faces, height: float) -> float:
    """The size (pt) at which the English text fits under the Chinese, in `height` mm."""
    sizes = [size for size in ENGLISH_SIZES if size <= design.english_largest]
    words = [plain(one) for one in paragraphs]
    return fitting.body(words, faces.serif, design.text_box.width, height, sizes, 1.5)


def panel_event(certificate: Certificate, design: Design, faces: Faces) -> tuple[str, str, float]:
    """The event on the panel, in English too when the page is in both languages, and the size at which it fits."""
    if not design.panel:
        return "", "", 0
    box = design.panel.event
    english = certificate.event_en
    event = english if certificate.language == "en" and english else certificate.event
    under = english if certificate.language == "both" and english != event else ""
    room = box.height * (0.6 if under else 1)
    return event, under, fitting.body([event], faces.bold, box.width, room, box.sizes, box.leading)


def prize_size(prizes: tuple[str, ...], design: Design, faces: Faces) -> float:
    """The size (pt) at which the prize fits on its line of the panel."""
    if not design.panel or not prizes:
        return 0
    return fitting.size_for(prizes[-1], faces.bold, design.panel.width, design.panel.largest, track=0.06)


def short_facts(certificate: Certificate, design: Design, faces: Faces, book: Book) -> tuple[tuple[Fact, ...], float]:
    """The row of facts with the largest size at which it is no wider than its place."""
    row = design.facts
    if not row:
        return (), 0
    facts = tuple(
        Fact(*wording.label(book, name, certificate.language), value)
        for name, value in wording.facts(book, certificate)
    )

    def width(size: float) -> float:
        labels = [faces.serif.ems(f"{one.label} {one.label_en}") * row.label for one in facts]
        values = [faces.bold.ems(one.value) * size for one in facts]
        wide = sum(max(both) for both in zip(labels, values, strict=True))
        return wide * fitting.MM_PER_PT + row.gap * (len(facts) - 1)

    size = row.largest
    while size > row.floor and width(size) > row.width:
        size -= 0.5
    return facts, size


def form(certificate: Certificate, design: Design, faces: Faces, name_size: float, book: Book) -> tuple[Row, ...]:
    """The rows of a form; a value that is too long for its row breaks, and only then is set smaller."""
    place = design.rows
    if not place:
        return ()
    found = []
    for number, (label, label_en, value) in enumerate(wording.rows(book, certificate)):
        beside = number < place.beside_photo
        width = place.short if beside else place.long
        lines, size = fitting.lines(value, faces.kai, width, place.size, place.size, marks=" /、", before="（", most=2)
        named = number == 0
        found.append(Row(label, label_en, () if named else lines, name_size if named else size, beside))
    return tuple(found)


def signed(certificate: Certificate, design: Design, faces: Faces) -> tuple[tuple[Signed, ...], float, float, float]:
    """The row of signatures with the size that their names share, that of their English names, and their height.

    A name that does not fit its column is broken at its “|”; without one, in English between words, else in its middle.
    """
    organisations = certificate.organisations
    place = design.signatures[len(organisations) - 1]
    broken = [broken_name(one, certificate.language, place, faces) for one in organisations]
    size = min(size for _, size in broken)
    both = certificate.language == "both" and design.english_signed > 0
    under = [english_name(one if both else None, place, design.english_signed, faces) for one in organisations]
    size_en = min(size for _, size in under)
    line, line_en = (one * fitting.MM_PER_PT * SIGNED_LEADING for one in (size, size_en))
    heights = [len(lines) * line + len(en) * line_en for (lines, _), (en, _) in zip(broken, under, strict=True)]
    height = max(heights)
    left = (place.width - place.seal) / 2
    top = (height + design.date_height) / 2 - place.seal / 2
    row = tuple(
        Signed(
            lines=lines,
            english=english,
            left=number * place.width,
            width=place.width,
            lead=round((height - heights[number]) / 2, 2),
            seal=seal.drawing(faces, organisation.name.replace("|", ""), organisation.seal_line2, place.seal),
            seal_left=round(left, 2),
            seal_top=round(top, 2),
        )
        for number, ((lines, _), (english, _), organisation) in enumerate(
            zip(broken, under, organisations, strict=True)
        )
    )
    return row, size, size_en, round(height, 2)


def broken_name(
    organisation: Organisation, language: Language, place: Signature, faces: Faces
) -> tuple[tuple[str, ...], float]:
    """An organisation's name in lines, with its size (pt): broken at its “|”, an English one between words, or in its middle where
    there is neither."""
    name = organisation.called(language)
    mark = " " if name == organisation.name_en and "|" not in name else "|"
    lines, size = fitting.lines(
        name, faces.bold, place.width - 5, place.largest, place.floor,
        track=0.02, marks=mark, most=3 if mark in name else 2,
    )  # fmt: skip
    return tuple(line.replace("|", "") for line in lines), size


def english_name(
    organisation: Organisation | None, place: Signature, largest: float, faces: Faces
) -> tuple[tuple[str, ...], float]:
    """The English name that stands under a Chinese one in lines, with its size (pt); no line where there is none."""
    if organisation is None or not organisation.name_en:
        return (), largest
    return fitting.lines(
        organisation.name_en.replace("|", ""), faces.serif, place.width - 3, largest, 0.8 * largest, marks=" "
    )
