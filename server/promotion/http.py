"""The JSON API of promotions: every case of a competition with its clause, and deciding what the policy leaves to people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import JSONBody
from litestar.response import Response

from server.access import office
from server.paging import USUAL, Exactly, Limit, Offset, State, Words, matching, part
from server.promotion.deciding import Ruling, cases_of, decide
from server.wire import Promotions, PromotionShown, RulingsTaken, said


class NewRuling(msgspec.Struct, forbid_unknown_fields=True):
    """A decision: the level granted (its id) or "" for none, why, and the number of the authority's document."""

    promotion: UUID
    level: str = ""
    reason: str = ""
    document: str = ""


class NewRulings(msgspec.Struct, forbid_unknown_fields=True):
    """Decided together, all or none."""

    rulings: list[NewRuling]


@get("/api/competitions/{slug:str}/promotions", opt={"access": office, "scope": "promotions:read"})
async def get_promotions(
    request: Request[Any, Any, Any],
    q: Words = "",
    event: Exactly = "",
    stands: State = "",
    limit: Limit = USUAL,
    offset: Offset = 0,
) -> Response[Promotions]:
    """Who is promoted by the policy itself, whom it leaves to a person or an authority, and what they decided."""
    every = await cases_of(request.state.scope.competition["id"])
    cases, headers = part(request, matching(every, q, ("name", "event_name"), code=event, state=stands), limit, offset)
    return Response(Promotions([said(_case(case), PromotionShown) for case in cases]), headers=headers)


@post("/api/competitions/{slug:str}/promotions", opt={"access": office}, status_code=200)
async def post_rulings(request: Request[Any, Any, Any], data: JSONBody[NewRulings]) -> RulingsTaken:
    """Decide silent cases (a supervisor) or write an authority's answers down (the organiser's staff)."""
    rulings = [Ruling(one.promotion, one.level, one.reason, one.document) for one in data.rulings]
    return said(await decide(request.state.scope.competition, rulings, request.user, datetime.now(UTC)), RulingsTaken)


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    decided = {
        "level": case["granted"],
        "reason": case["decided_reason"],
        "document": case["document"],
        "by": case["decided_by"],
        "at": case["decided_at"],
    }
    return {
        "id": case["id"],
        "state": case["state"],
        "event": case["code"],
        "name": case["name"],
        "document": case["document_masked"],
        "held": case["held"],
        "level": case["level"],
        "mode": case["mode"],
        "rule": case["rule"],
        "reason": {"zh": case["reason_zh"], "en": case["reason_en"]},
        "decided": decided if case["decided_at"] else None,
    }


ROUTES = Router("/", route_handlers=[get_promotions, post_rulings])
