"""The whole competition as one paper: every report in its usual order, computed now; a press prints it (certificates.book)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from admin.lists.asked import Asked
from admin.lists.listing import Listing
from admin.lists.loading import columns_of as list_columns
from admin.lists.loading import page_of
from admin.lists.showing import RIGHT, text
from admin.reports.counting import Counting, columns_of, counted
from admin.reports.countings import APPEALS, CERTIFICATES, PARTICIPATION, PROMOTIONS, QUOTAS
from admin.reports.indicators import PLAN, indicators, period_of
from admin.reports.statistics import ASPECTS, FORMULAE, JUDGES
from admin.reports.tables import indicator_columns, indicator_rows
from admin.reports.target_tables import columns_of as target_columns
from admin.reports.target_tables import rows_of as target_rows
from admin.reports.targets import granted_in, targets_of
from scoring.verdict import Words
from server.competitions.flow import events_listed
from server.results.pages import name_of
from server.results.public import counts
from server.web.page import spoken
from server.web.words import number, written

PARTS: tuple[tuple[Counting, tuple[str, ...]], ...] = (
    (PARTICIPATION, ("delegation", "division", "sex", "age", "event")),
    (QUOTAS, ("delegation",)),
    (APPEALS, ("delegation", "event")),
    (PROMOTIONS, ("level", "delegation", "division", "occupation")),
    (CERTIFICATES, ("level", "delegation", "division", "award")),
)
MOST = 30
"""Lines of a list that stand in the paper; the workbook has all."""
FIRST_OF_ALL = Words(
    "列出前 {shown} 行，共 {all} 行；全部见电子表。", "The first {shown} of {all} lines; the workbook has all."
)
NOTHING = Words("还没有可以统计的。", "There is nothing to count yet.")


async def book_of(competition: Mapping[str, Any], everywhere: bool, at: datetime, lang: str) -> dict[str, Any]:
    """What the paper says, as plain values."""
    events = await events_listed(competition)
    known = await counts(competition["id"])
    sections = [await _counted(one, bys, competition, lang) for one, bys in PARTS[:2]]
    sections += [await _listed(one, competition, lang) for one in (JUDGES, ASPECTS)]
    sections += [await _counted(one, bys, competition, lang) for one, bys in PARTS[2:]]
    sections.append(await _indicators(competition, everywhere, lang))
    sections += await _targets(competition, lang) if everywhere else []
    days = " – ".join(written(competition[name], "date", lang) for name in ("starts", "ends"))
    return {
        "lang": lang,
        "title": spoken(Words("竞赛报告", "Report of the competition"), lang),
        "of": name_of(competition, lang),
        "facts": [
            [spoken(Words("日期", "Days"), lang), days],
            [spoken(Words("赛项", "Events"), lang), number(len(events), lang)],
            [spoken(Words("选手", "Competitors"), lang), number(known["competitors"], lang)],
            [spoken(Words("代表队", "Delegations"), lang), number(known["delegations"], lang)],
            [spoken(Words("生成", "Made"), lang), written(at, "moment", lang)],
        ],
        "sections": sections,
    }


async def _counted(one: Counting, bys: Sequence[str], competition: Mapping[str, Any], lang: str) -> dict[str, Any]:
    drawn = [measure for measure in one.measures if measure.id in one.drawn]
    tables = []
    for id in bys:
        by = one.dimension(id)
        found = await counted(one, by, competition["id"], lang)
        heads = columns_of(one, by)
        total = [spoken(Words("合计", "Total"), lang), *(text(found.total[head.id], head, lang) for head in heads[1:])]
        tables.append(
            {
                "columns": [{"name": spoken(head.heading, lang), "right": head.kind in RIGHT} for head in heads],
                "rows": [[text(row[head.id], head, lang) for head in heads] for row in found.rows],
                "bars": [[int(row[measure.id] or 0) for measure in drawn] for row in found.rows],
                "total": total,
                "note": "",
            }
        )
    return {
        "title": spoken(one.title, lang),
        "told": spoken(one.told, lang),
        "legend": [spoken(measure.heading, lang) for measure in drawn],
        "tables": [table for table in tables if table["rows"]],
        "empty": spoken(NOTHING, lang),
        "notes": [spoken(note, lang) for note in one.notes],
    }


async def _listed(one: Listing, competition: Mapping[str, Any], lang: str) -> dict[str, Any]:
    asked = Asked()
    found = await page_of(one, asked, competition["id"], lang, MOST)
    heads = list_columns(one, asked)
    note = spoken(FIRST_OF_ALL, lang).format(shown=len(found.rows), all=number(found.found, lang))
    table = {
        "columns": [{"name": spoken(head.heading, lang), "right": head.kind in RIGHT} for head in heads],
        "rows": [[text(row[head.id], head, lang) for head in heads] for row in found.rows],
        "bars": [],
        "total": [],
        "note": note if found.found > len(found.rows) else "",
    }
    return {
        "title": spoken(one.title, lang),
        "told": spoken(one.told, lang),
        "legend": [],
        "tables": [table] if found.rows else [],
        "empty": spoken(NOTHING, lang),
        "notes": [
            spoken(formula, lang).replace("\N{MINUS SIGN}", "\N{EN DASH}") for formula in FORMULAE[one.id]
        ],  # no face has the sign
    }


async def _indicators(competition: Mapping[str, Any], everywhere: bool, lang: str) -> dict[str, Any]:
    found = await indicators(competition, everywhere, period_of(competition["starts"].year))
    heads = indicator_columns()
    rows = indicator_rows(found, lang)
    table = {
        "columns": [{"name": spoken(head.heading, lang), "right": head.kind in RIGHT} for head in heads],
        "rows": [[text(row[head.id], head, lang) for head in heads] for row in rows],
        "bars": [],
        "total": [],
        "note": "",
    }
    return {
        "title": spoken(Words("规划指标", "Plan's indicators"), lang),
        "told": spoken(PLAN, lang),
        "legend": [],
        "tables": [table],
        "empty": "",
        "notes": [],
    }


async def _targets(competition: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The organiser's own targets against actual, by year and by city; nothing where there are none."""
    first, organiser = period_of(competition["starts"].year), competition["organiser"]
    targets = await targets_of(organiser, first)
    if not targets:
        return []
    rows = target_rows(targets, await granted_in(organiser, first), first, lang)
    tables = []
    for key, other in (("year", "city"), ("city", "year")):
        heads = [head for head in target_columns() if head.id not in ("part", other)]
        chosen = [row for row in rows if row[key] and not row[other]]
        tables.append(
            {
                "columns": [{"name": spoken(head.heading, lang), "right": head.kind in RIGHT} for head in heads],
                "rows": [[text(row[head.id], head, lang) for head in heads] for row in chosen],
                "bars": [],
                "total": [
                    spoken(Words("合计", "Total"), lang),
                    *(text(rows[-1][head.id], head, lang) for head in heads[1:]),
                ],
                "note": "",
            }
        )
    return [
        {
            "title": spoken(Words("分市分年目标", "Targets by city and year"), lang),
            "told": spoken(Words("目标由主办方自己定，不是规划的内容。", "The targets are the organiser's own and no part of the plan."), lang),
            "legend": [],
            "tables": tables,
            "empty": "",
            "notes": [],
        }
    ]  # fmt: skip
