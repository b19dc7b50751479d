"""The JSON API of what is public: a competition with where its events stand, and the results that are published."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get

from scoring.verdict import Words, Yes
from server.access import Scope, anyone_in_event, everyone
from server.competitions.announcing import show
from server.competitions.flow import events_listed
from server.errors import Refusal
from server.results.boards import held_back
from server.results.flow import snapshot_named, snapshot_of
from server.results.public import is_public
from server.wire import CompetitionShown, Results, said

BEFORE = "reviewed"
"""Where an event stands, for everybody, as long as its publication is held back: before the door to publication."""


@get("/api/competitions/{slug:str}", opt={"access": everyone})
async def get_competition(request: Request[Any, Any, Any]) -> CompetitionShown:
    """A competition and the state of its events. A publication that is held back until the board is revealed is told to those
    only who work in the event.
    """
    scope, actor = request.state.scope, request.user
    await show(scope, actor)
    events = await events_listed(scope.competition)
    for event in events:
        event["inside"] = isinstance(anyone_in_event(actor, Scope(scope.competition, scope.organiser, event)), Yes)
    held = await held_back([event["id"] for event in events if not event["inside"]])
    told = [{**event, "state": BEFORE} if event["id"] in held else event for event in events]
    return said({**scope.competition, "events": told}, CompetitionShown)


@get("/api/competitions/{slug:str}/events/{code:str}/results", opt={"access": everyone})
async def get_results(request: Request[Any, Any, Any]) -> Results:
    """The newest published snapshot of an event, with what it was computed from. Raises Refusal `results.not-public`."""
    event = request.state.scope.event
    snapshot = await snapshot_of(event["id"]) if await is_public(event) else None
    if snapshot is None:
        raise Refusal("results.not-public", Words("成绩还没有公示。", "The results are not published yet."), status=404)
    before = await snapshot_named(snapshot["supersedes"]) if snapshot["supersedes"] else None
    replaced = {"supersedes": {"version": before["version"], "sha256": before["sha256"]} if before else None}
    return said({**snapshot, **replaced, "content": public_content(snapshot["content"])}, Results)


def public_content(content: dict[str, Any]) -> dict[str, Any]:
    """A snapshot's content without the ids of the inside."""
    rows = [
        {
            **{
                name: row[name]
                for name in ("rank", "code", "total", "tied", "broken_by", "status", "modules", "award", "delegation")
            },
            "members": [{"name": member["name"], "unit": member["unit"]} for member in row["members"]],
        }
        for row in content["rows"]
    ]
    return {**content, "rows": rows}


ROUTES = Router("/", route_handlers=[get_competition, get_results])
