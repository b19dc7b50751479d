"""Checks the chains: every row's hash from what the row says, every link, every head, every published head."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from server.ledger import GENESIS, decision_fields, link, policy_act_fields
from server.marks.batch import mark_fields
from server.marks.correcting import DEVICE as CORRECTION
from server.marks.paper import DEVICE as PAPER
from server.marks.signing import sheet_hash
from server.superuser import act_fields

MARKS = "SELECT * FROM mark ORDER BY event, sequence"
DECISIONS = "SELECT * FROM decision ORDER BY competition, sequence"
POLICIES = "SELECT * FROM policy_act ORDER BY organiser, sequence"
RAW = "SELECT *, 1 AS chain FROM raw_act ORDER BY sequence"
PUBLISHED = """
SELECT s.event, s.mark_sequence, s.mark_hash, s.sha256, s.content, m.hash, m.id AS mark
FROM snapshot s LEFT JOIN mark m ON m.event = s.event AND m.sequence = s.mark_sequence
"""
DECIDED = "SELECT event, data FROM decision WHERE kind IN ('event.marking-sealed', 'event.published') ORDER BY competition, sequence"
SIGNED = """SELECT s.id, s.event, s.entry, s.role, s.judge, s.marks, s.sequence, d.data->>'sheet' AS sheet
FROM decision d LEFT JOIN signature s ON s.id = d.data->>'signature' WHERE d.kind = 'sheet.signed'"""
MARK_AT = "SELECT id, hash FROM mark WHERE event = $1 AND sequence = $2"
PHOTOS = """
SELECT d.competition, d.sequence, d.event, d.data, e.id, e.sha256 FROM decision d LEFT JOIN evidence e ON e.id = d.data->>'photo'
WHERE d.kind = 'evidence.taken' ORDER BY d.competition, d.sequence
"""
UNTOLD = """
SELECT e.id, e.event FROM evidence e
WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.kind = 'evidence.taken' AND d.data->>'photo' = e.id)
"""
FLOOR = """WITH written AS (SELECT *, row_number() OVER (PARTITION BY event, entry ORDER BY sequence) AS nth FROM floor_status),
told AS (SELECT event, data->>'entry' AS entry, data->>'to' AS status, reason,
    row_number() OVER (PARTITION BY event, data->>'entry' ORDER BY sequence) AS nth FROM decision WHERE kind = 'entry.status')
SELECT event, entry, nth, w.id, w.sequence, t.status AS told FROM written w FULL JOIN told t USING (event, entry, nth)
WHERE (w.status, w.reason) IS DISTINCT FROM (t.status, t.reason) ORDER BY event, entry, nth"""
CONFIRMED = """SELECT DISTINCT ON (p.id) p.text, a.organiser, a.sequence, a.name, a.data->>'sha256' AS sha256
FROM own_policy p LEFT JOIN policy_act a ON a.policy = p.id AND a.kind = 'confirmed' WHERE p.confirmed IS NOT NULL AND p.proposed IS NOT NULL
ORDER BY p.id, a.sequence DESC"""
RECOUNTED = """SELECT event, device, count(*) AS counters, min(again) AS sequence FROM (
    SELECT event, device, (array_agg(sequence ORDER BY sequence))[2] AS again FROM mark WHERE device <> ALL($1)
    GROUP BY event, device, counter HAVING count(*) > 1) AS twice
GROUP BY event, device ORDER BY event, device"""
SNAPSHOT_AT = "SELECT sha256 FROM snapshot WHERE event = $1 AND version = $2"


@dataclass(frozen=True, slots=True)
class Break:
    """A row whose chain does not hold."""

    ledger: str
    chain: str
    sequence: int
    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Recount:
    """A device that used counters again for other marks of an event: how many, and the first mark that came under one."""

    event: str
    device: str
    counters: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What was checked and what was found."""

    marks: int
    decisions: int
    raw: int
    """Acts in the raw tables."""
    policies: int
    """Acts on organisers' own policies."""
    breaks: tuple[Break, ...]
    recounted: tuple[Recount, ...]
    """No break: see server.marks.batch for why such marks are stored."""


async def verify(connection: asyncpg.Connection) -> Audit:
    """Walk both ledgers, the trail of the raw tables, and what was done to policies, in one consistent view of the database."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.set_type_codec("jsonb", encoder=str, decoder=json.loads, schema="pg_catalog")
        marks, broken_marks = await _walk(connection, "mark", MARKS, "event", mark_fields, "mark_head")
        decisions, broken = await _walk(
            connection, "decision", DECISIONS, "competition", decision_fields, "decision_head"
        )
        raw, broken_raw = await _walk(connection, "raw", RAW, "chain", act_fields, "raw_head")
        acts, broken_acts = await _walk(connection, "policy", POLICIES, "organiser", policy_act_fields, "policy_head")
        told = [*await _signed(connection), *await _photographed(connection), *await _confirmed(connection)]
        told += await _floor(connection)
        twice = [
            Recount(str(row["event"]), *tuple(row)[1:])
            for row in await connection.fetch(RECOUNTED, [PAPER, CORRECTION])
        ]
        rewritten = [*await _published(connection), *await _decided(connection), *told]
    breaks = (*broken_marks, *broken, *broken_raw, *broken_acts, *dict.fromkeys(rewritten))
    return Audit(marks, decisions, raw, acts, breaks, tuple(twice))


async def _published(connection: asyncpg.Connection) -> list[Break]:
    """Snapshots keep the head's hash of their moment, so that a chain that was rewritten from end to end shows too."""
    breaks = []
    for row in await connection.fetch(PUBLISHED):
        chain, mark = str(row["event"]), str(row["mark"] or "")
        if row["mark_sequence"] and (row["hash"] or b"").hex() != row["mark_hash"]:
            why = "the chain is not the one that was published"
            breaks.append(Break("mark", chain, row["mark_sequence"], mark, why))
        if hashlib.sha256(row["content"].encode()).hexdigest() != row["sha256"]:
            breaks.append(Break("snapshot", chain, row["mark_sequence"], "", "the published results were changed"))
    return breaks


async def _decided(connection: asyncpg.Connection) -> list[Break]:
    """Each seal and each publication wrote the head of its moment into the ledger of decisions, so that marks and
    snapshots cannot be rewritten without rewriting that one too.
    """
    breaks = []
    for row in await connection.fetch(DECIDED):
        data, event = row["data"] if isinstance(row["data"], dict) else {}, row["event"]
        sequence, hash = data.get("sequence", data.get("marks")), data.get("hash", data.get("mark_hash"))
        if isinstance(sequence, int) and sequence:
            mark = await connection.fetchrow(MARK_AT, event, sequence)
            if mark is None or mark["hash"].hex() != hash:
                id = str(mark["id"]) if mark else ""
                breaks.append(Break("mark", str(event), sequence, id, "the chain is not the one that was sealed"))
        if isinstance(data.get("version"), int):
            sha256 = await connection.fetchval(SNAPSHOT_AT, event, data["version"])
            if sha256 != data.get("sha256"):
                why = "the published results are not those that were decided"
                breaks.append(Break("snapshot", str(event), data["version"], "", why))
    return breaks


async def _signed(connection: asyncpg.Connection) -> list[Break]:
    """Each signature wrote what was signed into the ledger of decisions, so that none can be put under another sheet."""
    breaks = []
    for row in await connection.fetch(SIGNED):
        if row["id"] is None:
            breaks.append(Break("signature", "", 0, "", "a signature is gone"))
        elif (
            row["sheet"]
            != sheet_hash(row["role"], row["event"], row["entry"], row["judge"], json.loads(row["marks"])).hex()
        ):
            why = "the sheet is not the one that was signed"
            breaks.append(Break("signature", str(row["event"]), row["sequence"], row["id"], why))
    return breaks


async def _photographed(connection: asyncpg.Connection) -> list[Break]:
    """Each photo wrote its hash into the ledger of decisions: none is exchanged, taken away or slipped in unseen."""
    breaks = []
    for row in await connection.fetch(PHOTOS):
        data = row["data"] if isinstance(row["data"], dict) else {}
        if row["sha256"] is None or row["sha256"].hex() != data.get("sha256"):
            why = "the photo is gone" if row["sha256"] is None else "the photo is not the one that was taken"
            breaks.append(Break("evidence", str(row["event"]), row["sequence"], str(data.get("photo", "")), why))
    untold = await connection.fetch(UNTOLD)
    return breaks + [Break("evidence", str(row["event"]), 0, row["id"], "no ledger tells of it") for row in untold]


async def _floor(connection: asyncpg.Connection) -> list[Break]:
    """Each status that the floor wrote down, or that a correction made of it, stands in the ledger of decisions too: none is changed,
    taken away or slipped in unseen."""
    breaks = []
    for row in await connection.fetch(FLOOR):
        why = (
            "the status is not the one that was written down" if row["id"] and row["told"] else "no ledger tells of it"
        )
        why = why if row["id"] else "a status that was written down is gone"
        breaks.append(Break("floor", str(row["event"]), row["sequence"] or 0, str(row["id"] or row["entry"]), why))
    return breaks


async def _confirmed(connection: asyncpg.Connection) -> list[Break]:
    """Whoever confirmed a policy wrote the hash of its text into the chain: none is exchanged for another afterwards."""
    breaks = []
    for row in await connection.fetch(CONFIRMED):
        if hashlib.sha256(row["text"].encode()).hexdigest() != row["sha256"]:
            why = "the policy is not the one that was confirmed"
            breaks.append(Break("policy", str(row["organiser"]), row["sequence"], row["name"], why))
    return breaks


async def _walk(
    connection: asyncpg.Connection, ledger: str, query: str, chain: str, fields: Callable[[Any], list[Any]], heads: str
) -> tuple[int, list[Break]]:
    ends = {row["id"]: (row["sequence"], row["hash"]) for row in await connection.fetch(f"SELECT * FROM {heads}")}
    breaks: list[Break] = []
    count, at, sequence, previous = 0, None, 0, GENESIS
    async for row in _rows(connection, query):
        count += 1
        if row[chain] != at:
            _end(breaks, ledger, at, sequence, previous, ends)
            at, sequence, previous = row[chain], 0, GENESIS
        why = _wrong(row, sequence, previous, link(row["previous"], fields(row)))
        if why:
            breaks.append(Break(ledger, str(at), row["sequence"], str(row["id"]), why))
        sequence, previous = row["sequence"], row["hash"]
    _end(breaks, ledger, at, sequence, previous, ends)
    for left, (expected, _) in ends.items():
        if expected:
            breaks.append(Break(ledger, str(left), expected, "", "every row of this chain is gone"))
    return count, breaks


async def _rows(connection: asyncpg.Connection, query: str) -> AsyncIterator[asyncpg.Record]:
    async for row in connection.cursor(query, prefetch=2000):
        yield row


def _wrong(row: Any, sequence: int, previous: bytes, hash: bytes) -> str:
    if row["sequence"] != sequence + 1:
        return f"rows {sequence + 1} to {row['sequence'] - 1} are gone"
    if row["hash"] != hash:
        return "the row says something else than when it was added"
    return "" if row["previous"] == previous else "the row does not follow the one before it"


def _end(
    breaks: list[Break], ledger: str, chain: Any, sequence: int, hash: bytes, ends: dict[Any, tuple[int, bytes]]
) -> None:
    if chain is None:
        return
    expected = ends.pop(chain, (0, b""))
    if expected != (sequence, hash):
        breaks.append(
            Break(ledger, str(chain), sequence, "", f"the chain ends at {sequence}, its head says {expected[0]}")
        )
