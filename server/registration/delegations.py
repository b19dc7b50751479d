"""Delegations of a competition, the clerks who register for them, and what a delegation's own headings mean."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Clerk, Competition, Delegation, HeadingMapping
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.people.flow import add_account, one_time_login

LONGEST_NAME = 80
COUNTS = """SELECT d.id, d.name, d.name_en,
    (SELECT count(*) FROM entry e WHERE e.delegation = d.id) AS entries,
    (SELECT count(*) FROM member m JOIN entry e ON e.id = m.entry WHERE e.delegation = d.id) AS people,
    (SELECT count(*) FROM intake i WHERE i.delegation = d.id AND i.state = 'previewed') AS waiting,
    (SELECT max(decided) FROM intake i WHERE i.delegation = d.id AND i.state = 'accepted') AS newest
FROM delegation d WHERE d.competition = {} ORDER BY d.name"""


async def delegation_with(competition: Mapping[str, Any], id: str) -> dict[str, Any]:
    """A delegation of this competition by the id in its address. Raises Refusal `not-found`."""
    try:
        wanted = UUID(id)
    except ValueError:
        raise missing(Words("这个代表队", "delegation")) from None
    where = (Delegation.competition == competition["id"]) & (Delegation.id == wanted)
    row = await Delegation.select().where(where).first()
    if not row:
        raise missing(Words("这个代表队", "delegation"))
    return dict(row)


async def add_delegation(competition: Mapping[str, Any], name: str, name_en: str, actor: Actor, at: datetime) -> UUID:
    """A delegation that may register. Raises Refusal `delegation.name` or `delegation.taken`."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal(
            "delegation.name",
            Words(
                f"代表队名称要有 1 到 {LONGEST_NAME} 个字。", f"A delegation's name has 1 to {LONGEST_NAME} characters."
            ),
            status=422,
        )
    async with DB.transaction():
        await hold(competition["id"])
        if await Delegation.exists().where((Delegation.competition == competition["id"]) & (Delegation.name == name)):
            raise Refusal("delegation.taken", Words(f"已经有{name}了。", f"There is {name} already."))
        made = Delegation(id=uuid4(), competition=competition["id"], name=name, name_en=name_en.strip())
        await Delegation.insert(made)
        await record(competition["id"], "delegation.added", actor, at, data={"name": name})
    return UUID(str(made.id))


async def invite_clerk(
    competition: Mapping[str, Any], delegation: Mapping[str, Any], name: str, actor: Actor, at: datetime
) -> str:
    """An account that registers for a delegation; the token of the link that signs it in once."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Refusal("clerk.name", Words("请写填报人的姓名。", "Write the clerk's name."), status=422)
    async with DB.transaction():
        await hold(competition["id"])
        account = await add_account(f"clerk-{secrets.token_hex(6)}", name.strip())
        await Clerk.insert(Clerk(id=uuid4(), delegation=delegation["id"], account=account))
        data = {"delegation": delegation["name"], "account": str(account)}
        await record(competition["id"], "clerk.invited", actor, at, data=data)
    return await one_time_login(account, at)


async def delegations_of(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every delegation of a competition, how many it has entered, and whether a workbook waits."""
    return [dict(row) for row in await Delegation.raw(COUNTS, competition["id"])]


async def desks_of(actor: Actor) -> list[dict[str, Any]]:
    """The delegations for which this person registers, the newest competition first."""
    if not actor.delegations:
        return []
    query = Delegation.select(
        Delegation.id, Delegation.name, Delegation.name_en, Delegation.competition.as_alias("competition")
    )
    rows = await query.where(Delegation.id.is_in(list(actor.delegations)))
    held = {row["competition"] for row in rows}
    competitions = {row["id"]: row for row in await Competition.select().where(Competition.id.is_in(list(held)))}
    made = [{**row, "competition": dict(competitions[row["competition"]])} for row in rows]
    return sorted(made, key=lambda desk: desk["competition"]["starts"], reverse=True)


async def headings_of(delegation: UUID) -> dict[str, str]:
    """Heading → field, as people of this delegation explained them; an empty field is to be ignored."""
    rows = await HeadingMapping.select(HeadingMapping.heading, HeadingMapping.field).where(
        HeadingMapping.delegation == delegation
    )
    return {row["heading"]: row["field"] for row in rows}


async def explain_headings(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    meanings: Mapping[str, str | None],
    actor: Actor,
    at: datetime,
) -> None:
    """Remember what headings mean, for every later workbook of this delegation; None forgets one."""
    async with DB.transaction():
        await hold(competition["id"])
        for heading, field in sorted(meanings.items()):
            mine = (HeadingMapping.delegation == delegation["id"]) & (HeadingMapping.heading == heading)
            await HeadingMapping.delete().where(mine)
            if field is not None:
                row = HeadingMapping(id=uuid4(), delegation=delegation["id"], heading=heading, field=field)
                await HeadingMapping.insert(row)
        data = {"delegation": delegation["name"], "headings": dict(meanings)}
        await record(competition["id"], "headings.explained", actor, at, data=data)
