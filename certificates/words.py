"""One sentence in both languages of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What is said to somebody, in Chinese and in English."""

    zh: str
    en: str
