"""Results of an event: computed from marks, scheme and policy each time they are asked for, and frozen once published.

Before decoding, results know work codes only. A *snapshot* is what is published: standings with names, awards, and the
fingerprints of everything it was computed from, so that anybody can compute it again and compare.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import msgspec

from scoring.awards import Awards, Field, awards
from scoring.results import Cell, Results, passed, results
from scoring.standings import Standing, standings
from scoring.verdict import Yes
from server.access import Actor
from server.competitions.flow import policy_of, scheme_of
from server.database.rows import the_row
from server.database.tables import Entry, MarkHead, Member, Place, Snapshot
from server.ledger import record
from server.marks.floor import UNTOUCHED, facts_of_entries, floor_of
from server.marks.flow import current_marks, current_rows, given_by_machines, panel_of

NEWEST = "SELECT DISTINCT ON (event) * FROM snapshot WHERE event = ANY({}) ORDER BY event, version DESC"
NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that the rules say about an event, in work codes."""

    results: Results
    standings: tuple[Standing, ...]
    awards: Awards
    field: Field


async def outcome_of(
    event: Mapping[str, Any], corrected: Mapping[str, int] = NOTHING, statuses: Mapping[str, str] = UNTOUCHED
) -> Outcome:
    """Compute an event from its ledger, as if the marks in `corrected` (id → hundredths) had those values, and the entries in
    `statuses` (work codes) that status.

    Raises scoring.Problems when marks are owed and the policy says wait.
    """
    scheme, policy, panel = scheme_of(event), policy_of(event), await panel_of(event["id"])
    assert scheme is not None  # no event is marked without a scheme: see pipeline
    rows = await current_rows(event["id"])
    rows = [{**row, "value": corrected.get(row["id"], row["value"])} for row in rows]
    marks = current_marks(rows, panel, scheme)
    facts = await facts_of_entries(event["id"], statuses)
    got = _attributed(results(scheme, policy, panel.names, facts, marks), given_by_machines(rows, panel))
    ranked = standings(got, policy)
    field = await field_of(event, statuses)
    return Outcome(got, ranked, awards(ranked, policy, field), field)


def _attributed(got: Results, machines: Mapping[tuple[str, str], str]) -> Results:
    """The same results, whose traces name the machine where a machine gave the mark; the rules know panels only."""
    if not machines:
        return got
    entries = [replace(one, trace=tuple(_by(machines, one.entry, cell) for cell in one.trace)) for one in got.entries]
    return replace(got, entries=tuple(entries))


def _by(machines: Mapping[tuple[str, str], str], entry: str, cell: Cell) -> Cell:
    name = machines.get((entry, cell.aspect))
    return cell._replace(judges=(name, *cell.judges[1:])) if name else cell


async def field_of(event: Mapping[str, Any], statuses: Mapping[str, str] = UNTOUCHED) -> Field:
    """How many entries and how many delegations take part, and how many people an entry is.

    Who did not come took no part. Before decoding nobody can say of which delegation they are, so that `teams` counts all.
    """
    rows = await Entry.select(Entry.delegation).where(Entry.event == event["id"])
    floor = {**{code: one["status"] for code, one in (await floor_of(event["id"])).items()}, **statuses}
    absent = [status for status in floor.values() if status == "absent"]
    teams = len({row["delegation"] for row in rows})
    return Field(entries=len(rows) - len(absent), teams=teams, team_size=event["team_size"])


async def freeze(
    event: Mapping[str, Any], actor: Actor, at: datetime, notice_until: datetime, supersedes: UUID | None = None
) -> UUID:
    """Freeze the results of an event within the caller's transaction, with names; the snapshot's id.

    After a ruling it says which publication it replaces.
    """
    head = await the_row(MarkHead.select().where(MarkHead.id == event["id"]).first())
    content = canonical(await content_of(event))
    version = await Snapshot.count().where(Snapshot.event == event["id"]) + 1
    snapshot = Snapshot(
        id=uuid4(),
        event=event["id"],
        version=version,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        policy_fingerprint=event["policy_fingerprint"],
        scheme_fingerprint=event["scheme_fingerprint"],
        mark_sequence=head["sequence"],
        mark_hash=head["hash"].hex(),
        at=at,
        notice_until=notice_until,
        supersedes=supersedes,
    )
    await Snapshot.insert(snapshot)
    data = {"version": version, "sha256": snapshot.sha256, "marks": head["sequence"], "mark_hash": snapshot.mark_hash}
    if supersedes:
        data["supersedes"] = str(supersedes)
    await record(event["competition"], "event.published", actor, at, event=event["id"], data=data)
    return UUID(str(snapshot.id))


async def snapshot_of(event: UUID) -> dict[str, Any] | None:
    """The newest snapshot of an event, its content as data under `content`."""
    return (await snapshots_of([event])).get(event)


async def snapshots_of(events: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Event → its newest snapshot, as `snapshot_of` tells it, in one look; events without one are not in it."""
    rows = await Snapshot.raw(NEWEST, list(events)) if events else []
    return {row["event"]: {**row, "content": msgspec.json.decode(row["content"])} for row in rows}


async def notices_of(events: Collection[UUID]) -> dict[UUID, datetime]:
    """Event → when the notice of its newest snapshot ends."""
    query = "SELECT DISTINCT ON (event) event, notice_until FROM snapshot WHERE event = ANY({}) ORDER BY event, version DESC"
    rows = await Snapshot.raw(query, list(events)) if events else []
    return {row["event"]: row["notice_until"] for row in rows}


async def snapshot_named(id: UUID) -> dict[str, Any] | None:
    """Number, moment and fingerprint of one snapshot."""
    query = Snapshot.select(Snapshot.version, Snapshot.at, Snapshot.sha256).where(Snapshot.id == id)
    row = await query.first()
    return dict(row) if row else None


def superseded() -> Any:
    """The snapshots that a later one replaces, as a query to leave them out with."""
    return Snapshot.select(Snapshot.supersedes).where(Snapshot.supersedes.is_not_null())


def canonical(content: Any) -> str:
    """JSON that is the same text for the same content."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


async def content_of(
    event: Mapping[str, Any], corrected: Mapping[str, int] = NOTHING, statuses: Mapping[str, str] = UNTOUCHED
) -> dict[str, Any]:
    """What a snapshot of now would hold; `corrected` and `statuses` as for `outcome_of`. Only after decoding."""
    outcome = await outcome_of(event, corrected, statuses)
    entrants = await entrants_of(event["id"])
    verdict = outcome.awards.verdict
    rows = [{**row, **entrants[row["code"]]} for row in rows_of(event, outcome)]
    panel = await panel_of(event["id"])
    return {
        "event": {
            name: event[name]
            for name in ("code", "name", "name_en", "division", "occupation", "occupation_code", "policy")
        },
        "field": {"entries": outcome.field.entries, "teams": outcome.field.teams},
        "awarded": {
            "rule": verdict.rule,
            "zh": verdict.reason.zh,
            "en": verdict.reason.en,
            "yes": isinstance(verdict, Yes),
        },
        "judges": len(panel.names),
        "rows": rows,
    }


def rows_of(event: Mapping[str, Any], outcome: Outcome) -> list[dict[str, Any]]:
    """The lines of an outcome in the order of their ranks, in work codes."""
    scheme, policy = scheme_of(event), policy_of(event)
    assert scheme is not None  # as in outcome_of
    rows = []
    for standing in outcome.standings:
        award = outcome.awards.of.get(standing.entry)
        result = outcome.results.of[standing.entry]
        rows.append(
            {
                "rank": standing.rank,
                "place": outcome.awards.places.get(standing.entry, 0),
                "counted": outcome.awards.counted.get(standing.entry, 0),
                "passed": sorted(passed(scheme, result, policy)),
                "code": standing.entry,
                "total": standing.total,
                "tied": sorted(standing.tied),
                "broken_by": standing.broken_by,
                "status": result.facts.status,
                "modules": {module: str(mark) for module, mark in result.modules.items()},
                "award": {"id": award.id, "zh": award.name.zh, "en": award.name.en} if award else None,
            }
        )
    return rows


def differing(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], by: str
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The lines whose rank, total, award or status differ, in their new order, each before and after; `by` names a line."""
    known = {row[by]: row for row in before}
    pairs = [(known[row[by]], row) for row in after]
    return [
        (old, new) for old, new in pairs if any(old[name] != new[name] for name in ("rank", "total", "award", "status"))
    ]


async def entrants_of(event: UUID) -> dict[str, dict[str, Any]]:
    """Work code → who it is: entry, delegation, members with names and units. Only after decoding."""
    query = Member.select(
        Member.id,
        Member.entry,
        Member.person,
        Member.unit,
        Member.position,
        Member.person.name.as_alias("name"),
        Member.entry.delegation.name.as_alias("delegation"),
        Member.entry.number.as_alias("number"),
    )
    members = await query.where(Member.event == event).order_by(Member.position)
    codes = {
        row["entry"]: row["code"] for row in await Place.select(Place.entry, Place.code).where(Place.event == event)
    }
    found: dict[str, dict[str, Any]] = {}
    for row in members:
        entrant = found.setdefault(
            codes[row["entry"]],
            {"entry": str(row["entry"]), "number": row["number"], "delegation": row["delegation"], "members": []},
        )
        entrant["members"].append({"member": str(row["id"]), "name": row["name"], "unit": row["unit"]})
    return found
