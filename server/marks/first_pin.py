"""The first PIN of a judge who was invited by a link, chosen on the invitation's own page.

The link shows who they are while it may be answered, and only once: where a PIN is already, the link changes nothing, and an
account that can be entered with a password is none of the link's business.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from scoring.verdict import Words
from server.access import Actor
from server.database.tables import JudgeAccount
from server.errors import Refusal
from server.marks.answering import GONE, Summons, summons
from server.people.flow import has_password
from server.people.pins import WEAK, choose_pin, pin_of, weak

DIFFERENT = Refusal(
    "pin.different",
    Words("两次输入的 PIN 不一样。", "The two PINs are not the same."),
    Words("请再输入一遍。", "Type it twice again."),
    status=422,
)


async def pin_state(found: Summons, at: datetime) -> Literal["", "choose", "set"]:
    """Whether this link may choose a PIN, or there is one already; neither, where it is not the link's to say."""
    seated = any(one.state == "accepted" for one in found.asked)
    if (
        at >= found.link["expires"]
        or found.state not in ("open", "answered")
        or (found.state == "answered" and not seated)
    ):
        return ""
    account = await _account(found)
    if await has_password(account):
        return ""
    return "set" if await pin_of(account) else "choose"


def checked(pin: str, again: str) -> str:
    """A PIN that was typed twice. Raises Refusal `pin.weak` or `pin.different`."""
    if weak(pin):
        raise WEAK
    if pin != again:
        raise DIFFERENT
    return pin


async def choose_first(token: str, pin: str, at: datetime) -> None:
    """Give the judge of an answered link their first PIN. Raises Refusal `invitation.gone`, `pin.weak`."""
    found = await summons(token, at)
    account = await _account(found) if found else None
    if found is None or account is None or found.state != "answered" or await pin_state(found, at) != "choose":
        raise GONE
    await choose_pin(Actor(account, found.judge["name"]), pin, "", at)


async def _account(found: Summons) -> UUID | None:
    row = await JudgeAccount.select().where(JudgeAccount.judge == found.judge["id"]).first()
    return UUID(str(row["account"])) if row else None
