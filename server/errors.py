"""What goes wrong in ways that a person can mend: a code, what happened, and what to do.

Rules answer with verdicts; a stage's flow turns a `No` into a Refusal; only the web layer knows HTTP statuses.
"""

from __future__ import annotations

from scoring.verdict import No, Problem, Words

NOTHING = Words("", "")


class Refusal(Exception):
    """Something asked for that cannot be done; nothing was stored.

    `code` is stable and in English (`marks.sealed`); `status` is the HTTP status the web layer answers with.
    """

    def __init__(
        self,
        code: str,
        words: Words,
        mend: Words = NOTHING,
        problems: tuple[Problem, ...] = (),
        status: int = 409,
    ) -> None:
        super().__init__(f"{code}: {words.en}")
        self.code = code
        self.words = words
        self.mend = mend
        self.problems = problems
        self.status = status


def refuse(no: No, mend: Words = NOTHING, status: int = 409) -> Refusal:
    """A rule's `No` as a refusal with the rule as its code."""
    return Refusal(no.rule, no.reason, mend, status=status)


def missing(what: Words) -> Refusal:
    """The answer for something that is not there, or that the asker may not know to be there."""
    return Refusal(
        "not-found",
        Words(f"没有找到{what.zh}。", f"There is no such {what.en}."),
        Words("请核对地址或编号。", "Check the address or the number."),
        status=404,
    )
