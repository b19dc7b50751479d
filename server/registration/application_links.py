"""Links by which people apply to a delegation: opened for a while, shown as often as needed, closed by hand or by time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from scoring.verdict import No, Words, Yes
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import ApplicationLink, Competition, Delegation, Event
from server.errors import Refusal, missing, refuse
from server.ledger import hold, record
from server.people.flow import digest
from server.registration.window import window
from server.sealing import Sealer

LONGEST = timedelta(days=120)
"""A link stays open for so long at most; the end of registration ends it sooner."""
NO_LINK = Words("这个链接", "link")
LINKS = """SELECT l.id, l.event, l.sealed, l.made, l.until, l.closed, l.by_name, v.code, v.name AS event_name,
    v.name_en AS event_name_en,
    (SELECT count(*) FROM application a WHERE a.link = l.id) AS sent
FROM application_link l LEFT JOIN event v ON v.id = l.event WHERE l.delegation = {} ORDER BY l.made DESC"""


async def open_link(
    competition: Mapping[str, Any],
    delegation: Mapping[str, Any],
    event: Mapping[str, Any] | None,
    until: datetime,
    sealer: Sealer,
    actor: Actor,
    at: datetime,
) -> UUID:
    """A new link, for one event or for all that are open; its id. The same until the same minute was asked for twice and is one link.

    Raises Refusal: the window's own no, `link.until` when its end is over already or too far away, `link.shut` for
    an event that takes no entries now, `link.teams` for one that is entered by teams.
    """
    if isinstance(closed := window(competition, actor, at), No):
        raise refuse(closed, Words("请联系主办方。", "Ask the organiser."))
    if not at < until <= at + LONGEST:
        raise UNTIL
    if event and event["state"] != "registration":
        raise SHUT
    if event and event["team_size"] > 1:
        raise TEAMS
    id, token = uuid4(), secrets.token_urlsafe(16)
    async with DB.transaction():
        await hold(competition["id"])
        of = ApplicationLink.event == event["id"] if event else ApplicationLink.event.is_null()
        same = (ApplicationLink.delegation == delegation["id"]) & of & (ApplicationLink.until == until)
        there = await ApplicationLink.select().where(same & ApplicationLink.closed.is_null()).first()
        if there is not None:
            return UUID(str(there["id"]))
        await ApplicationLink.insert(
            ApplicationLink(
                id=id,
                delegation=delegation["id"],
                event=event["id"] if event else None,
                digest=digest(token),
                sealed=sealer.seal(token, f"application-link:{id}"),
                made=at,
                until=until,
                closed=None,
                by_name=actor.name,
            )
        )
        data = {"delegation": delegation["name"], "link": str(id), "until": until.isoformat()}
        event_id = event["id"] if event else None
        await record(competition["id"], "applications.opened", actor, at, event=event_id, data=data)
    return id


async def close_link(
    competition: Mapping[str, Any], delegation: Mapping[str, Any], id: UUID, actor: Actor, at: datetime
) -> None:
    """Nobody applies by this link any more. Raises Refusal `not-found`; closing one twice changes nothing."""
    async with DB.transaction():
        await hold(competition["id"])
        link = await _of(delegation["id"], id)
        if link["closed"] is None:
            await ApplicationLink.update({ApplicationLink.closed: at}).where(ApplicationLink.id == id)
            data = {"delegation": delegation["name"], "link": str(id)}
            await record(competition["id"], "applications.closed", actor, at, data=data)


async def links_of(delegation: UUID) -> list[dict[str, Any]]:
    """A delegation's links, newest first, with how many have applied by each."""
    return [dict(row) for row in await ApplicationLink.raw(LINKS, delegation)]


async def link_of(delegation: UUID, id: UUID, sealer: Sealer) -> dict[str, Any]:
    """One of them with its token. Raises Refusal `not-found`."""
    link = next((one for one in await links_of(delegation) if one["id"] == id), None)
    if link is None:
        raise missing(NO_LINK)
    return {**link, "token": sealer.open(link["sealed"], f"application-link:{id}")}


async def link_named(token: str) -> dict[str, Any] | None:
    """The link of a token with its competition, delegation and event."""
    link = await ApplicationLink.select().where(ApplicationLink.digest == digest(token)).first()
    if not link:
        return None
    delegation = await the_row(Delegation.select().where(Delegation.id == link["delegation"]).first())
    query = Competition.select(*Competition.all_columns(), Competition.series.organiser.as_alias("organiser"))
    competition = await the_row(query.where(Competition.id == delegation["competition"]).output(load_json=True).first())
    event = await Event.select(Event.code).where(Event.id == link["event"]).first() if link["event"] else None
    return {**link, "delegation": delegation, "competition": competition, "code": event["code"] if event else ""}


def takes(link: Mapping[str, Any], at: datetime) -> Yes | No:
    """Whether somebody may apply by this link now, as nobody in particular."""
    if link["closed"] is not None:
        return No("link.closed", Words("这个链接已经关闭。", "This link has been closed."))
    if at > link["until"]:
        return No("link.over", Words("这个链接已经到期。", "This link has ended."))
    return window(link["competition"], Actor(), at)


async def _of(delegation: UUID, id: UUID) -> dict[str, Any]:
    where = (ApplicationLink.id == id) & (ApplicationLink.delegation == delegation)
    row = await ApplicationLink.select().where(where).lock_rows().first()
    if not row:
        raise missing(NO_LINK)
    return dict(row)


UNTIL = Refusal(
    "link.until",
    Words("截止时间要在现在之后、120 天以内。", "The end has to lie ahead, within 120 days."),
    status=422,
)
SHUT = Refusal(
    "link.shut",
    Words("这个赛项现在不接受报名。", "This event takes no entries now."),
    Words("请刷新后另选一个。", "Load the page again and choose another."),
)
TEAMS = Refusal(
    "link.teams",
    Words("团体赛项由报名员填报，不能自助报名。", "An event of teams is entered by the clerk, not by a link."),
    status=422,
)
