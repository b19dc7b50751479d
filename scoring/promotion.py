"""Which skill level a person is promoted to by a competition.

Promotion is per person and per occupation: members of one team may end at different levels, and only the level that
somebody holds in the occupation of the event counts. Three answers: `Promoted` (at once, after approval, or on
application), `Unchanged` with the rule and the reason, and `Silent` where the cited text does not say, so that a person
has to decide. Nobody is ever moved down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scoring.awards import field_verdict
from scoring.ladder import LEVELS, Level, above
from scoring.language.promotion import Effect, PromotionRule
from scoring.policy import Policy
from scoring.scope import here_of, means
from scoring.selecting import Achievement, Occupation, passes
from scoring.verdict import No, Place, Problem, Problems, Silent, Words

__all__ = [
    "Achievement",
    "Decision",
    "Occupation",
    "Promoted",
    "Record",
    "Silent",
    "Unchanged",
    "promote",
]


@dataclass(frozen=True, slots=True)
class Record:
    """What a person has so far: levels by occupation, titles by id, promotions by competition this calendar year.

    An occupation is a code, or “code@edition” where the edition is known: the same code may be another occupation in
    another edition, and the same occupation has other codes there (`Occupation.also`). The highest level counts.
    `identity` is worker, teacher, student or other.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    promotions_this_year: int = 0
    identity: str = "worker"


@dataclass(frozen=True, slots=True)
class Promoted:
    """A new level; `mode` is automatic, approval (核准) or application (可申报)."""

    level: Level
    rule: str
    reason: Words
    mode: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """No new level, by this rule and for this reason."""

    rule: str
    reason: Words


Decision = Promoted | Unchanged | Silent


def promote(record: Record, achievement: Achievement, occupation: Occupation | str, policy: Policy) -> Decision:
    """What this achievement does to this person's level in that occupation (its code will do).

    The first rule that means this person decides. Where it cannot be known whether a rule means them, because their
    tier, class, group, stage or identity is missing or is not in the text, the answer is `Silent`; but only if the rule
    could mean them: who is outside every rank of the text is not promoted, whatever is missing.
    Raises `Problems` for an achievement that cannot be (`promotion.award-unknown`, `promotion.rank-beyond-field`).
    """
    check(achievement, policy)
    job = Occupation(occupation) if isinstance(occupation, str) else occupation
    shut = closed(achievement, policy)
    if shut is not None:
        return shut
    here = here_of(achievement, record.identity, policy)
    for rule in policy.promotion.rules:
        meant = means(rule, achievement, here, policy)
        if isinstance(meant, No):
            continue
        if isinstance(meant, Silent):
            return Silent(_named(rule), meant.reason)
        return _applied(rule, record, achievement, job, policy)
    return Unchanged("promotion.no-rule", Words("名次（奖项）不在晋升范围", "no rule promotes this place or award"))


def check(achievement: Achievement, policy: Policy) -> None:
    """Refuses what no event of this policy can produce: somebody mistyped it, and no rule is to blame."""
    awards, entries = [prize.id for prize in policy.awards.prizes], achievement.field.entries
    problems: list[Problem] = []
    if achievement.award_id and achievement.award_id not in awards:
        words = Words(f"规则中没有奖项 {achievement.award_id}", f"the policy has no award {achievement.award_id}")
        listed = Words("、".join(awards) or "（无奖项，留空）", ", ".join(awards) or "none, leave it empty")
        mend = Words(f"可用：{listed.zh}", f"known: {listed.en}")
        problems.append(Problem("promotion.award-unknown", Place(key="award"), words, mend))
    if achievement.rank > entries:
        words = Words(f"第 {achievement.rank} 名，但只有 {entries} 个参赛单元", f"rank {achievement.rank} of {entries}")
        mend = Words("改正名次或参赛数", "mend the rank or the size of the field")
        problems.append(Problem("promotion.rank-beyond-field", Place(key="rank"), words, mend))
    if problems:
        raise Problems(tuple(problems))


def closed(achievement: Achievement, policy: Policy) -> Unchanged | None:
    """A demonstration promotes nobody, and neither do the kinds of event that the policy names."""
    took_part = achievement.took_part
    listed = took_part.kind in policy.promotion.nobody
    verdict = field_verdict(policy, took_part if listed else replace(took_part, kind="full"))
    return Unchanged(verdict.rule, verdict.reason) if isinstance(verdict, No) else None


def _applied(
    rule: PromotionRule, record: Record, achievement: Achievement, job: Occupation, policy: Policy
) -> Decision:
    """The rule speaks about this person: gates first, then the effect, then the limit of promotions in a year."""
    stopped = passes(rule.gates, achievement, job, record.identity)
    if isinstance(stopped, Silent):
        return Silent(_named(rule), stopped.reason)
    if isinstance(stopped, No):
        return Unchanged(_named(rule), stopped.reason)
    levels = (LEVELS[record.levels[code]] for code in job.codes if record.levels.get(code))
    held = max(levels, key=lambda level: level.rank, default=None)
    answer = _answer(rule.effect, held, achievement, job)
    if answer == "silent":
        return Silent(_named(rule), _silence(rule, held))
    if answer == "unchanged" or (held is not None and LEVELS[answer].rank <= held.rank):
        return Unchanged(_named(rule), Words("按本条不再晋升", "this rule promotes no further"))
    if LEVELS[answer].rank > LEVELS[job.top].rank:
        words = Words(f"该职业没有{LEVELS[answer].name.zh}", f"the occupation has no {LEVELS[answer].name.en}")
        return Silent(_named(rule), words)
    if policy.promotion.per_year and record.promotions_this_year >= policy.promotion.per_year:
        limit = policy.promotion.per_year
        words = Words(f"一个自然年度内只能晋升 {limit} 次", f"no more than {limit} promotion in a calendar year")
        return Unchanged("promotion.per-year", words)
    return Promoted(LEVELS[answer], _named(rule), rule.clause, rule.mode, policy.cited(rule.source))


def _answer(effect: Effect, held: Level | None, achievement: Achievement, job: Occupation) -> str:
    """The new level's id, "unchanged", or "silent"."""
    if effect.kind in ("none", "silent"):
        return "unchanged" if effect.kind == "none" else "silent"
    if held is None and effect.kind != "standard":
        return effect.without
    if held is not None and effect.holders and held.id in effect.holders:
        return effect.holders[held.id]
    if effect.kind == "step" and held is not None:
        return _stepped(effect, held)
    goal = LEVELS[effect.level] if effect.kind == "set" else _standard(effect, achievement, job)
    if goal is None:
        return "silent"
    return effect.otherwise if held is not None and held.rank >= goal.rank else goal.id


def _stepped(effect: Effect, held: Level) -> str:
    """So many levels up; whoever stands below the cap and would go beyond it may stop there, if the text says so."""
    room = LEVELS[effect.cap].rank - held.rank
    if effect.steps <= room:
        return above(held, effect.steps).id
    if room > 0:
        return effect.cap if effect.beyond == "cap" else effect.beyond
    return effect.otherwise


def _standard(effect: Effect, achievement: Achievement, job: Occupation) -> Level | None:
    """The level of the papers and so many more, as far as the text and the occupation go; None without papers."""
    papers = LEVELS.get(achievement.papers)
    goals = (above(papers, effect.steps), LEVELS[effect.cap], LEVELS[job.top]) if papers else ()
    return min(goals, key=lambda level: level.rank, default=None)


def _silence(rule: PromotionRule, held: Level | None) -> Words:
    """The words to show for a silent cell: those of the policy, or what the clause leaves open."""
    if rule.effect.words.zh:
        return rule.effect.words
    zh, en = (held.name.zh, held.name.en) if held else ("没有等级的人", "somebody without a level")
    return Words(f"条文“{rule.clause.zh}”没有说明{zh}如何处理", f"“{rule.clause.en}” does not say what happens to {en}")


def _named(rule: PromotionRule) -> str:
    return f"promotion.{rule.id}"
