"""Signing in: what is counted, what is told, how long it lasts, and what a page may not be talked into."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from html import unescape
from http.cookies import SimpleCookie
from uuid import UUID

import pytest

from server.database.tables import Account, OneTimeLogin, Session
from server.errors import Refusal
from server.people import flow
from server.people.http import TLS_COOKIE
from server.people.pages import inside
from tests.admin.test_setup_pages import filled
from tests.server.conftest import Site
from tests.server.small import AT, BASE, account

PASSWORD = "eine lange Parole"


@pytest.fixture
async def login(database: str) -> str:
    """An account with a password."""
    await flow.add_account("zhoumin", "周敏", PASSWORD)
    return "zhoumin"


async def answer(login: str, password: str, at: object = AT) -> str:
    """The code of a try to sign in; `in` when it worked."""
    try:
        await flow.sign_in(login, password, at)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code
    return "in"


async def test_wrong_passwords_are_free_five_times_then_cost_time(login: str) -> None:
    """The sixth try has to wait, each wrong one doubles the wait, and the right password clears the count."""
    assert [await answer(login, "wrong") for _ in range(6)] == ["sign-in.wrong"] * 5 + ["sign-in.wait"]
    assert await answer(login, PASSWORD) == "sign-in.wait"
    later = AT + timedelta(seconds=2)
    assert [await answer(login, "wrong", later), await answer(login, PASSWORD, later + timedelta(seconds=3))] == [
        "sign-in.wrong",
        "sign-in.wait",
    ]
    assert await answer(login, PASSWORD, later + timedelta(seconds=4)) == "in"
    assert await answer(login, "wrong", later + timedelta(seconds=4)) == "sign-in.wrong"
    waits = [flow.wait_after(count) for count in (5, 6, 7, 30)]
    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8), flow.LONGEST_WAIT]


async def test_many_tries_at_once_get_no_more_looks_than_one_after_the_other(login: str) -> None:
    """A hundred passwords sent in the same instant: five are looked at."""
    tries = await asyncio.gather(*(answer(login, f"guess {n}") for n in range(30)))
    assert sorted(tries) == ["sign-in.wait"] * 25 + ["sign-in.wrong"] * 5


async def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(login: str) -> None:
    """The same codes in the same order, so that names cannot be found out by trying; a closed account is no different."""
    await flow.add_account("closed", "已停用", PASSWORD)
    await Account.update({Account.active: False}).where(Account.login == "closed")
    known = [await answer(login, "wrong") for _ in range(7)]
    assert known == [await answer("nobody-at-all", "wrong") for _ in range(7)]
    assert known == [await answer("closed", PASSWORD) for _ in range(7)]


async def test_an_account_without_a_password_cannot_be_entered_with_an_empty_one(database: str) -> None:
    """Judges of a venue have links only; no password, not even an empty one, opens their account."""
    await flow.add_account("judge", "裁判")
    assert await answer("judge", "") == "sign-in.wrong"


async def test_a_link_signs_in_once_and_for_a_day(database: str) -> None:
    """The second use, a use after a day and an invented token are all refused with the same words; the token is not kept."""
    who = await account("裁判")
    first, second = await flow.one_time_login(who, AT), await flow.one_time_login(who, AT)
    assert await flow.actor_of(await flow.sign_in_once(first, AT), AT)
    for token, at in ((first, AT), (second, AT + flow.ONE_TIME), ("invented", AT)):
        with pytest.raises(Refusal, match=r"sign-in\.link-spent"):
            await flow.sign_in_once(token, at)
    kept = [row["id"] for row in await OneTimeLogin.select(OneTimeLogin.id)]
    assert len(kept) == 2 and first.encode() not in kept


async def test_of_two_who_use_a_link_at_once_one_gets_in(database: str) -> None:
    """A link that leaked is used by one of the two; the other learns that it is spent."""
    token = await flow.one_time_login(await account("裁判"), AT)
    tries = await asyncio.gather(*(flow.sign_in_once(token, AT) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, str) for one in tries) == 1 == await Session.count()


async def test_a_session_ends_by_itself_and_when_its_account_is_closed(database: str) -> None:
    """Sixteen hours, not one more; and a closed account holds no session from that moment on."""
    who = await account("裁判")
    token = await flow.open_session(who, AT)
    assert await flow.actor_of(token, AT + flow.SESSION - timedelta(seconds=1))
    assert await flow.actor_of(token, AT + flow.SESSION) is None
    await Account.update({Account.active: False}).where(Account.id == who)
    assert await flow.actor_of(token, AT) is None


async def test_a_password_has_ten_signs(database: str) -> None:
    """A shorter one is refused, and two accounts never share a name."""
    with pytest.raises(Refusal, match=r"account\.short-password"):
        await flow.add_account("a", "甲", "123456789")
    await flow.add_account("a", "甲")
    with pytest.raises(Refusal, match=r"account\.taken"):
        await flow.add_account("a", "乙")


INSIDE = ("/", "/office", "/tablet?lang=en", "/a//b")
OUTSIDE = ("", "office", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example")
TRICKS = (
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\\evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/ok\r\nset-cookie: a=b",
)


@pytest.mark.parametrize("path", INSIDE)
def test_a_way_back_into_the_site_is_followed(path: str) -> None:
    """Who was sent to sign in comes back to where they were going."""
    assert inside(path) == path


@pytest.mark.parametrize("path", [*OUTSIDE, *TRICKS])
def test_a_way_out_of_the_site_is_not(path: str) -> None:
    """Nobody is led to another site by a link to our sign-in page, whatever browsers make of slashes and control signs."""
    assert inside(path) == ""


class TestInTheBrowser:
    """The pages and the JSON API, over HTTP."""

    async def organiser(self, site: Site, login: str) -> UUID:
        """An organiser's account without a password."""
        who = await flow.add_account(login, "周敏")
        await flow.employ(await flow.add_organiser("组委会", "Committee"), who)
        return who

    async def test_the_cookie_of_a_session_is_kept_from_scripts_and_other_sites(self, site: Site) -> None:
        """HttpOnly, SameSite, Secure behind https, and gone after sign-out; the session is over on the server as well."""
        await flow.add_account("cookie", "周敏", PASSWORD)
        visitor = await site.visitor()
        response = await visitor.post("/api/session", json={"login": "cookie", "password": PASSWORD})
        jar = SimpleCookie(response.headers["set-cookie"])
        assert response.status_code == 201 and jar[TLS_COOKIE]["httponly"] and jar[TLS_COOKIE]["secure"]
        assert jar[TLS_COOKIE]["samesite"] == "lax" and jar[TLS_COOKIE]["path"] == "/"
        token = jar[TLS_COOKIE].value
        assert (await visitor.get("/api/session")).json()["name"] == "周敏"
        assert (await visitor.delete("/api/session")).status_code == 200
        visitor.cookies.set(TLS_COOKIE, token)
        assert (await visitor.get("/api/session")).json()["name"] == ""

    async def test_sign_in_page_leads_back_and_never_away(self, site: Site) -> None:
        """A wrong password is told on the page with 401; the right one leads to `next` inside, and home from outside."""
        await flow.add_account("pages", "周敏", PASSWORD)
        visitor = await site.visitor()
        given = {"login": "pages", "password": PASSWORD}
        wrong = await visitor.post("/sign-in", data={**given, "password": "wrong", "next": "/office"})
        assert wrong.status_code == 401 and "账号或密码不对" in wrong.text and PASSWORD not in wrong.text
        for following, led in (("/office", "/office"), ("//evil.example", "/"), ("/\t/evil.example", "/")):
            response = await visitor.post("/sign-in", data={**given, "next": following})
            assert (response.status_code, response.headers["location"]) == (303, led)

    async def test_a_page_that_needs_an_account_leads_to_sign_in_and_back(self, site: Site) -> None:
        """The whole address is kept, query and all, also that of a form which was sent too late; a program is answered with 401."""
        visitor = await site.visitor()
        page = await visitor.get("/office?only=mine&stage=setup", headers={"accept": "text/html"})
        assert page.status_code == 303
        assert page.headers["location"] == "/sign-in?next=/office%3Fonly%3Dmine%26stage%3Dsetup"
        html = {"accept": "text/html", "x-csrf-token": visitor.cookies["podium_csrf"]}
        for form, led in (
            (f"{BASE}/office/new?from=a", "/office/new%3Ffrom%3Da"),
            ("https://evil.example/x", ""),
            ("", ""),
        ):
            files = {"file": ("a.xlsx", b"x")}
            sent = await visitor.post("/office/new", files=files, headers={**html, "referer": form})
            assert sent.headers["location"] == "/sign-in" + (f"?next={led}" if led else "")
        program = await visitor.get("/office")
        assert (program.status_code, program.json()["code"]) == (401, "access.sign-in")

    async def test_a_form_that_was_sent_too_late_waits_until_its_sender_is_back(self, site: Site) -> None:
        """Without any script: the session ends while somebody types. What they typed comes back as text, without passwords, and after
        they signed in is sent by one press; no program and no stranger's page gets such an answer."""
        who = await self.organiser(site, "late")
        visitor = await site.visitor()
        said = {
            "name": '迟到<b>"杯',
            "starts": "2027-05-10",
            "ends": "2027-05-12",
            "host": "甲 & 乙",
            "password": "very secret",
        }
        html = {"accept": "text/html"}
        late = await visitor.post("/office/new?from=a", data=said, headers=html)
        assert late.status_code == 401 and "very secret" not in late.text and "迟到<b>" not in late.text
        kept = filled(late.text, 'action="/office/new?from=a"')
        assert {name: unescape(kept[name]) for name in ("name", "host", "ends")} == {
            name: said[name] for name in ("name", "host", "ends")
        }
        strange = await visitor.post("/office/new", data=said, headers={**html, "x-csrf-token": "guessed"})
        assert strange.status_code == 403 and "迟到" not in strange.text
        assert (await visitor.post("/office/new", data=said)).json()["code"] == "access.sign-in"

        visitor.cookies.set("podium", await flow.open_session(who, datetime.now(UTC)))
        sent = await visitor.post("/office/new?from=a", data={n: unescape(v) for n, v in kept.items()}, headers=html)
        assert sent.status_code == 303 and sent.headers["location"].endswith("/setup"), sent.text

    async def test_of_a_form_with_a_file_the_words_wait_and_the_file_is_chosen_again(self, site: Site) -> None:
        """What was typed beside a file comes back, the file's name with a place to choose it again, and the answer goes the same way."""
        visitor = await site.visitor()
        said, html = {"reason": "甲 & 乙", "empty": ""}, {"accept": "text/html", "referer": f"{BASE}/office/policies"}
        files = [("file", ("方案 <1>.toml", b"x = 1")), ("others", ("a.pdf", b"%PDF")), ("others", ("b.pdf", b"%PDF"))]
        late = await visitor.post("/office/policies?from=a", data=said, files=files, headers=html)
        assert late.status_code == 401 and "方案 &lt;1&gt;.toml" in late.text and "a.pdf, b.pdf" in late.text
        form = late.text.partition('action="/office/policies?from=a"')[2].partition("</form>")[0]
        assert 'enctype="multipart/form-data"' in form and form.count('type="file"') == 2
        kept = filled(late.text, 'action="/office/policies?from=a"')
        assert unescape(kept["reason"]) == said["reason"] and kept["empty"] == "" and "x = 1" not in late.text
        alone = await visitor.post("/office/policies", files=files, headers=html)
        assert (alone.status_code, alone.headers["location"]) == (303, "/sign-in?next=/office/policies")

    async def test_a_link_that_is_only_looked_at_is_not_spent(self, site: Site) -> None:
        """A messenger that previews the link does not use it up; the person's own press does, once."""
        token = await flow.one_time_login(await account("裁判"), datetime.now(UTC))
        visitor = await site.visitor()
        for _ in range(2):
            assert (await visitor.get(f"/sign-in/{token}")).status_code == 200
        assert (await visitor.post(f"/sign-in/{token}")).status_code == 303
        assert (await visitor.post(f"/sign-in/{token}")).status_code == 401

    async def test_a_new_organiser_chooses_a_password_first(self, site: Site) -> None:
        """The first link leads to the password page, which asks for no present password; after that the office opens."""
        who = await self.organiser(site, "first")
        visitor = await site.visitor()
        token = await flow.one_time_login(who, datetime.now(UTC))
        response = await visitor.post(f"/sign-in/{token}")
        assert response.headers["location"] == "/account/password"
        page = await visitor.get("/account/password")
        assert page.status_code == 200 and 'name="password"' not in page.text and 'name="new"' in page.text
        assert 'value="first" readonly' in page.text  # who came by a link has never been told their user name
        response = await visitor.post("/account/password", data={"new": PASSWORD, "again": PASSWORD})
        assert (response.status_code, response.headers["location"]) == (303, "/office")
        again = await site.visitor()
        response = await again.post("/sign-in", data={"login": "first", "password": PASSWORD})
        assert response.headers["location"] == "/office"

    async def test_changing_a_password_needs_the_present_one_and_ends_every_other_session(self, site: Site) -> None:
        """Wrong, different twice, too short: refused on the page and nothing changes. Then this browser stays, others end."""
        who = await flow.add_account("change", "周敏", PASSWORD)
        here, elsewhere = await site.visitor(who), await site.visitor(who)
        new = "another long one"
        for given, status in (
            ({"password": "wrong", "new": new, "again": new}, 401),
            ({"password": PASSWORD, "new": new, "again": "something else"}, 422),
            ({"password": PASSWORD, "new": "short", "again": "short"}, 422),
            ({"new": new, "again": new}, 401),
        ):
            response = await here.post("/account/password", data=given)
            assert response.status_code == status and 'name="new"' in response.text
        assert (
            await here.post("/account/password", data={"password": PASSWORD, "new": new, "again": new})
        ).status_code == 303
        site.app.state.actors._known.clear()
        assert (await here.get("/api/session")).json()["name"] == "周敏"
        assert (await elsewhere.get("/api/session")).json()["name"] == ""
        assert await answer("change", new, datetime.now(UTC)) == "in"
        nobody = await site.visitor()
        assert (await nobody.get("/account/password", headers={"accept": "text/html"})).status_code == 303
