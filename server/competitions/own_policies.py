"""The policies that an organiser wrote: copied from another one or brought as a file, changed as a draft, frozen when used.

A version is named CODE@VERSION, and so does an event name it. A draft may be unfinished; what an event uses is whole, in
force on its day, and never changed again: whoever wants it otherwise begins the next version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from scoring import policy as policies
from scoring.language.toml import read_toml
from scoring.verdict import No, Problem, Problems, Words
from server.access import Actor
from server.competitions.checking import chosen_policy, invalid
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
    return f"{code}@{version}"


async def save_policy(row: Mapping[str, Any], revision: int, text: str, actor: Actor, at: datetime) -> int:
    """Save a draft, finished or not; its revision. Raises Refusal `policy.frozen` or Overtaken, Problems for no TOML."""
    read_toml(text, row["code"])
    async with DB.transaction():
        now = await _draft(row, revision)
        if now["text"] == text:
            return revision
        changes: dict[Any, Any] = {
            OwnPolicy.text: text, OwnPolicy.revision: revision + 1, OwnPolicy.by_name: actor.name, OwnPolicy.at: at,
        }  # fmt: skip
        await OwnPolicy.update(changes).where(OwnPolicy.id == row["id"])
    return revision + 1


async def confirm_policy(row: Mapping[str, Any], revision: int, document: str, actor: Actor, at: datetime) -> None:
    """Give a template the number of its document: it is in force from then on, from the day that it names.

    Raises Refusal `policy.document`, `policy.unfinished` with every problem, or as `save_policy` does.
    """
    document = document.strip()
    if not 0 < len(document) <= 200 or any(sign in document for sign in '"\\') or not document.isprintable():
        raise invalid("policy.document", "请填写文号", "Give the document's number")
    text = with_values(row["text"], {("document",): f'"{document}"', ("status",): '"in-force"'})
    _whole(text, row["code"])
    async with DB.transaction():
        await _draft(row, revision)
        changes: dict[Any, Any] = {
            OwnPolicy.text: text, OwnPolicy.revision: revision + 1, OwnPolicy.confirmed: at,
            OwnPolicy.confirmed_by: actor.name, OwnPolicy.by_name: actor.name, OwnPolicy.at: at,
        }  # fmt: skip
        await OwnPolicy.update(changes).where(OwnPolicy.id == row["id"])


async def drop_policy(row: Mapping[str, Any], revision: int) -> None:
    """Take a draft out. Raises Refusal `policy.frozen` or Overtaken."""
    async with DB.transaction():
        await _draft(row, revision)
        await OwnPolicy.delete().where(OwnPolicy.id == row["id"])


async def policy_for_event(organiser: UUID, id: str, on: date, at: datetime) -> dict[str, str]:
    """A policy as an event keeps it, shipped or this organiser's own, within the caller's transaction; an own one is
    frozen by it.

    Raises Refusal `event.policy`, `policy.unfinished`, or the policy's own no: a template, not in force.
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
    policy = _whole(found["text"], found["code"])
    if isinstance(usable := policy.usable(on), No):
        raise refuse(usable, Words("请另选一个规则。", "Choose another policy."), status=422)
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


def _whole(text: str, name: str) -> policies.Policy:
    try:
        return policies.parse(text, f"{name}.toml")
    except Problems as wrong:
        count = len(wrong.problems)
        words = Words(f"规则还有 {count} 处问题。", f"The policy has {count} problems still.")
        mend = Words("请先改正草稿。", "Mend the draft first.")
        raise Refusal("policy.unfinished", words, mend, problems=wrong.problems, status=422) from None


async def _draft(row: Mapping[str, Any], revision: int) -> dict[str, Any]:
    now = await OwnPolicy.select().where(OwnPolicy.id == row["id"]).lock_rows().first()
    if now is None:
        raise missing(UNKNOWN)
    if now["frozen"] is not None:
        raise FROZEN
    if now["revision"] != revision:
        raise Overtaken(now["text"], now["revision"])
    return dict(now)
