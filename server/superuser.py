"""The raw tables' door and their trail.

A superuser is named on the machine itself (`podium organiser LOGIN --superuser`) and holds no place by it: what they may
do in a competition's office is decided as for everybody. The raw tables open in one session, for half an hour, to the
password and a reason. Whatever is seen or changed there is a row of one hash chain, like the ledgers; `podium audit
verify` walks it. What else is the installation's and no competition's, the keys that sign, is written down in it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import RawAct, RawHead, RawOpening, Superuser
from server.errors import Refusal
from server.ledger import GENESIS, link
from server.people.flow import prove

OPEN_FOR = timedelta(minutes=30)
LONGEST_REASON = 500
MACHINE = Actor(name="podium organiser")
"""Who names superusers, and changes keys there: whoever may run commands on the machine."""
NO_REASON = Refusal(
    "raw.no-reason",
    Words("还没有写明原因。", "No reason was given."),
    Words(
        "请写明要查什么或改什么；原因写入留痕。",
        "Say what is to be looked up or mended; the reason goes into the trail.",
    ),
    status=422,
)
TOO_LONG = Refusal(
    "raw.long-reason",
    Words(f"原因最多 {LONGEST_REASON} 个字符。", f"A reason has at most {LONGEST_REASON} characters."),
    Words("请写短些。", "Make it shorter."),
    status=422,
)


def act_fields(row: Mapping[str, Any]) -> list[Any]:
    """What the hash of an act covers, in this order."""
    names = ("id", "opening", "sequence", "kind", "actor", "actor_name", "at", "relation", "row", "reason", "data")
    return ["podium-raw-1", *(row[name] for name in names)]


async def make_superuser(account: UUID, at: datetime) -> None:
    """Let an account open the raw tables."""
    async with DB.transaction():
        row = Superuser(id=uuid4(), account=account, at=at)
        made = await Superuser.insert(row).on_conflict(action="DO NOTHING").returning(Superuser.id)
        if made:
            await record(MACHINE, "superuser.made", at, row=str(account))


async def unmake_superuser(account: UUID, at: datetime) -> None:
    """Take it away; what is open closes."""
    async with DB.transaction():
        gone = await Superuser.delete().where(Superuser.account == account).returning(Superuser.id)
        await RawOpening.update({RawOpening.closed: at}).where(
            (RawOpening.account == account) & RawOpening.closed.is_null()
        )
        if gone:
            await record(MACHINE, "superuser.unmade", at, row=str(account))


async def open_tables(actor: Actor, password: str, reason: str, at: datetime) -> UUID:
    """Open the raw tables in this session; what the account had open elsewhere closes.

    Raises Refusal `raw.no-reason`, `raw.long-reason`, or what `prove` says of the password.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise NO_REASON
    if len(reason) > LONGEST_REASON:
        raise TOO_LONG
    await prove(actor, password, at)
    opening = RawOpening(
        id=uuid4(), account=actor.account, session=actor.session, reason=reason, at=at, until=at + OPEN_FOR, closed=None
    )
    async with DB.transaction():
        theirs = (RawOpening.account == actor.account) & RawOpening.closed.is_null()
        await RawOpening.update({RawOpening.closed: at}).where(theirs)
        await RawOpening.insert(opening)
        await record(actor, "tables.opened", at, opening=opening.id, reason=reason)
    return UUID(str(opening.id))


async def close_tables(actor: Actor, at: datetime) -> None:
    """Close them before their time; closed ones stay as they are."""
    async with DB.transaction():
        held = await opening_of(actor, at)
        if held:
            await RawOpening.update({RawOpening.closed: at}).where(RawOpening.id == held["id"])
            await record(actor, "tables.closed", at, opening=held["id"])


async def opening_of(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """What this session has open now."""
    mine = (RawOpening.account == actor.account) & (RawOpening.session == actor.session)
    row = await RawOpening.select().where(mine & RawOpening.closed.is_null() & (RawOpening.until > at)).first()
    return dict(row) if row else None


async def record(
    actor: Actor,
    kind: str,
    at: datetime,
    *,
    opening: UUID | None = None,
    relation: str = "",
    row: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Add to the trail within the caller's transaction."""
    await RawHead.insert(RawHead(id=1, sequence=0, hash=GENESIS)).on_conflict(action="DO NOTHING")
    head = await the_row(RawHead.select().where(RawHead.id == 1).lock_rows().first())
    act: dict[str, Any] = {
        "id": uuid4(),
        "opening": opening,
        "sequence": head["sequence"] + 1,
        "kind": kind,
        "actor": actor.account,
        "actor_name": actor.name,
        "at": at,
        "relation": relation,
        "row": row,
        "reason": reason,
        "data": data or {},
        "previous": head["hash"],
    }
    act["hash"] = link(head["hash"], act_fields(act))
    await RawAct.insert(RawAct(**act))
    await RawHead.update({RawHead.sequence: act["sequence"], RawHead.hash: act["hash"]}).where(RawHead.id == 1)


async def last_seen(opening: UUID, relation: str, row: str) -> str | None:
    """The digest of a row as this opening saw it last, or left it; None when it did not."""
    where = (RawAct.opening == opening) & (RawAct.relation == relation) & (RawAct.row == row)
    query = RawAct.select(RawAct.data).where(where & RawAct.kind.is_in(["row.seen", "row.changed"]))
    found = await query.order_by(RawAct.sequence, ascending=False).first().output(load_json=True)
    return str(found["data"]["sha256"]) if found else None
