"""Appeals as they stand: what there is, who is party, and admitting one where the policy names no time.

A supervisor admits such an appeal with a reason, or does not; the words of both stay. Each act is a row that is only
added, and has its row in the ledger of decisions in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Appeal, AppealAct, AppealAttachment
from server.errors import Refusal, explained, missing, refuse
from server.ledger import hold, record
from server.sealing import Sealer

MOST_REASON = 2000
OPEN = ("asked", "open")
"""States in which an appeal waits for somebody."""
STATES = {
    "asked": Words("待准许", "waits for admission"),
    "open": Words("办理中", "being looked into"),
    "upheld": Words("成立", "upheld"),
    "rejected": Words("驳回", "rejected"),
    "refused": Words("不予受理", "not admitted"),
}
APPEALS = """SELECT a.id, a.number, a.event, a.delegation, a.entry, a.snapshot, a.state, a.reason, a.rule, a.assigned, a.republished,
    a.version, a.account, a.at, e.code, e.name AS event_name, e.name_en AS event_name_en, e.state AS event_state,
    d.name AS delegation_name, n.number AS entry_number, n.team, s.version AS snapshot_version, r.version AS republished_version,
    (SELECT string_agg(p.name, '、' ORDER BY m.position) FROM member m JOIN person p ON p.id = m.person WHERE m.entry = n.id) AS names,
    c.name AS assigned_name, f.media, f.pages
FROM appeal a JOIN event e ON e.id = a.event JOIN delegation d ON d.id = a.delegation JOIN entry n ON n.id = a.entry
JOIN snapshot s ON s.id = a.snapshot LEFT JOIN snapshot r ON r.id = a.republished
LEFT JOIN account c ON c.id = a.assigned LEFT JOIN appeal_attachment f ON f.appeal = a.id
WHERE a.competition = {} AND ({}::int IS NULL OR a.number = {}) ORDER BY a.number DESC"""


async def appeals_of(competition: UUID) -> list[dict[str, Any]]:
    """Every appeal of a competition, newest first."""
    return [dict(row) for row in await Appeal.raw(APPEALS, competition, None, None)]


async def waiting_in(competition: UUID) -> int:
    """How many appeals of a competition wait for somebody."""
    return await Appeal.count().where((Appeal.competition == competition) & Appeal.state.is_in(list(OPEN)))


async def appeal_of(competition: UUID, number: int) -> dict[str, Any]:
    """One appeal by its number. Raises Refusal `not-found`."""
    found = next(iter(await Appeal.raw(APPEALS, competition, number, number)), None)
    if found is None:
        raise missing(THIS)
    return found


async def acts_of(appeal: UUID) -> list[dict[str, Any]]:
    """What was done about an appeal, in order."""
    return (await acts_of_each([appeal]))[appeal]


async def acts_of_each(appeals: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The same of many appeals, in one look."""
    found: dict[UUID, list[dict[str, Any]]] = {appeal: [] for appeal in appeals}
    if not appeals:
        return found
    query = AppealAct.select().where(AppealAct.appeal.is_in(list(appeals))).order_by(AppealAct.sequence)
    for row in await query:
        found[row["appeal"]].append(dict(row))
    return found


async def attached_to(appeal: UUID, sealer: Sealer) -> tuple[bytes, str]:
    """The file that an appeal brought, and what it is. Raises Refusal `not-found`."""
    row = await AppealAttachment.select().where(AppealAttachment.appeal == appeal).first()
    if row is None:
        raise missing(Words("这份附件", "attachment"))
    return sealer.open_bytes(bytes(row["sealed"]), f"appeal:{row['id']}"), str(row["media"])


async def admit(
    competition: Mapping[str, Any], number: int, version: int, yes: bool, reason: str, actor: Actor, at: datetime
) -> None:
    """Admit an appeal on which the policy is silent, or not. Whoever calls has asked for a supervisor.

    Raises Refusal: `not-found`, `appeals.reason`, `appeals.changed` when it is no longer as it was seen, or `appeals.state`.
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        row = await seen(competition, number, version)
        if row["state"] != "asked":
            raise NOT_NOW
        if isinstance(party := await not_party(row, actor), No):
            raise refuse(party, status=403)
        await move(row, "open" if yes else "refused")
        await add_act(competition, row, "admitted" if yes else "refused", reason, actor, at)


async def not_party(row: Mapping[str, Any], actor: Actor) -> Yes | No:
    """Whether somebody may act on an appeal: not who registers for that delegation, nor a judge who marked the entry.

    Asked of the database, because a place may have been given a moment ago.
    """
    return await party_of(row, actor.account, actor.name)


async def party_of(row: Mapping[str, Any], account: UUID | None, name: str) -> Yes | No:
    """The same of any account; nobody may act without one."""
    return (await party_of_each([row["id"]], account, name))[row["id"]]


async def party_of_each(appeals: Sequence[UUID], account: UUID | None, name: str) -> dict[UUID, Yes | No]:
    """The same of many appeals, in one look."""
    rows = await Appeal.raw(PARTY, account, account, account, account, list(appeals)) if appeals else []
    return {row["id"]: _party(row, account, name) for row in rows}


def _party(found: Mapping[str, Any], account: UUID | None, name: str) -> Yes | No:
    if account is None or found["own"]:
        words = Words(f"{name} 是提出申诉的代表队的人。", f"{name} belongs to the delegation that appeals.")
        return No("appeals.party", words)
    if found["judge"]:
        words = Words(f"{name} 给这个参赛单元打过分。", f"{name} has marked this entry.")
        return No("appeals.party", words)
    return Yes("appeals.no-party")


PARTY = """SELECT a.id, a.account = {} OR EXISTS (SELECT 1 FROM clerk WHERE account = {} AND delegation = a.delegation) AS own,
    EXISTS (SELECT 1 FROM mark WHERE judge = {} AND event = a.event)
    AND EXISTS (SELECT 1 FROM mark m JOIN place p ON p.event = m.event AND p.code = m.entry
        WHERE m.judge = {} AND p.entry = a.entry) AS judge
FROM appeal a WHERE a.id = ANY({})"""


async def seen(competition: Mapping[str, Any], number: int, version: int) -> dict[str, Any]:
    """An appeal as somebody saw it, held for the caller's transaction. Raises Refusal `not-found` or `appeals.changed`."""
    await hold(competition["id"])
    row = await appeal_of(competition["id"], number)
    if row["version"] != version:
        raise CHANGED
    return row


async def move(row: Mapping[str, Any], state: str, **more: Any) -> None:
    """Put an appeal into a state within the caller's transaction."""
    changes: dict[Any, Any] = {Appeal.state: state, Appeal.version: row["version"] + 1}
    changes |= {getattr(Appeal, name): value for name, value in more.items()}
    await Appeal.update(changes).where(Appeal.id == row["id"])


async def add_act(
    competition: Mapping[str, Any],
    row: Mapping[str, Any],
    act: str,
    text: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add an act and its row in the ledger within the caller's transaction."""
    done = {"id": uuid4(), "appeal": row["id"], "act": act, "text": text, "account": actor.account, "by_name": actor.name, "at": at}  # fmt: skip
    await insert_rows(AppealAct, [done])
    said = {"appeal": row["number"], **(data or {})}
    await record(competition["id"], f"appeal.{act}", actor, at, event=row["event"], reason=text, data=said)


THIS = Words("这件申诉", "appeal")
NO_REASON = Refusal(
    "appeals.reason",
    Words("请写明理由，最多 2000 字。", "Say why, in at most 2 000 characters."),
    status=422,
)
CHANGED = Refusal(
    "appeals.changed",
    Words("你看过之后，这件申诉又有变化。", "This appeal changed after you looked."),
    Words("请看过现在的内容再处理。", "Look at it as it is now, then act."),
)
NOT_NOW = Refusal(
    "appeals.state", Words("这件申诉现在不能这样处理。", "This cannot be done to the appeal as it stands.")
)
