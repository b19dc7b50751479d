"""An organiser's own targets by city and year: the report against actual, the table in which its staff writes them, workbooks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Response

from admin.http import read_upload
from admin.list_pages import attached
from admin.lists.writing import write_rows
from admin.pages import Form, Upload, problem_rows
from admin.report_pages import HERE, OWN_TARGETS, REPORTS, report_page, reports_url
from admin.reports.indicators import FIRST, PLAN, TARGETS, YEARS, period_asked, period_of
from admin.reports.target_tables import columns_of, facts_of, figures_of, rows_of, tables_of
from admin.reports.targets import NAMES, Cell, cities_of, granted_in, periods_of, set_targets, targets_of
from admin.setup import refusal_of
from admin.setup_fields import Typed, kept
from admin.sheets.targets import TargetSheet, heading, read_targets, write_targets
from admin.sheets.worker import in_worker_async
from admin.target_cells import read_cells, rows_in
from scoring.verdict import Words
from server.access import organiser
from server.errors import Refusal
from server.web.page import Web, lang_of, spoken
from server.web.words import written

ID = OWN_TARGETS
URL = f"{HERE}/{ID}"
TOLD = Words(
    "本主办方为各市各年定的目标，对照全部竞赛里授予的技能等级。",
    "What this organiser means each city to reach in each year, against the levels granted in all its competitions.",
)
NONE_YET = Words("还没有分市分年的目标", "No targets by city and year yet")
HOW = Words(
    "规划只定了全省五年的总数，没有分到市和年。请填入你们自己定的目标：在表里逐格填、从 Excel 粘贴，或导入工作簿。",
    "The plan gives totals for the province and five years only, none for a city or a year. Enter your own: type them into a table, paste them from Excel, or send a workbook.",
)
NOTES = (
    Words("目标由主办方填写，不是规划的内容；合计与规划总数的差额只作提示，不强求相等。", "Targets are typed in by the organiser and are no part of the plan; how far their sum is from the plan's total is shown, not forced to nothing."),
    Words("市名与代表队名称相同才算作它的实绩。合计的实绩包括没有目标的市。", "What was granted to a delegation is the actual of the city of the same name. Totals count what was granted in cities without a target too."),
    Words("差额 = 实绩 − 目标；完成 = 实绩 ÷ 目标。", "Difference = actual − target; reached = actual ÷ target."),
)  # fmt: skip
BLANK = 3
"""Rows for further cities."""
NO_FILE = Refusal("targets.file", Words("没有选文件。", "No file was chosen."), status=422)


@get(URL, opt={"access": organiser}, include_in_schema=False)
async def report(request: Web) -> Response[str]:
    """Targets against what was granted, by year, by city, by both; how to add them where there are none."""
    lang, first, home = lang_of(request), _first(request), request.state.scope.organiser
    targets, granted, url = await targets_of(home, first), await granted_in(home, first), f"{reports_url(request)}/{ID}"
    return report_page(
        request,
        ID,
        told=spoken(TOLD, lang),
        by=[],
        workbook=f"{url}/workbook.xlsx?from={first}" if targets else "",
        edit=f"{url}/edit?from={first}",
        empty=None if targets else {"title": spoken(NONE_YET, lang), "told": [spoken(one, lang) for one in (PLAN, HOW)]},
        periods=await _periods(request, first, ""),
        targets=facts_of(targets, granted, lang) if targets else [],
        figures=figures_of(targets, granted, first, lang) if targets else [],
        tables=tables_of(targets, granted, first, lang) if targets else [],
        notes=[spoken(PLAN, lang), *(spoken(note, lang) for note in NOTES)] if targets else [],
    )  # fmt: skip


@get(f"{URL}/workbook.xlsx", opt={"access": organiser}, include_in_schema=False)
async def workbook(request: Web) -> Response[bytes]:
    """What the report shows, as a workbook."""
    competition, lang, first = request.state.scope.competition, lang_of(request), _first(request)
    home, title = request.state.scope.organiser, spoken(REPORTS[ID], lang)
    rows = rows_of(await targets_of(home, first), await granted_in(home, first), first, lang)
    said = "　".join(
        [written(datetime.now(UTC), "moment", lang), spoken(PLAN, lang), *(spoken(one, lang) for one in NOTES)]
    )
    content = await asyncio.to_thread(write_rows, title, columns_of(), rows, said, lang)
    return attached(content, f"{title}-{competition['slug']}.xlsx")


@get(f"{URL}/form.xlsx", opt={"access": organiser}, include_in_schema=False)
async def form(request: Web) -> Response[bytes]:
    """The workbook to fill in, with what there is."""
    first, home = _first(request), request.state.scope.organiser
    targets = await targets_of(home, first)
    cities, title = await _cities(request, targets), f"分市分年目标 {first}-{first + YEARS - 1}"
    content = await asyncio.to_thread(write_targets, title, cities, range(first, first + YEARS), targets)
    return attached(content, f"{title}.xlsx")


@get(f"{URL}/edit", opt={"access": organiser}, include_in_schema=False)
async def edit(request: Web) -> Response[str]:
    """The table to write in."""
    return await _edit(request, {})


@post(f"{URL}/edit", opt={"access": organiser}, include_in_schema=False)
async def save(request: Web, data: Form) -> Response[Any]:
    """Save the cells that were changed, all of them or none; a cell that somebody else changed shows both."""
    first, competition = _first(request), request.state.scope.competition
    changes, problems = read_cells(data, first)
    try:
        if problems:
            count = len(problems)
            words = Words(
                f"有 {count} 处问题，目标都没有保存。",
                f"{count} problem{'s' if count > 1 else ''}; no target was stored.",
            )
            raise Refusal("targets.invalid", words, problems=tuple(problems), status=422)
        await set_targets(competition, changes, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _edit(request, data, refusal)
    return Redirect(f"{reports_url(request)}/{ID}?from={first}", status_code=303)


@post(f"{URL}/file", opt={"access": organiser}, status_code=200, include_in_schema=False)
async def bring(request: Web, data: Upload) -> Response[str]:
    """Put a workbook's numbers into the table; they are stored when somebody has looked at them and saves."""
    first, lang, file = _first(request), lang_of(request), data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _edit(request, {}, NO_FILE)
    sheet: TargetSheet = await in_worker_async(read_targets, await read_upload(file), first, first + YEARS - 1)
    if sheet.problems:
        return await _edit(request, {}, problems=problem_rows(file.filename, sheet.problems, lang))
    return await _edit(request, {}, brought=sheet.cells)


async def _edit(
    request: Web,
    form: Typed,
    refusal: Refusal | None = None,
    problems: list[dict[str, Any]] | None = None,
    brought: Mapping[Cell, int | None] | None = None,
) -> Response[str]:
    lang, first, home = lang_of(request), _first(request), request.state.scope.organiser
    now, url = await targets_of(home, first), f"{reports_url(request)}/{ID}"
    years, granted = range(first, first + YEARS), await cities_of(home)
    details = refusal.problems if refusal else ()
    wrong = {problem.place.key: spoken(problem.words, lang) for problem in details}
    asked = [heading(form.get(f"city {row}", "")) for row in rows_in(form)] or list(
        dict.fromkeys([*await _cities(request, now), *(city for city, _, _ in brought or {})])
    )
    while asked and not asked[-1]:
        asked.pop()

    def cell(row: int, city: str, year: int, measure: str) -> dict[str, Any]:
        key, was = f"{row} {year} {measure}", _text(now.get((city, year, measure)))
        value = kept(form, f"target {key}", f"was {key}", was)
        if brought and (city, year, measure) in brought:
            value = _text(brought[city, year, measure])
        meant = wrong.get(key) or wrong.get(f"{city} {year} {measure}", "")
        return {"key": key, "measure": measure, "value": value, "was": was, "new": value != was, "wrong": meant}

    rows: list[dict[str, Any]] = [
        {
            "city": city,
            "known": city in granted or not city,
            "fixed": any(key[0] == city for key in now) or city in granted,
            "wrong": wrong.get(str(row), ""),
            "cells": [cell(row, city, year, measure) for year in years for measure in TARGETS],
        }
        for row, city in enumerate([*asked, *[""] * BLANK])
    ]
    return report_page(
        request,
        ID,
        template="office/targets.html",
        status=refusal.status if refusal else 422 if problems else 200,
        first=first,
        periods=await _periods(request, first, "/edit"),
        action=f"{url}/edit?from={first}",
        bring=f"{url}/file?from={first}",
        form=f"{url}/form.xlsx?from={first}",
        years=list(years),
        measures=[{"id": id, "name": spoken(NAMES[id], lang), "plan": TARGETS[id]} for id in TARGETS],
        rows=rows,
        brought=sum(cell["new"] for row in rows for cell in row["cells"]) if brought is not None else None,
        problem=refusal_of(refusal, lang),
        problems=problems or [],
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


async def _cities(request: Web, targets: Mapping[Cell, int]) -> list[str]:
    home = request.state.scope.organiser
    return list(dict.fromkeys([*await cities_of(home), *sorted(city for city, _, _ in targets)]))


async def _periods(request: Web, first: int, of: str) -> list[dict[str, Any]]:
    kept_in = {period_of(year) for year in await periods_of(request.state.scope.organiser)}
    started = period_of(request.state.scope.competition["starts"].year)
    return [
        {"name": f"{one}–{one + YEARS - 1}", "url": f"{reports_url(request)}/{ID}{of}?from={one}", "here": one == first}
        for one in sorted({FIRST, started, first, *kept_in})
    ]


def _first(request: Web) -> int:
    return period_asked(request.query_params.get("from", ""), request.state.scope.competition)


ROUTES = Router("/", route_handlers=[report, workbook, form, edit, save, bring])
"""Targets are typed in by the organiser's staff; the plan's own text has none by city or year, and Podium makes none up."""
