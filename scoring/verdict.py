"""What a rule answers, and what is wrong with input.

A *verdict* is the answer of a rule to a question about people: `Yes`, `No` or `Silent`. `Silent` is not a no: the cited
text does not cover the case, and a person has to decide and give a reason.
A *problem* is one thing wrong in input (a workbook, a policy, a list of marks). Problems come as a list, each with the
place where it is and how to mend it; a loader that refuses raises them all at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages of the house."""

    zh: str
    en: str


NO_WORDS = Words("", "")


def days_said(days: Iterable[date]) -> Words:
    """Days in both languages, in order, for a sentence."""
    listed = sorted(days)
    zh = (f"{day.year}年{day.month}月{day.day}日" for day in listed)
    en = (f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in listed)
    return Words("、".join(zh), ", ".join(en))


@dataclass(frozen=True, slots=True)
class Yes:
    """The rule allows it."""

    rule: str = ""
    reason: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class No:
    """The rule forbids it; `rule` can be cited and `reason` can be read by a competitor."""

    rule: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Silent:
    """The text that `rule` names does not cover this case: nobody may guess, a person decides."""

    rule: str
    reason: Words


Verdict = Yes | No | Silent


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is; an empty string or 0 means that this part of an address does not apply."""

    sheet: str = ""
    row: int = 0
    column: str = ""
    key: str = ""
    line: int = 0


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in input: `code` for programs, `words` for people, `mend` for the one who has to put it right."""

    code: str
    place: Place
    words: Words
    mend: Words


class Problems(Exception):
    """Input was refused as a whole; `problems` lists everything that was found wrong, in the order of the input."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.code}: {problem.words.en}" for problem in problems))
        self.problems = problems
