"""The two ledgers' hash chain, and the ledger of decisions.

Every row holds the hash of the row before it and a hash over both, so that a row that was changed, removed or put in
shows. *Head* is the newest row of a chain; it is locked while a row is added, so that a chain never forks.
What a row's hash covers is fixed for ever: an issued format only grows at its end, under a new `FORMAT`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import Actor
from server.database.rows import the_row
from server.database.tables import Decision, DecisionHead

GENESIS = bytes(32)
"""What stands before the first row of a chain."""


def link(previous: bytes, fields: Sequence[Any]) -> bytes:
    """SHA-256 of the previous hash followed by the fields as compact JSON; times as microseconds since 1970."""
    text = json.dumps([_plain(value) for value in fields], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(previous + text.encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return microseconds(value)
    return str(value) if isinstance(value, UUID) else value


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 in UTC: what PostgreSQL keeps of a time, without a float."""
    past = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def decision_fields(row: dict[str, Any]) -> list[Any]:
    """What the hash of a decision covers, in this order."""
    names = ("id", "competition", "sequence", "event", "kind", "actor", "actor_name", "at", "reason", "data")
    return ["podium-decision-1", *(row[name] for name in names)]


def policy_act_fields(row: dict[str, Any]) -> list[Any]:
    """What the hash of an act on an own policy covers, in this order."""
    names = ("id", "organiser", "sequence", "policy", "name", "kind", "actor", "actor_name", "at", "reason", "data")
    return ["podium-policy-1", *(row[name] for name in names)]


async def open_ledger(competition: UUID) -> None:
    """Start the chain of a new competition."""
    await DecisionHead.insert(DecisionHead(id=competition, sequence=0, hash=GENESIS))


async def record(
    competition: UUID,
    kind: str,
    actor: Actor,
    at: datetime,
    *,
    event: UUID | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> int:
    """Add a decision to the ledger of `competition` within the caller's transaction; its sequence number."""
    head = await the_row(DecisionHead.select().where(DecisionHead.id == competition).lock_rows().first())
    row: dict[str, Any] = {
        "id": uuid4(),
        "competition": competition,
        "sequence": head["sequence"] + 1,
        "event": event,
        "kind": kind,
        "actor": actor.account,
        "actor_name": actor.name,
        "at": at,
        "reason": reason,
        "data": data or {},
        "previous": head["hash"],
    }
    row["hash"] = link(head["hash"], decision_fields(row))
    await Decision.insert(Decision(**row))
    await DecisionHead.update({DecisionHead.sequence: row["sequence"], DecisionHead.hash: row["hash"]}).where(
        DecisionHead.id == competition
    )
    return int(row["sequence"])


async def hold(competition: UUID) -> None:
    """Let nobody else decide in this competition until the caller's transaction ends."""
    await DecisionHead.select(DecisionHead.id).where(DecisionHead.id == competition).lock_rows().first()
