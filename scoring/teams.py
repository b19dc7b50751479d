"""Teams whose members are marked each for themselves, and the table of delegations.

A *member* reaches a total from modules that the team is marked in together (practice) and from modules of their own
(theory); the team's total is the sum or the mean of its members, as the policy says. Both kinds are marked as entries
of their own, with `Facts.modules` saying in what; this module joins their results.
A *delegation* collects points from the awards and places of its entries. Equal points: who has more first places, then
more second places, and so on; equal in all of them share the rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from scoring.policy import Policy
from scoring.results import Result, Results, weighted
from scoring.rounding import rounded
from scoring.scheme import Scheme
from scoring.verdict import Place, Problem, Problems, Words


class Teams(NamedTuple):
    """The teams' results, to be ranked, and their members', to be printed."""

    results: Results
    members: Results


def team_results(scheme: Scheme, policy: Policy, results: Results, members: Mapping[str, Sequence[str]]) -> Teams:
    """Members and teams from the results of both; `members` lists the entry ids of each team's people.

    A bonus for time belongs to whom it was measured for, the team or a member. A member who is not ranked (absent …)
    brings nothing. Raises `Problems` (results.team) for a team without people, or with people who have no result.
    Two people with practice 80 together and theory 90 and 70 at 30 : 70 reach 83 and 77; the team, as a sum, 160.
    """
    problems = tuple(_problem(team, own) for team, own in sorted(members.items()) if not _known(results, team, own))
    if problems:
        raise Problems(problems)
    people: dict[str, Result] = {}
    teams: list[Result] = []
    for team in sorted(members):
        shared = results[team]
        own = [_member(scheme, policy, shared, results[person]) for person in sorted(members[team])]
        people |= {person.entry: person for person in own}
        teams.append(_team(policy, shared, own))
    return Teams(
        Results(tuple(teams), results.policy),
        Results(tuple(people[person] for person in sorted(people)), results.policy),
    )


@dataclass(frozen=True, slots=True)
class Scored:
    """What one entry brings to its delegation: its rank in its event (0: none) and its award (empty: none)."""

    delegation: str
    rank: int
    award_id: str


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """One line of the table; `places` counts first, second … places, as far as anybody has any."""

    rank: int
    delegation: str
    points: int
    places: tuple[int, ...]


def delegation_table(scored: Iterable[Scored], policy: Policy) -> tuple[DelegationLine, ...]:
    """All delegations, best first: by points of the policy, then by better places; without a rule, by places alone."""
    rule = policy.delegations
    points: dict[str, int] = {}
    ranks: dict[str, list[int]] = {}
    for one in scored:
        medal = rule.awards.get(one.award_id, 0) if rule else 0
        place = rule.places[one.rank - 1] if rule and 0 < one.rank <= len(rule.places) else 0
        points[one.delegation] = points.get(one.delegation, 0) + medal + place
        ranks.setdefault(one.delegation, []).append(one.rank)
    deepest = max((rank for own in ranks.values() for rank in own), default=0)
    places = {name: tuple(own.count(rank) for rank in range(1, deepest + 1)) for name, own in ranks.items()}
    worth = {name: (points[name], places[name]) for name in points}
    order = sorted(worth, key=lambda name: (-worth[name][0], tuple(-count for count in worth[name][1]), name))
    return tuple(
        DelegationLine(1 + sum(other > worth[name] for other in worth.values()), name, points[name], places[name])
        for name in order
    )


def _member(scheme: Scheme, policy: Policy, shared: Result, own: Result) -> Result:
    together = policy.aggregation.shared_modules
    modules = {id: (shared if id in together else own).modules[id] for id in own.modules}
    source = {part.id: shared if part.module in together else own for part in scheme.criteria}
    parts = {aspect.id: source[part.id] for part in scheme.criteria for aspect in part.aspects}
    criteria = {id: result.criteria[id] for id, result in source.items() if id in result.criteria}
    added = policy.aggregation.modules == "sum"
    exact = sum(criteria.values(), Fraction(0)) if added else weighted(scheme, modules)
    exact = max(exact + own.time_adjustment, Fraction(0))
    if own.facts.status in policy.standing.unranked:
        exact = Fraction(0)
    return replace(
        own,
        modules=modules,
        criteria=criteria,
        exact=exact,
        total=_total(policy, exact),
        trace=tuple(cell for result in (shared, own) for cell in result.trace if parts[cell.aspect] is result),
    )


def _team(policy: Policy, shared: Result, own: Sequence[Result]) -> Result:
    exact = sum((person.exact for person in own), Fraction(0))
    if policy.aggregation.team == "mean":
        exact /= len(own)
    exact = max(exact + shared.time_adjustment, Fraction(0))
    means = {id: sum((person.modules[id] for person in own), Fraction(0)) / len(own) for id in shared.modules}
    return replace(shared, modules=means, exact=exact, total=_total(policy, exact))


def _known(results: Results, team: str, people: Sequence[str]) -> bool:
    return bool(people) and all(entry in results.of for entry in (team, *people))


def _problem(team: str, people: Sequence[str]) -> Problem:
    listed = ", ".join(people) or "–"
    return Problem(
        "results.team",
        Place(key=team),
        Words(f"队 {team}（{listed}）没有成员或成员没有成绩", f"team {team} ({listed}) lacks people, or their results"),
        Words("列出队员，并为队和队员登记分数", "name its people, and give marks to the team and to each of them"),
    )


def _total(policy: Policy, exact: Fraction) -> int:
    return rounded(exact, policy.rounding.total.mode, policy.rounding.total.step)
