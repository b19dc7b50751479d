"""What goes wrong in ways that a person can mend: a code, what happened, and what to do.

Rules answer with verdicts; a stage's flow turns a `No` into a Refusal; only the web layer knows HTTP statuses.
"""

from __future__ import annotations

from scoring.verdict import No, Problem, Words

NOTHING = Words("", "")


class Refusal(Exception):
    """Something asked for that cannot be done; nothing was stored.

    `code` is stable and in English (`marks.sealed`); `status` is the HTTP status the web layer answers with, `wait` the seconds
    after which the same may be asked again, 0 where waiting does not help.
    """

    def __init__(
        self,
        code: str,
        words: Words,
        mend: Words = NOTHING,
        problems: tuple[Problem, ...] = (),
        status: int = 409,
        wait: int = 0,
    ) -> None:
        super().__init__(f"{code}: {words.en}")
        self.code = code
        self.words = words
        self.mend = mend
        self.problems = problems
        self.status = status
        self.wait = wait


def told(one: Refusal | Problem) -> Words:
    """What happened and how to mend it, one after the other: Chinese sentences follow each other without a space."""
    return Words(f"{one.words.zh}{one.mend.zh}", f"{one.words.en} {one.mend.en}".strip())


def refuse(no: No, mend: Words = NOTHING, status: int = 409) -> Refusal:
    """A rule's `No` as a refusal with the rule as its code."""
    return Refusal(no.rule, no.reason, mend, status=status)


def explained(reason: str, most: int, otherwise: Refusal) -> str:
    """A reason as it is kept, without the spaces around it. Raises `otherwise` when it is empty or over `most` characters."""
    kept = reason.strip()
    if not 0 < len(kept) <= most:
        raise otherwise
    return kept


def unchanged(known: str | None, now: str, said: Words) -> None:
    """What a page showed when somebody began to change it is still so; None is a caller that was shown nothing.

    Raises Refusal `changed.meanwhile`, which says what is there now: a second person never overwrites what they have not seen.
    """
    if known is not None and known != now:
        words = Words(
            f"别人刚改过这里，现在是：{said.zh}。你的改动还没有保存。",
            f"Somebody changed this meanwhile; now it is: {said.en}. Your change is not stored yet.",
        )
        raise Refusal("changed.meanwhile", words, Words("看过之后再提交一次。", "Look at it, then send yours again."))


def missing(what: Words) -> Refusal:
    """The answer for something that is not there, or that the asker may not know to be there."""
    return Refusal(
        "not-found",
        Words(f"没有找到{what.zh}。", f"There is no such {what.en}."),
        Words("请核对地址或编号。", "Check the address or the number."),
        status=404,
    )
