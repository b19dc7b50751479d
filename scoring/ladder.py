"""The ladder of vocational skill levels, and every way in which clerks spell them.

Eight rungs since 人社部发〔2022〕14号 (the "new eight-grade" system): 学徒工 below the five national grades,
特级技师 and 首席技师 above them. No competition rule that was found promotes above 高级技师.
A level is always a level *in an occupation*; this module knows only the rungs.
"""

import unicodedata
from dataclasses import dataclass

from scoring.verdict import Place, Problem, Problems, Words


@dataclass(frozen=True, slots=True)
class Level:
    """One rung; `name.zh` is the form that certificates print (人社鉴发〔2021〕1号: “三级/高级工”)."""

    id: str
    rank: int
    name: Words

    @property
    def printed(self) -> str:
        """The level as a Chinese certificate shows it."""
        return self.name.zh


LADDER = (
    Level("apprentice", 0, Words("学徒工", "Apprentice")),
    Level("junior", 1, Words("五级/初级工", "Grade 5 / Junior worker")),
    Level("intermediate", 2, Words("四级/中级工", "Grade 4 / Intermediate worker")),
    Level("senior", 3, Words("三级/高级工", "Grade 3 / Senior worker")),
    Level("technician", 4, Words("二级/技师", "Grade 2 / Technician")),
    Level("senior-technician", 5, Words("一级/高级技师", "Grade 1 / Senior technician")),
    Level("special-technician", 6, Words("特级技师", "Special-grade technician")),
    Level("chief-technician", 7, Words("首席技师", "Chief technician")),
)
LEVELS = {level.id: level for level in LADDER}

NONE_SPELT = frozenset({"", "-", "--", "---", "—", "——", "/", "无", "没有", "暂无", "none", "n/a"})
SPELT = {
    "apprentice": ("学徒工", "学徒", "apprentice"),
    "junior": ("初级工", "初级技能", "初级", "五级", "5级", "五级工", "5级工", "junior worker", "grade 5"),
    "intermediate": ("中级工", "中级技能", "中级", "四级", "4级", "四级工", "4级工", "intermediate worker", "grade 4"),
    "senior": ("高级工", "高级技能", "高级", "三级", "3级", "三级工", "3级工", "senior worker", "grade 3"),
    "technician": ("技师", "二级", "2级", "二级技师", "2级技师", "technician", "grade 2"),
    "senior-technician": ("高级技师", "一级", "1级", "一级技师", "1级技师", "senior technician", "grade 1"),
    "special-technician": ("特级技师", "特级", "special-grade technician"),
    "chief-technician": ("首席技师", "首席", "chief technician"),
}
BY_SPELLING = {spelling: LEVELS[id_] for id_, spellings in SPELT.items() for spelling in (id_, *spellings)}


def parse_level(text: str) -> Level | None:
    """The level that a clerk meant; None when the form says that there is none (“--”, “无”, empty).

    Raises `Problems` (`level.unknown`) for anything else: a level is never guessed, and “二级/高级工”, whose two halves
    disagree, is nobody's level.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if "".join(plain.split()) in NONE_SPELT:
        return None
    halves = [half.strip() for half in _split(plain)]
    found = {BY_SPELLING[half].id if half in BY_SPELLING else "" for half in halves if half}
    if len(found) == 1 and "" not in found:
        return LEVELS[found.pop()]
    raise Problems((_unknown(text),))


def above(level: Level, steps: int = 1) -> Level:
    """The level so many rungs higher; the ladder ends at 首席技师."""
    return LADDER[min(level.rank + steps, len(LADDER) - 1)]


def _split(plain: str) -> list[str]:
    """“三级/高级工”, “高级工(三级)”, “高级工 三级”: two names of one level; spaces inside a name mean nothing."""
    if plain.isascii():
        return plain.replace("(", "/").replace(")", "").split("/")
    for mark in "()[]、,-·":
        plain = plain.replace(mark, "/")
    whole = "".join(plain.split())
    return [whole] if whole in BY_SPELLING else "/".join(plain.split()).split("/")


def _unknown(text: str) -> Problem:
    return Problem(
        "level.unknown",
        Place(key=text),
        Words(f"不认识的技能等级：{text}", f"this is no skill level: {text}"),
        Words("写成“三级/高级工”的样子；没有等级的填“--”", "write it like 三级/高级工; write -- when there is none"),
    )
