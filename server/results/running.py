"""An event while it is marked: its marks as they come, and who stands where among those whose sheets are complete.

The whole ledger of an event is read once; after that only what was added. A mark changes one sheet, so one sheet is
computed again. Work codes only: nothing in here knows a name. An entry is ranked when nothing is owed for it; what is
shown of the others is how many they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from scoring.cells import owed
from scoring.marks import Facts, Mark, Scheme
from scoring.policy import Policy
from scoring.results import Result, Results, results
from scoring.standings import Standing, standings
from server.competitions.flow import policy_of, scheme_of
from server.database.tables import FloorStatus
from server.database.tables import Mark as Row
from server.draw.flow import codes_of
from server.marks.flow import Panel, panel_of

ADDED = """SELECT known.event, m.entry, m.aspect, m.judge, m.value, m.round, m.sequence
FROM unnest({}::uuid[], {}::bigint[], {}::timestamptz[]) AS known (event, sequence, until)
CROSS JOIN LATERAL (
    SELECT * FROM mark WHERE event = known.event AND sequence > known.sequence
        AND (known.until IS NULL OR stored_at <= known.until) OFFSET 0
) AS m ORDER BY known.event, m.sequence"""
"""OFFSET 0 keeps the planner from joining with the whole ledger: it takes a third of an event's marks for later than any of them."""
FLOOR = """SELECT DISTINCT ON (entry) entry, status FROM floor_status
WHERE event = {} AND ({}::timestamptz IS NULL OR at <= {}) ORDER BY entry, sequence DESC"""


class Running:
    """One event as its board needs it; `until` is the moment at which it froze, None while it goes on."""

    def __init__(
        self, id: UUID, scheme: Scheme, policy: Policy, panel: Panel, facts: Mapping[str, Facts], until: datetime | None
    ) -> None:
        self.id, self.scheme, self.policy, self.panel, self.facts, self.until = id, scheme, policy, panel, facts, until
        self.sequence = 0
        self._once = {aspect.id for aspect in scheme.aspects if aspect.recorded == "one"}
        self._whole = len(owed(scheme, panel.names, ["entry"], ()))
        self._sheets: dict[str, dict[tuple[str, str], Mark]] = {entry: {} for entry in facts}
        self._reached: dict[str, Result] = {}
        self._standings: tuple[Standing, ...] | None = ()

    def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take in what the ledger has gained, in its order."""
        touched = set()
        for row in rows:
            self.sequence = row["sequence"]
            judge = self.panel.labels[row["judge"]]
            cell = row["aspect"], "" if row["aspect"] in self._once else judge
            self._sheets[row["entry"]][cell] = Mark(judge, row["entry"], row["aspect"], row["value"], row["round"])
            touched.add(row["entry"])
        self._compute({entry for entry in touched if self._complete(entry)})

    def _complete(self, entry: str) -> bool:
        return self.facts[entry].status == "competed" and len(self._sheets[entry]) >= self._whole

    def _compute(self, entries: set[str]) -> None:
        """Where judges are evened out, every mark touches every entry; otherwise only its own."""
        if not entries:
            return
        if self.policy.aggregation.normalise != "none":
            entries = {entry for entry in self._sheets if self._complete(entry)}
        facts = {entry: self.facts[entry] for entry in entries}
        marks = [mark for entry in entries for mark in self._sheets[entry].values()]
        found = results(self.scheme, self.policy, self.panel.names, facts, marks, traces=False)
        self._reached |= {one.entry: one for one in found}
        self._standings = None

    @property
    def entries(self) -> int:
        """How many there are, with those that did not come."""
        return len(self.facts)

    @property
    def finished(self) -> int:
        """How many need nothing more: their sheets are complete, or they are out of it."""
        out = sum(facts.status != "competed" for facts in self.facts.values())
        return out + len(self._reached)

    @property
    def percent(self) -> int:
        """How many hundredths of the marks are there, rounded down."""
        here = [entry for entry, facts in self.facts.items() if facts.status == "competed"]
        given = sum(min(len(self._sheets[entry]), self._whole) for entry in here)
        return 100 * given // (len(here) * self._whole) if here else 100

    def standings(self) -> tuple[Standing, ...]:
        """Those whose sheets are complete, best first."""
        if self._standings is None:
            done = tuple(self._reached[entry] for entry in sorted(self._reached))
            self._standings = standings(Results(done, self.policy.fingerprint), self.policy)
        return self._standings


async def running(event: Mapping[str, Any], until: datetime | None) -> Running | None:
    """An event with everything that its ledger has, up to a moment; None without a scheme, a policy or a draw."""
    scheme, codes = scheme_of(event), await codes_of(event["id"])
    if scheme is None or not event["policy"] or not codes:
        return None
    floor = {row["entry"]: row["status"] for row in await FloorStatus.raw(FLOOR, event["id"], until, until)}
    facts = {code: Facts(status=floor.get(code, "competed")) for code in codes}
    made = Running(event["id"], scheme, policy_of(event), await panel_of(event["id"]), facts, until)
    await read_on([made])
    return made


async def read_on(events: Sequence[Running]) -> None:
    """Give these events what the ledger has gained since they last read it, in one look for all of them."""
    asked = [[one.id for one in events], [one.sequence for one in events], [one.until for one in events]]
    rows = await Row.raw(ADDED, *asked) if events else []
    gained = {event: list(some) for event, some in itertools.groupby(rows, key=itemgetter("event"))}
    for one in events:
        one.take(gained.get(one.id, ()))
