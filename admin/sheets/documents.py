"""The identity document of a row, and what it says about the other cells: sex, birth date, the photo's file name.

The number itself is judged by `scoring.identity`. A number that is wrong is never replaced; where the photo's file name
holds a valid number, that number is offered to the clerk as a hint, because clerks copy the two at different times.
"""

import datetime
import re
from functools import lru_cache

from admin.sheets.cells import birth_cell
from admin.sheets.reading import Reading
from scoring.identity import KINDS, RESIDENT, birth_date, identify, kind_of, sex
from scoring.verdict import No, Words

RULES = {"form": "id-form", "region": "id-region", "birth-date": "id-birth-date", "check-digit": "id-check-digit"}
SEX_WORDS = {"male": "男", "female": "女"}
PHOTO = re.compile(r"[^/\\:*?\"<>|\x00-\x1f]{1,120}\.(jpe?g|png)", re.IGNORECASE)
RESIDENT_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)
kind_named = lru_cache(maxsize=256)(kind_of)


def document_kind(reading: Reading) -> str:
    """The kind of document; a form that has no such column means the resident identity card."""
    if "document_kind" not in reading.cells:
        return RESIDENT
    text = reading.text("document_kind")
    kind = kind_named(text) if text else None
    if text and not kind:
        known = "、".join(name.zh for name in KINDS.values())
        reading.wrong("document_kind", "document-kind-unknown", value=text, known=known)
    return kind or ""


def birth_of(reading: Reading, kind: str) -> datetime.date | None:
    """The birth date: from the form's own column if it has one, otherwise out of the number."""
    number = reading.text("document_number")
    inside = birth_date(number) if kind in (RESIDENT, "hmt-permit") else None
    given = reading.text("birth")
    if not given:
        return inside
    born = birth_cell(given)
    if born is None:
        reading.wrong("birth", "birth-unreadable", value=given)
    elif inside and born != inside:
        reading.wrong("birth", "birth-differs", value=born.isoformat(), number_birth=inside.isoformat())
    return born


def check_number(reading: Reading, kind: str, given_sex: str) -> bool:
    """Whether the number can be one of this kind; notes why not, and whether the sex in it is another."""
    cell = reading.cells.get("document_number")
    if not cell or not cell.text or not kind or cell.wrong:
        return False
    verdict = identify(kind, cell.text)
    if isinstance(verdict, No):
        values = {"kind": KINDS[kind].zh, "found": len(cell.text), "hint": photo_hint(reading)}
        reading.wrong("document_number", RULES.get(verdict.rule.partition(".")[2], "id-form"), **values)
        return False
    number_sex = sex(cell.text) if kind in (RESIDENT, "hmt-permit") else None
    if number_sex and given_sex and number_sex != given_sex:
        values = {"value": SEX_WORDS[given_sex], "number_sex": SEX_WORDS[number_sex]}
        reading.wrong("sex", "sex-differs", **values)
    return True


def photo_hint(reading: Reading) -> Words | None:
    """A valid number in the photo's file name, offered when the number itself is wrong or lost."""
    stem = reading.text("photo").rpartition(".")[0].upper()
    if not RESIDENT_NUMBER.fullmatch(stem) or isinstance(identify(RESIDENT, stem), No):
        return None
    zh = f"照片文件名里的号码是 {stem}，请核对是不是它。"
    return Words(zh, f"The photo's file name holds {stem}: check whether that is it.")


def check_photo(reading: Reading, kind: str, valid: bool) -> None:
    """The photo's file name: a plain name of a picture, and not another person's number."""
    text = reading.text("photo")
    if not text:
        return
    if not PHOTO.fullmatch(text) or ".." in text:
        reading.wrong("photo", "photo-name", value=text[:60])
        return
    stem = text.rpartition(".")[0].upper()
    if valid and kind == RESIDENT and RESIDENT_NUMBER.fullmatch(stem) and stem != reading.text("document_number"):
        reading.wrong("photo", "photo-differs")
