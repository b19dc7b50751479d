"""The policies that an organiser wrote: copied from another one or brought as a file, changed as a draft, confirmed by a
second person (`confirming`), frozen when used.

A version is named CODE@VERSION, and so does an event name it. A draft may be unfinished; what an event uses is whole, in
force on its day, confirmed, and never changed again: whoever wants it otherwise begins the next version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from scoring import policy as policies
from scoring.language.toml import read_toml
from scoring.verdict import No, Problem, Problems, Words, Yes
from server.access import Actor
from server.competitions.checking import chosen_policy, invalid
from server.competitions.policy_ledger import record_policy
from server.competitions.policy_text import with_values
from server.database.piccolo_conf import DB
from server.database.tables import OwnPolicy
from server.errors import Refusal, missing, refuse

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
MOST_VERSIONS = 999
UNKNOWN = Words("规则", "policy")
FROZEN = Refusal(
    "policy.frozen",
    Words("已有赛项用了这一版，不能再改。", "An event uses this version; it is not changed any more."),
    Words("请另起新版。", "Begin the next version."),
)
PROPOSED = Refusal(
    "policy.proposed",
    Words("这一版已提请确认，内容不能再改。", "This version has been proposed; its text stays as it is."),
    Words("要改，请先把它撤回为草稿。", "To change it, take it back to a draft first."),
)
UNCONFIRMED = No(
    "policy.unconfirmed",
    Words("还没有第二个人确认。", "No second person has confirmed it yet."),
)


class Overtaken(Refusal):
    """Somebody else saved first; `theirs` is the text as it is now, `revision` what to save it on."""

    def __init__(self, theirs: str, revision: int) -> None:
        super().__init__(
            "policy.changed-meanwhile",
            Words(
                "有人在你之后改过，你的修改没有保存。",
                "Somebody else has saved meanwhile; your changes were not saved.",
            ),
            Words(
                "不同之处标在各项下面；仍要按你的改，就再保存一次。",
                "The differences stand below the fields; save again to keep yours.",
            ),
        )
        self.theirs = theirs
        self.revision = revision


def called(row: Mapping[str, Any]) -> str:
    """How an event names a version."""
    return f"{row['code']}@{row['version']}"


async def own_policies(organisers: Iterable[UUID]) -> list[dict[str, Any]]:
    """Every version of these organisers' policies, by code, newest version first."""
    asked = list(organisers)
    if not asked:
        return []
    query = OwnPolicy.select().where(OwnPolicy.organiser.is_in(asked))
    rows = await query.order_by(OwnPolicy.code).order_by(OwnPolicy.version, ascending=False)
    return [dict(row) for row in rows]


async def own_policy(organisers: Iterable[UUID], name: str) -> dict[str, Any]:
    """The version that CODE@VERSION names. Raises Refusal `not-found`."""
    code, _, version = name.partition("@")
    asked = list(organisers)
    if not (asked and version.isascii() and version.isdigit() and len(version) < 4):
        raise missing(UNKNOWN)
    where = OwnPolicy.organiser.is_in(asked) & (OwnPolicy.code == code) & (OwnPolicy.version == int(version))
    row = await OwnPolicy.select().where(where).first()
    if row is None:
        raise missing(UNKNOWN)
    return dict(row)


async def waiting(organisers: Iterable[UUID]) -> list[dict[str, Any]]:
    """The versions that wait for a second person, the oldest first."""
    asked = list(organisers)
    if not asked:
        return []
    where = OwnPolicy.proposed.is_not_null() & OwnPolicy.confirmed.is_null() & OwnPolicy.frozen.is_null()
    rows = await OwnPolicy.select().where(where & OwnPolicy.organiser.is_in(asked)).order_by(OwnPolicy.proposed)
    return [dict(row) for row in rows]


async def in_force_before(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What this organiser had in force before this version: the one before it that was confirmed or used, or else the own
    one that it was copied from; None where it was copied from neither."""
    ready = OwnPolicy.frozen.is_not_null() | OwnPolicy.confirmed.is_not_null()
    mine = (OwnPolicy.organiser == row["organiser"]) & (OwnPolicy.code == row["code"])
    query = OwnPolicy.select().where(mine & (OwnPolicy.version < row["version"]) & ready)
    found = await query.order_by(OwnPolicy.version, ascending=False).first()
    if found is None and "@" in row["origin"]:
        try:
            return await own_policy([row["organiser"]], row["origin"])
        except Refusal:
            return None
    return dict(found) if found else None


async def add_policy(organiser: UUID, text: str, origin: str, code: str, actor: Actor, at: datetime) -> str:
    """A first draft, or the next version of a code whose newest version is in use; its name.

    Raises Problems for what is no TOML, Refusal `policy.code`, or `policy.taken` where a draft of that code waits already.
    """
    read_toml(text, origin)
    if not CODE.fullmatch(code):
        raise invalid(
            "policy.code",
            "规则代号用小写字母、数字和连字符，2 至 60 个",
            "A policy's code has 2 to 60 small letters, digits and hyphens",
        )
    if code in policies.shipped():
        raise invalid("policy.taken", f"{code} 是随程序提供的规则", f"{code} is a policy that comes with Podium")
    text = with_values(text, {("id",): f'"{code}"'})
    async with DB.transaction():
        where = (OwnPolicy.organiser == organiser) & (OwnPolicy.code == code)
        last = await OwnPolicy.select().where(where).order_by(OwnPolicy.version, ascending=False).lock_rows().first()
        if last and last["frozen"] is None:
            words = Words(f"{code} 已有一份草稿。", f"There is a draft of {code} already.")
            raise Refusal(
                "policy.taken", words, Words("接着改那一份，或换一个代号。", "Go on with it, or use another code.")
            )
        version = last["version"] + 1 if last else 1
        row = OwnPolicy(
            id=uuid4(), organiser=organiser, code=code, version=version, origin=origin[:200], text=text,
            by_name=actor.name, at=at,
        )  # fmt: skip
        added = await OwnPolicy.insert(row).on_conflict(action="DO NOTHING").returning(OwnPolicy.id)
        if not added or version > MOST_VERSIONS:
            raise Refusal("policy.taken", Words("刚有人另起了这一版。", "Somebody has just begun this version."))
        begun = {"id": row.id, "organiser": organiser, "code": code, "version": version}
        await record_policy(begun, "begun", actor, at, text)
    return f"{code}@{version}"


async def save_policy(row: Mapping[str, Any], revision: int, text: str, actor: Actor, at: datetime) -> int:
    """Save a draft, finished or not; its revision. Raises Refusal `policy.frozen`, `policy.proposed`
    or Overtaken, Problems for no TOML."""
    read_toml(text, row["code"])
    async with DB.transaction():
        now = await held(row, revision)
        if now["text"] == text:
            return revision
        changes: dict[Any, Any] = {
            OwnPolicy.text: text, OwnPolicy.revision: revision + 1, OwnPolicy.by_name: actor.name, OwnPolicy.at: at,
        }  # fmt: skip
        await OwnPolicy.update(changes).where(OwnPolicy.id == row["id"])
        await record_policy(row, "saved", actor, at, text)
    return revision + 1


async def drop_policy(row: Mapping[str, Any], revision: int, actor: Actor, at: datetime) -> None:
    """Take a draft out. Raises Refusal `policy.frozen`, `policy.proposed` or Overtaken."""
    async with DB.transaction():
        now = await held(row, revision)
        await record_policy(row, "removed", actor, at, now["text"])
        await OwnPolicy.delete().where(OwnPolicy.id == row["id"])


async def policy_for_event(organiser: UUID, id: str, on: date, at: datetime) -> dict[str, str]:
    """A policy as an event keeps it, shipped or this organiser's own, within the caller's transaction; an own one is
    frozen by it.

    Raises Refusal `event.policy`, `policy.unfinished`, the policy's own no (a template, not in force), or
    `policy.unconfirmed`.
    """
    if "@" not in id:
        return chosen_policy(id, on)
    try:
        row = await own_policy([organiser], id)
    except Refusal:
        raise invalid("event.policy", f"没有规则 {id[:80]}", f"There is no policy {id[:80]}") from None
    found = await OwnPolicy.select().where(OwnPolicy.id == row["id"]).lock_rows().first()
    if found is None:
        raise invalid("event.policy", f"没有规则 {id[:80]}", f"There is no policy {id[:80]}")
    policy = whole(found["text"], found["code"])
    if isinstance(usable := policy.usable(on), No):
        raise refuse(usable, Words("请另选一个规则。", "Choose another policy."), status=422)
    if isinstance(confirmed := confirmed_by_two(found), No):
        mend = Words("请在规则的页面提请确认，由另一人确认。", "Propose it on its page; somebody else confirms it.")
        raise refuse(confirmed, mend, status=422)
    if found["frozen"] is None:
        changes: dict[Any, Any] = {OwnPolicy.frozen: at, OwnPolicy.fingerprint: policy.fingerprint}
        await OwnPolicy.update(changes).where(OwnPolicy.id == row["id"])
    return {"policy": id, "policy_text": found["text"], "policy_fingerprint": policy.fingerprint}


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text; nothing when it could be used."""
    try:
        policies.parse(text, "")
    except Problems as wrong:
        return wrong.problems
    return ()


def confirmed_by_two(row: Mapping[str, Any]) -> Yes | No:
    """Whether an event may use this version as far as its confirmation goes; one that is in use went through already."""
    return Yes("policy.confirmed") if row["frozen"] or row["confirmed"] else UNCONFIRMED


def whole(text: str, name: str) -> policies.Policy:
    """A text as the rules read it. Raises Refusal `policy.unfinished` with every problem."""
    try:
        return policies.parse(text, f"{name}.toml")
    except Problems as wrong:
        count = len(wrong.problems)
        words = Words(f"规则还有 {count} 处问题。", f"The policy has {count} problems still.")
        mend = Words("请先改正草稿。", "Mend the draft first.")
        raise Refusal("policy.unfinished", words, mend, problems=wrong.problems, status=422) from None


async def held(row: Mapping[str, Any], revision: int, open_only: bool = True) -> dict[str, Any]:
    """A version as somebody saw it, locked for the caller's transaction; with `open_only` one that is still a draft.

    Raises Refusal `not-found`, `policy.frozen`, `policy.proposed` or Overtaken.
    """
    now = await OwnPolicy.select().where(OwnPolicy.id == row["id"]).lock_rows().first()
    if now is None:
        raise missing(UNKNOWN)
    if now["frozen"] is not None:
        raise FROZEN
    if open_only and now["proposed"] is not None:
        raise PROPOSED
    if now["revision"] != revision:
        raise Overtaken(now["text"], now["revision"])
    return dict(now)
