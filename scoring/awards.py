"""Who takes which award.

The *field* is who took part, counted in entries and in teams; a field that is too small makes the event a
demonstration, which has standings but no awards. Prizes are tried in the order of the policy and everybody takes the
first that fits. Prizes by rank go to everybody who shares the rank: two first places are two gold medals and no silver.
Ranks are numbered as the policy numbers them; percentages count entries, so that a numbering without gaps gives nobody
more of them. Guests are left out of both, of the field and of the scale, unless the policy lets them take a place.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.policy import Policy
from scoring.rounding import share
from scoring.scales import worldskills_700
from scoring.standings import Standing
from scoring.verdict import No, Words, Yes


@dataclass(frozen=True, slots=True)
class Field:
    """How many entries took part, and how many teams (delegations) they came from.

    `kind` is "full", or the kind of event that the organiser announced: demonstration, exhibition or selection. An
    entry is `team_size` people, which matters only where a text counts persons.
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
    passes them over. Who may take nothing has no place. `counted` is one more than the number of better entries among
    them, which is what percentages look at; `scale` the points of a scale, when the policy has one; `field` what was
    counted. An open tie (`standings.open_ties`) makes all of it provisional.
    """

    of: Mapping[str, Award | None]
    verdict: Yes | No
    places: Mapping[str, int]
    counted: Mapping[str, int]
    scale: Mapping[str, int]
    field: Field


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


def field_of(standings: Sequence[Standing], policy: Policy, kind: str = "full", team_size: int = 1) -> Field:
    """The field of a table: entries that are ranked, and the delegations they came from; a blank one is nobody's."""
    counted = _counting(standings, policy)
    teams = {line.facts.delegation for line in counted if line.facts.delegation}
    return Field(len(counted), len(teams), kind, team_size)


def awards(standings: Sequence[Standing], policy: Policy, field: Field) -> Awards:
    """The award of every entry in the table, which is read best first."""
    verdict = field_verdict(policy, field)
    places, counted = _places(_counting(standings, policy), policy)
    if isinstance(verdict, No):
        return Awards({line.entry: None for line in standings}, verdict, places, counted, {}, field)
    scale: dict[str, int] = {}
    worth = {line.entry: line.total for line in standings}
    if policy.awards.scale == "worldskills-700":
        points = worldskills_700([line.total for line in _counting(standings, policy)])
        scale = worth = {line.entry: points(line.total) for line in standings if line.rank}
    medals = _joined(places, worth, policy.awards.points_apart) if policy.awards.points_apart else places
    taken = {
        line.entry: _award(line.total, medals[line.entry], counted[line.entry], policy, field, worth[line.entry])
        if line.entry in medals
        else None
        for line in standings
    }
    return Awards(taken, verdict, places, counted, scale, field)


def _counting(standings: Sequence[Standing], policy: Policy) -> list[Standing]:
    """Who takes up a place: everybody ranked, but guests only where the policy lets them."""
    guests = policy.awards.ineligible == "take-place"
    return [line for line in standings if line.rank and (line.facts.eligible or guests)]


def _places(counting: Sequence[Standing], policy: Policy) -> tuple[dict[str, int], dict[str, int]]:
    """The place of everybody who may take one as it is printed, and one more than how many are better."""
    places: dict[str, int] = {}
    counted: dict[str, int] = {}
    before = 0
    for number, (_, lines) in enumerate(itertools.groupby(counting, key=lambda line: line.rank), 1):
        group = list(lines)
        place = number if policy.standing.numbering == "1-2-2-3" else before + 1
        places |= {line.entry: place for line in group if line.facts.eligible}
        counted |= {line.entry: before + 1 for line in group if line.facts.eligible}
        before += len(group)
    return places, counted


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


def _award(total: int, place: int, counted: int, policy: Policy, field: Field, scaled: int) -> Award | None:
    for prize in policy.awards.prizes:
        in_ranks = prize.ranks is None or prize.ranks[0] <= place <= prize.ranks[1]
        in_share = prize.percent is None or counted <= share(field.entries, prize.percent, prize.rounding)
        if in_ranks and in_share and total >= prize.from_total and scaled >= prize.from_scale:
            return Award(prize.id, prize.name)
    return None
