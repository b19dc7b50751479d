"""Posting marks over HTTP: what a tablet is told, and that one tablet's nonsense never costs another one its marks."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

import httpx
import msgspec
import pytest

from server.database.piccolo_conf import DB
from server.database.tables import Mark
from server.errors import Refusal
from server.marks import writer as writing
from server.marks.batch import Post
from server.marks.writer import Writer
from tests.server.conftest import Site, Visitor
from tests.server.small import Small, brought, founded, mark


@pytest.fixture(scope="module")
async def small(site: Site) -> Small:
    """An event whose judges may mark."""
    return await brought(await founded(), "marking")


@pytest.fixture(scope="module")
async def tablet(site: Site, small: Small) -> Visitor:
    """The first judge's tablet."""
    return await site.visitor(small.judges[0])


@pytest.fixture
async def event(small: Small) -> Any:
    """The event's id."""
    return (await small.event())["id"]


def wire(*marks: Any) -> list[dict[str, Any]]:
    """Marks as JSON."""
    return [msgspec.to_builtins(one) for one in marks]


async def in_ledger(*posts: dict[str, Any]) -> int:
    """How many of these posts are in the ledger."""
    return await Mark.count().where(Mark.id.is_in([post["id"] for post in posts])) if posts else 0


async def test_a_mark_is_stored_and_answered(tablet: Visitor, small: Small, event: Any) -> None:
    """The answer names the mark, its place in the chain and its hash."""
    (post,) = wire(mark(event, small.codes[0], "B1.01", 500))
    response = await tablet.post("/api/marks", json=[post])
    (answer,) = response.json()["answers"]
    assert response.status_code == 200 and await in_ledger(post) == 1
    assert (
        (answer["id"], answer["status"]) == (post["id"], "stored")
        and answer["sequence"] > 0
        and len(answer["hash"]) == 64
    )


BAD_SHAPES = {
    "an id that is no ULID": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FA"},
    "an id with a letter that ULIDs have not": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAU"},
    "an id beyond 128 bits": {"id": "81ARZ3NDEKTSV4RRFFQ69G5FAV"},
    "an event that is no id": {"event": "M01"},
    "a value with a point": {"value": 2.5},
    "a field that nobody knows": {"judge": "J1"},
    "a round of zero": {"round": 0},
    "a time without a zone": {"made_at": "2026-10-16T01:00:00"},
    "a time before there was a calendar": {"made_at": "0001-01-01T00:00:00+14:00"},
    "a device with a sign that no database keeps": {"device": "tablet\u0000"},
    "a replaced mark with such a sign": {"replaces": "\u0000"},
    "a work code with such a sign": {"entry": "W-\u000001"},
    "a device that is read backwards": {"device": "T-\u202e1"},
    "a value of forty figures": {"value": 10**39},
    "a value that is a yes": {"value": True},
    "a forged counter": {"counter": 2**63},
    "a counter below nothing": {"counter": -1},
    "a year that no clock shows": {"made_at": "9999-12-31T23:59:59Z"},
    "an id that is a number": {"id": 7},
}


async def test_what_is_no_mark_is_refused_alone(tablet: Visitor, small: Small, event: Any) -> None:
    """A mark of the wrong shape is answered for in its place, with a code and the field; the good ones around it are stored.
    Only a body in which no marks can be told apart is refused whole."""
    good = wire(*(mark(event, small.codes[1], "B1.01", 500) for _ in range(2)))
    (one,) = wire(mark(event, small.codes[1], "A1.01", 500))
    bad = [*({**one, **more} for more in BAD_SHAPES.values()), {"id": one["id"]}, None, [], "x", 7]
    response = await tablet.post("/api/marks", json=[good[0], *bad, good[1]])
    assert response.status_code == 200, response.text
    first, *refused, last = response.json()["answers"]
    assert [first["id"], last["id"]] == [post["id"] for post in good] and await in_ledger(*good) == 2
    assert {(answer["status"], answer["code"]) for answer in refused} == {("refused", "mark.shape")}
    known = dict(zip(BAD_SHAPES, refused, strict=False))
    assert known["a forged counter"]["id"] == one["id"] and "counter" in known["a forged counter"]["zh"]
    two = await tablet.post("/api/marks", json=[{**one, "device": name} for name in ("paper", "correction")])
    assert [answer["code"] for answer in two.json()["answers"]] == ["mark.device"] * 2, "no one person is two"
    assert await in_ledger(one) == 0
    for body in ({"marks": good}, None, 7):
        response = await tablet.post("/api/marks", json=body)
        assert (response.status_code, response.json()["code"]) == (422, "request.invalid"), response.text
    response = await tablet.post("/api/marks", content=b"")
    assert (response.status_code, response.json()["code"]) == (422, "request.invalid"), response.text
    heavy = await tablet.post("/api/marks", json=[{**one, "device": "x" * 1_100_000}])
    assert (heavy.status_code, heavy.json()["code"]) == (413, "http.413"), heavy.text


async def test_codes_carry_no_name_that_stands_for_two_people(
    tablet: Visitor, small: Small, event: Any, site: Site
) -> None:
    """A judge who seals a code by hand cannot have the ledger say that two people stand behind a mark; the mark beside it is stored."""
    judge = await site.visitor(small.judges[1])
    carry = (await judge.get("/api/shift")).json()["carry"]
    named = {"good": "T-1", "typed": "paper", "corrected": "correction"}
    posts = [wire(mark(event, small.codes[2], "A1.01", 500, device=name))[0] for name in named.values()]
    content = {"judge": str(small.judges[1]), "part": 1, "parts": 1, "marks": posts}
    body = json.dumps(content, ensure_ascii=False)
    seal = hmac.new(bytes.fromhex(carry), body.encode(), hashlib.sha256).hexdigest()
    answer = await tablet.post("/api/marks/carried", json={"codes": [f"PODIUM2:{seal}:{body}"]})
    (outcome,) = answer.json()["outcomes"]
    assert [one.get("code", one["status"]) for one in outcome["answers"]] == ["stored", "mark.device", "mark.device"]
    assert [one["id"] for one in outcome["answers"]] == [post["id"] for post in posts]
    assert [await in_ledger(post) for post in posts] == [1, 0, 0]


@pytest.mark.parametrize("path", ["/api/marks", "/api/marks/carried"])
async def test_a_body_nested_beyond_sense_is_no_accident_of_the_server(tablet: Visitor, path: str) -> None:
    """A decoder that gives up on a hundred thousand brackets is answered as a request that nobody understands."""
    headers = {"content-type": "application/json"}
    response = await tablet.post(path, content="[" * 100_000, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "http.400")
    seal = {"codes": ["PODIUM2:é:{}", "PODIUM2:00:" + "[" * 3000]}
    if path.endswith("carried"):
        outcomes = (await tablet.post(path, json=seal)).json()["outcomes"]
        assert [one["code"] for one in outcomes] == ["carried.code"] * 2


@pytest.mark.parametrize("count", [0, 201])
async def test_a_post_has_1_to_200_marks(tablet: Visitor, small: Small, event: Any, count: int) -> None:
    """An empty post and one that is too long are refused with a code; nothing is stored."""
    posts = wire(*(mark(event, small.codes[1], "A1.01", 500) for _ in range(count)))
    response = await tablet.post("/api/marks", json=posts)
    assert (response.status_code, response.json()["code"]) == (422, "marks.how-many")
    assert await in_ledger(*posts) == 0


async def test_a_full_queue_says_when_to_come_back(
    tablet: Visitor, small: Small, event: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When too much waits, a post is refused with 503 and a time to wait; the tablet keeps its marks."""
    monkeypatch.setattr(writing, "LONGEST_QUEUE", 1)
    posts = wire(*(mark(event, small.codes[2], "A1.01", 500) for _ in range(2)))
    response = await tablet.post("/api/marks", json=posts)
    assert (response.status_code, response.json()["code"]) == (503, "marks.busy")
    assert int(response.headers["retry-after"]) > 0 and await in_ledger(*posts) == 0


async def test_a_post_without_the_token_of_the_page_is_refused(tablet: Visitor, small: Small, event: Any) -> None:
    """Another site cannot make a judge's browser post a mark."""
    (post,) = wire(mark(event, small.codes[2], "A1.01", 500))
    response = await tablet.post("/api/marks", json=[post], headers={"x-csrf-token": ""})
    assert response.status_code == 403 and await in_ledger(post) == 0


async def test_a_post_that_the_database_refuses_takes_no_other_one_along(small: Small, event: Any) -> None:
    """Posts of several tablets are committed together; when one of them cannot be stored, the others still are."""
    writer = Writer()
    good = [mark(event, small.codes[3], "B1.02", 200) for _ in range(2)]
    bad = msgspec.structs.replace(good[0], id=str(mark(event, "", "", 0).id), device="\x00")
    posts = [[Post(good[0], small.judges[0])], [Post(bad, small.judges[1])], [Post(good[1], small.judges[2])]]
    waiting = [asyncio.create_task(writer.write(one)) for one in posts]
    await asyncio.sleep(0)
    writer.start()
    first, second, third = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
    await writer.stop()
    assert isinstance(second, Exception)
    assert [answers[0].status for answers in (first, third)] == ["stored", "stored"]  # type: ignore[index]
    assert await Mark.count().where(Mark.id.is_in([one.id for one in good])) == 2


async def test_a_database_that_is_away_for_a_moment_costs_no_mark(
    small: Small, event: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that met a lost connection is sent again whole; the judge is answered once it is stored."""
    failures, real = [OSError("connection lost"), TimeoutError()], writing.store_unlocked

    async def unsteady(*given: Any) -> Any:
        if failures:
            raise failures.pop()
        return await real(*given)

    monkeypatch.setattr(writing, "store_unlocked", unsteady)
    writer = Writer()
    writer.start()
    (answer,) = await writer.write([Post(mark(event, small.codes[4], "B1.02", 200), small.judges[0])])
    await writer.stop()
    assert answer.status == "stored" and not failures


async def test_a_connection_that_the_database_ended_costs_nobody_a_refusal(small: Small, event: Any) -> None:
    """A restart or a failover between two batches ends the connection that the writer keeps: the next batch is stored on a new
    one, and whoever sent it hears nothing but that it is stored."""
    writer = Writer()
    writer.start()
    first, second = (mark(event, small.codes[4], "A1.01", 300), mark(event, small.codes[5], "A1.01", 300))
    await writer.write([Post(first, small.judges[0])])
    assert writer._connection
    await DB.pool.execute("SELECT pg_terminate_backend($1)", writer._connection.get_server_pid())
    await asyncio.sleep(0.1)
    (answer,) = await writer.write([Post(second, small.judges[0])])
    await writer.stop()
    assert answer.status in ("stored", "conflict")


async def test_a_database_that_stays_away_is_told_as_busy(
    small: Small, event: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its patience the writer tells tablets to come back, instead of letting them wait for ever."""

    async def gone(*given: Any) -> Any:
        raise OSError("connection refused")

    monkeypatch.setattr(writing, "store_unlocked", gone)
    monkeypatch.setattr(writing, "PATIENCE", 0.05)
    writer = Writer()
    writer.start()
    with pytest.raises(Refusal, match=r"marks\.busy"):
        await writer.write([Post(mark(event, small.codes[4], "A1.01", 200), small.judges[0])])
    await writer.stop()


async def test_a_sheet_shows_a_judge_only_what_is_theirs(site: Site, small: Small, event: Any) -> None:
    """Work codes, one's own marks and the panel's; never another judge's score."""
    one, two = await site.visitor(small.judges[0]), await site.visitor(small.judges[1])
    code = small.codes[5]
    posts = wire(mark(event, code, "B1.02", 100), mark(event, code, "A1.01", 700))
    assert (await one.post("/api/marks", json=posts)).status_code == 200
    response: httpx.Response = await two.get(f"/api/competitions/{small.slug}/events/M01/sheets")
    seen = {(row["entry"], row["aspect"]) for row in response.json()["marks"]}
    assert (code, "A1.01") in seen and (code, "B1.02") not in seen
    assert response.json()["seat"] == "J2" and sorted(response.json()["entries"]) == sorted(small.codes)
