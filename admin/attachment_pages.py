"""Attachments at a delegation's desk: what is asked of whom, what is missing, sending and looking at one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response

from admin import registering
from admin.attachments.paper import HEAVIEST, Paper, paper
from admin.attachments.wording import problem
from admin.pages import Upload
from admin.register_tabs import tabs
from admin.sheets.worker import in_worker_async
from scoring.verdict import No, Problem, Problems, Words
from server.access import clerk
from server.errors import Refusal, missing, refuse
from server.registration.application_photos import kept_photo
from server.registration.applications import application_of
from server.registration.attachments import NO_KIND, attach, attachment_of, attachment_of_application, wanted_of
from server.registration.late import may_bring
from server.registration.naming import entry_id
from server.web.page import Web, lang_of, page, spoken

HERE = "/register/{slug:str}/{delegation:str}/attachments"
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}
NOTHING_SENT = Refusal("attachment.none", Words("没有选文件。", "No file was chosen."), status=422)


@get(HERE, opt={"access": clerk}, include_in_schema=False)
async def attachments_page(request: Web) -> Response[str]:
    """What is asked of everybody here, and what there is of it."""
    return await _page(request)


@post(f"{HERE}/{{person:str}}/{{kind:str}}", opt={"access": clerk}, include_in_schema=False)
async def take(request: Web, data: Upload) -> Response[Any]:
    """Check one file and keep it; or say what is wrong with it."""
    scope, now = request.state.scope, datetime.now(UTC)
    person, kind = id_in(request, "person"), id_in(request, "kind")
    if not any((one["person"], one["kind"]) == (person, kind) for one in await wanted_of(scope.delegation["id"])):
        raise missing(NO_KIND)
    if isinstance(closed := await may_bring(scope.competition, scope.delegation["id"], request.user, now), No):
        return await _page(request, refuse(closed, Words("请联系主办方。", "Ask the organiser.")))
    try:
        sent = await read_paper(data)
        await attach(
            *(scope.competition, scope.delegation, person, kind, sent),
            *(request.app.state.sealer, request.user, now),
        )
    except Problems as problems:
        return await _page(request, problem=problems.problems[0], at=(person, kind))
    except Refusal as refusal:
        return await _page(request, refusal)
    return Redirect(f"{_url(request)}/attachments?kept=1#{person}", status_code=303)


@get(f"{HERE}/{{person:str}}/{{kind:str}}", opt={"access": clerk}, include_in_schema=False)
async def show(request: Web) -> Response[bytes]:
    """One file, as a download; kept by no cache on the way."""
    delegation, sealer = request.state.scope.delegation["id"], request.app.state.sealer
    person, kind = id_in(request, "person"), id_in(request, "kind")
    data, media = await attachment_of(delegation, person, kind, sealer)
    wanted = await wanted_of(delegation)
    one = next(one for one in wanted if (one["person"], one["kind"]) == (person, kind))
    return served(data, media, f"{entry_id(one, one['number'])}-{one['name']}-{one['kind_name']}")


@get(
    "/register/{slug:str}/{delegation:str}/applications/{application:str}/{kind:str}",
    opt={"access": clerk},
    include_in_schema=False,
)
async def show_applicants(request: Web) -> Response[bytes]:
    """A file of an application that waits for this delegation."""
    delegation, sealer = request.state.scope.delegation["id"], request.app.state.sealer
    found = await application_of(delegation, id_in(request, "application"), sealer)
    data, media = await attachment_of_application(found["id"], id_in(request, "kind"), sealer)
    return served(data, media, f"{found['code']}-{found['values'].get('name-1', '')}")


@get(
    "/register/{slug:str}/{delegation:str}/applications/{application:str}/photo",
    opt={"access": clerk},
    include_in_schema=False,
)
async def show_applicant(request: Web) -> Response[bytes]:
    """The photo of an applicant who waits for this delegation."""
    delegation, sealer = request.state.scope.delegation["id"], request.app.state.sealer
    found = await application_of(delegation, id_in(request, "application"), sealer)
    photo = await kept_photo(found["id"], sealer)
    return Response(photo.jpeg, media_type="image/jpeg", headers={"cache-control": "private, no-store"})


async def read_paper(data: Mapping[str, Any]) -> Paper:
    """The file of a form's field `file`, checked in a worker. Raises Problems, or Refusal when there is none."""
    file = data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise NOTHING_SENT
    name, content = file.filename[:120], await file.read(HEAVIEST + 1)
    if len(content) > HEAVIEST:
        raise Problems((problem("too-heavy", name, limit=f"{HEAVIEST >> 20} MB"),))
    return await in_worker_async(paper, content, name)


def served(data: bytes, media: str, stem: str) -> Response[bytes]:
    """A file that somebody sent: downloaded and never shown as a page of this site, whatever is in it."""
    name = quote(f"{stem}.{ENDINGS[media]}")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(data, media_type=media, headers=headers)


def id_in(request: Web, name: str) -> UUID:
    """The id that an address names. Raises Refusal `not-found`."""
    try:
        return UUID(str(request.path_params[name]))
    except ValueError:
        raise missing(Words("这份材料", "attachment")) from None


async def _page(
    request: Web,
    refusal: Refusal | None = None,
    problem: Problem | None = None,
    at: tuple[UUID, UUID] | None = None,
) -> Response[str]:
    scope, lang, url = request.state.scope, lang_of(request), _url(request)
    when = await may_bring(scope.competition, scope.delegation["id"], request.user, datetime.now(UTC))
    wanted = await wanted_of(scope.delegation["id"])
    people: dict[UUID, dict[str, Any]] = {}
    for one in wanted:
        wrong = problem if problem and (one["person"], one["kind"]) == at else None
        mine = people.setdefault(one["person"], _person(one, lang))
        mine["kinds"].append(_kind(one, url, wrong, lang))
        mine["lacks"] = mine["lacks"] or (one["required"] and one["attachment"] is None)
    said = Words("已收下，加密保存。", "Kept, encrypted.") if request.query_params.get("kept") else None
    needed = [one for one in wanted if one["required"]]
    return page(
        request,
        "register/attachments.html",
        refusal.status if refusal else 422 if problem else 200,
        desk=registering.rail(scope.competition, request.user, url, lang),
        delegation={"name": registering.named(scope.delegation, lang), "url": url},
        competition=registering.competition_line(scope.competition, lang),
        tabs=await tabs(request, "attachments"),
        people=sorted(people.values(), key=lambda one: not one["lacks"]),
        needed=len(needed),
        have=sum(one["attachment"] is not None for one in needed),
        closed=spoken(when.reason, lang) if isinstance(when, No) else "",
        said=spoken(said, lang) if said else "",
        problem=registering.said_of(refusal, lang),
    )


def _person(one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    event = one["event_en"] if lang == "en" and one["event_en"] else one["event"]
    number = entry_id(one, one["number"])
    return {
        "id": str(one["person"]),
        "name": one["name"],
        "event": event,
        "number": number,
        "kinds": [],
        "lacks": False,
    }


def _kind(one: Mapping[str, Any], url: str, wrong: Problem | None, lang: str) -> dict[str, Any]:
    return {
        "name": one["kind_name_en"] if lang == "en" and one["kind_name_en"] else one["kind_name"],
        "required": one["required"],
        "has": one["attachment"] is not None,
        "at": one["at"],
        "pages": one["pages"] or 0,
        "url": f"{url}/attachments/{one['person']}/{one['kind']}",
        "id": f"file-{one['person']}-{one['kind']}",
        "wrong": {"what": spoken(wrong.words, lang), "mend": spoken(wrong.mend, lang), "code": wrong.code}
        if wrong
        else None,
    }


def _url(request: Web) -> str:
    scope = request.state.scope
    return registering.url_of(scope.competition["slug"], scope.delegation["id"])


ROUTES = Router("/", route_handlers=[attachments_page, take, show, show_applicants, show_applicant])
