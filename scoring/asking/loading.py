"""From the bytes of a question to its data: what is no JSON, or is JSON that says two things at once, is refused.

JSON as such lets a key come twice (the last one would count), a text hold half a sign that no file can be written with,
and brackets and numbers grow without end. An answer that is to be believed rests on none of these.
"""

import json
from collections.abc import Iterator
from fractions import Fraction

from scoring.numerals import exact, whole
from scoring.verdict import Place, Problem, Problems, Words

Pairs = list[tuple[str, object]]


def decoded(content: bytes) -> str:
    """The text in these bytes, which have to be UTF-8; the mark that some editors put in front is passed over."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        words = Words(f"第 {line} 行不是 UTF-8 编码", f"line {line} is not UTF-8")
        mend = Words("将文件另存为 UTF-8 编码", "save the file as UTF-8")
        raise Problems((Problem("question.not-utf-8", Place("question", line=line), words, mend),)) from None


def loaded(text: str) -> object:
    """The data in a JSON text. Its numbers are whole or exact: 200.0 is 200, and 1.5 is never a binary fraction."""
    doubled: list[str] = []

    def once(pairs: Pairs) -> dict[str, object]:
        table = dict(pairs)
        if len(table) < len(pairs):
            keys = [key for key, _ in pairs]
            doubled.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return table

    try:
        data: object = json.loads(
            text, object_pairs_hook=once, parse_float=_number, parse_int=whole, parse_constant=_no_number
        )
    except RecursionError:
        words = Words("括号嵌套过深", "brackets are nested too deeply")
        raise Problems((_problem("too-deep", "", words, Words("去掉多余的括号", "take the nesting out")),)) from None
    except ValueError as broken:
        words = Words(f"不是有效的 JSON：{broken}", f"this is not valid JSON: {broken}")
        mend = Words("改正该处的写法", "mend the place that is named")
        raise Problems((_problem("not-json", "", words, mend, getattr(broken, "lineno", 0)),)) from None
    found = (*(_twice(key) for key in doubled), *_halves(text, data))
    if found:
        raise Problems(found)
    return data


def _number(written: str) -> int | Fraction:
    number = exact(written)
    return number.numerator if number.denominator == 1 else number


def _no_number(written: str) -> object:
    raise ValueError(f"{written} is no number")


def _halves(text: str, data: object) -> Iterator[Problem]:
    """Texts and keys with half a surrogate pair in them, which only an escape can write."""
    if "\\ud" not in text and "\\uD" not in text:
        return
    heap: list[tuple[str, object]] = [("", data)]
    while heap:
        key, value = heap.pop()
        if isinstance(value, dict):
            heap += [(_shown(name), name) for name in value]
            heap += [(_shown(name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            heap += [(key, inner) for inner in value]
        elif isinstance(value, str) and _shown(value) != value:
            words = Words(f"“{_shown(value)}”含有半个字的编码", f"“{_shown(value)}” holds half a sign")
            yield _problem("half-sign", key, words, Words("去掉 \\ud… 编码", "take the escape \\ud… out"))


def _shown(text: str) -> str:
    return "".join("?" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def _twice(key: str) -> Problem:
    key = _shown(key)
    words = Words(f"键 {key} 写了两次", f"the key {key} is written twice")
    return _problem("key-twice", key, words, Words("只留一个", "leave one of them"))


def _problem(code: str, key: str, words: Words, mend: Words, line: int = 0) -> Problem:
    return Problem(f"question.{code}", Place("question", key=key, line=line), words, mend)
