"""The two pages of a draw: every part in it done with forms, and followed by everybody, from the announcement to the record."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pypdfium2
import pytest

from admin.draw_acts import plan_of
from server.calendar import ZONE
from server.database.tables import (
    Account,
    Board,
    Ceremony,
    Competition,
    Decision,
    Delegation,
    Draw,
    Entry,
    Event,
    Place,
    Witness,
)
from server.draw.ceremony import hash_of
from server.draw.flow import codes_of
from server.people.flow import employ
from server.web.words import in_zone
from tests.server.conftest import Site, Visitor
from tests.server.draw.ceremonies import NAMING, PASSPHRASES, WORDS, held, kept, ready, with_witnesses
from tests.server.draw.test_ceremony import replayed
from tests.server.small import DELEGATIONS, Small, opened, owed_marks, posted, row_of

PAGE = {"accept": "text/html"}


class Desk:
    """The draw's page of one competition, as its people use it."""

    def __init__(self, site: Site, small: Small) -> None:
        self.site, self.small = site, small
        self.path = f"/office/{small.slug}/events/M01/draw"

    async def of(self, account: UUID | None) -> Visitor:
        """Somebody at their own browser."""
        return await self.site.visitor(account)

    async def public(self, lang: str = "zh") -> str:
        """What everybody sees."""
        return (await (await self.of(None)).get(f"/c/{self.small.slug}/draw/M01?lang={lang}", headers=PAGE)).text

    async def does(self, who: Visitor, what: str, **form: Any) -> httpx.Response:
        """Send a form; what was done comes back as the page."""
        response = await who.post(f"{self.path}/{what}", data=form, headers=PAGE)
        assert response.status_code == 303, said(response)
        return response


def said(response: httpx.Response) -> str:
    """What a page says was refused."""
    found = re.search(r'role="alert">.*?<b>(.*?)</b>', response.text, re.S)
    return found.group(1) if found else response.text[:400]


async def time_passes(event: UUID) -> None:
    """The hour at which the public string becomes known is over."""
    await Ceremony.update({Ceremony.known_at: datetime.now(UTC) - timedelta(minutes=1)}).where(Ceremony.event == event)


def announcement(witnesses: list[Any], **more: str) -> dict[str, str]:
    """The organiser's form."""
    hour = (datetime.now(ZONE) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    return {"naming": NAMING, "known_at": hour, **{f"witness-{one.account}": "on" for one in witnesses}, **more}


async def test_a_draw_is_announced_committed_revealed_and_held_with_forms_alone(site: Site) -> None:
    """Organiser and supervisors do everything on one page; the public page follows, and its record replays."""
    small, witnesses = await with_witnesses("forms")
    desk = Desk(site, small)
    organiser = await desk.of(small.staff.account)
    supervisors = [await desk.of(one.account) for one in witnesses]
    assert "尚未公告" in await desk.public()
    await Event.update({Event.shifts: 2}).where(Event.id == (await small.event())["id"])
    assert 'name="shifts" inputmode="numeric" value="2"' in (await organiser.get(desk.path, headers=PAGE)).text
    await desk.does(organiser, "announce", **announcement(witnesses, related="第1机械厂、第2机械厂", shifts="2"))
    page = await desk.public()
    assert NAMING in page and page.count("尚未承诺") == 2 and 'data-watch="20"' in page
    for visitor, words in zip(supervisors, WORDS, strict=True):
        assert "为抽签作承诺" in (await visitor.get("/office", headers=PAGE)).text
        await desk.does(visitor, "commit", words=words)
    page = await desk.public()
    assert page.count("已承诺") == 2 and hash_of(WORDS[0])[:16] in page and WORDS[0] not in page
    event = (await small.event())["id"]
    await time_passes(event)
    for visitor, words in zip(supervisors, WORDS, strict=True):
        assert WORDS[0] not in await desk.public()
        await desk.does(visitor, "reveal", words=words)
    page = await desk.public()
    assert all(words in page for words in WORDS)
    step = {"into": "drawn", "public": "3 6 9"}
    assert (await organiser.post(f"/office/{small.slug}/events/M01/steps", data=step, headers=PAGE)).status_code == 303
    page = await desk.public("en")
    assert "Shift 2" in page and "Station" in page and "M01-006" in page and "data-watch" not in page
    assert not any(name in page for name in DELEGATIONS) and not any(code in page for code in await codes_of(event))
    record = await (await desk.of(None)).get(f"/c/{small.slug}/draw/M01/record.json")
    assert record.headers["content-disposition"] == 'attachment; filename="forms-M01-draw-1.json"'
    stored = await Draw.select(Draw.seed).where(Draw.event == event).first()
    assert stored and replayed(record.json())["seed"] == stored["seed"]


async def test_every_moment_is_written_in_the_competition_s_own_time_zone(site: Site) -> None:
    """On the draw's two pages, in what is typed for a board, in what a colleague is told of it, and on the paper that a delegation
    signs: where a competition keeps Ürümqi's clock, Beijing's stands nowhere.
    """
    small, _ = await ready("west")
    await held(small)
    await Competition.update({Competition.time_zone: "Asia/Urumqi"}).where(Competition.slug == small.slug)
    desk = Desk(site, small)
    organiser = await desk.of(small.staff.account)
    for page in (
        await desk.public(),
        await desk.public("en"),
        (await organiser.get(f"{desk.path}?lang=zh", headers=PAGE)).text,
    ):
        assert "19:05" in page and not re.search(r"\b(21:0[05]|09:00|10:00)\b", page), page
    live = f"/office/{small.slug}/live"
    assert "北京时间" not in (shown := (await organiser.get(live, headers=PAGE)).text) and "乌鲁木齐" in shown
    freeze = {"shows": "progress", "freezes": "2030-10-16T20:00", "known": "0"}
    assert (await organiser.post(f"{live}/M01", data=freeze, headers=PAGE)).status_code == 303
    kept = await Board.select(Board.freezes).where(Board.event == (await small.event())["id"]).first()
    assert kept and kept["freezes"] == datetime(2030, 10, 16, 14, 0, tzinfo=UTC)
    late = await organiser.post(f"{live}/M01", data={**freeze, "freezes": ""}, headers=PAGE)
    assert late.status_code == 409 and "2030年10月16日 20:00" in late.text
    moved = await organiser.post(f"{live}/M01", data={**freeze, "freezes": "2030-10-17T09:00"}, headers=PAGE)
    assert moved.status_code == 409 and 'value="2030-10-17T09:00"' in moved.text, "what was typed stays"
    row = (
        await Delegation.select(Delegation.id)
        .where(Delegation.competition == (await small.competition())["id"])
        .first()
    )
    assert row
    paper = await organiser.post(f"/register/{small.slug}/{row['id']}/confirmation.pdf")
    text = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_bounded()
    printed = re.search(r"日 (\d\d):\d\d", text)
    assert printed, text
    hour = datetime.now(UTC).hour + 6
    assert int(printed[1]) in (hour % 24, (hour - 1) % 24)


async def test_before_the_review_is_over_the_page_leads_to_it_instead_of_a_form(site: Site) -> None:
    """An announcement that would be refused is not offered; the page says who still stands in review."""
    small, witnesses = await with_witnesses("unreviewed")
    await Entry.update({Entry.state: "review", Entry.step: 0}).where(Entry.event == (await small.event())["id"])
    desk = Desk(site, small)
    organiser = await desk.of(small.staff.account)
    page = (await organiser.get(desk.path, headers=PAGE)).text
    assert "份报名没有审完" in page and f"/office/{small.slug}/review" in page
    assert "还没有人报名" not in page and f"{desk.path}/announce" not in page
    refused = await organiser.post(f"{desk.path}/announce", data=announcement(witnesses), headers=PAGE)
    assert refused.status_code == 409 and "请先审完报名" in refused.text


async def test_the_public_page_shows_names_and_codes_once_the_results_are_published(site: Site) -> None:
    """Afterwards everybody can follow each person from their number to their work code, and the record gives the codes."""
    small, _ = await ready("named")
    await held(small)
    event = (await small.event())["id"]
    small.codes = await codes_of(event)
    await opened(small, "marking")
    await posted(small, owed_marks(small, event))
    desk = Desk(site, small)
    for state in ("sealed", "reviewed"):
        await opened(small, state)
        page = await desk.public()
        assert not any(row_of(place).name in page for place in range(6))
    await opened(small, "published")
    page = await desk.public()
    assert all(row_of(place).name in page for place in range(6)) and all(code in page for code in small.codes)
    record = (await (await desk.of(None)).get(f"/c/{small.slug}/draw/M01/record.json")).json()
    assert {place["code"] for place in replayed(record)["places"]} == set(small.codes)


async def test_a_refused_form_comes_back_with_what_was_typed(site: Site) -> None:
    """The organiser mends one thing and not all of it; nothing was announced."""
    small, witnesses = await with_witnesses("mend")
    desk = Desk(site, small)
    organiser = await desk.of(small.staff.account)
    form = announcement(witnesses[:1], related="没有这家厂、第1机械厂", shifts="2")
    response = await organiser.post(f"{desk.path}/announce", data=form, headers=PAGE)
    assert response.status_code == 422 and "没有这家厂" in said(response)
    for kept_text in (NAMING, "没有这家厂、第1机械厂", form["known_at"]):
        assert kept_text in response.text
    assert f'id="witness-{witnesses[0].account}" checked' in response.text
    assert f'id="witness-{witnesses[1].account}" checked' not in response.text
    for changes in ({"known_at": "tomorrow"}, {"shifts": "two", "related": ""}, {"shifts": "9", "related": ""}):
        response = await organiser.post(f"{desk.path}/announce", data={**form, **changes}, headers=PAGE)
        assert response.status_code == 422 and said(response)
    assert not await Ceremony.exists().where(Ceremony.event == (await small.event())["id"])


async def test_an_announcement_is_withdrawn_in_front_of_everybody(site: Site) -> None:
    """Its reason stands on the public page, beside the next announcement."""
    small, witnesses = await with_witnesses("back")
    desk = Desk(site, small)
    organiser = await desk.of(small.staff.account)
    await desk.does(organiser, "announce", **announcement(witnesses))
    refused = await organiser.post(f"{desk.path}/withdraw", data={"reason": ""}, headers=PAGE)
    assert refused.status_code == 422
    await desk.does(organiser, "withdraw", reason="开奖改期")
    await desk.does(organiser, "announce", **announcement(witnesses))
    assert "开奖改期" in await desk.public()


async def test_a_redraw_is_asked_for_and_granted_on_the_page(site: Site) -> None:
    """The supervisor asks, the organiser agrees, and both draws stand on the public page with their records."""
    small, witnesses = await ready("twice")
    await held(small)
    desk = Desk(site, small)
    organiser, supervisor = await desk.of(small.staff.account), await desk.of(witnesses[0].account)
    await desk.does(supervisor, "again", reason="3 号赛位损坏")
    assert "同意，重抽" not in (await supervisor.get(desk.path, headers=PAGE)).text
    assert "同意，重抽" in (await organiser.get(desk.path, headers=PAGE)).text
    await desk.does(organiser, "answer", grant="yes")
    await opened(small, "drawn")
    page = await desk.public()
    assert "3 号赛位损坏" in page and "已重抽" in page and "record.json?version=1" in page
    visitor = await desk.of(None)
    first = await visitor.get(f"/c/{small.slug}/draw/M01/record.json?version=1")
    assert replayed(first.json())["algorithm"] == "podium-draw-3"
    missing = await visitor.get(f"/c/{small.slug}/draw/M01/record.json?version=9")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")


async def test_custody_is_kept_with_forms_from_the_key_to_the_decoding(site: Site) -> None:
    """Three custodians choose passphrases and print their own envelopes; a supervisor opens layer by layer with them."""
    small, witnesses = await with_witnesses("custody")
    people, desk = await kept(small), Desk(site, small)
    organiser, supervisor = await desk.of(small.staff.account), await desk.of(witnesses[0].account)
    keepers = {layer: await desk.of(one.account) for layer, one in people.items()}
    named = {layer: str(one.account) for layer, one in people.items()}
    await desk.does(organiser, "announce", **announcement(witnesses, custody="on", **named))
    for layer, visitor in keepers.items():
        form = {"layer": layer, "passphrase": PASSPHRASES[layer]}
        assert "为你保管的一层设定口令" in (await visitor.get("/office", headers=PAGE)).text
        different = await visitor.post(f"{desk.path}/key", data={**form, "again": "x"}, headers=PAGE)
        assert different.status_code == 422
        await desk.does(visitor, "key", again=PASSPHRASES[layer], **form)
        assert "设定口令" not in (await visitor.get("/office", headers=PAGE)).text
    await people_stay(organiser, small, witnesses[0])
    event = (await small.event())["id"]
    for one, words in zip(witnesses, WORDS, strict=True):
        await desk.does(await desk.of(one.account), "commit", hash=hash_of(words))
    await time_passes(event)
    for one, words in zip(witnesses, WORDS, strict=True):
        await desk.does(await desk.of(one.account), "reveal", words=words)
    step = {"into": "drawn", "public": "3 6 9"}
    await organiser.post(f"/office/{small.slug}/events/M01/steps", data=step, headers=PAGE)
    assert "三层由三人分别保管" in await desk.public()
    page = (await organiser.get(desk.path)).text
    assert not any(row_of(place).name in page for place in range(6))
    pdf = await keepers["code"].post(
        f"{desk.path}/envelopes", data={"layer": "code", "passphrase": PASSPHRASES["code"]}
    )
    assert pdf.headers["content-type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    wrong = await keepers["code"].post(
        f"{desk.path}/envelopes", data={"layer": "number", "passphrase": PASSPHRASES["number"]}
    )
    assert wrong.status_code == 403
    small.codes = await codes_of(event)
    await opened(small, "marking")
    await posted(small, owed_marks(small, event))
    await opened(small, "sealed")
    assert "还没有解码" in (await supervisor.get(f"/office/{small.slug}", headers=PAGE)).text
    for layer in ("code", "station", "number"):
        await desk.does(supervisor, "open", layer=layer, passphrase=PASSPHRASES[layer])
    await opened(small, "reviewed")
    assert await Place.count().where(Place.event == event) == 6
    kinds = await Decision.select(Decision.kind).where((Decision.event == event) & Decision.kind.like("draw.%"))
    assert {"draw.keyed", "draw.layer-read", "draw.layer-opened"} <= {row["kind"] for row in kinds}


async def test_a_supervisor_prints_envelopes_where_nobody_keeps_a_layer(site: Site) -> None:
    """One layer a file; the organiser, who knows the names, gets none of them."""
    small, witnesses = await ready("open")
    await held(small)
    desk = Desk(site, small)
    supervisor, organiser = await desk.of(witnesses[0].account), await desk.of(small.staff.account)
    pdf = await supervisor.post(f"{desk.path}/envelopes", data={"layer": "code"})
    assert pdf.content.startswith(b"%PDF") and pdf.headers["cache-control"] == "no-store"
    assert pdf.headers["content-disposition"] == 'attachment; filename="open-M01-code.pdf"'
    for layer in ("code", "number", "other"):
        assert (await organiser.post(f"{desk.path}/envelopes", data={"layer": layer})).status_code == 403


async def test_somebody_who_judges_sees_no_place_even_when_they_work_in_the_office(site: Site) -> None:
    """Two hats, one head: the call list is not for judges of this event."""
    small, _ = await ready("hats")
    await held(small)
    desk = Desk(site, small)
    plain = await (await desk.of(small.staff.account)).get(desk.path, headers=PAGE)
    assert row_of(0).name in plain.text
    from_panel = small.judges[1]
    await employ_for(small, from_panel)
    page = await (await desk.of(from_panel)).get(desk.path, headers=PAGE)
    assert page.status_code == 200 and not any(row_of(place).name in page.text for place in range(6))


async def employ_for(small: Small, account: UUID) -> None:
    """Make somebody staff of this competition's organiser."""
    await employ(next(iter(small.staff.organisers)), account)


async def test_typed_commitments_still_draw_through_the_api(site: Site) -> None:
    """What a program posts to the step without a ceremony goes on as it was, and its record waits for the results."""
    small, _ = await with_witnesses("typed")
    organiser = await site.visitor(small.staff.account)
    body = {"into": "drawn", "commitments": ["甲", "乙"], "public": "号码 1234"}
    drawn = await organiser.post(f"/api/competitions/{small.slug}/events/M01/steps", json=body)
    assert drawn.status_code == 201 and len(drawn.json()["seed"]) == 64
    page = await Desk(site, small).public()
    assert "承诺由主办方填写" in page and drawn.json()["seed"] not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_link_to_the_draw_stands_where_people_look(site: Site, lang: str) -> None:
    """From the event's public page, and from its line in the corridor."""
    small, _ = await with_witnesses(f"links-{lang}")
    public = await (await site.visitor()).get(f"/c/{small.slug}/results/M01?lang={lang}", headers=PAGE)
    assert f'href="/c/{small.slug}/draw/M01"' in public.text
    corridor = await (await site.visitor(small.staff.account)).get(f"/office/{small.slug}?lang={lang}", headers=PAGE)
    assert f'href="/office/{small.slug}/events/M01/draw"' in corridor.text


async def test_words_are_in_no_log_and_no_table_before_they_are_revealed(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """What a supervisor typed is gone once its hash is kept."""
    small, witnesses = await with_witnesses("gone")
    desk = Desk(site, small)
    await desk.does(await desk.of(small.staff.account), "announce", **announcement(witnesses))
    caplog.set_level("DEBUG")
    await desk.does(await desk.of(witnesses[0].account), "commit", words=WORDS[0])
    mine = (Witness.account == witnesses[0].account) & (Witness.commitment == hash_of(WORDS[0]))
    rows = await Witness.select().where(mine)
    assert len(rows) == 1 and WORDS[0] not in json.dumps(rows, default=str, ensure_ascii=False) + caplog.text


async def people_stay(organiser: Visitor, small: Small, witness: Any) -> None:
    """A supervisor whom a draw waits for is not taken out; one who was named by mistake is, and so is a clerk."""
    setup = f"/office/{small.slug}/setup"
    held_fast = await organiser.post(f"{setup}/people/remove", data={"account": str(witness.account)}, headers=PAGE)
    assert held_fast.status_code == 409 and "正等着这名监督" in held_fast.text
    delegation = (await Delegation.select(Delegation.id).where(Delegation.competition.slug == small.slug).first())["id"]
    await organiser.post(f"{setup}/supervisors", data={"name": "写错的监督"}, headers=PAGE)
    page = await organiser.post(
        f"{setup}/clerks", data={"name": "写错的报名员", "delegation": str(delegation)}, headers=PAGE
    )
    assert "写错的监督" in page.text and "写错的报名员" in page.text
    for what, name in (("supervisors", "写错的监督"), ("clerks", "写错的报名员")):  # a double click
        more = {"name": f" {name}", "delegation": str(delegation)}
        twice = await organiser.post(f"{setup}/{what}", data=more, headers=PAGE)
        assert (
            twice.status_code == 409 and "同名" in twice.text and await Account.count().where(Account.name == name) == 1
        )
    for name in ("写错的监督", "写错的报名员"):
        found = await Account.select(Account.id).where(Account.name == name).first()
        page = await organiser.post(f"{setup}/people/remove", data={"account": str(found["id"])}, headers=PAGE)
        assert page.status_code == 200 or page.status_code == 201
    listed = await organiser.get(f"{setup}/people", headers=PAGE)
    assert "写错的" not in listed.text and witness.name in listed.text
    again = await organiser.post(f"{setup}/people/remove", data={"account": str(found["id"])}, headers=PAGE)
    assert again.status_code == 404


def test_the_hour_is_the_competitions() -> None:
    """What is typed as 21:00 is 21:00 where the competition is held, and is written with the name of that zone."""
    known = plan_of({"known_at": "2026-10-15T21:00"}, "America/New_York").known_at
    assert known == datetime(2026, 10, 16, 1, tzinfo=UTC)
    assert in_zone(known, "America/New_York", "en") == "15 Oct 2026, 21:00 (Eastern Time)"
