"""The winner's pages: look-up, their certificates, the download."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Router, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Response

from scoring.ladder import LEVELS
from scoring.verdict import Words
from server.access import everyone
from server.database.tables import Certificate, Promotion, PromotionDecision, Revocation, SkillRecord
from server.errors import Refusal, missing
from server.issuing import lookup, sharing
from server.issuing.badge_shown import LASTS, NEEDED, PASS, badge_in, kept
from server.issuing.printing import file_of
from server.issuing.saying import GROUNDS, distinction, said, sign
from server.pace import network_of
from server.promotion.flow import holds
from server.registration.badge_codes import standing
from server.results.flow import superseded
from server.web.jinja import PATHS
from server.web.keeping import KEPT_NOWHERE
from server.web.page import Web, lang_of, page, spoken

PRIVATE = ("level",)
"""Kinds of certificate that show the document's number and the photo."""
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/lookup", opt={"access": everyone}, include_in_schema=False)
async def lookup_page(request: Web) -> Response[str]:
    """The two fields, and the badge as the third thing."""
    return page(request, "public/lookup.html", values={"name": ""}, problem=None, read=bool(badge_in(request)))


@post("/lookup", opt={"access": everyone}, include_in_schema=False)
async def look_up(request: Web, data: Form) -> Response[str] | Redirect:
    """Find the person and lead them to their certificates; what was typed is not kept."""
    now, name = datetime.now(UTC), data.get("name", "").strip()[:60]
    sealer = request.app.state.sealer
    try:
        person = await lookup.find(name, data.get("last_six", "").strip()[:6], network_of(request), sealer, now)
    except Refusal as refusal:
        lang = lang_of(request)
        problem = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)}
        read = bool(badge_in(request))
        return page(request, "public/lookup.html", refusal.status, values={"name": name}, problem=problem, read=read)
    token = lookup.pass_for(person["id"], sealer, now + LASTS)
    return Redirect("/mine", status_code=303, cookies=[kept(request, PASS, token)])


@get("/mine", opt={"access": everyone}, include_in_schema=False)
async def winner(request: Web) -> Response[str] | Redirect:
    """Everything issued to the person who was found, of every kind, their skill record, and the links that they gave away."""
    holder = await holder_of(request)
    return await _winner(request, holder) if holder else Redirect(PATHS["lookup"], status_code=303)


async def _winner(
    request: Web, holder: lookup.Holder, refusal: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Response[str]:
    lang, state = lang_of(request), request.app.state
    links = await sharing.shares_of(holder, state.sealer) if holder.whole else []
    certificates = await _certificates(holder.theirs, lang, whole=holder.whole)
    answer = page(
        request,
        "public/winner.html",
        refusal.status if refusal else 200,
        holder={"name": holder.name, "masked": holder.masked, "badge": holder.badge},
        certificates=certificates,
        promotions=await _promotions(holder.person, lang) if holder.person else [],
        links=[
            {
                "id": str(one["id"]), "label": one["label"], "number": one["number"] or "", "made": one["made"],
                "opened": one["opened"], "url": f"{state.settings.base_url.rstrip('/')}/s/{one['secret']}",
            }
            for one in links
        ],
        typed={"label": "", "number": "", **(typed or {})},
        problem={"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)} if refusal else None,
    )  # fmt: skip
    answer.headers.update(KEPT_NOWHERE)
    return answer


async def _certificates(theirs: Any, lang: str, *, whole: bool = True) -> list[dict[str, Any]]:
    rows = await Certificate.select().where(theirs).order_by(Certificate.issued, ascending=False)
    query = Revocation.select().where(Revocation.certificate.is_in(Certificate.select(Certificate.id).where(theirs)))
    revoked = {row["certificate"]: row for row in await query}
    found = [_certificate(row, revoked.get(row["id"]), lang) for row in rows]
    locked = {row["number"] for row in rows if row["kind"] in PRIVATE and not whole}
    return [{**one, "locked": bool(one["download"]) and one["number"] in locked} for one in found]


@post("/mine/links", opt={"access": everyone}, include_in_schema=False)
async def make_link(request: Web, data: Form) -> Response[Any]:
    """A link for somebody: to one certificate, or to everything."""
    holder = await holder_of(request)
    if holder is None:
        return Redirect(PATHS["lookup"], status_code=303)
    try:
        if not holder.whole:
            raise NEEDED
        await sharing.share(
            holder, data.get("number", ""), data.get("label", ""), request.app.state.sealer, datetime.now(UTC)
        )
    except Refusal as refusal:
        return await _winner(request, holder, refusal, data)
    return Redirect("/mine#links", status_code=303)


@post("/mine/links/{link:str}/withdraw", opt={"access": everyone}, include_in_schema=False)
async def withdraw_link(request: Web, link: FromPath[str]) -> Response[Any]:
    """Take a link back; whoever opens it from then on reads so."""
    holder = await holder_of(request)
    if holder is None:
        return Redirect(PATHS["lookup"], status_code=303)
    if not holder.whole:
        raise NEEDED
    try:
        id = UUID(link)
    except ValueError as error:
        raise missing(sharing.LINK) from error
    await sharing.withdraw(holder, id, datetime.now(UTC))
    return Redirect("/mine#links", status_code=303)


@get("/s/{secret:str}", opt={"access": everyone}, include_in_schema=False)
async def shared_page(request: Web, secret: FromPath[str]) -> Response[str]:
    """What a holder shows by a link."""
    link, lang = await sharing.shared(secret), lang_of(request)
    holder = await _holder_of_link(request, link)
    certificates = await _certificates(_shown(holder, link), lang)
    for one in certificates:
        one["download"] = f"/s/{secret}/{one['number']}.pdf" if one["download"] else ""
    whole = link["certificate"] is None
    answer = page(
        request,
        "public/shared.html",
        holder={"name": holder.name},
        certificates=certificates,
        promotions=await _promotions(holder.person, lang) if holder.person and whole else [],
        made=link["made"],
    )
    answer.headers.update(KEPT_NOWHERE)
    return answer


@get("/s/{secret:str}/{number:str}", opt={"access": everyone}, include_in_schema=False)
async def shared_file(request: Web, secret: FromPath[str], number: FromPath[str]) -> Response[bytes]:
    """A PDF that a link shows."""
    link = await sharing.shared(secret)
    return await _file(request, _shown(await _holder_of_link(request, link), link), number.removesuffix(".pdf"))


async def _holder_of_link(request: Web, link: Mapping[str, Any]) -> lookup.Holder:
    holder = await lookup.holder_named(link["whose"], request.app.state.sealer)
    if holder is None:
        raise missing(sharing.LINK)
    return holder


def _shown(holder: lookup.Holder, link: Mapping[str, Any]) -> Any:
    """What a link shows: the certificate that it names, or whatever of the holder's is in force."""
    if link["certificate"]:
        return holder.theirs & (Certificate.id == link["certificate"])
    return holder.theirs & Certificate.id.not_in(Revocation.select(Revocation.certificate))


async def holder_of(request: Web) -> lookup.Holder | None:
    """Who has been found, or is signed in; None when a pass is not ours or is over."""
    sealer, given = request.app.state.sealer, request.cookies.get(PASS, "")
    whose = lookup.holder_of(given, sealer, datetime.now(UTC)) if given else None
    found = await lookup.holder_named(whose, sealer) if whose else None
    if found and found.person:
        return replace(found, badge=await standing(found.person, badge_in(request), sealer))
    return found or await lookup.holder_signed_in(request.user)


def _certificate(row: Mapping[str, Any], revoked: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
    paper = json.loads(row["content"])
    replaced = revoked["replaced_by"] if revoked else ""
    shown = distinction(paper, lang)
    return {
        "award": {**sign(paper), "name": shown},
        "kind": said(paper, "title", lang) if shown != said(paper, "title", lang) else "",
        "event": said(paper, "event", lang),
        "team": f"{paper['name']}（{paper['members']}）" if "members" in paper else "",
        "competition": said(paper, "competition", lang),
        "number": row["number"],
        "issued": row["issued"],
        "state": "revoked" if revoked else "valid",
        "reason": spoken(GROUNDS[revoked["ground"]], lang) if revoked else "",
        "replaced_by": {"number": replaced, "verify": f"/verify?number={replaced}"} if replaced else None,
        "download": f"/mine/{row['number']}.pdf" if row["printed"] and not revoked else "",
        "credential": f"/v/{row['token']}/credential.json" if row["credential"] and not revoked else "",
        "verify": f"/v/{row['token']}",
    }


async def _promotions(person: UUID, lang: str) -> list[dict[str, str]]:
    """What somebody's results brought them: granted, or waiting for whoever decides. What was refused is not shown to the world."""
    query = Promotion.select(
        Promotion.id,
        Promotion.level,
        Promotion.reason_zh,
        Promotion.reason_en,
        Promotion.member.event.name.as_alias("event"),
        Promotion.member.event.name_en.as_alias("event_en"),
    )
    rows = await query.where(
        (Promotion.person == person)
        & Promotion.outcome.is_in(["promoted", "silent"])
        & Promotion.snapshot.not_in(superseded())
    )
    granted, refused = await _answers(person)
    found = []
    for row in rows:
        if row["id"] in refused:
            continue
        level = granted.get(row["id"], row["level"])
        found.append(
            {
                "level": spoken(LEVELS[level].name, lang) if level else "",
                "event": spoken(Words(row["event"], row["event_en"] or row["event"]), lang),
                "words": spoken(Words(row["reason_zh"], row["reason_en"]), lang),
                "state": "granted" if row["id"] in granted else "waiting",
            }
        )
    return found


async def _answers(person: UUID) -> tuple[dict[UUID, str], set[UUID]]:
    """Promotion → level granted, as the skill record has it, and the promotions that were not granted."""
    records = await SkillRecord.select(SkillRecord.promotion, SkillRecord.level).where(
        (SkillRecord.person == person) & holds()
    )
    query = PromotionDecision.select(PromotionDecision.promotion)
    where = (PromotionDecision.promotion.person == person) & (PromotionDecision.level == "")
    return {row["promotion"]: row["level"] for row in records}, {row["promotion"] for row in await query.where(where)}


@get("/mine/{number:str}", opt={"access": everyone}, include_in_schema=False)
async def download(request: Web, number: FromPath[str]) -> Response[bytes]:
    """The PDF of a certificate, to its holder only. Raises Refusal `not-found` or `badge.needed`."""
    holder = await holder_of(request)
    if holder is None:
        raise missing(Words("这份证书", "certificate"))
    number = number.removesuffix(".pdf")
    private = (Certificate.number == number) & holder.theirs & Certificate.kind.is_in(list(PRIVATE))
    if not holder.whole and await Certificate.exists().where(private):
        raise NEEDED
    return await _file(request, holder.theirs, number)


async def _file(request: Web, among: Any, number: str) -> Response[bytes]:
    """The PDF of one of these certificates that is in force. Raises Refusal `not-found`."""
    columns = (
        Certificate.printed,
        Certificate.competition.as_alias("id"),
        Certificate.competition.slug.as_alias("slug"),
    )
    query = Certificate.select(*columns)
    valid = Certificate.id.not_in(Revocation.select(Revocation.certificate))
    row = await query.where((Certificate.number == number) & among & valid).first()
    if row is None or not row["printed"]:
        raise missing(Words("这份证书", "certificate"))
    content = await file_of(request.app.state, row, number)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(number)}.pdf",
        **KEPT_NOWHERE,
    }
    return Response(content, media_type="application/pdf", headers=headers)


ROUTES = Router(
    "/", route_handlers=[lookup_page, look_up, winner, download, make_link, withdraw_link, shared_page, shared_file]
)
