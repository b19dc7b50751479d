"""Cleans one cell. What is certain is *mended* and reported; what is doubtful stays as it is and becomes a problem.

Certain are: spaces around and inside Chinese names, full-width letters and digits, invisible signs, a phone number that
Excel holds as a number, the several dots in names such as 阿依古丽·买买提. Not certain is a long number that Excel has
rounded: an eighteen-digit number keeps only fifteen or so digits, and the rest is lost.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from admin.sheets.wording import sentence
from scoring.verdict import Place, Words
from server.signs import unreadable


@dataclass(frozen=True)
class Mended:
    """A value that went in otherwise than it was written, with the reason; the delegation sees the list of these."""

    place: Place
    before: str
    after: str
    words: Words
    code: str = ""


@dataclass(frozen=True)
class Cell:
    """A cleaned value; `mend` is the code of what was mended, `wrong` the code of what cannot be."""

    text: str
    before: str = ""
    mend: str = ""
    wrong: str = ""

    def mended(self, place: Place) -> Mended:
        """The report on this cell's mending."""
        return Mended(place, self.before, self.text, sentence(self.mend), self.mend)


FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
INVISIBLE = dict.fromkeys(
    (
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        0x2060,
        0xFEFF,
        0x00AD,
        0x202A,
        0x202C,
        0x202D,
        *range(9),
        11,
        12,
        *range(14, 32),
        127,
    )
)
DOTS = dict.fromkeys(map(ord, "•‧・∙⋅●．｡。.·"), "·")
PLAIN = re.compile(r"[!-<>-~](?:[ -~]*[!-~])?")
"""ASCII that needs no cleaning: no control signs, no spaces around it, no formula."""
HAN = re.compile(r"[\u4e00-\u9fff]+")
BREAK = re.compile("[\n\r\t\x85\u2028\u2029]")
RADICALS = range(0x2F00, 0x2FD6)
WRITTEN_AS_POWER = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,2}\Z")
LONG_NUMBER = 10**15
"""From here on a spreadsheet no longer keeps every digit of a number (IEEE 754 double, 15 significant digits shown)."""


def text_cell(value: object) -> Cell:
    """A value of any column: trimmed, without invisible signs, whole numbers without “.0”, no dates, no formulas."""
    if isinstance(value, str):
        if value.isascii() and (value.isalnum() or PLAIN.fullmatch(value)):
            return Cell(value)
        trimmed = value.translate(INVISIBLE).replace("\u3000", " ").replace("\u00a0", " ").strip()
        if trimmed.startswith("=") and len(trimmed) > 1:
            return Cell(trimmed, wrong="registration.formula")
        if BREAK.search(trimmed):
            return Cell(one_line(trimmed), before=value, mend="mended.line-break")
        if len(trimmed) == len(value.strip()):
            return Cell(trimmed)
        return Cell(trimmed, before=value, mend="mended.invisible-signs")
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        return Cell(str(int(value)) if value == int(value) and abs(value) < LONG_NUMBER else f"{value:.15g}")
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return Cell(str(value), wrong="registration.date-not-text")
    return Cell("" if value is None else str(value))


def one_line(text: str) -> str:
    """The lines of a cell as one; no space where Chinese meets Chinese."""
    line = ""
    for part in text.split():
        line += part if not line or (closed(part[0]) and closed(line[-1])) else f" {part}"
    return line


def number_cell(value: object) -> Cell:
    """A document number, certificate number, code or phone: text of ASCII digits and letters, upper case, no spaces."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= LONG_NUMBER or value != int(value):
            return Cell(f"{value:.15g}", wrong="registration.digits-lost")
        return Cell(str(int(value)), before=f"{value:.15g}", mend="mended.number-as-text")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return Cell(value)
    cell = text_cell(value)
    if cell.wrong:
        return cell
    if WRITTEN_AS_POWER.match(cell.text):
        return Cell(cell.text, wrong="registration.digits-lost")
    narrow = cell.text.translate(FULL_WIDTH)
    closed = "".join(narrow.split()).upper()
    if closed == cell.text and not cell.mend:
        return cell
    if narrow != cell.text:
        return Cell(closed, before=str(value), mend="mended.full-width")
    only_case = closed == cell.text.upper()
    return Cell(closed, before=str(value), mend="mended.upper-case" if only_case else "mended.spaces")


def name_cell(value: object) -> Cell:
    """A person's name: no spaces between Chinese characters, one between Latin words, the middle dot as U+00B7."""
    if isinstance(value, str) and HAN.fullmatch(value):
        return Cell(value)
    cell = text_cell(value)
    if cell.wrong or not cell.text:
        return cell
    written = cell.text.translate(FULL_WIDTH)
    chinese = any(is_han(sign) for sign in written)
    signs = "".join(unicodedata.normalize("NFKC", sign) if ord(sign) in RADICALS else sign for sign in written)
    name = one_line(signs.translate(DOTS) if chinese else signs)
    if odd_signs(name):
        return Cell(name, wrong="registration.name-character")
    if name == value:
        return Cell(name)
    only_spaces = "".join(name.split()) == "".join(str(value).split())
    return Cell(name, before=str(value), mend="mended.name-spaces" if only_spaces else "mended.name-signs")


def odd_signs(name: str) -> str:
    """The signs that no name is written with: digits, brackets, “?”, the private-use codes of home-made characters, what nobody can
    read; all of them where there is no letter."""
    odd = "".join(sign for sign in name if not (is_letter(sign) or is_mark(sign) or sign in " ·'’-."))
    return odd + unreadable(name) if any(map(is_letter, name)) else name


def closed(sign: str) -> bool:
    """Whether no space belongs beside this sign."""
    return is_han(sign) or sign == "·"


def is_han(sign: str) -> bool:
    """A Chinese character, also one newer than this Python's tables."""
    code = ord(sign)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFD or code == 0x3007


def is_letter(sign: str) -> bool:
    """A letter or a Chinese character."""
    return sign.isalpha() or is_han(sign)


def is_mark(sign: str) -> bool:
    """An accent or vowel sign that belongs to the letter before it."""
    return unicodedata.category(sign).startswith("M")


def birth_cell(value: object) -> datetime.date | None:
    """A birth date in any of the shapes that forms hold: a date cell, 1990-01-02, 1990.1.2, 1990年1月2日, 19900102."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = str(int(value)) if isinstance(value, float) and value == int(value) else str(value).translate(FULL_WIDTH)
    found = re.fullmatch(r"\s*(\d{4})(?:\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))\s*", text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
