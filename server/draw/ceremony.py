"""A draw in public: what is announced before anybody can know the result, who commits to it, and when it may be held.

A *ceremony* freezes the list of entries and names a public string that nobody knows yet. Each *witness* commits (hands
in the SHA-256 of secret words) before that string can be known, and reveals the words afterwards. Nothing is left to
anybody's choice once the string is there: who does not reveal stops the draw, and everybody sees who it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Ceremony, Custodian, Witness
from server.draw.pool import pool_of
from server.errors import Refusal
from server.ledger import hold, record

SHORTEST = 12
"""Secret words are at least this long, or their hash would be guessed."""
HASH = re.compile(r"[0-9a-f]{64}")
NOBODY_YET = Yes("draw.typed")


async def ceremony_of(event: UUID) -> dict[str, Any] | None:
    """The ceremony of an event that is open now."""
    row = (
        await Ceremony.select()
        .where((Ceremony.event == event) & (Ceremony.outcome == ""))
        .output(load_json=True)
        .first()
    )
    return dict(row) if row else None


async def announced_in(events: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these events that have a ceremony which is open now."""
    query = Ceremony.select(Ceremony.event).where(Ceremony.outcome == "")
    rows = await query.where(Ceremony.event.is_in(list(events))) if events else []
    return frozenset(row["event"] for row in rows)


async def ceremonies_of(event: UUID) -> list[dict[str, Any]]:
    """Every ceremony of an event, the newest first: also those that were withdrawn."""
    query = Ceremony.select().where(Ceremony.event == event).order_by(Ceremony.number, ascending=False)
    return [dict(row) for row in await query.output(load_json=True)]


async def witnesses_of(ceremony: UUID) -> list[dict[str, Any]]:
    """The witnesses of a ceremony with their names; who commits first stands first."""
    query = Witness.select(*Witness.all_columns(), Witness.account.name.as_alias("name"))
    rows = await query.where(Witness.ceremony == ceremony).order_by(Witness.committed_at, Witness.id)
    return [dict(row) for row in rows]


async def commit(event: Mapping[str, Any], words: str, given: str, actor: Actor, at: datetime) -> str:
    """Hand in a witness's commitment: the hash of `words`, which are not kept, or a hash `given` as it is.

    Raises Refusal `draw.no-ceremony`, `draw.no-witness`, `draw.committed`, `draw.too-late`, `draw.short`, `draw.no-hash`
    or `draw.copied`.
    """
    async with DB.transaction():
        ceremony, mine = await _part(event, actor)
        if mine["commitment"]:
            raise Refusal(
                "draw.committed", Words("你已经承诺过了，不能再改。", "You have committed; it cannot be changed.")
            )
        if at >= ceremony["known_at"]:
            raise Refusal(
                "draw.too-late",
                Words("公开字符串已经可以知道，不能再承诺。", "The public string can be known by now; it is too late."),
                Words(
                    "请主办方撤回这次抽签，另行公告。", "The organiser has to withdraw this draw and announce another."
                ),
            )
        commitment = _hash_given(given) if given.strip() else _hash_of(words)
        if await Witness.exists().where((Witness.ceremony == ceremony["id"]) & (Witness.commitment == commitment)):
            raise Refusal(
                "draw.copied",
                Words("另一名监督已经交了同样的承诺。", "Another supervisor has handed in the same commitment."),
                Words("请另想一句只有你知道的话。", "Think of words that only you know."),
                status=422,
            )
        changes: dict[Any, Any] = {Witness.commitment: commitment, Witness.committed_at: at}
        await Witness.update(changes).where(Witness.id == mine["id"])
        data = {"ceremony": ceremony["number"], "commitment": commitment}
        await record(event["competition"], "draw.committed", actor, at, event=event["id"], data=data)
    return commitment


async def reveal(event: Mapping[str, Any], words: str, actor: Actor, at: datetime) -> None:
    """Say the words that a witness committed to.

    Raises Refusal `draw.no-ceremony`, `draw.no-witness`, `draw.not-known`, `draw.not-committed`, `draw.revealed` or
    `draw.mismatch`.
    """
    async with DB.transaction():
        ceremony, mine = await _part(event, actor)
        if mine["revealed_at"]:
            raise Refusal("draw.revealed", Words("你已经揭示过了。", "You have revealed your words already."))
        if isinstance(verdict := committed(ceremony, await witnesses_of(ceremony["id"]), at), No):
            raise Refusal(verdict.rule, verdict.reason)
        if hash_of(words) != mine["commitment"]:
            raise Refusal(
                "draw.mismatch",
                Words("这句话与你的承诺不符。", "These words are not what you committed to."),
                Words("要一字不差，包括空格和标点。", "Every sign counts, spaces and stops as well."),
                status=422,
            )
        changes: dict[Any, Any] = {Witness.words: words, Witness.revealed_at: at}
        await Witness.update(changes).where(Witness.id == mine["id"])
        data = {"ceremony": ceremony["number"], "commitment": mine["commitment"]}
        await record(event["competition"], "draw.revealed", actor, at, event=event["id"], data=data)


async def withdraw(event: Mapping[str, Any], reason: str, actor: Actor, at: datetime) -> None:
    """Take back an announced draw; it stays visible with its reason. Raises Refusal `draw.no-ceremony` or `draw.reason`."""
    async with DB.transaction():
        await hold(event["competition"])
        ceremony = await ceremony_of(event["id"])
        if ceremony is None:
            raise NO_CEREMONY
        if not reason.strip():
            raise NO_REASON
        changes: dict[Any, Any] = {
            Ceremony.outcome: "withdrawn",
            Ceremony.reason: reason.strip(),
            Ceremony.secrets_sealed: b"",
        }
        await Ceremony.update(changes).where(Ceremony.id == ceremony["id"])
        data = {"ceremony": ceremony["number"]}
        await record(
            event["competition"], "draw.withdrawn", actor, at, event=event["id"], reason=reason.strip(), data=data
        )


def committed(ceremony: Mapping[str, Any], witnesses: Sequence[Mapping[str, Any]], at: datetime) -> Yes | No:
    """Whether every witness committed in time, and the public string can be known."""
    open_ones = [one["name"] for one in witnesses if not one["commitment"]]
    zh, en = "、".join(open_ones), ", ".join(open_ones)
    if open_ones and at >= ceremony["known_at"]:
        return No(
            "draw.missed",
            Words(
                f"{zh}没有按时承诺；请撤回这次抽签，另行公告。",
                f"{en} did not commit in time; withdraw this draw and announce another.",
            ),
        )
    if open_ones:
        return No("draw.not-committed", Words(f"还在等{zh}的承诺。", f"Waiting for {en} to commit."))
    if at < ceremony["known_at"]:
        return No("draw.not-known", Words("公开字符串还没有产生。", "The public string is not there yet."))
    return Yes("draw.committed")


async def may_draw(event: Mapping[str, Any], at: datetime) -> Yes | No:
    """Whether the announced draw can be held now; always when none was announced."""
    ceremony = await ceremony_of(event["id"])
    if ceremony is None:
        return NOBODY_YET
    witnesses = await witnesses_of(ceremony["id"])
    if isinstance(verdict := committed(ceremony, witnesses, at), No):
        return verdict
    silent = [one["name"] for one in witnesses if not one["revealed_at"]]
    if silent:
        zh, en = "、".join(silent), ", ".join(silent)
        return No("draw.not-revealed", Words(f"还在等{zh}揭示。", f"Waiting for {en} to reveal their words."))
    keyless = await Custodian.exists().where((Custodian.ceremony == ceremony["id"]) & (Custodian.public_key == b""))
    if keyless:
        return No("draw.no-key", Words("还有保管人没有设定口令。", "A custodian has not chosen a passphrase yet."))
    if [_bare(one) for one in await pool_of(event)] != [_bare(one) for one in ceremony["entries"]]:
        return No(
            "draw.entries-changed",
            Words(
                "公告之后报名名单变了；请撤回这次抽签，另行公告。",
                "The entries changed after the announcement; withdraw this draw and announce another.",
            ),
        )
    return Yes("draw.ready")


def _bare(entry: Mapping[str, str]) -> tuple[str, str]:
    return entry["id"], entry["unit"]


def hash_of(words: str) -> str:
    """SHA-256 of words in UTF-8: what `printf %s WORDS | sha256sum` says as well."""
    return hashlib.sha256(words.encode()).hexdigest()


def _hash_of(words: str) -> str:
    if len(words) < SHORTEST:
        raise Refusal(
            "draw.short",
            Words(f"至少 {SHORTEST} 个字符，否则会被猜到。", f"At least {SHORTEST} characters, or it will be guessed."),
            status=422,
        )
    return hash_of(words)


def _hash_given(text: str) -> str:
    given = text.strip().lower()
    if not HASH.fullmatch(given):
        raise Refusal(
            "draw.no-hash",
            Words("这不是 SHA-256：应为 64 位十六进制数字。", "This is no SHA-256: it has 64 hexadecimal digits."),
            status=422,
        )
    return given


async def _part(event: Mapping[str, Any], actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """The open ceremony and this actor's part in it, held until the caller's transaction ends."""
    await hold(event["competition"])
    ceremony = await ceremony_of(event["id"])
    if ceremony is None:
        raise NO_CEREMONY
    where = (Witness.ceremony == ceremony["id"]) & (Witness.account == actor.account)
    mine = await Witness.select().where(where).first()
    if not mine:
        raise Refusal(
            "draw.no-witness",
            Words("这次抽签没有指定你作承诺。", "You are not named as a witness of this draw."),
            status=403,
        )
    return ceremony, dict(mine)


NO_CEREMONY = Refusal("draw.no-ceremony", Words("现在没有公告中的抽签。", "No draw is announced now."))
NO_REASON = Refusal("draw.reason", Words("请写明理由。", "Give a reason."), status=422)
