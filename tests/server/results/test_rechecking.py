"""Sheets are checked again between seal and decoding, where a policy wants it."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import policy as policies
from scoring.review import sample
from server.competitions.editing import edit_event
from server.competitions.facts import EventEdit, NewEvent
from server.competitions.flow import policy_of
from server.competitions.own_policies import add_policy
from server.competitions.policy_text import with_values
from server.database.tables import Decision, Recheck
from server.errors import Refusal
from server.results.flow import outcome_of
from tests.server.conftest import Site
from tests.server.small import AT, Small, brought, founded, in_force, opened

PAGE = {"accept": "text/html"}


async def test_a_re_check_is_drawn_found_widened_and_lets_the_event_through(site: Site) -> None:
    """The sample follows from the recorded seed; each sheet is shown with its marks and no name, and found right or wrong
    once, an error with words; too many errors widen it to everything; nothing is decoded before it is done; every step is
    in the ledger."""
    small = await founded("again", policy="")
    organiser = next(iter(small.staff.organisers))
    values = {("review", "top"): "1", ("review", "percent"): "20", ("review", "before_decoding"): "true"}
    text = with_values(policies.text_of("hebei-skills-2025"), {**values, ("review", "wrong_percent"): "40"})
    name = await add_policy(organiser, text, "hebei-skills-2025", "checked", small.staff, AT)
    await in_force(small, name)
    competition, event = await small.competition(), await small.event()
    await edit_policy(competition, event, name, small)
    await brought(small, "sealed")
    desk, staff = await site.visitor(small.supervisor.account), await site.visitor(small.staff.account)
    page = f"/office/{small.slug}/events/M01/recheck"
    with pytest.raises(Refusal, match=r"recheck\.not-drawn"):
        await opened(small, "reviewed")
    assert (await staff.post(f"{page}/sample", headers=PAGE)).status_code == 403
    assert (await desk.post(f"{page}/sample", headers=PAGE)).status_code == 303
    assert (await desk.post(f"{page}/sample", headers=PAGE)).status_code == 409
    row = await Recheck.select().output(load_json=True).first()
    event = await small.event()
    rule = policy_of(event).review
    assert row and rule
    again = sample((await outcome_of(event)).standings, rule, row["seed"])
    assert (list(again.top), list(again.drawn), len(row["rest"])) == (row["top"], row["drawn"], 4)
    first, second = again.entries
    shown = (await desk.get(page, headers=PAGE)).text
    assert f'value="{first}"' in shown and not any(f"赵{one}" in shown for one in "一二三四五六")
    for data in (
        {"sheet": first, "found": "error", "words": " "},
        {"sheet": "W-none", "found": "agreed"},
        {"sheet": first},
    ):
        assert (await desk.post(f"{page}/sheet", data=data, headers=PAGE)).status_code == 422
    await desk.post(f"{page}/sheet", data={"sheet": first, "found": "agreed"}, headers=PAGE)
    assert (await desk.post(f"{page}/sheet", data={"sheet": first, "found": "agreed"}, headers=PAGE)).status_code == 409
    await desk.post(f"{page}/sheet", data={"sheet": second, "found": "error", "words": "B1.01 J2 应为 5"}, headers=PAGE)
    with pytest.raises(Refusal, match=r"recheck\.open"):
        await opened(small, "reviewed")
    for code in row["rest"]:
        assert (
            await desk.post(f"{page}/sheet", data={"sheet": code, "found": "agreed"}, headers=PAGE)
        ).status_code == 303
    await opened(small, "reviewed")
    kinds = [
        one["kind"] for one in await Decision.select().order_by(Decision.sequence) if one["kind"].startswith("recheck.")
    ]
    assert kinds == ["recheck.drawn", "recheck.sheet", "recheck.sheet", "recheck.concluded", *["recheck.sheet"] * 4]


async def edit_policy(competition: dict[str, Any], event: dict[str, Any], name: str, small: Small) -> None:
    """The event is held under that policy."""
    facts = {field: event[field] for field in NewEvent.__struct_fields__}
    edit = EventEdit(**{**facts, "policy": name}, version=event["version"])
    await edit_event(competition, event, edit, small.staff, AT)
