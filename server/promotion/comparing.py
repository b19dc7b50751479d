"""What another policy would have made of an event that was held: who stands, wins and rises otherwise.

Computed twice from the event's ledger, by the policy that it was held under and by the other one, with the same people,
marks and records. Nothing is stored. What was decided by people (corrections, rulings on silent cases) is taken as it
stands in the ledger; who would have been let in is not asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.fitting import policy_misfits
from scoring.policy import Policy
from scoring.verdict import Problems, Words
from server.competitions.flow import scheme_of
from server.database.tables import Event
from server.errors import Refusal
from server.promotion.flow import asked
from server.results.flow import content_of, snapshot_of

DECODED = ("reviewed", "published", "final", "certified")
"""States in which an event can be compared: before them a work code leads to no name."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry before and after: rank (0: none), total in hundredths, award as {"id", "zh", "en"} or None; and what its
    members' promotions were and would be, each as (name, (outcome, level), (outcome, level)), where they differ."""

    names: str
    delegation: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    promotions: tuple[tuple[str, tuple[str, str], tuple[str, str]], ...]

    @property
    def placed(self) -> bool:
        """Whether the rank differs."""
        return bool(self.before["rank"] != self.after["rank"])

    @property
    def awarded(self) -> bool:
        """Whether the award differs."""
        return _award(self.before) != _award(self.after)


@dataclass(frozen=True, slots=True)
class Compared:
    """An event under both policies; `why` says why it could not be computed, and then there is nothing else."""

    event: Mapping[str, Any]
    entries: int
    moved: tuple[Moved, ...]
    why: Words | None = None


async def comparable(competition: UUID) -> list[dict[str, Any]]:
    """The events of a competition that can be compared, by code."""
    query = Event.select().where((Event.competition == competition) & Event.state.is_in(list(DECODED)))
    return [dict(row) for row in await query.order_by(Event.code).output(load_json=True)]


async def compared(
    competition: Mapping[str, Any], event: Mapping[str, Any], name: str, text: str, policy: Policy
) -> Compared:
    """One event by its own policy and by another one, which `name`, its text and itself stand for."""
    scheme = scheme_of(event)
    assert scheme is not None  # no event is marked without one
    if problems := tuple(policy_misfits(policy, scheme)):
        return Compared(event, 0, (), problems[0].words)
    other = {**event, "policy": name, "policy_text": text, "policy_fingerprint": policy.fingerprint}
    snapshot = await snapshot_of(event["id"])
    at = snapshot["at"] if snapshot else event["entered_state"]
    replaces = snapshot["id"] if snapshot else None
    try:
        before, after = await content_of(event), await content_of(other)
    except (Problems, Refusal) as wrong:
        return Compared(event, 0, (), wrong.problems[0].words if wrong.problems else getattr(wrong, "words", None))
    rose = await _promotions(competition, event, before, at, replaces)
    would = await _promotions(competition, other, after, at, replaces)
    known = {row["entry"]: row for row in before["rows"]}
    moved = []
    for row in after["rows"]:
        differ = tuple(
            (one["name"], rose[one["member"]], would[one["member"]])
            for one in row["members"]
            if rose[one["member"]] != would[one["member"]]
        )
        was = known[row["entry"]]
        if differ or was["rank"] != row["rank"] or was["total"] != row["total"] or _award(was) != _award(row):
            names = "、".join(member["name"] for member in row["members"])
            moved.append(Moved(names, row["delegation"], was, row, differ))
    return Compared(event, len(after["rows"]), tuple(moved))


def _award(row: Mapping[str, Any]) -> str:
    return str(row["award"]["id"]) if row["award"] else ""


async def _promotions(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    at: datetime,
    replaces: UUID | None,
) -> dict[str, tuple[str, str]]:
    rows = await asked(competition, event, uuid4(), content, at, replaces=replaces)
    return {str(row.member): (row.outcome, row.level) for row in rows}
