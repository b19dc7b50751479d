"""What upholding an appeal would change: standings, awards, promotions, certificates, before and after.

Computed from the ledger twice, as it is and as if what was proposed for the appeal were approved. Nothing is stored. The
fingerprint says what was looked at, so that a ruling stores what was seen or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.issuing.superseding import Change, changes
from server.marks.correcting import proposed_for
from server.marks.correcting_status import status_proposed_for
from server.promotion.flow import asked
from server.promotion.superseding import before_of, level_after
from server.results.flow import canonical, content_of, differing, snapshot_of

FINAL = ("final", "certified")
"""States in which results have brought promotions."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry's line, before and after: rank (0: none), total in hundredths, award or None."""

    names: str
    delegation: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Promoted:
    """What one person's result brings, before and after: outcome and level ("" for none)."""

    name: str
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that upholding would change."""

    corrections: Sequence[Mapping[str, Any]]
    statuses: Sequence[Mapping[str, Any]]
    """Corrections of what the floor wrote down."""
    standings: Sequence[Standing]
    promotions: Sequence[Promoted]
    certificates: Sequence[Change]
    content: Mapping[str, Any]
    seen: str


async def effects_of(
    competition: Mapping[str, Any], event: Mapping[str, Any], appeal: UUID, at: datetime
) -> Effects | None:
    """What the corrections proposed for an appeal would change; None when there are none."""
    corrections, statuses = await proposed_for(event["id"], appeal), await status_proposed_for(event["id"], appeal)
    snapshot = await snapshot_of(event["id"])
    if not (corrections or statuses) or snapshot is None:
        return None
    marks, floor = {c["corrects"]: c["after"] for c in corrections}, {one["entry"]: one["after"] for one in statuses}
    content = await content_of(event, marks, floor)
    promotions, levels = await _promotions(competition, event, snapshot, content, at)
    certificates = await changes(competition, event, content, levels, at) if event["state"] == "certified" else []
    return Effects(
        corrections,
        statuses,
        _standings(snapshot["content"], content),
        promotions,
        certificates,
        content,
        _seen(snapshot, content, [*corrections, *statuses], promotions, certificates),
    )


def _seen(
    snapshot: Mapping[str, Any],
    content: Mapping[str, Any],
    corrections: Sequence[Mapping[str, Any]],
    promotions: Sequence[Promoted],
    certificates: Sequence[Change],
) -> str:
    looked = [
        *(snapshot["sha256"], content),
        [[str(one["id"]), one["after"]] for one in corrections],
        [[one.name, one.before, one.after] for one in promotions],
        [[str(one.subject), one.of, one.number, one.kind] for one in certificates],
    ]
    return hashlib.sha256(canonical(looked).encode()).hexdigest()


def _standings(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Standing]:
    """The entries that stand otherwise, in their new order."""
    return [
        Standing("、".join(member["name"] for member in new["members"]), new["delegation"], old, new)
        for old, new in differing(before["rows"], after["rows"], "entry")
    ]


async def _promotions(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    snapshot: Mapping[str, Any],
    content: Mapping[str, Any],
    at: datetime,
) -> tuple[list[Promoted], dict[UUID, str]]:
    """Who is promoted otherwise, and the level that everybody has at once by the new results."""
    id, names = snapshot["id"], _names(content)
    after = await asked(competition, event, id, content, at, replaces=id)
    stored = await before_of(id)
    if event["state"] in FINAL:
        before = {member: (row["outcome"], row["granted"] or row["level"]) for member, row in stored.items()}
    else:
        rows = await asked(competition, event, id, snapshot["content"], at)
        before = {row.member: (row.outcome, row.level) for row in rows}
    levels = {new.member: level_after(new, stored.get(new.member)) for new in after}
    differ = []
    for new in after:
        now = (new.outcome, levels[new.member] or new.level)
        if before[new.member] != now:
            differ.append(Promoted(names[str(new.member)], before[new.member], now))
    return differ, levels


def _names(content: Mapping[str, Any]) -> dict[str, str]:
    return {member["member"]: member["name"] for row in content["rows"] for member in row["members"]}
