"""The pinyin initials of a Chinese name: 焊工 is `hg`.

GB 2312 files its first 3 755 signs by pinyin, so that the first sign of each letter is all that one needs to know. A sign
with two readings has the one under which the standard files it (调酒师 is `djs`); the rarer signs of its second part are
filed by stroke, and stand here as `?`, which nobody types.
"""

from bisect import bisect

LETTERS = "abcdefghjklmnopqrstwxyz"
"""No sign is read with i, u or v at its beginning."""
FIRST = tuple(sign.encode("gb2312") for sign in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝")
LAST = "座".encode("gb2312")


def initials(name: str) -> str:
    """One letter for each Chinese sign of `name`; signs of other scripts stand for themselves, in small letters."""
    return "".join(sign.lower() if sign.isascii() else _initial(sign) for sign in name)


def _initial(sign: str) -> str:
    filed = sign.encode("gb2312", errors="ignore")
    return LETTERS[bisect(FIRST, filed) - 1] if FIRST[0] <= filed <= LAST else "?"
