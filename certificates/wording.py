"""What is said on a certificate, in Chinese and in English, as runs of text with a role.

Decided here: the sentences. A field that is empty takes its words with it: no score, no “以…分的成绩”. The templates
decide how a role looks; nothing here knows sizes or colours.
"""

import datetime
from dataclasses import dataclass
from typing import Literal

from certificates.certificate import Certificate

Role = Literal["plain", "together", "award", "strong"]  # "together" is not broken between lines

HAN_DIGITS = "〇一二三四五六七八九"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CLOSING = "特发此证，以资鼓励。"
SCAN_ME = {"zh": "可扫码验证", "en": "Scan to verify", "both": "可扫码验证 Scan to verify"}
TITLE_EN = {"award": "Certificate of Award"}
CERTIFIES = {"zh": "兹证明", "en": "This is to certify that"}
LABELS = {"score": ("成绩", "Score"), "rank": ("名次", "Rank"), "promotion": ("技能等级", "Promotion")}


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    role: Role = "plain"


Paragraph = tuple[Run, ...]


def plain(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph)


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
    return f"{date.year}年{date.month}月{date.day}日"


def date_in_english(date: datetime.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def dated(date: datetime.date, certificate: Certificate, *, characters: bool) -> str:
    """The date in the certificate's language."""
    if certificate.language == "en":
        return date_in_english(date)
    return date_in_characters(date) if characters else date_in_digits(date)


def competition(certificate: Certificate) -> str:
    """The competition with its year in front, unless its name says the year."""
    year, name = certificate.year, certificate.competition
    return name if not year or year in name else f"{year}年{name}"


def prizes(certificate: Certificate) -> tuple[str, ...]:
    """Award and medal by themselves, in the language of the page; one alone when both say the same."""
    if certificate.language == "en":
        return (certificate.award_en,) if certificate.award_en else ()
    both = (certificate.award, certificate.medal)
    return tuple(dict.fromkeys(one for one in both if one))


def prize(certificate: Certificate) -> str:
    """一等奖（金牌）, or what there is of it."""
    if certificate.award and certificate.medal and certificate.medal != certificate.award:
        return f"{certificate.award}（{certificate.medal}）"
    return certificate.award or certificate.medal


def chinese(certificate: Certificate, *, promoted: bool = True) -> tuple[Paragraph, ...]:
    """The paragraphs under the name; without the one on the promotion where it is said elsewhere."""
    said = [Run(f"在{competition(certificate)}“{certificate.event}”赛项中")]
    if certificate.score:
        said += [Run("，以"), Run(f"{certificate.score}分", "together"), Run("的成绩")]
    if certificate.rank:
        said += [Run("名列" if certificate.score else "，名列"), Run(f"第{certificate.rank}名", "together")]
    if award := prize(certificate):
        role: Role = "award" if len(award) <= 14 else "strong"
        said += [Run("，荣获" if certificate.rank or not certificate.score else "荣获"), Run(award, role)]
    paragraphs: list[Paragraph] = [(*said, Run("。"))]
    if certificate.promotion and promoted:
        paragraphs.append(promotion(certificate.promotion))
    return (*paragraphs, (Run(CLOSING),))


def promotion(sentence: str) -> Paragraph:
    """The sentence with what follows its first comma made strong: that is what the winner looks for."""
    sentence = sentence.strip().removesuffix("。")
    before, comma, after = sentence.partition("，")
    return (Run(before + comma), Run(after, "strong"), Run("。")) if after else (Run(before, "strong"), Run("。"))


def facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    """What can be said in a word or two, by the name of its field: a score, a rank, what the winner is promoted to."""
    english = certificate.language == "en"
    promotion = certificate.promotion_en if english else certificate.promotion
    rank = ordinal(certificate.rank) if english else certificate.rank
    short = promotion.strip().removesuffix("。").removesuffix(".").rpartition("，")[2]
    said = (("score", certificate.score), ("rank", rank), ("promotion", short))
    return tuple((name, value) for name, value in said if value)


def english(certificate: Certificate, subject: str = "", *, promoted: bool = True) -> tuple[Paragraph, ...]:
    """The same in English, with the Chinese names where no English ones are given; `subject` begins the sentence."""
    said = [Run(f"in {certificate.event_en or certificate.event}")]
    said.append(Run(f" at the {certificate.competition_en or competition(certificate)}"))
    if certificate.award_en or prize(certificate):
        said = [Run("was awarded the "), Run(certificate.award_en or prize(certificate), "award"), Run(" "), *said]
    else:
        said = [Run("took part "), *said]
    if subject:
        said = [Run(subject, "strong"), Run(" "), *said]
    ended = []
    if certificate.rank:
        ended.append(f"ranking {ordinal(certificate.rank)}")
    if certificate.score:
        ended.append(f"with a score of {certificate.score}")
    if ended:
        said.append(Run(", " + " ".join(ended)))
    paragraphs: list[Paragraph] = [(*said, Run("."))]
    if certificate.promotion_en and promoted:
        paragraphs.append((Run(certificate.promotion_en.strip().removesuffix("."), "strong"), Run(".")))
    return tuple(paragraphs)


def ordinal(rank: str) -> str:
    """1 becomes 1st; what is no number stays as it is."""
    if not (rank.isascii() and rank.isdigit()):
        return rank
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(rank[-1], "th")
    return rank + ("th" if rank[-2:] in ("11", "12", "13") else ending)
