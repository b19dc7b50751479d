"""A proposal of panels for all events of a competition: who sits, why everybody else does not, and what is short.

What is decided: seats that are fixed stay, whatever stands against them, and it is told. The others are filled by those
who may sit (`sitting`), as many as can be; then the largest load is as small as can be, then loads are even, then held
seats are kept, then those with more years sit; what is still equal goes by id. That seats stay open is an answer, never
an error. Nothing is stored here: a chief changes the proposal by hand and seats it.
It computes for seconds: ask in a process of its own, not where requests are answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from scoring.verdict import No, Words, Yes
from server.competitions.filling import Filling, Option, fill
from server.competitions.judges import Event, Held, Judge, Rules
from server.competitions.plan import Plan, planned
from server.competitions.shortage import Shortage, shortages
from server.competitions.sitting import Tie, ties

FULL = No(
    "panel.full",
    Words(
        "席位已满：依次看负担轻、已就座、年限长、编号小；可作候补",
        "the seats are taken: a lighter load, a held seat, more years and the lower id go first; may stand in",
    ),
)
UNKNOWN = No("panel.unknown", Words("不在候选名单中", "is not among the candidates"))
GOALS = {
    "seats": Words("坐满席位", "filling the seats"),
    "load": Words("压低最大负担", "lowering the largest load"),
    "even": Words("均衡负担", "evening out the loads"),
    "held": Words("保留已就座的人", "keeping those who sit"),
    "years": Words("优先年限长的人", "preferring more years"),
    "ids": Words("相同者按编号排", "ordering equals by id"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge on a panel.

    `held` and `fixed` as it was before; `against` is what stands against a fixed seat, and empty for every other;
    `stands_back` names the competitors whose entries this judge does not mark.
    """

    judge: str
    held: bool = False
    fixed: bool = False
    against: tuple[No, ...] = ()
    stands_back: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Out:
    """A candidate who does not sit, and the first reason."""

    judge: str
    verdict: No


@dataclass(frozen=True, slots=True)
class Panel:
    """Who sits for an event and who does not, both by id."""

    event: str
    seats: tuple[Seat, ...]
    out: tuple[Out, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Panels and shortages by event; `loads` of all who sit; `best` is a no when the time was up before it was sure."""

    panels: tuple[Panel, ...]
    short: tuple[Shortage, ...]
    loads: Mapping[str, int]
    best: Yes | No


def propose(
    judges: Collection[Judge], events: Collection[Event], held: Collection[Held], rules: Rules, seconds: float = 30
) -> Proposal:
    """Panels for all events, the same for the same input in any order; after `seconds` the best that was found.

    Of the seats held, those in events that are not asked about are left out.
    """
    before = {(one.judge, one.event) for one in held if one.event in {event.id for event in events}}
    fixed = {(one.judge, one.event) for one in held if one.fixed} & before
    given = planned(judges, events, rules, fixed)
    seats = {event.id: max(0, event.seats - len(given.panels[event.id])) for event in events}
    options = [_option(given, judge, event, before) for judge, event in _free(given, seats)]
    filling = fill(options, seats, seconds)
    plan = planned(judges, events, rules, fixed | filling.seats)
    panels = (
        Panel(id, tuple(_seats(plan, event, before, fixed)), _out(plan, event)) for id, event in plan.events.items()
    )
    loads = {id: len(sits) + (plan.judges[id].load if id in plan.judges else 0) for id, sits in plan.sits.items()}
    return Proposal(tuple(panels), shortages(plan), loads, _best(filling))


def _free(given: Plan, seats: Mapping[str, int]) -> Iterator[tuple[Judge, Event]]:
    """Who may take a seat that is open, beside those who are fixed."""
    for event in given.events.values():
        for judge in given.judges.values() if seats[event.id] else ():
            if judge.id not in given.panels[event.id] and isinstance(given.verdict(judge, event), Yes):
                yield judge, event


def _option(given: Plan, judge: Judge, event: Event, before: Collection[tuple[str, str]]) -> Option:
    load = judge.load + len(given.elsewhere(judge, event))
    return Option(
        judge.id,
        event.id,
        event.shared(judge),
        event.days,
        load,
        len(given.events) if given.rules.most is None else given.rules.most - load,
        (judge.id, event.id) in before,
        judge.years or 0,
    )


def _seats(
    plan: Plan, event: Event, before: Collection[tuple[str, str]], fixed: Collection[tuple[str, str]]
) -> Iterator[Seat]:
    for id in plan.panels[event.id]:
        pair, judge = (id, event.id), plan.judges.get(id)
        if judge is None:
            yield Seat(id, held=True, fixed=True, against=(UNKNOWN,))
        else:
            yield Seat(id, pair in before, pair in fixed, plan.against(judge, event), ties(judge, event))


def _out(plan: Plan, event: Event) -> tuple[Out, ...]:
    others = [judge for judge in plan.judges.values() if judge.id not in plan.panels[event.id]]
    verdicts = ((judge, plan.verdict(judge, event)) for judge in others)
    return tuple(Out(judge.id, verdict if isinstance(verdict, No) else FULL) for judge, verdict in verdicts)


def _best(filling: Filling) -> Yes | No:
    if not filling.reached:
        return Yes("panel.best")
    goal = GOALS[filling.reached]
    words = Words(
        f"时限内没有算完，停在“{goal.zh}”：之前各步已是最优，从这一步起是目前找到的最好结果",
        f"not finished in time; it ended while {goal.en}: what comes before is best, the rest the best that was found",
    )
    return No("panel.time", words)
