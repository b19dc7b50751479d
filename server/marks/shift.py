"""A judge's shift: everything that the tablet needs to mark without the server. Work codes only; nothing names a person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from scoring.marks import Aspect, Scheme
from scoring.scheme import ENGLISH
from scoring.verdict import Yes
from server.access import Actor
from server.competitions.flow import scheme_of
from server.database.tables import Event, HallHead, MarkHead, Signature
from server.draw.flow import codes_of
from server.marks.device_state import unsent_each
from server.marks.floor import facts_of_entries, floor_of
from server.marks.flow import Panel, current_rows, panel_of, rounds_of
from server.marks.remarks import beside
from server.marks.signing import CONTESTANT, OPEN, Signatures, asked_of, may_seal_signed, signatures_of

Rows = Sequence[Mapping[str, Any]]
MARK = ("entry", "aspect", "id", "value", "round", "conflict", "sequence")
"""A mark of a shift, without names to save the air: these, then who gave it (J1 …)."""

SIGNED = """SELECT e.id AS event, (SELECT max(sequence) FROM signature s WHERE s.event = e.id) AS signed,
    (SELECT max(sequence) FROM remark r WHERE r.event = e.id) AS remarked FROM event e WHERE e.id = ANY({})"""
IN_DOUBT = """
SELECT m.id, m.entry, m.aspect, m.judge, m.value, m.round, m.device, m.made_at, m.stored_at, m.conflict, m.sequence
FROM mark m JOIN unnest({}::text[], {}::text[]) AS c (entry, aspect) ON m.entry = c.entry AND m.aspect = c.aspect
WHERE m.event = {} ORDER BY m.sequence
"""


async def seated_events(me: Actor) -> list[dict[str, Any]]:
    """The events whose panels this judge sits on, by code, each with the heads of its ledger, of its signatures, of what is noted and, for
    who seals it, of its hall as `head`, `signed`, `remarked` and `hall`, and the tablets that hold unsent marks as `unsent`.
    """
    asked = list(me.seats)
    heads = {row["id"]: row["sequence"] for row in await MarkHead.select().where(MarkHead.id.is_in(asked))}
    signed = {row["event"]: row for row in await Signature.raw(SIGNED, asked)}
    led = [event for event, seat in me.seats.items() if seat.chief]
    halls = {row["id"]: row["board"] for row in await HallHead.select().where(HallHead.id.is_in(led))} if led else {}
    names = (Event.competition.slug.as_alias("slug"), Event.competition.name.as_alias("competition_name"))
    query = Event.select(*Event.all_columns(), *names, Event.competition.name_en.as_alias("competition_name_en"))
    rows = await query.where(Event.id.is_in(asked)).order_by(Event.code).output(load_json=True)
    unsent = await unsent_each([row for row in rows if row["id"] in led and row["state"] == "marking"])
    return [
        {
            **row,
            "head": heads.get(row["id"], 0),
            **{name: signed[row["id"]][name] or 0 for name in ("signed", "remarked")},
            "hall": halls.get(row["id"], 0),
            "unsent": [{**one, "seen": one["seen"].isoformat()} for one in unsent.get(row["id"], [])],
        }
        for row in rows
    ]


def fingerprint(me: Actor, events: Rows, pin: str = "") -> str:
    """What a shift depends on, as one word: the same word means that nothing has changed for this judge."""
    parts = [
        (
            *(row[name] for name in ("version", "state", "head", "signed", "remarked", "hall", "unsent")),
            row["id"],
            me.seats[row["id"]],
        )
        for row in events
    ]
    return hashlib.sha256(repr(("shift-5", me.account, pin, parts)).encode()).hexdigest()[:20]


async def shift_of(me: Actor, events: Rows) -> dict[str, Any]:
    """The whole shift of a judge. `events` is from `seated_events`; marks are never older than the heads in it."""
    return {"account": str(me.account), "judge": me.name, "events": [await _event(row, me) for row in events]}


async def _event(event: Mapping[str, Any], me: Actor) -> dict[str, Any]:
    assert me.account  # who holds a seat is signed in
    scheme, panel, codes = scheme_of(event), await panel_of(event["id"]), await codes_of(event["id"])
    rows = sorted(await current_rows(event["id"]), key=lambda row: row["sequence"])
    shown = _shown(rows, scheme, me.account)
    chief = me.seats[event["id"]].chief
    signatures = await signatures_of(event, rows, panel)
    return {
        **{name: event[name] for name in ("slug", "code", "name", "name_en", "state")},
        "id": str(event["id"]),
        "competition": event["competition_name"],
        "competition_en": event["competition_name_en"],
        "open": event["state"] == "marking",
        "sequence": event["head"],
        "seat": panel.labels.get(me.account, ""),
        "chief": chief,
        "panel": list(panel.names),
        "groups": _groups(scheme),
        "entries": list(codes),
        "floor": {code: [one["status"], one["reason"]] for code, one in (await floor_of(event["id"])).items()},
        "marks": [[*(row[name] for name in MARK), panel.name_of(row["judge"])] for row in shown],
        "doubts": await _doubts(event["id"], [row for row in shown if row["conflict"]], scheme, panel, me.account),
        "marked": _marked(rows, scheme, panel),
        "rounds": await _rounds(event, rows, scheme, panel),
        "signing": _signing(event, rows, scheme, signatures, me.account),
        "seal": await _seal(event, signatures) if chief and event["state"] == "marking" else None,
    }


def _groups(scheme: Scheme | None) -> list[dict[str, Any]]:
    subs = [sub for criterion in scheme.criteria for sub in criterion.subcriteria] if scheme else []
    return [
        {
            "id": sub.id,
            "name": sub.name.removeprefix(sub.id).strip(),
            **({"name_en": sub.name_en} if sub.name_en else {}),
            "aspects": [_aspect(one) for one in sub.aspects],
        }
        for sub in subs
    ]


def _aspect(aspect: Aspect) -> dict[str, Any]:
    return {
        **{name: getattr(aspect, name) for name in ("id", "kind", "name", "maximum", "requirement", "description")},
        "anchors": list(aspect.anchors),
        "allowed": list(aspect.allowed),
        "once": aspect.recorded == "one",
        **{name: said for name in ENGLISH if (said := getattr(aspect, name))},
    }


def _once(scheme: Scheme | None) -> frozenset[str]:
    return frozenset(aspect.id for aspect in scheme.aspects if aspect.recorded == "one") if scheme else frozenset()


def _shown(rows: Rows, scheme: Scheme | None, me: UUID) -> list[Mapping[str, Any]]:
    """The last row of each cell that this judge's sheet shows: their own, or the panel's where it is recorded once."""
    once = _once(scheme)
    return list({(r["entry"], r["aspect"]): r for r in rows if r["judge"] == me or r["aspect"] in once}.values())


async def _doubts(
    event: UUID, conflicts: Rows, scheme: Scheme | None, panel: Panel, me: UUID
) -> dict[str, list[dict[str, Any]]]:
    """For every cell in conflict, by "entry aspect", the marks that it holds: back to the last one that wears none."""
    if not conflicts:
        return {}
    once, places = _once(scheme), [(row["entry"], row["aspect"]) for row in conflicts]
    found: dict[str, list[dict[str, Any]]] = {}
    noted = await beside(event, places)
    for row in await MarkHead.raw(IN_DOUBT, [entry for entry, _ in places], [aspect for _, aspect in places], event):
        if row["judge"] != me and row["aspect"] not in once:
            continue
        cell = found.setdefault(f"{row['entry']} {row['aspect']}", [])
        if not row["conflict"]:
            cell.clear()
        times = {name: row[name].isoformat() for name in ("made_at", "stored_at")}
        told = {name: row[name] for name in ("id", "value", "round", "device", "sequence")}
        remark = noted.get((row["entry"], row["aspect"], row["judge"], row["device"]))
        said = {name: remark[name] if remark else "" for name in ("measured", "note")}
        cell.append({**told, **said, **times, "by": panel.name_of(row["judge"])})
    return found


async def _rounds(
    event: Mapping[str, Any], rows: Rows, scheme: Scheme | None, panel: Panel
) -> dict[str, dict[str, Any]]:
    """The cells that are scored again, by "entry aspect": which round, who has not yet, and the scores to talk about."""
    if scheme is None or event["state"] != "marking":
        return {}
    entries = await facts_of_entries(event["id"])
    return {
        f"{one.entry} {one.aspect}": {"number": one.number, "waiting": one.waiting, "scores": one.scores}
        for one in await rounds_of(event, rows, panel, scheme, entries)
    }


def _marked(rows: Rows, scheme: Scheme | None, panel: Panel) -> dict[str, dict[str, list[str]]]:
    """Who has marked what every judge marks, by aspect and entry; never what they gave."""
    alone = {aspect.id: aspect.kind for aspect in scheme.aspects if aspect.recorded == "all"} if scheme else {}
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if row["aspect"] in alone and row["judge"] in panel.labels:
            found.setdefault(row["aspect"], {}).setdefault(row["entry"], []).append(panel.labels[row["judge"]])
    return found


def _signing(
    event: Mapping[str, Any], rows: Rows, scheme: Scheme | None, found: Signatures, me: UUID
) -> dict[str, Any] | None:
    """Whether sheets may be signed, what contestants are asked for, and under which sheets a signature stands.

    By entry: whether it holds, when it was stored, and the newest mark of the sheet that it was looked at with.
    """
    if scheme is None:
        return None
    newest: dict[str, int] = {}
    for row in _shown(rows, scheme, me):
        newest[row["entry"]] = max(newest.get(row["entry"], 0), row["sequence"])
    mine = {entry: one for (entry, judge), one in found.judges.items() if judge == me}
    told = {
        name: {entry: [one.holds, one.at.isoformat(), newest.get(entry, 0)] for entry, one in signed.items()}
        for name, signed in (("mine", mine), ("contestants", found.contestants))
    }
    asked = list(asked_of(CONTESTANT, scheme, found.rule)) if found.asks_contestants else []
    rule = {"judges": found.rule.judges, "contestants": found.rule.contestants}
    return {"open": event["state"] in OPEN, "head": event["signed"], "asked": asked, "rule": rule, **told}


async def _seal(event: Mapping[str, Any], found: Signatures) -> dict[str, Any]:
    """What the chief judge needs to seal: where, what is still in the way, and whose signatures are missing."""
    verdict = await may_seal_signed(event)
    why = {"zh": "", "en": ""} if isinstance(verdict, Yes) else {"zh": verdict.reason.zh, "en": verdict.reason.en}
    signed = [
        [label, len(found.owed) - found.unsigned(judge), len(found.owed)] for judge, label in found.panel.labels.items()
    ]
    return {
        "action": f"/tablet/{event['slug']}/{event['code']}/seal",
        "why": why,
        "rule": found.rule.judges,
        "signed": signed,
        "unsigned": found.missing_judges,
        "contestants": found.missing_contestants,
        "tablets": event["unsent"],
    }
