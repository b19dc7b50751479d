"""Reports of a competition: what there is, each with its picture and its workbook, and all of it as one paper."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Router, get, post
from litestar.response import Response

from admin import desk
from admin.list_pages import as_workbook, attached
from admin.lists.showing import shown, text
from admin.lists.writing import write_rows
from admin.paper_pages import printed
from admin.reports.book import book_of
from admin.reports.counting import Counted, Counting, columns_of, counted
from admin.reports.countings import COUNTINGS
from admin.reports.indicators import PLAN, TARGETS, YEARS, Indicators, indicators, period_asked
from admin.reports.statistics import FORMULAE, STATISTICS, spread_of, tenths_of
from admin.reports.tables import INDICATORS, indicator_columns, indicator_rows
from scoring.verdict import Words
from server.access import office
from server.errors import missing
from server.results.pages import name_of
from server.web.charts import bar, columns, scatter
from server.web.page import Web, lang_of, page, spoken
from server.web.words import written

HERE = "/office/{slug:str}/reports"
OWN_TARGETS = "targets"
REPORTS = {
    **{one.id: one.title for one in (COUNTINGS["participation"], COUNTINGS["quotas"])},
    **{one.id: one.title for one in STATISTICS.values()},
    **{one.id: one.title for one in (COUNTINGS["appeals"], COUNTINGS["promotions"], COUNTINGS["certificates"])},
    INDICATORS: Words("规划指标", "Plan's indicators"),
    OWN_TARGETS: Words("分市分年目标", "Targets by city and year"),
}
"""The last is the organiser's own and has pages of its own (target_pages.py)."""
SEVERITY = Words("宽严：左严右宽", "severity: strict to the left, lenient to the right")
SPREAD = Words("离散：越高越不稳", "spread: the higher, the less steady")
TENTHS = Words("得分率每十分之一有多少评分项", "How many aspects were reached to each tenth")


@get(HERE, opt={"access": office}, include_in_schema=False)
async def reports(request: Web) -> Response[str]:
    """The first report; the others are beside it."""
    return await _counting(request, COUNTINGS["participation"])


@get(f"{HERE}/{{report:str}}", opt={"access": office}, include_in_schema=False)
async def report(request: Web) -> Response[str]:
    """One report."""
    id = request.path_params["report"]
    if id in COUNTINGS:
        return await _counting(request, COUNTINGS[id])
    if id in STATISTICS:
        return await _statistics(request, id)
    if id == INDICATORS:
        return await _indicators(request)
    raise missing(Words("这份报告", "report"))


@get(f"{HERE}/{{report:str}}/workbook.xlsx", opt={"access": office}, include_in_schema=False)
async def workbook(request: Web) -> Response[bytes]:
    """What the page shows, as a workbook."""
    id, competition, lang = request.path_params["report"], request.state.scope.competition, lang_of(request)
    if id in STATISTICS:
        await request.app.state.measuring.done(competition["id"])
        return await as_workbook(request, STATISTICS[id], " ".join(spoken(one, lang) for one in FORMULAE[id]))
    if id in COUNTINGS:
        one = COUNTINGS[id]
        by = one.dimension(request.query_params.get("by", ""))
        found = await counted(one, by, competition["id"], lang)
        heads, rows = columns_of(one, by), [*found.rows, {**found.total, "key": spoken(TOTAL, lang)}]
        title, notes = one.title, [spoken(note, lang) for note in one.notes]
    elif id == INDICATORS:
        found_all = await _found_indicators(request)
        heads, rows = indicator_columns(), indicator_rows(found_all, lang)
        title, notes = REPORTS[id], [spoken(PLAN, lang)]
    else:
        raise missing(Words("这份报告", "report"))
    said = "　".join([written(datetime.now(UTC), "moment", lang), *notes])
    name = f"{name_of(competition, lang)} {spoken(title, lang)}"
    content = await asyncio.to_thread(write_rows, name, heads, rows, said, lang)
    return attached(content, f"{spoken(title, lang)}-{competition['slug']}.xlsx")


@post(f"{HERE}/book.pdf", opt={"access": office}, status_code=200, include_in_schema=False)
async def book(request: Web) -> Response[bytes]:
    """The whole competition as one paper; waits until every sealed event is measured."""
    competition, lang = request.state.scope.competition, lang_of(request)
    await request.app.state.measuring.done(competition["id"])
    everywhere = competition["organiser"] in request.user.organisers
    said = await book_of(competition, everywhere, datetime.now(UTC), lang)
    return await printed(request, f"竞赛报告-{competition['slug']}.pdf", "book", "book", said)


TOTAL = Words("合计", "Total")


async def _counting(request: Web, one: Counting) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    by = one.dimension(request.query_params.get("by", ""))
    found = await counted(one, by, competition["id"], lang)
    return report_page(
        request,
        one.id,
        told=spoken(one.told, lang),
        by=[
            {"name": spoken(each.heading, lang), "url": f"?by={each.id}", "here": each is by} for each in one.by
        ],
        workbook=f"{reports_url(request)}/{one.id}/workbook.xlsx?by={by.id}",
        tables=[{"id": by.id, "name": "", **table_of(one, found, lang)}],
        notes=[spoken(note, lang) for note in one.notes],
        edit="",
        empty=None,
        figures=[],
        targets=[],
        periods=[],
    )  # fmt: skip


def table_of(one: Counting, found: Counted, lang: str) -> dict[str, Any]:
    """A counted table with a bar in every row, and what the colours of the bar mean."""
    drawn = [measure for measure in one.measures if measure.id in one.drawn]
    most = max([0, *(sum(int(row[measure.id] or 0) for measure in drawn) for row in found.rows)])
    heads = columns_of(one, found.by)
    return {
        "columns": [{"name": spoken(head.heading, lang), "right": head.id != "key"} for head in heads],
        "legend": [spoken(measure.heading, lang) for measure in drawn],
        "rows": [
            {
                "cells": [text(row[head.id], head, lang) for head in heads],
                "bar": bar([int(row[measure.id] or 0) for measure in drawn], most),
            }
            for row in found.rows
        ],
        "total": [spoken(TOTAL, lang), *(text(found.total[head.id], head, lang) for head in heads[1:])],
    }


async def _statistics(request: Web, id: str) -> Response[str]:
    competition, lang, listing = request.state.scope.competition, lang_of(request), STATISTICS[id]
    owed, failed = await request.app.state.measuring.owed(competition["id"])
    figure, legend = await _figure(request, id)
    url = reports_url(request)
    return page(
        request,
        "office/list.html",
        desk=_rail(request),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        over={"name": spoken(Words("报告", "Reports"), lang), "url": url},
        tabs=_tabs(request, id),
        figure=figure,
        legend=legend,
        waiting={"owed": owed, "failed": failed},
        notes=[spoken(one, lang) for one in FORMULAE[id]],
        problem=None,
        list=await shown(request, listing, f"{url}/{id}"),
    )


async def _figure(request: Web, id: str) -> tuple[Any, list[str]]:
    competition, lang = request.state.scope.competition["id"], lang_of(request)
    if id == "reliability":
        rows = await spread_of(competition)
        points = [(row["severity"], row["consistency"], _point(row)) for row in rows]
        title = spoken(STATISTICS[id].title, lang)
        return (scatter(points, spoken(SEVERITY, lang), spoken(SPREAD, lang), title) if points else None), []
    tenths = {row["tenth"]: row for row in await tenths_of(competition)}
    values = [
        (f"{10 * n}–{10 * n + 10} %", (tenths[n]["telling"], tenths[n]["aspects"] - tenths[n]["telling"]) if n in tenths else (0, 0))
        for n in range(10)
    ]  # fmt: skip
    told = (
        Words("区分度 0.2 及以上", "discrimination 0.2 and above"),
        Words("低于 0.2 或算不出", "below, or not to be computed"),
    )
    legend = [spoken(one, lang) for one in told]
    return (columns(values, spoken(TENTHS, lang)) if tenths else None), legend


def _point(row: Mapping[str, Any]) -> str:
    return f"{row['name']} {row['code']} {row['severity'] / 100:+.1f} % / {row['consistency'] / 100:.1f} %"


async def _found_indicators(request: Web) -> Indicators:
    competition = request.state.scope.competition
    first = period_asked(request.query_params.get("from", ""), competition)
    return await indicators(competition, competition["organiser"] in request.user.organisers, first)


async def _indicators(request: Web) -> Response[str]:
    lang, found = lang_of(request), await _found_indicators(request)
    everywhere = request.state.scope.competition["organiser"] in request.user.organisers
    told = Words(
        "本主办方全部竞赛里新授予的技能等级，对照规划的目标。" if everywhere else "本次竞赛里新授予的技能等级，对照规划的目标。",
        "Skill levels newly granted in all competitions of this organiser, against the plan's targets." if everywhere else "Skill levels newly granted in this competition, against the plan's targets.",
    )  # fmt: skip
    rows = indicator_rows(found, lang)
    heads = indicator_columns()
    groups = dict.fromkeys(row["part"] for row in rows)
    return report_page(
        request,
        INDICATORS,
        told=spoken(told, lang),
        edit="",
        empty=None,
        by=[],
        workbook=f"{reports_url(request)}/{INDICATORS}/workbook.xlsx?from={found.first}",
        tables=[
            {
                "id": f"part-{place}",
                "name": group,
                "columns": [{"name": spoken(head.heading, lang), "right": head.id != "key"} for head in heads[1:]],
                "legend": [],
                "rows": [
                    {"cells": [text(row[head.id], head, lang) for head in heads[1:]], "bar": ""}
                    for row in rows
                    if row["part"] == group
                ],
                "total": [],
            }
            for place, group in enumerate(groups)
        ],
        notes=[spoken(PLAN, lang), *(spoken(note, lang) for note in INDICATOR_NOTES)],
        figures=[{
            "drawing": columns([(str(row["year"]), (row["high"], row["new"] - row["high"])) for row in found.years], spoken(BY_YEAR, lang)),
            "title": spoken(BY_YEAR, lang),
            "legend": [spoken(one, lang) for one in (Words("高级工及以上", "grade 3 (senior worker) and above"), Words("其他等级", "other levels"))],
        }],
        targets=[
            {"name": spoken(words, lang), "actual": found.total[id], "target": TARGETS[id], "share": f"{100 * found.total[id] / TARGETS[id]:.2f} %"}
            for id, words in TARGET_WORDS.items()
        ],
        periods=[
            {"name": f"{first}–{first + YEARS - 1}", "url": f"?from={first}", "here": first == found.first}
            for first in found.periods
        ],
    )  # fmt: skip


BY_YEAR = Words("每年新授予的等级", "Levels granted in each year")
INDICATOR_NOTES = (
    Words("实绩取自技能档案：按规则或经核准授予、没有撤回的等级，计入授予的那一年。每一条都在备案名单上，等级证书由有资格的机构据此发放。", "Actual is the skill record: every level granted by the policy or with approval and not withdrawn, in the year in which it was granted. Each is a line of the filing list, from which the entitled body issues the level's certificate."),
    Words("规划只定了全省五年的目标，没有分市、分年的目标，这里也不编；主办方可以另填自己的。其他五年仍对照同一目标，仅供比较。", "The plan sets targets for the province and five years; it has none for a city or a year, and none is made up here; an organiser may enter its own. Another five years are held against the same targets, for comparison only."),
)  # fmt: skip
TARGET_WORDS = {
    "new": Words("新增取证", "New certificates"),
    "high": Words("其中高级工及以上", "Of them grade 3 (senior worker) and above"),
}


def report_page(
    request: Web, id: str, template: str = "office/report.html", status: int = 200, **values: Any
) -> Response[str]:
    """A page of a report among its neighbours."""
    competition, lang = request.state.scope.competition, lang_of(request)
    return page(
        request,
        template,
        status,
        desk=_rail(request),
        competition={"name": name_of(competition, lang), "url": f"/office/{competition['slug']}"},
        url=reports_url(request),
        tabs=_tabs(request, id),
        title=spoken(REPORTS[id], lang),
        **values,
    )


def reports_url(request: Web) -> str:
    """Where the reports of this competition are."""
    return f"/office/{request.state.scope.competition['slug']}/reports"


def _tabs(request: Web, here: str) -> list[dict[str, Any]]:
    lang, url = lang_of(request), reports_url(request)
    own = request.state.scope.competition["organiser"] in request.user.organisers
    return [
        {"name": spoken(words, lang), "url": f"{url}/{id}", "count": None, "here": id == here}
        for id, words in REPORTS.items()
        if own or id != OWN_TARGETS
    ]


def _rail(request: Web) -> dict[str, Any]:
    competition = request.state.scope.competition
    return desk.rail(
        competition, "reports", None, lang_of(request), sets_up=competition["organiser"] in request.user.organisers
    )


ROUTES = Router("/", route_handlers=[reports, report, workbook, book])
