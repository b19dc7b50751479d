"""The JSON API of registration workbooks: preview, accept, undo."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from admin.intake import Asked, Looked, bring, explain, look, placed, take_back, take_in, unexplained
from scoring.verdict import Words
from server.access import clerk
from server.answers import problem_as_data
from server.registration.comparing import Compared
from server.registration.staging import Choice
from server.uploads import OneFile
from server.wire import FormPreview, FormTaken, Undone, said

FORMS = "/api/competitions/{slug:str}/delegations/{delegation:str}/forms"
Reason = Annotated[str, msgspec.Meta(max_length=500)]


class RowReason(msgspec.Struct, forbid_unknown_fields=True):
    """Why one doubtful row may come in."""

    sheet: str
    row: int
    reason: Reason


class Acceptance(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody says who accepts: the preview that they saw, what may stay out, why doubtful rows may come in."""

    seen: str
    leave_out: bool = False
    withdraw: bool = False
    reason: Reason = ""
    reasons: list[RowReason] = []


class Meanings(msgspec.Struct, forbid_unknown_fields=True):
    """Heading → field, "ignore", or empty to forget what was said before."""

    headings: dict[str, str]


@post(FORMS, opt={"access": clerk})
async def post_staged(request: Asked, data: OneFile) -> FormPreview:
    """Preview a workbook; nothing is entered."""
    return as_data(await look(request, str(await bring(request, data.data))))


@get(f"{FORMS}/{{intake:str}}", opt={"access": clerk})
async def get_staged(request: Asked, intake: FromPath[str], withdraw: FromQuery[Literal["", "1"]] = "") -> FormPreview:
    """The preview of a workbook as things are now."""
    return as_data(await look(request, intake, withdraw == "1"))


@post(f"{FORMS}/{{intake:str}}/headings", opt={"access": clerk})
async def post_headings(request: Asked, intake: FromPath[str], data: JSONBody[Meanings]) -> FormPreview:
    """Say what headings mean; the preview of the workbook read anew."""
    await explain(request, intake, lambda read: data.headings)
    return as_data(await look(request, intake))


@post(f"{FORMS}/{{intake:str}}/accept", opt={"access": clerk})
async def post_accept(request: Asked, intake: FromPath[str], data: JSONBody[Acceptance]) -> FormTaken:
    """Take a previewed workbook in."""
    reasons = {(one.sheet, one.row): one.reason for one in data.reasons}
    choice = Choice(data.seen, data.leave_out, data.withdraw, reasons, data.reason)
    done = await take_in(request, intake, lambda read: choice)
    return said(done, FormTaken)


@post(f"{FORMS}/{{intake:str}}/undo", opt={"access": clerk})
async def post_undo(request: Asked, intake: FromPath[str]) -> Undone:
    """Take an accepted workbook back as a whole."""
    await take_back(request, intake)
    return Undone(True)


def as_data(looked: Looked) -> FormPreview:
    """A preview as JSON."""
    plan, columns = looked.plan, looked.read.columns
    told = {
        "id": looked.staged.id,
        "state": looked.staged.state,
        "seen": plan.basis,
        "delegation": looked.read.delegation,
        "unchanged": plan.changes_nothing,
        "problems": [problem_as_data(one) for one in plan.whole],
        "rows": [_row(line, looked) for line in plan.lines],
        "gone": [
            {"event": entry[0]["event_name"], "number": entry[0]["number"], "names": [one["name"] for one in entry]}
            for entry in plan.gone
        ],
        "mended": [
            {
                "sheet": one.place.sheet,
                "row": one.place.row,
                "column": one.place.column,
                "before": one.before,
                "after": one.after,
                "words": _words(one.words),
            }
            for one in looked.read.mended
        ],
        "unread": [{"heading": one.place.key, "column": one.place.column} for one in unexplained(looked)],
        "columns": {one.place.key: one.field for one in columns},
    }
    return said(told, FormPreview)


def _row(line: Compared, looked: Looked) -> dict[str, Any]:
    columns = looked.read.columns
    return {
        "sheet": line.row.sheet,
        "row": line.row.row,
        "name": line.row.name,
        "does": line.does,
        "outcome": line.outcome,
        "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in line.changes],
        "problems": [problem_as_data(placed(one, columns)) for one in line.refusals],
        "doubts": [
            {**problem_as_data(placed(one.problem, columns)), "clause": _words(one.clause)} for one in line.doubts
        ],
    }


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


ROUTES = Router(
    "/",
    route_handlers=[
        *(post_staged, get_staged, post_headings, post_accept, post_undo),
    ],
)
