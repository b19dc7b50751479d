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

    `kind` is "full", or the kind of event that the organiser announced: demonstration, exhibition or selection. An entry
    is `team_size` people, which matters only where a text counts persons.
    """

    entries: int
    teams: int
    kind: str = "full"
    team_size: int = 1

    def counted(self, what: str) -> int:
        """The size of the field in entries, teams or persons."""
        return {"entries": self.entries, "teams": self.teams, "persons": self.entries * self.team_size}[what]


@dataclass(frozen=True, slots=True)
class Award:
    """An award as it is announced."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Awards:
    """What every entry takes (None: nothing), and whether the event gives awards at all.

    `places` are the ranks that count for awards, promotion and titles: without the guests in front, where the policy
    passes them over. Who may take nothing has no place. An open tie (`standings.open_ties`) makes all of it provisional.
    """

    of: Mapping[str, Award | None]
    verdict: Yes | No
    places: Mapping[str, int]


def field_verdict(policy: Policy, field: Field) -> Yes | No:
    """Whether an event with this field is held in full, or is a demonstration without awards and promotion."""
    if field.kind != "full":
        return No(
            f"field.{field.kind}",
            Words("该赛项不是正式比赛，不设奖、不晋升", f"a {field.kind} event gives no awards and promotes nobody"),
        )
    if field.counted(policy.field.count) < policy.field.smallest:
        return No("field.too-small", policy.field.clause)
    return Yes("field.full")


def awards(standings: Sequence[Standing], policy: Policy, field: Field) -> Awards:
    """The award of every entry in the table, which is read best first."""
    verdict = field_verdict(policy, field)
    ranked = [line for line in standings if line.rank]
    places = _places(ranked, policy)
    if isinstance(verdict, No):
        return Awards({line.entry: None for line in standings}, verdict, places)
    worth = {line.entry: line.total for line in ranked}
    if policy.awards.scale == "worldskills-700":
        scale = worldskills_700(list(worth.values()))
        worth = {entry: scale[total] for entry, total in worth.items()}
    medals = _joined(places, worth, policy.awards.points_apart) if policy.awards.points_apart else places
    return Awards({line.entry: _award(line, medals, policy, field, worth) for line in standings}, verdict, places)


def _places(ranked: Sequence[Standing], policy: Policy) -> dict[str, int]:
    """Ranks, without the guests in front where the policy passes them over; a guest has no place."""
    places: dict[str, int] = {}
    guests = 0
    for rank, lines in itertools.groupby(ranked, key=lambda line: line.rank):
        group = list(lines)
        in_front = guests if policy.awards.ineligible == "pass-over" else 0
        places |= {line.entry: rank - in_front for line in group if line.facts.eligible}
        guests += sum(not line.facts.eligible for line in group)
    return places


def _joined(places: Mapping[str, int], worth: Mapping[str, int], apart: int) -> dict[str, int]:
    """Near neighbours share the better place.

    They are measured against the best of that place, so that a long row of small steps is not one medal.
    """
    joined: dict[str, int] = {}
    leader = ""
    for entry, place in places.items():
        if not leader or worth[leader] - worth[entry] > apart:
            leader = entry
        joined[entry] = place if entry == leader else joined[leader]
    return joined


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
