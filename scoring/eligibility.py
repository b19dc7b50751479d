"""Who may take part: every "no" with its clause.

All rules of the policy are asked, so that somebody learns everything that stands against them at once. What a rule
needs and nobody knows (a birth date on a passport) is not guessed: the rule is `Silent` and a person decides.
Quotas look at all applicants of an event together and turn nobody away: which of four people stays at home is for the
delegation to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.ladder import LEVELS
from scoring.language.eligibility import EligibilityRule
from scoring.policy import Policy
from scoring.selecting import GROUPS
from scoring.verdict import No, Silent, Verdict, Words, Yes


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a form and the records say about somebody who wants to take part in one event.

    `level` is the one held in the occupation of the event; `years` None means that the form does not say; `events` are
    all events that the person applied for; `earlier_places` the best ranks reached before in this skill.
    """

    id: str
    event: str
    group: str = ""
    identity: str = "worker"
    born: date | None = None
    years: int | None = None
    level: str = ""
    titles: frozenset[str] = frozenset()
    earlier_places: tuple[int, ...] = ()
    events: tuple[str, ...] = ()
    unit: str = ""
    delegation: str = ""
    related_firm: bool = False
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`verdicts` holds every no and every silent rule, in the policy's order; none of them means yes."""

    applicant: str
    verdicts: tuple[No | Silent, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The first no, else the first silent rule, else yes."""
        refusals = [verdict for verdict in self.verdicts if isinstance(verdict, No)]
        return next(iter(refusals or self.verdicts), Yes("eligible"))


def eligible(applicant: Applicant, policy: Policy, on: date) -> Eligibility:
    """What stands against one applicant; ages count in full years on the day `on`."""
    asked = [rule for rule in policy.eligibility if _is_meant(rule, applicant)]
    answers = ((rule, _meets(rule, applicant, on)) for rule in asked)
    return Eligibility(applicant.id, tuple(_verdict(rule, met) for rule, met in answers if met is not True))


def over_quota(applicants: Iterable[Applicant], policy: Policy) -> tuple[No | Silent, ...]:
    """One no for every unit or delegation that sends too many people to an event; only the rule's groups are counted.

    Whoever names no sender may belong to any of them: the rule is silent about that event, and a person looks.
    """
    everybody = list(applicants)
    found: list[No | Silent] = []
    for rule in (rule for rule in policy.eligibility if rule.test == "quota"):
        counts: dict[tuple[str, str], int] = {}
        for one in (one for one in everybody if _is_meant(rule, one)):
            key = (one.event, (one.unit if rule.per == "unit" else one.delegation).strip())
            counts[key] = counts.get(key, 0) + 1
        for (event, sender), count in sorted(counts.items()):
            if not sender:
                found.append(_no_sender(rule, event, count))
            elif count > rule.most:
                words = Words(
                    f"{sender} 在 {event} 报了 {count} 人，限 {rule.most} 人",
                    f"{sender} sends {count} people to {event}; {rule.most} are allowed",
                )
                found.append(No(f"eligibility.{rule.id}", words))
    return tuple(found)


def age(born: date, on: date) -> int:
    """Full years; who is born on 29 February has a birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _is_meant(rule: EligibilityRule, one: Applicant) -> bool:
    return not rule.groups or GROUPS.get(one.group, one.group) in rule.groups


def _no_sender(rule: EligibilityRule, event: str, count: int) -> Silent:
    per = Words("单位", "unit") if rule.per == "unit" else Words("代表队", "delegation")
    words = Words(
        f"{event} 有 {count} 人没有写明{per.zh}，名额需人工核对",
        f"{count} of {event} name no {per.en}: the quota needs a person",
    )
    return Silent(f"eligibility.{rule.id}", words)


def _verdict(rule: EligibilityRule, met: bool | None) -> No | Silent:
    if met is None:
        words = Words(f"缺少判断“{rule.clause.zh}”所需的信息", f"what “{rule.clause.en}” needs is not known")
        return Silent(f"eligibility.{rule.id}", words)
    return No(f"eligibility.{rule.id}", rule.clause)


OLDEST = 200
"""Years that nobody is: the limit where a rule names none."""


def _meets(rule: EligibilityRule, one: Applicant, on: date) -> bool | None:
    """Whether the test is passed; None when what it needs is not known."""
    tests: Mapping[str, bool | None] = {
        "age": None if one.born is None else rule.least <= age(one.born, on) <= (rule.most or OLDEST),
        "identity": one.identity in rule.names,
        "years": None if one.years is None else one.years >= rule.least,
        "level-at-least": _rank(one.level) >= _rank(rule.level),
        "level-below": _rank(one.level) < _rank(rule.level),
        "titles-barred": not one.titles & frozenset(rule.names),
        "earlier-places-barred": not any(0 < place <= rule.most for place in one.earlier_places),
        "one-event": not _others(one.events, one.event),
        "quota": True,
        "related-firms": one.declared or not one.related_firm,
    }
    return tests[rule.test]


def _others(events: Sequence[str], event: str) -> bool:
    return any(other != event for other in events)


def _rank(level: str) -> int:
    return LEVELS[level].rank if level else -1
