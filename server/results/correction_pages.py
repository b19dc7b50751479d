"""The chief judge's page of corrections after the seal: which mark, what it should be and why, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from scoring.marks import JUDGED, STEPS, Aspect, Scheme, in_marks
from scoring.verdict import No
from server.access import chief_judge, reads_corrections
from server.competitions.flow import scheme_of
from server.draw.flow import codes_of
from server.errors import Refusal
from server.marks.correcting import hundredths, marks_of
from server.marks.floor import STATUSES, floor_of
from server.results.correcting import CORRECTED, STATES, closed, corrections_of, propose_alone, take_back
from server.results.pages import said_in
from server.web.page import Web, lang_of, page, spoken

PAGE = "/tablet/{slug:str}/{code:str}/corrections"
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get(PAGE, opt={"access": reads_corrections}, include_in_schema=False)
async def corrections(request: Web) -> Response[Any]:
    """The page; whoever of the office comes by the board is led to theirs."""
    scope = request.state.scope
    if isinstance(chief_judge(request.user, scope), No):
        url = f"/office/{scope.competition['slug']}/events/{scope.event['code']}/corrections"
        return Redirect(url, status_code=303)
    return await _shown(request, request.query_params)


@post(PAGE, opt={"access": chief_judge}, include_in_schema=False)
async def propose(request: Web, data: Fields) -> Response[Any]:
    """Propose a correction; it waits for somebody of the office."""
    entry, mark, reason = (data.get(name, "").replace("\x00", "") for name in ("entry", "mark", "reason"))
    try:
        value = hundredths(data.get("value", ""))
        await propose_alone(request.state.scope.event, entry, mark, value, reason, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _shown(request, data, refusal)
    return Redirect(f"{request.url.path}#waits", status_code=303)


@post(f"{PAGE}/{{correction:str}}/drop", opt={"access": chief_judge}, include_in_schema=False)
async def drop(request: Web) -> Response[Any]:
    """Take one back that waits."""
    try:
        id = request.path_params["correction"]
        await take_back(request.state.scope.event, id, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _shown(request, {}, refusal)
    return Redirect(f"{request.url.path.rsplit('/', 2)[0]}#waits", status_code=303)


async def _shown(request: Web, asked: Mapping[str, str], refusal: Refusal | None = None) -> Response[str]:
    event, lang = request.state.scope.event, lang_of(request)
    every, scheme = await corrections_of(event), scheme_of(event)
    opens = event["state"] in CORRECTED and scheme is not None
    floor, entry = await floor_of(event["id"]), asked.get("entry", "")
    marks = await marks_of(event, entry) if opens and entry else []
    waiting = {one["corrects"] for one in every if one["state"] == "proposed"}
    chosen = next((one for one in marks if one["id"] == asked.get("mark") and one["id"] not in waiting), None)
    why = closed(event)
    return page(
        request,
        "marks/corrections.html",
        refusal.status if refusal else 200,
        event={"code": event["code"], "said": said_in(event, "name", lang)},
        closed=None if opens else {"what": spoken(why.words, lang), "mend": spoken(why.mend, lang)},
        entries=[
            {"code": code, "here": code == entry, "away": spoken(STATUSES[floor[code]["status"]], lang) if code in floor else ""}
            for code in (await codes_of(event["id"]) if opens else ())
        ],
        entry=entry if marks else "",
        groups=_groups(scheme, marks, waiting, chosen) if scheme else [],
        chosen=_chosen(scheme, chosen) if scheme and chosen else None,
        past=[{**told(one, lang), "mine": one["proposed"] == request.user.account} for one in every],
        typed={name: asked.get(name, "") for name in ("value", "reason")},
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )  # fmt: skip


def _groups(
    scheme: Scheme, marks: Sequence[Mapping[str, Any]], waiting: set[str], chosen: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """The marks of a piece, aspect by aspect under their sub-criteria."""
    given: dict[str, list[dict[str, Any]]] = {}
    for one in marks:
        shown = {"id": one["id"], "label": one["label"], "value": in_marks(one["value"])}
        here = chosen is not None and one["id"] == chosen["id"]
        given.setdefault(one["aspect"], []).append({**shown, "waits": one["id"] in waiting, "here": here})
    return [
        {
            "name": sub.name,
            "rows": [
                {"aspect": one.id, "name": one.name, "marks": given[one.id]} for one in sub.aspects if one.id in given
            ],
        }
        for criterion in scheme.criteria
        for sub in criterion.subcriteria
        if any(one.id in given for one in sub.aspects)
    ]


def _chosen(scheme: Scheme, mark: Mapping[str, Any]) -> dict[str, Any]:
    """The mark to be corrected, with the values that its aspect allows; a maximum where all up to it are allowed."""
    aspect = scheme.aspect(mark["aspect"])
    return {
        **{name: mark[name] for name in ("id", "aspect", "label")},
        "name": aspect.name,
        "value": in_marks(mark["value"]),
        "maximum": in_marks(aspect.maximum),
        "choices": [one for one in _choices(aspect) if one["value"] != in_marks(mark["value"])],
    }


def _choices(aspect: Aspect) -> list[dict[str, str]]:
    if aspect.kind == JUDGED:
        said = dict(zip(STEPS, aspect.anchors, strict=False))
        return [{"value": in_marks(step), "said": said.get(step, "")} for step in STEPS]
    return [{"value": in_marks(step), "said": ""} for step in aspect.allowed]


def told(one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A correction as pages show it."""
    names = ("entry", "aspect", "name", "label", "reason", "state", "answer", "at", "settled", "decided_by", "appeal")
    return {
        **{name: one[name] for name in names},
        "id": str(one["id"]),
        "before": in_marks(one["before"]),
        "after": in_marks(one["after"]),
        "by": one["proposed_by"],
        "said": spoken(STATES[one["state"]], lang),
    }


ROUTES = Router("/", route_handlers=[corrections, propose, drop])
