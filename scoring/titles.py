"""Which honorary titles a person wins by a competition.

A title is won, withheld from somebody whom it means (`No`: held already, a gate not passed), or left to a person
(`Silent`) because its text does not cover the case. Titles that do not mean somebody are not spoken of at all.
"""

from dataclasses import dataclass, replace

from scoring.language.promotion import Selection, TitleRule
from scoring.policy import Policy
from scoring.promotion import Record, check, closed
from scoring.scope import OPEN, here_of, means
from scoring.selecting import Achievement, Occupation, passes
from scoring.verdict import No, Silent, Words, Yes


@dataclass(frozen=True, slots=True)
class Title:
    """An honorary title that somebody has won, and in which mode it takes effect."""

    id: str
    name: Words
    mode: str
    citation: str = ""


def titles(
    record: Record, achievement: Achievement, occupation: Occupation | str, policy: Policy
) -> tuple[Title | No | Silent, ...]:
    """An answer for each title of the policy that means this person, in its order.

    Raises `Problems` for an achievement that cannot be, like `promote`.
    """
    check(achievement, policy)
    if closed(achievement, policy) is not None:
        return ()
    job = Occupation(occupation) if isinstance(occupation, str) else occupation
    answers = (_title(rule, record, achievement, job, policy) for rule in policy.titles)
    return tuple(answer for answer in answers if answer is not None)


def _title(
    rule: TitleRule, record: Record, achievement: Achievement, job: Occupation, policy: Policy
) -> Title | No | Silent | None:
    """The first selection that means somebody decides; None when none of them does."""
    name, here = f"title.{rule.id}", here_of(achievement, record.identity, policy)
    for selection in rule.selections:
        meant = means(selection, achievement, here, policy)
        if isinstance(meant, No):
            continue
        if rule.id in record.titles and not rule.again:
            return No(name, Words("已获得该称号，不重复授予", "holds this title already; it is not given twice"))
        if isinstance(meant, Silent) or selection.silent:
            return Silent(name, _silence(selection, meant))
        stopped = passes(selection.gates, achievement, job, record.identity)
        if not isinstance(stopped, Yes):
            return replace(stopped, rule=name)
        return Title(rule.id, rule.name, rule.mode, policy.cited(rule.source))
    return None


def _silence(selection: Selection, meant: Yes | Silent) -> Words:
    """What is missing or not in the text about this person; else the words of the policy, if it has any."""
    about_person = isinstance(meant, Silent) and (meant.rule == OPEN or not selection.words.zh)
    return meant.reason if about_person else selection.words
