"""Every number and every decision about one entry, down to its rule: for the loser, the parent and the auditor.

An explanation is a list of *lines* in the order in which things happened: marks and how they were joined, modules and
weights, rounding (`scoring.workings`), then rank and how each tie was broken, award, promotion. Each line names its
rule and what the rule rests on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scoring.awards import Awards
from scoring.marks import Scheme, in_marks
from scoring.policy import Policy
from scoring.promotion import Decision, Promoted
from scoring.results import Result, Results
from scoring.standings import Standing
from scoring.ties import words_for
from scoring.verdict import No, Silent, Words
from scoring.workings import Line, foundation, shown, workings


@dataclass(frozen=True, slots=True)
class Event:
    """Everything that was computed about an event; `decisions` are the promotions of an entry's people, by entry.

    `teams` lists the people of teams whose members are marked each for themselves, and `members` what those reached.
    """

    scheme: Scheme
    policy: Policy
    results: Results
    standings: tuple[Standing, ...]
    awards: Awards
    decisions: Mapping[str, Mapping[str, Decision]] = field(default_factory=dict)
    teams: Mapping[str, Sequence[str]] = field(default_factory=dict)
    members: Mapping[str, Result] = field(default_factory=dict)


def explain(event: Event, entry: str) -> tuple[Line, ...]:
    """The whole story of one entry; KeyError when the event has no such entry."""
    return (
        *_reached(event, entry),
        *_rank(event, next(line for line in event.standings if line.entry == entry)),
        _award(event, entry),
        *_decisions(event, entry),
    )


def as_data(lines: Iterable[Line]) -> list[dict[str, object]]:
    """The lines in JSON types."""
    return [
        {
            "step": line.step,
            "rule": line.rule,
            "zh": line.words.zh,
            "en": line.words.en,
            "rests_on": {"zh": line.rests_on.zh, "en": line.rests_on.en},
        }
        for line in lines
    ]


def as_text(lines: Iterable[Line], language: str) -> str:
    """The lines as a text in “zh” or “en”, one line each, with rule and foundation in brackets."""
    chosen = [(line, line.words, line.rests_on) for line in lines]
    if language == "zh":
        return "\n".join(f"{words.zh} 〔{line.rule}；{foundation.zh}〕" for line, words, foundation in chosen)
    return "\n".join(f"{words.en} [{line.rule}; {foundation.en}]" for line, words, foundation in chosen)


def _reached(event: Event, entry: str) -> Iterator[Line]:
    """How the total came about; for a team whose members are marked each for themselves, member by member."""
    people = sorted(event.teams.get(entry, ()))
    for person in people:
        words = Words(f"成员 {person}", f"member {person}")
        yield Line("member", "aggregation.team", words, foundation(event.policy, event.policy.aggregation.source))
        yield from workings(event.scheme, event.policy, event.members[person])
    if people:
        yield _team(event, entry, [event.members[person].exact for person in people])
    else:
        yield from workings(event.scheme, event.policy, event.results[entry])


def _team(event: Event, entry: str, reached: Sequence[Fraction]) -> Line:
    totals = [shown(total) for total in reached]
    mean = event.policy.aggregation.team == "mean"
    plain = " + ".join(totals)
    sums = f"({plain}) ÷ {len(totals)}" if mean else plain
    total = in_marks(event.results[entry].total)
    words = Words(f"团队成绩 = {sums} = {total}", f"the team: {sums} = {total}")
    rests_on = foundation(event.policy, event.policy.aggregation.source)
    return Line("team", f"aggregation.team.{event.policy.aggregation.team}", words, rests_on)


def _rank(event: Event, line: Standing) -> Iterator[Line]:
    rests_on = foundation(event.policy, event.policy.standing.source)
    if not line.rank:
        words = Words(f"不参加排名（{line.facts.status}）", f"not ranked ({line.facts.status})")
        yield Line("rank", "standing.unranked", words, rests_on)
        return
    better = sum(1 for other in event.standings if 0 < other.rank < line.rank)
    words = Words(f"第 {line.rank} 名：{better} 个参赛单元更好", f"rank {line.rank}: {better} entries are better")
    yield Line("rank", f"standing.{event.policy.standing.numbering}", words, rests_on)
    if line.equals:
        others = ", ".join(line.equals)
        yield Line("tie", "standing.tie", Words(f"与 {others} 总成绩相同", f"the same total as {others}"), rests_on)
    if line.broken_by:
        breaker = words_for(line.broken_by)
        words = Words(f"以“{breaker.zh}”分出先后", f"told apart by “{breaker.en}”")
        yield Line("tie", f"standing.{line.broken_by}", words, rests_on)
    if line.tied:
        others = ", ".join(line.tied)
        words = Words(f"所有同分规则用尽，与 {others} 并列", f"every tie rule is exhausted: shared with {others}")
        yield Line("tie", "standing.exhausted", words, rests_on)


def _award(event: Event, entry: str) -> Line:
    verdict, award = event.awards.verdict, event.awards.of.get(entry)
    if isinstance(verdict, No):
        return Line("award", verdict.rule, verdict.reason, foundation(event.policy, event.policy.field.source))
    if award is None:
        words = Words("未获奖", "no award")
        return Line("award", "awards.none", words, foundation(event.policy, event.policy.awards.source))
    source = next(prize.source for prize in event.policy.awards.prizes if prize.id == award.id)
    return Line("award", f"awards.{award.id}", award.name, foundation(event.policy, source))


def _decisions(event: Event, entry: str) -> Iterator[Line]:
    sources = {f"promotion.{rule.id}": rule.source for rule in event.policy.promotion.rules}
    for person, decision in sorted(event.decisions.get(entry, {}).items()):
        source = sources.get(decision.rule, event.policy.promotion.source)
        yield Line("promotion", decision.rule, _decided(person, decision), foundation(event.policy, source))


def _decided(person: str, decision: Decision) -> Words:
    reason = decision.reason
    if isinstance(decision, Promoted):
        mode = MODES[decision.mode]
        level = decision.level.name
        return Words(
            f"{person}：晋升{level.zh}（{mode.zh}）。{reason.zh}", f"{person}: {level.en} ({mode.en}). {reason.en}"
        )
    if isinstance(decision, Silent):
        return Words(f"{person}：条文未规定，待人裁定。{reason.zh}", f"{person}: silent, a person decides. {reason.en}")
    return Words(f"{person}：不晋升。{reason.zh}", f"{person}: unchanged. {reason.en}")


MODES = {
    "automatic": Words("直接生效", "at once"),
    "approval": Words("核准后生效", "after approval"),
    "application": Words("可申报", "on application"),
}
