"""Taking an accepted workbook back as a whole: the newest of a delegation first, and only while nothing of it has gone on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Event, Intake
from server.errors import missing, refuse
from server.ledger import hold, record
from server.registration.late import may_enter
from server.registration.staging import FORM
from server.registration.storing import Journal, take_back, touched
from server.registration.waiting import over_full, settle
from server.registration.window import window
from server.sealing import Sealer


async def undo(
    competition: Mapping[str, Any], delegation: Mapping[str, Any], id: UUID, sealer: Sealer, actor: Actor, at: datetime
) -> None:
    """Take an accepted intake back as a whole.

    Raises Refusal `not-found`, `intake.not-accepted`, `intake.older` or `intake.gone-on`.
    """
    closed = await may_enter(competition, delegation["id"], actor, at)
    if isinstance(closed, No) and isinstance(window(competition, actor, at), No):
        raise refuse(closed, Words("请联系主办方。", "Ask the organiser."))
    async with DB.transaction():
        await hold(competition["id"])
        row = (
            await Intake.select().where((Intake.id == id) & (Intake.delegation == delegation["id"])).lock_rows().first()
        )
        if row is None:
            raise missing(FORM)
        if isinstance(may := await may_undo(row, sealer), No):
            raise refuse(may)
        journal = _journal(row, sealer)
        await take_back(journal)
        if full := await over_full(competition["id"]):
            names = "、".join(full)
            words = Words(f"“{names}”的名额已经给了候补的人。", f"The places in {names} have gone to those who waited.")
            raise refuse(No("intake.full", words), Words("请联系主办方。", "Ask the organiser."))
        await settle(competition, actor, at)
        await Intake.update({Intake.state: "undone", Intake.decided: at}).where(Intake.id == id)
        data = {
            "delegation": delegation["name"],
            "intake": str(id),
            "sha256": row["sha256"].hex(),
            "entries": len(journal.entries),
            "changed": len(journal.changed_members),
            "returned": len(journal.gone_entries),
        }
        await record(competition["id"], "entries.undone", actor, at, data=data)


async def newest_accepted(delegation: UUID) -> dict[str, Any] | None:
    """The intake of a delegation that would be undone first."""
    query = Intake.select().where((Intake.delegation == delegation) & (Intake.state == "accepted"))
    row = await query.order_by(Intake.decided, ascending=False).first()
    return dict(row) if row else None


async def may_undo(row: Mapping[str, Any] | None, sealer: Sealer) -> Yes | No:
    """Whether an intake can be taken back as a whole, and why not."""
    if not row or row["state"] != "accepted" or not row["journal"]:
        return No(
            "intake.not-accepted", Words("这份表没有可撤销的导入。", "There is nothing of this form to be undone.")
        )
    newest = await newest_accepted(row["delegation"])
    if newest and newest["id"] != row["id"]:
        return No(
            "intake.older",
            Words(
                "之后又导入过别的表，请先撤销后来的。", "Another form was taken in after this one; undo that one first."
            ),
        )
    journal = _journal(row, sealer)
    if isinstance(further := await gone_further(journal.events), No):
        return further
    if since := await touched(journal):
        words = Words(
            f"其中 {len(since)} 份报名之后审核过或有了变化，不能整批撤销。",
            f"{len(since)} of its entries have been reviewed or changed since; the whole can no longer be undone.",
        )
        return No("intake.reviewed", words)
    return Yes("intake.open")


async def gone_further(events: Sequence[UUID]) -> Yes | No:
    """Whether entries of these events have gone on: a draw has been held."""
    on = await Event.select(Event.name).where(Event.id.is_in(list(events)) & (Event.state != "registration")).first()
    if on:
        words = Words(
            f"“{on['name']}”已经不在报名阶段，不能整批撤销。",
            f'"{on["name"]}" is past registration; the whole can no longer be undone.',
        )
        return No("intake.gone-on", words)
    return Yes("intake.open")


def _journal(row: Mapping[str, Any], sealer: Sealer) -> Journal:
    return msgspec.msgpack.decode(sealer.open_bytes(row["journal"], f"journal:{row['id']}"), type=Journal)
