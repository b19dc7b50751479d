"""Who helped to hold a competition, as the organiser writes it down: a line for each, with the role that they had.

Of a document only the last six characters are asked for, and kept sealed: with the name they find the certificate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import NOWHERE, Place, Problem, Problems, Words
from server.access import Actor
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, Crew
from server.errors import Refusal, missing
from server.ledger import hold, record
from server.sealing import Sealer

MOST_LINES, LONGEST = 500, 60
APART = re.compile(r"[\t,，;；]")
SIX = re.compile(r"[0-9]{5}[0-9X]")


@dataclass(frozen=True, slots=True)
class Helper:
    """One line: the name, the role in Chinese and perhaps in English, the last six of the document or nothing."""

    name: str
    role: str
    role_en: str = ""
    six: str = ""


def read(text: str) -> list[Helper]:
    """The people of a text, a line for each: name, role, role in English, last six; the last two may be left out.

    Raises Problems with each line that cannot be read: `crew.line`, `crew.long`, `crew.twice`, `crew.many`, `crew.empty`.
    """
    lines = [(row, line.strip()) for row, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines or len(lines) > MOST_LINES:
        words = Words(f"请写 1 到 {MOST_LINES} 行。", f"Write 1 to {MOST_LINES} lines.")
        raise Problems((Problem("crew.many" if lines else "crew.empty", NOWHERE, words, Words("", "")),))
    found, problems = [], []
    for row, line in lines:
        parts = [part.strip() for part in APART.split(line)]
        six = parts.pop().upper() if len(parts) > 2 and SIX.fullmatch(parts[-1].upper()) else ""
        where = Place(row=row)
        if not 2 <= len(parts) <= 3 or not parts[0] or not parts[1]:
            words = Words(f"第 {row} 行读不出姓名和职务。", f"Line {row} has no name and role.")
            mend = Words("写成：姓名，职务，证件号码后六位。", "Write: name, role, last six of the document.")
            problems.append(Problem("crew.line", where, words, mend))
        elif max(map(len, parts)) > LONGEST:
            words = Words(f"第 {row} 行有一项超过 {LONGEST} 字。", f"Line {row} holds more than {LONGEST} characters in one place.")  # fmt: skip
            problems.append(Problem("crew.long", where, words, Words("", "")))
        elif (one := Helper(parts[0], parts[1], parts[2] if len(parts) > 2 else "", six)) in found:
            words = Words(f"第 {row} 行重复。", f"Line {row} is there twice.")
            problems.append(Problem("crew.twice", where, words, Words("请删去一行。", "Take one out.")))
        else:
            found.append(one)
    if problems:
        raise Problems(tuple(problems))
    return found


async def add(competition: Mapping[str, Any], people: list[Helper], sealer: Sealer, actor: Actor, at: datetime) -> int:
    """Write these people down; whoever is there already with the same role stays once. How many are new."""
    async with DB.transaction():
        await hold(competition["id"])
        there = {
            (row["name"], row["role"], sealer.open(bytes(row["six_sealed"]), f"crew:{row['id']}"))
            for row in await Crew.select().where(Crew.competition == competition["id"])
        }
        rows = [
            _row(one, competition["id"], sealer, at) for one in people if (one.name, one.role, one.six) not in there
        ]
        await insert_rows(Crew, rows)
        await record(competition["id"], "crew.added", actor, at, data={"people": len(rows)})
    return len(rows)


def _row(one: Helper, competition: UUID, sealer: Sealer, at: datetime) -> dict[str, Any]:
    id = uuid4()
    return {
        "id": id, "competition": competition, "name": one.name, "role": one.role, "role_en": one.role_en,
        "six_sealed": sealer.seal(one.six, f"crew:{id}"), "at": at,
    }  # fmt: skip


async def take_out(competition: Mapping[str, Any], id: UUID, actor: Actor, at: datetime) -> None:
    """Take somebody out again. Raises Refusal `not-found`, or `crew.issued` once they have a certificate."""
    async with DB.transaction():
        await hold(competition["id"])
        mine = (Crew.id == id) & (Crew.competition == competition["id"])
        row = await Crew.select(Crew.name).where(mine).first()
        if row is None:
            raise missing(Words("这个人", "person"))
        if await Certificate.exists().where(Certificate.subject == id):
            words = Words(f"{row['name']} 已经有证书。", f"{row['name']} has a certificate already.")
            raise Refusal("crew.issued", words, Words("请由监督作废那份证书。", "A supervisor can revoke it."))
        await Crew.delete().where(mine)
        await record(competition["id"], "crew.removed", actor, at, data={"person": str(id)})
