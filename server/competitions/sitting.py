"""Who may sit on a panel: every "no" with its rule, about one judge at a time.

`may_sit` looks at a judge and an event alone; `may_join` also at who sits beside them and where else they sit. Both are
asked by the proposal and by the page on which a chief judge changes a seat by hand. What is not known counts against
a seat: a panel is chosen from those whose years somebody has written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoring.ladder import LEVELS
from scoring.verdict import No, Words, Yes, days_said
from server.competitions.judges import TITLES, Competitor, Demand, Event, Judge, Rules

ORDER = tuple(
    f"panel.{rule}"
    for rule in ("skill", "away", "level", "years", "own-unit", "recused", "days", "load", "unit", "busy")
)
"""The order in which rules are asked; the first no is the one that is shown."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A competitor whose entry this judge does not mark, and why."""

    competitor: str
    reason: Words


def may_sit(judge: Judge, event: Event, rules: Rules) -> Yes | No:
    """Whether a judge may be asked for this event at all, whoever else sits: the first no of `against`, else yes."""
    return next(_against(judge, event, rules, (), ()), Yes("panel.may-sit"))


def may_join(judge: Judge, event: Event, rules: Rules, beside: Iterable[Judge], elsewhere: Sequence[Event]) -> Yes | No:
    """Whether a judge may take a seat now: `beside` are the others on the panel, `elsewhere` the judge's other events."""
    return next(_against(judge, event, rules, beside, elsewhere), Yes("panel.may-join"))


def against(
    judge: Judge, event: Event, rules: Rules, beside: Iterable[Judge], elsewhere: Sequence[Event]
) -> tuple[No, ...]:
    """Everything that stands against a judge on a panel, in the order of `ORDER`."""
    return tuple(_against(judge, event, rules, beside, elsewhere))


def ties(judge: Judge, event: Event) -> tuple[Tie, ...]:
    """The competitors whose entries this judge must not mark, by id; what was declared is told before the own unit."""
    own = Words(f"同属“{judge.unit}”", f"both belong to {judge.unit}")
    found = (
        (one.id, _related(judge, one) or (own if _colleagues(judge, one) else None))
        for one in sorted(event.competitors, key=_id)
    )
    return tuple(Tie(id, reason) for id, reason in found if reason)


def _against(
    judge: Judge, event: Event, rules: Rules, beside: Iterable[Judge], elsewhere: Sequence[Event]
) -> Iterator[No]:
    if not judge.skills & {event.id, event.occupation}:
        yield No("panel.skill", Words("不能裁判本赛项", "judges neither this event nor its occupation"))
    yield from (No("panel.away", one.reason) for one in judge.away if one.event == event.id)
    yield from _too_little(judge, event.least or rules.least)
    yield from _tied(judge, event, rules)
    if judge.days is not None and (missing := event.days - judge.days):
        days = days_said(missing)
        yield No("panel.days", Words(f"{days.zh}不能到场", f"is not there on {days.en}"))
    load = judge.load + len(elsewhere)
    if rules.most is not None and load >= rules.most:
        words = Words(f"已担任 {load} 个裁判组，上限 {rules.most} 个", f"panels so far: {load}; allowed: {rules.most}")
        yield No("panel.load", words)
    yield from _taken(judge, event, beside, elsewhere)


def _too_little(judge: Judge, least: Demand) -> Iterator[No]:
    if not _high_enough(judge, least):
        asked = [LEVELS[least.level].name] if least.level else []
        asked += [TITLES[least.title]] if least.title else []
        has = [LEVELS[judge.level].name] if judge.level else []
        has += [TITLES[judge.title]] if judge.title else []
        words = Words(
            f"要求{'或'.join(name.zh for name in asked)}及以上，现为{'、'.join(name.zh for name in has) or '无'}",
            f"asked for: {' or '.join(name.en for name in asked)}; has: {', '.join(name.en for name in has) or 'none'}",
        )
        yield No("panel.level", words)
    if judge.years is None and least.years:
        words = Words(f"从业年限不详，要求满 {least.years} 年", f"years unknown; asked for: {least.years}")
        yield No("panel.years", words)
    elif judge.years is not None and judge.years < least.years:
        words = Words(
            f"从业 {judge.years} 年，要求满 {least.years} 年",
            f"years in the occupation: {judge.years}; asked for: {least.years}",
        )
        yield No("panel.years", words)


def _tied(judge: Judge, event: Event, rules: Rules) -> Iterator[No]:
    own = sum(_colleagues(judge, one) for one in event.competitors)
    if own and rules.own_unit == "barred":
        words = Words(
            f"本单位“{judge.unit}”有 {own} 名选手参加本赛项",
            f"competitors of the same unit, {judge.unit}, in this event: {own}",
        )
        yield No("panel.own-unit", words)
    whole = [one.reason for one in judge.recusals if one.event == event.id]
    if not whole and judge.recusals and rules.related == "barred":
        whole = [why for one in sorted(event.competitors, key=_id) if (why := _related(judge, one))]
    if whole:
        yield No("panel.recused", Words(f"回避：{whole[0].zh}", f"recused: {whole[0].en}"))


def _related(judge: Judge, one: Competitor) -> Words | None:
    """Why a judge declared to stand back from a competitor, as a person or with the whole unit."""
    for recusal in judge.recusals:
        if (recusal.person and recusal.person == one.id) or (recusal.unit and recusal.unit == one.unit):
            return recusal.reason
    return None


def _colleagues(judge: Judge, one: Competitor) -> bool:
    return bool(judge.unit) and judge.unit == one.unit


def _taken(judge: Judge, event: Event, beside: Iterable[Judge], elsewhere: Iterable[Event]) -> Iterator[No]:
    shared = event.shared(judge)
    if shared and (other := next((one for one in beside if event.shared(one) == shared), None)):
        kind = Words("单位", "unit") if event.one_per == "unit" else Words("代表队", "delegation")
        words = Words(
            f"“{shared}”已有 {other.id} 在裁判组，同一{kind.zh}限 1 人",
            f"{other.id} of {shared} is on the panel; one judge per {kind.en} is allowed",
        )
        yield No("panel.unit", words)
    if busy := [one.id for one in elsewhere if one.days & event.days]:
        yield No("panel.busy", Words(f"同日担任赛项 {busy[0]} 的裁判", f"judges {busy[0]} on the same day"))


def _high_enough(judge: Judge, least: Demand) -> bool:
    """A level or a title in its stead; who has neither passes only where neither is asked for."""
    rungs = list(TITLES)
    by_level = least.level and judge.level and LEVELS[judge.level].rank >= LEVELS[least.level].rank
    by_title = least.title and judge.title and rungs.index(judge.title) >= rungs.index(least.title)
    return bool(by_level or by_title or not (least.level or least.title))


def _id(one: Competitor) -> str:
    return one.id
