"""Writing an appeal: a delegation, about the published result of one of its entries, within the policy's time.

How long there is, is the policy's to say ([appeals]), in hours or in working days after the publication. Where it names
no time the appeal waits until a supervisor admits it. An entry appeals once at a time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from scoring.appeals import in_time
from scoring.language.checking import HOURS
from scoring.verdict import No, Silent, Verdict, Words
from server.access import Actor
from server.appeals.flow import MOST_REASON, NO_REASON, OPEN, add_act
from server.calendar import notice_end
from server.competitions.flow import policy_of
from server.database.piccolo_conf import DB
from server.database.tables import Appeal, AppealAttachment, Entry, Event, Snapshot
from server.errors import Refusal, explained, missing, refuse
from server.ledger import hold
from server.results.boards import held_back, revealed_at
from server.results.public import PUBLISHED
from server.sealing import Sealer

NEWEST = "SELECT DISTINCT ON (event) * FROM snapshot WHERE event = ANY({}) ORDER BY event, version DESC"


class Paper(Protocol):
    """A file that was checked."""

    @property
    def data(self) -> bytes: ...
    @property
    def media(self) -> str: ...
    @property
    def pages(self) -> int: ...


def ends_of(event: Mapping[str, Any], published: datetime) -> datetime | None:
    """When the policy's time for appeals ends after a publication; None where the policy names none."""
    rule = policy_of(event).appeals
    if rule is None:
        return None
    return published + timedelta(hours=rule.within) if rule.unit == HOURS else notice_end(published, rule.within)


async def results_open_to(
    delegation: Mapping[str, Any], at: datetime, entry: UUID | None = None
) -> list[dict[str, Any]]:
    """The published results of a delegation's entries, or of one of them, each with `event`, `snapshot`, its row, the moment at
    which the time for appeals ends (`ends`, None where the policy is silent) and the verdict of writing one now.
    """
    of_it = Entry.delegation == delegation["id"]
    rows = await Entry.select(Entry.id, Entry.event).where(of_it & (Entry.id == entry) if entry else of_it)
    if not rows:
        return []
    own, ids = {str(row["id"]) for row in rows}, list({row["event"] for row in rows})
    public = Event.id.is_in(ids) & Event.state.is_in(list(PUBLISHED))
    held, revealed = await held_back(ids), await revealed_at(ids)
    events = {row["id"]: row for row in await Event.select().where(public).output(load_json=True)}
    found = []
    for newest in await Snapshot.raw(NEWEST, ids):
        event = events.get(newest["event"])
        if event is None or event["id"] in held:
            continue
        snapshot = {**newest, "content": json.loads(newest["content"])}
        ends = ends_of(event, max(snapshot["at"], revealed.get(event["id"], snapshot["at"])))
        found += [
            {"event": event, "snapshot": snapshot, "row": row, "ends": ends, "verdict": in_time(ends, at)}
            for row in snapshot["content"]["rows"]
            if row["entry"] in own
        ]
    return sorted(found, key=lambda one: (one["event"]["code"], one["row"]["number"]))


async def write(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    entry: UUID,
    reason: str,
    paper: Paper | None,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> int:
    """File an appeal of this delegation about one of its entries; its number. Whoever calls has asked for the clerk.

    Raises Refusal: `not-found`, `appeals.reason`, `appeals.late`, or `appeals.twice` while one of this entry is open.
    """
    reason = explained(reason, MOST_REASON, NO_REASON)
    async with DB.transaction():
        await hold(competition["id"])
        one = next(iter(await results_open_to(delegation, at, entry)), None)
        if one is None:
            raise missing(Words("这项已公布的成绩", "published result"))
        verdict: Verdict = one["verdict"]
        if isinstance(verdict, No):
            raise refuse(verdict)
        if await Appeal.exists().where((Appeal.entry == entry) & Appeal.state.is_in(list(OPEN))):
            raise TWICE
        number = await Appeal.count().where(Appeal.competition == competition["id"]) + 1
        state = "asked" if isinstance(verdict, Silent) else "open"
        row = Appeal(
            id=uuid4(), competition=competition["id"], number=number, event=one["event"]["id"], delegation=delegation["id"],
            entry=entry, snapshot=one["snapshot"]["id"], state=state, reason=reason, rule=verdict.rule, assigned=None,
            republished=None, version=0, account=actor.account, at=at,
        )  # fmt: skip
        await Appeal.insert(row)
        data: dict[str, Any] = {"entry": str(entry), "snapshot": one["snapshot"]["sha256"], "rule": verdict.rule}
        if paper:
            data["sha256"] = await _attach(row.id, paper, sealer)
        said = {"id": row.id, "number": number, "event": one["event"]["id"]}
        await add_act(competition, said, "filed", "", actor, at, data)
    return number


async def _attach(appeal: UUID, paper: Paper, sealer: Sealer) -> str:
    id, digest = uuid4(), hashlib.sha256(paper.data).digest()
    sealed = sealer.seal_bytes(paper.data, f"appeal:{id}")
    row = AppealAttachment(id=id, appeal=appeal, sealed=sealed, sha256=digest, media=paper.media, pages=paper.pages)
    await AppealAttachment.insert(row)
    return digest.hex()


TWICE = Refusal(
    "appeals.twice",
    Words("这项成绩已有一件申诉在办理。", "An appeal about this result is being looked into already."),
    Words("请等它办结。", "Wait for its end."),
)
