"""Applying by a link without an account: the form's checks, what a stranger is told, the clerk's decision, the sweep."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image

from admin.application_pages import qr
from server.competitions.flow import competition_named
from server.database.tables import (
    Application,
    ApplicationLink,
    Competition,
    Decision,
    Entry,
    Event,
    LookUpAttempt,
    Member,
)
from server.registration import applications
from server.registration.application_links import LONGEST
from server.registration.places import Change, set_places
from server.web.jinja import TEMPLATES
from tests.server.conftest import Site, Visitor
from tests.server.registration.intaking import Desk, desk_at, with_example_events
from tests.server.registration.intaking import person as somebody
from tests.server.registration.test_photo_desk import portrait
from tests.server.registration.test_typed_entries import typed
from tests.server.small import AT, founded
from tests.server.test_access import clerk_of

PAGE = {"accept": "text/html"}
_tests = itertools.count(1900)
BORN = {"year": 1900}


def person(place: int, **more: Any) -> dict[str, Any]:
    """The n-th applicant of this test; nobody takes part in two of them."""
    return somebody(place, **{"born": f"{BORN['year']}0101", **more})


@pytest.fixture
async def desk(site: Site) -> Desk:
    """A clerk's desk of a fresh competition, with the example's events open."""
    BORN["year"] = next(_tests)
    small = await founded(f"applying-{BORN['year']}")
    await with_example_events(small)
    made = await desk_at(site, small)
    made.visitor = await site.visitor(await clerk_of(small, made.delegation))
    await LookUpAttempt.delete(force=True)
    return made


async def link(desk: Desk, event: str = "", days: int = 7) -> str:
    """Open a link; its address as the code on its page says it."""
    until = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
    answer = await desk.visitor.post(
        f"{desk.url}/applications/links", data={"event": event, "until": until}, headers=PAGE
    )
    assert answer.status_code == 303, answer.text
    page = await desk.visitor.get(answer.headers["location"], headers=PAGE)
    return re.findall(r"(/apply/[\w-]+)</p>", page.text)[0]


async def send(visitor: Visitor, address: str, one: dict[str, Any], **more: str) -> Any:
    """Fill the form in and send it."""
    return await visitor.post(address, data={**typed(one), "consent": "1", **more}, headers=PAGE)


async def waiting(desk: Desk) -> list[str]:
    """The addresses of the applications that wait."""
    page = await desk.visitor.get(f"{desk.url}/applications", headers=PAGE)
    assert page.status_code == 200
    shown = page.text.split("等你处理")[1].split("开一个链接")[0]
    return list(dict.fromkeys(re.findall(rf'href="({desk.url}/applications/[0-9a-f-]+)"', shown)))


async def entered(desk: Desk) -> list[str]:
    """The names on the list."""
    query = Member.select(Member.person.name.as_alias("name")).where(Member.entry.delegation == desk.delegation)
    return sorted(row["name"] for row in await query)


async def test_somebody_applies_and_is_accepted(desk: Desk, site: Site) -> None:
    """Without an account: link, form, own page; on the list only once the clerk accepts; the own page says so."""
    stranger, address = await site.visitor(), await link(desk, "M01")
    page = await stranger.get(address, headers=PAGE)
    assert page.status_code == 200 and 'name="document_number-1"' in page.text and "个人信息怎么用" in page.text
    answer = await send(stranger, address, person(0))
    assert answer.status_code == 303, answer.text
    own = answer.headers["location"].partition("?")[0]
    assert "等待处理" in (await stranger.get(own, headers=PAGE)).text and await entered(desk) == []
    (one,) = await waiting(desk)
    review = await desk.visitor.get(one, headers=PAGE)
    assert 'value="赵一明"' in review.text and person(0)["document_number"] in review.text
    done = await desk.visitor.post(one, data=typed(person(0)), headers=PAGE)
    assert done.status_code == 303, done.text
    assert await entered(desk) == ["赵一明"] and await waiting(desk) == []
    after = (await stranger.get(own, headers=PAGE)).text
    assert "报名成功" in after and "M01-001" in after and "赵一明" not in after
    await Entry.update({Entry.state: "waiting"}).where(Entry.delegation == desk.delegation)
    waits = (await stranger.get(own, headers=PAGE)).text
    assert "正在候补" in waits and "报名成功" not in waits
    again = await desk.visitor.post(one, data=typed(person(0)), headers=PAGE)
    assert again.status_code == 409 and "已经处理过了" in again.text
    kinds = await Decision.select(Decision.kind).where(
        Decision.competition == (await desk.small.competition())["id"]
    ).order_by(Decision.sequence).output(as_list=True)  # fmt: skip
    assert kinds[-2:] == ["entries.imported", "application.accepted"]


async def test_an_application_is_sealed_and_gone_once_it_is_an_entry(desk: Desk, site: Site) -> None:
    """No name, number or telephone stands in the table; after the decision nothing at all."""
    stranger, address = await site.visitor(), await link(desk)
    await send(stranger, address, person(1, note="左利手"))
    row = await Application.select().order_by(Application.at, ascending=False).first()
    kept = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes))
    secrets = (person(1)["name"], person(1)["document_number"], person(1)["phone"], person(1)["unit"], "左利手")
    assert not any(secret.encode() in kept for secret in secrets)
    assert not any(secret in str(value) for value in row.values() for secret in secrets)
    link_row = await ApplicationLink.select().where(ApplicationLink.id == row["link"]).first()
    assert address.removeprefix("/apply/").encode() not in bytes(link_row["sealed"]) + bytes(link_row["digest"])
    (one,) = await waiting(desk)
    await desk.visitor.post(one, data=typed(person(1)), headers=PAGE)
    after = await Application.select().where(Application.id == row["id"]).first()
    assert (bytes(after["sealed"]), bytes(after["who"]), after["state"]) == (b"", b"", "accepted")
    assert after["consent"] == applications.CONSENT


async def test_a_decline_has_a_reason_that_the_applicant_reads(desk: Desk, site: Site) -> None:
    """Without words, or with too many, nobody is declined; else the own page shows them, and nobody is on the list."""
    stranger, address = await site.visitor(), await link(desk)
    own = (await send(stranger, address, person(0))).headers["location"].partition("?")[0]
    (one,) = await waiting(desk)
    for why in (" ", "满" * 501):
        assert (await desk.visitor.post(f"{one}/decline", data={"why": why}, headers=PAGE)).status_code == 422
    assert (await desk.visitor.post(f"{one}/decline", data={"why": "名额已满"}, headers=PAGE)).status_code == 303
    page = (await stranger.get(own, headers=PAGE)).text
    assert "未接受" in page and "名额已满" in page and await entered(desk) == []
    row = await Application.select().order_by(Application.at, ascending=False).first()
    assert "名额已满".encode() not in bytes(row["reason"])


async def test_the_form_is_checked_like_every_other(desk: Desk, site: Site) -> None:
    """A wrong number, no consent, a full event: told beside the field or above it, and nothing is kept."""
    stranger, address = await site.visitor(), await link(desk, "M01")
    before = await Application.count()
    wrong = await send(stranger, address, person(0, sex="女", phone="1"))
    assert wrong.status_code == 422 and "registration.sex-differs" in wrong.text and 'value="赵一明"' in wrong.text
    silent = await send(stranger, address, person(0), consent="")
    assert silent.status_code == 422 and "要先同意" in silent.text
    live = await stranger.post(f"{address}/check", data=typed({"phone": "1"}))
    assert "registration.phone-form" in live.json()["notes"]["phone-1"] and "name-1" not in live.json()["notes"]
    changes = [Change(delegation=desk.delegation, event="M01", places=0)]
    await set_places(await desk.small.competition(), changes, desk.small.staff, AT)
    full = await send(stranger, address, person(0))
    assert full.status_code == 422 and "registration.quota" in full.text
    assert await Application.count() == before


async def test_a_stranger_learns_nothing_about_anybody(desk: Desk, site: Site) -> None:
    """Somebody who is in already: the form behind the link says nothing of it, the clerk's desk says it all."""
    stranger, address = await site.visitor(), await link(desk, "M01")
    await desk.visitor.post(f"{desk.url}/entry/new", data=typed(person(0)), headers=PAGE)
    live = await stranger.post(f"{address}/check", data=typed(person(0, name="别的名字", unit="别的单位")))
    assert live.json()["notes"] == {}
    assert (await send(stranger, address, person(0, name="别的名字", unit="别的单位"))).status_code == 303
    (one,) = await waiting(desk)
    assert "registration.name-differs" in (await desk.visitor.get(one, headers=PAGE)).text


async def test_what_is_doubtful_is_sent_and_ticked_by_the_clerk(desk: Desk, site: Site) -> None:
    """A child may apply; the clerk accepts only with the tick that every entry needs."""
    stranger, address = await site.visitor(), await link(desk, "M01")
    child = somebody(3, born=f"2015{BORN['year'] % 12 + 1:02}01")
    assert (await send(stranger, address, child)).status_code == 303
    (one,) = await waiting(desk)
    held = await desk.visitor.post(one, data=typed(child), headers=PAGE)
    assert held.status_code == 422 and "tick-1-registration.child" in held.text and await waiting(desk) == [one]
    done = await desk.visitor.post(one, data={**typed(child), "tick-1-registration.child": "1"}, headers=PAGE)
    assert done.status_code == 303 and await entered(desk) == [child["name"]]


async def test_one_person_twice_is_shown_to_the_clerk(desk: Desk, site: Site) -> None:
    """Two applications of one document wait, and both say so."""
    stranger, address = await site.visitor(), await link(desk)
    await send(stranger, address, person(0))
    await send(stranger, address, person(0), event="M02")
    page = await desk.visitor.get(f"{desk.url}/applications", headers=PAGE)
    assert page.text.count("报了 2 次") == 2


async def test_a_link_ends_and_can_be_closed(desk: Desk, site: Site) -> None:
    """Closed, ended, or registration over: the form is gone, a late post is refused, nothing is kept."""
    stranger, address = await site.visitor(), await link(desk)
    before = await Application.count()
    newest = await ApplicationLink.select().order_by(ApplicationLink.made, ascending=False).first()
    mine = ApplicationLink.id == newest["id"]
    await ApplicationLink.update({ApplicationLink.until: datetime.now(UTC) - timedelta(seconds=1)}).where(mine)
    assert "已经到期" in (await stranger.get(address, headers=PAGE)).text
    assert (await send(stranger, address, person(0))).status_code == 409
    await ApplicationLink.update({ApplicationLink.until: datetime.now(UTC) + timedelta(days=1)}).where(mine)
    over = {Competition.registration_closes: datetime.now(UTC) - timedelta(seconds=1)}
    await Competition.update(over).where(Competition.slug == desk.small.slug)
    assert (await send(stranger, address, person(0))).status_code == 409
    await Competition.update({Competition.registration_closes: None}).where(Competition.slug == desk.small.slug)
    closed = await desk.visitor.post(f"{desk.url}/applications/links/{newest['id']}/close", headers=PAGE)
    assert closed.status_code == 303
    assert "已经关闭" in (await stranger.get(address, headers=PAGE)).text
    assert (await send(stranger, address, person(0))).status_code == 409 and await Application.count() == before
    assert (await stranger.get("/apply/nonsense", headers=PAGE)).status_code == 404


async def test_a_link_cannot_be_open_for_ever(desk: Desk) -> None:
    """An end in the past, one too far away, or none at all: refused with words, no link is made."""
    before = await ApplicationLink.count()
    for until in ("2020-01-01T00:00", (datetime.now(UTC) + LONGEST * 2).strftime("%Y-%m-%dT%H:%M"), "soon", ""):
        page = await desk.visitor.post(f"{desk.url}/applications/links", data={"until": until}, headers=PAGE)
        assert page.status_code == 422 and "120 天" in page.text
    soon = {"until": (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")}
    for _ in range(2):  # a double click
        assert (await desk.visitor.post(f"{desk.url}/applications/links", data=soon, headers=PAGE)).status_code == 303
    before += 1
    teams = {"until": (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"), "event": "C01"}
    assert (await desk.visitor.post(f"{desk.url}/applications/links", data=teams, headers=PAGE)).status_code == 422
    await Event.update({Event.state: "drawn"}).where(Event.id == (await desk.small.event())["id"])
    page = await desk.visitor.post(f"{desk.url}/applications/links", data={**soon, "event": "M01"}, headers=PAGE)
    assert page.status_code == 409 and "现在不接受报名" in page.text, "a page from before the draw"
    assert await ApplicationLink.count() == before


async def test_too_many_at_once_have_to_wait(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address sends so many in ten minutes and no more; what was typed is still on the page."""
    monkeypatch.setitem(applications.LIMITS, "apply", (3, 200))
    stranger, address = await site.visitor(), await link(desk, "M01")
    answers = [await send(stranger, address, person(place)) for place in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 'value="李四维"' in answers[-1].text and "十分钟后" in answers[-1].text


async def test_a_flood_is_not_kept(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """When so many wait by one link, the next is told to ask; other links still take applications."""
    monkeypatch.setattr(applications, "MOST_WAITING", 1)
    stranger, address, other = await site.visitor(), await link(desk, "M01"), await link(desk, "M02")
    answers = [await send(stranger, address, person(place)) for place in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409] and "太多了" in answers[1].text
    assert (await send(stranger, other, person(2), event="M02")).status_code == 303


async def test_two_clerks_decide_one_application_once(desk: Desk, site: Site) -> None:
    """Accepted and declined at the same moment: one of them happens, and the list agrees with it."""
    stranger, address = await site.visitor(), await link(desk, "M01")
    own = (await send(stranger, address, person(0))).headers["location"].partition("?")[0]
    (one,) = await waiting(desk)
    second = await site.visitor(await clerk_of(desk.small, desk.delegation))
    answers = await asyncio.gather(
        desk.visitor.post(one, data=typed(person(0)), headers=PAGE),
        second.post(f"{one}/decline", data={"why": "名额已满"}, headers=PAGE),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    accepted = answers[0].status_code == 303
    page = (await stranger.get(own, headers=PAGE)).text
    assert await entered(desk) == (["赵一明"] if accepted else []) and ("报名成功" in page) == accepted


async def test_an_applicants_photo_becomes_the_persons(desk: Desk, site: Site) -> None:
    """Checked like every photo, sealed, seen by the clerk before the decision, and the person's afterwards."""
    stranger, address = await site.visitor(), await link(desk, "M01")
    own = (await send(stranger, address, person(0))).headers["location"].partition("?")[0]
    bad = await stranger.post(f"{own}/photo", files={"file": ("a.jpg", b"<svg/>")}, headers=PAGE)
    assert bad.status_code == 422 and "不是 JPEG 或 PNG 图片" in bad.text
    assert (await stranger.post(f"{own}/photo", files={"file": ("a.jpg", portrait())}, headers=PAGE)).status_code == 303
    row = await Application.select().order_by(Application.at, ascending=False).first()
    assert row["photo"] and portrait()[:200] not in bytes(row["photo"]) and b"JFIF" not in bytes(row["photo"])
    (one,) = await waiting(desk)
    assert f'src="{one}/photo"' in (await desk.visitor.get(one, headers=PAGE)).text
    shown = await desk.visitor.get(f"{one}/photo")
    assert shown.headers["content-type"] == "image/jpeg" and shown.headers["cache-control"] == "private, no-store"
    assert (await desk.visitor.post(one, data=typed(person(0)), headers=PAGE)).status_code == 303
    theirs = await Member.select(Member.person).where(Member.entry.delegation == desk.delegation).first()
    photo = await desk.visitor.get(f"{desk.url}/photos/{theirs['person']}")
    assert photo.content == shown.content
    after = await Application.select().where(Application.id == row["id"]).first()
    assert bytes(after["photo"]) == b""
    late = await stranger.post(f"{own}/photo", files={"file": ("a.jpg", portrait("red"))}, headers=PAGE)
    assert late.status_code == 404


async def test_an_applicant_takes_it_back(desk: Desk, site: Site) -> None:
    """Withdrawn, it is gone from the list and from the table at once; decided ones cannot be taken back."""
    stranger, address = await site.visitor(), await link(desk)
    own = (await send(stranger, address, person(0))).headers["location"].partition("?")[0]
    assert (await stranger.post(f"{own}/withdraw", headers=PAGE)).status_code == 303
    assert "你已撤回" in (await stranger.get(own, headers=PAGE)).text and await waiting(desk) == []
    row = await Application.select().order_by(Application.at, ascending=False).first()
    assert (row["state"], bytes(row["sealed"]), bytes(row["who"])) == ("withdrawn", b"", b"")
    assert (await stranger.post(f"{own}/withdraw", headers=PAGE)).status_code == 409
    assert (await stranger.get("/application/other", headers=PAGE)).status_code == 404


async def test_nobody_elses_applications_are_reached(desk: Desk, site: Site) -> None:
    """Another delegation's clerk neither sees nor decides them."""
    stranger, address = await site.visitor(), await link(desk)
    await send(stranger, address, person(0))
    (one,) = await waiting(desk)
    other = await desk_at(site, desk.small, "唐山市")
    other.visitor = await site.visitor(await clerk_of(desk.small, other.delegation))
    theirs = one.replace(desk.url, other.url)
    assert (await other.visitor.get(theirs, headers=PAGE)).status_code == 404
    assert (await other.visitor.post(theirs, data=typed(person(0)), headers=PAGE)).status_code == 404
    assert (await other.visitor.post(f"{theirs}/decline", data={"why": "x"}, headers=PAGE)).status_code == 404
    assert (await other.visitor.get(one, headers=PAGE)).status_code == 403 and await waiting(desk) == [one]


async def test_a_week_after_registration_everything_personal_is_swept(desk: Desk, site: Site) -> None:
    """Not before: waiting and declined ones lose what they said; the own page still answers."""
    stranger, address = await site.visitor(), await link(desk)
    first = (await send(stranger, address, person(0))).headers["location"].partition("?")[0]
    await stranger.post(f"{first}/photo", files={"file": ("a.jpg", portrait())}, headers=PAGE)
    await send(stranger, address, person(1))
    await desk.visitor.post(f"{(await waiting(desk))[0]}/decline", data={"why": "名额已满"}, headers=PAGE)
    closes = datetime(2026, 10, 1, tzinfo=UTC)
    await Competition.update({Competition.registration_closes: closes}).where(Competition.slug == desk.small.slug)
    competition = (await competition_named(desk.small.slug))["id"]

    async def kept() -> int:
        rows = await Application.select(
            Application.sealed, Application.who, Application.reason, Application.photo
        ).where(Application.link.delegation.competition == competition)
        return sum(any(bytes(value) for value in row.values()) for row in rows)

    await applications.sweep(closes + timedelta(days=6))
    assert await kept() == 2
    await applications.sweep(closes + timedelta(days=8))
    assert await kept() == 0
    assert (await stranger.get(first, headers=PAGE)).status_code == 200
    await Competition.update({Competition.registration_closes: None, Competition.starts: date(2099, 1, 1)}).where(
        Competition.slug == desk.small.slug
    )


def test_other_words_of_consent_have_another_name() -> None:
    """What somebody agreed to can be told later: whoever changes the words changes `CONSENT` and adds them here."""
    words = (TEMPLATES / "public" / "consent.html").read_bytes()
    assert {applications.CONSENT: hashlib.sha256(words).hexdigest()[:16]} == {"2026-11": "f4cefef480771476"}


def test_the_code_leads_to_the_form() -> None:
    """A camera that reads the code on the page gets the address of the form."""
    address = "https://podium.example/apply/4fJx0mW1n6vQzq3TnOa7bA"
    assert [one.text for one in zxingcpp.read_barcodes(photographed(unquote(qr(address))))] == [address]


def photographed(svg: str) -> Image.Image:
    """The picture as a camera sees it: every stroke of its one path (M x y, m x y, h length) drawn in its place."""
    scale = 8
    side = int(re.findall(r"width=['\"](\d+)", svg)[0])
    image = Image.new("L", (side, side), 255)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", svg.split(" d=")[1]):
        given = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            box = (int(x * scale), int((y - 0.5) * scale), int((x + given[0]) * scale), int((y + 0.5) * scale))
            image.paste(0, box)
            x += given[0]
        else:
            x, y = (given[0], given[1]) if command == "M" else (x + given[0], y + given[1])
    return image
