"""The winner's pages: look-up, their certificates, the download."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Response

from scoring.ladder import LEVELS
from scoring.verdict import Words
from server.access import everyone
from server.database.tables import Certificate, Person, Promotion, PromotionDecision, Revocation, SkillRecord
from server.errors import Refusal, missing
from server.issuing import lookup
from server.issuing.printing import place_of
from server.results.flow import superseded
from server.web.jinja import PATHS
from server.web.page import Web, lang_of, over_tls, page, spoken

PASS = "podium_winner"
PASS_LASTS = timedelta(minutes=30)
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/lookup", opt={"access": everyone}, include_in_schema=False)
async def lookup_page(request: Web) -> Response[str]:
    """The two fields."""
    return page(request, "public/lookup.html", values={"name": ""}, problem=None)


@post("/lookup", opt={"access": everyone}, include_in_schema=False)
async def look_up(request: Web, data: Form) -> Response[str] | Redirect:
    """Find the person and lead them to their certificates; what was typed is not kept."""
    now, name = datetime.now(UTC), data.get("name", "").strip()[:60]
    address = request.client.host if request.client else ""
    sealer = request.app.state.sealer
    try:
        person = await lookup.find(name, data.get("last_six", "").strip()[:6], address, sealer, now)
    except Refusal as refusal:
        lang = lang_of(request)
        problem = {"what": spoken(refusal.words, lang), "mend": spoken(refusal.mend, lang)}
        return page(request, "public/lookup.html", refusal.status, values={"name": name}, problem=problem)
    token = lookup.pass_for(person["id"], sealer, now + PASS_LASTS)
    cookie = Cookie(
        PASS,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=over_tls(request),
        max_age=int(PASS_LASTS.total_seconds()),
    )
    return Redirect("/mine", status_code=303, cookies=[cookie])


@get("/mine", opt={"access": everyone}, include_in_schema=False)
async def winner(request: Web) -> Response[str] | Redirect:
    """Everything issued to the person who was found."""
    holder = _holder(request)
    person = await Person.select().where(Person.id == holder).first() if holder else None
    if person is None:
        return Redirect(PATHS["lookup"], status_code=303)
    lang = lang_of(request)
    rows = await Certificate.select().where(Certificate.person == holder).order_by(Certificate.issued, ascending=False)
    revoked = {
        row["certificate"]: row
        for row in await Revocation.select().where(
            Revocation.certificate.is_in([row["id"] for row in rows] or [holder])
        )
    }
    return page(
        request,
        "public/winner.html",
        holder={"name": person["name"], "masked": person["document_masked"][-4:]},
        certificates=[_certificate(row, revoked.get(row["id"]), lang) for row in rows],
        promotions=await _promotions(person["id"], lang),
    )


def _holder(request: Web) -> UUID | None:
    given = request.cookies.get(PASS, "")
    return lookup.holder_of(given, request.app.state.sealer, datetime.now(UTC)) if given else None


def _certificate(row: Mapping[str, Any], revoked: Mapping[str, Any] | None, lang: str) -> dict[str, Any]:
    paper = json.loads(row["content"])
    replaced = revoked["replaced_by"] if revoked else ""

    def said(field: str) -> str:
        return str((paper.get(f"{field}_en", "") if lang == "en" else "") or paper.get(field, ""))

    return {
        "award": {"id": _award_id(paper["award_en"]), "name": said("award")},
        "event": said("event"),
        "competition": said("competition"),
        "number": row["number"],
        "issued": row["issued"],
        "state": "revoked" if revoked else "valid",
        "reason": revoked["reason"] if revoked else "",
        "replaced_by": {"number": replaced, "verify": f"/verify?number={replaced}"} if replaced else None,
        "download": f"/mine/{row['number']}.pdf" if row["printed"] and not revoked else "",
        "credential": f"/v/{row['token']}/credential.json" if row["credential"] and not revoked else "",
        "verify": f"/v/{row['token']}",
    }


def _award_id(award_en: str) -> str:
    return award_en.split()[0].lower() if award_en.endswith("medal") else "excellence"


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
    records = await SkillRecord.select(SkillRecord.promotion, SkillRecord.level).where(SkillRecord.person == person)
    query = PromotionDecision.select(PromotionDecision.promotion)
    where = (PromotionDecision.promotion.person == person) & (PromotionDecision.level == "")
    return {row["promotion"]: row["level"] for row in records}, {row["promotion"] for row in await query.where(where)}


@get("/mine/{number:str}", opt={"access": everyone}, include_in_schema=False)
async def download(request: Web, number: FromPath[str]) -> Response[bytes]:
    """The PDF of a certificate, to its holder only."""
    number = number.removesuffix(".pdf")
    holder = _holder(request)
    row = (
        await Certificate.select(
            Certificate.person, Certificate.printed, Certificate.snapshot.event.competition.slug.as_alias("slug")
        )
        .where(Certificate.number == number)
        .first()
    )
    if row is None or holder is None or not hmac.compare_digest(str(row["person"]), str(holder)) or not row["printed"]:
        raise missing(Words("这份证书", "certificate"))
    folder = request.app.state.settings.data / "certificates" / row["slug"]
    content = await asyncio.to_thread(place_of(folder, number).read_bytes)
    return Response(
        content,
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{number}.pdf"', "cache-control": "private, no-store"},
    )


ROUTES = Router("/", route_handlers=[lookup_page, look_up, winner, download])
