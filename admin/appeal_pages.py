"""Appeals in the office: all of them with where they stand, and one with what this person can do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get
from litestar.response import Response

from admin import desk
from admin.appeal_effects import effects_shown
from admin.appealing import called, number_in, shown
from admin.attachment_pages import served
from admin.evidence_http import shown as picture
from admin.list_pages import desk_list
from admin.setup import refusal_of
from scoring.verdict import Words, Yes
from server.access import office, supervisor
from server.appeals.effects import effects_of
from server.appeals.flow import acts_of, appeal_of, attached_to, not_party, waiting_in
from server.appeals.ruling import candidates, work_code
from server.competitions.flow import event_named
from server.errors import Refusal
from server.marks.correcting import marks_of
from server.marks.correcting_status import status_of
from server.marks.evidence import photo, photos_of
from server.marks.floor import STATUSES
from server.marks.flow import panel_of
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/appeals"
SAID = {
    "admitted": Words("已准许受理。", "It is admitted."),
    "refused": Words("已记为不予受理。", "It is not admitted."),
    "assigned": Words("已指定办理人。", "It is given to somebody."),
    "answered": Words("答复已记入，代表队可以看到。", "The answer is in; the delegation can read it."),
    "proposed": Words("更正已提出，裁定后才生效。", "The correction is proposed; it counts after a ruling."),
    "dropped": Words("更正已撤下。", "The correction is taken back."),
    "upheld": Words("已裁定成立。", "It is upheld."),
    "rejected": Words("已裁定驳回。", "It is rejected."),
}
TYPED = ("reason", "text", "value", "why", "mark", "status", "why_status")


@get(HERE, opt={"access": office}, include_in_schema=False)
async def appeals(request: Web) -> Response[str]:
    """Every appeal, those that wait for somebody first."""
    competition = request.state.scope.competition
    return page(
        request,
        "office/appeals.html",
        desk=rail(request, lang_of(request)),
        waiting_now=await waiting_in(competition["id"]),
        **await desk_list(request, "appeals", f"/office/{competition['slug']}/appeals"),
    )


@get(f"{HERE}/{{number:str}}", opt={"access": office}, include_in_schema=False)
async def appeal(request: Web) -> Response[str]:
    """One appeal."""
    return await one_appeal(request)


@get(f"{HERE}/{{number:str}}/attachment", opt={"access": office}, include_in_schema=False)
async def attachment(request: Web) -> Response[bytes]:
    """What it brought along."""
    found = await appeal_of(request.state.scope.competition["id"], number_in(request))
    data, media = await attached_to(found["id"], request.app.state.sealer)
    return served(data, media, called(found["number"]))


@get(f"{HERE}/{{number:str}}/evidence/{{photo:str}}", opt={"access": office}, include_in_schema=False)
async def evidence(request: Web) -> Response[bytes]:
    """A photo that a judge took of the entry that the appeal is about."""
    scope = request.state.scope
    found = await appeal_of(scope.competition["id"], number_in(request))
    event = await event_named(scope.competition, found["code"])
    id, sealer = request.path_params["photo"], request.app.state.sealer
    return picture(await photo(event["id"], id, sealer, await work_code(found)))


async def one_appeal(
    request: Web, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Response[str]:
    """One appeal, with why an act was refused and what was typed."""
    scope, lang = request.state.scope, lang_of(request)
    row = await appeal_of(scope.competition["id"], number_in(request))
    url = f"/office/{scope.competition['slug']}"
    party, acts = await not_party(row, request.user), await acts_of(row["id"])
    working = await _working(scope.competition, row, lang) if row["state"] == "open" else {}
    done = SAID.get(request.query_params.get("done", ""))
    return page(
        request,
        "office/appeal.html",
        refusal.status if refusal else 200,
        desk=rail(request, lang),
        competition={"name": name_of(scope.competition, lang), "url": url},
        action=f"{url}/appeals/{row['number']}",
        one=shown(row, acts, lang),
        party="" if isinstance(party, Yes) else spoken(party.reason, lang),
        admits=row["state"] == "asked" and isinstance(supervisor(request.user, scope), Yes),
        mine=row["assigned"] == request.user.account,
        answered=any(act["act"] == "answered" for act in acts),
        rules=_may_rule(acts, working.get("corrections", ()), request),
        people=working.get("people", []),
        marks=working.get("marks", []),
        floor=working.get("floor"),
        effects=working.get("effects"),
        photos=working.get("photos", []),
        typed={**dict.fromkeys(TYPED, ""), **(typed or {})},
        said={"what": spoken(done, lang)} if done else None,
        problem=refusal_of(refusal, lang),
    )


async def _working(competition: Mapping[str, Any], row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What an open appeal is worked on with: who may take it, the entry's marks, and what upholding would change."""
    event = await event_named(competition, row["code"])
    effects = await effects_of(competition, event, row["id"], datetime.now(UTC))
    code = await work_code(row)
    marks, now = await marks_of(event, code), await status_of(event["id"], code)
    waiting = {one["corrects"] for one in effects.corrections} if effects else set()
    panel = await panel_of(event["id"])
    labels = {**panel.labels, **panel.machines}
    photos = await photos_of(event["id"], code)
    return {
        "photos": [
            {"id": one["id"], "aspect": one["aspect"], "judge": labels.get(one["judge"], ""), "at": one["at"]}
            for one in photos
        ],
        "people": [
            {"id": str(one["id"]), "name": one["name"], "here": one["id"] == row["assigned"]}
            for one in await candidates(competition, row)
        ],
        "marks": [
            {
                "id": mark["id"],
                "what": f"{mark['aspect']} {spoken(mark['name'], lang)} · {mark['label']} · {mark['written']}",
            }
            for mark in marks
            if mark["id"] not in waiting
        ],
        "floor": {
            "now": spoken(STATUSES[now], lang),
            "others": [{"id": id, "name": spoken(name, lang)} for id, name in STATUSES.items() if id != now],
            "waits": bool(effects and effects.statuses),
        },
        "corrections": [*effects.corrections, *effects.statuses] if effects else (),
        "effects": effects_shown(effects, event, labels, lang),
    }


def _may_rule(acts: Sequence[Mapping[str, Any]], corrections: Sequence[Mapping[str, Any]], request: Web) -> bool:
    """Whoever answered or proposed a correction does not rule; the flow asks again."""
    busy = {act["account"] for act in acts if act["act"] == "answered"} | {one["proposed"] for one in corrections}
    return bool(busy) and request.user.account not in busy


def rail(request: Web, lang: str) -> dict[str, Any]:
    """The office's rail with appeals as where we are."""
    competition = request.state.scope.competition
    staff = competition["organiser"] in request.user.organisers
    return desk.rail(competition, "appeals", None, lang, sets_up=staff)


ROUTES = Router("/", route_handlers=[appeals, appeal, attachment, evidence])
