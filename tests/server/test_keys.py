"""API keys: made and withdrawn at the desk, and what a program with one reaches: its scopes, its aspects, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from server.competitions.api_keys import NewKey, holder_of, make_key
from server.database.tables import Account, ApiKey, Decision, Mark, Session
from server.marks import writer as writing
from server.marks.flow import panel_of
from server.results.flow import outcome_of
from tests.server.conftest import Site, Visitor
from tests.server.marks.test_posting import in_ledger, wire
from tests.server.small import BASE, Small, brought, founded, mark, owed_marks, posted

PAGE = {"accept": "text/html"}


@dataclass
class Machine:
    """A program with a key and without cookies."""

    site: Site
    key: str

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.site.app, raise_app_exceptions=False)  # type: ignore[arg-type]
        headers = {"authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            return await http.request(method, path, headers=headers, **more)

    async def answers(self, *posts: dict[str, Any]) -> list[tuple[str, str]]:
        """Status and code of every mark."""
        response = await self.ask("POST", "/api/marks", json=list(posts))
        assert response.status_code == 200, response.text
        return [(one["status"], one.get("code", "")) for one in response.json()["answers"]]


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """An event whose judges may mark."""
    return await brought(await founded(), "marking")


@pytest.fixture(scope="module")
async def office(site: Site, small: Small) -> Visitor:
    """The organiser at the desk."""
    return await site.visitor(small.staff.account)


async def made(office: Visitor, small: Small, name: str, *ticked: str, days: int = 3) -> httpx.Response:
    """The page after the form for a new key was sent."""
    form = {"name": name, "expires": (datetime.now(UTC) + timedelta(days=days)).date().isoformat()}
    form |= dict.fromkeys(ticked, "1")
    return await office.post(f"/office/{small.slug}/setup/keys", data=form, headers=PAGE)


def token_in(page: httpx.Response) -> str:
    """The token that the page shows."""
    (token,) = re.findall(r'value="(podium_[\w-]+)"', page.text)
    return str(token)


@pytest.fixture(scope="module")
async def machine(site: Site, small: Small, office: Visitor) -> Machine:
    """A measuring machine for the one aspect that the panel records once."""
    page = await made(office, small, "测量机", "scope/marks", "aspect/M01/A1.01")
    assert page.status_code == 200, page.text
    return Machine(site, token_in(page))


async def test_a_key_is_shown_once_kept_hashed_and_written_down(
    office: Visitor, small: Small, machine: Machine
) -> None:
    """The token is on the page that made it and nowhere else; the ledger says who made it and what it opens."""
    assert machine.key not in (await office.get(f"/office/{small.slug}/setup/keys", headers=PAGE)).text
    (row,) = await ApiKey.select().output(load_json=True)
    assert machine.key.encode() not in repr(row).encode() and machine.key.endswith(row["hint"])
    told = await Decision.select().where(Decision.kind == "key.made").output(load_json=True).first()
    assert told is not None and told["actor"] == small.staff.account
    assert (told["data"]["key"], told["data"]["aspects"]) == ("测量机", ["M01 A1.01"])
    assert not await Session.exists().where(Session.account == row["account"])
    account = await Account.select(Account.password_hash).where(Account.id == row["account"]).first()
    assert account is not None and account["password_hash"] == ""


@pytest.mark.parametrize(
    ("ticked", "days", "says"),
    [
        (("scope/marks",), 3, "A key that gives marks names its aspects"),
        (("scope/appeals:read", "aspect/M01/A1.01"), 3, "A key that gives marks names its aspects"),
        (("scope/marks", "aspect/M01/B1.01"), 3, "A machine marks only measured aspects"),
        (("scope/marks", "aspect/M09/A1.01"), 3, "A machine marks only measured aspects"),
        (("scope/everything",), 3, "Choose at least one thing"),
        (("scope/setup:read",), 400, "between tomorrow and a year"),
        (("scope/setup:read",), -3, "between tomorrow and a year"),
    ],
)
async def test_the_desk_refuses_keys_that_open_too_much(
    office: Visitor, small: Small, ticked: tuple[str, ...], days: int, says: str
) -> None:
    """Without an aspect, with one that judges judge, without an end: refused, what was typed stays, no key is made."""
    office.cookies.set("lang", "en")
    page = await made(office, small, "试试", *ticked, days=days)
    assert page.status_code == 422 and says in page.text and 'value="试试"' in page.text
    assert not await ApiKey.exists().where(ApiKey.name == "试试")


async def test_a_machine_marks_its_aspect_and_no_other(
    site: Site, small: Small, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own aspect is stored once however often it is sent; another aspect or event is refused mark by mark, the good
    marks of the post are kept, no page's token is asked for, and a full queue says when to come back."""
    event = (await small.event())["id"]
    other = await brought(await founded("elsewhere"), "marking")
    good, judged, elsewhere, unknown = wire(
        mark(event, small.codes[0], "A1.01", 900),
        mark(event, small.codes[0], "B1.01", 500),
        mark((await other.event())["id"], other.codes[0], "A1.01", 900),
        mark(small.staff.account, "W", "A1.01", 1),
    )
    outside = ("refused", "key.outside")
    assert await machine.answers(good, judged, elsewhere, unknown) == [("stored", ""), outside, outside, outside]
    assert await machine.answers(good) == [("duplicate", "")]
    assert await in_ledger(good, judged, elsewhere, unknown) == 1
    (too_much,) = wire(mark(event, small.codes[1], "A1.01", 999_999))
    assert await machine.answers(too_much) == [("refused", "mark.out-of-range")]
    monkeypatch.setattr(writing, "LONGEST_QUEUE", 0)
    busy = await machine.ask("POST", "/api/marks", json=wire(mark(event, small.codes[1], "A1.01", 800)))
    assert (busy.status_code, busy.json()["code"]) == (503, "marks.busy") and int(busy.headers["retry-after"]) > 0


async def test_a_cookie_beside_a_key_lends_it_nothing(
    site: Site, small: Small, office: Visitor, machine: Machine
) -> None:
    """A request with a key is the machine's, even from the organiser's browser; one with a wrong key is nobody's."""
    path = f"/api/competitions/{small.slug}/certificates"
    assert (await office.get(path)).status_code == 200
    refused = await office.get(path, headers={"authorization": f"Bearer {machine.key}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "access.key")
    for shown in ("Bearer podium_nobody-made-this", f"bearer {machine.key}x"):
        wrong = await office.get("/api/session", headers={"authorization": shown})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "key.refused")
    unkeyed = {"authorization": "Basic cG9kaXVtXzp4", "x-csrf-token": ""}
    assert (await office.post(f"/api/competitions/{small.slug}/printing", headers=unkeyed)).status_code == 403


async def test_a_machine_sees_its_sheet_and_nothing_more(small: Small, machine: Machine) -> None:
    """Work codes, the aspects it may mark and their marks; not the panel's other aspects."""
    event = (await small.event())["id"]
    await posted(small, [post for post in owed_marks(small, event) if post.mark.aspect != "A1.01"])
    sheet = await machine.ask("GET", f"/api/competitions/{small.slug}/events/M01/sheets")
    assert sheet.status_code == 200 and "B1.0" not in sheet.text
    assert sorted(sheet.json()["entries"]) == sorted(small.codes)
    assert {row["aspect"] for row in sheet.json()["marks"]} == {"A1.01"}


async def test_a_person_stands_above_a_machine(site: Site, small: Small, machine: Machine) -> None:
    """A judge corrects a machine in the usual way; a machine over a judge is kept beside it, as a conflict. Results count
    a machine's mark as the panel's, and their explanation names the machine."""
    event = await small.event()
    judge = await site.visitor(small.judges[0])
    (first,) = wire(mark(event["id"], small.codes[2], "A1.01", 700))
    (second,) = wire(mark(event["id"], small.codes[2], "A1.01", 710, replaces=first["id"]))
    (third,) = wire(mark(event["id"], small.codes[2], "A1.01", 720, replaces=second["id"]))
    assert await machine.answers(first) == [("stored", "")]
    assert (await judge.post("/api/marks", json=[second])).json()["answers"][0]["status"] == "stored"
    assert await machine.answers(third) == [("conflict", "")]
    (settled,) = wire(mark(event["id"], small.codes[2], "A1.01", 710, replaces=third["id"]))
    assert (await judge.post("/api/marks", json=[settled])).json()["answers"][0]["status"] == "stored"
    rest = [code for code in small.codes if code not in (small.codes[0], small.codes[2])]
    await machine.answers(*wire(*(mark(event["id"], code, "A1.01", 800) for code in rest)))
    of = (await outcome_of(await small.event())).results.of
    told = {code: next(cell for cell in of[code].trace if cell.aspect == "A1.01") for code in small.codes}
    assert (told[small.codes[0]].judges[0], told[small.codes[0]].given[0]) == ("测量机", 900)
    assert (told[small.codes[2]].judges[0], told[small.codes[2]].given[0]) == ("J1", 710)
    row = await Mark.select(Mark.judge).where(Mark.id == first["id"]).first()
    assert row is not None and (await panel_of(event["id"])).name_of(row["judge"]) == "测量机"


async def test_a_withdrawn_key_opens_nothing_at_once(site: Site, small: Small, office: Visitor) -> None:
    """After its withdrawal, and after its last day, a key is refused everywhere; the desk says when it was last used."""
    key = token_in(await made(office, small, "平台", "scope/progress:read"))
    reader, path = Machine(site, key), f"/api/competitions/{small.slug}/events/M01"
    assert (await reader.ask("GET", path)).status_code == 200
    page = (await office.get(f"/office/{small.slug}/setup/keys", headers=PAGE)).text
    assert re.search(r"平台</b>.*?last used", page, re.S)
    (row,) = await ApiKey.select().where(ApiKey.name == "平台")
    gone = await office.post(f"/office/{small.slug}/setup/keys/{row['id']}/withdraw", headers=PAGE)
    assert gone.status_code == 303
    refused = await reader.ask("GET", path)
    assert (refused.status_code, refused.json()["code"]) == (401, "key.refused")
    again = await office.post(f"/office/{small.slug}/setup/keys/{row['id']}/withdraw")
    assert again.status_code == 404
    until = datetime.now(UTC) + timedelta(days=1)
    new = NewKey("一天", frozenset({"setup:read"}), until, {})
    short = await make_key(await small.competition(), new, small.staff, datetime.now(UTC))
    assert await holder_of(short, until - timedelta(seconds=1)) and await holder_of(short, until) is None
