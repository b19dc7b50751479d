"""What an applicant sees, on a phone and without an account: the form behind a link, and their own application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import entry_fields, registering
from admin.attachment_pages import id_in, read_paper
from admin.pages import Form, Upload
from admin.photo_pages import read_photos
from admin.sheets.rows import LONGEST
from admin.sheets.typed import read_typed
from scoring.verdict import No, Problems, Words
from server.access import everyone
from server.competitions.flow import events_listed
from server.errors import Refusal, missing
from server.registration.application_links import link_named, takes
from server.registration.application_photos import keep_photo
from server.registration.applications import apply, count, judged, own_application, withdraw
from server.registration.attachments import attach_to_application, wanted_of_application
from server.registration.comparing import Plan
from server.registration.naming import entry_id
from server.registration.review import STATES
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

KEPT = tuple(f"{field.name}-1" for field in entry_fields.PERSON)
NO_PHOTO = Refusal("photo.none", Words("请选一张照片。", "Choose one photo."), status=422)
NO_LINK = Words("这个报名链接", "link to apply")


@get("/apply/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def apply_page(request: Web) -> Response[str]:
    """The events of a link, or the form of the only one."""
    return await _page(request, {"event": request.query_params.get("event", "")})


@post("/apply/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def send(request: Web, data: Form) -> Response[Any]:
    """Keep an application and go on to the applicant's own page, or show what has to be put right."""
    link, event = await _named(request, data.get("event", ""))
    if event is None:
        return await _page(request, data)
    values = {name: data.get(name, "")[: LONGEST + 1] for name in KEPT}
    try:
        token = await apply(
            link,
            event,
            read_typed(entry_fields.typed(event, values, 1)),
            values,
            data.get("consent") == "1",
            _address(request),
            request.app.state.sealer,
            datetime.now(UTC),
        )
    except Refusal as refusal:
        return await _page(request, data, refusal)
    return Redirect(f"/application/{token}?new=1", status_code=303)


@post("/apply/{token:str}/check", opt={"access": everyone}, status_code=200, include_in_schema=False)
async def check(request: Web, data: Form) -> dict[str, Any]:
    """What would stand beside each field; of what is stored of anybody nothing is told."""
    link, event = await _named(request, data.get("event", ""))
    if event is None:
        raise missing(Words("这个赛项", "event"))
    await count("check", link["id"], _address(request), request.app.state.sealer, datetime.now(UTC))
    lang = lang_of(request)
    read = read_typed(entry_fields.typed(event, data, 1))
    template = request.app.state.templates.get_template("register/notes.html")
    found = _notes(read, await judged(link, event, read), lang)
    shown = {name: [one for one in some if one["code"] != "registration.cell-empty"] for name, some in found.items()}
    return {
        "notes": {name: template.render(lang=lang, notes=some) for name, some in shown.items() if some},
        "told": {"document_number-1": entry_fields.told_by(read.rows[0], lang)},
        "sexes": {"sex-1": entry_fields.sex_in(read.rows[0])},
    }


@get("/application/{token:str}", opt={"access": everyone}, include_in_schema=False)
async def own_page(request: Web) -> Response[str]:
    """Where an application stands; whoever has its link may see it, nobody else."""
    return await _own(request)


@post("/application/{token:str}/withdraw", opt={"access": everyone}, include_in_schema=False)
async def take_back(request: Web) -> Response[Any]:
    """The applicant takes their application back."""
    token = str(request.path_params["token"])
    try:
        await withdraw(token, datetime.now(UTC))
    except Refusal as refusal:
        return await _own(request, refusal)
    return Redirect(f"/application/{token}", status_code=303)


@post("/application/{token:str}/attachments/{kind:str}", opt={"access": everyone}, include_in_schema=False)
async def send_paper(request: Web, data: Upload) -> Response[Any]:
    """Keep a file of an applicant whose application waits."""
    token, sealer, now = str(request.path_params["token"]), request.app.state.sealer, datetime.now(UTC)
    found = await own_application(token, sealer)
    if found is None:
        raise missing(Words("这份申请", "application"))
    try:
        await count("paper", found["id"], _address(request), sealer, now)
        await attach_to_application(found["id"], id_in(request, "kind"), await read_paper(data), sealer, now)
    except Problems as problems:
        (one, *_) = problems.problems
        return await _own(request, Refusal(one.code, one.words, one.mend, status=422))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _own(request, refusal)
    return Redirect(f"/application/{token}", status_code=303)


@post("/application/{token:str}/photo", opt={"access": everyone}, include_in_schema=False)
async def send_photo(request: Web, data: Upload) -> Response[Any]:
    """Keep an applicant's photo, by the checks of every other photo."""
    token, sealer = str(request.path_params["token"]), request.app.state.sealer
    found = await own_application(token, sealer)
    if found is None:
        raise missing(Words("这份申请", "application"))
    try:
        await count("paper", found["id"], _address(request), sealer, datetime.now(UTC))
        good, problems = await read_photos(data)
        if problems or len(good) != 1:
            raise Refusal(problems[0].code, problems[0].words, problems[0].mend, status=422) if problems else NO_PHOTO
        await keep_photo(found["id"], good[0], sealer)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _own(request, refusal)
    return Redirect(f"/application/{token}", status_code=303)


def _address(request: Web) -> str:
    return request.client.host if request.client else ""


async def _named(request: Web, code: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The link of an address, and the event of that code if one may apply for it by this link."""
    link = await link_named(str(request.path_params["token"]))
    if link is None:
        raise missing(NO_LINK)
    return link, next((one for one in await _events(link) if one["code"] == code), None)


async def _events(link: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        one
        for one in await events_listed(link["competition"])
        if one["state"] == "registration" and one["team_size"] == 1 and link["code"] in ("", one["code"])
    ]


async def _page(request: Web, given: Mapping[str, str], refusal: Refusal | None = None) -> Response[str]:
    link, event = await _named(request, given.get("event", ""))
    lang, events, open_ = lang_of(request), await _events(link), takes(link, datetime.now(UTC))
    if event is None and len(events) == 1:
        event = events[0]
    found: entry_fields.Notes = {}
    if refusal and event:
        read = read_typed(entry_fields.typed(event, given, 1))
        found = _notes(read, await judged(link, event, read), lang)
    address = f"/apply/{request.path_params['token']}"
    competition = link["competition"]
    return page(
        request,
        "public/apply.html",
        refusal.status if refusal else 200,
        site={"name": name_of(competition, lang)},
        closed=spoken(open_.reason, lang) if isinstance(open_, No) else "",
        competition=registering.competition_line(competition, lang),
        delegation=registering.named(link["delegation"], lang),
        organiser=competition["organisations"][0]["name"] if competition["organisations"] else "",
        until=link["until"],
        events=[
            {
                "code": one["code"],
                "name": name_of({**one, "edition": 1}, lang),
                "division": one["division"],
                "occupation": one["occupation"],
            }
            for one in events
        ],
        event={"code": event["code"], "name": name_of({**event, "edition": 1}, lang)} if event else None,
        fields=entry_fields.drawn(1, given, lang),
        notes=found,
        wrong=sum(note["kind"] == "wrong" for some in found.values() for note in some),
        consent=given.get("consent") == "1",
        action=address,
        problem=registering.said_of(refusal, lang),
    )


def _notes(read: Any, plan: Plan, lang: str) -> entry_fields.Notes:
    """What stands beside the fields, without ticks: what is doubtful is looked at by the clerk."""
    found = entry_fields.notes(read, plan, (), lang)
    return {name: [{**note, "tick": ""} for note in some] for name, some in found.items()}


async def _own(request: Web, refusal: Refusal | None = None) -> Response[str]:
    lang, token = lang_of(request), str(request.path_params["token"])
    found = await own_application(token, request.app.state.sealer)
    if found is None:
        raise missing(Words("这份申请", "application"))
    english = lang == "en"
    return page(
        request,
        "public/application.html",
        refusal.status if refusal else 200,
        site={"name": (found["competition_en"] if english else "") or found["competition"]},
        application={
            "state": found["state"],
            "name": found["values"].get("name-1", ""),
            "event": (found["event_name_en"] if english else "") or found["event_name"],
            "delegation": (found["delegation_name_en"] if english else "") or found["delegation_name"],
            "at": found["at"],
            "decided": found["decided"],
            "reason": found["reason"],
            "number": entry_id(found, found["number"]) if found["number"] else "",
            "stands": found["entry_state"] or "",
            "said": spoken(STATES[found["entry_state"]], lang) if found["entry_state"] else "",
            "swept": found["state"] == "waiting" and not found["values"],
        },
        photo={"url": f"/application/{token}/photo", "has": bool(found["photo"])},
        papers=[
            {
                "name": (one["kind_name_en"] if english else "") or one["kind_name"],
                "required": one["required"],
                "at": one["at"],
                "url": f"/application/{token}/attachments/{one['kind']}",
                "id": f"file-{one['kind']}",
            }
            for one in (await wanted_of_application(found["id"]) if found["state"] == "waiting" else ())
        ],
        new=request.query_params.get("new") == "1",
        address=f"{request.app.state.settings.base_url}/application/{token}",
        action=f"/application/{token}/withdraw",
        problem=registering.said_of(refusal, lang),
    )


ROUTES = Router("/", route_handlers=[apply_page, send, check, own_page, take_back, send_paper, send_photo])
