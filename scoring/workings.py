"""How the marks of one entry became its total, line by line, so that somebody with a pencil can do it again.

A *line* is one step with the rule that was applied and what the rule rests on: a citation of the policy, or the
organiser's own setting. Every line shows what went in, what was done, and what came out. Lines exist as data and as
text in both languages; `scoring.explain` goes on from the total to rank, award and promotion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from scoring.joining import JOINS
from scoring.language.marking import Join, Step
from scoring.language.sources import Sources
from scoring.marks import ALL, JUDGED, JUDGED_TOP, Criterion, Scheme, in_marks
from scoring.policy import ORGANISER, Policy
from scoring.results import Cell, Result, maximum
from scoring.said import PER
from scoring.scheme import names_of
from scoring.verdict import Words

SETTING = Words("组织者设定", "the organiser's setting")
NOTHING_DONE = Words("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One step: `step` names its kind, `rule` can be cited, `rests_on` says on what the rule itself rests."""

    step: str
    rule: str
    words: Words
    rests_on: Words


def shown(value: Fraction) -> str:
    """Hundredths as exact marks: “87.50”, “2.33333333”, and “73.3333… (220/3)” for what has no end."""
    marks = value / 100
    sign, size = ("-", -marks) if marks < 0 else ("", marks)
    places = next((places for places in range(2, 9) if 10**places % size.denominator == 0), 0)
    whole, rest = divmod(size.numerator * 10 ** (places or 4) // size.denominator, 10 ** (places or 4))
    return f"{sign}{whole}.{rest:0{places}}" if places else f"{sign}{whole}.{rest:04}… ({marks})"


class Sourced(Protocol):
    """A table of a policy that says on what it rests, and on what single keys of it do."""

    @property
    def source(self) -> str: ...
    @property
    def sources(self) -> Sources: ...


def rests(policy: Policy, table: Sourced, key: str) -> Words:
    """What one key of a table rests on."""
    return foundation(policy, table.sources.get(key, table.source))


def foundation(policy: Policy, source: str) -> Words:
    """What a rule of the policy rests on."""
    return SETTING if source == ORGANISER else Words(policy.cited(source), policy.cited(source))


def workings(scheme: Scheme, policy: Policy, result: Result) -> Iterator[Line]:
    """Aspects, criteria, modules, time and total of one entry (or of one member of a team)."""
    rules = policy.aggregation
    rests_on = rests(policy, rules, "modules")
    for cell in result.trace:
        joined = rests(policy, rules, scheme.aspect(cell.aspect).kind)
        yield Line("aspect", _join_rule(scheme, policy, cell), _aspect(scheme, policy, cell), joined)
    for criterion in scheme.criteria:
        if criterion.id in result.criteria:
            yield Line("criterion", "scheme.criterion", _criterion(criterion, result), rests_on)
    for module in (module for module in scheme.modules if module.void):
        name = names_of(module)
        words = Words(f"{name.zh}：作废，对任何人都不计", f"{name.en}: void, counts for nobody")
        yield Line("module", "aggregation.void", words, rests_on)
    for module in scheme.counted:
        yield Line(
            "module", f"aggregation.{policy.aggregation.modules}", _module(scheme, policy, result, module.id), rests_on
        )
    if result.time_adjustment:
        yield Line("time", "aggregation.time", _time(policy, result), rests(policy, rules, "time"))
    step = policy.rounding.total
    yield Line(
        "total", f"rounding.{step.mode}", _total(scheme, policy, result), rests(policy, policy.rounding, "total")
    )


def _join_rule(scheme: Scheme, policy: Policy, cell: Cell) -> str:
    kind = scheme.aspect(cell.aspect).kind
    join = policy.aggregation.judged if kind == JUDGED else policy.aggregation.measured
    return f"aggregation.{kind}.{join.use}"


def _aspect(scheme: Scheme, policy: Policy, cell: Cell) -> Words:
    aspect = scheme.aspect(cell.aspect)
    join = policy.aggregation.judged if aspect.kind == JUDGED else policy.aggregation.measured
    done = [_given(cell), _evened(cell), _filled(cell), _joined(cell, join)]
    if aspect.kind == JUDGED and aspect.maximum != JUDGED_TOP and cell.counted:
        share = f"× {in_marks(aspect.maximum)} ÷ {in_marks(JUDGED_TOP)}"
        done.append(Words(share, share))
    if policy.rounding.aspect and cell.counted:
        done.append(_stepped(policy.rounding.aspect))
    worth, top = shown(cell.value), in_marks(aspect.maximum)
    if join.use == "sum" and aspect.recorded == ALL:
        top += f" × {len(cell.counted)}"
    taken, name = Words("扣分 ", "taken off: ") if aspect.penalty else NOTHING_DONE, names_of(aspect)
    return Words(
        f"{aspect.id} {name.zh}：{'；'.join(words.zh for words in done if words.zh)} → {taken.zh}{worth} / {top}",
        f"{aspect.id} {name.en}: {'; '.join(words.en for words in done if words.en)} → {taken.en}{worth} of {top}",
    )


def _given(cell: Cell) -> Words:
    listed = [
        f"{judge} {in_marks(value)}" + (f" (#{cell.rounds[judge]})" if judge in cell.rounds else "")
        for judge, value in zip(cell.judges, cell.given, strict=True)
        if value is not None
    ]
    return Words("、".join(listed) or "没有分数", ", ".join(listed) or "no mark")


def _evened(cell: Cell) -> Words:
    """Only where judges were evened out do the values that counted differ from those that were given."""
    given = [value for value in cell.given if value is not None]
    if list(cell.counted[: len(given)]) == given or not cell.counted:
        return NOTHING_DONE
    listed = ", ".join(shown(Fraction(value)) for value in cell.counted[: len(given)])
    return Words(f"校正为 {listed}", f"evened out to {listed}")


def _filled(cell: Cell) -> Words:
    if cell.filled == "replace":
        stands_in = shown(Fraction(cell.counted[-1]))
        return Words(
            f"缺分，以其他裁判的中位数 {stands_in} 代替",
            f"a mark is missing: the median of the other judges, {stands_in}, stands in",
        )
    return FILLED.get(cell.filled, NOTHING_DONE)


FILLED = {
    "average": Words("缺分，按已给分计算", "a mark is missing: joined from those that were given"),
    "zero": Words("计零分", "counts zero"),
}


def _joined(cell: Cell, join: Join) -> Words:
    """How several marks became one, with what was dropped."""
    if len(cell.counted) < 2:
        return NOTHING_DONE
    value, row = shown(Fraction(*JOINS[join.use](cell.counted, join))), sorted(cell.counted)
    if join.use == "drop" and len(row) > join.low + join.high:
        gone = ", ".join(shown(Fraction(mark)) for mark in [*row[len(row) - join.high :], *row[: join.low]])
        return Words(
            f"去掉最高 {join.high} 个、最低 {join.low} 个（{gone}），其余平均 {value}",
            f"without the highest {join.high} and the lowest {join.low} ({gone}), the mean of the rest {value}",
        )
    if join.use == "best" and len(row) > join.best:
        best = ", ".join(shown(Fraction(mark)) for mark in row[len(row) - join.best :])
        return Words(f"最高 {join.best} 个（{best}）平均 {value}", f"the mean of the best {join.best} ({best}) {value}")
    words = {"median": Words("中位数", "median"), "sum": Words("合计", "sum")}.get(join.use, Words("平均", "mean"))
    return Words(f"{words.zh} {value}", f"{words.en} {value}")


def _stepped(step: Step) -> Words:
    places = in_marks(step.step)
    return Words(f"按 {places} 取整（{PER[step.mode].zh}）", f"rounded to {places} ({PER[step.mode].en})")


def _criterion(criterion: Criterion, result: Result) -> Words:
    mark, top = shown(result.criteria[criterion.id]), in_marks(criterion.total)
    worth = {cell.aspect: cell.value for cell in result.trace}
    name = names_of(criterion)
    plain = sum((worth.get(aspect.id, Fraction(0)) for aspect in criterion.aspects), Fraction(0))
    if plain < 0:
        return Words(
            f"{criterion.id} {name.zh}：扣分后为 {shown(plain)}，计 {mark} / {top}",
            f"{criterion.id} {name.en}: {shown(plain)} after penalties, counts {mark} of {top}",
        )
    return Words(
        f"{criterion.id} {name.zh}：各项合计 {mark} / {top}",
        f"{criterion.id} {name.en}: the aspects add up to {mark} of {top}",
    )


def _module(scheme: Scheme, policy: Policy, result: Result, id: str) -> Words:
    module = next(module for module in scheme.counted if module.id == id)
    got = sum((result.criteria.get(part.id, Fraction(0)) for part in scheme.criteria if part.module == id), Fraction(0))
    name = names_of(module)
    zh, en = f"{name.zh}：{shown(got)}", f"{name.en}: {shown(got)}"
    if policy.aggregation.modules == "weighted":
        top, mark = in_marks(maximum(scheme, policy, id, _judges(result))), shown(result.modules[id])
        step = policy.rounding.module
        how = _stepped(step) if step else NOTHING_DONE
        zh = f"{zh} / {top}，折合百分制 {mark}{how.zh and '，' + how.zh} × {module.weight}%"
        en = f"{en} of {top}, out of 100 {mark}{how.en and ', ' + how.en} × {module.weight}%"
    return Words(zh, en)


def _judges(result: Result) -> int:
    """How many judges may mark this entry."""
    return len(set(result.trace[0].judges).difference(result.facts.recused)) if result.trace else 0


def _time(policy: Policy, result: Result) -> Words:
    rule, seconds, extra = policy.aggregation.time, result.facts.seconds, in_marks(result.time_adjustment)
    assert rule is not None and seconds is not None  # else there is no adjustment
    worth, off = (rule.bonus, rule.par - seconds) if seconds < rule.par else (-rule.penalty, seconds - rule.par)
    steps, each, cap = off // rule.per, in_marks(worth), in_marks(rule.cap)
    return Words(
        f"用时 {seconds} 秒，标准 {rule.par} 秒：满 {rule.per} 秒 {steps} 次，每次 {each}，上限 {cap}：{extra}",
        f"time {seconds} s against {rule.par} s: {steps} full steps of {rule.per} s at {each}, no more than {cap}: {extra}",
    )


def _total(scheme: Scheme, policy: Policy, result: Result) -> Words:
    step, total = _stepped(policy.rounding.total), in_marks(result.total)
    sums = ""
    if policy.aggregation.modules == "weighted":
        weights = sum(module.weight for module in scheme.counted)
        sums = " + ".join(f"{shown(result.modules[module.id])} × {module.weight}" for module in scheme.counted)
        sums = f"({sums}) ÷ {weights}"
    else:
        sums = " + ".join(
            shown(sum((result.criteria.get(id, Fraction(0)) for id in ids), Fraction(0)))
            for ids in ([part.id for part in scheme.criteria if part.module == one.id] for one in scheme.counted)
        )
    if result.time_adjustment:
        sums += f" + {in_marks(result.time_adjustment)}"
    return Words(
        f"总成绩 = {sums} = {shown(result.exact)}，{step.zh}：{total}",
        f"total = {sums} = {shown(result.exact)}, {step.en}: {total}",
    )
