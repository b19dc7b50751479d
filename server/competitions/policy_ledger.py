"""What was done to an organiser's own policies: a chain for each organiser, and what follows from it: who wrote a version,
and who may therefore not confirm it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from server.access import Actor
from server.database.rows import the_row
from server.database.tables import PolicyAct, PolicyHead, Staff
from server.ledger import GENESIS, link, policy_act_fields

WROTE = ("begun", "saved", "proposed", "taken-back")
"""Acts of whoever stands for a text, and so does not confirm it."""
ELSEWHERE = """SELECT DISTINCT a.id, a.name FROM account a JOIN supervisor v ON v.account = a.id
JOIN competition c ON c.id = v.competition JOIN series s ON s.id = c.series WHERE s.organiser = {} AND a.active"""
IN_OFFICE = "SELECT a.id, a.name FROM account a JOIN staff f ON f.account = a.id WHERE f.organiser = {} AND a.active"
OF_SUPERVISORS = (
    """SELECT DISTINCT s.organiser FROM competition c JOIN series s ON s.id = c.series WHERE c.id = ANY({})"""
)


async def record_policy(
    row: Mapping[str, Any], kind: str, actor: Actor, at: datetime, text: str, reason: str = "", document: str = ""
) -> None:
    """Add an act on a version (`id`, `organiser`, `code`, `version`) within the caller's transaction."""
    organiser = row["organiser"]
    await PolicyHead.insert(PolicyHead(id=organiser, sequence=0, hash=GENESIS)).on_conflict(action="DO NOTHING")
    head = await the_row(PolicyHead.select().where(PolicyHead.id == organiser).lock_rows().first())
    act: dict[str, Any] = {
        "id": uuid4(),
        "organiser": organiser,
        "sequence": head["sequence"] + 1,
        "policy": row["id"],
        "name": f"{row['code']}@{row['version']}",
        "kind": kind,
        "actor": actor.account,
        "actor_name": actor.name,
        "at": at,
        "reason": reason,
        "data": {"sha256": hashlib.sha256(text.encode()).hexdigest(), **({"document": document} if document else {})},
        "previous": head["hash"],
    }
    act["hash"] = link(head["hash"], policy_act_fields(act))
    await PolicyAct.insert(PolicyAct(**act))
    changes: dict[Any, Any] = {PolicyHead.sequence: act["sequence"], PolicyHead.hash: act["hash"]}
    await PolicyHead.update(changes).where(PolicyHead.id == organiser)


async def acts_of(policy: UUID) -> list[dict[str, Any]]:
    """Everything that was done to a version, the newest first."""
    query = PolicyAct.select().where(PolicyAct.policy == policy).order_by(PolicyAct.sequence, ascending=False)
    return [dict(row) for row in await query.output(load_json=True)]


def writers_of(acts: Collection[Mapping[str, Any]]) -> frozenset[UUID]:
    """The accounts of everybody who wrote or proposed it."""
    return frozenset(act["actor"] for act in acts if act["kind"] in WROTE and act["actor"])


async def confirmers(organiser: UUID, writers: Collection[UUID]) -> list[str]:
    """The names of those who could confirm: the organiser's staff and its competitions' supervisors, who did not write."""
    rows = [*await Staff.raw(IN_OFFICE, organiser), *await Staff.raw(ELSEWHERE, organiser)]
    return sorted({row["id"]: row["name"] for row in rows if row["id"] not in writers}.values())


async def organisers_seen(actor: Actor) -> frozenset[UUID]:
    """The organisers whose policies somebody may read: their own, and those whose competitions they supervise."""
    if not actor.supervises:
        return actor.organisers
    rows = await Staff.raw(OF_SUPERVISORS, list(actor.supervises))
    return actor.organisers | {row["organiser"] for row in rows}
