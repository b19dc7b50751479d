"""By number and name: who knows both has the paper, and reads what it shows; a name that is not on it is refused.

A wrong name is counted against the number, so that the name of somebody cannot be found by trying.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from scoring.verdict import Words
from server.database.tables import LookUpAttempt
from server.errors import Refusal
from server.sealing import Sealer
from server.verification.flow import Check, Verification, by_number, numbered

WINDOW = timedelta(minutes=10)
TRIES = 5
LONGEST = 120
OTHER = Words("登记的姓名与填写的不同。", "Another name is registered under this number.")
TOO_MANY = Refusal(
    "verify.wait",
    Words("这个编号填错姓名的次数过多。", "Too many wrong names for this number."),
    Words("请十分钟后再试，或扫描证书上的二维码。", "Try again in ten minutes, or scan the code on the paper."),
    status=429,
    wait=int(WINDOW.total_seconds()),
)


async def by_number_and_name(number: str, name: str, sealer: Sealer, at: datetime) -> Verification:
    """Look a number up for somebody who gives the name on the paper; without a name it is masked. Raises Refusal `verify.wait`."""
    name = name.strip()[:LONGEST]
    row = await numbered(number) if name else None
    if row is None:
        return await by_number(number, at)
    number = row["number"]  # however it was typed, its tries are counted together
    key = sealer.index("tries-number", number)
    recent = (LookUpAttempt.key == key) & (LookUpAttempt.at > at - WINDOW)
    mine = LookUpAttempt(id=uuid4(), key=key, at=at)  # before the look, so that many at once get no more of them
    await LookUpAttempt.insert(mine)
    if await LookUpAttempt.count().where(recent) > TRIES:
        await LookUpAttempt.delete().where(LookUpAttempt.id == mine.id)
        raise TOO_MANY
    if plain(name) not in names_on(json.loads(row["content"])):
        checks = (Check("register", "fact"), Check("name", "failed", OTHER))
        return Verification("not-genuine", "number", at, number, checks)
    await LookUpAttempt.delete().where(LookUpAttempt.id == mine.id)
    return await by_number(number, at, named=True)


def names_on(paper: dict[str, Any]) -> set[str]:
    """Everybody whom a paper names: its holder in both languages, a team and those in it."""
    members = str(paper.get("members", "")).split("、")
    return {plain(one) for one in (paper["name"], paper.get("name_en", ""), *members) if one}


def plain(name: str) -> str:
    """A name as it is compared: people type spaces, dots and capitals as they like."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())
