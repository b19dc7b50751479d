"""The two languages: nothing untranslated, nothing left over, and dates, numbers and marks as each language writes them."""

import re

import pytest

from server.web import catalogue, words
from server.web.jinja import TEMPLATES, in_language

HAN = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def _messages() -> dict[object, str]:
    found = {}
    for message in words.read_catalogue():
        if message.id:
            text = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
            found[message.id if isinstance(message.id, str) else tuple(message.id)] = text
    return found


def test_every_message_has_its_chinese() -> None:
    """A page in Chinese shows no English sentence: every message of templates and program has a text."""
    texts = _messages()
    missing = [message for message in catalogue.said() if not texts.get(message)]
    assert missing == []


def test_no_message_is_left_over() -> None:
    """The catalogue holds only what is still said, so that nobody translates what nobody reads."""
    unused = set(_messages()) - set(catalogue.said())
    assert unused == set()


def test_translations_keep_their_values() -> None:
    """A sentence with a name or a number in it has the same in both languages."""
    for message, text in _messages().items():
        english = message if isinstance(message, str) else message[1]  # type: ignore[index]
        assert {a or b for a, b in PLACE.findall(english)} == {a or b for a, b in PLACE.findall(text)}, message


def test_templates_speak_through_the_catalogue() -> None:
    """No template carries Chinese of its own, except the names of the languages."""
    for template in TEMPLATES.rglob("*.html"):
        source = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.S)
        source = source.replace("中文</a>", "").replace('else "中"', "").replace('join("、")', "")
        assert not HAN.search(source), f"{template.name}: {HAN.search(source)}"


@pytest.mark.parametrize(
    ("value", "pattern", "zh", "en"),
    [
        ("2026-11-28", "date", "2026年11月28日", "28 Nov 2026"),
        ("2026-11-18T09:42:00+00:00", "moment", "2026年11月18日 17:42", "18 Nov 2026, 17:42"),
        ("2026-11-25T18:00:00+08:00", "day", "11月25日", "25 Nov"),
        ("2026-11-25T16:30:00+00:00", "clock", "00:30", "00:30"),
    ],
)
def test_dates_by_language(value: str, pattern: str, zh: str, en: str) -> None:
    """Days and moments read as each language writes them, in the venue's time."""
    assert (words.written(value, pattern, "zh"), words.written(value, pattern, "en")) == (zh, en)


def test_a_moment_without_a_zone_is_refused() -> None:
    """A time that does not say where it was is never shown as if it did."""
    with pytest.raises(ValueError, match="no time zone"):
        words.written("2026-11-18T17:42:00", "moment", "zh")


@pytest.mark.parametrize(
    ("hundredths", "text"), [(9240, "92.40"), (5, "0.05"), (0, "0.00"), (-150, "-1.50"), (10000, "100.00")]
)
def test_marks_are_written_exactly(hundredths: int, text: str) -> None:
    """A mark in hundredths is shown with both of its figures and no rounding."""
    assert words.mark(hundredths) == text


def test_unknown_languages_get_chinese() -> None:
    """Chinese is the default; what we do not speak is not pretended."""
    assert [words.language(asked) for asked in ("en", "zh", "fr", None, "")] == ["en", "zh", "zh", "zh", "zh"]


def test_language_switch_keeps_the_page() -> None:
    """Switching the language changes nothing else of the address, and cannot lead to another site."""
    assert in_language("/verify?number=PD1&lang=zh", "en") == "/verify?number=PD1&lang=en"
    assert in_language("//elsewhere.example/x", "en") == "/x?lang=en"
