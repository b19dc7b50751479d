"""What is said on a certificate, in Chinese and in English, as runs of text with a role.

The sentences are data (`wording.toml`); decided here is what their fields say: a date, a rank, a prize in each language.
A field that is empty takes its words with it. The templates decide how a role looks.
"""

import datetime
import functools
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any

from certificates import sentences
from certificates.certificate import Certificate, Kind, Language
from certificates.sentences import Paragraph, Run

HAN_DIGITS = "〇一二三四五六七八九"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
IN_BOTH = (
    "event", "award", "promotion", "team", "role", "honour", "skill", "occupation", "work_type", "level", "id_type",
)  # fmt: skip
ALIKE = ("name", "number", "score", "medal", "members", "id_number")
OTHERS = frozenset({"rows", "queries", "facts", "labels"})  # of the file: what is no kind
FIELDS = frozenset({*IN_BOTH, *ALIKE, "competition", "rank", "prize", "subject"})
Book = Mapping[str, Any]
"""All sentences, by kind and language."""


def data() -> Book:
    """Today's sentences, as the file beside this module has them."""
    return book_of(source())


@functools.cache
def source() -> str:
    """The text of the file with the sentences."""
    return pathlib.Path(__file__).with_suffix(".toml").read_text("utf-8")


@functools.lru_cache(maxsize=4)
def book_of(text: str) -> Book:
    """The sentences of a file, today's or one that was kept. Raises BadSentence for one that cannot be said."""
    found = tomllib.loads(text)
    for kind, by_language in found.items():
        if kind in OTHERS:
            continue
        for one in by_language.values():
            for choices in (*one["text"], *one["large"]):
                for sentence in [choices] if isinstance(choices, str) else choices:
                    if unknown := sorted(sentences.fields(sentence) - FIELDS):
                        raise sentences.BadSentence(f"no field is called {', '.join(unknown)} in {sentence!r}")
    return found


def title(book: Book, kind: Kind, language: str) -> str:
    """What a certificate of this kind is called unless it says its title itself."""
    return str(book[kind][language]["title"])


def label(book: Book, name: str, language: Language) -> tuple[str, str]:
    """A label, and its English beside it when both languages stand on one page."""
    return two(book["labels"][name], language)


def two(words: Mapping[str, str], language: Language) -> tuple[str, str]:
    """Words on a page in this language: what is said first, and what stands beside it in English."""
    return (words["en"], "") if language == "en" else (words["zh"], words["en"] if language == "both" else "")


def chinese_number(number: int) -> str:
    """1 to 99 as it is written in a date: 十八, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else HAN_DIGITS[tens] + "十"
    return head + (HAN_DIGITS[ones] if ones else "")


def date_in_characters(date: datetime.date) -> str:
    """二〇二六年十月十八日; zero is 〇, never 零."""
    year = "".join(HAN_DIGITS[int(digit)] for digit in str(date.year))
    return f"{year}年{chinese_number(date.month)}月{chinese_number(date.day)}日"


def date_in_digits(date: datetime.date) -> str:
    """A date as 2025年6月1日."""
    return f"{date.year}年{date.month}月{date.day}日"


def date_in_english(date: datetime.date) -> str:
    """A date as 1 June 2025."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def dated(date: datetime.date, certificate: Certificate, *, characters: bool) -> str:
    """The date in the certificate's language."""
    if certificate.language == "en":
        return date_in_english(date)
    return date_in_characters(date) if characters else date_in_digits(date)


def competition(certificate: Certificate) -> str:
    """The competition with its year in front, unless its name says the year."""
    year, name = certificate.year, certificate.competition
    return name if not year or not name or year in name else f"{year}年{name}"


def prize(certificate: Certificate) -> str:
    """一等奖（金牌）, or what there is of it."""
    if certificate.award and certificate.medal and certificate.medal != certificate.award:
        return f"{certificate.award}（{certificate.medal}）"
    return certificate.award or certificate.medal


def values(certificate: Certificate, language: str, subject: str = "") -> dict[str, str]:
    """What each field says in one language; English falls back on the Chinese where nothing English is given."""
    said = {name: getattr(certificate, name) for name in (*IN_BOTH, *ALIKE)}
    said |= {"competition": competition(certificate), "prize": prize(certificate), "subject": subject}
    said["rank"] = certificate.rank
    if language == "en":
        said |= {name: getattr(certificate, f"{name}_en") or said[name] for name in IN_BOTH}
        said["promotion"] = certificate.promotion_en
        said["competition"] = certificate.competition_en or said["competition"]
        said["prize"] = certificate.award_en or said["prize"]
        said["rank"] = ordinal(certificate.rank)
    return said


def paragraphs(
    book: Book, certificate: Certificate, language: str, *, subject: str = "", promoted: bool = True
) -> tuple[Paragraph, ...]:
    """The paragraphs under the name. `subject` begins an English sentence; without `promoted` the promotion is left out."""
    said, found = values(certificate, language, subject), []
    for choices in book[certificate.kind][language]["text"]:
        if choices == "{promotion}":
            paragraph = promotion(said["promotion"]) if promoted and said["promotion"] else None
        else:
            paragraph = sentences.first_said(choices, said)
        if paragraph:
            found.append(paragraph)
    return tuple(found)


def promotion(sentence: str) -> Paragraph:
    """The sentence with what follows its first comma made strong: that is what the winner looks for."""
    end = "." if sentence.isascii() else "。"
    sentence = sentence.strip().removesuffix(end)
    before, comma, after = sentence.partition("，")
    return (Run(before + comma), Run(after, "strong"), Run(end)) if after else (Run(before, "strong"), Run(end))


def large(book: Book, certificate: Certificate) -> tuple[str, ...]:
    """What stands by itself, in the language of the page: award and medal, a title, a role. One alone when all are alike."""
    language = "en" if certificate.language == "en" else "zh"
    said = values(certificate, language)
    found = (sentences.said(one, said) for one in book[certificate.kind][language]["large"])
    return tuple(dict.fromkeys(sentences.plain(one) for one in found if one))


def large_english(book: Book, certificate: Certificate) -> str:
    """The first of what stands by itself in English, where something English is given."""
    chinese, english = (
        sentences.said(book[certificate.kind][language]["large"][0], values(certificate, language))
        if book[certificate.kind][language]["large"]
        else None
        for language in ("zh", "en")
    )
    return sentences.plain(english) if english and english != chinese else ""


def facts(book: Book, certificate: Certificate) -> tuple[tuple[str, str], ...]:
    """What can be said in a word or two, by the name of its label: a score, a rank, what the winner is promoted to."""
    said = values(certificate, "en" if certificate.language == "en" else "zh")
    short = said["promotion"].strip().removesuffix("。").removesuffix(".").rpartition("，")[2]
    found = {"score": said["score"], "rank": said["rank"], "promotion": short}
    return tuple((name, found[name]) for name in book["facts"].get(certificate.kind, ()) if found[name])


def rows(book: Book, certificate: Certificate) -> tuple[tuple[str, str, str], ...]:
    """Label, English label and value of each row of a form. “--” stands where the rule wants a sign for nothing."""
    said = values(certificate, "en" if certificate.language == "en" else "zh")
    found = []
    for row in book["rows"]:
        value = said[row["field"]] or (row.get("empty", "") if certificate.kind == "level" else "")
        if value:
            found.append((*two(row, certificate.language), value))
    return tuple(found)


def queries(book: Book, certificate: Certificate) -> tuple[str, ...]:
    """Where the certificate and the body that issued it can be asked for; only the national form has such places."""
    words: tuple[str, ...] = tuple(book["queries"]["en" if certificate.language == "en" else "zh"])
    return words if certificate.kind == "level" else ()


def ordinal(rank: str) -> str:
    """1 becomes 1st; what is no number stays as it is."""
    if not (rank.isascii() and rank.isdigit()):
        return rank
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(rank[-1], "th")
    return rank + ("th" if rank[-2:] in ("11", "12", "13") else ending)
