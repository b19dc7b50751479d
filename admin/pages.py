"""The office's pages: today, and the corridor of one competition with its doors and its workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin import desk, reviewing
from admin.appealing import needing
from admin.correction_pages import needing as corrections_waiting
from admin.corridor import event_lines
from admin.http import choose, enter_workbook, read_upload
from admin.policy_pages import needing as policies_waiting
from admin.seats import changed_by_chiefs
from admin.setup import setting_up
from admin.sheets.scheme import read_scheme
from admin.sheets.worker import in_worker_async
from scoring.verdict import NOWHERE, No, Problem, Problems, Words, Yes
from server import pipeline
from server.access import Scope, chief_judge, office, organiser, signed_in, superuser
from server.answers import refused
from server.competitions.flow import events_listed
from server.database.tables import Certificate
from server.errors import Refusal
from server.results.pages import name_of
from server.results.public import counts
from server.web.jinja import PATHS
from server.web.page import Web, lang_of, page, person_of, spoken

LATER = datetime.max.replace(tzinfo=UTC)
"""When something is due that has no deadline."""
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/office", opt={"access": signed_in}, include_in_schema=False)
async def home(request: Web) -> Response[Any]:
    """What needs me, and my competitions; whoever has their work elsewhere is led there."""
    lang, now = lang_of(request), datetime.now(UTC)
    needs, editions = [], []
    for competition in await desk.competitions_for(request.user):
        url = f"/office/{competition['slug']}"
        events = await events_listed(competition)
        lines = await event_lines(competition, events, request.user, lang, now)
        needs += await desk.part_in_draws(competition, events, request.user, lang, now)
        needs += await needing(competition, request.user, lang)
        needs += await corrections_waiting(competition, events, request.user, lang)
        needs += await reviewing.needing(competition, request.user, lang)
        needs += await desk.silence(competition, request.user, lang)
        needs += await changed_by_chiefs(competition, events, request.user, lang)
        needs += [_need(line, url) for line in lines if line["door"] and line["door"]["mine"]]
        if desk.sets_up(competition, request.user):
            needs += await setting_up(competition, events, now, lang)
        stages = await desk.stages_of(competition)
        editions.append(
            {
                "name": name_of(competition, lang),
                "url": url,
                "first": competition["starts"],
                "last": competition["ends"],
                "events": len(lines),
                "competitors": (await counts(competition["id"]))["competitors"],
                "certificates": await Certificate.count().where(Certificate.competition == competition["id"]),
                "state": next((state for state in pipeline.STATES if state in stages), "setup"),
                "stages": stages,
            }
        )
    needs += await policies_waiting(request.user, lang)
    needs.sort(key=lambda need: need["due"] or LATER)
    own = person_of(request.user, lang)
    if not editions and own and own["home"] in (PATHS["register"], PATHS["work"]):
        return Redirect(own["home"], status_code=303)
    staff, keeper = bool(request.user.organisers), isinstance(superuser(request.user, Scope()), Yes)
    rail = desk.rail(None, "home", 0, lang, sets_up=staff, keys=keeper)
    return page(
        request,
        "office/home.html",
        desk=desk.with_raw(rail, lang) if request.user.superuser else rail,
        needs=needs,
        competitions=editions,
        create={"url": "/office/new"} if request.user.organisers else None,
    )


def _need(line: Mapping[str, Any], url: str) -> dict[str, Any]:
    return {
        "event": line["name"],
        "what": line["door"]["name"],
        "detail": line["detail"],
        "due": "",
        "url": f"{url}?only=mine",
    }


@get("/office/{slug:str}", opt={"access": office}, include_in_schema=False)
async def corridor(request: Web) -> Response[str]:
    """Every event of a competition and the door it stands before."""
    return await _corridor(request)


async def _corridor(
    request: Web, status: int = 200, said: Mapping[str, Any] | None = None, problems: Sequence[Mapping[str, Any]] = ()
) -> Response[str]:
    competition, lang, now = request.state.scope.competition, lang_of(request), datetime.now(UTC)
    lines = await event_lines(competition, await events_listed(competition), request.user, lang, now)
    mine = [line for line in lines if line["door"] and line["door"]["mine"]]
    narrowed = {
        "mine": mine,
        "blocked": [line for line in lines if line["look"] == "blocked"],
        "waiting": [line for line in lines if line["look"] == "waiting"],
    }
    only, stage = request.query_params.get("only", ""), request.query_params.get("stage", "")
    shown = narrowed.get(only, lines)
    if stage in pipeline.STATES:
        shown = [line for line in shown if line["state"] == stage]
    rules = competition["id"] in request.user.supervises
    decided_at = f"/office/{competition['slug']}/promotions" if rules else ""
    silent, missing = (
        await desk.silent_cases(competition["id"], decided_at, lang),
        await desk.refused_certificates(competition["id"]),
    )
    marks = [line["marks"] for line in lines if line["marks"]]
    return page(
        request,
        "office/competition.html",
        status,
        desk=desk.rail(competition, "corridor", len(lines), lang, competition["organiser"] in request.user.organisers),
        competition={
            "name": name_of(competition, lang),
            "first": competition["starts"],
            "last": competition["ends"],
            "events": len(lines),
            "public": f"/c/{competition['slug']}",
            **await counts(competition["id"]),
        },
        counts=await desk.stages_of(competition),
        shown={
            "stage": stage if stage in pipeline.STATES else "",
            "only": only if only in narrowed else "",
            **{k: len(v) for k, v in narrowed.items()},
        },
        totals={
            "stored": sum(one["stored"] for one in marks),
            "marks": sum(one["total"] for one in marks),
            "silent": len(silent),
            "certificates": sum(line["certificates"]["issued"] for line in lines if line["certificates"]),
            "refused": len(missing),
            "report": "",
        },
        categories=desk.by_category(shown),
        silent=silent,
        refused=missing,
        said=said,
        imports=_imports(request, lang),
        problems=problems,
    )


def _imports(request: Web, lang: str) -> list[dict[str, Any]]:
    scope: Scope = request.state.scope
    if scope.organiser not in request.user.organisers or scope.competition is None:
        return []
    title = Words("报名电子表", "Registration workbooks")
    hint = Words(
        "各代表队发来的原表，一次可以选几份。一份表要么整份收下，要么列出全部问题退回。",
        "The delegations' own workbooks, several at a time. Each goes in whole, or comes back with every problem.",
    )
    action = f"/office/{scope.competition['slug']}/forms"
    return [
        {
            "id": "registration",
            "title": spoken(title, lang),
            "hint": spoken(hint, lang),
            "action": action,
            "accept": ".xlsx",
            "many": True,
        }
    ]


@post("/office/{slug:str}/forms", opt={"access": organiser}, include_in_schema=False)
async def take_in(request: Web, data: Upload) -> Response[str]:
    """Take in registration workbooks one after the other, and tell what came of each."""
    files = data.get("file") or []
    lang, taken, problems = lang_of(request), [], []
    for file in files if isinstance(files, list) else [files]:
        if not isinstance(file, UploadFile):
            continue
        try:
            entered = await enter_workbook(request, file)
            taken.append(f"{entered['delegation']} {entered['persons']}")
        except Refusal as refusal:
            found = refusal.problems or (Problem(refusal.code, NOWHERE, refusal.words, refusal.mend),)
            problems += problem_rows(file.filename, found, lang)
        except Problems as refusal:
            problems += problem_rows(file.filename, refusal.problems, lang)
    said = None
    if taken:
        said = {
            "what": spoken(Words(f"已收下：{'、'.join(taken)} 人。", f"Taken in: {', '.join(taken)} people."), lang)
        }
    return await _corridor(request, 422 if problems else 200, said, problems)


def problem_rows(file: str, problems: Sequence[Problem], lang: str) -> list[dict[str, Any]]:
    """The problems of a workbook as their list shows them: what is wrong in the same way in several rows is told once."""
    rows: dict[tuple[str, str, Words, Words], list[int]] = {}
    for one in problems:
        rows.setdefault((one.place.sheet, one.place.column, one.words, one.mend), []).append(one.place.row)
    return [
        {
            "file": file,
            "sheet": sheet,
            "rows": spans(found),
            "column": column,
            "what": spoken(words, lang),
            "mend": spoken(mend, lang),
        }
        for (sheet, column, words, mend), found in rows.items()
    ]


def spans(numbers: Sequence[int]) -> list[str]:
    """Numbers, 0 being none, with neighbours drawn together: 6, 7, 8, 12 are 6–8 and 12."""
    runs: list[list[int]] = []
    for number in sorted({number for number in numbers if number}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]


@post("/office/{slug:str}/events/{code:str}/scheme", opt={"access": organiser}, include_in_schema=False)
async def take_scheme(request: Web, data: Upload) -> Response[Any]:
    """Bind the scheme of a workbook to an event."""
    file = data.get("file")
    if isinstance(file, UploadFile):
        await choose(request, await in_worker_async(read_scheme, await read_upload(file), file.filename))
    return Redirect(f"/office/{request.state.scope.competition['slug']}", status_code=303)


@post("/office/{slug:str}/events/{code:str}/steps", opt={"access": signed_in}, include_in_schema=False)
async def take_step(request: Web, data: Form) -> Response[Any]:
    """Open a door, or say why it stays closed."""
    scope, lang = request.state.scope, lang_of(request)
    step = pipeline.Step(
        competition=scope.competition,
        event=scope.event,
        actor=request.user,
        at=datetime.now(UTC),
        reason=data.get("reason", ""),
        commitments=[one.strip() for one in data.get("commitments", "").replace("；", ";").split(";") if one.strip()],
        public=data.get("public", ""),
        base_url=request.app.state.settings.base_url,
        sealer=request.app.state.sealer,
        knows=_numbers(data),
    )
    try:
        await pipeline.take(step, data.get("into", ""))
    except Problems as wrong:  # such as more entries than the stations and shifts of the set-up hold
        first = wrong.problems[0]
        said = {"what": spoken(first.words, lang), "mend": spoken(first.mend, lang), "bad": True}
        return await _corridor(request, 422, said)
    except Refusal as refusal:
        if refusal.status == 403 or isinstance(office(request.user, scope), No):
            return refused(request, refusal)
        said = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang), "bad": True}
        return await _corridor(request, refusal.status, said)
    if data.get("into") == "certified":
        request.app.state.printing.begin(scope.competition)
    return Redirect(f"/office/{scope.competition['slug']}#open-{scope.event['code']}", status_code=303)


@post("/tablet/{slug:str}/{code:str}/seal", opt={"access": chief_judge}, include_in_schema=False)
async def seal(request: Web, data: Form) -> Redirect:
    """The chief judge seals from the tablet. What came in the way after its last look is told there, beside the button."""
    scope = request.state.scope
    step = pipeline.Step(scope.competition, scope.event, request.user, datetime.now(UTC), knows=_numbers(data))
    try:
        await pipeline.take(step, "sealed")
    except Refusal as refusal:
        if refusal.status != 409:
            raise
    return Redirect(PATHS["work"], status_code=303)


def _numbers(data: Mapping[str, str]) -> set[int]:
    """The tablets that a ticked box names."""
    return {int(one) for one in data.get("knows", "").split() if one.isascii() and one.isdigit() and len(one) < 10}


ROUTES = Router("/", route_handlers=[home, corridor, take_in, take_scheme, take_step, seal])
