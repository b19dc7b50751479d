"""The confirmation that a delegation signs and stamps: what it says, and whether a paper still says what is entered.

A paper bears a *code*: a keyed fingerprint of every line on it, in order. The ledger keeps the code of every paper that
was printed with a fingerprint of each line, and no name; so a paper is compared with the entries as they are now, and
the lines that changed are named.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.tables import Decision, Delegation, Member
from server.errors import Refusal
from server.ledger import hold, record
from server.registration.facts import members_of
from server.registration.naming import entry_id
from server.sealing import Sealer

PRINTED = "confirmation.printed"
SAYS = (
    *("code", "number", "position", "event_name", "division", "team", "name", "document_masked"),
    *("unit", "occupation", "level", "level_certificate", "identity"),
)
"""What of a member a paper answers for."""
PAPER = """SELECT at, actor_name, data FROM decision
WHERE competition = {} AND kind = {} AND data ->> 'code' = {} ORDER BY sequence DESC LIMIT 1"""
PRESENT = """SELECT e.number, m.position, e.team, p.name, p.document_masked, d.name AS delegation, m.unit
FROM member m JOIN entry e ON e.id = m.entry JOIN person p ON p.id = m.person JOIN delegation d ON d.id = e.delegation
WHERE m.event = {} AND e.state NOT IN ('waiting', 'rejected') ORDER BY e.number, m.position"""

MANY_PRESENT = """SELECT m.event, count(*) AS n FROM member m JOIN entry e ON e.id = m.entry
WHERE m.event = ANY({}) AND e.state NOT IN ('waiting', 'rejected') GROUP BY m.event"""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a paper says: its code, and the members that it names in the order of events and numbers."""

    code: str
    members: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A paper beside the entries of now; the three lists name lines by entry number, for example `M01-007`."""

    delegation: str
    printed: datetime
    by: str
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the paper says what is entered."""
        return not (self.changed or self.added or self.gone)


async def confirm(
    competition: Mapping[str, Any], delegation: Mapping[str, Any], sealer: Sealer, actor: Actor, at: datetime
) -> Confirmation:
    """What the delegation's paper says now; the ledger remembers it. Raises Refusal `confirmation.nobody`."""
    async with DB.transaction():
        await hold(competition["id"])
        members = await _standing(delegation["id"])
        if not members:
            words = Words("这个代表队还没有人报名。", "Nobody of this delegation has entered yet.")
            raise Refusal("confirmation.nobody", words, Words("导入报名表后再打印。", "Take a workbook in first."))
        lines = _fingerprints(members, sealer)
        code = _code(delegation["id"], lines, sealer)
        if not await Decision.raw(PAPER, competition["id"], PRINTED, code):
            data = {"delegation": str(delegation["id"]), "code": code, "lines": lines}
            await record(competition["id"], PRINTED, actor, at, data=data)
    return Confirmation(code, members)


async def compare(competition: UUID, code: str, sealer: Sealer) -> Compared | None:
    """The paper of this code beside the entries of now; None when no such paper was printed for the competition."""
    rows = await Decision.raw(PAPER, competition, PRINTED, written(code))
    if not rows:
        return None
    data = json.loads(rows[0]["data"]) if isinstance(rows[0]["data"], str) else rows[0]["data"]
    id = UUID(data["delegation"])
    before, now = data["lines"], _fingerprints(await _standing(id), sealer)
    delegation = await Delegation.select(Delegation.name).where(Delegation.id == id).first()
    return Compared(
        delegation=delegation["name"] if delegation else "",
        printed=rows[0]["at"],
        by=rows[0]["actor_name"],
        changed=_entries(line for line in before if line in now and now[line] != before[line]),
        added=_entries(line for line in now if line not in before),
        gone=_entries(line for line in before if line not in now),
    )


async def present_at(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everybody who has to sign in at an event, by entry number: number, team, name, document, delegation, unit."""
    return [{**row, "number": entry_id(event, row["number"])} for row in await Member.raw(PRESENT, event["id"])]


async def present_in(events: Sequence[UUID]) -> dict[UUID, int]:
    """Event → how many have to sign in, of those events where somebody has to."""
    rows = await Member.raw(MANY_PRESENT, list(events)) if events else []
    return {row["event"]: row["n"] for row in rows}


async def _standing(delegation: UUID) -> list[Mapping[str, Any]]:
    """Everybody whom a delegation has entered, but who was rejected."""
    return [row for row in await members_of(delegation) if row["entry_state"] != "rejected"]


def written(code: str) -> str:
    """A code as it stands on papers, however it was typed: `9F3A-07C2-11DE`."""
    signs = re.sub(r"[^0-9A-F]", "", code.upper())
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def _code(delegation: UUID, lines: Mapping[str, str], sealer: Sealer) -> str:
    return written(_fingerprint([str(delegation), *sorted(lines.items())], sealer)[:12])


def _fingerprint(said: Sequence[Any], sealer: Sealer) -> str:
    """Keyed, so that a short list of names cannot be tried through; exact to the letter, unlike an index of names."""
    letters = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return sealer.index("confirmation", letters).hex()


def _fingerprints(members: Sequence[Mapping[str, Any]], sealer: Sealer) -> dict[str, str]:
    """Of every line, by entry number and position: enough to see that it changed, nothing to learn who it is."""
    return {
        f"{entry_id(row, row['number'])}/{row['position']}": _fingerprint([row[name] for name in SAYS], sealer)[:16]
        for row in members
    }


def _entries(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({line.partition("/")[0] for line in lines}))
