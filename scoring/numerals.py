"""What is accepted as a number in a text that somebody wrote.

A number has at most fifteen digits before and after its point and an exponent of one digit: far more than marks, years
and shares of a field need. Exact numbers have no ceiling of their own, and a few signs such as 1e999999999 would keep a
computer busy for days. Everything raises ValueError in words that name the number.
"""

import re
from fractions import Fraction

DIGITS = 15
LIMIT: int = 10**DIGITS
_EXACT = re.compile(rf"[+-]?(?=\.?[0-9])[0-9]{{0,{DIGITS}}}(\.[0-9]{{0,{DIGITS}}})?([eE][+-]?[0-9])?")


def exact(text: str) -> Fraction:
    """The number that is written, exactly: “12.5” is 25/2."""
    if not _EXACT.fullmatch(text):
        raise ValueError(f"{shortened(text)} is not accepted as a number")
    return Fraction(text)


def whole(text: str) -> int:
    """The whole number that is written."""
    if len(text.lstrip("+-")) > DIGITS:
        raise ValueError(f"{shortened(text)} has more than {DIGITS} digits")
    return int(text)


def is_sane(number: int) -> bool:
    """Whether a whole number that was read elsewhere has no more digits than are accepted here."""
    return -LIMIT < number < LIMIT


def shortened(text: str) -> str:
    """A text as a message quotes it."""
    return text if len(text) <= 24 else f"{text[:20]}…"
