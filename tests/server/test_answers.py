"""What goes wrong is told in the reader's language, as a page or as data, and never shows the inside."""

from __future__ import annotations

import asyncio
import html
import re
from typing import Any

import pytest

from server.results import http as results
from tests.server.conftest import Site
from tests.server.small import Small, account, brought, founded

CHINESE = re.compile("[\u4e00-\u9fff]")
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """A competition whose judges may mark."""
    return await brought(await founded(), "marking")


def refusals(small: Small) -> dict[str, tuple[str, str, dict[str, Any], int, str]]:
    """What is asked, and the status and code of the answer."""
    api = f"/api/competitions/{small.slug}"
    return {
        "an unknown address": ("GET", "/nowhere", {}, 404, "http.404"),
        "an unknown competition": ("GET", "/api/competitions/none", {}, 404, "not-found"),
        "an unknown event": ("GET", f"{api}/events/Z99", {}, 404, "not-found"),
        "an address used wrongly": ("PUT", "/api/session", {}, 405, "http.405"),
        "a body that is no JSON": ("POST", "/api/session", {"content": b"{", "headers": {"content-type": "application/json"}}, 400, "http.400"),
        "a field of the wrong kind": ("POST", "/api/session", {"json": {"login": 1}}, 422, "request.invalid"),
        "a field that nobody knows": ("POST", "/api/session", {"json": {"user": "x"}}, 422, "request.invalid"),
        "a missing field": ("POST", f"{api}/events", {"json": {"code": "X"}}, 422, "request.invalid"),
        "an event without stations": ("POST", f"{api}/events", {"json": event(stations=0)}, 422, "request.invalid"),
        "an event of teams of nobody": ("POST", f"{api}/events", {"json": event(team_size=0)}, 422, "request.invalid"),
        "an event without judges": ("POST", f"{api}/events", {"json": event(judges=0)}, 422, "request.invalid"),
        "more stations than a hall holds": ("POST", f"{api}/events", {"json": event(stations=10**12)}, 422, "request.invalid"),
        "a code that no address can hold": ("POST", f"{api}/events", {"json": event(code="M/1")}, 422, "event.code"),
        "a code that is taken": ("POST", f"{api}/events", {"json": event(code="M01")}, 409, "event.taken"),
        "a policy that nobody wrote": ("POST", f"{api}/events", {"json": event(policy="none")}, 422, "event.policy"),
        "a NUL in a text": ("POST", f"{api}/events", {"json": event(name="x\x00")}, 422, "event.invalid"),
        "a NUL in an address": ("GET", "/api/verify/%00", {}, 422, "request.invalid"),
        "a scheme that is not shipped": ("POST", f"{api}/events/M01/shipped-scheme", {"json": {"id": "../x"}}, 422, "scheme.unknown"),
        "a door out of order": ("POST", f"{api}/events/M01/steps", {"json": {"into": "final"}}, 409, "pipeline.order"),
        "a post without a token": ("POST", "/api/session", {"json": {}, "headers": {"x-csrf-token": ""}}, 403, "http.403"),
        "a workbook that is none": ("POST", f"{api}/forms", {"files": {"data": ("x.xlsx", b"x")}}, 422, "registration.refused"),
        "a workbook that is too large": ("POST", f"{api}/forms", {"files": {"data": ("x.xlsx", bytes(10_000_001))}}, 413, "workbook.too-large"),
        "a form without a workbook": ("POST", f"{api}/forms", {"files": {"x": (None, "no file")}}, 422, "request.invalid"),
        "a form without a scheme": ("POST", f"{api}/events/M01/scheme", {"files": {"x": (None, "no file")}}, 422, "request.invalid"),
        "a scheme that is none": ("POST", f"{api}/events/M01/scheme", {"files": {"data": ("x.xlsx", b"x")}}, 422, "input.refused"),
        "results before their day": ("GET", f"{api}/events/M01/results", {}, 404, "results.not-public"),
        "a certificate that is not there": ("GET", f"{api}/certificates/PD2026-000001", {}, 404, "not-found"),
    }  # fmt: skip


def event(**changes: Any) -> dict[str, Any]:
    """A new event as JSON."""
    return {
        "code": "N01", "name": "焊接", "name_en": "", "category": "", "division": "职工组", "occupation": "焊工",
        "occupation_code": "6-18-02-04", "policy": "hebei-skills-2025", **changes,
    }  # fmt: skip


NAMES = list(refusals(Small("", None, None)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
async def test_a_program_is_told_the_code_and_the_reason_in_both_languages(site: Site, small: Small, name: str) -> None:
    """A code that stays the same, Chinese that is Chinese, English beside it, a status that fits."""
    method, address, more, status, code = refusals(small)[name]
    response = await (await site.visitor(small.staff.account)).request(method, address, **more)
    said = response.json()
    assert (response.status_code, said["code"]) == (status, code), response.text
    assert (
        CHINESE.search(said["words"]["zh"])
        and said["words"]["en"]
        and not CHINESE.search(said["words"]["en"].split(":")[0])
    )
    assert "Traceback" not in response.text and "site-packages" not in response.text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["an unknown address", "an unknown competition", "an address used wrongly", "a NUL in an address"]
)
async def test_a_person_is_told_on_a_page_in_their_language(site: Site, small: Small, name: str, lang: str) -> None:
    """The same refusals in a browser: a page of the site with the status, in the language that was chosen."""
    method, address, more, status, _ = refusals(small)[name]
    visitor = await site.visitor()
    response = await visitor.request(method, f"{address}?lang={lang}", headers=PAGE, **more)
    assert response.status_code == status and response.headers["content-type"].startswith("text/html")
    assert f'lang="{lang}' in response.text and "Traceback" not in response.text


async def test_a_page_names_every_problem_of_a_file(site: Site, small: Small) -> None:
    """Where a file is refused on a page, its problems stand on it with their mend, and are no markup."""
    scheme = {"files": {"data": ("<b>.xlsx", b"x")}}
    staff, address = await site.visitor(small.staff.account), f"/api/competitions/{small.slug}/events/M01/scheme"
    told = (await staff.post(address, **scheme)).json()["problems"]
    page = (await staff.post(address, headers=PAGE, **scheme)).text
    assert told and all(html.escape(one["words"]["zh"]) in page for one in told) and "<b>." not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_nobody_expected_is_a_number_for_the_log_and_nothing_more(
    site: Site, small: Small, lang: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure of the program: 500, a number, no word of its inside; the log has the number and the rest."""

    async def broken(*given: Any) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(results, "events_listed", broken)
    visitor = await site.visitor()
    address = f"/api/competitions/{small.slug}?lang={lang}"
    data, page = await visitor.get(address), await visitor.get(address, headers=PAGE)
    number = data.json()["code"].removeprefix("unexpected.")
    assert data.status_code == page.status_code == 500 and re.fullmatch("[0-9a-f]{8}", number)
    assert "secret" not in data.text + page.text and "RuntimeError" not in data.text + page.text
    assert number in caplog.text


async def test_every_answer_carries_what_keeps_a_browser_safe(site: Site, small: Small) -> None:
    """Errors as well as pages: no frames, no foreign scripts, no guessing of kinds."""
    visitor = await site.visitor(await account("谁"))
    for address in ("/", "/nowhere", f"/c/{small.slug}", "/api/session"):
        headers = (await visitor.get(address, headers=PAGE)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], address
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("path", "status"), [("/static/%00", 422), ("/static/" + "a" * 9000, 404)])
async def test_an_odd_address_of_a_file_is_refused_and_breaks_nothing(site: Site, path: str, status: int) -> None:
    """What no file system can look up is told apart before it is asked."""
    assert (await (await site.visitor()).get(path)).status_code == status


async def test_a_browser_is_answered_in_the_language_that_it_prefers(site: Site, small: Small) -> None:
    """On a first visit the page speaks what the browser likes best of ours, Chinese where it likes neither; what somebody chose
    comes before that.
    """
    visitor = await site.visitor()
    for accepted, lang in (
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en;q=0.3, zh;q=0.7", "zh-CN"),
        ("en;q=0, *", "zh-CN"),
        ("fr", "zh-CN"),
        ("en;q=nonsense", "zh-CN"),
        ("," * 9999, "zh-CN"),
        ("", "zh-CN"),
    ):
        for path in (f"/c/{small.slug}", "/nowhere"):
            page = await visitor.get(path, headers={**PAGE, "accept-language": accepted})
            assert f'<html lang="{lang}">' in page.text, accepted
    chosen = await visitor.get(f"/c/{small.slug}?lang=zh", headers={**PAGE, "accept-language": "en"})
    assert '<html lang="zh-CN">' in chosen.text
    again = await visitor.get(f"/c/{small.slug}", headers={**PAGE, "accept-language": "en"})
    assert '<html lang="zh-CN">' in again.text


@pytest.mark.parametrize(
    "path", ["/c/{slug}", "/nowhere", "/c/{slug}/live", "/static/base.css", "/office", "/api/competitions/{slug}"]
)
async def test_whoever_asks_for_the_head_gets_what_get_says_without_its_body(
    site: Site, small: Small, path: str
) -> None:
    """HEAD has the status and headers of GET on every address, public or not, and no body; a stream ends with its head."""
    visitor = await site.visitor()
    accept = {"accept": "text/event-stream" if path.endswith("/live") else "text/html"}
    head = await asyncio.wait_for(visitor.request("HEAD", path.format(slug=small.slug), headers=accept), 30)
    assert head.content == b""
    if path.endswith("/live"):
        assert head.headers["content-type"].startswith("text/event-stream")
        return
    got = await visitor.get(path.format(slug=small.slug), headers=accept)
    assert (head.status_code, sorted(head.headers)) == (got.status_code, sorted(got.headers))
    assert head.headers.get("content-length") == got.headers.get("content-length")


async def test_head_changes_nothing_that_a_post_would(site: Site, small: Small) -> None:
    """HEAD is no way around: an address that is posted to only answers as it does to GET."""
    visitor = await site.visitor()
    assert (
        (await visitor.request("HEAD", "/api/marks")).status_code
        == (await visitor.get("/api/marks")).status_code
        == 405
    )


async def test_a_program_is_told_which_field_is_wrong_and_how_long_to_wait(site: Site, small: Small) -> None:
    """A body of fifty fields with one mistake says where it is, in both languages; whoever asks too often is told for how long."""
    visitor = await site.visitor(small.staff.account)
    found = {}
    for body in ({"login": 1}, {"user": "x"}, {"login": None}, []):
        said = (await visitor.post("/api/session", json=body)).json()
        assert all(CHINESE.search(one["words"]["zh"]) and one["mend"]["zh"] for one in said["problems"]), said
        found[str(body)] = [(one["place"].get("key", ""), one["words"]["en"]) for one in said["problems"]]
    parameter = (await visitor.get("/api/policies?limit=0")).json()["problems"][0]
    nothing = (await visitor.post("/api/session", content=b"")).json()
    assert [one[0][0] for one in found.values()] == ["login", "data", "login", "data"]
    assert "user" in found["{'user': 'x'}"][0][1]
    assert parameter["place"] == {"key": "limit"} and "'data'" not in nothing["words"]["en"]
    for _ in range(8):
        waiting = await visitor.post("/api/session", json={"login": "nobody-at-all", "password": "x"})
    assert waiting.status_code == 429 and 0 < int(waiting.headers["retry-after"]) < 1000
    for _ in range(121):
        often = await visitor.get("/api/verify/PD2026-9")
    assert often.status_code == 429 and 0 < int(often.headers["retry-after"]) <= 60
