"""Which files a competition or one of its events asks for, and which of them nobody may lack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.competitions.checking import LONGEST, invalid
from server.database.piccolo_conf import DB
from server.database.tables import Attachment, AttachmentKind
from server.errors import Refusal, missing
from server.ledger import hold, record

MOST_KINDS = 20
KINDS = """SELECT k.id, k.event, k.name, k.name_en, k.required, v.code, v.name AS event_name, v.name_en AS event_name_en
FROM attachment_kind k LEFT JOIN event v ON v.id = k.event WHERE k.competition = {} AND k.asked
ORDER BY v.code NULLS FIRST, k.name"""
USUAL = (
    Words("职业技能等级证书", "Skill level certificate"),
    Words("社会保险缴纳证明", "Proof of social security"),
    Words("身份证正反面", "Identity card, both sides"),
    Words("学籍证明", "Proof of enrolment"),
    Words("在职证明", "Proof of employment"),
)
"""What notices of competitions ask for; offered while typing."""


async def kinds_of(competition: UUID) -> list[dict[str, Any]]:
    """What is asked for: of everybody first, then event by event."""
    return [dict(row) for row in await AttachmentKind.raw(KINDS, competition)]


async def add_kind(
    competition: Mapping[str, Any],
    event: Mapping[str, Any] | None,
    name: str,
    name_en: str,
    required: bool,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Ask for another kind of file. Raises Refusal `attachment-kind.name`, `attachment-kind.taken` or `attachment-kind.many`."""
    name, name_en = name.strip(), name_en.strip()
    if not name or max(len(name), len(name_en)) > LONGEST:
        raise invalid("attachment-kind.name", "请写材料的名称", "Write what has to be attached")
    id, event_id = uuid4(), event["id"] if event else None
    async with DB.transaction():
        await hold(competition["id"])
        there = await kinds_of(competition["id"])
        if any(one["name"] == name and one["event"] in (None, event_id) for one in there):
            raise TAKEN
        if len(there) >= MOST_KINDS:
            raise MANY
        row = AttachmentKind(
            id=id,
            competition=competition["id"],
            event=event_id,
            name=name,
            name_en=name_en,
            required=required,
            asked=True,
        )
        await AttachmentKind.insert(row)
        data = {"kind": str(id), "name": name, "required": required}
        await record(competition["id"], "attachments.asked", actor, at, event=event_id, data=data)
    return id


async def remove_kind(competition: Mapping[str, Any], id: UUID, actor: Actor, at: datetime) -> None:
    """Ask for it no longer; files that were attached stay. Raises Refusal `not-found`."""
    async with DB.transaction():
        await hold(competition["id"])
        found = next((one for one in await kinds_of(competition["id"]) if one["id"] == id), None)
        if found is None:
            raise missing(Words("这种材料", "kind of attachment"))
        if await Attachment.exists().where(Attachment.kind == id):
            await AttachmentKind.update({AttachmentKind.asked: False}).where(AttachmentKind.id == id)
        else:
            await AttachmentKind.delete().where(AttachmentKind.id == id)
        data = {"kind": str(id), "name": found["name"]}
        await record(competition["id"], "attachments.unasked", actor, at, event=found["event"], data=data)


TAKEN = Refusal(
    "attachment-kind.taken",
    Words("这里已经要求交这种材料。", "This is asked for here already."),
)
MANY = Refusal(
    "attachment-kind.many",
    Words(f"一项竞赛最多要求 {MOST_KINDS} 种材料。", f"A competition asks for {MOST_KINDS} kinds at most."),
)
