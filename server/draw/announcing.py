"""Announcing a draw: the list, the public string, the witnesses and the custodians, all fixed before anybody can know more."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.blind_draw import LAYERS, Secrets, draw, promise
from scoring.verdict import No, Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Ceremony, Event, Supervisor, Witness
from server.draw.ceremony import ceremony_of
from server.draw.custodians import appoint
from server.draw.pool import blind_entries, pool_of
from server.errors import Refusal, refuse
from server.ledger import hold, record
from server.registration.review import reviewed
from server.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organiser announces: the public string and when it is known, the witnesses, shifts, related firms, and the
    custodian of each layer when there are to be any.
    """

    naming: str
    known_at: datetime
    witnesses: Sequence[UUID]
    shifts: int = 0
    related: str = ""
    custodians: Mapping[str, UUID] = field(default_factory=dict)
    escrow: bool = False


async def announce(event: Mapping[str, Any], plan: Plan, sealer: Sealer, actor: Actor, at: datetime) -> int:
    """Open a ceremony for an event that takes entries; its number.

    Raises Refusal `draw.not-now`, `draw.open-already`, `draw.naming`, `draw.too-soon`, `draw.witnesses`, `draw.nobody`,
    what the list or the custodians are refused for, and scoring.Problems when these entries cannot be drawn.
    """
    async with DB.transaction():
        await hold(event["competition"])
        now = await the_row(Event.select().where(Event.id == event["id"]).first())
        await _refuse_plan(now, plan, at)
        if isinstance(still := await reviewed(now), No):
            raise refuse(still, Words("请先审完报名。", "Finish the review first."))
        entries = await pool_of(now, plan.related)
        if not entries:
            raise Refusal(
                "draw.nobody", Words("没有人报名，不能抽签。", "Nobody has entered; there is nothing to draw.")
            )
        draw(blind_entries(entries), now["stations"], "", Secrets(), plan.shifts or None)
        kept = {layer: secrets.token_hex(32) for layer in (LAYERS if plan.custodians else ("code",))}
        number = await Ceremony.count().where(Ceremony.event == now["id"]) + 1
        ceremony = Ceremony(
            id=uuid4(),
            event=now["id"],
            number=number,
            naming=plan.naming.strip(),
            known_at=plan.known_at,
            entries=entries,
            stations=now["stations"],
            shifts=plan.shifts,
            promises={layer: promise(secret) for layer, secret in kept.items()},
            secrets_sealed=b"",
            custody=bool(plan.custodians),
            escrow=plan.escrow,
            opened=at,
        )
        ceremony.secrets_sealed = sealer.seal(json.dumps(kept), f"ceremony:{ceremony.id}")
        await Ceremony.insert(ceremony)
        await Witness.insert(*(Witness(id=uuid4(), ceremony=ceremony.id, account=one) for one in plan.witnesses))
        if plan.custodians:
            await appoint(now, ceremony.id, plan.custodians)
        data = {
            "ceremony": number,
            "naming": ceremony.naming,
            "known_at": plan.known_at.isoformat(),
            "witnesses": [str(one) for one in plan.witnesses],
            "entries": len(entries),
            "entries_sha256": fingerprint(entries),
            "promises": {layer: promise(secret) for layer, secret in kept.items()},
            "custodians": {layer: str(one) for layer, one in plan.custodians.items()},
            "escrow": plan.escrow,
        }
        await record(now["competition"], "draw.announced", actor, at, event=now["id"], data=data)
    return number


async def _refuse_plan(event: Mapping[str, Any], plan: Plan, at: datetime) -> None:
    if event["state"] != "registration":
        raise Refusal(
            "draw.not-now",
            Words("只有在报名阶段才能公告抽签。", "A draw is announced while the event takes entries."),
        )
    if await ceremony_of(event["id"]):
        raise Refusal(
            "draw.open-already",
            Words("这个赛项已经公告了一次抽签。", "A draw of this event has been announced already."),
            Words("要改动请先撤回，并写明理由。", "To change it, withdraw it first, with a reason."),
        )
    if not plan.naming.strip():
        raise Refusal(
            "draw.naming",
            Words("要事先说明用哪个公开字符串。", "It has to be said beforehand which public string decides."),
            status=422,
        )
    if plan.known_at <= at:
        raise Refusal(
            "draw.too-soon",
            Words("公开字符串要在以后才能知道。", "The public string has to become known later than now."),
            Words(
                "请选将来的时间，给监督留出承诺的时间。", "Choose a time to come, and leave supervisors time to commit."
            ),
            status=422,
        )
    appointed = await Supervisor.select(Supervisor.account).where(Supervisor.competition == event["competition"])
    if not plan.witnesses or not set(plan.witnesses) <= {row["account"] for row in appointed}:
        raise Refusal(
            "draw.witnesses",
            Words("至少指定一名本次竞赛的监督。", "Name at least one supervisor of this competition."),
            status=422,
        )


def fingerprint(entries: Sequence[Mapping[str, str]]) -> str:
    """SHA-256 of the published list."""
    text = json.dumps(list(entries), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
