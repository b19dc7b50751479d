"""Why a template is not taken: which rule, in which file, in which line, and what was found there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` is 0 where a rule concerns a whole file, and `file` is empty where it concerns the whole template."""

    rule: str
    file: str = ""
    line: int = 0
    detail: str = ""


class Faulty(ValueError):
    """A template that is not taken."""

    def __init__(self, rule: str, file: str = "", line: int = 0, detail: str = "") -> None:
        self.fault = Fault(rule, file, line, detail[:160])
        super().__init__(f"{rule} {file}:{line} {detail}")


def line_of(text: str, found: str) -> int:
    """The line in which something is said first, or 0."""
    place = text.find(found) if found else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


class TooLong(Exception):
    """Raised in the midst of the work by whoever measures its time."""
