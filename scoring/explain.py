"""Every number and every decision about one entry, down to its rule: for the loser, the parent and the auditor.

An explanation is a list of *lines* in the order in which things happened: marks and how they were joined, modules and
weights, rounding (`scoring.workings`), then rank and how each tie was broken, award, promotion. Each line names its
rule and what the rule rests on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from scoring.awards import Awards, Field
from scoring.language.prizes import Prize
from scoring.marks import Scheme, SpreadAlarm, in_marks
from scoring.policy import Policy
from scoring.promotion import Decision, Promoted
from scoring.results import Result, Results
from scoring.rounding import share
from scoring.said import MODE, PER, STATUS
from scoring.standings import Standing
from scoring.ties import FOR_EVER, breaker, words_for
from scoring.titles import Title
from scoring.verdict import No, Silent, Words
from scoring.workings import Line, foundation, rests, shown, workings


@dataclass(frozen=True, slots=True)
class Event:
    """Everything that was computed about an event; `decisions` are the promotions of an entry's people, by entry, and
    `titles` what each of them wins. `spread` lists scores that the judges have to give again.

    `teams` lists the people of teams whose members are marked each for themselves, and `members` what those reached.
    `lot` is the seed of the lots that were drawn.
    """

    scheme: Scheme
    policy: Policy
    results: Results
    standings: tuple[Standing, ...]
    awards: Awards
    decisions: Mapping[str, Mapping[str, Decision]] = field(default_factory=dict)
    titles: Mapping[str, Mapping[str, Sequence[Title | No | Silent]]] = field(default_factory=dict)
    spread: Sequence[SpreadAlarm] = ()
    teams: Mapping[str, Sequence[str]] = field(default_factory=dict)
    members: Mapping[str, Result] = field(default_factory=dict)
    lot: str = ""


def explain(event: Event, entry: str) -> tuple[Line, ...]:
    """The whole story of one entry; KeyError when the event has no such entry."""
    return (
        *_reached(event, entry),
        *_spread(event, entry),
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
        yield Line("member", "aggregation.team", words, rests(event.policy, event.policy.aggregation, "team"))
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
    extra = event.results[entry].time_adjustment
    sums += f" + {in_marks(extra)}" if extra else ""
    total = in_marks(event.results[entry].total)
    words = Words(f"团队成绩 = {sums} = {total}", f"the team: {sums} = {total}")
    rests_on = rests(event.policy, event.policy.aggregation, "team")
    return Line("team", f"aggregation.team.{event.policy.aggregation.team}", words, rests_on)


def _rank(event: Event, line: Standing) -> Iterator[Line]:
    policy, rule = event.policy, event.policy.standing
    if not line.rank:
        status = STATUS.get(line.facts.status, Words(line.facts.status, line.facts.status))
        words = Words(f"不参加排名（{status.zh}）", f"not ranked ({status.en})")
        yield Line("rank", "standing.unranked", words, rests(policy, rule, "unranked"))
        return
    words = Words(
        f"第 {line.rank} 名：{line.ahead} 个参赛单元更好", f"rank {line.rank}: {line.ahead} entries are better"
    )
    yield Line("rank", f"standing.{rule.numbering}", words, rests(policy, rule, "numbering"))
    if line.equals:
        others = ", ".join(line.equals)
        words = Words(f"与 {others} 总成绩相同", f"the same total as {others}")
        yield Line("tie", "standing.tie", words, rests(policy, rule, "by"))
    if line.broken_by:
        key = "exhausted" if line.broken_by == "chief-judge" else "ties"
        yield Line("tie", f"standing.{line.broken_by}", _told_apart(event, line), rests(policy, rule, key))
    if line.tied:
        words = _exhausted(event, ", ".join(line.tied))
        yield Line("tie", "standing.exhausted", words, rests(policy, rule, "exhausted"))


def _told_apart(event: Event, line: Standing) -> Words:
    """What told equals apart, with what each of them has of it."""
    look, words = breaker(line.broken_by, event.lot), words_for(line.broken_by)
    values = {entry: look(event.results[entry]) for entry in (line.entry, *line.equals)}
    own, *others = [f"{entry} {_value(line.broken_by, value)}" for entry, value in values.items()]
    listed = "; ".join((own, *others))
    return Words(f"以“{words.zh}”分出先后：{listed}", f"told apart by “{words.en}”: {listed}")


def _value(name: str, value: Fraction | None) -> str:
    """What a breaker saw, as it was written down."""
    if value is None:
        return "–"
    if name == "time":
        return "–" if value == -FOR_EVER else f"{-value} s"
    if name in ("younger", "older"):
        return date.fromordinal(abs(int(value))).isoformat()
    return str(abs(value)) if name in ("lot", "chief-judge") else shown(value)


def _exhausted(event: Event, others: str) -> Words:
    if event.policy.standing.exhausted == "chief-judge":
        return Words(
            f"所有同分规则用尽，与 {others} 相同；名次不得并列，待裁判长裁定",
            f"every tie rule is exhausted, level with {others}: ranks may not be shared, the chief judge has to rule",
        )
    return Words(f"所有同分规则用尽，与 {others} 并列", f"every tie rule is exhausted: shared with {others}")


def _award(event: Event, entry: str) -> Line:
    given, policy = event.awards, event.policy
    award, place = given.of.get(entry), given.places.get(entry)
    if isinstance(given.verdict, No):
        return Line("award", given.verdict.rule, given.verdict.reason, foundation(policy, policy.field.source))
    if place is None:
        ranked = next(line.rank for line in event.standings if line.entry == entry)
        words = GUEST if ranked else Words("未获奖：没有名次", "no award: not ranked")
        return Line("award", "awards.ineligible", words, rests(policy, policy.awards, "ineligible"))
    stands = Words(f"第 {place} 名", f"place {place}")
    if entry in given.scale:
        points = given.scale[entry]
        stands = Words(f"{stands.zh}，700 分制近似 {points}", f"{stands.en}, about {points} on the 700 scale")
    if award is None:
        words = Words(f"未获奖：{stands.zh}", f"no award: {stands.en}")
        return Line("award", "awards.none", words, rests(policy, policy.awards, "ineligible"))
    prize = next(prize for prize in policy.awards.prizes if prize.id == award.id)
    for_whom = _for_whom(prize, given.counted[entry], given.field)
    words = Words(f"{award.name.zh}：{stands.zh}{for_whom.zh}", f"{award.name.en}: {stands.en}{for_whom.en}")
    return Line("award", f"awards.{award.id}", words, foundation(policy, prize.source))


GUEST = Words("未获奖：不参加评奖，也不占名次", "no award: a guest takes none")


def _for_whom(prize: Prize, counted: int, field: Field) -> Words:
    """The conditions of a prize that were met."""
    zh, en = "", ""
    if prize.ranks:
        zh, en = f"；第 {prize.ranks[0]}–{prize.ranks[1]} 名", f"; for places {prize.ranks[0]}–{prize.ranks[1]}"
    if prize.percent is not None:
        many = share(field.entries, prize.percent, prize.rounding)
        zh += f"；{field.entries} 个参赛单元的前 {prize.percent}% 为 {many} 个（{PER[prize.rounding].zh}），居第 {counted}"
        en += f"; for {prize.percent} % of {field.entries} entries, {many} ({PER[prize.rounding].en}), being number {counted}"
    if prize.from_total:
        zh, en = f"{zh}；{in_marks(prize.from_total)} 分起", f"{en}; from {in_marks(prize.from_total)} on"
    if prize.from_scale:
        zh, en = f"{zh}；700 分制 {prize.from_scale} 起", f"{en}; from {prize.from_scale} on the scale"
    return Words(zh, en)


def _decisions(event: Event, entry: str) -> Iterator[Line]:
    policy = event.policy
    sources = {f"promotion.{rule.id}": foundation(policy, rule.source) for rule in policy.promotion.rules}
    sources |= {f"title.{rule.id}": foundation(policy, rule.source) for rule in policy.titles}
    sources |= {f"field.{kind}": rests(policy, policy.promotion, "nobody") for kind in policy.promotion.nobody}
    sources["field.too-small"] = foundation(policy, policy.field.source)
    per_year = rests(policy, policy.promotion, "per_year")
    for person, decision in sorted(event.decisions.get(entry, {}).items()):
        yield Line("promotion", decision.rule, _decided(person, decision), sources.get(decision.rule, per_year))
    for person, titles in sorted(event.titles.get(entry, {}).items()):
        for title in titles:
            rule = f"title.{title.id}" if isinstance(title, Title) else title.rule
            yield Line("title", rule, _entitled(person, title), sources[rule])


def _entitled(person: str, title: Title | No | Silent) -> Words:
    if isinstance(title, Title):
        mode = MODE[title.mode]
        return Words(f"{person}：{title.name.zh}（{mode.zh}）", f"{person}: {title.name.en} ({mode.en})")
    if isinstance(title, Silent):
        return Words(f"{person}：条文未规定。{title.reason.zh}", f"{person}: silent. {title.reason.en}")
    return Words(f"{person}：不授予。{title.reason.zh}", f"{person}: withheld. {title.reason.en}")


def _spread(event: Event, entry: str) -> Iterator[Line]:
    """Scores that are too far apart: the judges have to discuss and mark again, so that all of this is provisional."""
    for alarm in event.spread:
        if alarm.entry == entry:
            scores = ", ".join(f"{judge} {in_marks(score)}" for judge, score in alarm.scores)
            words = Words(
                f"{alarm.aspect} 评分相差过大（{scores}），须讨论后重新打分",
                f"{alarm.aspect}: scores too far apart ({scores}), to be discussed and given again",
            )
            yield Line("spread", "marking.spread", words, foundation(event.policy, event.policy.marking.source))


def _decided(person: str, decision: Decision) -> Words:
    reason = decision.reason
    if isinstance(decision, Promoted):
        mode = MODE[decision.mode]
        level = decision.level.name
        return Words(
            f"{person}：晋升{level.zh}（{mode.zh}）。{reason.zh}", f"{person}: {level.en} ({mode.en}). {reason.en}"
        )
    if isinstance(decision, Silent):
        return Words(f"{person}：条文未规定，待人裁定。{reason.zh}", f"{person}: silent, a person decides. {reason.en}")
    return Words(f"{person}：不晋升。{reason.zh}", f"{person}: unchanged. {reason.en}")
