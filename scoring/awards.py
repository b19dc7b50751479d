"""Who takes which award.

The *field* is who took part, counted in entries and in teams; a field that is too small makes the event a
demonstration, which has standings but no awards. Prizes are tried in the order of the policy and everybody takes the
first that fits. Prizes by rank go to everybody who shares the rank: two first places are two gold medals and no silver.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.language.prizes import Prize
from scoring.policy import Policy
from scoring.rounding import share
from scoring.scales import worldskills_700
from scoring.standings import Standing
from scoring.verdict import No, Words, Yes


@dataclass(frozen=True, slots=True)
class Field:
    """How many entries took part, and how many teams (delegations) they came from.

    `kind` is "full", or the kind of event that the organiser announced: demonstration, exhibition or selection.
    """

    entries: int
    teams: int
    kind: str = "full"


@dataclass(frozen=True, slots=True)
class Award:
    """An award as it is announced."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Awards:
    """What every entry takes (None: nothing), and whether the event gives awards at all."""

    of: Mapping[str, Award | None]
    verdict: Yes | No


def field_verdict(policy: Policy, field: Field) -> Yes | No:
    """Whether an event with this field is held in full, or is a demonstration without awards and promotion."""
    if field.kind != "full":
        return No(
            f"field.{field.kind}",
            Words("该赛项不是正式比赛，不设奖、不晋升", f"a {field.kind} event gives no awards and promotes nobody"),
        )
    count = field.teams if policy.field.count == "teams" else field.entries
    if count < policy.field.smallest:
        return No("field.too-small", policy.field.clause)
    return Yes("field.full")


def awards(standings: Sequence[Standing], policy: Policy, field: Field) -> Awards:
    """The award of every entry in the table."""
    verdict = field_verdict(policy, field)
    if isinstance(verdict, No):
        return Awards({line.entry: None for line in standings}, verdict)
    ranked = [line for line in standings if line.rank]
    worth = {line.entry: line.total for line in ranked}
    if policy.awards.scale == "worldskills-700":
        scale = worldskills_700(list(worth.values()))
        worth = {entry: scale[total] for entry, total in worth.items()}
    places = _places(ranked, policy, worth)
    return Awards({line.entry: _award(line, places, policy, field, worth) for line in standings}, verdict)


def _places(ranked: Sequence[Standing], policy: Policy, worth: Mapping[str, int]) -> Mapping[str, int]:
    """The place that counts for prizes: the rank without guests in front, and with near neighbours joined.

    Neighbours are measured against the best of their place, so that a long row of small steps is not one medal.
    """
    places: dict[str, int] = {}
    leader: Standing | None = None
    guests = 0
    for rank, lines in itertools.groupby(ranked, key=lambda line: line.rank):
        group = list(lines)
        for line in (line for line in group if line.facts.eligible):
            apart = worth[leader.entry] - worth[line.entry] if leader else 0
            joined = leader is not None and 0 < policy.awards.points_apart >= apart
            place = rank - (guests if policy.awards.ineligible == "pass-over" else 0)
            places[line.entry] = places[leader.entry] if joined and leader else place
            leader = leader if joined else line
        guests += sum(not line.facts.eligible for line in group)
    return places


def _award(
    line: Standing, places: Mapping[str, int], policy: Policy, field: Field, worth: Mapping[str, int]
) -> Award | None:
    place = places.get(line.entry)
    if place is None:
        return None
    for prize in policy.awards.prizes:
        if _fits(prize, place, line.total, field, worth[line.entry]):
            return Award(prize.id, prize.name)
    return None


def _fits(prize: Prize, place: int, total: int, field: Field, scaled: int) -> bool:
    in_ranks = prize.ranks is None or prize.ranks[0] <= place <= prize.ranks[1]
    in_share = prize.percent is None or place <= share(field.entries, prize.percent, prize.rounding)
    return in_ranks and in_share and total >= prize.from_total and scaled >= prize.from_scale
