"""The form of one entry at a delegation's desk: choose an event, type its people, see at once what is wrong, save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import entry_fields, registering
from admin.intake import packed
from admin.pages import Form
from admin.sheets.registration import RegistrationSheet
from admin.sheets.typed import read_typed
from scoring.verdict import No, Words
from server.access import clerk
from server.competitions.flow import events_listed
from server.errors import Refusal, missing
from server.registration.attachments import incomplete
from server.registration.comparing import Plan
from server.registration.late import may_enter
from server.registration.naming import entry_id
from server.registration.places import Room, rooms_of
from server.registration.single import Opened, Sent, enter_one, opened, withdraw_one
from server.registration.staging import preview
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, page, spoken

ENTRY = "/register/{slug:str}/{delegation:str}/entry"
NO_ENTRY = Words("这份报名", "entry")


@get(f"{ENTRY}/new", opt={"access": clerk}, include_in_schema=False)
async def new_entry(request: Web) -> Response[str]:
    """The events to choose from; with one in the address its empty form."""
    event = await event_of(request, request.query_params.get("event", ""))
    return await (form_page(request, event, {}) if event else _choose(request))


@post(f"{ENTRY}/new", opt={"access": clerk}, include_in_schema=False)
async def add_entry(request: Web, data: Form) -> Response[Any]:
    """Take a new entry in, or show it again with what stands against it."""
    return await _save(request, data, None)


@post(f"{ENTRY}/check", opt={"access": clerk}, status_code=200, include_in_schema=False)
async def check_entry(request: Web, data: Form) -> dict[str, Any]:
    """What would stand beside each field now; nothing is stored. Fields that are still empty are not called so."""
    event = await event_of(request, data.get("event", ""))
    if event is None:
        raise missing(Words("这个赛项", "event"))
    lang, scope = lang_of(request), request.state.scope
    held = await _held(request, data.get("entry", ""))
    read = read_entry(event, data)
    plan = await _plan(request, read, held)
    found = entry_fields.notes(read, plan, data, lang)
    template = request.app.state.templates.get_template("register/notes.html")
    shown = {name: [one for one in some if one["code"] != "registration.cell-empty"] for name, some in found.items()}
    room = (await rooms_of(scope.delegation["id"], [event["id"]]))[event["id"]]
    return {
        "notes": {name: template.render(lang=lang, notes=some) for name, some in shown.items() if some},
        "told": {f"document_number-{row.row}": entry_fields.told_by(row, lang) for row in read.rows},
        "sexes": {f"sex-{row.row}": entry_fields.sex_in(row) for row in read.rows},
        "room": room_words(room, event, lang),
    }


@get(f"{ENTRY}/{{entry:str}}", opt={"access": clerk}, include_in_schema=False)
async def entry_page(request: Web) -> Response[str]:
    """A stored entry, to be looked at and changed."""
    held = await _held(request, str(request.path_params["entry"]))
    if held is None:
        raise missing(NO_ENTRY)
    values = {**entry_fields.as_typed(held.members), "seen": held.seen}
    return await form_page(request, await event_of(request, held.members[0]["code"]), values, held)


@post(f"{ENTRY}/{{entry:str}}", opt={"access": clerk}, include_in_schema=False)
async def change_entry(request: Web, data: Form) -> Response[Any]:
    """Put what was typed in the place of a stored entry, or show it again with what stands against it."""
    held = await _held(request, str(request.path_params["entry"]))
    if held is None:
        raise missing(NO_ENTRY)
    return await _save(request, data, held)


@post(f"{ENTRY}/{{entry:str}}/withdraw", opt={"access": clerk}, include_in_schema=False)
async def withdraw_entry(request: Web, data: Form) -> Response[Any]:
    """Take a stored entry out of the list, or show it again with why it has to stay."""
    held = await _held(request, str(request.path_params["entry"]))
    if held is None:
        raise missing(NO_ENTRY)
    scope, seen = request.state.scope, replace(held, seen=data.get("seen", ""))
    try:
        await withdraw_one(
            scope.competition,
            scope.delegation,
            seen,
            data.get("why", "")[:500],
            request.app.state.sealer,
            request.user,
            datetime.now(UTC),
        )
    except Refusal as refusal:
        values = {**entry_fields.as_typed(held.members), "seen": held.seen}
        return await form_page(request, await event_of(request, held.members[0]["code"]), values, held, refusal)
    return Redirect(f"{_here(request)}?added=0&changed=0&unchanged=0&withdrawn=1&left_out=0", status_code=303)


async def _save(request: Web, data: Mapping[str, str], held: Opened | None) -> Response[Any]:
    event = await event_of(request, data.get("event", ""))
    if event is None:
        return await _choose(request, 422)
    scope, read = request.state.scope, read_entry(event, data)
    ticked = entry_fields.ticked(read, data)
    sent = Sent(
        read, packed(read), held.id if held else None, data.get("seen", ""), ticked, data.get("reason", "")[:500]
    )
    try:
        done = await enter_one(
            scope.competition, scope.delegation, sent, request.app.state.sealer, request.user, datetime.now(UTC)
        )
    except Refusal as refusal:
        if held and refusal.code == "entry.changed":  # its sender is shown what is there now
            now = await _held(request, str(held.id)) or held
            return await form_page(request, event, {**data, "seen": now.seen}, now, refusal, read)
        return await form_page(request, event, data, held, refusal, read)
    if data.get("another"):
        return Redirect(f"{_here(request)}/entry/new?event={event['code']}&added={done.added}", status_code=303)
    counted = "&".join(
        f"{name}={getattr(done, name)}" for name in ("added", "changed", "unchanged", "withdrawn", "left_out")
    )
    return Redirect(f"{_here(request)}?{counted}", status_code=303)


def read_entry(event: Mapping[str, Any], values: Mapping[str, str]) -> RegistrationSheet:
    """What was typed for an event, read like a workbook."""
    return read_typed(entry_fields.typed(event, values, event["team_size"]))


async def _plan(request: Web, read: RegistrationSheet, held: Opened | None) -> Plan:
    scope, replaces = request.state.scope, held.id if held else None
    plan, _ = await preview(
        scope.competition, scope.delegation, read, request.app.state.sealer, request.user, replaces=replaces
    )
    return plan


async def event_of(request: Web, code: str) -> dict[str, Any] | None:
    """The event of that code, if this competition has it."""
    return next((one for one in await events_listed(request.state.scope.competition) if one["code"] == code), None)


async def _held(request: Web, id: str) -> Opened | None:
    """The entry that an address names, if it is this delegation's. Raises Refusal `not-found`."""
    try:
        wanted = UUID(id)
    except ValueError:
        return None
    return await opened(request.state.scope.delegation, wanted, request.app.state.sealer)


async def _choose(request: Web, status: int = 200) -> Response[str]:
    scope, lang = request.state.scope, lang_of(request)
    events = [one for one in await events_listed(scope.competition) if one["state"] == "registration"]
    rooms = await rooms_of(scope.delegation["id"], [one["id"] for one in events])
    return await _page(
        request,
        "register/entry_event.html",
        status,
        events=[
            {
                "url": f"{_here(request)}/entry/new?event={one['code']}",
                "code": one["code"],
                "name": name_of({**one, "edition": 1}, lang),
                "division": one["division"],
                "occupation": one["occupation"],
                "team_size": one["team_size"],
                "room": room_words(rooms[one["id"]], one, lang),
                "full": _full(rooms[one["id"]], one),
            }
            for one in events
        ],
    )


async def form_page(
    request: Web,
    event: Mapping[str, Any] | None,
    values: Mapping[str, str],
    held: Opened | None = None,
    refusal: Refusal | None = None,
    read: RegistrationSheet | None = None,
    application: Mapping[str, Any] | None = None,
) -> Response[str]:
    """The form with what was typed and what stands beside it; with an application it is that one, to be decided."""
    if event is None:
        raise missing(Words("这个赛项", "event"))
    scope, lang = request.state.scope, lang_of(request)
    plan = await _plan(request, read, held) if read else None
    found = entry_fields.notes(read, plan, values, lang) if read else {}
    if held and read and refusal and refusal.code == "entry.changed":
        for name, note in entry_fields.differs(held.members, values, lang):
            found.setdefault(name, []).append(note)
    room = (await rooms_of(scope.delegation["id"], [event["id"]]))[event["id"]]
    alike = [one for one in await events_listed(scope.competition) if _alike(one, event)]
    said = request.query_params.get("added", "")
    return await _page(
        request,
        "register/entry.html",
        refusal.status if refusal else 200,
        event={
            "code": event["code"],
            "name": name_of({**event, "edition": 1}, lang),
            "occupation": f"{event['occupation']} {event['occupation_code']}".strip(),
            "team_size": event["team_size"],
            "room": room_words(room, event, lang),
            "open": event["state"] == "registration",
        },
        events=[{"code": one["code"], "name": f"{said_in(one, 'name', lang)}（{one['division']}）"} for one in alike]
        if held or application
        else [],
        entry={"id": str(held.id), "number": entry_id(held.members[0], held.members[0]["number"])} if held else None,
        application={**application, "url": f"{_here(request)}/applications/{application['id']}"}
        if application
        else None,
        action=f"{_here(request)}/applications/{application['id']}"
        if application
        else f"{_here(request)}/entry/{held.id if held else 'new'}",
        check=f"{_here(request)}/entry/check",
        lacks=await _lacks(request, held, lang) if held else [],
        team=values.get("team", ""),
        seen=values.get("seen", ""),
        reason=values.get("reason", ""),
        members=[
            {"number": number, "fields": entry_fields.drawn(number, values, lang)}
            for number in range(1, event["team_size"] + 1)
        ],
        notes=found,
        wrong=sum(note["kind"] == "wrong" for some in found.values() for note in some),
        doubtful=sum(note["kind"] == "doubt" for some in found.values() for note in some),
        problem=registering.said_of(refusal, lang) if refusal and refusal.code != "registration.refused" else None,
        said=spoken(Words("已录入，可以接着填下一份。", "It is in; here is the next one."), lang) if said else "",
    )


async def _lacks(request: Web, held: Opened, lang: str) -> list[dict[str, str]]:
    """What the people of a stored entry still lack, with the page on which it is sent."""
    scope = request.state.scope
    found = await incomplete(scope.competition["id"], scope.delegation["id"])
    return [
        {
            "name": one["name"],
            "what": spoken(lack.words, lang),
            "url": f"{_here(request)}/{'photos' if lack.code == 'photo.missing' else 'attachments'}",
        }
        for one in held.members
        for lack in found.get(one["person"], ())
    ]


async def _page(request: Web, template: str, status: int = 200, **values: Any) -> Response[str]:
    scope, lang, url = request.state.scope, lang_of(request), _here(request)
    when = await may_enter(scope.competition, scope.delegation["id"], request.user, datetime.now(UTC))
    return page(
        request,
        template,
        status,
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url},
        closed=spoken(when.reason, lang) if isinstance(when, No) else "",
        **values,
    )


def _alike(one: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Events into which an entry can move without other people: open, and of as many members."""
    return one["id"] == event["id"] or (one["state"] == "registration" and one["team_size"] == event["team_size"])


def _full(room: Room, event: Mapping[str, Any]) -> bool:
    return room.quota is not None and room.own >= room.quota


def room_words(room: Room, event: Mapping[str, Any], lang: str) -> str:
    """How many places there still are for this delegation."""
    if event["capacity"] and room.full >= event["capacity"] and not _full(room, event):
        return spoken(Words("名额已满，现在报名进入候补", "full; who enters now is on the waiting list"), lang)
    limits = [room.quota - room.own] if room.quota is not None else []
    limits += [event["capacity"] - room.full] if event["capacity"] else []
    if not limits:
        return spoken(Words(f"已报 {room.own} 个，名额不限", f"{room.own} entered, no limit"), lang)
    left = max(0, min(limits))
    return spoken(Words(f"已报 {room.own} 个，还有 {left} 个名额", f"{room.own} entered, {left} places left"), lang)


def _here(request: Web) -> str:
    scope = request.state.scope
    return registering.url_of(scope.competition["slug"], scope.delegation["id"])


ROUTES = Router("/", route_handlers=[new_entry, add_entry, check_entry, entry_page, change_entry, withdraw_entry])
