"""What two certificates must share to share one layout.

A Han character is one em wide in every vendored face, and the ten digits are equally wide. So a page is laid out alike
for 王伟 with 93.47 and for 李娜 with 88.05: what matters is the *shape* of its texts, in which every Han character is a
hole of one kind, every digit a hole of another, and everything else stands for itself. All that is not text (sizes,
drawings, number of lines) is the *frame*, and has to be equal. Shape and frame together are the key of a layout.

A Han character counts as a hole only where the first face of its text draws it; a rare one that another face stands in
for is kept in the shape as itself, and simply makes a layout of its own.
"""

import dataclasses
from collections.abc import Hashable, Sequence
from itertools import chain

from certificates.composing import Fact, Sheet
from certificates.drawings import Drawing
from certificates.fonts import Face, Faces
from certificates.sentences import Paragraph, Run

HAN_HOLE, DIGIT_HOLE = "\ufdd0", "\ufdd1"  # noncharacters (Unicode 23.7): nothing draws them, so no text contains them
HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))


def is_han(char: str) -> bool:
    """Whether a character is a Han character, and so one em wide."""
    return any(first <= ord(char) <= last for first, last in HAN)


class Shaper(dict[int, str]):
    """For `str.translate`: each character's place in a shape, where these faces draw the text."""

    def __init__(self, *drawn_by: Face) -> None:
        self.drawn_by = drawn_by

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isascii() and char.isdigit():
            hole = DIGIT_HOLE
        elif is_han(char) and all(face.draws(char) for face in self.drawn_by):
            hole = HAN_HOLE
        else:
            hole = char
        self[code] = hole
        return hole


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The key of a layout."""

    frame: Hashable
    texts: tuple[str, ...]

    def holes(self) -> list[int]:
        """Where the holes are in all texts, put one behind the other."""
        return [place for place, char in enumerate("".join(self.texts)) if char in (HAN_HOLE, DIGIT_HOLE)]


class Shapes:
    """Finds shapes with the faces of one folder."""

    def __init__(self, faces: Faces) -> None:
        self.name = Shaper(faces.kai)
        self.text = Shaper(*faces)

    def of(self, sheet: Sheet) -> Shape:
        """The shape of a sheet: its figures, and its texts with a hole for each character that may be another one."""
        name = self.text if sheet.language == "en" else self.name
        named = len(sheet.name_lines)
        texts = told(sheet)
        return Shape(
            frame(sheet),
            (
                *(text.translate(name) for text in texts[:named]),
                *(text.translate(self.text) for text in texts[named:]),
            ),
        )


def told(sheet: Sheet) -> list[str]:
    """Every text of a sheet, the lines of the name first."""
    return [
        *sheet.name_lines,
        sheet.title,
        sheet.title_en,
        sheet.lead,
        sheet.lead_en,
        sheet.name_en,
        sheet.event,
        sheet.event_en,
        *sheet.prizes,
        sheet.prize_en,
        *chain(*((one.label, one.label_en, one.value) for one in sheet.facts)),
        *chain(*((one.label, one.label_en, *one.lines) for one in sheet.rows)),
        *sheet.queries,
        *(run.text for run in chain(*sheet.paragraphs, *sheet.english)),
        sheet.number,
        sheet.scan,
        *sheet.address_lines,
        sheet.date,
        *chain(*((*one.lines, *one.english) for one in sheet.signatures)),
    ]


def retold(sheet: Sheet, texts: Sequence[str]) -> Sheet:
    """The sheet with other texts, in the order of `told`."""
    rest = iter(texts)

    def lines(like: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(next(rest) for _ in like)

    def paragraphs(like: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        return tuple(tuple(Run(next(rest), run.role) for run in paragraph) for paragraph in like)

    return dataclasses.replace(
        sheet,
        name_lines=lines(sheet.name_lines),
        title=next(rest),
        title_en=next(rest),
        lead=next(rest),
        lead_en=next(rest),
        name_en=next(rest),
        event=next(rest),
        event_en=next(rest),
        prizes=lines(sheet.prizes),
        prize_en=next(rest),
        facts=tuple(Fact(next(rest), next(rest), next(rest)) for _ in sheet.facts),
        rows=tuple(
            dataclasses.replace(one, label=next(rest), label_en=next(rest), lines=lines(one.lines))
            for one in sheet.rows
        ),
        queries=lines(sheet.queries),
        paragraphs=paragraphs(sheet.paragraphs),
        english=paragraphs(sheet.english),
        number=next(rest),
        scan=next(rest),
        address_lines=lines(sheet.address_lines),
        date=next(rest),
        signatures=tuple(
            dataclasses.replace(one, lines=lines(one.lines), english=lines(one.english)) for one in sheet.signatures
        ),
    )


def frame(sheet: Sheet) -> Hashable:
    """All of a sheet that is not text and not filled in by itself, such as the code, the photo and the metadata."""

    def roles(paragraphs: tuple[Paragraph, ...]) -> Hashable:
        return tuple(tuple(run.role for run in paragraph) for paragraph in paragraphs)

    return (
        sheet.lang,
        sheet.language,
        sheet.iso_date,
        len(sheet.name_lines),
        sheet.name_size,
        sheet.name_class,
        sheet.title_size,
        sheet.name_en_size,
        sheet.event_size,
        len(sheet.prizes),
        sheet.prize_size,
        len(sheet.facts),
        sheet.facts_size,
        tuple((len(one.label), len(one.lines), one.size, one.beside_photo) for one in sheet.rows),
        len(sheet.queries),
        sheet.specimen,
        roles(sheet.paragraphs),
        sheet.text_size,
        roles(sheet.english),
        sheet.english_size,
        len(sheet.address_lines),
        sheet.address_size,
        tuple((len(one.lines), len(one.english), one.left, one.width, one.lead, one.seal, one.seal_left, one.seal_top)
              for one in sheet.signatures),
        sheet.signed_width,
        sheet.signed_size,
        sheet.signed_en_size,
        sheet.signed_height,
        bool(sheet.photo),
        sheet.art,
        sheet.ornament,
        window(sheet.qr),
    )  # fmt: skip


def window(drawing: Drawing) -> Hashable:
    """What of a drawing matters to a shape: its box and its size, not what is in it."""
    return drawing.view, drawing.size
