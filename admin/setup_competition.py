"""The pages on which a competition comes about and its facts are mended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
from litestar import Router, get, post
from litestar.response import Redirect, Response

from admin import desk
from admin.setup import Form, missing_yet, refusal_of, setup_page
from admin.setup_fields import CLASS, DAYS, NAMING, WINDOW, Reader, Typed, drawn, steps
from scoring.verdict import Problem, Words
from server.access import any_organiser, organiser
from server.competitions.editing import Changed, edit_competition
from server.competitions.facts import ROLES, STEPS, CompetitionEdit, NewCompetition, Organisation, with_roles
from server.competitions.flow import add_competition, competition_named
from server.competitions.http import the_organiser
from server.competitions.initials import initials
from server.database.tables import Event, Organiser
from server.errors import Refusal, missing
from server.people.flow import UNNAMED
from server.registration.editions import NextEdition, next_edition
from server.results.pages import name_of
from server.web.page import Web, lang_of, page, spoken

SECTIONS = (
    ("naming", Words("名称和文件", "Name and document"), NAMING),
    ("class", Words("级别和证书", "Class and certificates"), CLASS),
    ("days", Words("时间和地点", "Days and place"), DAYS),
    ("window", Words("报名", "Registration"), WINDOW),
)
FIRST = tuple(field for field in (*NAMING[:1], *DAYS[:3], CLASS[0], CLASS[2]))
"""What is asked of a competition from nothing."""
AGAIN = (NAMING[0], NAMING[2], *DAYS[:2], *WINDOW)
"""What is said anew of the next edition."""
SPARE = 2
MOST_ORGANISATIONS = 30


@get("/office/new", opt={"access": any_organiser}, include_in_schema=False)
async def new_page(request: Web) -> Response[str]:
    """A new competition, from nothing or from the last edition."""
    return await _new_page(request, {"from": request.query_params.get("from", ""), "tier": "provincial"})


@post("/office/new", opt={"access": any_organiser}, include_in_schema=False)
async def make(request: Web, data: Form) -> Response[Any]:
    """Make it, and go on to its set-up."""
    reader = Reader(data, "Asia/Shanghai", [])
    try:
        slug = await (_from_last(request, reader) if data.get("from") else _from_nothing(request, reader))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _new_page(request, data, refusal, (*reader.problems, *refusal.problems))
    return Redirect(f"/office/{slug}/setup", status_code=303)


async def _from_nothing(request: Web, reader: Reader) -> str:
    starts, ends = reader.day("starts"), reader.day("ends")
    _refuse(reader)
    which = the_organiser(request.user, _organiser_in(reader.text("organiser")))
    name, host = reader.text("name"), Organisation(reader.text("host"), name_en=reader.text("host_en"))
    new = NewCompetition(
        series=name, series_en="", name=name, name_en="", slug=address_of(name, starts.year), tier=reader.text("tier"),
        rank="", document="", province=reader.text("province"), venue=reader.text("venue"), venue_en="", starts=starts,
        ends=ends, organisations=[host],
    )  # fmt: skip
    made = await add_competition(new, which, request.user, datetime.now(UTC))
    return str(made["slug"])


def _organiser_in(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise missing(Words("这个主办方", "organiser")) from None


async def _from_last(request: Web, reader: Reader) -> str:
    last = await _own(request, reader.text("from"))
    reader.zone = last["time_zone"]
    new = NextEdition(
        reader.day("starts"), reader.day("ends"), reader.text("name"), "", reader.text("document"),
        reader.moment("registration_opens"), reader.moment("registration_closes"),
    )  # fmt: skip
    _refuse(reader)
    made = await next_edition(last, new, request.user, datetime.now(UTC))
    return str(made["slug"])


def address_of(name: str, year: int) -> str:
    """An address from the pinyin initials of a name: 河北省焊接大赛 of 2027 is `hbshjds-2027`."""
    short = re.sub(r"[^a-z0-9]+", "", initials(name))[:40] or "c"
    return f"{short.removesuffix(str(year))}-{year}".lstrip("-")


async def _own(request: Web, slug: str) -> dict[str, Any]:
    competition = await competition_named(slug)
    if competition["organiser"] not in request.user.organisers:
        raise missing(Words("这项竞赛", "competition"))
    return competition


async def _new_page(
    request: Web, values: Typed, refusal: Refusal | None = None, problems: Sequence[Problem] = ()
) -> Response[str]:
    lang = lang_of(request)
    last = await _own(request, values["from"]) if values.get("from") else None
    mine = [one for one in await desk.competitions_for(request.user) if one["organiser"] in request.user.organisers]
    organisers = await Organiser.select().where(Organiser.id.is_in(list(request.user.organisers)))
    named = [one for one in organisers if one["name"] != UNNAMED.zh]
    own = named[0] if len(organisers) == len(named) == 1 else {"name": "", "name_en": ""}
    shown = {"name": last["name"], **values} if last else values
    return page(
        request,
        "office/setup_new.html",
        refusal.status if refusal else 200,
        desk=desk.rail(None, "home", 0, lang),
        problem=refusal_of(refusal, lang),
        last=await _brought(last, lang) if last else None,
        editions=[{"slug": one["slug"], "name": name_of(one, lang), "first": one["starts"]} for one in mine],
        organisers=[{"id": str(one["id"]), "name": one["name"]} for one in organisers],
        chosen=values.get("organiser", ""),
        host={"name": values.get("host", own["name"]), "name_en": values.get("host_en", own["name_en"])},
        fields=drawn(AGAIN if last else FIRST, shown, lang, problems),
    )


async def _brought(last: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "slug": last["slug"],
        "name": name_of(last, lang),
        "events": await Event.count().where(Event.competition == last["id"]),
        "first": last["starts"],
        "last": last["ends"],
    }


@get("/office/{slug:str}/setup", opt={"access": organiser}, include_in_schema=False)
async def facts_page(request: Web) -> Response[str]:
    """The facts of a competition."""
    competition = request.state.scope.competition
    return await _facts_page(request, competition, with_roles(competition["organisations"]), competition["version"])


@post("/office/{slug:str}/setup", opt={"access": organiser}, include_in_schema=False)
async def save_facts(request: Web, data: Form) -> Response[Any]:
    """Save them, or show what is wrong or what somebody else wrote beside what was typed."""
    competition = request.state.scope.competition
    zone = data.get("time_zone", "")
    reader = Reader(data, zone if zone in available_timezones() else competition["time_zone"], [])
    organisations = organisations_in(data)
    try:
        await edit_competition(competition, read_facts(reader, organisations), request.user, datetime.now(UTC))
    except Refusal as refusal:
        problems = (*reader.problems, *refusal.problems)
        version = refusal.version if isinstance(refusal, Changed) else _version(data)
        theirs = refusal.theirs if isinstance(refusal, Changed) else None
        values = {**data, "review_steps": _steps_in(data)}
        return await _facts_page(request, values, organisations, version, refusal, problems, theirs)
    return Redirect(f"/office/{competition['slug']}/setup?done=facts", status_code=303)


def read_facts(reader: Reader, organisations: Sequence[Mapping[str, str]]) -> CompetitionEdit:
    """The posted facts. Raises Refusal `setup.unreadable` when a field is none."""
    texts = ("name", "name_en", "tier", "rank", "document", "province", "venue", "venue_en", "design", "time_zone")
    edit = CompetitionEdit(
        **{name: reader.text(name) for name in texts},
        starts=reader.day("starts"),
        ends=reader.day("ends"),
        organisations=msgspec.convert(list(organisations), list[Organisation]),
        notice_days=reader.whole(DAYS[4]),
        regions=reader.lines("regions"),
        registration_opens=reader.moment("registration_opens"),
        registration_closes=reader.moment("registration_closes"),
        review_steps=_steps_in(reader.form),  # type: ignore[arg-type]
        version=_version(reader.form),
    )
    _refuse(reader)
    return edit


def organisations_in(form: Typed) -> list[dict[str, str]]:
    """The rows of organisations that have a name, in their order."""
    rows = []
    for number in range(MOST_ORGANISATIONS):
        name = form.get(f"org-name-{number}", "").strip()
        role = form.get(f"org-role-{number}", "host")
        if name:
            texts = {text: form.get(f"org-{text}-{number}", "").strip() for text in ("name_en", "seal")}
            rows.append({"name": name, **texts, "role": role if role in ROLES else "host"})
    return rows


def _steps_in(form: Typed) -> list[str]:
    return [id for id in STEPS if form.get(f"step-{id}")]


def _version(form: Typed) -> int:
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


def _refuse(reader: Reader) -> None:
    if reader.problems:
        words = Words("有的内容读不懂，什么都没有保存。", "Some of it cannot be read; nothing was saved.")
        raise Refusal("setup.unreadable", words, status=422)


async def _facts_page(
    request: Web,
    values: Mapping[str, Any],
    organisations: Sequence[Mapping[str, str]],
    version: int,
    refusal: Refusal | None = None,
    problems: Sequence[Problem] = (),
    theirs: Mapping[str, Any] | None = None,
) -> Response[str]:
    competition, lang = request.state.scope.competition, lang_of(request)
    zone = competition["time_zone"]
    empty = {"name": "", "name_en": "", "seal": "", "role": "organiser" if organisations else "host"}
    there = theirs and theirs["organisations"] != list(organisations)
    return await setup_page(
        request,
        "office/setup.html",
        "facts",
        refusal,
        version=version,
        action=f"/office/{competition['slug']}/setup",
        sections=[
            {"id": id, "name": spoken(words, lang), "fields": drawn(fields, values, lang, problems, theirs, zone)}
            for id, words, fields in SECTIONS
        ],
        organisations=[*organisations, *[empty] * SPARE],
        organisations_theirs="、".join(one["name"] for one in theirs["organisations"]) if theirs and there else "",
        organisations_wrong=" ".join(spoken(one.words, lang) for one in problems if one.place.key == "organisations"),
        roles=[{"value": id, "label": spoken(words, lang)} for id, words in ROLES.items()],
        steps=steps(values["review_steps"], lang),
        steps_wrong=" ".join(spoken(one.words, lang) for one in problems if one.place.key == "review_steps"),
        missing=await missing_yet(competition, lang),
    )


ROUTES = Router("/", route_handlers=[new_page, make, facts_page, save_facts])
