"""The JSON API of setting up: competitions, their events, and the occupations and policies that these name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response

from scoring import policy as policies
from scoring.marks import Scheme
from scoring.verdict import No, Yes
from scoring.verdict import Words as Sentence
from server.access import Actor, any_organiser, everyone, organiser
from server.competitions.announcing import known_competitions
from server.competitions.editing import edit_competition, remove_event
from server.competitions.facts import CompetitionEdit, CompetitionFacts, NewCompetition, NewEvent, with_roles
from server.competitions.flow import add_competition, add_event, competition_named, events_of, scheme_of
from server.competitions.occupations import Listed
from server.competitions.own import NewOccupation, add_occupation, found, own_occupations, remove_occupation
from server.competitions.own_policies import called, confirmed_by_two, own_policies, problems_of
from server.errors import Refusal, missing
from server.paging import USUAL, Limit, Offset, Words, matching, part
from server.wire import (
    CompetitionListed,
    EditionAdded,
    EventAdded,
    OccupationAdded,
    OccupationFound,
    OccupationOwn,
    PolicyShown,
    Removed,
    said,
)

Asked = Request[Any, Any, Any]
MOST_FOUND = 100


class CompetitionSaid(CompetitionFacts, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The facts of a competition, with the version that an edit has to name."""

    slug: str
    edition: int
    version: int


class ModuleShort(msgspec.Struct, frozen=True):
    """A module of a scheme; `maximum` in hundredths."""

    id: str
    name: str
    weight: int
    maximum: int


class SchemeShort(msgspec.Struct, frozen=True):
    """A scheme in short."""

    name: str
    modules: list[ModuleShort]
    days: list[int]
    criteria: int
    aspects: int


class EventSaid(NewEvent, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The facts of an event, with the version that an edit has to name."""

    state: str
    version: int
    scheme: SchemeShort | None


class Setup(CompetitionSaid, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Everything that was said about a competition and its events."""

    events: list[EventSaid]


class AddedOccupation(NewOccupation, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An occupation to be added; whoever works for several organisers says for which."""

    organiser: UUID | None = None


@get("/api/competitions", opt={"access": everyone})
async def get_competitions(
    request: Asked, q: Words = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[list[CompetitionListed]]:
    """The competitions that the public knows of, newest first."""
    rows, headers = part(request, matching(await known_competitions(), q, ("name", "name_en")), limit, offset)
    return Response(said(rows, list[CompetitionListed]), headers=headers)


@post("/api/competitions", opt={"access": any_organiser})
async def post_competition(
    request: Asked, data: JSONBody[NewCompetition], organiser: FromQuery[UUID | None] = None
) -> EditionAdded:
    """Add the next edition of a series."""
    which = the_organiser(request.user, organiser)
    return said(await add_competition(data, which, request.user, datetime.now(UTC)), EditionAdded)


def the_organiser(actor: Actor, wanted: UUID | None) -> UUID:
    """For which organiser somebody acts. Raises Refusal `organiser.which`, or `not-found` for one that is not theirs."""
    if wanted is None and len(actor.organisers) != 1:
        raise Refusal(
            "organiser.which",
            Sentence("你属于多个主办方，请先选定一个。", "You work for several organisers; choose one."),
            status=422,
        )
    if wanted is not None and wanted not in actor.organisers:
        raise missing(Sentence("这个主办方", "organiser"))
    return wanted or next(iter(actor.organisers))


@get("/api/competitions/{slug:str}/setup", opt={"access": organiser, "scope": "setup:read"})
async def get_setup(request: Asked) -> Setup:
    """Everything that was said about a competition and its events, each with the version that an edit has to name."""
    competition = request.state.scope.competition
    events = await events_of(competition)
    return said({**competition_as_data(competition), "events": [event_as_data(one) for one in events]}, Setup)


@put("/api/competitions/{slug:str}/setup", opt={"access": organiser})
async def put_competition(request: Asked, data: JSONBody[CompetitionEdit]) -> CompetitionSaid:
    """Change the facts of a competition, as long as nothing rests on them; what stands there now."""
    competition = request.state.scope.competition
    await edit_competition(competition, data, request.user, datetime.now(UTC))
    return said(competition_as_data(await competition_named(competition["slug"])), CompetitionSaid)


@post("/api/competitions/{slug:str}/events", opt={"access": organiser})
async def post_event(request: Asked, data: JSONBody[NewEvent]) -> EventAdded:
    """Add an event to a competition."""
    id = await add_event(request.state.scope.competition, data, request.user, datetime.now(UTC))
    return EventAdded(id, data.code)


@get("/api/competitions/{slug:str}/events/{code:str}/setup", opt={"access": organiser, "scope": "setup:read"})
async def get_event_setup(request: Asked) -> EventSaid:
    """Everything that was said about an event, with the version that an edit has to name."""
    return said(event_as_data(request.state.scope.event), EventSaid)


@delete("/api/competitions/{slug:str}/events/{code:str}/setup", opt={"access": organiser}, status_code=200)
async def delete_event(request: Asked, version: FromQuery[int | None] = None) -> Removed:
    """Take an event out that is being set up and that nothing belongs to."""
    scope = request.state.scope
    seen = scope.event["version"] if version is None else version
    await remove_event(scope.competition, scope.event, seen, request.user, datetime.now(UTC))
    return Removed(scope.event["code"])


@get("/api/occupations", opt={"access": any_organiser})
async def get_occupations(
    request: Asked, q: Words = "", limit: Limit = 20, offset: Offset = 0
) -> Response[list[OccupationFound]]:
    """The occupations that a few signs of name, code, work type, English or pinyin initials can mean, best first."""
    rows, headers = part(request, await found(request.user.organisers, q, MOST_FOUND), limit, offset)
    return Response([said(occupation_as_data(row), OccupationFound) for row in rows], headers=headers)


@get("/api/occupations/own", opt={"access": any_organiser})
async def get_own_occupations(
    request: Asked, q: Words = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[list[OccupationOwn]]:
    """The occupations that the asker's organisers added."""
    own = matching(await own_occupations(request.user.organisers), q, ("name", "name_en", "code"))
    rows, headers = part(request, own, limit, offset)
    return Response(said(rows, list[OccupationOwn]), headers=headers)


@post("/api/occupations", opt={"access": any_organiser})
async def post_occupation(request: Asked, data: JSONBody[AddedOccupation]) -> OccupationAdded:
    """Add an occupation that the shipped table does not have."""
    new = NewOccupation(data.name, data.name_en, data.code, data.edition, data.work_types)
    return OccupationAdded(await add_occupation(the_organiser(request.user, data.organiser), new))


@delete("/api/occupations/{occupation:str}", opt={"access": any_organiser}, status_code=200)
async def delete_occupation(request: Asked, occupation: FromPath[str]) -> Removed:
    """Take an occupation out of one's own."""
    await remove_occupation(request.user.organisers, occupation)
    return Removed(occupation)


@get("/api/policies", opt={"access": any_organiser})
async def get_policies(
    request: Asked, on: FromQuery[date | None] = None, q: Words = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[list[PolicyShown]]:
    """Every policy that an event can name: those that come with the program, and the finished ones of the asker's own
    organisers as CODE@VERSION. Where it comes from, and whether it may be used on that day, or why not."""
    day = on or datetime.now(UTC).date()
    shipped = [policy_as_data(policies.load(id), day) for id in policies.shipped()]
    rows = [row for row in await own_policies(request.user.organisers) if not problems_of(row["text"])]
    own = [{**policy_as_data(policies.parse(row["text"], ""), day, row), "id": called(row)} for row in rows]
    listed, headers = part(request, matching([*shipped, *own], q, ("id", "title", "document")), limit, offset)
    return Response([said(row, PolicyShown) for row in listed], headers=headers)


def policy_as_data(policy: policies.Policy, on: date, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A policy as one chooses it; `own` is the row of an organiser's own version."""
    usable, (first, last) = policy.usable(on), policy.in_force
    if own and isinstance(usable, Yes):
        usable = confirmed_by_two(own)
    return {
        "id": policy.id,
        "title": {"zh": policy.title.zh, "en": policy.title.en},
        "authority": {"zh": policy.authority.zh, "en": policy.authority.en},
        "document": policy.document,
        "status": policy.status,
        "in_force": {"from": first, "until": last},
        "usable": isinstance(usable, Yes),
        "why": {"zh": usable.reason.zh, "en": usable.reason.en} if isinstance(usable, No) else None,
    }


def occupation_as_data(row: Listed) -> dict[str, Any]:
    """An occupation as one chooses it; what is not known is empty."""
    return {
        "name": row.zh,
        "name_en": row.en,
        "code": row.code,
        "edition": row.edition,
        "work_types": list(row.work_types),
        "also": [{"edition": edition, "code": code} for edition, code in row.also],
        "top": row.top,
        "own": not row.sources,
    }


def competition_as_data(competition: Any) -> dict[str, Any]:
    """The facts of a competition."""
    facts = {name: competition[name] for name in CompetitionFacts.__struct_fields__}
    facts["organisations"] = with_roles(competition["organisations"])
    return {
        **{name: competition[name] for name in ("slug", "edition", "version")},
        **{name: msgspec.to_builtins(value) for name, value in facts.items()},
    }


def event_as_data(event: Any) -> dict[str, Any]:
    """The facts of an event, and its scheme in short."""
    scheme = scheme_of(event)
    return {
        **{name: event[name] for name in ("state", "version", *NewEvent.__struct_fields__)},
        "scheme": scheme_as_data(scheme) if scheme else None,
    }


def scheme_as_data(scheme: Scheme) -> dict[str, Any]:
    """A scheme in short: its modules with their weights, its days, how much is marked."""
    return {
        "name": scheme.name,
        "name_en": scheme.name_en,
        "modules": [
            {
                "id": one.id,
                "name": one.name,
                "name_en": one.name_en,
                "weight": one.weight,
                "maximum": scheme.module_maximum(one.id),
            }
            for one in scheme.modules
        ],
        "days": sorted({aspect.day for aspect in scheme.aspects}),
        "criteria": len(scheme.criteria),
        "aspects": len(scheme.aspects),
        "in_english": sum(bool(aspect.name_en) for aspect in scheme.aspects),
    }


ROUTES = Router(
    "/",
    route_handlers=[
        *(
            get_competitions,
            post_competition,
            get_setup,
            put_competition,
            post_event,
        ),
        *(get_occupations, get_own_occupations, post_occupation, delete_occupation, get_policies),
    ],
)
