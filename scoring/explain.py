"""Every number and every decision about one entry, down to its rule: for the loser, the parent and the auditor.

An explanation is a list of *lines* in the order in which things happened: marks and how they were joined, modules and
weights, rounding, rank and how each tie was broken, award, promotion. Each line names its rule and what the rule rests
on: a citation of the policy, or the organiser's own setting. Lines exist as data and as text in both languages.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from scoring.awards import Awards
from scoring.marks import JUDGED, Scheme, in_marks
from scoring.policy import ORGANISER, Policy
from scoring.promotion import Decision, Promoted
from scoring.results import Cell, Result, Results
from scoring.standings import Standing
from scoring.ties import words_for
from scoring.verdict import No, Silent, Words

SETTING = Words("组织者设定", "the organiser's setting")


@dataclass(frozen=True, slots=True)
class Line:
    """One step: `step` names its kind, `rule` can be cited, `rests_on` says on what the rule itself rests."""

    step: str
    rule: str
    words: Words
    rests_on: Words


@dataclass(frozen=True, slots=True)
class Event:
    """Everything that was computed about an event; `decisions` are the promotions of an entry's people, by entry."""

    scheme: Scheme
    policy: Policy
    results: Results
    standings: tuple[Standing, ...]
    awards: Awards
    decisions: Mapping[str, Mapping[str, Decision]] = field(default_factory=dict)


def explain(event: Event, entry: str) -> tuple[Line, ...]:
    """The whole story of one entry; KeyError when the event has no such entry."""
    result = event.results[entry]
    return (
        *_aspects(event, result),
        *_total(event, result),
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


def shown(value: Fraction) -> str:
    """Hundredths as exact marks: “87.50”, and “73.3333… (220/3)” for what has no end."""
    if value.denominator == 1:
        return in_marks(value.numerator)
    marks = value / 100
    sign, size = ("-", -marks) if marks < 0 else ("", marks)
    whole, rest = divmod(size.numerator * 10000 // size.denominator, 10000)
    return f"{sign}{whole}.{rest:04}… ({marks})"


def _rests_on(policy: Policy, source: str) -> Words:
    return SETTING if source == ORGANISER else Words(policy.cited(source), policy.cited(source))


def _aspects(event: Event, result: Result) -> Iterator[Line]:
    rule = event.policy.aggregation
    for cell in result.trace:
        judged = event.scheme.aspect(cell.aspect).kind == JUDGED
        join = rule.judged if judged else rule.measured
        kind = "judged" if judged else "measured"
        yield Line(
            "aspect", f"aggregation.{kind}.{join.use}", _aspect_words(event, cell), _rests_on(event.policy, rule.source)
        )


def _aspect_words(event: Event, cell: Cell) -> Words:
    aspect = event.scheme.aspect(cell.aspect)
    given = [(mark.judge, mark.round, mark.value) for _, mark in sorted(cell.given.items())]
    listed = ", ".join(
        f"{judge} {in_marks(value)}" + (f" (#{turn})" if turn > 1 else "") for judge, turn, value in given
    )
    top = in_marks(aspect.maximum)
    zh = f"{aspect.id} {aspect.name}：{listed or '无'} → {shown(cell.value)} / {top}"
    en = f"{aspect.id} {aspect.name}: {listed or 'no mark'} → {shown(cell.value)} of {top}"
    if cell.filled:
        filled = FILLED[cell.filled]
        return Words(f"{zh}（{filled.zh}）", f"{en} ({filled.en})")
    return Words(zh, en)


FILLED = {
    "average": Words("缺分，按已给分计算", "a mark is missing: joined from those that were given"),
    "replace": Words("缺分，以其他裁判的中位数代替", "a mark is missing: the median of the other judges stands in"),
    "zero": Words("没有分数，计零分", "no mark: counts zero"),
}


def _total(event: Event, result: Result) -> Iterator[Line]:
    policy, weights = event.policy, {module.id: module for module in event.scheme.modules}
    aggregation = _rests_on(policy, policy.aggregation.source)
    for id, mark in result.modules.items():
        module = weights[id]
        weight = "0% (void)" if module.void else f"{module.weight}%"
        words = Words(f"{module.name}：{shown(mark)} × {weight}", f"{module.name}: {shown(mark)} × {weight}")
        yield Line("module", f"aggregation.{policy.aggregation.modules}", words, aggregation)
    if result.time_adjustment:
        extra = in_marks(result.time_adjustment)
        words = Words(f"用时 {result.facts.seconds} 秒：{extra}", f"time {result.facts.seconds} s: {extra}")
        yield Line("time", "aggregation.time", words, aggregation)
    step = policy.rounding.total
    words = Words(
        f"总成绩 {shown(result.exact)}，取整为 {in_marks(result.total)}",
        f"total {shown(result.exact)}, rounded to {in_marks(result.total)}",
    )
    yield Line("total", f"rounding.{step.mode}", words, _rests_on(policy, policy.rounding.source))


def _rank(event: Event, line: Standing) -> Iterator[Line]:
    rests_on = _rests_on(event.policy, event.policy.standing.source)
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
        return Line("award", verdict.rule, verdict.reason, _rests_on(event.policy, event.policy.field.source))
    if award is None:
        words = Words("未获奖", "no award")
        return Line("award", "awards.none", words, _rests_on(event.policy, event.policy.awards.source))
    source = next(prize.source for prize in event.policy.awards.prizes if prize.id == award.id)
    return Line("award", f"awards.{award.id}", award.name, _rests_on(event.policy, source))


def _decisions(event: Event, entry: str) -> Iterator[Line]:
    sources = {f"promotion.{rule.id}": rule.source for rule in event.policy.promotion.rules}
    for person, decision in sorted(event.decisions.get(entry, {}).items()):
        source = sources.get(decision.rule, event.policy.promotion.source)
        yield Line("promotion", decision.rule, _decided(person, decision), _rests_on(event.policy, source))


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
