"""The chief judge's page of corrections after the seal: which mark, or what the floor wrote down, what it should be and why, and what
became of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from scoring.marks import JUDGED, STEPS, Aspect, Scheme
from scoring.scheme import anchors_of, in_both, names_of
from scoring.verdict import No, Words
from server.access import chief_judge, reads_corrections
from server.competitions.flow import scheme_of
from server.draw.flow import codes_of
from server.errors import Refusal
from server.marks.correcting import MOST_REASON, hundredths, marks_of
from server.marks.floor import COMPETED, STATUSES, floor_of
from server.results.correcting import (
    CORRECTED,
    STATES,
    closed,
    corrections_of,
    propose_alone,
    propose_status_alone,
    take_back,
)
from server.results.pages import said_in
from server.results.rechecking import errors_of
from server.web.page import Web, lang_of, page, spoken

PAGE = "/tablet/{slug:str}/{code:str}/corrections"
FLOOR = Words("现场登记", "floor status")
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
    names = ("entry", "mark", "before", "value", "reason")
    entry, mark, before, value, reason = (data.get(name, "").replace("\x00", "") for name in names)
    event, now = request.state.scope.event, datetime.now(UTC)
    try:
        if before:
            await propose_status_alone(event, entry, before, value, reason, request.user, now)
        else:
            await propose_alone(event, entry, mark, hundredths(value), reason, request.user, now)
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
    floor, codes = await floor_of(event["id"]), await codes_of(event["id"]) if opens else []
    entry = asked.get("entry", "") if asked.get("entry") in codes else ""
    marks = await marks_of(event, entry) if entry else []
    waiting = {one["corrects"] or one["entry"] for one in every if one["state"] == "proposed"}
    chosen = next((one for one in marks if one["id"] == asked.get("mark") and one["id"] not in waiting), None)
    standing = floor.get(entry, {"status": COMPETED, "reason": ""})
    of_floor = bool(entry and asked.get("before")) and chosen is None and entry not in waiting
    form = None
    if scheme and chosen:
        form = _chosen(scheme, chosen, lang)
    elif of_floor:
        form = _status(standing, lang)
    errors = [one for one in await errors_of(event["id"], every) if not one["mended"]] if opens else []
    why = closed(event)
    return page(
        request,
        "marks/corrections.html",
        refusal.status if refusal else 200,
        event={"code": event["code"], "said": said_in(event, "name", lang)},
        closed=None if opens else {"what": spoken(why.words, lang), "mend": spoken(why.mend, lang)},
        entries=[
            {"code": code, "here": code == entry, "away": spoken(STATUSES[floor[code]["status"]], lang) if code in floor else ""}
            for code in codes
        ],
        entry=entry,
        floor={**standing, "said": spoken(STATUSES[standing["status"]], lang), "waits": entry in waiting, "here": of_floor} if entry else None,
        groups=_groups(scheme, marks, waiting, chosen, lang) if scheme else [],
        chosen=form,
        past=[{**told(one, lang), "mine": one["proposed"] == request.user.account} for one in every],
        found=[{"entry": one["code"], "mark": one["mark"] or "", "words": one["words"], "by": one["by_name"]} for one in errors],
        typed={"value": asked.get("value", ""), "reason": asked.get("reason", _because(errors, entry, chosen, lang))},
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )  # fmt: skip


def _because(errors: Sequence[Mapping[str, Any]], entry: str, chosen: Mapping[str, Any] | None, lang: str) -> str:
    """What the re-check found and nothing mends yet of the mark that is chosen, or of its piece, as the reason to begin with."""
    said = next(
        (one["words"] for one in errors if one["code"] == entry and one["mark"] in (None, chosen and chosen["id"])), ""
    )
    return spoken(Words(f"复核：{said}", f"Re-check: {said}"), lang)[:MOST_REASON] if said else ""


def _groups(
    scheme: Scheme,
    marks: Sequence[Mapping[str, Any]],
    waiting: set[str],
    chosen: Mapping[str, Any] | None,
    lang: str,
) -> list[dict[str, Any]]:
    """The marks of a piece, aspect by aspect under their sub-criteria."""
    given: dict[str, list[dict[str, Any]]] = {}
    for one in marks:
        shown = {"id": one["id"], "label": one["label"], "value": one["written"]}
        here = chosen is not None and one["id"] == chosen["id"]
        given.setdefault(one["aspect"], []).append({**shown, "waits": one["id"] in waiting, "here": here})
    return [
        {
            "name": spoken(names_of(sub), lang),
            "rows": [
                {"aspect": one.id, "name": spoken(names_of(one), lang), "marks": given[one.id]}
                for one in sub.aspects
                if one.id in given
            ],
        }
        for criterion in scheme.criteria
        for sub in criterion.subcriteria
        if any(one.id in given for one in sub.aspects)
    ]


def _chosen(scheme: Scheme, mark: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The mark to be corrected, with the values that its aspect allows; a maximum where all up to it are allowed."""
    aspect = scheme.aspect(mark["aspect"])
    return {
        **{name: mark[name] for name in ("id", "aspect", "label")},
        "name": spoken(names_of(aspect), lang),
        "value": aspect.written(mark["value"]),
        "maximum": aspect.written(aspect.maximum),
        "choices": [one for one in _choices(aspect, lang) if one["value"] != aspect.written(mark["value"])],
    }


def _status(standing: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What the floor wrote down, to be corrected, with the statuses that it can be instead."""
    others = [
        {"value": id, "shown": spoken(said, lang), "said": ""}
        for id, said in STATUSES.items()
        if id != standing["status"]
    ]
    value, name = spoken(STATUSES[standing["status"]], lang), spoken(FLOOR, lang)
    return {"before": standing["status"], "name": name, "value": value, "choices": others}


def _choices(aspect: Aspect, lang: str) -> list[dict[str, str]]:
    if aspect.kind == JUDGED:
        said = dict(zip(STEPS, (spoken(one, lang) for one in anchors_of(aspect)), strict=False))
        return [
            {"value": aspect.written(step), "shown": aspect.written(step), "said": said.get(step, "")} for step in STEPS
        ]
    return [{"value": aspect.written(step), "shown": aspect.written(step), "said": ""} for step in aspect.allowed]


def told(one: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A correction as pages show it; `aspect` and `label` are None where it is of a status."""
    names = ("entry", "aspect", "label", "reason", "state", "answer", "at", "settled", "decided_by", "appeal")
    of_mark = one["corrects"] is not None
    return {
        **{name: one[name] for name in names},
        "id": str(one["id"]),
        "name": spoken(in_both(one["name"], one["name_en"]) if of_mark else FLOOR, lang),
        **{name: one[f"{name}_mark"] if of_mark else spoken(STATUSES[one[name]], lang) for name in ("before", "after")},
        "by": one["proposed_by"],
        "said": spoken(STATES[one["state"]], lang),
    }


ROUTES = Router("/", route_handlers=[corrections, propose, drop])
