"""PINs: six digits that a judge chooses, to sign in on a paired tablet and to sign sheets.

A PIN opens nothing by itself: it is taken only from a tablet that was paired, or under a session of its judge. Wrong ones
are counted per judge like wrong passwords, wherever they are tried. The tablet without a network is given two digits
computed from the PIN (PBKDF2) and no more: they catch a slip of the finger, and leave ten thousand PINs that fit.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import Words
from server.access import Actor
from server.database.tables import JudgePin
from server.errors import Refusal
from server.people import passwords
from server.people.flow import count_a_try, forget_tries

SHAPE = re.compile(r"[0-9]{6}")
ROUNDS = 100_000
RUNS = "01234567890", "09876543210"

WEAK = Refusal(
    "pin.weak",
    Words("PIN 要六位数字，不能全相同或顺着数。", "A PIN has six digits, not all the same and not a run."),
    Words("换一个别人猜不到的。", "Choose one that nobody guesses."),
    status=422,
)
WRONG = Refusal(
    "pin.wrong",
    Words("裁判号或 PIN 不对。", "The judge's code or the PIN is wrong."),
    Words(
        "请核对后再试；忘了请主办方发一个新的登录链接。",
        "Check both; the organiser's new sign-in link lets you choose another.",
    ),
    status=401,
)
NONE = Refusal(
    "pin.none",
    Words("这位裁判还没有设 PIN。", "This judge has no PIN yet."),
    Words("请先用主办方给的链接登录一次，再设 PIN。", "Sign in once with the organiser's link, and choose one."),
    status=409,
)


async def pin_of(account: UUID | None) -> dict[str, Any] | None:
    """What is kept of an account's PIN; None without one."""
    row = await JudgePin.select().where(JudgePin.account == account).first()
    return dict(row) if row else None


async def choose_pin(actor: Actor, pin: str, before: str, at: datetime) -> None:
    """Give the actor a PIN; who has one gives the old one (`before`) first.

    Raises Refusal `pin.weak`, `pin.wrong` or `sign-in.wait`.
    """
    assert actor.account  # who chooses a PIN is signed in
    if weak(pin):
        raise WEAK
    if await pin_of(actor.account):
        await check_pin(actor.account, before, at)
    salt = secrets.token_bytes(16)
    values: dict[Any, Any] = {
        JudgePin.hash: await passwords.hashed(pin),
        JudgePin.salt: salt,
        JudgePin.checking: await asyncio.to_thread(checking, pin, salt),
        JudgePin.chosen: at,
    }
    row = JudgePin(account=actor.account, **{column._meta.name: value for column, value in values.items()})
    await JudgePin.insert(row).on_conflict(target=JudgePin.account, action="DO UPDATE", values=list(values))


async def check_pin(account: UUID, pin: str, at: datetime) -> None:
    """Whether this is the account's PIN. Raises Refusal `pin.none`, `pin.wrong`, or `sign-in.wait` after too many wrong ones."""
    name = f"pin {account}"
    await count_a_try(name, at)
    row = await pin_of(account)
    right = await passwords.matches(row["hash"] if row else "", pin)
    if row is None:
        raise NONE
    if not right:
        raise WRONG
    await forget_tries(name)


async def forget_pin(account: UUID) -> None:
    """Take an account's PIN away, so that whoever has its next sign-in link chooses a new one."""
    await JudgePin.delete().where(JudgePin.account == account)


def weak(pin: str) -> bool:
    """Whether this is no PIN, or one that is tried first."""
    return not SHAPE.fullmatch(pin) or len(set(pin)) == 1 or any(pin in run for run in RUNS)


def checking(pin: str, salt: bytes) -> int:
    """Two digits by which a tablet knows a mistyped PIN; 99 wrong ones of 100 have others."""
    return int.from_bytes(hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, ROUNDS)[:4]) % 100
