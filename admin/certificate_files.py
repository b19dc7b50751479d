"""What an organiser takes home of the certificates: a list of all, and the files as one archive that is never whole in memory."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from admin.sheets.table import Column, write_table
from scoring.verdict import Words
from server.issuing.choosing import KINDS
from server.issuing.printing import place_of
from server.issuing.saying import distinction
from server.web.words import written

HOLDS = Words("有效", "in force")
REVOKED = Words("已作废", "revoked")


def as_workbook(title: str, rows: Sequence[Mapping[str, Any]], lang: str) -> bytes:
    """Everything issued as a workbook; what people typed stays text."""
    headings = [
        Column(text)
        for text in (
            "证书编号\nNumber",
            "姓名\nName",
            "代表队\nDelegation",
            "赛项\nEvent",
            "种类\nKind",
            "内容\nWhat it says",
        )
    ]
    headings += [
        Column("发证日期\nIssued", "date"),
        Column("状态\nState"),
        Column("理由\nReason"),
        Column("改发编号\nReplaced by"),
    ]
    lines = [
        [
            row["number"], row["content"]["name"], row["delegation"], row["event_name"], KINDS[row["kind"]].zh,
            distinction(row["content"], "zh"), row["issued"].date(), (REVOKED if row["revoked"] else HOLDS).zh,
            row["reason"] or "", row["replaced_by"] or "",
        ]
        for row in rows
    ]  # fmt: skip
    return write_table(title, headings, lines, written(datetime.now(UTC), "moment", lang))


async def as_zip(rows: Sequence[Mapping[str, Any]], folder: Path) -> AsyncIterator[bytes]:
    """The files of these certificates as one archive, piece by piece as they are read from their folder."""
    out = Tube()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # the files are packed already
        for row in rows:
            pdf = await asyncio.to_thread(place_of(folder, row["number"]).read_bytes)
            safe = "".join(sign if sign.isalnum() or sign in "·-" else "_" for sign in row["content"]["name"])
            archive.writestr(f"{row['code'] or row['kind']}/{row['number']}-{safe}.pdf", pdf)
            yield out.taken()
    yield out.taken()


class Tube(io.RawIOBase):
    """What an archive writes into and what is read out of at once; it cannot be rewound."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found
