"""Between seal and publication a mark changes by two people: the chief judge proposes, somebody of the office approves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.audit import verify
from server.database.tables import Account, Decision, Delegation, FloorStatus, Mark, StatusCorrection
from server.errors import Refusal
from server.marks.floor import write_down
from server.marks.flow import current_rows
from server.marks.signing import signatures_of
from server.people import passwords
from server.people.flow import employ
from server.results.flow import entrants_of, outcome_of
from tests.server.conftest import Site, Visitor
from tests.server.marks.test_signing import complete, sent, signature
from tests.server.small import DELEGATIONS, Small, brought, founded, opened, owed_marks, posted
from tests.server.test_access import clerk_of

PASSWORD = "a long enough pass phrase"
PAGE = {"accept": "text/html"}


async def with_password(who: UUID) -> UUID:
    """Somebody who can show again who they are."""
    await Account.update({Account.password_hash: await passwords.hashed(PASSWORD)}).where(Account.id == who)
    return who


async def ranks(small: Small) -> dict[str, int]:
    """Work code → rank, as the ledger says now."""
    return {one.entry: one.rank for one in (await outcome_of(await small.event())).standings}


async def code(visitor: Visitor, method: str, url: str, **more: Any) -> str:
    """Why somebody was refused."""
    return str((await visitor.request(method, url, **more)).json()["code"])


async def test_the_chief_proposes_and_somebody_else_approves_what_they_saw(site: Site) -> None:
    """From the seal on and until the publication: proposed on the page or by program, seen by the office in work codes with what it
    does to the ranks, approved by another with their password, and then a mark of the ledger that replaces the old one. Every other way
    is refused, and what waits keeps the event from being decoded and published.
    """
    small, visitors, key = await complete(site, "corrected")
    chief, second = visitors[0], visitors[1]
    delegation = await Delegation.select(Delegation.id).where(Delegation.name == DELEGATIONS[0]).first()
    clerk = await site.visitor(await clerk_of(small, delegation["id"]))
    api, desk = f"/api/competitions/{small.slug}/events/M01/corrections", f"/office/{small.slug}/events/M01/corrections"
    page, first = f"/tablet/{small.slug}/M01/corrections", sorted(small.codes)[0]
    new = {"entry": first, "aspect": "B1.02", "judge": "J2", "before": 300, "value": 0, "reason": "记录单上是 0 分"}
    assert await code(chief, "POST", api, json=new) == "correction.not-sealed"
    assert await sent(second, await signature(small, key, first, small.judges[1])) == ["stored"]
    await opened(small, "sealed")
    before, event = await ranks(small), await small.event()
    assert before[first] == 1 and (await signatures_of(event)).holds(first, small.judges[1])
    assert page in (await chief.get(f"/tablet/{small.slug}/M01/board", headers=PAGE)).text

    # proposed by the chief judge alone, for a mark as it is, with a value that it can have
    supervisor = await site.visitor(await with_password(small.supervisor.account))
    for visitor in (second, supervisor, clerk):
        assert (await code(visitor, "POST", api, json=new)).startswith("access.")
    for visitor in (second, clerk):
        for url in (api, desk, page):
            assert (await code(visitor, "GET", url)).startswith("access.")
    for spoilt, why in (
        ({"before": 200}, "correction.stale"),
        ({"judge": "J9"}, "not-found"),
        ({"value": 150}, "mark.not-a-step"),
        ({"value": 300}, "correction.same"),
        ({"reason": " "}, "correction.reason"),
    ):
        assert await code(chief, "POST", api, json={**new, **spoilt}) == why
    waits = (await chief.post(api, json=new)).json()
    assert (waits["state"], waits["before"], waits["after"], waits["judge"]) == ("proposed", 300, 0, "J2")
    assert await code(chief, "POST", api, json=new) == "correction.proposed"
    assert await Mark.count().where(Mark.device == "correction") == 0 and await ranks(small) == before
    shown = (await chief.get(f"{page}?entry={first}", headers=PAGE)).text
    assert "记录单上是 0 分" in shown and "待批准" in shown and "裁判2" not in shown
    assert "<del>3</del>" in shown and "<ins>0</ins>" in shown and "3.00" not in shown, "a score is a whole figure"
    assert "<b>10.00</b>" in shown, "and a measured mark has its hundredths"

    # nothing is decoded over it; the office finds it, and sees work codes only
    with pytest.raises(Refusal) as caught:
        await opened(small, "reviewed")
    assert caught.value.code == "pipeline.corrections"
    for url in ("/office", f"/office/{small.slug}"):
        assert desk in (await supervisor.get(url, headers=PAGE)).text
    text = (await supervisor.get(desk, headers=PAGE)).text
    named = await entrants_of(event["id"])
    names = {member["name"] for one in named.values() for member in one["members"]} | {
        one["delegation"] for one in named.values()
    }
    assert "<del>3</del>" in text and "<ins>0</ins>" in text
    assert first in text and not [name for name in names if name in text]
    one = f"{api}/{waits['id']}"
    effects = (await supervisor.get(one)).json()
    moved = {row["code"]: (row["before"]["rank"], row["after"]["rank"]) for row in effects["standings"]}
    assert moved[first] == (1, moved[first][1]) and moved[first][1] > 1 and effects["seen"] in text

    # neither the proposer nor anybody who judges it; not with a wrong password, nor with effects that nobody saw
    organisers = (await small.competition())["organiser"]
    await employ(organisers, await with_password(small.judges[0]))
    await employ(organisers, await with_password(small.judges[1]))
    yes = {"approved": True, "password": PASSWORD, "seen": effects["seen"]}
    for visitor in (chief, second):
        assert await code(visitor, "POST", f"{one}/decision", json=yes) == "access.role"
    assert await code(supervisor, "POST", f"{one}/decision", json={**yes, "password": "wrong"}) == "sign-in.wrong"
    assert await code(supervisor, "POST", f"{one}/decision", json={**yes, "seen": "0"}) == "correction.effects"
    no = {**yes, "approved": False}
    assert await code(supervisor, "POST", f"{one}/decision", json=no) == "correction.answer"
    typed = {"decision": "approved", "password": "wrong", "seen": effects["seen"]}
    answer = await supervisor.post(f"{desk}/{waits['id']}", data=typed, headers=PAGE)
    assert answer.status_code == 401 and await ranks(small) == before

    # approved: one more mark, which says what it replaces; the sheet is signed again; nothing is approved twice
    answer = await supervisor.post(f"{desk}/{waits['id']}", data={**typed, "password": PASSWORD}, headers=PAGE)
    assert answer.status_code == 303, answer.text
    assert await code(supervisor, "POST", f"{one}/decision", json=yes) == "correction.settled"
    old = await Mark.select().where((Mark.event == event["id"]) & (Mark.device == "correction")).first()
    assert old and (old["entry"], old["value"], old["judge"], old["conflict"]) == (first, 0, small.judges[1], False)
    assert old["id"] in {row["id"] for row in await current_rows(event["id"])}
    replaced = await Mark.select().where(Mark.id == old["replaces"]).first()
    assert replaced and (replaced["value"], replaced["aspect"]) == (300, "B1.02")
    assert {entry: (before[entry], rank) for entry, rank in (await ranks(small)).items() if before[entry] != rank} == {
        entry: pair for entry, pair in moved.items() if pair[0] != pair[1]
    }
    assert not (await signatures_of(await small.event())).holds(first, small.judges[1])
    told = {row["kind"]: row["actor_name"] for row in await Decision.select().where(Decision.event == event["id"])}
    assert (told["correction.proposed"], told["correction.approved"]) == ("裁判1", small.supervisor.name)

    # turned down with an answer, or taken back; decoded names nobody here; once published only an appeal is left
    await opened(small, "reviewed")
    answer = await chief.post(
        page, data={"entry": first, "mark": old["id"], "value": "3", "reason": "再看"}, headers=PAGE
    )
    assert answer.status_code == 303, answer.text
    second_one = (await chief.get(api)).json()["corrections"][0]
    with pytest.raises(Refusal) as caught:
        await opened(small, "published")
    assert caught.value.code == "pipeline.corrections"
    text = (await supervisor.get(desk, headers=PAGE)).text
    assert not [name for name in names if name in text]
    refused = {"approved": False, "password": PASSWORD, "answer": "记录单没有改动"}
    done = (await supervisor.post(f"{api}/{second_one['id']}/decision", json=refused)).json()
    assert (done["state"], done["decided_by"], done["answer"]) == ("refused", small.supervisor.name, "记录单没有改动")
    assert "记录单没有改动" in (await chief.get(page, headers=PAGE)).text
    third = (await chief.post(api, json={**new, "before": 0, "value": 300})).json()
    assert (await chief.post(f"{page}/{third['id']}/drop", headers=PAGE)).status_code == 303
    assert await code(chief, "DELETE", f"{api}/{third['id']}") == "correction.settled"
    await opened(small, "published")
    assert await code(chief, "POST", api, json={**new, "before": 0, "value": 300}) == "correction.published"
    text = (await supervisor.get(desk, headers=PAGE)).text
    assert f"/office/{small.slug}/appeals" in text and "记录单上是 0 分" in text
    states = [one["state"] for one in (await supervisor.get(api)).json()["corrections"]]
    assert states == ["dropped", "refused", "approved"]
    connection = await asyncpg.connect(site.dsn)
    try:
        assert (await verify(connection)).breaks == ()
    finally:
        await connection.close()


async def test_what_the_floor_wrote_down_is_corrected_by_the_same_two(site: Site) -> None:
    """Who was put out by mistake is put back, between seal and publication and without an appeal: proposed on the chief's page or by
    program for the status as it is, never one without a result; shown to the office in work codes with what it does to the ranks;
    approved by another with their password, and then a new line of what the floor wrote down, which the audit holds to the ledger.
    """
    small = await brought(await founded("floored"), "marking")
    first, gone = sorted(small.codes)[0], sorted(small.codes)[-1]
    event, chief_actor = await small.event(), await small.chief()
    await posted(small, [one for one in owed_marks(small, event["id"]) if one.mark.entry != gone])
    await write_down(event, first, "disqualified", "使用自带样板", chief_actor, small.at)
    await write_down(event, gone, "absent", "", chief_actor, small.at)
    chief, second = await site.visitor(small.judges[0]), await site.visitor(small.judges[1])
    supervisor = await site.visitor(await with_password(small.supervisor.account))
    api, desk = f"/api/competitions/{small.slug}/events/M01/corrections", f"/office/{small.slug}/events/M01/corrections"
    page = f"/tablet/{small.slug}/M01/corrections"
    new = {"entry": first, "before": "disqualified", "status": "competed", "reason": "样板由赛场提供"}
    assert await code(chief, "POST", f"{api}/status", json=new) == "correction.not-sealed"
    await opened(small, "sealed")
    before = await ranks(small)
    assert before[first] == 0 and before[gone] == 0

    # proposed by the chief judge alone, for what stands there now, where there would be a result
    for visitor in (second, supervisor):
        assert await code(visitor, "POST", f"{api}/status", json=new) == "access.role"
    for spoilt, why in (
        ({"before": "competed"}, "correction.stale-status"),
        ({"status": "late"}, "floor.status"),
        ({"status": "disqualified"}, "correction.same-status"),
        ({"reason": " "}, "correction.reason"),
        ({"entry": "nobody", "before": "competed", "status": "absent"}, "not-found"),
        ({"entry": gone, "before": "absent"}, "correction.marks-owed"),
    ):
        assert await code(chief, "POST", f"{api}/status", json={**new, **spoilt}) == why
    assert await StatusCorrection.count().where(StatusCorrection.event == event["id"]) == 0
    shown = (await chief.get(f"{page}?entry={first}&before=disqualified&lang=en", headers=PAGE)).text
    assert "使用自带样板" in shown and "it stands as" in shown and 'value="competed"' in shown
    typed = {"entry": first, "before": "disqualified", "value": "competed", "reason": new["reason"]}
    refused = await chief.post(page, data={**typed, "reason": ""}, headers=PAGE)
    assert refused.status_code == 422 and 'value="competed" required checked' in refused.text
    assert (await chief.post(page, data=typed, headers=PAGE)).status_code == 303
    assert await code(chief, "POST", f"{api}/status", json=new) == "correction.status-proposed"
    waits = (await chief.get(api)).json()["corrections"][0]
    assert (waits["entry"], waits["aspect"], waits["before"], waits["after"]) == (
        first,
        None,
        "disqualified",
        "competed",
    )

    # nothing is decoded over it; the office finds it and sees what it does
    with pytest.raises(Refusal) as caught:
        await opened(small, "reviewed")
    assert caught.value.code == "pipeline.corrections" and await ranks(small) == before
    for url in ("/office", f"/office/{small.slug}"):
        assert desk in (await supervisor.get(url, headers=PAGE)).text
    one = f"{api}/{waits['id']}"
    effects = (await supervisor.get(one)).json()
    moved = {row["code"]: (row["before"]["rank"], row["after"]["rank"]) for row in effects["standings"]}
    text = (await supervisor.get(desk, headers=PAGE)).text
    assert moved[first] == (0, 1) and len(moved) == 5 and effects["seen"] in text and "样板由赛场提供" in text
    names = {who["name"] for entrant in (await entrants_of(event["id"])).values() for who in entrant["members"]}
    assert names and not [name for name in names if name in text]
    yes = {"approved": True, "password": PASSWORD, "seen": effects["seen"]}
    assert await code(second, "POST", f"{one}/decision", json=yes) == "access.role"
    assert await code(supervisor, "POST", f"{one}/decision", json={**yes, "seen": "0"}) == "correction.effects"
    assert await code(supervisor, "POST", f"{one}/decision", json={**yes, "password": "wrong"}) == "sign-in.wrong"
    rows = await FloorStatus.count().where(FloorStatus.event == event["id"])
    answer = await supervisor.post(f"{desk}/{waits['id']}", data={**yes, "decision": "approved"}, headers=PAGE)
    assert answer.status_code == 303 and answer.headers["location"].endswith("done=approved-status"), answer.text
    assert {
        entry: (before[entry], rank) for entry, rank in (await ranks(small)).items() if before[entry] != rank
    } == moved
    assert await FloorStatus.count().where(FloorStatus.event == event["id"]) == rows + 1
    assert await code(supervisor, "POST", f"{one}/decision", json=yes) == "correction.settled"
    told = {row["kind"]: row["actor_name"] for row in await Decision.select().where(Decision.event == event["id"])}
    assert (told["status.proposed"], told["entry.status"]) == ("裁判1", small.supervisor.name)

    # turned down, or taken back; the audit holds every line to the ledger
    again = {**new, "entry": gone, "before": "absent", "status": "withdrawn"}
    third = (await chief.post(f"{api}/status", json=again)).json()
    refusal = {"approved": False, "password": PASSWORD, "answer": "签到表上没有签到"}
    done = (await supervisor.post(f"{api}/{third['id']}/decision", json=refusal)).json()
    assert (done["state"], done["answer"], done["decided_by"]) == ("refused", "签到表上没有签到", small.supervisor.name)
    fourth = (await chief.post(f"{api}/status", json=again)).json()
    assert (await chief.delete(f"{api}/{fourth['id']}")).json()["state"] == "dropped"
    assert "签到表上没有签到" in (await supervisor.get(desk, headers=PAGE)).text
    for door in ("reviewed", "published"):
        await opened(small, door)
    assert await code(chief, "POST", f"{api}/status", json=again) == "correction.published"
    connection = await asyncpg.connect(site.dsn)
    try:
        assert (await verify(connection)).breaks == ()
        for spoilt_by in ("UPDATE floor_status SET status = 'competed'", "DELETE FROM floor_status"):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await connection.execute(spoilt_by)
        await connection.execute("ALTER TABLE floor_status DISABLE TRIGGER USER")
        changed = "UPDATE floor_status SET status = 'withdrawn' WHERE entry = $1 AND event = $2"
        await connection.execute(changed, gone, event["id"])
        (broken,) = (await verify(connection)).breaks
        assert broken.ledger == "floor" and "not the one" in broken.why
    finally:
        await connection.execute("UPDATE floor_status SET status = 'absent' WHERE status = 'withdrawn'")
        await connection.execute("ALTER TABLE floor_status ENABLE TRIGGER USER")
        await connection.close()
