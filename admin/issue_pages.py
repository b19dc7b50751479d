"""The desk at which certificates of every kind are issued: the terms, who gets what, who gets none and why, and the act."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from admin import desk
from admin.judges import id_or_none
from admin.pages import Form
from admin.setup import as_refusal, refusal_of
from certificates.certificate import Kind, Language
from certificates.codes import DIGITS
from certificates.numbering import BadNumber, Format, compose
from scoring.verdict import No, Problems, Words
from server.access import organiser
from server.competitions.flow import events_listed
from server.database.tables import Certificate
from server.errors import Refusal, missing
from server.issuing import crew
from server.issuing.apart import set_in
from server.issuing.choosing import KINDS, design_of, kind_named, words_of
from server.issuing.claims import TOGETHER, Barred
from server.issuing.kinds import issue_kind, plan_of
from server.issuing.own import printed_in
from server.issuing.recipients import Recipient
from server.issuing.saying import distinction
from server.issuing.terms import ENTITLED, PATTERNS, Terms, agree, entitled, parts_of
from server.jobs import how_far
from server.results.pages import name_of
from server.signs import number_in
from server.web.page import Web, lang_of, page, spoken

HERE = "/office/{slug:str}/issuing"
SKILL = "skill-"
NATIONAL_LIKE = "S000113000001{year2}{level}{serial:06}"
"""How an assessment body writes its numbers: the thirteen characters that the authority gave it, then year, level, serial."""
SAID = {
    "issued": Words("已发 {number} 份，正在印制。", "{number} issued; they are being printed."),
    "terms": Words("约定已保存；以后发的都照此办理。", "The terms are saved; what is issued from now on follows them."),
    "crew": Words("已写下 {number} 人。", "{number} people are written down."),
    "gone": Words("已删去。", "Taken out."),
}


@get(HERE, opt={"access": organiser}, include_in_schema=False)
async def issuing(request: Web) -> Response[str]:
    """Participation, which everybody is waiting for; the other kinds beside it."""
    return await _page(request, "participation")


@get(f"{HERE}/{{kind:str}}", opt={"access": organiser}, include_in_schema=False)
async def issuing_of_kind(request: Web, kind: FromPath[str]) -> Response[str]:
    """One kind: its terms, its people."""
    return await _page(request, kind_named(kind))


@post(f"{HERE}/{{kind:str}}", opt={"access": organiser}, include_in_schema=False)
async def issue(request: Web, kind: FromPath[str]) -> Response[Any]:
    """Issue to those who are ticked, and begin to print."""
    competition, of_kind, state, given = (
        request.state.scope.competition,
        kind_named(kind),
        request.app.state,
        await request.form(),
    )
    try:
        chosen = {UUID(one) for one in given.getall("subject", [])}
        count = await issue_kind(
            competition, of_kind, chosen, given.get("seen", ""), given.get("document", ""), state.settings.base_url, state.sealer,
            request.user, datetime.now(UTC),
        )  # fmt: skip
    except ValueError as error:
        raise missing(Words("这个人", "person")) from error
    except Refusal as refusal:
        return await _page(request, of_kind, refusal, document=given.get("document", ""))
    state.printing.begin(competition)
    return _back(request, of_kind, "issued", count)


@post(f"{HERE}/{{kind:str}}/terms", opt={"access": organiser}, include_in_schema=False)
async def set_terms(request: Web, kind: FromPath[str], data: Form) -> Response[Any]:
    """In whose name, by what right, with which numbers, to whom."""
    competition, of_kind = request.state.scope.competition, kind_named(kind)
    new = _typed(of_kind, data)
    try:
        await agree(competition, new, request.user, datetime.now(UTC))
    except Refusal as refusal:
        return await _page(request, of_kind, refusal, typed=new)
    return _back(request, of_kind, "terms")


@get(f"{HERE}/{{kind:str}}/look/{{subject:str}}", opt={"access": organiser}, include_in_schema=False)
async def look(request: Web, kind: FromPath[str], subject: FromPath[str]) -> Response[bytes]:
    """The paper as it would be printed, without a number and without a signature."""
    pdf = await specimen_of(request, kind_named(kind), subject)
    headers = {"content-disposition": "inline", "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def specimen_of(request: Web, of_kind: Kind, subject: str) -> bytes:
    """The paper of one of the plan, as a PDF that nobody can take for a certificate."""
    competition, state = request.state.scope.competition, request.app.state
    plan = await plan_of(competition, of_kind, state.sealer, datetime.now(UTC))
    one = next((one for one in plan.recipients if one.subject == id_or_none(subject)), None)
    if one is None:
        raise missing(Words("这份证书", "certificate"))
    paper = replace(
        one.paper,
        number="—" * 8,
        verify_url=f"{state.settings.base_url}/v/0000000000000000",
        code="0" * DIGITS,
        specimen=True,
    )
    content = json.dumps(paper.as_data(), ensure_ascii=False)
    design = await printed_in(design_of(competition, of_kind))
    pdf: bytes = await set_in([design], 1, competition["id"], state.presses, "specimen", design, content)
    return pdf


@post("/office/{slug:str}/crew", opt={"access": organiser}, include_in_schema=False)
async def add_crew(request: Web, data: Form) -> Response[Any]:
    """Write down who helped; a text that cannot be read comes back with every line that is wrong."""
    competition, text = request.state.scope.competition, data.get("people", "")
    try:
        count = await crew.add(competition, crew.read(text), request.app.state.sealer, request.user, datetime.now(UTC))
    except Problems as problems:
        return await _page(request, "organiser", as_refusal(problems), people=text)
    return _back(request, "organiser", "crew", count)


@post("/office/{slug:str}/crew/{person:str}/remove", opt={"access": organiser}, include_in_schema=False)
async def remove_crew(request: Web, person: FromPath[str]) -> Response[Any]:
    """Take somebody out who has no certificate yet."""
    try:
        id = id_or_none(person) or UUID(int=0)
        await crew.take_out(request.state.scope.competition, id, request.user, datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return await _page(request, "organiser", refusal)
    return _back(request, "organiser", "gone")


def _back(request: Web, kind: Kind, done: str, count: int = 0) -> Redirect:
    where = f"/office/{request.state.scope.competition['slug']}/issuing/{kind}?done={done}&n={count}"
    return Redirect(where, status_code=303)


def _typed(kind: Kind, data: Mapping[str, str]) -> Terms:
    given = {name: data.get(name, "").strip() for name in ("issuer", "issuer_en", "seal", "basis", "pattern")}
    codes = [name.removeprefix(SKILL) for name in data if name.startswith(SKILL) and not name.endswith("-en")]
    pairs = {code: (data[f"{SKILL}{code}"].strip(), data.get(f"{SKILL}{code}-en", "").strip()) for code in codes}
    return Terms(
        kind, **given, language=data.get("language", "zh"), per_team=data.get("per_team") == "yes",  # type: ignore[arg-type]
        skills={code: pair for code, pair in pairs.items() if pair[0]}, version=number_in(data.get("version", "")) or 0,
    )  # fmt: skip


async def _page(
    request: Web,
    kind: Kind,
    refusal: Refusal | None = None,
    typed: Terms | None = None,
    document: str = "",
    people: str = "",
) -> Response[str]:
    competition, lang, state = request.state.scope.competition, lang_of(request), request.app.state
    url, done = f"/office/{competition['slug']}", SAID.get(request.query_params.get("done", ""))
    plan = await plan_of(competition, kind, state.sealer, datetime.now(UTC))
    shut = entitled(plan.terms)
    terms = typed or plan.terms
    if terms.language not in get_args(Language):
        terms = replace(terms, language=plan.terms.language)
    if typed and refusal and refusal.code == "terms.changed":
        terms = replace(typed, version=plan.terms.version)  # its sender has been told what is there now
    count = request.query_params.get("n", "")
    return page(
        request,
        "office/issuing.html",
        refusal.status if refusal else 200,
        desk=desk.rail(competition, "certificates", None, lang, sets_up=True),
        competition={"name": name_of(competition, lang), "url": url},
        action=f"{url}/issuing/{kind}",
        kind={
            "id": kind,
            "name": spoken(KINDS[kind], lang),
            "design": spoken(await words_of(design_of(competition, kind)), lang),
        },
        kinds=await _kinds(competition, kind, lang),
        terms=_terms(terms, competition, await events_listed(competition), lang),
        shut="" if not isinstance(shut, No) else spoken(shut.reason, lang),
        rows=[_row(one, kind, lang) for one in plan.recipients],
        waits=any(one.document for one in plan.recipients),
        barred=[_barred(one, lang) for one in plan.barred],
        later=plan.waiting,
        issued=plan.issued,
        printing={
            **await how_far(state, competition["id"]),
            "url": f"/api/competitions/{competition['slug']}/printing",
        },
        seen=plan.seen,
        document=document,
        people=people,
        said={"what": spoken(done, lang).format(number=count if count.isdecimal() else "")}
        if done and not refusal
        else None,
        problem=refusal_of(refusal, lang),
    )


async def _kinds(competition: Mapping[str, Any], here: Kind, lang: str) -> list[dict[str, Any]]:
    url = f"/office/{competition['slug']}/issuing"
    rows = await Certificate.raw("SELECT kind, count(*) AS issued FROM certificate WHERE competition = {} GROUP BY kind", competition["id"])  # fmt: skip
    issued = {row["kind"]: row["issued"] for row in rows}
    return [
        {"name": spoken(words, lang), "url": f"{url}/{id}", "here": id == here, "issued": issued.get(id, 0)}
        for id, words in KINDS.items()
    ]


def _terms(
    terms: Terms, competition: Mapping[str, Any], events: Sequence[Mapping[str, Any]], lang: str
) -> dict[str, Any]:
    kind = terms.kind
    return {
        "issuer": terms.issuer,
        "issuer_en": terms.issuer_en,
        "seal": terms.seal,
        "basis": terms.basis,
        "pattern": terms.pattern,
        "language": terms.language,
        "per_team": terms.per_team,
        "version": terms.version,
        "signs": "、".join(one.called(terms.language).replace("|", "") for one in terms.signers(competition)),
        "usual": PATTERNS[kind] or NATIONAL_LIKE,
        "sample": _sample(terms, competition["starts"].year),
        "entitled": kind in ENTITLED,
        "teams": kind in TOGETHER and any(event["team_size"] > 1 for event in events),
        "skills": [
            {"code": event["code"], "name": name_of({**event, "edition": 1}, lang), "zh": said[0], "en": said[1]}
            for event in (events if kind == "ability" else ())
            for said in [terms.skills.get(event["code"], ("", ""))]
        ],
    }


def _sample(terms: Terms, year: int) -> str:
    """How the first number of a year would be written; the text itself where it is no format."""
    text = terms.pattern or PATTERNS[terms.kind] or NATIONAL_LIKE
    try:
        format = Format(text)
        return compose(format, serial=1, level=4, **parts_of(format, year))
    except BadNumber:
        return text


def _row(one: Recipient, kind: Kind, lang: str) -> dict[str, Any]:
    said = one.paper.as_data()
    shown = distinction(said, lang)
    return {
        "subject": str(one.subject),
        "name": one.paper.name,
        "members": one.paper.members,
        "delegation": one.delegation,
        "event": (said.get("event_en") if lang == "en" else "") or said.get("event", ""),
        "code": one.code,
        "says": shown,
        "document": one.document,
        "found": kind not in ("judge", "organiser") or bool(one.lookup),
        "removable": kind == "organiser",
    }


def _barred(one: Barred, lang: str) -> dict[str, str]:
    return {"name": one.name, "delegation": one.delegation, "code": one.event, "why": spoken(one.why, lang)}


ROUTES = Router("/", route_handlers=[issuing, issuing_of_kind, issue, set_terms, look, add_crew, remove_crew])
