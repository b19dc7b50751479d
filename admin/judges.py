"""The organiser's pool of judges, seen from one of its competitions: the list, one judge, and how they come in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Response

from admin import desk
from admin.http import read_upload
from admin.pages import Upload, problem_rows
from admin.sheets.pool import PoolSheet, read_pool, write_pool
from admin.sheets.worker import in_worker_async
from admin.tables import WORKBOOK
from scoring.ladder import LADDER, LEVELS
from scoring.verdict import NOWHERE, Problem, Words
from server.access import office, organiser
from server.competitions import pool
from server.competitions.flow import events_listed
from server.competitions.judges import TITLES
from server.competitions.officiating import Officiated, add_history, drop_history, histories, loads
from server.competitions.recusals import BANK, Declared, declare, recusals_of, said, withdraw
from server.database.tables import Event, JudgeEvent
from server.errors import Refusal, missing
from server.marks.gathering import situation
from server.results.pages import name_of, said_in
from server.web.page import Web, lang_of, page, spoken

PAGE = 50
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
Fields = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
LOADS = {"0": range(1), "1": range(1, 2), "2": range(2, 1_000_000)}


@get("/office/{slug:str}/judges", opt={"access": office}, include_in_schema=False)
async def list_page(request: Web) -> Response[str]:
    """The pool: searched, narrowed to an occupation or a load."""
    return await _list(request)


async def _list(
    request: Web, status: int = 200, said: Mapping[str, Any] | None = None, problems: Sequence[Mapping[str, Any]] = ()
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    home = competition["organiser"]
    rows, load = await pool.pool_of(home), await loads(home, competition)
    history, now = await histories(home, competition["id"]), await situation(competition)
    here: dict[str, list[str]] = {}
    for code, sitters in now.sitting.items():
        for one in sitters:
            here.setdefault(str(one.judge), []).append(code)
    asked = {name: request.query_params.get(name, "") for name in ("q", "occupation", "load")}
    lines = [
        {
            **_line(row, lang),
            "load": load.get(row["id"], 0) + len(here.get(str(row["id"]), ())),
            "here": here.get(str(row["id"]), []),
            "history": len(history.get(row["id"], ())),
            "url": f"/office/{competition['slug']}/judges/{row['id']}",
        }
        for row in rows
    ]
    shown = [line for line in lines if _wanted(line, asked)]
    number = max(1, whole(request.query_params.get("page", "1")) or 1)
    pages = max(1, -(-len(shown) // PAGE))
    number = min(number, pages)
    url = f"/office/{competition['slug']}/judges"
    return page(
        request,
        "office/judges.html",
        status,
        desk=desk.rail(competition, "judges", len(now.events), lang, desk.sets_up(competition, request.user)),
        competition={
            "name": name_of(competition, lang),
            "url": f"/office/{competition['slug']}",
            "year": competition["starts"].year,
        },
        judges=shown[(number - 1) * PAGE : number * PAGE],
        shown={
            **asked,
            "from": (number - 1) * PAGE + 1 if shown else 0,
            "to": min(number * PAGE, len(shown)),
            "found": len(shown),
            "all": len(lines),
            "before": f"{url}?{urlencode({**asked, 'page': number - 1})}" if number > 1 else "",
            "after": f"{url}?{urlencode({**asked, 'page': number + 1})}" if number < pages else "",
        },
        occupations=await _occupations(home, lines, lang),
        url=url,
        may=home in request.user.organisers,
        said=said,
        problems=problems,
    )


def _line(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    grades = [spoken(LEVELS[row["level"]].name, lang)] if row["level"] else []
    grades += [spoken(TITLES[row["title"]], lang)] if row["title"] else []
    return {
        "name": row["name"],
        "unit": row["unit"],
        "delegation": row["delegation"],
        "grade": " · ".join(grades),
        "occupations": row["occupations"],
        "years": row["years"],
        "phone": row["phone_masked"],
        "active": row["active"],
    }


def _wanted(line: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    sought = asked["q"].strip().casefold()
    text = f"{line['name']} {line['unit']} {line['delegation']} {line['phone'][-4:]}".casefold()
    return (
        sought in text
        and (not asked["occupation"] or asked["occupation"] in line["occupations"])
        and (asked["load"] not in LOADS or line["load"] in LOADS[asked["load"]])
    )


async def _occupations(home: UUID, lines: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The occupations that the pool can judge, with the names that the organiser's events give them."""
    counts: dict[str, int] = {}
    for line in lines:
        for code in line["occupations"]:
            counts[code] = counts.get(code, 0) + 1
    query = Event.select(Event.occupation_code, Event.occupation).where(Event.competition.series.organiser == home)
    names = {row["occupation_code"]: row["occupation"] for row in await query}
    return [{"code": code, "name": names.get(code, ""), "count": counts[code]} for code in sorted(counts)]


@post("/office/{slug:str}/judges/workbook", opt={"access": organiser}, include_in_schema=False)
async def take_in(request: Web, data: Upload) -> Response[str]:
    """Take a workbook of judges into the pool whole, or show every problem in it."""
    competition, lang, file = request.state.scope.competition, lang_of(request), data.get("file")
    if not isinstance(file, UploadFile):
        return await _list(request)
    try:
        content = await read_upload(file)
        sheet: PoolSheet = await in_worker_async(read_pool, content, file.filename)
        if sheet.problems:
            return await _list(request, 422, None, problem_rows(file.filename, sheet.problems, lang))
        lines = [pool.Line(row.place, _profile_of(row)) for row in sheet.rows]
        done = await pool.take_in(competition["organiser"], lines, request.app.state.sealer)
    except Refusal as refusal:
        found = refusal.problems or (Problem(refusal.code, NOWHERE, refusal.words, refusal.mend),)
        return await _list(request, refusal.status, None, problem_rows(file.filename, found, lang))
    words = Words(
        f"已收下 {len(sheet.rows)} 人：新增 {done.added}，更新 {done.changed}，没有变化 {done.same}。",
        f"Taken in, {len(sheet.rows)} people: {done.added} new, {done.changed} brought up to date, {done.same} as before.",
    )
    return await _list(request, said={"what": spoken(words, lang)})


def _profile_of(row: Any) -> pool.Profile:
    names = ("name", "unit", "phone", "delegation", "level", "title", "occupations", "years")
    return pool.Profile(**{name: getattr(row, name) for name in names})


@get("/office/{slug:str}/judges/empty.xlsx", opt={"access": organiser}, include_in_schema=False)
async def empty_workbook(request: Web) -> Response[bytes]:
    """The workbook to fill in."""
    content = await asyncio.to_thread(write_pool)
    return Response(content, media_type=WORKBOOK, headers={"content-disposition": 'attachment; filename="judges.xlsx"'})


@get("/office/{slug:str}/judges/new", opt={"access": organiser}, include_in_schema=False)
async def new_page(request: Web) -> Response[str]:
    """The form for a judge who is not in the pool."""
    return await _judge(request, None, {})


@post("/office/{slug:str}/judges/new", opt={"access": organiser}, include_in_schema=False)
async def add(request: Web, data: Form) -> Response[Any]:
    """Add a judge with the form."""
    competition = request.state.scope.competition
    try:
        judge = await pool.add_judge(competition["organiser"], _typed(data), request.app.state.sealer)
    except Refusal as refusal:
        return await _judge(request, None, data, refusal)
    return Redirect(f"/office/{competition['slug']}/judges/{judge}", status_code=303)


@get("/office/{slug:str}/judges/{judge:str}", opt={"access": organiser}, include_in_schema=False)
async def judge_page(request: Web, judge: FromPath[str]) -> Response[str]:
    """One judge: what they bring, where they judged, what they stand back from."""
    return await _judge(request, _id(judge), {})


@post("/office/{slug:str}/judges/{judge:str}", opt={"access": organiser}, include_in_schema=False)
async def change(request: Web, judge: FromPath[str], data: Fields) -> Response[Any]:
    """Whatever is done on a judge's page: saved, retired, a panel or a recusal added or taken out."""
    competition, id, now = request.state.scope.competition, _id(judge), datetime.now(UTC)
    home, act = competition["organiser"], str(data.get("act", "save"))
    try:
        if act == "save":
            sealer, version = request.app.state.sealer, whole(str(data.get("version", ""))) or 0
            await pool.save_judge(home, id, _typed(data), version, sealer)
            await pool.set_events(home, id, [one for one in map(id_or_none, several(data, "events")) if one])
        elif act in ("retire", "return"):
            await pool.set_active(home, id, act == "return")
        elif act == "history":
            await add_history(home, id, _officiated(data))
        elif act == "drop-history":
            await drop_history(home, id, _id(str(data.get("typed", ""))))
        elif act == "recusal":
            await declare(await pool.judge_of(home, id), declared(data), request.user, now)
        elif act == "withdraw":
            await withdraw(home, id, _id(str(data.get("recusal", ""))), request.user, now)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _judge(request, id, data if act == "save" else {}, refusal)
    return Redirect(f"/office/{competition['slug']}/judges/{id}", status_code=303)


async def _judge(
    request: Web, id: UUID | None, typed: Mapping[str, Any], refusal: Refusal | None = None
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    home = competition["organiser"]
    row = await pool.judge_of(home, id) if id else None
    events = await events_listed(competition)
    mine = {one["event"] for one in await JudgeEvent.select().where(JudgeEvent.judge == id)} if id else set()
    names = {event["id"]: Words(event["name"], event["name_en"]) for event in events}
    history = (await histories(home, competition["id"])).get(id, []) if id else []
    recusals = (await recusals_of(home)).get(id, []) if id else []
    known = {**row, "phone": "", "occupations": "、".join(row["occupations"])} if row else {}
    fields = ("name", "unit", "delegation", "level", "title", "occupations", "years", "phone")
    values = {name: known.get(name) for name in fields} | {name: typed[name] for name in fields if name in typed}
    return page(
        request,
        "office/judge.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "judges", len(events), lang, desk.sets_up(competition, request.user)),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        judge={**_line(row, lang), "id": str(row["id"]), "version": row["version"]} if row else None,
        form={name: "" if value is None else value for name, value in values.items()},
        levels=[{"id": one.id, "name": spoken(one.name, lang)} for one in LADDER],
        titles=[{"id": one, "name": spoken(words, lang)} for one, words in TITLES.items()],
        reasons=[{"id": one, "name": spoken(words, lang)} for one, words in BANK.items()],
        events=[
            {"id": str(one["id"]), "code": one["code"], "name": said_in(one, "name", lang), "may": one["id"] in mine}
            for one in events
        ],
        history=[
            {
                "year": one.year,
                "competition": spoken(one.competition, lang),
                "event": spoken(one.event, lang),
                "chief": one.chief,
                "typed": str(one.typed or ""),
            }
            for one in history
        ],
        recusals=[
            {"id": str(one["id"]), "what": spoken(said(one, names), lang), "by": one["by_name"], "at": one["at"]}
            for one in recusals
        ],
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )


def _typed(data: Mapping[str, Any]) -> pool.Profile:
    text = {name: str(data.get(name, "")).strip() for name in ("name", "unit", "phone", "delegation", "level", "title")}
    codes = tuple(dict.fromkeys(one for one in re.split(r"[\s,;，；、]+", str(data.get("occupations", ""))) if one))
    years = str(data.get("years", "")).strip()
    return pool.Profile(**text, occupations=codes, years=whole(years) if years else None)


def _officiated(data: Mapping[str, Any]) -> Officiated:
    competition, event = str(data.get("competition", "")).strip(), str(data.get("event", "")).strip()
    return Officiated(
        whole(str(data.get("year", ""))) or 0,
        Words(competition, competition),
        Words(event, event),
        data.get("chief") == "yes",
    )


def declared(data: Mapping[str, Any]) -> Declared:
    """A recusal as a form names it: `about` says whether `who` is a unit or a person, or which event it is."""
    about, who = str(data.get("about", "")), str(data.get("who", "")).strip()
    return Declared(
        str(data.get("reason", "")),
        event=id_or_none(about),
        unit=who if about == "unit" else "",
        person=who if about == "person" else "",
        words=str(data.get("words", "")),
    )


def several(data: Mapping[str, Any], name: str) -> list[str]:
    """Every value that a form sends under one name."""
    found = data.get(name, [])
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def whole(text: str) -> int | None:
    """A whole number, -1 for what is none, so that it is refused where it is looked at."""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else (-1 if text else None)


def id_or_none(text: str) -> UUID | None:
    """The id that a form sends; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _id(text: str) -> UUID:
    found = id_or_none(text)
    if found is None:
        raise missing(Words("这位裁判", "judge"))
    return found


ROUTES = Router("/", route_handlers=[list_page, take_in, empty_workbook, new_page, add, judge_page, change])
