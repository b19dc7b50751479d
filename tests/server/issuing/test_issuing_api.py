"""Issuing by a program: through the API as at the desk."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from server.competitions.api_keys import NewKey, make_key
from server.database.tables import Certificate
from tests.server.conftest import Site
from tests.server.small import brought, founded


async def test_a_program_issues_what_the_desk_issues(site: Site) -> None:
    """Through /api, by a key of its scope: who gets one and who none, how it looks, issuing once and not twice; a supervisor revokes and
    issues anew, a key does neither. Every certificate has its number and its file."""
    small = await brought(await founded("programs"), "certified")
    new = NewKey("平台", frozenset({"certificates:issue"}), datetime.now(UTC) + timedelta(days=1), {})
    program, boss = await site.visitor(), await site.visitor(small.supervisor.account)
    token = await make_key(await small.competition(), new, small.staff, datetime.now(UTC))
    program.headers["authorization"] = f"Bearer {token}"
    here = f"/api/competitions/{small.slug}/issuing/participation"
    plan = (await program.get(here)).json()
    subjects = [one["subject"] for one in plan["recipients"]]
    assert plan["issued"] == 0 and len(subjects) == len(small.codes)
    look = await program.get(f"{here}/{subjects[0]}")
    assert look.content.startswith(b"%PDF") and (await program.get(f"{here}/{UUID(int=7)}")).status_code == 404
    old = await program.post(here, json={"subjects": subjects, "seen": "0" * 64})
    assert (old.status_code, old.json()["code"]) == (409, "issuing.changed")
    done = await program.post(here, json={"subjects": subjects, "seen": plan["seen"]})
    assert (done.status_code, done.json()["issued"]) == (201, len(subjects))
    assert (await program.get(here)).json()["recipients"] == []
    mine = (Certificate.kind == "participation") & (Certificate.competition == (await small.competition())["id"])
    one, other = [row["number"] for row in await Certificate.select(Certificate.number).where(mine)][:2]
    there = f"/api/competitions/{small.slug}/certificates"
    assert (await program.post(f"{there}/{one}/revoke", json={"ground": "error", "reason": "x"})).status_code == 403
    assert (await boss.post(f"{there}/{one}/revoke", json={"ground": "error", "reason": "误发"})).json() == {
        "number": one,
        "replaced_by": None,
    }
    again = (await boss.post(f"{there}/{other}/reissue", json={"name": "赵一一", "reason": "姓名有误"})).json()
    assert again["number"] == other and await Certificate.exists().where(Certificate.number == again["replaced_by"])
    async with asyncio.timeout(600):
        while await Certificate.count().where(mine & Certificate.printed.is_null()):
            await asyncio.sleep(0.1)
