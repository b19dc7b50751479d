"""What a delegation's desk shows: the preview of a workbook row by row, its headings, and the entries that are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from admin import desk
from admin.intake import IGNORED, Looked, unexplained
from admin.sheets.cells import Mended
from admin.sheets.headings import NAMES, plain
from scoring.ladder import LEVELS
from scoring.verdict import Problem, Words
from server.access import Actor
from server.errors import Refusal
from server.registration.comparing import Change, Compared, Stored
from server.registration.form import Line, line_of
from server.registration.naming import entry_id
from server.registration.persons import masked
from server.registration.review import STATES
from server.results.pages import name_of
from server.web.page import spoken
from server.web.words import N_, translator

AT_ONCE = 100
"""Rows on one page of a preview."""
ORDER = ("refused", "held", "doubtful", "changed", "new", "unchanged")
"""What needs a person first."""
SHOWN = {
    "refused": ("refused", "held"),
    "doubtful": ("doubtful",),
    "changed": ("changed",),
    "new": ("new",),
    "unchanged": ("unchanged",),
}
MEANT = {"level": "level_text"}
IDENTITIES = {
    "worker": Words("职工", "worker"),
    "teacher": Words("教师", "teacher"),
    "student": Words("学生", "student"),
    "other": Words("其他", "other"),
}
NOTHING = "—"


def rail(competition: Mapping[str, Any], actor: Actor, url: str, lang: str) -> dict[str, Any]:
    """The rail beside a delegation's desk: the office's for staff, the clerk's own for a clerk."""
    if competition["organiser"] in actor.organisers:
        return desk.rail(competition, "registration", None, lang, sets_up=True)
    link = {"id": "registration", "icon": "clipboard-check", "name": translator(lang).gettext(N_("Registration desk"))}
    public = {"id": "public", "icon": "speakerphone", "name": translator(lang).gettext(N_("Public page"))}
    return {
        "competition": {**desk.edition(competition, lang), "url": url},
        "here": "registration",
        "links": [
            {**link, "url": url, "count": None},
            {**public, "url": f"/c/{competition['slug']}", "count": None},
        ],
    }


def counts(looked: Looked) -> dict[str, int]:
    """How many rows there are of every outcome, how many were mended, and how many entries are gone from the form."""
    outcomes = [line.outcome for line in looked.plan.lines]
    found = {kind: sum(outcomes.count(one) for one in kinds) for kind, kinds in SHOWN.items()}
    mended = {(one.place.sheet, one.place.row) for one in looked.read.mended}
    return {**found, "all": len(outcomes), "mended": len(mended), "gone": len(looked.plan.gone)}


def bar(found: Mapping[str, int]) -> list[dict[str, Any]]:
    """The parts of the bar above the rows: kind, where it begins, how long it is."""
    parts, start = [], 0
    for kind in ("new", "changed", "unchanged", "doubtful", "refused"):
        if found[kind]:
            parts.append({"kind": kind, "start": start, "length": found[kind]})
            start += found[kind]
    return parts


def rows(looked: Looked, show: str, number: int, lang: str) -> dict[str, Any]:
    """One page of rows, those that need somebody first; `show` narrows them to one kind."""
    mended: dict[Line, list[Mended]] = {}
    for one in looked.read.mended:
        mended.setdefault((one.place.sheet, one.place.row), []).append(one)
    lines = [line for line in looked.plan.lines if _is_shown(line, show, mended)]
    lines.sort(key=lambda line: (ORDER.index(line.outcome), line_of(line.row) not in mended))
    pages = max(1, -(-len(lines) // AT_ONCE))
    number = min(max(number, 1), pages)
    part = lines[(number - 1) * AT_ONCE : number * AT_ONCE]
    sheets = len({line.row.sheet for line in looked.plan.lines}) > 1
    return {
        "rows": [_row(line, mended.get(line_of(line.row), ()), sheets, lang) for line in part],
        "count": len(lines),
        "page": number,
        "pages": pages,
    }


def _is_shown(line: Compared, show: str, mended: Mapping[Line, Any]) -> bool:
    if show == "mended":
        return line_of(line.row) in mended
    return line.outcome in SHOWN.get(show, ORDER)


def _row(line: Compared, mended: Sequence[Mended], sheets: bool, lang: str) -> dict[str, Any]:
    row = line.row
    return {
        "where": f"{row.sheet} {row.row}" if sheets else str(row.row),
        "outcome": line.outcome,
        "waits": line.waits,
        "name": row.name,
        "document": masked(row.document_number),
        "event": f"{row.event}（{row.group}）" if row.group else row.event,
        "team": row.team,
        "changes": [changed(one, lang) for one in line.changes],
        "mended": [
            {"field": _heading(one.place.key), "before": one.before, "after": one.after, "why": spoken(one.words, lang)}
            for one in mended
        ],
        "problems": [_problem(one, lang) for one in line.refusals],
        "doubts": [_problem(one.problem, lang) for one in line.doubts],
    }


def _heading(key: str) -> str:
    return " ".join(key.split()).strip("*＊ ")


def _problem(one: Problem, lang: str) -> dict[str, str]:
    column = one.place.key or one.place.column
    return {"column": _heading(column), "what": spoken(one.words, lang), "mend": spoken(one.mend, lang)}


def changed(one: Change, lang: str) -> dict[str, str]:
    """One changed value as people read it."""
    if one.field == "member":
        left = spoken(Words("离队", "Leaves the team"), lang)
        return {"field": left, "before": one.before, "after": ""}
    name = spoken(NAMES[MEANT.get(one.field, one.field)], lang)
    return {"field": name, "before": _said(one.field, one.before, lang), "after": _said(one.field, one.after, lang)}


def _said(field: str, value: str, lang: str) -> str:
    if not value:
        return NOTHING
    if field == "level":
        return spoken(LEVELS[value].name, lang)
    if field == "identity":
        return spoken(IDENTITIES[value], lang)
    return f"…{value[-4:]}" if field == "phone" else value


def doubts(looked: Looked, reasons: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    """Every row that waits for a person's reason, with the clause; rows that are refused anyway wait for nothing."""
    return [
        {
            "id": f"reason-{number}",
            "row": line.row.row,
            "name": line.row.name,
            "event": line.row.event,
            "doubts": [
                {**_problem(one.problem, lang), "clause": spoken(one.clause, lang)} for one in line.doubts
            ],
            "reason": reasons.get(f"reason-{number}", ""),
        }
        for number, line in enumerate(looked.plan.lines)
        if line.outcome == "doubtful"
    ]  # fmt: skip


def gone(looked: Looked, lang: str) -> list[dict[str, Any]]:
    """Entries that are in and not in this form."""
    return [{**entry_line(entry, lang), "stuck": entry in looked.plan.stuck} for entry in looked.plan.gone]


def headings(looked: Looked, lang: str) -> dict[str, Any]:
    """The form's headings: which were read as what, and those that a person explains."""
    unread = {id(column) for column in unexplained(looked)}
    told = {plain(heading): field for heading, field in looked.mapping.items()}
    asked, known = [], []
    for number, column in enumerate(looked.read.columns):
        text = _heading(column.place.key)
        mine = told.get(plain(column.place.key))
        if id(column) in unread or mine is not None:
            asked.append(
                {
                    "id": f"field-{number}",
                    "letters": column.place.column,
                    "heading": text,
                    "chosen": "" if mine is None else mine or IGNORED,
                    "new": mine is None,
                }
            )
        else:
            known.append({"letters": column.place.column, "heading": text, "name": spoken(NAMES[column.field], lang)})
    return {
        "asked": asked,
        "known": known,
        "unread": len(unread),
        "fields": [(field, spoken(name, lang)) for field, name in NAMES.items()],
        "ignored": IGNORED,
    }


def whole(looked: Looked, lang: str) -> list[dict[str, str]]:
    """What is wrong with the form as a whole."""
    return [{**_problem(one, lang), "where": _where(one)} for one in looked.plan.whole]


def _where(one: Problem) -> str:
    return " ".join(part for part in (one.place.sheet, str(one.place.row or ""), one.place.column) if part)


Lacking = Mapping[UUID, Sequence[Problem]]
"""What each person still lacks: a photo, a paper."""
NOBODY_LACKS: Lacking = {}


def entries(members: Sequence[Stored], lacking: Lacking, url: str, lang: str) -> list[dict[str, Any]]:
    """The entries of a delegation under their events, each with the address of its form and what its people lack."""
    grouped: dict[UUID, list[Stored]] = {}
    for stored in members:
        grouped.setdefault(stored["entry"], []).append(stored)
    return [{**entry_line(entry, lang, lacking), "url": f"{url}/entry/{id}"} for id, entry in grouped.items()]


def entry_line(entry: Sequence[Stored], lang: str, lacking: Lacking = NOBODY_LACKS) -> dict[str, Any]:
    """One entry: its event, its number, its people."""
    first = entry[0]
    return {
        "event": first["event_name_en"] if lang == "en" and first["event_name_en"] else first["event_name"],
        "division": first["division"],
        "number": entry_id(first, first["number"]),
        "team": first["team"],
        "state": first["entry_state"],
        "said": spoken(STATES[first["entry_state"]], lang),
        "people": list(_people(entry, lacking, lang)),
    }


def _people(entry: Sequence[Stored], lacking: Lacking, lang: str) -> Iterable[dict[str, Any]]:
    for stored in entry:
        level = spoken(LEVELS[stored["level"]].name, lang) if stored["level"] else NOTHING
        yield {
            "name": stored["name"],
            "document": stored["document_masked"],
            "unit": stored["unit"],
            "level": level,
            "lacks": [spoken(one.words, lang).rstrip("。.") for one in lacking.get(stored["person"], ())],
        }


def named(delegation: Mapping[str, Any], lang: str) -> str:
    """A delegation's name in the page's language."""
    return str(delegation["name_en"] if lang == "en" and delegation["name_en"] else delegation["name"])


def competition_line(competition: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A competition as a page's head says it."""
    return {"name": name_of(competition, lang), "first": competition["starts"], "last": competition["ends"]}


def said_of(refusal: Refusal | None, lang: str) -> dict[str, str] | None:
    """A refusal as a page says it."""
    return {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None


def url_of(slug: str, delegation: object) -> str:
    """Where a delegation's desk is."""
    return f"/register/{slug}/{delegation}"
