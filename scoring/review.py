"""Checking results again before they are published.

Supervisors check the top of the table and a drawn sample of the rest; when more of those are wrong than the policy
tolerates, everything is checked. Which entries are drawn depends on the seed and on their ids alone, so that anybody
can draw the sample again and nobody can choose it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.draw import Dice
from scoring.language.checking import ReviewRule
from scoring.rounding import share
from scoring.standings import Standing
from scoring.verdict import No, Words, Yes


@dataclass(frozen=True, slots=True)
class Sample:
    """Entry ids: `top` because of their place, `drawn` by lot, in the order in which they are to be checked."""

    top: tuple[str, ...]
    drawn: tuple[str, ...]

    @property
    def entries(self) -> tuple[str, ...]:
        """Everything that has to be checked."""
        return self.top + self.drawn


def sample(standings: Sequence[Standing], rule: ReviewRule, seed: str) -> Sample:
    """What has to be checked again: the first `top` entries of the table, and so many percent of the rest.

    Who shares the last of these places is in. Entries without a rank have nothing that could be wrong in their favour
    and are left out. "At least 15 %" is `percent = 15` with `rounding = "up"`.
    """
    ranked = [line for line in standings if line.rank]
    top = tuple(line.entry for line in ranked if line.ahead < rule.top)
    rest = sorted(line.entry for line in ranked if line.ahead >= rule.top)
    drawn = Dice(seed, "review").shuffled(rest)[: share(len(rest), rule.percent, rule.rounding)]
    return Sample(top, tuple(drawn))


def conclusion(rule: ReviewRule, checked: int, wrong: int) -> Yes | No:
    """Whether the sample may stand for the rest, or everything has to be checked again."""
    percent = f"{wrong}/{checked}"
    if checked and wrong * 100 > rule.wrong_percent * checked:
        return No(
            "review.everything",
            Words(
                f"抽查错误 {percent}，超过 {rule.wrong_percent}%，须全部复核",
                f"{percent} of the sample are wrong, more than {rule.wrong_percent} %: everything is checked again",
            ),
        )
    return Yes("review.sample-stands", Words(f"抽查错误 {percent}", f"{percent} of the sample are wrong"))
