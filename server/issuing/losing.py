"""Files that are gone from the folder: printed again as they were, or, where that cannot be, told and left to a supervisor.

Only the signature of such a file is another one. A file that somebody downloaded before stays genuine: its fingerprint stays on
record beside that of the new one.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from piccolo.querystring import QueryString

from certificates import versions
from scoring.verdict import Words
from server.access import PROGRAM, Actor
from server.database.piccolo_conf import DB
from server.database.tables import Certificate, DesignVersion
from server.errors import Refusal
from server.ledger import hold, record

EARLIER = QueryString("ltrim(earlier_sha256 || ' ' || pdf_sha256)")
"""What `earlier_sha256` becomes where another file takes the place of the one on record."""
TOLD = 20
"""Numbers that are named, of those whose files are lost."""
LIBRARIES = {name: name for name in versions.LIBRARIES} | {"weasyprint": "WeasyPrint", "pango": "Pango"}


class Unlike(Exception):
    """Certificates whose files are lost and would not come out as they were; `numbers` of them, and `words` why."""

    def __init__(self, numbers: Sequence[str], why: Words) -> None:
        self.numbers = tuple(numbers)
        some, more = "、".join(numbers[:3]), "…" if len(numbers) > 3 else ""
        self.words = Words(
            f"{len(numbers)} 份证书（{some}{more}）的文件丢失了，现在印出来与原件不一样：{why.zh}。已下载的原件仍然有效。",
            f"The files of {len(numbers)} certificates ({some}{more}) are lost, and would not come out as they were: {why.en}. "
            f"Copies that were downloaded stay genuine.",
        )
        super().__init__(self.words.en)


async def lost(competition: UUID, folder: Path, at: datetime) -> int:
    """Find the printed certificates of a competition whose files are gone, so that they are printed next; how many."""
    of_it = (Certificate.competition == competition) & Certificate.printed.is_not_null()
    numbers = [row["number"] for row in await Certificate.select(Certificate.number).where(of_it)]
    there = await asyncio.to_thread(_names, folder)  # afterwards: a file is there before it is on record
    gone = sorted(number for number in numbers if f"{number}.pdf" not in there)
    if gone:
        async with DB.transaction():
            await hold(competition)
            await Certificate.update({Certificate.printed: None}).where(of_it & Certificate.number.is_in(gone))
            data = {"count": len(gone), "numbers": gone[:TOLD]}
            await record(competition, "certificates.lost", PROGRAM, at, data=data)
    return len(gone)


def _names(folder: Path) -> set[str]:
    return set(os.listdir(folder)) if folder.is_dir() else set()


async def unlike(rows: Sequence[Mapping[str, Any]]) -> Unlike:
    """What to tell of certificates that would not come out as they were: what differs from when they were issued."""
    found = {row["design_version"] for row in rows if row["drawn_sha256"]}
    query = DesignVersion.select(DesignVersion.outside).where(DesignVersion.id.is_in([*found] or [""]))
    now, differ = versions.outside(), dict[str, tuple[str, str]]()
    for row in await query:
        then = row["outside"] if isinstance(row["outside"], dict) else json.loads(row["outside"])
        differ |= {
            name: (then.get(name, ""), now.get(name, "")) for name in {*then, *now} if then.get(name) != now.get(name)
        }
    listed = "; ".join(_said(name, *differ[name]) for name in sorted(differ))
    why = []
    if listed:
        why.append(Words(f"有变化的是 {listed}", f"what has changed is {listed}"))
    elif found:
        why.append(Words("匠台的排版程序已经更新", "Podium itself draws them otherwise by now"))
    if unknown := sum(not row["drawn_sha256"] for row in rows):
        why.append(
            Words(
                f"{unknown} 份颁发时还没有留存版式，无法证明与原件相同",
                f"of {unknown} the design was not kept when they were issued, so that nothing shows whether they would be the same",
            )
        )
    said = Words("；".join(one.zh for one in why), "; ".join(one.en for one in why))
    return Unlike(sorted(row["number"] for row in rows), said)


def _said(name: str, then: str, now: str) -> str:
    if name.endswith(".ttf"):
        return name
    return f"{LIBRARIES.get(name, name)} {then or '—'} → {now or '—'}"


async def accept(competition: UUID, numbers: Sequence[str], actor: Actor, at: datetime) -> int:
    """Let lost files come out as they are drawn today; how many. Whoever calls has asked for a supervisor.

    Raises Refusal `certificate.not-lost` where none of them is lost any more.
    """
    async with DB.transaction():
        await hold(competition)
        of_it = (
            (Certificate.competition == competition) & Certificate.printed.is_null() & (Certificate.pdf_sha256 != "")
        )
        query = Certificate.select(Certificate.number).where(of_it & Certificate.number.is_in([*numbers] or [""]))
        some = sorted(row["number"] for row in await query)
        if not some:
            words = Words("没有等待决定的文件。", "No file waits for a decision.")
            raise Refusal("certificate.not-lost", words, Words("请刷新页面。", "Load the page again."))
        changes: dict[Any, Any] = {
            Certificate.earlier_sha256: EARLIER, Certificate.pdf_sha256: "", Certificate.drawn_sha256: "",
        }  # fmt: skip
        await Certificate.update(changes).where(of_it & Certificate.number.is_in(some))
        data = {"count": len(some), "numbers": some[:TOLD]}
        await record(competition, "certificates.redrawn", actor, at, data=data)
    return len(some)
