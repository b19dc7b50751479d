"""What is done to an organiser's policy: copied, brought as a file, changed and checked while typing, compared, proposed, confirmed
by a second person or given back."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Response

from admin import desk
from admin.appeal_effects import OUTCOMES
from admin.http import read_upload
from admin.policy_form import Draft, beside, by_path, draft_of, id_of, typed_into
from admin.policy_pages import PAGES, URL, about, checked, editions_of, form_page, found, list_page, read_page
from admin.setup import Form, as_refusal
from scoring.ladder import LEVELS
from scoring.language.lines import Path
from scoring.language.toml import LONGEST_TEXT, read_toml
from scoring.verdict import No, Place, Problem, Problems, Words
from server.access import any_office, any_organiser
from server.competitions import policy_text
from server.competitions.confirming import (
    SEEN,
    confirm_policy,
    may_confirm,
    propose_policy,
    refuse_policy,
    take_policy_back,
)
from server.competitions.flow import competition_named
from server.competitions.http import the_organiser
from server.competitions.own_policies import (
    FROZEN,
    Overtaken,
    add_policy,
    called,
    drop_policy,
    save_policy,
)
from server.errors import Refusal, missing, refuse
from server.people.flow import prove
from server.promotion.comparing import Compared, comparable, compared
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
MOST_SHOWN = 200
"""So many entries that move are listed; how many there are is said in any case."""


@post("/office/policies", opt={"access": any_organiser}, include_in_schema=False)
async def bring(request: Web, data: Upload) -> Response[Any]:
    """A policy from a TOML file: a draft of its own, whose code is the file's `id`."""
    file = data.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refusal("policy.no-file", Words("还没有选文件。", "No file was chosen."), status=422)
        text = _text(await read_upload(file), file.filename)
        code = read_toml(text, file.filename).get("id")
        organiser = the_organiser(request.user, _id(data.get("organiser", "")))
        name = await add_policy(
            organiser, text, file.filename, code if isinstance(code, str) else "", request.user, _now()
        )
    except (Refusal, Problems) as wrong:
        return await list_page(request, wrong if isinstance(wrong, Refusal) else as_refusal(wrong))
    return Redirect(f"{URL}/{name}?done=copied", status_code=303)


@post("/office/policies/{policy:str}/copy", opt={"access": any_organiser}, include_in_schema=False)
async def copy(request: Web, data: Form) -> Response[Any]:
    """A draft that begins as a copy; the next version, when the code is that of an own policy in use."""
    name, text, row = await found(request)
    organiser = row["organiser"] if row else the_organiser(request.user, _id(data.get("organiser", "")))
    try:
        made = await add_policy(organiser, text, name, data.get("code", "").strip(), request.user, _now())
    except Refusal as refusal:
        return await read_page(request, refusal)
    return Redirect(f"{URL}/{made}/edit?done=copied", status_code=303)


@post("/office/policies/{policy:str}/edit", opt={"access": any_organiser}, include_in_schema=False)
async def save(request: Web, data: Form) -> Response[Any]:
    """Save what was typed, finished or not; with `do`, also put a row or a section in, out or up."""
    row, draft = await _draft(request)
    revision = _revision(data)
    typed = policy_text.with_values(row["text"], typed_into(draft, data))
    text = _done(typed, draft, data.get("do", ""))
    try:
        await save_policy(row, revision, text, request.user, _now())
    except Overtaken as refusal:
        theirs = {line.path: line.value for line in draft_of(refusal.theirs).lines}
        return await form_page(request, refusal, typed, refusal.revision, theirs)
    except (Refusal, Problems) as wrong:
        return await form_page(request, wrong if isinstance(wrong, Refusal) else as_refusal(wrong), typed, revision)
    anchor = "#form" if data.get("do") else ""
    return Redirect(f"{URL}/{called(row)}/edit?done=saved{anchor}", status_code=303)


@post("/office/policies/{policy:str}/check", opt={"access": any_organiser}, include_in_schema=False)
async def check(request: Web, data: Form) -> Response[str]:
    """What was typed, read by the rules: the sentences it makes, and what is wrong at each field. Nothing is stored."""
    lang = lang_of(request)
    row, draft = await _draft(request)
    now = draft_of(policy_text.with_values(row["text"], typed_into(draft, data)))
    wrong = by_path(now.problems)
    fields = [
        {"id": id_of(line), "wrong": [beside(one, lang) for one in wrong.get(".".join(map(str, line.path)), ())]}
        for line in draft.lines
    ]
    return page(request, "office/policy_checked.html", checked=checked(now, lang), fields=fields)


@post("/office/policies/{policy:str}/compare", opt={"access": any_organiser}, include_in_schema=False)
async def compare(request: Web, data: Form) -> Response[str]:
    """What the policy, with what was typed and is not saved, would have made of an edition of the asker's. Nothing is stored."""
    lang, begun = lang_of(request), monotonic()
    name, text, row = await found(request)
    draft = draft_of(text)
    if row is not None and row["frozen"] is None:
        text = policy_text.with_values(text, typed_into(draft, data))
        draft = draft_of(text)
    editions = await editions_of(request, lang)
    slug = data.get("edition", "") or (editions[0]["slug"] if editions else "")
    if slug not in {one["slug"] for one in editions}:
        raise missing(Words("这一届", "edition"))
    competition = await competition_named(slug)
    results: list[Compared] = []
    if draft.policy:
        for event in await comparable(competition["id"]):
            results.append(await compared(competition, event, name, text, draft.policy))
    return page(
        request,
        "office/policy_compare.html",
        desk=desk.rail(None, "policies", None, lang, sets_up=True),
        policy=about(name, draft, row, lang),
        edition={"name": name_of(competition, lang), "slug": slug},
        **_told(results, lang),
        seconds=f"{monotonic() - begun:.1f}",
    )


@post("/office/policies/{policy:str}/propose", opt={"access": any_organiser}, include_in_schema=False)
async def propose(request: Web, data: Form) -> Response[Any]:
    """Ask for a second person; a template is given its document's number."""
    row, _ = await _draft(request)
    return await _decided(
        request,
        data,
        row,
        "proposed",
        propose_policy(row, _revision(data), data.get("document", ""), request.user, _now()),
    )


@post("/office/policies/{policy:str}/confirm", opt={"access": any_office}, include_in_schema=False)
async def confirm(request: Web, data: Form) -> Response[Any]:
    """The second person puts it in force, with their password."""
    row, _ = await _own(request)

    async def act() -> None:
        if isinstance(verdict := await may_confirm(row, request.user), No):
            raise refuse(verdict, status=403)
        await prove(request.user, data.get("password", ""), _now())
        await confirm_policy(row, _revision(data), request.user, _now())

    return await _decided(request, data, row, "confirmed", act())


@post("/office/policies/{policy:str}/refuse", opt={"access": any_office}, include_in_schema=False)
async def give_back(request: Web, data: Form) -> Response[Any]:
    """The second person gives it back, with a reason."""
    row, _ = await _own(request)
    act = refuse_policy(row, _revision(data), data.get("reason", ""), request.user, _now())
    return await _decided(request, data, row, "refused", act)


@post("/office/policies/{policy:str}/take-back", opt={"access": any_organiser}, include_in_schema=False)
async def take_back(request: Web, data: Form) -> Response[Any]:
    """Make it a draft again, to go on writing."""
    row, _ = await _draft(request)
    return await _decided(
        request, data, row, "taken-back", take_policy_back(row, _revision(data), request.user, _now())
    )


@post("/office/policies/{policy:str}/remove", opt={"access": any_organiser}, include_in_schema=False)
async def remove(request: Web, data: Form) -> Response[Any]:
    """Take a draft out."""
    row, _ = await _draft(request)
    try:
        await drop_policy(row, _revision(data), request.user, _now())
    except Refusal as refusal:
        return await read_page(request, refusal)
    return Redirect(f"{URL}?done=removed", status_code=303)


async def _decided(request: Web, data: Form, row: Mapping[str, Any], done: str, act: Awaitable[None]) -> Response[Any]:
    try:
        await act
    except Overtaken:
        return await read_page(request, SEEN, data)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await read_page(request, refusal, data)
    return Redirect(f"{URL}/{called(row)}?done={done}", status_code=303)


async def _own(request: Web) -> tuple[dict[str, Any], Draft]:
    _, text, row = await found(request)
    if row is None:
        raise missing(Words("这份自己的规则", "policy of your own"))
    return row, draft_of(text)


async def _draft(request: Web) -> tuple[dict[str, Any], Draft]:
    row, _ = await _own(request)
    if row["organiser"] not in request.user.organisers:
        raise missing(Words("这份自己的规则", "policy of your own"))
    if row["frozen"] is not None:
        raise FROZEN
    return row, draft_of(row["text"])


def _done(text: str, draft: Draft, what: str) -> str:
    """The text after a button of the form; what no button says changes nothing."""
    act, _, where = what.partition(":")
    paths: dict[str, Path] = {".".join(map(str, path)): path for path in policy_text.ROWS}
    if act == "section" and where in policy_text.SECTIONS and where not in draft.raw:
        return policy_text.with_section(text, where)
    if act == "without" and where in policy_text.SECTIONS:
        return policy_text.without_section(text, where)
    if act == "row" and where in paths:
        return policy_text.with_row(text, paths[where])
    acts = {"copy": policy_text.copied, "drop": policy_text.dropped, "raise": policy_text.raised}
    rows = {line.path[:end] for line in draft.lines for end in (2, 3) if len(line.path) > end - 1}
    path = next((one for one in rows if ".".join(map(str, one)) == where and isinstance(one[-1], int)), None)
    return acts[act](text, path) if act in acts and path else text


def _told(results: list[Compared], lang: str) -> dict[str, Any]:
    moved = [(one.event, entry) for one in results for entry in one.moved]
    return {
        "counts": {
            "same": sum(not one.moved and one.why is None for one in results),
            "changed": sum(bool(one.moved) for one in results),
            "placed": sum(entry.placed for _, entry in moved),
            "awarded": sum(entry.awarded for _, entry in moved),
            "promoted": sum(len(entry.promotions) for _, entry in moved),
            "entries": sum(one.entries for one in results),
        },
        "cells": [
            {
                "name": name_of({**one.event, "edition": 1}, lang),
                "kind": "none" if one.why else "award" if any(m.awarded for m in one.moved) else "rank" if one.moved else "same",
            }
            for one in results
        ],
        "lines": [
            {
                "event": name_of({**event, "edition": 1}, lang),
                "names": entry.names,
                "delegation": entry.delegation,
                "rank": (entry.before["rank"], entry.after["rank"]),
                "total": (entry.before["total"], entry.after["total"]),
                "award": tuple(one["award"][lang] if one["award"] else "" for one in (entry.before, entry.after)),
                "promotions": [(name, _rise(before, lang), _rise(after, lang)) for name, before, after in entry.promotions],
            }
            for event, entry in moved[:MOST_SHOWN]
        ],
        "all": len(moved),
        "failed": [{"name": name_of({**one.event, "edition": 1}, lang), "why": spoken(one.why, lang)} for one in results if one.why],
    }  # fmt: skip


def _rise(what: tuple[str, str], lang: str) -> str:
    outcome, level = what
    return spoken(LEVELS[level].name if level else OUTCOMES.get(outcome, Words("", "")), lang)


def _text(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        words = Words("文件不是 UTF-8 文本。", "The file is not UTF-8 text.")
        raise Refusal(
            "policy.not-text",
            words,
            Words("请另存为 UTF-8 的 .toml 文件。", "Save it as a .toml file in UTF-8."),
            status=422,
        ) from None
    if len(text) > LONGEST_TEXT:
        words = Words("规则文本太长。", "The policy is too long.")
        raise Problems(
            (Problem("policy.too-long", Place(name), words, Words("删去无关内容。", "Leave out what is no rule.")),)
        )
    return text


def _revision(form: Form) -> int:
    text = form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


def _id(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def _now() -> datetime:
    return datetime.now(UTC)


ROUTES = Router(
    "/", route_handlers=[*PAGES, bring, copy, save, check, compare, propose, confirm, give_back, take_back, remove]
)
