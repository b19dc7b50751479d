"""A policy of an organiser's own is put in force by two people: one who wrote it proposes, another one confirms or refuses.

Four eyes: whoever wrote any part of a version's text, or proposed it, does not confirm it. A policy that comes with Podium
and is used unchanged was written by nobody here, and needs no second person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.competitions.checking import invalid
from server.competitions.own_policies import UNKNOWN, Overtaken, held, whole
from server.competitions.policy_ledger import acts_of, organisers_seen, record_policy, writers_of
from server.competitions.policy_text import with_values
from server.database.piccolo_conf import DB
from server.database.tables import OwnPolicy
from server.errors import Refusal, explained, missing, refuse

MOST_REASON = 500
NO_REASON = invalid("policy.reason", "请写明不同意的理由，最多 500 字", "Say why you refuse, in at most 500 characters")
SEEN = Refusal(
    "policy.changed-meanwhile",
    Words(
        "你打开之后，这份规则又有变化；什么都没有改动。", "This policy changed after you opened it; nothing was done."
    ),
    Words("请看过现在的内容再决定。", "Look at it as it is now, then decide."),
)
NOT_PROPOSED = Refusal(
    "policy.not-proposed", Words("这份规则没有提请确认。", "This policy has not been proposed for confirmation.")
)


async def propose_policy(row: Mapping[str, Any], revision: int, document: str, actor: Actor, at: datetime) -> None:
    """Ask for a second person. A template is given the number of its document; from then on its text stays as it is.

    Raises Refusal `policy.document`, `policy.unfinished` with every problem, or as `own_policies.save_policy` does.
    """
    document, text = document.strip(), row["text"]
    policy = whole(text, row["code"])
    if document or policy.status == "template":
        if not 0 < len(document) <= 200 or any(sign in document for sign in '"\\') or not document.isprintable():
            raise invalid("policy.document", "请填写文号", "Give the document's number")
        text = with_values(text, {("document",): f'"{document}"', ("status",): '"in-force"'})
        whole(text, row["code"])
    async with DB.transaction():
        await held(row, revision)
        changes: dict[Any, Any] = {
            OwnPolicy.text: text, OwnPolicy.revision: revision + 1, OwnPolicy.proposed: at, OwnPolicy.proposed_by: actor.name,
        }  # fmt: skip
        await OwnPolicy.update(changes).where(OwnPolicy.id == row["id"])
        await record_policy(row, "proposed", actor, at, text, document=document)


async def may_confirm(row: Mapping[str, Any], actor: Actor) -> Yes | No:
    """Whether this person is the second one: of the organiser, or supervising it, and not a writer of this version."""
    if row["organiser"] not in await organisers_seen(actor):
        return No(
            "access.role",
            Words("只有主办方人员或监督可以确认。", "Only organiser's staff or a supervisor may confirm."),
        )
    acts = await acts_of(row["id"])
    wrote = writers_of(acts)
    before_acts = not any(act["kind"] == "begun" for act in acts) and actor.name == row["by_name"]
    if actor.account is None or actor.account in wrote or before_acts:
        words = Words(
            "你写过或提请过这一版，不能自己确认。", "You wrote or proposed this version, so you do not confirm it."
        )
        return No("policy.same-person", words)
    return Yes("policy.second-person")


async def confirm_policy(row: Mapping[str, Any], revision: int, actor: Actor, at: datetime) -> None:
    """Put a proposed version in force, as the second person; events can use it from then on.

    Raises Refusal `not-found`, `policy.not-proposed`, `policy.same-person`, `policy.changed-meanwhile` or `policy.frozen`.
    """
    async with DB.transaction():
        now = await _proposed(row, revision, actor)
        whole(now["text"], now["code"])
        changes: dict[Any, Any] = {
            OwnPolicy.revision: revision + 1, OwnPolicy.confirmed: at, OwnPolicy.confirmed_by: actor.name,
        }  # fmt: skip
        await OwnPolicy.update(changes).where(OwnPolicy.id == row["id"])
        await record_policy(row, "confirmed", actor, at, now["text"])


async def refuse_policy(row: Mapping[str, Any], revision: int, reason: str, actor: Actor, at: datetime) -> None:
    """Give a proposed version back to whoever wrote it, with a reason. Raises Refusal `policy.reason`, or as `confirm_policy`."""
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        now = await _proposed(row, revision, actor)
        await _back(now)
        await record_policy(row, "refused", actor, at, now["text"], reason)


async def take_policy_back(row: Mapping[str, Any], revision: int, actor: Actor, at: datetime) -> None:
    """Make a proposed or confirmed version that no event uses a draft again. Raises Refusal as `confirm_policy` does."""
    async with DB.transaction():
        now = await held(row, revision, open_only=False)
        if now["proposed"] is None:
            raise NOT_PROPOSED
        await _back(now)
        await record_policy(row, "taken-back", actor, at, now["text"])


async def _back(now: Mapping[str, Any]) -> None:
    changes: dict[Any, Any] = {
        OwnPolicy.revision: now["revision"] + 1, OwnPolicy.proposed: None, OwnPolicy.proposed_by: "",
        OwnPolicy.confirmed: None, OwnPolicy.confirmed_by: "",
    }  # fmt: skip
    await OwnPolicy.update(changes).where(OwnPolicy.id == now["id"])


async def _proposed(row: Mapping[str, Any], revision: int, actor: Actor) -> dict[str, Any]:
    try:
        now = await held(row, revision, open_only=False)
    except Overtaken:
        raise SEEN from None
    if now["organiser"] not in await organisers_seen(actor):
        raise missing(UNKNOWN)
    if now["proposed"] is None or now["confirmed"] is not None:
        raise NOT_PROPOSED
    if isinstance(verdict := await may_confirm(now, actor), No):
        raise refuse(
            verdict,
            Words("请另一位主办方人员或监督确认。", "Another of the office, or a supervisor, confirms."),
            status=403,
        )
    return now
