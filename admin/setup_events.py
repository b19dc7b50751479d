"""The pages of a competition's events: the list, and one form an event with its occupation, policy and scheme."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin import desk
from admin.http import choose, read_upload
from admin.policy_form import draft_of
from admin.setup import Form, as_refusal, setup_page
from admin.setup_fields import EVENT, OCCUPATION, ROOM, Reader, Typed, drawn
from admin.sheets.scheme import read_scheme
from admin.sheets.worker import in_worker_async
from scoring import policy as policies
from scoring.scheme import in_both
from scoring.schemes import load_scheme, shipped_schemes
from scoring.verdict import No, Problem, Problems, Verdict, Words, Yes
from server import pipeline
from server.access import organiser
from server.competitions.editing import Changed, remove_event
from server.competitions.facts import EventEdit, NewEvent
from server.competitions.flow import add_event, event_named, events_listed, policy_of, scheme_of
from server.competitions.http import occupation_as_data, scheme_as_data
from server.competitions.own import found
from server.competitions.own_policies import called, confirmed_by_two, own_policies
from server.database.tables import Entry, Event
from server.errors import Refusal
from server.registration.resizing import admitted_in, resize
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, spoken

SCHEMES_IN_SHORT = """SELECT id, scheme ->> 'name' AS name, coalesce(scheme ->> 'name_en', '') AS name_en, (scheme -> 'modules')::text AS modules, count(a) AS aspects,
    array_agg(DISTINCT coalesce((a ->> 'day')::int, 1)) AS days
FROM event, jsonb_path_query(scheme, '$.criteria[*].subcriteria[*].aspects[*]') a
WHERE competition = {} AND scheme ? 'criteria' GROUP BY id"""
ENTERED = "SELECT e.event, count(*) AS n FROM entry e JOIN event v ON v.id = e.event WHERE v.competition = {} GROUP BY e.event"
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
SECTIONS = (
    ("occupation", Words("职业", "Occupation"), OCCUPATION),
    ("event", Words("赛项", "Event"), EVENT),
    ("room", Words("人数和场地", "People and room"), ROOM),
)
FRESH: dict[str, Any] = {
    "occupation_edition": "2022",
    "team_size": "1",
    "stations": "10",
    "shifts": "0",
    "capacity": "0",
    "judges": "5",
    "division": "职工组",
    "policy": "",
    "standard_level": "",
}
SCHEMES = {
    "theory-practice": Words("理论 30% + 实操 70%（随程序提供）", "Theory 30 % + practice 70 % (comes with Podium)")
}


@get("/office/{slug:str}/setup/events", opt={"access": organiser}, include_in_schema=False)
async def events_page(request: Web) -> Response[str]:
    """Every event with what it still lacks."""
    competition, lang = request.state.scope.competition, lang_of(request)
    events = await events_listed(competition)
    query = Event.select().where((Event.competition == competition["id"]) & (Event.state == "setup"))
    verdicts = await pipeline.closed_each(list(await query.output(load_json=True)), datetime.now(UTC))
    schemes = {row["id"]: _short(row) for row in await Event.raw(SCHEMES_IN_SHORT, competition["id"])}
    entered = {row["event"]: row["n"] for row in await Entry.raw(ENTERED, competition["id"])}
    lines = [
        _line(competition, one, schemes.get(one["id"]), entered.get(one["id"], 0), verdicts.get(one["id"]), lang)
        for one in events
    ]
    return await setup_page(request, "office/setup_events.html", "events", events=lines)


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    """A scheme as the list tells it, read by the database: what makes it up stays there, and a province's is megabytes."""
    told = {name: row[name] for name in ("name", "name_en", "days", "aspects")}
    return {**told, "modules": json.loads(row["modules"])}


def _line(
    competition: Mapping[str, Any],
    event: Mapping[str, Any],
    scheme: Mapping[str, Any] | None,
    entries: int,
    verdict: Yes | No | None,
    lang: str,
) -> dict[str, Any]:
    return {
        "code": event["code"],
        "name": name_of({**event, "edition": 1}, lang),
        "url": f"/office/{competition['slug']}/setup/events/{event['code']}",
        "division": event["division"],
        "category": said_in(event, "category", lang),
        "occupation": event["occupation"],
        "occupation_code": event["occupation_code"],
        "occupation_edition": event["occupation_edition"],
        "state": event["state"],
        "policy": spoken(policy_of(event).title, lang) if event["policy"] else "",
        "scheme": {**_named(scheme, lang), "modules": [_named(one, lang) for one in scheme["modules"]]}
        if scheme
        else None,
        "team_size": event["team_size"],
        "stations": event["stations"],
        "shifts": event["shifts"],
        "capacity": event["capacity"],
        "entries": entries,
        "why": spoken(verdict.reason, lang) if isinstance(verdict, No) else "",
    }


def _named(part: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {**part, "name": spoken(in_both(part["name"], part.get("name_en", "")), lang)}


@get("/office/{slug:str}/setup/events/new", opt={"access": organiser}, include_in_schema=False)
async def new_event_page(request: Web) -> Response[str]:
    """An empty form; an occupation that was searched without script comes with the address."""
    events = await events_listed(request.state.scope.competition)
    values = {**FRESH, "code": free_code([one["code"] for one in events]), **_picked(request)}
    return await _event_page(request, None, values, 0)


def free_code(taken: Sequence[str]) -> str:
    """The next code that nobody has: after M07 comes M08."""
    return next(code for number in range(1, len(taken) + 2) if (code := f"M{number:02}") not in taken)


def _picked(request: Web) -> dict[str, str]:
    names = ("occupation", "occupation_code", "occupation_edition", "name", "name_en")
    return {name: text[:200] for name in names if (text := request.query_params.get(name, ""))}


@post("/office/{slug:str}/setup/events/new", opt={"access": organiser}, include_in_schema=False)
async def add(request: Web, data: Form) -> Response[Any]:
    """Add it, or show what is wrong."""
    competition, reader = request.state.scope.competition, Reader(data, "Asia/Shanghai", [])
    try:
        facts = read_event(reader)
        await add_event(competition, NewEvent(**facts), request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _event_page(request, None, data, 0, refusal, (*reader.problems, *refusal.problems))
    return Redirect(f"/office/{competition['slug']}/setup/events/{facts['code']}?done=added", status_code=303)


@get("/office/{slug:str}/setup/events/{code:str}", opt={"access": organiser}, include_in_schema=False)
async def event_page(request: Web) -> Response[str]:
    """An event's facts, scheme, and the way to its registration."""
    event = request.state.scope.event
    return await _event_page(request, event, {**event, **_picked(request)}, event["version"])


@post("/office/{slug:str}/setup/events/{code:str}", opt={"access": organiser}, include_in_schema=False)
async def save(request: Web, data: Form) -> Response[Any]:
    """Save its facts, or show what is wrong or what somebody else wrote beside what was typed."""
    scope, reader = request.state.scope, Reader(data, "Asia/Shanghai", [])
    try:
        edit = EventEdit(**read_event(reader), version=version_in(data))
        _, batch, _ = await resize(scope.competition, scope.event, edit, request.user, datetime.now(UTC))
    except Refusal as refusal:
        version = refusal.version if isinstance(refusal, Changed) else version_in(data)
        theirs = refusal.theirs if isinstance(refusal, Changed) else None
        problems = (*reader.problems, *refusal.problems)
        return await _event_page(request, scope.event, data, version, refusal, problems, theirs)
    return Redirect(
        f"/office/{scope.competition['slug']}/setup/events/{edit.code}?done=event{f'&admitted={batch}' if batch else ''}",
        status_code=303,
    )


@post("/office/{slug:str}/setup/events/{code:str}/remove", opt={"access": organiser}, include_in_schema=False)
async def remove(request: Web, data: Form) -> Response[Any]:
    """Take the event out, or say what keeps it."""
    scope = request.state.scope
    try:
        await remove_event(scope.competition, scope.event, version_in(data), request.user, datetime.now(UTC))
    except Refusal as refusal:
        event = scope.event
        return await _event_page(request, event, event, event["version"], refusal)
    return Redirect(f"/office/{scope.competition['slug']}/setup/events?done=removed", status_code=303)


@post("/office/{slug:str}/setup/events/{code:str}/scheme", opt={"access": organiser}, include_in_schema=False)
async def choose_marking(request: Web, data: Upload) -> Response[Any]:
    """Bind a shipped scheme or the scheme of a workbook to the event, or list what is wrong with the workbook."""
    scope, file, shipped = request.state.scope, data.get("file"), data.get("shipped", "")
    try:
        if isinstance(file, UploadFile) and file.filename:
            scheme = await in_worker_async(read_scheme, await read_upload(file), file.filename)
            await choose(request, scheme, data.get("seen"))
        elif shipped in shipped_schemes():
            await choose(request, load_scheme(shipped), data.get("seen"))
        else:
            words = Words("还没有选评分方案。", "No marking scheme was chosen.")
            mend = Words(
                "请选一份电子表，或选随程序提供的方案。", "Choose a workbook, or the one that comes with Podium."
            )
            raise Refusal("scheme.none", words, mend, status=422)
    except (Refusal, Problems) as wrong:
        refusal = wrong if isinstance(wrong, Refusal) else as_refusal(wrong)
        event = await event_named(scope.competition, scope.event["code"])
        return await _event_page(request, event, event, event["version"], scheme_refusal=refusal)
    url = f"/office/{scope.competition['slug']}/setup/events/{scope.event['code']}"
    return Redirect(f"{url}?done=scheme#scheme", status_code=303)


def read_event(reader: Reader) -> dict[str, Any]:
    """The posted facts of an event. Raises Refusal `setup.unreadable`."""
    facts: dict[str, Any] = {field.name: reader.text(field.name) for field in (*OCCUPATION, *EVENT)}
    facts["policy"] = reader.text("policy")
    facts |= {field.name: reader.whole(field) for field in ROOM}
    edition = facts["occupation_edition"]
    facts["occupation_edition"] = int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 5 else 0
    if reader.problems:
        words = Words("有的内容读不懂，什么都没有保存。", "Some of it cannot be read; nothing was saved.")
        raise Refusal("setup.unreadable", words, status=422)
    return facts


def version_in(form: Typed) -> int:
    """The version that a form was made on; one that nobody has when it is missing."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


async def _event_page(
    request: Web,
    event: Mapping[str, Any] | None,
    values: Mapping[str, Any],
    version: int,
    refusal: Refusal | None = None,
    problems: Sequence[Problem] = (),
    theirs: Mapping[str, Any] | None = None,
    scheme_refusal: Refusal | None = None,
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    url = f"/office/{competition['slug']}/setup/events"
    categories = list(dict.fromkeys(one["category"] for one in await events_listed(competition) if one["category"]))
    asked = request.query_params.get("q", "")[:100] if request.method == "GET" else ""
    return await setup_page(
        request,
        "office/setup_event.html",
        "events",
        refusal or scheme_refusal,
        version=version,
        admitted=await _admitted(request, competition),
        action=f"{url}/{event['code']}" if event else f"{url}/new",
        event=await _shown(competition, event, request, lang) if event else None,
        asked=asked,
        hits=[occupation_as_data(one) for one in await found(request.user.organisers, asked)] if asked else [],
        sections=[
            {
                "id": id,
                "name": spoken(words, lang),
                "fields": drawn(fields, values, lang, problems, theirs, suggestions={"category": categories}),
            }
            for id, words, fields in SECTIONS
        ],
        policies=await policy_choices(competition, str(values.get("policy", "")), lang),
        policy_theirs=theirs["policy"] if theirs and theirs["policy"] != values.get("policy") else "",
        schemes=[{"id": id, "name": spoken(SCHEMES.get(id, Words(id, id)), lang)} for id in shipped_schemes()],
    )


async def _admitted(request: Web, competition: Mapping[str, Any]) -> list[str]:
    """Who came in from the waiting list by what was just saved."""
    try:
        batch = UUID(request.query_params.get("admitted", ""))
    except ValueError:
        return []
    return await admitted_in(competition["id"], batch) if request.method == "GET" else []


async def policy_choices(competition: Mapping[str, Any], chosen: str, lang: str) -> list[dict[str, Any]]:
    """Every policy, shipped and this organiser's own, with its title, document and status; what cannot be used on the
    first day says why. Own ones that are not finished are left out."""
    choices, on = [], competition["starts"]
    named: list[tuple[str, policies.Policy, Verdict]] = []
    for id in policies.shipped():
        named.append((id, policy := policies.load(id), policy.usable(on)))
    for row in await own_policies([competition["organiser"]]):
        draft = draft_of(row["text"])
        if draft.policy:
            verdict = draft.policy.usable(on)
            verdict = confirmed_by_two(row) if isinstance(verdict, Yes) else verdict
            named.append((called(row), draft.policy, verdict))
    for id, policy, usable in named:
        why = usable.reason if isinstance(usable, No) else Words("", "")
        choices.append(
            {
                "id": id,
                "own": "@" in id,
                "url": f"/office/policies/{id}",
                "title": spoken(policy.title, lang),
                "authority": spoken(policy.authority, lang),
                "document": policies.number_of(policy.document),
                "template": policy.status == "template",
                "usable": not isinstance(usable, No),
                "why": spoken(why, lang),
                "chosen": id == chosen,
            }
        )
    return sorted(choices, key=lambda one: (not one["chosen"], not one["usable"], not one["own"]))


async def _shown(competition: Mapping[str, Any], event: Mapping[str, Any], request: Web, lang: str) -> dict[str, Any]:
    verdict = await pipeline.closed(event, datetime.now(UTC))
    scheme, entries = scheme_of(event), await Entry.count().where(Entry.event == event["id"])
    short = scheme_as_data(scheme) if scheme else None
    line = _line(competition, event, short, entries, verdict if event["state"] == "setup" else None, lang)
    door = desk.door_of(competition, event, request.user, verdict, lang, ()) if event["state"] == "setup" else None
    return {**line, "door": door, "seen": event["scheme_fingerprint"] or ""}


ROUTES = Router("/", route_handlers=[events_page, new_event_page, add, event_page, save, remove, choose_marking])
