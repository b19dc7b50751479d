"""A policy as sentences: everything that it decides, as an organiser can read it, each with the citation it rests on.

The sentences are made from the values that the rules compute with, never written beside them, so that what is read is
what is done. What the cited text does not say is a sentence too: `silent` marks it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.language.checking import HOURS, NOT_ASKED
from scoring.language.checking import SILENT as SIGNING_SILENT
from scoring.language.marking import Join, Step
from scoring.language.prizes import Prize
from scoring.language.promotion import PromotionRule, TitleRule
from scoring.policy import Policy
from scoring.said import (
    COUNTED,
    JOINED,
    KIND,
    MISSING,
    MODE,
    NUMBERED,
    PER,
    ROUND,
    SIGNING_UNSAID,
    SIGNS,
    STATUS,
    TIE,
    UNSIGNED,
    as_sentence,
    capital,
    decimal,
    listed,
    part_of,
)
from scoring.selections import band_of, provided, selected
from scoring.verdict import Words


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that is decided.

    `section` is the table of the policy that says it, `says` the key or row in it, `source` the name of its citation.
    """

    section: str
    words: Words
    source: str
    silent: bool = False
    says: str = ""


def sentences(policy: Policy) -> tuple[Sentence, ...]:
    """The whole policy, in the order in which an event meets it."""
    return (
        *_eligibility(policy),
        *_marks(policy),
        *_standing(policy),
        *_awards(policy),
        *_promotion(policy),
        *(_title(title, policy) for title in policy.titles),
        *_afterwards(policy),
    )


def _eligibility(policy: Policy) -> Iterator[Sentence]:
    for rule in policy.eligibility:
        yield Sentence("eligibility", as_sentence(rule.clause), rule.source)


def _marks(policy: Policy) -> Iterator[Sentence]:
    marking, joined = policy.marking, policy.aggregation
    spread = decimal(Fraction(marking.spread, 100))
    words = Words(
        f"评价分相差超过 {spread} 的，合议后重新给分。",
        f"Judged scores that are more than {spread} apart are discussed and given again.",
    )
    yield Sentence("marking", words, marking.source, says="spread")
    yield Sentence("marking", MISSING[marking.missing], marking.source)
    judged, measured = _joined(joined.judged), _joined(joined.measured)
    words = Words(
        f"评价分：{judged.zh}；测量分：{measured.zh}。",
        f"Judged aspects: {judged.en}; measured aspects: {measured.en}.",
    )
    yield Sentence("aggregation", words, joined.source, says="joined")
    if joined.normalise != "none":
        words = Words(
            f"合并前按 {joined.normalise} 校正裁判宽严。",
            f"Severe and lenient judges are evened out first ({joined.normalise}).",
        )
        yield Sentence("aggregation", words, joined.sources.get("normalise", joined.source))
    weighted = joined.modules == "weighted"
    words = Words(
        "各模块按权重相加得总分。" if weighted else "各模块得分直接相加得总分。",
        "The total is the weighted sum of the modules." if weighted else "The total is the plain sum of the modules.",
    )
    yield Sentence("aggregation", words, joined.sources.get("modules", joined.source), says="modules")
    if joined.team != "together":
        zh, en = ("之和", "sum") if joined.team == "sum" else ("平均", "mean")
        words = Words(f"团队成绩取队员成绩{zh}。", f"A team's result is the {en} of what its members reached.")
        yield Sentence("aggregation", words, joined.sources.get("team", joined.source), says="team")
    if joined.time:
        rule = joined.time
        words = Words(
            f"标准用时 {rule.par} 秒；每提前 {rule.per} 秒加 {decimal(Fraction(rule.bonus, 100))} 分，每超过 {rule.per} 秒扣"
            f" {decimal(Fraction(rule.penalty, 100))} 分，最多 {decimal(Fraction(rule.cap, 100))} 分。",
            f"Par is {rule.par} seconds; every {rule.per} seconds below it add {decimal(Fraction(rule.bonus, 100))},"
            f" above it take {decimal(Fraction(rule.penalty, 100))}, {decimal(Fraction(rule.cap, 100))} at most.",
        )
        yield Sentence("aggregation", words, joined.sources.get("time", joined.source), says="time")
    rounding = policy.rounding
    for step, key in ((rounding.aspect, "aspect"), (rounding.module, "module"), (rounding.total, "total")):
        if step:
            said = _rounded(step)
            words = Words(f"{ROUND[key].zh}{said.zh}。", f"{ROUND[key].en} is rounded {said.en}.")
            yield Sentence("rounding", words, rounding.sources.get(key, rounding.source), says=key)


def _standing(policy: Policy) -> Iterator[Sentence]:
    rule = policy.standing
    by = Words("修约后的", "the rounded") if rule.by == "rounded" else Words("修约前的", "the exact")
    yield Sentence(
        "standing",
        Words(f"按{by.zh}总分排名次。", f"Ranks go by {by.en} total."),
        rule.sources.get("by", rule.source),
        says="by",
    )
    left = (
        Words("仍相同的，名次并列", "who is equal still, shares the rank")
        if rule.exhausted == "shared"
        else Words("仍相同的，由裁判长裁定", "who is equal still, is told apart by the chief judge")
    )
    if rule.ties:
        chain = listed([_tie(one) for one in rule.ties])
        words = Words(f"总分相同的，依次比较{chain.zh}；{left.zh}。", f"Equal totals: compare {chain.en}; {left.en}.")
    else:
        words = Words(f"总分相同，{left.zh}。", f"Equal totals: {left.en}.")
    yield Sentence("standing", words, rule.sources.get("ties", rule.source), says="ties")
    yield Sentence("standing", NUMBERED[rule.numbering], rule.sources.get("numbering", rule.source), says="numbering")
    if rule.unranked:
        who = listed([STATUS[one] for one in rule.unranked])
        words = Words(f"{who.zh}的，不排名次。", f"Not ranked: {who.en}.")
        yield Sentence("standing", words, rule.sources.get("unranked", rule.source), says="unranked")


def _awards(policy: Policy) -> Iterator[Sentence]:
    field, awards = policy.field, policy.awards
    yield Sentence("field", as_sentence(field.clause), field.source, says="clause")
    if field.smallest:
        counted = COUNTED[field.count]
        words = Words(
            f"规模按{counted.zh}计，少于 {field.smallest} 的不设奖、不晋升。",
            f"The field is counted in {counted.en}; below {field.smallest} there are no awards and nothing is promoted.",
        )
        yield Sentence("field", words, field.source)
    for prize in awards.prizes:
        yield Sentence("awards", _prize(prize, awards.scale), prize.source, says=f"prize.{prize.id}")
    over = awards.ineligible == "pass-over"
    words = Words(
        "不参评的选手不占奖项名额。" if over else "不参评的选手占用奖项名额。",
        "Guests take no place among the awards." if over else "Guests use up places among the awards.",
    )
    yield Sentence("awards", words, awards.sources.get("ineligible", awards.source), says="ineligible")
    if awards.points_apart:
        apart = awards.points_apart if awards.scale != "none" else decimal(Fraction(awards.points_apart, 100))
        words = Words(
            f"与前一名相差不超过 {apart} 分的，视为同一奖次。",
            f"Who is within {apart} points shares the place in front.",
        )
        yield Sentence("awards", words, awards.sources.get("points_apart", awards.source))


def _promotion(policy: Policy) -> Iterator[Sentence]:
    rule = policy.promotion
    for one in rule.rules:
        yield Sentence("promotion", _rule(one), one.source, silent=one.effect.kind == "silent", says=f"rule.{one.id}")
    if not rule.rules:
        words = Words("没有规定竞赛晋升。", "Nothing is said about promotion.")
        yield Sentence("promotion", words, rule.source, silent=True)
    if rule.nobody:
        kinds = listed([KIND[one] for one in rule.nobody])
        words = Words(f"{kinds.zh}不晋升。", f"Nobody is promoted by: {kinds.en}.")
        yield Sentence("promotion", words, rule.sources.get("nobody", rule.source), says="nobody")
    if rule.per_year:
        words = Words(
            f"每人每年最多晋升 {rule.per_year} 次。", f"Promotions of one person in one year: {rule.per_year} at most."
        )
        yield Sentence("promotion", words, rule.sources.get("per_year", rule.source), says="per_year")


def _title(title: TitleRule, policy: Policy) -> Sentence:
    silent = all(one.silent for one in title.selections)
    who = [selected(one.select, one.gates) for one in title.selections if not one.silent]
    if silent:
        words = title.selections[0].words
        return Sentence(
            "titles",
            Words(f"{title.name.zh}：{words.zh}", f"{title.name.en}: {words.en}"),
            title.source,
            True,
            title.id,
        )
    both = listed(who)
    return Sentence(
        "titles",
        Words(
            f"{both.zh}：“{title.name.zh}”，{MODE[title.mode].zh}。",
            f"{capital(both.en)}: {title.name.en}, {MODE[title.mode].en}.",
        ),
        title.source,
        says=title.id,
    )


def _afterwards(policy: Policy) -> Iterator[Sentence]:
    if policy.passing:
        parts = [
            Words(
                f"{part_of(part).zh} {decimal(Fraction(mark, 100))} 分",
                f"{part_of(part).en} {decimal(Fraction(mark, 100))}",
            )
            for part, mark in policy.passing.marks.items()
        ]
        said = listed(parts)
        yield Sentence("passing", Words(f"合格线：{said.zh}。", f"Pass marks: {said.en}."), policy.passing.source)
    if policy.delegations:
        yield from _delegations(policy)
    yield from _signing(policy)
    if policy.review:
        rule = policy.review
        share, most = decimal(rule.percent), decimal(rule.wrong_percent)
        words = Words(
            f"复核前 {rule.top} 名，并从其余中抽查 {share}%（{_round(rule.rounding).zh}）；错误超过 {most}% 的，全部复核。",
            f"The first {rule.top} are checked again, and {share} % of the rest by lot ({_round(rule.rounding).en});"
            f" when more than {most} % of them are wrong, everything is.",
        )
        yield Sentence("review", words, rule.source)
        if rule.before_decoding:
            words = Words("复核完成之后才能解码。", "Nothing is decoded before that is done.")
            yield Sentence("review", words, rule.source)
    if policy.appeals:
        hours = policy.appeals.unit == HOURS
        words = Words(
            f"公示后 {policy.appeals.within} {'小时' if hours else '个工作日'}内可以申诉。",
            f"Appeals are written within {policy.appeals.within} {'hours' if hours else 'working days'} after publication.",
        )
        yield Sentence("appeals", words, policy.appeals.source)
    else:
        words = Words(
            "没有规定申诉时限；每件由监督决定是否受理。", "No time for appeals is named: a supervisor admits each."
        )
        yield Sentence("appeals", words, "", silent=True)


def _signing(policy: Policy) -> Iterator[Sentence]:
    rule = policy.signing
    if rule is SIGNING_SILENT:
        yield Sentence("signing", SIGNING_UNSAID, "", silent=True)
        return
    yield Sentence("signing", SIGNS[rule.judges], rule.source)
    if rule.contestants == NOT_ASKED:
        return
    parts = listed([part_of(module) for module in rule.modules])
    late = UNSIGNED[rule.contestants]
    words = Words(
        f"{parts.zh}中当着选手测量、全组共记一次的分数，由选手签字确认；{late.zh}。",
        f"Contestants sign what is measured before them and recorded once for the panel ({parts.en}); {late.en}.",
    )
    yield Sentence("signing", words, rule.source)


def _delegations(policy: Policy) -> Iterator[Sentence]:
    rule = policy.delegations
    assert rule is not None  # the caller asked
    names = {prize.id: prize.name for prize in policy.awards.prizes}
    if rule.awards:
        said = listed([Words(f"{names[one].zh} {n} 分", f"{names[one].en} {n}") for one, n in rule.awards.items()])
        yield Sentence(
            "delegations", Words(f"代表队计分：{said.zh}。", f"Points of delegations: {said.en}."), rule.source
        )
    if rule.places:
        said = listed([Words(f"第 {at} 名 {n} 分", f"rank {at}: {n}") for at, n in enumerate(rule.places, start=1)])
        yield Sentence("delegations", Words(f"名次计分：{said.zh}。", f"Points of places: {said.en}."), rule.source)


def _rule(rule: PromotionRule) -> Words:
    """The clause in the text's own words, then how it takes effect and who is turned away."""
    gates = provided(rule.gates)
    if rule.effect.kind in ("silent", "none"):
        return as_sentence(rule.clause)
    return Words(
        f"{rule.clause.zh}；{MODE[rule.mode].zh}{'，须' + gates.zh if gates.zh else ''}。",
        f"{capital(rule.clause.en)}; {MODE[rule.mode].en}{', provided ' + gates.en if gates.en else ''}.",
    )


def _prize(prize: Prize, scale: str) -> Words:
    parts: list[Words] = []
    if prize.ranks:
        parts.append(band_of(*prize.ranks))
    if prize.percent is not None:
        share, how = decimal(prize.percent), _round(prize.rounding)
        parts.append(Words(f"前 {share}%（{how.zh}）", f"the first {share} % ({how.en})"))
    if prize.from_total:
        total = decimal(Fraction(prize.from_total, 100))
        parts.append(Words(f"总分 {total} 及以上", f"a total of {total} or more"))
    if prize.from_scale:
        parts.append(Words(f"换算分（{scale}）{prize.from_scale} 及以上", f"{prize.from_scale} or more on {scale}"))
    said = listed(parts)
    return Words(f"{said.zh}：{prize.name.zh}。", f"{capital(said.en)}: {prize.name.en}.")


def _joined(join: Join) -> Words:
    if join.use == "drop":
        return Words(
            f"去掉 {join.high} 个最高、{join.low} 个最低后取平均",
            f"mean without the {join.high} highest and {join.low} lowest",
        )
    if join.use == "best":
        return Words(f"取最高 {join.best} 个的平均", f"mean of the best {join.best}")
    return JOINED[join.use]


def _rounded(step: Step) -> Words:
    places = {100: 0, 10: 1, 1: 2}[step.step]
    how = _round(step.mode)
    return Words(f"保留 {places} 位小数，{how.zh}", f"to {places} places, {how.en}")


def _tie(breaker: str) -> Words:
    name, _, rest = breaker.partition(":")
    if name == "module":
        return part_of(rest, Words(f"模块“{rest}”", f"module {rest}"))
    return Words(f"标准 {rest}", f"criterion {rest}") if name == "criterion" else TIE[breaker]


def _round(mode: str) -> Words:
    return PER[mode]


def sections(said: Sequence[Sentence]) -> dict[str, tuple[Sentence, ...]]:
    """The sentences by section, sections in their order."""
    order = dict.fromkeys(one.section for one in said)
    return {name: tuple(one for one in said if one.section == name) for name in order}
