"""Certificate numbers: how they are written, taken apart and checked. Who gives which serial is not decided here.

A format is a text with fields in braces, as an issuer fixes it: "PD{year}-{serial:06}". A width makes a field exactly
that wide; without one it is as long as it needs. `NATIONAL` is the 22-character form of 职业技能等级证书
(人社鉴发〔2019〕2号): the authority assigns the first 13 characters, the issuer the rest; it has no check digit.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from certificates.words import Words

FIELD = re.compile(r"\{([a-z_0-9]+)(?::0?(\d+))?\}")
NUMERIC = frozenset({"year", "year2", "serial", "level", "province", "body", "body_serial"})


class BadNumber(ValueError):
    """A number that its format does not allow, or a format that cannot be used."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class Format:
    """A pattern like "PD{year}-{serial:06}". It must have a serial."""

    pattern: str

    def __post_init__(self) -> None:
        rest = FIELD.sub("", self.pattern)
        names = [name for name, _ in FIELD.findall(self.pattern)]
        if "{" in rest or "}" in rest or names.count("serial") != 1 or len(names) != len(set(names)):
            raise BadNumber(
                Words(
                    f"编号格式“{self.pattern}”无效：须含一个 {{serial}}，每个字段只用一次。",
                    f"The format {self.pattern!r} is invalid: it needs one {{serial}}, and each field only once.",
                )
            )
        if not re.fullmatch(r"[0-9A-Za-z\u4e00-\u9fff./()（）〔〕_-]*", rest):
            raise BadNumber(
                Words(
                    f"编号格式“{self.pattern}”含有不允许的字符。",
                    f"The format {self.pattern!r} holds characters that no number may have.",
                )
            )


@functools.cache
def expression(pattern: str) -> re.Pattern[str]:
    """The regular expression that finds the parts of a number again."""
    parts, last = [], 0
    for field in FIELD.finditer(pattern):
        name, width = field[1], field[2]
        kind = "[0-9]" if name in NUMERIC else "[0-9A-Z]"
        parts.append(re.escape(pattern[last : field.start()]))
        parts.append(f"(?P<{name}>{kind}{{{width}}})" if width else f"(?P<{name}>{kind}+?)")
        last = field.end()
    return re.compile("".join(parts) + re.escape(pattern[last:]), re.ASCII)


NATIONAL = Format("{kind:1}{body:4}{province:2}{body_serial:6}{year2:2}{level:1}{serial:6}")


def compose(format: Format, **parts: str | int) -> str:
    """The number made of its parts. A part that is missing, too long or of the wrong kind is refused."""

    def written(field: re.Match[str]) -> str:
        name, width = field[1], field[2]
        if name not in parts:
            raise BadNumber(Words(f"编号缺少“{name}”。", f"The number lacks its {name}."))
        return str(parts[name]).rjust(int(width or 0), "0")

    number = FIELD.sub(written, format.pattern)
    if parse(format, number) is None:
        raise BadNumber(
            Words(
                f"编号“{number}”不合格式“{format.pattern}”。", f"The number {number!r} does not fit {format.pattern!r}."
            )
        )
    return number


def series(format: Format, **parts: str | int) -> str:
    """What the numbers of one series have in common: the number with # for its serial. Refuses what `compose` refuses."""
    compose(format, serial=1, **parts)
    return FIELD.sub(lambda field: "#" if field[1] == "serial" else str(parts[field[1]]), format.pattern)


def parse(format: Format, number: str) -> Mapping[str, str] | None:
    """The parts of a number, or nothing when it does not have this format."""
    found = expression(format.pattern).fullmatch(number) if len(number) <= 80 else None
    return found.groupdict() if found else None
