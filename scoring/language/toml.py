"""From the text of a policy to its raw data, for texts that may come from anybody.

A TOML text can be written so that reading it takes days or more memory than there is: a huge exponent, brackets within
brackets, a key of ten thousand parts. What no policy needs is refused before anything is built on it, on its line.
"""

import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction

from scoring.language.lines import Path
from scoring.numerals import DIGITS, exact, is_sane
from scoring.verdict import Place, Problem, Problems, Words

LONGEST_TEXT = 100_000
LONGEST_LINE = 2_000
DEEPEST = 20
"""Tables within tables; the language itself needs six."""


def read_toml(text: str, name: str) -> dict[str, object]:
    """The data in a TOML text, its numbers exact; `Problems` when it is no TOML, or none that is accepted."""
    too_long = _too_long(text, name)
    if too_long:
        raise Problems((too_long,))
    try:
        raw = tomllib.loads(text, parse_float=_number)
    except RecursionError:
        raise Problems((_too_deep(name, 0),)) from None
    except ValueError as broken:
        raise Problems((_not_toml(text, name, broken),)) from None
    for path, value in _walk(raw):
        if len(path) > DEEPEST:
            raise Problems((_too_deep(name, _line_of(text, path)),))
        if isinstance(value, int) and not is_sane(value):
            raise Problems((_too_many_digits(name, path, _line_of(text, path)),))
    return raw


class _Refused(ValueError):
    """A number as it is written in the text, so that its line can be found."""


def _number(written: str) -> Fraction:
    try:
        return exact(written.replace("_", ""))
    except ValueError:
        raise _Refused(written) from None


def _walk(raw: object) -> Iterator[tuple[Path, object]]:
    """Every value with its path. A heap of its own, because a text may nest deeper than functions can; a path that is
    too long already is not followed further."""
    heap: list[tuple[Path, object]] = [((), raw)]
    while heap:
        path, value = heap.pop()
        yield path, value
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        heap += [((*path, key), one) for key, one in inner]


def _line_of(text: str, path: Path) -> int:
    """The first line that names the last key of a path: near enough to find a number or a knot of tables."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    return next((number for number, line in enumerate(text.split("\n"), start=1) if key in line), 0)


def _too_long(text: str, name: str) -> Problem | None:
    if len(text) > LONGEST_TEXT:
        words = Words(f"规则文本超过 {LONGEST_TEXT} 字", f"the policy is longer than {LONGEST_TEXT} signs")
        return Problem(
            "policy.too-long", Place(name), words, Words("删去与规则无关的内容", "leave out what is no rule")
        )
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            words = Words(f"这一行超过 {LONGEST_LINE} 字", f"this line is longer than {LONGEST_LINE} signs")
            mend = Words("分成几行", "break it into several lines")
            return Problem("policy.too-long", Place(name, line=number), words, mend)
    return None


def _too_deep(name: str, line: int) -> Problem:
    words = Words(f"表嵌套超过 {DEEPEST} 层", f"tables are nested deeper than {DEEPEST}")
    return Problem("policy.too-deep", Place(name, line=line), words, Words("去掉多余的嵌套", "take the nesting out"))


def _too_many_digits(name: str, path: Path, line: int) -> Problem:
    words = Words(f"数字超过 {DIGITS} 位", f"a number has more than {DIGITS} digits")
    place = Place(name, key=".".join(str(part) for part in path), line=line)
    return Problem("policy.number", place, words, Words("核对这个数字", "check this number"))


def _not_toml(text: str, name: str, broken: ValueError) -> Problem:
    if isinstance(broken, _Refused):
        written = str(broken)
        line = next((number for number, row in enumerate(text.split("\n"), start=1) if written in row), 0)
        words = Words(f"不接受这样的数字：{written[:40]}", f"this is not accepted as a number: {written[:40]}")
        mend = Words(
            f"写成普通小数，小数点前后各不超过 {DIGITS} 位",
            f"write a plain decimal with at most {DIGITS} digits on either side of the point",
        )
        return Problem("policy.number", Place(name, line=line), words, mend)
    named = re.search(r"at line (\d+)", str(broken))
    return Problem(
        "policy.not-toml",
        Place(name, line=int(named[1]) if named else 0),
        Words(f"不是有效的 TOML：{broken}", f"this is not valid TOML: {broken}"),
        Words("改正该行的写法", "mend the line that is named"),
    )
