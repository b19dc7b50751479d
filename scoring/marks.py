"""Marks: who gave what to whom for which aspect.

A mark belongs to a *round*: when judges were too far apart, discussed and marked again, they give a mark of the next
round, and a judge's last round counts. Nothing here changes a mark; every mark that was ever given can be passed in.
*Facts* are what the floor writes down about an entry besides marks: its status, its time, who its people are.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.scheme import (
    ALL,
    JUDGED,
    JUDGED_TOP,
    MEASURED,
    ONE,
    STEPS,
    Aspect,
    Criterion,
    Module,
    Scheme,
    SubCriterion,
    in_marks,
    scheme_as_data,
    scheme_fingerprint,
    scheme_from_data,
    scheme_problems,
)
from scoring.verdict import No, Verdict, Words, Yes

__all__ = [
    "ALL",
    "JUDGED",
    "JUDGED_TOP",
    "MEASURED",
    "ONE",
    "PLAIN",
    "STEPS",
    "Aspect",
    "Criterion",
    "Facts",
    "Mark",
    "Module",
    "Owed",
    "Scheme",
    "SpreadAlarm",
    "SubCriterion",
    "check_mark",
    "in_marks",
    "latest",
    "scheme_as_data",
    "scheme_fingerprint",
    "scheme_from_data",
    "scheme_problems",
    "spread_alarms",
]


@dataclass(frozen=True, slots=True)
class Mark:
    """One judge's mark for one aspect of one entry, in hundredths; a judged score of 2 is 200."""

    judge: str
    entry: str
    aspect: str
    value: int
    round: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What the floor knows about an entry besides its marks.

    `status` is competed, absent, withdrawn, did-not-finish or disqualified; `seconds` None means that no time was
    taken. An entry that is not `eligible` (a guest) may be ranked but takes no award. `ruling` is the place among
    equals that the chief judge gave after every tie rule was exhausted; 0 means none was needed. `modules` names the
    modules that this entry is marked in (a member of a team may have theory alone); empty means all of them.
    `recused` are the judges who may not mark this entry (own unit, students, relatives); the others mark without them.
    """

    status: str = "competed"
    seconds: int | None = None
    born: date | None = None
    eligible: bool = True
    delegation: str = ""
    ruling: int = 0
    modules: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()


PLAIN = Facts()
"""An entry that competed and of which nothing else was written down."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A mark that has not arrived; `judge` is empty when any judge of the panel may record it."""

    entry: str
    aspect: str
    judge: str


@dataclass(frozen=True, slots=True)
class SpreadAlarm:
    """Judged scores for one cell that are further apart than the policy allows; by judge, in hundredths."""

    entry: str
    aspect: str
    scores: tuple[tuple[str, int], ...]


def check_mark(scheme: Scheme, panel: Collection[str], entries: Collection[str], mark: Mark) -> Verdict:
    """Whether this mark may be written down at all."""
    if mark.aspect not in scheme.by_id:
        return No("mark.unknown-aspect", Words(f"没有评分项 {mark.aspect}", f"there is no aspect {mark.aspect}"))
    if mark.entry not in entries:
        return No("mark.unknown-entry", Words(f"没有参赛单元 {mark.entry}", f"there is no entry {mark.entry}"))
    if mark.judge not in panel:
        return No("mark.not-on-panel", Words(f"{mark.judge} 不在裁判组", f"{mark.judge} is not on the panel"))
    if mark.judge in facts_of(entries, mark.entry).recused:
        return No("mark.recused", Words(f"{mark.judge} 须回避", f"{mark.judge} is recused from this entry"))
    aspect = scheme.aspect(mark.aspect)
    if not 0 <= mark.value <= aspect.top:
        span = f"0–{in_marks(aspect.top)}"
        words = Words(f"{in_marks(mark.value)} 不在 {span} 内", f"{in_marks(mark.value)} is outside {span}")
        return No("mark.out-of-range", words)
    if aspect.steps and mark.value not in aspect.steps:
        known = ", ".join(in_marks(step) for step in aspect.steps)
        return No("mark.not-a-step", Words(f"只能给 {known}", f"only {known} can be given"))
    if mark.round < 1:
        return No("mark.round", Words("轮次从 1 开始", "rounds count from 1"))
    return Yes("mark.fits")


def latest(marks: Iterable[Mark]) -> dict[tuple[str, str], dict[str, Mark]]:
    """By entry and aspect: each judge's mark of their last round."""
    cells: dict[tuple[str, str], dict[str, Mark]] = {}
    for mark in marks:
        cell = cells.setdefault((mark.entry, mark.aspect), {})
        known = cell.get(mark.judge)
        if known is None or known.round < mark.round:
            cell[mark.judge] = mark
    return cells


def spread_alarms(scheme: Scheme, marks: Iterable[Mark], spread: int) -> tuple[SpreadAlarm, ...]:
    """Judged cells whose last scores are more than `spread` hundredths apart: to be discussed and given again."""
    alarms = []
    for (entry, aspect), given in sorted(latest(marks).items()):
        values = [mark.value for mark in given.values()]
        if aspect in scheme.by_id and scheme.aspect(aspect).kind == JUDGED and max(values) - min(values) > spread:
            scores = tuple((judge, given[judge].value) for judge in sorted(given))
            alarms.append(SpreadAlarm(entry, aspect, scores))
    return tuple(alarms)


def facts_of(entries: Collection[str], entry: str) -> Facts:
    """The facts about an entry when `entries` is a mapping to them, and plain ones when it is only a list of ids."""
    known = entries.get(entry) if isinstance(entries, Mapping) else None
    return known if isinstance(known, Facts) else PLAIN
