"""The two languages of the interface, and how each of them writes a date, a moment, a number and a mark.

Pages are written in English; the catalogue turns them into Chinese, which is the default. It is read once, from the .po
file itself, so that there is nothing to compile and nothing to forget. A message without a Chinese text is refused by the
tests, not papered over here: it shows in English.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_name
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from scoring.verdict import Words
from server.calendar import ZONE

LANGUAGES = ("zh", "en")
DEFAULT = "zh"
CATALOGUE = Path(__file__).parent / "locales" / "zh" / "LC_MESSAGES" / "podium.po"

_PATTERNS = {
    "zh": {"date": "y年M月d日", "day": "M月d日", "moment": "y年M月d日 HH:mm", "clock": "HH:mm"},
    "en": {"date": "d MMM y", "day": "d MMM", "moment": "d MMM y, HH:mm", "clock": "HH:mm"},
}


def N_(message: str) -> str:
    """Marks a message for the catalogue where it is written down, to be translated where it is said."""
    return message


STATE_NAMES = {
    "setup": N_("Setting up"),
    "registration": N_("Registration"),
    "drawn": N_("Drawn"),
    "marking": N_("Marking"),
    "sealed": N_("Sealed"),
    "reviewed": N_("Reviewed"),
    "published": N_("Published"),
    "final": N_("Final"),
    "certified": N_("Certified"),
}
"""An event's state (`server.pipeline`) as a page says it."""

STAGES = {
    "setup": N_("Set up"),
    "registration": N_("Register"),
    "drawn": N_("Draw"),
    "marking": N_("Mark"),
    "sealed": N_("Seal"),
    "reviewed": N_("Review"),
    "published": N_("Publish"),
    "final": N_("Finalise"),
    "certified": N_("Certify"),
}
"""The doors of the corridor, in order: what is done to come into that state."""

ROLE_NAMES = {
    "organiser": N_("Organiser"),
    "delegation": N_("Delegation"),
    "judge": N_("Judge"),
    "chief-judge": N_("Chief judge"),
    "supervisor": N_("Supervisor"),
    "competitor": N_("Competitor"),
    "superuser": N_("Superuser"),
}


class Translator(NamedTuple):
    """One language's words: hand `gettext` and `ngettext` to whoever has something to say."""

    lang: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]


MOST_ACCEPTED = 20
QUALITY = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)", re.ASCII | re.IGNORECASE)


def language(wanted: str | None) -> str:
    """The language to answer in: what was asked for if we speak it, Chinese otherwise."""
    return wanted if wanted in LANGUAGES else DEFAULT


def preferred(accepted: str) -> str:
    """The language of ours that an `Accept-Language` header (RFC 9110, 12.5.4) likes best; Chinese where it says nothing of use.

    A language is liked as much as the best of its ranges (`en-GB` is English); of two that are liked alike, the first.
    """
    best, liked = DEFAULT, 0.0
    for part in accepted.split(",")[:MOST_ACCEPTED]:
        range_, _, weight = part.partition(";")
        lang, much = range_.strip().lower().split("-")[0], QUALITY.fullmatch(weight.strip())
        weighs = float(much[1]) if much else 0.0 if weight.strip() else 1.0
        if lang in LANGUAGES and weighs > liked:
            best, liked = lang, weighs
    return best


@cache
def translator(lang: str) -> Translator:
    """The words of one language."""
    if lang == "en":
        return Translator("en", lambda message: message, lambda one, many, count: one if count == 1 else many)
    catalogue = read_catalogue()

    def gettext(message: str) -> str:
        found = catalogue.get(message)
        return str(found.string) if found and found.string else message

    def ngettext(one: str, many: str, count: int) -> str:
        found = catalogue.get(one)
        if found and found.string:
            return found.string if isinstance(found.string, str) else found.string[0]
        return one if count == 1 else many

    return Translator("zh", gettext, ngettext)


def read_catalogue() -> Catalog:
    """The Chinese catalogue as it stands on disk."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh", domain="podium")


def written(value: date | datetime | str, pattern: str, lang: str, zone: tzinfo = ZONE) -> str:
    """A day or a moment as the language writes it; text is ISO 8601. A moment without its zone is refused, never guessed."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return format_datetime(value, _PATTERNS[lang][pattern], tzinfo=zone, locale=lang)
    return format_date(value, _PATTERNS[lang][pattern], locale=lang)


def both(value: date | datetime, zone: str) -> Words:
    """A day, or a moment in a competition's own time zone, in both languages, for a sentence."""
    pattern = "moment" if isinstance(value, datetime) else "date"
    zh, en = (written(value, pattern, lang, ZoneInfo(zone)) for lang in LANGUAGES)
    return Words(zh, en)


def in_zone(moment: datetime, zone: str, lang: str) -> str:
    """A moment in a competition's own time zone, with the name of the zone: 2026-10-15 21:30 (China Standard Time)."""
    said, name = written(moment, "moment", lang, ZoneInfo(zone)), zone_name(zone, lang)
    return f"{said}（{name}）" if lang == "zh" else f"{said} ({name})"


def zone_name(zone: str, lang: str) -> str:
    """What a time zone is called: 中国标准时间."""
    return get_timezone_name(ZoneInfo(zone), locale=lang)


def number(value: int, lang: str) -> str:
    """1284 → 1,284."""
    return format_decimal(value, locale=lang)


def mark(hundredths: int) -> str:
    """A mark in hundredths as it is read aloud: 9240 → 92.40."""
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02}"
