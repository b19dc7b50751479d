"""The JSON API of setting up: competitions and their events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import JSONBody

from scoring.verdict import Words
from server.access import any_organiser, everyone, organiser
from server.competitions.flow import NewCompetition, NewEvent, add_competition, add_event, events_of
from server.errors import Refusal

PUBLIC_FIELDS = ("slug", "edition", "name", "name_en", "tier", "rank", "venue", "venue_en", "starts", "ends")


@post("/api/competitions", opt={"access": any_organiser})
async def post_competition(request: Request[Any, Any, Any], data: JSONBody[NewCompetition]) -> dict[str, Any]:
    """Add the next edition of a series."""
    actor = request.user
    if len(actor.organisers) != 1:
        raise Refusal(
            "organiser.which",
            Words("你属于多个主办方，请先选定一个。", "You work for several organisers; choose one."),
            status=422,
        )
    return await add_competition(data, next(iter(actor.organisers)), actor, datetime.now(UTC))


@get("/api/competitions/{slug:str}", opt={"access": everyone})
async def get_competition(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """A competition and the state of its events."""
    competition = request.state.scope.competition
    events = await events_of(competition)
    names = ("code", "name", "name_en", "category", "division", "state", "team_size")
    return {
        **{name: competition[name] for name in PUBLIC_FIELDS},
        "events": [{name: event[name] for name in names} for event in events],
    }


@post("/api/competitions/{slug:str}/events", opt={"access": organiser})
async def post_event(request: Request[Any, Any, Any], data: JSONBody[NewEvent]) -> dict[str, Any]:
    """Add an event to a competition."""
    id = await add_event(request.state.scope.competition, data, request.user, datetime.now(UTC))
    return {"id": id, "code": data.code}


ROUTES = Router("/", route_handlers=[post_competition, get_competition, post_event])
