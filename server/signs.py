"""Signs that no text may have that people read: nobody sees them, or they change what is read around them.

Controls, signs that turn the direction of writing (Unicode UAX #9), other format signs, half characters, noncharacters, letters
without ink, and towers of marks, which reach into the lines around them.
"""

from __future__ import annotations

import unicodedata

HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
MOST_MARKS = 5
"""On one letter; living scripts have fewer."""


def unreadable(text: str, *, lines: bool = False) -> str:
    """The signs in a text that cannot stay, each once; `lines` allows the ends of lines."""
    if text.isascii() and text.isprintable():
        return ""
    found, marks = [], MOST_MARKS
    for sign in text:
        category = unicodedata.category(sign)
        marks = marks + 1 if category[0] == "M" else 0
        hidden = category in HIDDEN and not (lines and sign == "\n")
        code = ord(sign)
        nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or sign in BLANK
        if hidden or nothing or marks > MOST_MARKS:
            found.append(sign)
    return "".join(dict.fromkeys(found))


def number_in(text: str, longest: int = 9) -> int | None:
    """A whole number of at most so many digits 0–9, None for anything else: `int` fails at “²”, which is a digit too, and beyond
    4 300 of them."""
    return int(text) if len(text) <= longest and text.isascii() and text.isdecimal() else None


def listed(signs: str) -> str:
    """Signs with their codes, so that one can see what cannot be seen."""
    return "、".join(f"{sign}（U+{ord(sign):04X}）" if drawn(sign) else f"U+{ord(sign):04X}" for sign in signs)


def drawn(sign: str) -> bool:
    """Whether a sign can be shown by itself."""
    return sign.isprintable() and sign not in BLANK and not unicodedata.category(sign).startswith("M")
