"""The JSON API of issued certificates, for the office."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Response

from scoring.verdict import Words
from server.access import office
from server.database.tables import Certificate, Promotion, Refused
from server.errors import missing
from server.issuing.printing import file_of
from server.paging import USUAL, Exactly, Limit, Offset, matching, part
from server.paging import Words as Numbers
from server.results.flow import superseded
from server.wire import Certificates, said


@get("/api/competitions/{slug:str}/certificates", opt={"access": office, "scope": "certificates:read"})
async def get_certificates(
    request: Request[Any, Any, Any], q: Numbers = "", event: Exactly = "", limit: Limit = USUAL, offset: Offset = 0
) -> Response[Certificates]:
    """What was issued, what was refused and why, and the promotions that came with it."""
    competition = request.state.scope.competition
    of_it = Certificate.competition == competition["id"]
    issued = (
        await Certificate.select(
            Certificate.number,
            Certificate.token,
            Certificate.pdf_sha256,
            Certificate.printed,
            Certificate.snapshot.event.code.as_alias("event"),
        )
        .where(of_it)
        .order_by(Certificate.number)
    )
    query = Refused.select(
        Refused.field,
        Refused.characters,
        Refused.member.person.name.as_alias("name"),
        Refused.member.event.code.as_alias("event"),
    )
    refused = await query.where(Refused.snapshot.event.competition == competition["id"])
    outcomes = await Promotion.select(Promotion.outcome).where(
        (Promotion.snapshot.event.competition == competition["id"]) & Promotion.snapshot.not_in(superseded())
    )
    counts = {name: sum(row["outcome"] == name for row in outcomes) for name in ("promoted", "unchanged", "silent")}
    rows, headers = part(request, matching(issued, q, ("number",), event=event), limit, offset)
    return Response(said({"issued": rows, "refused": refused, "promotions": counts}, Certificates), headers=headers)


@get(
    "/api/competitions/{slug:str}/certificates/{number:str}",
    opt={"access": office, "scope": "certificates:read"},
    media_type="application/pdf",
)
async def get_certificate(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
    """The PDF of one certificate."""
    competition = request.state.scope.competition
    of_it = Certificate.competition == competition["id"]
    row = await Certificate.select(Certificate.printed).where(of_it & (Certificate.number == number)).first()
    if row is None or row["printed"] is None:
        raise missing(Words("这份证书", "certificate"))
    return Response(await file_of(request.app.state, competition, number), media_type="application/pdf")


ROUTES = Router("/", route_handlers=[get_certificates, get_certificate])
