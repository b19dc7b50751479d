"""Who sends competitors, and who may register for them: delegations and their clerks."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from scoring.verdict import Words
from server.access import Actor
from server.competitions.checking import LONGEST, NAMED_TWICE, NAMED_TWICE_MEND, invalid
from server.database.piccolo_conf import DB
from server.database.tables import Clerk, Delegation, Flag, Quota
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.people.flow import add_account, one_time_login
from server.signs import listed, unreadable

NO_DELEGATION = Words("这个代表队", "delegation")


async def delegations_of(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The delegations of a competition in the order of their names."""
    query = Delegation.select().where(Delegation.competition == competition["id"]).order_by(Delegation.name)
    return [dict(row) for row in await query]


async def add_delegations(
    competition: Mapping[str, Any], names: Iterable[str], actor: Actor, at: datetime
) -> list[str]:
    """Add delegations by their names; those that are there already stay as they are. The names that were added.

    Raises Refusal `delegation.name`.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted or any(len(name) > LONGEST for name in wanted):
        raise invalid("delegation.name", "请写代表队的名称，一行一个", "Write the delegations' names, one a line")
    if signs := listed(unreadable(" ".join(wanted))):
        raise invalid(
            "delegation.name", f"名称里有读不出的符号：{signs}", f"The names have signs that nobody can read: {signs}"
        )
    async with DB.transaction():
        await hold(competition["id"])
        there = {row["name"] for row in await delegations_of(competition)}
        added = [name for name in wanted if name not in there]
        if added:
            rows = [Delegation(id=uuid4(), competition=competition["id"], name=name, name_en="") for name in added]
            await Delegation.insert(*rows)
            await record(competition["id"], "delegations.added", actor, at, data={"names": added})
    return added


async def remove_delegation(competition: Mapping[str, Any], id: str, actor: Actor, at: datetime) -> None:
    """Take a delegation out with its quotas. Raises Refusal `not-found` or `delegation.in-use`."""
    async with DB.transaction():
        await hold(competition["id"])
        delegation = await delegation_of(competition, id)
        await record(competition["id"], "delegation.removed", actor, at, data={"name": delegation["name"]})
        await Quota.delete().where(Quota.delegation == delegation["id"])
        await Flag.delete().where(Flag.delegation == delegation["id"])
        try:
            await Delegation.delete().where(Delegation.id == delegation["id"])
        except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError) as used:
            raise Refusal(
                "delegation.in-use",
                Words(
                    f"{delegation['name']}已有报名或报名员，不能删去。",
                    f"{delegation['name']} has entries or clerks and cannot be taken out.",
                ),
            ) from used


async def delegation_of(competition: Mapping[str, Any], id: str) -> dict[str, Any]:
    """A delegation of this competition by the id that an address names. Raises Refusal `not-found`."""
    try:
        wanted = UUID(id)
    except ValueError:
        raise missing(NO_DELEGATION) from None
    where = (Delegation.competition == competition["id"]) & (Delegation.id == wanted)
    row = await Delegation.select().where(where).first()
    if not row:
        raise missing(NO_DELEGATION)
    return dict(row)


async def add_clerk(
    competition: Mapping[str, Any], delegation: str, name: str, actor: Actor, at: datetime
) -> tuple[UUID, str]:
    """An account for a delegation's clerk; the account and the token of a link that signs it in once.

    Raises Refusal `not-found`, `clerk.name`, or `clerk.taken`: a second one of the same name is the same person, named twice.
    """
    if not 0 < len(kept := name.strip()) <= LONGEST:
        raise invalid("clerk.name", "请写报名员的姓名", "Write the clerk's name")
    async with DB.transaction():
        await hold(competition["id"])
        of = await delegation_of(competition, delegation)
        if await Clerk.exists().where((Clerk.delegation == of["id"]) & (Clerk.account.name == kept)):
            raise Refusal("clerk.taken", NAMED_TWICE, NAMED_TWICE_MEND)
        account = await add_account(f"clerk-{secrets.token_hex(6)}", kept)
        await Clerk.insert(Clerk(id=uuid4(), delegation=of["id"], account=account))
        data = {"delegation": of["name"], "account": str(account)}
        await record(competition["id"], "clerk.invited", actor, at, data=data)
        token = await one_time_login(account, at)
    return account, token


async def remove_clerk(competition: Mapping[str, Any], account: UUID, actor: Actor, at: datetime) -> None:
    """Take back that somebody registers for a delegation of this competition; what they entered stays."""
    async with DB.transaction():
        own = Delegation.select(Delegation.id).where(Delegation.competition == competition["id"])
        delegations = [row["id"] for row in await own]
        await Clerk.delete().where((Clerk.account == account) & Clerk.delegation.is_in(delegations))
        await record(competition["id"], "clerk.removed", actor, at, data={"account": str(account)})


async def clerks_of(competition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clerks of a competition: account, name, and whose they are."""
    query = Clerk.select(
        Clerk.account, Clerk.account.name.as_alias("name"), Clerk.delegation.name.as_alias("delegation")
    )
    where = (Clerk.delegation.competition == competition["id"]) & Clerk.account.active.eq(True)
    return [dict(row) for row in await query.where(where).order_by(Clerk.delegation.name, Clerk.account.name)]


def account_of(id: str, among: Iterable[Mapping[str, Any]]) -> UUID:
    """The account that an address names, if it is one of these. Raises Refusal `not-found`."""
    for one in among:
        if str(one["account"]) == id:
            return UUID(id)
    raise missing(Words("这个账号", "account"))
