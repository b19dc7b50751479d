"""Candidates, events and who sits where at one moment of planning: what that leaves to everybody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from scoring.verdict import No, Yes
from server.competitions.judges import Event, Judge, Rules
from server.competitions.sitting import against, may_join


@dataclass(frozen=True, slots=True)
class Plan:
    """`judges` and `events` by id and in this order; `panels` and `sits` are the seats, seen from either side.

    A judge who sits and is not among the candidates takes a seat on a panel, and nothing else is known about them.
    """

    judges: Mapping[str, Judge]
    events: Mapping[str, Event]
    rules: Rules
    panels: Mapping[str, Sequence[str]]
    sits: Mapping[str, Sequence[str]]

    def verdict(self, judge: Judge, event: Event) -> Yes | No:
        """Whether a judge who does not sit here could take one seat more on this panel as things stand."""
        return may_join(judge, event, self.rules, self.beside(judge, event), self.elsewhere(judge, event))

    def against(self, judge: Judge, event: Event) -> tuple[No, ...]:
        """Everything that stands against a judge who sits here."""
        return against(judge, event, self.rules, self.beside(judge, event), self.elsewhere(judge, event))

    def beside(self, judge: Judge, event: Event) -> list[Judge]:
        """Who else sits on this panel."""
        return [self.judges[id] for id in self.panels[event.id] if id != judge.id and id in self.judges]

    def elsewhere(self, judge: Judge, event: Event) -> list[Event]:
        """The other events for which a judge sits."""
        return [self.events[id] for id in self.sits.get(judge.id, ()) if id != event.id]


def planned(
    judges: Collection[Judge], events: Collection[Event], rules: Rules, seats: Collection[tuple[str, str]]
) -> Plan:
    """The plan in which these pairs of judge and event sit, whatever order they come in."""
    panels: dict[str, list[str]] = {event: [] for event in sorted(one.id for one in events)}
    sits: dict[str, list[str]] = defaultdict(list)
    for judge, event in sorted(seats):
        panels[event].append(judge)
        sits[judge].append(event)
    by_id = {one.id: one for one in sorted(judges, key=lambda one: one.id)}
    return Plan(by_id, {one.id: one for one in sorted(events, key=lambda one: one.id)}, rules, panels, dict(sits))
