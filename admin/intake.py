"""From an upload to a preview: what pages and the JSON API share.

A workbook is read in a process of its own; what was read is kept sealed beside it, and is held against what is stored
whenever somebody looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from admin.http import read_upload
from admin.sheets.headings import NAMES, known_headings, plain
from admin.sheets.registration import Column, RegistrationSheet, read_registration
from admin.sheets.returned import returned
from admin.sheets.template import TemplateEvent, write_template
from admin.sheets.worker import in_worker_async
from scoring.verdict import Place, Problem, Problems, Words
from server.competitions.flow import events_listed
from server.errors import Refusal, missing
from server.registration import staging
from server.registration.comparing import Plan
from server.registration.headings import explain_headings, headings_of
from server.registration.staging import Accepted, Choice, Staged
from server.registration.undoing import undo

Asked = Request[Any, Any, Any]
IGNORED = "ignore"
LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class Looked:
    """A staged workbook, what was read from it, and what taking it in would do now."""

    staged: Staged
    read: RegistrationSheet
    plan: Plan
    mapping: Mapping[str, str]
    withdraw: bool


async def bring(request: Asked, file: UploadFile) -> UUID:
    """Read an upload and keep it for its preview. Raises Problems when there is no form in it to be looked at."""
    scope, content = request.state.scope, await read_upload(file)
    mapping = await headings_of(scope.delegation["id"])
    read = await in_worker_async(read_registration, content, file.filename, mapping)
    if not read.columns:
        raise Problems(read.problems)
    return await staging.stage(
        scope.competition, scope.delegation, file.filename[:200], content, packed(read), len(read.rows),
        request.app.state.sealer, request.user, datetime.now(UTC),
    )  # fmt: skip


async def look(request: Asked, id: str, withdraw: bool = False) -> Looked:
    """A staged workbook beside what is stored now. Raises Refusal `not-found`."""
    scope, sealer = request.state.scope, request.app.state.sealer
    staged = await staging.staged(scope.delegation, intake_id(id), sealer)
    read = unpacked(staged.reading)
    plan, _ = await staging.preview(scope.competition, scope.delegation, read, sealer, request.user, withdraw)
    return Looked(staged, read, plan, await headings_of(scope.delegation["id"]), withdraw)


async def take_in(request: Asked, id: str, chosen: Callable[[RegistrationSheet], Choice]) -> Accepted:
    """Accept a staged workbook, with what the person chose about its rows. Raises what `staging.accept` raises."""
    scope, sealer = request.state.scope, request.app.state.sealer
    staged = await staging.staged(scope.delegation, intake_id(id), sealer)
    read = unpacked(staged.reading)
    try:
        return await staging.accept(
            scope.competition, scope.delegation, staged, read, chosen(read), sealer, request.user, datetime.now(UTC)
        )
    except Refusal as refusal:
        refusal.problems = tuple(placed(one, read.columns) for one in refusal.problems)
        raise


async def take_back(request: Asked, id: str) -> None:
    """Undo an accepted workbook as a whole. Raises what `undoing.undo` raises."""
    scope = request.state.scope
    await undo(
        scope.competition, scope.delegation, intake_id(id), request.app.state.sealer, request.user, datetime.now(UTC)
    )


async def explain(request: Asked, id: str, said: Callable[[RegistrationSheet], Mapping[str, str]]) -> None:
    """Remember what headings mean, and read the workbook anew. Raises Refusal `headings.unknown`."""
    scope, sealer = request.state.scope, request.app.state.sealer
    staged = await staging.staged(scope.delegation, intake_id(id), sealer)
    meanings = said(unpacked(staged.reading))
    if wrong := sorted(field for field in meanings.values() if field and field not in (*NAMES, IGNORED)):
        words = Words(f"没有“{wrong[0]}”这一栏。", f"There is no column {wrong[0]}.")
        raise Refusal("headings.unknown", words, status=422)
    told = {heading: None if not field else "" if field == IGNORED else field for heading, field in meanings.items()}
    await explain_headings(scope.competition, scope.delegation, told, request.user, datetime.now(UTC))
    mapping = await headings_of(scope.delegation["id"])
    read = await in_worker_async(read_registration, staged.data, staged.filename, mapping)
    await staging.read_again(staged, packed(read), len(read.rows), sealer)


async def marked_up(looked: Looked) -> bytes:
    """Their own workbook with every cell coloured and commented that is wrong, doubtful or mended."""
    columns = looked.read.columns
    problems = [*looked.plan.whole, *(one for line in looked.plan.lines for one in line.refusals)]
    doubts = [doubt.problem for line in looked.plan.lines for doubt in line.doubts]
    red, orange = ([placed(one, columns) for one in some] for some in (problems, doubts))
    return await in_worker_async(returned, looked.staged.data, red, looked.read.mended, orange)


async def template_for(competition: Mapping[str, Any], delegation: Mapping[str, Any]) -> bytes:
    """The empty form of this delegation, with the competition's events to choose from."""
    events = [
        TemplateEvent(
            event["name"], event["division"], event["occupation"], event["occupation_code"], event["team_size"]
        )
        for event in await events_listed(competition)
        if event["state"] in ("setup", "registration")
    ]
    return await in_worker_async(write_template, delegation["name"], competition["name"], events)


def placed(problem: Problem, columns: Sequence[Column]) -> Problem:
    """The problem at its cell: registration names a column by its heading, a workbook by its letters."""
    place = problem.place
    if not place.column or LETTERS.fullmatch(place.column):
        return problem
    field = known_headings().get(plain(place.column), "")
    here = next((one.place for one in columns if one.field == field and one.place.sheet == place.sheet), None)
    column, key = (here.column, here.key) if here else ("", place.column)
    return replace(problem, place=Place(place.sheet, place.row, column, key))


def unexplained(looked: Looked) -> Iterable[Column]:
    """Headings that nobody has explained yet."""
    known = {plain(heading) for heading in looked.mapping}
    return (column for column in looked.read.columns if not column.field and plain(column.place.key) not in known)


def packed(read: RegistrationSheet) -> bytes:
    """What was read, as bytes to be sealed."""
    return msgspec.json.encode(read)


def unpacked(reading: bytes) -> RegistrationSheet:
    """What was read, again. Raises Refusal `not-found` for an intake that was never previewed."""
    if not reading:
        raise missing(Words("这份报名表的预览", "preview of this form"))
    return msgspec.json.decode(reading, type=RegistrationSheet)


def intake_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise missing(Words("这份报名表", "registration form")) from None
