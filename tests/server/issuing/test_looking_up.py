"""A winner is found by name and last six, and by nothing less; guessing is slow and tells nothing."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from server.database.tables import LookUpAttempt, Person
from server.errors import Refusal
from server.issuing import lookup
from server.issuing.withdrawing import certificates_of
from server.registration.flow import enter
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, BASE, SEALER, Small, brought, form, founded, number, row_of

NAME, NUMBER = "赵一", number(1)
LAST_SIX = NUMBER[-6:]


@pytest.fixture
async def small(database: str) -> Small:
    """One person has entered."""
    small = await brought(await founded(), "registration")
    await enter(await small.competition(), form("唐山市", [row_of(0)]), SEALER, small.staff, AT)
    return small


async def answer(name: str, last_six: str, address: str = "10.0.0.1", at: object = AT) -> str:
    """The name that was found, or the code of the refusal."""
    try:
        return str((await lookup.find(name, last_six, address, SEALER, at))["name"])  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize(
    "typed", [LAST_SIX, LAST_SIX.lower(), " ".join(LAST_SIX), "".join(chr(ord(sign) + 0xFEE0) for sign in LAST_SIX)]
)
async def test_a_person_is_found_however_the_number_is_typed(small: Small, typed: str) -> None:
    """Small letters, spaces and full-width figures are the same number."""
    assert await answer(NAME, typed) == NAME


async def test_a_name_is_found_whatever_dot_is_typed_in_it(small: Small) -> None:
    """Telephones write ·, •, ・ or a full stop; none of them is another name, and none of them gets more tries."""
    name, six = "阿依古丽·买买提", number(2)[-6:]
    for there, typed in (("·", "•"), ("•", "·"), ("・", "."), ("·", "·")):
        written = name.replace("·", there)
        await Person.update(
            {Person.lookup_index: SEALER.index("lookup", written, six), Person.name: written}, force=True
        )
        assert await answer(name.replace("·", typed), six) == written
    tries = [await answer(name.replace("·", dot), f"{n:06}") for n, dot in enumerate("·•・.‧∙")]
    assert tries[-2:] == ["lookup.nobody", "lookup.wait"]


async def test_a_wrong_name_and_a_wrong_number_have_one_answer(small: Small) -> None:
    """Nobody learns which of the two was right."""
    assert (
        await answer("钱二", LAST_SIX)
        == await answer(NAME, "000000")
        == await answer("钱二", "000000")
        == "lookup.nobody"
    )


async def test_a_name_can_be_tried_five_times_in_ten_minutes(small: Small) -> None:
    """From then on even the right number has to wait, wherever it is tried from; after ten minutes it is found again."""
    tries = [await answer(NAME, f"{n:06}", f"10.0.0.{n}") for n in range(6)]
    assert tries == ["lookup.nobody"] * 5 + ["lookup.wait"]
    assert await answer(NAME, LAST_SIX, "10.9.9.9") == "lookup.wait"
    assert await answer(NAME, LAST_SIX, at=AT + lookup.WINDOW + timedelta(seconds=1)) == NAME


async def test_tries_at_once_are_no_more_than_tries_one_after_the_other(small: Small) -> None:
    """Two hundred guesses in one instant get no more than five looks."""
    tries = await asyncio.gather(*(answer(NAME, f"{n:06}", f"10.0.{n}.1") for n in range(60)))
    assert tries.count("lookup.nobody") <= 5


async def test_one_address_can_try_many_names_but_not_without_end(small: Small) -> None:
    """A venue's people share an address; somebody who walks through a list of names is stopped."""
    tries = [await answer(f"名{n}", "000000") for n in range(lookup.TRIES_PER_ADDRESS + 1)]
    assert tries[-2:] == ["lookup.nobody", "lookup.wait"]
    assert await answer(NAME, LAST_SIX, "10.0.0.2") == NAME


async def test_finding_oneself_costs_nothing(small: Small) -> None:
    """Who looks at their own page all day is never stopped, and nothing is kept of it."""
    assert [await answer(NAME, LAST_SIX) for _ in range(12)] == [NAME] * 12
    assert not await LookUpAttempt.exists()


async def test_a_pass_opens_one_persons_page_for_a_while(small: Small) -> None:
    """A pass that was changed, invented or is over opens nothing, and never raises."""
    person = (await lookup.find(NAME, LAST_SIX, "", SEALER, AT))["id"]
    until = AT + timedelta(minutes=30)
    given = lookup.pass_for(person, SEALER, until)
    assert lookup.holder_of(given, SEALER, AT) == str(person)
    assert lookup.holder_of(given, SEALER, until) is None
    body, _, seal = given.rpartition(".")
    forged = [
        f"{body}.{'0' * 32}",
        f"{body}1.{seal}",
        f"{person}.9999999999.{seal}",
        "",
        ".",
        "..",
        "a.b.c",
        seal,
        f"é.{seal}",
        f"{body}.é",
    ]
    assert [lookup.holder_of(one, SEALER, AT) for one in forged] == [None] * len(forged)


async def test_the_page_leads_the_found_person_to_their_own_certificates_only(site: Site) -> None:
    """Found: a sealed cookie and the page of certificates. Not found: told on the page. Without the cookie: back to the fields."""
    small = await brought(await founded("pages"), "registration")
    sealer = site.app.state.sealer
    await enter(await small.competition(), form("唐山市", [row_of(0)]), sealer, small.staff, AT)
    visitor, stranger = await site.visitor(), await site.visitor()
    wrong = await visitor.post("/lookup", data={"name": NAME, "last_six": "000000"})
    assert wrong.status_code == 404 and "没有查到" in wrong.text
    right = await visitor.post("/lookup", data={"name": NAME, "last_six": LAST_SIX})
    assert (right.status_code, right.headers["location"]) == (303, "/mine")
    assert "httponly" in right.headers["set-cookie"].lower() and "secure" in right.headers["set-cookie"].lower()
    mine = await visitor.get("/mine")
    assert mine.status_code == 200 and NAME in mine.text and NUMBER not in mine.text and LAST_SIX not in mine.text
    assert (await stranger.get("/mine")).headers["location"] == "/lookup"
    assert (await stranger.get("/mine/PD2026-000001.pdf")).status_code == 404


async def test_a_network_of_addresses_is_one_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has an IPv6 network has all its addresses: another one of them is no fresh list of tries."""
    monkeypatch.setattr(lookup, "TRIES_PER_ADDRESS", 1)
    answers = []
    for address in ("2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"):
        transport = httpx.ASGITransport(site.app, raise_app_exceptions=False, client=(address, 443))  # type: ignore[arg-type]
        site.visitors.append(visitor := Visitor(transport=transport, base_url=BASE))
        await visitor.get("/api/session")
        answers.append(
            (await visitor.post("/lookup", data={"name": f"名{address[-4:]}", "last_six": "000000"})).status_code
        )
    assert answers == [404, 429, 404]


async def test_a_link_shows_what_its_holder_chose_until_they_withdraw_it(site: Site) -> None:
    """An employer sees one certificate or everything in force, and no other; the holder sees who looked and takes it back; then the
    link says that it was withdrawn, and nothing else; nobody withdraws another's."""
    small = await brought(await founded("shown"), "certified")
    winner, other, employer = [await site.visitor() for _ in range(3)]
    six = {
        row["name"]: SEALER.open(bytes(row["document_sealed"]), f"document:{row['id']}")[-6:]
        for row in await Person.select()
    }
    rows = await certificates_of((await small.competition())["id"])
    mine, theirs = rows[0], rows[1]
    for visitor, row in ((winner, mine), (other, theirs)):
        await visitor.post("/lookup", data={"name": row["content"]["name"], "last_six": six[row["content"]["name"]]})
    assert (await winner.post("/mine/links", data={"label": " ", "number": ""})).status_code == 422
    assert (await winner.post("/mine/links", data={"label": "甲厂", "number": theirs["number"]})).status_code == 404
    for shown_one in ("", mine["number"]):
        assert (await winner.post("/mine/links", data={"label": "甲厂", "number": shown_one})).status_code == 303
    page = (await winner.get("/mine")).text
    secrets, ids = re.findall(r"/s/([\w-]{32})", page), re.findall(r"/mine/links/([\w-]{36})/withdraw", page)
    assert len(secrets) == len(ids) == 2
    for secret in secrets:
        shown = await employer.get(f"/s/{secret}")
        assert mine["number"] in shown.text and theirs["number"] not in shown.text and "甲厂" not in shown.text
        assert (await employer.get(f"/s/{secret}/{theirs['number']}.pdf")).status_code == 404
    assert (await other.post(f"/mine/links/{ids[0]}/withdraw")).status_code == 404
    assert (await winner.post(f"/mine/links/{ids[0]}/withdraw")).status_code == 303
    gone, still = [await employer.get(f"/s/{secret}", headers={"accept": "text/html"}) for secret in secrets]
    assert (gone.status_code, still.status_code) == (410, 200) and "收回" in gone.text
    assert mine["content"]["name"] not in gone.text and (await employer.get(f"/s/{'x' * 32}")).status_code == 404
