"""What a policy may say about passing, delegations, signing, checking results again, and appeals.

[passing]       the marks from which a module or the total is passed
[delegations]   points for awards and places
[signing]       who signs sheets before the seal, and whether the seal waits for them
[review]        which results are checked again, and when everything is
[appeals]       how long after the publication a result may be appealed against
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.language.references import Names
from scoring.language.table import Table
from scoring.rounding import MODES


@dataclass(frozen=True, slots=True)
class PassingRule:
    """Hundredths of 100 marks by module id, and by “total”; a part that is not named is passed by everybody."""

    marks: Mapping[str, int]
    source: str


@dataclass(frozen=True, slots=True)
class DelegationRule:
    """Points by award id, and points for the first, second … place."""

    awards: Mapping[str, int]
    places: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """The first `top` and `percent` of the rest; more than `wrong_percent` wrong among them: everything.
    `before_decoding`: nobody learns a name before that is done."""

    top: int
    percent: Fraction
    rounding: str
    wrong_percent: Fraction
    source: str
    before_decoding: bool = False


REFUSE, WARN, NOT_ASKED = "refuse", "warn", "none"
SIGNING = (REFUSE, WARN, NOT_ASKED)
"""refuse: no seal without every signature · warn: the chief judge sees what is unsigned, may seal · none: not asked."""


@dataclass(frozen=True, slots=True)
class SigningRule:
    """Which signatures the seal asks for, of judges and of contestants; each is one of `SIGNING`.

    Contestants sign what the panel measures once, before their eyes, in `modules`.
    """

    judges: str
    contestants: str
    modules: tuple[str, ...]
    source: str


SILENT = SigningRule(WARN, NOT_ASKED, (), "organiser")
"""What holds where a policy says nothing of signing: judges are reminded, nothing waits for them."""
HOURS, WORKING_DAYS = "hours", "working-days"


@dataclass(frozen=True, slots=True)
class AppealRule:
    """An appeal is written within so many hours or working days (`unit`) after the publication."""

    within: int
    unit: str
    source: str


def read_passing(table: Table, sources: tuple[str, ...]) -> PassingRule | None:
    """[passing], which may be left out"""
    if not table.present:
        return None
    marks = table.table("marks")
    rule = PassingRule({part: marks.whole(part) for part in marks.names()}, table.choice("source", sources))
    table.close()
    return rule


def read_delegations(table: Table, names: Names) -> DelegationRule | None:
    """[delegations], which may be left out"""
    if not table.present:
        return None
    awards = table.table("awards", required=False)
    rule = DelegationRule(
        {award: awards.whole(award) for award in awards.names()},
        table.wholes("places", ()),
        table.choice("source", names.sources),
    )
    for award in rule.awards:
        names.check_awards(awards, award, (award,))
    table.close()
    return rule


def read_signing(table: Table, sources: tuple[str, ...]) -> SigningRule:
    """[signing], which may be left out"""
    if not table.present:
        return SILENT
    contestants = table.choice("contestants", SIGNING, NOT_ASKED)
    rule = SigningRule(
        table.choice("judges", SIGNING),
        contestants,
        table.texts("modules") if contestants != NOT_ASKED else table.texts("modules", default=()),
        table.choice("source", sources),
    )
    table.close()
    return rule


def read_review(table: Table, sources: tuple[str, ...]) -> ReviewRule | None:
    """[review], which may be left out"""
    if not table.present:
        return None
    rule = ReviewRule(
        top=table.whole("top"),
        percent=table.percent("percent", none=True),
        rounding=table.choice("rounding", MODES),
        wrong_percent=table.percent("wrong_percent", none=True),
        source=table.choice("source", sources),
        before_decoding=table.flag("before_decoding", False),
    )
    table.close()
    return rule


def read_appeals(table: Table, sources: tuple[str, ...]) -> AppealRule | None:
    """[appeals], which may be left out"""
    if not table.present:
        return None
    rule = AppealRule(
        within=table.whole("within", least=1),
        unit=table.choice("unit", (HOURS, WORKING_DAYS)),
        source=table.choice("source", sources),
    )
    table.close()
    return rule
