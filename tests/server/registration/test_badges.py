"""Badges name everybody who comes and nobody who does not; their codes are opaque; plans go to whoever may see them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pypdfium2
import pytest

from admin import badge_files, badge_pages
from server.database.tables import Decision, Delegation, Entry, Person
from server.marks.flow import seat
from server.registration.badges import COMPETITOR, JUDGE, judges_with_badges, mark_of, members_with_badges, token
from tests.server.conftest import Site
from tests.server.draw.ceremonies import PASSPHRASES, held, under_custody
from tests.server.small import DELEGATIONS, SEALER, brought, entered, founded, opened, seated

EN = {"accept-language": "en"}


def text_of(pdf: bytes) -> str:
    assert pdf.startswith(b"%PDF"), pdf[:200]
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


async def test_a_token_is_the_same_each_time_and_says_nothing(database: str) -> None:
    """Printed twice it is the same code; another person's, competition's or judge's is another; no id is in it."""
    small = await founded()
    await opened(small, "registration")
    await entered(small)
    competition = await small.competition()
    first, again = [await members_with_badges(competition["id"], SEALER) for _ in range(2)]
    tokens = [row["token"] for row in first]
    assert tokens == [row["token"] for row in again] and len(set(tokens)) == len(tokens) == len(DELEGATIONS)
    mark = mark_of(competition["id"], SEALER)
    assert all(one.startswith(COMPETITOR + mark) and len(one) == 28 and one.isalnum() for one in tokens)
    member = first[0]["id"]
    assert token(COMPETITOR, competition["series"], member, SEALER)[2:] not in {one[2:] for one in tokens}
    assert token(JUDGE, competition["id"], member, SEALER) not in tokens
    assert mark_of(competition["series"], SEALER) != mark


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "waiting"])
async def test_who_does_not_come_gets_no_badge(database: str, state: str) -> None:
    """An entry that was turned down, taken back or waits is on no sheet; one delegation's sheet has its own only."""
    small = await founded()
    await opened(small, "registration")
    await entered(small)
    competition, event = await small.competition(), await small.event()
    away = (await members_with_badges(competition["id"], SEALER))[0]
    await Entry.update({Entry.state: state}).where(Entry.id == away["entry"])
    left = await members_with_badges(competition["id"], SEALER, event=event["id"])
    assert len(left) == len(DELEGATIONS) - 1 and away["id"] not in {row["id"] for row in left}
    assert await members_with_badges(competition["id"], SEALER, delegation=away["delegation"]) == []


async def test_judges_have_a_code_of_their_own(database: str) -> None:
    """The panel by seat, the chief first, each with a token that is no competitor's."""
    small = await founded()
    await seated(small)
    panel = await judges_with_badges(await small.event(), SEALER)
    assert [(one["number"], one["chief"]) for one in panel] == [(1, True), (2, False), (3, False)]
    assert len({one["token"] for one in panel}) == 3 and all(one["token"].startswith(JUDGE) for one in panel)


async def test_the_sheets_come_out_of_the_office(site: Site) -> None:
    """Badges of an event and of a delegation, of judges, and the plan: linked on the page, and each a PDF of its own."""
    small = await brought(await founded("badges"), "marking")
    office, url = await site.visitor(small.staff.account), "/office/badges"
    page = (await office.get(f"{url}/papers")).text
    own = await Delegation.select(Delegation.id).where(Delegation.name == "唐山市").first()
    assert own
    paths = {name: f"{url}/events/M01/{name}.pdf" for name in ("badges", "judge-badges", "stations")}
    of_delegation = f"{url}/delegations/{own['id']}/badges.pdf"
    assert all(path in page for path in (*paths.values(), of_delegation))
    said = {name: text_of((await office.get(path)).content) for name, path in paths.items()}
    assert "赵 一" in said["badges"] or "赵一" in said["badges"].replace(" ", "")
    assert all(f"M01-00{place}" in said["badges"] and f"M01-00{place}" in said["stations"] for place in range(1, 7))
    assert "裁判长" in said["judge-badges"] and "M01-001" not in said["judge-badges"]
    assert not any(code in said["stations"] for code in small.codes) and "赵" not in said["stations"]
    one = text_of((await office.get(of_delegation)).content)
    assert one.count("唐山市") == 1 and "廊坊市" not in one


async def test_many_badges_are_made_beside_the_program(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a few lead to a page that says how far they are and may be left; the file has everybody in order, whatever it was made
    of; one character that no font draws is named there and nothing stays behind; a renamed competitor is another file."""
    small = await brought(await founded("many"), "registration")
    await entered(small)
    office, url = await site.visitor(small.staff.account), "/office/many/badges"
    monkeypatch.setattr(badge_pages, "AT_ONCE", 5)
    monkeypatch.setattr(badge_files, "AT_A_TIME", 4)
    folder = site.app.state.settings.data / "certificates" / "print-shop"
    shown: list[str] = []
    honest = badge_files.set_cards

    async def one_piece(*given: Any) -> bytes:
        """Somebody looks before each piece."""
        shown.append((await office.get(url, headers=EN)).text)
        return await honest(*given)

    monkeypatch.setattr(badge_files, "set_cards", one_piece)
    sent = await office.get("/office/many/events/M01/badges.pdf")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{url}?event=M01")

    async def made() -> httpx.Response:
        assert "The file is being made" in (await office.get(url, headers=EN)).text
        while site.app.state.binding._tasks:
            await asyncio.sleep(0.02)
        return await office.get(f"{url}.pdf", headers=EN)

    whole = await made()
    assert "4 of 6" in shown[1] and "The file is ready" in (await office.get(url, headers=EN)).text
    said = text_of(whole.content)
    assert [said.count(f"M01-00{place}") for place in range(1, 7)] == [1] * 6
    assert said.index("M01-004") < said.index("M01-005") and [file.suffix for file in folder.glob("*")] == [".pdf"]
    person = (await Person.select(Person.id, Person.name).order_by(Person.name).first()) or {}
    await Person.update({Person.name: "王\U0001f3c6"}).where(Person.id == person["id"])
    assert (await made()).headers["location"] == url
    failed = await office.get(url, headers=EN)
    assert (
        "could not be made" in failed.text
        and "cannot be printed: \U0001f3c6" in failed.text
        and len(list(folder.glob("*"))) == 1
    )
    await Person.update({Person.name: person["name"]}).where(Person.id == person["id"])
    assert (await office.get(f"{url}.pdf", headers=EN)).content == whole.content
    wrong = [await office.get(f"{url}?{of}") for of in ("event=M99", "delegation=x", "event=%00")]
    assert all(400 <= answer.status_code < 500 for answer in wrong)


async def test_an_empty_sheet_is_refused_in_words(site: Site) -> None:
    """Before anybody entered, was seated or was drawn there is nothing to print, and the answer says which."""
    small = await founded("empty")
    office = await site.visitor(small.staff.account)
    codes = {}
    for name in ("badges", "judge-badges", "stations"):
        codes[name] = (await office.get(f"/office/empty/events/M01/{name}.pdf")).json()["code"]
    assert codes == {"badges": "badges.nobody", "judge-badges": "badges.no-panel", "stations": "stations.sealed"}


async def test_whoever_judges_sees_no_plan(site: Site) -> None:
    """Also when they work for the organiser: the call list is kept from them, and so is the plan."""
    small = await founded("both")
    await seated(small, 2)
    await opened(small, "registration")
    await entered(small)
    await opened(small, "drawn")
    assert small.staff.account
    await seat(await small.event(), small.staff.account, False, small.staff, small.at)
    office = await site.visitor(small.staff.account)
    answer = await office.get("/office/both/events/M01/stations.pdf")
    assert (answer.status_code, answer.json()["code"]) == (403, "stations.judge")


async def test_work_codes_on_stations_are_for_a_supervisor_and_are_remembered(site: Site) -> None:
    """The plan with codes names no entry; the organiser's staff do not get it; reading it is in the ledger."""
    small = await brought(await founded("codes"), "marking")
    path = "/office/codes/events/M01/draw/plan"
    supervisor = await site.visitor(small.supervisor.account)
    said = text_of((await supervisor.post(path, data={"layer": "code"})).content)
    assert all(code in said for code in small.codes) and "M01-001" not in said
    assert "M01-001" in text_of((await supervisor.post(path, data={"layer": "station"})).content)
    competition = (await small.competition())["id"]
    where = (Decision.competition == competition) & (Decision.kind == "draw.layer-read")
    assert await Decision.count().where(where) == 2
    office = await site.visitor(small.staff.account)
    refused = await office.post(path, data={"layer": "code"})
    assert refused.status_code == 403 and not any(code in refused.text for code in small.codes)
    assert (await supervisor.post(path, data={"layer": "number"})).status_code == 409


async def test_a_custodian_prints_the_plan_of_their_layer_alone(site: Site) -> None:
    """With the passphrase numbers stand at stations, and no entry; the office's own plan does not exist meanwhile."""
    small, _, custodians = await under_custody("kept")
    await held(small)
    office = await site.visitor(small.staff.account)
    assert (await office.get("/office/kept/events/M01/stations.pdf")).json()["code"] == "stations.sealed"
    path = "/office/kept/events/M01/draw/plan"
    keeper = await site.visitor(custodians["station"].account)
    said = await keeper.post(path, data={"layer": "station", "passphrase": PASSPHRASES["station"]})
    assert "1 号赛位" in text_of(said.content) and "M01-0" not in text_of(said.content)
    wrong = await keeper.post(path, data={"layer": "code", "passphrase": PASSPHRASES["code"]})
    assert wrong.status_code == 403
