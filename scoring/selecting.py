"""Whom a rule of a policy means: its selector, and its gates.

An *achievement* is what one person did in one event, in the words that policies use. Scope (`scoring.scope`) and
selector decide whether a rule speaks about somebody at all; a gate turns away somebody whom the rule does speak about,
with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.awards import Field
from scoring.ladder import LEVELS
from scoring.language.selecting import Gates, Selector
from scoring.rounding import share
from scoring.said import IDENTITY, listed, part_of
from scoring.verdict import No, Silent, Words, Yes

GROUPS = {
    "职工组": "workers",
    "教师组": "teachers",
    "学生组": "students",
    "职工": "workers",
    "教师": "teachers",
    "学生": "students",
}
"""How forms name the groups → how policies do; any other group is meant literally."""
OTHER = No("select.other", Words("不在此条范围", "not meant by this rule"))


@dataclass(frozen=True, slots=True)
class Achievement:
    """What a person reached. `rank` 0 means unranked; `award_id` is empty without an award. `counted` is one more than
    the number of better entries, which is what percentages look at; 0: the same as the rank.

    `passed` names what was passed: module ids, and “total”; `papers` is the level that the papers were set
    to; `squad` a selection the person was named for; `class_` the class of the competition (“1”, “2”).
    """

    rank: int
    award_id: str
    field: Field
    team_size: int = 1
    group: str = ""
    tier: str = ""
    class_: str = ""
    stage: str = "final"
    passed: frozenset[str] = frozenset()
    papers: str = ""
    squad: str = ""
    counted: int = 0

    @property
    def took_part(self) -> Field:
        """The field, in entries of this size."""
        return replace(self.field, team_size=self.team_size)


@dataclass(frozen=True, slots=True)
class Occupation:
    """The occupation an event belongs to; the edition of the classification belongs to the code.

    `top` is the highest level that its standard knows; `recognised` says that its levels may be assessed at all. `also`
    names the same occupation in other editions, as “code@edition” or as a code alone.
    """

    code: str
    name: str = ""
    edition: str = ""
    top: str = "senior-technician"
    national_standard: bool = True
    recognised: bool = True
    also: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every way in which a record may name this occupation; a code alone is one of the same edition."""
        return (self.code, *((f"{self.code}@{self.edition}",) if self.edition else ()), *self.also)


def selects(select: Selector, achievement: Achievement, rounding: str) -> Yes | No | Silent:
    """Whether the selector means this person; silent where its text knows no such team or field size.

    Who is not ranked (absent, disqualified) is meant by nothing but a squad, for which people are named by hand.
    """
    if not achievement.rank and (not select.squad or select.ranks or select.percent or select.by_field):
        return OTHER
    if select.awards and achievement.award_id not in select.awards:
        return OTHER
    if select.squad and achievement.squad != select.squad:
        return OTHER
    if select.percent and not _in_percent(select.percent, achievement, rounding):
        return OTHER
    if select.ranks and not isinstance(answer := _by_size(select.ranks, achievement), Yes):
        return answer
    return _by_field(select, achievement) if select.by_field else Yes()


def passes(gates: Gates, achievement: Achievement, occupation: Occupation, identity: str) -> Yes | No | Silent:
    """Whether every condition of the rule is met; the first that is not, or that nobody can judge, gives the reason."""
    for what, (zh, en) in _COUNTED.items():
        least = {"entries": gates.entries, "teams": gates.teams, "persons": gates.persons}[what]
        if achievement.took_part.counted(what) < least:
            return _stopped(what, f"参赛不足 {least} {zh}", f"fewer than {least} {en}")
    if gates.identities and identity not in gates.identities:
        return _by_identity(gates.identities, identity)
    for part in gates.passed:
        if part not in achievement.passed:
            return _stopped(part, f"{part_of(part).zh}未合格", f"{part} not passed")
    if gates.papers_at_least and not achievement.papers:
        return Silent("gate.papers", Words("缺少命题等级", "the level of the papers is missing"))
    if gates.papers_at_least and LEVELS[achievement.papers].rank < LEVELS[gates.papers_at_least].rank:
        level = LEVELS[gates.papers_at_least].name
        return _stopped("papers", f"命题标准低于{level.zh}", f"the papers were set below {level.en}")
    if gates.national_standard and not occupation.national_standard:
        return _stopped("standard", "该职业没有国家职业技能标准", "the occupation has no national standard")
    if gates.recognised and not occupation.recognised:
        return _stopped("recognised", "该职业未纳入技能等级认定", "the occupation is not open to level assessment")
    return Yes()


_COUNTED = {"entries": ("个参赛单元", "entries"), "teams": ("支参赛队", "teams"), "persons": ("人", "people")}


def _by_identity(allowed: tuple[str, ...], identity: str) -> No | Silent:
    if not identity:
        return Silent("gate.identity", Words("缺少身份", "the identity is missing"))
    people = listed([IDENTITY[one] for one in allowed])
    return _stopped("identity", f"限{people.zh}", f"for {people.en} only")


def _in_percent(band: tuple[Fraction, Fraction], achievement: Achievement, rounding: str) -> bool:
    """Over … to percent of the field: both ends become ranks by the same rounding, so that bands never overlap."""
    over, to = (share(achievement.field.entries, end, rounding) for end in band)
    return over < (achievement.counted or achievement.rank) <= to


def _by_size(ranks: Mapping[int, tuple[int, int]], achievement: Achievement) -> Yes | No | Silent:
    band = ranks.get(achievement.team_size, ranks.get(0))
    if band is None:
        size = achievement.team_size
        return Silent("select.team-size", Words(f"条文没有提到 {size} 人队", f"the text names no team of {size}"))
    return Yes() if band[0] <= achievement.rank <= band[1] else OTHER


def _by_field(select: Selector, achievement: Achievement) -> Yes | No | Silent:
    size = achievement.took_part.counted(select.count)
    for band in select.by_field:
        if band.size[0] <= size <= band.size[1]:
            if band.ranks is None:
                break
            return Yes() if band.ranks[0] <= achievement.rank <= band.ranks[1] else OTHER
    zh, en = _COUNTED[select.count]
    return Silent(
        "select.field-size", Words(f"条文没有提到 {size} {zh}的情况", f"the text names no field of {size} {en}")
    )


def _stopped(gate: str, zh: str, en: str) -> No:
    return No(f"gate.{gate}", Words(zh, en))
