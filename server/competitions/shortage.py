"""Why seats of a panel stay open, in words that an organiser can act on.

The candidates go through the rules one after the other, as through sieves. A sieve that leaves fewer than are needed
costs seats; these costs add up to what is lacking, and the dearest sieve is the *bottleneck*; of equals all are told,
and the first gives the rule. The last two sieves look at people together: one judge per unit, and people who sit for other
events on the same day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring.verdict import No, Words, days_said
from server.competitions.judges import Event, Judge
from server.competitions.plan import Plan
from server.competitions.sitting import ORDER, may_sit

SIEVES = {
    "panel.skill": Words("能裁判本赛项的人太少", "too few people judge this event"),
    "panel.away": Words("已谢绝或已被换下", "declined or taken off"),
    "panel.level": Words("等级或职称不够", "level or title too low"),
    "panel.years": Words("从业年限不够或不详", "years too few or unknown"),
    "panel.own-unit": Words("本单位有选手参赛", "competitors of the own unit"),
    "panel.recused": Words("须回避", "recused"),
    "panel.days": Words("有比赛日不能到场", "not there on every day"),
    "panel.load": Words("担任裁判组已到上限", "on as many panels as are allowed"),
    "panel.unit": Words("同一单位限 1 人", "one judge per unit"),
    "panel.busy": Words("同日担任其他赛项裁判", "judging another event on the same day"),
}
PER_DELEGATION = Words("同一代表队限 1 人", "one judge per delegation")
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Shortage:
    """An event with open seats: how many, the bottleneck as the rule of a no, and how it comes to that."""

    event: str
    lacking: int
    verdict: No


@dataclass(frozen=True, slots=True)
class Sieved:
    """Candidates for a panel who do not sit there: how many the first no of each rule turned away, and who is left."""

    out: Counter[str]
    left: tuple[Judge, ...]


def shortages(plan: Plan) -> tuple[Shortage, ...]:
    """What is short, by event."""
    short = [event for event in plan.events.values() if event.seats > len(plan.panels[event.id])]
    sieved = {event.id: _sieved(plan, event) for event in plan.events.values()} if short else {}
    return tuple(_shortage(plan, event, sieved) for event in short)


def _shortage(plan: Plan, event: Event, sieved: Mapping[str, Sieved]) -> Shortage:
    lacking = event.seats - len(plan.panels[event.id])
    left = sieved[event.id].left
    verdicts = [(one, plan.verdict(one, event)) for one in left]
    held_up = [(one, verdict.rule) for one, verdict in verdicts if isinstance(verdict, No)]
    costs = _costs(plan, event, sieved[event.id], Counter(rule for _, rule in held_up))
    dearest = [rule for rule in ORDER if costs[rule] == max(costs.values())]
    called = [_called(event, rule) for rule in dearest]
    zh, en = "、".join(words.zh for words in called), ", ".join(words.en for words in called)
    parts = [
        Words(f"需要 {event.seats} 名裁判，还缺 {lacking} 名。", f"Judges needed: {event.seats}, lacking: {lacking}."),
        _remaining(plan, event, sieved[event.id]),
        *([_units(plan, event, left)] if costs["panel.unit"] else []),
        *(_engaged(plan, event, held_up) if costs["panel.busy"] or costs["panel.load"] else []),
        *(_sharing(plan, event, sieved) if costs["panel.busy"] else []),
        Words(f"卡在：{zh}。", f"The bottleneck: {en}."),
    ]
    words = Words("".join(part.zh for part in parts), " ".join(part.en for part in parts))
    return Shortage(event.id, lacking, No(dearest[0], words))


def _seated(plan: Plan, event: Event) -> list[Judge]:
    return [plan.judges[id] for id in plan.panels[event.id] if id in plan.judges]


def _sieved(plan: Plan, event: Event) -> Sieved:
    others = [judge for judge in plan.judges.values() if judge.id not in plan.panels[event.id]]
    verdicts = [(judge, may_sit(judge, event, plan.rules)) for judge in others]
    out = Counter(verdict.rule for _, verdict in verdicts if isinstance(verdict, No))
    return Sieved(out, tuple(judge for judge, verdict in verdicts if not isinstance(verdict, No)))


def _costs(plan: Plan, event: Event, sieved: Sieved, last: Counter[str]) -> Counter[str]:
    """The seats that each sieve costs; together they are what is lacking."""
    sitting = len(plan.panels[event.id])
    room = sitting + len(sieved.left) + sieved.out.total()
    costs: Counter[str] = Counter()
    before = event.seats
    for rule in ORDER:
        room -= sieved.out[rule]
        if rule == "panel.unit":
            room = sitting + _distinct(event, sieved.left, _seated(plan, event))
        if rule == "panel.busy":
            room = sitting
            rule = "panel.load" if last["panel.load"] > last["panel.busy"] else rule
        costs[rule] += before - min(before, room)
        before = min(before, room)
    return costs


def _distinct(event: Event, left: Iterable[Judge], seated: Iterable[Judge]) -> int:
    """How many of those who are left could join a panel if only their units mattered."""
    taken = {event.shared(judge) for judge in seated}
    shared = [event.shared(judge) for judge in left]
    return shared.count("") + len(set(shared) - taken - {""})


def _called(event: Event, rule: str) -> Words:
    return PER_DELEGATION if rule == "panel.unit" and event.one_per == "delegation" else SIEVES[rule]


def _remaining(plan: Plan, event: Event, sieved: Sieved) -> Words:
    remaining = len(plan.panels[event.id]) + len(sieved.left)
    lost = [(SIEVES[rule], sieved.out[rule]) for rule in ORDER[1:] if sieved.out[rule]]
    able = remaining + sum(count for _, count in lost)
    if not lost:
        return Words(f"能裁判本赛项的有 {able} 人。", f"People who judge this event: {able}.")
    zh = "、".join(f"{words.zh}的 {count} 人" for words, count in lost)
    en = ", ".join(f"{words.en}: {count}" for words, count in lost)
    return Words(
        f"能裁判本赛项的有 {able} 人，其中{zh}，余 {remaining} 人。",
        f"People who judge this event: {able}; of these, {en}; left: {remaining}.",
    )


def _units(plan: Plan, event: Event, left: Sequence[Judge]) -> Words:
    """Who comes from one unit, the largest units first."""
    people = [*_seated(plan, event), *left]
    sizes = Counter(event.shared(judge) for judge in people if event.shared(judge))
    crowds = sorted(((unit, size) for unit, size in sizes.items() if size > 1), key=lambda one: (-one[1], one[0]))
    zh = "、".join(f"{size} 人来自“{unit}”" for unit, size in crowds[:SHOWN])
    en = ", ".join(f"{size} come from {unit}" for unit, size in crowds[:SHOWN])
    most, called = (
        len(plan.panels[event.id]) + _distinct(event, left, _seated(plan, event)),
        _called(event, "panel.unit"),
    )
    return Words(
        f"这些人中 {zh}，{called.zh}，最多坐 {most} 席。", f"Of these, {en}; {called.en} may sit, {most} in all."
    )


def _engaged(plan: Plan, event: Event, held_up: Sequence[tuple[Judge, str]]) -> list[Words]:
    """How many of those who are left sit elsewhere on the same day, and how many can take no further panel."""
    parts = []
    if busy := [judge for judge, rule in held_up if rule == "panel.busy"]:
        where = {one.id for judge in busy for one in plan.elsewhere(judge, event) if one.days & event.days}
        names, count = _list(sorted(where)), len(busy)
        zh, en = f"同日担任其他赛项裁判的 {count} 人（{names.zh}）。", f"Judging on the same day ({names.en}): {count}."
        parts.append(Words(zh, en))
    if count := sum(rule == "panel.load" for _, rule in held_up):
        parts.append(Words(f"担任裁判组已到上限的 {count} 人。", f"On as many panels as are allowed: {count}."))
    return parts


def _sharing(plan: Plan, event: Event, sieved: Mapping[str, Sieved]) -> list[Words]:
    """Events of one day that together ask for more judges than there are for them; nothing when no day shows it.

    The events are those that hold people of this one on that day, those that hold people of theirs, and so on.
    """
    for day in sorted(event.days):
        found, waiting = {event.id}, [event]
        while waiting:
            one = waiting.pop()
            others = [other for judge in sieved[one.id].left for other in plan.elsewhere(judge, one)]
            news = {other.id: other for other in others if day in other.days and other.id not in found}
            found |= set(news)
            waiting += news.values()
        asked = sum(plan.events[id].seats for id in found)
        people = {id for event in found for id in (*plan.panels[event], *(one.id for one in sieved[event].left))}
        if len(people) < asked:
            names, count = _list(sorted(found)), len(people)
            on = days_said([day])
            zh = f"{on.zh}，赛项 {names.zh}，共需 {asked} 名裁判，可用的只有 {count} 人。"
            return [Words(zh, f"On {on.en}, {names.en} ask for {asked} judges; available: {count}.")]
    return []


def _list(names: Sequence[str]) -> Words:
    """Names for a sentence, not more than fit in one."""
    more = len(names) - SHOWN
    zh, en = "、".join(names[:SHOWN]), ", ".join(names[:SHOWN])
    return Words(f"{zh} 等 {len(names)} 项", f"{en} and {more} more") if more > 0 else Words(zh, en)
