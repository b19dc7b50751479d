"""API keys: making one at the desk, withdrawing it, and telling who holds it when it is shown.

A key belongs to one competition and opens the scopes that it was given, for a time. One that may give marks is bound to
aspects which the panel records once: a machine measures, it does not judge. In the ledgers it acts under an account of
its own that nobody can sign in with, so that a mark of a machine is known as one for ever.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.scheme import ONE, names_of
from scoring.verdict import Words
from server.access import SCOPES, Actor, Key
from server.competitions.flow import events_of, scheme_of
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Account, ApiKey, ApiKeyAspect
from server.errors import NOTHING, Refusal, missing
from server.ledger import hold, record
from server.people.flow import add_account, digest

PREFIX = "podium_"
"""Every token begins like this, so that one that was lost in a program's text is found there."""
LONGEST_NAME = 40
LONGEST_LIFE = timedelta(days=366)
USED_EVERY = timedelta(minutes=1)

HOLDER = """SELECT k.id, k.account, k.name, k.competition, k.last_used,
    ARRAY(SELECT jsonb_array_elements_text(k.scopes)) AS scopes,
    ARRAY(SELECT event FROM api_key_aspect WHERE key = k.id ORDER BY event, aspect) AS events,
    ARRAY(SELECT aspect FROM api_key_aspect WHERE key = k.id ORDER BY event, aspect) AS aspects
FROM api_key k JOIN account a ON a.id = k.account
WHERE k.digest = {} AND k.expires > {} AND k.withdrawn IS NULL AND a.active"""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made; `aspects` are ids of aspects by the code of their event."""

    name: str
    scopes: frozenset[str]
    expires: datetime
    aspects: Mapping[str, frozenset[str]]


async def make_key(competition: Mapping[str, Any], new: NewKey, actor: Actor, at: datetime) -> str:
    """The token of a new key; it is told this once.

    Raises Refusal `key.name`, `key.taken`, `key.expires`, `key.scopes`, `key.aspects`.
    """
    _check(new, at)
    token = PREFIX + secrets.token_urlsafe(32)
    async with DB.transaction():
        await hold(competition["id"])
        bound = await _bound(competition, new)
        if await ApiKey.exists().where((ApiKey.competition == competition["id"]) & (ApiKey.name == new.name)):
            raise _refused("key.taken", "已有同名的密钥。", "There is a key of this name already.")
        account = await add_account(f"key-{secrets.token_hex(6)}", new.name)
        key = ApiKey(
            id=uuid4(), competition=competition["id"], account=account, name=new.name, digest=digest(token), hint=token[-4:],
            scopes=sorted(new.scopes), made=at, made_by=actor.account, expires=new.expires, last_used=None, withdrawn=None,
            withdrawn_by=None,
        )  # fmt: skip
        await ApiKey.insert(key)
        rows = [{"id": uuid4(), "key": key.id, "event": event, "aspect": aspect} for event, _, aspect in bound]
        await insert_rows(ApiKeyAspect, rows)
        data = {
            "key": new.name,
            "account": str(account),
            "scopes": sorted(new.scopes),
            "aspects": [f"{code} {aspect}" for _, code, aspect in bound],
            "expires": new.expires.isoformat(),
        }
        await record(competition["id"], "key.made", actor, at, data=data)
    return token


def _check(new: NewKey, at: datetime) -> None:
    if not 0 < len(new.name) <= LONGEST_NAME or not new.name.isprintable():
        zh, en = f"请写名称，最多 {LONGEST_NAME} 字。", f"Give it a name of at most {LONGEST_NAME} characters."
        raise _refused("key.name", zh, en)
    if not at < new.expires <= at + LONGEST_LIFE:
        raise _refused(
            "key.expires", "到期日要在明天到一年之内。", "A key expires between tomorrow and a year from now."
        )
    if not new.scopes or not new.scopes <= SCOPES.keys():
        raise _refused("key.scopes", "请至少选一项权限。", "Choose at least one thing that it may do.")


async def _bound(competition: Mapping[str, Any], new: NewKey) -> list[tuple[UUID, str, str]]:
    """Event, its code and aspect of everything that the key may mark."""
    named = {code: aspects for code, aspects in new.aspects.items() if aspects}
    if ("marks" in new.scopes) != bool(named):
        zh, en = (
            "打分的密钥要选定评分项，别的密钥不选。",
            "A key that gives marks names its aspects, and no other key does.",
        )
        raise _refused("key.aspects", zh, en)
    events = {event["code"]: event for event in await events_of(competition)}
    bound = []
    for code, aspects in sorted(named.items()):
        known = {one["id"] for one in markable(events[code])} if code in events else set()
        if not aspects <= known:
            zh, en = (
                "机器只能给全组只记一次的测量项打分。",
                "A machine marks only measured aspects that the panel records once.",
            )
            raise _refused("key.aspects", zh, en)
        bound += [(events[code]["id"], code, aspect) for aspect in sorted(aspects)]
    return bound


def markable(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The aspects of an event that a machine may mark: measured ones that the panel records once, with `id` and `name` (Words)."""
    scheme = scheme_of(event)
    return [
        {"id": one.id, "name": names_of(one)}
        for one in (scheme.aspects if scheme else ())
        if one.recorded == ONE and one.kind == "measured"
    ]


async def withdraw_key(competition: Mapping[str, Any], id: UUID, actor: Actor, at: datetime) -> bytes:
    """Take a key out of force for good; its digest. Raises Refusal `not-found`, also for one that is withdrawn already."""
    async with DB.transaction():
        await hold(competition["id"])
        changes: dict[Any, Any] = {ApiKey.withdrawn: at, ApiKey.withdrawn_by: actor.account}
        valid = (ApiKey.competition == competition["id"]) & (ApiKey.id == id) & ApiKey.withdrawn.is_null()
        done = await ApiKey.update(changes).where(valid).returning(ApiKey.name, ApiKey.digest, ApiKey.account)
        if not done:
            raise missing(Words("这个密钥", "key in force"))
        await Account.update({Account.active: False}).where(Account.id == done[0]["account"])
        await record(competition["id"], "key.withdrawn", actor, at, data={"key": done[0]["name"]})
    return bytes(done[0]["digest"])


async def keys_of(competition: UUID) -> list[dict[str, Any]]:
    """Every key of a competition, newest first, each with `maker` and `aspects`: event code → aspects."""
    query = ApiKey.select(*ApiKey.all_columns(), ApiKey.made_by.name.as_alias("maker")).output(load_json=True)
    rows = await query.where(ApiKey.competition == competition).order_by(ApiKey.made, ascending=False)
    bound: dict[UUID, dict[str, list[str]]] = {}
    asked = ApiKeyAspect.select(ApiKeyAspect.key, ApiKeyAspect.aspect, ApiKeyAspect.event.code.as_alias("code"))
    here = ApiKeyAspect.key.competition == competition
    for row in await asked.where(here).order_by(ApiKeyAspect.event.code, ApiKeyAspect.aspect):
        bound.setdefault(row["key"], {}).setdefault(row["code"], []).append(row["aspect"])
    return [{**row, "aspects": bound.get(row["id"], {})} for row in rows]


async def machines_of(event: UUID) -> dict[UUID, str]:
    """The machines that may or might mark an event, withdrawn ones too: account → the key's name."""
    query = ApiKeyAspect.select(ApiKeyAspect.key.account.as_alias("account"), ApiKeyAspect.key.name.as_alias("name"))
    return {row["account"]: row["name"] for row in await query.where(ApiKeyAspect.event == event)}


async def holder_of(token: str, at: datetime) -> Actor | None:
    """The program that shows this token; None for one that nobody made, that has expired or was withdrawn."""
    found = await ApiKey.raw(HOLDER, digest(token), at)
    if not found:
        return None
    one = found[0]
    if one["last_used"] is None or at - one["last_used"] >= USED_EVERY:
        await ApiKey.update({ApiKey.last_used: at}).where(ApiKey.id == one["id"])
    aspects: dict[UUID, frozenset[str]] = {}
    for event, aspect in zip(one["events"], one["aspects"], strict=True):
        aspects[event] = aspects.get(event, frozenset()) | {aspect}
    return Actor(one["account"], one["name"], key=Key(one["competition"], frozenset(one["scopes"]), aspects))


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(code, Words(zh, en), NOTHING, status=422)
