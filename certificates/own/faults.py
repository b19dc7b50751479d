"""Why a template is not taken: which rule, in which file, in which line, and what was found there."""

from dataclasses import dataclass

MOST_DETAIL = 160


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
        self.fault = Fault(rule, file[:MOST_DETAIL], line, detail[:MOST_DETAIL])
        super().__init__(f"{rule} {file}:{line} {detail}")

    def __reduce__(self) -> tuple[type["Faulty"], tuple[str, str, int, str]]:
        """It goes from a process to another one."""
        return Faulty, (self.fault.rule, self.fault.file, self.fault.line, self.fault.detail)


def line_of(text: str, found: str) -> int:
    """The line in which something is said first, or 0."""
    place = text.find(found) if found else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


class TooLong(Exception):
    """Raised in the midst of the work by whoever measures its time."""
