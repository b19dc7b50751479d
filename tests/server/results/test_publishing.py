"""Publication at a moment that was set: nothing before it, everything after it, and a notice whose end is moved in the open."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pypdfium2
import pytest

from scoring.policy import load
from server.calendar import ZONE, notice_end
from server.competitions.flow import competition_named
from server.database.tables import Decision, Delegation, PlannedPublication, Snapshot
from server.draw.flow import codes_of
from server.errors import Refusal
from server.jobs import publish_due
from server.registration.sending import add_clerk
from server.results.flow import content_of
from server.results.pages import how_joined
from server.results.publishing import plan
from server.web.words import both
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, DELEGATIONS, Small, brought, founded, opened
from tests.server.test_access import ALLOWED, CLERKS, EVERYBODY, FILLED

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("policy", "said"),
    [("hebei-skills-2025", "取平均"), ("onsite-signing-template", "去掉 1 个最高、1 个最低后取平均")],
)
def test_a_published_event_tells_how_its_own_policy_joins_judges(policy: str, said: str) -> None:
    """The public page repeats the policy's sentence; it never says that a mean was taken where marks were dropped."""
    told = how_joined(load(policy))
    assert f"评价分：{said}；" in told.zh and not told.zh.endswith("。") and told.en.startswith("judged aspects: mean")


async def answers(visitor: Visitor, allowed: frozenset[str], filled: dict[str, str]) -> dict[str, str]:
    """Every address that these people may read, as a browser and as a program get it."""
    found = {}
    for method, path in ALLOWED:
        if method != "GET" or not ALLOWED[method, path] >= allowed or "/static/" in path:
            continue
        for name, value in {**FILLED, **filled}.items():
            path = (
                path.replace(f"{{{name}:str}}", value)
                .replace(f"{{{name}:path}}", value)
                .replace(f"{{{name}:int}}", value)
            )
        for accept in ("text/html", "application/json"):
            answer: httpx.Response = await visitor.get(path, headers={"accept": accept})
            found[f"{path} {accept}"] = (
                html.unescape(answer.text)
                if answer.headers["content-type"][:4] != "appl" or "json" in answer.headers["content-type"]
                else str(answer.status_code)
            )
    return found


async def hidden_in(small: Small) -> list[str]:
    """What nobody may know before the publication: totals, awards given, work codes with their places, fingerprints."""
    content = await content_of(await small.event())
    totals = {f"{row['total'] / 100:.2f}" for row in content["rows"]}
    raw = {f'"total":{row["total"]}' for row in content["rows"]}
    names = {member["name"] for row in content["rows"] for member in row["members"]}
    return sorted(totals | raw | names | set(await codes_of((await small.event())["id"])))


def leaks(found: dict[str, str], secrets: list[str]) -> dict[str, list[str]]:
    """Address → what it gave away."""
    return {where: there for where, text in found.items() if (there := [one for one in secrets if one in text])}


async def test_nothing_is_public_before_its_moment_and_the_program_publishes_at_it(site: Site) -> None:
    """The office sees what everybody will see; until the moment no address that the public or a delegation's clerk may read
    tells a name (but of the clerk's own people), a total or a code; then the program publishes by itself, once, also when it was down
    at the moment, and the very same search finds all of it."""
    small = await brought(await founded("embargo"), "reviewed")
    desk, nobody = await site.visitor(small.staff.account), await site.visitor()
    event, competition = await small.event(), await small.competition()
    own = await Delegation.select(Delegation.id).where(Delegation.name == DELEGATIONS[0]).first()
    assert own
    account, _ = await add_clerk(competition, str(own["id"]), "报名员", small.staff, AT)
    clerk, theirs = await site.visitor(account), {"slug": small.slug, "delegation": str(own["id"])}
    page = f"/office/{small.slug}/events/M01/publication"
    secrets = await hidden_in(small)
    shown = html.unescape((await desk.get(page, headers=PAGE)).text)
    assert all(one in shown for one in secrets if "total" not in one and one not in small.codes)
    assert not await Snapshot.exists()

    moment = (datetime.now(ZONE) + timedelta(hours=2)).replace(second=0, microsecond=0)
    for wrong in ("", "soon", "2020-01-01T10:00", "2999-01-01T10:00"):
        assert (await desk.post(f"{page}/moment", data={"at": wrong}, headers=PAGE)).status_code == 422
    done = await desk.post(f"{page}/moment", data={"at": f"{moment:%Y-%m-%dT%H:%M}"}, headers=PAGE)
    assert done.headers["location"].endswith("?done=planned")
    assert (await desk.get(f"{page}/notice.pdf")).status_code == 409
    filled = {"slug": small.slug}
    assert leaks(await answers(nobody, EVERYBODY, filled), secrets) == {}
    assert leaks(await answers(clerk, CLERKS, theirs), [one for one in secrets if one != "赵一"]) == {}
    assert await publish_due(site.app.state, moment - timedelta(seconds=1)) == 0
    assert not await Snapshot.exists()

    late = moment + timedelta(hours=5)  # the program was down at the moment
    assert await publish_due(site.app.state, late) == 1
    assert await publish_due(site.app.state, late) == 0 and await Snapshot.count() == 1
    assert not await PlannedPublication.exists()
    told = await Decision.select().where(Decision.kind == "event.reviewed-published").first()
    assert told and (told["actor"], told["actor_name"]) == (None, "Podium")
    said = both(moment, "Asia/Shanghai")  # the ledger is read by people: no ISO moment
    assert told["reason"] == f"{said.zh} / {said.en} · 周敏"
    found = leaks(await answers(nobody, EVERYBODY, filled), secrets)
    public = (
        f"/c/{small.slug}/results/M01 text/html",
        f"/api/competitions/{small.slug}/events/M01/results application/json",
    )
    assert set(public) <= set(found) and {one for where in found for one in found[where]} == set(secrets)
    with pytest.raises(Refusal, match=r"publication\.state"):
        await plan(event, datetime.now(UTC) + timedelta(days=1), small.staff, datetime.now(UTC))


async def test_a_notice_is_moved_with_a_reason_and_printed(site: Site) -> None:
    """A notice counts working days without the competition's own days off; its end is moved with a reason that stays in the
    ledger; the paper says the dates and every name. Nobody overwrites on an older page what somebody else set meanwhile."""
    small = await brought(await founded("notice"), "reviewed")
    desk = await site.visitor(small.staff.account)
    page = f"/office/{small.slug}/events/M01/publication"
    for data in (
        {"days": "tomorrow", "reason": "x"},
        {"days": "2026-10-19", "reason": " "},
        {"days": "2026-02-30", "reason": "x"},
    ):
        assert (await desk.post(f"{page}/days-off", data=data, headers=PAGE)).status_code == 422
    await desk.post(f"{page}/days-off", data={"days": "2026-10-20，2026-10-19", "reason": "场馆检修"}, headers=PAGE)
    assert (await competition_named(small.slug))["days_off"] == ["2026-10-19", "2026-10-20"]
    stale = {"days": "2026-10-21", "reason": "另一位的理由", "known": ""}
    second = await desk.post(f"{page}/days-off", data=stale, headers=PAGE)
    assert second.status_code == 409 and "2026-10-19, 2026-10-20" in second.text and stale["reason"] in second.text
    moment = f"{datetime.now(ZONE) + timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert (await desk.post(f"{page}/moment", data={"at": moment, "known": ""}, headers=PAGE)).status_code == 303
    for data in ({"at": "2027-01-01T00:00", "known": ""}, {"drop": "1", "known": ""}):
        second = await desk.post(f"{page}/moment", data=data, headers=PAGE)
        there = both(datetime.fromisoformat(moment).replace(tzinfo=ZONE), "Asia/Shanghai").zh
        assert second.status_code == 409 and there in second.text, "what was set is shown, and stays"
    known = re.findall(r'name="known" value="([^"]+)"', second.text)
    assert (await desk.post(f"{page}/moment", data={"drop": "1", "known": known[0]}, headers=PAGE)).status_code == 303
    begin = datetime(2026, 10, 16, 9, 30, tzinfo=ZONE)
    own = {date(2026, 10, 19), date(2026, 10, 20)}
    assert notice_end(begin, 2, own).date() == date(2026, 10, 22) and notice_end(begin, 2).date() == date(2026, 10, 20)

    await opened(small, "published", at=datetime.now(UTC))
    until = (datetime.now(ZONE) + timedelta(days=3)).replace(second=0, microsecond=0)
    typed: dict[str, Any] = {"at": f"{until:%Y-%m-%dT%H:%M}"}
    assert (await desk.post(f"{page}/notice", data={**typed, "reason": ""}, headers=PAGE)).status_code == 422
    await desk.post(f"{page}/notice", data={**typed, "reason": "系统维护 <b>"}, headers=PAGE)
    snapshot = await Snapshot.select().where(Snapshot.event == (await small.event())["id"]).first()
    assert snapshot and snapshot["notice_until"] == until
    late = {**typed, "reason": "又一位", "known": (until - timedelta(days=1)).isoformat()}
    assert (await desk.post(f"{page}/notice", data=late, headers=PAGE)).status_code == 409
    shown = (await desk.get(page, headers=PAGE)).text
    assert "系统维护 &lt;b&gt;" in shown
    with pytest.raises(Refusal, match=r"pipeline\.notice"):
        await opened(small, "final", at=until - timedelta(minutes=1))
    answer = await desk.get(f"{page}/notice.pdf?lang=zh")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(answer.content))
    assert all(word in text for word in ("成绩公示", "赵一", "赵六", f"{until:%H:%M}", snapshot["sha256"][:16], "盖章"))
    steps = f"/office/{small.slug}/events/M01/decoding"
    first = (await desk.get(f"{steps}?shown=1", headers=PAGE)).text
    assert sum(f"赵{one}" in first for one in "一二三四五六") == 1 and all(code in first for code in small.codes)
    every = (await desk.get(f"{steps}?shown=99", headers=PAGE)).text
    assert all(f"赵{one}" in every for one in "一二三四五六")
