"""Sheets are checked again between seal and decoding, where a policy wants it."""

from __future__ import annotations

import html
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
from server.marks.correcting import marks_of
from server.results.correcting import corrections_of, take_back
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
    wrong = {row["aspect"]: row["id"] for row in await marks_of(event, second) if row["label"] == "J2"}["B1.01"]
    error = {"sheet": second, "found": "error", "words": "B1.01 J2 应为 0"}
    assert (await desk.post(f"{page}/sheet", data={**error, "mark": "X"}, headers=PAGE)).status_code == 404
    assert (await desk.post(f"{page}/sheet", data={**error, "mark": wrong}, headers=PAGE)).status_code == 303
    await corrected_from_there(site, small, second, wrong)
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


async def corrected_from_there(site: Site, small: Small, code: str, wrong: str) -> None:
    """The chief judge finds the error on their page, and the mark and the reason in the form; the re-check tells of the correction."""
    page, own = f"/office/{small.slug}/events/M01/recheck", f"/tablet/{small.slug}/M01/corrections"
    desk, chief = await site.visitor(small.supervisor.account), await site.visitor(small.judges[0])
    assert "等裁判长提出更正" in (await desk.get(page, headers=PAGE)).text
    link = f"{own}?entry={code}&mark={wrong}"
    assert html.escape(link) in (await chief.get(own, headers=PAGE)).text
    text = (await chief.get(link, headers=PAGE)).text
    assert f'name="mark" value="{wrong}"' in text and ">复核：B1.01 J2 应为 0</textarea>" in text
    other = next(row["id"] for row in await marks_of(await small.event(), code) if row["id"] != wrong)
    assert "></textarea>" in (await chief.get(f"{own}?entry={code}&mark={other}", headers=PAGE)).text
    data = {"entry": code, "mark": wrong, "value": "0", "reason": "复核：B1.01 J2 应为 0"}
    assert (await chief.post(own, data=data, headers=PAGE)).status_code == 303
    (one,) = await corrections_of(await small.event())
    assert f'/corrections?correction={one["id"]}"' in (await desk.get(page, headers=PAGE)).text
    assert "复核发现的差错" not in (await chief.get(own, headers=PAGE)).text
    await take_back(await small.event(), str(one["id"]), await small.chief(), AT)
    assert html.escape(link) in (await chief.get(own, headers=PAGE)).text


async def edit_policy(competition: dict[str, Any], event: dict[str, Any], name: str, small: Small) -> None:
    """The event is held under that policy."""
    facts = {field: event[field] for field in NewEvent.__struct_fields__}
    edit = EventEdit(**{**facts, "policy": name}, version=event["version"])
    await edit_event(competition, event, edit, small.staff, AT)
