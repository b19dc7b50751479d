"""The promotions desk: silent cases to decide on, lists to an authority, its answers, and what has been granted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response

from admin import desk
from admin.http import read_upload
from admin.lists.asked import Asked, read
from admin.lists.listings import PROMOTION_STATES, PROMOTIONS
from admin.lists.loading import choices_of, ids_of
from admin.lists.showing import filter_line, view_line
from admin.lists.views import views_of
from admin.pages import Form, Upload
from admin.paper_pages import printed
from admin.setup import refusal_of
from admin.sheets.filing import Answer, AnswerSheet, read_answers, write_filing
from admin.sheets.worker import in_worker_async
from scoring.ladder import LEVELS
from scoring.verdict import Words, Yes
from server.access import office, organiser
from server.answers import problem_as_data
from server.errors import Refusal, missing
from server.promotion.deciding import Ruling, cases_of, choices, decide, may_decide, these_of
from server.promotion.filing import LISTED, filed
from server.promotion.undoing import take_back, taken_back_in
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

MOST_SHOWN = 50
"""Cases of a part of the desk on one page."""
PARTS = {"silent": ("silent",), "waiting": ("waiting",), "granted": ("granted", "refused", "automatic")}
"""The parts of the desk, and the states of the cases in each."""
HERE = "/office/{slug:str}/promotions"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = {"waiting": "晋升核准名单", "granted": "晋升备案名单"}
WAYS = {
    "approval": Words("须核准", "needs approval"),
    "application": Words("可申报", "on application"),
}
NO_FILE = Refusal("filing.none", Words("没有选文件。", "No file was chosen."), status=422)


@get(HERE, opt={"access": office}, include_in_schema=False)
async def promotions(request: Web) -> Response[str]:
    """Everything that is more than “unchanged”, with what can be done about it."""
    return await _page(request)


@post(f"{HERE}/{{promotion:str}}", opt={"access": office}, include_in_schema=False)
async def rule(request: Web, data: Form) -> Response[Any]:
    """Decide one case. The form says `none` where no level is granted, so that nothing is decided by a forgotten choice."""
    competition, chosen = request.state.scope.competition, data.get("level", "")
    case = _id(request.path_params["promotion"])
    ruling = Ruling(case, "" if chosen == "none" else chosen, data.get("reason", ""), data.get("document", ""))
    try:
        if not chosen:
            raise Refusal("promotion.choice", Words("请先选结论。", "Choose an answer first."), status=422)
        await decide(competition, [ruling], request.user, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return await _page(request, refusal, typed={str(case): {**data}})
    narrowed = read(PROMOTIONS, request.query_params).query()
    return Redirect(
        f"/office/{competition['slug']}/promotions?{narrowed}{'&' if narrowed else ''}done=ruled", status_code=303
    )


@post(f"{HERE}/{{promotion:str}}/undo", opt={"access": office}, include_in_schema=False)
async def undo(request: Web, data: Form) -> Response[Any]:
    """Take a decision back, with a reason; the case is open again."""
    competition = request.state.scope.competition
    case = _id(request.path_params["promotion"])
    try:
        await take_back(competition, case, data.get("seen", ""), data.get("why", ""), request.user, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return await _page(request, refusal, typed={str(case): {**data}})
    return Redirect(f"/office/{competition['slug']}/promotions?done=undone", status_code=303)


@post(f"{HERE}/list.xlsx", opt={"access": organiser}, status_code=200, include_in_schema=False)
async def workbook(request: Web, data: Form) -> Response[bytes]:
    """A list as a workbook; the one that waits has columns for the answers."""
    which, lines = await _filed(request, data)
    lang, competition = lang_of(request), request.state.scope.competition
    note = Words("本名单含个人信息，请妥善保管。", "This list holds personal data; keep it safe.")
    content = write_filing(f"{competition['name']} {NAMES[which]}", lines, spoken(note, lang), asked=which == "waiting")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(NAMES[which] + '.xlsx')}",
        "cache-control": "no-store",
    }
    return Response(content, media_type=XLSX, headers=headers)


@post(f"{HERE}/list.pdf", opt={"access": organiser}, status_code=200, include_in_schema=False)
async def paper(request: Web, data: Form) -> Response[bytes]:
    """The same list to sign and stamp."""
    which, lines = await _filed(request, data)
    lang, competition = lang_of(request), request.state.scope.competition
    shown = [
        {
            **{name: line[name] for name in ("name", "unit", "event", "held", "clause")},
            "document": line["document_number"],
            "new": line["level"],
            "rank": f"{line['rank']} / {line['field']}",
            "total": f"{line['total'] // 100}.{line['total'] % 100:02}",
        }
        for line in lines
    ]
    facts = [("people", str(len(lines)))]
    of = name_of(competition, lang)
    return await printed(request, f"{NAMES[which]}.pdf", "papers", "filing", "", of, facts, shown, lang)


@post(f"{HERE}/answers", opt={"access": organiser}, status_code=200, include_in_schema=False)
async def answers(request: Web, data: Upload) -> Response[str]:
    """Read a list that came back and show what would be decided; nothing is stored yet."""
    file, document = data.get("file"), str(data.get("document", "")).strip()
    if not isinstance(file, UploadFile) or not file.filename:
        return await _page(request, NO_FILE)
    sheet: AnswerSheet = await in_worker_async(read_answers, await read_upload(file))
    if sheet.problems:
        return await _page(request, problems=[problem_as_data(one) for one in sheet.problems], file=file.filename)
    return await _page(request, preview={"document": document, "answers": sheet.answers, "blank": sheet.blank})


@post(f"{HERE}/answers/accept", opt={"access": organiser}, include_in_schema=False)
async def accept(request: Web, data: Form) -> Response[Any]:
    """Take the answers over that the preview showed, all or none."""
    competition, document = request.state.scope.competition, data.get("document", "")
    try:
        given = [(_id(one[0]), bool(one[1]), str(one[2])) for one in json.loads(data.get("answers", ""))]
    except (ValueError, TypeError, IndexError, KeyError):
        raise missing(Words("这份答复", "list of answers")) from None
    levels = {case["id"]: case["level"] for case in await cases_of(competition["id"])}
    rulings = [Ruling(id, levels.get(id, "") if yes else "", remark, document) for id, yes, remark in given]
    try:
        counts = await decide(competition, rulings, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, refusal)
    done = f"done=answered&granted={counts['granted']}&refused={counts['refused']}"
    return Redirect(f"/office/{competition['slug']}/promotions?{done}", status_code=303)


def _id(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise missing(Words("这项晋升", "promotion")) from None


async def _filed(request: Web, data: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]]:
    which = data.get("of", "waiting")
    if which not in LISTED:
        raise missing(Words("这份名单", "list"))
    scope, sealer = request.state.scope, request.app.state.sealer
    return which, await filed(scope.competition, which, sealer, request.user, datetime.now(UTC))


async def _page(
    request: Web,
    refusal: Refusal | None = None,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
    file: str = "",
    preview: Mapping[str, Any] | None = None,
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    asked, staff = read(PROMOTIONS, request.query_params), competition["organiser"] in request.user.organisers
    parts = await _parts(asked, competition["id"], request.query_params.get("part", ""))
    found = await these_of(competition["id"], [id for part in parts.values() for id in part.shown])
    offered = await choices_of(PROMOTIONS, competition["id"])
    counts = {state: sum(part.counts.get(state, 0) for part in parts.values()) for state in PROMOTION_STATES}
    views = await views_of(PROMOTIONS, competition["id"], request.user)
    back = await taken_back_in(competition["id"])
    shown = [
        {
            **_case(case, competition, request, (typed or {}).get(str(case["id"]), {}), lang),
            "back": _back(back.get(case["id"]), lang),
        }
        for case in found
    ]
    url = f"/office/{competition['slug']}"
    return page(
        request,
        "office/promotions.html",
        refusal.status if refusal else 422 if problems else 200,
        desk=desk.rail(competition, "promotions", None, lang, sets_up=staff),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/promotions",
        counts=counts,
        everything=f"{url}/lists/promotions",
        asked={"find": asked.find, "sort": "", "columns": "", "query": asked.query(), "narrowed": asked.narrowed},
        filters=[filter_line(one, asked, offered.get(one.id, []), lang) for one in PROMOTIONS.filters],
        views=[view_line(one, PROMOTIONS, asked) for one in views],
        paging={name: part.paging(name, asked) for name, part in parts.items()},
        silent=[case for case in shown if case["state"] == "silent"],
        waiting=[case for case in shown if case["state"] == "waiting"],
        decided=[case for case in shown if case["state"] in ("granted", "refused")],
        automatic=[case for case in shown if case["state"] == "automatic"],
        staff=staff,
        said=_said(request, lang),
        problem=refusal_of(refusal, lang),
        problems=[
            {
                "file": file,
                "sheet": one["place"].get("sheet", ""),
                "rows": [str(one["place"]["row"])] if one["place"].get("row") else [],
                "column": one["place"].get("key", ""),
                "what": one["words"][lang],
                "mend": one["mend"][lang],
            }
            for one in problems
        ],
        preview=_preview(preview, await cases_of(competition["id"]), lang) if preview else None,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the desk: how many cases the filters find in each state, and those that this page shows."""

    counts: Mapping[str, int]
    shown: Sequence[UUID]
    page: int

    def paging(self, name: str, asked: Asked) -> dict[str, Any]:
        """Where in the part this page is, and the ways to its neighbours, which show this part alone."""
        found, first = sum(self.counts.values()), (self.page - 1) * MOST_SHOWN
        return {
            "from": first + 1,
            "to": first + len(self.shown),
            "found": found,
            "before": f"?{_turned(asked, name, self.page - 1)}" if self.page > 1 else "",
            "after": f"?{_turned(asked, name, self.page + 1)}" if first + MOST_SHOWN < found else "",
        }


def _turned(asked: Asked, part: str, page: int) -> str:
    return f"{asked.query(page=page)}&part={part}".lstrip("&")


async def _parts(asked: Asked, competition: UUID, turned: str = "") -> dict[str, Part]:
    """The parts of the desk under the filters; the one that was `turned` to a page, and all others at their first."""
    state = PROMOTIONS.column("state")
    assert state is not None
    found = await ids_of(PROMOTIONS, asked, competition, state)
    parts = {}
    for name, states in PARTS.items():
        ordered = [id for one in (states[:2], states[2:]) for id, stands in found if stands in one]
        page = min(asked.page if name == turned else 1, max(1, -(-len(ordered) // MOST_SHOWN)))
        counts = Counter(stands for _, stands in found if stands in states)
        parts[name] = Part(counts, ordered[(page - 1) * MOST_SHOWN : page * MOST_SHOWN], page)
    return parts


def _case(
    case: Mapping[str, Any], competition: Mapping[str, Any], request: Web, typed: Mapping[str, str], lang: str
) -> dict[str, Any]:
    level = case["granted"] or case["level"]
    return {
        "id": str(case["id"]),
        "state": case["state"],
        "name": case["name"],
        "masked": case["document_masked"],
        "event": case["event_name_en"] if lang == "en" and case["event_name_en"] else case["event_name"],
        "code": case["code"],
        "held": spoken(LEVELS[case["held"]].name, lang) if case["held"] else "",
        "level": spoken(LEVELS[level].name, lang) if level else "",
        "way": spoken(WAYS[case["mode"]], lang) if case["mode"] in WAYS else "",
        "why": spoken(Words(case["reason_zh"], case["reason_en"]), lang),
        "clause": spoken(desk.clause_of(case), lang),
        "mine": isinstance(may_decide(case, competition, request.user), Yes),
        "choices": [{"id": one.id, "name": spoken(one.name, lang)} for one in choices(case["held"])],
        "typed": {name: typed.get(name, "") for name in ("level", "reason", "document", "why")},
        "seen": case["decided_at"].isoformat() if case["decided_at"] else "",
        "decided": {
            "by": case["decided_by"],
            "at": case["decided_at"],
            "reason": case["decided_reason"],
            "document": case["document"],
        },
    }


def _back(row: Mapping[str, Any] | None, lang: str) -> dict[str, Any] | None:
    """The last decision on a case that was taken back."""
    if row is None:
        return None
    level = spoken(LEVELS[row["level"]].name if row["level"] else Words("不晋升", "no promotion"), lang)
    return {"level": level, "by": row["by_name"], "at": row["at"], "why": row["why"]}


def _preview(preview: Mapping[str, Any], found: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """What the answers of a list would do, line by line; what is decided already or unknown stands out and keeps all out."""
    cases = {case["id"]: case for case in found}
    given: Sequence[Answer] = preview["answers"]
    lines = []
    for answer in given:
        case = cases.get(answer.promotion)
        known = case is not None and case["state"] == "waiting"
        lines.append(
            {
                "row": answer.place.row,
                "name": case["name"] if case else answer.place.key,
                "event": case["event_name"] if case else "",
                "level": spoken(LEVELS[case["level"]].name, lang) if case and case["level"] else "",
                "yes": answer.yes,
                "remark": answer.remark,
                "known": known,
            }
        )
    answers = [[str(answer.promotion), answer.yes, answer.remark] for answer in given]
    return {
        "document": preview["document"],
        "blank": preview["blank"],
        "lines": lines,
        "odd": sum(not line["known"] for line in lines),
        "granted": sum(line["yes"] for line in lines),
        "refused": sum(not line["yes"] for line in lines),
        "answers": json.dumps(answers, ensure_ascii=False),
    }


def _said(request: Web, lang: str) -> dict[str, str] | None:
    done = request.query_params.get("done", "")
    if done == "ruled":
        return {"what": spoken(Words("已记入裁定。", "The decision is in the ledger."), lang)}
    if done == "undone":
        words = Words("结论已撤回，理由已记入。", "The decision is taken back; the reason is in the ledger.")
        return {"what": spoken(words, lang)}
    if done == "answered":
        granted, refused = (request.query_params.get(name, "0")[:6] for name in ("granted", "refused"))
        words = Words(
            f"已录入答复：核准 {granted} 人，不核准 {refused} 人。",
            f"Answers taken over: {granted} granted, {refused} not granted.",
        )
        return {"what": spoken(words, lang)}
    return None


ROUTES = Router("/", route_handlers=[promotions, rule, undo, workbook, paper, answers, accept])
