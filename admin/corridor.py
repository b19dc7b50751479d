"""Every event of a competition as the corridor shows it, read for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from admin.desk import (
    ASKS,
    ASKS_AT_A_CEREMONY,
    BLOCKING,
    DECODED,
    DRAWING,
    FINAL,
    PILLS,
    RANKED,
    RECHECKED,
    door_into,
    door_of,
)
from scoring.verdict import No, Words, Yes
from server import pipeline
from server.access import Actor, Scope, leads_hall
from server.database.tables import Event
from server.marks.device_state import unsent_each
from server.marks.flow import Progress, counted_in, progress_each
from server.registration.waiting import PLACELESS
from server.results.pages import name_of, said_in
from server.web.page import spoken
from server.web.words import N_, translator, written


@dataclass(frozen=True, slots=True)
class Known:
    """What one event's line tells besides its guard, read for all events of a competition at once."""

    size: int = 0
    issued: int = 0
    refused: int = 0
    silent: int = 0
    announced: bool = False
    """Whether a draw is announced and open."""
    kept: bool = False
    """Whether custodians keep layers of its draw."""
    notice_until: datetime | None = None
    """Of its newest publication; None while there is none."""
    awarded: bool = True
    corrected: int = 0
    """Corrections of its marks and of what its floor wrote down, and how many of them wait."""
    waiting: int = 0


WAYS = {
    "review.open": ("review?event={code}", N_("Review of entries")),
    "review.nobody": ("review?event={code}", N_("Review of entries")),
    "pipeline.panel": ("panels/{code}", N_("Panels")),
    "pipeline.chief": ("panels/{code}", N_("Panels")),
    "pipeline.no-policy": ("setup/events/{code}", N_("Set up")),
    "pipeline.policy": ("setup/events/{code}", N_("Set up")),
    "pipeline.no-scheme": ("setup/events/{code}", N_("Set up")),
    "pipeline.scheme": ("setup/events/{code}", N_("Set up")),
}
"""Why a door is closed, and the room where it is mended: its address and what it is called."""

KNOWN = """SELECT e.id,
    (SELECT count(*) FROM entry n WHERE n.event = e.id AND n.state <> ALL({})) AS size,
    (SELECT count(*) FROM certificate c WHERE c.event = e.id) AS issued,
    (SELECT count(*) FROM refused_certificate r JOIN snapshot s ON s.id = r.snapshot WHERE s.event = e.id) AS refused,
    (SELECT count(*) FROM promotion p JOIN snapshot s ON s.id = p.snapshot WHERE s.event = e.id AND p.outcome = 'silent'
        AND NOT EXISTS (SELECT FROM snapshot later WHERE later.supersedes = s.id)
        AND NOT EXISTS (SELECT FROM promotion_decision d WHERE d.promotion = p.id)) AS silent,
    EXISTS (SELECT FROM ceremony y WHERE y.event = e.id AND y.outcome = '') AS announced,
    EXISTS (SELECT FROM sealed_layer l JOIN draw w ON w.id = l.draw WHERE w.event = e.id AND NOT w.withdrawn) AS kept,
    (SELECT count(*) FROM mark_correction x WHERE x.event = e.id) + (SELECT count(*) FROM status_correction x WHERE x.event = e.id) AS corrected,
    (SELECT count(*) FROM mark_correction x WHERE x.event = e.id AND x.state = 'proposed' AND x.occasion = x.id)
        + (SELECT count(*) FROM status_correction x WHERE x.event = e.id AND x.state = 'proposed' AND x.occasion = x.id) AS waiting,
    t.notice_until, coalesce(t.awarded, true) AS awarded
FROM event e LEFT JOIN LATERAL (SELECT s.notice_until, (s.content::json -> 'awarded' ->> 'yes')::boolean AS awarded
    FROM snapshot s WHERE s.event = e.id ORDER BY s.version DESC LIMIT 1) t ON true
WHERE e.competition = {}"""


async def event_lines(
    competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], actor: Actor, lang: str, at: datetime
) -> list[dict[str, Any]]:
    """Every event as the corridor shows it; only those whose guard looks at the scheme are read with it."""
    rows = await Event.raw(KNOWN, list(PLACELESS), competition["id"])
    known = {row["id"]: Known(**{name: row[name] for name in Known.__dataclass_fields__}) for row in rows}
    counted = await counted_in([event["id"] for event in events if event["state"] in FINAL])
    whole = [event["id"] for event in events if event["state"] in ("setup", "drawn", "marking")]
    query = Event.select().where(Event.id.is_in(whole or [UUID(int=0)]))
    with_scheme = {row["id"]: dict(row) for row in await query.output(load_json=True)}
    full = [with_scheme.get(event["id"], event) for event in events]
    marked = await progress_each([event for event in full if event["state"] in ("drawn", "marking")])
    verdicts = await pipeline.closed_each(full, at)
    unsent = await unsent_each([event for event in full if event["state"] == "marking"])
    return [
        _line(
            competition,
            event,
            known.get(event["id"], Known()),
            marked.get(event["id"]) or Progress(0, counted.get(event["id"], 0), 0, 0),
            verdicts[event["id"]],
            unsent.get(event["id"], []),
            actor,
            lang,
        )
        for event in full
    ]


def _line(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    known: Known,
    marks: Progress,
    verdict: Yes | No,
    unsent: Sequence[Mapping[str, Any]],
    actor: Actor,
    lang: str,
) -> dict[str, Any]:
    state = event["state"]
    asks = ASKS_AT_A_CEREMONY if known.announced and state == "registration" else ASKS.get(door_into(event), ())
    door = door_of(competition, event, actor, verdict, lang, asks)
    blocked = isinstance(verdict, No) and verdict.rule in BLOCKING
    waiting = door is not None and door["open"] and not door["mine"]
    public = state in pipeline.PUBLIC
    return {
        "code": event["code"],
        "name": name_of({**event, "edition": 1}, lang),
        "category": said_in(event, "category", lang),
        "size": known.size,
        "teams": event["team_size"] > 1,
        "state": state,
        "look": "blocked" if blocked else "waiting" if waiting else "going",
        "words": f"{100 * marks.stored // (marks.total or 1)}%" if state == "marking" else spoken(PILLS[state], lang),
        "demonstration": public and not known.awarded,
        "silent": known.silent,
        "marks": {"stored": marks.stored, "total": marks.total} if marks.total else None,
        "certificates": {"issued": known.issued, "refused": known.refused} if known.issued or known.refused else None,
        "detail": _detail(competition, event, marks, known.notice_until if public else None, lang),
        "url": f"/c/{competition['slug']}/results/{event['code']}" if public else "",
        "door": door,
        "way": _way(competition, event, verdict, actor, lang),
        "unsent": unsent,
        "draw": f"/office/{competition['slug']}/events/{event['code']}/draw"
        if state in DRAWING or (known.kept and state == "sealed")
        else "",
        "recheck": f"/office/{competition['slug']}/events/{event['code']}/recheck" if state in RECHECKED else "",
        "corrections": f"/office/{competition['slug']}/events/{event['code']}/corrections"
        if known.corrected and event["id"] not in actor.seats
        else "",
        "corrections_wait": known.waiting,
        "publication": f"/office/{competition['slug']}/events/{event['code']}/publication" if state in DECODED else "",
        "paper": f"/office/{competition['slug']}/events/{event['code']}/paper"
        if state == "marking" and event["id"] not in actor.seats
        else "",
        "standings": f"/office/{competition['slug']}/events/{event['code']}/standings" if state in RANKED else "",
        "board": f"/tablet/{competition['slug']}/{event['code']}/board" if _leads(competition, event, actor) else "",
    }


def _way(
    competition: Mapping[str, Any], event: Mapping[str, Any], verdict: Yes | No, actor: Actor, lang: str
) -> dict[str, str] | None:
    """Where somebody of the organiser's goes to mend what keeps the door closed."""
    if isinstance(verdict, Yes) or verdict.rule not in WAYS or competition["organiser"] not in actor.organisers:
        return None
    address, name = WAYS[verdict.rule]
    url = f"/office/{competition['slug']}/{address.format(code=event['code'])}"
    return {"url": url, "name": translator(lang).gettext(name)}


def _leads(competition: Mapping[str, Any], event: Mapping[str, Any], actor: Actor) -> bool:
    """Whether the board of this event's hall is this person's to look at now."""
    scope = Scope(competition, competition["organiser"], event)
    return event["state"] == "marking" and isinstance(leads_hall(actor, scope), Yes)


def _detail(
    competition: Mapping[str, Any], event: Mapping[str, Any], marks: Progress, notice_until: datetime | None, lang: str
) -> str:
    state, zone = event["state"], ZoneInfo(competition["time_zone"])
    if state == "marking":
        return spoken(Words(f"{marks.stored:,} 个分数已入库", f"{marks.stored:,} marks stored"), lang)
    if state == "published" and notice_until:
        until = written(notice_until, "moment", lang, zone)
        return spoken(Words(f"{until} 到期", f"until {until}"), lang)
    since = written(event["entered_state"], "moment", lang, zone)
    return spoken(Words(f"{since} 起", f"since {since}"), lang)
