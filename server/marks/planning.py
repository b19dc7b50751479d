"""Where the panels of a competition stand: judges, events, who is wanted or sits, as the rules for panels read them.

A judge is called by their name here, with the unit or the end of the telephone number behind it where two have the same
one: the sentences of the rules name people, and a person reads them. An event is called by its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from scoring.verdict import No, Yes
from server.competitions.judges import Event, Held, Judge, Rules
from server.competitions.plan import Plan, planned
from server.competitions.proposing import Question

LIVE = ("proposed", "invited", "accepted")
WAITING = ("proposed", "invited")
SAID_NO = ("declined", "recused")
"""Who declined, and who accepted and has to stand back."""
OPEN = frozenset({"setup", "registration", "drawn"})
"""States in which a panel may still change."""
NEVER = ("panel.own-unit", "panel.recused")
"""What nobody can set aside with a reason: a judge stands back, whoever wishes otherwise."""


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody who is wanted on a panel or sits on it.

    `state` is that of the invitation, or `seated` for a judge who has a seat without one; `seat` is J1 … or empty.
    """

    label: str
    state: str
    chief: bool
    by_hand: bool = False
    reason: str = ""
    seat: str = ""
    judge: UUID | None = None
    invitation: UUID | None = None
    account: UUID | None = None

    @property
    def key(self) -> str:
        """What a form calls this place."""
        return str(self.invitation or self.account)


@dataclass(frozen=True)
class Situation:
    """One moment of planning; `events` has the rows and `asked` the same events as the rules see them, by code."""

    pool: Mapping[str, Mapping[str, Any]]
    judges: tuple[Judge, ...]
    events: Mapping[str, Mapping[str, Any]]
    asked: Mapping[str, Event]
    rules: Rules
    sitting: Mapping[str, tuple[Sitter, ...]]
    declined: Mapping[str, tuple[Mapping[str, Any], ...]]
    links: Mapping[UUID, Mapping[str, Any]]

    @cached_property
    def plan(self) -> Plan:
        """The seats as they are."""
        return self.planned({code: [one.label for one in sitters] for code, sitters in self.sitting.items()})

    def planned(self, panels: Mapping[str, Iterable[str]]) -> Plan:
        """The plan with other seats."""
        pairs = [(label, code) for code, labels in panels.items() for label in labels]
        return planned(self.judges, tuple(self.asked.values()), self.rules, pairs)

    @cached_property
    def known(self) -> Mapping[str, Judge]:
        """The judges who may be asked, by label."""
        return {one.id: one for one in self.judges}

    @cached_property
    def labels(self) -> Mapping[UUID, str]:
        """Judge → label."""
        return {row["id"]: label for label, row in self.pool.items()}

    def question(self) -> Question:
        """What a proposal is computed from; panels that can no longer change are left as they are."""
        held = tuple(
            Held(one.label, code, fixed=one.by_hand or one.state != "proposed" or not self.changes(code))
            for code, sitters in self.sitting.items()
            for one in sitters
        )
        events = tuple(self.asked.values())
        return Question(
            self.judges, events, held, self.rules, {label: str(row["id"]) for label, row in self.pool.items()}
        )

    def changes(self, code: str) -> bool:
        """Whether the panel of an event may still change."""
        return self.events[code]["state"] in OPEN

    def open_seats(self, code: str) -> int:
        """How many seats of an event nobody is asked for."""
        return max(0, self.asked[code].seats - len(self.sitting[code]))

    def against(self, code: str, sitter: Sitter) -> tuple[No, ...]:
        """What stands against somebody who sits or is asked, as things are now."""
        judge = self.known.get(sitter.label)
        return self.plan.against(judge, self.asked[code]) if judge else ()

    def candidates(self, code: str, instead: str = "") -> list[tuple[Judge, tuple[No, ...]]]:
        """Everybody who is not on a panel, with all that stands against them: who may join comes first, the lightest
        load, then more years. With `instead` that judge is taken to have left.
        """
        event, sits = self.asked[code], {one.label for one in self.sitting[code]}
        panels = {one: [sitter.label for sitter in sitters] for one, sitters in self.sitting.items()}
        panels[code] = [label for label in panels[code] if label != instead]
        plan = self.planned(panels)
        found = [(one, plan.against(one, event)) for one in self.judges if one.id not in sits]
        load = {label: len(codes) for label, codes in plan.sits.items()}
        return sorted(
            found,
            key=lambda pair: (len(pair[1]), pair[0].load + load.get(pair[0].id, 0), -(pair[0].years or 0), pair[0].id),
        )

    def following(self, code: str) -> Judge | None:
        """Who would be asked next."""
        event = self.asked[code]
        free = [one for one in self.judges if one.id not in self.plan.panels[code]]
        may = [one for one in free if isinstance(self.plan.verdict(one, event), Yes)]
        loads = {label: len(codes) for label, codes in self.plan.sits.items()}
        return min(may, key=lambda one: (one.load + loads.get(one.id, 0), -(one.years or 0), one.id), default=None)
