"""Every answer of the JSON API is one that its description allows, whoever asks whatever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from server.access import SCOPES
from server.competitions.api_keys import NewKey, make_key
from server.database.tables import Certificate, Delegation
from tests.server.conforming import Description, variants
from tests.server.conftest import Site, Visitor
from tests.server.small import Small, brought, founded
from tests.server.test_access import clerk_of

pytestmark = pytest.mark.slow
STRANGERS = ("nobody", "other organiser", "other key")


async def key_of(small: Small) -> str:
    """A key of every scope."""
    new = NewKey("全部", frozenset(SCOPES), datetime.now(UTC) + timedelta(days=1), {"M01": frozenset({"A1.01"})})
    return await make_key(await small.competition(), new, small.staff, datetime.now(UTC))


async def people(site: Site, small: Small, other: Small, delegation: UUID) -> dict[str, Any]:
    """Accounts and keys."""
    return {
        "nobody": None,
        "organiser": small.staff.account,
        "supervisor": small.supervisor.account,
        "chief": small.judges[0],
        "clerk": await clerk_of(small, str(delegation)),
        "key": await key_of(small),
        "other organiser": other.staff.account,
        "other key": await key_of(other),
    }


async def at_the_door(site: Site, who: Any) -> Visitor:
    """Somebody with a session or with a key."""
    visitor = await site.visitor(who if isinstance(who, UUID) else None)
    if isinstance(who, str):
        visitor.headers["authorization"] = f"Bearer {who}"
    return visitor


async def test_no_answer_is_outside_the_description_for_anybody(site: Site) -> None:
    """Every operation, asked by everybody there is, as its example has it, with odd names in the address, odd parameters and
    bodies that are not what is asked for: never 5xx, always an answer that is described; and strangers get nothing of this
    competition that is not public. (`podium bench api` asks the same with thousands of generated requests.)
    """
    small, other = await brought(await founded(), "certified"), await founded("other")
    row = await Delegation.select(Delegation.id).first()
    paper = await Certificate.select(Certificate.number, Certificate.token).first()
    assert row is not None and paper is not None
    real = {"slug": small.slug, "code": "M01", "delegation": row["id"], **paper}
    known, found, asked = Description((await (await site.visitor()).get("/api/schema/openapi.json")).json()), [], 0
    for turn, (who, held) in enumerate((await people(site, small, other, row["id"])).items()):
        visitor = await at_the_door(site, held)
        for operation in known.operations():
            examples = {
                one["name"]: one["example"] for one in operation.says.get("parameters", ()) if one["in"] == "path"
            }
            address = operation.path.format_map({**examples, **real} if "/status/" not in operation.path else examples)
            for how, request in variants(operation, address, turn + asked):
                response = await visitor.request(operation.method, **request)
                asked += 1
                place = f"{who}: {operation.method} {operation.path} {how}"
                found += [f"{place}: {why}" for why in known.complaints(operation, response)]
                if who in STRANGERS and not operation.public and "{slug}" in operation.path and response.is_success:
                    found.append(f"{place}: a stranger was let in")
            if operation.path == "/api/session":
                visitor = await at_the_door(site, held)
    assert not found and asked > 1000, "\n".join(sorted(set(found)))
