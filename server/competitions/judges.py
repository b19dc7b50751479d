"""What is known about judges and about the events that want them, before anybody is seated.

A *judge* is whoever could be asked; the *panel* of an event is who sits. *Load* counts panels. A *recusal* (回避) is
declared by a person with a reason; that a competitor comes from the judge's own unit is found, not declared.
Nothing here knows the database: the flow fills these values, rules and proposal read them. Ids are unique.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from scoring.verdict import Words

Effect = Literal["barred", "stands-back"]
"""What a tie to a competitor does: the judge is kept off the panel, or sits and does not mark that entry."""

TITLES = {
    "junior": Words("初级职称", "a junior title"),
    "middle": Words("中级职称", "a middle title"),
    "associate-senior": Words("副高级职称", "an associate senior title"),
    "senior": Words("正高级职称", "a senior title"),
}
"""Professional titles (职称), the lowest first."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The least that is asked of a judge: a skill level or, in its stead, a professional title; and years in the occupation.

    Announcements of competitions ask for 技师 or a middle title, and for three or five years. Empty words ask nothing.
    """

    years: int
    level: str = "technician"
    title: str = "middle"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a competition asks of its panels; `most` is the largest load of one judge, None when nobody limits it.

    `own_unit` says what a competitor of the judge's own unit does; `related` the same of students, relatives and
    partner firms, which come as recusals.
    """

    least: Demand
    own_unit: Effect = "barred"
    related: Effect = "barred"
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Recusal:
    """One thing from which a judge has to stand back: a whole event, everybody of a unit, or one person."""

    reason: Words
    event: str = ""
    unit: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """An event for which somebody is out of the question: they declined it, or a person took them off its panel."""

    event: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Judge:
    """Somebody who could sit; `level` and `years` are those in their own occupation.

    `skills` holds occupation codes and ids of events. `years` None means that nobody knows; `days` None that every day
    suits. `load` counts earlier panels, without those of the plan. Who has no unit is nobody's colleague. `away` names
    events to which they said no.
    """

    id: str
    unit: str
    skills: frozenset[str]
    level: str = ""
    title: str = ""
    years: int | None = None
    delegation: str = ""
    load: int = 0
    days: frozenset[date] | None = None
    recusals: tuple[Recusal, ...] = ()
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True)
class Competitor:
    """Somebody whose work the panel will mark."""

    id: str
    unit: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event as its panel sees it; `least` stands before the demand of the competition.

    `one_per` is what two judges of a panel must not have in common: their unit (usual), their delegation, nothing.
    """

    id: str
    occupation: str
    seats: int
    days: frozenset[date]
    competitors: frozenset[Competitor] = frozenset()
    least: Demand | None = None
    one_per: Literal["unit", "delegation", ""] = "unit"

    def shared(self, judge: Judge) -> str:
        """What nobody else on the panel may have in common with this judge; empty when anybody may sit beside them."""
        return {"unit": judge.unit, "delegation": judge.delegation, "": ""}[self.one_per]


@dataclass(frozen=True, slots=True)
class Held:
    """A seat that is taken already: `fixed` by the chief or by an accepted invitation, or merely proposed before."""

    judge: str
    event: str
    fixed: bool = False
